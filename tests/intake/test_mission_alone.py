"""Mission: the public host runs alone, with no ledger, no board and nothing else of the house."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.intake.folder import make_folder
from safepassage.report.public.released import PublicState
from safepassage.report.public.write import public_files, write_public
from tests.ledger.writing import clock
from tests.report.public.noticing import scenario

ROOMS = ("ledger", "roads", "planner", "reader", "clearance", "rehearsal", "report", "board")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Served:
    """A public host in a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=30) as page:  # noqa: S310
            return str(page.read().decode())

    def post(self, path: str, **fields: str) -> str:
        body = urllib.parse.urlencode(fields).encode()
        try:
            with urllib.request.urlopen(self.address + path, body, timeout=30) as page:  # noqa: S310
                return str(page.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "host"
    make_folder(folder, tmp_path / "cell.key")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "safepassage", "intake", "serve", "--folder", str(folder),
         "--port", str(port)],
        # A place where no file of a ledger can be found by chance.
        cwd=tmp_path, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    host = Served(folder, port)
    for _ in range(300):
        try:
            host.get("/en")
            break
        except OSError:
            time.sleep(0.1)
    yield host
    process.send_signal(signal.SIGINT)
    assert process.wait(30) is not None


def test_a_message_is_written_down_and_answered_with_nothing_else_running(served: Served) -> None:
    token = re.search(r'name="token" value="([^"]+)"', served.get("/en/ask"))
    assert token
    time.sleep(3.2)
    sent = served.post(
        "/en/ask", token=token.group(1), category="question", message="May I stay at home?"
    )
    assert 'class="code"' in sent


def test_new_released_text_is_shown_without_a_restart_and_stays_up(served: Served) -> None:
    nothing = public_files(
        PublicState(None, ()), scenario(), mode="DRILL", status="Exercise", at=clock(13)
    )
    write_public(nothing, served.folder / "released")
    for _ in range(100):
        if "Last updated" in served.get("/en"):
            break
        time.sleep(0.1)
    assert "EXERCISE, NOT REAL" in served.get("/en")
    # The folder is gone for a moment: the last whole text stays up.
    (served.folder / "released").rename(served.folder / "moved")
    time.sleep(2.5)
    assert "Last updated" in served.get("/en")


def test_the_public_host_loads_no_other_room() -> None:
    code = (
        "import sys, safepassage.intake.serving, safepassage.intake.queue;"
        "print([m for m in sys.modules if m.startswith('safepassage.')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    for room in ROOMS:
        assert f"safepassage.{room}" not in found.stdout, room
