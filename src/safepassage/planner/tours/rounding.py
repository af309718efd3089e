"""From fractional tours to whole ones: a network flow no longer than the linear program.

Knows that starts, loaded and empty ways of fractional tours add up to a flow, that a flow between
the whole numbers around it can be had without adding length (its matrix is totally unimodular), and
how a whole flow is split into tours: paths first, then each loop joined to a tour that passes it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.linear import Program, run
from safepassage.planner.tours.problem import NEVER, Tour, ToursProblem, span

EPSILON = 1e-7


@dataclass
class Flow:
    """How often each way is driven: starts by yard, loaded and empty ways; whole or not."""

    starts: NDArray[np.float64]
    loaded: NDArray[np.float64]
    empty: NDArray[np.float64]
    ends: NDArray[np.float64]


def flow_of(problem: ToursProblem, tours: Sequence[Tour], weights: Sequence[float]) -> Flow:
    """Return the flow that weighted tours add up to."""
    yards, pickups, gates = len(problem.buses), len(problem.loads), len(problem.room)
    flow = Flow(
        np.zeros((yards, pickups)),
        np.zeros((pickups, gates)),
        np.zeros((gates, pickups)),
        np.zeros(gates),
    )
    for tour, weight in zip(tours, weights, strict=True):
        last = -1
        for i, j in tour.trips:
            if last < 0:
                flow.starts[tour.yard, i] += weight
            else:
                flow.empty[last, i] += weight
            flow.loaded[i, j] += weight
            last = j
        flow.ends[last] += weight
    return flow


def whole_flow(problem: ToursProblem, flow: Flow, loads: NDArray[np.int64]) -> Flow | None:
    """Return a whole flow of least length between the whole numbers around a fractional one.

    Every pickup is left at least `loads` times; None where the solver states no whole optimum.
    """
    program = Program()
    at_pickup = [program.row(0, 0) for _ in problem.loads]
    at_gate = [program.row(0, 0) for _ in problem.room]
    demand = [program.row(int(n), highspy.kHighsInf) for n in loads]
    room = [program.row(-highspy.kHighsInf, _up(n)) for n in flow.loaded.sum(axis=0)]
    yards = [program.row(_down(n), _up(n)) for n in flow.starts.sum(axis=1)]
    lower: list[int] = []
    made = Flow(*(np.zeros_like(part) for part in _parts(flow)))
    where: list[tuple[NDArray[np.float64], tuple[int, ...]]] = []

    def add(part: int, key: tuple[int, ...], ticks: float, rows: list[tuple[int, float]]) -> None:
        amount = _parts(flow)[part][key]
        if amount <= EPSILON:
            return
        # A column counts what lies above its whole part; the rows are moved by that part.
        least = _down(amount)
        program.column(float(ticks), rows, most=_up(amount) - least, whole=False)
        lower.append(least)
        where.append((_parts(made)[part], key))
        for row, value in rows:
            if program.row_lower[row] > -highspy.kHighsInf:
                program.row_lower[row] -= value * least
            if program.row_upper[row] < highspy.kHighsInf:
                program.row_upper[row] -= value * least

    for y, i in np.argwhere(flow.starts > EPSILON):
        add(0, (y, i), problem.start[y, i], [(at_pickup[i], 1.0), (yards[y], 1.0)])
    for i, j in np.argwhere(flow.loaded > EPSILON):
        parts = [(at_pickup[i], -1.0), (at_gate[j], 1.0), (demand[i], 1.0), (room[j], 1.0)]
        add(1, (i, j), problem.out[i, j], parts)
    for j, i in np.argwhere(flow.empty > EPSILON):
        add(2, (j, i), problem.back[j, i], [(at_gate[j], -1.0), (at_pickup[i], 1.0)])
    for (j,) in np.argwhere(flow.ends > EPSILON):
        add(3, (j,), 0.0, [(at_gate[j], -1.0)])
    answer = run(program, whole=False, limit=60.0)
    if answer.status != "optimal" or np.abs(answer.x - np.rint(answer.x)).max(initial=0) > 1e-4:
        return None
    for (array, key), least, extra in zip(where, lower, np.rint(answer.x), strict=True):
        array[key] = least + extra
    return made


def _parts(flow: Flow) -> tuple[NDArray[np.float64], ...]:
    return flow.starts, flow.loaded, flow.empty, flow.ends


def _down(amount: float) -> int:
    return math.floor(amount + EPSILON)


def _up(amount: float) -> int:
    return math.ceil(amount - EPSILON)


@dataclass
class _Ways:
    """What is left of a whole flow, as lists of next places."""

    from_pickup: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    from_gate: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def split(problem: ToursProblem, flow: Flow, rng: np.random.Generator) -> list[Tour]:
    """Return tours that drive a whole flow: simple paths, with every loop joined to one of them.

    A loop that no path meets begins the tour of a spare vehicle, or follows a tour.
    """
    ways = _Ways()
    for i, j in np.argwhere(flow.loaded > 0.5):
        ways.from_pickup[int(i)] += [int(j)] * round(flow.loaded[i, j])
    ends = np.rint(flow.ends).astype(int)
    for j, i in np.argwhere(flow.empty > 0.5):
        ways.from_gate[int(j)] += [int(i)] * round(flow.empty[j, i])
    for j, n in enumerate(ends):
        ways.from_gate[j] += [-1] * int(n)
    for options in (*ways.from_pickup.values(), *ways.from_gate.values()):
        rng.shuffle(options)
    loops: list[list[tuple[int, int]]] = []
    paths: list[tuple[int, list[tuple[int, int]]]] = []
    for y, i in np.argwhere(flow.starts > 0.5):
        number = round(flow.starts[y, i])
        paths += [(int(y), _walk(ways, int(i), loops)) for _ in range(number)]
    for pickup, options in ways.from_pickup.items():
        while options:
            _walk(ways, pickup, loops)
    return _join(problem, paths, loops)


def _walk(ways: _Ways, pickup: int, loops: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Follow the flow from a pickup to where it ends; loops met on the way are put aside."""
    trips: list[tuple[int, int]] = []
    seen: dict[int, int] = {pickup: 0}
    while True:
        gate = ways.from_pickup[pickup].pop()
        trips.append((pickup, gate))
        options = ways.from_gate[gate]
        pickup = options.pop() if options else -1
        if pickup < 0:
            return trips
        if pickup in seen:
            first = seen[pickup]
            loops.append(trips[first:])
            for one, _ in trips[first:]:
                seen.pop(one, None)
            del trips[first:]
        seen[pickup] = len(trips)
        if not trips and not ways.from_pickup[pickup]:
            return trips


def _join(
    problem: ToursProblem,
    paths: list[tuple[int, list[tuple[int, int]]]],
    loops: list[list[tuple[int, int]]],
) -> list[Tour]:
    """Put each loop into the least busy tour that passes one of its places, longest loops first."""
    tours = [list(trips) for _, trips in paths]
    spans = [span(problem, Tour(yard, tuple(trips))) for yard, trips in paths]
    passing: dict[int, set[int]] = defaultdict(set)
    for k, trips in enumerate(tours):
        for i, j in trips:
            passing[i].add(k)
            passing[-1 - j].add(k)
    waiting = sorted(loops, key=lambda loop: -_round(problem, loop))
    while waiting:
        later = []
        for loop in waiting:
            keys = {key for i, j in loop for key in (i, -1 - j)}
            near = {k for key in keys for k in passing[key]}
            if not near:
                later.append(loop)
                continue
            k = min(near, key=lambda one: (spans[one], one))
            _insert(tours[k], loop)
            spans[k] += _round(problem, loop)
            for key in keys:
                passing[key].add(k)
        if len(later) == len(waiting):
            # No tour meets these: one more vehicle drives one of them, or whoever is there soonest.
            loop = later.pop(0)
            _append(problem, paths, tours, spans, passing, loop)
        waiting = later
    return [Tour(paths[k][0], tuple(trips)) for k, trips in enumerate(tours) if trips]


def _round(problem: ToursProblem, loop: list[tuple[int, int]]) -> int:
    """Return the ticks of a loop driven once round."""
    total = 0
    for k, (i, j) in enumerate(loop):
        after = loop[(k + 1) % len(loop)][0]
        total += int(problem.out[i, j]) + int(problem.back[j, after])
    return total


def _insert(trips: list[tuple[int, int]], loop: list[tuple[int, int]]) -> None:
    """Put a loop into a tour at a place that both pass."""
    for at, (i, j) in enumerate(trips):
        for k, (pickup, gate) in enumerate(loop):
            if pickup == i:
                # Round the loop first, back at the pickup, then on as before.
                trips[at:at] = [*loop[k:], *loop[:k]]
                return
            if gate == j:
                # After this trip: on round the loop from the gate, and end there again.
                trips[at + 1 : at + 1] = [*loop[k + 1 :], *loop[: k + 1]]
                return


def _append(
    problem: ToursProblem,
    paths: list[tuple[int, list[tuple[int, int]]]],
    tours: list[list[tuple[int, int]]],
    spans: list[int],
    passing: dict[int, set[int]],
    loop: list[tuple[int, int]],
) -> None:
    used = Counter(yard for yard, _ in paths)
    for yard, n in enumerate(problem.buses):
        if used[yard] < n:
            paths.append((yard, []))
            tours.append([])
            spans.append(0)
    best, choice = 2 * NEVER, (0, 0)
    for k, trips in enumerate(tours):
        for turn, (pickup, _) in enumerate(loop):
            way = problem.back[trips[-1][1]] if trips else problem.start[paths[k][0]]
            soonest = spans[k] + int(way[pickup])
            if soonest < best:
                best, choice = soonest, (k, turn)
    k, turn = choice
    tours[k] += [*loop[turn:], *loop[:turn]]
    spans[k] = span(problem, Tour(paths[k][0], tuple(tours[k])))
    for i, j in loop:
        passing[i].add(k)
        passing[-1 - j].add(k)
