"""A whole mission in which every limit is reached exactly, and the correct plan for it.

Pickup A, entry G of the corridor G-M-E, checkpoint K on its first leg, shelter B and hospital H
behind its exit E. Two buses and an ambulance go out in one convoy (30 to 90), come back empty
(107 to 167), and the ambulance goes out once more (192 to 247). All times in minutes since 08:00.
"""

import math
from dataclasses import replace
from datetime import time, timedelta

from safepassage.planner.plan import BoundProof, Plan, Trip
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Staff
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass, Ready
from safepassage.scenario.places import Corridor, Filled, Intake, Place, Rate, Through
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Opening, Window
from tests.planner.verify.worlds import bus, convoy, fm, leg, m, plan, scenario, trip

WEIGHT = 2.0
RHO = 0.5
MEAN = 240.0
OPENING = 10.0


def corridor_world() -> Scenario:
    """Return the scenario; no limit of it can be tightened without refusing `corridor_plan`."""
    return scenario(
        horizon=timedelta(minutes=253),
        places=(
            Place("A", "pickup", bays={"bus": sure(1)}),
            Place("G", "checkpoint", rate=Rate(sure(7), m(163))),
            Place("K", "checkpoint", rate=Rate(sure(3), m(35))),
            Place("M", "checkpoint"),
            Place("E", "checkpoint"),
            Place(
                "B",
                "shelter",
                arrived=True,
                capacity=sure(110),
                filled=(Filled(m(40), 10), Filled(m(400), 1000)),
                opens=m(95),
                intake=Intake(sure(100), m(30)),
            ),
            Place("H", "hospital", arrived=True, capacity=sure(8), intake=Intake(sure(4), m(157))),
        ),
        legs=(
            leg("A", "G", 10, km=sure(5.1)),
            leg(
                "G",
                "M",
                20,
                km=sure(10.2),
                times={"ambulance": fm(15)},
                through=(Through("K", m(5)),),
            ),
            leg("M", "E", 40, km=sure(20.3)),
            leg("E", "B", 5, km=sure(2.0)),
            leg("E", "H", 6, km=sure(3.4)),
        ),
        corridors=(Corridor("way", ("G-M", "M-E"), sure(3), fm(162), one_way=True),),
        classes=(
            *BUILT_IN_CLASSES,
            PersonClass("litter", {"stretcher": 1}, companions=1, weight=WEIGHT),
        ),
        groups=(
            Group(
                "families",
                "A",
                "walking",
                sure(100),
                stay=sure(20),
                ready=(Ready(m(0), 50), Ready(m(10), 50)),
                wants=("B",),
                households=sure(30),
            ),
            Group("wounded", "A", "litter", sure(4), wants=("H",)),
        ),
        vehicles=(
            bus(
                count=2,
                serves=("A", "B"),
                ready=(Available(m(10), 1), Available(m(0), 1)),
                range_time=fm(150),
            ),
            bus(
                id="ambulances",
                kind="ambulance",
                slots={"stretcher": sure(2), "seat": sure(2)},
                load=fm(5),
                serves=("pickup", "hospital"),
                ready=(Available(m(15), 1),),
                range_km=sure(117.0),
            ),
        ),
        staff=(
            Staff("escorts", "escort", sure(1), "G", ("convoy",)),
            Staff(
                "delegates",
                "delegate",
                sure(2),
                "A",
                ("class:litter",),
                duty=m(233),
                rest=m(60),
                relief="A",
            ),
        ),
        windows=(Window("truce", "way", m(30), m(250)),),
        opening=Opening(fm(OPENING)),
        ending=Law("exponential", fm(MEAN)),
        rules=Rules(
            arrival_margin=m(3),
            longest_on_board=m(95),
            night=Night(time(12, 10), time(8, 30), allowed=False),
            rho=sure(RHO),
        ),
    )


OUT = ("A-G", "G-M", "M-E")
BACK = ("M-E", "G-M", "A-G")


def family_bus(name: str, depart: float) -> Trip:
    return trip(
        name,
        "A",
        "B",
        depart,
        95,
        legs=(*OUT, "E-B"),
        convoy="c1",
        load={"walking": 50},
        groups={"families": 50},
        households={"families": 15},
    )


def ambulance_out(depart: float, arrive: float, name: str) -> Trip:
    return trip(
        "ambulance-01",
        "A",
        "H",
        depart,
        arrive,
        legs=(*OUT, "E-H"),
        convoy=name,
        load={"litter": 2, "companion": 2},
        groups={"wounded": 2},
        staff={"delegate": 1},
        who={"delegate": ("delegate-01",)},
    )


def corridor_plan() -> Plan:
    """Return the plan that is right: every trip, its value by hand."""
    delegate: dict[str, object] = {
        "staff": {"delegate": 1},
        "who": {"delegate": ("delegate-01",)},
    }
    return plan(
        corridor_world(),
        family_bus("bus-01", 10),
        family_bus("bus-02", 20),
        ambulance_out(20, 96, "c1"),
        trip("bus-01", "B", "A", 100, 177, legs=("E-B", *BACK), convoy="c2"),
        trip("bus-02", "B", "A", 100, 177, legs=("E-B", *BACK), convoy="c2"),
        trip("ambulance-01", "H", "A", 101, 177, legs=("E-H", *BACK), convoy="c2", **delegate),
        ambulance_out(182, 253, "c3"),
        trip(None, "A", "G", 0, 10, staff={"delegate": 1}, who={"delegate": ("delegate-02",)}),
        convoys=(
            convoy("c1", "G", "E", 30, 90, staff={"escort": 1}),
            convoy("c2", "E", "G", 107, 167, staff={"escort": 1}),
            convoy("c3", "G", "E", 192, 247, staff={"escort": 1}),
        ),
        value=value_by_hand(WEIGHT),
        expected_people=value_by_hand(1.0),
        bound=108.0,
        proof=BoundProof("search"),
    )


def holds(minute: float) -> float:
    return math.exp(-(minute - OPENING) / MEAN)


def value_by_hand(weight: float) -> float:
    """Return the sum of people x weight x [G(arrive) - rho (G(depart) - G(arrive))]."""

    def worth(depart: float, arrive: float) -> float:
        return holds(arrive) - RHO * (holds(depart) - holds(arrive))

    return (
        50 * worth(10, 95)
        + 50 * worth(20, 95)
        + (2 * weight + 2) * worth(20, 96)
        + (2 * weight + 2) * worth(182, 253)
    )


def with_place(world: Scenario, place_id: str, **changes: object) -> Scenario:
    places = tuple(
        replace(one, **changes) if one.id == place_id else one  # type: ignore[arg-type]
        for one in world.places
    )
    return replace(world, places=places)


def with_vehicles(world: Scenario, kind: str, **changes: object) -> Scenario:
    vehicles = tuple(
        replace(one, **changes) if one.kind == kind else one  # type: ignore[arg-type]
        for one in world.vehicles
    )
    return replace(world, vehicles=vehicles)


def with_group(world: Scenario, group_id: str, **changes: object) -> Scenario:
    groups = tuple(
        replace(one, **changes) if one.id == group_id else one  # type: ignore[arg-type]
        for one in world.groups
    )
    return replace(world, groups=groups)


def with_corridor(world: Scenario, **changes: object) -> Scenario:
    return replace(world, corridors=(replace(world.corridors[0], **changes),))  # type: ignore[arg-type]


def with_rules(world: Scenario, **changes: object) -> Scenario:
    return replace(world, rules=replace(world.rules, **changes))  # type: ignore[arg-type]


def with_staff(world: Scenario, kind: str, **changes: object) -> Scenario:
    staff = tuple(
        replace(one, **changes) if one.kind == kind else one  # type: ignore[arg-type]
        for one in world.staff
    )
    return replace(world, staff=staff)


def with_leg(world: Scenario, leg_id: str, **changes: object) -> Scenario:
    legs = tuple(
        replace(one, **changes) if one.id == leg_id else one  # type: ignore[arg-type]
        for one in world.legs
    )
    return replace(world, legs=legs)
