"""Scenarios of the family: plans with real trips that the verifier takes; refusals in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.plan import Plan
from safepassage.planner.tours.family import Outside, from_scenario
from safepassage.planner.tours.solve import (
    NoPlanError,
    OutsideFamilyError,
    prove_last_out_impossible,
    solve_last_out,
)
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Intake
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Opening
from tests.planner.tours.scenarios import bus_scenario, minutes

PRINTED = ([1, 3, 3], [4, 4, 1], [3], [[7, 4, 9]], [[6, 7, 8], [10, 9, 2], [6, 3, 7]])


def solved(scenario: Scenario) -> tuple[Plan, VerifiedPlan]:
    plan = solve_last_out(scenario, limit=timedelta(seconds=60), seed=1)
    return plan, verify(scenario, plan)


def test_the_printed_instance_as_a_scenario_ends_after_23_minutes_with_a_checked_certificate() -> (
    None
):
    plan, verified = solved(bus_scenario(*PRINTED))
    assert verified.value == verified.bound == plan.value == 23
    assert verified.bound_checked
    assert verified.people_out == 7


def test_half_loads_that_fill_shelters_in_parts_are_shared_out_exactly() -> None:
    # By hand: 105 + 60 people, buses of 50, shelters of 70 + 60 + 40: full loads alone do not fit.
    scenario = bus_scenario(
        [105, 60],
        [70, 60, 40],
        [2, 1],
        [[7, 4], [3, 5]],
        [[6, 7, 8], [10, 9, 2]],
        seats=50,
        load=2,
        unload=1,
    )
    plan, verified = solved(scenario)
    assert verified.people_out == 165
    assert verified.value == plan.bound
    assert max(sum(one.load.values()) for one in plan.trips) <= 50


def test_loading_and_unloading_count_between_trips() -> None:
    # By hand: 5 there, load 2, 10 out, unload 1, 10 back, load 2, 10 out.
    scenario = bus_scenario([2], [None], [1], [[5]], [[10]], load=2, unload=1)
    assert solved(scenario)[1].value == 40


def test_nobody_departs_before_the_opening() -> None:
    scenario = bus_scenario([1], [None], [1], [[5]], [[10]], load=2)
    later = replace(scenario, opening=Opening(sure(minutes(30))))
    assert solved(later)[1].value == 40


def test_a_group_goes_only_where_it_wants() -> None:
    scenario = bus_scenario([1], [None, None], [1], [[5]], [[10, 90]])
    groups = (replace(scenario.groups[0], wants=("s1",)),)
    plan, verified = solved(replace(scenario, groups=groups))
    assert verified.value == 95
    assert {one.end for one in plan.trips if one.groups} == {"s1"}


def test_two_groups_at_one_place_share_a_bus() -> None:
    scenario = bus_scenario([3], [None], [1], [[5]], [[10]], seats=8)
    groups = (*scenario.groups, Group("more", "p0", "seated", sure(4)))
    plan, verified = solved(replace(scenario, groups=groups))
    assert verified.value == 15
    assert [dict(one.load) for one in plan.trips if one.load] == [{"walking": 3, "seated": 4}]


def test_a_large_scenario_is_verified_with_its_certificate() -> None:
    people = [350, 420, 180, 260]
    scenario = bus_scenario(
        people,
        [600, 500, None],
        [4, 3],
        [[11, 23, 17, 31], [29, 13, 19, 7]],
        [[37, 41, 59], [43, 29, 61], [31, 53, 47], [23, 67, 71]],
        seats=10,
        load=3,
        unload=2,
    )
    plan = solve_last_out(scenario, limit=timedelta(seconds=4), seed=1)
    verified = verify(scenario, plan)
    assert verified.people_out == sum(people)
    assert plan.proof.kind != "certificate" or verified.bound_checked
    assert verified.gap is not None
    assert 0 <= verified.gap < 0.02


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: replace(s, corridors=(Corridor("c", ("p0-s0",)),)), "corridors"),
        (
            lambda s: replace(s, groups=(replace(s.groups[0], households=sure(1)), *s.groups[1:])),
            "households",
        ),
        (
            lambda s: replace(
                s,
                places=tuple(
                    replace(one, intake=Intake(sure(2), minutes(30))) if one.id == "s0" else one
                    for one in s.places
                ),
            ),
            "intake",
        ),
        (
            lambda s: replace(s, groups=(*s.groups, Group("lying", "p0", "stretcher", sure(1)))),
            "classes",
        ),
    ],
)
def test_a_rule_outside_the_family_is_named(change: object, reason: str) -> None:
    scenario = change(bus_scenario(*PRINTED))  # type: ignore[operator]
    reading = from_scenario(scenario)
    assert isinstance(reading, Outside)
    assert any(reason in one for one in reading.reasons)
    if reason != "classes":
        with pytest.raises(OutsideFamilyError, match=reason):
            solve_last_out(scenario, limit=timedelta(seconds=5), seed=1)


def test_too_little_room_is_proved_with_both_numbers() -> None:
    scenario = bus_scenario([5, 4], [3, 4], [1], [[1, 1]], [[2, 2], [2, 2]])
    assert prove_last_out_impossible(scenario) == (
        "capacity: 9 people wish to leave, all destinations take 7"
    )
    with pytest.raises(NoPlanError, match="take 7"):
        solve_last_out(scenario, limit=timedelta(seconds=5), seed=1)


def test_a_pickup_without_a_way_is_named() -> None:
    scenario = bus_scenario([1, 1], [None], [1], [[1, 1]], [[2], [2]])
    cut = tuple(one for one in scenario.legs if one.start != "p1")
    found = prove_last_out_impossible(replace(scenario, legs=cut))
    assert found is not None
    assert "p1" in found


def test_a_horizon_that_is_too_short_is_proved_with_both_minutes() -> None:
    scenario = bus_scenario([2], [None], [1], [[7]], [[6]], horizon=24)
    assert prove_last_out_impossible(scenario) == (
        "time: the last cannot arrive before minute 25, the horizon ends at minute 24"
    )


def test_nothing_is_proved_where_a_plan_exists() -> None:
    assert prove_last_out_impossible(bus_scenario(*PRINTED)) is None


def test_the_same_seed_gives_the_same_plan() -> None:
    plans = [solved(bus_scenario(*PRINTED))[0] for _ in range(2)]
    assert replace(plans[0], run=None) == replace(plans[1], run=None)
