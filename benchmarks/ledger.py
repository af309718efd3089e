"""How fast the ledger is, both stores in one run: `python -m benchmarks.ledger [--quick]`.

One JSON line a measurement on stdout: store, what, number, unit, goal (None where the issue names
none). A PostgreSQL server of our own is started by an unprivileged user where one is installed;
else its rows are left out and stderr says so.
"""

import argparse
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from safepassage.ledger.entry import Message
from safepassage.ledger.folding import Projection
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import Ledger
from safepassage.ledger.seen import Movement
from safepassage.ledger.signer import Signer, new_signer
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.store import Store
from safepassage.ledger.verify import verify_chain

AT = datetime(2016, 12, 15, 12, 30, tzinfo=UTC)
SOURCE = Source(channel="radio", person="radio-1")
BATCH = 100
BUSES = 20
KEPT = 50
"""How often a kept situation is brought up to date by one entry."""


@dataclass(frozen=True)
class Sizes:
    """How many entries each measurement writes or reads."""

    single: int
    grouped: int
    large: int


FULL = Sizes(single=2_000, grouped=50_000, large=1_000_000)
QUICK = Sizes(single=300, grouped=5_000, large=20_000)


def main() -> int:
    """Measure both stores and print one JSON line a measurement."""
    parser = argparse.ArgumentParser(description="How fast the ledger is.")
    parser.add_argument("--quick", action="store_true", help="small numbers, for a first look")
    parser.add_argument("--skip-large", action="store_true", help="leave the million out")
    parser.add_argument("--large-only", action="store_true", help="the million alone")
    given = parser.parse_args()
    sizes = QUICK if given.quick else FULL
    folder = Path(tempfile.mkdtemp(prefix="safepassage-bench-"))
    try:
        if not given.large_only:
            measure_rates(folder, sizes)
        if not given.skip_large:
            measure_large(folder / "large.db", sizes.large)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def measure_rates(folder: Path, sizes: Sizes) -> None:
    """Measure how fast entries are written, both stores in one run."""
    measure_store("sqlite", open_sqlite(folder / "rates.db"), folder / "rates", sizes)
    with postgres() as address:
        if address is not None:
            from safepassage.ledger.postgres import open_postgres

            store: Store = open_postgres(address)
            measure_store("postgres", store, folder / "postgres", sizes)
            plain_insert(address, sizes.single)


def tell(store: str, what: str, number: float, unit: str, goal: float | None = None) -> None:
    """Print one measurement."""
    row = {"store": store, "what": what, "number": round(number, 3), "unit": unit, "goal": goal}
    print(json.dumps(row), flush=True)


def new_ledger(store: Store, keys: Path) -> tuple[Ledger, Signer]:
    """Return a founded ledger whose data keys lie in a file."""
    signer = new_signer("room")
    ledger = Ledger(store, Keyring(keys), signer)
    ledger.found(at=AT)
    return ledger, signer


def message(number: int) -> Message:
    """Return the report number `number`: buses depart, pass, arrive, in turn."""
    bus, step = f"bus-{number % BUSES + 1:02d}", number // BUSES % 3
    if step == 0:
        body = Movement(
            what="departed",
            place="amiriyah",
            to="rashidin4",
            vehicle=bus,
            at=AT,
            load={"walking": 48},
            groups={"others": 48},
        )
    elif step == 1:
        body = Movement(what="through", place="ramouseh", vehicle=bus, at=AT)
    else:
        body = Movement(what="arrived", place="rashidin4", vehicle=bus, at=AT)
    return Message(f"m-{number}", body, SOURCE, AT)


def measure_store(name: str, store: Store, keys: Path, sizes: Sizes) -> None:
    """Measure durable single entries and signed batches on one store."""
    ledger, signer = new_ledger(store, keys)
    waits = []
    used = time.process_time()
    for number in range(sizes.single):
        one = message(number)
        begin = time.perf_counter()
        ledger.append([one], at=AT)
        waits.append(time.perf_counter() - begin)
    tell(name, "single durable entries, each signed", sizes.single / sum(waits), "a second", 200)
    used = time.process_time() - used
    tell(name, "one entry, processor time of the ledger", used / sizes.single * 1000, "ms")
    waits.sort()
    tell(name, "one entry, median", waits[len(waits) // 2] * 1000, "ms")
    tell(name, "one entry, 99 of 100", waits[len(waits) * 99 // 100] * 1000, "ms")
    batches = [
        [message(number) for number in range(first, first + BATCH)]
        for first in range(sizes.single, sizes.single + sizes.grouped, BATCH)
    ]
    begin, used = time.perf_counter(), time.process_time()
    for batch in batches:
        ledger.append(batch, at=AT)
    lasted, used = time.perf_counter() - begin, time.process_time() - used
    tell(name, "entries in batches, a second of processor time", sizes.grouped / used, "each")
    tell(name, f"entries in signed batches of {BATCH}", sizes.grouped / lasted, "a second", 5000)
    begin = time.perf_counter()
    found = verify_chain(store, {"room": signer.key})
    rate = found.entries / (time.perf_counter() - begin)
    tell(name, "entries verified (chain, heads)", rate, "a second")
    if not found.whole:
        raise SystemExit(f"{name}: the ledger is not whole: {found.faults[:3]}")
    ledger.close()


def measure_large(path: Path, size: int) -> None:
    """Measure verifying, rebuilding and restarting with very many entries."""
    ledger, signer = new_ledger(open_sqlite(path), path.with_suffix(".keys"))
    begin = time.perf_counter()
    for first in range(0, size, 1000):
        ledger.append([message(number) for number in range(first, first + 1000)], at=AT)
        if first % 100_000 == 0:
            ledger.sign_head(at=AT)
    ledger.sign_head(at=AT)
    what = f"{size:,} entries"
    tell("sqlite", f"{what}: written in batches of 1000", time.perf_counter() - begin, "s")
    tell("sqlite", f"{what}: size of the file", path.stat().st_size / 1e6, "MB")
    begin, used = time.perf_counter(), time.process_time()
    found = verify_chain(ledger.store, {"room": signer.key})
    used = time.process_time() - used
    tell("sqlite", f"{what}: chain and heads verified, processor time", used, "s")
    goal = 10.0 if size >= 1_000_000 else None
    tell("sqlite", f"{what}: chain and heads verified", time.perf_counter() - begin, "s", goal)
    begin, used = time.perf_counter(), time.process_time()
    kept = Projection(ledger)
    now = kept.situation(AT)
    lasted, used = time.perf_counter() - begin, time.process_time() - used
    tell("sqlite", f"{what}: situation rebuilt", lasted, "s", goal)
    tell("sqlite", f"{what}: situation rebuilt, processor time", used, "s")
    arrived = now.brought["rashidin4"]["walking"]
    trips = (size // (3 * BUSES)) * BUSES + max(0, size % (3 * BUSES) - 2 * BUSES)
    if not found.whole or arrived != 48 * trips:
        raise SystemExit(f"wrong: {found.faults[:3]}, {arrived} arrived, not {48 * trips}")
    waits = []
    for number in range(size, size + KEPT):
        ledger.append([message(number)], at=AT)
        begin = time.perf_counter()
        kept.situation(AT)
        waits.append(time.perf_counter() - begin)
    tell(
        "sqlite", f"{what}: kept situation brought up to date", sorted(waits)[KEPT // 2] * 1e3, "ms"
    )
    ledger.close()
    begin = time.perf_counter()
    again = Ledger(open_sqlite(path), Keyring(path.with_suffix(".keys")), signer)
    again.append([message(size + KEPT)], at=AT)
    goal = 2.0 if size >= 1_000_000 else None
    tell("sqlite", f"{what}: restart to the next entry", time.perf_counter() - begin, "s", goal)
    again.close()


def plain_insert(address: str, number: int) -> None:
    """Measure what PostgreSQL does without any ledger: one row, one commit."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE plain (id text PRIMARY KEY, body bytea)")
        begin = time.perf_counter()
        for one in range(number):
            connection.execute("INSERT INTO plain VALUES (%s, %s)", (f"m-{one}", bytes(300)))
        rate = number / (time.perf_counter() - begin)
    tell("postgres", "plain inserts of 300 bytes, no ledger", rate, "a second")


@contextmanager
def postgres() -> Iterator[str | None]:
    """Yield the address of a PostgreSQL server of our own; None where there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3])
    )
    if not found:
        print("no PostgreSQL server installed: its rows are left out", file=sys.stderr)
        yield None
        return
    binaries, folder = found[-1].parent, Path(tempfile.mkdtemp(prefix="safepassage-bench-pg-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [*prefix, str(binaries / program), "-D", str(folder / "data"), *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run("initdb", "-U", "ledger", "--auth=trust")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
    run("pg_ctl", "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgresql://ledger@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
