"""Shortest ways over a road network: one interface, and scipy as the engine that is always there.

Times are whole milliseconds, so that two engines can be compared exactly.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from safepassage.roads.network import Floats, Ints, RoadNetwork

UNREACHABLE = np.iinfo(np.int64).max
"""The time of what cannot be reached; never a large number that could pass for an answer."""
LONGEST_MS = 2_000_000_000
"""An arc of more than 23 days is refused: the contraction engine counts in 32 bits."""


class Engine(Protocol):
    """Answers questions about one set of arc times; `set_times` gives it another."""

    def set_times(self, milliseconds: Ints) -> None:
        """Take the times of all arcs in the order of `network.arcs()`; negative means closed."""

    def matrix(self, sources: Sequence[int], targets: Sequence[int]) -> Ints:
        """Return times (sources x targets) in milliseconds, UNREACHABLE where there is no way."""

    def way(self, source: int, target: int) -> tuple[int, ...] | None:
        """Return the nodes of a shortest way, both ends included, or None."""


def arc_milliseconds(
    network: RoadNetwork, edge_seconds: Floats, closed: npt.NDArray[np.bool_]
) -> Ints:
    """Return the time of each arc, rounded up to a millisecond; -1 where it may not be entered."""
    _, _, edge = network.arcs()
    seconds = np.where(closed[edge], np.inf, edge_seconds[edge])
    passable = np.isfinite(seconds)
    rounded = np.ceil(np.where(passable, seconds, 0.0) * 1000 - 1e-6).astype(np.int64)
    if rounded.max(initial=0) > LONGEST_MS:
        raise ValueError("an arc of more than 23 days: is its speed right?")
    return np.where(passable, np.maximum(rounded, 1), -1)


class ScipyEngine:
    """Dijkstra's algorithm of scipy: the reference."""

    def __init__(self, network: RoadNetwork) -> None:
        self._nodes = network.nodes
        self._tail, self._head, _ = network.arcs()
        order = np.lexsort((self._head, self._tail))
        key = self._tail[order] * self._nodes + self._head[order]
        self._order = order
        self._first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        self._graph = csr_matrix((self._nodes, self._nodes))

    def set_times(self, milliseconds: Ints) -> None:
        """Take the times of all arcs; of parallel arcs the quickest open one counts."""
        times = np.where(milliseconds < 0, np.inf, milliseconds.astype(np.float64))[self._order]
        quickest = np.minimum.reduceat(times, self._first)
        open_ = np.isfinite(quickest)
        tail = self._tail[self._order][self._first][open_]
        head = self._head[self._order][self._first][open_]
        # Sums of whole milliseconds below 2**53 are exact in a double.
        self._graph = csr_matrix((quickest[open_], (tail, head)), shape=(self._nodes, self._nodes))

    def matrix(self, sources: Sequence[int], targets: Sequence[int]) -> Ints:
        """Return times (sources x targets) in milliseconds."""
        unique, back = np.unique(np.asarray(sources), return_inverse=True)
        found = dijkstra(self._graph, indices=unique)[:, np.asarray(targets)][back]
        answer = np.full(found.shape, UNREACHABLE, dtype=np.int64)
        reached = np.isfinite(found)
        answer[reached] = np.rint(found[reached]).astype(np.int64)
        return answer

    def way(self, source: int, target: int) -> tuple[int, ...] | None:
        """Return the nodes of a shortest way, or None."""
        if source == target:
            return (source,)
        times, before = dijkstra(self._graph, indices=source, return_predecessors=True)
        if not np.isfinite(times[target]):
            return None
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(before[nodes[-1]]))
        return tuple(reversed(nodes))
