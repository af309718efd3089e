"""kill -9 in the middle of writing, of our process and of a whole PostgreSQL: nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from safepassage.ledger.entry import Message
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.place import make_ledger, open_ledger, place_of
from safepassage.ledger.said import Statement
from safepassage.ledger.verify import verify_chain
from tests.ledger.writing import RADIO

WRITER = Path(__file__).with_name("writer.py")


def now() -> datetime:
    return datetime.now().astimezone()


def killed(
    address: str, keys: Path, first: int, rng: random.Random
) -> tuple[list[str], str | None]:
    """Let a process write, kill it; return the acknowledged ids and the one that was under way."""
    command = [sys.executable, str(WRITER), address, str(keys), str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines: list[str] = []
    wanted = rng.randrange(2, 40)
    for line in process.stdout:
        lines.append(line.strip())
        if len(lines) >= wanted:
            break
    time.sleep(rng.random() * 0.003)
    os.kill(process.pid, signal.SIGKILL)
    # What it said before it died but nobody had read yet counts too.
    lines += [line.strip() for line in process.stdout.read().splitlines()]
    process.stdout.close()
    process.wait()
    done = [one.split()[1] for one in lines if one.startswith("done ")]
    sent = [one.split()[1] for one in lines if one.startswith("sent ")]
    under_way = next((one for one in reversed(sent) if one not in done), None)
    return done, under_way


def kills(address: str, keys: Path, times: int, seed: int) -> tuple[int, int, int]:
    """Kill a writer many times; return (acknowledged, lost, doubled) in the end."""
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    place = place_of(address, keys)
    ledger, signer = make_ledger(place)
    ledger.found(at=now())
    ledger.close()
    acknowledged: list[str] = []
    found: list[str] = []
    lost = 0
    for _ in range(times):
        done, under_way = killed(address, keys, len(acknowledged), rng)
        acknowledged += done
        ledger = open_ledger(place)
        assert verify_chain(ledger.store, {"room": signer.key}).whole
        if under_way is not None:
            # The client does not know: it sends the same again, and it counts once.
            stored = ledger.find(under_way)
            heard = now() if stored is None else stored.heard_at
            message = Message(under_way, Statement(speaker="x", quote="y"), RADIO, heard)
            assert ledger.append([message], at=now())[0].state in {"stored", "repeated"}
            acknowledged.append(under_way)
        found = [one.id for one in ledger.entries(1)]
        lost += len(set(acknowledged) - set(found))
        assert len(found) == len(set(found))
        ledger.close()
    doubled = len(found) - len(set(found))
    return len(acknowledged), lost, doubled


@pytest.mark.parametrize("times", [6, pytest.param(1000, marks=pytest.mark.proof)])
def test_a_killed_writer_loses_and_doubles_nothing_on_sqlite(tmp_path: Path, times: int) -> None:
    acknowledged, lost, doubled = kills(str(tmp_path / "ledger.db"), tmp_path, times, seed=5)
    sys.stdout.write(f"kill -9 SQLite: {times} kills, {acknowledged} acknowledged, lost {lost}\n")
    assert acknowledged > times
    assert (lost, doubled) == (0, 0)


@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.proof)])
def test_a_killed_writer_loses_and_doubles_nothing_on_postgres(
    tmp_path: Path, postgres_server: "object", times: int
) -> None:
    address = postgres_server.new_database()  # type: ignore[attr-defined]
    acknowledged, lost, doubled = kills(address, tmp_path / "keys", times, seed=6)
    sys.stdout.write(f"kill -9 of a PostgreSQL client: {times}, {acknowledged} kept, lost {lost}\n")
    assert (lost, doubled) == (0, 0)


@pytest.fixture
def own_server(postgres_server: "object") -> Iterator["object"]:
    """Return the server, running; whatever a test did to it, it runs again afterwards."""
    yield postgres_server
    postgres_server.restart()  # type: ignore[attr-defined]


@pytest.mark.parametrize("times", [1, pytest.param(50, marks=pytest.mark.proof)])
def test_a_whole_postgres_killed_in_the_middle_loses_nothing_acknowledged(
    tmp_path: Path, own_server: "object", times: int
) -> None:
    server = own_server
    address = server.new_database()  # type: ignore[attr-defined]
    place = place_of(address, tmp_path / "keys")
    ledger, signer = make_ledger(place)
    ledger.found(at=now())
    acknowledged: list[str] = []
    rng = random.Random(7)  # noqa: S311 - a test must replay
    for kill in range(times):
        before = rng.randrange(3, 20)
        try:
            for number in range(1000):
                id_, body = f"k{kill}-{number}", Statement(speaker="x", quote="y")
                message = Message(id_, body, RADIO, now())
                acknowledged += [one.id for one in ledger.append([message], at=now())]
                if number == before:
                    server.kill()  # type: ignore[attr-defined]
        except LedgerError:
            pass
        ledger.close()
        server.restart()  # type: ignore[attr-defined]
        ledger = open_ledger(place)
        found = [one.id for one in ledger.entries(1)]
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found))
        assert verify_chain(ledger.store, {"room": signer.key}).whole
    ledger.close()
    sys.stdout.write(f"kill -9 of a whole PostgreSQL: {times}, {len(acknowledged)} kept, lost 0\n")
