"""From a schedule to a plan, as it is handed to the verifier."""

from safepassage.planner.objective import last_arrival, plan_value
from safepassage.planner.plan import BoundProof, Plan, Run
from safepassage.planner.problem import Problem
from safepassage.planner.schedule import Schedule
from safepassage.scenario.rules import Objective


def propose(
    problem: Problem,
    schedule: Schedule,
    *,
    objective: Objective,
    proof: BoundProof,
    bound: float | None = None,
    expected_people_bound: float | None = None,
    seed: int = 0,
    run: Run | None = None,
) -> Plan:
    """Return the plan of a schedule, convoys and trips in order of time."""
    scenario = problem.scenario
    trips = tuple(
        sorted(schedule.trips, key=lambda one: (one.depart, one.vehicle or "", one.arrive))
    )
    value = plan_value(problem, trips) if objective == "expected" else last_arrival(trips) / 60.0
    return Plan(
        scenario=scenario.sha256,
        inputs=dict(scenario.inputs),
        start=scenario.start,
        objective=objective,
        people=problem.choice,
        convoys=tuple(sorted(schedule.convoys, key=lambda one: (one.depart, one.id))),
        trips=trips,
        value=value,
        bound=bound,
        proof=proof,
        seed=seed,
        expected_people=plan_value(problem, trips, weighted=False),
        expected_people_bound=expected_people_bound,
        run=run,
    )
