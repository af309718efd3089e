"""Plans in another order of aims: hard rules, then the worst-served group, then value.

Knows decision 0104. Of two plans the one is better of whose worst-served group a larger share
arrives; only where these are equal does the value decide. Asked for by a person, never the default.
"""

import platform
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from safepassage import __version__
from safepassage.planner.bounds import most_equal_share, supply_bound
from safepassage.planner.budget import Budget, Progress, Stop, Watch
from safepassage.planner.candidates import Candidates
from safepassage.planner.filling import BestFilling, share_of
from safepassage.planner.greedy import Policy
from safepassage.planner.idle import without_idle_rides
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError, why_nobody
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof, Plan, ProofKind, Run
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Problem, make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.solve import NOT_PLANNED, ROUNDING
from safepassage.planner.staying import floor_of
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways
from safepassage.planner.worst_served import AT_MOST, compared, least_share
from safepassage.scenario.figure import Choice
from safepassage.scenario.scenario import Scenario

ABOVE_VALUE = 1e6
"""How many times the greatest value the whole of a share counts: a person of any group decides."""

MOST_TILTS = 60
"""Tries that favour the group that was served worst in the best plan so far."""

SAME_SHARE = 1e-9
"""Shares that differ by less are the same."""

TILT = 1.5
"""By how much such a group is favoured more from try to try."""


class FairFilling(BestFilling):
    """Fill with those of whose group the largest share still waits, some groups favoured."""

    def __init__(self, tilts: Mapping[str, float]) -> None:
        super().__init__()
        self.tilts = tilts

    def orders(self, schedule: Schedule, fleet: Fleet, place: str) -> list[list[Crowd]]:
        """Return one order: those who have waited for the most first."""
        named = schedule.changing.group_of
        totals = {one.id: one.total for one in schedule.problem.crowds}

        def need(crowd: Crowd) -> float:
            group = named.get(crowd.id, crowd.id)
            waiting = schedule.left[group] + (schedule.left[crowd.id] if group != crowd.id else 0)
            return self.tilts.get(group, 1.0) * waiting / max(1, totals[group])

        fits = [
            one
            for one in schedule.crowds_at.get(place, ())
            if schedule.left[one.id] > 0 and share_of(one, fleet) < float("inf")
        ]
        return [sorted(fits, key=lambda one: (-need(one), -one.worth, one.id))]


def solve_worst_first(
    scenario: Scenario,
    *,
    limit: timedelta = timedelta(seconds=30),
    seed: int = 1,
    people: Choice = "likely",
    progress: Watch | None = None,
    stop: Stop | None = None,
    iterations: int | None = None,
    in_force: Plan | None = None,
) -> VerifiedPlan:
    """Return the plan that serves the worst-served group best, and of those the one of most value.

    Its bound is that of the value of any plan; the data of its proof hold the share that no plan
    can give to every group at once (`worst_served.AT_MOST`). Only for the objective `expected`:
    `last_out` brings everybody. `in_force` is what an earlier plan still holds: the work begins
    with it, and where no other plan serves the worst-served group better it is changed only for
    more than a small share of the value (`staying.WORTH_A_CHANGE`).

    Raises
    ------
    NobodyMovesError
        If it is proved that nobody can be moved.
    NotPlannedError
        If no plan was found though none is proved impossible.
    UnknownFigureError
        If a figure that the planner needs is unknown.
    """
    budget = Budget(limit.total_seconds(), iterations, stop)
    problem = make_problem(scenario, people)
    ways = Ways(problem)
    proof = why_nobody(problem, ways)
    if proof is not None:
        raise NobodyMovesError(proof)
    return without_idle_rides(_WorstFirst(problem, ways, budget, seed, progress, in_force).run())


class _WorstFirst:
    def __init__(
        self,
        problem: Problem,
        ways: Ways,
        budget: Budget,
        seed: int,
        progress: Watch | None,
        in_force: Plan | None,
    ) -> None:
        self.problem = problem
        self.ways = ways
        self.budget = budget
        self.seed = seed
        self.progress = progress
        self.in_force = in_force
        self.groups, _ = compared(problem, ways)
        self.most = max(1.0, sum(one.worth * one.total for one in problem.crowds))
        self.search = Search(
            problem,
            ways,
            rng=random.Random(seed),  # noqa: S311 - no secret
            worth=self._worth,
            stop=budget.late,
        )
        self.candidates = Candidates(problem.scenario, self.search)

    def run(self) -> VerifiedPlan:
        seconds = None if self.budget.iterations is not None else max(2.0, 0.2 * self.budget.left)
        bound = supply_bound(self.problem, self.ways, seconds=seconds)
        persons = supply_bound(self.problem, self.ways, weighted=False, seconds=seconds)
        at_most = most_equal_share(self.problem, self.ways, self.groups, seconds=seconds)
        data = {} if at_most is None else {AT_MOST: min(1.0, at_most * (1 + ROUNDING))}

        def plan_of(schedule: Schedule) -> Plan:
            kind: ProofKind = "relaxed" if bound.kind == "relaxed" else "lp_optimal"
            return propose(
                self.problem,
                schedule,
                objective="expected",
                proof=BoundProof(kind, bound.relaxes, data),
                bound=bound.value * (1 + ROUNDING),
                expected_people_bound=persons.value * (1 + ROUNDING),
                seed=self.seed,
                run=Run(round(self.budget.spent, 3), __version__, platform.machine()),
            )

        stayed = None
        if self.in_force is not None:
            self.search.offer(Policy(follow=self.in_force))
            self.search.offer(Policy(follow=self.in_force, follow_delay=FOREVER))
            stayed = self.candidates.best(plan_of)
        self._try_policies()
        self._tilt()
        self._improve()
        found = self.candidates.best(plan_of)
        if stayed is not None and found is not None and self._as_good(stayed, found):
            found = stayed
        if found is None or found.people_out == 0:
            raise self.candidates.fault() or NotPlannedError(NOT_PLANNED)
        return found

    def _arrived(self, schedule: Schedule) -> dict[str, int]:
        arrived: dict[str, int] = {}
        for trip in schedule.trips:
            if self.problem.sites[trip.end].arrived:
                for group, number in trip.groups.items():
                    arrived[group] = arrived.get(group, 0) + number
        return arrived

    def _worth(self, schedule: Schedule) -> float:
        share = least_share(self.problem, self._arrived(schedule), self.groups)
        return ABOVE_VALUE * self.most * share + plan_value(self.problem, schedule.trips)

    def _as_good(self, stayed: VerifiedPlan, found: VerifiedPlan) -> bool:
        """Return whether the plan in force serves the worst as well and is worth nearly as much."""
        if stayed.people_out == 0 or stayed.value < floor_of(found.value):
            return False
        shares = []
        for made in (stayed, found):
            arrived = {
                one.id: one.total - made.left_behind.get(one.id, 0) for one in self.problem.crowds
            }
            shares.append(least_share(self.problem, arrived, self.groups))
        return shares[0] >= shares[1] - SAME_SHARE

    def _over(self, steps: int) -> bool:
        if self.budget.iterations is not None and steps >= self.budget.iterations:
            return True
        return self.budget.over() and self.search.best is not None

    def _fair(self, tilts: Mapping[str, float]) -> Sequence[Policy]:
        starts = self.search.starts()
        fair = FairFilling(tilts)
        return [
            policy
            for start in starts[:8]
            for policy in (
                replace(start, filling=fair, fair=True),
                replace(start, fair=True),
                start,
            )
        ]

    def _try_policies(self) -> None:
        enough = self.budget.over_at(0.4)
        for policy in self._fair({}):
            if enough() and self.search.best is not None:
                return
            if self.search.offer(policy):
                self._tell()

    def _tilt(self) -> None:
        """Favour whoever is served worst in the best plan so far, more and more."""
        tilts: dict[str, float] = {}
        enough = self.budget.over_at(0.6)
        for steps in range(MOST_TILTS):
            best = self.search.best
            if best is None or enough() or self._over(steps):
                return
            arrived = self._arrived(best)
            totals = {one.id: one.total for one in self.problem.crowds}
            worst = min(self.groups, key=lambda one: (arrived.get(one, 0) / totals[one], one))
            tilts = {**tilts, worst: tilts.get(worst, 1.0) * TILT}
            policy = replace(
                self.search.policy, filling=FairFilling(tilts), fair=True, timetable=()
            )
            if self.search.offer(policy):
                self._tell()

    def _improve(self) -> None:
        steps = 0
        while self.search.policy.timetable and not self._over(steps):
            steps += 1
            if self.search.step():
                self._tell()

    def _tell(self) -> None:
        if self.progress is not None and self.search.best is not None:
            value = plan_value(self.problem, self.search.best.trips)
            self.progress(Progress(self.budget.spent, value, None))
