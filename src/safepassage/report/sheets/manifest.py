"""The manifest by counts: how many people of which class ride in which vehicle. No names."""

from dataclasses import dataclass

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import Moment, rounded_up
from safepassage.report.sheets.driver import Aboard
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.movement import Movement
from safepassage.report.sheets.names import Name, class_name, counted_kind, place_name


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One vehicle: the people of each class in the order of the head, and their sum."""

    vehicle: str
    depart: Moment
    start: Name
    end: Name
    counts: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class ManifestBody:
    """All that a manifest holds."""

    movement: str
    in_convoy: bool
    depart: Moment
    classes: tuple[Name, ...]
    rows: tuple[ManifestRow, ...]
    totals: tuple[int, ...]
    people: int
    staff: tuple[Aboard, ...]
    households: int | None


def manifest(verified: VerifiedPlan, movement: Movement, printing: Printing) -> Sheet:
    """Return the manifest of one convoy."""
    scenario = verified.scenario
    trips = movement.trips
    order = [one.id for one in scenario.classes]
    used = sorted(movement.people_by_class)
    used.sort(key=lambda name: order.index(name) if name in order else len(order))
    rows = tuple(
        ManifestRow(
            vehicle=trip.vehicle,
            depart=rounded_up(scenario, trip.depart),
            start=place_name(scenario, trip.start),
            end=place_name(scenario, trip.end),
            counts=tuple(trip.load.get(name, 0) for name in used),
            people=sum(trip.load.values()),
        )
        for trip in trips
        if trip.vehicle is not None
    )
    counted = [sum(trip.households.values()) for trip in trips if trip.households]
    body = ManifestBody(
        movement=movement.id,
        in_convoy=movement.convoy is not None,
        depart=rounded_up(scenario, movement.departs),
        classes=tuple(class_name(scenario, name) for name in used),
        rows=rows,
        totals=tuple(sum(row.counts[column] for row in rows) for column in range(len(used))),
        people=movement.people,
        staff=tuple(
            Aboard(counted_kind(scenario, kind, count), count)
            for kind, count in movement.staff.items()
        ),
        households=sum(counted) if counted else None,
    )
    name = f"convoy-{movement.id}-manifest"
    frame = frame_of(verified, printing, name=name, whom=Name(movement.id), ends=movement.arrives)
    return Sheet("manifest", name, frame, body)
