"""Better plans from rehearsal: candidates of the planner, judged by what their rehearsals come to.

The planner's own search is asked for timetables, orders of loading and loads; each candidate that
the verifier accepts is rehearsed on the same draws. What is chosen on one set of draws is compared
on another, so that no lucky candidate is praised for its luck.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from safepassage.planner.candidates import verify_but_for_bound
from safepassage.planner.greedy import Policy
from safepassage.planner.idle import without_idle_rides
from safepassage.planner.problem import make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused
from safepassage.planner.ways import Ways
from safepassage.rehearsal.outcome import difference
from safepassage.rehearsal.playing import play_blocks
from safepassage.rehearsal.prepared import prepare
from safepassage.rehearsal.refused import RehearsalRefused
from safepassage.rehearsal.result import Difference
from safepassage.rehearsal.summary import Summary

BLOCKS, SIZE = 8, 128
"""Runs by which a candidate is judged."""
FINAL_SIZE = 512
"""Runs of a block in the last comparison, on draws that no candidate was chosen by."""
SHARE_OF_STARTS = 0.5
"""Part of the candidates that come from the planner's first policies; the rest are changed ones."""


@dataclass(frozen=True)
class Robust:
    """What was chosen, and what it costs and gains against the plan that is best on paper.

    `nominal` is the change of the plan's value (weighted expected people), `change` that of the
    people arrived and caught in rehearsal. `plan` is the first plan where nothing better was found.
    """

    plan: VerifiedPlan
    first: VerifiedPlan
    tried: int
    refused: int
    runs: int
    seed: int
    nominal: float
    change: Difference
    better: bool

    def to_json(self) -> dict[str, object]:
        """Return it as the object `robust` of `plan --json`."""
        return {
            "tried": self.tried,
            "refused": self.refused,
            "runs": self.runs,
            "seed": self.seed,
            "changed": self.better,
            "nominal": round(self.nominal, 6),
            **self.change.to_json(),
        }


def choose_robust(
    first: VerifiedPlan,
    *,
    candidates: int,
    seed: int,
    level: str = "convoy",
    threads: int = 0,
    stop: Callable[[], bool] | None = None,
) -> Robust:
    """Return the candidate whose rehearsal comes to the most people arrived, less those caught.

    People caught count with the scenario's rho. Candidates come from the planner's search; what the
    verifier refuses is not counted among them. `stop` is asked before each.

    Raises
    ------
    RehearsalRefused
        If the plan is not one for the most expected arrivals, or cannot be rehearsed.
    """
    if first.plan.objective != "expected":
        raise RehearsalRefused(
            f"plan: got one for {first.plan.objective}, want one for the most expected arrivals: "
            "candidates are judged by people arrived and caught"
        )
    judge = _Judge(first, seed, level, threads)
    problem = make_problem(first.scenario, first.plan.people)
    ways = Ways(problem)
    search = Search(problem, ways, rng=random.Random(seed), worth=judge.worth)  # noqa: S311
    judge.problem = problem

    def over() -> bool:
        return judge.tried >= candidates or (stop is not None and stop())

    starts: list[Policy] = search.starts()
    for policy in starts[: max(1, int(candidates * SHARE_OF_STARTS))]:
        if over():
            break
        search.offer(policy)
    attempts = 0
    while not over() and search.policy.timetable and attempts < 20 * candidates:
        attempts += 1
        search.step()
    chosen = judge.best
    change = difference(judge.final(chosen), judge.final(first))
    score = change.arrived.mean - judge.rho * change.caught.mean
    if score <= 0:
        chosen = first
        change = difference(judge.final(first), judge.final(first))
    return Robust(
        plan=chosen,
        first=first,
        tried=judge.tried,
        refused=judge.refused,
        runs=BLOCKS * FINAL_SIZE,
        seed=seed + 1,
        nominal=chosen.value - first.value,
        change=change,
        better=chosen is not first,
    )


class _Judge:
    """Judges schedules by their rehearsal; keeps the best verified plan."""

    def __init__(self, first: VerifiedPlan, seed: int, level: str, threads: int) -> None:
        self.first = first
        self.seed = seed
        self.level = level
        self.threads = threads
        rho = first.scenario.rules.rho
        self.rho = 0.0 if rho is None else float(rho.pick())
        self.problem = make_problem(first.scenario, first.plan.people)
        self.tried = 0
        self.refused = 0
        self.best = first
        self.value = self._score(self._played(first, seed, SIZE))
        self.seen: dict[str, float] = {first.plan_hash: self.value}

    def worth(self, schedule: Schedule) -> float:
        """Return how good a schedule is; what the verifier refuses is worth nothing."""
        plan = propose(
            self.problem,
            schedule,
            objective="expected",
            proof=self.first.plan.proof,
            bound=self.first.plan.bound,
            expected_people_bound=self.first.plan.expected_people_bound,
            seed=self.first.plan.seed,
            run=self.first.plan.run,
        )
        try:
            made = without_idle_rides(verify_but_for_bound(self.first.scenario, plan))
        except PlanRefused:
            self.refused += 1
            return float("-inf")
        if made.plan_hash in self.seen:
            return self.seen[made.plan_hash]
        self.tried += 1
        try:
            value = self._score(self._played(made, self.seed, SIZE))
        except RehearsalRefused:
            # Nobody rides in it.
            return float("-inf")
        self.seen[made.plan_hash] = value
        if value > self.value:
            self.best, self.value = made, value
        return value

    def final(self, made: VerifiedPlan) -> Summary:
        """Return the summary on draws that nothing was chosen by."""
        return self._played(made, self.seed + 1, FINAL_SIZE)

    def _played(self, made: VerifiedPlan, seed: int, size: int) -> Summary:
        prepared = prepare(self.first.scenario, made, level=self.level)
        return play_blocks(
            prepared, seed=seed, numbers=range(BLOCKS), size=size, threads=self.threads
        )

    def _score(self, summary: Summary) -> float:
        blocks = summary.ordered()
        arrived = sum(int(one.out_sum[-1]) for one in blocks)
        caught = sum(one.caught_sum for one in blocks)
        return (arrived - self.rho * caught) / summary.runs
