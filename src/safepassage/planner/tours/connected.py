"""The least length of all tours together, where no part of them is driven by nobody.

Knows the flow behind LB2 (`bounds.flow_of_least_length`) and what it lacks: its loads may lie in
loops that no vehicle passes. Any set of places that holds a load must be entered from outside at
least once (Dantzig, Fulkerson and Johnson, 1954); such sets are added as rows until none is missed.
One vehicle alone is solved by it, on any clock: its makespan is the length, and a whole flow
without loose loops is one tour.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from safepassage.planner.tours.linear import Answer, Program, run
from safepassage.planner.tours.problem import NEVER, Tour, ToursProblem, faults, span
from safepassage.planner.tours.rounding import Flow, split
from safepassage.planner.tours.timetable import people_by_pair

SCALE = 10**6
"""Prices of the certificate are whole numbers: so many are one tick of one load."""

FINE = 10**6
"""Parts of a vehicle in which fractional flows are counted when a set is sought."""

MOST_SETS = 3000
"""Sets after which the search gives up: no instance tried needed more than a hundred."""

Places = frozenset[int]
"""Pickups by number, and destinations by number beyond them."""


@dataclass(frozen=True)
class Lengths:
    """Whole prices under which no tours are shorter together than `refuted` + 1 ticks.

    A load pays the price of its pickup less that of its destination, who enters a set of places
    pays its toll; all prices are in `SCALE` parts of a tick. `people` and `places` are prices of
    one person, `loads` of a loaded trip and `room` of a load.
    """

    loads: tuple[int, ...]
    room: tuple[int, ...]
    people: tuple[int, ...]
    places: tuple[int, ...]
    sets: tuple[tuple[Places, int], ...]


@dataclass(frozen=True)
class Shortest:
    """The least length of all tours (a bound), the one tour that has it, and prices that show it.

    `tour` is None where several vehicles drive or time was over; `lengths` None where the linear
    program alone does not reach the bound.
    """

    bound: int
    tour: Tour | None
    lengths: Lengths | None


@dataclass
class _Model:
    """The program, its ways as (column, from, to), and the rows of its prices."""

    program: Program
    ways: list[tuple[int, int, int]]
    demand: list[int]
    room: list[int]
    everyone: list[int]
    limits: list[int]
    tolls: list[int]


def _model(problem: ToursProblem, sets: list[Places]) -> _Model:
    """Return the flow of least length; a vehicle comes from -1, destinations follow pickups."""
    program = Program()
    pickups, gates = len(problem.loads), len(problem.room)
    infinite = highspy.kHighsInf
    at = [program.row(0, 0) for _ in range(pickups)]
    to = [program.row(0, infinite) for _ in range(gates)]
    demand = [program.row(n, infinite) for n in problem.loads]
    yards = [program.row(-infinite, n) for n in problem.buses]
    tolls = [program.row(1, infinite) for _ in sets]
    room: list[int] = []
    seats: dict[tuple[int, int], int] = {}
    everyone: list[int] = []
    limits: list[int] = []
    if problem.whole_loads:
        room = [program.row(-infinite, n) for n in problem.room]
    else:
        everyone = [program.row(n, infinite) for n in problem.people]
        limits = [program.row(-infinite, infinite if n is None else n) for n in problem.places]
    ways: list[tuple[int, int, int]] = []

    def way(ticks: int, a: int, b: int, parts: list[tuple[int, float]]) -> None:
        if ticks >= NEVER:
            return
        entered = [(tolls[k], 1.0) for k, some in enumerate(sets) if b in some and a not in some]
        ways.append((program.column(float(ticks), [*parts, *entered]), a, b))

    counts = problem.room if problem.whole_loads else problem.places
    for i in range(pickups):
        for j in (one for one, n in enumerate(counts) if n is None or n > 0):
            parts = [(at[i], -1.0), (to[j], 1.0), (demand[i], 1.0)]
            if problem.whole_loads:
                parts.append((room[j], 1.0))
            elif problem.out[i, j] < NEVER:
                seats[i, j] = program.row(0, infinite)
                parts.append((seats[i, j], problem.seats))
            way(int(problem.out[i, j]), i, pickups + j, parts)
    for j in range(gates):
        for i in range(pickups):
            way(int(problem.back[j, i]), pickups + j, i, [(to[j], -1.0), (at[i], 1.0)])
    for y in range(len(yards)):
        for i in range(pickups):
            way(int(problem.start[y, i]), -1, i, [(at[i], 1.0), (yards[y], 1.0)])
    for (i, j), row in seats.items():
        program.column(0.0, [(row, -1.0), (everyone[i], 1.0), (limits[j], 1.0)], whole=False)
    return _Model(program, ways, demand, room, everyone, limits, tolls)


def _missed(problem: ToursProblem, model: _Model, x: NDArray[np.float64]) -> list[Places]:
    """Return sets with loads that less than one vehicle enters."""
    number = len(problem.loads) + len(problem.room)
    outside = number
    flow: dict[tuple[int, int], int] = {}
    for column, a, b in model.ways:
        if x[column] > 1e-9:
            key = (outside if a < 0 else a, b)
            flow[key] = flow.get(key, 0) + round(float(x[column]) * FINE)
    if not flow:
        return []
    rows, columns = zip(*flow, strict=True)
    network = csr_matrix(
        (list(flow.values()), (rows, columns)), shape=(number + 1, number + 1), dtype=np.int32
    )
    found: dict[Places, None] = {}
    for i, loads in enumerate(problem.loads):
        if loads <= 0:
            continue
        most = maximum_flow(network, outside, i)
        if most.flow_value >= FINE - FINE // 1000:
            continue
        for some in _either_side(network - most.flow, outside, i):
            found[some] = None
    return list(found)


def _either_side(left: csr_matrix, outside: int, pickup: int) -> Iterator[Places]:
    """Yield the widest and the narrowest of the sets that as little as possible enters."""
    left.data = (left.data > 0).astype(np.int32)
    left.eliminate_zeros()
    reached = breadth_first_order(left, outside, return_predecessors=False)
    yield frozenset(range(outside)) - frozenset(reached.tolist())
    before = breadth_first_order(left.T.tocsr(), pickup, return_predecessors=False)
    if outside not in before:
        yield frozenset(before.tolist())


def shortest(
    problem: ToursProblem, *, until: float, stop: Callable[[], bool] | None = None
) -> Shortest | None:
    """Return the least length of all tours together, None where time is over before it is known.

    With one vehicle the whole program is asked, too. Its answer counts when the solver gives the
    same least length twice, with presolve and without.
    """

    def over() -> bool:
        return time.monotonic() > until or (stop is not None and stop())

    sets: list[Places] = []
    while True:
        model = _model(problem, sets)
        answer = _run(model, until, whole=False)
        if answer.status != "optimal":
            return None
        new = [one for one in _missed(problem, model, answer.x) if one not in sets]
        if not new or over() or len(sets) > MOST_SETS:
            break
        sets += new
    prices = _whole_prices(model, answer, sets)
    bound = -(-least_length(problem, prices) // SCALE)
    if problem.fleet > 1:
        return Shortest(bound, None, prices)
    tour, least = _one_tour(problem, sets, until, over)
    if least > bound:
        return Shortest(least, tour, None)
    return Shortest(bound, tour, prices)


def _run(model: _Model, until: float, *, whole: bool, presolve: bool = True) -> Answer:
    limit = until - time.monotonic()
    return run(model.program, whole=whole, limit=limit, presolve=presolve)


def _one_tour(
    problem: ToursProblem, sets: list[Places], until: float, over: Callable[[], bool]
) -> tuple[Tour | None, int]:
    """Return the shortest tour of one vehicle, and a proved least length (0: none)."""
    proved = 0
    while not over():
        model = _model(problem, sets)
        answer = _run(model, until, whole=True)
        if answer.status != "optimal":
            return None, proved
        least = round(answer.value)
        new = [one for one in _missed(problem, model, np.rint(answer.x)) if one not in sets]
        if new:
            sets = [*sets, *new]
            continue
        again = _run(model, until, whole=True, presolve=False)
        if again.status == "optimal" and round(again.value) == least:
            proved = least
        yard = next(y for y, n in enumerate(problem.buses) if n > 0)
        flow = flow_from(problem, model.ways, answer.x, yard)
        tours = split(problem, flow, np.random.default_rng(0))
        if len(tours) == 1 and _carries(problem, tours[0]) and span(problem, tours[0]) == least:
            return tours[0], proved
        return None, proved
    return None, proved


def _carries(problem: ToursProblem, tour: Tour) -> bool:
    """Return whether a tour alone is a plan; where people share room it is counted by people."""
    if problem.whole_loads:
        return not faults(problem, [tour])
    return people_by_pair(problem, [tour]) is not None


def flow_from(
    problem: ToursProblem, ways: Iterable[tuple[int, int, int]], x: NDArray[np.float64], yard: int
) -> Flow:
    """Return the whole flow of vehicles of one yard that ways, (column, from, to), carry.

    From -1 is the yard; destinations are numbered after pickups.
    """
    pickups, gates = len(problem.loads), len(problem.room)
    flow = Flow(
        np.zeros((len(problem.buses), pickups)),
        np.zeros((pickups, gates)),
        np.zeros((gates, pickups)),
        np.zeros(gates),
    )
    for column, a, b in ways:
        number = round(float(x[column]))
        if a < 0:
            flow.starts[yard, b] += number
        elif a < pickups:
            flow.loaded[a, b - pickups] += number
        else:
            flow.empty[a - pickups, b] += number
    flow.ends = flow.loaded.sum(axis=0) - flow.empty.sum(axis=1)
    return flow


def _whole_prices(model: _Model, answer: Answer, sets: list[Places]) -> Lengths:
    """Return the duals in whole numbers: prices that are paid rounded down, charges up."""

    def paid(rows: list[int]) -> tuple[int, ...]:
        return tuple(max(0, int(np.floor(answer.duals[row] * SCALE + 1e-4))) for row in rows)

    def charged(rows: list[int]) -> tuple[int, ...]:
        return tuple(max(0, int(np.ceil(-answer.duals[row] * SCALE - 1e-4))) for row in rows)

    tolls = paid(model.tolls)
    return Lengths(
        paid(model.demand),
        charged(model.room),
        paid(model.everyone),
        charged(model.limits),
        tuple((some, toll) for some, toll in zip(sets, tolls, strict=True) if toll > 0),
    )


def least_length(problem: ToursProblem, prices: Lengths) -> int:
    """Return a length, in `SCALE` parts of a tick, that all tours together have, in whole numbers.

    What the loads pay and the sets demand is paid by somebody; of each vehicle the cheapest way is
    taken. Somebody drives where there is a load; others stay where they would add to the sum.
    """
    pickups, gates = len(problem.loads), len(problem.room)
    number = pickups + gates
    owed = sum(p * n for p, n in zip(prices.loads, problem.loads, strict=True))
    worth = np.repeat(np.array(prices.loads, dtype=object)[:, None], gates, axis=1)
    if problem.whole_loads:
        owed -= sum(p * n for p, n in zip(prices.room, problem.room, strict=True))
        worth = worth - np.array(prices.room, dtype=object)[None, :]
    else:
        owed += sum(p * n for p, n in zip(prices.people, problem.people, strict=True))
        owed -= sum(
            p * n for p, n in zip(prices.places, problem.places, strict=True) if n is not None
        )
        each = np.subtract.outer(
            np.array(prices.people, dtype=object), np.array(prices.places, dtype=object)
        )
        worth = worth + problem.seats * np.maximum(each, 0)
    owed += sum(toll for _, toll in prices.sets)
    far = NEVER * SCALE * (number + 1)
    ways = np.full((number, number), far, dtype=object)
    ways[:pickups, pickups:] = problem.out * SCALE - worth
    ways[pickups:, :pickups] = problem.back.astype(object) * SCALE
    ways[:pickups, pickups:][problem.out >= NEVER] = far
    ways[pickups:, :pickups][problem.back >= NEVER] = far
    first = np.where(problem.start < NEVER, problem.start.astype(object) * SCALE, far)
    for some, toll in prices.sets:
        inside = np.array([place in some for place in range(number)])
        ways[np.ix_(~inside, inside)] -= toll
        first[:, inside[:pickups]] -= toll
    total, most = owed, []
    for y, vehicles in enumerate(problem.buses):
        if vehicles <= 0:
            continue
        reached = np.full(number, far, dtype=object)
        reached[:pickups] = first[y]
        for _ in range(number + 1):
            again = np.minimum(reached, (reached[:, None] + ways).min(axis=0))
            if (again == reached).all():
                break
            reached = again
        else:
            # A round on which more is earned than driven: these prices say nothing.
            return 0
        cheapest = reached[pickups:].min()
        total += vehicles * min(0, cheapest)
        most.append(cheapest)
    if problem.total > 0 and most and min(most) > 0:
        total += min(most)
    return max(0, int(total))
