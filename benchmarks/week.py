"""The case of Aleppo with more people and days than its own: `python -m benchmarks.week`.

35,000 people, 7 days and one hand-over point, both ways at a time and then one way at a time;
`--hours`, `--people` and `--mean-hours` take other numbers. Prints a JSON line for each; with --out
rows are added to results.csv, and best.csv keeps what is better than before.
"""

import argparse
import json
import resource
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks import best, rows
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.solve import solve
from safepassage.scenario.figure import sure
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law

CASE = Path(__file__).parents[1] / "cases" / "aleppo-2016"


def week(
    *, hours: int = 168, people: int = 35_000, one_way: bool, mean_hours: int | None = None
) -> Scenario:
    """Return the case with a horizon and so many persons in all, the wounded and all else as is.

    With `mean_hours` the window holds so long on average, not the 12 h of the case.
    """
    case = load_scenario(CASE)
    companions = {one.id: one.companions for one in case.classes}
    wounded = sum(
        one.leave.pick("likely") * (1 + companions[one.class_id])
        for one in case.groups
        if one.id != "others"
    )
    others = sure(people - wounded)
    return replace(
        case,
        name=case_name(hours=hours, people=people, one_way=one_way, mean_hours=mean_hours),
        horizon=timedelta(hours=hours),
        groups=tuple(
            replace(one, leave=others) if one.id == "others" else one for one in case.groups
        ),
        corridors=(replace(case.corridors[0], one_way=one_way),),
        ending=case.ending
        if mean_hours is None
        else Law("exponential", sure(timedelta(hours=mean_hours))),
    )


def case_name(*, hours: int, people: int, one_way: bool, mean_hours: int | None = None) -> str:
    """Return the name under which a case is kept."""
    ways = "one way at a time" if one_way else "both ways"
    mean = "" if mean_hours is None else f", window of {mean_hours} h"
    return f"Aleppo, {hours} h, {people} people, {ways}{mean}"


def main() -> None:
    """Run both cases and print a JSON line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hours", type=int, default=168)
    parser.add_argument("--people", type=int, default=35_000)
    parser.add_argument("--mean-hours", type=int, default=None)
    parser.add_argument("--ways", choices=("both", "one", "all"), default="all")
    parser.add_argument("--out", action="store_true")
    asked = parser.parse_args()
    for one_way in (False, True):
        if asked.ways != "all" and one_way != (asked.ways == "one"):
            continue
        case = week(
            hours=asked.hours, people=asked.people, one_way=one_way, mean_hours=asked.mean_hours
        )
        _measure(case, asked.seconds, out=asked.out)


def _measure(case: Scenario, limit: float, *, out: bool) -> None:
    first: list[float] = []
    began = time.monotonic()

    def note(now: object) -> None:
        del now
        if not first:
            first.append(time.monotonic() - began)

    made = solve(case, limit=timedelta(seconds=limit), progress=note)
    seconds = time.monotonic() - began
    used = [resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    memory = round(max(one.ru_maxrss for one in used) / 1024)
    baseline = fill_and_send(case).value
    if out:
        best.keep(best.found(case.name, made))
        rows.add_plan(
            "week", case.name, made, limit=limit, seconds=seconds, baseline=baseline,
            first_plan=first[0] if first else None, note=f"at most {memory} MB",
        )  # fmt: skip
    print(
        json.dumps(
            {
                "case": case.name,
                "value": made.value,
                "bound": made.bound,
                "gap": made.gap,
                "relaxes": list(made.plan.proof.relaxes),
                "first_plan_s": round(first[0], 2) if first else None,
                "fill_and_send": baseline,
                "seconds": round(seconds, 1),
                "most_mb": memory,
                "plan_hash": made.plan_hash,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()
