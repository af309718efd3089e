"""The validation page is what the results make, and the results are what the model gives."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.validation.measure import MEASURES
from benchmarks.validation.operations import OPERATIONS
from benchmarks.validation.page import verdict
from benchmarks.validation.score import interval_score, pooled, scored
from benchmarks.validation.shuttle import plan_of, scenario_of
from benchmarks.validation.targets import TARGETS
from scripts.validation import PAGE, RESULTS, text

FEW = 128
NEAR = 0.12
"""The middle of 128 runs lies so near to that of 1,024."""


def results() -> dict[str, list[float]]:
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {**found["rows"], **found["frozen"]["rows"]}


def test_the_validation_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == text()


def test_every_target_is_measured_and_every_measure_is_a_target() -> None:
    rows = [one.row for one in TARGETS]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(MEASURES) == set(results())
    assert {row.partition(" ")[0] for row in rows} == {f"T{number}" for number in range(1, 15)}


def test_misses_stay_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missed = [
        one
        for one in TARGETS
        if one.standing in ("predicted", "frozen") and verdict(one, results()[one.row]) != "hit"
    ]
    assert page.count("**miss**") == len(missed)


@pytest.mark.parametrize("row", [one.row for one in TARGETS if one.standing == "predicted"])
def test_the_model_still_gives_what_the_page_says(row: str) -> None:
    low, middle, high = results()[row]
    found = float(np.percentile(MEASURES[row](FEW), 50))
    assert found == pytest.approx(middle, rel=NEAR) or low <= found <= high


@pytest.mark.proof
def test_every_row_that_is_not_frozen_is_measured_again_to_the_digit() -> None:
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    for row, numbers in found["rows"].items():
        again = np.percentile(MEASURES[row](found["runs"]), [10, 50, 90])
        assert again == pytest.approx(numbers, rel=1e-3), row


def test_every_plan_of_an_operation_is_accepted_by_the_verifier() -> None:
    for operation in OPERATIONS.values():
        plan = plan_of(operation, scenario_of(operation))
        assert plan.people_out > 0


def test_the_interval_score_is_the_width_and_ten_times_the_miss() -> None:
    # Half as wide as the figure and around it; then 20 beside it: (10 + 10 x 20) / 100.
    assert interval_score(75, 125, 100) == pytest.approx(0.5)
    assert interval_score(120, 130, 100) == pytest.approx(2.1)
    assert interval_score(100, 100, 100) == 0.0


def test_the_pool_leaves_the_own_operation_out() -> None:
    azovstal = next(one for one in TARGETS if one.row == "T11 days")
    # The other operation that was announced for a day is Aleppo: 7.25 days.
    assert pooled(azovstal) == (7.25, 7.25)


def test_the_scores_stand_beside_both_nulls_for_each_operation() -> None:
    rows = {name: (row[0], row[1], row[2]) for name, row in results().items()}
    assert [one.operation for one in scored(rows)] == [
        "Aleppo 2016",
        "Sumy 2022",
        "Azovstal 2022",
        "Foua and Kefraya 2018",
    ]
    assert Path(PAGE).name == "validation.md"
