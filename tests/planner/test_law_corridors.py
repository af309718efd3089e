"""The bound of the event search against optima that CP-SAT proves, on corridors of every sort."""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from safepassage.planner.corridor.model import read_corridor
from safepassage.planner.corridor.polish import Polish
from safepassage.planner.corridor.prices import Prices
from safepassage.planner.corridor.scarce import scarce_of
from safepassage.planner.problem import make_problem
from safepassage.planner.search import Search
from safepassage.planner.ways import Ways
from tests.planner.corridors import LED, TAKEN, small
from tests.planner.second_opinion import Program, greatest_by_highs

LITTLE = 1e-3
MILLION = 10**6
FEW = (*range(14), *range(LED, LED + 5), *range(TAKEN, TAKEN + 5))
ROOT = Path(__file__).parents[2]


@cache
def opinions(seeds: Sequence[int]) -> dict[int, tuple[float | None, Program]]:
    """Return the optima of seeds (None: not proved) and their programs, from another process."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.planner.exact_corridors", *map(str, seeds)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    told = json.loads(made.stdout)
    return {int(seed): (one["value"], one["program"]) for seed, one in told.items()}


def optima(seeds: Sequence[int]) -> dict[int, float | None]:
    """Return the optima of seeds; None where not proved."""
    return {seed: value for seed, (value, _) in opinions(seeds).items()}


def least_bound(seed: int, rounds: int) -> float:
    """Return the least of the bounds under drawn prices, beams of any width, and good prices."""
    problem = make_problem(small(seed).scenario())
    corridor = read_corridor(problem, Ways(problem))
    assert corridor is not None
    prices = Prices(corridor, weighted=True)
    rng = np.random.default_rng(seed)
    found = []
    for height in (0.0, 0.3, 1.0):
        drawn = height * rng.random(len(prices.supply)) * prices.top
        width = int(rng.choice((2, 10, 200)))
        found.append(prices.trial(drawn, width, lambda: False).bound)
    start = np.zeros(len(prices.supply))
    prices.improve(start, width=50, rounds=rounds, stop=lambda: False, on_trial=lambda _: True)
    assert prices.best is not None
    return min(*found, prices.best.bound)


def counted_bounds(seed: int) -> list[tuple[float, float]]:
    """Return the bounds with each scarce thing counted, under drawn prices, and without."""
    problem = make_problem(small(seed).scenario())
    corridor = read_corridor(problem, Ways(problem))
    assert corridor is not None
    prices = Prices(corridor, weighted=True)
    rng = np.random.default_rng(seed)
    found = []
    for one in scarce_of(corridor, prices.worths.classes):
        for height in (0.0, 0.1, 0.3):
            drawn = height * rng.random(len(prices.supply)) * prices.top
            width = int(rng.choice((2, 50, 400)))
            made = prices.counted(drawn, one, width, lambda: False, -1.0)
            found.append((made.bound, made.found.bound + float(drawn @ prices.supply)))
    return found


@pytest.mark.parametrize("seed", FEW)
def test_no_optimum_is_above_a_bound_that_counts_what_is_scarce(seed: int) -> None:
    best = optima(FEW)[seed]
    if best is None:
        pytest.skip("the optimum was not proved in its time")
    for counted, _ in counted_bounds(seed):
        assert counted >= best - LITTLE


def test_counting_what_is_scarce_lowers_some_bounds() -> None:
    pairs = [pair for seed in FEW for pair in counted_bounds(seed)]
    assert sum(counted < plain - LITTLE for counted, plain in pairs) >= 5


@pytest.mark.parametrize("seed", FEW)
def test_no_optimum_is_above_the_bound(seed: int) -> None:
    best = optima(FEW)[seed]
    if best is None:
        pytest.skip("the optimum was not proved in its time")
    assert least_bound(seed, 4) >= best - LITTLE


@pytest.mark.parametrize("seed", FEW[:6])
def test_two_solvers_agree_in_whole_millionths(seed: int) -> None:
    best, program = opinions(FEW)[seed]
    agree(best, greatest_by_highs(program))


def agree(best: float | None, other: tuple[int, int] | None) -> None:
    """Hold the optimum that CP-SAT proves against the value and the bound of HiGHS."""
    if best is None or other is None:
        return
    value, bound = other
    assert value <= round(best * MILLION) <= bound


@pytest.mark.proof
@pytest.mark.parametrize("batch", range(80))
def test_no_optimum_is_above_the_bound_on_two_thousand(batch: int) -> None:
    seeds = tuple(range(100 + 25 * batch, 125 + 25 * batch))
    for seed in seeds:
        best = optima(seeds)[seed]
        agree(best, greatest_by_highs(opinions(seeds)[seed][1]))
        if best is not None:
            assert least_bound(seed, 8) >= best - LITTLE, seed
            assert all(one >= best - LITTLE for one, _ in counted_bounds(seed)), seed


@pytest.mark.proof
@pytest.mark.parametrize("batch", range(16))
@pytest.mark.parametrize("first", [LED, TAKEN])
def test_no_optimum_is_above_a_bound_that_follows_something(first: int, batch: int) -> None:
    seeds = tuple(range(first + 25 * batch, first + 25 + 25 * batch))
    for seed in seeds:
        best = optima(seeds)[seed]
        if best is not None:
            assert least_bound(seed, 8) >= best - LITTLE, seed
            assert all(one >= best - LITTLE for one, _ in counted_bounds(seed)), seed


@pytest.mark.parametrize("seed", range(20, 28))
def test_what_timetables_are_made_into_keeps_below_the_bound(seed: int) -> None:
    problem = make_problem(small(seed).scenario())
    ways = Ways(problem)
    corridor = read_corridor(problem, ways)
    assert corridor is not None
    rng = random.Random(seed)  # noqa: S311 - no secret
    search = Search(problem, ways, rng=rng)
    for policy in search.starts()[:4]:
        search.offer(policy)
    polish = Polish(corridor, search, rng)
    for _ in range(30):
        polish.take_in()
        polish.step(lambda: False, 0.5)
    polish.realise(None)
    assert search.value <= least_bound(seed, 4) + LITTLE
