"""The exact choice of tours for a small fleet: every tour that a plan within a horizon could hold.

Knows the linear program of fewest vehicles at a horizon. Its prices leave each tour a loss; all
losses of a plan add up to at most the fleet less the fewest vehicles in fractions, so a tour that
loses more is in no plan. Near the bound few tours are left, and an integer program over them either
finds a plan or proves that there is none (Baldacci, Christofides and Mingozzi, 2008).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.columns import Master
from safepassage.planner.tours.linear import Program, run
from safepassage.planner.tours.pricing import Table
from safepassage.planner.tours.problem import Ticks, Tour, ToursProblem, makespan, span

Whole = NDArray[np.int64]
Marks = NDArray[np.uint64]

SCALE = 10**9
MOST_TOURS = 1_500_000
"""Tours that are listed at one horizon at most; more cannot be chosen from."""

MOST_FLEET = 40
MOST_LOADS = 200
"""Largest problem whose tours are chosen one by one."""

SHAKES = 60
SHAKE = 0.05
"""How often prices are shaken for more tours, and by how much (standard deviation)."""

QUICK_COLUMNS = 15_000
"""Columns from which an integer program may not answer in the time that proofs may take."""

MARKS = 20161215
"""Seed of the marks that tell sets of loads apart."""


@dataclass(frozen=True)
class Choice:
    """What one horizon answered: a plan, a proof that there is none, or neither."""

    tours: tuple[Tour, ...] | None
    refuted: bool
    listed: int


@numba.njit(cache=True, nogil=True)
def _list(
    horizon: int,
    least: int,
    gain: Whole,
    pays: Whole,
    start: Ticks,
    out: Ticks,
    back: Ticks,
    from_pickup: Whole,
    from_gate: Whole,
    marks: Marks,
    cover: Marks,
    row: Whole,
    slot: Whole,
) -> int:  # pragma: no cover - compiled
    """List what every tour that earns `least` or more could hold; -1 where there is more than fits.

    A row is (ticks left, worth, row before, yard, pickup, gate). Of tours of one yard that hold the
    same loads to the same places and end at the same gate the one with most time left stands for
    all: what it earns is the same, and whatever can follow another can follow it.
    """
    yards, pickups = start.shape
    gates = gain.shape[1]
    most = row.shape[0]
    mask = slot.size - 1
    count = 0
    begin, end = 0, 0
    first = True
    while first or begin < end:
        for label in range(-yards if first else begin, 0 if first else end):
            yard = label + yards if first else row[label, 3]
            before = -1 if first else label
            at = -1 if first else row[label, 5]
            left = horizon if first else row[label, 0]
            worth = pays[yard] if first else row[label, 1]
            held = marks[pickups + gates + yard] if first else cover[label]
            for i in range(pickups):
                rest = left - (start[yard, i] if first else back[at, i])
                if rest < 0 or worth + from_pickup[rest, i] < least:
                    continue
                for j in range(gates):
                    then = rest - out[i, j]
                    if then < 0:
                        continue
                    now = worth + gain[i, j]
                    if now + from_gate[then, j] < least:
                        continue
                    holds = held + marks[i] + marks[pickups + j]
                    key = holds ^ (marks[pickups + j] * np.uint64(0x9E3779B97F4A7C15))
                    place = np.int64(key & np.uint64(mask))
                    while slot[place] >= 0:
                        k = slot[place]
                        if cover[k] == holds and row[k, 5] == j:
                            break
                        place = (place + 1) & mask
                    k = slot[place]
                    if k < 0:
                        if count >= most:
                            return -1
                        k = count
                        count += 1
                        slot[place] = k
                        cover[k] = holds
                    elif row[k, 0] >= then:
                        continue
                    row[k, 0] = then
                    row[k, 1] = now
                    row[k, 2] = before
                    row[k, 3] = yard
                    row[k, 4] = i
                    row[k, 5] = j
        if first:
            first = False
            begin, end = 0, count
        else:
            begin, end = end, count
    return count


def choose(
    problem: ToursProblem,
    horizon: int,
    columns: Sequence[Tour],
    *,
    until: float,
    most: int = MOST_TOURS,
) -> tuple[Choice, tuple[Tour, ...]]:
    """Return a plan within a horizon or the proof that none is; and the columns made for it."""
    priced = _priced(problem, horizon, columns, until)
    if priced is None:
        return Choice(None, refuted=False, listed=0), tuple(columns)
    table, pays, least, master = priced
    made = tuple(master.tours)
    if least > SCALE:
        return Choice(None, refuted=True, listed=0), made
    listed = _listed(problem, horizon, table, pays, least, most)
    if listed is None or len(listed) > QUICK_COLUMNS:
        number = most if listed is None else len(listed)
        return Choice(None, refuted=False, listed=number), made
    tours, number = listed, len(listed)
    answer = _chosen(problem, tours, until, presolve=True)
    if answer is None:
        return Choice(None, refuted=False, listed=number), made
    if isinstance(answer, tuple):
        return Choice(answer, refuted=False, listed=number), made
    again = _chosen(problem, tours, until, presolve=False)
    return Choice(None, refuted=again is False, listed=number), made


def pick(
    problem: ToursProblem,
    horizon: int,
    columns: Sequence[Tour],
    rng: np.random.Generator,
    *,
    until: float,
) -> tuple[tuple[Tour, ...] | None, tuple[Tour, ...]]:
    """Return a plan chosen among tours within a horizon that lose little; and the columns.

    Prices that are shaken a little bring tours that lose little. Loads that no choice takes are put
    where their vehicle ends soonest: the plan may be later than the horizon. None is no proof.
    """
    now = time.monotonic()
    priced = _priced(problem, horizon, columns, until)
    if priced is None or priced[2] > SCALE:
        return None, tuple(columns)
    master = priced[3]
    pickups, gates = len(problem.loads), len(problem.room)
    duals = master.duals()
    pays = duals[pickups + gates :] - 1.0
    for _ in range(SHAKES):
        if time.monotonic() > now + 0.4 * (until - now):
            break
        shaken = duals[: pickups + gates] * (1 + SHAKE * rng.standard_normal(pickups + gates))
        worth = np.add.outer(shaken[:pickups], shaken[pickups:])
        table = Table(problem, np.rint(worth * 1e7).astype(np.int64), horizon)
        master.add(table.best_tours(horizon, pays, 1e7, -0.1))
    chosen = _most(problem, master.tours, until)
    return (None if chosen is None else inserted(problem, chosen)), tuple(master.tours)


def _most(problem: ToursProblem, tours: Sequence[Tour], until: float) -> list[Tour] | None:
    """Return tours that leave as few loads behind as were found in time; None where none were."""
    program = Program()
    at = [program.row(float(n), np.inf) for n in problem.loads]
    to = [program.row(-np.inf, float(n)) for n in problem.room]
    yard = [program.row(-np.inf, float(n)) for n in problem.buses]
    for row, n in zip(at, problem.loads, strict=True):
        program.column(1.0, [(row, 1.0)], most=float(n), whole=False)
    for tour in tours:
        program.column(0.0, list(_parts(tour, at, to, yard).items()))
    answer = run(program, whole=True, limit=until - time.monotonic())
    if answer.status not in ("optimal", "feasible"):
        return None
    times = np.rint(answer.x[len(at) :]).astype(np.int64)
    return [tour for tour, number in zip(tours, times, strict=True) for _ in range(int(number))]


def inserted(problem: ToursProblem, tours: Sequence[Tour]) -> tuple[Tour, ...] | None:
    """Return tours with each load that they leave behind put where its vehicle ends soonest."""
    found = list(tours)
    left, room, buses = list(problem.loads), list(problem.room), list(problem.buses)
    for one in found:
        buses[one.yard] -= 1
        for i, j in one.trips:
            left[i] -= 1
            room[j] -= 1
    found += [Tour(yard, ()) for yard, n in enumerate(buses) for _ in range(n)]
    for i in [i for i, n in enumerate(left) for _ in range(n)]:
        options = [
            (span(problem, longer), number, j, longer)
            for number, one in enumerate(found)
            for j, free in enumerate(room)
            if free > 0
            for at in range(len(one.trips) + 1)
            for longer in (Tour(one.yard, (*one.trips[:at], (i, j), *one.trips[at:])),)
        ]
        if not options:
            return None
        _, number, j, longer = min(options)
        found[number] = longer
        room[j] -= 1
    return tuple(one for one in found if one.trips)


def _parts(tour: Tour, at: list[int], to: list[int], yard: list[int]) -> dict[int, float]:
    """Return the entries of a tour's column by row."""
    parts: dict[int, float] = {yard[tour.yard]: 1.0}
    for i, j in tour.trips:
        parts[at[i]] = parts.get(at[i], 0.0) + 1.0
        parts[to[j]] = parts.get(to[j], 0.0) + 1.0
    return parts


def _priced(
    problem: ToursProblem, horizon: int, columns: Sequence[Tour], until: float
) -> tuple[Table, Whole, int, Master] | None:
    """Return the prices of fewest vehicles in whole numbers, and what a tour must earn."""
    master = Master(problem)
    pickups, gates = len(problem.loads), len(problem.room)
    for i in range(pickups):
        master.solver.changeColCost(i, float(problem.fleet + 1))
    priced = 0

    def add(tours: Sequence[Tour]) -> bool:
        nonlocal priced
        added = master.add(tours)
        for k in range(priced, len(master.tours)):
            master.solver.changeColCost(pickups + k, 1.0)
        priced = len(master.tours)
        return added > 0

    add([one for one in columns if span(problem, one) <= horizon])
    while True:
        if time.monotonic() > until or not master.solve():
            return None
        duals = master.duals()
        worth = np.add.outer(duals[:pickups], duals[pickups : pickups + gates])
        table = Table(problem, np.rint(worth * 1e7).astype(np.int64), horizon)
        if not add(table.best_tours(horizon, duals[pickups + gates :] - 1.0, 1e7, 1e-6)):
            break
    # Whole prices: pickups earn nothing below 0, room and yards cost nothing below 0.
    at = np.maximum(np.floor(duals[:pickups] * SCALE), 0).astype(np.int64)
    to = np.minimum(np.floor(duals[pickups : pickups + gates] * SCALE), 0).astype(np.int64)
    pays = np.minimum(np.floor(duals[pickups + gates :] * SCALE), 0).astype(np.int64)
    table = Table(problem, np.add.outer(at, to), horizon)
    best = int((table.best(horizon) + pays).max(initial=0))
    fewest = sum(int(a) * n for a, n in zip(at, problem.loads, strict=True))
    # Room for everybody is no row of the program: its price is 0 there.
    fewest += sum(int(p) * n for p, n in zip(to, problem.room, strict=True) if n < problem.total)
    fewest += sum(int(p) * n for p, n in zip(pays, problem.buses, strict=True))
    beyond = max(0, best - SCALE)
    loss = problem.fleet * SCALE - fewest + (problem.fleet - 1) * beyond
    if loss < 0:
        return table, pays, SCALE + 1, master
    return table, pays, max(1, SCALE - loss), master


def _listed(
    problem: ToursProblem, horizon: int, table: Table, pays: Whole, least: int, most: int
) -> list[Tour] | None:
    """Return a tour for each set of loads that a plan could give to a vehicle; None if too many."""
    places = len(problem.loads) + len(problem.room) + len(problem.buses)
    # Sums of random marks tell sets of loads apart; equal sums of unequal sets would lose a tour.
    marks = np.random.default_rng(MARKS).integers(
        1, 1 << 63, size=places, dtype=np.uint64, endpoint=True
    )
    cover = np.zeros(most, dtype=np.uint64)
    row = np.zeros((most, 6), dtype=np.int64)
    slot = np.full(1 << (2 * most - 1).bit_length(), -1, dtype=np.int64)
    number = _list(
        horizon,
        least,
        table.gain,
        pays,
        problem.start,
        problem.out,
        problem.back,
        table.from_pickup,
        table.from_gate,
        marks,
        cover,
        row,
        slot,
    )
    if number < 0:
        return None
    enough = np.flatnonzero(row[:number, 1] >= least)
    _, one_each = np.unique(cover[enough], return_index=True)
    return [_tour(row, int(k)) for k in enough[one_each]]


def _tour(row: Whole, k: int) -> Tour:
    yard = int(row[k, 3])
    trips = []
    while k >= 0:
        trips.append((int(row[k, 4]), int(row[k, 5])))
        k = int(row[k, 2])
    return Tour(yard, tuple(reversed(trips)))


def _chosen(
    problem: ToursProblem, tours: Sequence[Tour], until: float, *, presolve: bool
) -> tuple[Tour, ...] | bool | None:
    """Return a plan of some of the tours, False where there is none, None where unknown."""
    program = Program()
    at = [program.row(float(n), np.inf) for n in problem.loads]
    to = [program.row(-np.inf, float(n)) for n in problem.room]
    yard = [program.row(-np.inf, float(n)) for n in problem.buses]
    for tour in tours:
        program.column(0.0, list(_parts(tour, at, to, yard).items()))
    answer = run(program, whole=True, limit=until - time.monotonic(), presolve=presolve, first=True)
    if answer.status == "infeasible":
        return False
    if answer.status == "unknown":
        return None
    times = np.rint(answer.x).astype(np.int64)
    return tuple(
        tour for tour, number in zip(tours, times, strict=True) for _ in range(int(number))
    )


def raise_bound(
    problem: ToursProblem,
    bound: int,
    best: Sequence[Tour],
    value: int,
    columns: Sequence[Tour],
    *,
    until: float,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Tour], int, int]:
    """Return (tours, their makespan, a proved bound).

    Horizons are asked from the bound upward: one without a plan raises the bound. The step doubles
    while they are refuted, and is quartered where too many tours are left to choose from.
    """
    found = list(best)
    pool: tuple[Tour, ...] = tuple(columns)

    def over(moment: float) -> bool:
        return time.monotonic() > moment or (stop is not None and stop())

    step = max(1, bound // 2000)
    while bound < value and not over(until):
        horizon = min(bound + step - 1, value - 1)
        choice, pool = choose(problem, horizon, pool, until=until)
        if choice.tours is not None:
            found, value = list(choice.tours), makespan(problem, choice.tours)
            if progress is not None:
                progress(value)
        elif choice.refuted:
            bound = horizon + 1
            step *= 2
        elif step > 1:
            step = max(1, step // 4)
        else:
            break
    return found, value, bound


def is_few(problem: ToursProblem) -> bool:
    """Return whether tours may be few and short enough to be listed near the bound."""
    return problem.seats == 1 and problem.fleet <= MOST_FLEET and problem.total <= MOST_LOADS
