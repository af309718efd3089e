"""An operation of the record as a scenario and a plan: one set of numbers for all of them.

What differs from case to case is what the record states of it: vehicles, distances, hours, halts,
weather. How fast a column drives and how long loading takes is the same everywhere.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from safepassage.planner.plan import BoundProof, Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Vehicles
from safepassage.scenario.linked import Linked
from safepassage.scenario.parties import Party
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Leg, Place
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain
from safepassage.scenario.window import Law, Window

# ------------------------------------------------------------------- the same for every operation
HELD_KMH = 10.0
"""A column on a stretch that another side holds: behind scouts, past its posts. A judgement."""
CONVOY_KMH = 30.0
"""A column elsewhere, as fast as its slowest vehicle. A judgement."""
EMPTY_KMH = 50.0
"""Empty vehicles on their way back. A judgement."""
SEATS = 50
BUS_LOADS, BUS_UNLOADS = timedelta(minutes=12), timedelta(minutes=8)
AMBULANCE_LOADS = timedelta(minutes=12)
MORE_THAN_CAN_BE_CARRIED = 60_000
"""Where the record names no caseload: more people wait than any fleet here carries."""

SURE: Mapping[str, float] = {
    # The vehicles and hours are those that came, and nobody was refused in these operations.
    "fleet.sent": 1.0,
    "start.chance": 0.0,
    "demand.factor": 1.0,
    "receiving.refusal": 0.0,
    "checkpoint.screening_chance": 0.0,
}
"""What the record states of every operation, and what is therefore not drawn."""


@dataclass(frozen=True)
class Operation:
    """What the record states of one operation.

    `held_km` and `other_km` are the way out. `columns` are the sizes of the convoys into which the
    buses fall, with the hour at which each is there. `lying` is how many lie among those who wait.
    `closes` is the hour at which the road shuts. `stated` are further laws that the record states.
    """

    id: str
    start: datetime
    hours: float
    held_km: float
    other_km: float
    columns: Sequence[tuple[int, float]]
    ambulances: int = 0
    people: int = MORE_THAN_CAN_BE_CARRIED
    lying: int = 0
    closes: float | None = None
    shuttles: bool = True
    reciprocal: bool = False
    wanted: RehearsalWanted = field(default_factory=RehearsalWanted)
    stated: Mapping[str, Uncertain] = field(default_factory=dict)

    @property
    def buses(self) -> int:
        """How many buses it has."""
        return sum(size for size, _ in self.columns)


def fixed(value: float) -> Uncertain:
    """Return a number that is not drawn."""
    return Uncertain("fixed", (value,), source="the record of the operation")


def scenario_of(operation: Operation) -> Scenario:
    """Return the scenario of an operation."""
    held, other = operation.held_km, operation.other_km
    out = (
        _leg("held", "gate", "post", held, HELD_KMH, held_by=("other-side",)),
        _leg("on", "post", "far", other, CONVOY_KMH),
    )
    back = _leg("back", "far", "gate", held + other, EMPTY_KMH)
    vehicles = [
        Vehicles(
            f"column-{index}",
            "bus",
            sure(size),
            "gate",
            {"seat": sure(SEATS)},
            sure(BUS_LOADS),
            sure(BUS_UNLOADS),
            ready=(Available(timedelta(hours=ready), size),) if ready else (),
        )
        for index, (size, ready) in enumerate(operation.columns, start=1)
    ]
    if operation.ambulances:
        vehicles.append(
            Vehicles(
                "ambulances",
                "ambulance",
                sure(operation.ambulances),
                "gate",
                {"stretcher": sure(2), "seat": sure(2)},
                sure(AMBULANCE_LOADS),
                sure(AMBULANCE_LOADS),
            )
        )
    groups = [Group("people", "gate", "walking", sure(operation.people), consent="as recorded")]
    if operation.lying:
        groups.insert(0, Group("lying", "gate", "lying", sure(operation.lying), consent="as said"))
    uncertain = {key: fixed(value) for key, value in SURE.items()} | dict(operation.stated)
    if operation.reciprocal:
        uncertain["counterpart.chance"] = fixed(1.0)
    shut = operation.closes
    return Scenario(
        name=operation.id,
        start=operation.start,
        horizon=timedelta(hours=operation.hours),
        sha256=hashlib.sha256(repr(operation).encode()).hexdigest(),
        parties=(Party("other-side", promised="to let pass"),),
        places=(
            Place("gate", "pickup"),
            Place("post", "handover"),
            Place("far", "shelter", arrived=True),
        ),
        legs=(*out, back),
        corridors=(
            Corridor("out", ("held", "on"), None, sure(timedelta(0))),
            Corridor("home", ("back",), None, sure(timedelta(0))),
        ),
        classes=(*BUILT_IN_CLASSES, PersonClass("lying", {"stretcher": 1}, companions=1)),
        groups=tuple(groups),
        vehicles=tuple(vehicles),
        windows=() if shut is None else (_until(shut),),
        ending=Law("never"),
        rules=Rules(),
        linked=(Linked("their-side", "their side", ratio=0.1),) if operation.reciprocal else (),
        rehearsal=replace(
            operation.wanted,
            uncertain={**uncertain, **operation.wanted.uncertain},
            goes_on=operation.shuttles,
            by_timetable=False,
        ),
    )


def _leg(
    name: str, start: str, end: str, km: float, kmh: float, *, held_by: tuple[str, ...] = ()
) -> Leg:
    time = timedelta(seconds=round(km / kmh * 3600))
    return Leg(name, start, end, sure(time), km=sure(km), held_by=held_by, one_way=True)


def _until(hours: float) -> Window:
    return Window("hours", "all", timedelta(0), timedelta(hours=hours))


def plan_of(operation: Operation, scenario: Scenario) -> VerifiedPlan:
    """Return the plan of an operation: every column out full and back once; then it shuttles on.

    The verifier judges it as it judges any plan.
    """
    trips: list[Trip] = []
    convoys: list[Convoy] = []
    out = _seconds(scenario, "held", "on")
    home = _seconds(scenario, "back")
    number = 1
    left = {"people": operation.people, "lying": operation.lying}
    for index, (size, ready) in enumerate(operation.columns, start=1):
        depart = round(ready * 3600 + max(BUS_LOADS, AMBULANCE_LOADS).total_seconds())
        name = f"c{index}"
        convoys.append(Convoy(name, "out", "gate", "far", depart, depart + out))
        crew = [f"bus-{one:0{_digits(operation.buses)}d}" for one in range(number, number + size)]
        number += size
        for vehicle in crew:
            people = min(SEATS, left["people"])
            left["people"] -= people
            load = {"walking": people} if people else {}
            groups = {"people": people} if people else {}
            trips.append(
                Trip(
                    vehicle, "bus", "gate", "far", ("held", "on"),
                    depart, depart + out, name, load, groups,
                )
            )  # fmt: skip
        if index == 1:
            for one in range(1, operation.ambulances + 1):
                lying = min(2, left["lying"])
                left["lying"] -= lying
                vehicle = f"ambulance-{one:0{_digits(operation.ambulances)}d}"
                crew.append(vehicle)
                trips.append(
                    Trip(
                        vehicle, "ambulance", "gate", "far", ("held", "on"),
                        depart, depart + out, name,
                        {"lying": lying, "companion": lying} if lying else {},
                        {"lying": lying} if lying else {},
                    )
                )  # fmt: skip
        if not operation.shuttles:
            continue
        leaves = depart + out + round(max(BUS_UNLOADS, AMBULANCE_LOADS).total_seconds())
        if leaves + home > scenario.horizon.total_seconds():
            continue
        convoys.append(Convoy(f"{name}b", "home", "far", "gate", leaves, leaves + home))
        trips += [
            Trip(one, one.rpartition("-")[0], "far", "gate", ("back",), leaves, leaves + home,
                 f"{name}b")
            for one in crew
        ]  # fmt: skip
    proposed = Plan(
        scenario.sha256,
        {},
        scenario.start,
        "expected",
        "likely",
        tuple(convoys),
        tuple(trips),
        float(sum(sum(one.load.values()) for one in trips)),
        None,
        BoundProof("none"),
        1,
    )
    return verify(scenario, proposed)


def _digits(count: int) -> int:
    return max(2, len(str(count)))


def _seconds(scenario: Scenario, *legs: str) -> int:
    return sum(round(scenario.leg[one].time.pick().total_seconds()) for one in legs)
