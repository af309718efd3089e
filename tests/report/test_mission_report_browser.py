"""The page in a real browser: nothing is asked of the network, nothing runs off to the side."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from pypdf import PdfReader

from safepassage.report.compose import document_for
from safepassage.report.document import Number, Numbers, Section
from safepassage.report.html import html_of
from safepassage.report.material import Material
from tests.report.handmade import verified
from tests.report.test_known_report_numbers import MADE_AT

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium on the path")
    with playwright.sync_playwright() as started:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update"]  # fmt: skip
        opened = started.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    document = document_for(
        Material(verified(), MADE_AT, "0.1.0", baseline=verified(7, 12)), "cell"
    )
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html_of(document, audience="cell"), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_the_page_fits_its_width_and_asks_nothing_of_the_network(
    browser: Any, page_file: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [page_file.as_uri()]
    page.close()


@pytest.mark.parametrize("width", [1280, 1000, 768, 720, 390, 320])
def test_no_big_number_reaches_the_next_tile(browser: Any, tmp_path: Path, width: int) -> None:
    document = document_for(Material(verified(), MADE_AT, "0.1.0"), "cell")
    tiles = tuple(Number("41,218", f"arrived by {hours} h") for hours in (2, 4, 8, 24, 30))
    section = Section("arrived", "Five tiles", (Numbers(tiles),))
    path = tmp_path / "report.html"
    path.write_text(html_of(replace(document, sections=(section,)), audience="cell"), "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    over = page.locator(".numbers .figure").evaluate_all(
        "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    assert len(over) == 5
    assert max(over) <= 0
    page.close()


@pytest.mark.parametrize(("width", "shown"), [(1280, "wide"), (390, "narrow")])
def test_each_chart_is_shown_once_in_the_form_that_fits(
    browser: Any, page_file: Path, width: int, shown: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(page_file.as_uri())
    for form in ("wide", "narrow"):
        visible = page.locator(f"figure .{form}").evaluate_all(
            "all => all.map(one => getComputedStyle(one).display !== 'none')"
        )
        assert visible
        assert all(one == (form == shown) for one in visible)
    page.close()


def test_the_first_numbers_stand_on_the_first_screen_of_a_laptop(
    browser: Any, page_file: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(page_file.as_uri())
    bottom = page.locator("#arrived .numbers").bounding_box()
    assert bottom["y"] + bottom["height"] <= 800
    page.close()


def test_it_prints_on_a4_with_its_band_and_page_numbers(
    browser: Any, page_file: Path, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.pdf(path=tmp_path / "p.pdf", prefer_css_page_size=True, print_background=False)
    pages = PdfReader(tmp_path / "p.pdf").pages
    for number, one in enumerate(pages, start=1):
        width, height = (float(side) for side in one.mediabox[2:])
        assert (round(width), round(height)) in {(595, 842), (594, 842), (596, 842), (595, 841)}
        words = one.extract_text().replace("\u00a0", " ")
        assert "PLAN, NOT A CLEARANCE" in words
        assert f"page {number} of {len(pages)}" in words
    page.close()
