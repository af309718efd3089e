"""Balance: move parts of tours between vehicles until none is later than a target.

Knows the annealing over tours. Most moves exchange what follows (or what lies between) places that
two tours have in common: that changes who drives, not what is driven, so the sum of all tours stays
what the flow made it. What counts is the time beyond the target, more than in proportion, and a
little the sum of all tours.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.problem import Ticks, Tour, ToursProblem

Whole = NDArray[np.int64]


@dataclass
class Rides:
    """Tours as arrays, one row a vehicle: places in turn (pickup, gate, pickup, …) and moments."""

    problem: ToursProblem
    node: Whole
    at: Whole
    length: Whole
    yard: Whole
    room: Whole

    @property
    def spans(self) -> Whole:
        """Return when each vehicle ends, in ticks."""
        last = self.at[np.arange(self.length.size), np.maximum(self.length - 1, 0)]
        return np.where(self.length > 0, last, 0)

    def copy(self) -> "Rides":
        """Return an independent copy."""
        return Rides(
            self.problem,
            self.node.copy(),
            self.at.copy(),
            self.length.copy(),
            self.yard.copy(),
            self.room.copy(),
        )

    def tours(self) -> list[Tour]:
        """Return the tours of the vehicles that carry anything."""
        found = []
        for row, length, yard in zip(self.node, self.length, self.yard, strict=True):
            if length:
                pairs = row[:length].reshape(-1, 2).tolist()
                found.append(Tour(int(yard), tuple((i, j) for i, j in pairs)))
        return found


def rides_of(problem: ToursProblem, tours: list[Tour]) -> Rides:
    """Return tours as arrays, vehicles without a tour included."""
    fleet = problem.fleet
    longest = max((len(one.trips) for one in tours), default=1)
    mean = -(-problem.total // max(fleet, 1))
    width = 2 * (longest + mean + 8)
    yard = np.repeat(np.arange(len(problem.buses)), problem.buses).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(problem.buses)))[:-1]
    used = [0] * len(problem.buses)
    rides = Rides(
        problem,
        np.zeros((fleet, width), dtype=np.int64),
        np.zeros((fleet, width), dtype=np.int64),
        np.zeros(fleet, dtype=np.int64),
        yard,
        np.array(problem.room, dtype=np.int64),
    )
    for tour in tours:
        row = int(first[tour.yard]) + used[tour.yard]
        used[tour.yard] += 1
        flat = [place for trip in tour.trips for place in trip]
        rides.node[row, : len(flat)] = flat
        rides.length[row] = len(flat)
        for _, j in tour.trips:
            rides.room[j] -= 1
    for row in range(fleet):
        _clock(
            rides.node, rides.at, rides.length, yard, problem.start, problem.out, problem.back, row
        )
    return rides


@numba.njit(
    "void(i8[:,:], i8[:,:], i8[:], i8[:], i8[:,:], i8[:,:], i8[:,:], i8)", cache=True, nogil=True
)
def _clock(
    node: Whole,
    at: Whole,
    length: Whole,
    yard: Whole,
    start: Ticks,
    out: Ticks,
    back: Ticks,
    row: int,
) -> None:  # pragma: no cover - compiled
    """Compute the moments of one vehicle again."""
    for h in range(length[row]):
        if h == 0:
            at[row, 0] = start[yard[row], node[row, 0]]
        elif h % 2 == 1:
            at[row, h] = at[row, h - 1] + out[node[row, h - 1], node[row, h]]
        else:
            at[row, h] = at[row, h - 1] + back[node[row, h - 1], node[row, h]]


@numba.njit("u8(u8[:])", cache=True, nogil=True)
def _draw(state: NDArray[np.uint64]) -> np.uint64:  # pragma: no cover - compiled
    """Return the next 64 random bits (xorshift64*)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.uint64(x * np.uint64(2685821657736338717))


@numba.njit("i8(u8[:], i8)", cache=True, nogil=True)
def _below(state: NDArray[np.uint64], n: int) -> int:  # pragma: no cover - compiled
    """Return a random whole number from 0 to n - 1."""
    return int((_draw(state) >> np.uint64(33)) % np.uint64(n))


@numba.njit("f8(u8[:])", cache=True, nogil=True)
def _share(state: NDArray[np.uint64]) -> float:  # pragma: no cover - compiled
    """Return a random number from 0 to below 1."""
    return np.float64(_draw(state) >> np.uint64(11)) / 9007199254740992.0


@numba.njit("f8(i8, f8, f8)", cache=True, nogil=True)
def _late(span: int, target: float, bend: float) -> float:  # pragma: no cover - compiled
    """Return what a vehicle that ends at `span` costs: its time beyond the target, convex."""
    beyond = span - target
    if beyond <= 0:
        return 0.0
    return beyond + beyond * beyond / bend


@numba.njit("i8(i8[:,:], i8[:], i8[:,:], i8[:,:], i8[:,:], i8, i8, i8)", cache=True, nogil=True)
def _link(
    node: Whole,
    yard: Whole,
    start: Ticks,
    out: Ticks,
    back: Ticks,
    row: int,
    cut: int,
    to: int,
) -> int:  # pragma: no cover - compiled
    """Return the ticks from place number `cut` of a vehicle (-1: its yard) to another place."""
    if cut < 0:
        return int(start[yard[row], to])
    if cut % 2 == 0:
        return int(out[node[row, cut], to])
    return int(back[node[row, cut], to])


@numba.njit(
    "i8(i8[:,:], i8[:,:], i8[:], i8[:], i8[:,:], i8[:,:], i8[:,:], i8, i8, i8, i8, i8, i8)",
    cache=True,
    nogil=True,
)
def _span_with(
    node: Whole,
    at: Whole,
    length: Whole,
    yard: Whole,
    start: Ticks,
    out: Ticks,
    back: Ticks,
    a: int,
    a1: int,
    a2: int,
    b: int,
    b1: int,
    b2: int,
) -> int:  # pragma: no cover - compiled
    """Return when vehicle a ends if its places a1+1..a2 give way to b1+1..b2 of vehicle b."""
    clock = int(at[a, a1]) if a1 >= 0 else 0
    if b2 > b1:
        clock += _link(node, yard, start, out, back, a, a1, node[b, b1 + 1])
        clock += at[b, b2] - at[b, b1 + 1]
        if a2 + 1 < length[a]:
            to = node[a, a2 + 1]
            clock += _link(node, yard, start, out, back, b, b2, to)
            clock += at[a, length[a] - 1] - at[a, a2 + 1]
    elif a2 + 1 < length[a]:
        to = node[a, a2 + 1]
        clock += _link(node, yard, start, out, back, a, a1, to)
        clock += at[a, length[a] - 1] - at[a, a2 + 1]
    return clock


@numba.njit("i8(i8[:,:], i8[:], i8, i8, i8, i8, i8)", cache=True, nogil=True)
def _find(
    node: Whole, length: Whole, row: int, place: int, parity: int, low: int, begin: int
) -> int:  # pragma: no cover - compiled
    """Return where a vehicle passes a place from `low` on, searched from `begin`; else -2."""
    first = low + ((parity - low) % 2 + 2) % 2
    number = int(length[row] - first + 1) // 2
    if number <= 0:
        return -2
    offset = begin % number
    for k in range(number):
        h = first + 2 * ((offset + k) % number)
        if node[row, h] == place:
            return h
    return -2


@numba.njit(
    "f8(i8[:,:], i8[:,:], i8[:], i8[:], i8[:], i8[:,:], i8[:,:], i8[:,:], i8[:], u8[:], i8, f8, f8,"
    " f8, f8)",
    cache=True,
    nogil=True,
)
def _anneal(
    node: Whole,
    at: Whole,
    length: Whole,
    yard: Whole,
    room: Whole,
    start: Ticks,
    out: Ticks,
    back: Ticks,
    among: Whole,
    state: NDArray[np.uint64],
    moves: int,
    target: float,
    weight: float,
    hot: float,
    cold: float,
) -> float:  # pragma: no cover - compiled
    """Anneal the vehicles `among`; return the ticks beyond the target, summed, at the end."""
    number = among.size
    width = node.shape[1]
    gates = room.size
    bend = max(0.01 * target, 1.0)
    swap_a = np.zeros(width, np.int64)
    swap_b = np.zeros(width, np.int64)
    beyond = 0.0
    for k in range(number):
        a = among[k]
        if length[a] > 0:
            beyond += max(0.0, at[a, length[a] - 1] - target)
    heat = hot
    cooling = (cold / hot) ** (1.0 / max(moves / 64.0, 1.0))
    for move in range(moves):
        if move % 64 == 0:
            heat *= cooling
            if beyond <= 0.0:
                break
        a = among[_below(state, number)]
        if _draw(state) & np.uint64(1):
            # Late vehicles are asked more often: take the later of three.
            for _ in range(2):
                other = among[_below(state, number)]
                sa = at[a, length[a] - 1] if length[a] > 0 else 0
                so = at[other, length[other] - 1] if length[other] > 0 else 0
                if so > sa:
                    a = other
        if length[a] == 0:
            continue
        kind = _below(state, 100)
        if kind < 4:
            h = 2 * _below(state, length[a] // 2) + 1
            gate = _below(state, gates)
            if room[gate] <= 0 or gate == node[a, h]:
                continue
            before = node[a, h]
            i = node[a, h - 1]
            change = out[i, gate] - out[i, before]
            if h + 1 < length[a]:
                change += back[gate, node[a, h + 1]] - back[before, node[a, h + 1]]
            span = at[a, length[a] - 1]
            cost = _late(span + change, target, bend) - _late(span, target, bend) + weight * change
            if cost <= 0.0 or _share(state) < np.exp(-cost / heat):
                room[gate] -= 1
                room[before] += 1
                node[a, h] = gate
                _clock(node, at, length, yard, start, out, back, a)
                beyond += max(0.0, span + change - target) - max(0.0, span - target)
            continue
        b = among[_below(state, number)]
        if a == b:
            continue
        if kind < 60:
            # What follows: from a common place (most), else from any place of the same kind.
            a1 = _below(state, length[a] + 1) - 1
            if kind < 40:
                if a1 < 0:
                    b1 = -1
                    if yard[a] == yard[b]:
                        continue
                else:
                    b1 = _find(node, length, b, node[a, a1], a1 % 2, 0, _below(state, 1024))
                    if b1 < -1:
                        continue
            else:
                choices = length[b] // 2 + (a1 % 2 == 1)
                if choices == 0:
                    continue
                b1 = 2 * _below(state, choices) - (a1 % 2 == 1)
            a2 = length[a] - 1
            b2 = length[b] - 1
        else:
            # What lies between: common places at both ends (most), else any of the same kind.
            a1 = _below(state, length[a] + 1) - 1
            a2 = a1 + _below(state, length[a] - a1)
            if kind < 88:
                if a1 < 0:
                    b1 = -1
                else:
                    b1 = _find(node, length, b, node[a, a1], a1 % 2, 0, _below(state, 1024))
                    if b1 < -1:
                        continue
                if a2 < 0:
                    continue
                low = max(b1, 0)
                b2 = _find(node, length, b, node[a, a2], a2 % 2, low, _below(state, 1024))
                if b2 < -1:
                    continue
            else:
                odd = a1 % 2 == 1
                choices = length[b] // 2 + odd
                if choices == 0:
                    continue
                b1 = 2 * _below(state, choices) - odd
                if a2 > a1 + 5:
                    a2 = a1 + 1 + _below(state, 5)
                b2 = b1 + (a2 - a1)
                if _draw(state) & np.uint64(1):
                    b2 += 2 * (_below(state, 3) - 1)
                if b2 < b1 or b2 >= length[b]:
                    continue
            if a1 == a2 and b1 == b2:
                continue
        if (a1 < 0 and a2 < 0 and b2 < 0) or (a2 == a1 and b2 == b1):
            continue
        more = (b2 - b1) - (a2 - a1)
        if length[a] + more > width or length[b] - more > width:
            continue
        span_a = at[a, length[a] - 1]
        span_b = at[b, length[b] - 1] if length[b] > 0 else 0
        new_a = _span_with(node, at, length, yard, start, out, back, a, a1, a2, b, b1, b2)
        new_b = _span_with(node, at, length, yard, start, out, back, b, b1, b2, a, a1, a2)
        cost = (
            _late(new_a, target, bend)
            + _late(new_b, target, bend)
            - _late(span_a, target, bend)
            - _late(span_b, target, bend)
            + weight * (new_a + new_b - span_a - span_b)
        )
        if cost > 0.0 and _share(state) >= np.exp(-cost / heat):
            continue
        beyond += max(0.0, new_a - target) + max(0.0, new_b - target)
        beyond -= max(0.0, span_a - target) + max(0.0, span_b - target)
        tail_a, tail_b = length[a] - a1 - 1, length[b] - b1 - 1
        for h in range(tail_a):
            swap_a[h] = node[a, a1 + 1 + h]
        for h in range(tail_b):
            swap_b[h] = node[b, b1 + 1 + h]
        mid_a, mid_b = a2 - a1, b2 - b1
        for h in range(mid_b):
            node[a, a1 + 1 + h] = swap_b[h]
        for h in range(tail_a - mid_a):
            node[a, a1 + 1 + mid_b + h] = swap_a[mid_a + h]
        for h in range(mid_a):
            node[b, b1 + 1 + h] = swap_a[h]
        for h in range(tail_b - mid_b):
            node[b, b1 + 1 + mid_a + h] = swap_b[mid_b + h]
        length[a] += more
        length[b] -= more
        _clock(node, at, length, yard, start, out, back, a)
        _clock(node, at, length, yard, start, out, back, b)
    return beyond


def anneal(
    rides: Rides,
    among: Whole,
    *,
    moves: int,
    target: float,
    weight: float,
    hot: float,
    cold: float,
    seed: int,
) -> float:
    """Anneal some vehicles in place; return their ticks beyond the target, summed."""
    problem = rides.problem
    state = np.array(
        [(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64 | 1], dtype=np.uint64
    )
    return float(
        _anneal(
            rides.node,
            rides.at,
            rides.length,
            rides.yard,
            rides.room,
            problem.start,
            problem.out,
            problem.back,
            among,
            state,
            moves,
            float(target),
            float(weight),
            float(hot),
            float(cold),
        )
    )
