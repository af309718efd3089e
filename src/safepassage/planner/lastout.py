"""The objective `last_out`: the tours solver where it fits, else a search with a proved bound."""

import platform
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from safepassage import __version__
from safepassage.planner.bounds import most_arrived_by, rules_present
from safepassage.planner.budget import Budget, Progress, Watch
from safepassage.planner.greedy import Policy
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.objective import last_arrival
from safepassage.planner.plan import BoundProof, Plan, Run
from safepassage.planner.problem import Problem
from safepassage.planner.proposal import propose
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.tours.solve import (
    NoPlanError,
    OutsideFamilyError,
    prove_last_out_impossible,
    solve_last_out,
)
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.planner.ways import Ways


def solve_last(
    problem: Problem, ways: Ways, *, budget: Budget, seed: int, progress: Watch | None
) -> VerifiedPlan:
    """Return the verified plan in which the last person arrives soonest, with its bound.

    Raises
    ------
    NobodyMovesError
        If it is proved that not everybody can arrive.
    NotPlannedError
        If no plan that brings everybody was found.
    """
    proof = prove_last_out_impossible(problem.scenario, problem.choice)
    if proof is not None:
        raise NobodyMovesError(proof)
    total = sum(one.total * one.each for one in problem.crowds)
    most = most_arrived_by(problem, ways, problem.horizon)
    if most is not None and most < total - 1e-4:
        raise NobodyMovesError(
            f"at most {int(most + 1e-4)} of {total} persons can arrive before the horizon "
            "(proved by a linear program over the arrivals)"
        )
    try:
        return verify(problem.scenario, _tours(problem, budget, seed, progress))
    except (OutsideFamilyError, NoPlanError):
        return verify(problem.scenario, _searched(problem, ways, budget, seed, progress, total))


def _tours(problem: Problem, budget: Budget, seed: int, progress: Watch | None) -> Plan:
    def tell(seconds: float, value: float | None, bound: float | None) -> None:
        if progress is not None and value is not None:
            progress(Progress(seconds, value, bound))

    del tell
    return solve_last_out(
        problem.scenario,
        limit=timedelta(seconds=budget.left),
        seed=seed,
        people=problem.choice,
        stop=budget.stop,
    )


def _searched(
    problem: Problem, ways: Ways, budget: Budget, seed: int, progress: Watch | None, total: int
) -> Plan:
    def worth(schedule: Schedule) -> float:
        left = sum(schedule.left[one.id] * one.each for one in problem.crowds)
        return -float(last_arrival(schedule.trips)) - 1e7 * left

    impatient = replace(problem, rho=0.0)
    search = Search(impatient, ways, rng=random.Random(seed), worth=worth)  # noqa: S311 - no secret
    for policy in (*search.starts(), Policy(all_back=True)):
        if budget.over() and search.best is not None:
            break
        search.offer(policy)
    bound = _least_end(problem, ways, total, budget.over)
    steps = 0
    while not budget.over() and search.policy.timetable:
        if budget.iterations is not None and steps >= budget.iterations:
            break
        if -search.value <= bound + 1e-6 or steps > 20_000:
            break
        steps += 1
        if search.step() and progress is not None and search.value > -1e7:
            progress(Progress(budget.spent, -search.value / 60, bound / 60))
    if search.best is None or search.value <= -1e7:
        raise NotPlannedError(
            "no plan that brings everybody to a place that counts as arrival was found in the "
            "time given; this is no proof that none exists"
        )
    relaxes = tuple(
        one for one in rules_present(problem) if one not in ("intake", "capacity", "ready")
    )
    return propose(
        problem,
        search.best,
        objective="last_out",
        proof=BoundProof("lp_optimal", relaxes),
        bound=bound / 60.0,
        seed=seed,
        run=Run(round(budget.spent, 3), __version__, platform.machine()),
    )


def _least_end(problem: Problem, ways: Ways, total: int, over: Callable[[], bool]) -> int:
    """Return a second before which not everybody can have arrived."""
    low, high = 0, problem.horizon
    for _ in range(14):
        if high - low <= 30 or over():
            break
        middle = (low + high) // 2
        most = most_arrived_by(problem, ways, middle)
        if most is None or most >= total - 1e-4:
            high = middle
        else:
            low = middle + 1
    return low
