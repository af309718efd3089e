"""What is not proved is not called proved, and room that is taken later is not taken now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.impossible import NotPlannedError
from safepassage.planner.solve import solve
from safepassage.scenario.figure import sure
from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.places import Filled
from tests.planner.test_known_plans import one_bus

HOUR = timedelta(hours=1)


def test_a_shelter_that_fills_after_the_horizon_still_has_its_room_now() -> None:
    case = one_bus(people=50, hours=5, drive=60)
    school = replace(
        case.places[1],
        capacity=sure(20),
        filled=(Filled(0 * HOUR, 10), Filled(10 * HOUR, 10)),
    )
    made = solve(replace(case, places=(case.places[0], school)), iterations=1)
    assert made.people_out == 10
    assert made.bound is not None
    assert made.bound >= made.value


def test_a_weight_of_zero_proves_nothing() -> None:
    case = one_bus(people=50, hours=5, drive=60)
    seated = tuple(replace(one, weight=0.0) for one in BUILT_IN_CLASSES)
    with pytest.raises(NotPlannedError, match="weight 0"):
        solve(replace(case, classes=seated), iterations=1)
