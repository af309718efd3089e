"""The objective `last_out`: the tours solver where it fits, else a search with a proved bound."""

import platform
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from safepassage import __version__
from safepassage.planner.bounds import most_arrived_by, rules_present
from safepassage.planner.budget import Budget, Progress, Watch
from safepassage.planner.candidates import Candidates, verify_but_for_bound
from safepassage.planner.following import LONGEST_DELAY
from safepassage.planner.greedy import Policy, dispatch
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.names import English
from safepassage.planner.never import Never
from safepassage.planner.objective import last_arrival
from safepassage.planner.plan import BoundProof, Plan, Run
from safepassage.planner.problem import FOREVER, Problem
from safepassage.planner.proposal import propose
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.staying import WORTH_A_CHANGE
from safepassage.planner.tours.search import MOST_ROUNDS
from safepassage.planner.tours.solve import (
    NoPlanError,
    OutsideFamilyError,
    prove_last_out_impossible,
    solve_last_out,
)
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused
from safepassage.planner.ways import Ways

LEFT_BEHIND = 1e7
"""Seconds that one person left behind counts in the search: more than any horizon."""

MOST_STEPS = 20_000
"""Search steps after which the search ends."""


def solve_last(
    problem: Problem,
    ways: Ways,
    *,
    budget: Budget,
    seed: int,
    progress: Watch | None,
    in_force: Plan | None = None,
) -> VerifiedPlan:
    """Return the verified plan in which the last person arrives soonest, with its bound.

    What a plan in force still holds (`following.still_ahead`) is kept where everybody then arrives
    hardly later than they can (`staying.WORTH_A_CHANGE`).

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
    names = English(problem.scenario)
    never = Never(problem, ways, names)
    for crowd in problem.crowds:
        why = never.why(crowd) if crowd.total > 0 else None
        if why is not None:
            raise NobodyMovesError(f"{names.group(crowd.id)}: {why}")
    total = sum(one.total * one.each for one in problem.crowds)
    most = most_arrived_by(problem, ways, problem.horizon)
    if most is not None and most < total - 1e-4:
        raise NobodyMovesError(
            f"at most {int(most + 1e-4)} of {total} persons can arrive before the horizon "
            "(proved by a linear program over the arrivals)"
        )
    stayed = None if in_force is None else _stayed(problem, ways, in_force, seed)
    if stayed is not None and progress is not None:
        progress(Progress(budget.spent, stayed.value, None))
    try:
        best = verify_but_for_bound(problem.scenario, _tours(problem, budget, seed, progress))
    except (OutsideFamilyError, NoPlanError, PlanRefused):
        try:
            best = _searched(problem, ways, budget, seed, progress, total)
        except NotPlannedError:
            if stayed is None:
                raise
            return stayed
    if stayed is None or stayed.value > best.value * (1 + WORTH_A_CHANGE):
        return best
    plan = replace(
        stayed.plan, bound=best.plan.bound, proof=best.plan.proof, run=best.plan.run, stated=None
    )
    return verify_but_for_bound(problem.scenario, plan)


def _stayed(problem: Problem, ways: Ways, in_force: Plan, seed: int) -> VerifiedPlan | None:
    """Return the plan in force as far as it can be kept, the rest filled; None if some stay."""
    kept = None
    for delay in (LONGEST_DELAY, FOREVER):
        policy = Policy(follow=in_force, follow_delay=delay)
        schedule = dispatch(replace(problem, rho=0.0), ways, policy)
        plan = propose(problem, schedule, objective="last_out", proof=BoundProof("none"), seed=seed)
        try:
            found = verify_but_for_bound(problem.scenario, plan)
        except PlanRefused:
            continue
        if kept is None or found.value < kept.value:
            kept = found
    return kept


def _tours(problem: Problem, budget: Budget, seed: int, progress: Watch | None) -> Plan:
    def tell(seconds: float, value: float | None, bound: float) -> None:
        del seconds  # The tours' own clock began later than the budget's.
        if progress is not None and value is not None:
            progress(Progress(budget.spent, value, bound))

    return solve_last_out(
        problem.scenario,
        limit=timedelta(seconds=budget.left),
        seed=seed,
        people=problem.choice,
        rounds=MOST_ROUNDS if budget.iterations is None else budget.iterations,
        progress=tell,
        stop=budget.stop,
    )


def _searched(
    problem: Problem, ways: Ways, budget: Budget, seed: int, progress: Watch | None, total: int
) -> VerifiedPlan:
    def worth(schedule: Schedule) -> float:
        left = total - sum(
            sum(one.load.values()) for one in schedule.trips if problem.sites[one.end].arrived
        )
        return -float(last_arrival(schedule.trips)) - LEFT_BEHIND * left

    impatient = replace(problem, rho=0.0)
    search = Search(
        impatient,
        ways,
        rng=random.Random(seed),  # noqa: S311 - no secret
        worth=worth,
        stop=budget.late,
    )
    candidates = Candidates(problem.scenario, search)
    for policy in (*search.starts(), Policy(all_back=True)):
        if budget.over() and search.best is not None:
            break
        search.offer(policy)
    bound = _least_end(problem, ways, total, budget.over)
    relaxes = tuple(
        one for one in rules_present(problem) if one not in ("intake", "capacity", "ready")
    )

    def plan_of(schedule: Schedule) -> Plan:
        return propose(
            problem,
            schedule,
            objective="last_out",
            proof=BoundProof("lp_optimal", relaxes),
            bound=bound / 60.0,
            seed=seed,
            run=Run(round(budget.spent, 3), __version__, platform.machine()),
        )

    steps = 0
    while not budget.over() and search.policy.timetable:
        if budget.iterations is not None and steps >= budget.iterations:
            break
        if -search.value <= bound + 1e-6 or steps > MOST_STEPS:
            break
        steps += 1
        if search.step() and progress is not None and search.value > -LEFT_BEHIND:
            progress(Progress(budget.spent, -search.value / 60, bound / 60))
    found = candidates.best(plan_of) if search.value > -LEFT_BEHIND else None
    if found is None:
        raise candidates.fault() or NotPlannedError(
            "no plan that brings everybody to a place that counts as arrival was found in the "
            "time given; this is no proof that none exists"
        )
    return found


def _least_end(problem: Problem, ways: Ways, total: int, over: Callable[[], bool]) -> int:
    """Return a second before which not everybody can have arrived."""
    low, high = 0, problem.horizon
    for _ in range(14):
        if high - low <= problem.minute // 2 or over():
            break
        middle = (low + high) // 2
        most = most_arrived_by(problem, ways, middle)
        if most is None or most >= total - 1e-4:
            high = middle
        else:
            low = middle + 1
    return low
