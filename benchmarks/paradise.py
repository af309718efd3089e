"""The wildfire of Paradise, California, 8 November 2018, as a scenario folder.

`python -m benchmarks.paradise DATA -o FOLDER` reads the roads on the eve of the fire, the areas in
which fire was reported, and the households by census tract from a folder of data that is not part
of this project (their licences do not allow it), and writes a scenario: people without cars,
closures by time.

Roads: OpenStreetMap state of 7 November 2018, ODbL. Fire areas: digitised from NIST TN 2135; their
zero hour is not stated and assumed to be 06:30. Households: American Community Survey 2014-2018.
The share of people without a car, the fleet and the stops are assumed.
"""

import argparse
import gzip
import json
import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from safepassage.roads.clip import inside
from safepassage.roads.network import ROAD_CLASSES, RoadNetwork, metres_between, save_network

ROADS = "paradise_ca_roads_2018-11-07.geojson.gz"
FIRE = "camp_fire_front_by_minute.parquet"
HOUSEHOLDS = "butte_ca_households_2018.parquet"
WITHOUT_CAR = 0.06
PERSONS = 1.8
STOPS = {
    "18": "Paradise north-west",
    "19": "Paradise north-east",
    "20": "Paradise south-east",
    "21": "Paradise south-west",
    "17.03": "Magalia",
}
EXITS = {
    "skyway-west": ("Skyway towards Chico", 39.7165, -121.7065),
    "neal-west": ("Neal Road towards Chico", 39.6890, -121.7040),
    "clark-south": ("Clark Road towards Oroville", 39.6890, -121.6215),
    "pentz-south": ("Pentz Road towards Oroville", 39.6865, -121.5790),
}


def roads_of(data: Path) -> RoadNetwork:
    """Return the road network of Paradise and Magalia on the eve of the fire."""
    with gzip.open(data / ROADS, "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    position: dict[int, tuple[float, float]] = {}
    for one in features:
        line, about = one["geometry"]["coordinates"], one["properties"]
        position[about["u"]] = (line[0][1], line[0][0])
        position[about["v"]] = (line[-1][1], line[-1][0])
    ids = np.array(sorted(position), dtype=np.int64)
    index = {node: number for number, node in enumerate(ids.tolist())}
    names = list(dict.fromkeys(n for one in features if (n := _first(one["properties"]["name"]))))
    label = {name: number for number, name in enumerate(names)}
    shapes = [one["geometry"]["coordinates"] for one in features]
    metres = [
        sum(float(metres_between(a[1], a[0], b[1], b[0])) for a, b in pairwise(s)) for s in shapes
    ]

    def column(values: Sequence[Any], kind: Any = np.int64) -> Any:
        return np.array(values, dtype=kind)

    about = [one["properties"] for one in features]
    points = np.array([point for shape in shapes for point in shape], dtype=np.float64)
    return RoadNetwork(
        node_id=ids,
        lat=column([position[n][0] for n in ids.tolist()], np.float64),
        lon=column([position[n][1] for n in ids.tolist()], np.float64),
        edge_start=column([index[a["u"]] for a in about]),
        edge_end=column([index[a["v"]] for a in about]),
        metres=column(metres, np.float64),
        way=column([int(_first(a["osmid"]) or 0) for a in about]),
        road=column([ROAD_CLASSES.index(_first(a["highway"]) or "residential") for a in about]),
        bridge=column([int(bool(_first(a["bridge"]))) for a in about]),
        forward=column([1] * len(about)),
        backward=column([int(not a["oneway"]) for a in about]),
        label=column([label.get(_first(a["name"]) or "", -1) for a in about]),
        max_tonnes=np.full(len(about), np.nan),
        max_width_m=np.full(len(about), np.nan),
        shape_at=np.concatenate([[0], np.cumsum([len(s) for s in shapes])]).astype(np.int64),
        shape_lat=points[:, 1].copy(),
        shape_lon=points[:, 0].copy(),
        labels=tuple({"": name} for name in names),
        origin="OpenStreetMap, 7 November 2018",
    )


def _first(value: Any) -> str | None:
    """Return the value of a tag, the first where edges of several ways were merged."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str) and value.startswith("["):
        value = value.strip("[]").split(",")[0].strip(" '\"")
    return str(value) if value not in {None, "", "None"} else None


def fire_areas(data: Path) -> Iterator[tuple[int, list[list[tuple[float, float]]]]]:
    """Yield (minute, outlines as lists of (lat, lon)) of the areas in which fire was reported."""
    import pyarrow.parquet as pq

    for row in pq.read_table(data / FIRE).to_pylist():
        yield row["SimTime"], _outlines(row["geometry"])


def _outlines(wkb: bytes) -> list[list[tuple[float, float]]]:
    """Return the outer rings of a little-endian WKB polygon or multi-polygon."""
    at = 0
    rings: list[list[tuple[float, float]]] = []

    def number() -> int:
        nonlocal at
        (value,) = struct.unpack_from("<I", wkb, at)
        at += 4
        return int(value)

    def polygon() -> None:
        nonlocal at
        for ring in range(number()):
            count = number()
            flat = struct.unpack_from(f"<{2 * count}d", wkb, at)
            at += 16 * count
            if ring == 0:
                rings.append(list(zip(flat[1::2], flat[::2], strict=True)))

    at += 1
    if number() == 3:
        polygon()
        return rings
    for _ in range(number()):
        at += 1
        number()
        polygon()
    return rings


def burning_pairs(network: RoadNetwork, data: Path) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return (minute, node pairs of the edges that fire reaches then for the first time)."""
    reached = np.zeros(network.edges, dtype=np.bool_)
    steps = []
    for minute, outlines in fire_areas(data):
        points = np.zeros(len(network.shape_lat), dtype=np.bool_)
        for outline in outlines:
            points |= inside(outline, network.shape_lat, network.shape_lon)
        before = np.concatenate([[0], np.cumsum(points)])
        touched = before[network.shape_at[1:]] > before[network.shape_at[:-1]]
        new = np.flatnonzero(touched & ~reached)
        reached |= touched
        start, end = network.node_id[network.edge_start], network.node_id[network.edge_end]
        steps.append((minute, [(int(start[e]), int(end[e])) for e in new]))
    return steps


def write_case(data: Path, out: Path) -> None:
    """Write the scenario folder."""
    network = roads_of(data)
    out.mkdir(parents=True, exist_ok=True)
    save_network(network, out / "roads.npz")
    (out / "scenario.toml").write_text(_scenario(network, data), encoding="utf-8")


def _scenario(network: RoadNetwork, data: Path) -> str:
    import pyarrow.parquet as pq

    tracts = {row["NAME"]: row for row in pq.read_table(data / HOUSEHOLDS).to_pylist()}
    lines = [
        'format = "safepassage/scenario/1"',
        'name = "Paradise, California, 8 November 2018 (people without cars)"',
        "start = 2018-11-08T06:30:00-08:00",
        'horizon = "9 h"',
        "[roads]",
        'extract = "roads.npz"',
        'doubt = "avoid"',
    ]
    for minute, pairs in burning_pairs(network, data):
        if pairs:
            lines += [
                "[[roads.closure]]",
                f'id = "fire-{minute:03d}"',
                'state = "closed"',
                f'starts = "{minute} min"',
                f"pairs = {json.dumps(pairs)}",
                'word_of = "areas of reported fire, digitised from NIST TN 2135"',
            ]
    for name, (title, lat, lon) in EXITS.items():
        node = _nearest(network, lat, lon)
        lines += [
            "[[place]]",
            f'id = "{name}"',
            'kind = "handover"',
            f'name = "{title}"',
            f"position = {{ lat = {network.lat[node]}, lon = {network.lon[node]} }}",
            "arrived = true",
            'arrived_reason = "out of the area of this fire; onward buses go to Chico or Oroville"',
        ]
    for tract, title in STOPS.items():
        row = tracts[tract]
        node = _nearest(network, float(row["INTPTLAT"]), float(row["INTPTLON"]))
        people = round(int(row["Tot_Est_HH"]) * WITHOUT_CAR * PERSONS)
        stop = f"tract-{tract.replace('.', '-')}"
        why = f"{WITHOUT_CAR:.0%} of {row['Tot_Est_HH']} households, {PERSONS} people each"
        lines += [
            "[[place]]",
            f'id = "{stop}"',
            'kind = "pickup"',
            f'name = "{title}"',
            f"position = {{ lat = {network.lat[node]}, lon = {network.lon[node]} }}",
            "[[group]]",
            f'id = "{stop}-people"',
            f'at = "{stop}"',
            'class = "walking"',
            f'leave = {{ value = {people}, assumed = "{why}" }}',
            'consent = "Comes to the stop of its own will."',
        ]
        for exit_name in EXITS:
            lines += [
                "[[leg]]",
                f'id = "{stop}--{exit_name}"',
                f'from = "{stop}"',
                f'to = "{exit_name}"',
            ]
    lines += [
        "[[vehicle]]",
        'id = "school-buses"',
        'kind = "bus"',
        'count = { value = 14, assumed = "school district and county" }',
        'at = "skyway-west"',
        'slots = { seat = { value = 45, assumed = "a school bus seats 45" } }',
        'load = { value = "10 min", assumed = "no luggage" }',
        'unload = { value = "5 min", assumed = "no luggage" }',
        "[ending]",
        'law = "exponential"',
        'mean = { value = "4 h", assumed = "how long roads stay passable" }',
        "[rules]",
        'arrival_margin = "10 min"',
        "",
    ]
    return "\n".join(lines)


def _nearest(network: RoadNetwork, lat: float, lon: float) -> int:
    return int(np.argmin(metres_between(network.lat, network.lon, lat, lon)))


def main() -> None:
    """Write the case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    write_case(asked.data, asked.output)
    print(asked.output / "scenario.toml")


if __name__ == "__main__":
    main()
