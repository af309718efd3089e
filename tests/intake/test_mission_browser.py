"""Mission: the public page and the board's pages about it in a real browser, as WCAG wants them."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette

from safepassage.board.app import make_app as make_board
from safepassage.board.telling.host import PublicHost
from safepassage.intake.app import make_app as make_host
from safepassage.intake.folder import QUEUE, make_folder
from safepassage.intake.queue import Incoming, Queue
from safepassage.report.public.write import public_files, write_public
from tests.board import mission
from tests.ledger.writing import clock
from tests.report.public.noticing import TEXT, propose, release, room, scenario, state

CHROMIUM = Path("/usr/bin/chromium")
AXE = (Path(__file__).parents[1] / "board" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

pytestmark = pytest.mark.skipif(not CHROMIUM.is_file(), reason="needs Chromium")


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "it did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        yield made
        made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("public")
    make_folder(where / "host", where / "cell.key")
    (where / "host" / "intake.toml").write_text("registration = true\n", encoding="utf-8")
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")
    files = public_files(state(ledger), scenario(), mode="DRILL", status="Exercise", at=clock(13))
    write_public(files, where / "host" / "released")
    return where


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


def test_the_public_pages_break_no_rule_and_need_no_script(browser: Browser, folder: Path) -> None:
    with served(make_host(folder / "host")) as host:
        context = browser.new_context(bypass_csp=True, viewport={"width": 360, "height": 740})
        page = context.new_page()
        wrong = {}
        for path in ("/en", "/ar", "/en/ask", "/ar/ask", "/en/answer", "/ar/register", "/none"):
            page.goto(host + path)
            found = faults(page)
            wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            if found or wide[0] > wide[1]:
                wrong[path] = (found, wide)
        context.close()
        assert not wrong
        plain = browser.new_context(java_script_enabled=False)
        page = plain.new_page()
        page.goto(host + "/en/ask")
        page.fill("#message", "When do we know more?")
        time.sleep(3.2)
        page.click("button")
        code = page.inner_text(".code")
        page.goto(host + "/en/answer")
        page.fill("#code", code)
        page.click("button")
        assert "Not answered yet" in page.inner_text(".answer")
        plain.close()


def test_the_boards_pages_about_the_public_break_no_rule(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    place = mission.new_place(tmp_path)
    mission.afternoon(place)
    queue = Queue(folder / "host" / QUEUE)
    for number, text in enumerate(("نحن عالقون في القبو", "We promise the road.", "Where?")):
        queue.add(
            Incoming("en", "party" if number == 1 else "question", text=text, folded=text),
            ticket=str(number).encode(), token=str(number), at=datetime.now(UTC),
        )  # fmt: skip
    queue.close()
    told = PublicHost(folder / "host", folder / "cell.key")
    with served(make_board(mission.room_of(place), public=told)) as board:
        context = browser.new_context(bypass_csp=True, viewport={"width": 1366, "height": 768})
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(f"{board}/login")
        page.fill("[name=call_sign]", "Head-1")
        page.fill("[name=password]", mission.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{board}/")
        page.goto(f"{board}/public")
        page.fill("textarea[name=notice]", TEXT)
        page.get_by_role("button", name="Propose it").click()
        page.wait_for_selector("input[name=text_hash]", state="attached")
        wrong = {"/public": faults(page)}
        for path in ("/messages", "/messages?state=held", "/messages/sensitive", "/reports"):
            page.goto(board + path)
            wrong[path] = faults(page)
        context.close()
    assert not {path: found for path, found in wrong.items() if found}
