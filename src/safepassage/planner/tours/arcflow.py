"""The exact model for small clocks: vehicles as a flow through places and moments.

Knows that the makespan is at most T exactly when a whole flow exists in which every node is
reached from a yard and a load is on its way to a gate by T. There is no vehicle index, hence no
symmetry; time stamps exclude loops that no vehicle passes (Deghdak, T'Kindt and Bouquard, 2015).
"""

from collections import defaultdict
from dataclasses import dataclass

import highspy
import numpy as np

from safepassage.planner.tours.linear import Answer, Program, run
from safepassage.planner.tours.problem import NEVER, Tour, ToursProblem

Node = tuple[int, int]


@dataclass(frozen=True)
class ArcFlow:
    """The program for one horizon and what its columns mean."""

    program: Program
    left: tuple[int, ...]
    """The columns that count who is left behind."""
    starts: tuple[tuple[int, int, int], ...]
    loaded: tuple[tuple[int, int, int], ...]
    empty: tuple[tuple[int, int, int], ...]
    """(column, yard, node), then (column, from-node, to-node), as indices into the nodes below."""
    at_pickup: tuple[Node, ...]
    at_gate: tuple[Node, ...]


def size(problem: ToursProblem, horizon: int) -> int:
    """Return about how many columns the model of a horizon has."""
    return 2 * len(problem.loads) * len(problem.room) * max(horizon, 0)


def build(problem: ToursProblem, horizon: int) -> ArcFlow:
    """Return the model whose least value is the loads that cannot arrive by the horizon."""
    program = Program()
    # A pickup without loads may still be a short cut: a trip with nobody on board is legal there.
    wanted = list(range(len(problem.loads)))
    pickup_row, gate_row = _nodes(problem, horizon, program, wanted)
    demand = {i: program.row(problem.loads[i], highspy.kHighsInf) for i in wanted}
    yard = [program.row(-highspy.kHighsInf, n) for n in problem.buses]
    carried, people_left = _people_rows(problem, program, wanted)
    left = [
        program.column(1.0, [(demand[i], 1.0)], most=problem.loads[i], whole=False) for i in wanted
    ]
    left += people_left
    pickup_number = {node: n for n, node in enumerate(pickup_row)}
    gate_number = {node: n for n, node in enumerate(gate_row)}
    starts, loaded, empty = [], [], []
    for y in range(len(problem.buses)):
        for i in wanted:
            node = (i, int(problem.start[y, i]))
            if node in pickup_row:
                parts = [(pickup_row[node], 1.0), (yard[y], 1.0)]
                starts.append((program.column(0.0, parts), y, pickup_number[node]))
    for node, row in pickup_row.items():
        i, t = node
        for j in range(len(problem.room)):
            gate = (j, t + int(problem.out[i, j]))
            if gate in gate_row:
                parts = [(row, -1.0), (gate_row[gate], 1.0), (demand[i], 1.0)]
                parts.append((carried[i, j], 1.0 if problem.whole_loads else problem.seats))
                column = program.column(0.0, parts)
                loaded.append((column, pickup_number[node], gate_number[gate]))
    for gate, row in gate_row.items():
        j, t = gate
        for i in wanted:
            node = (i, t + int(problem.back[j, i]))
            if node in pickup_row:
                column = program.column(0.0, [(row, -1.0), (pickup_row[node], 1.0)])
                empty.append((column, gate_number[gate], pickup_number[node]))
    return ArcFlow(
        program,
        tuple(left),
        tuple(starts),
        tuple(loaded),
        tuple(empty),
        tuple(pickup_row),
        tuple(gate_row),
    )


def _nodes(
    problem: ToursProblem, horizon: int, program: Program, wanted: list[int]
) -> tuple[dict[Node, int], dict[Node, int]]:
    """Add a row for every (place, moment) that a vehicle can reach and leave in time."""
    due = np.minimum(problem.out.min(axis=1, initial=NEVER), NEVER)
    counts = problem.room if problem.whole_loads else problem.places
    takes_any = [n is None or n > 0 for n in counts]
    pickup: dict[Node, int] = {}
    gate: dict[Node, int] = {}
    to_do = [
        (i, int(problem.start[y, i]))
        for y, n in enumerate(problem.buses)
        if n > 0
        for i in wanted
        if problem.start[y, i] + due[i] <= horizon
    ]
    while to_do:
        node = to_do.pop()
        if node in pickup:
            continue
        pickup[node] = program.row(0.0, 0.0)
        i, t = node
        for j, takes in enumerate(takes_any):
            arrival = (j, t + int(problem.out[i, j]))
            if not takes or arrival[1] > horizon or arrival in gate:
                continue
            # Vehicles may stay at a gate: as many leave it as have come, or fewer.
            gate[arrival] = program.row(0.0, highspy.kHighsInf)
            to_do += [
                (k, arrival[1] + int(problem.back[j, k]))
                for k in wanted
                if arrival[1] + problem.back[j, k] + due[k] <= horizon
            ]
    return pickup, gate


def _people_rows(
    problem: ToursProblem, program: Program, wanted: list[int]
) -> tuple[dict[tuple[int, int], int], list[int]]:
    """Add the rows that limit what arrives.

    Returns which row a loaded trip from i to j counts in, and the columns of people left behind.
    """
    if problem.whole_loads:
        room = [program.row(-highspy.kHighsInf, places) for places in problem.room]
        return {(i, j): room[j] for i in wanted for j in range(len(room))}, []
    seats = {
        (i, j): program.row(0.0, highspy.kHighsInf)
        for i in wanted
        for j in range(len(problem.room))
    }
    everyone = {i: program.row(problem.people[i], highspy.kHighsInf) for i in wanted}
    for j, places in enumerate(problem.places):
        limit = program.row(-highspy.kHighsInf, highspy.kHighsInf if places is None else places)
        for i in wanted:
            parts = [(seats[i, j], -1.0), (everyone[i], 1.0), (limit, 1.0)]
            program.column(0.0, parts, whole=False)
    return seats, [
        program.column(1.0, [(everyone[i], 1.0)], most=problem.people[i], whole=False)
        for i in wanted
    ]


def relaxation(problem: ToursProblem, horizon: int, *, limit: float) -> Answer:
    """Return the linear relaxation: a value above 0 with status optimal refutes the horizon."""
    return run(build(problem, horizon).program, whole=False, limit=limit, presolve=False)


def tours_within(
    problem: ToursProblem, horizon: int, *, limit: float, presolve: bool = True
) -> tuple[Answer, list[Tour]]:
    """Return the answer of the exact model, and tours within the horizon where there are any.

    Nobody may be left behind here; among the tours that do it, short ones are asked for, because
    that leads the solver to a whole answer sooner. Its first one is taken.
    """
    model = build(problem, horizon)
    program = model.program
    for column in model.left:
        program.most[column] = 0.0
    for column, gate, node in model.empty:
        j, i = model.at_gate[gate][0], model.at_pickup[node][0]
        program.cost[column] = float(problem.back[j, i])
    for column, node, gate in model.loaded:
        i, j = model.at_pickup[node][0], model.at_gate[gate][0]
        program.cost[column] = float(problem.out[i, j])
    answer = run(program, whole=True, limit=limit, presolve=presolve, first=True)
    if answer.status not in ("optimal", "feasible"):
        return answer, []
    return answer, decode(model, answer)


def decode(model: ArcFlow, answer: Answer) -> list[Tour]:
    """Return the tours of a whole flow: from each start, follow what is left of the flow."""
    count = np.rint(answer.x).astype(int)
    from_pickup: dict[int, list[int]] = defaultdict(list)
    from_gate: dict[int, list[int]] = defaultdict(list)
    for column, node, gate in model.loaded:
        from_pickup[node] += [gate] * count[column]
    for column, gate, node in model.empty:
        from_gate[gate] += [node] * count[column]
    tours: list[Tour] = []
    for column, yard, first in model.starts:
        for _ in range(count[column]):
            node, trips = first, []
            while True:
                gate = from_pickup[node].pop()
                trips.append((model.at_pickup[node][0], model.at_gate[gate][0]))
                if not from_gate[gate]:
                    break
                node = from_gate[gate].pop()
            tours.append(Tour(yard, tuple(trips)))
    return tours
