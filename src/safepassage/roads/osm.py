"""Read an OpenStreetMap extract (.osm.pbf) as a stream into a road network.

Needs the extra `roads` (osmium). Only ways with a `highway` of a known class are kept, split where
they meet; buildings and the rest never enter memory.
"""

import math
from array import array
from pathlib import Path
from typing import Any

import numpy as np

from safepassage.roads.clip import Clip
from safepassage.roads.network import (
    ROAD_CLASSES,
    Floats,
    RoadNetwork,
    RoadsError,
    metres_between,
)

CODE = {name: code for code, name in enumerate(ROAD_CLASSES)} | {
    f"{name}_link": code for code, name in enumerate(ROAD_CLASSES[:5])
}
CODE |= {"road": CODE["unclassified"], "cycleway": CODE["path"], "bridleway": CODE["path"]}
NO_ACCESS = frozenset({"no", "private"})
LABELS = "name"
NO_NAME = frozenset({"", "nan", "None"})
"""What tables of data leave behind where a road has no name."""


def read_pbf(path: Path, clip: Clip | None = None) -> RoadNetwork:
    """Read a .osm.pbf file and return its roads, clipped.

    Raises
    ------
    RoadsError
        If the file is absent, no pbf, cut short, or holds no road where the clip looks.
    """
    if not path.is_file():
        raise RoadsError(f"{path}: no such file")
    with path.open("rb") as raw:
        head = raw.read(32)
    if b"OSMHeader" not in head:
        raise RoadsError(f"{path}: not an OpenStreetMap .osm.pbf file (no OSMHeader at its start)")
    ways = _stream(path)
    if not ways.ids:
        raise RoadsError(f"{path}: holds no road (no way with a highway that we know)")
    return _build(ways, clip or Clip(), path.name)


class _Ways:
    """The roads of a file as growing flat arrays: a country of Python objects would not fit."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.road = array("b")
        self.bridge = array("b")
        self.direction = array("b")
        self.label = array("q")
        self.tonnes = array("d")
        self.width = array("d")
        self.count = array("q")
        self.refs = array("q")
        self.lat = array("d")
        self.lon = array("d")
        self.labels: list[dict[str, str]] = []
        self.label_of: dict[tuple[tuple[str, str], ...], int] = {}
        self.restrictions = 0


def _stream(path: Path) -> _Ways:
    try:
        import osmium  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise RoadsError(
            "reading .osm.pbf needs the extra: pip install 'safepassage[roads]'"
        ) from None
    found = _Ways()
    try:
        source: Any = (
            osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION)
            .with_locations("flex_mem")
            .with_filter(osmium.filter.KeyFilter("highway", "restriction"))
        )
        for thing in source:
            if thing.is_way():
                _take(found, thing)
            elif thing.is_relation() and thing.tags.get("type") == "restriction":
                found.restrictions += 1
    except (RuntimeError, OSError, ValueError, MemoryError) as error:
        # ValueError: a broken byte inside a name, which is then no UTF-8.
        raise RoadsError(f"{path}: cannot be read to its end ({error})") from error
    return found


def _take(found: _Ways, way: Any) -> None:
    tags = way.tags
    code = CODE.get(tags.get("highway", ""))
    if code is None or tags.get("access") in NO_ACCESS or tags.get("area") == "yes":
        return
    refs, lats, lons = [], [], []
    for node in way.nodes:
        if not node.location.valid():
            continue
        refs.append(node.ref)
        lats.append(node.lat)
        lons.append(node.lon)
    if len(refs) < 2:
        return
    found.ids.append(way.id)
    found.road.append(code)
    found.bridge.append(1 if tags.get("bridge", "no") != "no" else 0)
    found.direction.append(_direction(tags))
    found.label.append(_label(found, tags))
    found.tonnes.append(_number(tags.get("maxweight")))
    found.width.append(_number(tags.get("maxwidth")))
    found.count.append(len(refs))
    found.refs.extend(refs)
    found.lat.extend(lats)
    found.lon.extend(lons)


def _direction(tags: Any) -> int:
    """Return 0 for both ways, 1 for the way's own direction only, -1 for against it."""
    said = tags.get("oneway")
    if said in {"yes", "true", "1"}:
        return 1
    if said in {"-1", "reverse"}:
        return -1
    if said is None and (
        tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"
    ):
        return 1
    return 0


def _label(found: _Ways, tags: Any) -> int:
    names = []
    for tag in tags:
        if tag.v in NO_NAME:
            continue
        if tag.k == LABELS:
            names.append(("", tag.v))
        elif tag.k.startswith("name:") and 2 <= len(tag.k) - 5 <= 3:
            names.append((tag.k[5:], tag.v))
        elif tag.k == "ref":
            names.append(("ref", tag.v))
    if not names:
        return -1
    key = tuple(sorted(names))
    index = found.label_of.get(key)
    if index is None:
        index = found.label_of[key] = len(found.labels)
        found.labels.append(dict(key))
    return index


def _number(text: str | None) -> float:
    """Return the number at the start of a tag's text in metric units, NaN where there is none."""
    if not text:
        return math.nan
    head = text.replace(",", ".").split()
    try:
        value = float(head[0].rstrip("tm"))
    except (ValueError, IndexError):
        return math.nan
    if len(head) > 1 and head[1] in {"st", "lbs", "ft"}:
        value *= {"st": 0.9072, "lbs": 0.000454, "ft": 0.3048}[head[1]]
    return value if math.isfinite(value) and value > 0 else math.nan


def _metres_along(lat: Floats, lon: Floats) -> Floats:
    """Return the running length over all points, in pieces so that a country fits in memory."""
    along = np.zeros(len(lat))
    piece = 50_000
    for at in range(0, len(lat) - 1, piece):
        to = min(at + piece, len(lat) - 1)
        along[at + 1 : to + 1] = metres_between(
            lat[at:to], lon[at:to], lat[at + 1 : to + 1], lon[at + 1 : to + 1]
        )
    return np.cumsum(along, out=along)


def _build(ways: _Ways, clip: Clip, origin: str) -> RoadNetwork:
    """Split ways where they meet, keep what the clip keeps, and number the nodes."""
    refs = np.frombuffer(ways.refs, dtype=np.int64)
    lat = np.frombuffer(ways.lat, dtype=np.float64)
    lon = np.frombuffer(ways.lon, dtype=np.float64)
    count = np.frombuffer(ways.count, dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    last = first + count - 1
    of_way = np.repeat(np.arange(len(count), dtype=np.int32), count)

    order = np.argsort(refs, kind="stable")
    sorted_refs = refs[order]
    twin = sorted_refs[1:] == sorted_refs[:-1]
    joint = np.zeros(len(refs), dtype=np.bool_)
    joint[order[1:]] = twin
    joint[order[:-1]] |= twin
    del order, sorted_refs, twin
    joint[first] = True
    joint[last] = True
    cuts = np.flatnonzero(joint)
    begin, end = cuts[:-1], cuts[1:]
    same = of_way[begin] == of_way[end]
    begin, end = begin[same], end[same]

    kept = clip.keeps(lat, lon)
    both = kept[begin] & kept[end]
    begin, end = begin[both], end[both]
    if not len(begin):
        raise RoadsError(f"{origin}: no road lies in the part that was asked for")

    along = _metres_along(lat, lon)
    node_refs, index = np.unique(np.concatenate([refs[begin], refs[end]]), return_inverse=True)
    where = np.zeros(len(node_refs), dtype=np.int64)
    where[index] = np.concatenate([begin, end])
    metres = along[end] - along[begin]
    edges = len(begin)
    way = of_way[begin]
    del along, of_way, joint, cuts, same, kept, both
    length = end - begin + 1
    shape_at = np.concatenate([[0], np.cumsum(length)])
    gather = np.ones(int(shape_at[-1]), dtype=np.int32)
    gather[0] = begin[0]
    gather[shape_at[1:-1]] = begin[1:] - end[:-1]
    np.cumsum(gather, out=gather)
    direction = np.frombuffer(ways.direction, dtype=np.int8)[way]
    return RoadNetwork(
        node_id=node_refs,
        lat=lat[where],
        lon=lon[where],
        edge_start=index[:edges],
        edge_end=index[edges:],
        metres=metres,
        way=np.frombuffer(ways.ids, dtype=np.int64)[way],
        road=np.frombuffer(ways.road, dtype=np.int8)[way].astype(np.int64),
        bridge=np.frombuffer(ways.bridge, dtype=np.int8)[way].astype(np.int64),
        forward=(direction >= 0).astype(np.int64),
        backward=(direction <= 0).astype(np.int64),
        label=np.frombuffer(ways.label, dtype=np.int64)[way],
        max_tonnes=np.frombuffer(ways.tonnes, dtype=np.float64)[way],
        max_width_m=np.frombuffer(ways.width, dtype=np.float64)[way],
        shape_at=shape_at,
        shape_lat=lat[gather],
        shape_lon=lon[gather],
        labels=tuple(ways.labels),
        restrictions=ways.restrictions,
        origin=origin,
    )
