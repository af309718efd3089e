"""Ways through the places of a scenario: who can get where, by which corridors.

Knows legs, corridors and where people may change vehicles; nothing of times or capacities.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Leg
from safepassage.scenario.scenario import Scenario

CHANGE_KINDS = frozenset({"staging", "handover"})
"""Kinds of place where people may alight and board again (docs/model.md)."""


def chain(legs: Sequence[Leg]) -> tuple[int, str] | None:
    """Return the number of the first leg that breaks the chain and why, or None.

    A leg may lie in the chain against its direction, unless it is one way.
    """
    if not legs:
        return None
    best: tuple[int, str] | None = None
    for backwards in (False, True):
        broken = _walk(legs, backwards=backwards)
        if broken is None:
            return None
        if best is None or broken[0] > best[0]:
            best = broken
    return best


def _walk(legs: Sequence[Leg], *, backwards: bool) -> tuple[int, str] | None:
    """Walk the legs from one end of the first; return the first break, or None."""
    first = legs[0]
    at = first.end if backwards else first.start
    passed = [at]
    with_one_way: set[bool] = set()
    for number, leg in enumerate(legs):
        if at == leg.start:
            at = leg.end
            with_one_way |= {True} if leg.one_way else set()
        elif at == leg.end:
            at = leg.start
            with_one_way |= {False} if leg.one_way else set()
        else:
            return number, f'"{leg.id}", which does not touch "{at}"'
        if at in passed:
            return number, f'"{leg.id}", which comes back to "{at}"'
        if len(with_one_way) > 1:
            return number, f'"{leg.id}", one way against another leg that is one way'
        passed.append(at)
    return None


def _hops(scenario: Scenario) -> Mapping[str, list[tuple[str, str | None]]]:
    """Return, by place, the places one step on and the corridor that the step uses.

    A step is a leg outside every corridor, or a whole corridor from end to end.
    """
    hops: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    in_corridor = {name for one in scenario.corridors for name in one.legs}
    for leg in scenario.legs:
        if leg.id in in_corridor:
            continue
        hops[leg.start].append((leg.end, None))
        if not leg.one_way:
            hops[leg.end].append((leg.start, None))
    for corridor in scenario.corridors:
        legs = [scenario.leg[name] for name in corridor.legs]
        for start, end in _ends(legs):
            hops[start].append((end, corridor.id))
    return hops


def _ends(legs: Sequence[Leg]) -> list[tuple[str, str]]:
    """Return the (start, end) of a chain in each direction that its one-way legs allow."""
    found: list[tuple[str, str]] = []
    for order in (legs, list(reversed(legs))):
        for start in {order[0].start, order[0].end}:
            at = start
            for leg in order:
                if at == leg.start:
                    at = leg.end
                elif at == leg.end and not leg.one_way:
                    at = leg.start
                else:
                    break
            else:
                found.append((start, at))
    return found


def reachable(scenario: Scenario, start: str) -> frozenset[str]:
    """Return the places that a vehicle can reach from a place, corridors without end."""
    hops = _hops(scenario)
    found = {start}
    left = deque([start])
    while left:
        for place, _ in hops.get(left.popleft(), ()):
            if place not in found:
                found.add(place)
                left.append(place)
    return frozenset(found)


def arrivals(scenario: Scenario, group: Group) -> frozenset[str]:
    """Return the destinations that a group accepts and can be brought to, by changes if need be.

    Each ride uses at most one corridor; people change only at staging and hand-over places.
    """
    wanted = destinations(scenario, group)
    hops = _hops(scenario)
    found: set[str] = set()
    boarded = {group.at}
    boarding = deque([group.at])
    while boarding:
        start = boarding.popleft()
        for place in _one_ride(hops, start):
            if place in wanted:
                found.add(place)
            change = scenario.place[place]
            if change.kind in CHANGE_KINDS and not change.arrived and place not in boarded:
                boarded.add(place)
                boarding.append(place)
    return frozenset(found)


def destinations(scenario: Scenario, group: Group) -> frozenset[str]:
    """Return the destinations that a group accepts."""
    every = {one.id for one in scenario.places if one.arrived}
    return frozenset(every & set(group.wants) if group.wants else every)


def _one_ride(hops: Mapping[str, Sequence[tuple[str, str | None]]], start: str) -> Iterable[str]:
    """Return the places that one ride with at most one corridor can end at."""
    seen = {(start, False)}
    left = deque([(start, False)])
    while left:
        place, used = left.popleft()
        for onward, corridor in hops.get(place, ()):
            if used and corridor is not None:
                continue
            state = (onward, used or corridor is not None)
            if state not in seen:
                seen.add(state)
                left.append(state)
    return {place for place, _ in seen if place != start}


def arrives_without_corridor(scenario: Scenario, group: Group) -> bool:
    """Whether a group can arrive on legs outside every corridor."""
    free = {
        place: [(onward, None) for onward, corridor in steps if corridor is None]
        for place, steps in _hops(scenario).items()
    }
    return bool(set(_one_ride(free, group.at)) & destinations(scenario, group))


def first_crossing_of_two(scenario: Scenario, group: Group) -> tuple[str, ...] | None:
    """Return the corridors on a group's way where it can arrive only by two in one ride."""
    if arrivals(scenario, group):
        return None
    wanted = destinations(scenario, group)
    hops = _hops(scenario)
    before: dict[str, tuple[str, str | None]] = {}
    left = deque([group.at])
    while left:
        place = left.popleft()
        if place in wanted:
            return _corridors_back(before, place, group.at)
        for onward, corridor in hops.get(place, ()):
            if onward not in before and onward != group.at:
                before[onward] = (place, corridor)
                left.append(onward)
    return None


def _corridors_back(
    before: Mapping[str, tuple[str, str | None]], end: str, start: str
) -> tuple[str, ...]:
    """Return the corridors on the way that a search found, in driving order."""
    found: list[str] = []
    at = end
    while at != start:
        at, corridor = before[at]
        if corridor is not None:
            found.append(corridor)
    return tuple(dict.fromkeys(reversed(found)))


def fastest(scenario: Scenario, start: str, kind: str) -> Mapping[str, timedelta]:
    """Return the driving time of one kind of vehicle from a place to each place that it reaches.

    Raises
    ------
    UnknownFigureError
        If the time of a leg is unknown.
    """
    steps: dict[str, list[tuple[str, timedelta]]] = defaultdict(list)
    in_corridor = {name for one in scenario.corridors for name in one.legs}
    for leg in scenario.legs:
        if leg.id in in_corridor:
            continue
        time = leg.time_for(kind).pick()
        steps[leg.start].append((leg.end, time))
        if not leg.one_way:
            steps[leg.end].append((leg.start, time))
    for corridor in scenario.corridors:
        legs = [scenario.leg[name] for name in corridor.legs]
        time = sum((one.time_for(kind).pick() for one in legs), timedelta(0))
        for begin, end in _ends(legs):
            steps[begin].append((end, time))
    found: dict[str, timedelta] = {}
    left = [(timedelta(0), start)]
    while left:
        so_far, place = heapq.heappop(left)
        if place in found:
            continue
        found[place] = so_far
        for onward, time in steps.get(place, ()):
            if onward not in found:
                heapq.heappush(left, (so_far + time, onward))
    return found


def corridor_ends(scenario: Scenario, corridor: Corridor) -> list[tuple[str, str]]:
    """Return (entry, exit) of a corridor in each direction in which it may be driven."""
    return _ends([scenario.leg[name] for name in corridor.legs])
