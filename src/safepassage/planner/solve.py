"""The one entry point: the best verified plan with the best proved bound, within a limit.

Knows which solver fits a scenario and how long each may work; every plan it returns has passed
the verifier.
"""

import platform
import random
import time
from dataclasses import replace
from datetime import timedelta

from safepassage import __version__
from safepassage.planner.bounds import Bound, better, supply_bound
from safepassage.planner.budget import Budget, Progress, Stop, Watch
from safepassage.planner.candidates import Candidates, verify_but_for_bound
from safepassage.planner.city.problem import City, read_city
from safepassage.planner.city.solve import CitySolver
from safepassage.planner.corridor.companion import Companion, Order, start
from safepassage.planner.corridor.model import Corridor
from safepassage.planner.corridor.polish import Polish
from safepassage.planner.corridor.prove import corridor_of, prove
from safepassage.planner.filling import QueueFilling
from safepassage.planner.following import beginning
from safepassage.planner.greedy import Policy
from safepassage.planner.idle import without_idle_rides
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError, why_nobody
from safepassage.planner.lastout import solve_last
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof, Plan, ProofKind, Run
from safepassage.planner.problem import FOREVER, Problem, make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.rebuilding import kept_part
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.staying import floor_of, settle, timetable_in_force
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import Choice
from safepassage.scenario.rules import Objective
from safepassage.scenario.scenario import Scenario

__all__ = ["NobodyMovesError", "NotPlannedError", "Progress", "solve"]

MOST_IDLE = 20_000
"""Search steps without success after which the search ends."""

MOST_REBUILDS = 400
"""The same where there is no timetable to change and parts of the plan are made anew."""

DISPATCHED_EVERY = 40
"""One in so many steps changes the timetable as the dispatcher would follow it."""

REST = 4.0
"""For so many times as long as it took to make a timetable into a plan no other one is made."""

LONGEST_PROGRAM = 5.0
LAST_PROGRAM = 1.0
"""Seconds of the whole-number program of one timetable, and of the last one."""

SHARE_OF_STARTS = 0.25
SHARE_BESIDE_A_PROOF = 0.08
"""Most of the time that the first tries may take, also where timetables are polished after them."""

CLOSED = 1e-5
"""Relative gap at which a plan counts as proved best and the work ends."""

PARTS_KEPT = (0.75, 0.5, 0.25)
"""Shares of a plan in force that are kept in the first tries, what follows made anew."""

SETTLING = 2.0
"""Most seconds for moving convoys back to the time that they have in the plan in force."""

FOR_SUPPLY = 0.3
LEAST_FOR_SUPPLY = 2.0
"""Share of the time, and seconds at least, that the bound by sums in time may take."""

MANY_LOADS = 30
"""Vehicle loads from which on a scenario without corridor is planned as a city."""

MOST_REOPENINGS = 8
STARTS_OF_A_REOPENING = 4
"""How many later beginnings are tried, each in how many ways, where the first leads nowhere."""

NOT_PLANNED = (
    "no plan that moves anybody was found among the ways that are tried (the quickest, and those "
    "around what may be closed or full on them); this is no proof that none exists"
)

ROUNDING = 1e-9
"""Relative slack of a bound for floating point."""


def solve(
    scenario: Scenario,
    *,
    objective: Objective | None = None,
    limit: timedelta = timedelta(seconds=30),
    seed: int = 1,
    people: Choice = "likely",
    progress: Watch | None = None,
    stop: Stop | None = None,
    iterations: int | None = None,
    in_force: Plan | None = None,
) -> VerifiedPlan:
    """Return the best verified plan found within the limit, with the best proved bound.

    `objective` None takes that of the scenario's rules. With `iterations` the work stops after so
    many search steps, not by the clock: the same seed then gives the same plan. `stop` is asked
    often; when it says yes the best plan so far is returned. `in_force` is what an earlier plan
    still holds (`following.still_ahead`): the work begins with it, and it is changed only where it
    cannot be kept or a change is worth it (`staying.WORTH_A_CHANGE`).

    Raises
    ------
    NobodyMovesError
        If it is proved that nobody (`expected`) or not everybody (`last_out`) can be moved.
    NotPlannedError
        If no plan was found though none is proved impossible.
    UnknownFigureError
        If a figure that the planner needs is unknown.
    """
    aim = scenario.rules.objective if objective is None else objective
    budget = Budget(limit.total_seconds(), iterations, stop)
    problem = make_problem(scenario, people)
    ways = Ways(problem)
    proof = why_nobody(problem, ways)
    if proof is not None:
        raise NobodyMovesError(proof)
    if aim == "last_out":
        made = solve_last(
            problem, ways, budget=budget, seed=seed, progress=progress, in_force=in_force
        )
    else:
        made = _Expected(problem, ways, budget, seed, progress, in_force).run()
    return without_idle_rides(made)


class _Expected:
    """One solve for the objective `expected`."""

    def __init__(
        self,
        problem: Problem,
        ways: Ways,
        budget: Budget,
        seed: int,
        progress: Watch | None,
        in_force: Plan | None = None,
    ) -> None:
        self.problem = problem
        self.ways = ways
        self.budget = budget
        self.seed = seed
        self.progress = progress
        self.search = Search(
            problem,
            ways,
            rng=random.Random(seed),  # noqa: S311 - no secret
            stop=budget.late,
        )
        self.candidates = Candidates(problem.scenario, self.search)
        self.bound: Bound | None = None
        self.persons: Bound | None = None
        self.told = (float("-inf"), float("inf"))
        self.accepted: VerifiedPlan | None = None
        self.polish: Polish | None = None
        self.realise_at = 0.0
        self.in_force = in_force
        self.stayed: VerifiedPlan | None = None

    def run(self) -> VerifiedPlan:
        search, budget = self.search, self.budget
        first, *others = search.starts()
        if self.in_force is not None:
            search.offer(Policy(follow=self.in_force))
            self._keep()
            search.offer(Policy(follow=self.in_force, follow_delay=FOREVER))
            self._keep()
            self.stayed = self.accepted
            for part in PARTS_KEPT:
                search.offer(Policy(follow=beginning(self.in_force, part)))
        city = None if self.in_force is not None else read_city(self.problem, self.ways)
        if isinstance(city, City) and city.loads >= MANY_LOADS:
            self._city(city)
            if self.accepted is not None and self.accepted.people_out > 0:
                return self.accepted
        budget.begin_try()
        search.offer(first)
        self._keep()
        search.offer(Policy(all_back=True, nearest=True, filling=QueueFilling()))
        self._keep()
        corridor = corridor_of(self.problem, self.ways)
        companion = None
        if corridor is not None:
            rng = random.Random(self.seed)  # noqa: S311 - no secret
            self.polish = Polish(corridor, search, rng)
        if corridor is not None and budget.iterations is None:
            companion = self._companion()
        try:
            self._supply()
            enough = budget.over_at(SHARE_OF_STARTS if corridor is None else SHARE_BESIDE_A_PROOF)
            for policy in others:
                if enough():
                    break
                search.offer(policy)
                if self.accepted is None:
                    self._keep()
                if companion is not None:
                    self._hear(companion)
            self._keep()
            if corridor is not None and budget.iterations is not None:
                self._prove_here(corridor, budget.iterations)
            self._improve(companion)
        finally:
            if companion is not None:
                companion.close()
        self._keep()
        if self.in_force is not None and self.accepted is not None:
            self.accepted = self._stay_near(self.in_force, self.accepted)
        if self.accepted is None or self.accepted.people_out == 0:
            self._begin_later()
        if self.accepted is None or self.accepted.people_out == 0:
            raise self._nothing()
        return self.accepted

    def _city(self, city: City) -> None:
        """Plan and prove where many vehicles go between many places on their own."""

        def tell(bound: Bound) -> None:
            self._bound(bound)
            if same:
                self._persons(bound)

        def keep(schedule: Schedule) -> None:
            self.search.keep(schedule, Policy())
            self._keep()

        same = all(one.worth == one.each for one in self.problem.crowds)
        rng = random.Random(self.seed)  # noqa: S311 - no secret
        solver = CitySolver(self.problem, self.ways, city, self.budget, rng)
        solver.price(tell)
        if not same:
            solver.price_persons(self._persons)
        solver.plan(keep, tell)
        self._keep()

    def _stay_near(self, in_force: Plan, best: VerifiedPlan) -> VerifiedPlan:
        """Return a plan of nearly the best value that changes less of the plan in force."""
        floor = floor_of(best.value)
        if self.stayed is not None and self.stayed.value >= floor:
            bound = self.bound
            plan = replace(
                self.stayed.plan,
                bound=None if bound is None else bound.value,
                expected_people_bound=None if self.persons is None else self.persons.value,
                proof=self._proof(),
                run=self._run(),
                stated=None,
            )
            return verify_but_for_bound(self.problem.scenario, plan)
        lanes = self.problem.lanes
        before = timetable_in_force(
            in_force, lambda lane, start: lane in lanes and lanes[lane].ends[0] == start
        )
        over = Budget(SETTLING, self.budget.iterations, self.budget.stop).over
        if settle(self.search, before, floor, over):
            return self.candidates.best(self._plan) or best
        return best

    def _supply(self) -> None:
        """Prove a bound by sums in time; weights of 1 make it one of persons as well."""
        seconds = None
        if self.budget.iterations is None:
            seconds = max(LEAST_FOR_SUPPLY, FOR_SUPPLY * self.budget.left)
        weighted = supply_bound(self.problem, self.ways, seconds=seconds)
        self._bound(weighted)
        if all(one.worth == one.each for one in self.problem.crowds):
            self._persons(weighted)
        else:
            persons = supply_bound(self.problem, self.ways, weighted=False, seconds=seconds)
            self._persons(persons)

    def _begin_later(self) -> None:
        """Where the first opening leads nowhere, begin only when a corridor opens again.

        Who sets out at once may stand at the wrong end with his duty used up when it closes.
        """
        problem = self.problem
        again = {
            opens
            for lane in problem.lanes.values()
            for spans in lane.openings
            for opens, _ in spans.spans
            if problem.opening < opens < problem.horizon
        }
        for moment in sorted(again)[:MOST_REOPENINGS]:
            later = replace(problem, opening=moment)
            search = Search(
                later,
                Ways(later),
                rng=random.Random(self.seed),  # noqa: S311 - no secret
                worth=lambda schedule: plan_value(problem, schedule.trips),
            )
            for policy in search.starts()[:STARTS_OF_A_REOPENING]:
                search.offer(policy)
            if search.value <= 0:
                continue
            found = Candidates(problem.scenario, search).best(self._plan)
            if found is not None and found.people_out > 0:
                self.accepted = found
                return

    def _prove_here(self, corridor: Corridor, rounds: int) -> None:
        """Prove in this process, one step after the other: repeatable to the bit."""
        polish = self.polish
        if polish is None:
            return
        polish.take_in()
        prove(
            corridor,
            polish.timetables.best,
            on_bound=self._bound,
            on_persons=self._persons,
            on_convoys=polish.offer,
            stop=lambda: self.budget.over() or self._closed(),
            rounds=rounds,
        )
        polish.realise(None)
        self._keep()

    def _companion(self) -> Companion | None:
        """Start the proof in a process of its own."""
        left = self.budget.left - 0.3
        if left <= 0.5:
            return None
        table = self.search.policy.timetable
        order = Order(self.problem.scenario, self.problem.choice, table, self.seed, left)
        return start(order)

    def _improve(self, companion: Companion | None) -> None:
        budget, search = self.budget, self.search
        steps = idle = 0
        while not budget.over() and not self._closed():
            if budget.iterations is not None and steps >= budget.iterations:
                break
            waits = companion is not None and not companion.ended
            if companion is not None:
                self._hear(companion)
            timed = bool(search.policy.timetable)
            if idle > (MOST_IDLE if timed else MOST_REBUILDS) or search.best is None:
                if not waits:
                    break
                time.sleep(0.05)
                continue
            steps += 1
            idle = 0 if (self._step(steps) if timed else self._rebuild()) else idle + 1
            if idle == 0:
                self._tell()
        if self.polish is not None:
            self.polish.realise(LAST_PROGRAM)

    def _rebuild(self) -> bool:
        """Make a part of the best plan anew; say whether it is better."""
        search = self.search
        if search.best is None:
            return False
        rng = search.rng
        policy = Policy(
            follow=kept_part(self._plan(search.best), rng),
            nearest=rng.random() < 0.5,
            spread=rng.random() < 0.7,
            fair=rng.random() < 0.2,
        )
        return search.offer(policy)

    def _step(self, steps: int) -> bool:
        """Try one change; say whether it is better."""
        polish, budget = self.polish, self.budget
        if polish is None or steps % DISPATCHED_EVERY == 0:
            return self.search.step()
        polish.take_in()
        if budget.iterations is not None:
            better = polish.step(budget.over, steps / budget.iterations)
            if polish.realise(None):
                self._tell()
            return better
        better = polish.step(budget.over, budget.spent / budget.limit)
        if budget.spent >= self.realise_at:
            began = budget.spent
            seconds = max(LAST_PROGRAM, min(LONGEST_PROGRAM, budget.left / 2))
            if polish.realise(seconds):
                self._tell()
            self.realise_at = budget.spent + REST * (budget.spent - began)
        return better

    def _hear(self, companion: Companion) -> None:
        """Take in what the other process has proved and found."""
        for one in companion.news():
            if one.bound is not None:
                self._bound(one.bound)
            if one.persons is not None:
                self._persons(one.persons)
            if one.convoys is not None and self.polish is not None:
                self.polish.offer(one.convoys)

    def _closed(self) -> bool:
        return self.bound is not None and self.search.value >= self.bound.value * (1 - CLOSED)

    def _nothing(self) -> NobodyMovesError | NotPlannedError:
        """Return why nobody moves: proved, or not planned."""
        if all(one.worth <= 0 for one in self.problem.crowds if one.total > 0):
            return NotPlannedError(
                "every class of those who wish to leave has the weight 0: by that measure nobody's "
                "arrival counts; give a weight, or plan for last_out"
            )
        if self.bound is not None and self.bound.value <= 1e-9:
            return NobodyMovesError(
                "no plan can bring anybody to a place that counts as arrival before the horizon "
                "with more to gain than to lose (proved by a linear program over the arrivals)"
            )
        return self.candidates.fault() or NotPlannedError(NOT_PLANNED)

    def _bound(self, found: Bound) -> None:
        found = Bound(found.value * (1 + ROUNDING), found.kind, found.relaxes, found.note)
        self.bound = found if self.bound is None else better(self.bound, found)
        self._tell()

    def _persons(self, found: Bound) -> None:
        found = Bound(found.value * (1 + ROUNDING), found.kind, found.relaxes, found.note)
        self.persons = found if self.persons is None else better(self.persons, found)

    def _tell(self) -> None:
        bound = None if self.bound is None else self.bound.value
        now = (self.search.value, float("inf") if bound is None else bound)
        if self.progress is not None and now != self.told:
            self.told = now
            self.progress(Progress(self.budget.spent, self.search.value, bound))

    def _keep(self) -> None:
        """Verify the best schedule; what the verifier refuses is withdrawn from the search."""
        found = self.candidates.best(self._plan)
        if found is None:
            return
        if found.bound is None:
            # The plan beats the bound: whatever was wrong with it, it must not be told again.
            self.bound = self.persons = None
        if self.accepted is None or found.value >= self.accepted.value - 1e-9:
            self.accepted = found
        self._tell()

    def _plan(self, schedule: Schedule) -> Plan:
        bound = self.bound
        return propose(
            self.problem,
            schedule,
            objective="expected",
            proof=self._proof(),
            bound=None if bound is None else bound.value,
            expected_people_bound=None if self.persons is None else self.persons.value,
            seed=self.seed,
            run=self._run(),
        )

    def _run(self) -> Run:
        return Run(round(self.budget.spent, 3), __version__, platform.machine())

    def _proof(self) -> BoundProof:
        bound = self.bound
        if bound is None:
            return BoundProof("none")
        kind = "relaxed" if bound.kind == "relaxed" else _kind(bound.kind)
        return BoundProof(kind, bound.relaxes)


def _kind(kind: str) -> ProofKind:
    return "search" if kind == "search" else "lp_optimal"
