"""The driver sheet: the trips of one vehicle, big, in English and Arabic; no other vehicle's."""

from dataclasses import dataclass

from safepassage.planner.plan import Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import Moment, rounded_down, rounded_up
from safepassage.report.sheets.fleet import fleet, people_on, seconds_to_load, trips_of
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.names import Name, class_name, counted_slot, kind_name, place_name


@dataclass(frozen=True, slots=True)
class Aboard:
    """How many people of one class ride."""

    what: Name
    people: int


@dataclass(frozen=True, slots=True)
class DriverTrip:
    """One trip of the vehicle; `loading` is None where it drives empty."""

    convoy: str
    start: Name
    end: Name
    loading: Moment | None
    depart: Moment
    arrive: Moment
    people: int
    aboard: tuple[Aboard, ...]


@dataclass(frozen=True, slots=True)
class DriverBody:
    """All that a driver sheet holds."""

    vehicle: str
    kind: Name
    slots: tuple[Aboard, ...]
    trips: tuple[DriverTrip, ...]


def driver_sheet(verified: VerifiedPlan, vehicle: str, printing: Printing) -> Sheet:
    """Return the sheet for the driver of one vehicle.

    Raises
    ------
    KeyError
        If the plan's scenario has no such vehicle.
    """
    scenario = verified.scenario
    entry = fleet(scenario)[vehicle]
    trips = trips_of(verified.plan, vehicle)
    kind = kind_name(scenario, entry.kind)
    slots = tuple(
        Aboard(counted_slot(slot, count.pick()), count.pick())
        for slot, count in entry.slots.items()
    )
    body = DriverBody(
        vehicle,
        kind,
        slots,
        tuple(_trip(verified, trip, seconds_to_load(entry)) for trip in trips),
    )
    ends = max((trip.arrive for trip in trips), default=None)
    name = f"driver-{vehicle}"
    frame = frame_of(verified, printing, name=name, whom=Name(vehicle), ends=ends)
    return Sheet("driver", name, frame, body)


def _trip(verified: VerifiedPlan, trip: Trip, load: int) -> DriverTrip:
    """Return one trip as it is printed."""
    scenario = verified.scenario
    people = people_on(trip)
    aboard = tuple(
        Aboard(class_name(scenario, name), count) for name, count in trip.load.items() if count
    )
    return DriverTrip(
        convoy=trip.convoy or "",
        start=place_name(scenario, trip.start),
        end=place_name(scenario, trip.end),
        loading=rounded_down(scenario, trip.depart - load) if people else None,
        depart=rounded_up(scenario, trip.depart),
        arrive=rounded_up(scenario, trip.arrive),
        people=people,
        aboard=aboard,
    )
