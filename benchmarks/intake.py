"""A flood of junk on the public form: `python -m benchmarks.intake [--seconds 300] [--rate 1000]`.

Three things are measured with the same junk client, aimed first at a server that does nothing
(the client's own weight) and then at the intake: how quickly the board answers beside it, whether
genuine messages still arrive, and how large the queue gets. The intake runs on one core at low
priority, as on a machine that it shares. One JSON line each on stdout.

The junk: a third posts without a token, a third with a token that was never ours, a third fetches
the form and posts it at once.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from safepassage.intake.folder import QUEUE, make_folder
from safepassage.intake.queue import Queue

SAFEPASSAGE = Path(sys.executable).with_name("safepassage")
CASE = Path(__file__).parents[1] / "cases" / "aleppo-2016"
CONNECTIONS = 50
GENUINE_EVERY = 5.0
FORGED = "16dd5.0011223344556677.AAAAAAAAAAAAAAAA"


@dataclass
class Tally:
    """What the junk client saw."""

    sent: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    failed: int = 0


def free_port() -> int:
    """Return a port of the loopback that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, *, core: int | None = None) -> Iterator[int]:
    """Run a server of ours until the block ends; yield its process id."""
    prefix = [] if core is None else ["taskset", "-c", str(core)]
    process = subprocess.Popen([*prefix, *command], stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{command[1]} stopped with {process.returncode}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


NULL = """
import asyncio, sys
class Null(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok")
async def main():
    server = await asyncio.get_running_loop().create_server(Null, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
"""


async def exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[str, bytes]:
    """Send one request on a kept connection and return status and body."""
    writer.write(request)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length.group(1))) if length else b""
    return head[9:12].decode(), body


def post(path: str, fields: dict[str, str]) -> bytes:
    """Return a form as it goes over the wire."""
    body = urlencode(fields).encode()
    return (
        f"POST {path} HTTP/1.1\r\nhost: public\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body


async def junk_worker(port: int, address: str, until: float, gap: float, tally: Tally) -> None:
    """Send junk on one connection, one request every `gap` seconds."""
    due = time.monotonic()
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    number = 0
    while time.monotonic() < until:
        number += 1
        fields = {"category": "question", "message": f"buy now www.junk{number}.example.com $99"}
        if number % 3 == 1:
            fields["token"] = FORGED
        request = (
            b"GET /en/ask HTTP/1.1\r\nhost: public\r\n\r\n"
            if number % 3 == 2
            else post("/en/ask", fields)
        )
        try:
            if streams is None:
                streams = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            status, _ = await exchange(*streams, request)
            tally.statuses[status] = tally.statuses.get(status, 0) + 1
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            tally.failed += 1
            streams = None
        tally.sent += 1
        due += gap
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def flood(port: int, seconds: float, rate: float) -> Tally:
    """Send junk from many addresses at a rate in all."""
    tally = Tally()
    until = time.monotonic() + seconds
    gap = CONNECTIONS / rate
    await asyncio.gather(
        *(
            junk_worker(port, f"127.0.{one // 200}.{one % 200 + 2}", until, gap, tally)
            for one in range(CONNECTIONS)
        )
    )
    return tally


async def genuine(port: int, seconds: float) -> tuple[int, int, list[float]]:
    """Write as people do: fetch the form, wait, send; press again where asked to.

    Returns how many tried, how many were written down, and how long each press took.
    """
    until = time.monotonic() + seconds
    tried = kept = 0
    took: list[float] = []
    while time.monotonic() < until:
        begun = time.monotonic()
        tried += 1
        address = f"127.1.{tried // 200}.{tried % 200 + 2}"
        for _ in range(5):
            try:
                streams = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
                _, page = await exchange(*streams, b"GET /en/ask HTTP/1.1\r\nhost: public\r\n\r\n")
                token = re.search(rb'name="token" value="([^"]+)"', page)
                await asyncio.sleep(3.5)
                fields = {
                    "token": token.group(1).decode() if token else "",
                    "category": "question",
                    "message": f"when may the people of house {tried} leave?",
                }
                pressed = time.monotonic()
                status, page = await exchange(*streams, post("/en/ask", fields))
                streams[1].close()
                took.append(time.monotonic() - pressed)
                if status == "200" and b'class="code"' in page:
                    kept += 1
                    break
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await asyncio.sleep(1.0)
        await asyncio.sleep(max(0.0, GENUINE_EVERY - (time.monotonic() - begun)))
    return tried, kept, took


async def probe(port: int, path: str, seconds: float) -> list[float]:
    """Ask the board 20 times a second; return how long each answer took."""
    until = time.monotonic() + seconds
    took: list[float] = []
    streams = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < until:
        begun = time.monotonic()
        await exchange(*streams, f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
        took.append(time.monotonic() - begun)
        await asyncio.sleep(max(0.0, 0.05 - (time.monotonic() - begun)))
    return took


def p99(values: list[float]) -> float:
    """Return the 99th percentile in milliseconds."""
    return 1000 * statistics.quantiles(values, n=100)[98] if len(values) > 1 else float("nan")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--child", choices=["junk", "genuine"])
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    if given.child == "junk":
        tally = asyncio.run(flood(given.port, given.seconds, given.rate))
        print(json.dumps({"sent": tally.sent, "failed": tally.failed, "by": tally.statuses}))
        return
    if given.child == "genuine":
        tried, kept, took = asyncio.run(genuine(given.port, given.seconds))
        print(json.dumps({"tried": tried, "kept": kept, "p99_ms": round(p99(took), 1)}))
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given.seconds, given.rate)


def child(kind: str, port: int, seconds: float, rate: float) -> "subprocess.Popen[str]":
    """Start a client in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.intake", "--child", kind, "--port", str(port),
         "--seconds", str(seconds), "--rate", str(rate)],
        stdout=subprocess.PIPE, text=True, cwd=CASE.parents[1],
    )  # fmt: skip


def measure(folder: Path, seconds: float, rate: float) -> None:
    """Run the board, then the flood on a null server, then on the intake beside it."""
    host, ledger = folder / "host", folder / "room.ledger"
    make_folder(host, folder / "cell.key")
    subprocess.run([SAFEPASSAGE, "ledger", "init", "--ledger", ledger], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    board, null, public = free_port(), free_port(), free_port()
    cores = sorted(os.sched_getaffinity(0))
    intake = [str(SAFEPASSAGE), "intake", "serve", "--folder", str(host), "--port", str(public)]
    room = [str(SAFEPASSAGE), "board", str(CASE), "--ledger", str(ledger), "--port", str(board)]
    with running(room, board):
        for name, port, command in (
            ("null server", null, [sys.executable, "-c", NULL, str(null)]),
            ("intake", public, intake),
        ):
            with running(command, port, core=cores[-1]) as pid:
                junk = child("junk", port, seconds, rate)
                people = child("genuine", port, seconds, rate) if name == "intake" else None
                took = asyncio.run(probe(board, "/", seconds))
                said = json.loads(junk.communicate()[0])
                line = {
                    "aimed_at": name,
                    "seconds": seconds,
                    "board_p50_ms": round(1000 * statistics.median(took), 1),
                    "board_p99_ms": round(p99(took), 1),
                    "junk": said,
                    "junk_a_second": round(said["sent"] / seconds),
                }
                if people is not None:
                    line["genuine"] = json.loads(people.communicate()[0])
                    status = Path(f"/proc/{pid}/status").read_text()
                    line["memory_mb"] = int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024
                print(json.dumps(line), flush=True)
    counts = Queue(host / QUEUE).counts()
    print(json.dumps({"queue": dict(counts), "cores": len(cores)}))


if __name__ == "__main__":
    main()
