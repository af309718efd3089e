"""Rides that are shorter than a tick of any clock that a long horizon allows."""

from datetime import timedelta

import pytest

from safepassage.planner.city.problem import Outside, read_city
from safepassage.planner.problem import make_problem
from safepassage.planner.solve import solve
from safepassage.planner.ways import Ways
from safepassage.scenario.load import parse, read_document
from safepassage.scenario.scenario import Scenario
from tests.planner.hostile import shuttle


def a_second_away(people: int) -> Scenario:
    """A hundred cars of one seat, a second from the shelter, for sixty days."""
    return read_document(parse(shuttle(people, 100, "60 days").encode(), "town"), "0" * 64)


@pytest.mark.parametrize("down", [False, True])
def test_a_clock_on_which_a_ride_takes_no_time_is_no_clock_for_a_city(*, down: bool) -> None:
    problem = make_problem(a_second_away(1_000_000))
    found = read_city(problem, Ways(problem), down=down)
    assert isinstance(found, Outside)
    assert "less than a tick" in found.reasons[0]


def test_more_rides_than_one_a_vehicle_are_below_the_bound() -> None:
    # With rides of no ticks the bound of the prices was 100: one ride for each of the cars.
    made = solve(a_second_away(1_000), limit=timedelta(seconds=4), iterations=1)
    assert made.people_out > 100
    assert made.bound is not None
    assert made.bound >= made.value
