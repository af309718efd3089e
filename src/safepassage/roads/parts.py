"""Which part of a network can be driven to and back from: the largest strongly connected one."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from safepassage.roads.network import Floats, RoadNetwork

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def largest_part(network: RoadNetwork, edge_seconds: Floats) -> tuple[Flags, float]:
    """Return for each node whether it is in the largest part, and the share outside it (0..1).

    `edge_seconds` is infinite where a vehicle may not drive; nodes without a drivable edge count
    neither inside nor outside.
    """
    tail, head, edge = network.arcs()
    usable = np.isfinite(edge_seconds[edge])
    tail, head = tail[usable], head[usable]
    nodes = np.unique(np.concatenate([tail, head]))
    inside = np.zeros(network.nodes, dtype=np.bool_)
    if not len(nodes):
        return inside, 0.0
    graph = csr_matrix((np.ones(len(tail)), (tail, head)), shape=(network.nodes, network.nodes))
    _, part = connected_components(graph, connection="strong")
    sizes = np.bincount(part[nodes])
    inside[nodes] = part[nodes] == sizes.argmax()
    return inside, float(1.0 - sizes.max() / len(nodes))
