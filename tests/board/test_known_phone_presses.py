"""The phone's page under a finger that is too quick, a phone that dies, two tabs, a full store."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from safepassage.ledger.place import Place, open_ledger
from tests.board.test_known_phone_screen import (
    CHROMIUM,
    PATIENCE,
    SLOW,
    board,
    browser,
    context,
    enrolled,
    operator,
    place,
    room,
)

__all__ = ["board", "browser", "context", "operator", "place", "room"]

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")

REPORTS = "**/device/report?*"


def counted_by(place: Place, sign: str) -> list[tuple[str, int]]:
    """Return the counts of one counter, in their order."""
    ledger = open_ledger(place)
    found = [
        (one.body.what, one.body.people)
        for one in ledger.entries(0, None, ("count",))
        if one.body is not None and one.body.counter == sign
    ]
    ledger.close()
    return found


def without_room(phone: Page) -> None:
    """Cut the way to the room; the page itself can still be opened again."""
    phone.route(REPORTS, lambda route: route.abort())


def test_a_page_closed_while_it_writes_a_report_down_does_not_count_it_again(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 20)
    without_room(phone)
    phone.evaluate(SLOW)
    phone.click("#convoys button >> nth=0")
    phone.click("[data-people='50']")
    phone.click("[data-what=through]")
    phone.reload()
    phone.wait_for_selector("#view-count:not([hidden])")
    expect(phone.locator("#people")).to_have_text("–")
    expect(phone.locator("#pending")).to_have_text("1 not sent")
    phone.unroute(REPORTS)
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    assert counted_by(place, "second-post/20") == [("aboard", 50)]
