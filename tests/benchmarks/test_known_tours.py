"""benchmarks.tours: what it counts, and what it refuses to count."""

import csv
from pathlib import Path

import pytest

from benchmarks.tours import Result, add_rows, by_then, gap, instances, main, ours, summary
from benchmarks.tours_instances import printed_example
from benchmarks.tours_peers import (
    MOST_BINARIES,
    as_tours,
    between,
    fixed_trips,
    from_vroom,
    literature,
    vroom_problem,
)
from safepassage.planner.tours.problem import Tour, faults, makespan, span, symmetric


def test_our_row_holds_the_value_of_the_benchmarks_own_costing() -> None:
    found = ours(printed_example(), 30.0)
    assert (found.value, found.bound) == (23, 23)


def test_the_program_of_the_literature_finds_23_too() -> None:
    problem = printed_example()
    tours, status = literature(problem, 120.0)
    assert tours is not None
    assert faults(problem, tours) == []
    assert status == "optimal"
    assert makespan(problem, tours) == 23


def test_a_program_that_is_too_large_is_not_built() -> None:
    problem = symmetric("big", [100] * 10, [1000], [100], [[1] * 10], [[2]] * 10)
    assert MOST_BINARIES < 100 * 1000 * 10
    assert literature(problem, 1.0) == (None, "1000000 binaries: not built")


def test_fixed_trips_carry_each_load_once_within_the_room() -> None:
    problem = printed_example()
    trips = fixed_trips(problem)
    assert [sum(i == pickup for i, _ in trips) for pickup in range(3)] == [1, 3, 3]
    assert all(sum(j == gate for _, j in trips) <= problem.room[gate] for gate in range(3))


def test_the_table_between_trips_adds_up_to_the_span_of_a_tour() -> None:
    problem = printed_example()
    trips = fixed_trips(problem)
    table = between(problem, trips)
    (tour,) = as_tours(trips, [[1, 2, 3]])
    assert table[0, 1] + table[1, 2] + table[2, 3] == span(problem, tour)


def test_a_solver_without_a_plan_has_no_gap_and_is_counted_as_such(tmp_path: Path) -> None:
    none = Result("pyvrp", "a", None, None, 1.0, "no plan in time")
    some = Result("vroom", "a", 40, None, 1.0, "fixed shelters")
    assert gap(none, 20) is None
    assert gap(some, 20) == pytest.approx(50.0)
    assert summary([(none, 20), (some, 20)]) == [
        "pyvrp: 0 plans of 1",
        "vroom: 1 plans of 1, median gap 50.00 %, worst 50.00 %",
    ]
    table = tmp_path / "results.csv"
    add_rows(table, [(none, 20)], 60.0)
    add_rows(table, [(some, 20)], 60.0)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["value"] for row in rows] == ["", "40"]


def test_a_quick_run_has_one_seed_of_each_size() -> None:
    names = [one.name for one in instances([(300, 30)], [1001], small=True, twins=False)]
    assert len(names) == len(set(names)) == 4


def test_what_a_run_had_by_a_mark_is_the_best_it_told_until_then() -> None:
    steps = [(1.0, None, 10), (2.0, 40, 12), (3.0, 35, 11), (9.0, 20, 20)]
    early, late = by_then("a", steps, 5.0), by_then("a", steps, 9.0)
    assert (early.value, early.bound, early.solver) == (35, 12, "safepassage@5")
    assert (late.value, late.bound) == (20, 20)
    assert by_then("a", steps, 0.5).value is None


def test_sizes_and_seeds_that_are_asked_for_are_run_and_traced(tmp_path: Path) -> None:
    table = tmp_path / "results.csv"
    arguments = ["--alone", "--sizes", "10/3", "--seeds", "1", "--from", "7", "--limit", "2"]
    assert main([*arguments, "--trace", "2", "--out", str(table)]) == 0
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["solver"] for row in rows] == ["safepassage", "safepassage@2"]
    assert all(row["instance"].endswith("-3-s7") for row in rows)


def test_what_vroom_reads_names_every_trip_and_what_it_writes_becomes_tours() -> None:
    problem = printed_example()
    trips = fixed_trips(problem)
    asked = vroom_problem(problem, trips, 40)
    assert asked["jobs"] == [{"id": n, "location_index": n} for n in range(1, 8)]
    steps = [{"type": "start"}, *({"type": "job", "id": n} for n in range(1, 8)), {"type": "end"}]
    answer = {"code": 0, "summary": {"unassigned": 0}, "routes": [{"vehicle": 0, "steps": steps}]}
    assert from_vroom(trips, answer) == [Tour(0, tuple(trips))]
    assert from_vroom(trips, {**answer, "summary": {"unassigned": 2}}) is None
