"""No plan that the verifier accepts beats a bound: random plans against the planner's own bounds.

The plans are made by `tiny`, which knows nothing of the planner: what a bound wrongly leaves out or
adds shows here, and not only where the planner's own plans go.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.planner.verify import verify
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
            continue  # no bound is stated, so there is none to hold against
        assert solved.bound is not None
        assert value <= solved.bound * (1 + 1e-9), number
        held += 1
        if held == most:
            break
    return held


def test_no_random_plan_beats_a_bound_of_the_planner() -> None:
    assert duel(accepted(), 10) == 10


@pytest.mark.proof
def test_no_random_plan_of_hundreds_beats_a_bound_of_the_planner() -> None:
    assert duel(accepted(), 1000) > 100
