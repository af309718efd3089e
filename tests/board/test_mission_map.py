"""The map in a real browser, on the real roads of the Coquimbo case: late, live, by keyboard."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from safepassage.board.people import People
from safepassage.board.room import Room, beside
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.seen import Closure, Movement
from safepassage.scenario.load import load_scenario
from tests.board import mission
from tests.board.serving import served
from tests.board.test_mission_browser import CHROMIUM, PATIENCE, browser, faults, login

__all__ = ["browser"]
CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
COAST = load_scenario(CASE)
NOW = COAST.start + timedelta(hours=7)

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")
pytest.importorskip("osmium", reason="needs the extra `roads`")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = mission.new_place(tmp_path_factory.mktemp("coast"), at=COAST.start - timedelta(hours=12))
    leg = COAST.leg["mar-south-gymnasium"]
    ledger = open_ledger(made)
    gone = Movement(
        what="departed", vehicle="bus-01", place=leg.start, to=leg.end, legs=(leg.id,),
        load={"walking": 40},
    )  # fmt: skip
    mission.write(ledger, gone, at=NOW - timedelta(minutes=4))
    ledger.close()
    return made


@pytest.fixture(scope="module")
def board(place: Place) -> Iterator[str]:
    room = Room(
        place,
        COAST,
        clock=lambda: NOW,
        people=People(beside(place, "people"), hasher=mission.QUICK),
        scenario_path=CASE,
    )
    with served(room) as address:
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser, board: str) -> Iterator[BrowserContext]:
    made = login(browser, board, "Head-1")
    yield made
    made.close()


def test_the_wall_is_there_before_its_roads_and_they_come_by_themselves(
    context: BrowserContext, board: str
) -> None:
    asked: set[str] = set()
    context.on("request", lambda one: asked.add(re.sub(r"^(\w+:/*[^/]*).*", r"\1", one.url)))
    wall = context.new_page()
    wall.goto(board)
    expect(wall.locator("#map svg.map .spot")).to_have_count(len(COAST.places))
    image = wall.locator("#map svg.map image")
    expect(image).to_have_count(1, timeout=PATIENCE * 2)
    drawn = wall.request.get(board + str(image.get_attribute("href")))
    assert drawn.ok
    assert drawn.text().startswith("<svg")
    # The bus is on its stretch, by its last report.
    expect(wall.locator("#map .convoy")).to_have_text("bus-01")
    expect(wall.locator("#map")).to_contain_text("OpenStreetMap contributors")
    assert {one for one in asked if not one.startswith(("data:", "blob:"))} == {board}
    wall.close()


def test_a_closure_is_on_the_map_without_anybody_asking_and_the_view_stays(
    context: BrowserContext, board: str, place: Place
) -> None:
    page = context.new_page()
    page.goto(f"{board}/map")
    page.wait_for_function("Number(document.querySelector('main').dataset.frames) >= 1")
    # In force since 12:00 by the scenario: a crossing of unknown state.
    expect(page.locator("#chart .piece.unknown")).to_have_count(1, timeout=PATIENCE * 2)
    page.focus("#chart")
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    box = "document.querySelector('#chart svg').getAttribute('viewBox')"
    near = page.evaluate(box)
    assert float(near.split()[2]) == pytest.approx(280)
    ledger = open_ledger(place)
    body = Closure(covers=("port-clinic",), state="closed", why="water on the road")
    mission.write(ledger, body, at=NOW)
    ledger.close()
    expect(page.locator("#chart svg.map .leg.closed")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#marks tr.fails")).to_contain_text("✕ closed")
    assert page.evaluate(box) == near
    page.get_by_role("button", name="all of it").click()
    assert page.evaluate(box).split()[2] == "400"
    page.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_map_breaks_no_rule_of_wcag_and_fits_a_phone(
    browser: Browser, board: str, language: str
) -> None:
    context = login(browser, board, "Head-1", language=language)
    page = context.new_page()
    page.goto(f"{board}/map")
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert _fits(page)
    context.close()


def _fits(page: Page) -> bool:
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return bool(wide[0] <= wide[1])
