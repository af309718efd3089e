"""The odds in a real browser: every chart fits its page, from a small phone to a wide screen."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from safepassage.report.compose import document_for
from safepassage.report.html import html_of
from safepassage.report.material import Material
from tests.report.handmade import verified
from tests.report.odds import rehearsal
from tests.report.test_known_report_numbers import MADE_AT

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium on the path")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    material = Material(verified(), MADE_AT, "0.1.0", rehearsal=rehearsal())
    path = tmp_path_factory.mktemp("odds") / "report.html"
    path.write_text(html_of(document_for(material, "cell"), audience="cell"), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_every_chart_of_the_odds_fits_and_nothing_is_asked_of_the_network(
    browser: Any, page_file: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [page_file.as_uri()]
    shown = page.locator("#rehearsal figure svg:visible")
    # Seven charts, each in the one width that the page has room for; the keys are small pictures.
    boxes = [one.bounding_box() for one in shown.all()]
    charts = [box for box in boxes if box["width"] > 100]
    assert len(charts) == 7
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in charts)
    page.close()


@pytest.mark.parametrize("width", [720, 350])
def test_no_word_of_a_chart_of_the_odds_leaves_its_picture(
    browser: Any, page_file: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width + 100 if width > 500 else 390, "height": 900})
    page.goto(page_file.as_uri())
    outside = page.evaluate(
        """() => [...document.querySelectorAll('#rehearsal figure svg')]
            .filter(svg => svg.getBoundingClientRect().width > 100)
            .flatMap(svg => { const box = svg.getBoundingClientRect();
                return [...svg.querySelectorAll('text')].filter(word => {
                    const at = word.getBoundingClientRect();
                    return at.left < box.left - 1 || at.right > box.right + 1
                        || at.top < box.top - 1 || at.bottom > box.bottom + 1; })
                    .map(word => word.textContent); })"""
    )
    assert outside == []
    page.close()
