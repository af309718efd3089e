"""How fast a rehearsal is: `python -m benchmarks.rehearsal [--runs N] [--json] [--out FILE]`.

Aleppo with all rules at their defaults, at convoy and at vehicle level: the plan's own 24 hours,
and seven days in which the fleet shuttles on. Runs a second by the clock on one thread and on two,
and a second of processor on one (what a quiet machine would give). Then what a cell waits for:
16,384 runs with go-or-wait and tornado, go-or-wait alone, and the first run of a program that has
compiled nothing yet (in a process and a cache of its own).
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from safepassage import __version__
from safepassage.planner.plan_file import write_verified
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.rehearsal.decisions import go_or_wait
from safepassage.rehearsal.playing import even_points, play_blocks
from safepassage.rehearsal.prepared import Prepared, prepare
from safepassage.rehearsal.run import rehearse
from safepassage.scenario.load import load_scenario
from safepassage.scenario.rehearsal import RehearsalWanted

ROOT = Path(__file__).parents[1]
CASE = ROOT / "cases" / "aleppo-2016"
SEED = 7
SIZE = 1024


@dataclass(frozen=True)
class Measured:
    """One measurement: what, how much, in which unit."""

    instance: str
    value: float
    unit: str
    seconds: float
    note: str = ""


def main() -> int:
    """Measure, print, and add the rows to the table of results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=16_384, help="runs of each measurement")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--out", type=Path, default=None, help="table of results to add to")
    asked = parser.parse_args()
    rows = list(measure(max(SIZE, asked.runs)))
    if asked.out is not None:
        write(rows, asked.out)
    if asked.json:
        print(json.dumps({"machine": machine(), "rows": [vars(one) for one in rows]}))
    else:
        print(machine())
        for one in rows:
            print(f"{one.instance:<46} {one.value:>12,.1f} {one.unit}  {one.note}")
    return 0


def measure(runs: int) -> Iterator[Measured]:
    """Yield every measurement."""
    scenario = load_scenario(CASE)
    made = solve(scenario, iterations=20)
    yield first_run(made)
    week = replace(scenario, rehearsal=RehearsalWanted(horizon=timedelta(days=7), goes_on=True))
    blocks = max(2, runs // SIZE)
    for name, plan in (("24 h", made), ("7 days", verify(week, made.plan))):
        for level in ("convoy", "vehicle"):
            prepared = prepare(plan.scenario, plan, level=level)
            yield from speeds(f"Aleppo, {name}, {level} level, all rules", prepared, blocks)
    began = time.perf_counter()
    rehearse(scenario, made, runs=16_384, seed=SEED)
    took = time.perf_counter() - began
    yield Measured("Aleppo, 16,384 runs with all decisions", took, "s", took)
    prepared = prepare(scenario, made)
    began = time.perf_counter()
    found = go_or_wait(prepared, seed=SEED)
    took = time.perf_counter() - began
    yield Measured("Aleppo, go or wait with intervals", took, "s", took, f"{len(found)} waits")


def speeds(name: str, prepared: Prepared, blocks: int) -> Iterator[Measured]:
    """Yield runs a second: of processor on one thread, by the clock on one and on two."""
    for number in range(blocks):
        even_points(SEED, number, SIZE)
    play_blocks(prepared, seed=SEED, numbers=range(1), size=SIZE, threads=1)
    runs = blocks * SIZE
    clock = {}
    for threads in (1, 2):
        began, spent = time.perf_counter(), time.process_time()
        summary = play_blocks(
            prepared, seed=SEED, numbers=range(blocks), size=SIZE, threads=threads
        )
        clock[threads] = time.perf_counter() - began
        people = sum(int(one.out_sum[-1]) for one in summary.ordered()) / runs
        if threads == 1:
            processor = time.process_time() - spent
            note = f"{people:,.0f} people on average"
            yield Measured(f"{name}, processor", runs / processor, "runs/s", processor, note)
        yield Measured(
            f"{name}, {threads} thread{'s' if threads > 1 else ''}",
            runs / clock[threads],
            "runs/s",
            clock[threads],
            "" if threads == 1 else f"{clock[1] / clock[2]:.2f} times one",
        )


def first_run(made: VerifiedPlan) -> Measured:
    """Return how long the first rehearsal takes where nothing is compiled."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        write_verified(made, plan)
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(Path(folder) / "cache")}
        began = time.perf_counter()
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "safepassage", "rehearse", str(CASE), str(plan), "--json"],
            check=True,
            capture_output=True,
            env=environment,
            cwd=ROOT,
        )
        took = time.perf_counter() - began
        after = os.times()
        spent = after.children_user - before.children_user
    return Measured(
        "first rehearsal, nothing compiled", took, "s", took, f"{spent:.1f} s of processor"
    )


def machine() -> str:
    """Return what this ran on, the load with it."""
    cores = os.cpu_count() or 1
    return f"{platform.machine()}, {cores} cores, load {os.getloadavg()[0]:.1f}"


def write(rows: list[Measured], path: Path) -> None:
    """Add a row for each measurement to the table of results."""
    day = datetime.now(UTC).date().isoformat()
    with path.open("a", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        for one in rows:
            note = f"{one.unit}; {one.note}" if one.note else one.unit
            seconds = round(one.seconds, 3)
            table.writerow(
                (
                    *(day, "rehearsal", one.instance, "safepassage", __version__, SEED, ""),
                    *(seconds, round(one.value, 3), "", "", note, machine()),
                )
            )


if __name__ == "__main__":
    sys.exit(main())
