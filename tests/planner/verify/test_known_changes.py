"""Changes of vehicle, fuel, rest and last_out: small missions by hand, and ways to break them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from safepassage.planner.plan import Plan
from safepassage.planner.verify import verify, violations
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Refuel, Staff
from safepassage.scenario.people import Group, Ready
from safepassage.scenario.places import Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from tests.planner.verify.corridor import with_group, with_place, with_staff, with_vehicles
from tests.planner.verify.worlds import bus, fm, leg, m, plan, s, scenario, trip, with_trip

SECOND = timedelta(seconds=1)
Mission = tuple[Scenario, Plan]


def staging() -> Mission:
    """A minibus brings twice 20 of P to the staging place S; a bus takes them and S's own 10."""
    world = scenario(
        places=(
            Place("P", "pickup"),
            Place("S", "staging", limit=sure(40), longest_wait=m(39)),
            Place("B", "shelter", arrived=True),
        ),
        legs=(leg("P", "S", 10), leg("S", "B", 30)),
        groups=(
            Group("town", "P", "walking", sure(40), households=sure(16)),
            Group("camp", "S", "walking", sure(10)),
        ),
        vehicles=(
            bus("P", id="m", kind="mini", slots={"seat": sure(20)}, load=fm(5), unload=fm(2)),
            bus("S", slots={"seat": sure(60)}),
        ),
        rules=Rules(objective="last_out"),
    )
    brings: dict[str, Any] = {
        "load": {"walking": 20},
        "groups": {"town": 20},
        "households": {"town": 8},
    }
    return world, plan(
        world,
        trip("mini-01", "P", "S", 5, 15, **brings),
        trip("mini-01", "S", "P", 17, 27, legs=("P-S",)),
        trip("mini-01", "P", "S", 32, 42, **brings),
        trip(
            "bus-01",
            "S",
            "B",
            54,
            84,
            load={"walking": 50},
            groups={"town": 40, "camp": 10},
            households={"town": 16},
        ),
        value=84.0,
    )


def refuelling() -> Mission:
    """A bus that can drive 130 minutes fills its tank for 20 minutes at B."""
    world = scenario(
        vehicles=(bus(range_time=fm(130), refuel=Refuel(("B",), m(20))),),
    )
    return world, plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50),
        trip("bus-01", "B", "A", 95, 155, legs=("A-B",)),
        trip("bus-01", "A", "B", 165, 225, 50),
        value=100.0,
    )


def resting() -> Mission:
    """A driver may be on duty for 145 minutes, then rests for an hour at A."""
    world = scenario(
        staff=(
            Staff(
                "d", "driver", sure(1), "A", ("vehicle:bus",), duty=m(145), rest=m(60), relief="A"
            ),
        ),
    )
    crew: dict[str, Any] = {"staff": {"driver": 1}, "who": {"driver": ("driver-01",)}}
    return world, plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50, **crew),
        trip("bus-01", "B", "A", 95, 155, legs=("A-B",), **crew),
        trip("bus-01", "A", "B", 215, 275, 50, **crew),
        value=100.0,
    )


def boarding_late(mission: Mission, seconds: int) -> Mission:
    world, one = mission
    moved = one.trips[3]
    return world, replace(
        with_trip(one, 3, depart=moved.depart + seconds, arrive=moved.arrive + seconds),
        value=84 + seconds / 60,
    )


def changed(mission: Mission, number: int, **changes: object) -> Mission:
    return mission[0], with_trip(mission[1], number, **changes)


def in_world(mission: Mission, change: Callable[[Scenario], Scenario]) -> Mission:
    return change(mission[0]), mission[1]


def camp_apart() -> Mission:
    """A second bus takes S's own 10 from 42 on, when all 40 who were brought still wait: 50."""
    world, one = staging()
    world = with_place(with_vehicles(world, "bus", count=sure(2)), "S", limit=sure(50))
    one = with_trip(one, 3, load={"walking": 40}, groups={"town": 40})
    camp = trip("bus-02", "S", "B", 52, 82, load={"walking": 10}, groups={"camp": 10})
    return world, replace(one, trips=(*one.trips, camp))


@pytest.mark.parametrize("mission", [staging, camp_apart, refuelling, resting])
def test_each_mission_is_accepted(mission: Callable[[], Mission]) -> None:
    world, one = mission()
    assert violations(world, one) == ()


CHANGES: list[tuple[str, str, Callable[[], Mission]]] = [
    ("change", "the bus boards a second early", lambda: boarding_late(staging(), -1)),
    (
        "change",
        "the bus takes one more than were brought",
        lambda: changed(staging(), 3, load={"walking": 51}, groups={"town": 41, "camp": 10}),
    ),
    (
        "change",
        "unloading takes a second longer",
        lambda: in_world(staging(), lambda w: with_vehicles(w, "mini", unload=sure(m(2) + SECOND))),
    ),
    (
        "change",
        "the second twenty are never brought",
        lambda: (staging()[0], replace(staging()[1], trips=staging()[1].trips[::3])),
    ),
    (
        "staging",
        "one more than may wait",
        lambda: in_world(staging(), lambda w: with_place(w, "S", limit=sure(39))),
    ),
    (
        "staging",
        "a second longer than they may wait",
        lambda: boarding_late(staging(), 1),
    ),
    (
        "staging",
        "ten are never fetched",
        lambda: changed(
            staging(),
            3,
            load={"walking": 40},
            groups={"town": 30, "camp": 10},
            households={"town": 12},
        ),
    ),
    (
        "staging",
        "those of the place itself count while they board",
        lambda: in_world(camp_apart(), lambda w: with_place(w, "S", limit=sure(49))),
    ),
    (
        "households",
        "a household is split where it changes",
        lambda: changed(
            staging(),
            3,
            load={"walking": 40},
            groups={"town": 40, "camp": 0},
            households={"town": 14},
        ),
    ),
    (
        "arrived",
        "a pickup is no place to change",
        lambda: in_world(staging(), lambda w: with_place(w, "S", kind="pickup")),
    ),
    (
        "ready",
        "whom nobody could bring there",
        lambda: in_world(staging(), lambda w: with_place(w, "S", kind="checkpoint")),
    ),
    (
        "everyone",
        "ten of the camp are left behind",
        lambda: changed(staging(), 3, load={"walking": 40}, groups={"town": 40}),
    ),
    (
        "everyone",
        "one more wishes to leave",
        lambda: in_world(staging(), lambda w: with_group(w, "camp", leave=sure(11))),
    ),
    (
        "everyone",
        "the high end of a range is to be moved",
        lambda: (
            with_group(staging()[0], "camp", leave=Figure(low=8, likely=10, high=12)),
            replace(staging()[1], people="high"),
        ),
    ),
    ("value", "a minute less", lambda: (staging()[0], replace(staging()[1], value=83.0))),
    (
        "bound",
        "above the plan",
        lambda: (staging()[0], replace(staging()[1], bound=84.001)),
    ),
    (
        "fuel",
        "leaves the pump a second early",
        lambda: changed(refuelling(), 1, depart=s(95) - 1, arrive=s(155) - 1),
    ),
    (
        "fuel",
        "no pump there",
        lambda: in_world(
            refuelling(), lambda w: with_vehicles(w, "bus", refuel=Refuel(("A",), m(20)))
        ),
    ),
    (
        "fuel",
        "loading is no refuelling",
        lambda: in_world(
            refuelling(),
            lambda w: with_vehicles(w, "bus", refuel=Refuel(("A",), SECOND), range_time=fm(179)),
        ),
    ),
    (
        "fuel",
        "nowhere a pump",
        lambda: in_world(refuelling(), lambda w: with_vehicles(w, "bus", refuel=None)),
    ),
    (
        "duty",
        "an hour of rest less a second",
        lambda: changed(resting(), 2, depart=s(215) - 1, arrive=s(275) - 1),
    ),
    (
        "duty",
        "a rest away from the place of relief",
        lambda: in_world(resting(), lambda w: with_staff(w, "driver", relief="B")),
    ),
    (
        "duty",
        "duty a second shorter",
        lambda: in_world(resting(), lambda w: with_staff(w, "driver", duty=m(145) - SECOND)),
    ),
    (
        "duty",
        "no rest at all",
        lambda: in_world(resting(), lambda w: with_staff(w, "driver", rest=None)),
    ),
    (
        "inputs",
        "a file has changed since",
        lambda: (
            replace(staging()[0], inputs={"groups.csv": "1"}),
            replace(staging()[1], inputs={"groups.csv": "2"}),
        ),
    ),
    (
        "inputs",
        "a file was not there",
        lambda: (replace(staging()[0], inputs={"groups.csv": "1"}), staging()[1]),
    ),
]


@pytest.mark.parametrize(
    ("rule", "broken"),
    [pytest.param(rule, broken, id=f"{rule}: {name}") for rule, name, broken in CHANGES],
)
def test_a_broken_mission_is_refused_by_the_right_rule(
    rule: str, broken: Callable[[], Mission]
) -> None:
    assert rule in {one.rule for one in violations(*broken())}


def test_each_of_those_at_a_staging_place_is_counted_once() -> None:
    world, one = staging()
    verified = verify(world, one)
    assert verified.people_out == 50
    assert verified.curve == ((84 * 60, 50),)
    assert verified.value == 84


def test_people_on_the_way_to_a_staging_place_can_be_caught_and_have_not_arrived() -> None:
    world, one = staging()
    world = replace(world, rules=Rules(rho=sure(1.0)))
    verified = verify(world, replace(one, objective="expected", value=50.0))
    assert verified.value == 50  # a window that never closes catches nobody
    less = replace(one, objective="expected", trips=one.trips[:1], value=0.0)
    found = violations(with_place(world, "S", longest_wait=None), less)
    assert found == ()


def test_a_range_is_planned_at_the_end_that_the_plan_chooses() -> None:
    world, one = staging()
    world = with_group(world, "camp", leave=Figure(low=10, likely=12, high=20))
    assert verify(world, replace(one, people="low")).people_total == 50
    found = violations(world, one)
    assert [(two.rule, two.where) for two in found] == [("everyone", "group camp")]
    assert found[0].found == "2 of 12 are left behind"


def test_people_who_become_ready_while_the_bus_waits_may_board() -> None:
    world, one = staging()
    world = with_group(world, "camp", ready=(Ready(m(44), 10),))
    assert violations(world, one) == ()
    world = with_group(world, "camp", ready=(Ready(m(44) + timedelta(microseconds=1), 10),))
    assert {two.rule for two in violations(world, one)} == {"ready"}
