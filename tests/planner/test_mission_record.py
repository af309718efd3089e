"""No plan on record beats a bound that is proved today, and no plan of today a bound on record.

benchmarks/best.csv holds the best plan and the lowest bound of every run of the benchmarks.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from benchmarks.best import Best, contradictions, digest, fingerprint, found, read, row
from benchmarks.city import city
from benchmarks.convoy import case_name, variant
from benchmarks.examples import examples
from benchmarks.tours_instances import euclidean_twin, large_family, standard_family
from safepassage.planner.solve import solve
from safepassage.planner.tours.bep_text import write_bep
from safepassage.planner.tours.bounds import quick_bound
from safepassage.planner.tours.problem import ToursProblem
from safepassage.planner.tours.search import solve_tours
from safepassage.scenario.scenario import Scenario

RECORD = read()
CITY = "city 10000 seed 1"

DRAWN: dict[str, Callable[[], Scenario]] = {
    case_name(seed): lambda seed=seed: variant(seed)  # type: ignore[misc]
    for seed in range(1, 21)
} | {CITY: lambda: city(1, people=10_000, vehicles=150)}


def of_tours() -> dict[str, ToursProblem]:
    """Return the tours problems that the benchmark draws, by name."""
    seeds = range(1001, 1004)
    drawn = [standard_family(size, seed) for size in (6, 8, 10) for seed in seeds]
    for loads, buses in ((100, 10), (300, 30), (1000, 100), (10_000, 1000)):
        drawn += [large_family(loads, buses, seed) for seed in seeds]
    drawn += [euclidean_twin(1000, 100, seed) for seed in seeds]
    return {one.name: one for one in drawn}


def in_accord(known: Best, new: Best) -> None:
    if known.scenario != new.scenario:
        pytest.skip("the record is of an earlier text of the case")
    assert contradictions(known, new) == []


def test_the_record_holds_the_variants_the_city_and_the_examples() -> None:
    assert set(DRAWN) <= set(RECORD)
    assert "aleppo-2016" in RECORD
    assert any(name.startswith("ggh13-") for name in RECORD)
    assert all(contradictions(one, one) == [] for one in RECORD.values())


@pytest.mark.parametrize("name", DRAWN)
def test_the_record_is_of_the_cases_as_they_are_drawn_now(name: str) -> None:
    assert RECORD[name].scenario == fingerprint(DRAWN[name]())


@pytest.mark.parametrize("seed", [4, 12, 17])
def test_a_short_run_of_a_variant_agrees_with_the_record(seed: int) -> None:
    name = case_name(seed)
    in_accord(RECORD[name], found(name, solve(variant(seed), seed=2, iterations=1)))


def test_no_tours_on_record_are_shorter_than_their_quick_bound() -> None:
    drawn = of_tours()
    held = [one for one in RECORD.values() if one.case in drawn]
    assert held
    for one in held:
        problem = drawn[one.case]
        assert one.scenario == digest(write_bep(problem))[:12], one.case
        assert quick_bound(problem) <= one.value, one.case


@pytest.mark.proof
@pytest.mark.parametrize("name", DRAWN)
def test_a_minute_of_each_variant_and_of_the_city_agrees_with_the_record(name: str) -> None:
    in_accord(RECORD[name], found(name, solve(DRAWN[name](), seed=2, limit=timedelta(seconds=60))))


@pytest.mark.proof
def test_a_minute_of_each_example_agrees_with_the_record() -> None:
    for name, scenario in examples():
        if name in RECORD and RECORD[name].scenario == fingerprint(scenario):
            in_accord(
                RECORD[name], found(name, solve(scenario, seed=2, limit=timedelta(seconds=60)))
            )


@pytest.mark.proof
@pytest.mark.parametrize("name", [one for one in RECORD if one in of_tours()])
def test_twenty_seconds_of_each_tours_case_agree_with_the_record(name: str) -> None:
    problem = of_tours()[name]
    made = solve_tours(problem, limit=20.0, seed=2)
    assert made.value is not None
    text = digest(write_bep(problem))[:12]
    in_accord(RECORD[name], row(name, text, "least", made.value, "", made.bound, made.known))
