"""From what a search found to a verified plan: what the verifier refuses is withdrawn.

A refused candidate is a fault of the planner. It must cost the coordinator that candidate, never
the plan: the best one that the verifier accepts is kept.
"""

from collections.abc import Callable
from dataclasses import replace

from safepassage.planner.impossible import NotPlannedError
from safepassage.planner.plan import BoundProof, Plan
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.scenario import Scenario


class Candidates:
    """The schedules of one search, judged from the best on."""

    def __init__(self, scenario: Scenario, search: Search) -> None:
        self.scenario = scenario
        self.search = search
        self.refused: PlanRefused | None = None

    def best(self, plan_of: Callable[[Schedule], Plan]) -> VerifiedPlan | None:
        """Return the best schedule of the search as a verified plan; None if none is accepted.

        The plan has no bound where the one that `plan_of` states is beaten by the plan itself.
        """
        while self.search.best is not None:
            plan = plan_of(self.search.best)
            try:
                return verify_but_for_bound(self.scenario, plan)
            except PlanRefused as refused:
                self.refused = self.refused or refused
                self.search.withdraw()
        return None

    def fault(self) -> NotPlannedError | None:
        """Return which rules the first refused plan breaks: an error of the planner; or None."""
        if self.refused is None:
            return None
        rules = ", ".join(sorted({one.rule for one in self.refused.violations}))
        return NotPlannedError(
            f"internal error of the planner: its plans break {rules} by the verifier's account "
            f"({self.refused}); none is given out, and this is no proof that none exists"
        )


def verify_but_for_bound(scenario: Scenario, plan: Plan) -> VerifiedPlan:
    """Return a plan as verified, without its bound where nothing but the bound is wrong.

    Raises
    ------
    PlanRefused
        If the plan breaks any other rule.
    """
    try:
        return verify(scenario, plan)
    except PlanRefused as refused:
        if any(one.rule != "bound" for one in refused.violations):
            raise
        bare = replace(plan, bound=None, expected_people_bound=None, proof=BoundProof("none"))
        return verify(scenario, bare)
