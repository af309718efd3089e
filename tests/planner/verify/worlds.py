"""Small scenarios and plans for the tests of the verifier, written with the nouns alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from safepassage.planner.plan import BoundProof, Convoy, Plan, Trip
from safepassage.planner.verify import violations
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario

START = datetime(2016, 12, 15, 8, 0, tzinfo=UTC)


def m(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def fm(minutes: float) -> Figure[timedelta]:
    return sure(m(minutes))


def s(minutes: float) -> int:
    return round(minutes * 60)


def leg(start: str, end: str, minutes: float, **more: object) -> Leg:
    return Leg(f"{start}-{end}", start, end, fm(minutes), **more)  # type: ignore[arg-type]


def bus(at: str = "A", count: int = 1, **more: object) -> Vehicles:
    given: dict[str, object] = {
        "id": "buses",
        "kind": "bus",
        "count": sure(count),
        "at": at,
        "slots": {"seat": sure(50)},
        "load": fm(10),
        "unload": fm(5),
    }
    return Vehicles(**{**given, **more})  # type: ignore[arg-type]


def scenario(**more: object) -> Scenario:
    """Return pickup A, shelter B, 60 minutes apart, one bus at A and 100 people who leave."""
    given: dict[str, object] = {
        "name": "small",
        "start": START,
        "horizon": timedelta(hours=24),
        "sha256": "a" * 64,
        "places": (Place("A", "pickup"), Place("B", "shelter", arrived=True)),
        "legs": (leg("A", "B", 60),),
        "classes": BUILT_IN_CLASSES,
        "groups": (Group("people", "A", "walking", sure(100)),),
        "vehicles": (bus(),),
        "rules": Rules(),
    }
    return Scenario(**{**given, **more})  # type: ignore[arg-type]


def trip(
    vehicle: str | None,
    start: str,
    end: str,
    depart: float,
    arrive: float,
    people: int = 0,
    **more: object,
) -> Trip:
    """Return a trip of minutes with `people` of the group "people", all walking."""
    given: dict[str, object] = {
        "vehicle": vehicle,
        "kind": None if vehicle is None else vehicle.rpartition("-")[0],
        "start": start,
        "end": end,
        "legs": (f"{start}-{end}",),
        "depart": s(depart),
        "arrive": s(arrive),
    }
    if people:
        given |= {"load": {"walking": people}, "groups": {"people": people}}
    return Trip(**{**given, **more})  # type: ignore[arg-type]


def convoy(name: str, start: str, end: str, depart: float, arrive: float, **more: object) -> Convoy:
    given: dict[str, object] = {
        "id": name,
        "corridor": "way",
        "start": start,
        "end": end,
        "depart": s(depart),
        "arrive": s(arrive),
    }
    return Convoy(**{**given, **more})  # type: ignore[arg-type]


def plan(world: Scenario, *trips: Trip, convoys: tuple[Convoy, ...] = (), **more: object) -> Plan:
    """Return a plan of trips whose stated value is what the trips make."""
    given: dict[str, object] = {
        "scenario": world.sha256,
        "inputs": dict(world.inputs),
        "start": world.start,
        "objective": world.rules.objective,
        "people": "likely",
        "convoys": convoys,
        "trips": trips,
        "value": 0.0,
        "bound": None,
        "proof": BoundProof("none"),
        "seed": 1,
    }
    return Plan(**{**given, **more})  # type: ignore[arg-type]


def rules_broken(world: Scenario, one: Plan) -> set[str]:
    """Return the names of the rules that a plan breaks, its stated value aside."""
    return {found.rule for found in violations(world, one)} - {"value"}


def with_trip(one: Plan, number: int, **changes: object) -> Plan:
    """Return a plan in which one trip is changed."""
    trips = list(one.trips)
    trips[number] = replace(trips[number], **changes)  # type: ignore[arg-type]
    return replace(one, trips=tuple(trips))


def with_convoy(one: Plan, number: int, **changes: object) -> Plan:
    """Return a plan in which one convoy is changed."""
    convoys = list(one.convoys)
    convoys[number] = replace(convoys[number], **changes)  # type: ignore[arg-type]
    return replace(one, convoys=tuple(convoys))


def loads(**counts: int) -> Mapping[str, int]:
    return counts
