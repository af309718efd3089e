"""The bound of large fleets: column generation over tours, and the prices that certify it.

Knows the linear program whose rows are the pickups, destinations and yards, and whose columns are
tours within a horizon; it leaves out loads at a cost of 1 each. Its size depends neither on the
fleet nor on the clock. A horizon is too short as soon as the exact certificate says so.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.certificate import (
    SCALE,
    Certificate,
    earned,
    longest_refuted,
    owed,
)
from safepassage.planner.tours.pricing import Table
from safepassage.planner.tours.problem import NEVER, Tour, ToursProblem, span


class Master:
    """The restricted linear program; columns are added, never taken away."""

    def __init__(self, problem: ToursProblem) -> None:
        self.problem = problem
        self.tours: list[Tour] = []
        self.spans: list[int] = []
        self._known: set[Tour] = set()
        self._first = len(problem.loads)
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)  # noqa: FBT003
        self.solver.setOptionValue("threads", 1)
        infinite = highspy.kHighsInf
        nothing = np.zeros(0)
        for n in problem.loads:
            self.solver.addRow(float(n), infinite, 0, nothing.astype(np.int32), nothing)
        # Room for everybody is no limit: without one its price is 0, as a checker expects.
        room = [infinite if n >= problem.total else float(n) for n in problem.room]
        for most in (*room, *map(float, problem.buses)):
            self.solver.addRow(-infinite, most, 0, nothing.astype(np.int32), nothing)
        for i, n in enumerate(problem.loads):
            self.solver.addCol(1.0, 0.0, float(n), 1, np.array([i], dtype=np.int32), np.ones(1))

    def add(self, tours: Sequence[Tour]) -> int:
        """Add the tours that are not yet columns; return how many."""
        new = [one for one in dict.fromkeys(tours) if one.trips and one not in self._known]
        if not new:
            return 0
        starts, rows, values = [0], [], []
        pickups, gates = len(self.problem.loads), len(self.problem.room)
        for tour in new:
            column = np.zeros(pickups + gates + len(self.problem.buses))
            for i, j in tour.trips:
                column[i] += 1
                column[pickups + j] += 1
            column[pickups + gates + tour.yard] = 1
            used = np.flatnonzero(column)
            rows.append(used)
            values.append(column[used])
            starts.append(starts[-1] + used.size)
            self._known.add(tour)
            self.tours.append(tour)
            self.spans.append(span(self.problem, tour))
        number = len(new)
        self.solver.addCols(
            number,
            np.zeros(number),
            np.zeros(number),
            np.full(number, highspy.kHighsInf),
            starts[-1],
            np.array(starts[:-1], dtype=np.int32),
            np.concatenate(rows).astype(np.int32),
            np.concatenate(values),
        )
        return number

    def solve(self) -> bool:
        """Solve; return whether the solver states an optimum."""
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @property
    def left_behind(self) -> float:
        """Loads left behind by the last solution."""
        return float(self.solver.getInfo().objective_function_value)

    @property
    def uncovered(self) -> float:
        """Loads that no tour of the last solution takes, whatever the costs are."""
        return float(np.sum(np.array(self.solver.getSolution().col_value)[: self._first]))

    def duals(self) -> NDArray[np.float64]:
        """Return the duals of all rows: pickups, destinations, yards."""
        return np.array(self.solver.getSolution().row_dual)

    def prices(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the prices of pickups and of room of the last solution, none below 0."""
        duals = self.duals()
        pickups, gates = len(self.problem.loads), len(self.problem.room)
        return np.clip(duals[:pickups], 0, None), np.clip(
            -duals[pickups : pickups + gates], 0, None
        )

    def weights(self) -> NDArray[np.float64]:
        """Return how much of each tour the last solution takes."""
        return np.array(self.solver.getSolution().col_value)[self._first :]


@dataclass
class Bound:
    """The best bound so far (ticks), its certificate, and whether column generation ended."""

    value: int
    certificate: Certificate | None
    exact: bool
    pricings: int
    master: Master


def bound_by_columns(
    problem: ToursProblem,
    at_least: int,
    start: Sequence[Tour],
    *,
    until: float,
    at_most: int = NEVER,
    stop: Callable[[], bool] | None = None,
) -> Bound:
    """Return a proved bound on the makespan, searched from `at_least` upward.

    Each set of prices refutes every horizon up to some length, found by bisection in one table;
    the search goes on just above. It ends when the linear program brings everybody out at the next
    horizon, at `at_most`, or at `until` (seconds of `time.monotonic`).
    """
    master = Master(problem)
    bound = Bound(at_least, None, exact=False, pricings=0, master=master)
    master.add([_cut(problem, one, at_least) for one in start])
    centre: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    best = -(1 << 62)
    while bound.value < at_most:
        if time.monotonic() > until or (stop is not None and stop()) or not master.solve():
            return bound
        if master.left_behind < 1e-7:
            bound.exact = True
            return bound
        prices = master.prices()
        smooth = prices if centre is None else _between(centre, prices, 0.5)
        priced = _price(master, bound.value, smooth)
        bound.pricings += 1
        if priced.certificate is None and not priced.tours and centre is not None:
            # Smoothed prices bring no tour: ask the true ones before giving up.
            smooth = prices
            priced = _price(master, bound.value, smooth)
            bound.pricings += 1
        if priced.value > best or centre is None:
            centre, best = smooth, priced.value
        master.add(priced.tours)
        if priced.certificate is not None:
            bound.certificate = priced.certificate
            bound.value = priced.certificate.refuted + 1
            master.add([_cut(problem, one, bound.value) for one in start])
            centre, best = None, -(1 << 62)
        elif not priced.tours:
            bound.exact = True
            return bound
    return bound


FINE = 6000
"""Ticks from which a bound is first sought on a coarser clock."""

MOST_START = 1500
"""Columns of the coarse clock that the exact one starts with."""


def bound_in_steps(
    problem: ToursProblem,
    at_least: int,
    start: Sequence[Tour],
    *,
    until: float,
    at_most: int = NEVER,
    stop: Callable[[], bool] | None = None,
) -> Bound:
    """Return a proved bound as `bound_by_columns` does, by way of a coarser clock where that pays.

    With all times rounded down a tour is no longer than it was, so what is too short for the coarse
    clock is too short. Its prices are then tried on the exact clock, in whole numbers.
    """
    step = at_least // (FINE // 2)
    if at_least < FINE or (problem.out // max(step, 1)).min() == 0:
        return bound_by_columns(problem, at_least, start, until=until, at_most=at_most, stop=stop)
    coarse = replace(
        problem, start=problem.start // step, out=problem.out // step, back=problem.back // step
    )
    now = time.monotonic()
    found = bound_by_columns(
        coarse, at_least // step, start, until=now + 0.6 * (until - now), stop=stop
    )
    certificate = None
    if found.certificate is not None:
        prices = found.certificate.pickup_prices, found.certificate.room_prices
        longest = (found.certificate.refuted + 1) * step
        gain = np.subtract.outer(
            np.array(prices[0], dtype=np.int64), np.array(prices[1], dtype=np.int64)
        )
        table = Table(problem, gain, longest + longest // 64 + 4)
        refuted = longest_refuted(problem, table, *prices, at_least)
        if refuted >= at_least:
            certificate, at_least = Certificate(refuted, *prices), refuted + 1
    more = [*start, *found.master.tours[-MOST_START:]]
    exact = bound_by_columns(problem, at_least, more, until=until, at_most=at_most, stop=stop)
    if exact.certificate is None:
        exact.certificate = certificate
    exact.pricings += found.pricings
    return exact


def _between(
    centre: tuple[NDArray[np.float64], NDArray[np.float64]],
    prices: tuple[NDArray[np.float64], NDArray[np.float64]],
    share: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return prices between the best known and the newest: they swing less (Wentges, 1997)."""
    return (
        share * centre[0] + (1 - share) * prices[0],
        share * centre[1] + (1 - share) * prices[1],
    )


def _cut(problem: ToursProblem, tour: Tour, horizon: int) -> Tour:
    """Return the part of a tour that ends within a horizon."""
    trips = list(tour.trips)
    while trips and span(problem, Tour(tour.yard, tuple(trips))) > horizon:
        trips.pop()
    return Tour(tour.yard, tuple(trips))


@dataclass(frozen=True)
class _Priced:
    """What one pricing found: the Lagrangian value, a refuted horizon if any, and new tours."""

    value: int
    certificate: Certificate | None
    tours: list[Tour]


def _price(
    master: Master, horizon: int, prices: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> _Priced:
    problem = master.problem
    pickups = np.floor(prices[0] * SCALE).astype(np.int64)
    room = np.floor(prices[1] * SCALE).astype(np.int64)
    whole = tuple(int(p) for p in pickups), tuple(int(p) for p in room)
    longest = horizon + horizon // 64 + 4
    table = Table(problem, np.subtract.outer(pickups, room), longest)
    value = owed(problem, *whole) - earned(problem, table, horizon)
    if value > 0:
        refuted = longest_refuted(problem, table, *whole, horizon)
        tours = _tours(master, table, min(refuted + 1, longest))
        return _Priced(value, Certificate(refuted, *whole), tours)
    return _Priced(value, None, _tours(master, table, horizon))


def _tours(master: Master, table: Table, horizon: int) -> list[Tour]:
    """Return the best tours under the prices of the table that the master itself would take."""
    problem = master.problem
    duals = master.duals()
    pickups, gates = len(problem.loads), len(problem.room)
    worth = np.add.outer(duals[:pickups], duals[pickups : pickups + gates])
    pays = duals[pickups + gates :]
    return [
        tour
        for tour in table.best_tours(horizon, pays, SCALE, -0.5)
        if sum(float(worth[i, j]) for i, j in tour.trips) + float(pays[tour.yard]) > 1e-7
    ]
