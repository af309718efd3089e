"""Three phones and two operators through the Aleppo afternoon, in a real browser.

The network is cut, the server killed, a phone restarted while it is down: nothing is lost, nothing
counts twice, and names that were typed into every input are nowhere afterwards.
"""

import base64
import io
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright
from pypdf import PdfReader

from safepassage.ledger.place import open_ledger
from safepassage.ledger.signer import read_signer
from safepassage.ledger.verify import verify_whole
from tests.board.mission import NOW, PASSWORD, afternoon, convoys, new_place

CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disk-cache-size=50000000",
]
PATIENCE = 60_000
CANARY = "Canary-Nadia-7f3a"
PICTURE = """() => {
  const from = document.getElementById("qr"), to = document.createElement("canvas");
  to.width = from.width * 6; to.height = from.height * 6;
  const pen = to.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(from, 0, 0, to.width, to.height);
  return to.toDataURL().split(",")[1];
}"""
STORE = """() => new Promise((done) => {
  const asked = indexedDB.open("safepassage");
  asked.onsuccess = () => {
    const all = asked.result.transaction("kept").objectStore("kept").getAll();
    all.onsuccess = () => done(JSON.stringify([all.result, { ...localStorage }]));
  };
})"""

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's Chromium")


class Board:
    """The board in a process that can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = new_place(folder)
        afternoon(self.place)
        (folder / "begun").write_text(str(time.time()))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.board.serve_phone"),
                    *(str(self.folder), str(self.port), NOW.isoformat()),
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        until(lambda: _answers(self.port), "the board did not start")

    def kill(self) -> None:
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def entries(self, *kinds: str) -> list[Any]:
        ledger = open_ledger(self.place)
        try:
            return list(ledger.entries(0, None, kinds))
        finally:
            ledger.close()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is true, a minute at most."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail(what)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    made = Board(tmp_path)
    made.start()
    try:
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Playwright]:
    with sync_playwright() as made:
        yield made


def log_in(context: BrowserContext, board: Board, who: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{board.address}/login")
    page.fill("[name=call_sign]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url(f"{board.address}/")
    return page


def enrol(operator: Page, phone: Page, board: Board, post: str) -> str:
    """Enrol a phone as an operator does; return its word."""
    operator.goto(f"{board.address}/phones")
    operator.select_option("[name=post]", post)
    operator.click("text=Show a code")
    code = operator.inner_text(".enrol-code").replace("-", "")
    phone.set_default_timeout(PATIENCE)
    # As the QR's address has it.
    phone.goto(f"{board.address}/device/phone#{code}")
    phone.wait_for_selector("#view-count:not([hidden])")
    assert code not in phone.url
    return phone.inner_text("#word")


def count(phone: Page, convoy: str, people: int, what: str) -> int:
    """Count one vehicle with its people at a post; return how many presses that took."""
    chosen = phone.locator(f"#convoys button:has-text('{convoy}')")
    if chosen.get_attribute("aria-pressed") != "true":
        chosen.click()
    presses = 0
    for step in (50, 10, 5, 1):
        while people >= step:
            phone.click(f"[data-people='{step}']")
            people -= step
            presses += 1
    phone.click("[data-vehicles='1']")
    phone.click(f"[data-what='{what}']")
    return presses + 2


def all_sent(phone: Page) -> None:
    phone.wait_for_function(
        "() => document.getElementById('pending').textContent === 'all sent'", timeout=PATIENCE
    )


def waits(phone: Page, number: int) -> None:
    phone.wait_for_function(
        f"() => document.getElementById('pending').textContent === '{number} not sent'",
        timeout=PATIENCE,
    )


def test_the_aleppo_afternoon_with_three_phones_and_two_operators(
    board: Board, browser: Playwright, tmp_path: Path
) -> None:
    second, third = convoys()[1:3]
    chromium = browser.chromium
    main = chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    profile = tmp_path / "profile"

    def opened() -> BrowserContext:
        return chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=FLAGS, locale="en", **mobile
        )

    mobile: Any = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    radio = log_in(main.new_context(locale="en"), board, "Radio-1")
    head = log_in(main.new_context(locale="en"), board, "Head-1")
    gate, post = (main.new_context(locale="en", **mobile) for _ in range(2))
    loading, passing = gate.new_page(), post.new_page()
    arriving_context = opened()
    arriving = arriving_context.pages[0]
    words = [
        enrol(radio, page, board, place)
        for page, place in (
            (loading, "amiriyah"),
            (passing, "second-post"),
            (arriving, "rashidin4"),
        )
    ]
    assert len(set(words)) == 3

    # In contact: a bus of fifty is counted in three presses.
    assert count(loading, third, 50, "departed") == 3
    all_sent(loading)
    count(loading, third, 48, "departed")
    loading.click("#undo")
    count(loading, third, 47, "departed")
    all_sent(loading)

    # The network is cut at the post: it goes on, and the room reads its codes and its voice.
    post.set_offline(True)
    count(passing, second, 50, "through")
    count(passing, second, 49, "through")
    waits(passing, 2)
    passing.click("nav [data-to=queue]")
    picture = tmp_path / "codes.png"
    picture.write_bytes(base64.b64decode(passing.evaluate(PICTURE)))
    radio.goto(f"{board.address}/phones/relay")
    radio.set_input_files("#picture", str(picture))
    radio.wait_for_selector("#codes-code:not(:empty)")
    passing.fill("#receipt-code", CANARY[:4])
    passing.click("#receipt button")
    passing.wait_for_selector("#receipt-fault:not(:empty)")
    passing.fill("#receipt-code", radio.inner_text("#codes-code"))
    passing.click("#receipt button")
    passing.wait_for_selector("#view-count:not([hidden])")
    assert passing.inner_text("#pending") == "2 told, not sent"
    count(passing, second, 51, "held")
    passing.click("nav [data-to=read]")
    # What the room has been told already comes after what it has not.
    line = passing.locator("#lines code").first.inner_text()
    assert len(line) <= 160
    head.goto(f"{board.address}/phones/relay")
    head.fill("#line", line.lower())
    head.click("#spoken button")
    head.wait_for_selector("#line-code:not(:empty)")
    assert head.inner_text("#line-code") == line.split()[-1]
    passing.click("#view-read li >> nth=0 >> button")
    passing.click("#view-read .back")

    # The server dies; a phone is restarted while nothing answers.
    board.kill()
    count(arriving, second, 50, "arrived")
    count(arriving, second, 46, "arrived")
    arriving.click("[data-people='10']")
    waits(arriving, 2)
    arriving_context.close()
    arriving_context = opened()
    arriving = arriving_context.pages[0]
    arriving.set_default_timeout(PATIENCE)
    arriving.goto(f"{board.address}/device/phone")
    waits(arriving, 2)
    assert arriving.inner_text("#word") == words[2]
    assert arriving.inner_text("#people") == "10"
    count(arriving, second, 37, "arrived")
    waits(arriving, 3)
    count(loading, third, 50, "departed")

    # A stop outruns everything that waits, and everything comes in by itself.
    passing.click("#stop")
    board.start()
    post.set_offline(False)
    for phone in (loading, passing, arriving):
        phone.wait_for_selector("#view-count:not([hidden])")
        all_sent(phone)
    radio.goto(f"{board.address}/")
    loading.click("#stop")
    until(lambda: radio.locator("text=amiriyah/1").count() > 0, "the stop is not on the wall")

    # Names typed into every input of phone and room.
    _type_names(passing, radio, board)
    stores = [page.evaluate(STORE) for page in (loading, passing, arriving)]
    papers = [_pdf(head, board, name) for name in ("sitrep", "activity")]
    for context in (gate, post, arriving_context):
        context.close()
    main.close()
    board.kill()

    # Each count once, each stop once, and all of it signed.
    tallies = {
        (one.body.counter, one.body.what, one.body.convoy): (one.body.people, one.body.vehicles)
        for one in board.entries("count")
        if "/" in one.body.counter
    }
    assert tallies == {
        ("amiriyah/1", "departed", third): (50 + 47 + 50, 3),
        ("second-post/1", "aboard", second): (50 + 49, 2),
        ("second-post/1", "held", second): (51, 1),
        ("rashidin4/1", "arrived", second): (50 + 46 + 10 + 37, 3),
    }
    entries = [one for one in board.entries() if one.id.startswith("phone-")]
    assert max(Counter(one.id for one in entries).values()) == 1
    reports = Counter(one.id.partition(".")[2].rstrip("mcihtx") for one in entries)
    assert sorted(reports, key=int) == [str(number) for number in range(1, 7)]
    moved = Counter(
        (one.body.what, one.body.convoy)
        for one in board.entries("movement")
        if one.id.startswith("phone-")
    )
    assert moved == {
        ("departed", third): 4,
        ("through", second): 2,
        ("held", second): 1,
        ("arrived", second): 3,
    }
    holds = [one.body for one in board.entries("hold") if "/" in one.body.person]
    # A convoy was chosen on both screens; a stop is for all of them.
    assert sorted((one.person, one.convoy) for one in holds) == [
        ("amiriyah/1", None),
        ("second-post/1", None),
    ]
    # The only alarm is the forged batch that was pasted in with the names.
    assert [one.body.what for one in board.entries("alarm")] == ["signature does not fit"]
    ledger = open_ledger(board.place)
    room = read_signer(board.place.signing_key)
    assert verify_whole(ledger.store, {room.device: room.key}, ledger._keyring).whole
    ledger.close()
    _no_name_anywhere(board, profile, [*stores, *papers])


def _type_names(phone: Page, room: Page, board: Board) -> None:
    """Type a name into every input of the phone and of the room's pages about phones."""
    fresh = phone.context.browser
    assert fresh is not None
    other = fresh.new_context(locale="en").new_page()
    other.goto(f"{board.address}/device/phone")
    other.fill("#code", CANARY)
    other.click("#enrol button")
    other.wait_for_selector("#enrol-fault:not(:empty)")
    kept = other.evaluate(STORE).casefold()
    assert "sp-tab" in kept
    assert CANARY.casefold() not in kept
    assert CANARY.casefold().replace("-", "") not in kept
    other.close()
    room.goto(f"{board.address}/phones/relay")
    room.fill("#line", f"{CANARY} 1 120000 THROUGH C1 - 1/1 - {CANARY[:4]}")
    room.click("#spoken button")
    room.wait_for_selector("#line-said:not(:empty)")
    words = phone.inner_text("#word").lower()
    text = f"SPQ1 0000 1/1 phone-{words}\n9 20161215T120000 through {CANARY} - 1/1 - {'A' * 22}\n="
    room.fill("#text", text + "A" * 86)
    room.click("#take")
    room.wait_for_selector("#codes-said:not(:empty)")
    body = {"code": CANARY, "key": CANARY, "device": CANARY, "lines": [CANARY], "signature": CANARY}
    for path in ("/device/enrol", "/device/report"):
        room.evaluate(
            "([path, body]) => fetch(path, { method: 'POST', body: JSON.stringify(body) })",
            [path, body],
        )
    room.evaluate(
        "(body) => fetch('/phones/code', { method: 'POST', body: new URLSearchParams(body) })",
        {"post": CANARY, "number": CANARY},
    )


def _pdf(page: Page, board: Board, name: str) -> str:
    """Return the text of a paper that the room makes."""
    asked = """(address) => fetch(address).then((one) => one.arrayBuffer()).then((one) => {
      let text = "";
      for (const byte of new Uint8Array(one)) text += String.fromCharCode(byte);
      return btoa(text);
    })"""
    content = base64.b64decode(page.evaluate(asked, f"{board.address}/documents/{name}.pdf"))
    text = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    assert "DRILL" in text
    return text


def _no_name_anywhere(board: Board, profile: Path, stores: list[str]) -> None:
    """Look for the name in every byte that was kept: ledger, backup, logs, phones."""
    backup = board.folder / "backup.db"
    source, target = sqlite3.connect(str(board.place.file)), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    spelt = [CANARY, CANARY.upper(), CANARY.lower(), CANARY.upper().replace("-", "")]
    needles = [one.encode(how) for one in spelt for how in ("utf-8", "utf-16-le")]
    for store in stores:
        assert not any(one in store for one in spelt)
    shutil.rmtree(profile / "Crashpad", ignore_errors=True)
    looked = 0
    for path in board.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            looked += 1
            assert not any(one in content for one in needles), path
    assert looked > 20
    # The words of entries are sealed in the file: look into them as well.
    for entry in board.entries():
        assert CANARY.casefold() not in str(entry).casefold(), entry
