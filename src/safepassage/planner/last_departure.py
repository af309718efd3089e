"""The last convoy (or trip) with people that should leave, and when leaving no longer pays.

Knows the law of the window and what being caught on the road costs against an arrival.
"""

from dataclasses import dataclass

from safepassage.planner.problem import make_problem
from safepassage.planner.verified import VerifiedPlan


@dataclass(frozen=True, slots=True)
class LastDeparture:
    """The last departure with people: its convoy (None outside corridors), seconds, people aboard.

    `pays_until` is the last second, to the minute, at which a departure as long as this one would
    still have more to gain than to lose; None where that holds up to the end of the plan.
    """

    convoy: str | None
    depart: int
    people: int
    pays_until: int | None

    def to_json(self) -> dict[str, object]:
        """Return it as `explain --json` prints it, times in minutes."""
        return {
            "convoy": self.convoy,
            "depart": self.depart / 60,
            "people": self.people,
            "pays_until": None if self.pays_until is None else self.pays_until / 60,
        }


def last_departure(verified: VerifiedPlan) -> LastDeparture | None:
    """Return the last departure with people of a plan, None where nobody moves."""
    loaded = [one for one in verified.plan.trips if one.load]
    if not loaded:
        return None
    last = max(loaded, key=lambda one: (one.depart, one.arrive))
    together = [
        one
        for one in loaded
        if (one.convoy == last.convoy if last.convoy else one.depart == last.depart)
    ]
    problem = make_problem(verified.scenario, verified.plan.people)
    takes = last.arrive - last.depart
    pays_until = None
    # From the plan's own departure on: under some laws it pays to wait before it pays to leave.
    for depart in range(last.depart, problem.horizon - takes + 1, 60):
        if depart >= problem.opening and problem.worth(depart, depart + takes) <= 0:
            pays_until = max(0, depart - 60)
            break
    people = sum(number for one in together for number in one.load.values())
    return LastDeparture(last.convoy, last.depart, people, pays_until)
