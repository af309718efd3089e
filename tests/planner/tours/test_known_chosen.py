"""Tours chosen one by one: what is listed near the bound holds every plan within the horizon."""

import time

import numpy as np
import pytest

from benchmarks.tours_instances import metre_exact, random_family
from safepassage.planner.tours.chosen import choose, inserted, pick, raise_bound
from safepassage.planner.tours.problem import Tour, faults, makespan, symmetric
from safepassage.planner.tours.search import solve_tours

LONG = 60.0


def soon() -> float:
    return time.monotonic() + LONG


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_horizon_has_a_plan_exactly_from_the_optimum_on(seed):
    problem = random_family(4, 4, 3, seed)
    solution = solve_tours(problem, limit=LONG, seed=1)
    assert solution.proved
    best = solution.value
    assert best is not None
    at, _ = choose(problem, best, (), until=soon())
    assert at.tours is not None
    assert not faults(problem, at.tours)
    assert makespan(problem, at.tours) <= best
    below, _ = choose(problem, best - 1, (), until=soon())
    assert below.refuted
    assert below.tours is None


def test_the_printed_example_is_refuted_at_22_and_solved_at_23():
    problem = symmetric(
        "printed",
        [1, 3, 3],
        [4, 4, 1],
        [3],
        [[7, 4, 9]],
        [[6, 7, 8], [10, 9, 2], [6, 3, 7]],
    )
    assert choose(problem, 22, (), until=soon())[0].refuted
    assert choose(problem, 23, (), until=soon())[0].tours is not None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_raised_bound_is_above_no_plan(seed):
    problem = random_family(5, 4, 4, seed)
    solution = solve_tours(problem, limit=LONG, seed=1)
    assert solution.value is not None
    tours, value, bound = raise_bound(
        problem, 1, solution.tours or (), solution.value, (), until=soon()
    )
    assert bound <= value <= solution.value
    assert not faults(problem, tours)


def test_loads_left_behind_are_put_where_their_vehicle_ends_soonest():
    problem = symmetric("two", [1, 1], [2], [2], [[10, 20]], [[5], [5]])
    made = inserted(problem, [Tour(0, ((0, 0),))])
    assert made is not None
    # Alone the second bus needs 20 + 5; after the first load it would be 10 + 5 + 5 + 5.
    assert makespan(problem, made) == 25
    assert not faults(problem, made)


def test_what_is_picked_is_a_plan():
    problem = metre_exact(40, 3)
    chosen, columns = pick(problem, 12_000, (), np.random.default_rng(1), until=soon())
    assert columns
    assert chosen is None or not faults(problem, chosen)
