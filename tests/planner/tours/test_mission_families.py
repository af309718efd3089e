"""The full families of the issues: every optimum proved (run by `make proof`)."""

import time

import pytest

from benchmarks.bep import recost
from benchmarks.tours_instances import large_family, standard_family
from safepassage.planner.tours.certificate import shortfall
from safepassage.planner.tours.search import prepare, solve_tours


@pytest.mark.proof
@pytest.mark.parametrize("size", range(2, 11))
def test_every_optimum_of_the_random_family_is_proved(size: int) -> None:
    prepare()
    for seed in range(1, 21):
        problem = standard_family(size, seed)
        solution = solve_tours(problem, limit=60.0, seed=1)
        assert solution.tours is not None
        assert recost(problem, solution.tours) == solution.value == solution.bound


@pytest.mark.proof
@pytest.mark.parametrize(("loads", "buses"), [(1000, 100), (10_000, 1000)])
def test_large_fleets_end_close_to_a_bound_that_is_certified(loads: int, buses: int) -> None:
    prepare()
    for seed in (21, 22):
        problem = large_family(loads, buses, seed)
        began = time.monotonic()
        solution = solve_tours(problem, limit=60.0, seed=1)
        assert time.monotonic() - began < 90.0
        assert solution.tours is not None
        assert solution.value is not None
        assert recost(problem, solution.tours) == solution.value
        assert solution.certificate is not None
        assert shortfall(problem, solution.certificate) > 0
        assert (solution.value - solution.bound) / solution.value < 0.01
