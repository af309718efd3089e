"""How gap, time and memory grow: from 100 to 100,000 loads, from 1 to 7 days of convoys.

`python -m benchmarks.growth [--loads 100,1000,10000,100000] [--days 1,2,4,7] [--limit 10] [--out]`
runs each size in a process of its own and prints one JSON line for it.
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from benchmarks.rows import FILE
from safepassage import __version__


def of_loads(loads: int, limit: float, seed: int) -> dict[str, object]:
    """Return what a large fleet of one tenth as many buses as loads reaches."""
    from benchmarks.tours_instances import large_family
    from safepassage.planner.tours.search import prepare, solve_tours

    prepare()
    problem = large_family(loads, max(1, loads // 10), seed)
    began = time.monotonic()
    made = solve_tours(problem, limit=limit, seed=1)
    seconds = time.monotonic() - began
    gap = None if made.value is None else 100 * (made.value - made.bound) / made.value
    return {
        "instance": f"{problem.name}, {problem.total} loads",
        "value": made.value,
        "bound": made.bound,
        "gap_percent": gap,
        "seconds": seconds,
    }


def of_days(days: int, limit: float, seed: int) -> dict[str, object]:
    """Return what the corridor of Aleppo with 35,000 people reaches in so many days."""
    from dataclasses import replace

    from benchmarks.examples import aleppo_week, run

    scenario = replace(aleppo_week(), horizon=timedelta(days=days))
    began = time.monotonic()
    made, first = run(scenario, limit, seed)
    seconds = time.monotonic() - began
    return {
        "instance": f"aleppo-2016, 35,000 people, {days} days",
        "value": made.value,
        "bound": made.bound,
        "gap_percent": None if made.gap is None else 100 * made.gap,
        "seconds": seconds,
        "first_plan_s": first,
    }


def _apart(kind: str, size: int, limit: float, seed: int) -> dict[str, object]:
    """Measure one size in a process of its own, so that its memory is its own."""
    words = ["--one", f"{kind}:{size}", "--limit", str(limit), "--seed", str(seed)]
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, object] = json.loads(made.stdout.splitlines()[-1])
    return told


def _add_row(told: dict[str, object], limit: float, seed: int) -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    note = f"peak {told['peak_mb']} MB, {told['processor_s']} s of processor"
    row = {key: told.get(key) for key in ("instance", "value", "bound", "gap_percent", "seconds")}
    row |= {
        "date": datetime.now(UTC).date().isoformat(),
        "benchmark": "growth",
        "solver": "safepassage",
        "version": __version__,
        "seed": seed,
        "limit_s": limit,
        "note": note,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
    }
    with FILE.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names).writerow(row)


def main() -> None:
    """Measure the sizes asked for."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--loads", default="100,1000,10000,100000")
    reader.add_argument("--days", default="1,2,4,7")
    reader.add_argument("--limit", type=float, default=10.0)
    reader.add_argument("--seed", type=int, default=1001)
    reader.add_argument("--one", help="KIND:SIZE in this process")
    reader.add_argument("--out", action="store_true")
    asked = reader.parse_args()
    if asked.one:
        kind, size = asked.one.split(":")
        measure = of_loads if kind == "loads" else of_days
        used = time.process_time()
        told = measure(int(size), asked.limit, asked.seed if kind == "loads" else 1)
        own = resource.getrusage(resource.RUSAGE_SELF)
        beside = resource.getrusage(resource.RUSAGE_CHILDREN)
        told["processor_s"] = round(time.process_time() - used, 1)
        told["peak_mb"] = max(own.ru_maxrss, beside.ru_maxrss) // 1024
        print(json.dumps(told))
        return
    sizes = [("loads", one) for one in asked.loads.split(",") if one]
    sizes += [("days", one) for one in asked.days.split(",") if one]
    for kind, size in sizes:
        told = _apart(kind, int(size), asked.limit, asked.seed)
        print(json.dumps(told), flush=True)
        if asked.out:
            _add_row(told, asked.limit, asked.seed)


if __name__ == "__main__":
    main()
