"""A plan from now begins with the plan in force, and changes as little as its value allows."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.called import at_clock, convoy_names
from safepassage.planner.following import still_ahead
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.planner.staying import WORTH_A_CHANGE
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.why_changed import why_changed
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window
from tests.planner.linked_town import SIDE

NOON = 4 * 3600


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Return a town with 900 people, four buses, a corridor of 66 minutes and two escorts."""
    text = SIDE.format(
        name="Town", minutes=66, people=900, buses=4, horizon="18 h", largest=10, escorts=2
    )
    file = tmp_path_factory.mktemp("town") / "scenario.toml"
    file.write_text(text)
    return load_scenario(file)


@pytest.fixture(scope="module")
def first(town: Scenario) -> VerifiedPlan:
    return solve(town, seed=1, iterations=20)


def convoys(plan: Plan) -> set[tuple[str, str, int, int]]:
    people: dict[str, int] = {}
    for one in plan.trips:
        if one.convoy is not None:
            people[one.convoy] = people.get(one.convoy, 0) + sum(one.load.values())
    return {(one.corridor, one.start, one.depart, people.get(one.id, 0)) for one in plan.convoys}


def again(scenario: Scenario, first: VerifiedPlan) -> VerifiedPlan:
    return solve(scenario, seed=1, iterations=20, in_force=still_ahead(first.plan, (), 0))


def test_where_nothing_has_changed_the_plan_is_the_same(town, first):
    second = again(town, first)
    assert convoys(second.plan) == convoys(first.plan)
    assert second.value == pytest.approx(first.value)
    assert why_changed(first.plan, second) == {}


def test_with_an_escort_less_what_can_stay_stays_and_the_rest_has_a_reason(town, first):
    escorts = [one for one in town.staff if "convoy" in one.needed_by]
    fewer = tuple(
        replace(one, count=sure(one.count.pick() - 1)) if one is escorts[0] else one
        for one in town.staff
    )
    short = replace(town, staff=fewer)
    second = again(short, first)
    fresh = solve(short, seed=1, iterations=20)
    assert second.value >= fresh.value * (1 - 0.01)
    gone = {one.id for one in first.plan.convoys} - {
        one.id
        for one in first.plan.convoys
        if (one.corridor, one.start, one.depart) in {c[:3] for c in convoys(second.plan)}
    }
    why = why_changed(first.plan, second)
    assert gone <= set(why)
    assert all(why.values())


def test_while_a_leg_is_closed_no_convoy_is_on_it_and_the_reason_says_so(town, first):
    corridor = town.corridors[0].id
    begin, end = timedelta(hours=4), timedelta(hours=7)
    shut = replace(
        town,
        windows=(
            *town.windows,
            Window("before", corridor, closes=begin),
            Window("after", corridor, opens=end),
        ),
    )
    second = again(shut, first)
    assert not [
        one
        for one in second.plan.convoys
        if one.depart < end.total_seconds() and one.arrive > begin.total_seconds()
    ]
    assert any("closed" in one for one in why_changed(first.plan, second).values())
    # What was on the road before the closing stays as it was.
    before = {one for one in convoys(first.plan) if one[2] < 2 * 3600}
    assert before
    assert before & convoys(second.plan)


def test_new_people_are_planned_without_moving_the_others(town, first):
    some = town.groups[0]
    more = tuple(
        replace(one, leave=sure(one.leave.pick() + 40), households=None, ready=())
        if one is some
        else one
        for one in town.groups
    )
    second = again(replace(town, groups=more), first)
    kept = convoys(first.plan) & convoys(second.plan)
    assert len(kept) >= len(first.plan.convoys) // 2
    assert second.value >= first.value * (1 - WORTH_A_CHANGE)


def test_what_has_departed_is_not_part_of_what_is_still_ahead(first):
    gone = tuple(one.id for one in first.plan.convoys if one.depart < NOON)
    rest = still_ahead(first.plan, gone, NOON)
    assert {one.id for one in rest.convoys} == {
        one.id for one in first.plan.convoys if one.id not in gone
    }
    assert not [one for one in rest.trips if one.convoy in gone]


def test_a_vehicle_that_is_lost_is_named_as_the_reason(town, first):
    buses = next(one for one in town.vehicles if one.kind == "bus")
    number = buses.count.pick()
    fewer = tuple(
        replace(one, count=sure(number), ready=(Available(timedelta(0), number - 1),))
        if one is buses
        else one
        for one in town.vehicles
    )
    second = again(replace(town, vehicles=fewer), first)
    lost = f"bus-{number:02d}"
    assert all(one.vehicle != lost for one in second.plan.trips)
    assert any(lost in one for one in why_changed(first.plan, second).values())


def test_a_plan_for_the_last_one_out_keeps_the_plan_in_force_too(town):
    last = solve(town, objective="last_out", seed=1, iterations=5)
    again_last = solve(
        town, objective="last_out", seed=2, iterations=5, in_force=still_ahead(last.plan, (), 0)
    )
    assert convoys(again_last.plan) == convoys(last.plan)
    assert again_last.bound == pytest.approx(last.bound)
    escorts = tuple(
        replace(one, count=sure(one.count.pick() - 1)) if "convoy" in one.needed_by else one
        for one in town.staff
    )
    fewer = replace(town, staff=escorts)
    second = solve(
        fewer, objective="last_out", seed=2, iterations=5, in_force=still_ahead(last.plan, (), 0)
    )
    assert second.people_out == second.people_total
    assert convoys(second.plan) & convoys(last.plan)


def test_reasons_speak_in_clock_times_and_in_words_for_convoys(town, first):
    shut = replace(
        town, windows=(Window("late", "corridor", opens=timedelta(minutes=45), closes=None),)
    )
    second = again(shut, first)
    told = " ".join(why_changed(first.plan, second).values())
    assert "after the start" not in told
    assert re.search(r"\b08:45\b|\b09:\d\d\b|convoy c\d+ (out|back), \d\d:\d\d", told)


def test_convoys_are_called_by_their_id_direction_and_time(first):
    names = convoy_names(first.plan)
    ordered = sorted(first.plan.convoys, key=lambda one: one.depart)
    assert names[ordered[0].id] == f"convoy {ordered[0].id} out, 08:20"
    assert at_clock(first.plan.start, 24 * 3600 + 90) == "16 Dec 08:02"
