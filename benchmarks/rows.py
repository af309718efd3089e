"""Rows of results.csv: what one run of the planner found, a row per run and release."""

import csv
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from safepassage import __version__
from safepassage.planner.verified import VerifiedPlan

HERE = Path(__file__).parent
FILE = HERE / "results.csv"


def add_plan(
    benchmark: str,
    instance: str,
    made: VerifiedPlan,
    *,
    limit: float,
    seconds: float,
    first_plan: float | None,
    baseline: float,
    note: str = "",
    path: Path = FILE,
) -> None:
    """Add the row of one plan: value, bound, gap, time to the first plan, fill and send."""
    load = os.getloadavg()[0]
    first = "no plan before the end" if first_plan is None else f"first plan {first_plan:.2f} s"
    said = [f"fill and send {baseline:.1f}", first, *([note] if note else [])]
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    row = {
        "date": datetime.now(UTC).date().isoformat(),
        "benchmark": benchmark,
        "instance": instance,
        "solver": "safepassage",
        "version": __version__,
        "seed": made.plan.seed,
        "limit_s": limit,
        "seconds": round(seconds, 2),
        "value": made.value,
        "bound": "" if made.bound is None else made.bound,
        "gap_percent": "" if made.gap is None else round(100 * made.gap, 3),
        "note": "; ".join(said),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}",
    }
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names).writerow(row)
