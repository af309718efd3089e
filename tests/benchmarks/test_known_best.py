"""The record of best plans and bounds: what replaces what, and what contradicts it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.best import (
    Best,
    ContradictionError,
    contradictions,
    fingerprint,
    found,
    keep,
    merged,
    read,
)
from benchmarks.convoy import variant
from safepassage.planner.solve import solve
from safepassage.scenario.figure import Figure, sure
from tests.planner.test_known_plans import in_convoy, one_bus

ONE = Best(
    "town", "abc", "most", 100.0, "aa", "0.1", "2026-11-01", 110.0, "search", "0.1", "2026-11-01"
)


def test_a_better_plan_and_a_lower_bound_are_kept_each_with_its_own_version() -> None:
    better = replace(ONE, value=105.0, plan_hash="bb", plan_version="0.2", bound=120.0)
    lower = replace(ONE, value=90.0, plan_hash="cc", bound=107.0, bound_version="0.3")
    both = merged(merged(ONE, better), lower)
    assert (both.value, both.plan_hash, both.plan_version) == (105.0, "bb", "0.2")
    assert (both.bound, both.bound_version) == (107.0, "0.3")
    assert both.gap_percent == pytest.approx(100 * 2 / 107)


def test_an_old_plan_above_a_new_bound_and_a_new_plan_above_an_old_bound_contradict() -> None:
    low = replace(ONE, value=95.0, bound=99.0)
    high = replace(ONE, value=111.0, bound=130.0)
    assert "(100.0) beats the bound" in contradictions(ONE, low)[0]
    assert "(111.0) beats the bound" in contradictions(ONE, high)[0]
    for new in (low, high):
        with pytest.raises(ContradictionError, match="town"):
            merged(ONE, new)
    assert contradictions(ONE, replace(ONE, bound=None)) == []


def test_where_the_least_is_best_a_plan_below_a_bound_contradicts() -> None:
    least = replace(ONE, aim="least", value=110.0, bound=100.0)
    assert merged(least, replace(least, value=105.0, bound=99.0)).value == 105.0
    assert merged(least, replace(least, value=120.0, bound=104.0)).bound == 104.0
    with pytest.raises(ContradictionError):
        merged(least, replace(least, value=99.0, bound=90.0))
    with pytest.raises(ContradictionError):
        merged(least, replace(least, value=120.0, bound=111.0))


def test_of_another_text_of_the_case_nothing_is_kept() -> None:
    other = replace(ONE, scenario="def", value=10.0, bound=20.0)
    assert merged(ONE, other) == other


def test_the_file_changes_only_for_something_better(tmp_path) -> None:
    file = tmp_path / "best.csv"
    assert read(file) == {}
    assert keep(ONE, file) == ONE
    written = file.read_bytes()
    assert keep(replace(ONE, value=50.0, bound=200.0), file) == ONE
    assert file.read_bytes() == written
    keep(replace(ONE, case="a city", bound=None, bound_kind=""), file)
    keep(replace(ONE, value=101.0), file)
    assert [(one.case, one.value, one.bound) for one in read(file).values()] == [
        ("a city", 100.0, None),
        ("town", 101.0, 110.0),
    ]
    with pytest.raises(ContradictionError):
        keep(replace(ONE, value=111.0), file)
    assert read(file)["town"].value == 101.0
    assert [one.name for one in tmp_path.iterdir()] == ["best.csv"]


def test_a_verified_plan_is_recorded_with_its_hash_and_its_bound(tmp_path) -> None:
    made = solve(in_convoy(one_bus(people=100, drive=60, hours=5)), iterations=3)
    kept = keep(found("bus", made), tmp_path / "best.csv")
    assert (kept.value, kept.bound, kept.plan_hash) == (made.value, made.bound, made.plan_hash)
    assert kept.scenario == fingerprint(made.scenario)


def test_the_fingerprint_follows_numbers_and_not_words() -> None:
    one = variant(1)
    words = replace(one, name="another", sha256="0" * 64)
    told = replace(words, vehicles=(replace(one.vehicles[0], count=_told(one)), *one.vehicles[1:]))
    assert fingerprint(told) == fingerprint(one) == fingerprint(variant(1))
    more = replace(one, vehicles=(replace(one.vehicles[0], count=sure(99)), *one.vehicles[1:]))
    longer = replace(one, horizon=one.horizon + timedelta(seconds=1))
    assert len({fingerprint(each) for each in (one, more, longer, variant(2))}) == 4


def _told(one) -> Figure[int]:
    return Figure(value=one.vehicles[0].count.pick(), source="a list", path="vehicle[0].count")
