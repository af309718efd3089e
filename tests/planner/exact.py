"""An exact model of the smallest corridors, written apart from the planner: a second opinion.

Solved by CP-SAT to optimality, in a process of its own: OR-Tools brings a HiGHS that does not bear
another one beside it. `python -m tests.planner.exact 0 1 2` prints the optima as JSON,
each with its program for a second solver.
"""

import json
import sys

from ortools.sat.python import cp_model

from tests.planner.second_opinion import program_of
from tests.planner.tiny import STEP, Tiny, tiny

SCALE = 10**6


def model_of(case: Tiny) -> cp_model.CpModel:
    """Return the program of a tiny corridor, its aim in millionths of a person."""
    m = cp_model.CpModel()
    law = case.scenario().ending
    steps = range(case.steps - case.lane + 1)
    out = [m.new_int_var(0, case.largest, f"out{t}") for t in steps]
    back = [m.new_int_var(0, case.largest, f"back{t}") for t in steps]
    z_out = [m.new_bool_var(f"zo{t}") for t in steps]
    z_back = [m.new_bool_var(f"zb{t}") for t in steps]
    ride_out = [m.new_int_var(0, case.escorts, f"ro{t}") for t in steps]
    ride_back = [m.new_int_var(0, case.escorts, f"rb{t}") for t in steps]
    people = [m.new_int_var(0, case.largest * case.seats, f"q{t}") for t in steps]
    for t in steps:
        m.add(out[t] <= case.largest * z_out[t])
        m.add(back[t] <= case.largest * z_back[t])
        m.add(people[t] <= case.seats * out[t])
        for z, ride in ((z_out, ride_out), (z_back, ride_back)):
            m.add(ride[t] >= z[t])
            m.add(ride[t] <= case.escorts * z[t])
        if case.intake is not None:
            # Headway is a step or more, so that two convoys never share an interval of a step.
            m.add(people[t] <= case.intake)
        for z in (z_out, z_back):
            m.add(sum(z[u] for u in steps if t <= u < t + case.headway) <= 1)
        if case.one_way:
            for u in steps:
                if abs(t - u) < case.lane:
                    m.add(z_out[t] + z_back[u] <= 1)
        # Vehicles: those that left by t are the first ones, or came back and loaded again. An
        # empty vehicle needs no loading: that it may leave earlier changes no optimum.
        returned = [back[u] for u in steps if u + case.lane + case.load <= t]
        ready = case.vehicles if t >= case.load else 0
        m.add(sum(out[: t + 1]) <= ready + sum(returned))
        m.add(sum(back[: t + 1]) <= sum(out[u] for u in steps if u + case.lane + case.unload <= t))
        m.add(
            sum(ride_out[: t + 1])
            <= case.escorts + sum(ride_back[u] for u in steps if u + case.lane <= t)
        )
        m.add(sum(ride_back[: t + 1]) <= sum(ride_out[u] for u in steps if u + case.lane <= t))
    m.add(sum(people) <= case.people)
    gain = [round(SCALE * law.holds((t + case.lane) * STEP * 60)) for t in steps]
    m.maximize(sum(g * q for g, q in zip(gain, people, strict=True)))
    return m


def optimum(m: cp_model.CpModel) -> float:
    """Return the greatest number of expected arrivals, proved by CP-SAT."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(m)
    assert status == cp_model.OPTIMAL
    return solver.objective_value / SCALE


if __name__ == "__main__":
    told = {}
    for seed in sys.argv[1:]:
        model = model_of(tiny(int(seed)))
        told[seed] = {"value": optimum(model), "program": program_of(model)}
    print(json.dumps(told))  # noqa: T201
