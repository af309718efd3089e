"""Each sheet holds what its reader needs and no more; words of a scenario stay words."""

import re
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets import write_sheets
from safepassage.report.sheets.call_forward import call_forward
from safepassage.report.sheets.driver import driver_sheet
from safepassage.report.sheets.frame import Printing
from safepassage.report.sheets.go_no_go import go_no_go, go_no_go_of_party
from safepassage.report.sheets.leader import leader_card
from safepassage.report.sheets.manifest import manifest
from safepassage.report.sheets.movement import movements
from safepassage.report.sheets.notification import notification, notifications_for
from safepassage.report.sheets.paper import print_sheets
from safepassage.report.sheets.tally import tally
from safepassage.report.sheets.terms import terms_sheet
from safepassage.report.sheets.words import WORDS
from safepassage.report.sheets.workbook import notification_workbook
from safepassage.report.typeset import plain
from tests.report.sheet_mission import TEXT, mission
from tests.report.sheet_pages import AT, PRINTING, pages, printed, texts_of, words

PLACES = ("Market square", "Old gate", "Mill post", "River bridge", "Westfield hand-over")
PARTIES = ("Northern Council", "Southern Command", "Bridge Guard")
COLOUR_OPERATORS = {"rg", "RG", "sc", "SC", "scn", "SCN"}
NUMBER = re.compile(r"[\d.]+")
CLOCK = re.compile(r"\b\d\d:\d\d\b")


@pytest.fixture(scope="module")
def verified() -> VerifiedPlan:
    return mission()


@pytest.fixture(scope="module")
def cell_pages(
    verified: VerifiedPlan, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """Return the text of each page of the cell's files, by file name."""
    folder = tmp_path_factory.mktemp("cell")
    files = write_sheets(verified, folder, audience="cell", printed_at=AT)
    return {file.name: pages(file) for file in files if file.suffix == ".pdf"}


def _one_of_each(verified: VerifiedPlan, printing: Printing) -> dict[str, bytes]:
    """Return one sheet of every kind, printed."""
    convoy, movement = verified.plan.convoys[0], movements(verified)[0]
    sheets = [
        driver_sheet(verified, "ambulance-01", printing),
        leader_card(verified, convoy, printing),
        manifest(verified, movement, printing),
        tally(verified, "mill", printing),
        call_forward(verified, "market", printing)[0],
        terms_sheet(verified, "market", printing),
        go_no_go(verified, movement, printing),
        go_no_go_of_party(verified, "south", printing),
        notification(verified, movement, printing),
        *notifications_for(verified, "south", printing)[:1],
    ]
    return {sheet.name: print_sheets([sheet], at=printing.at) for sheet in sheets}


def _times(text: str) -> set[str]:
    """Return the times of day in a text, those of the frame (printed, zone) left out."""
    return set(CLOCK.findall(text)) - {"08:05", "02:00"}


@pytest.mark.parametrize("vehicle", ["bus-01", "ambulance-10"])
def test_a_driver_sheet_names_no_other_vehicle_no_post_and_no_party(
    verified: VerifiedPlan, vehicle: str
) -> None:
    sheet = driver_sheet(verified, vehicle, PRINTING)
    both = printed(sheet) + " ".join(texts_of(sheet))
    others = {trip.vehicle for trip in verified.plan.trips if trip.vehicle} - {vehicle}
    assert not [name for name in others if name in both]
    assert not [name for name in (*PARTIES, *PLACES[1:4]) if name in both]
    # Seats and people of its own only: a convoy of 1040 is nowhere on it.
    assert "1040" not in both


def test_a_leader_card_holds_no_other_convoy(verified: VerifiedPlan) -> None:
    sheet = leader_card(verified, verified.plan.convoys[2], PRINTING)
    assert verified.plan.convoys[2].id == "C3"
    assert not texts_of(sheet) & {"C1", "C2", "C4", "C5"}
    assert not re.search(r"\bC[1245]\b", printed(sheet))


def test_a_call_forward_list_holds_no_other_convoy_no_post_and_no_party(
    verified: VerifiedPlan,
) -> None:
    for number, sheet in zip((1, 3, 5), call_forward(verified, "market", PRINTING), strict=True):
        text = printed(sheet)
        assert set(re.findall(r"\bC[1-5]\b", text)) == {f"C{number}"}
        assert not [name for name in (*PLACES[1:], *PARTIES) if name in text]


@pytest.mark.parametrize("post", ["gate", "mill", "bridge"])
def test_a_tally_holds_its_own_post_and_neither_times_nor_convoys_nor_people(
    verified: VerifiedPlan, post: str
) -> None:
    sheet = tally(verified, post, PRINTING)
    both = printed(sheet) + " ".join(texts_of(sheet))
    own = verified.scenario.place[post].name()
    assert own in both
    assert not [name for name in (*PLACES, *PARTIES) if name != own and name in both]
    assert not _times(both)
    assert not re.search(r"\bC[1-5]\b", both)
    assert "1040" not in both


@pytest.mark.parametrize(
    ("party", "name", "own"),
    [
        ("north", "Northern Council", {"Market square", "Old gate"}),
        ("south", "Southern Command", {"Old gate", "Mill post", "River bridge"}),
        ("bridge-guard", "Bridge Guard", {"River bridge"}),
    ],
)
def test_a_party_reads_of_no_other_party_and_of_no_place_that_is_not_its_own(
    verified: VerifiedPlan, party: str, name: str, own: set[str]
) -> None:
    notices = notifications_for(verified, party, PRINTING)
    form = go_no_go_of_party(verified, party, PRINTING)
    both = printed(*notices, form) + " ".join(set().union(*map(texts_of, [*notices, form])))
    assert {place for place in PLACES if place in both} == own
    assert {one for one in PARTIES if one in both} == {name}
    assert not _times(printed(form))


def test_the_public_gets_no_sheet_and_no_folder(verified: VerifiedPlan, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert write_sheets(verified, folder, audience="public", printed_at=AT) == ()
    assert not folder.exists() or not list(folder.iterdir())


def test_a_crew_gets_a_file_a_reader_and_no_form_nor_notification(
    verified: VerifiedPlan, tmp_path: Path
) -> None:
    files = write_sheets(verified, tmp_path, audience="crew", printed_at=AT)
    names = {file.name for file in files}
    assert {file.name for file in tmp_path.iterdir()} == names
    # 30 drivers, 5 leaders, 3 loaded convoys, 3 posts, a list for each of 3 calls, the terms.
    assert len(names) == 30 + 5 + 3 + 3 + 3 + 1
    assert {"driver-bus-01.pdf", "convoy-C1-leader.pdf", "post-mill-tally.pdf"} <= names
    assert not [name for name in names if "go-no-go" in name or "notification" in name]
    bus = words(tmp_path / "driver-bus-20.pdf")
    assert "bus-20" in bus
    assert "bus-19" not in bus


def test_each_party_gets_a_folder_with_its_notification_and_its_form_and_nothing_else(
    verified: VerifiedPlan, tmp_path: Path
) -> None:
    files = write_sheets(verified, tmp_path, audience="party", printed_at=AT)
    assert {file.relative_to(tmp_path).as_posix() for file in files} == {
        f"party-{party}/{sheet}"
        for party in ("north", "south", "bridge-guard")
        for sheet in ("notification.pdf", "notification.xlsx", "go-no-go.pdf")
    }


def test_a_drill_is_marked_on_every_page_of_every_sheet(verified: VerifiedPlan) -> None:
    for name, pdf in _one_of_each(verified, Printing(AT, "DRILL")).items():
        for number, page in enumerate(pages(pdf), start=1):
            assert "DRILL, NOT REAL" in page, (name, number)
            assert "MODE: PLAN" not in page, (name, number)
    sheet = notification(verified, movements(verified)[0], Printing(AT, "DRILL"))
    for page in load_workbook(BytesIO(notification_workbook([sheet], at=AT))).worksheets:
        assert "DRILL" in str(page.cell(1, 1).value)


def test_every_page_bears_the_band_the_plan_and_its_number_of_its_own_sheet(
    verified: VerifiedPlan, cell_pages: dict[str, list[str]]
) -> None:
    code = f"{verified.plan_hash[:4]}-{verified.plan_hash[4:8]}".upper()
    for name, texts in cell_pages.items():
        left = 0
        for page in texts:
            assert "PLAN, NOT A CLEARANCE" in page
            assert code in page
            assert "Printed Thu 15 Dec 2016 08:05 UTC+02:00" in page
            found = re.search(r"page (\d+) of (\d+)", page)
            assert found, (name, page[-80:])
            number, last = int(found[1]), int(found[2])
            if left == 0:
                assert number == 1, name
                left = last
            assert number == last - left + 1, name
            left -= 1
        assert left == 0, name


def test_the_forms_of_a_convoy_of_thirty_vehicles_fit_the_pages_they_are_made_for(
    cell_pages: dict[str, list[str]],
) -> None:
    # One page a driver, a manifest, a tally, a notification; two sides a leader's card, a form.
    assert {name: len(texts) for name, texts in cell_pages.items()} == {
        "drivers.pdf": 30,
        "leaders.pdf": 5 * 2,
        "manifests.pdf": 3,
        "tallies.pdf": 3,
        "call-forward.pdf": 1 + 2 + 1,
        "terms.pdf": 1,
        "go-no-go.pdf": 5 * 2,
        "notification.pdf": 5,
    }


def test_no_print_is_smaller_than_eleven_points_and_no_ink_has_a_colour(
    verified: VerifiedPlan,
) -> None:
    for name, pdf in _one_of_each(verified, Printing(AT, "DRILL")).items():
        sizes: set[float] = set()

        def note(text: str, cm: list[float], tm: list[float], _font: object, size: float,
                 sizes: set[float] = sizes) -> None:  # fmt: skip
            if text.strip():
                sizes.add(round(abs(size * tm[3] * cm[3]), 2))

        for page in PdfReader(BytesIO(pdf)).pages:
            page.extract_text(visitor_text=note)
            content = page.get_contents()
            assert content is not None
            operators = content.get_data().decode("latin-1").split()
            for index, operator in enumerate(operators):
                shade = operators[max(0, index - 3) : index]
                if operator in COLOUR_OPERATORS and all(NUMBER.fullmatch(one) for one in shade):
                    assert len(set(shade)) == 1, (name, shade)
        assert sizes, name
        assert min(sizes) >= 10.99, (name, sorted(sizes))


HOSTILE = '#panic("x") *b* $x^2$ `c` @ref <l> \\\\ // /* = head #{1+1}'


def test_names_of_a_scenario_never_become_code() -> None:
    text = TEXT.replace('"Market square"', f"'{HOSTILE}'").replace(
        '"Northern Council"', "'=HYPERLINK(\"x\")'"
    )
    verified = mission(text)
    for name, pdf in _one_of_each(verified, PRINTING).items():
        # A long name breaks over lines, so spaces do not count here.
        squeezed = words(pdf).replace(" ", "")
        held = "tally" not in name and "south" not in name
        assert (HOSTILE.replace(" ", "") in squeezed) == held, name


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=40))
def test_any_name_of_a_place_can_be_printed(name: str) -> None:
    verified = mission()
    places = tuple(
        replace(one, names={"en": name, "ar": name}) if one.id == "market" else one
        for one in verified.scenario.places
    )
    object.__setattr__(verified, "scenario", replace(verified.scenario, places=places))
    assert print_sheets([terms_sheet(verified, "market", PRINTING)], at=AT).startswith(b"%PDF")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_a_name_like_a_formula_is_inert_in_the_workbook(verified: VerifiedPlan, start: str) -> None:
    movement = movements(verified)[0]
    sheet = notification(verified, movement, PRINTING)
    named = replace(
        sheet, frame=replace(sheet.frame, mission=replace(sheet.frame.mission, en=start))
    )
    content = notification_workbook([named], at=AT)
    book = load_workbook(BytesIO(content))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    found = [cell for cell in cells if cell.value == plain(start)]
    assert found
    for cell in cells:
        assert cell.data_type in {"s", "n"}, cell.coordinate
        assert cell.value is None or cell.quotePrefix, cell.coordinate
    inside = ZipFile(BytesIO(content))
    for name in inside.namelist():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in inside.read(name)


def test_the_workbook_has_an_arabic_page_from_right_to_left_and_an_empty_contact(
    verified: VerifiedPlan,
) -> None:
    sheets = [notification(verified, one, PRINTING) for one in movements(verified)]
    book = load_workbook(BytesIO(notification_workbook(sheets, at=AT)))
    english, arabic = book.worksheets
    assert not english.sheet_view.rightToLeft
    assert arabic.sheet_view.rightToLeft
    rows = list(english.iter_rows(values_only=True))
    head = next(index for index, row in enumerate(rows) if row[0] == "Convoy")
    assert rows[head] == (
        "Convoy", "Place", "Time", "Route", "Identity", "Window", "Contact", "Expiry",
    )  # fmt: skip
    table = rows[head + 1 :]
    assert [row[0] for row in table] == ["C1", "C2", "C3", "C4", "C5"]
    assert all(row[6] in {None, ""} for row in table)
    assert table[0][7] == "Thu 15 Dec 2016 11:36 UTC+02:00"


def test_printing_without_a_zone_is_refused_and_writes_nothing(
    verified: VerifiedPlan, tmp_path: Path
) -> None:
    bare = datetime(2016, 12, 15, 8, 5)  # noqa: DTZ001 - the fault under test
    with pytest.raises(ValueError, match=r"no zone, want one, e\.g\. \+02:00"):
        write_sheets(verified, tmp_path / "out", audience="cell", printed_at=bare)
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="no zone"):
        Printing(bare)


def test_an_id_with_a_slash_stays_inside_the_folder(verified: VerifiedPlan, tmp_path: Path) -> None:
    convoys = tuple(replace(one, id=f"../{one.id}") for one in verified.plan.convoys)
    trips = tuple(replace(one, convoy=f"../{one.convoy}") for one in verified.plan.trips)
    moved = mission()
    object.__setattr__(moved, "plan", replace(moved.plan, convoys=convoys, trips=trips))
    files = write_sheets(moved, tmp_path / "out", audience="crew", printed_at=AT)
    assert {file.parent for file in files} == {tmp_path / "out"}
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_the_old_sheets_whole(
    verified: VerifiedPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "party-south" / "go-no-go.pdf"
    old.parent.mkdir()
    old.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safepassage.report.typeset.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_sheets(verified, tmp_path, audience="party", printed_at=AT)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [old]
    assert old.read_bytes() == b"old"


def test_every_label_has_english_and_arabic_with_latin_digits_only() -> None:
    for key, (english, arabic) in WORDS.items():
        assert english.strip(), key
        assert re.search("[\u0600-\u06ff]", arabic), key
        assert not re.search("[\u0660-\u0669\u06f0-\u06f9]", arabic), key


def test_every_kind_of_sheet_passes_the_checks_of_typst_for_pdf_ua(
    verified: VerifiedPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With this standard typst refuses a picture without words, a document without a title.
    strict = partial(typst.compile, pdf_standards="ua-1")
    monkeypatch.setattr("typst.compile", strict)
    made = _one_of_each(verified, PRINTING)
    assert len(made) == 10
    assert all(pdf.startswith(b"%PDF") for pdf in made.values())


def test_the_word_safe_and_emblems_are_nowhere(verified: VerifiedPlan) -> None:
    for english, arabic in WORDS.values():
        assert "safe" not in english.lower()
        assert "آمن" not in arabic
    for name, pdf in _one_of_each(verified, PRINTING).items():
        # No picture in a PDF but the QR, which is drawn as lines, not as an image.
        assert not [image for page in PdfReader(BytesIO(pdf)).pages for image in page.images], name
        assert not re.search("[\u2626\u262a\u2719\u271a\u2720]", words(pdf)), name
