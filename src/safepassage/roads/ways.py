"""Ways between two places: path and geometry, truly different alternatives, vital stretches.

All questions are asked of an `Engine`; nothing here depends on which one it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from safepassage.roads.engine import UNREACHABLE, Engine
from safepassage.roads.network import Ints, RoadNetwork, metres_between

PENALTY = 1.4
"""Factor on the arcs of ways already found, so that the next one differs."""
CUT_PENALTY_MS = 5_000_000
"""What a closed arc costs when the cut is sought: more than a detour, and some hundreds of them
still fit the 31 bits of the quick engine."""
MOST_SHARED = 0.7
"""What shares more than this part of its length with an earlier way is no other way."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way: its edges in order with the direction driven, its time and its length."""

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    milliseconds: int
    metres: float


@dataclass(frozen=True, slots=True)
class Vital:
    """A stretch whose loss cuts the target off (`delay` None) or costs `delay` milliseconds."""

    way_id: int
    edges: tuple[int, ...]
    name: str | None
    bridge: bool
    delay: int | None


class WayFinder:
    """Finds ways over one network with one engine and one set of arc times."""

    def __init__(self, network: RoadNetwork, engine: Engine, milliseconds: Ints) -> None:
        self._network = network
        self._engine = engine
        self._times = milliseconds
        tail, head, edge = network.arcs()
        self._edge = edge
        order = np.lexsort((milliseconds, head, tail))
        self._arc: dict[tuple[int, int], int] = {}
        for arc in order.tolist():
            if milliseconds[arc] >= 0:
                self._arc.setdefault((int(tail[arc]), int(head[arc])), arc)
        engine.set_times(milliseconds)

    def best(self, source: int, target: int) -> Way | None:
        """Return the quickest way, or None where there is none."""
        nodes = self._engine.way(source, target)
        return None if nodes is None else self._way(nodes)

    def _way(self, nodes: tuple[int, ...]) -> Way:
        arcs = [self._arc[pair] for pair in pairwise(nodes)]
        edges = tuple(int(self._edge[arc]) for arc in arcs)
        return Way(
            nodes,
            edges,
            int(sum(int(self._times[arc]) for arc in arcs)),
            float(self._network.metres[list(edges)].sum()) if edges else 0.0,
        )

    def alternatives(self, source: int, target: int, count: int) -> tuple[Way, ...]:
        """Return up to `count` ways, the quickest first, each truly different from those before."""
        found: list[Way] = []
        times = self._times.copy()
        for _ in range(4 * count):
            self._engine.set_times(times)
            nodes = self._engine.way(source, target)
            if nodes is None:
                break
            way = self._way(nodes)
            if all(self._shared(way, other) <= MOST_SHARED for other in found):
                found.append(way)
                if len(found) == count:
                    break
            used = np.isin(self._edge, way.edges) & (times >= 0)
            times[used] = np.ceil(times[used] * PENALTY).astype(np.int64)
        self._engine.set_times(self._times)
        return tuple(sorted(found, key=lambda one: one.milliseconds))

    def _shared(self, way: Way, other: Way) -> float:
        both = set(way.edges) & set(other.edges)
        if way.metres <= 0:
            return 1.0
        return float(sum(float(self._network.metres[edge]) for edge in both)) / way.metres

    def vital(
        self,
        source: int,
        target: int,
        worse_by: int,
        progress: Callable[[int, int], None] | None = None,
    ) -> tuple[Vital, ...]:
        """Return the roads of the quickest way whose loss cuts it or costs over `worse_by` ms.

        Each road (an OpenStreetMap way) of the quickest way is closed in turn and the question
        asked again; worst first. For the cell alone.
        """
        best = self.best(source, target)
        if best is None:
            return ()
        found = []
        ways = list(dict.fromkeys(int(self._network.way[edge]) for edge in best.edges))
        for number, way_id in enumerate(ways):
            if progress is not None:
                progress(number, len(ways))
            edges = np.flatnonzero(self._network.way == way_id)
            times = np.where(np.isin(self._edge, edges), -1, self._times)
            self._engine.set_times(times)
            without = int(self._engine.matrix([source], [target])[0, 0])
            if without != UNREACHABLE and without - best.milliseconds <= worse_by:
                continue
            mine = tuple(edge for edge in best.edges if self._network.way[edge] == way_id)
            found.append(
                Vital(
                    way_id,
                    mine,
                    self._network.name_of(mine[0]),
                    bool(self._network.bridge[list(mine)].any()),
                    None if without == UNREACHABLE else without - best.milliseconds,
                )
            )
        self._engine.set_times(self._times)
        return tuple(
            sorted(found, key=lambda one: (one.delay is not None, -(one.delay or 0), one.way_id))
        )

    def cut(self, source: int, target: int, open_times: Ints) -> tuple[int, ...]:
        """Return edges whose closing causes that the target cannot be reached.

        `open_times` are the arc times with nothing closed. The answer is the closed edges on the
        quickest way when entering a closed one costs 83 minutes more; empty where there is no way
        even with all open.
        """
        closed = (self._times < 0) & (open_times >= 0)
        times = np.where(closed, open_times + CUT_PENALTY_MS, open_times)
        self._engine.set_times(times)
        nodes = self._engine.way(source, target)
        self._engine.set_times(self._times)
        if nodes is None:
            return ()
        tail, head, _ = self._network.arcs()
        pairs = set(pairwise(nodes))
        on_way = [
            arc
            for arc in np.flatnonzero(closed).tolist()
            if (int(tail[arc]), int(head[arc])) in pairs
        ]
        return tuple(sorted({int(self._edge[arc]) for arc in on_way}))


def geometry(network: RoadNetwork, way: Way) -> list[tuple[float, float]]:
    """Return the (lat, lon) points of a way from its source to its target."""
    points: list[tuple[float, float]] = []
    for (start, _end), edge in zip(
        zip(way.nodes, way.nodes[1:], strict=False), way.edges, strict=True
    ):
        piece = network.points(edge)
        if int(network.edge_start[edge]) != start or (
            int(network.edge_end[edge]) == start and _further(piece, network, start)
        ):
            piece.reverse()
        points += piece[1:] if points else piece
    return points


def _further(piece: list[tuple[float, float]], network: RoadNetwork, node: int) -> bool:
    """Whether a closed loop's first point is not at the node (both ends are, so never reverse)."""
    lat, lon = float(network.lat[node]), float(network.lon[node])
    return float(metres_between(piece[0][0], piece[0][1], lat, lon)) > 1.0
