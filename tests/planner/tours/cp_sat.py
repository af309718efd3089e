"""A second opinion on small instances: CP-SAT says whether all loads arrive by a horizon.

Reads a JSON list of questions from stdin and prints the list of answers. Shares no code with the
planner; variables count buses by the moment at which they start on a way.
"""

import itertools
import json
import sys
from collections import defaultdict

from ortools.sat.python import cp_model


def reaches(
    loads: list[int],
    room: list[int],
    buses: list[int],
    start: list[list[int]],
    between: list[list[int]],
    horizon: int,
) -> bool:
    model = cp_model.CpModel()
    pickups, gates = range(len(loads)), range(len(room))
    into: dict[tuple[str, int, int], list[cp_model.IntVar]] = defaultdict(list)
    out_of: dict[tuple[str, int, int], list[cp_model.IntVar]] = defaultdict(list)
    served: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    taken: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for number, times in zip(buses, start, strict=True):
        first = [model.new_int_var(0, number, "") for _ in pickups]
        model.add(sum(first) <= number)
        for i in pickups:
            into["pickup", i, times[i]].append(first[i])
    for t, i, j in itertools.product(range(horizon + 1), pickups, gates):
        arrive = t + between[i][j]
        if arrive > horizon:
            continue
        loaded, empty = (model.new_int_var(0, sum(buses), "") for _ in range(2))
        served[i].append(loaded)
        taken[j].append(loaded)
        out_of["pickup", i, t].append(loaded)
        into["gate", j, arrive].append(loaded)
        out_of["gate", j, t].append(empty)
        into["pickup", i, arrive].append(empty)
    for place, leaving in out_of.items():
        model.add(sum(leaving) <= sum(into[place]))
    for i in pickups:
        model.add(sum(served[i]) >= loads[i])
    for j in gates:
        model.add(sum(taken[j]) <= room[j])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
        raise RuntimeError(f"CP-SAT ended with {solver.status_name(status)}")
    return status != cp_model.INFEASIBLE


if __name__ == "__main__":
    print(json.dumps([reaches(**question) for question in json.load(sys.stdin)]))  # noqa: T201
