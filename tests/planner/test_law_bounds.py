"""Every bound of the planner against every plan that it finds, on scenarios of all rules.

Plans come from another seed and other steps than the bound, and each is accepted by the verifier.
"""

import random
from dataclasses import dataclass

import numpy as np
import pytest

from safepassage.planner.bounds import supply_bound
from safepassage.planner.city.prices import Dual, spans_of
from safepassage.planner.city.problem import City, read_city
from safepassage.planner.corridor.model import read_corridor
from safepassage.planner.corridor.polish import Polish
from safepassage.planner.corridor.prices import Prices
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.search import Search
from safepassage.planner.solve import solve
from safepassage.planner.verify import violations
from safepassage.planner.ways import Ways
from safepassage.scenario.scenario import Scenario
from tests.planner.city.towns import town
from tests.planner.strategies import draw
from tests.planner.verify.tiny import corridor_world, open_world

STEPS = 12


@dataclass(frozen=True)
class Compared:
    """The best value that was found, and every bound by name."""

    value: float
    bounds: dict[str, float]


def scenario_of(seed: int) -> Scenario:
    """Return a scenario of the seed: of any mixture of rules, a town, or a tiny world."""
    chance = random.Random(f"bounds/{seed}")  # noqa: S311 - a seeded test
    kind = seed % 6
    if kind == 3:
        return town(seed, grain=chance.choice((1, 60)))
    if kind == 4:
        return open_world(chance)
    if kind == 5:
        return corridor_world(chance)
    return draw(seed)


def best_found(problem: Problem, ways: Ways, seed: int) -> float:
    """Return the value of the best plan of a search that knows no bound; it is verified."""
    rng = random.Random(seed)  # noqa: S311 - a seeded test
    search = Search(problem, ways, rng=rng)
    for policy in search.starts()[:8]:
        search.offer(policy)
    corridor = read_corridor(problem, ways)
    polish = None if corridor is None else Polish(corridor, search, rng)
    for _ in range(STEPS):
        search.step()
        if polish is not None:
            polish.take_in()
            polish.step(lambda: False, 0.5)
    if polish is not None:
        polish.realise(None)
    if search.best is None:
        return 0.0
    plan = propose(problem, search.best, objective="expected", proof=BoundProof("none"))
    assert violations(problem.scenario, plan) == ()
    return search.value


def compared(seed: int) -> Compared:
    """Return the best plan and all bounds of the scenario of a seed."""
    scenario = scenario_of(seed)
    problem = make_problem(scenario)
    ways = Ways(problem)
    bounds = {"supply": supply_bound(problem, ways, spans=24).value}
    rng = np.random.default_rng(seed)
    corridor = read_corridor(problem, ways)
    if corridor is not None:
        prices = Prices(corridor, weighted=True)
        for height in (0.0, 0.4):
            drawn = height * rng.random(len(prices.supply)) * prices.top
            bounds[f"events {height}"] = prices.trial(drawn, 30, lambda: False).bound
    city = read_city(problem, ways, down=True)
    if isinstance(city, City):
        spans = spans_of(city)
        dual = Dual(city, spans.row, spans)
        number = len(city.crowds) + len(spans.limit)
        for height in (0.0, 0.5):
            bounds[f"city {height}"] = dual.value(height * rng.random(number))
    try:
        made = solve(scenario, objective="expected", seed=seed, iterations=2)
        assert made.bound is not None
        bounds["solve"] = made.bound
        found = max(made.value, best_found(problem, ways, seed + 1))
    except NobodyMovesError:
        bounds["nobody moves"] = 0.0
        found = best_found(problem, ways, seed + 1)
    except NotPlannedError as none:
        if "internal error" in str(none):
            raise
        found = best_found(problem, ways, seed + 1)
    return Compared(found, bounds)


def held(seed: int) -> None:
    one = compared(seed)
    for name, bound in one.bounds.items():
        assert one.value <= bound + 1e-7 + 1e-9 * abs(bound), (seed, name)


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_beats_any_bound(seed: int) -> None:
    held(seed)


@pytest.mark.proof
@pytest.mark.parametrize("batch", range(20))
def test_no_plan_beats_any_bound_on_a_thousand_scenarios_of_all_rules(batch: int) -> None:
    for seed in range(1000 + 50 * batch, 1050 + 50 * batch):
        held(seed)
