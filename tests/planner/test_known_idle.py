"""No empty vehicle goes where it is not needed."""

from dataclasses import replace
from datetime import timedelta

from safepassage.planner.idle import without_idle_rides
from safepassage.planner.plan import Plan, Trip
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from tests.planner.test_known_plans import one_bus

CASE = one_bus(people=50, hours=6, drive=60)


def with_more_rides(made: VerifiedPlan, *rides: Trip) -> VerifiedPlan:
    plan: Plan = replace(made.plan, trips=(*made.plan.trips, *rides), stated=None)
    return verify(made.scenario, plan)


def test_a_bus_does_not_go_back_for_nobody() -> None:
    made = solve(CASE, iterations=1)
    first = made.plan.trips[0]
    back = Trip(
        first.vehicle, first.kind, "school", "square", ("road",), first.arrive, first.arrive + 3600
    )
    longer = with_more_rides(made, back)
    assert len(longer.plan.trips) == len(made.plan.trips) + 1
    leaner = without_idle_rides(longer)
    assert leaner.plan.trips == made.plan.trips
    assert leaner.value == made.value


def test_a_bus_that_comes_back_for_the_others_still_does() -> None:
    case = replace(CASE, groups=(replace(CASE.groups[0], leave=sure(100)),))
    made = solve(case, limit=timedelta(seconds=2), iterations=1)
    assert [bool(trip.load) for trip in made.plan.trips] == [True, False, True]


def test_a_vehicle_that_never_carries_anybody_stays_where_it_is() -> None:
    case = replace(CASE, vehicles=(replace(CASE.vehicles[0], count=sure(2)),))
    made = solve(case, iterations=1)
    loaded = {trip.vehicle for trip in made.plan.trips if trip.load}
    (other,) = {"bus-01", "bus-02"} - loaded
    idle = Trip(other, "bus", "square", "school", ("road",), 0, 3600)
    assert without_idle_rides(with_more_rides(made, idle)).plan.trips == made.plan.trips
