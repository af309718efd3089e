"""Reads places, legs and corridors."""

from datetime import timedelta
from typing import cast

from safepassage.scenario.figure import Figure
from safepassage.scenario.near import listed
from safepassage.scenario.places import (
    ARRIVED_BY_DEFAULT,
    PLACE_KINDS,
    Corridor,
    Filled,
    Intake,
    Leg,
    Place,
    PlaceKind,
    Position,
    Rate,
    Through,
)
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError
from safepassage.scenario.reading.roads import leg_time_from_roads
from safepassage.scenario.reading.row import NOT_READ, Row

_COUNT = atoms.whole(0, atoms.MOST_PEOPLE, 500)
_SOME_PEOPLE = atoms.whole(1, atoms.MOST_PEOPLE, 500)
_SOME_VEHICLES = atoms.whole(1, atoms.MOST_VEHICLES, 20)
_KM = atoms.number(0, 20_000, "6.8", "km")
_SPEED = atoms.number(1, 1_000, "30", "km/h")


def read_place(row: Row) -> Place:
    """Return one place."""
    kind = cast(
        "PlaceKind",
        row.need("kind", atoms.one_of(PLACE_KINDS), "", f"one of {listed(PLACE_KINDS)}"),
    )
    return Place(
        id=row.identifier(),
        kind=kind,
        names=row.names(),
        position=_read_position(row),
        pcode=row.take("pcode", atoms.text),
        arrived=row.flag("arrived", default=kind in ARRIVED_BY_DEFAULT),
        arrived_reason=row.take("arrived_reason", atoms.text),
        bays=_read_bays(row),
        capacity=row.figure("capacity", _COUNT),
        filled=_read_filled(row),
        opens=row.take("opens", row.door.moment),
        intake=_read_intake(row),
        rate=_read_rate(row),
        holder=row.several("holder", row.known("party"), '["government"]'),
        limit=row.figure("limit", _COUNT),
        longest_wait=row.take("longest_wait", atoms.some_duration),
        note=row.take("note", atoms.text),
    )


def _read_position(row: Row) -> Position | None:
    inner = row.inner("position", "place.position", "{ lat = 36.16, lon = 37.12 }")
    if inner is None:
        return None
    lat = inner.need("lat", atoms.number(-90, 90, "36.16", "degrees"), 0.0, "degrees north")
    lon = inner.need("lon", atoms.number(-180, 180, "37.12", "degrees"), 0.0, "degrees east")
    if inner.has("source") and inner.has("assumed"):
        inner.fault("assumed", "a source and an assumption", "one of the two")
    return Position(
        lat=lat,
        lon=lon,
        accuracy_m=inner.take("accuracy_m", atoms.number(0, 1_000_000, "500", "metres")),
        source=inner.reference("source", "source"),
        assumed=inner.take("assumed", atoms.text),
    )


def _read_bays(row: Row) -> dict[str, Figure[int]]:
    bays: dict[str, Figure[int]] = {}
    for path, kind, value in row.mapping("bays", "{ bus = 4 }"):
        if row.read(path, kind, row.known_kind("vehicle")) is not None:
            bays[kind] = row.figure_at(path, value, atoms.whole(0, atoms.MOST_VEHICLES, 4))
    return bays


def _read_filled(row: Row) -> tuple[Filled, ...]:
    steps = row.moments("filled", _COUNT, '[["0 min", 40], ["6 h", 90]]') or []
    return tuple(Filled(after, people) for after, people in steps)


def _read_intake(row: Row) -> Intake | None:
    inner = row.inner("intake", "place.intake", '{ people = 300, per = "30 min" }')
    if inner is None:
        return None
    people = inner.need_figure("people", _SOME_PEOPLE, "people, e.g. 300")
    return Intake(people, inner.need("per", atoms.some_duration, timedelta(0), 'e.g. "30 min"'))


def _read_rate(row: Row) -> Rate | None:
    inner = row.inner("rate", "place.rate", '{ vehicles = 20, per = "60 min" }')
    if inner is None:
        return None
    vehicles = inner.need_figure("vehicles", _SOME_VEHICLES, "vehicles, e.g. 20")
    return Rate(vehicles, inner.need("per", atoms.some_duration, timedelta(0), 'e.g. "60 min"'))


def read_leg(row: Row) -> Leg:
    """Return one leg; `km` with `speed` stands for its time."""
    km = row.figure("km", _KM)
    speed = row.figure("speed", _SPEED)
    wish = 'a driving time, e.g. "66 min", or km and speed'
    if row.has("time") and row.has("speed"):
        row.fault("speed", "a time and a speed", "one of the two")
    if km is not None and speed is not None and not row.has("time"):
        time = _time_of(km, speed, row.at("time"))
    else:
        time = (
            leg_time_from_roads(row)
            if row.door.has_roads and not row.has("time")
            else row.need_figure("time", atoms.some_duration, wish)
        )
    times: dict[str, Figure[timedelta]] = {}
    for path, kind, value in row.mapping("times", '{ ambulance = "60 min" }'):
        if row.read(path, kind, row.known_kind("vehicle")) is not None:
            times[kind] = row.figure_at(path, value, atoms.some_duration)
    return Leg(
        id=row.identifier(),
        start=row.need_reference("from", "place"),
        end=row.need_reference("to", "place"),
        time=time,
        times=times,
        km=km,
        held_by=row.several("held_by", row.known("party"), '["government"]'),
        through=_read_through(row),
        one_way=row.flag("one_way", default=False),
    )


def _time_of(km: Figure[float], speed: Figure[float], path: str) -> Figure[timedelta]:
    """Return the driving time over a distance; a range where either of the two is one."""
    if not km.known or not speed.known:
        reason = km.unknown or speed.unknown or NOT_READ
        return Figure(unknown=reason, path=path)
    source = km.source if km.source is not None and km.source == speed.source else None
    assumed = None
    if source is None and km.standing != "unsourced" and speed.standing != "unsourced":
        assumed = f"distance / speed ({speed.assumed or speed.source})"
    if not km.is_range and not speed.is_range:
        return Figure(_hours(km.pick(), speed.pick()), source=source, assumed=assumed, path=path)
    return Figure(
        low=_hours(km.pick("low"), speed.pick("high")),
        likely=_hours(km.pick("likely"), speed.pick("likely")),
        high=_hours(km.pick("high"), speed.pick("low")),
        source=source,
        assumed=assumed,
        path=path,
    )


def _hours(km: float, speed: float) -> timedelta:
    return timedelta(hours=km / speed)


def _read_through(row: Row) -> tuple[Through, ...]:
    found: list[Through] = []
    example = '["post-1"] or [{ checkpoint = "post-1", after = "20 min" }]'
    for path, value in row.entries("through", example):
        if isinstance(value, str):
            checkpoint = row.read(path, value, row.known("place"))
            if checkpoint is not None:
                found.append(Through(checkpoint))
            continue
        if not isinstance(value, dict):
            row.read(path, value, _checkpoint_wish)
            continue
        inner = Row(value, path, "leg.through", row.door, row.of)
        checkpoint = inner.need_reference("checkpoint", "place")
        found.append(Through(checkpoint, inner.take("after", atoms.duration) or timedelta(0)))
    return tuple(found)


def _checkpoint_wish(value: object) -> str:
    del value
    raise WrongError('a checkpoint, e.g. "post-1" or { checkpoint = "post-1", after = "20 min" }')


def read_corridor(row: Row) -> Corridor:
    """Return one corridor: legs that may be driven in convoy only."""
    name = row.identifier()
    legs = row.several("legs", row.known("leg"), '["gate-to-bridge"]')
    if not legs and not row.faulty("legs"):
        row.fault("legs", "no leg", 'the legs in order, e.g. ["gate-to-bridge"]')
    inner = row.inner("convoy", "corridor.convoy", '{ largest = 30, headway = "30 min" }')
    return Corridor(
        id=name,
        legs=legs,
        largest=None if inner is None else inner.figure("largest", _SOME_VEHICLES),
        headway=None if inner is None else inner.figure("headway", atoms.duration),
        one_way=row.flag("one_way", default=False),
        names=row.names(),
    )
