"""Certificates of the family "tours": what they prove, and what they cannot be made to prove."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from safepassage.planner.plan import BoundProof, Plan
from safepassage.planner.verify import verify, violations
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available
from safepassage.scenario.people import Group
from safepassage.scenario.places import Filled, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Opening
from tests.planner.verify.corridor import with_place
from tests.planner.verify.test_known_bep import (
    DEMAND,
    FROM_YARD,
    PRINTED,
    ROOM,
    TIMES,
    bep_scenario,
    tours,
)
from tests.planner.verify.worlds import bus, fm, leg, m, plan, scenario, trip


def columns(limit: int) -> set[tuple[int, ...]]:
    """Return (loads by pickup, loads by shelter) of every tour of one bus within `limit`."""
    found: set[tuple[int, ...]] = set()
    queue: list[tuple[int, int, tuple[int, ...]]] = []
    for i, j in itertools.product(range(3), range(3)):
        queue.append((FROM_YARD[i] + TIMES[i][j], j, _more((0,) * 6, i, j)))
    seen = set(queue)
    while queue:
        time, at, counts = queue.pop()
        if time > limit:
            continue
        found.add(counts)
        for i, j in itertools.product(range(3), range(3)):
            then = (time + TIMES[i][at] + TIMES[i][j], j, _more(counts, i, j))
            if then not in seen and then[0] <= limit:
                seen.add(then)
                queue.append(then)
    return found


def _more(counts: tuple[int, ...], pickup: int, shelter: int) -> tuple[int, ...]:
    more = list(counts)
    more[pickup] += 1
    more[3 + shelter] += 1
    return tuple(more)


def duals(limit: int) -> dict[str, dict[str, int]]:
    """Return the dual prices of "loads left behind by `limit`", rounded down to whole 10^-7."""
    tour_columns = sorted(columns(limit))
    count = len(tour_columns)
    cost = np.concatenate([np.zeros(count), np.ones(3)])
    rows, right = [], []
    for i in range(3):
        rows.append([-float(one[i]) for one in tour_columns] + [-float(i == k) for k in range(3)])
        right.append(-float(DEMAND[i]))
    for j in range(3):
        rows.append([float(one[3 + j]) for one in tour_columns] + [0.0] * 3)
        right.append(float(ROOM[j]))
    rows.append([1.0] * count + [0.0] * 3)
    right.append(3.0)
    solved = linprog(cost, A_ub=np.array(rows), b_ub=np.array(right), method="highs")
    assert solved.status == 0
    prices = [int(-one * 10**7) for one in solved.ineqlin.marginals]
    return {
        "people": {f"P{i + 1}": prices[i] for i in range(3)},
        "places": {f"S{j + 1}": prices[3 + j] for j in range(3)},
    }


def certified(one: Plan, limit: int, prices: object, bound: float) -> Plan:
    data: dict[str, Any] = {"family": "tours", "refuted": limit, "prices": prices}
    return replace(one, bound=bound, proof=BoundProof("certificate", (), data))


def test_the_prices_of_the_linear_program_prove_the_printed_optimum() -> None:
    # Nobody can have all seven loads out by 22 minutes: the printed plan of 23 is the best.
    world = bep_scenario()
    verified = verify(world, certified(tours(world, PRINTED), 22 * 60, duals(22), 23.0))
    assert verified.bound_checked
    assert verified.gap == 0


def test_no_prices_of_the_linear_program_refute_the_optimum_itself() -> None:
    world = bep_scenario()
    one = certified(tours(world, PRINTED), 23 * 60, duals(23), 23.0)
    (found,) = violations(world, one)
    assert found.rule == "bound"
    assert "do not refute" in found.found


def test_a_bound_below_what_is_proved_may_be_stated_and_one_above_may_not() -> None:
    world = bep_scenario()
    lower = certified(tours(world, PRINTED), 22 * 60, duals(22), 20.0)
    assert verify(world, lower).bound_checked
    one = certified(tours(world, PRINTED), 21 * 60, duals(21), 23.0)
    assert [two.rule for two in violations(world, one)] == ["bound"]


def test_the_time_is_rounded_down_to_the_clock() -> None:
    # The clock is a minute: what is refuted for 22:59 is refuted up to 22:59, not 23:59.
    world = bep_scenario()
    late = certified(tours(world, PRINTED), 22 * 60 + 59, duals(22), 23.0)
    assert verify(world, late).bound_checked
    too_much = replace(late, bound=23.01)
    assert "bound" in {two.rule for two in violations(world, too_much)}


BAD: list[tuple[str, object]] = [
    ("prices: unknown keys yards", {"yards": {"Y": 1}}),
    ("prices.people: unknown id 'P9'", {"people": {"P9": 1}}),
    ("prices.people.P1: found -1", {"people": {"P1": -1}}),
    ("prices.people.P1: found 0.5", {"people": {"P1": 0.5}}),
    ("prices.people.P1: found True", {"people": {"P1": True}}),
    ("prices.places.P1: no destination", {"places": {"P1": 1}}),
    ("prices.people: want an object", {"people": [1, 2, 3]}),
    ("prices: want an object", [1]),
    ("do not refute", {}),
    ("found 1267650600228229401496703205376", {"people": {"P1": 2**100}}),
]


@pytest.mark.parametrize(("words", "prices"), BAD)
def test_prices_that_are_none_are_refused_in_words(words: str, prices: object) -> None:
    world = bep_scenario()
    one = certified(tours(world, PRINTED), 22 * 60, prices, 23.0)
    (found,) = violations(world, one)
    assert found.rule == "bound"
    assert words in found.found


@pytest.mark.parametrize("limit", [-1, 1.5, "22", None, True, 10**12])
def test_a_time_that_is_none_is_refused(limit: object) -> None:
    world = bep_scenario()
    data = {"family": "tours", "refuted": limit, "prices": duals(22)}
    one = replace(tours(world, PRINTED), bound=23.0, proof=BoundProof("certificate", (), data))
    (found,) = violations(world, one)
    assert "refuted: found" in found.found


def ferry() -> tuple[Scenario, Plan]:
    """One bus of 50, 120 people: three trips of 10 + 60 + 5 + 60, the last without the return."""
    world = scenario(
        groups=(Group("people", "A", "walking", sure(120)),), rules=Rules(objective="last_out")
    )
    return world, plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50),
        trip("bus-01", "B", "A", 75, 135, legs=("A-B",)),
        trip("bus-01", "A", "B", 145, 205, 50),
        trip("bus-01", "B", "A", 210, 270, legs=("A-B",)),
        trip("bus-01", "A", "B", 280, 340, 20),
        value=340.0,
    )


def test_a_price_a_trip_proves_what_a_price_a_person_cannot() -> None:
    # 120 people are 2.4 loads and 3 trips. By trips 340 is proved; by people only two trips are
    # refuted at 1/120 each: also 340, but no longer if the bus has 60 seats.
    world, one = ferry()
    by_trips = certified(one, 339 * 60, {"trips": {"A": 1}}, 340.0)
    assert verify(world, by_trips).gap == 0
    more_seats = replace(world, vehicles=(bus(slots={"seat": sure(59)}),))
    assert verify(more_seats, by_trips).gap == 0
    two_trips = replace(world, vehicles=(bus(slots={"seat": sure(60)}),))
    assert {two.rule for two in violations(two_trips, by_trips)} == {"bound"}


def test_the_first_tick_after_the_refuted_time_is_proved_and_not_more() -> None:
    # The clock is 5 minutes (10, 60, 5): refuting 336 proves 340 all the same.
    world, one = ferry()
    assert verify(world, certified(one, 336 * 60, {"trips": {"A": 1}}, 340.0)).gap == 0
    (found,) = violations(world, certified(one, 334 * 60, {"trips": {"A": 1}}, 340.0))
    assert "335" in found.allowed


def test_a_faster_vehicle_spoils_the_proof() -> None:
    world, one = ferry()
    faster = replace(world, legs=(leg("A", "B", 60, times={"van": fm(20)}),))
    faster = replace(
        faster, vehicles=(*world.vehicles, bus("B", id="v", kind="van", slots={"seat": sure(20)}))
    )
    found = violations(faster, certified(one, 339 * 60, {"trips": {"A": 1}}, 340.0))
    assert {two.rule for two in found} == {"bound"}


def test_a_vehicle_that_is_ready_late_starts_late_in_the_proof() -> None:
    world, one = ferry()
    late = bus("B", id="v", kind="van", ready=(Available(m(209) + timedelta(seconds=1), 1),))
    world = replace(world, vehicles=(bus(), late))
    by_trips = certified(one, 339 * 60, {"trips": {"A": 1}}, 339.0 + 1 / 60)
    assert verify(world, by_trips).bound_checked
    soon = replace(late, ready=(Available(m(209), 1),))
    world = replace(world, vehicles=(bus(), soon))
    found = violations(world, certified(one, 339 * 60, {"trips": {"A": 1}}, 340.0))
    assert {two.rule for two in found} == {"bound"}


def test_room_filled_from_elsewhere_counts_in_the_proof() -> None:
    # 120 people, a bus of 60, a near shelter N with 60 places. At 10 a person at A and 10 a place
    # at N: 1200 - 600 is not above the 600 of a trip to F; with 10 places filled, 1200 - 500 is.
    world = scenario(
        places=(
            Place("A", "pickup"),
            Place("N", "shelter", arrived=True, capacity=sure(60)),
            Place("F", "shelter", arrived=True, capacity=sure(500)),
        ),
        legs=(leg("A", "N", 10), leg("A", "F", 60)),
        groups=(Group("people", "A", "walking", sure(120)),),
        vehicles=(bus(slots={"seat": sure(60)}),),
        rules=Rules(objective="last_out"),
    )
    one = plan(
        world,
        trip("bus-01", "A", "N", 10, 20, 50),
        trip("bus-01", "N", "A", 25, 35, legs=("A-N",)),
        trip("bus-01", "A", "F", 45, 105, 60),
        trip("bus-01", "F", "A", 110, 170, legs=("A-F",)),
        trip("bus-01", "A", "F", 180, 240, 10),
        value=240.0,
    )
    prices = {"people": {"A": 10}, "places": {"N": 10}}
    one = certified(one, 104 * 60, prices, 105.0)
    (found,) = violations(world, one)
    assert "600 is not above 600" in found.found
    taken = with_place(world, "N", filled=(Filled(m(600), 10),))
    assert verify(taken, one).bound_checked
    # What comes after the horizon takes nobody's place within it.
    after = with_place(world, "N", filled=(Filled(m(24 * 60 + 1), 10),))
    assert {two.rule for two in violations(after, one)} == {"bound"}


def test_a_class_that_uses_no_slot_is_not_limited_and_not_certified() -> None:
    world, one = ferry()
    classes = tuple(replace(two, uses={}) if two.id == "walking" else two for two in world.classes)
    free = replace(world, classes=classes)
    (found,) = violations(free, certified(one, 339 * 60, {"trips": {"A": 1}}, 340.0))
    assert "uses no slot" in found.found


def test_trips_of_no_duration_are_refused_and_not_counted_for_ever() -> None:
    world, one = ferry()
    free = replace(world, legs=(leg("A", "B", 0),), vehicles=(bus(load=fm(0), unload=fm(0)),))
    found = violations(free, certified(one, 339 * 60, {"trips": {"A": 1}}, 340.0))
    assert any("takes no time" in two.found for two in found)


def test_a_change_of_vehicle_is_not_ruled_out_by_the_proof() -> None:
    # People may be set down at S half way: the price of a place at B is not saved by that.
    world = scenario(
        places=(
            Place("A", "pickup"),
            Place("S", "staging"),
            Place("B", "shelter", arrived=True, capacity=sure(50)),
        ),
        legs=(leg("A", "S", 10), leg("S", "B", 50)),
        groups=(Group("people", "A", "walking", sure(50)),),
        rules=Rules(objective="last_out"),
    )
    one = plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50, legs=("A-S", "S-B")),
        value=70.0,
    )
    # By 19 minutes nobody can have left A for anywhere: proved. By 20 they can be at S.
    assert verify(world, certified(one, 19 * 60, {"trips": {"A": 1}}, 20.0)).bound_checked
    (found,) = violations(world, certified(one, 20 * 60, {"trips": {"A": 1}}, 21.0))
    assert "do not refute" in found.found


def test_companions_share_the_seats_of_those_they_go_with() -> None:
    # 60 people with a companion each in a bus of 51 seats: 25 pairs a trip, so three trips.
    world, one = ferry()
    classes = tuple(
        replace(two, companions=1) if two.id == "walking" else two for two in world.classes
    )
    world = replace(
        world,
        classes=classes,
        groups=(Group("people", "A", "walking", sure(60)),),
        vehicles=(bus(slots={"seat": sure(51)}),),
    )
    pairs = iter((25, 25, 10))
    trips = tuple(
        replace(two, load={"walking": n, "companion": n}, groups={"people": n})
        if two.load and (n := next(pairs))
        else two
        for two in one.trips
    )
    one = replace(one, trips=trips)
    for prices in ({"trips": {"A": 1}}, {"groups": {"people": 1}}, {"people": {"A": 1}}):
        assert verify(world, certified(one, 339 * 60, prices, 340.0)).bound_checked
    roomy = replace(world, vehicles=(bus(slots={"seat": sure(60)}),))
    found = violations(roomy, certified(one, 339 * 60, {"groups": {"people": 1}}, 340.0))
    assert "60 is not above 60" in found[0].found


def test_a_price_by_group_tells_wounded_from_walking_at_one_place() -> None:
    # Two stretchers and 50 seats: the wounded alone need three trips, whoever walks.
    world, one = ferry()
    world = replace(
        world,
        groups=(
            Group("people", "A", "walking", sure(20)),
            Group("wounded", "A", "stretcher", sure(5)),
        ),
        vehicles=(bus(slots={"seat": sure(50), "stretcher": sure(2)}),),
    )
    loads = iter(
        (
            {"load": {"walking": 20, "stretcher": 2}, "groups": {"people": 20, "wounded": 2}},
            {"load": {"stretcher": 2}, "groups": {"wounded": 2}},
            {"load": {"stretcher": 1}, "groups": {"wounded": 1}},
        )
    )
    trips = tuple(replace(two, **next(loads)) if two.load else two for two in one.trips)
    one = replace(one, trips=trips)
    by_group = certified(one, 339 * 60, {"groups": {"wounded": 1}}, 340.0)
    assert verify(world, by_group).bound_checked
    by_trip = certified(one, 339 * 60, {"trips": {"A": 1}}, 340.0)
    assert "do not refute" in violations(world, by_trip)[0].found


def test_nobody_departs_before_the_opening_in_the_proof_either() -> None:
    # First departure at 100; the third arrives at 430.
    world, one = ferry()
    world = replace(world, opening=Opening(fm(100)))
    one = replace(
        one,
        trips=tuple(
            replace(two, depart=two.depart + 90 * 60, arrive=two.arrive + 90 * 60)
            for two in one.trips
        ),
        value=430.0,
    )
    assert verify(world, certified(one, 429 * 60, {"trips": {"A": 1}}, 430.0)).gap == 0
    (found,) = violations(world, certified(one, 430 * 60, {"trips": {"A": 1}}, 430.0))
    assert "do not refute" in found.found
