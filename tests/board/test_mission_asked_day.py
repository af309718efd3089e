"""A convoy's day in a real browser: asked, refused, confirmed, approved, given, gone, arrived."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from safepassage.ledger.place import Place, open_ledger
from tests.board import mission
from tests.board.serving import served
from tests.board.test_known_rules import departure, next_loaded
from tests.board.test_mission_browser import CHROMIUM, PATIENCE, browser, login

__all__ = ["browser"]
pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")


def five_before() -> datetime:
    """Return five minutes before the next convoy with people departs."""
    start, early = mission.aleppo().start, timedelta(minutes=5)
    return start + timedelta(seconds=departure(next_loaded())) - early


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = mission.new_place(tmp_path_factory.mktemp("asked"))
    mission.afternoon(made)
    mission.all_but_approvals(made, next_loaded(), at=five_before() - timedelta(minutes=5))
    return made


@pytest.fixture(scope="module")
def board(place: Place) -> Iterator[str]:
    with served(mission.room_of(place, at=five_before())) as address:
        yield address


def put(page: Page, name: str, value: str) -> None:
    """Type or choose one field of the form on the page."""
    field = page.locator(f"main form.entry [name='{name}']").first
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(value)
    elif field.get_attribute("type") in {"checkbox", "radio"}:
        page.check(f"main form.entry [name='{name}'][value='{value}']")
    else:
        field.fill(value)


def send(page: Page) -> None:
    """Send the form on the page, and wait until it is entered."""
    page.locator("main form.entry button").last.click()
    page.wait_for_selector(".good", timeout=PATIENCE)


def enter(page: Page, board: str, kind: str, **typed: str) -> None:
    """Fill in the form of one kind of entry as it stands on the page, and send it."""
    page.goto(f"{board}/enter/{kind}")
    # What is seldom needed is folded.
    page.evaluate(
        "() => document.querySelectorAll('main details').forEach((one) => one.open = true)"
    )
    for name, value in typed.items():
        put(page, name, value)
    send(page)


def test_a_go_is_asked_refused_with_its_reason_made_good_given_and_driven(
    browser: Browser, board: str, place: Place
) -> None:
    convoy = next_loaded()
    head, move, radio = (
        login(browser, board, who).new_page() for who in ("Head-1", "Move-1", "Radio-1")
    )
    # Russia gives a new word by radio; until a second person has called back it is none.
    enter(radio, board, "guarantee", party="russia", covers="all", until="+5h")
    head.goto(f"{board}/clearance/{convoy}")
    head.get_by_role("button", name="Ask for a go").click()
    expect(head.locator("main")).to_contain_text("NO-GO: it was asked", timeout=PATIENCE)
    reasons = head.locator("ul.reasons").first
    expect(reasons).to_contain_text("promise")
    expect(reasons).to_contain_text("approvals")
    # The head calls back and confirms it from that page.
    head.get_by_role("link", name="confirm").first.click()
    put(head, "known_contact", "yes")
    send(head)
    for page in (head, move):
        page.goto(f"{board}/clearance/{convoy}")
        expect(page.locator("ul.reasons").first).not_to_contain_text("promise")
        page.get_by_role("button", name="I approve").click()
        page.wait_for_load_state()
    head.goto(f"{board}/clearance/{convoy}")
    expect(head.locator(".verdict")).not_to_contain_text("NO-GO")
    head.get_by_role("button", name="Ask for a go").click()
    expect(head.locator(".good")).to_contain_text("A go is given as a lease", timeout=PATIENCE)
    # The wheels roll under it, the convoy is counted, passes and arrives.
    enter(radio, board, "movement", what="departed", convoy=convoy)
    wall = head.context.new_page()
    wall.goto(board)
    strip = wall.locator("#strip")
    expect(strip.locator("tr", has_text=convoy)).to_contain_text("departed", timeout=PATIENCE)
    expect(strip.locator("tr", has_text=convoy)).not_to_contain_text("no go is in the record")
    enter(radio, board, "movement", what="arrived", convoy=convoy, place="rashidin4")
    expect(strip.locator("p", has_text="arrived")).to_contain_text(convoy, timeout=PATIENCE)
    # Who was counted there stands beside what the plan says; a crew comes back with its bus.
    enter(
        radio, board, "count",
        counter="Radio-1", what="arrived", people="640", convoy=convoy, place="rashidin4",
    )  # fmt: skip
    enter(
        radio, board, "movement",
        what="departed", vehicle="bus-01", place="rashidin4", to="amiriyah",
    )  # fmt: skip
    radio.goto(f"{board}/map")
    expect(radio.locator("#marks")).to_contain_text("bus-01")
    enter(radio, board, "movement", what="arrived", vehicle="bus-01", place="amiriyah")
    radio.goto(f"{board}/map")
    expect(radio.locator("#marks table").first).not_to_contain_text("bus-01")
    ledger = open_ledger(place)
    kinds = [one.kind for one in ledger.entries(0, None)]
    ledger.close()
    assert kinds.count("lease") == 1
    assert kinds.count("approval") == 2
    for page in (head, move, radio):
        page.context.close()
