"""Laws of plans and bounds, for scenarios with any mixture of rules."""

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safepassage.planner.bounds import supply_bound
from safepassage.planner.corridor.model import read_corridor
from safepassage.planner.corridor.polish import Polish
from safepassage.planner.corridor.prices import Prices
from safepassage.planner.filling import QueueFilling
from safepassage.planner.greedy import Policy, dispatch
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.solve import solve
from safepassage.planner.verify import verify, violations
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import sure
from safepassage.scenario.rules import Objective
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law
from tests.planner.strategies import scenarios

BOTH_WAYS = {("lane", True): 1200, ("lane", False): 1200}
POLICIES = (
    Policy(),
    Policy(patience=BOTH_WAYS),
    Policy(all_back=True, nearest=True, filling=QueueFilling()),
)


def schedule_of(problem: Problem, policy: Policy) -> Schedule:
    return dispatch(problem, Ways(problem), policy)


@given(scenarios())
def test_the_verifier_accepts_every_plan_that_a_schedule_makes(scenario: Scenario) -> None:
    problem = make_problem(scenario)
    for policy in POLICIES:
        schedule = schedule_of(problem, policy)
        plan = propose(problem, schedule, objective="expected", proof=BoundProof("none"))
        assert violations(scenario, plan) == ()
        assert verify(scenario, plan).value == plan.value or abs(
            verify(scenario, plan).value - plan.value
        ) < 1e-9 * max(1.0, abs(plan.value))


@given(scenarios(corridor=True), st.integers(0, 10**6))
@settings(max_examples=25)
def test_the_verifier_accepts_plans_of_any_timetable(scenario: Scenario, seed: int) -> None:
    problem = make_problem(scenario)
    search = Search(problem, Ways(problem), rng=random.Random(seed))  # noqa: S311 - no secret
    search.offer(search.starts()[0])
    for _ in range(10):
        search.step()
    assert search.best is not None
    plan = propose(problem, search.best, objective="expected", proof=BoundProof("none"))
    assert violations(scenario, plan) == ()


@given(scenarios())
def test_no_plan_beats_the_supply_bound(scenario: Scenario) -> None:
    problem = make_problem(scenario)
    ways = Ways(problem)
    bound = supply_bound(problem, ways, spans=24)
    persons = supply_bound(problem, ways, spans=24, weighted=False)
    for policy in POLICIES:
        trips = schedule_of(problem, policy).trips
        assert plan_value(problem, trips) <= bound.value + 1e-6
        assert plan_value(problem, trips, weighted=False) <= persons.value + 1e-6


@given(scenarios(corridor=True), st.floats(0.0, 1.0), st.integers(0, 10**6))
@settings(max_examples=8)
def test_no_plan_beats_the_bound_of_the_events_under_any_prices(
    scenario: Scenario, height: float, seed: int
) -> None:
    problem = make_problem(scenario)
    ways = Ways(problem)
    corridor = read_corridor(problem, ways)
    assume(corridor is not None)
    assert corridor is not None
    search = Search(problem, ways, rng=random.Random(seed))  # noqa: S311 - no secret
    for policy in search.starts()[:6]:
        search.offer(policy)
    assert search.best is not None
    polish = Polish(corridor, search, random.Random(seed))  # noqa: S311 - no secret
    for _ in range(15):
        search.step()
        polish.take_in()
        polish.step(lambda: False, 0.5)
    polish.realise(None)
    plan = propose(problem, search.best, objective="expected", proof=BoundProof("none"))
    assert violations(scenario, plan) == ()
    prices = Prices(corridor, weighted=True)
    drawn = np.random.default_rng(seed).random(len(prices.supply))
    for level in (0.0, height):
        made = prices.trial(level * drawn * prices.top, 20, lambda: False)
        assert search.value <= made.bound * (1 + 1e-9) + 1e-7


@given(scenarios(), st.floats(1.0, 4.0))
@settings(max_examples=25)
def test_a_longer_window_never_lowers_what_the_same_plan_is_worth(
    scenario: Scenario, factor: float
) -> None:
    free = replace(scenario, rules=replace(scenario.rules, rho=None))
    trips = schedule_of(make_problem(free), POLICIES[0]).trips
    short = replace(free, ending=Law("exponential", sure(timedelta(minutes=90))))
    long = replace(free, ending=Law("exponential", sure(timedelta(minutes=90) * factor)))
    now, then = make_problem(short), make_problem(long)
    assert plan_value(then, trips) >= plan_value(now, trips) - 1e-9
    assert supply_bound(then, Ways(then), spans=24).value >= (
        supply_bound(now, Ways(now), spans=24).value - 1e-6
    )


@given(scenarios())
@settings(max_examples=25)
def test_one_more_vehicle_never_lowers_the_bound(scenario: Scenario) -> None:
    first = scenario.vehicles[0]
    more = replace(first, count=sure(first.count.pick() + 1), ready=())
    fewer = replace(first, ready=())
    with_more = replace(scenario, vehicles=(more, *scenario.vehicles[1:]))
    without = replace(scenario, vehicles=(fewer, *scenario.vehicles[1:]))
    high, low = make_problem(with_more), make_problem(without)
    assert supply_bound(high, Ways(high), spans=24).value >= (
        supply_bound(low, Ways(low), spans=24).value - 1e-6
    )


@given(scenarios())
@settings(max_examples=4)
def test_the_same_seed_and_steps_give_the_same_plan(scenario: Scenario) -> None:
    hashes = []
    for _ in range(2):
        try:
            hashes.append(solve(scenario, seed=3, iterations=2).plan_hash)
        except (NobodyMovesError, NotPlannedError) as none:
            hashes.append(str(none))
    assert hashes[0] == hashes[1]


@given(scenarios())
@settings(max_examples=12)
def test_nobody_moves_in_any_plan_where_it_is_proved(scenario: Scenario) -> None:
    try:
        solve(scenario, iterations=0)
    except NobodyMovesError:
        for policy in POLICIES:
            trips = schedule_of(make_problem(scenario), policy).trips
            assert plan_value(make_problem(scenario), trips) <= 1e-9
    except NotPlannedError:
        pass


@given(scenarios(), st.sampled_from(["expected", "last_out"]))
@settings(max_examples=30)
def test_solving_ends_in_a_plan_a_proof_or_a_plain_word_and_in_no_fault(
    scenario: Scenario, objective: Objective
) -> None:
    try:
        made = solve(scenario, objective=objective, limit=timedelta(seconds=2), iterations=3)
    except NobodyMovesError:
        return
    except NotPlannedError as none:
        if "internal error" in str(none):
            raise
        return
    assert made.people_out > 0
    assert violations(scenario, made.plan) == ()
