"""Optima that are printed, worked by hand, or found again by another solver or by brute force."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.tours_instances import printed_example, random_family
from safepassage.planner.tours.arcflow import tours_within
from safepassage.planner.tours.problem import Tour, ToursProblem, faults, makespan, symmetric
from safepassage.planner.tours.search import Solution, solve_tours


def solved(problem: ToursProblem) -> Solution:
    solution = solve_tours(problem, limit=60.0, seed=1)
    assert solution.tours is not None
    assert faults(problem, solution.tours) == []
    assert makespan(problem, solution.tours) == solution.value
    return solution


def test_the_printed_3x3x3_instance_has_optimum_23() -> None:
    solution = solved(printed_example())
    assert (solution.value, solution.bound) == (23, 23)


def test_the_plan_printed_in_the_paper_costs_23() -> None:
    problem = printed_example()
    printed = [
        Tour(0, ((0, 0), (2, 1))),
        Tour(0, ((1, 0), (2, 1))),
        Tour(0, ((1, 2), (1, 1), (2, 1))),
    ]
    assert faults(problem, printed) == []
    assert makespan(problem, printed) == 23


def test_a_pickup_without_loads_may_be_a_short_cut_in_the_exact_model() -> None:
    # By hand: straight to the load 10 + 1; by way of the other pickup 1 + 1 + 1 + 1.
    problem = symmetric("short", [1, 0], [2], [1], [[10, 1]], [[1], [1]])
    assert tours_within(problem, 3, limit=10.0)[0].status == "infeasible"
    assert tours_within(problem, 4, limit=10.0)[1] == [Tour(0, ((1, 0), (0, 0)))]
    assert solved(problem).value == 4


def test_another_solver_confirms_each_optimum_and_refutes_one_less() -> None:
    problems = [printed_example(), *(random_family(4, 4, 3, seed) for seed in range(6))]
    values = [solved(problem).value or 0 for problem in problems]
    questions = [
        (problem, horizon)
        for problem, value in zip(problems, values, strict=True)
        for horizon in (value, value - 1)
    ]
    assert reach(questions) == [True, False] * len(problems)


def test_one_bus_with_two_loads_to_one_shelter_ends_after_25() -> None:
    # By hand: 7 to the pickup, then 6 out, 6 back, 6 out.
    assert solved(symmetric("one", [2], [2], [1], [[7]], [[6]])).value == 25


def test_a_second_bus_brings_the_last_load_in_after_13() -> None:
    assert solved(symmetric("two", [2], [2], [2], [[7]], [[6]])).value == 13


def test_a_full_shelter_sends_the_second_load_to_the_far_one() -> None:
    # By hand: two buses, one load each; the near shelter takes one load only.
    assert solved(symmetric("full", [2], [1, 1], [2], [[1]], [[2, 9]])).value == 10


def test_each_yard_sends_its_own_buses() -> None:
    # By hand: yard 1 is next to pickup 1 and far from pickup 0; each has one bus.
    problem = symmetric("yards", [1, 1], [2], [1, 1], [[1, 50], [50, 2]], [[4], [6]])
    assert solved(problem).value == 8


@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_of_a_tiny_instance_is_that_of_brute_force(seed: int) -> None:
    problem = random_family(2, 2, 2, seed, most_loads=2, most_room=3)
    assert solved(problem).value == by_brute_force(problem)
    assert solved(problem).proved


def by_brute_force(problem: ToursProblem) -> int:
    """Try every order of all loads, every shelter for each, and every split between two buses."""
    loads = [i for i, n in enumerate(problem.loads) for _ in range(n)]
    best = 10**9
    for order in set(itertools.permutations(loads)):
        for gates in itertools.product(range(len(problem.room)), repeat=len(order)):
            if any(gates.count(j) > n for j, n in enumerate(problem.room)):
                continue
            trips = tuple(zip(order, gates, strict=True))
            for cut in range(len(trips) + 1):
                tours = [Tour(0, trips[:cut]), Tour(0, trips[cut:])]
                best = min(best, makespan(problem, [one for one in tours if one.trips]))
    return best


def reach(questions: list[tuple[ToursProblem, int]]) -> list[bool]:
    """Ask CP-SAT, in a process of its own: its library and that of HiGHS do not load together."""
    asked = [
        {
            "loads": problem.loads,
            "room": problem.room,
            "buses": problem.buses,
            "start": problem.start.tolist(),
            "between": problem.out.tolist(),
            "horizon": horizon,
        }
        for problem, horizon in questions
    ]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("cp_sat.py"))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[bool] = json.loads(done.stdout)
    return answers
