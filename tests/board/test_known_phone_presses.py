"""The phone's page under a finger that is too quick, a phone that dies, two tabs, a full store."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from safepassage.board.room import Room
from safepassage.ledger.place import Place, open_ledger
from tests.board.mission import convoys
from tests.board.test_known_phone_screen import (
    CHROMIUM,
    PATIENCE,
    SLOW,
    board,
    browser,
    context,
    enrolled,
    leased,
    operator,
    place,
    room,
)
from tests.board.test_mission_phone_day import PICTURE

__all__ = ["board", "browser", "context", "operator", "place", "room"]

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")

REPORTS = "**/device/report?*"

UNDO_TWICE = """() => {
  for (let i = 0; i < 2; i++) document.getElementById("undo").click();
  return document.getElementById("last").textContent;
}"""
LONG_WIPE = """() => {
  const real = IDBFactory.prototype.deleteDatabase;
  window.wiping = true;
  IDBFactory.prototype.deleteDatabase = function (name) {
    const asked = {};
    setTimeout(() => { asked.onsuccess(); real.call(this, name); }, 2500);
    return asked;
  };
}"""

FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  const set = Storage.prototype.setItem;
  const full = () => { throw new DOMException("full", "QuotaExceededError"); };
  IDBObjectStore.prototype.put = Storage.prototype.setItem = full;
  window.empty = () => { IDBObjectStore.prototype.put = put; Storage.prototype.setItem = set; };
}"""

ENDLESS = """() => {
  const real = window.setTimeout;
  window.setTimeout = (act, delay) => (delay >= 15000 ? 0 : real(act, delay));
}"""
MANY = """(number) => {
  for (let i = 0; i < number; i++) {
    document.querySelector("[data-people='1']").click();
    document.querySelector("[data-what=through]").click();
  }
}"""
SHIFTED = """(by) => {
  window.realNow = window.realNow || Date.now;
  Date.now = () => window.realNow.call(Date) + by;
}"""
TOPS = """() => ["[data-people='1']", "[data-what=through]", "#undo", "#stop"].map((one) =>
  Math.round(document.querySelector(one).getBoundingClientRect().top + window.scrollY))"""

A_GO = """() => {
  const go = document.createElement("p");
  go.id = "a-go";
  go.className = "verdict go";
  document.querySelector("main").append(go);
}"""
UNHEARD = """() => {
  const wall = Date.now, steady = performance.now;
  Date.now = () => wall() - 3600e3;
  performance.now = () => steady.call(performance) + 20e3;
}"""


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


def test_a_slow_phone_takes_back_one_report_however_often_undo_is_pressed_at_once(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 21)
    phone.click("#convoys button >> nth=0")
    for people in ("10", "5"):
        phone.click(f"[data-people='{people}']")
        phone.click("[data-what=through]")
    phone.evaluate(SLOW)
    # It is shown before it is kept: nobody has a reason to press again.
    assert "taken back" in phone.evaluate(UNDO_TWICE)
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    assert [people for _, people in counted_by(place, "second-post/21")] == [10, 15, 10]
    # Meant again it takes back the one before.
    phone.wait_for_timeout(700)
    phone.click("#undo")
    expect(phone.locator("#so-far")).to_contain_text("0 people")


def test_a_press_that_bounces_is_one_report_and_presses_nothing_that_comes_up_under_it(
    context: BrowserContext, operator: Page, board: str
) -> None:
    phone = enrolled(context, operator, board, 22)
    without_room(phone)
    phone.click("#convoys button >> nth=0")
    phone.dblclick("[data-what=held]")
    expect(phone.locator("#pending")).to_have_text("1 not sent")
    phone.click("[data-people='10']")
    for button in range(8):
        phone.click("[data-to=incident]")
        phone.dblclick(f"#incidents button >> nth={button}")
        expect(phone.locator("#pending")).to_have_text(f"{2 + button} not sent")
        expect(phone.locator("#view-count")).to_be_visible()
        expect(phone.locator("#people")).to_have_text("10")
    # Quick counting is no bounce.
    for _ in range(3):
        phone.dblclick("[data-people='1']")
    expect(phone.locator("#people")).to_have_text("16")
    phone.dblclick("#stop")
    expect(phone.locator("#pending")).to_have_text("10 not sent")


def test_an_answer_that_comes_during_a_wipe_does_not_bring_the_phone_back(
    context: BrowserContext, operator: Page, board: str
) -> None:
    phone = enrolled(context, operator, board, 23)
    phone.evaluate(LONG_WIPE)
    # The room answers while the phone is being wiped.
    with phone.expect_request(REPORTS):
        phone.click("[data-people='5']")
        phone.click("[data-what=through]")
    phone.click("nav [data-to=more]")
    phone.evaluate(
        "() => { document.getElementById('wipe').click();"
        " document.getElementById('wipe-sure').click();"
        " window.dispatchEvent(new Event('online')); }"
    )
    phone.wait_for_function("() => !window.wiping", timeout=PATIENCE)  # the page has come anew
    phone.wait_for_selector("#view-enrol:not([hidden])")
    assert "seed" not in phone.evaluate("() => JSON.stringify({...localStorage})")


def test_a_count_goes_on_for_its_vehicle_after_an_incident_and_a_stop(
    context: BrowserContext, operator: Page, board: str
) -> None:
    phone = enrolled(context, operator, board, 24)
    without_room(phone)
    phone.click("#convoys button >> nth=0")
    phone.click("#vehicles button >> nth=1")
    vehicle = phone.locator("#vehicles [aria-pressed=true]").inner_text()
    phone.click("[data-people='10']")
    phone.click("[data-to=incident]")
    phone.click("#incidents button >> nth=0")
    phone.click("#stop")
    phone.click("[data-people='5']")
    phone.click("[data-what=through]")
    expect(phone.locator("#last")).to_contain_text(f"{vehicle} · +15")
    # A press by mistake can be made undone: nobody is reported as counted.
    phone.click("[data-people='1']")
    phone.click("[data-people='-1']")
    expect(phone.locator("#people")).to_have_text("0")
    phone.click("[data-people='-1']")
    expect(phone.locator("#people")).to_have_text("–")


def test_a_full_store_is_told_until_the_room_has_the_report_or_it_is_kept_after_all(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 25)
    without_room(phone)
    phone.evaluate(FULL)
    phone.click("[data-people='5']")
    with phone.expect_event("requestfailed"):
        phone.click("[data-what=through]")
    # Also after a try to send, which draws the screen anew.
    expect(phone.locator("#link-word")).to_contain_text("No contact")
    expect(phone.locator("#refused")).to_contain_text("could not keep")
    phone.evaluate("() => window.empty()")
    expect(phone.locator("#refused")).to_be_hidden(timeout=PATIENCE)
    phone.reload()
    phone.unroute(REPORTS)
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    assert counted_by(place, "second-post/25") == [("aboard", 5)]


def test_an_old_tab_that_did_not_hear_of_the_new_one_reports_nothing(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    context.add_init_script(
        "window.addEventListener('storage', (event) => event.stopImmediatePropagation(), true)"
    )
    first = enrolled(context, operator, board, 26)
    second = context.new_page()
    second.goto(f"{board}/device/phone")
    second.click("[data-people='10']")
    second.click("[data-what=through]")
    expect(second.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    first.bring_to_front()
    first.click("[data-people='5']")
    expect(first.locator("#view-other")).to_be_visible()
    assert counted_by(place, "second-post/26") == [("aboard", 10)]


def test_a_stop_waits_neither_for_a_request_that_hangs_nor_for_the_pause_after_it(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 27)
    hanging: list[Route] = []

    def hang_first(route: Route) -> None:
        if not hanging and " through " in (route.request.post_data or ""):
            hanging.append(route)
        else:
            route.continue_()

    phone.route(REPORTS, hang_first)
    # The phone never gives the request up by itself.
    phone.evaluate(ENDLESS)
    phone.click("[data-people='5']")
    with phone.expect_request(lambda one: " through " in (one.post_data or "")):
        phone.click("[data-what=through]")
    phone.click("#stop")
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    assert counted_by(place, "second-post/27") == [("aboard", 5)]


def test_what_the_room_was_told_by_codes_keeps_nothing_else_off_the_screen(
    context: BrowserContext, operator: Page, board: str
) -> None:
    phone = enrolled(context, operator, board, 28)
    without_room(phone)
    phone.evaluate(MANY, 35)
    phone.click("#stop")
    expect(phone.locator("#pending")).to_have_text("36 not sent")
    phone.click("nav [data-to=read]")
    # A stop is read out first, then the oldest.
    lines = phone.locator("#lines code")
    assert [one.split()[1] for one in lines.all_inner_texts()[:2]] == ["36", "1"]
    for _ in range(6):
        phone.evaluate("() => document.querySelector('#lines button').click()")
        phone.wait_for_timeout(650)
    assert [one.split()[1] for one in lines.all_inner_texts()] == [str(n) for n in range(6, 36)]


def test_a_go_that_has_ended_does_not_come_back_with_a_clock_that_is_set_back(
    context: BrowserContext, operator: Page, board: str, room: Room, place: Place
) -> None:
    leased(place, room.signer, convoys()[0], timedelta(minutes=40))
    phone = enrolled(context, operator, board, 29)
    facts = phone.locator("#facts")
    expect(facts).to_contain_text("confirmed by the room until 15:52", timeout=PATIENCE)
    without_room(phone)
    phone.evaluate(SHIFTED, 41 * 60_000)
    look(phone)
    expect(facts).to_contain_text("ended at 15:52")
    phone.evaluate(SHIFTED, -3 * 3_600_000)
    look(phone)
    expect(facts).to_contain_text("ended at 15:52")
    phone.click("[data-people='1']")
    phone.reload()
    expect(facts).to_contain_text("ended at 15:52")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_button_moves_under_the_finger_while_people_are_counted_and_reported(
    context: BrowserContext, operator: Page, board: str, language: str
) -> None:
    phone = enrolled(context, operator, board, 30 if language == "en" else 31)
    without_room(phone)
    phone.click("nav [data-to=more]")
    phone.click(f"#languages button >> nth={0 if language == 'en' else 1}")
    phone.click("#view-more .back")
    phone.click("#convoys button >> nth=0")
    phone.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#link-word")).to_contain_text("○", timeout=PATIENCE)
    tops = [phone.evaluate(TOPS)]
    for button in ("[data-people='50']", "[data-vehicles='1']", "[data-what=through]"):
        phone.click(button)
        tops.append(phone.evaluate(TOPS))
    phone.unroute(REPORTS)
    expect(phone.locator("#link")).to_have_class("up", timeout=PATIENCE)
    tops.append(phone.evaluate(TOPS))
    for button in zip(*tops, strict=True):
        assert max(button) - min(button) <= 2, tops


def test_a_wall_whose_stream_was_refused_tries_again_and_shows_no_old_go_as_current(
    operator: Page, board: str
) -> None:
    wall = operator.context.new_page()
    wall.set_default_timeout(PATIENCE)
    wall.route("**/stream/*", lambda route: route.fulfill(status=503))
    wall.goto(f"{board}/")
    wall.evaluate(A_GO)
    # The clock of the screen goes back an hour, and nothing is heard for twenty seconds.
    wall.evaluate(UNHEARD)
    expect(wall.locator(".lost")).to_be_visible(timeout=PATIENCE)
    expect(wall.locator("#a-go")).to_have_css("text-decoration-line", "line-through")
    wall.unroute("**/stream/*")
    wall.wait_for_selector("main[data-frames]")
    expect(wall.locator(".lost")).to_have_count(0)
    wall.close()


def test_codes_that_did_not_reach_the_board_are_taken_in_when_they_are_shown_again(
    context: BrowserContext, operator: Page, board: str, tmp_path: Path
) -> None:
    phone = enrolled(context, operator, board, 32)
    without_room(phone)
    phone.click("[data-people='5']")
    phone.click("[data-what=through]")
    expect(phone.locator("#pending")).to_have_text("1 not sent")
    phone.click("nav [data-to=queue]")
    picture = tmp_path / "codes.png"
    picture.write_bytes(base64.b64decode(phone.evaluate(PICTURE)))
    operator.goto(f"{board}/phones/relay")
    operator.route("**/relay/codes", lambda route: route.abort())
    operator.set_input_files("#picture", str(picture))
    expect(operator.locator("#codes-said")).to_contain_text("Not taken in", timeout=PATIENCE)
    operator.unroute("**/relay/codes")
    operator.set_input_files("#picture", str(picture))
    expect(operator.locator("#codes-said")).to_contain_text("second-post/32", timeout=PATIENCE)
    expect(operator.locator("#codes-code")).not_to_be_empty()


def look(phone: Page) -> None:
    """Leave the view of counting and come back: it is drawn anew."""
    phone.click("nav [data-to=more]")
    phone.click("#view-more .back")
