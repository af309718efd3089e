"""The best tours under prices: a dynamic program on the raw clock, in whole numbers throughout.

Knows what a vehicle can earn in the time that is left, when each load earns the price of its pickup
less the price of its destination. The table says that for every length of time at once.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.problem import NEVER, Ticks, ToursProblem

Whole = NDArray[np.int64]


@numba.njit("void(i8[:,:], i8[:,:], i8[:,:], i8[:], i8[:,:], i8[:,:])", cache=True, nogil=True)
def _fill(
    gain: Whole,
    out: Ticks,
    back: Ticks,
    stop: Whole,
    from_pickup: Whole,
    from_gate: Whole,
) -> None:  # pragma: no cover - compiled
    """Fill both tables by the ticks left: rows are ticks, columns places."""
    pickups, gates = gain.shape
    lowest = -(1 << 60)
    for left in range(from_pickup.shape[0]):
        for i in range(pickups):
            best = lowest
            for j in range(gates):
                rest = left - out[i, j]
                if rest >= 0:
                    worth = gain[i, j] + from_gate[rest, j]
                    best = max(best, worth)
            from_pickup[left, i] = best
        for j in range(gates):
            best = stop[left]
            for i in range(pickups):
                rest = left - back[j, i]
                if rest >= 0:
                    best = max(best, from_pickup[rest, i])
            from_gate[left, j] = best


class Table:
    """What a vehicle can still earn, by place and ticks left; with the tours that earn it.

    A vehicle that leaves pickup i with a load and `left` ticks to go earns `from_pickup[left, i]`
    at most; from the gate of j on, `from_gate[left, j]`. Whoever stops with `left` ticks
    to go earns `stop[left]` on top, nothing by default. All is exact.
    """

    def __init__(
        self, problem: ToursProblem, gain: Whole, longest: int, stop: Whole | None = None
    ) -> None:
        self.problem = problem
        self.gain = np.ascontiguousarray(gain, dtype=np.int64)
        rows = max(longest, 0) + 1
        self.stop = np.zeros(rows, dtype=np.int64) if stop is None else stop
        self.from_pickup = np.empty((rows, gain.shape[0]), dtype=np.int64)
        self.from_gate = np.empty((rows, gain.shape[1]), dtype=np.int64)
        _fill(self.gain, problem.out, problem.back, self.stop, self.from_pickup, self.from_gate)

    def best(self, yard: int, horizon: int) -> int:
        """Return the most that one vehicle of a yard can earn within a horizon (at least 0)."""
        best = 0
        for i, start in enumerate(self.problem.start[yard]):
            if start <= horizon:
                best = max(best, int(self.from_pickup[horizon - start, i]))
        return best

    def tour(self, yard: int, first: int, horizon: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Return the earnings and the trips of the best tour that begins at a pickup."""
        start = int(self.problem.start[yard, first])
        if start >= NEVER or start > horizon:
            return 0, ()
        left, i = horizon - start, first
        earned = int(self.from_pickup[left, i])
        trips: list[tuple[int, int]] = []
        if earned <= self.stop[horizon]:
            return 0, ()
        while True:
            rest = left - self.problem.out[i]
            j = _best_of(rest, self.gain[i], self.from_gate)
            left = int(rest[j])
            trips.append((i, j))
            if self.from_gate[left, j] <= self.stop[left]:
                return earned, tuple(trips)
            rest = left - self.problem.back[j]
            i = _best_of(rest, np.zeros(rest.size, dtype=np.int64), self.from_pickup)
            left = int(rest[i])


def _best_of(rest: Ticks, gain: Whole, worth: Whole) -> int:
    """Return the next place that is worth most with the ticks that are then left."""
    known = worth[np.maximum(rest, 0), np.arange(rest.size)]
    return int(np.where(rest >= 0, gain + known, -(1 << 60)).argmax())
