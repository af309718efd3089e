"""Laws of cities: no plan beats a bound, whatever the prices, and every plan is accepted."""

import random
from datetime import timedelta

import numpy as np
import pytest

from safepassage.planner.bounds import Bound
from safepassage.planner.budget import Budget
from safepassage.planner.city.booking import Bookings
from safepassage.planner.city.carry_out import carried_out
from safepassage.planner.city.improve import build, improve
from safepassage.planner.city.prices import Dual, spans_of
from safepassage.planner.city.problem import City, read_city
from safepassage.planner.city.solve import CitySolver
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.solve import solve
from safepassage.planner.verify import verify
from safepassage.planner.ways import Ways
from safepassage.scenario.scenario import Scenario
from tests.planner.city.towns import town

SEEDS = tuple(range(24))


def drawn(seed: int) -> Scenario:
    """Return a town; every third has times of odd seconds, and a clock that is rounded."""
    return town(seed, grain=1 if seed % 3 == 0 else 60)


def city_of(scenario: Scenario, *, down: bool = False) -> tuple[City, Ways]:
    problem = make_problem(scenario)
    ways = Ways(problem)
    city = read_city(problem, ways, down=down)
    assert isinstance(city, City), city
    return city, ways


def best_dispatched(scenario: Scenario) -> float:
    """Return the value of the best plan that the dispatcher makes: another code than the city's."""
    problem = make_problem(scenario)
    search = Search(problem, Ways(problem), rng=random.Random(1))  # noqa: S311 - no secret
    for policy in search.starts():
        search.offer(policy)
    return search.value


@pytest.mark.parametrize("seed", SEEDS)
def test_no_dispatched_plan_beats_the_bound_of_any_prices(seed: int) -> None:
    scenario = drawn(seed)
    value = best_dispatched(scenario)
    city, _ = city_of(scenario, down=True)
    spans = spans_of(city)
    dual = Dual(city, spans.row, spans)
    chance = np.random.default_rng(seed)
    size = len(city.crowds) + len(spans.limit)
    for scale in (0.0, 0.05, 0.3, 1.0):
        prices = chance.uniform(0.0, scale, size) * (chance.random(size) < 0.7)
        assert value <= dual.value(prices) * (1 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_tours_under_any_prices_are_a_plan_that_the_verifier_accepts(seed: int) -> None:
    scenario = drawn(seed)
    city, _ = city_of(scenario)
    spans = spans_of(city)
    dual = Dual(city, spans.row, spans)
    chance = np.random.default_rng(seed)
    prices = chance.uniform(0.0, 0.3, len(city.crowds) + len(spans.limit))
    rng = random.Random(seed)  # noqa: S311 - no secret
    ready = city.ready.copy()
    bookings = Bookings(city, city.horizon)
    solver_fares = dual.fares(prices)
    build(bookings, solver_fares.times(0.5, 0.5), rng, lambda: False)
    before = bookings.value
    for _ in range(60):
        improve(bookings, solver_fares, rng)
    assert bookings.value >= before - 1e-6
    assert (city.ready == ready).all()
    schedule = carried_out(bookings)
    problem = make_problem(scenario)
    made = plan_value(problem, schedule.trips)
    if city.exact:
        assert made == pytest.approx(bookings.value, rel=1e-9, abs=1e-9)
    else:
        # Who drives less than the rounded time leaves later: with rho that is worth more.
        assert made >= bookings.value - 1e-9
    verify(scenario, propose(problem, schedule, objective="expected", proof=BoundProof("none")))


@pytest.mark.parametrize("seed", SEEDS[:8])
def test_what_is_given_back_leaves_everything_as_it_was(seed: int) -> None:
    city, _ = city_of(drawn(seed))
    spans = spans_of(city)
    fares = Dual(city, spans.row, spans).fares(np.zeros(len(city.crowds) + len(spans.limit)))
    bookings = Bookings(city, city.horizon)
    build(bookings, fares, random.Random(seed), lambda: False)  # noqa: S311 - no secret
    assert bookings.value > 0
    for vehicle in range(len(bookings.yard)):
        bookings.remove(vehicle)
    empty = Bookings(city, city.horizon)
    for now, new in zip(bookings.stand, empty.stand, strict=True):
        assert (now == new).all()


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_a_city_is_solved_within_its_bound_and_better_than_it_is_dispatched(seed: int) -> None:
    scenario = drawn(seed)
    problem = make_problem(scenario)
    ways = Ways(problem)
    city = read_city(problem, ways)
    assert isinstance(city, City)
    budget = Budget(60.0, 200, None)
    solver = CitySolver(problem, ways, city, budget, random.Random(1))  # noqa: S311 - no secret
    bounds: list[Bound] = []
    found: list[float] = []

    def keep(schedule: Schedule) -> None:
        found.append(plan_value(problem, schedule.trips))

    solver.price(bounds.append)
    solver.plan(keep, bounds.append)
    assert best_dispatched(scenario) <= max(found) * 1.02
    assert max(found) <= min(one.value for one in bounds) * (1 + 1e-9)


def test_the_same_steps_give_the_same_plan() -> None:
    scenario = town(5, people=2000)
    hashes = {
        solve(scenario, limit=timedelta(seconds=60), seed=3, iterations=40).plan_hash
        for _ in range(2)
    }
    assert len(hashes) == 1
