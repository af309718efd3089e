"""The worst-served group of a plan: of which group the smallest share arrives.

Knows what decision 0104 measures: the share of a group's people who arrive by the end of the plan
if the window holds, under the people numbers of the plan. Groups of whom nobody can ever arrive are
told apart: no plan serves them better or worse.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from safepassage.planner.names import IDS, Ids
from safepassage.planner.never import Never
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways

AT_MOST = "worst_served_at_most"
"""The key in the data of a plan's proof under which the bound of the share stands."""


@dataclass(frozen=True, slots=True)
class WorstServed:
    """The group of which the smallest share arrives.

    `arrive` of `people` (companions not counted) arrive if the window holds. `at_most` is the
    share that no plan can give to every group at once, None where none was proved. `never` are
    the groups of whom nobody can ever arrive; they are not compared.
    """

    group: str
    at: str
    class_id: str
    arrive: int
    people: int
    at_most: float | None
    never: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share of the group that arrives."""
        return self.arrive / self.people

    def to_json(self) -> dict[str, object]:
        """Return it as commands print it."""
        return {
            "group": self.group,
            "at": self.at,
            "class": self.class_id,
            "arrive": self.arrive,
            "people": self.people,
            "share": self.share,
            "at_most": self.at_most,
            "never": list(self.never),
        }

    def in_words(self, names: Ids = IDS) -> str:
        """Return one line for people; `names` is how the place is called."""
        most = (
            "" if self.at_most is None else f" (no plan brings {self.at_most:.1%} of every group)"
        )
        if self.at_most is not None and self.at_most >= 1.0:
            most = ""
        whom = names.people(self.class_id)
        who = f"{self.arrive:,} of {self.people:,} {whom} at {names.place(self.at)}"
        return f"{who}, {self.share:.1%}{most}"


def compared(problem: Problem, ways: Ways) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups that are compared, and those of whom nobody can ever arrive."""
    never = Never(problem, ways)
    groups: list[str] = []
    out: list[str] = []
    for one in problem.crowds:
        if one.total > 0:
            (groups if never.why(one) is None else out).append(one.id)
    return tuple(groups), tuple(out)


def worst_served(verified: VerifiedPlan) -> WorstServed | None:
    """Return the worst-served group of a plan, None where there is no group to compare."""
    problem = make_problem(verified.scenario, verified.plan.people)
    groups, never = compared(problem, Ways(problem))
    arrived = {
        one.id: one.total - verified.left_behind.get(one.id, 0)
        for one in problem.crowds
        if one.id in groups
    }
    if not arrived:
        return None
    known = {one.id: one for one in problem.crowds}
    worst = min(arrived, key=lambda one: (arrived[one] / known[one].total, -known[one].total, one))
    stated = verified.plan.proof.data.get(AT_MOST)
    crowd = known[worst]
    return WorstServed(
        worst,
        crowd.at,
        crowd.class_id,
        arrived[worst],
        crowd.total,
        float(stated) if isinstance(stated, int | float) else None,
        never,
    )


def least_share(problem: Problem, arrived: Mapping[str, int], groups: Collection[str]) -> float:
    """Return the smallest share of some groups that arrives, 1 where there is none."""
    return min(
        (arrived.get(one.id, 0) / one.total for one in problem.crowds if one.id in groups),
        default=1.0,
    )
