"""Bounds and plans against optima that CP-SAT proves, on tiny corridors drawn by a seed."""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from safepassage.planner.bounds import supply_bound
from safepassage.planner.corridor.model import read_corridor
from safepassage.planner.corridor.prices import Prices
from safepassage.planner.corridor.prove import prove
from safepassage.planner.problem import make_problem
from safepassage.planner.search import Search
from safepassage.planner.ways import Ways
from tests.planner.second_opinion import Program, greatest_by_highs
from tests.planner.tiny import tiny

LITTLE = 1e-3
MILLION = 10**6
FEW = tuple(range(20))
ROOT = Path(__file__).parents[2]


@cache
def opinions(seeds: Sequence[int]) -> dict[int, tuple[float, Program]]:
    """Return the optima of seeds and their programs, from one process of their own."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.planner.exact", *map(str, seeds)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    told = json.loads(made.stdout)
    return {int(seed): (float(one["value"]), one["program"]) for seed, one in told.items()}


def optima(seeds: Sequence[int]) -> dict[int, float]:
    """Return the optima of seeds."""
    return {seed: value for seed, (value, _) in opinions(seeds).items()}


def in_millionths(value: float) -> int:
    return round(value * MILLION)


def plan_and_bounds(seed: int, among: Sequence[int] = FEW) -> tuple[float, float, float, float]:
    """Return the proved optimum, the value of a plan, and the two bounds."""
    case = tiny(seed)
    problem = make_problem(case.scenario())
    ways = Ways(problem)
    search = Search(problem, ways, rng=random.Random(seed))  # noqa: S311 - no secret
    for policy in search.starts()[:8]:
        search.offer(policy)
    corridor = read_corridor(problem, ways)
    supply = supply_bound(problem, ways, spans=24).value
    # Outside its family the event search is not asked, and the supply bound stands alone.
    found = [supply]
    if corridor is not None:
        found.append(Prices(corridor, weighted=True).trial(np.zeros(2), 30, lambda: False).bound)
        prove(
            corridor,
            (),
            on_bound=lambda bound: found.append(bound.value),
            on_persons=lambda _: None,
            on_convoys=lambda _: None,
            stop=lambda: False,
            rounds=3,
        )
    for _ in range(30):
        search.step()
    return (
        optima(among)[seed],
        search.value,
        min(found),
        supply,
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_lies_between_plan_and_bounds(seed: int) -> None:
    best, value, bound, supply = plan_and_bounds(seed)
    assert value <= best + LITTLE
    assert bound >= best - LITTLE
    assert supply >= best - LITTLE


@pytest.mark.parametrize("seed", range(12))
def test_two_solvers_name_the_same_optimum_in_whole_millionths(seed: int) -> None:
    value, program = opinions(FEW)[seed]
    assert greatest_by_highs(program) == (in_millionths(value), in_millionths(value))


@pytest.mark.proof
@pytest.mark.parametrize("batch", range(20))
def test_the_optimum_lies_between_plan_and_bounds_on_a_thousand(batch: int) -> None:
    seeds = tuple(range(100 + 50 * batch, 150 + 50 * batch))
    for seed in seeds:
        best, value, bound, supply = plan_and_bounds(seed, seeds)
        assert value <= best + LITTLE, seed
        assert bound >= best - LITTLE, seed
        assert supply >= best - LITTLE, seed
        value_and_bound = greatest_by_highs(opinions(seeds)[seed][1])
        assert value_and_bound == (in_millionths(best), in_millionths(best)), seed


def test_the_bound_is_within_five_per_cent_of_the_optimum_on_most_tiny_corridors() -> None:
    close = among = 0
    for seed in range(20):
        if tiny(seed).intake is not None:
            continue
        among += 1
        best, _, bound, _ = plan_and_bounds(seed)
        close += bound <= best * 1.05 + LITTLE
    assert among >= 10
    assert close >= 0.75 * among
