"""The way that a ride over a leg takes: open for the whole of the drive, not only at its begin."""

import math
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from safepassage.roads.engine import arc_milliseconds
from safepassage.roads.hours import Slice
from safepassage.roads.travel import Roads
from safepassage.roads.ways import Way, WayFinder

Span = tuple[timedelta, timedelta]


class DrivenWays:
    """Finds the ways of rides over one set of roads; each question is asked once."""

    def __init__(self, roads: Roads, slices: Sequence[Slice]) -> None:
        self._roads = roads
        self._slices = slices
        self._found: dict[tuple[str, int, int, int, int], Way | None] = {}

    def way(self, kind: str, start: int, end: int, span: Span) -> Way | None:
        """Return the way from node to node of a ride that enters and leaves at these moments.

        It is open in every slice that the drive touches. Who waits at the begin for a later slice
        takes the way of that one. Where no way is quick enough (a time by hand), the quickest that
        is open all the time; None where there is none.
        """
        enters, leaves = span
        first = self._slice_of(enters)
        begins = [enters, *(part.starts for part in self._slices[first + 1 :])]
        for number, begin in enumerate(begins):
            if number and begin > leaves:
                break
            way = self._between(kind, start, end, (first + number, self._last(begin, leaves)))
            seconds = 0 if way is None else math.ceil(way.milliseconds / 1000)
            if way is not None and begin + timedelta(seconds=seconds) <= leaves:
                return way
        return self._between(kind, start, end, (first, self._last(enters, leaves)))

    def _slice_of(self, moment: timedelta) -> int:
        return max(0, sum(part.starts <= moment for part in self._slices) - 1)

    def _last(self, begin: timedelta, leaves: timedelta) -> int:
        """Return the last slice of a drive that is over when the next one begins."""
        touched = [n for n, part in enumerate(self._slices) if part.starts < leaves]
        return max(self._slice_of(begin), touched[-1] if touched else 0)

    def _between(self, kind: str, start: int, end: int, parts: tuple[int, int]) -> Way | None:
        key = (kind, start, end, *parts)
        if key not in self._found:
            self._found[key] = self._finder(kind, *parts).best(start, end)
        return self._found[key]

    def _finder(self, kind: str, first: int, last: int) -> WayFinder:
        # The engine holds one set of times: a finder made before another one is made anew.
        slices = self._slices[first : last + 1]
        closed = np.logical_or.reduce([self._roads.closed(part.starts) for part in slices])
        night = any(part.night for part in slices)
        seconds = self._roads.seconds(kind, night=night)
        times = arc_milliseconds(self._roads.network, seconds, closed)
        return WayFinder(self._roads.network, self._roads.engine, times)
