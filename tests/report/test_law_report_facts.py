"""Facts behind the drawings: the ceiling, closures, ways, bars."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.solve import solve
from safepassage.report.activity import rows_of
from safepassage.report.ceiling import arrivals_ceiling
from safepassage.report.closures import closures_of
from safepassage.report.drawing import merged, nice_steps
from safepassage.report.journeys import arrived_by
from safepassage.report.way import runs_on, ways_of
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.load import load_scenario
from safepassage.scenario.places import Intake, Through
from safepassage.scenario.rules import Night
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Opening, Window
from tests.report.handmade import CYCLE, DRIVE, LOAD, MINUTE, scenario, verified


def with_fleet(buses: int, ambulances: int, *, drive: int, load: int, unload: int) -> Scenario:
    case = scenario()
    counts = {"bus": buses, "ambulance": ambulances}
    return replace(
        case,
        vehicles=tuple(
            replace(
                one,
                count=sure(counts[one.kind]),
                load=sure(timedelta(minutes=load)),
                unload=sure(timedelta(minutes=unload)),
            )
            for one in case.vehicles
        ),
        legs=(
            replace(case.legs[0], time=sure(timedelta(minutes=drive))),
            replace(case.legs[1], time=sure(timedelta(minutes=2 * drive))),
        ),
        windows=(),
    )


def test_the_ceiling_of_the_hand_made_case_is_the_plan_itself() -> None:
    # Every vehicle goes round without waiting and full: nothing can be above it.
    made = verified()
    assert arrivals_ceiling(made.scenario, "likely") == made.curve


def test_the_ceiling_counts_the_first_load_after_loading_and_driving() -> None:
    steps = arrivals_ceiling(scenario(), "likely")
    assert steps[0] == ((LOAD + DRIVE) * MINUTE, 1040)
    assert steps[1] == ((LOAD + DRIVE + CYCLE) * MINUTE, 2080)


def test_the_ceiling_ends_at_those_who_wish_to_leave() -> None:
    few = scenario()
    groups = tuple(replace(one, leave=sure(100)) for one in few.groups)
    # 100 walking, 100 on stretchers with 100 companions
    assert arrivals_ceiling(replace(few, groups=groups), "likely")[-1][1] == 300


def test_the_ceiling_keeps_a_capacity_and_an_intake() -> None:
    case = scenario()
    small = tuple(
        replace(one, capacity=sure(700), intake=None) if one.arrived else one for one in case.places
    )
    assert arrivals_ceiling(replace(case, places=small), "likely")[-1][1] == 700
    slow = tuple(
        replace(one, intake=Intake(sure(100), timedelta(hours=1))) if one.arrived else one
        for one in case.places
    )
    # By 86 min two half-open hours have begun: 200 people at the most.
    assert arrived_by(arrivals_ceiling(replace(case, places=slow), "likely"), 86 * 60) == 200


def test_before_the_window_opens_nobody_arrives() -> None:
    late = replace(scenario(), opening=Opening(sure(timedelta(hours=3))))
    assert arrivals_ceiling(late, "likely")[0][0] == (180 + DRIVE) * MINUTE


@given(
    buses=st.integers(1, 25),
    ambulances=st.integers(1, 12),
    drive=st.integers(3, 40),
    load=st.integers(0, 30),
    unload=st.integers(0, 30),
)
def test_no_accepted_plan_is_ever_above_the_ceiling(
    buses: int, ambulances: int, drive: int, load: int, unload: int
) -> None:
    case = with_fleet(buses, ambulances, drive=drive, load=load, unload=unload)
    made = fill_and_send(case)
    ceiling = arrivals_ceiling(case, "likely")
    for second, people in made.curve:
        assert people <= arrived_by(ceiling, second)


def test_a_daily_window_is_closed_at_night_and_its_margin_lies_before_the_closing() -> None:
    case = replace(
        scenario(horizon_hours=48),
        windows=(Window("day", "west", timedelta(hours=6), timedelta(hours=18), daily=True),),
    )
    found = closures_of(case, "west")
    # The scenario starts at 08:00: closed 18:00 to 06:00, 10 to 22 h and 34 to 46 h.
    assert found.closed == ((36000.0, 79200.0), (122400.0, 165600.0))
    assert found.margin == ((35400.0, 36000.0), (121800.0, 122400.0))


def test_a_window_of_another_place_closes_nothing_here() -> None:
    case = replace(scenario(), windows=(Window("w", "rashidin", timedelta(0), timedelta(hours=1)),))
    assert closures_of(case, "west").closed == ()


def test_a_night_that_is_not_allowed_closes_over_midnight() -> None:
    case = scenario()
    night = case.rules.night
    assert night is not None
    rules = replace(case.rules, night=Night(night.begins, night.ends, allowed=False))
    found = closures_of(replace(case, windows=(), rules=rules), "west")
    # 17:00 to 06:00 is 9 to 22 h after 08:00.
    assert found.closed == ((32400.0, 79200.0),)
    assert found.night == found.closed


def test_a_convoy_passes_each_place_when_its_legs_say_so() -> None:
    made = verified()
    (way,) = ways_of(made.scenario, made.plan)
    assert [stop.place for stop in way.stops] == ["amiriyah", "ramouseh", "rashidin"]
    assert [stop.share for stop in way.stops] == pytest.approx([0, 2 / 8.8, 1])
    out, back = runs_on(made.scenario, made.plan, way)[:2]
    assert out.people == 1040
    assert [second / 60 for second, _ in out.corners] == pytest.approx([20, 42, 86])
    assert (out.forward, back.forward) == (True, False)
    # Back from 96 min: 44 min to Ramouseh, 22 more to the loading place.
    assert [second / 60 for second, _ in back.corners] == pytest.approx([96, 140, 162])
    assert [share for _, share in back.corners] == pytest.approx([1, 2 / 8.8, 0])


def test_a_checkpoint_inside_a_leg_is_a_stop_where_it_is_passed() -> None:
    case = scenario()
    leg = replace(case.legs[1], through=(Through("ramouseh", timedelta(minutes=11)),))
    only = replace(case.corridors[0], legs=("second",))
    case = replace(case, legs=(case.legs[0], leg), corridors=(only,))
    (way,) = ways_of(case, replace(verified().plan, convoys=(), trips=()))
    inside = [stop for stop in way.stops if stop.place == "ramouseh"]
    assert inside[-1].seconds == 11 * 60
    assert inside[-1].km == pytest.approx(6.8 / 4)


def test_bars_of_a_vehicle_are_loading_driving_unloading_and_empty_return() -> None:
    made = verified()
    rows, idle = rows_of(made.scenario, made.plan)
    assert idle == ()
    bus = next(row for row in rows if row.kind == "bus")
    assert [(bar.doing, bar.begins / 60, bar.ends / 60) for bar in bus.bars[:4]] == [
        ("loading", 0, 20),
        ("carrying", 20, 86),
        ("unloading", 86, 96),
        ("empty", 96, 162),
    ]
    # 9 rounds of 20 + 66 + 10, 8 returns of 66: the rest of 1,440 minutes it waits.
    assert bus.waiting / 60 == 1440 - 9 * 96 - 8 * 66


def test_vehicles_that_never_move_are_named() -> None:
    made = verified(9, 18)
    rows, idle = rows_of(made.scenario, made.plan)
    assert idle == ("bus-19", "bus-20")
    assert {name for row in rows for name in row.vehicles}.isdisjoint(idle)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=12))
def test_merged_spans_are_apart_and_cover_the_same(spans: list[tuple[float, float]]) -> None:
    joined = merged(spans)
    assert all(first[1] < second[0] for first, second in pairwise(joined))
    for begins, ends in spans:
        if ends > begins:
            assert any(a <= begins and ends <= b for a, b in joined)


@given(st.floats(1, 1e7))
def test_an_axis_reaches_its_highest_value_in_few_round_steps(top: float) -> None:
    steps = nice_steps(top)
    assert steps[0] == 0
    assert top <= steps[-1] * (1 + 1e-9)
    assert 2 <= len(steps) <= 8


def test_a_range_of_people_does_not_change_the_ceiling_of_the_vehicles() -> None:
    case = scenario()
    groups = tuple(
        replace(one, leave=Figure(low=10_000, likely=20_000, high=30_000)) for one in case.groups
    )
    case = replace(case, groups=groups)
    assert arrivals_ceiling(case, "low") == arrivals_ceiling(case, "high")


def test_the_improved_plan_of_aleppo_stays_below_the_ceiling() -> None:
    case = load_scenario(Path(__file__).parents[2] / "cases" / "aleppo-2016")
    made = solve(case, limit=timedelta(seconds=2), seed=1)
    ceiling = arrivals_ceiling(case, "likely")
    assert made.curve
    for second, people in made.curve:
        assert people <= arrived_by(ceiling, second)


def test_a_round_that_takes_no_time_bounds_nothing_but_those_who_wish_to_leave() -> None:
    case = with_fleet(1, 1, drive=0, load=0, unload=0)
    steps = arrivals_ceiling(case, "likely")
    # Only the intake of 1,200 in 30 min is left: the eleventh half hour begins after 5 h.
    assert steps[0] == (0, 1200)
    assert steps[-1] == (5 * 3600, 12_400)
