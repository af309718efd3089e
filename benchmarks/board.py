"""How the board holds under load: `python -m benchmarks.board [--quick] [--seconds N]`.

One JSON line a measurement on stdout: what, number, unit, goal. The server runs in a process of its
own over SQLite on this disk; phones post signed reports over kept connections, screens read the
wall's stream. An event is one report of a phone: a movement and a count, two signed entries. Beside
it: a plain PostgreSQL insert a row and a commit, and the same board with a naive fan-out (each
screen renders and encodes every change for itself).
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.ledger import plain_insert, postgres
from benchmarks.phones import Pocket
from safepassage.board.phone.enrolment import PREFIX
from safepassage.board.phone.expanding import sign_of
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.entry import Message
from safepassage.ledger.kept import Enrol, Role
from safepassage.ledger.place import make_ledger, open_ledger, place_of
from safepassage.ledger.seen import Count, Movement
from safepassage.ledger.source import Source

CASE = Path(__file__).parents[1] / "cases" / "aleppo-2016"
HEAD = "Head-1"
POSTS = ("amiriyah", "ramouseh", "second-post", "rashidin4")
SEED = 8


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    phones: int
    screens: int
    rate: int
    seconds: int
    offline_phones: int
    queued: int
    flaps: int


FULL = Sizes(200, 30, 200, 600, 50, 10_000, 1_000)
QUICK = Sizes(40, 6, 40, 6, 10, 500, 50)


@dataclass
class Load:
    """What was measured: waits in seconds, what went wrong, what was sent."""

    acks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sent: int = 0
    sent_at: dict[int, float] = field(default_factory=dict)
    shown: list[list[tuple[int, float]]] = field(default_factory=list)
    stop: int = 0

    def lags(self, seqs: Iterable[int]) -> list[float]:
        """Return how long entries took from their sending to each screen."""
        found = []
        for frames in self.shown:
            numbers = [upto for upto, _ in frames]
            for seq in seqs:
                place = bisect_left(numbers, seq)
                if place == len(frames):
                    found.append(float("inf"))
                elif place:
                    found.append(frames[place][1] - self.sent_at[seq])
        return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How the board holds under load.")
    parser.add_argument("--quick", action="store_true", help="small numbers, for a first look")
    parser.add_argument("--seconds", type=int, help="how long the steady load lasts")
    parser.add_argument("--rate", type=int, help="events a second")
    parser.add_argument("--skip-peers", action="store_true", help="leave the peers out")
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        folder, port, how = given.serve
        serve(Path(folder), int(port), naive=how == "naive")
        return 0
    sizes = QUICK if given.quick else FULL
    seconds, rate = given.seconds or sizes.seconds, given.rate or sizes.rate
    found = steady(sizes, seconds=seconds, rate=rate)
    found += offline(sizes)
    if not given.skip_peers:
        short = min(seconds, 20)
        found += [
            {**one, "what": f"naive fan-out: {one['what']}", "goal": None}
            for one in steady(sizes, seconds=short, rate=rate, naive=True)
        ]
        with postgres() as address:
            if address is not None:
                plain_insert(address, 300 if given.quick else 2_000)
    return 0 if all(one.get("lost", 0) == 0 for one in found) else 1


# --- the server


@cache
def plan_of_the_case() -> tuple[str, str]:
    """Return the hash and the text of the first plan that the planner finds."""
    from safepassage.planner.plan_file import plan_to_json
    from safepassage.planner.solve import solve
    from safepassage.scenario.load import load_scenario

    plan = solve(load_scenario(CASE), limit=timedelta(seconds=30), seed=1, iterations=0)
    return plan.plan_hash, json.dumps(plan_to_json(plan.plan), ensure_ascii=False)


def prepare(folder: Path, phones: int) -> list[Pocket]:
    """Make a ledger with a plan in force, one operator's session, and phones that are enrolled."""
    now = datetime.now(UTC)
    place = place_of(str(folder / "ledger.db"))
    ledger, room = make_ledger(place)
    ledger.found(at=now)
    plan_hash, text = plan_of_the_case()
    source = Source(channel="room", device=room.device)
    bodies: list[Any] = [
        Role(person=HEAD, role="head"),
        PlanAdopted(plan_hash=plan_hash, plan=text, person=HEAD),
    ]
    pockets = []
    for number in range(phones):
        pocket = Pocket(SEED + number)
        post = POSTS[number % len(POSTS)]
        pocket.enrolled(f"{PREFIX}{number:04d}", sign_of(post, number + 1), post)
        pockets.append(pocket)
        device = f"{PREFIX}{number:04d}"
        bodies.append(Enrol(device, pocket.key, holder=sign_of(post, number + 1)))
    ledger.append(
        [Message(f"begin-{place_}", body, source, now) for place_, body in enumerate(bodies)],
        at=now,
    )
    ledger.close()
    return pockets


def serve(folder: Path, port: int, *, naive: bool) -> None:
    """Serve a board until killed."""
    import uvicorn

    from safepassage.board.app import make_app
    from safepassage.board.room import Room
    from safepassage.scenario.load import load_scenario

    room = Room(place_of(str(folder / "ledger.db")), load_scenario(CASE), scenario_path=CASE)
    token = room.sessions.begin(HEAD, at=datetime.now(UTC), language="en")
    (folder / "session").write_text(token)
    app = make_app(room)
    if naive:
        inner = app.router.lifespan_context

        def lifespan(given: Any) -> Any:
            return _Replaced(inner(given), given, room)

        app.router.lifespan_context = lifespan
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


class _Replaced:
    """The app's lifespan, with screens that each render for themselves."""

    def __init__(self, inner: Any, app: Any, room: Any) -> None:
        self._inner, self._app, self._room = inner, app, room

    async def __aenter__(self) -> Any:
        found = await self._inner.__aenter__()
        self._app.state.screens.frames = self._naive
        return found

    async def __aexit__(self, *what: Any) -> Any:
        return await self._inner.__aexit__(*what)

    async def _naive(self, view: str, language: str) -> AsyncIterator[bytes]:
        from safepassage.board.wall.tiles import tiles
        from safepassage.board.wording import words

        last = 0
        while True:
            picture = await self._room.picture(age=0)
            last = picture.upto
            data = {"upto": last, "tiles": dict(tiles(self._room, picture, view, words(language)))}
            yield f"id: {last}\ndata: {json.dumps(data)}\n\n".encode()
            await self._room.changed(last, within=5)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Server:
    """A board in a process of its own."""

    def __init__(self, folder: Path, *, naive: bool = False) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        how = "naive" if naive else "usual"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.board", "--serve", str(folder), str(self.port), how]
        )
        while not _answers(self.port):
            if self._process.poll() is not None:
                raise RuntimeError(f"the board ended with {self._process.returncode}")
            time.sleep(0.1)
        self.cookie = (folder / "session").read_text()

    def megabytes(self) -> float:
        """Return the most memory that it had so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def cpu(self) -> float:
        """Return the processor seconds that it used so far."""
        parts = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()


# --- the clients


async def post(
    port: int, body: bytes, kept: list[Any], *, flap: str | None = None
) -> tuple[int, Any]:
    """Post one batch over a kept connection; `flap` breaks the link as its name says."""
    if not kept:
        kept += await asyncio.open_connection("127.0.0.1", port)
    reader, writer = kept
    head = (
        f"POST /device/report HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    try:
        whole = head + body
        writer.write(whole[: len(whole) // 2] if flap == "half sent" else whole)
        await writer.drain()
        if flap == "half sent":
            raise ConnectionError(flap)
        if flap == "answer lost":
            await asyncio.sleep(0.02)
            raise ConnectionError(flap)
        first = await reader.readline()
        if not first:
            raise ConnectionError("closed")
        length = 0
        while (line := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        found = await reader.readexactly(length)
        return int(first.split()[1]), json.loads(found)
    except (OSError, ValueError, asyncio.IncompleteReadError):
        await let_go(kept)
        raise ConnectionError(flap or "broken") from None


async def let_go(kept: list[Any]) -> None:
    """Close a kept connection."""
    if kept:
        writer = kept[1]
        kept.clear()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def screen(port: int, cookie: str, load: Load, stop: asyncio.Event) -> None:
    """Read the wall's stream; note how long each event took to be on it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=8 * 1024 * 1024)
    writer.write(
        f"GET /stream/wall HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: safepassage={cookie}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    await writer.drain()
    frames: list[tuple[int, float]] = []
    load.shown.append(frames)
    first = await reader.readline()
    if b"200" not in first:
        load.errors.append(f"screen: {first!r}")
        return
    try:
        while not stop.is_set():
            line = await reader.readline()
            if not line:
                load.errors.append("screen: closed")
                return
            if line.startswith(b"id: "):
                frames.append((int(line[4:]), time.perf_counter()))
    finally:
        await let_go([reader, writer])


async def phone(
    port: int, bodies: list[bytes], every: float, first: float, load: Load, end: float
) -> None:
    """Post one signed report after another, each at its time, and note each wait."""
    kept: list[Any] = []
    at = first
    for body in bodies:
        wait = at - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        if time.perf_counter() > end:
            break
        begun = time.perf_counter()
        try:
            status, answer = await post(port, body, kept)
        except ConnectionError as error:
            load.errors.append(f"phone: {error}")
            continue
        load.acks.append(time.perf_counter() - begun)
        if status != 200 or answer["receipts"][0][1] != "sent":
            load.errors.append(f"phone: {status} {str(answer)[:200]}")
        else:
            load.sent += 1
            load.sent_at[answer["receipts"][0][3]] = begun
        at += every
    await let_go(kept)


def steady(sizes: Sizes, *, seconds: int, rate: int, naive: bool = False) -> list[dict[str, Any]]:
    """Measure a steady load: acknowledgements, screens, memory, processor time, nothing lost."""
    folder = Path(tempfile.mkdtemp(prefix="safepassage-bench-"))
    try:
        pockets = prepare(folder, sizes.phones)
        each = rate * seconds // sizes.phones
        begin = datetime.now(UTC) - timedelta(seconds=each + 60)
        bodies = [_presigned(pocket, each, begin) for pocket in pockets]
        pockets[0].press("stop", datetime.now(UTC) - timedelta(seconds=1))
        halt = json.dumps(pockets[0].batch(1)).encode()
        server = Server(folder, naive=naive)
        try:
            load, used, server_used, lasted = asyncio.run(
                _steady(server, bodies, halt, sizes, rate, seconds)
            )
            memory = server.megabytes()
        finally:
            server.stop()
        stored = _stored(folder)
        lags = load.lags(load.sent_at)
        halted = load.lags([load.stop])
        name = f"{sizes.phones} phones, {sizes.screens} screens, {rate} events/s, {seconds} s"
        found = [
            row(f"{name}: acknowledged, p50", _share(load.acks, 0.5) * 1000, "ms", None),
            row(f"{name}: acknowledged, p99", _share(load.acks, 0.99) * 1000, "ms", 100),
            row(f"{name}: on the screens, p50", _share(lags, 0.5) * 1000, "ms", None),
            row(f"{name}: on the screens, p99", _share(lags, 0.99) * 1000, "ms", 500),
            row(f"{name}: a stop on every screen after", max(halted) * 1000, "ms", 1000),
            row(f"{name}: events acknowledged a second", load.sent / lasted, "a second", rate),
            row(f"{name}: errors", len(load.errors), "", 0),
            row(f"{name}: events lost", load.sent - stored[0], "", 0),
            row(f"{name}: events stored twice", stored[1], "", 0),
            row(f"{name}: server memory at most", memory, "MB", 150),
            row(f"{name}: server processor time", server_used / lasted, "cores", None),
            row(f"{name}: client processor time", used / lasted, "cores", None),
        ]
        for one in sorted(set(load.errors))[:5]:
            print(one, file=sys.stderr)
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _presigned(pocket: Pocket, number: int, begin: datetime) -> list[bytes]:
    """Return signed reports, made before the clock runs: signing is the phone's work, not ours."""
    made = []
    for one in range(1, number + 1):
        pocket.waiting.clear()
        pocket.press(
            "through",
            begin + timedelta(seconds=one),
            convoy=f"c{one % 7 + 1:03d}",
            people=48 * one,
            vehicles=one,
        )
        made.append(json.dumps(pocket.batch(1)).encode())
    pocket.waiting.clear()
    return made


async def _steady(
    server: Server,
    bodies: list[list[bytes]],
    halt: bytes,
    sizes: Sizes,
    rate: int,
    seconds: int,
) -> tuple[Load, float, float, float]:
    load, stop = Load(), asyncio.Event()
    screens = [
        asyncio.create_task(screen(server.port, server.cookie, load, stop))
        for _ in range(sizes.screens)
    ]
    await asyncio.sleep(2)
    every = sizes.phones / rate
    begun, used, server_used = time.perf_counter(), time.process_time(), server.cpu()
    chance = random.Random(SEED)
    end = begun + seconds + 30
    pressed = asyncio.create_task(_stopped(server.port, halt, seconds / 2, load))
    await asyncio.gather(
        pressed,
        *(
            phone(server.port, one, every, begun + chance.random() * every, load, end)
            for one in bodies
        ),
    )
    lasted = time.perf_counter() - begun
    used, server_used = time.process_time() - used, server.cpu() - server_used
    await asyncio.sleep(1.5)
    stop.set()
    for one in screens:
        one.cancel()
    await asyncio.gather(*screens, return_exceptions=True)
    return load, used, server_used, lasted


async def _stopped(port: int, body: bytes, after: float, load: Load) -> None:
    """Press STOP on one phone in the middle of it all."""
    await asyncio.sleep(after)
    kept: list[Any] = []
    begun = time.perf_counter()
    _, answer = await post(port, body, kept)
    load.stop = answer["receipts"][0][3]
    load.sent_at[load.stop] = begun
    await let_go(kept)


def offline(sizes: Sizes) -> list[dict[str, Any]]:
    """Measure phones that come back with a full queue over a link that breaks again and again."""
    folder = Path(tempfile.mkdtemp(prefix="safepassage-bench-"))
    try:
        pockets = prepare(folder, sizes.offline_phones)
        each = sizes.queued // sizes.offline_phones
        begin = datetime.now(UTC) - timedelta(hours=24)
        for pocket in pockets:
            for one in range(1, each + 1):
                at = begin + timedelta(seconds=300 * one % 86_000)
                pocket.press("through", at, convoy="c001", people=one, vehicles=1)
        server = Server(folder)
        try:
            begun, used = time.perf_counter(), time.process_time()
            flaps = asyncio.run(_offline(server.port, pockets, sizes.flaps))
            lasted, used = time.perf_counter() - begun, time.process_time() - used
        finally:
            server.stop()
        stored, twice = _stored(folder)
        name = f"{sizes.offline_phones} phones, {sizes.queued} queued, {flaps} flaps"
        return [
            row(f"{name}: all in after", lasted, "s", 60),
            row(f"{name}: lost", sizes.queued - stored, "", 0),
            row(f"{name}: stored twice", twice, "", 0),
            row(f"{name}: client processor time", used / lasted, "cores", None),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _offline(port: int, pockets: list[Pocket], flaps: int) -> int:
    chance = random.Random(SEED)
    left = [flaps // len(pockets)] * len(pockets)
    done = 0

    async def empty(place: int, pocket: Pocket) -> None:
        nonlocal done
        kept: list[Any] = []
        while pocket.waiting:
            # Small parts, so that each phone's share of the flaps falls into its sending.
            body = json.dumps(pocket.batch(20)).encode()
            flap = None
            if left[place]:
                flap = chance.choice(["half sent", "answer lost"])
                left[place] -= 1
                done += 1
            try:
                status, answer = await post(port, body, kept, flap=flap)
            except ConnectionError:
                await asyncio.sleep(chance.random() * 0.2)
                continue
            if status != 200:
                raise RuntimeError(f"{status} {answer}")
            pocket.heard(answer["receipts"])
        await let_go(kept)

    await asyncio.gather(*(empty(place, one) for place, one in enumerate(pockets)))
    return done


# --- what is in the ledger


def _stored(folder: Path) -> tuple[int, int]:
    """Return how many events are whole in the ledger, and how many entries stand twice."""
    ledger = open_ledger(place_of(str(folder / "ledger.db")))
    moved: list[str] = []
    counted: list[str] = []
    for entry in ledger.entries(0, None, ("movement", "count")):
        if isinstance(entry.body, Movement):
            moved.append(entry.id[:-1])
        elif isinstance(entry.body, Count):
            counted.append(entry.id[:-1])
    ledger.close()
    whole = set(moved) & set(counted)
    twice = len(moved) - len(set(moved)) + len(counted) - len(set(counted))
    return len(whole), twice


def row(what: str, number: float, unit: str, goal: float | None) -> dict[str, Any]:
    """Print one measurement; return it, with how much was lost where that is what it counts."""
    found = {"what": what, "number": round(number, 3), "unit": unit, "goal": goal}
    print(json.dumps(found), flush=True)
    return {**found, "lost": number if "lost" in what else 0}


def _share(waits: list[float], share: float) -> float:
    """Return the wait that a share of all waits does not exceed; endless where there is none."""
    if not waits:
        return float("inf")
    return sorted(waits)[min(len(waits) - 1, int(share * len(waits)))]


def raise_files() -> None:
    """Allow as many open connections as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))


if __name__ == "__main__":
    raise_files()
    sys.exit(main())
