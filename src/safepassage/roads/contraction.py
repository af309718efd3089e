"""Customisable contraction hierarchies (RoutingKit) as the quick engine.

Needs the extra `roads` (pyroutingkit). After Dibbelt, Strasser and Wagner, "Customizable
Contraction Hierarchies", ACM J. Experimental Algorithmics 21 (2016). Same answers as the reference
engine.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from safepassage.roads.engine import UNREACHABLE
from safepassage.roads.network import Ints, RoadNetwork, RoadsError


class ContractionEngine:
    """Builds an order of the nodes once; new arc times then cost a fraction of a second."""

    def __init__(self, network: RoadNetwork) -> None:
        try:
            import pyroutingkit  # noqa: PLC0415 - an extra
        except ModuleNotFoundError:
            raise RoadsError(
                "the quick engine needs the extra: pip install 'safepassage[roads]'"
            ) from None
        self._closed: int = pyroutingkit.INF_WEIGHT
        tail, head, _ = network.arcs()
        self._hierarchy: Any = pyroutingkit.CCH()
        self._hierarchy.build_topology(
            tail.astype(np.uint32),
            head.astype(np.uint32),
            network.lat.astype(np.float32),
            network.lon.astype(np.float32),
            node_count=network.nodes,
        )

    def set_times(self, milliseconds: Ints) -> None:
        """Take the times of all arcs; negative means closed."""
        weights = np.where(milliseconds < 0, self._closed, milliseconds).astype(np.uint32)
        self._hierarchy.customize_weights(weights)

    def matrix(self, sources: Sequence[int], targets: Sequence[int]) -> Ints:
        """Return times (sources x targets) in milliseconds."""
        found = np.asarray(
            self._hierarchy.distances_many_to_many(
                np.asarray(sources, dtype=np.uint32), np.asarray(targets, dtype=np.uint32)
            )
        ).reshape(len(sources), len(targets))
        answer = found.astype(np.int64)
        answer[found >= self._closed] = UNREACHABLE
        return answer

    def way(self, source: int, target: int) -> tuple[int, ...] | None:
        """Return the nodes of a shortest way, or None."""
        if source == target:
            return (source,)
        distance, nodes = self._hierarchy.query(source, target)
        if distance >= self._closed or not len(nodes):
            return None
        return tuple(int(node) for node in nodes)
