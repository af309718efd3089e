"""The pages: one file, nothing fetched, readable by anybody, marked on every page."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from safepassage.report.audience import AUDIENCES, Audience
from safepassage.report.compose import document_for
from safepassage.report.document import Chart
from safepassage.report.drawing import text_width
from safepassage.report.html import html_of
from safepassage.report.material import Material
from safepassage.report.pdf import pdf_of
from tests.report.handmade import scenario, verified
from tests.report.test_known_report_numbers import MADE_AT, plain

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "rect", "path", "circle", "line"})
FETCHING = frozenset(
    {"script", "link", "iframe", "img", "object", "embed", "video", "audio", "base"}
)
CSS = Path(__file__).parents[2] / "src/safepassage/report/templates/report.css"


class Outline(HTMLParser):
    """Reads a page: which elements, in which order, well nested."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.starts.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.starts.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.words.append(data)


def material() -> Material:
    return Material(verified(), MADE_AT, "0.1.0", baseline=verified(7, 12))


def page_of(audience: Audience = "cell") -> str:
    return html_of(document_for(material(), audience), audience=audience)


def outline_of(page: str) -> Outline:
    outline = Outline()
    outline.feed(page)
    outline.close()
    return outline


@pytest.fixture(scope="module")
def page() -> str:
    return page_of()


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return outline_of(page)


@pytest.fixture(scope="module")
def pdf() -> list[str]:
    paper = pdf_of(document_for(material(), "cell"), at=MADE_AT)
    return [plain(one.extract_text()) for one in PdfReader(BytesIO(paper)).pages]


def test_the_page_is_well_nested_and_every_id_is_its_own(outline: Outline) -> None:
    assert outline.faults == []
    assert outline.open == []
    ids = [attrs["id"] for _, attrs in outline.starts if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_page_fetches_nothing_and_runs_no_script(page: str, outline: Outline) -> None:
    assert not FETCHING & {tag for tag, _ in outline.starts}
    for tag, attrs in outline.starts:
        for name, value in attrs.items():
            if name in {"src", "href", "action", "srcset", "poster"}:
                assert (value or "").startswith("#"), (tag, name, value)
            assert not name.startswith("on"), (tag, name)
    style = page.split("<style>")[1].split("</style>", maxsplit=1)[0]
    assert "@import" not in style
    assert "http" not in style
    assert set(re.findall(r"url\((#?)", page)) <= {"#"}


def test_every_chart_is_followed_by_its_table(outline: Outline) -> None:
    order = [tag for tag, _ in outline.starts if tag in {"figure", "table", "section"}]
    figures = [index for index, tag in enumerate(order) if tag == "figure"]
    assert len(figures) == 5
    assert all(order[index + 1] == "table" for index in figures)


def test_a_chart_cannot_be_made_without_a_table() -> None:
    with pytest.raises(TypeError, match="table"):
        Chart("c", "t", "d", (), ())  # type: ignore[call-arg]


def test_tables_have_captions_and_their_headings_say_what_they_head(outline: Outline) -> None:
    tags = [tag for tag, _ in outline.starts]
    assert tags.count("caption") == tags.count("table") > 10
    assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in outline.starts if tag == "th")


def test_the_page_has_landmarks_one_title_and_headings_in_order(outline: Outline) -> None:
    tags = [tag for tag, _ in outline.starts]
    for landmark in ("header", "nav", "main", "footer", "h1"):
        assert tags.count(landmark) == 1, landmark
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert ("html", {"lang": "en", "dir": "ltr"}) in outline.starts


def test_arabic_names_are_isolated_and_say_their_language_and_direction(
    page: str, outline: Outline
) -> None:
    arabic = [a for t, a in outline.starts if t == "bdi" and a.get("lang") == "ar"]
    assert arabic
    assert all(one.get("dir") == "rtl" for one in arabic)
    outside = re.sub(r"<(bdi|text)\b[^>]*lang=\"ar\"[^>]*>[^<]*</\1>", "", page)
    assert not re.search(r"[\u0600-\u06ff]", outside)


def test_every_audience_is_told_that_a_plan_is_not_a_clearance() -> None:
    for audience in AUDIENCES:
        assert "PLAN, NOT A CLEARANCE" in " ".join(outline_of(page_of(audience)).words)


def test_the_word_for_what_nobody_can_promise_is_never_used(pdf: list[str]) -> None:
    for audience in AUDIENCES:
        words = " ".join(outline_of(page_of(audience)).words)
        assert not re.search(r"\bsafe(ly|ty|r|st)?\b", words, re.IGNORECASE), audience
    assert not re.search(r"\bsafe(ly|ty|r|st)?\b", " ".join(pdf), re.IGNORECASE)


def test_words_of_a_scenario_stay_words_in_the_page() -> None:
    hostile = '<script>alert(1)</script> "quoted" & {{ 7*7 }} #panic() \u202e'
    case = replace(scenario(), name=hostile)
    document = document_for(Material(verified(of=case), MADE_AT, "0.1.0"), "cell")
    made = html_of(document, audience="cell")
    assert "<script" not in made
    assert "{{ 7*7 }}" in made
    assert "49" not in made.split("<h1>")[1].split("</h1>")[0]
    assert "\u202e" not in made
    text = PdfReader(BytesIO(pdf_of(document, at=MADE_AT))).pages[0].extract_text()
    assert "#panic()" in text


def test_every_page_of_the_pdf_says_what_it_is_which_plan_and_its_number(pdf: list[str]) -> None:
    digest = verified().plan_hash[:12]
    for number, words in enumerate(pdf, start=1):
        assert "PLAN, NOT A CLEARANCE" in words
        assert digest in words
        assert f"page {number} of {len(pdf)}" in words
        assert "made Thu 15 Dec 2016, 07:12 (UTC+02:00)" in words
        assert "No consent recorded" in words


def test_the_pdf_holds_the_numbers_of_the_answer_in_the_order_of_the_report(
    pdf: list[str],
) -> None:
    words = " ".join(pdf)
    order = [
        "Who has arrived, if it stops",
        "9,360 people",
        "On the road at the worst moment",
        "Still inside, and those who stay",
        "40 to 41,040",
        "What the first convoy carries",
        "The gain over fill and send",
        "+4,880",
        "At most 61 more with these inputs.",
        "assumes that nothing slips",
        "Timetable: Western corridor",
        "What each vehicle does",
        "Strip map: Western corridor",
        "Left behind, and why",
        "What it rests on",
        "What is agreed and what is open",
        "Where this comes from",
    ]
    places = [words.index(one) for one in order]
    assert places == sorted(places)


def test_both_forms_hold_the_same_tables(pdf: list[str]) -> None:
    words = re.sub(r"\s+", "", " ".join(pdf))
    for table in document_for(material(), "cell").tables():
        assert re.sub(r"\s+", "", table.caption) in words


def test_a_chart_its_title_and_the_head_of_its_table_share_a_page(pdf: list[str]) -> None:
    pages = [re.sub(r"\s+", "", one) for one in pdf]
    charts = document_for(material(), "cell").charts()
    assert len(charts) >= 4
    for chart in charts:
        title, caption, head = (
            re.sub(r"\s+", "", one)
            for one in (chart.title, chart.table.caption, chart.table.columns[0].heading)
        )
        assert any(title in one and f"{caption}{head}" in one for one in pages), chart.title


def test_only_dejavu_fonts_are_in_the_pdf() -> None:
    paper = pdf_of(document_for(material(), "cell"), at=MADE_AT)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(paper)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all("DejaVu" in name for name in fonts)


def test_the_same_report_at_the_same_time_is_the_same_to_the_byte() -> None:
    document = document_for(material(), "cell")
    assert pdf_of(document, at=MADE_AT) == pdf_of(document, at=MADE_AT)
    assert page_of() == page_of()


def test_the_pdf_passes_the_checks_of_pdf_ua_that_typst_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Title, language, headings in order, words for each picture, tables with their heads.
    compile_plain: Any = typst.compile

    def compile_checked(*given: Any, **named: Any) -> Any:
        return compile_plain(*given, **named, pdf_standards=["ua-1"])

    monkeypatch.setattr(typst, "compile", compile_checked)
    for audience in AUDIENCES:
        assert pdf_of(document_for(material(), audience), at=MADE_AT).startswith(b"%PDF")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_colours_have_the_contrast_of_wcag_aa_on_paper() -> None:
    css = CSS.read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    for name in ("ink", "soft", "blue", "amber"):
        ratio = 1.05 / (luminance(colours[name]) + 0.05)
        assert ratio >= 4.5, (name, ratio)
    # Words in charts, too: every fill of a text is one of these inks or the paper of its rim.
    fills = set(re.findall(r'<text [^>]*fill="(#[0-9a-f]{6})"', page_of())) - {"#ffffff"}
    for colour in fills:
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


WORDS = re.compile(
    r'<text x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)<'
)


@pytest.mark.parametrize("hours", [24, 24 * 3])
def test_no_words_of_a_chart_leave_their_picture(hours: int) -> None:
    case = scenario(horizon_hours=hours)
    document = document_for(Material(verified(of=case), MADE_AT, "0.1.0"), "cell")
    pictures = [p for chart in document.charts() for p in (*chart.wide, *chart.narrow)]
    assert len(pictures) >= 10
    for picture in pictures:
        box = re.search(r'viewBox="0 0 (\d+) (\d+)"', picture)
        assert box is not None
        width, height = float(box[1]), float(box[2])
        found = WORDS.findall(picture)
        assert found
        for x, y, size, anchor, words in found:
            long = text_width(words, float(size))
            begins = float(x) - {"start": 0, "middle": long / 2, "end": long}[anchor]
            assert begins >= -3, words
            assert begins + long <= width + 3, words
            assert float(size) <= float(y) + 2, words
            assert float(y) <= height, words


def test_letters_of_charts_are_never_smaller_than_nine_on_a_phone_or_paper() -> None:
    sizes = {float(one) for one in re.findall(r'font-size="([\d.]+)"', page_of())}
    assert min(sizes) >= 9.5
