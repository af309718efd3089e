"""A plan within a horizon for very few vehicles: each has a whole flow of its own, on any clock.

Knows the program of loaded and empty ways by vehicle, in which a vehicle's loops may hang in the
air, and the rows that join them as they are met: who leaves a pickup enters each set of places
around it. The clock adds nothing to its size, vehicles do: for one to three it is the quickest.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.connected import Places, flow_from
from safepassage.planner.tours.linear import Program, Status, run
from safepassage.planner.tours.problem import Tour, ToursProblem, faults, makespan
from safepassage.planner.tours.rounding import split

MOST_VEHICLES = 3
"""Largest fleet that is solved vehicle by vehicle."""

MOST_WAYS = 12_000
"""Ways of all vehicles, there and back, beyond which the program is not built."""

Cut = tuple[Places, int]
"""A set of places and a pickup in it: who leaves the pickup with a load enters the set."""


@dataclass(frozen=True)
class Apart:
    """What was found: tours and their makespan (None: none), and a proved bound on it."""

    tours: tuple[Tour, ...] | None
    value: int | None
    bound: int


@dataclass(frozen=True)
class _Answer:
    """A plan within a horizon, or the status in which the search for one ended."""

    status: Status
    tours: tuple[Tour, ...] | None


def can_search_apart(problem: ToursProblem) -> bool:
    """Return whether the vehicles are few enough to be planned each with its own flow."""
    ways = 2 * problem.fleet * len(problem.loads) * len(problem.room)
    return problem.fleet <= MOST_VEHICLES and ways <= MOST_WAYS and problem.whole_loads


def search_apart(
    problem: ToursProblem,
    bound: int,
    value: int,
    *,
    until: float,
    stop: Callable[[], bool] | None = None,
) -> Apart:
    """Refute or solve horizons from a bound up to one below the value of the plan in hand.

    A horizon counts as refuted when the solver says so twice, with presolve and without. The step
    doubles while horizons are refuted, and is quartered where one is not answered.
    """
    found: tuple[Tour, ...] | None = None
    cuts: list[Cut] = []
    step = max(1, bound // 2000)
    while bound < value and time.monotonic() < until and not (stop is not None and stop()):
        horizon = min(bound + step - 1, value - 1)
        now = time.monotonic()
        slice_end = until if step == 1 else now + 0.3 * (until - now)
        answer = _within(problem, horizon, cuts, slice_end, presolve=True)
        if answer.status == "infeasible":
            answer = _within(problem, horizon, cuts, until, presolve=False)
        if answer.tours is not None:
            found, value = answer.tours, makespan(problem, answer.tours)
        elif answer.status == "infeasible":
            bound = horizon + 1
            step *= 2
        elif step > 1:
            step = max(1, step // 4)
        else:
            break
    return Apart(found, value if found is not None else None, bound)


def _within(
    problem: ToursProblem, horizon: int, cuts: list[Cut], until: float, *, presolve: bool
) -> _Answer:
    """Return tours within a horizon, or that there are none; cuts that were met are added."""
    while True:
        program, ways = _model(problem, horizon, cuts)
        left = until - time.monotonic()
        if left <= 0:
            return _Answer("unknown", None)
        answer = run(program, whole=True, limit=left, presolve=presolve, first=True)
        if answer.status not in ("optimal", "feasible"):
            return _Answer(answer.status, None)
        new = [cut for mine in ways for cut in _loose(problem, mine, answer.x) if cut not in cuts]
        if new:
            cuts += dict.fromkeys(new)
            continue
        tours = _tours(problem, ways, answer.x)
        if faults(problem, tours) or makespan(problem, tours) > horizon:
            return _Answer("unknown", None)
        return _Answer("feasible", tuple(tours))


_Ways = list[tuple[int, int, int]]
"""Of one vehicle: (column, from, to), -1 the yard, destinations numbered after pickups."""


def _model(problem: ToursProblem, horizon: int, cuts: Sequence[Cut]) -> tuple[Program, list[_Ways]]:
    """Return the flows of all vehicles, each no longer than the horizon."""
    program = Program()
    pickups, gates = len(problem.loads), len(problem.room)
    infinite = highspy.kHighsInf
    demand = [program.row(n, infinite) for n in problem.loads]
    room = [program.row(-infinite, n) for n in problem.room]
    # Whoever leaves a pickup so often has no time, or finds no room, for one trip more.
    round_trip = problem.out.min(axis=1) + problem.back.min(axis=0)
    often = np.minimum(sum(problem.room), horizon // np.maximum(round_trip, 1) + 1)
    found: list[_Ways] = []
    for yard in (y for y, n in enumerate(problem.buses) for _ in range(n)):
        at = [program.row(0, 0) for _ in range(pickups)]
        to = [program.row(0, infinite) for _ in range(gates)]
        once = program.row(-infinite, 1)
        long = program.row(-infinite, horizon)
        joined = [program.row(0, infinite) for _ in cuts]
        ways: _Ways = []

        def way(ticks: int, a: int, b: int, parts: list[tuple[int, float]]) -> None:
            if ticks > horizon:
                return
            parts = [*parts, (long, float(ticks))]  # noqa: B023 - called within the loop only
            for row, (some, pickup) in zip(joined, cuts, strict=True):  # noqa: B023 - as above
                enters = float(often[pickup]) if b in some and a not in some else 0.0
                enters -= a == pickup
                if enters:
                    parts.append((row, enters))
            ways.append((program.column(float(ticks), parts), a, b))  # noqa: B023 - as above

        for i in range(pickups):
            for j in (one for one, n in enumerate(problem.room) if n > 0):
                parts = [(at[i], -1.0), (to[j], 1.0), (demand[i], 1.0), (room[j], 1.0)]
                way(int(problem.out[i, j]), i, pickups + j, parts)
        for j in range(gates):
            for i in range(pickups):
                way(int(problem.back[j, i]), pickups + j, i, [(to[j], -1.0), (at[i], 1.0)])
        for i in range(pickups):
            way(int(problem.start[yard, i]), -1, i, [(at[i], 1.0), (once, 1.0)])
        found.append(ways)
    return program, found


def _loose(problem: ToursProblem, ways: _Ways, x: NDArray[np.float64]) -> list[Cut]:
    """Return the cuts that a vehicle's flow breaks: parts of it that are not reached."""
    after: dict[int, set[int]] = defaultdict(set)
    beside: dict[int, set[int]] = defaultdict(set)
    for column, a, b in ways:
        if x[column] > 0.5:
            after[a].add(b)
            beside[a].add(b)
            beside[b].add(a)
    left = set(beside) - _reached(after, -1)
    cuts: list[Cut] = []
    while left:
        part = _reached(beside, min(left))
        left -= part
        some = frozenset(part)
        cuts += [(some, i) for i in sorted(part) if i < len(problem.loads)]
    return cuts


def _reached(after: dict[int, set[int]], first: int) -> set[int]:
    found, to_do = {first}, [first]
    while to_do:
        new = after[to_do.pop()] - found
        found |= new
        to_do += new
    return found


def _tours(problem: ToursProblem, ways: list[_Ways], x: NDArray[np.float64]) -> list[Tour]:
    """Return the tours of flows without loose parts, each split on its own."""
    tours: list[Tour] = []
    yards = [y for y, n in enumerate(problem.buses) for _ in range(n)]
    for yard, mine in zip(yards, ways, strict=True):
        tours += split(problem, flow_from(problem, mine, x, yard), np.random.default_rng(0))
    return tours
