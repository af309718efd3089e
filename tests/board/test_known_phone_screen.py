"""The phone in a real browser: facts and never an order, wiped by the room alone, in Arabic."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from safepassage.board.room import Room
from safepassage.clearance.lease import Lease, _signed_words, token
from safepassage.ledger.decided import LeaseGiven
from safepassage.ledger.folding import situation
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.signer import Signer, new_signer
from tests.board import mission
from tests.board.mission import NOW, convoys, plan_of_the_day, write
from tests.board.serving import served
from tests.board.test_mission_browser import AXE, RULES

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 60_000.0
MOBILE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
ORDERS = re.compile(
    r"\b(stop now|turn around|go back|must|you may go|proceed|safe)\b", re.IGNORECASE
)

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = mission.new_place(tmp_path_factory.mktemp("phones"))
    mission.afternoon(made)
    return made


@pytest.fixture(scope="module")
def room(place: Place) -> Room:
    return mission.room_of(place)


@pytest.fixture(scope="module")
def board(room: Room) -> Iterator[str]:
    with served(room) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield made
        made.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en", bypass_csp=True, **MOBILE)
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def operator(browser: Browser, board: str) -> Page:
    """Return the room's page of the phones."""
    page = browser.new_context(locale="en").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{board}/login")
    page.fill("[name=call_sign]", "Radio-1")
    page.fill("[name=password]", mission.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{board}/")
    return page


def enrolled(context: BrowserContext, operator: Page, board: str, number: int) -> Page:
    """Enrol a phone at the second post."""
    operator.goto(f"{board}/phones")
    operator.select_option("[name=post]", "second-post")
    operator.fill("[name=number]", str(number))
    operator.click("text=Show a code")
    code = operator.inner_text(".enrol-code").replace("-", "")
    phone = context.new_page()
    phone.goto(f"{board}/device/phone#{code}")
    phone.wait_for_selector("#view-count:not([hidden])")
    return phone


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


def leased(place: Place, signer: Signer, convoy: str, ends: timedelta) -> None:
    """Enter a lease of a convoy that ends so long after NOW."""
    plan = plan_of_the_day().plan_hash
    begins = NOW - timedelta(minutes=20)
    unsigned = Lease(convoy, plan, 5, "0" * 64, begins, NOW + ends, (), signer.device, b"")
    lease = Lease(
        *(getattr(unsigned, one) for one in Lease.__slots__[:-1]),
        signer.sign(_signed_words(unsigned)),
    )
    ledger = open_ledger(place)
    body = LeaseGiven(
        convoy=convoy, plan_hash=plan, begins=begins, ends=NOW + ends, token=token(lease)
    )
    write(ledger, body, at=NOW)
    ledger.close()


def test_a_lease_is_shown_as_a_fact_and_its_end_orders_nobody(
    context: BrowserContext, operator: Page, board: str, room: Room, place: Place
) -> None:
    first, second, third = convoys()[:3]
    leased(place, room.signer, first, timedelta(minutes=40))
    leased(place, room.signer, second, timedelta(minutes=-3))
    leased(place, new_signer("room"), third, timedelta(minutes=40))
    phone = enrolled(context, operator, board, 1)
    facts = phone.locator("#facts")
    expect(facts).to_contain_text("confirmed by the room until 15:52", timeout=PATIENCE)
    expect(facts).to_contain_text("ended at 15:09")
    expect(facts).to_contain_text("Nearest agreed halt: not known.")
    expect(facts).to_contain_text("The convoy leader decides.")
    # Signed with another key: it is no lease of this room.
    assert third not in facts.inner_text()
    assert not ORDERS.search(phone.inner_text("main"))
    context.set_offline(True)
    phone.click("nav [data-to=more]")
    phone.click("#view-more .back")
    expect(facts).to_contain_text("ended at 15:09")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_view_of_the_phone_breaks_a_rule_of_wcag(
    context: BrowserContext, operator: Page, board: str, language: str
) -> None:
    asked: set[str] = set()
    context.on("request", lambda one: asked.add(one.url))
    fresh = context.new_page()
    fresh.goto(f"{board}/device/phone")
    fresh.wait_for_selector("#view-enrol:not([hidden])")
    assert faults(fresh) == []
    fresh.close()
    phone = enrolled(context, operator, board, 2 if language == "en" else 3)
    phone.click("nav [data-to=more]")
    phone.click(f"#languages button >> nth={0 if language == 'en' else 1}")
    assert phone.get_attribute("html", "dir") == ("ltr" if language == "en" else "rtl")
    phone.click("#view-more .back")
    phone.click("#convoys button >> nth=0")
    phone.click("[data-people='1']")
    context.set_offline(True)
    phone.click("[data-what='through']")
    for view in ("count", "incident", "needs", "slip", "queue", "read", "more"):
        phone.evaluate("(view) => document.querySelector(`[data-to=${view}]`).click()", view)
        phone.wait_for_selector(f"#view-{view}:not([hidden])")
        assert faults(phone) == [], view
    wide = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert phone.evaluate(wide)
    assert {url.split("/device/")[0] for url in asked} == {board}


def test_only_the_room_can_wipe_a_phone(
    context: BrowserContext, operator: Page, board: str
) -> None:
    phone = enrolled(context, operator, board, 4)
    word = phone.inner_text("#word").lower()

    def forged(route: Route) -> None:
        route.fulfill(status=403, json={"revoked": "A" * 86, "now": NOW.isoformat()})

    phone.route("**/device/report?*", forged)
    phone.click("#convoys button >> nth=0")
    phone.click("[data-what='held']")
    phone.wait_for_timeout(1500)
    expect(phone.locator("#word")).to_have_text(word.upper())
    expect(phone.locator("#pending")).to_have_text("1 not sent")
    phone.unroute("**/device/report?*")
    operator.goto(f"{board}/phones")
    operator.click(f"button[value='phone-{word}']")
    phone.wait_for_selector("#view-enrol:not([hidden])")
    kept = phone.evaluate(
        """() => new Promise((done) => {
          const asked = indexedDB.open("safepassage");
          asked.onsuccess = () => {
            const base = asked.result;
            const names = [...base.objectStoreNames];
            if (!names.length) { done(JSON.stringify({ ...localStorage })); return; }
            const all = base.transaction("kept").objectStore("kept").getAll();
            all.onsuccess = () => done(JSON.stringify([all.result, { ...localStorage }]));
          };
        })"""
    )
    assert "second-post" not in kept
    assert "seed" not in kept


def test_a_clock_that_jumps_ahead_delays_nothing_and_loses_nothing(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 5)
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    context.set_offline(True)
    phone.evaluate("() => { const now = Date.now; Date.now = () => now() + 3600e3; }")
    phone.click("#convoys button >> nth=0")
    phone.click("[data-people='5']")
    phone.click("[data-what='through']")
    expect(phone.locator("#pending")).to_have_text("1 not sent")
    context.set_offline(False)
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    ledger = open_ledger(place)
    found = [
        one.body.people
        for one in ledger.entries()
        if getattr(one.body, "counter", "") == "second-post/5"
    ]
    ledger.close()
    assert found == [5]


def test_the_newest_tab_has_the_phone(context: BrowserContext, operator: Page, board: str) -> None:
    first = enrolled(context, operator, board, 6)
    second = context.new_page()
    second.goto(f"{board}/device/phone")
    second.wait_for_selector("#view-count:not([hidden])")
    first.wait_for_selector("#view-other:not([hidden])")


def test_what_those_on_board_need_is_told_in_two_presses_and_taken_back_in_one(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 7)
    expect(phone.locator("#to-needs")).to_be_disabled()
    phone.click("#convoys button >> nth=0")
    convoy = phone.locator("#convoys [aria-pressed=true]").inner_text().split()[0]
    ledger = open_ledger(place)
    before = dict(situation(ledger, at=NOW).counts)
    ledger.close()
    phone.click("#to-needs")
    assert faults(phone) == []
    phone.click("[data-need='water:2']")
    expect(phone.locator("#last")).to_contain_text("2 hours")
    phone.click("#convoys button >> nth=0")
    phone.click("[data-people='1']")
    phone.click("[data-people='1']")
    # The longest words of the link, with people counted, make the page no wider than the phone.
    assert phone.evaluate("() => document.documentElement.scrollWidth <= window.screen.width")
    phone.click("#to-needs")
    phone.click("[data-need='infants']")
    phone.click("#convoys button >> nth=0")
    phone.click("#to-needs")
    phone.click("[data-need='leave:everybody']")
    expect(phone.locator("#last")).to_contain_text("everybody")
    phone.click("#undo")
    expect(phone.locator("#last")).to_contain_text("taken back")
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    ledger = open_ledger(place)
    now = situation(ledger, at=NOW)
    ledger.close()
    told = next(one for one in now.aboard if one.vehicle is None and one.convoy == convoy)
    assert (told.water_hours, told.infants, told.may_leave) == (2, 2, None)
    # Those counted on board are no people who passed the post.
    assert dict(now.counts) == before


SLOW = """() => {
  const real = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
  Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
    set(done) { real.set.call(this, () => setTimeout(done, 1500)); },
  });
}"""


def test_what_is_counted_while_a_report_is_being_kept_is_not_lost(
    context: BrowserContext, operator: Page, board: str, place: Place
) -> None:
    phone = enrolled(context, operator, board, 8)
    phone.evaluate(SLOW)
    phone.click("#convoys button >> nth=0")
    for people in ("50", "10"):
        phone.click(f"[data-people='{people}']")
    phone.click("[data-what=through]")
    # The next vehicle is there before the phone has written the last one down.
    for people in ("10", "10", "1"):
        phone.click(f"[data-people='{people}']")
    phone.click("nav [data-to=queue]")
    expect(phone.locator("#pending")).to_contain_text("21 on this screen", timeout=PATIENCE)
    expect(phone.locator("#view-queue")).to_be_visible()
    phone.click("#view-queue .back")
    expect(phone.locator("#people")).to_have_text("21")
    phone.click("[data-what=through]")
    expect(phone.locator("#people")).to_have_text("–")
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    ledger = open_ledger(place)
    counted = [
        one.body.people
        for one in ledger.entries(0, None, ("count",))
        if one.body.counter == "second-post/8"
    ]
    ledger.close()
    assert counted == [60, 81]


def test_what_is_counted_is_not_called_sent_from_the_first_press_on(
    context: BrowserContext, operator: Page, board: str
) -> None:
    phone = enrolled(context, operator, board, 8)
    expect(phone.locator("#pending")).to_have_text("all sent", timeout=PATIENCE)
    # Read in the same turn as the press: no timer may come to its help.
    said = phone.evaluate("""() => {
      document.querySelector("[data-people='50']").click();
      return document.getElementById("pending").textContent;
    }""")
    assert said == "50 on this screen, not reported yet: press what they did"
