"""From a closure's words to the edges it means, and what is closed at a moment.

A closure changes entry only. Closures add up: an edge is closed if any closure in force says so.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np

from safepassage.roads.clip import check_polygon, inside
from safepassage.roads.network import Ints, RoadNetwork, RoadsError, metres_between
from safepassage.roads.spelling import skeleton
from safepassage.scenario.closing import Closure

Doubt = Literal["use", "avoid"]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Stretch:
    """A closure with the edges of one network that it means."""

    closure: Closure
    edges: Ints


def find_stretches(network: RoadNetwork, closures: Sequence[Closure]) -> tuple[Stretch, ...]:
    """Return the edges that each closure means.

    Raises
    ------
    RoadsError
        Listing every closure that names nothing, with near names where a name was given.
    """
    found, faults = [], []
    for closure in closures:
        try:
            edges = _edges_of(network, closure)
        except RoadsError as error:
            faults.append(str(error))
            continue
        if (
            closure.starts is not None
            and closure.ends is not None
            and closure.ends <= closure.starts
        ):
            faults.append(f"closure '{closure.id}': ends before it starts")
        if not len(edges):
            faults.append(f"closure '{closure.id}': names no road here{_near(network, closure)}")
        found.append(Stretch(closure, edges))
    if faults:
        raise RoadsError("; ".join(faults))
    return tuple(found)


def _edges_of(network: RoadNetwork, closure: Closure) -> Ints:
    meant = np.zeros(network.edges, dtype=np.bool_)
    if closure.ways:
        meant |= np.isin(network.way, closure.ways)
    for one, other in closure.pairs:
        start, end = network.node_id[network.edge_start], network.node_id[network.edge_end]
        meant |= ((start == one) & (end == other)) | ((start == other) & (end == one))
    if closure.polygon:
        check_polygon(closure.polygon, f"closure '{closure.id}', polygon")
        meant |= _touched(network, inside(closure.polygon, network.shape_lat, network.shape_lon))
    if closure.centre is not None:
        if not closure.radius_m or closure.radius_m <= 0:
            raise RoadsError(f"closure '{closure.id}': a centre wants radius_m above 0")
        lat, lon = closure.centre
        near = metres_between(network.shape_lat, network.shape_lon, lat, lon) <= closure.radius_m
        meant |= _touched(network, near)
    if closure.name is not None:
        wanted = skeleton(closure.name)
        labels = [
            index
            for index, names in enumerate(network.labels)
            if closure.name in names.values() or wanted in {skeleton(n) for n in names.values()}
        ]
        meant |= np.isin(network.label, labels)
    return np.flatnonzero(meant)


def _touched(network: RoadNetwork, points: Flags) -> Flags:
    """Return for each edge whether any of its points is marked."""
    before = np.concatenate([[0], np.cumsum(points)])
    touched: Flags = before[network.shape_at[1:]] > before[network.shape_at[:-1]]
    return touched


def _near(network: RoadNetwork, closure: Closure) -> str:
    if closure.name is None:
        return ""
    known = sorted({name for names in network.labels for name in names.values()})
    near = difflib.get_close_matches(closure.name, known, n=3, cutoff=0.6)
    return f"; near names: {', '.join(near)}" if near else ""


def closed_at(
    network: RoadNetwork, stretches: Sequence[Stretch], after: timedelta, *, doubt: Doubt
) -> Flags:
    """Return for each edge whether it may not be entered `after` the start of the scenario.

    `doubt` says whether unknown stretches are used or avoided: a choice, never a default.
    """
    closed = np.zeros(network.edges, dtype=np.bool_)
    for stretch in stretches:
        state = stretch.closure.state
        if state == "open" or not stretch.closure.holds_at(after):
            continue
        if state == "closed" or doubt == "avoid":
            closed[stretch.edges] = True
    return closed


def changes_of(stretches: Sequence[Stretch]) -> tuple[timedelta, ...]:
    """Return the moments at which what is closed changes, in order, the start first."""
    moments = {timedelta(0)}
    for stretch in stretches:
        moments |= {
            moment
            for moment in (stretch.closure.starts, stretch.closure.ends)
            if moment is not None and moment > timedelta(0)
        }
    return tuple(sorted(moments))
