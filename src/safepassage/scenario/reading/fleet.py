"""Reads vehicles and staff."""

from dataclasses import dataclass
from datetime import timedelta

from safepassage.scenario.duration import parse_duration
from safepassage.scenario.figure import Figure
from safepassage.scenario.fleet import Available, Refuel, Staff, Vehicles
from safepassage.scenario.near import did_you_mean, listed
from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.places import PLACE_KINDS
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError
from safepassage.scenario.reading.row import NOT_READ, Door, Row

MOST_KM = 20_000


def read_vehicles(row: Row) -> Vehicles:
    """Return one entry of vehicles of one kind at one place."""
    count = row.need_figure("count", atoms.whole(0, atoms.MOST_VEHICLES, 20), "a number, e.g. 20")
    km, time = _read_range(row)
    return Vehicles(
        id=row.identifier(),
        kind=row.need("kind", atoms.kind, "", 'a kind, e.g. "bus"'),
        count=count,
        at=row.need_reference("at", "place"),
        slots=_read_slots(row),
        load=row.need_figure("load", atoms.duration, 'the loading time, e.g. "20 min"'),
        unload=row.need_figure("unload", atoms.duration, 'the unloading time, e.g. "10 min"'),
        serves=row.several("serves", _served(row.door), '["hospital"]'),
        ready=_read_ready(row, count),
        range_km=km,
        range_time=time,
        refuel=_read_refuel(row),
        names=row.names(),
    )


def _read_slots(row: Row) -> dict[str, Figure[int]]:
    """Return how many slots of each kind one vehicle has."""
    slots: dict[str, Figure[int]] = {}
    if not row.has("slots"):
        row.fault("slots", "nothing", "the slots of one vehicle, e.g. { seat = 50 }")
    for path, slot, value in row.mapping("slots", "{ seat = 50 }"):
        if slot not in row.door.slots:
            near = did_you_mean(slot, row.door.slots)
            row.door.fault(
                path,
                f"the slot {slot!r}, which no class uses",
                f"one of {listed(row.door.slots)}{near}",
                row.of,
            )
            continue
        slots[slot] = row.figure_at(path, value, atoms.whole(0, atoms.MOST_SLOTS, 50))
    return slots


def _served(door: Door) -> atoms.Atom[str]:
    """Return a reader of places or kinds of place."""
    places = door.ids.get("place", [])

    def read(value: object) -> str:
        if isinstance(value, str) and (value in places or value in PLACE_KINDS):
            return value
        known = [*places, *PLACE_KINDS]
        near = did_you_mean(value, known) if isinstance(value, str) else ""
        raise WrongError(f"the id of a [[place]] or a kind of place ({listed(PLACE_KINDS)}){near}")

    return read


def _read_ready(row: Row, count: Figure[int]) -> tuple[Available, ...]:
    """Return when vehicles or staff are ready; a single time means that all are ready then."""
    if row.has("ready") and not isinstance(row.values["ready"], list):
        after = row.take("ready", row.door.moment)
        all_of_them = count.pick("high") if count.known else 0
        return () if after is None or not all_of_them else (Available(after, all_of_them),)
    steps = row.moments(
        "ready", atoms.whole(0, atoms.MOST_VEHICLES, 10), '[["0 min", 10], ["60 min", 10]]'
    )
    if not steps:
        return ()
    total = sum(number for _, number in steps)
    if count.known and total != count.pick():
        row.fault("ready", f"{total} in all", f"{count.pick()}, as many as `count`")
    return tuple(Available(after, number) for after, number in steps if number)


@dataclass(frozen=True, order=True)
class _Tank:
    """What one tank lasts: a distance in km or a driving time in hours, never compared mixed."""

    unit: str
    amount: float


def _tank(value: object) -> _Tank:
    """Return what one tank lasts, from "300 km" or "8 h"."""
    if not isinstance(value, str):
        raise WrongError('a range with its unit, e.g. "300 km" or "8 h"')
    words = value.split()
    if len(words) == 2 and words[1] == "km":
        try:
            distance = float(words[0])
        except ValueError:
            raise WrongError('a range with its unit, e.g. "300 km"') from None
        if not 0 < distance <= MOST_KM:
            raise WrongError(f"more than 0 and at most {MOST_KM:,} km")
        return _Tank("km", distance)
    try:
        length = parse_duration(value)
    except ValueError:
        raise WrongError('a range with its unit, e.g. "300 km" or "8 h"') from None
    if not timedelta(0) < length <= atoms.LONGEST:
        raise WrongError(f"more than 0 and at most {atoms.LONGEST.days} days")
    return _Tank("h", length / timedelta(hours=1))


def _read_range(row: Row) -> tuple[Figure[float] | None, Figure[timedelta] | None]:
    """Return the range in km or in driving time; at most one of the two."""
    tank = row.figure("range", _tank)
    if tank is None:
        return None, None
    every = [one for one in (tank.value, tank.low, tank.likely, tank.high) if one is not None]
    if len({one.unit for one in every}) > 1:
        row.fault("range", "km and hours in one range", "one unit")
        return None, None
    if not every:
        return Figure(unknown=tank.unknown or NOT_READ, path=tank.path), None

    def of(one: _Tank | None) -> float | None:
        return None if one is None else one.amount

    def hours(one: _Tank | None) -> timedelta | None:
        return None if one is None else timedelta(hours=one.amount)

    if every[0].unit == "km":
        return Figure(
            of(tank.value),
            of(tank.low),
            of(tank.likely),
            of(tank.high),
            source=tank.source,
            assumed=tank.assumed,
            path=tank.path,
        ), None
    return None, Figure(
        hours(tank.value),
        hours(tank.low),
        hours(tank.likely),
        hours(tank.high),
        source=tank.source,
        assumed=tank.assumed,
        path=tank.path,
    )


def _read_refuel(row: Row) -> Refuel | None:
    inner = row.inner("refuel", "vehicle.refuel", '{ at = ["depot"], time = "30 min" }')
    if inner is None:
        return None
    if not row.has("range"):
        row.fault("refuel", "refuelling without a range", 'range, e.g. "300 km" or "8 h"')
    at = inner.several("at", row.known("place"), '["depot"]')
    if not at and not inner.faulty("at"):
        inner.fault("at", "no place", 'where the tank is filled, e.g. ["depot"]')
    time = inner.need("time", atoms.duration, timedelta(0), 'how long it takes, e.g. "30 min"')
    return Refuel(at, time)


def read_staff(row: Row) -> Staff:
    """Return one entry of staff of one kind at one place."""
    count = row.need_figure("count", atoms.whole(0, atoms.MOST_STAFF, 12), "a number, e.g. 12")
    duty = row.take("duty", atoms.some_duration)
    rest = row.take("rest", atoms.some_duration)
    if row.has("duty") != row.has("rest"):
        missing = "rest" if row.has("duty") else "duty"
        row.fault(missing, "nothing", "duty and rest together, or neither")
    return Staff(
        id=row.identifier(),
        kind=row.need("kind", atoms.kind, "", 'a kind, e.g. "delegate"'),
        count=count,
        at=row.need_reference("at", "place"),
        needed_by=row.several("needed_by", _need(row.door), '["class:stretcher"]'),
        on=row.several("on", _stretch(row.door), '["corridor"]'),
        per=row.take("per", atoms.whole(1, atoms.MOST_STAFF, 1)) or 1,
        duty=duty,
        rest=rest,
        relief=row.reference("relief", "place"),
        ready=_read_ready(row, count),
        names=row.names(),
    )


def _stretch(door: Door) -> atoms.Atom[str]:
    """Return a reader of corridors and legs."""
    known = [*door.ids.get("corridor", []), *door.ids.get("leg", [])]

    def read(value: object) -> str:
        if isinstance(value, str) and value in known:
            return value
        near = did_you_mean(value, known) if isinstance(value, str) else ""
        raise WrongError(f"a corridor or leg of this file{near}")

    return read


def _need(door: Door) -> atoms.Atom[str]:
    """Return a reader of what needs staff."""
    classes = [one.id for one in BUILT_IN_CLASSES] + door.ids.get("class", [])
    known = ["convoy"]
    known += [f"vehicle:{one}" for one in door.kinds.get("vehicle", [])]
    known += [f"class:{one}" for one in dict.fromkeys(classes)]
    known += [f"staff:{one}" for one in door.kinds.get("staff", [])]

    def read(value: object) -> str:
        if isinstance(value, str) and value in known:
            return value
        if not isinstance(value, str):
            raise WrongError('what needs them, e.g. "convoy" or "class:stretcher"')
        near = did_you_mean(value, known)
        raise WrongError(
            f'"convoy", "vehicle:KIND", "class:CLASS" or "staff:KIND" of this file{near}'
        )

    return read
