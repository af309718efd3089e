"""Who rides when: people aboard, on the road, waiting between vehicles. Facts, no words."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import COMPANION
from safepassage.scenario.places import Leg
from safepassage.scenario.scenario import Scenario


def aboard(trip: Trip) -> int:
    """Return the people aboard, companions included."""
    return sum(trip.load.values())


def classes_in_order(scenario: Scenario) -> list[str]:
    """Return the classes that travel, in the order of the groups, companions last."""
    found = dict.fromkeys(group.class_id for group in scenario.groups)
    found.pop(COMPANION, None)
    return [*found, COMPANION]


def leg_seconds(leg: Leg, kind: str | None) -> int:
    """Return the driving time of a leg in whole seconds, rounded up."""
    figure = leg.time if kind is None else leg.time_for(kind)
    return math.ceil(figure.pick().total_seconds())


def loading_seconds(vehicles: Vehicles) -> tuple[int, int]:
    """Return loading and unloading time in whole seconds, rounded up."""
    return (
        math.ceil(vehicles.load.pick().total_seconds()),
        math.ceil(vehicles.unload.pick().total_seconds()),
    )


def fleet(scenario: Scenario) -> dict[str, Vehicles]:
    """Return every vehicle by its name: KIND-NN, numbered over all entries of the kind."""
    by_kind: dict[str, list[Vehicles]] = defaultdict(list)
    for entry in scenario.vehicles:
        by_kind[entry.kind] += [entry] * entry.count.pick()
    named = {}
    for kind, entries in by_kind.items():
        digits = max(2, len(str(len(entries))))
        for index, entry in enumerate(entries, start=1):
            named[f"{kind}-{index:0{digits}d}"] = entry
    return named


def convoy_trips(plan: Plan) -> dict[str, list[Trip]]:
    """Return the trips of each convoy."""
    found: dict[str, list[Trip]] = {one.id: [] for one in plan.convoys}
    for trip in plan.trips:
        if trip.convoy is not None:
            found[trip.convoy].append(trip)
    return found


def convoys_in_order(plan: Plan) -> list[Convoy]:
    """Return convoys by the time at which they enter, then by name."""
    return sorted(plan.convoys, key=lambda one: (one.depart, one.id))


@dataclass(frozen=True, slots=True)
class Peak:
    """The span in which most people are on the road at once, and the trips that carry them."""

    begins: int
    ends: int
    people: int
    trips: tuple[Trip, ...]


def worst_moment(plan: Plan) -> Peak | None:
    """Return the first span with the most people on the road; None where nobody rides."""
    changes: dict[int, int] = defaultdict(int)
    for trip in plan.trips:
        changes[trip.depart] += aboard(trip)
        changes[trip.arrive] -= aboard(trip)
    now, most, begins, ends = 0, 0, 0, 0
    times = sorted(changes)
    for index, time in enumerate(times):
        now += changes[time]
        if now > most:
            most, begins = now, time
            ends = times[index + 1] if index + 1 < len(times) else time
    if most == 0:
        return None
    riding = tuple(t for t in plan.trips if t.depart <= begins < t.arrive and aboard(t))
    return Peak(begins, ends, most, riding)


def most_waiting_between(verified: VerifiedPlan) -> dict[str, int]:
    """Return, by place, the most people who wait there between two vehicles.

    Only for places that do not count as arrival and have no groups of their own.
    """
    scenario = verified.scenario
    own = {group.at for group in scenario.groups}
    changes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for trip in verified.plan.trips:
        for place, time, sign in ((trip.end, trip.arrive, 1), (trip.start, trip.depart, -1)):
            if place not in own and not scenario.place[place].arrived:
                changes[place][time] += sign * aboard(trip)
    found = {}
    for place, steps in changes.items():
        now = most = 0
        for time in sorted(steps):
            now += steps[time]
            most = max(most, now)
        if most:
            found[place] = most
    return found


def arrived_by(curve: tuple[tuple[int, int], ...], second: float) -> int:
    """Return how many of a step curve have arrived by a time."""
    arrived = 0
    for time, people in curve:
        if time > second:
            break
        arrived = people
    return arrived


def by_vehicle(plan: Plan) -> Iterator[tuple[str, list[Trip]]]:
    """Yield each vehicle that moves with its trips in order, by kind and number."""
    found: dict[str, list[Trip]] = defaultdict(list)
    for trip in plan.trips:
        if trip.vehicle is not None:
            found[trip.vehicle].append(trip)
    for name in sorted(found, key=_kind_and_number):
        yield name, sorted(found[name], key=lambda trip: (trip.depart, trip.arrive))


def _kind_and_number(name: str) -> tuple[str, int]:
    kind, _, number = name.rpartition("-")
    return kind, int(number) if number.isdigit() else 0
