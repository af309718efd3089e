"""Who would be brought to a change of vehicle and not fetched in time stays where he lives.

Knows the trips of one schedule. People are only taken off trips: the rules that it keeps stay kept.
"""

from collections import deque
from dataclasses import dataclass, replace

from safepassage.planner.plan import Trip
from safepassage.planner.problem import Crowd, Problem
from safepassage.scenario.people import COMPANION


@dataclass(slots=True)
class _Came:
    """People of one group whom one trip has brought to a change place: whole households, if any."""

    trip: int
    arrive: int
    there: int
    people: int
    small: int
    large: int


def left_where_they_were(problem: Problem, trips: list[Trip]) -> list[Trip]:
    """Return the trips less those who are never fetched, or later than the longest wait allows.

    Who takes people off one trip may leave fewer for a later one; so it is done from place to place
    until nobody is left over.
    """
    for _ in range(MOST_PASSES):
        cuts = _cuts(problem, trips)
        if not cuts:
            break
        trips = [
            _less(problem, one, cuts[number]) if number in cuts else one
            for number, one in enumerate(trips)
        ]
    return trips


MOST_PASSES = 50

_Cut = dict[str, tuple[int, int]]
"""By group: people, and households, to be taken off a trip."""


def _cuts(problem: Problem, trips: list[Trip]) -> dict[int, _Cut]:
    """Return what must come off which trips, by their number."""
    crowds = {one.id: one for one in problem.crowds}
    fleets = {name: one for one in problem.fleets for name, _ in one.vehicles}
    events: list[tuple[int, int, int, str, str]] = []
    for number, trip in enumerate(trips):
        for group in trip.groups:
            if not problem.sites[trip.end].arrived:
                events.append((trip.arrive, 0, number, group, trip.end))
            if trip.start != crowds[group].at:
                events.append((trip.depart, 1, number, group, trip.start))
    waiting: dict[tuple[str, str], deque[_Came]] = {}
    cuts: dict[int, _Cut] = {}
    for when, leaves, number, group, place in sorted(events):
        trip, crowd = trips[number], crowds[group]
        people, homes = trip.groups[group], trip.households.get(group, 0)
        large = 0
        if crowd.households is not None:
            large = people - homes * crowd.households.smallest
        small = homes - large
        fleet = fleets[trip.vehicle or ""]
        queue = waiting.setdefault((group, place), deque())
        if not leaves:
            queue.append(_Came(number, when, when + fleet.unload, people, small, large))
            continue
        wait = problem.scenario.place[place].longest_wait
        if wait is not None:
            while queue and queue[0].arrive + int(wait.total_seconds()) < when:
                _drop(cuts, queue.popleft(), group)
        there = [one for one in queue if one.there <= when - fleet.load]
        short = _take(there, people, small, large, crowd)
        while queue and queue[0].people <= 0:
            queue.popleft()
        if short is not None:
            cuts.setdefault(number, {})[group] = short
    for (group, _), queue in waiting.items():
        for one in queue:
            _drop(cuts, one, group)
    return cuts


def _take(
    there: list[_Came], people: int, small: int, large: int, crowd: Crowd
) -> tuple[int, int] | None:
    """Take those who board out of the queue; return (people, households) that are not there."""
    if crowd.households is None:
        for one in there:
            taken = min(people, one.people)
            one.people -= taken
            people -= taken
    else:
        for one in there:
            fewer, more = min(small, one.small), min(large, one.large)
            one.small, one.large = one.small - fewer, one.large - more
            small, large = small - fewer, large - more
            one.people -= fewer * crowd.households.smallest
            one.people -= more * (crowd.households.smallest + 1)
        people = small * crowd.households.smallest + large * (crowd.households.smallest + 1)
    return (people, small + large) if people else None


def _drop(cuts: dict[int, _Cut], one: _Came, group: str) -> None:
    """Note those of a trip who are not fetched; a trip is cut for one reason at a time."""
    if one.people > 0:
        cuts.setdefault(one.trip, {}).setdefault(group, (one.people, one.small + one.large))


def _less(problem: Problem, trip: Trip, cut: _Cut) -> Trip:
    """Return a trip without some of its people."""
    crowds = {one.id: one for one in problem.crowds}
    groups, homes, load = dict(trip.groups), dict(trip.households), dict(trip.load)
    for group, (people, households) in cut.items():
        crowd = crowds[group]
        groups[group] -= people
        load[crowd.class_id] -= people
        if crowd.companions:
            load[COMPANION] -= people * crowd.companions
        if group in homes:
            homes[group] -= households
    return replace(
        trip,
        groups={one: number for one, number in groups.items() if number},
        households={one: number for one, number in homes.items() if number},
        load={one: number for one, number in load.items() if number},
    )
