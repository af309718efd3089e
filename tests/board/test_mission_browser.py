"""The board in a real browser: live, by keyboard, and as WCAG wants it, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from safepassage.ledger.place import Place, open_ledger
from tests.board import mission
from tests.board.forms import pages
from tests.board.serving import served
from tests.board.test_known_seen import PAGES

CHROMIUM = Path("/usr/bin/chromium")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
MORE = [
    "/call-forward",
    "/documents/handover",
    "/enter/check",
    "/enter/condition",
    "/enter/confirmation",
    "/enter/count",
    "/enter/incident",
    "/groups",
    "/groups/sheet",
    "/map",
    "/messages",
    "/messages/sensitive",
    "/phones",
    "/public",
    "/reports",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 30_000.0

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("board")


@pytest.fixture(scope="module")
def place(folder: Path) -> Place:
    made = mission.new_place(folder)
    mission.afternoon(made)
    return made


@pytest.fixture(scope="module")
def board(place: Place) -> Iterator[str]:
    with served(mission.room_of(place)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        yield made
        made.close()


def login(browser: Browser, board: str, who: str, *, language: str = "en") -> BrowserContext:
    # axe is put into the page by the test; the board itself allows no such thing.
    context = browser.new_context(bypass_csp=True, viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{board}/login?lang={language}")
    page.fill("[name=call_sign]", who)
    page.fill("[name=password]", mission.PASSWORD)
    page.keyboard.press("Enter")
    # An observer lands on the liaison view.
    page.wait_for_url(re.compile(rf"{re.escape(board)}/(liaison)?$"))
    page.close()
    return context


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_breaks_a_rule_of_wcag(browser: Browser, board: str, language: str) -> None:
    context = login(browser, board, "Head-1", language=language)
    asked: set[str] = set()
    context.on("request", lambda one: asked.add(re.sub(r"^(\w+:/*[^/]*).*", r"\1", one.url)))
    page = context.new_page()
    wrong = {}
    # Both languages share their templates: the second looks at the pages with the most on them.
    for path in [*PAGES, *MORE] if language == "en" else PAGES[:8]:
        page.goto(board + path)
        direction = page.evaluate("document.documentElement.dir")
        assert direction == ("rtl" if language == "ar" else "ltr")
        found = faults(page)
        if found:
            wrong[path] = found
    context.close()
    assert not wrong
    assert {one for one in asked if not one.startswith(("data:", "blob:"))} == {board}


def test_no_page_is_left_out_of_those_that_are_looked_through() -> None:
    """The pages on which entries are typed share one template: some of them stand for all."""
    looked = {one.partition("?")[0] for one in [*PAGES, *MORE]}
    left = {one for one in pages() if not one.startswith("/clearance/")} - looked - {"/login"}
    assert {one for one in left if not one.startswith("/enter/")} == set()


def test_a_phone_needs_no_scrolling_sideways(browser: Browser, board: str) -> None:
    context = login(browser, board, "Head-1")
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    for path in [*PAGES, *MORE]:
        page.goto(board + path)
        wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1], path
    context.close()


def test_on_a_phone_what_stops_a_go_stands_first_and_the_rest_is_folded(
    browser: Browser, board: str
) -> None:
    context = login(browser, board, "Head-1", language="ar")
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{board}/clearance")
    expect(page.locator("ul.reasons").first).to_be_visible()
    folded = page.locator("details[data-fold]")
    assert folded.count() >= 4
    assert page.locator("details[data-fold][open]").count() == 0
    # It was 7,250 before: eight screens and a half.
    assert page.evaluate("document.documentElement.scrollHeight") < 4_200
    folded.last.locator("summary").click()
    expect(folded.last.locator("table")).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.reload()
    assert page.locator("details[data-fold]:not([open])").count() == 0
    context.close()


def test_a_hold_is_on_the_other_screens_without_anybody_asking(
    browser: Browser, board: str
) -> None:
    wall = login(browser, board, "Head-1").new_page()
    liaison = login(browser, board, "Watch-1").new_page()
    wall.goto(board)
    liaison.goto(f"{board}/liaison")
    for screen in (wall, liaison):
        screen.wait_for_function("Number(document.querySelector('main').dataset.frames) >= 1")
    presser = login(browser, board, "Radio-1").new_page()
    presser.goto(f"{board}/radio")
    before = wall.locator(".holds li").count()
    presser.get_by_role("button", name="HOLD").click()
    expect(wall.locator(".holds li")).to_have_count(before + 1, timeout=PATIENCE)
    expect(liaison.locator(".verdict")).to_contain_text("NO-GO")
    assert "Radio-1" not in liaison.locator("main").inner_text()
    for one in (wall, liaison, presser):
        one.context.close()


def test_a_promise_is_entered_by_keyboard_alone(browser: Browser, board: str, place: Place) -> None:
    context = login(browser, board, "Radio-1")
    page = context.new_page()
    page.goto(board)
    keys = 0

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            page.keyboard.press(name)
            keys += 1

    press("g")
    page.wait_for_url("**/enter/guarantee")
    page.wait_for_selector("[name=party]:focus")
    press("R")  # the party: Russia
    press("Tab", "2", "1", "1", "5", "Enter")
    page.wait_for_selector(".good")
    context.close()
    ledger = open_ledger(place)
    body = list(ledger.entries(0, None, ("guarantee",)))[-1].body
    ledger.close()
    assert getattr(body, "party", "") == "russia"
    until = getattr(body, "until", None)
    assert until is not None
    assert until.strftime("%H:%M") == "21:15"
    assert keys == 8


def test_a_screen_that_hears_nothing_says_so(browser: Browser, place: Place) -> None:
    with served(mission.room_of(place)) as address:
        context = login(browser, address, "Head-1")
        page = context.new_page()
        page.clock.install()
        page.goto(address)
        page.wait_for_function("Number(document.querySelector('main').dataset.frames) >= 1")
        expect(page.locator(".lost")).to_have_count(0)
    page.clock.fast_forward("00:20")
    expect(page.locator(".lost")).to_be_visible(timeout=PATIENCE)
    context.close()
