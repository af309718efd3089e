"""Plans made by hand that once went above a bound of the event search; no bound may fall below.

Each is a plan that no search of ours makes: a second reader built them from the rules alone.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from safepassage.planner.bounds import supply_bound
from safepassage.planner.corridor.model import read_corridor
from safepassage.planner.corridor.prices import Prices
from safepassage.planner.plan import BoundProof, Convoy, Plan, Trip
from safepassage.planner.problem import make_problem
from safepassage.planner.verify import PlanRefused, verify
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Available, Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Intake, Leg, Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Window

CARRIED = PersonClass("carried", {"stretcher": 1}, weight=10.0)
RICH = PersonClass("rich", {"seat": 1}, weight=10.0)
ZED = PersonClass("zed", {"zed": 1}, weight=30.0)
Made = tuple[Scenario, list[Convoy], list[Trip]]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def lasting(number: float) -> Figure[timedelta]:
    return sure(minutes(number))


def second(minute: float) -> int:
    return int(minute * 60)


def vehicles(kind: str, count: int, slot: str, size: int, ready: tuple[int, ...] = ()) -> Vehicles:
    return Vehicles(
        kind,
        kind,
        sure(count),
        "near",
        {slot: sure(size)},
        lasting(0),
        lasting(0),
        ready=tuple(Available(minutes(one), 1) for one in ready),
    )


BASE = Scenario(
    name="by hand",
    start=datetime(2016, 12, 15, 8, tzinfo=UTC),
    horizon=timedelta(hours=6),
    sha256=f"{1:064x}",
    classes=(*BUILT_IN_CLASSES, CARRIED, RICH, ZED),
    ending=Law("exponential", lasting(100)),
)


def trip(vehicle: str, end: str, legs: str, when: tuple[float, float], convoy: str, load: str,
         people: int, start: str = "near") -> Trip:  # fmt: skip
    kind = vehicle.rpartition("-")[0]
    return Trip(
        vehicle, kind, start, end, tuple(legs.split()), second(when[0]), second(when[1]),
        convoy=convoy, load={load: people}, groups={load: people},
    )  # fmt: skip


def a_delegate_comes_back_without_vehicles() -> Made:
    case = replace(
        BASE,
        places=(
            Place("near", "pickup"),
            Place("far", "checkpoint"),
            Place("ward", "hospital", arrived=True),
        ),
        legs=(Leg("lane", "near", "far", lasting(20)), Leg("out", "far", "ward", lasting(60))),
        corridors=(Corridor("lane", ("lane",)),),
        groups=(Group("carried", "near", "carried", sure(2)),),
        vehicles=(vehicles("ambulance", 2, "stretcher", 1),),
        staff=(Staff("d", "delegate", sure(1), "near", ("class:carried",)),),
    )
    one = {"delegate": 1}
    convoys = [
        Convoy("c1", "lane", "near", "far", 0, second(20), staff=one),
        Convoy("c2", "lane", "far", "near", second(20), second(40), staff=one),
        Convoy("c3", "lane", "near", "far", second(40), second(60), staff=one),
    ]
    return case, convoys, [
        trip("ambulance-01", "ward", "lane out", (0, 80), "c1", "carried", 1),
        trip("ambulance-02", "ward", "lane out", (40, 120), "c3", "carried", 1),
    ]  # fmt: skip


def one_waits_for_the_delegate_and_one_goes_without() -> Made:
    case, convoys, _ = a_delegate_comes_back_without_vehicles()
    fleet = replace(
        vehicles("ambulance", 3, "stretcher", 1), slots={"stretcher": sure(1), "seat": sure(1)}
    )
    walkers = Group("walking", "near", "walking", sure(1))
    case = replace(case, vehicles=(fleet,), groups=(*case.groups, walkers))
    return case, convoys, [
        trip("ambulance-01", "ward", "lane out", (0, 80), "c1", "carried", 1),
        trip("ambulance-02", "ward", "lane out", (0, 80), "c1", "walking", 1),
        trip("ambulance-03", "ward", "lane out", (40, 120), "c3", "carried", 1),
    ]  # fmt: skip


def two_delegates_take_turns() -> Made:
    case, _, _ = a_delegate_comes_back_without_vehicles()
    case = replace(
        case,
        corridors=(Corridor("lane", ("lane",), None, lasting(20)),),
        groups=(Group("carried", "near", "carried", sure(4)),),
        vehicles=(vehicles("ambulance", 4, "stretcher", 1, (0, 20, 40, 60)),),
        staff=(Staff("d", "delegate", sure(2), "near", ("class:carried",)),),
    )
    one = {"delegate": 1}
    convoys: list[Convoy] = []
    trips = []
    for n in range(4):
        begin = 20 * n
        convoys.append(
            Convoy(f"c{n}", "lane", "near", "far", second(begin), second(begin + 20), staff=one)
        )
        convoys.append(
            Convoy(
                f"b{n}", "lane", "far", "near", second(begin + 20), second(begin + 40), staff=one
            )
        )
        trips.append(
            trip(
                f"ambulance-0{n + 1}",
                "ward",
                "lane out",
                (begin, begin + 80),
                f"c{n}",
                "carried",
                1,
            )
        )
    return case, convoys, trips


def a_longer_way_spreads_arrivals_over_an_intake() -> Made:
    case = replace(
        BASE,
        horizon=minutes(40),
        places=(
            Place("near", "pickup"),
            Place("far", "checkpoint"),
            Place("hall", "shelter", arrived=True, intake=Intake(sure(10), minutes(1))),
        ),
        legs=(
            Leg("lane", "near", "far", lasting(20)),
            Leg("a", "far", "hall", lasting(10)),
            Leg("b", "far", "hall", lasting(12)),
        ),
        corridors=(Corridor("lane", ("lane",), headway=lasting(60)),),
        groups=(Group("walking", "near", "walking", sure(20)),),
        vehicles=(vehicles("bus", 2, "seat", 10),),
    )
    return case, [Convoy("c", "lane", "near", "far", 0, second(20))], [
        trip("bus-01", "hall", "lane a", (0, 30), "c", "walking", 10),
        trip("bus-02", "hall", "lane b", (0, 32), "c", "walking", 10),
    ]  # fmt: skip


def _hall(minute: float) -> Scenario:
    """Return a case whose hall takes ten in a span, with convoys every ten minutes."""
    return replace(
        BASE,
        places=(
            Place("near", "pickup"),
            Place("far", "checkpoint"),
            Place("hall", "shelter", arrived=True, intake=Intake(sure(10), minutes(minute))),
        ),
        legs=(
            Leg("lane", "near", "far", lasting(20), times={"truck": lasting(30)}),
            Leg("out", "far", "hall", lasting(10)),
        ),
        corridors=(Corridor("lane", ("lane",), headway=lasting(10)),),
        groups=(Group("walking", "near", "walking", sure(30)),),
        vehicles=(vehicles("bus", 3, "seat", 10),),
    )


def an_intake_is_used_again_as_soon_as_it_is_free() -> Made:
    convoys = [
        Convoy(f"c{n}", "lane", "near", "far", second(30 * n), second(30 * n + 20))
        for n in range(3)
    ]
    return _hall(30), convoys, [
        trip(f"bus-0{n + 1}", "hall", "lane out", (30 * n, 30 * n + 30), f"c{n}", "walking", 10)
        for n in range(3)
    ]  # fmt: skip


def a_slow_convoy_arrives_when_an_intake_is_free_again() -> Made:
    case = _hall(30)
    case = replace(
        case,
        vehicles=(*case.vehicles, vehicles("truck", 1, "zed", 1)),
        groups=(*case.groups, Group("zed", "near", "zed", sure(1))),
        places=(*case.places, Place("side", "shelter", arrived=True)),
        legs=(*case.legs, Leg("by", "far", "side", lasting(1))),
    )
    convoys = [
        Convoy("c0", "lane", "near", "far", 0, second(20)),
        Convoy("c1", "lane", "near", "far", second(20), second(50)),
    ]
    return case, convoys, [
        trip("bus-01", "hall", "lane out", (0, 30), "c0", "walking", 10),
        trip("bus-02", "hall", "lane out", (20, 60), "c1", "walking", 10),
        trip("truck-01", "side", "lane by", (20, 51), "c1", "zed", 1),
    ]  # fmt: skip


def four_vehicles_are_held_for_a_far_pickup() -> Made:
    case = replace(
        BASE,
        horizon=minutes(200),
        places=(
            Place("near", "pickup"),
            Place("q", "pickup"),
            Place("hall", "shelter", arrived=True),
        ),
        legs=(Leg("nq", "near", "q", lasting(30)), Leg("lane", "near", "hall", lasting(20))),
        corridors=(Corridor("lane", ("lane",), headway=lasting(50)),),
        windows=(Window("w", "lane", minutes(0), minutes(121)),),
        groups=(
            Group("walking", "near", "walking", sure(40)),
            Group("zed", "near", "zed", sure(10)),
            Group("rich", "q", "rich", sure(40)),
        ),
        vehicles=(
            vehicles("bus", 4, "seat", 10, (0, 10, 20, 30)),
            vehicles("van", 1, "zed", 10, (50,)),
        ),
    )
    convoys = [
        Convoy("c1", "lane", "near", "hall", second(50), second(70)),
        Convoy("c2", "lane", "near", "hall", second(100), second(120)),
    ]
    trips = [trip("van-01", "hall", "lane", (50, 70), "c1", "zed", 10)]
    for number, ready in enumerate((0, 10, 20, 30), 1):
        name = f"bus-{number:02d}"
        trips.append(Trip(name, "bus", "near", "q", ("nq",), second(ready), second(ready + 30)))
        trips.append(trip(name, "hall", "nq lane", (70, 120), "c2", "rich", 10, start="q"))
    return case, convoys, trips


def seven_of_nine_leave_where_an_intake_binds() -> Made:
    case = replace(
        BASE,
        horizon=minutes(80),
        places=(
            Place("near", "pickup"),
            Place("hall", "shelter", arrived=True, intake=Intake(sure(70), minutes(1))),
        ),
        legs=(Leg("lane", "near", "hall", lasting(20)),),
        corridors=(Corridor("lane", ("lane",), headway=lasting(50)),),
        groups=(Group("walking", "near", "walking", sure(200)),),
        vehicles=(vehicles("bus", 12, "seat", 10, (0,) * 9 + (40, 50, 50)),),
    )
    convoys = [
        Convoy("c1", "lane", "near", "hall", 0, second(20)),
        Convoy("c2", "lane", "near", "hall", second(50), second(70)),
    ]
    first = [
        trip(f"bus-{n:02d}", "hall", "lane", (0, 20), "c1", "walking", 10) for n in range(1, 8)
    ]
    then = [
        trip(f"bus-{n:02d}", "hall", "lane", (50, 70), "c2", "walking", 10)
        for n in (8, 9, 10, 11, 12)
    ]
    return case, convoys, [*first, *then]


def which_kinds_share_a_convoy_depends_on_the_next_one() -> Made:
    case = replace(
        BASE,
        horizon=minutes(160),
        places=(Place("near", "pickup"), Place("hall", "shelter", arrived=True)),
        legs=(Leg("lane", "near", "hall", lasting(20)),),
        corridors=(Corridor("lane", ("lane",), largest=sure(2), headway=lasting(50)),),
        groups=(
            Group("walking", "near", "walking", sure(60)),
            Group("zed", "near", "zed", sure(20)),
        ),
        vehicles=(
            vehicles("bus", 2, "seat", 10),
            vehicles("van", 2, "zed", 5, (0, 50)),
        ),
    )
    # The late van takes the room in the second convoy: one bus goes first, one with it, and the
    # first bus is back for the third.
    convoys = [
        Convoy("c1", "lane", "near", "hall", 0, second(20)),
        Convoy("c2", "lane", "hall", "near", second(20), second(40)),
        Convoy("c3", "lane", "near", "hall", second(50), second(70)),
        Convoy("c4", "lane", "near", "hall", second(100), second(120)),
    ]
    empty = [
        Trip(name, name[:3], "hall", "near", ("lane",), second(20), second(40), convoy="c2")
        for name in ("van-01", "bus-01")
    ]
    return case, convoys, [
        trip("van-01", "hall", "lane", (0, 20), "c1", "zed", 5),
        trip("bus-01", "hall", "lane", (0, 20), "c1", "walking", 10),
        *empty,
        trip("van-02", "hall", "lane", (50, 70), "c3", "zed", 5),
        trip("van-01", "hall", "lane", (50, 70), "c3", "zed", 5),
        trip("bus-01", "hall", "lane", (100, 120), "c4", "walking", 10),
        trip("bus-02", "hall", "lane", (100, 120), "c4", "walking", 10),
    ]  # fmt: skip


def an_escort_comes_to_the_gate_in_the_quicker_kind() -> Made:
    case = replace(
        BASE,
        horizon=minutes(60),
        places=(
            Place("yard", "depot"),
            Place("near", "pickup"),
            Place("hall", "shelter", arrived=True),
        ),
        legs=(
            Leg("in", "yard", "near", lasting(60), times={"van": lasting(10)}),
            Leg("lane", "near", "hall", lasting(40), times={"van": lasting(20)}),
        ),
        corridors=(Corridor("lane", ("lane",), headway=lasting(10)),),
        groups=(Group("zed", "near", "zed", sure(10)),),
        vehicles=(replace(vehicles("van", 1, "zed", 10), at="yard"),),
        staff=(Staff("e", "escort", sure(1), "yard", ("convoy",)),),
    )
    one = {"escort": 1}
    way_in = Trip(
        "van-01", "van", "yard", "near", ("in",), 0, second(10), staff=one
    )  # fmt: skip
    return case, [Convoy("c", "lane", "near", "hall", second(10), second(30), staff=one)], [
        way_in,
        trip("van-01", "hall", "lane", (10, 30), "c", "zed", 10),
    ]  # fmt: skip


def an_escort_comes_in_one_kind_and_then_in_another() -> Made:
    case = replace(
        BASE,
        horizon=minutes(120),
        places=(
            Place("depot", "depot"),
            Place("near", "pickup"),
            Place("gate", "checkpoint"),
            Place("hall", "shelter", arrived=True),
        ),
        legs=(
            Leg("in", "depot", "near", lasting(60), times={"car": lasting(10)}),
            Leg("out", "near", "gate", lasting(60), times={"bus": lasting(10)}),
            Leg("lane", "gate", "hall", lasting(20)),
        ),
        corridors=(Corridor("lane", ("lane",)),),
        groups=(Group("walking", "near", "walking", sure(10)),),
        vehicles=(
            vehicles("bus", 1, "seat", 10),
            replace(vehicles("car", 1, "boot", 1), at="depot"),
        ),
        staff=(Staff("e", "escort", sure(1), "depot", ("convoy",)),),
    )
    one = {"escort": 1}
    return case, [Convoy("c", "lane", "gate", "hall", second(20), second(40))], [
        Trip("car-01", "car", "depot", "near", ("in",), 0, second(10), staff=one),
        replace(trip("bus-01", "hall", "out lane", (10, 40), "c", "walking", 10), staff=one),
    ]  # fmt: skip


def an_inner_leg_is_reached_later_by_one_kind() -> Made:
    case = replace(
        BASE,
        horizon=minutes(60),
        places=(
            Place("near", "pickup"),
            Place("post", "checkpoint"),
            Place("hall", "shelter", arrived=True),
        ),
        legs=(
            Leg("a", "near", "post", lasting(10), times={"van": lasting(30)}),
            Leg("b", "post", "hall", lasting(30), times={"van": lasting(10)}),
        ),
        corridors=(Corridor("lane", ("a", "b"), headway=lasting(10)),),
        windows=(Window("w", "b", minutes(25), minutes(45)),),
        groups=(Group("zed", "near", "zed", sure(10)),),
        vehicles=(vehicles("van", 1, "zed", 10),),
    )
    return case, [Convoy("c", "lane", "near", "hall", 0, second(40))], [
        trip("van-01", "hall", "a b", (0, 40), "c", "zed", 10),
    ]  # fmt: skip


def a_vehicle_comes_by_a_way_that_cannot_be_driven_back() -> Made:
    case = replace(
        BASE,
        horizon=minutes(60),
        places=(
            Place("yard", "depot"),
            Place("near", "pickup"),
            Place("hall", "shelter", arrived=True),
        ),
        legs=(
            Leg("in", "yard", "near", lasting(10), one_way=True),
            Leg("lane", "near", "hall", lasting(20)),
        ),
        corridors=(Corridor("lane", ("lane",), headway=lasting(10)),),
        groups=(Group("walking", "near", "walking", sure(10)),),
        vehicles=(replace(vehicles("bus", 1, "seat", 10), at="yard"),),
    )
    return case, [Convoy("c", "lane", "near", "hall", second(10), second(30))], [
        Trip("bus-01", "bus", "yard", "near", ("in",), 0, second(10)),
        trip("bus-01", "hall", "lane", (10, 30), "c", "walking", 10),
    ]  # fmt: skip


def a_ring_leads_back_without_the_corridor() -> Made:
    case = replace(
        BASE,
        horizon=minutes(100),
        places=(Place("near", "pickup"), Place("hall", "shelter", arrived=True)),
        legs=(
            Leg("lane", "near", "hall", lasting(20)),
            Leg("ring", "hall", "near", lasting(10), one_way=True),
        ),
        corridors=(Corridor("lane", ("lane",), headway=lasting(30), one_way=True),),
        groups=(Group("walking", "near", "walking", sure(30)),),
        vehicles=(vehicles("bus", 1, "seat", 10),),
    )
    convoys = [
        Convoy(f"c{n}", "lane", "near", "hall", second(30 * n), second(30 * n + 20))
        for n in range(3)
    ]
    back = [
        Trip("bus-01", "bus", "hall", "near", ("ring",), second(30 * n + 20), second(30 * n + 30))
        for n in range(2)
    ]
    there = [
        trip("bus-01", "hall", "lane", (30 * n, 30 * n + 20), f"c{n}", "walking", 10)
        for n in range(3)
    ]
    return case, convoys, [*there, *back]


def a_vehicle_waits_at_the_near_pickup_for_a_better_one() -> Made:
    case = replace(
        BASE,
        horizon=minutes(130),
        places=(
            Place("near", "pickup"),
            Place("q", "pickup", bays={"bus": sure(1)}),
            Place("hall", "shelter", arrived=True),
        ),
        legs=(Leg("nq", "near", "q", lasting(30)), Leg("lane", "near", "hall", lasting(20))),
        corridors=(Corridor("lane", ("lane",), largest=sure(2), headway=lasting(60)),),
        groups=(
            Group("walking", "near", "walking", sure(40)),
            Group("rich", "q", "rich", sure(40)),
        ),
        vehicles=(replace(vehicles("bus", 3, "seat", 10), load=lasting(5)),),
    )
    convoys = [
        Convoy("c1", "lane", "near", "hall", second(5), second(25)),
        Convoy("c2", "lane", "near", "hall", second(75), second(95)),
    ]
    trips = [trip("bus-01", "hall", "lane", (5, 25), "c1", "walking", 10)]
    for name, loaded in (("bus-02", 40), ("bus-03", 45)):
        trips.append(Trip(name, "bus", "near", "q", ("nq",), 0, second(30)))
        trips.append(
            Trip(
                name, "bus", "q", "hall", ("nq", "lane"), second(loaded), second(95),
                convoy="c2", load={"rich": 10}, groups={"rich": 10},
            )
        )  # fmt: skip
    return case, convoys, trips


def a_nearer_destination_lets_one_be_back_sooner() -> Made:
    case = replace(
        BASE,
        horizon=minutes(150),
        places=(
            Place("near", "pickup"),
            Place("line", "checkpoint"),
            Place("hall", "shelter", arrived=True, capacity=sure(20)),
            Place("camp", "shelter", arrived=True),
        ),
        legs=(
            Leg("lane", "near", "line", lasting(20)),
            Leg("short", "line", "hall", lasting(0)),
            Leg("long", "line", "camp", lasting(30)),
        ),
        corridors=(Corridor("lane", ("lane",), headway=lasting(20)),),
        groups=(Group("walking", "near", "walking", sure(60)),),
        vehicles=(vehicles("bus", 2, "seat", 10),),
    )
    convoys = [
        Convoy("c1", "lane", "near", "line", 0, second(20)),
        Convoy("c2", "lane", "line", "near", second(20), second(40)),
        Convoy("c3", "lane", "near", "line", second(40), second(60)),
        Convoy("c4", "lane", "line", "near", second(80), second(100)),
        Convoy("c5", "lane", "near", "line", second(100), second(120)),
    ]
    return case, convoys, [
        trip("bus-01", "hall", "lane short", (0, 20), "c1", "walking", 10),
        trip("bus-02", "camp", "lane long", (0, 50), "c1", "walking", 10),
        Trip("bus-01", "bus", "hall", "near", ("short", "lane"), second(20), second(40),
             convoy="c2"),
        trip("bus-01", "hall", "lane short", (40, 60), "c3", "walking", 10),
        Trip("bus-02", "bus", "camp", "near", ("long", "lane"), second(50), second(100),
             convoy="c4"),
        Trip("bus-01", "bus", "hall", "near", ("short", "lane"), second(80), second(100),
             convoy="c4"),
        trip("bus-01", "camp", "lane long", (100, 150), "c5", "walking", 10),
        trip("bus-02", "camp", "lane long", (100, 150), "c5", "walking", 10),
    ]  # fmt: skip


CASES = (
    seven_of_nine_leave_where_an_intake_binds,
    which_kinds_share_a_convoy_depends_on_the_next_one,
    an_escort_comes_to_the_gate_in_the_quicker_kind,
    an_escort_comes_in_one_kind_and_then_in_another,
    an_inner_leg_is_reached_later_by_one_kind,
    a_vehicle_comes_by_a_way_that_cannot_be_driven_back,
    a_ring_leads_back_without_the_corridor,
    a_vehicle_waits_at_the_near_pickup_for_a_better_one,
    a_nearer_destination_lets_one_be_back_sooner,
    a_delegate_comes_back_without_vehicles,
    one_waits_for_the_delegate_and_one_goes_without,
    two_delegates_take_turns,
    an_intake_is_used_again_as_soon_as_it_is_free,
    a_slow_convoy_arrives_when_an_intake_is_free_again,
    a_longer_way_spreads_arrivals_over_an_intake,
    four_vehicles_are_held_for_a_far_pickup,
)


def worth_of(case: Scenario, convoys: list[Convoy], trips: list[Trip]) -> float:
    """Return the verifier's value of a plan, which it must accept."""
    plan = Plan(
        case.sha256, {}, case.start, "expected", "likely", tuple(convoys), tuple(trips),
        0.0, None, BoundProof("none"), 0,
    )  # fmt: skip
    with pytest.raises(PlanRefused) as refused:
        verify(case, plan)
    value = refused.value.value
    assert value is not None
    return verify(case, replace(plan, value=value)).value


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_no_bound_is_below_a_plan_made_by_hand(make: Callable[[], Made]) -> None:
    case, convoys, trips = make()
    value = worth_of(case, convoys, trips)
    problem = make_problem(case)
    ways = Ways(problem)
    assert supply_bound(problem, ways).value >= value - 1e-9
    corridor = read_corridor(problem, ways)
    if corridor is not None:
        prices = Prices(corridor, weighted=True)
        for height in (0.0, 0.1, 0.5):
            for width in (1, 400):
                found = prices.trial(height * prices.top, width, lambda: False)
                assert found.bound >= value - 1e-9
        start = np.zeros(len(prices.supply))
        prices.improve(start, width=50, rounds=8, stop=lambda: False, on_trial=lambda _: True)
        assert prices.best is not None
        assert prices.best.bound >= value - 1e-9


@pytest.mark.parametrize(
    "make",
    [
        a_delegate_comes_back_without_vehicles,
        two_delegates_take_turns,
        an_intake_is_used_again_as_soon_as_it_is_free,
    ],
    ids=lambda make: make.__name__,
)
def test_the_bound_knows_when_a_delegate_is_back_or_an_intake_free(
    make: Callable[[], Made],
) -> None:
    case, convoys, trips = make()
    value = worth_of(case, convoys, trips)
    problem = make_problem(case)
    corridor = read_corridor(problem, Ways(problem))
    assert corridor is not None
    prices = Prices(corridor, weighted=True)
    start = np.zeros(len(prices.supply))
    prices.improve(start, width=50, rounds=20, stop=lambda: False, on_trial=lambda _: True)
    assert prices.best is not None
    assert prices.best.bound <= value * 1.001


def test_nobody_drives_back_and_forth_to_arrive_when_an_intake_is_free_again() -> None:
    case, convoys, trips = a_longer_way_spreads_arrivals_over_an_intake()
    side = (case.legs[0], case.legs[1], Leg("b", "far", "side", lasting(1)))
    case = replace(case, legs=side, places=(*case.places, Place("side", "depot")))
    trips[1] = replace(trips[1], legs=("lane", "b", "b", "a"))
    plan = Plan(
        case.sha256, {}, case.start, "expected", "likely", tuple(convoys), tuple(trips),
        0.0, None, BoundProof("none"), 0,
    )  # fmt: skip
    with pytest.raises(PlanRefused, match="comes to far more than once"):
        verify(case, plan)
