"""Changes of vehicle that are planned, worked by hand: limits, waits, and what is told of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.beliefs import Belief, under_beliefs
from safepassage.planner.explain import explain
from safepassage.planner.impossible import NotPlannedError
from safepassage.planner.solve import solve
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.places import Place
from safepassage.scenario.scenario import Scenario
from tests.planner.relay import Relay

# Two minibuses of 5 bring people 10 min to the stop; one bus of 8 goes on, 20 min. Nothing to load.
BASE = Relay(0, 14, 1, 2, 0, 1, 2, 1, 5, 8, 20, None, None, 0.0, 40)


def stop_of(scenario: Scenario, **changes: object) -> Scenario:
    places = tuple(
        replace(one, **changes) if one.id == "s" else one  # type: ignore[arg-type]
        for one in scenario.places
    )
    return replace(scenario, places=places)


def most_at_the_stop(scenario: Scenario) -> int:
    made = solve(scenario, iterations=5)
    load = {"mini": 0, "bus": 0}
    now = most = 0
    events = []
    for trip in made.plan.trips:
        people = sum(trip.load.values())
        if trip.end == "s":
            events.append((trip.arrive, people))
        if trip.start == "s":
            events.append((trip.depart - load[trip.kind or "bus"], -people))
    for _, change in sorted(events):
        now += change
        most = max(most, now)
    return most


def test_ten_come_at_once_and_the_bus_of_eight_goes_when_they_have_got_off() -> None:
    made = solve(BASE.scenario(), iterations=5)
    bus = [one for one in made.plan.trips if one.kind == "bus" and one.load]
    # The minibuses leave at 0, arrive at 10, people are off at 20; the bus takes 8 of the 10.
    assert (bus[0].depart, sum(bus[0].load.values())) == (20 * 60, 8)
    # At 40 it is there, at 50 free, at 70 back: 8 more from 70 on, and the last 4 from 120 on.
    assert made.people_out == 8 + 8 + 4


def test_nobody_waits_beyond_the_limit_or_longer_than_allowed() -> None:
    assert most_at_the_stop(BASE.scenario()) > 6
    assert most_at_the_stop(replace(BASE, limit=6).scenario()) <= 6
    hurried = solve(replace(BASE, wait=2).scenario(), iterations=5)
    # The bus comes back at 70 and at 120: who is to be fetched then must not arrive before 50, 100.
    assert hurried.people_out == 20
    arrivals = sorted(one.arrive for one in hurried.plan.trips if one.end == "s" and one.load)
    assert all(at <= 20 * 60 or at >= 50 * 60 for at in arrivals)


def test_a_place_whose_limit_is_unknown_is_no_place_to_change() -> None:
    case = stop_of(BASE.scenario(), limit=Figure(unknown="nobody has counted the yard"))
    with pytest.raises(NotPlannedError):
        solve(case, iterations=5)


def test_a_place_that_counts_as_arrival_is_no_place_to_change() -> None:
    case = stop_of(BASE.scenario(), arrived=True)
    made = solve(case, iterations=5)
    assert {one.end for one in made.plan.trips if one.load} == {"s"}


def test_a_planned_change_that_is_tampered_with_is_refused() -> None:
    case = replace(BASE, limit=12, wait=5).scenario()
    made = solve(case, iterations=5)
    verify(case, made.plan)
    number = next(k for k, one in enumerate(made.plan.trips) if one.kind == "bus" and one.load)

    def refused(seconds: int, world: Scenario) -> set[str]:
        trips = list(made.plan.trips)
        one = trips[number]
        trips[number] = replace(one, depart=one.depart + seconds, arrive=one.arrive + seconds)
        with pytest.raises(PlanRefused) as found:
            verify(world, replace(made.plan, trips=tuple(trips), stated=None))
        return {violation.rule for violation in found.value.violations}

    assert "change" in refused(-1, case)
    assert "staging" in refused(0, stop_of(case, limit=sure(3)))
    assert "staging" in refused(0, stop_of(case, longest_wait=timedelta(minutes=9)))
    without = tuple(one for one in made.plan.trips if one.kind != "mini")
    with pytest.raises(PlanRefused) as gone:
        verify(case, replace(made.plan, trips=without, stated=None))
    assert "change" in {one.rule for one in gone.value.violations}


def test_those_left_behind_are_told_of_the_change() -> None:
    case = replace(BASE, people=60).scenario()
    explained = explain(solve(case, iterations=5), limit=timedelta(0))
    (left,) = explained.left_behind
    assert left.reason == "vehicles"
    assert left.why.startswith("they change vehicles at s: no bus is back before")


def test_one_vehicle_may_go_on_itself_where_two_corridors_meet() -> None:
    case = BASE.scenario()
    one = replace(case.vehicles[0], serves=())
    through = replace(
        case, vehicles=(one,), places=(*case.places[:1], Place("s", "staging"), case.places[2])
    )
    made = solve(through, iterations=5)
    assert made.people_out == 20


def test_who_rides_twice_counts_under_every_belief_as_under_that_of_the_plan():
    case = replace(BASE, rho=0.5).scenario()
    one, fewer = under_beliefs(case, [Belief("all"), Belief("ten", persons=10)], iterations=3)
    assert one.worth[0] == pytest.approx(one.verified.value)
    # Of twenty planned for ten come: at most ten of them ride, and ride on.
    assert 0 < one.worth[1] <= fewer.verified.value + 1e-9
