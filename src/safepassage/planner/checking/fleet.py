"""Each vehicle's day: where it starts, one trip after the other, and its fuel.

Rules `continuity`, `times` (between two trips, ready) and `fuel`.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from safepassage.planner.checking.given import Given, GivenVehicle
from safepassage.planner.checking.rides import Ride
from safepassage.planner.checking.violation import Violation, clock, length


def check_fleet(given: Given, rides: Iterable[Ride]) -> Iterator[Violation]:
    """Yield what is wrong with the sequence of trips of each vehicle."""
    of_vehicle: dict[str, tuple[GivenVehicle, list[Ride]]] = {}
    for ride in rides:
        if ride.vehicle is not None:
            of_vehicle.setdefault(ride.vehicle.name, (ride.vehicle, []))[1].append(ride)
    for vehicle, driven in of_vehicle.values():
        driven.sort(key=lambda ride: (ride.trip.depart, ride.trip.arrive))
        yield from _check_first(given, vehicle, driven[0])
        for before, after in pairwise(driven):
            yield from _check_next(given, vehicle, before, after)
        if vehicle.range_s is not None or vehicle.range_km is not None:
            yield from _check_fuel(given, vehicle, driven)


def _check_first(given: Given, vehicle: GivenVehicle, ride: Ride) -> Iterator[Violation]:
    trip = ride.trip
    if trip.start != vehicle.at:
        yield Violation(
            "continuity",
            ride.where,
            trip.depart,
            f"{vehicle.name} starts at {trip.start}",
            f"{vehicle.at}, where it stands",
        )
    start = given.scenario.start
    if vehicle.ready is None:
        yield Violation(
            "times", ride.where, trip.depart, f"{vehicle.name} is used", "it is never ready"
        )
    elif ride.boards < vehicle.ready:
        yield Violation(
            "times",
            ride.where,
            trip.depart,
            f"{vehicle.name} is used from {clock(start, ride.boards)}",
            f"from {clock(start, vehicle.ready)}, when it is ready",
        )


def _check_next(
    given: Given, vehicle: GivenVehicle, before: Ride, after: Ride
) -> Iterator[Violation]:
    if before.trip.end != after.trip.start:
        yield Violation(
            "continuity",
            after.where,
            after.trip.depart,
            f"{vehicle.name} starts at {after.trip.start}",
            f"{before.trip.end}, where its last trip ended",
        )
    earliest = before.trip.arrive
    if before.loaded:
        earliest += vehicle.unload
    if after.loaded:
        earliest += vehicle.load
    if after.trip.depart < earliest:
        start = given.scenario.start
        yield Violation(
            "times",
            after.where,
            after.trip.depart,
            f"{vehicle.name} departs at {clock(start, after.trip.depart)}",
            f"from {clock(start, earliest)}, after its last arrival and unloading and loading",
        )


def _check_fuel(given: Given, vehicle: GivenVehicle, driven: list[Ride]) -> Iterator[Violation]:
    """Add up time (and km) on the road since the tank was full; on a corridor, the convoy's."""
    seconds = 0
    kilometres = Fraction(0)
    before: Ride | None = None
    for ride in driven:
        if before is not None and before.trip.end in vehicle.refuel_at:
            from_then = before.trip.arrive + (vehicle.unload if before.loaded else 0)
            if ride.boards - from_then >= vehicle.refuel_s:
                seconds, kilometres = 0, Fraction(0)
        before = ride
        if vehicle.range_s is not None:
            seconds += sum(one.leaves - one.enters for one in ride.on_legs)
            if seconds > vehicle.range_s:
                yield Violation(
                    "fuel",
                    ride.where,
                    ride.trip.arrive,
                    f"{vehicle.name} has driven {length(seconds)} since its tank was full",
                    f"{length(vehicle.range_s)}",
                )
                seconds = 0
        if vehicle.range_km is not None:
            for one in ride.on_legs:
                km = given.leg_km(given.scenario.leg[one.leg])
                if km is None:
                    yield Violation(
                        "fuel", ride.where, None, f"leg {one.leg} has no km", "km, for the range"
                    )
                else:
                    kilometres += km
            if kilometres > vehicle.range_km:
                yield Violation(
                    "fuel",
                    ride.where,
                    ride.trip.arrive,
                    f"{vehicle.name} has driven {float(kilometres):g} km since its tank was full",
                    f"{float(vehicle.range_km):g} km",
                )
                kilometres = Fraction(0)
