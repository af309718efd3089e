"""Tours beside peers: `python -m benchmarks.tours [--quick] [--limit S] [--seeds N] [--out FILE]`.

The protocol: fresh seeds a size, the same wall time and one machine for all, building the model
counts and compiling does not, every plan is costed again here, every bound is certified again, and
no plan is reported as such. Rows are added to benchmarks/results.csv.

`--sizes 1000/100,10000/1000` runs instances of so many loads and buses alone, `--from SEED` draws
other seeds, `--trace 60,120` also tells how far our run had come after so many seconds. `--alone`
leaves the peers out: `python -m benchmarks.tours --alone --sizes 1000/100,10000/1000 --seeds 10
--limit 120 --trace 60`. The protocol beside peers is `--sizes 100/10,300/30,1000/100`.
"""

import argparse
import csv
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import best
from benchmarks.bep import recost
from benchmarks.tours_instances import euclidean_twin, large_family, standard_family
from safepassage.planner.tours.bep_text import write_bep
from safepassage.planner.tours.certificate import shortfall
from safepassage.planner.tours.problem import Tour, ToursProblem
from safepassage.planner.tours.search import prepare, solve_tours

HERE = Path(__file__).parent
PACKAGES = {"pyvrp": "pyvrp", "vroom": "pyvroom", "ortools": "ortools", "literature": "highspy"}
FIELDS = (
    "date",
    "benchmark",
    "instance",
    "solver",
    "version",
    "seed",
    "limit_s",
    "seconds",
    "value",
    "bound",
    "gap_percent",
    "note",
    "machine",
)


@dataclass(frozen=True)
class Result:
    """One solver on one instance; value None where it brought no plan."""

    solver: str
    instance: str
    value: int | None
    bound: int | None
    seconds: float
    note: str
    plan_hash: str = ""


def instances(
    sizes: Sequence[tuple[int, int]], seeds: Sequence[int], *, small: bool, twins: bool
) -> list[ToursProblem]:
    """Return the instances of a run; `small`: also of the public family, `twins`: metric ones."""
    found = [standard_family(size, s) for size in (6, 8, 10) for s in seeds] if small else []
    for loads, buses in sizes:
        found += [large_family(loads, buses, s) for s in seeds]
    if twins:
        found += [euclidean_twin(1000, 100, s) for s in seeds]
    return found


Step = tuple[float, int | None, int]
"""Seconds, the makespan of the best plan by then (None: no plan), the best bound."""


def ours(
    problem: ToursProblem, limit: float, trace: Callable[[Step], None] | None = None
) -> Result:
    """Solve and check again: cost by the benchmark's own code, certificate in whole numbers."""

    def note(seconds: float, value: int | None, bound: int) -> None:
        if trace is not None:
            trace((seconds, value, bound))

    began = time.monotonic()
    solution = solve_tours(problem, limit=limit, seed=1, progress=note)
    seconds = time.monotonic() - began
    value = None if solution.tours is None else recost(problem, solution.tours)
    if solution.certificate is not None and shortfall(problem, solution.certificate) <= 0:
        raise ValueError(f"{problem.name}: the certificate of the bound does not hold")
    kept = best.digest(json.dumps(solution.tours)) if solution.tours is not None else ""
    known = f"bound: {solution.known}"
    return Result("safepassage", problem.name, value, solution.bound, seconds, known, kept)


def by_then(name: str, steps: Sequence[Step], mark: float) -> Result:
    """Return the best value and the best bound that a run had told by a mark, in seconds."""
    told = [(value, bound) for seconds, value, bound in steps if seconds <= mark]
    value = min((value for value, _ in told if value is not None), default=None)
    bound = max((bound for _, bound in told), default=None)
    return Result(f"safepassage@{mark:g}", name, value, bound, mark, "so far in a longer run")


def keep(problem: ToursProblem, one: Result) -> None:
    """Let best.csv know what was found: the longest tour, in the ticks of the file."""
    if one.value is not None:
        kind = one.note.removeprefix("bound: ")
        text = best.digest(write_bep(problem))[:12]
        best.keep(best.row(one.instance, text, "least", one.value, one.plan_hash, one.bound, kind))


def peer(name: str, problem: ToursProblem, path: Path, limit: float) -> Result:
    """Run one peer in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.tours_peers"]
    given = ""
    if name == "ortools":
        # Its library does not load beside HiGHS: the flow that fixes shelters is made apart.
        made = subprocess.run(
            [*command, "trips", str(path)], capture_output=True, text=True, check=True
        )
        given = made.stdout
    began = time.monotonic()
    done = subprocess.run(
        [*command, name, str(path), "--limit", str(limit)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return Result(name, problem.name, None, None, seconds, lines[-1] if lines else "failed")
    answer = json.loads(done.stdout)
    if answer["tours"] is None:
        return Result(name, problem.name, None, None, seconds, answer["note"])
    tours = [Tour(yard, tuple(map(tuple, trips))) for yard, trips in answer["tours"]]
    try:
        value = recost(problem, tours)
    except ValueError as fault:
        return Result(name, problem.name, None, None, seconds, f"refused: {fault}")
    return Result(name, problem.name, value, None, seconds, answer["note"])


def gap(result: Result, bound: int) -> float | None:
    """Return by how much a value is above our proved bound, in percent of the value."""
    return None if result.value is None else 100.0 * (result.value - bound) / result.value


def add_rows(path: Path, results: Sequence[tuple[Result, int]], limit: float) -> None:
    """Add rows to the table of results, with a head where it is new."""
    date = datetime.now(UTC).date().isoformat()
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, FIELDS)
        if new:
            table.writeheader()
        for one, bound in results:
            above = gap(one, bound)
            table.writerow(
                {
                    "date": date,
                    "benchmark": "tours",
                    "instance": one.instance,
                    "solver": one.solver,
                    "version": _version(PACKAGES.get(one.solver, "safepassage")),
                    "seed": 1,
                    "limit_s": limit,
                    "seconds": round(one.seconds, 2),
                    "value": "" if one.value is None else one.value,
                    "bound": "" if one.bound is None else one.bound,
                    "gap_percent": "" if above is None else round(above, 3),
                    "note": one.note,
                    "machine": f"{platform.machine()}, 2 cores",
                }
            )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def summary(results: Sequence[tuple[Result, int]]) -> list[str]:
    """Return a line for each solver: plans, median and worst gap to the proved bound."""
    lines = []
    for solver in dict.fromkeys(one.solver for one, _ in results):
        mine = [gap(one, bound) for one, bound in results if one.solver == solver]
        known = sorted(value for value in mine if value is not None)
        line = f"{solver}: {len(known)} plans of {len(mine)}"
        if known:
            line += f", median gap {statistics.median(known):.2f} %, worst {known[-1]:.2f} %"
        lines.append(line)
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the protocol and print a summary; return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tours", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, 5 s, 300 loads at most")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds (default 60)")
    parser.add_argument("--seeds", type=int, default=3, help="seeds a size (default 3)")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--sizes", type=_sizes, help="loads/buses,… instead of the usual ones")
    parser.add_argument("--from", dest="first", type=int, default=1001, help="first seed")
    parser.add_argument("--trace", type=_marks, default=(), help="seconds,… also told of our run")
    parser.add_argument("--out", type=Path, default=HERE / "results.csv", help="table of results")
    given = parser.parse_args(arguments)
    limit, number = (5.0, 1) if given.quick else (given.limit, given.seeds)
    usual = [(300, 30)] if given.quick else [(100, 10), (300, 30), (1000, 100), (10_000, 1000)]
    drawn = instances(
        given.sizes or usual,
        range(given.first, given.first + number),
        small=given.sizes is None,
        twins=given.sizes is None and not given.quick,
    )
    prepare()
    results: list[tuple[Result, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        for problem in drawn:
            path = Path(folder) / f"{problem.name}.txt"
            path.write_text(write_bep(problem), encoding="utf-8")
            steps: list[Step] = []
            mine = ours(problem, limit, steps.append)
            if given.out == HERE / "results.csv":
                keep(problem, mine)
            bound = mine.bound or 0
            rows = [(mine, bound)]
            for mark in given.trace:
                then = by_then(problem.name, steps, mark)
                rows.append((then, then.bound or 0))
            if not given.alone and problem.total <= 1500:
                rows += [(peer(name, problem, path, limit), bound) for name in PACKAGES]
            for one, _ in rows:
                print(f"{one.instance} {one.solver}: {one.value} ({one.note})", file=sys.stderr)
            add_rows(given.out, rows, limit)
            results += rows
    print("\n".join(summary(results)))
    return 0


def _sizes(text: str) -> list[tuple[int, int]]:
    """Read "1000/100,300/30"."""
    pairs = [one.split("/") for one in text.split(",")]
    return [(int(loads), int(buses)) for loads, buses in pairs]


def _marks(text: str) -> tuple[float, ...]:
    """Read "60,120"."""
    return tuple(float(one) for one in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
