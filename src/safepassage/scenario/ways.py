"""Ways through the places of a scenario: who can get where, by which corridors.

Knows legs, corridors and where people may change vehicles; nothing of times or capacities.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Generic, TypeVar

from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Leg
from safepassage.scenario.scenario import Scenario

Length = TypeVar("Length", timedelta, float)
"""How long a way is: a time, or kilometres."""

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


class Ways:
    """Who can get where in one scenario; each answer is worked out once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._hops = _hops(scenario)
        self._free = {
            place: [(onward, corridor) for onward, corridor in steps if corridor is None]
            for place, steps in self._hops.items()
        }
        self._arriving = frozenset(one.id for one in scenario.places if one.arrived)
        self._reachable: dict[str, frozenset[str]] = {}
        self._freely: dict[str, frozenset[str]] = {}
        self._brought: dict[str, frozenset[str]] = {}
        self._drives: dict[str, _Drives[timedelta]] = {}
        self._km: _Drives[float] | None = None

    def destinations(self, group: Group) -> frozenset[str]:
        """Return the destinations that a group accepts."""
        return self._arriving & set(group.wants) if group.wants else self._arriving

    def reachable(self, start: str) -> frozenset[str]:
        """Return the places that a vehicle can reach from a place, however many corridors."""
        if start not in self._reachable:
            self._reachable[start] = frozenset(_search(self._hops, start)) | {start}
        return self._reachable[start]

    def arrivals(self, group: Group) -> frozenset[str]:
        """Return the destinations that a group accepts and can be brought to, with changes.

        Each ride uses at most one corridor; people change only at staging and hand-over places.
        """
        if group.at not in self._brought:
            self._brought[group.at] = self._bring(group.at)
        return self._brought[group.at] & self.destinations(group)

    def changes(self, group: Group) -> frozenset[str]:
        """Return the places where people of a group can change vehicles after a ride or more."""
        if group.at not in self._brought:
            self._brought[group.at] = self._bring(group.at)
        places = self.scenario.place
        return frozenset(
            one
            for one in self._brought[group.at]
            if places[one].kind in CHANGE_KINDS and not places[one].arrived
        )

    def _bring(self, at: str) -> frozenset[str]:
        """Return every place at which a chain of rides from a place can end."""
        found: set[str] = set()
        boarded = {at}
        boarding = deque([at])
        while boarding:
            for place in _one_ride(self._hops, boarding.popleft()):
                found.add(place)
                change = self.scenario.place[place]
                if change.kind in CHANGE_KINDS and not change.arrived and place not in boarded:
                    boarded.add(place)
                    boarding.append(place)
        return frozenset(found)

    def arrives_without_corridor(self, group: Group) -> bool:
        """Whether a group can arrive on legs outside every corridor."""
        if group.at not in self._freely:
            self._freely[group.at] = frozenset(_search(self._free, group.at))
        return bool(self._freely[group.at] & self.destinations(group))

    def crossing_of_two(self, group: Group) -> tuple[str, ...] | None:
        """Return the corridors on a group's way where it can arrive only by two in one ride."""
        if self.arrivals(group):
            return None
        before = _search(self._hops, group.at)
        ends = [place for place in before if place in self.destinations(group)]
        return _corridors_back(before, ends[0], group.at) if ends else None

    def times(self, start: str, kind: str) -> Mapping[str, timedelta]:
        """Return the driving time of one kind of vehicle from a place to each that it reaches.

        Raises
        ------
        UnknownFigureError
            If the time of a leg is unknown.
        """
        if kind not in self._drives:
            self._drives[kind] = _Drives(
                self.scenario, lambda leg: leg.time_for(kind).pick(), timedelta(0)
            )
        return self._drives[kind].after(start)

    def km(self, start: str) -> Mapping[str, float]:
        """Return the kilometres from a place to each that can be reached on legs that state them.

        Raises
        ------
        UnknownFigureError
            If the kilometres of a leg are unknown or not stated.
        """
        if self._km is None:
            self._km = _Drives(self.scenario, _km_of, 0.0)
        return self._km.after(start)


def _search(
    hops: Mapping[str, Sequence[tuple[str, str | None]]], start: str
) -> dict[str, tuple[str, str | None]]:
    """Return, for each place that can be reached, the place before it and the corridor between."""
    before: dict[str, tuple[str, str | None]] = {}
    left = deque([start])
    while left:
        place = left.popleft()
        for onward, corridor in hops.get(place, ()):
            if onward not in before and onward != start:
                before[onward] = (place, corridor)
                left.append(onward)
    return before


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


def _km_of(leg: Leg) -> float:
    if leg.km is None:
        raise UnknownFigureError(f'leg "{leg.id}" states no km')
    return leg.km.pick()


class _Drives(Generic[Length]):
    """The shortest drives, by a length of each leg."""

    def __init__(
        self, scenario: Scenario, length_of: Callable[[Leg], Length], nothing: Length
    ) -> None:
        self._nothing: Length = nothing
        self._steps: dict[str, list[tuple[str, Length]]] = defaultdict(list)
        self._after: dict[str, Mapping[str, Length]] = {}
        in_corridor = {name for one in scenario.corridors for name in one.legs}
        for leg in scenario.legs:
            if leg.id in in_corridor:
                continue
            length = length_of(leg)
            self._steps[leg.start].append((leg.end, length))
            if not leg.one_way:
                self._steps[leg.end].append((leg.start, length))
        for corridor in scenario.corridors:
            legs = [scenario.leg[name] for name in corridor.legs]
            length = nothing
            for leg in legs:
                length += length_of(leg)
            for begin, end in _ends(legs):
                self._steps[begin].append((end, length))

    def after(self, start: str) -> Mapping[str, Length]:
        """Return the least length to each place that can be reached."""
        if start in self._after:
            return self._after[start]
        found: dict[str, Length] = {}
        left = [(self._nothing, start)]
        while left:
            so_far, place = heapq.heappop(left)
            if place in found:
                continue
            found[place] = so_far
            for onward, length in self._steps.get(place, ()):
                if onward not in found:
                    heapq.heappush(left, (so_far + length, onward))
        self._after[start] = found
        return found


def corridor_ends(scenario: Scenario, corridor: Corridor) -> list[tuple[str, str]]:
    """Return (entry, exit) of a corridor in each direction in which it may be driven."""
    return _ends([scenario.leg[name] for name in corridor.legs])
