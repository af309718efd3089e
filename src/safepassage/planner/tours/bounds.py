"""Quick lower bounds on the makespan, each valid on its own.

Knows the length of the cheapest flow that may fall into loops (LB2 of Goerigk, Gruen and Hessler,
2013), the farthest load, and the vehicle that makes the most trips.
"""

from dataclasses import replace

import highspy
import numpy as np

from safepassage.planner.tours.linear import Answer, Program, run
from safepassage.planner.tours.problem import NEVER, Ticks, ToursProblem


def in_whole_loads(problem: ToursProblem) -> tuple[ToursProblem, ...]:
    """Return problems of whole loads whose bounds hold for this one; itself where it is one.

    Where people fill destinations in parts of a load, two relaxations are left: every load must
    leave, but destinations never fill; and only full loads must leave, to room rounded up.
    """
    if problem.whole_loads:
        return (problem,)
    pure = replace(problem, seats=1, people=(), places=())
    boundless = replace(pure, room=tuple(problem.total for _ in problem.room))
    full = tuple(n // problem.seats for n in problem.people)
    most = sum(full)
    room = tuple(most if n is None else min(most, -(-n // problem.seats)) for n in problem.places)
    return (boundless, replace(pure, loads=full, room=room))


def quick_bound(problem: ToursProblem) -> int:
    """Return the best of the quick bounds, in ticks; NEVER where some load can never arrive."""
    return max(
        max(reach(one), trips_of_one(one), mean_length(one)) for one in in_whole_loads(problem)
    )


def reach(problem: ToursProblem) -> int:
    """Return the earliest moment at which the farthest load can arrive."""
    farthest = 0
    first = earliest_starts(problem)
    for i, n in enumerate(problem.loads):
        if n > 0:
            arrival = int((first[i] + _open(problem)[i]).min(initial=NEVER))
            farthest = max(farthest, min(arrival, NEVER))
    return farthest


def _open(problem: ToursProblem) -> Ticks:
    """Return the times out, NEVER to destinations that take nothing."""
    room = np.array(problem.room) > 0
    return np.where(room[None, :], problem.out, NEVER)


def earliest_starts(problem: ToursProblem) -> Ticks:
    """Return the earliest moment at which any vehicle can leave each pickup with a load."""
    buses = np.array(problem.buses) > 0
    first = np.where(buses[:, None], problem.start, NEVER).min(axis=0, initial=NEVER)
    out = _open(problem)
    while True:
        gates = (first[:, None] + out).min(axis=0, initial=NEVER)
        again = np.minimum(first, (gates[:, None] + problem.back).min(axis=0, initial=NEVER))
        if np.array_equal(again, first):
            return np.asarray(np.minimum(first, NEVER))
        first = again


def trips_of_one(problem: ToursProblem) -> int:
    """Return the least time of ceil(loads / vehicles) trips of one vehicle, room left aside."""
    if problem.fleet == 0:
        return NEVER if problem.total else 0
    most = -(-problem.total // problem.fleet)
    if most == 0:
        return 0
    buses = np.array(problem.buses) > 0
    leave = np.where(buses[:, None], problem.start, NEVER).min(axis=0, initial=NEVER)
    out = _open(problem)
    gate = np.zeros(0, dtype=np.int64)
    for trip in range(most):
        gate = np.minimum((leave[:, None] + out).min(axis=0, initial=NEVER), NEVER)
        if trip < most - 1:
            leave = np.minimum((gate[:, None] + problem.back).min(axis=0, initial=NEVER), NEVER)
    return int(gate.min(initial=NEVER))


def mean_length(problem: ToursProblem) -> int:
    """Return the least total length of a flow that carries all, divided by the vehicles (LB2)."""
    if problem.fleet == 0:
        return NEVER if problem.total else 0
    _, answer = flow_of_least_length(problem)
    if answer.status == "infeasible":
        return NEVER
    if answer.status != "optimal":
        return 0
    # The corners of a network flow are whole; the sum is computed again in whole numbers.
    return -(-round(answer.value) // problem.fleet)


def flow_of_least_length(problem: ToursProblem) -> tuple[Program, Answer]:
    """Return the network flow behind LB2: columns are loaded, then empty, then starting arcs."""
    program = Program()
    pickups = [program.row(0, 0) for _ in problem.loads]
    gates = [program.row(0, highspy.kHighsInf) for _ in problem.room]
    demand = [program.row(n, highspy.kHighsInf) for n in problem.loads]
    room = [program.row(-highspy.kHighsInf, n) for n in problem.room]
    yards = [program.row(-highspy.kHighsInf, n) for n in problem.buses]
    for i in range(len(pickups)):
        for j in range(len(gates)):
            parts = [(pickups[i], -1.0), (gates[j], 1.0), (demand[i], 1.0), (room[j], 1.0)]
            most = highspy.kHighsInf if problem.out[i, j] < NEVER else 0.0
            program.column(_cost(problem.out[i, j]), parts, most=most, whole=False)
    for j in range(len(gates)):
        for i in range(len(pickups)):
            most = highspy.kHighsInf if problem.back[j, i] < NEVER else 0.0
            parts = [(gates[j], -1.0), (pickups[i], 1.0)]
            program.column(_cost(problem.back[j, i]), parts, most=most, whole=False)
    for y in range(len(yards)):
        for i in range(len(pickups)):
            most = highspy.kHighsInf if problem.start[y, i] < NEVER else 0.0
            parts = [(pickups[i], 1.0), (yards[y], 1.0)]
            program.column(_cost(problem.start[y, i]), parts, most=most, whole=False)
    return program, run(program, whole=False, limit=600.0)


def _cost(ticks: int) -> float:
    return float(ticks) if ticks < NEVER else 0.0
