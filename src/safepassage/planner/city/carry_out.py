"""From the tours of a city to trips of the scenario: named vehicles, groups, moments in seconds."""

from collections.abc import Iterator

from safepassage.planner.city.booking import Bookings
from safepassage.planner.city.problem import City
from safepassage.planner.plan import Trip
from safepassage.planner.problem import Crowd, Fleet
from safepassage.planner.schedule import Schedule


def carried_out(bookings: Bookings) -> Schedule:
    """Return the schedule of all tours. Its bookings are not kept: it is not added to any more."""
    city = bookings.city
    schedule = Schedule(city.source, city.ways)
    waiting = [_groups(city, crowd) for crowd in city.crowds]
    names = [name for some in city.yard_names for name in some]
    fleets = {name: one for one in city.source.fleets for name, _ in one.vehicles}
    rides = [
        (int(trip[2]), vehicle, number)
        for vehicle in range(len(names))
        for number, trip in enumerate(bookings.tours.trips[vehicle, : _trips(bookings, vehicle)])
    ]
    aboard: dict[tuple[int, int], dict[str, int]] = {}
    for _, vehicle, number in sorted(rides):
        # Who is ready first boards first, whichever vehicle comes.
        aboard[vehicle, number] = _board(bookings, vehicle, number, waiting)
    for vehicle, name in enumerate(names):
        groups = [aboard[vehicle, number] for number in range(_trips(bookings, vehicle))]
        schedule.trips.extend(_trips_of(bookings, vehicle, fleets[name], name, groups))
    for some in aboard.values():
        for group, people in some.items():
            schedule.left[group] -= people
    return schedule


def _trips(bookings: Bookings, vehicle: int) -> int:
    return int(bookings.tours.number[vehicle])


def _groups(city: City, crowd: Crowd) -> dict[str, int]:
    """Return the people by group of the groups that are one crowd here."""
    like = (crowd.at, crowd.wants, dict(crowd.uses), crowd.companions, crowd.worth)
    if len(crowd.ready) > 1:
        return {crowd.id: crowd.total}
    return {
        one.id: one.total
        for one in city.source.crowds
        if one.total > 0
        and len(one.ready) == 1
        and one.ready[0][0] == crowd.ready[0][0]
        and (one.at, one.wants, dict(one.uses), one.companions, one.worth) == like
    }


def _board(
    bookings: Bookings, vehicle: int, number: int, waiting: list[dict[str, int]]
) -> dict[str, int]:
    """Take the people of one trip out of those who wait; return them by group."""
    pickup = int(bookings.tours.trips[vehicle, number, 0])
    found: dict[str, int] = {}
    first = int(bookings.first[pickup])
    for index in range(int(bookings.first[pickup + 1]) - first):
        people = int(bookings.tours.riders[vehicle, number, index])
        for group, number_left in waiting[first + index].items():
            taken = min(people, number_left)
            if taken > 0:
                found[group] = taken
                waiting[first + index][group] = number_left - taken
                people -= taken
    return found


def _trips_of(
    bookings: Bookings, vehicle: int, fleet: Fleet, name: str, groups: list[dict[str, int]]
) -> Iterator[Trip]:
    """Yield the trips of one vehicle, empty ones as soon as it is free."""
    city = bookings.city
    kind = int(city.yard_kind[bookings.yard[vehicle]])
    place, free = fleet.at, dict(fleet.vehicles)[name]
    crowds = {one.id: one for one in city.source.crowds}
    for trip, people in zip(bookings.tours.trips[vehicle], groups, strict=False):
        pickup, gate = city.pickups[int(trip[0])], city.gates[int(trip[1])]
        if place != pickup:
            way = city.ways.quickest(fleet.kind, place, pickup)
            if way is None:
                raise ValueError(f"no way from {place} to {pickup}")
            arrive = free + way.before
            yield Trip(name, fleet.kind, place, pickup, way.legs, free, arrive)
        way = city.ways.quickest(fleet.kind, pickup, gate)
        if way is None:
            raise ValueError(f"no way from {pickup} to {gate}")
        ticks = (
            int(trip[2]) + int(city.load[kind]) + int(city.out[kind, int(trip[0]), int(trip[1])])
        )
        arrive = ticks * city.tick
        load: dict[str, int] = {}
        for group, number in people.items():
            class_id = crowds[group].class_id
            load[class_id] = load.get(class_id, 0) + number
        yield Trip(
            vehicle=name,
            kind=fleet.kind,
            start=pickup,
            end=gate,
            legs=way.legs,
            depart=arrive - way.before,
            arrive=arrive,
            load=load,
            groups=people,
        )
        place, free = gate, arrive + fleet.unload
