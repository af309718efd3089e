"""Reads [roads]: the extract, closures with whose word they rest on, and how doubt is treated."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, cast

from safepassage.scenario.closing import Closure, State
from safepassage.scenario.figure import Figure
from safepassage.scenario.near import listed
from safepassage.scenario.reading import atoms
from safepassage.scenario.reading.atoms import WrongError, shown
from safepassage.scenario.reading.row import Row, joined
from safepassage.scenario.roads import (
    PROFILE_NAMES,
    ProfileName,
    ProfileWanted,
    RoadsWanted,
)

STATES: tuple[State, ...] = ("open", "closed", "unknown")
DOUBTS = ("use", "avoid")
FROM_ROADS = "to be computed from the roads"
"""Why a leg's time is not known while a file is read that leaves it to the roads."""

_LAT = atoms.number(-90, 90, "36.17", "degrees")
_LON = atoms.number(-180, 180, "37.13", "degrees")
_METRES = atoms.number(1, 2_000_000, "20000", "metres")
_KMH = atoms.number(1, 150, "30", "km/h")
_FACTOR = atoms.number(0.05, 1, "0.8", "of the speed by day and alone")
_TONNES = atoms.number(0, 100, "18", "tonnes")
_WIDTH = atoms.number(0, 6, "2.55", "metres")
_WAY = atoms.whole(1, 2**62, 4305112)
Point = tuple[float, float]


def read_roads(row: Row) -> RoadsWanted:
    """Return what a scenario asks of the roads."""
    closures = []
    for path, value in row.entries("closure", "[[roads.closure]]"):
        if not isinstance(value, dict):
            row.door.fault(path, shown(value), "a row under [[roads.closure]]")
            continue
        name = value.get("id")
        of = f'closure "{name}"' if isinstance(name, str) and 0 < len(name) <= 64 else ""
        closures.append(_read_closure(Row(value, path, "roads.closure", row.door, of)))
    ids = [one.id for one in closures if one.id]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        row.fault("closure", f"the id {twice!r} more than once", "an id of its own for each")
    if any(one.state == "unknown" for one in closures) and not row.has("doubt"):
        row.fault("doubt", "nothing", 'use or avoid: there are stretches of state "unknown"')
    doubt = row.take("doubt", atoms.one_of(DOUBTS))
    return RoadsWanted(
        extract=row.need("extract", _file, "", 'a file beside this one, e.g. "roads.osm.pbf"'),
        around_m=row.take("around_m", _METRES),
        polygon=_polygon(row),
        doubt=cast("Literal['use', 'avoid'] | None", doubt),
        only=_ways(row, "only"),
        speeds=_speeds(row),
        closures=tuple(closures),
        profiles=_profiles(row),
        fallbacks=_fallbacks(row),
    )


def _file(value: object) -> str:
    """Return the name of a file inside the scenario's folder."""
    found = atoms.text(value)
    parts = found.replace("\\", "/").split("/")
    if found.startswith(("/", "~")) or ":" in found or ".." in parts:
        raise WrongError("a file inside the folder of the scenario")
    return found


def _read_closure(row: Row) -> Closure:
    """Return one closure; which road it means is found out when the roads are read."""
    starts = row.take("starts", row.door.moment)
    ends = row.take("ends", row.door.moment)
    if starts is not None and ends is not None and ends <= starts:
        row.fault("ends", shown(row.values["ends"]), "later than it starts")
    if row.has("source") and row.has("word_of"):
        row.fault("word_of", "a source and whose word it is", "one of the two")
    if not any(row.has(key) for key in ("ways", "pairs", "polygon", "centre", "name")):
        row.fault("ways", "nothing", "ways, pairs, polygon, centre and radius_m, or name")
    if row.has("centre") != row.has("radius_m"):
        missing = "radius_m" if row.has("centre") else "centre"
        row.fault(missing, "nothing", "a centre and radius_m together")
    return Closure(
        id=row.identifier(),
        state=cast(
            "State", row.need("state", atoms.one_of(STATES), "closed", f"one of {listed(STATES)}")
        ),
        starts=starts,
        ends=ends,
        ways=_ways(row, "ways"),
        pairs=_pairs(row),
        polygon=_polygon(row),
        centre=row.take("centre", _point),
        radius_m=row.take("radius_m", _METRES),
        name=row.take("name", atoms.text),
        source=row.reference("source", "source"),
        word_of=row.take("word_of", atoms.text),
    )


def _ways(row: Row, key: str) -> tuple[int, ...]:
    found = (row.read(path, value, _WAY) for path, value in row.entries(key, "[4305112]"))
    return tuple(one for one in found if one is not None)


def _pairs(row: Row) -> tuple[tuple[int, int], ...]:
    pairs = []
    for path, value in row.entries("pairs", "[[101, 102]]"):
        if not isinstance(value, list) or len(value) != 2:
            row.door.fault(path, shown(value), "two node ids, e.g. [101, 102]", row.of)
            continue
        one, other = (row.read(f"{path}[{i}]", node, _WAY) for i, node in enumerate(value))
        if one is not None and other is not None:
            pairs.append((one, other))
    return tuple(pairs)


def _point(value: object) -> Point:
    """Return a point written as [latitude, longitude]."""
    if not isinstance(value, list) or len(value) != 2:
        raise WrongError("a point as [latitude, longitude], e.g. [36.157, 37.125]")
    return _LAT(value[0]), _LON(value[1])


def _polygon(row: Row) -> tuple[Point, ...]:
    """Return an outline: corners as [latitude, longitude], or a GeoJSON polygon."""
    if not row.has("polygon"):
        return ()
    value = row.values["polygon"]
    if isinstance(value, dict):
        return _geojson(row, value)
    example = "[[36.1, 37.1], [36.1, 37.2], [36.2, 37.2]]"
    found = [row.read(path, corner, _point) for path, corner in row.entries("polygon", example)]
    return tuple(one for one in found if one is not None)


def _geojson(row: Row, value: Mapping[str, object]) -> tuple[Point, ...]:
    rings = value.get("coordinates")
    if value.get("type") != "Polygon" or not isinstance(rings, list) or len(rings) != 1:
        row.fault("polygon", shown(value), "a GeoJSON Polygon with one outline")
        return ()
    corners = []
    for number, corner in enumerate(rings[0] if isinstance(rings[0], list) else []):
        turned = corner[1::-1] if isinstance(corner, list) else corner
        point = row.read(f"{row.at('polygon')}.coordinates[0][{number}]", turned, _point)
        if point is not None:
            corners.append(point)
    return tuple(corners)


def _speeds(row: Row) -> dict[str, dict[str, Figure[float]]]:
    found: dict[str, dict[str, Figure[float]]] = {}
    for path, kind, classes in row.mapping("speeds", "{ bus = { primary = 45 } }"):
        if not isinstance(classes, dict):
            row.door.fault(path, shown(classes), "km/h by road class, e.g. { primary = 45 }")
            continue
        found[kind] = {
            name: row.figure_at(f"{path}.{name}", speed, _KMH) for name, speed in classes.items()
        }
    return found


def _profiles(row: Row) -> dict[str, ProfileWanted]:
    found: dict[str, ProfileWanted] = {}
    for path, kind, value in row.mapping("profile", '{ van = { like = "car" } }'):
        if not isinstance(value, dict):
            row.door.fault(path, shown(value), 'a table, e.g. { like = "car", tonnes = 3.5 }')
            continue
        one = Row(value, path, "roads.profile", row.door, f'profile "{kind}"')
        like = one.take("like", atoms.one_of(PROFILE_NAMES))
        found[kind] = ProfileWanted(
            like=cast("ProfileName | None", like),
            night_factor=one.figure("night_factor", _FACTOR),
            convoy_factor=one.figure("convoy_factor", _FACTOR),
            tonnes=one.figure("tonnes", _TONNES),
            width_m=one.figure("width_m", _WIDTH),
        )
    return found


def _fallbacks(row: Row) -> dict[str, str]:
    """Return the place to go to instead, by destination; a ring of them leads nowhere."""
    found: dict[str, str] = {}
    for path, place, value in row.mapping("fallback", '{ hill-school = "gymnasium" }'):
        row.read(path, place, row.known("place"))
        named = row.read(path, value, row.known("place"))
        if named is not None:
            found[place] = named
    for place, instead in found.items():
        seen, at = [place], instead
        while at in found and at not in seen:
            seen.append(at)
            at = found[at]
        if at == place:
            path = joined(row.at("fallback"), place)
            row.door.fault(path, " to ".join([*seen, at]), "a place outside this ring")
    return found


def leg_time_from_roads(row: Row) -> Figure[timedelta]:
    """Return the figure of a leg whose time is left to the roads."""
    return Figure(unknown=FROM_ROADS, path=row.at("time"))
