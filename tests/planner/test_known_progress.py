"""What a solve tells while it works."""

from datetime import timedelta

from safepassage.planner.budget import Progress
from safepassage.planner.solve import solve
from tests.planner.test_known_plans import one_bus


def test_tours_tell_the_last_arrival_and_its_bound_in_minutes() -> None:
    # Loads 10, drives 60, unloads 10, drives back 60, loads 10, drives 60: 210 minutes.
    told: list[Progress] = []
    scenario = one_bus(people=100, drive=60, load=10, unload=10, hours=5)
    made = solve(scenario, objective="last_out", iterations=3, progress=told.append)
    assert made.value == 210.0
    assert told
    assert told[-1].value == 210.0
    assert all(one.bound is not None and one.bound <= 210.0 for one in told)


def test_tours_end_after_the_steps_asked_for_with_the_same_plan() -> None:
    scenario = one_bus(people=120, drive=60, load=10, unload=10, hours=9)
    plans = {
        solve(
            scenario, objective="last_out", iterations=steps, limit=timedelta(minutes=1)
        ).plan_hash
        for steps in (0, 0, 2)
    }
    assert len(plans) == 1
