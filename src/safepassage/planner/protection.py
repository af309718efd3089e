"""What rules that protect people cost in persons: for the head alone, on request, and logged.

Knows which rules protect: weights by need (the wounded first) and households that stay together.
The caller sees to it that only the head asks, and that the request is on record.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from safepassage.planner.objective import plan_value
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.search import Search
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways
from safepassage.scenario.scenario import Scenario

STEPS = 40
"""Search steps with each rule and without it: the same for both."""


@dataclass(frozen=True, slots=True)
class Protection:
    """One rule: persons expected to arrive with it and without it, each the best that was found."""

    rule: str
    what: str
    kept: float
    dropped: float

    def to_json(self) -> dict[str, object]:
        """Return it as in `explain --protection`."""
        return {
            "rule": self.rule,
            "what": self.what,
            "expected_people_kept": round(self.kept, 3),
            "expected_people_dropped": round(self.dropped, 3),
            "kind": "resolved",
        }


def protection_prices(
    verified: VerifiedPlan, *, stop: Callable[[], bool] | None = None
) -> tuple[Protection, ...]:
    """Return what each protecting rule of a scenario costs; none where it has no such rule."""
    people = verified.plan.people
    problem = make_problem(verified.scenario, people)
    kept = max(_persons(problem, problem, stop), verified.expected_people)
    found = []
    for rule, what, without in _without(verified.scenario):
        if stop is not None and stop():
            break
        dropped = _persons(make_problem(without, people), problem, stop)
        found.append(Protection(rule, what, kept, max(kept, dropped)))
    return tuple(found)


def _persons(problem: Problem, measure: Problem, stop: Callable[[], bool] | None) -> float:
    """Return the persons expected to arrive by the best plan of a fixed amount of work."""
    search = Search(problem, Ways(problem), rng=random.Random(0), stop=stop)  # noqa: S311 - no secret
    for policy in search.starts()[:8]:
        search.offer(policy)
    for _ in range(STEPS):
        if (stop is not None and stop()) or not search.step():
            continue
    trips = () if search.best is None else search.best.trips
    return plan_value(measure, trips, weighted=False)


def _without(scenario: Scenario) -> Iterator[tuple[str, str, Scenario]]:
    if any(one.weight != 1 for one in scenario.classes):
        equal = tuple(replace(one, weight=1.0) for one in scenario.classes)
        yield "weights", "those in need count no more than others", replace(scenario, classes=equal)
    if any(one.households is not None for one in scenario.groups):
        split = tuple(replace(one, households=None) for one in scenario.groups)
        yield "households", "households may be split", replace(scenario, groups=split)
