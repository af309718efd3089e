"""The cases that come with the program: first plan, best plan, bound, fill and send beside it.

`python -m benchmarks.examples [--limit 60] [--only WORD] [--out]` prints one JSON line a case; with
--out rows are added to results.csv, and best.csv keeps what is better than before.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks import best, rows
from safepassage.cli.given import read_timed
from safepassage.planner.budget import Progress
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.example import example_text
from safepassage.scenario.figure import sure
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.scenario import Scenario

CASES = Path(__file__).parents[1] / "cases"
WEEK = "aleppo-2016, 35,000 people, 7 days"


def aleppo_week() -> Scenario:
    """Return the case of Aleppo with 35,000 people in all, companions included, and 7 days."""
    case = read_timed(CASES / "aleppo-2016")
    riders = {one.id: 1 + case.person_class[one.class_id].companions for one in case.groups}
    wounded = sum(
        one.leave.pick() * riders[one.id] for one in case.groups if one.class_id != "walking"
    )
    groups = tuple(
        replace(one, leave=sure(35_000 - wounded)) if one.class_id == "walking" else one
        for one in case.groups
    )
    return replace(case, horizon=timedelta(days=7), groups=groups)


def template() -> Scenario:
    """Return the scenario that `safepassage new` writes."""
    text = example_text("example")
    return read_document(parse(text.encode(), "scenario.toml"), "0" * 64)


def examples() -> Iterator[tuple[str, Scenario]]:
    """Return every example by name: the cases, one of them one way, the week, the template."""
    for folder in sorted(one.parent for one in CASES.glob("*/scenario.toml")):
        case = read_timed(folder)
        yield folder.name, case
        if folder.name == "aleppo-2016":
            lane = replace(case.corridors[0], one_way=True)
            yield "aleppo-2016, one way", replace(case, corridors=(lane,))
            yield WEEK, aleppo_week()
    yield "template of new", template()


def run(scenario: Scenario, limit: float, seed: int = 1) -> tuple[VerifiedPlan, float | None]:
    """Return the plan of a scenario, and after how many seconds the first verified one was there.

    Reading the scenario does not count; loading compiled code does.
    """
    firsts: list[float] = []
    began = time.monotonic()

    def note(now: Progress) -> None:
        if now.value > 0 and not firsts:
            firsts.append(time.monotonic() - began)

    made = solve(scenario, limit=timedelta(seconds=limit), seed=seed, progress=note)
    return made, firsts[0] if firsts else None


def main() -> None:
    """Plan every example and say how far the plan is from the bound, and when the first came."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--limit", type=float, default=60.0)
    reader.add_argument("--only", default="")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--out", action="store_true")
    asked = reader.parse_args()
    for name, scenario in examples():
        if asked.only not in name:
            continue
        began = time.monotonic()
        made, first = run(scenario, asked.limit, asked.seed)
        seconds = time.monotonic() - began
        baseline = fill_and_send(scenario).value
        known = best.found(name, made)
        if asked.out:
            rows.add_plan(
                "examples", name, made, limit=asked.limit, seconds=seconds, first_plan=first,
                baseline=baseline,
            )  # fmt: skip
            known = best.keep(known)
        told = {
            "case": name,
            "value": made.value,
            "bound": made.bound,
            "gap": made.gap,
            "relaxes": list(made.plan.proof.relaxes),
            "first_plan_s": None if first is None else round(first, 2),
            "fill_and_send": baseline,
            "seconds": round(seconds, 1),
            "plan_hash": made.plan_hash,
            "best_value": known.value,
            "best_bound": known.bound,
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
