"""No plan that the verifier accepts beats a bound: random plans against the planner's own bounds.

The plans are made by `tiny`, which knows nothing of the planner: what a bound wrongly leaves out or
adds shows here, and not only where the planner's own plans go.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.planner.verify import verify, violations
from safepassage.scenario.figure import sure
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law
from tests.planner.verify.test_law_plans import accepted, with_value


def duel(missions: tuple[tuple[Scenario, Plan], ...], most: int) -> int:
    """Hold plans that move people against the bounds of their scenarios; return how many."""
    held = 0
    for number, (world, one) in enumerate(missions):
        closing = replace(world, ending=Law("exponential", sure(timedelta(seconds=60))))
        value = verify(closing, with_value(closing, one)).value
        if value <= 0:
            continue
        try:
            solved = solve(closing, limit=timedelta(seconds=2), iterations=5)
        except NobodyMovesError:
            pytest.fail(f"{number}: nobody can be moved, says the planner; this plan moves {value}")
        except NotPlannedError:
            pytest.fail(f"{number}: no plan was found; this one moves {value}")
        assert solved.bound is not None
        assert value <= solved.bound * (1 + 1e-9), number
        held += 1
        if held == most:
            break
    return held


def test_no_random_plan_beats_a_bound_of_the_planner() -> None:
    assert duel(accepted(), 10) == 10


def everybody_leaves(world: Scenario, one: Plan) -> tuple[Scenario, Plan] | None:
    """Return a mission in which just those whom a plan moves wish to leave; None if it is none."""
    moved: Counter[str] = Counter()
    for trip in one.trips:
        if world.place[trip.end].arrived:
            moved.update(trip.groups)
    groups = tuple(
        replace(group, leave=sure(moved[group.id]), households=None, ready=())
        for group in world.groups
        if moved[group.id]
    )
    if not groups:
        return None
    fewer = replace(world, groups=groups)
    trips = tuple(replace(trip, households={}) for trip in one.trips)
    last = max(trip.arrive for trip in trips if trip.load and world.place[trip.end].arrived)
    plan = replace(one, trips=trips, objective="last_out", value=last / 60, expected_people=None)
    return None if violations(fewer, plan) else (fewer, plan)


def race(missions: tuple[tuple[Scenario, Plan], ...], most: int) -> int:
    """Let the planner bring everybody out no later than random plans; return how many it did."""
    held = 0
    for number, mission in enumerate(missions):
        made = everybody_leaves(*mission)
        if made is None:
            continue
        world, one = made
        solved = solve(world, objective="last_out", limit=timedelta(minutes=1), iterations=20)
        assert solved.value <= one.value + 1e-9, number
        assert solved.bound is None or solved.bound <= one.value + 1e-9, number
        held += 1
        if held == most:
            break
    return held


def test_the_last_person_arrives_no_later_than_in_random_plans() -> None:
    assert race(accepted(), 30) == 30


@pytest.mark.proof
def test_the_last_person_arrives_no_later_than_in_hundreds_of_random_plans() -> None:
    assert race(accepted(), 1000) > 100


@pytest.mark.proof
def test_no_random_plan_of_hundreds_beats_a_bound_of_the_planner() -> None:
    assert duel(accepted(), 1000) > 100
