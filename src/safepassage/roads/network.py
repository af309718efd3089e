"""A road network as arrays: nodes, arcs, names and geometry, and its compact file.

Knows how a network is stored; nothing about vehicles, speeds or closures.
"""

import json
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = "safepassage/roads/1"

ROAD_CLASSES: tuple[str, ...] = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "pedestrian",
    "footway",
    "path",
    "steps",
)
"""Road classes in the order of their codes; links count as the class they belong to."""

EARTH_M = 6_371_008.8
"""Mean radius of the earth in metres (IUGG)."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class RoadsError(ValueError):
    """A road file or network cannot be used; the message says what was found and what is wanted."""


@dataclass(frozen=True)
class RoadNetwork:
    """Nodes, edges (drawn once) and arcs (driven one way).

    Shapes: n nodes, e edges, a arcs, g geometry points. `node_id` (n) is the OpenStreetMap id,
    `lat`, `lon` (n) degrees. An edge joins `edge_start` and `edge_end` (node indices) and is
    `metres` long; `way` is its OpenStreetMap way, `road` its class code, `bridge` 0 or 1, `label`
    an index into `labels` (-1 for none). `forward` and `backward` say whether it may be driven so.
    Its points are `shape_lat[shape_at[i]:shape_at[i + 1]]`. `max_tonnes` and `max_width_m` are NaN
    where the map says nothing.
    """

    node_id: Ints
    lat: Floats
    lon: Floats
    edge_start: Ints
    edge_end: Ints
    metres: Floats
    way: Ints
    road: Ints
    bridge: Ints
    forward: Ints
    backward: Ints
    label: Ints
    max_tonnes: Floats
    max_width_m: Floats
    shape_at: Ints
    shape_lat: Floats
    shape_lon: Floats
    labels: tuple[dict[str, str], ...]
    restrictions: int = 0
    origin: str = ""

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_id)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.edge_start)

    def arcs(self) -> tuple[Ints, Ints, Ints]:
        """Return tail, head (node indices) and edge of each arc, forward arcs first."""
        ahead = np.flatnonzero(self.forward)
        back = np.flatnonzero(self.backward)
        tail = np.concatenate([self.edge_start[ahead], self.edge_end[back]])
        head = np.concatenate([self.edge_end[ahead], self.edge_start[back]])
        return tail, head, np.concatenate([ahead, back])

    def name_of(self, edge: int, language: str = "en") -> str | None:
        """Return the name of an edge's road in a language, else its plain name, else None."""
        label = int(self.label[edge])
        if label < 0:
            return None
        names = self.labels[label]
        return names.get(language) or names.get("") or next(iter(names.values()), None)

    def points(self, edge: int) -> list[tuple[float, float]]:
        """Return the (lat, lon) points of an edge from its start to its end."""
        at, to = int(self.shape_at[edge]), int(self.shape_at[edge + 1])
        return list(
            zip(self.shape_lat[at:to].tolist(), self.shape_lon[at:to].tolist(), strict=True)
        )


def metres_between(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Any:
    """Return great-circle metres between points in degrees (haversine; arrays or numbers)."""
    a1, a2 = np.radians(lat1), np.radians(lat2)
    half = (
        np.sin((a2 - a1) / 2) ** 2
        + np.cos(a1) * np.cos(a2) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    )
    return 2 * EARTH_M * np.arcsin(np.sqrt(half))


def save_network(network: RoadNetwork, path: Path, *, packed: bool = True) -> None:
    """Write a network to one file, whole or not at all; `packed` makes it small and slower."""
    arrays = {
        one.name: getattr(network, one.name)
        for one in fields(network)
        if isinstance(getattr(network, one.name), np.ndarray)
    }
    head = {
        "format": FORMAT,
        "labels": network.labels,
        "restrictions": network.restrictions,
        "origin": network.origin,
    }
    draft = path.with_name(path.name + ".tmp")
    try:
        with draft.open("wb") as out:
            write = np.savez_compressed if packed else np.savez
            write(out, head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8), **arrays)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def load_network(path: Path) -> RoadNetwork:
    """Read a network that `save_network` wrote.

    Raises
    ------
    RoadsError
        If the file is not such a file or is cut short.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            arrays = {name: stored[name] for name in stored.files if name != "head"}
        found = RoadNetwork(
            **arrays,
            labels=tuple(head["labels"]),
            restrictions=head["restrictions"],
            origin=head["origin"],
        )
    except FileNotFoundError:
        raise RoadsError(f"{path}: no such file") from None
    except Exception as error:
        raise RoadsError(f"{path}: not a stored road network, or cut short ({error})") from error
    if head.get("format") != FORMAT:
        raise RoadsError(f"{path}: format {head.get('format')!r}, want {FORMAT!r}")
    return found
