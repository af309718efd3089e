"""The wall as it is read: on one screen, large enough from four metres, nothing over the edge."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from safepassage.board.pages import QUICK, WAYS
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.seen import Movement
from tests.board import mission
from tests.board.serving import served
from tests.board.test_mission_browser import CHROMIUM, browser, login
from tests.ledger.writing import clock

__all__ = ["browser"]
pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")
SCREEN_MM = 1218.0
"""Width of a television of 55 inches, 16 by 9."""
CAPITAL = 0.72
"""Height of a capital letter by the size of its type (DejaVu Sans 0.729, Noto Sans 0.714)."""
FAR_MM = 4000.0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = mission.new_place(tmp_path_factory.mktemp("wall"))
    mission.afternoon(made)
    ledger = open_ledger(made)
    held = Movement(what="held", convoy=mission.convoys()[1], water_hours=1)
    mission.write(ledger, held, at=clock(15, 8))
    ledger.close()
    return made


@pytest.fixture(scope="module")
def board(place: Place) -> Iterator[str]:
    with served(mission.room_of(place)) as address:
        yield address


def wall(browser: Browser, board: str, language: str, width: int, height: int) -> Page:
    page = login(browser, board, "Head-1", language=language).new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(board)
    page.wait_for_function("Number(document.querySelector('main').dataset.frames) >= 1")
    return page


def minutes_of_arc(pixels: float) -> float:
    """Return how large a capital of a type of so many pixels is, seen from four metres."""
    return pixels * CAPITAL * SCREEN_MM / 1920 / FAR_MM * 3437.75


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_decided_on_is_on_one_screen_and_nothing_runs_over(
    browser: Browser, board: str, language: str
) -> None:
    page = wall(browser, board, language, 1920, 1080)
    ends = page.evaluate(
        """() => Object.fromEntries(["#counts", ".verdict", ".promises", "#strip", "#timeline",
          "#stops", "#inside", "#map svg.map", "#log"].map(
            (one) => [one, document.querySelector(one).getBoundingClientRect().bottom]))"""
    )
    assert {key: one for key, one in ends.items() if one > 1080} == {}
    over = page.evaluate(
        """() => [...document.querySelectorAll(".wall .tile")].filter((tile) =>
          [...tile.querySelectorAll("*")].some((one) => {
            const box = one.getBoundingClientRect(), room = tile.getBoundingClientRect();
            return box.width && !one.closest("svg") &&
              (box.right > room.right + 2 || box.left < room.left - 2);
          })).map((tile) => tile.id)"""
    )
    assert over == []
    page.context.close()


def test_what_is_decided_on_is_large_enough_from_four_metres(browser: Browser, board: str) -> None:
    page = wall(browser, board, "en", 1920, 1080)
    size = "(one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize)"
    arcs = {
        one: minutes_of_arc(page.evaluate(size, one))
        for one in (".big .figure", ".verdict", "#band b", "#strip tbody th", ".needs b",
                    ".promises td", ".big h3", "#log li")
    }  # fmt: skip
    page.context.close()
    # Good eyes read letters of 5 minutes of arc; signs are made for 16 and more.
    for one in (".big .figure", ".verdict"):
        assert arcs[one] >= 20, arcs
    for one in ("#band b", "#strip tbody th", ".needs b", ".big h3"):
        assert arcs[one] >= 8.5, arcs
    assert min(arcs.values()) >= 6.5, arcs


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_laptop_the_answers_are_on_the_first_screen(
    browser: Browser, board: str, language: str
) -> None:
    page = wall(browser, board, language, 1366, 768)
    for one in ("#counts", ".verdict", "#strip tbody tr"):
        box = page.locator(one).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768, one
    small = page.evaluate(
        """() => [...document.querySelectorAll(".wall main p, .wall main td, .wall main th, \
.wall main li")].filter((one) => one.offsetParent && parseFloat(getComputedStyle(one).fontSize)
          < 12.9).length"""
    )
    assert small == 0
    page.context.close()


def test_every_page_is_reached_by_keyboard_alone(browser: Browser, board: str) -> None:
    page = wall(browser, board, "en", 1366, 768)
    page.locator("nav details.more summary").evaluate("one => one.click()")
    ways = page.locator("nav a")
    names = [str(ways.nth(one).get_attribute("href")) for one in range(ways.count())]
    reached: set[str] = set()
    page.locator("body").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    for _ in range(len(names) + 30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href') || ''"))
    assert set(names) <= reached
    page.keyboard.press("Escape")
    page.locator("body").evaluate("one => one.focus()")
    page.keyboard.press("z")
    page.wait_for_url(f"{board}/map")
    page.context.close()


def test_every_page_has_a_letter_of_its_own() -> None:
    keys = [one.key for one in WAYS] + [*QUICK]
    assert all(keys)
    assert len(set(keys)) == len(keys)
