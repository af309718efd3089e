"""Tiny scenarios worked by hand: values, sliding intervals, clocks that touch, staff that count."""

import math
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import numpy as np
import pytest

from safepassage.planner.plan import BoundProof
from safepassage.planner.verify import PlanRefused, verify, violations
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Staff
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Intake, Place, Rate
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Opening, Window
from tests.planner.verify.corridor import with_place
from tests.planner.verify.worlds import (
    bus,
    convoy,
    fm,
    leg,
    m,
    plan,
    rules_broken,
    scenario,
    trip,
)

SECOND = timedelta(seconds=1)


def test_fifty_people_after_four_hours_in_a_four_hour_window() -> None:
    world = scenario(legs=(leg("A", "B", 230),), ending=Law("exponential", fm(240)))
    verified = verify(world, plan(world, trip("bus-01", "A", "B", 10, 240, 50), value=18.393972))
    assert verified.value == pytest.approx(50 / math.e, rel=1e-12)
    assert round(verified.value, 2) == 18.39
    assert verified.left_behind == {"people": 50}
    assert verified.people_total == 100


def test_the_law_counts_from_the_opening() -> None:
    world = scenario(
        legs=(leg("A", "B", 230),), ending=Law("exponential", fm(240)), opening=Opening(fm(10))
    )
    verified = verify(
        world, plan(world, trip("bus-01", "A", "B", 10, 240, 50), value=50 * math.exp(-230 / 240))
    )
    assert verified.value == pytest.approx(50 * math.exp(-230 / 240), rel=1e-12)


def test_a_hard_end_counts_who_is_there_in_time_and_charges_who_is_caught() -> None:
    # The window ends at 100. The first bus arrives at 70; the second is on the road at 100.
    world = scenario(
        vehicles=(bus(count=2),), ending=Law("hard", fm(100)), rules=Rules(rho=sure(0.25))
    )
    one = plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50),
        trip("bus-02", "A", "B", 60, 120, 40),
        value=50 - 0.25 * 40,
    )
    assert verify(world, one).value == 40


def test_a_table_is_read_between_its_steps() -> None:
    # 1 until 0, falling to 0.5 at 100 minutes: at 70 it is 0.65, at 10 it is 0.95.
    world = scenario(ending=Law("table", steps=((m(100), 0.5),)), rules=Rules(rho=sure(1.0)))
    value = 50 * (0.65 - (0.95 - 0.65))
    assert verify(world, plan(world, trip("bus-01", "A", "B", 10, 70, 50), value=value)).value == (
        pytest.approx(value, rel=1e-12)
    )


def test_an_empty_plan_is_a_plan_of_value_nothing() -> None:
    verified = verify(scenario(), plan(scenario(), value=0.0))
    assert (verified.value, verified.people_out, verified.curve) == (0, 0, ())
    assert verified.gap is None


@pytest.mark.parametrize(
    ("arrives", "broken"),
    [
        (85.0, {"intake", "rate"}),
        (100 - 1 / 60, {"intake", "rate"}),
        (100.0, set()),
        (101.0, set()),
    ],
)
def test_an_intake_slides_over_the_half_hours_of_the_clock(
    arrives: float, broken: set[str]
) -> None:
    # 50 people an interval of 30 minutes: 70 and 99:59 lie in one, though the clock's half hour
    # turned at 90; 70 and 100 do not.
    world = scenario(vehicles=(bus(count=2),))
    world = with_place(world, "B", intake=Intake(sure(50), m(30)), rate=Rate(sure(1), m(30)))
    one = plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50),
        trip("bus-02", "A", "B", arrives - 60, arrives, 50),
    )
    assert rules_broken(world, one) == broken


def one_road(**more: object) -> Scenario:
    """A corridor A-B with one way at a time, a bus at each end, everybody at A and at B."""
    given: dict[str, object] = {
        "places": (Place("A", "pickup"), Place("B", "shelter", arrived=True)),
        "corridors": (Corridor("way", ("A-B",), None, None, one_way=True),),
        "vehicles": (bus(), bus("B", id="other", kind="van")),
    }
    return scenario(**{**given, **more})


@pytest.mark.parametrize(("enters", "broken"), [(70.0, set()), (70 - 1 / 60, {"opposing"})])
def test_opposing_convoys_may_touch_and_not_meet(enters: float, broken: set[str]) -> None:
    world = one_road()
    one = plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50, convoy="out"),
        trip("van-01", "B", "A", enters, enters + 60, legs=("A-B",), convoy="back"),
        convoys=(convoy("out", "A", "B", 10, 70), convoy("back", "B", "A", enters, enters + 60)),
        value=50.0,
    )
    assert rules_broken(world, one) == broken
    two_ways = replace(world, corridors=(replace(world.corridors[0], one_way=False),))
    assert rules_broken(two_ways, one) == set()


def test_a_daily_window_opens_again_on_the_next_day_at_the_same_local_hour() -> None:
    start = datetime(2016, 12, 15, 20, 0, tzinfo=timezone(timedelta(hours=2)))
    world = one_road(
        start=start,
        horizon=timedelta(days=2),
        windows=(Window("day", "way", m(7 * 60), m(9 * 60), daily=True),),
        rules=Rules(arrival_margin=m(10)),
    )
    # 20:00 is minute 0, so 07:00 is minute 660 and 09:00 is 780; the day after 2100 and 2220.
    for enters, refused in ((660, False), (659, True), (710, False), (711, True), (2100, False)):
        one = plan(
            world,
            trip("bus-01", "A", "B", enters, enters + 60, 50, convoy="out"),
            convoys=(convoy("out", "A", "B", enters, enters + 60),),
            value=50.0,
        )
        assert rules_broken(world, one) == ({"window"} if refused else set()), enters


def test_a_daily_window_may_run_over_midnight_and_began_the_day_before() -> None:
    world = one_road(
        start=datetime(2016, 12, 15, 0, 30, tzinfo=timezone.utc),  # noqa: UP017
        windows=(Window("night", "way", m(22 * 60), m(26 * 60), daily=True),),
    )
    for enters, refused in ((10, False), (30, False), (31, True), (21 * 60 + 30, False)):
        one = plan(
            world,
            trip("bus-01", "A", "B", enters, enters + 60, 50, convoy="out"),
            convoys=(convoy("out", "A", "B", enters, enters + 60),),
            value=50.0,
        )
        assert rules_broken(world, one) == ({"window"} if refused else set()), enters


def test_two_windows_of_one_place_are_alternatives_and_a_passage_lies_inside_one() -> None:
    pauses = (Window("first", "way", m(10), m(70)), Window("second", "way", m(100), m(160)))
    world = one_road(windows=pauses)
    for enters, refused in ((10, False), (100, False), (11, True), (70, True)):
        one = plan(
            world,
            trip("bus-01", "A", "B", enters, enters + 60, 50, convoy="out"),
            convoys=(convoy("out", "A", "B", enters, enters + 60),),
            value=50.0,
        )
        assert rules_broken(world, one) == ({"window"} if refused else set()), enters
    both = replace(world, windows=(*pauses, Window("all", "all", m(0), m(100))))
    one = plan(
        both,
        trip("bus-01", "A", "B", 100, 160, 50, convoy="out"),
        convoys=(convoy("out", "A", "B", 100, 160),),
        value=50.0,
    )
    assert rules_broken(both, one) == {"window"}


def test_a_night_closes_corridors_only_and_only_where_it_is_not_allowed() -> None:
    night = Night(time(9, 0), time(17, 0), allowed=False)
    inside = trip("bus-01", "A", "B", 90, 150, 50)
    world = scenario(rules=Rules(night=night))
    assert rules_broken(world, plan(world, inside)) == set()
    world = one_road(rules=Rules(night=night))
    in_convoy = plan(
        world, replace(inside, convoy="out"), convoys=(convoy("out", "A", "B", 90, 150),)
    )
    assert rules_broken(world, in_convoy) == {"window"}
    allowed = replace(world, rules=Rules(night=replace(night, allowed=True)))
    assert rules_broken(allowed, in_convoy) == set()


@pytest.mark.parametrize(
    ("on_board", "broken"),
    [({}, {"staff"}), ({"medic": 1}, {"staff"}), ({"medic": 2}, set()), ({"medic": 3}, set())],
)
def test_several_needs_count_by_their_maximum_and_each_started_number(
    on_board: dict[str, int], broken: set[str]
) -> None:
    # Three buses with wounded in one convoy, a medic for two: two. One for the convoy: no more.
    world = one_road(
        vehicles=(bus(count=3),),
        staff=(Staff("m", "medic", sure(3), "A", ("class:walking", "convoy"), per=2),),
        groups=(Group("people", "A", "walking", sure(100)),),
    )
    one = plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 20, convoy="out", staff=on_board),
        trip("bus-02", "A", "B", 10, 70, 20, convoy="out"),
        trip("bus-03", "A", "B", 10, 70, 20, convoy="out"),
        convoys=(convoy("out", "A", "B", 10, 70),),
    )
    assert rules_broken(world, one) == broken


def test_an_escort_of_the_delegates_is_needed_when_a_delegate_goes_back_alone() -> None:
    world = scenario(
        staff=(
            Staff("d", "delegate", sure(1), "A"),
            Staff("e", "escort", sure(1), "A", ("staff:delegate",)),
        ),
    )
    alone = trip(None, "A", "B", 0, 60, staff={"delegate": 1})
    assert rules_broken(world, plan(world, alone)) == {"staff"}
    both = replace(alone, staff={"delegate": 1, "escort": 1})
    assert rules_broken(world, plan(world, both)) == set()


def test_staff_leave_in_the_second_in_which_they_arrive_and_not_before() -> None:
    world = scenario(
        places=(Place("A", "pickup"), Place("B", "staging"), Place("C", "shelter", arrived=True)),
        legs=(leg("A", "B", 60), leg("B", "C", 10)),
        vehicles=(bus(), bus("B", id="o", kind="van")),
        staff=(Staff("d", "driver", sure(1), "A", ("vehicle:van",)),),
    )
    comes = trip(None, "A", "B", 0, 60, staff={"driver": 1})
    for departs, refused in ((60.0, False), (60 - 1 / 60, True)):
        goes = trip("van-01", "B", "C", departs, departs + 10, staff={"driver": 1})
        assert rules_broken(world, plan(world, comes, goes)) == ({"staff"} if refused else set())


def test_two_rides_of_no_duration_cannot_bring_each_other_staff_out_of_nothing() -> None:
    world = scenario(
        legs=(leg("A", "B", 0),), staff=(Staff("d", "guide", sure(1), "A"),), vehicles=()
    )
    there = trip(None, "A", "B", 5, 5, staff={"guide": 2})
    back = trip(None, "B", "A", 5, 5, legs=("A-B",), staff={"guide": 2})
    assert rules_broken(world, plan(world, there, back)) == {"staff"}


def test_companions_use_seats_and_places_and_have_their_own_weight() -> None:
    classes = (
        *(one for one in BUILT_IN_CLASSES if one.id != "stretcher"),
        PersonClass("stretcher", {"stretcher": 1}, companions=2, weight=3.0),
    )
    world = scenario(
        classes=classes,
        groups=(Group("wounded", "A", "stretcher", sure(2)),),
        vehicles=(bus(kind="ambulance", slots={"stretcher": sure(2), "seat": sure(4)}),),
    )
    one = plan(
        world,
        trip(
            "ambulance-01",
            "A",
            "B",
            10,
            70,
            load={"stretcher": 2, "companion": 4},
            groups={"wounded": 2},
        ),
        value=2 * 3.0 + 4 * 1.0,
    )
    verified = verify(world, one)
    assert verified.value == 10
    assert verified.expected_people == 6
    assert verified.people_out == verified.people_total == 6
    assert [two.rule for two in violations(with_place(world, "B", capacity=sure(5)), one)] == [
        "capacity"
    ]


def test_the_group_of_companions_rides_beside_those_of_the_wounded() -> None:
    classes = tuple(
        replace(one, companions=1) if one.id == "stretcher" else one for one in BUILT_IN_CLASSES
    )
    world = scenario(
        classes=classes,
        groups=(
            Group("wounded", "A", "stretcher", sure(1)),
            Group("relatives", "A", "companion", sure(2)),
        ),
        vehicles=(bus(slots={"stretcher": sure(1), "seat": sure(3)}),),
    )
    ride = trip(
        "bus-01",
        "A",
        "B",
        10,
        70,
        load={"stretcher": 1, "companion": 3},
        groups={"wounded": 1, "relatives": 2},
    )
    assert rules_broken(world, plan(world, ride)) == set()
    fewer = replace(ride, load={"stretcher": 1, "companion": 2})
    assert rules_broken(world, plan(world, fewer)) == {"companions"}


def test_a_gap_is_stated_only_where_it_means_something() -> None:
    world = scenario()
    ride = trip("bus-01", "A", "B", 10, 70, 50)
    proof = BoundProof("search")
    exact = verify(world, plan(world, ride, value=50.0, bound=50.0, proof=proof))
    assert exact.gap == 0
    wide = verify(world, plan(world, ride, value=50.0, bound=100.0, proof=proof))
    assert wide.gap == 0.5
    nothing = verify(world, plan(world, value=0.0, bound=0.0, proof=proof))
    assert nothing.gap == 0


def test_an_unknown_mean_of_the_ending_refuses_and_is_no_fault_of_the_verifier() -> None:
    world = scenario(ending=Law("exponential", Figure(unknown="nobody says")))
    found = rules_broken(world, plan(world, trip("bus-01", "A", "B", 10, 70, 50)))
    assert found == {"unknown"}
    assert "unknown" in rules_broken(
        scenario(ending=Law("weibull")), plan(world, trip("bus-01", "A", "B", 10, 70, 50))
    )


def test_numbers_that_no_file_can_hold_are_refused() -> None:
    world = scenario()
    one = plan(world, trip("bus-01", "A", "B", 10, 70, 50), value=50.0)
    with pytest.raises(PlanRefused) as refused:
        verify(world, replace(one, seed=np.int64(1)))
    assert [two.rule for two in refused.value.violations] == ["plan_hash"]
    with pytest.raises(PlanRefused):
        verify(world, replace(one, proof=BoundProof("none", (), {"a": float("nan")})))
