"""Slips: numbers that outlive plans, a drill marked on each, nothing that betrays its bearer."""

import re
from dataclasses import replace

import pytest

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.codes import ALPHABET, plan_code, read_code
from safepassage.report.sheets.frame import Printing
from safepassage.report.sheets.slip_sheet import SlipsBody, slip_sheet
from tests.report.sheet_mission import TEXT, mission
from tests.report.sheet_pages import AT, PRINTING, printed


@pytest.fixture(scope="module")
def verified() -> VerifiedPlan:
    return mission()


def test_the_first_300_slips_of_families_are_for_five_and_the_others_for_four(
    verified: VerifiedPlan,
) -> None:
    # 2100 people in 450 households: 300 of five and 150 of four.
    body = slip_sheet(verified, "families", (300, 301), PRINTING).body
    assert isinstance(body, SlipsBody)
    assert [(slip.number, slip.people) for slip in body.slips] == [("A-300", 5), ("A-301", 4)]


def test_a_slip_names_no_place_no_mission_no_class_and_no_group(verified: VerifiedPlan) -> None:
    body = slip_sheet(verified, "patients", range(1, 4), PRINTING).body
    text = repr(body)
    for word in ("Market", "market", "river", "River", "lying", "patient", "families", "C1"):
        assert word not in text, word


def test_slips_stay_the_same_when_the_scenario_changes_around_them(
    verified: VerifiedPlan,
) -> None:
    changed = mission(TEXT.replace('longest_wait = "60 min"', 'longest_wait = "50 min"'))
    moved = replace(changed.scenario, sha256="f" * 64)
    object.__setattr__(changed, "scenario", moved)
    assert changed.plan_hash != ""
    first = slip_sheet(verified, "families", (1, 450), PRINTING).body
    assert first == slip_sheet(changed, "families", (1, 450), PRINTING).body


def test_a_drill_marks_each_slip_and_changes_its_code(verified: VerifiedPlan) -> None:
    drill = slip_sheet(verified, "families", range(1, 6), Printing(AT, "DRILL"))
    real = slip_sheet(verified, "families", range(1, 6), PRINTING)
    # Five slips and the band of the page.
    assert len(re.findall(r"DRILL", printed(drill))) >= 6
    assert "DRILL" not in printed(real)
    assert isinstance(drill.body, SlipsBody)
    assert isinstance(real.body, SlipsBody)
    codes = {slip.code for slip in drill.body.slips} | {slip.code for slip in real.body.slips}
    assert len(codes) == 10


@pytest.mark.parametrize("numbers", [(0,), (451,), ()])
def test_a_number_that_is_no_slip_is_refused(
    verified: VerifiedPlan, numbers: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="want numbers from 1 to 450"):
        slip_sheet(verified, "families", numbers, PRINTING)


def test_codes_have_no_letter_that_is_taken_for_another() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    for text in ("SP1 PLAN a", "SP1 PLAN b", ""):
        assert re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", read_code(text))
    assert read_code("SP1 PLAN a") != read_code("SP1 PLAN b")
    assert plan_code("3f9a12c07be4") == "3F9A-12C0"
