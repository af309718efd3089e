"""What the engine is asked for the legs of a scenario: times over slices, and kilometres."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from safepassage.roads.engine import UNREACHABLE, ScipyEngine, arc_milliseconds
from safepassage.roads.hours import Slice
from safepassage.roads.network import Ints
from safepassage.roads.snapping import Snap
from safepassage.roads.ways import WayFinder
from safepassage.scenario.places import Leg

if TYPE_CHECKING:
    from safepassage.roads.travel import Roads


class Asker:
    """Driving times of legs over one or several slices; each matrix is asked for once."""

    def __init__(
        self, roads: "Roads", snaps: Mapping[str, Snap], slices: tuple[Slice, ...]
    ) -> None:
        self._roads = roads
        self._slices = slices
        self._at = {place: index for index, place in enumerate(snaps)}
        self._nodes = [snap.node for snap in snaps.values()]
        self._closed = [roads.closed(part.starts) for part in slices]
        self._found: dict[tuple[bytes, bool, str], Ints] = {}
        self._keys: dict[tuple[int, int], tuple[bytes, bool]] = {}

    def time(self, leg: Leg, kind: str, first: int, last: int) -> timedelta | None:
        """Return the time of a way that is open in all slices from `first` to `last`, or None.

        The speeds are those of the slowest of the slices, the direction is the slower one.
        """
        matrix = self._matrix(kind, first, last)
        there = int(matrix[self._at[leg.start], self._at[leg.end]])
        back = 0 if leg.one_way else int(matrix[self._at[leg.end], self._at[leg.start]])
        slower = max(there, back)
        return None if slower == UNREACHABLE else timedelta(seconds=-(-slower // 1000))

    def _matrix(self, kind: str, first: int, last: int) -> Ints:
        if (first, last) not in self._keys:
            closed = np.logical_or.reduce(self._closed[first : last + 1])
            night = any(part.night for part in self._slices[first : last + 1])
            self._keys[first, last] = (np.packbits(closed).tobytes(), night)
        packed, night = self._keys[first, last]
        key = (packed, night, kind)
        if key not in self._found:
            self._roads.engine.set_times(self._times(*key))
            self._found[key] = self._roads.engine.matrix(self._nodes, self._nodes)
        return self._found[key]

    def _times(self, packed: bytes, night: bool, kind: str) -> Ints:  # noqa: FBT001 - a key
        edges = self._roads.network.edges
        bits = np.frombuffer(packed, dtype=np.uint8)
        closed = np.unpackbits(bits, count=edges).astype(np.bool_)
        seconds = self._roads.seconds(kind, night=night)
        return arc_milliseconds(self._roads.network, seconds, closed)

    def longest_km(self, legs: Sequence[Leg], kinds: Collection[str]) -> dict[str, float]:
        """Return, for each leg, the km of the longest way that was asked for, by any of the kinds.

        Of ways of the same time two engines may find different ones: the reference engine finds
        these, for planner and verifier alike. Legs without any way are left out.
        """
        found: dict[str, float] = {}
        engine = ScipyEngine(self._roads.network)
        for key in self._found:
            if key[2] not in kinds:
                continue
            finder = WayFinder(self._roads.network, engine, self._times(*key))
            for leg in legs:
                one, other = (self._nodes[self._at[end]] for end in (leg.start, leg.end))
                ways = [finder.best(one, other)]
                ways += [] if leg.one_way else [finder.best(other, one)]
                for way in ways:
                    if way is not None:
                        km = math.ceil(way.metres) / 1000
                        found[leg.id] = max(found.get(leg.id, 0.0), km)
        return found
