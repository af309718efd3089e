"""As few vehicles as can do it within a horizon, in fractions: the room that a longer horizon buys.

Knows the linear program of the columns with another aim. At a horizon a little above the bound, the
fleet is a little larger than needed. In a corner of the program most tours are taken a whole number
of times: those are kept. What is left over is a small problem of the same kind, with few vehicles,
and all the spare time of the fleet falls to it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from safepassage.planner.tours.columns import Master
from safepassage.planner.tours.pricing import Table
from safepassage.planner.tours.problem import Tour, ToursProblem, span
from safepassage.planner.tours.rounding import flow_of, split, whole_flow

SCALE = 10**7


@dataclass(frozen=True)
class Fractional:
    """Tours within a horizon, how often each is taken, and every column that was made for it."""

    tours: tuple[Tour, ...]
    weights: tuple[float, ...]
    columns: tuple[Tour, ...]


@dataclass(frozen=True)
class Rest:
    """Whole tours that are kept, and the problem that is left, with tours to start it from."""

    kept: tuple[Tour, ...]
    problem: ToursProblem
    start: tuple[Tour, ...]


def fewest_vehicles(
    problem: ToursProblem,
    horizon: int,
    columns: Sequence[Tour],
    rng: np.random.Generator,
    *,
    until: float,
    rounds: int = 60,
) -> Fractional | None:
    """Return fractional tours that bring all out with the fewest vehicles; None out of time.

    A tour costs 1 and a little chance, so that each call may end in another corner.
    """
    master = Master(problem)
    solver, pickups = master.solver, len(problem.loads)
    for i in range(pickups):
        solver.changeColCost(i, 2.0)
    priced = 0

    def add(tours: Sequence[Tour]) -> bool:
        nonlocal priced
        added = master.add(tours)
        for k in range(priced, len(master.tours)):
            solver.changeColCost(pickups + k, 1.0 + 1e-3 * rng.random())
        priced = len(master.tours)
        return added > 0

    add([one for one in columns if span(problem, one) <= horizon])
    for _ in range(rounds):
        if time.monotonic() > until or not master.solve():
            return None
        if not add(_fewer(master, horizon)):
            break
    if not master.solve() or master.uncovered > 1e-6:
        return None
    weights = master.weights()
    taken = np.flatnonzero(weights > 1e-7)
    return Fractional(
        tuple(master.tours[k] for k in taken),
        tuple(float(weights[k]) for k in taken),
        tuple(master.tours),
    )


def _fewer(master: Master, horizon: int) -> list[Tour]:
    """Return tours that would save part of a vehicle, best first."""
    problem = master.problem
    duals = master.duals()
    pickups, gates = len(problem.loads), len(problem.room)
    worth = np.add.outer(duals[:pickups], duals[pickups : pickups + gates])
    table = Table(problem, np.rint(worth * SCALE).astype(np.int64), horizon)
    return table.best_tours(horizon, duals[pickups + gates :] - 1.0, SCALE, 1.1e-3)


def keep_whole(
    problem: ToursProblem, fractional: Fractional, rng: np.random.Generator, *, release: int = 0
) -> Rest | None:
    """Return the tours taken a whole number of times, and the rest as a problem of its own.

    `release` more tours, drawn by chance, are given back to the rest. None where no whole flow of
    the rest was found.
    """
    kept: list[Tour] = []
    left: list[tuple[Tour, float]] = []
    for tour, weight in zip(fractional.tours, fractional.weights, strict=True):
        times = int(weight + 1e-7)
        kept += [tour] * times
        if weight - times > 1e-7:
            left.append((tour, weight - times))
    given = rng.permutation(len(kept))[: min(release, len(kept))]
    left += [(kept[k], 1.0) for k in sorted(given)]
    kept = [tour for k, tour in enumerate(kept) if k not in set(given)]
    loads, room, buses = list(problem.loads), list(problem.room), list(problem.buses)
    for tour in kept:
        buses[tour.yard] -= 1
        for i, j in tour.trips:
            loads[i] -= 1
            room[j] -= 1
    loads = [max(n, 0) for n in loads]
    rest = replace(problem, loads=tuple(loads), room=tuple(room), buses=tuple(buses))
    flow = whole_flow(
        rest,
        flow_of(rest, [tour for tour, _ in left], [weight for _, weight in left]),
        np.array(loads),
    )
    if flow is None:
        return None
    return Rest(tuple(kept), rest, tuple(split(rest, flow, rng)))
