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


CASES = (
    a_delegate_comes_back_without_vehicles,
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
        found = prices.trial(np.zeros(len(prices.supply)), 400, lambda: False)
        assert found.bound >= value - 1e-9
