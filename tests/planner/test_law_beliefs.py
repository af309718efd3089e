"""Laws of plans under several beliefs."""

from datetime import timedelta

from safepassage.planner.beliefs import (
    Belief,
    ceiling,
    least_regret,
    regret_over_time,
    under_beliefs,
)
from safepassage.planner.solve import solve
from tests.planner.test_known_plans import in_convoy, one_bus

SOON = Belief("closes soon", timedelta(hours=1))
LATE = Belief("holds long", timedelta(hours=12))


def test_a_plan_under_its_own_belief_is_worth_what_the_verifier_says() -> None:
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    for index, one in enumerate(under_beliefs(scenario, (SOON, LATE), iterations=3)):
        assert abs(one.worth[index] - one.verified.value) < 1e-9
        assert one.first_convoy == {"walking": 50}


def test_the_plan_of_least_regret_has_none_where_all_beliefs_want_the_same_plan() -> None:
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    found = under_beliefs(scenario, (SOON, LATE), iterations=3)
    assert least_regret(found).regret < 1e-9


def test_no_plan_is_above_the_ceiling_at_any_time() -> None:
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    made = solve(scenario, iterations=3)
    times = [60 * minute for minute in (60, 70, 100, 210, 300)]
    for at, most in ceiling(scenario, times):
        here = max((persons for when, persons in made.curve if when <= at), default=0)
        assert most is not None
        assert here <= most + 1e-6
    # The first fifty at 70 min, the rest at 210: no plan is faster, so nothing is regretted then.
    assert dict(regret_over_time(made, times))[210 * 60] < 1e-6
