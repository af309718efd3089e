"""What a place allows: bays, sliding intake and rate, capacity, and when it opens."""

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from safepassage.planner.checking.given import Given, up
from safepassage.planner.checking.rides import Ride
from safepassage.planner.checking.violation import Violation, clock, length

_Arrival = tuple[int, int, Ride]


def check_places(given: Given, rides: Iterable[Ride]) -> Iterator[Violation]:
    """Yield what is wrong at each place, over all trips."""
    loading: dict[tuple[str, str], list[Ride]] = {}
    people_at: dict[str, list[_Arrival]] = {}
    vehicles_at: dict[str, list[_Arrival]] = {}
    for_good: dict[str, list[_Arrival]] = {}
    bays = {(one.id, kind) for one in given.scenario.places for kind in one.bays}
    intakes = {one.id for one in given.scenario.places if one.intake is not None}
    rates = {one.id for one in given.scenario.places if one.rate is not None}
    opens = {one.id: up(one.opens) for one in given.scenario.places if one.opens is not None}
    for ride in rides:
        trip = ride.trip
        if ride.loaded and ride.vehicle is not None and (trip.start, ride.vehicle.kind) in bays:
            loading.setdefault((trip.start, ride.vehicle.kind), []).append(ride)
        if ride.loaded and given.is_arrival(trip.end):
            for_good.setdefault(trip.end, []).append((trip.arrive, ride.people, ride))
        moments = [(one.place, one.reached, one.passed) for one in ride.passings]
        moments.append((trip.end, trip.arrive, trip.arrive))
        for place_id, reached, passed in moments:
            if ride.loaded and place_id in intakes:
                people_at.setdefault(place_id, []).append((passed, ride.people, ride))
            if ride.vehicle is not None and place_id in rates:
                vehicles_at.setdefault(place_id, []).append((passed, 1, ride))
            if place_id in opens and reached < opens[place_id]:
                yield Violation(
                    "open",
                    ride.where,
                    reached,
                    f"is at {place_id} at {clock(given.scenario.start, reached)}",
                    f"from {clock(given.scenario.start, opens[place_id])}, when it opens",
                )
    for (place_id, kind), at_bays in loading.items():
        yield from _check_bays(given, place_id, kind, at_bays)
    for place in given.scenario.places:
        if place.intake is not None and place.id in people_at:
            most = given.pick(place.intake.people, f"place {place.id} intake", 0)
            yield from _check_sliding(
                "intake", place.id, "people", most, up(place.intake.per), people_at[place.id]
            )
        if place.rate is not None and place.id in vehicles_at:
            most = given.pick(place.rate.vehicles, f"place {place.id} rate", 0)
            yield from _check_sliding(
                "rate", place.id, "vehicles", most, up(place.rate.per), vehicles_at[place.id]
            )
        if place.capacity is not None and place.id in for_good:
            yield from _check_capacity(given, place.id, for_good[place.id])


def _check_bays(given: Given, place_id: str, kind: str, at_bays: list[Ride]) -> Iterator[Violation]:
    """Check how many vehicles load at once: each from the start of boarding to its departure."""
    place = given.place(place_id)
    if place is None:
        return
    bays = given.pick(place.bays[kind], f"place {place_id} bays.{kind}", 0)
    busy: list[int] = []
    for ride in sorted(at_bays, key=lambda one: one.boards):
        if ride.boards == ride.trip.depart:
            continue
        while busy and busy[0] <= ride.boards:
            heappop(busy)
        heappush(busy, ride.trip.depart)
        if len(busy) > bays:
            yield Violation(
                "bays",
                ride.where,
                ride.boards,
                f"{len(busy)} of kind {kind} load at {place_id} at once",
                f"{bays} bays",
            )


def _check_sliding(
    rule: str, place_id: str, what: str, most: int, per: int, arrivals: list[_Arrival]
) -> Iterator[Violation]:
    """Check every half-open interval [t, t + per): at most `most` arrive in it."""
    inside: deque[tuple[int, int]] = deque()
    total = 0
    for when, count, ride in sorted(arrivals, key=lambda one: one[0]):
        while inside and inside[0][0] <= when - per:
            total -= inside.popleft()[1]
        inside.append((when, count))
        total += count
        if total > most:
            yield Violation(
                rule,
                f"{place_id}, {ride.where}",
                when,
                f"{total} {what} arrive within {length(per)}",
                f"{most}",
            )


def _check_capacity(given: Given, place_id: str, arrivals: list[_Arrival]) -> Iterator[Violation]:
    """Check that those who arrived for good and those of elsewhere never exceed the capacity."""
    place = given.place(place_id)
    if place is None or place.capacity is None:
        return
    capacity = given.pick(place.capacity, f"place {place_id} capacity", 0)
    events = [(when, people, ride.where) for when, people, ride in arrivals]
    events += [
        (up(one.after), one.people, f"{place_id}, filled from elsewhere")
        for one in place.filled
        if up(one.after) <= given.horizon
    ]
    there = ours = 0
    names = {ride.where for _, _, ride in arrivals}
    for when, people, where in sorted(events, key=lambda one: one[0]):
        before = there
        there += people
        ours += people if where in names else 0
        if there > capacity and ours > 0 and people > 0:
            yield Violation(
                "capacity",
                f"{place_id}, {where}",
                when,
                f"{there} people (before: {before})",
                f"{capacity}",
            )
