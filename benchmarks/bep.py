"""The Bus Evacuation Problem on public text files: `python -m benchmarks.bep FILE… --limit S`.

One JSON line a file: instance, value, bound (file units), seconds, tours. Each plan is costed again
here, from the numbers of the file alone, before it is printed; a plan that fails is not printed.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from safepassage.planner.tours.bep_text import BepFormatError, read_bep
from safepassage.planner.tours.problem import Tour, ToursProblem
from safepassage.planner.tours.search import Solution, prepare, solve_tours

OK, INVALID = 0, 3


def recost(problem: ToursProblem, tours: Sequence[Tour]) -> int:
    """Return the makespan of tours, computed here alone.

    Raises
    ------
    ValueError
        If a load stays, a shelter overflows, a yard sends too many, or a trip names no place.
    """
    between, first = problem.out.tolist(), problem.start.tolist()
    demand, room, buses = list(problem.loads), list(problem.room), list(problem.buses)
    last = 0
    for yard, trips in tours:
        if not trips:
            continue
        buses[yard] -= 1
        clock, shelter = 0, -1
        for pickup, gate in trips:
            clock += first[yard][pickup] if shelter < 0 else between[pickup][shelter]
            clock += between[pickup][gate]
            demand[pickup] -= 1
            room[gate] -= 1
            shelter = gate
        last = max(last, clock)
    if max(demand, default=0) > 0:
        raise ValueError(f"{sum(n for n in demand if n > 0)} loads are left behind")
    if min(room, default=0) < 0 or min(buses, default=0) < 0:
        raise ValueError("a shelter takes, or a yard sends, more than it holds")
    return last


def row(problem: ToursProblem, solution: Solution, seconds: float) -> dict[str, object]:
    """Return the JSON object of one instance."""
    tours = solution.tours
    value = None if tours is None else recost(problem, tours)
    if value is not None and (value != solution.value or value < solution.bound):
        raise ValueError(f"value {solution.value} and bound {solution.bound}, costed at {value}")
    return {
        "instance": problem.name,
        "value": value,
        "bound": solution.bound,
        "seconds": round(seconds, 3),
        "tours": None
        if tours is None
        else [{"yard": yard, "trips": [list(trip) for trip in trips]} for yard, trips in tours],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve each file and print a line for it; return 0, or 3 where a file is no instance."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bep", description=__doc__)
    parser.add_argument("file", nargs="+", type=Path, help="a file in the public text format")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds a file (default 60)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the search (default 1)")
    given = parser.parse_args(arguments)
    prepare()
    code = OK
    for path in given.file:
        try:
            problem = read_bep(path)
        except (BepFormatError, OSError) as fault:
            print(fault, file=sys.stderr)
            code = INVALID
            continue
        began = time.monotonic()
        solution = solve_tours(problem, limit=given.limit, seed=given.seed)
        print(json.dumps(row(problem, solution, time.monotonic() - began)), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
