"""A plan that the verifier refuses costs the planner that plan, never the answer."""

from dataclasses import replace

import pytest

from safepassage.planner import search
from safepassage.planner.bounds import Bound
from safepassage.planner.budget import Stop
from safepassage.planner.greedy import Policy, dispatch
from safepassage.planner.impossible import NotPlannedError
from safepassage.planner.problem import Problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.solve import solve
from safepassage.planner.ways import Ways
from safepassage.scenario.rules import Objective
from tests.planner.test_known_plans import in_convoy, one_bus

LANE = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))


class Cheat:
    """Makes every schedule but the first `honest` ones too good: all arrive as they depart."""

    def __init__(self, honest: int) -> None:
        self.honest = honest
        self.cheated = 0

    def __call__(
        self, problem: Problem, ways: Ways, policy: Policy, *, stop: Stop | None = None
    ) -> Schedule:
        made = dispatch(problem, ways, policy, stop=stop)
        if self.honest > 0:
            self.honest -= 1
            return made
        self.cheated += 1
        made.trips = [replace(one, arrive=one.depart + self.cheated % 7) for one in made.trips]
        return made


@pytest.mark.parametrize("objective", ["expected", "last_out"])
def test_a_refused_plan_that_looks_better_never_takes_the_place_of_a_right_one(
    monkeypatch: pytest.MonkeyPatch, objective: Objective
) -> None:
    cheat = Cheat(honest=1)
    monkeypatch.setattr(search, "dispatch", cheat)
    made = solve(LANE, objective=objective, iterations=20)
    assert cheat.cheated > 0
    assert made.curve == ((70 * 60, 50), (210 * 60, 100))


@pytest.mark.parametrize("objective", ["expected", "last_out"])
def test_where_every_plan_is_refused_the_broken_rule_is_named(
    monkeypatch: pytest.MonkeyPatch, objective: Objective
) -> None:
    # Without a corridor, where nothing else than the dispatcher makes plans.
    plain = one_bus(people=100, drive=60, load=10, unload=10, hours=5)
    monkeypatch.setattr(search, "dispatch", Cheat(honest=0))
    with pytest.raises(NotPlannedError, match=r"internal error of the planner: .* break .*times"):
        solve(LANE if objective == "last_out" else plain, objective=objective, iterations=5)


def test_a_first_plan_that_is_refused_gives_way_to_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Cheat(honest=10**6)

    def first_wrong(
        problem: Problem, ways: Ways, policy: Policy, *, stop: Stop | None = None
    ) -> Schedule:
        schedule = made(problem, ways, policy, stop=stop)
        if made.honest >= 10**6 - 2:
            schedule.trips = [replace(one, arrive=one.depart) for one in schedule.trips]
        return schedule

    monkeypatch.setattr(search, "dispatch", first_wrong)
    assert solve(LANE, iterations=5).people_out == 100


def test_a_bound_that_the_plan_beats_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_low(*_: object, **__: object) -> Bound:
        return Bound(1.0, "lp_optimal", ())

    monkeypatch.setattr("safepassage.planner.solve.supply_bound", too_low)
    made = solve(one_bus(people=100, drive=60, hours=5), iterations=5)
    assert made.people_out == 100
    assert made.bound is None
    assert made.plan.proof.kind == "none"
