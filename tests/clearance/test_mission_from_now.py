"""The day of Aleppo cut at 14:00: the ledger says who has gone, and the rest is planned anew."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from safepassage.clearance.changes import renewed
from safepassage.clearance.from_now import FromNow, FromNowError, from_ledger, marked
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Confirmation, Guarantee
from safepassage.ledger.seen import Closure, Movement
from safepassage.planner.plan import BoundProof
from safepassage.planner.plan_file import plan_to_json
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify, violations
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from tests.ledger.writing import clock, enter, new_ledger

CASE = Path(__file__).parents[2] / "cases" / "aleppo-2016"
TWO = clock(14)


@pytest.fixture(scope="module")
def aleppo() -> Scenario:
    return load_scenario(CASE)


@pytest.fixture(scope="module")
def first(aleppo: Scenario) -> VerifiedPlan:
    return solve(aleppo, seed=1, iterations=0)


def adopted(first: VerifiedPlan) -> PlanAdopted:
    text = json.dumps(plan_to_json(first.plan))
    return PlanAdopted(plan_hash=first.plan_hash, plan=text, person="head-1")


def the_day(first: VerifiedPlan, until: datetime) -> Ledger:
    """Return the ledger of a day on which every convoy of the plan moves as planned."""
    start = first.plan.start
    ledger, _ = new_ledger(at=start)
    enter(ledger, adopted(first), at=start)
    moves: list[tuple[datetime, Body]] = []
    for convoy in first.plan.convoys:
        mine = [one for one in first.plan.trips if one.convoy == convoy.id]
        begin = start + timedelta(seconds=min(one.depart for one in mine))
        moves.append((begin, Movement(what="departed", convoy=convoy.id, at=begin)))
        end = start + timedelta(seconds=max(one.arrive for one in mine))
        moves.append((end, Movement(what="arrived", convoy=convoy.id, place=convoy.end, at=end)))
    for at, body in sorted(moves, key=lambda one: one[0]):
        if at <= until:
            enter(ledger, body, at=at)
    return ledger


@pytest.fixture(scope="module")
def cut(aleppo: Scenario, first: VerifiedPlan) -> FromNow:
    return from_ledger(aleppo, the_day(first, TWO), at=TWO)


@pytest.fixture(scope="module")
def second(cut: FromNow) -> VerifiedPlan:
    return solve(cut.scenario, seed=1, iterations=0)


def seconds(scenario: Scenario, at: datetime) -> int:
    return int((at - scenario.start).total_seconds())


def test_an_empty_ledger_at_the_start_changes_no_plan(aleppo: Scenario) -> None:
    ledger, _ = new_ledger(at=aleppo.start)
    same = from_ledger(aleppo, ledger, at=aleppo.start)
    assert replace(same.scenario, inputs=aleppo.inputs) == aleppo
    assert same.warnings == ()
    afresh = solve(aleppo, seed=1, iterations=0)
    assert solve(same.scenario, seed=1, iterations=0).value == afresh.value


def test_nothing_departs_before_now(aleppo: Scenario, second: VerifiedPlan) -> None:
    assert second.plan.trips
    assert min(one.depart for one in second.plan.trips) >= seconds(aleppo, TWO)


def test_who_has_departed_is_never_planned_again(
    aleppo: Scenario, first: VerifiedPlan, cut: FromNow, second: VerifiedPlan
) -> None:
    gone: dict[str, int] = {}
    for one in first.plan.trips:
        if one.depart <= seconds(aleppo, TWO):
            for name, people in one.groups.items():
                gone[name] = gone.get(name, 0) + people
    assert sum(gone.values()) > 0
    for group in aleppo.groups:
        left = group.leave.pick() - gone.get(group.id, 0)
        assert cut.scenario.group[group.id].leave.pick() == left
        planned = sum(one.groups.get(group.id, 0) for one in second.plan.trips)
        assert planned <= left


def test_the_plan_is_accepted_as_of_its_entry_and_by_no_other(
    aleppo: Scenario, first: VerifiedPlan, second: VerifiedPlan
) -> None:
    ledger = the_day(first, TWO)
    upto, at = marked(tuple(second.plan.inputs))
    enter(ledger, Closure(covers=("amiriyah-ramouseh",), state="closed"), at=clock(15))
    again = from_ledger(aleppo, ledger, at=at, upto=upto)
    assert verify(again.scenario, second.plan).plan_hash == second.plan_hash
    with pytest.raises(PlanRefused):
        verify(aleppo, second.plan)
    with pytest.raises(PlanRefused):
        verify(from_ledger(aleppo, ledger, at=at).scenario, second.plan)
    with pytest.raises(FromNowError):
        marked(tuple(first.plan.inputs))


def test_the_whole_fleet_is_somewhere_under_its_old_names(
    aleppo: Scenario, cut: FromNow, first: VerifiedPlan
) -> None:
    def number(scenario: Scenario, kind: str) -> int:
        return sum(one.count.pick() for one in scenario.vehicles if one.kind == kind)

    for kind in {one.kind for one in aleppo.vehicles}:
        assert number(cut.scenario, kind) == number(aleppo, kind)
    for kind in {one.kind for one in aleppo.staff}:
        now = sum(one.count.pick() for one in cut.scenario.staff if one.kind == kind)
        assert now == sum(one.count.pick() for one in aleppo.staff if one.kind == kind)
    # Where the first plan's last trip until now ends, the second plan's first one starts.
    ends = {one.vehicle: one.end for one in first.plan.trips if one.depart <= seconds(aleppo, TWO)}
    moved = {entry.at for entry in cut.scenario.vehicles}
    assert set(ends.values()) <= moved


def test_no_departed_convoy_gives_its_name_to_a_new_one(
    first: VerifiedPlan, cut: FromNow, second: VerifiedPlan
) -> None:
    named, changes = renewed(second, first.plan, cut)
    departed = {one.id for one in first.plan.convoys if one.id in cut.situation.convoys}
    assert departed
    assert set(changes.locked) == departed
    assert not departed & {one.id for one in named.plan.convoys}
    assert named.value == second.value
    later = sum(
        sum(one.load.values())
        for one in first.plan.trips
        if one.depart > seconds(named.scenario, TWO) and one.end == "rashidin4"
    )
    assert (changes.before, changes.after) == (later, second.people_out)


def test_a_promise_that_ends_closes_the_road_with_the_margin(
    aleppo: Scenario, first: VerifiedPlan
) -> None:
    ledger = the_day(first, TWO)
    (promise,) = enter(
        ledger,
        Guarantee(
            party="militias", covers=("ramouseh-rashidin4",), heard_by="radio-1", until=clock(18)
        ),
        at=TWO,
    )
    enter(ledger, Confirmation(about=promise, person="radio-2", known_contact=True), at=TWO)
    cut = from_ledger(aleppo, ledger, at=TWO)
    plan = solve(cut.scenario, seed=1, iterations=0).plan
    margin = int(aleppo.rules.arrival_margin.total_seconds())
    assert plan.convoys
    assert max(one.arrive for one in plan.convoys) <= seconds(aleppo, clock(18)) - margin


def test_a_closed_leg_is_not_driven(aleppo: Scenario, first: VerifiedPlan) -> None:
    ledger = the_day(first, TWO)
    shut = Closure(covers=("ramouseh-rashidin4",), state="unknown", until=clock(20))
    enter(ledger, shut, at=TWO)
    cut = from_ledger(aleppo, ledger, at=TWO)
    plan = solve(cut.scenario, seed=1, iterations=0).plan
    assert min(one.depart for one in plan.convoys) >= seconds(aleppo, clock(20))
    with pytest.raises(FromNowError):
        from_ledger(aleppo, ledger, at=clock(7))


def test_a_convoy_that_left_with_nobody_knows_whom_is_not_planned_around(aleppo: Scenario) -> None:
    ledger, _ = new_ledger(at=aleppo.start)
    enter(ledger, Movement(what="departed", convoy="c1"), at=clock(9))
    with pytest.raises(FromNowError, match="c1"):
        from_ledger(aleppo, ledger, at=clock(10))


@pytest.mark.parametrize("groups", [{"others": 50}, None])
@pytest.mark.parametrize("place", ["amiriyah", None])
@pytest.mark.parametrize("arrived", [False, True])
def test_fifty_who_left_are_fifty_fewer_however_they_were_reported(
    aleppo: Scenario,
    groups: dict[str, int] | None,
    place: str | None,
    arrived: bool,  # noqa: FBT001 - a case of the test
) -> None:
    ledger, _ = new_ledger(at=aleppo.start)
    leaves = Movement(
        what="departed",
        vehicle="bus-01",
        place=place,
        to="rashidin4",
        legs=aleppo.corridors[0].legs,
        load={"walking": 50},
        groups=groups,
    )
    enter(ledger, leaves, at=clock(9))
    if arrived:
        there = Movement(what="arrived", vehicle="bus-01", place="rashidin4")
        enter(ledger, there, at=clock(10, 6))
    cut = from_ledger(aleppo, ledger, at=clock(10, 6) if arrived else clock(9, 30))
    left = cut.scenario.group["others"].leave.pick()
    assert left == aleppo.group["others"].leave.pick() - 50
    room = cut.scenario.place["rashidin4"].filled
    assert sum(one.people for one in room) == 50


def test_a_bus_whose_way_nobody_knows_is_left_out_and_said_so(aleppo: Scenario) -> None:
    ledger, _ = new_ledger(at=aleppo.start)
    enter(ledger, Movement(what="departed", vehicle="bus-01", place="amiriyah"), at=clock(9))
    cut = from_ledger(aleppo, ledger, at=clock(9, 30))
    assert any("bus-01" in one and "left out" in one for one in cut.warnings)
    trips = solve(cut.scenario, seed=1, iterations=0).plan.trips
    assert "bus-02" in {one.vehicle for one in trips}
    assert "bus-01" not in {one.vehicle for one in trips}


def test_what_is_left_of_a_plan_that_went_as_planned_still_keeps_every_rule(
    first: VerifiedPlan, cut: FromNow
) -> None:
    gone = cut.situation.convoys
    rest = replace(
        first.plan,
        inputs=dict(cut.scenario.inputs),
        convoys=tuple(one for one in first.plan.convoys if one.id not in gone),
        trips=tuple(one for one in first.plan.trips if one.convoy not in gone),
        bound=None,
        proof=BoundProof("none"),
        stated=None,
        expected_people=None,
        expected_people_bound=None,
    )
    # Only its value is another one: it no longer counts who has gone.
    assert {one.rule for one in violations(cut.scenario, rest)} == {"value"}
