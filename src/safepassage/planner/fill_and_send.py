"""What people do without a tool: fill each vehicle as it stands, send when all are full.

Every plan is compared with this one.
"""

from safepassage.planner.filling import QueueFilling
from safepassage.planner.greedy import Policy, dispatch
from safepassage.planner.plan import BoundProof, Plan
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import Choice
from safepassage.scenario.scenario import Scenario


def fill_and_send(scenario: Scenario, *, people: Choice = "likely") -> VerifiedPlan:
    """Return the verified baseline plan of a scenario.

    Groups board in the order of the scenario, each vehicle goes to the nearest place that takes
    its people, and a convoy leaves when all vehicles that are back on its side are full and there
    is staff for it.
    """
    return verify(scenario, baseline(make_problem(scenario, people)))


def baseline(problem: Problem) -> Plan:
    """Return the baseline as a plan that is not yet verified."""
    policy = Policy(all_back=True, nearest=True, filling=QueueFilling())
    schedule = dispatch(problem, Ways(problem), policy)
    return propose(problem, schedule, objective="expected", proof=BoundProof("none"))
