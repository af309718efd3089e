"""The best tours under prices: a dynamic program on the raw clock, in whole numbers throughout.

Knows what a vehicle can earn in the time that is left, when each load earns the price of its pickup
less the price of its destination. The table says that for every length of time at once.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.problem import NEVER, Ticks, Tour, ToursProblem

Whole = NDArray[np.int64]

MOST_TOURS = 250
"""Tours that one pricing brings at most."""


@numba.njit("void(i8[:,:], i8[:,:], i8[:,:], i8[:,:], i8[:,:])", cache=True, nogil=True)
def _fill(
    gain: Whole,
    out: Ticks,
    back: Ticks,
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
            best = 0
            for i in range(pickups):
                rest = left - back[j, i]
                if rest >= 0:
                    best = max(best, from_pickup[rest, i])
            from_gate[left, j] = best


MOST_CELLS = 40_000_000
"""Tables beyond this are not made: they would take more memory than a small machine has."""


def fits(problem: ToursProblem, horizon: int) -> bool:
    """Return whether the table of a horizon is small enough to be made again and again."""
    return horizon * (len(problem.loads) + len(problem.room)) <= MOST_CELLS


class Table:
    """What a vehicle can still earn, by place and ticks left; with the tours that earn it.

    A vehicle that leaves pickup i with a load and `left` ticks to go earns `from_pickup[left, i]`
    at most; from the gate of j on, `from_gate[left, j]`. All is exact.
    """

    def __init__(self, problem: ToursProblem, gain: Whole, longest: int) -> None:
        self.problem = problem
        self.gain = np.ascontiguousarray(gain, dtype=np.int64)
        rows = max(longest, 0) + 1
        self.from_pickup = np.empty((rows, gain.shape[0]), dtype=np.int64)
        self.from_gate = np.empty((rows, gain.shape[1]), dtype=np.int64)
        _fill(self.gain, problem.out, problem.back, self.from_pickup, self.from_gate)

    def earnings(self, horizon: int) -> Whole:
        """Return the most that one vehicle earns within a horizon, by yard and first pickup.

        Where it cannot leave the pickup in time it is far below 0.
        """
        left = horizon - self.problem.start
        known = self.from_pickup[np.maximum(left, 0), np.arange(left.shape[1])]
        earned: Whole = np.where(left >= 0, known, -(1 << 60))
        return earned

    def best(self, horizon: int) -> Whole:
        """Return the most that one vehicle of each yard can earn within a horizon (at least 0)."""
        most: Whole = self.earnings(horizon).max(axis=1, initial=0)
        return most

    def best_tours(
        self, horizon: int, pays: NDArray[np.float64], scale: float, least: float
    ) -> list[Tour]:
        """Return the tours, one a yard and first pickup at most, that gain most; best first.

        The gain is the earnings / scale plus what its yard pays; it is above `least`.
        """
        gain = self.earnings(horizon) / scale + pays[:, None]
        open_yards = np.array(self.problem.buses) > 0
        gain = np.where(open_yards[:, None], gain, -np.inf)
        order = np.argsort(-gain, axis=None, kind="stable")[:MOST_TOURS]
        found = []
        for yard, first in zip(*np.unravel_index(order, gain.shape), strict=True):
            if gain[yard, first] <= least:
                break
            trips = self.tour(int(yard), int(first), horizon)
            if trips:
                found.append(Tour(int(yard), trips))
        return found

    def tour(self, yard: int, first: int, horizon: int) -> tuple[tuple[int, int], ...]:
        """Return the trips of the best tour that begins at a pickup; none that earn nothing."""
        start = int(self.problem.start[yard, first])
        if start >= NEVER or start > horizon:
            return ()
        left, i = horizon - start, first
        trips: list[tuple[int, int]] = []
        if self.from_pickup[left, i] <= 0:
            return ()
        while True:
            rest = left - self.problem.out[i]
            j = _best_of(rest, self.gain[i], self.from_gate)
            left = int(rest[j])
            trips.append((i, j))
            if self.from_gate[left, j] <= 0:
                return tuple(trips)
            rest = left - self.problem.back[j]
            i = _best_of(rest, np.zeros(rest.size, dtype=np.int64), self.from_pickup)
            left = int(rest[i])


def _best_of(rest: Ticks, gain: Whole, worth: Whole) -> int:
    """Return the next place that is worth most with the ticks that are then left."""
    known = worth[np.maximum(rest, 0), np.arange(rest.size)]
    return int(np.where(rest >= 0, gain + known, -(1 << 60)).argmax())
