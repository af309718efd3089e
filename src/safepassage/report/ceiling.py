"""How many could have arrived by each time at the very most, whatever the plan.

A bound by relaxation: every vehicle goes round on its shortest way without ever waiting, always
full; convoys, staff, bays and windows cost nothing. Capped by who is ready and by what destinations
take in. No plan that the verifier accepts can be above it, because it only leaves rules out.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from safepassage.report.journeys import leg_seconds, loading_seconds
from safepassage.scenario.figure import Choice
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import COMPANION, Group
from safepassage.scenario.scenario import Scenario

CHANGE_PLACES = frozenset({"staging", "handover"})


def arrivals_ceiling(scenario: Scenario, choice: Choice) -> tuple[tuple[int, int], ...]:
    """Return steps (second, people) that no accepted plan's curve exceeds at any time."""
    horizon = int(scenario.horizon.total_seconds())
    events = [event for entry in scenario.vehicles for event in _deliveries(scenario, entry)]
    times = {time for time, _ in events}
    times |= {
        math.ceil(step.after.total_seconds()) for group in scenario.groups for step in group.ready
    }
    times |= _intake_times(scenario, horizon)
    seats: dict[int, float] = defaultdict(float)
    for time, people in events:
        seats[time] += people
    steps: list[tuple[int, int]] = []
    delivered, before = 0.0, 0
    for time in sorted(one for one in times if one <= horizon):
        delivered += seats[time]
        most = min(delivered, _ready_by(scenario, time, choice), _taken_in_by(scenario, time))
        if most > before:
            before = int(most)
            steps.append((time, before))
    return tuple(steps)


def _deliveries(scenario: Scenario, entry: Vehicles) -> list[tuple[int, float]]:
    """Return (second, people) of each load that the vehicles of one entry could bring at best."""
    boarding = {group.at for group in scenario.groups} | {
        place.id for place in scenario.places if place.kind in CHANGE_PLACES and not place.arrived
    }
    arrivals = {place.id for place in scenario.places if place.arrived}
    ways = _ways(scenario, entry.kind)
    approach = _shortest(ways, {entry.at}, boarding)
    out = _shortest(ways, boarding, arrivals)
    back = _shortest(ways, arrivals, boarding)
    if approach is None or out is None:
        return []
    load, unload = loading_seconds(entry)
    opening = 0.0
    if scenario.opening is not None:
        opening = scenario.opening.time.pick().total_seconds()
    horizon = scenario.horizon.total_seconds()
    seats = _most_aboard(scenario, entry)
    cycle = None if back is None else unload + back + load + out
    found: list[tuple[int, float]] = []
    for ready, number in _ready_vehicles(entry):
        time = math.floor(max(ready + approach + load, opening)) + out
        while time <= horizon:
            # A way that takes no time at all could be driven without end.
            found.append((time, number * seats if cycle != 0 else math.inf))
            if not cycle:
                break
            time += cycle
    return found


def _ready_vehicles(entry: Vehicles) -> Iterable[tuple[float, int]]:
    if not entry.ready:
        return [(0.0, entry.count.pick())]
    return [(one.after.total_seconds(), one.count) for one in entry.ready]


def _most_aboard(scenario: Scenario, entry: Vehicles) -> float:
    """Return the most people one vehicle can hold: every person uses at least one of its slots."""
    classes = {group.class_id for group in scenario.groups} | {COMPANION}
    if any(not any(scenario.person_class[one].uses.values()) for one in classes):
        return math.inf
    return sum(figure.pick() for figure in entry.slots.values())


def _ready_by(scenario: Scenario, time: int, choice: Choice) -> float:
    return sum(_ready_of(scenario, group, time, choice) for group in scenario.groups)


def _ready_of(scenario: Scenario, group: Group, time: int, choice: Choice) -> float:
    persons = 1 + scenario.person_class[group.class_id].companions
    willing = group.leave.pick(choice)
    if sum(step.people for step in group.ready) != willing:
        return willing * persons
    return persons * sum(step.people for step in group.ready if step.after.total_seconds() <= time)


def _taken_in_by(scenario: Scenario, time: int) -> float:
    """Return the most that destinations can have taken in by a time."""
    total = 0.0
    for place in scenario.places:
        if not place.arrived:
            continue
        room = math.inf
        if place.capacity is not None and place.capacity.known:
            room = place.capacity.pick()
        if place.intake is not None and place.intake.people.known:
            # [0, time] is covered by this many half-open intervals of the length `per`.
            spans = math.floor(time / place.intake.per.total_seconds()) + 1
            room = min(room, spans * place.intake.people.pick())
        total += room
    return total


def _intake_times(scenario: Scenario, horizon: int) -> set[int]:
    times: set[int] = set()
    for place in scenario.places:
        if place.arrived and place.intake is not None and place.intake.people.known:
            per = place.intake.per.total_seconds()
            times |= {math.ceil(per * index) for index in range(math.floor(horizon / per) + 1)}
    return times


def _ways(scenario: Scenario, kind: str) -> Mapping[str, list[tuple[str, int]]]:
    ways: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for leg in scenario.legs:
        hours = [one.time for one in leg.hours.get(kind, ()) if one.time is not None]
        # Of a time that changes by the hour the least: nobody is quicker at any hour.
        least = min(hours, default=None)
        seconds = leg_seconds(leg, kind) if least is None else math.ceil(least.total_seconds())
        ways[leg.start].append((leg.end, seconds))
        if not leg.one_way:
            ways[leg.end].append((leg.start, seconds))
    return ways


def _shortest(
    ways: Mapping[str, list[tuple[str, int]]], starts: set[str], ends: set[str]
) -> int | None:
    """Return the shortest driving time from any of `starts` to any of `ends` (Dijkstra)."""
    queue = [(0, one) for one in sorted(starts)]
    seen: set[str] = set()
    while queue:
        seconds, place = heapq.heappop(queue)
        if place in ends:
            return seconds
        if place in seen:
            continue
        seen.add(place)
        for other, more in ways.get(place, ()):
            heapq.heappush(queue, (seconds + more, other))
    return None
