"""Laws of the tours problem: what holds for every instance."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.tours_instances import random_family, standard_family
from safepassage.planner.tours.arcflow import relaxation, tours_within
from safepassage.planner.tours.balancing import anneal, rides_of
from safepassage.planner.tours.bounds import mean_length, quick_bound, reach, trips_of_one
from safepassage.planner.tours.certificate import Certificate, shortfall
from safepassage.planner.tours.columns import bound_by_columns
from safepassage.planner.tours.fleet import improve_fleet
from safepassage.planner.tours.greedy import soonest_first
from safepassage.planner.tours.problem import (
    Tour,
    ToursProblem,
    faults,
    makespan,
    span,
    symmetric,
)
from safepassage.planner.tours.rounding import flow_of, split, whole_flow
from safepassage.planner.tours.search import Solution, solve_tours

LATE = 1e18


@st.composite
def small(draw: st.DrawFn) -> ToursProblem:
    pickups, gates = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    times = st.integers(1, 10)
    loads = draw(st.lists(st.integers(0, 4), min_size=pickups, max_size=pickups))
    room = draw(st.lists(st.integers(0, 8), min_size=gates, max_size=gates))
    if sum(room) < sum(loads):
        room[0] += sum(loads) - sum(room)
    buses = draw(st.lists(st.integers(1, 2), min_size=1, max_size=2))
    start = [[draw(times) for _ in range(pickups)] for _ in buses]
    between = [[draw(times) for _ in range(gates)] for _ in range(pickups)]
    return symmetric("drawn", loads, room, buses, start, between)


def solved(problem: ToursProblem) -> Solution:
    return solve_tours(problem, limit=60.0, seed=1)


@given(small())
def test_every_drawn_instance_is_solved_to_a_proved_optimum_that_is_legal(
    problem: ToursProblem,
) -> None:
    solution = solved(problem)
    assert solution.tours is not None
    assert faults(problem, solution.tours) == []
    assert recost(problem, solution.tours) == solution.value == solution.bound


@given(small())
def test_no_bound_is_above_the_optimum_and_columns_are_never_below_the_quick_bounds(
    problem: ToursProblem,
) -> None:
    best = solved(problem).value
    assert best is not None
    quick = quick_bound(problem)
    assert quick == max(reach(problem), trips_of_one(problem), mean_length(problem))
    found = bound_by_columns(problem, quick, [], until=LATE)
    assert quick <= found.value <= best


@given(small())
def test_the_bound_by_columns_is_that_of_the_relaxed_arc_flow(problem: ToursProblem) -> None:
    # Two linear programs that share no code say the same (Dantzig and Wolfe, 1960).
    found = bound_by_columns(problem, 0, [], until=LATE).value
    at = relaxation(problem, found, limit=60.0)
    assert at.status == "optimal"
    assert at.value < 1e-6
    if found > 0:
        below = relaxation(problem, found - 1, limit=60.0)
        assert below.status == "optimal"
        assert below.value > 1e-9


@settings(max_examples=12)
@given(small())
def test_one_more_bus_never_raises_the_optimum(problem: ToursProblem) -> None:
    more = replace(problem, buses=(problem.buses[0] + 1, *problem.buses[1:]))
    assert (solved(more).value or 0) <= (solved(problem).value or 0)


@settings(max_examples=12)
@given(small())
def test_more_room_never_raises_the_optimum(problem: ToursProblem) -> None:
    more = replace(problem, room=tuple(n + 1 for n in problem.room))
    assert (solved(more).value or 0) <= (solved(problem).value or 0)


@settings(max_examples=12)
@given(small(), st.integers(0, 3))
def test_one_more_load_never_lowers_the_optimum(problem: ToursProblem, where: int) -> None:
    loads = list(problem.loads)
    loads[where % len(loads)] += 1
    more = replace(problem, loads=tuple(loads), room=(problem.room[0] + 1, *problem.room[1:]))
    room = replace(problem, room=more.room)
    assert (solved(more).value or 0) >= (solved(room).value or 0)


@given(small())
def test_a_certificate_refutes_its_horizon_and_nothing_from_the_optimum_on(
    problem: ToursProblem,
) -> None:
    solution = solved(problem)
    one = solution.certificate
    if one is None or solution.value is None:
        return
    assert one.refuted == solution.bound - 1
    assert shortfall(problem, one) > 0
    assert shortfall(problem, replace(one, refuted=solution.value)) <= 0


@given(small(), st.lists(st.integers(0, 10**7), min_size=8, max_size=8))
def test_no_prices_whatever_refute_the_optimum(problem: ToursProblem, prices: list[int]) -> None:
    value = solved(problem).value
    assert value is not None
    pickups = tuple(prices[: len(problem.loads)])
    room = tuple(prices[4 : 4 + len(problem.room)])
    assert shortfall(problem, Certificate(value, pickups, room)) <= 0


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 3.0]))
def test_balancing_keeps_every_load_every_limit_and_its_own_clock(seed: int, weight: float) -> None:
    problem = random_family(6, 4, 4, seed % 50, times=(10, 100), most_loads=6, most_room=20)
    rides = rides_of(problem, soonest_first(problem))
    room = rides.room.copy()
    anneal(
        rides,
        np.arange(problem.fleet),
        moves=2000,
        target=50,
        weight=weight,
        hot=20.0,
        cold=0.5,
        seed=seed,
    )
    tours = rides.tours()
    assert faults(problem, tours) == []
    assert sum(len(one.trips) for one in tours) == problem.total
    assert sorted(rides.spans[rides.spans > 0]) == sorted(span(problem, one) for one in tours)
    used = [sum(j == gate for one in tours for _, j in one.trips) for gate in range(len(room))]
    assert list(rides.room) == [n - m for n, m in zip(problem.room, used, strict=True)]


@given(st.integers(0, 10**6))
def test_a_rounded_flow_is_no_longer_than_the_fractional_one_and_carries_all(seed: int) -> None:
    chance = np.random.default_rng(seed)
    problem = random_family(5, 3, 3, seed % 40, times=(10, 100), most_loads=4, most_room=20)
    # Half of one plan and half of another: a fractional plan that carries every load.
    one = soonest_first(problem)
    rides = rides_of(problem, one)
    anneal(
        rides,
        np.arange(problem.fleet),
        moves=500,
        target=1,
        weight=0.1,
        hot=100.0,
        cold=50.0,
        seed=seed,
    )
    both = [*one, *rides.tours()]
    weights = [0.5] * len(both)
    flow = whole_flow(problem, flow_of(problem, both, weights), np.array(problem.loads))
    assert flow is not None
    tours = split(problem, flow, chance)
    left = list(problem.loads)
    for tour in tours:
        for i, _ in tour.trips:
            left[i] -= 1
    assert max(left) <= 0
    assert length(problem, flow) <= sum(0.5 * span(problem, tour) for tour in both) + 1e-6


def test_the_same_seed_and_rounds_give_the_same_tours() -> None:
    problem = random_family(12, 5, 10, 1, times=(100, 1000), most_loads=14, most_room=40)
    start = soonest_first(problem)
    found = bound_by_columns(problem, quick_bound(problem), start, until=LATE)
    results = [
        improve_fleet(
            problem,
            start,
            makespan(problem, start),
            found.value,
            found.master.tours,
            seed=7,
            until=LATE,
            rounds=4,
        )
        for _ in range(2)
    ]
    assert results[0] == results[1]
    assert results[0][1] < makespan(problem, start)


def test_sizes_up_to_6_pickups_and_6_shelters_are_proved() -> None:
    for size in (2, 3, 4, 5, 6):
        problem = standard_family(size, 1)
        solution = solved(problem)
        assert solution.proved
        assert solution.value is not None
        # One tick less is refuted by the exact model, asked directly.
        answer, tours = tours_within(problem, solution.value - 1, limit=60.0)
        assert answer.status == "infeasible"
        assert tours == []


def length(problem: ToursProblem, flow: object) -> float:
    return sum(
        float((getattr(flow, part) * getattr(problem, ticks)).sum())
        for part, ticks in (("starts", "start"), ("loaded", "out"), ("empty", "back"))
    )


def recost(problem: ToursProblem, tours: tuple[Tour, ...]) -> int:
    """Cost tours again in plain numbers: d0, then out, back, out, …"""
    last = 0
    for tour in tours:
        clock = int(problem.start[tour.yard, tour.trips[0][0]]) if tour.trips else 0
        for number, (i, j) in enumerate(tour.trips):
            clock += int(problem.out[i, j])
            if number + 1 < len(tour.trips):
                clock += int(problem.out[tour.trips[number + 1][0], j])
        last = max(last, clock)
    return last
