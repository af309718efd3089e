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
from tests.planner.tiny import tiny

LITTLE = 1e-3
FEW = tuple(range(20))
ROOT = Path(__file__).parents[2]


@cache
def optima(seeds: Sequence[int]) -> dict[int, float]:
    """Return the optima of seeds, from one process of their own."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.planner.exact", *map(str, seeds)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return {int(seed): float(value) for seed, value in json.loads(made.stdout).items()}


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


@pytest.mark.proof
@pytest.mark.parametrize("batch", range(20))
def test_the_optimum_lies_between_plan_and_bounds_on_a_thousand(batch: int) -> None:
    seeds = tuple(range(100 + 50 * batch, 150 + 50 * batch))
    for seed in seeds:
        best, value, bound, supply = plan_and_bounds(seed, seeds)
        assert value <= best + LITTLE, seed
        assert bound >= best - LITTLE, seed
        assert supply >= best - LITTLE, seed


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
