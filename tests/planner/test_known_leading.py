"""Escorts of a timetable: who comes back with a convoy, who alone, and what is carried out."""

import random
from dataclasses import replace

import pytest

from benchmarks.convoy import variant
from safepassage.planner.corridor.assign import Timed, assign
from safepassage.planner.corridor.carry_out import carry_out
from safepassage.planner.corridor.leading import leading
from safepassage.planner.corridor.model import Corridor
from safepassage.planner.corridor.prove import corridor_of
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.objective import plan_value
from safepassage.planner.problem import make_problem
from safepassage.planner.rebuilding import kept_part
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import sure
from safepassage.scenario.scenario import Scenario

BACK_ALONE = (
    ">64 >94 <155 <183 >221 >251 <307 <342 >374 >408 <476 >507 >566 <598 >687 <779 >868 <959 >1048"
)
"""Two escorts. Who leads at 374 must be back for 507 and finds no convoy in time: the next one in
enters at 476. He comes back alone, between 440 and 441."""


def timed(text: str) -> Timed:
    """Return a timetable written as minutes, outward with > and inward with <."""
    return tuple((int(one[1:]) * 60, one[0] == ">") for one in text.split())


def corridor(scenario: Scenario) -> Corridor:
    problem = make_problem(scenario, "likely")
    made = corridor_of(problem, Ways(problem))
    assert made is not None
    return made


def one_escort() -> Corridor:
    """Return variant 8: 48 minutes of corridor, an hour of headway, one escort at the near gate."""
    return corridor(variant(8))


def test_a_lone_escort_leads_again_when_he_can_be_back() -> None:
    made = leading(one_escort(), timed(">100 >196"))
    assert made is not None
    assert made.riders == (1, 1)
    assert made.alone == ((148 * 60, False, 1),)


def test_a_lone_escort_does_not_lead_a_minute_before_he_can_be_back() -> None:
    assert leading(one_escort(), timed(">100 >195")) is None


def test_who_comes_back_with_a_convoy_does_not_come_alone() -> None:
    made = leading(one_escort(), timed(">100 <150 >198"))
    assert made is not None
    assert made.riders == (1, 1, 1)
    assert made.alone == ()


def test_nobody_comes_alone_within_the_headway_of_a_convoy() -> None:
    two = replace(variant(8), staff=tuple(
        replace(one, count=sure(2)) if one.kind == "escort" else one for one in variant(8).staff
    ))  # fmt: skip
    # The second escort leads in at 140. Who led out at 100 could enter at 148 only with 60 minutes
    # between them: at 200, and be back at 248.
    early = timed(">75 >135 <140 >230")
    assert leading(corridor(two), (*early, *timed(">290"))) is not None
    assert leading(corridor(two), timed(">75 >135 <140 >195 >230")) is None


def test_a_timetable_with_an_escort_who_comes_alone_is_carried_out_as_proposed() -> None:
    made = corridor(variant(13))
    led = leading(made, timed(BACK_ALONE))
    assert led is not None
    assert led.alone
    loads = assign(made, timed(BACK_ALONE), whole=True)
    assert loads is not None
    schedule = carry_out(made, timed(BACK_ALONE), loads, then_greedy=False)
    assert plan_value(made.problem, schedule.trips) == pytest.approx(loads.value, rel=1e-9)


def test_what_is_kept_is_a_part_of_the_plan_and_nearly_never_all_of_it() -> None:
    plan = fill_and_send(variant(8)).plan
    parts = [kept_part(plan, random.Random(seed)) for seed in range(20)]  # noqa: S311 - no secret
    for kept in parts:
        assert all(one in plan.trips for one in kept.trips)
        assert {one.id for one in kept.convoys} == {one.convoy for one in kept.trips} - {None}
    assert sum(len(kept.trips) < len(plan.trips) for kept in parts) >= 15
