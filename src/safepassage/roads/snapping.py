"""From a place to the road beside it: which road, how far, and whether that is too far."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safepassage.roads.network import Floats, RoadNetwork, RoadsError, metres_between
from safepassage.roads.parts import largest_part
from safepassage.scenario.places import Place

WARN_METRES = 300.0
REFUSE_METRES = 2000.0


@dataclass(frozen=True, slots=True)
class Snap:
    """A place, the node it is taken to, the road there and the distance in metres."""

    place: str
    node: int
    road: str
    metres: float

    @property
    def far(self) -> bool:
        """Whether the distance deserves a warning."""
        return self.metres > WARN_METRES


def snap_places(
    network: RoadNetwork, places: Sequence[Place], edge_seconds: Floats
) -> tuple[Snap, ...]:
    """Return for each place the nearest node that can be driven to and left again.

    Nodes outside the largest strongly connected part (a dead end of a one-way road, an island) are
    not snapped to.

    `edge_seconds` is that of the slowest profile in use; what it cannot drive is not snapped to.

    Raises
    ------
    RoadsError
        Listing every place without a position and every one further than 2 km from a road.
    """
    usable = np.isfinite(edge_seconds)
    part, _ = largest_part(network, edge_seconds)
    nodes = np.flatnonzero(part)
    if not len(nodes):
        raise RoadsError("no road that the vehicles can drive")
    road_at = _road_at(network, usable)
    found, faults = [], []
    for place in places:
        if place.position is None:
            faults.append(f"place '{place.id}': has no position, want lat and lon")
            continue
        off = metres_between(
            network.lat[nodes], network.lon[nodes], place.position.lat, place.position.lon
        )
        best = int(np.argmin(off))
        node, metres = int(nodes[best]), float(off[best])
        if metres > REFUSE_METRES:
            faults.append(
                f"place '{place.id}': the nearest road is {metres:,.0f} m away, want at most "
                f"{REFUSE_METRES:,.0f} m"
            )
        found.append(Snap(place.id, node, road_at.get(node, "road without a name"), metres))
    if faults:
        raise RoadsError("; ".join(faults))
    return tuple(found)


def _road_at(
    network: RoadNetwork, usable: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> dict[int, str]:
    named: dict[int, str] = {}
    for edge in np.flatnonzero(usable & (network.label >= 0)).tolist():
        name = network.name_of(edge)
        if name:
            named.setdefault(int(network.edge_start[edge]), name)
            named.setdefault(int(network.edge_end[edge]), name)
    return named
