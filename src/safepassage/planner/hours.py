"""Driving times of a leg that change by the moment of entry: first in, first out.

Who would leave sooner by entering later waits at the begin of the leg for that, so that nobody who
enters later leaves earlier. docs/model.md states the rule; the verifier has its own reading of it.
"""

from bisect import bisect_right
from collections.abc import Sequence

from safepassage.planner.problem import FOREVER, seconds_up
from safepassage.scenario.places import Hour


class LegHours:
    """The driving times of one leg for one kind of vehicle, by the second of entry."""

    def __init__(self, hours: Sequence[Hour]) -> None:
        self._starts = [seconds_up(one.after) for one in hours]
        self._takes = [None if one.time is None else seconds_up(one.time) for one in hours]
        # When who waits for a later hour has left at the soonest, by hour.
        self._waited = [FOREVER] * len(hours)
        for number in range(len(hours) - 1, 0, -1):
            takes = self._takes[number]
            leaves = FOREVER if takes is None else self._starts[number] + takes
            self._waited[number - 1] = min(self._waited[number], leaves)

    @property
    def starts(self) -> tuple[int, ...]:
        """The seconds from which each time holds."""
        return tuple(self._starts)

    def leaves(self, enters: int) -> int:
        """Return when who enters at a second leaves, FOREVER if nobody may enter any more."""
        number = max(0, bisect_right(self._starts, enters) - 1)
        takes = self._takes[number]
        if takes is None:
            return self._waited[number]
        return min(enters + takes, self._waited[number])

    def enters(self, leaves: int) -> int | None:
        """Return the latest second of entry for who must have left by a second, or None."""
        ends = [*self._starts[1:], FOREVER]
        for since, until, takes in reversed(
            list(zip(self._starts, ends, self._takes, strict=True))
        ):
            if takes is not None and since + takes <= leaves:
                return min(leaves - takes, until - 1)
        return None

    def least(self) -> int:
        """Return the least driving time of any hour."""
        return min((one for one in self._takes if one is not None), default=FOREVER)

    def longest(self) -> int:
        """Return the longest that anybody who gets through is on the leg, waiting included."""
        spans = [self.leaves(since) - since for since in self._starts]
        return max((one for one in spans if one < FOREVER // 2), default=FOREVER)
