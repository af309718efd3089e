"""How quick the board is under a hand: `python -m benchmarks.screens [--quick]`.

One JSON line a measurement on stdout, as `benchmarks.board` writes them. The server runs in a
process of its own, Chromium paints: first paint of the wall, a promise entered by keyboard alone, a
count at the checkpoint, each in presses and in seconds of the machine; a person's own time comes on
top. Memory is that of the server with 30 screens that read the wall's stream. Needs Chromium.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.board import Load, Server, plan_of_the_case, prepare, raise_files, row, screen

CHROMIUM = Path("/usr/bin/chromium")
SCREENS = 30
KEPT = "/^all sent$|^[0-9]+ not sent$/"
"""What the phone says once a report is in both of its stores."""
PAINT = """() => new Promise((done) => {
  const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
  const look = () => (seen() ? done(seen().startTime) : setTimeout(look, 10));
  look();
})"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How quick the board is under a hand.")
    parser.add_argument("--quick", action="store_true", help="fewer tries, for a first look")
    given = parser.parse_args()
    if not CHROMIUM.is_file():
        sys.stderr.write(f"needs {CHROMIUM}\n")
        return 2
    tries = 3 if given.quick else 20
    with tempfile.TemporaryDirectory(prefix="safepassage-bench-") as folder:
        prepare(Path(folder), 1)
        server = Server(Path(folder))
        try:
            with browser(server) as context:
                first_paint(context, server, tries)
                by_keyboard(context, server, tries)
                at_the_checkpoint(context, server, tries)
            memory(server)
        finally:
            server.stop()
    return 0


@contextmanager
def browser(server: Server) -> Iterator[BrowserContext]:
    """Yield a browser in which the head of the room has logged in."""
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        context = made.new_context(viewport={"width": 1920, "height": 1080})
        context.set_default_timeout(60_000)
        address = f"http://127.0.0.1:{server.port}"
        context.add_cookies([{"name": "safepassage", "value": server.cookie, "url": address}])
        try:
            yield context
        finally:
            made.close()


def first_paint(context: BrowserContext, server: Server, tries: int) -> None:
    """Open the wall again and again, each time as if for the first time."""
    found = []
    for _ in range(tries):
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/")
        found.append(page.evaluate(PAINT) / 1000)
        page.close()
    rows(f"first paint of the wall, {tries} loads", found, 1)


def by_keyboard(context: BrowserContext, server: Server, tries: int) -> None:
    """Enter a promise from the wall by keyboard alone, as the test of the browser does."""
    found, presses = [], 0
    for _ in range(tries):
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.wait_for_selector("[data-key]")
        begun = time.perf_counter()
        page.keyboard.press("g")
        page.wait_for_url("**/enter/guarantee")
        page.wait_for_selector("[name=party]:focus")
        keys = ("R", "Tab", "2", "3", "5", "9", "Enter")
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_selector(".good")
        found.append(time.perf_counter() - begun)
        presses = 1 + len(keys)
        page.close()
    rows(f"a promise by keyboard, {presses} keys, {tries} tries", found, 10)


def at_the_checkpoint(context: BrowserContext, server: Server, tries: int) -> None:
    """Count a bus of fifty at a post, from the first press until the phone says "all sent"."""
    phone = enrolled(context, server)
    kept, sent, presses = [], [], ("[data-people='50']", "[data-vehicles='1']", "[data-what]")
    for _ in range(tries):
        begun = time.perf_counter()
        phone.click(presses[0])
        # What is on the screen and not reported yet is never called sent: so this waits for it.
        phone.wait_for_function(
            f"() => !{KEPT}.test(document.getElementById('pending').textContent)"
        )
        phone.click(presses[1])
        phone.click("[data-what='through']")
        phone.wait_for_function(
            f"() => {KEPT}.test(document.getElementById('pending').textContent)"
        )
        kept.append(time.perf_counter() - begun)
        phone.wait_for_function(
            "() => document.getElementById('pending').textContent === 'all sent'"
        )
        sent.append(time.perf_counter() - begun)
    phone.close()
    rows(f"a count at the checkpoint, {len(presses)} presses, {tries} tries: kept", kept, 2)
    rows(f"a count at the checkpoint, {tries} tries: in the room", sent, None)


def enrolled(context: BrowserContext, server: Server) -> Page:
    """Return a phone that an operator has enrolled, with a convoy chosen on it."""
    address = f"http://127.0.0.1:{server.port}"
    desk = context.new_page()
    desk.goto(f"{address}/phones")
    desk.select_option("[name=post]", "second-post")
    desk.fill("[name=number]", "9")
    desk.click("form[action='/phones/code'] button")
    code = desk.inner_text(".enrol-code").replace("-", "")
    desk.close()
    assert context.browser is not None  # noqa: S101 - it was launched here
    pocket = context.browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, locale="en"
    )
    pocket.set_default_timeout(60_000)
    phone = pocket.new_page()
    phone.goto(f"{address}/device/phone#{code}")
    phone.wait_for_selector("#view-count:not([hidden])")
    phone.click("#convoys button >> nth=0")
    return phone


def memory(server: Server) -> None:
    """Read the wall's stream on many screens for some seconds; print what the server then holds."""

    async def watch() -> None:
        stop = asyncio.Event()
        screens = [
            asyncio.create_task(screen(server.port, server.cookie, Load(), stop))
            for _ in range(SCREENS)
        ]
        await asyncio.sleep(10)
        stop.set()
        for one in screens:
            one.cancel()
        await asyncio.gather(*screens, return_exceptions=True)

    asyncio.run(watch())
    row(f"server memory at most, {SCREENS} screens", server.megabytes(), "MB", 150)


def rows(what: str, seconds: list[float], goal: float | None) -> None:
    """Print the middle and the slowest of some tries."""
    row(f"{what}: median", statistics.median(seconds), "s", goal)
    row(f"{what}: slowest", max(seconds), "s", goal)


if __name__ == "__main__":
    raise_files()
    plan_of_the_case()
    sys.exit(main())
