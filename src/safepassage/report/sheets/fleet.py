"""Which entry of the scenario a vehicle of the plan belongs to, and what its trips are."""

from collections.abc import Mapping

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.scenario import Scenario


def fleet(scenario: Scenario) -> Mapping[str, Vehicles]:
    """Return the entry of each vehicle by its name, KIND-NN as docs/model.md numbers them."""
    of_kind: dict[str, list[Vehicles]] = {}
    for entry in scenario.vehicles:
        of_kind.setdefault(entry.kind, []).extend([entry] * entry.count.pick())
    named: dict[str, Vehicles] = {}
    for kind, entries in of_kind.items():
        digits = max(2, len(str(len(entries))))
        for number, entry in enumerate(entries, start=1):
            named[f"{kind}-{number:0{digits}}"] = entry
    return named


def seconds_to_load(entry: Vehicles) -> int:
    """Return the loading time in whole seconds, rounded up."""
    return _whole(entry.load.pick().total_seconds())


def seconds_to_unload(entry: Vehicles) -> int:
    """Return the unloading time in whole seconds, rounded up."""
    return _whole(entry.unload.pick().total_seconds())


def people_on(trip: Trip) -> int:
    """Return the people aboard, companions included."""
    return sum(trip.load.values())


def vehicles_used(plan: Plan) -> tuple[str, ...]:
    """Return the names of the vehicles that have a trip, sorted."""
    return tuple(sorted({trip.vehicle for trip in plan.trips if trip.vehicle is not None}))


def trips_of(plan: Plan, vehicle: str) -> tuple[Trip, ...]:
    """Return the trips of one vehicle in the order of departure."""
    own = [trip for trip in plan.trips if trip.vehicle == vehicle]
    return tuple(sorted(own, key=lambda trip: trip.depart))


def trips_in(plan: Plan, convoy: str) -> tuple[Trip, ...]:
    """Return the trips of one convoy by vehicle, staff riding alone last."""
    own = [trip for trip in plan.trips if trip.convoy == convoy]
    return tuple(sorted(own, key=lambda trip: (trip.vehicle is None, trip.vehicle or "")))


def convoys_by_time(plan: Plan) -> tuple[Convoy, ...]:
    """Return the convoys in the order in which they enter their corridor."""
    return tuple(sorted(plan.convoys, key=lambda convoy: (convoy.depart, convoy.id)))


def kinds_in(trips: tuple[Trip, ...]) -> Mapping[str, int]:
    """Return how many vehicles of each kind take part."""
    counted: dict[str, int] = {}
    for trip in trips:
        if trip.vehicle is not None and trip.kind is not None:
            counted[trip.kind] = counted.get(trip.kind, 0) + 1
    return counted


def _whole(seconds: float) -> int:
    """Return whole seconds, rounded up."""
    return -int(-seconds // 1)
