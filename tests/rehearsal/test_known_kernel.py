"""What one run does, worked by hand: each rule alone on a road where nothing else slips."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from safepassage.planner.plan import Trip
from safepassage.rehearsal.chance import beliefs_of
from safepassage.rehearsal.run import replay
from safepassage.rehearsal.setting import set_stage
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.linked import Linked
from safepassage.scenario.people import Group
from safepassage.scenario.places import Intake, Place
from safepassage.scenario.rehearsal import Batch, CarsWindow, ScriptedHalt, Weather
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.window import Opening, Window
from tests.planner.verify.worlds import bus, leg, m, s
from tests.rehearsal.small import (
    HOUR,
    fixed,
    moments,
    played,
    there_and_back,
    verified,
    wanted,
    world,
)

LEVELS = ("convoy", "vehicle")


def halt(begins: float, ends: float) -> ScriptedHalt:
    return ScriptedHalt(m(begins), m(ends), assumed="of this test")


@pytest.mark.parametrize("level", LEVELS)
def test_where_nothing_slips_the_plan_is_what_happens(level: str) -> None:
    found = played(world(), level=level)
    assert (found.row.arrived, found.row.caught, found.row.movements) == (300, 0, 3)
    assert (found.row.wait, found.row.worst, found.row.last) == (0.0, 0.0, 340 * 60.0)
    # 10 + 60, 145 + 60 and 280 + 60 minutes: within the 2nd, the 4th and the 6th hour.
    assert found.arrived_by_hour == (0, 0, 100, 100, 200, 200, 300, *[300] * 6)


@pytest.mark.parametrize("level", LEVELS)
def test_who_is_held_comes_when_the_halt_ends_and_has_waited_for_it_on_board(level: str) -> None:
    # Left at 10, stopped at 40, half way; the halt ends at 100: the other 30 minutes follow.
    found = played(world(wanted(halts=(halt(40, 100),))), level=level)
    assert found.row.caught == 100
    assert moments(found, "arrives", "out0")[0] == 130
    assert found.row.worst == pytest.approx(1.0)


@pytest.mark.parametrize("level", LEVELS)
def test_who_is_sent_back_is_where_he_was_and_rides_with_the_next(level: str) -> None:
    found = played(world(wanted(halts=(halt(40, 100),), caught__sent_back=fixed(1.0))), level=level)
    # 30 minutes out, 30 back: at A at 70. The empty ride home is void, the next two go as planned.
    assert moments(found, "sent back") == [70]
    assert moments(found, "void") != []
    assert (found.row.caught, found.row.arrived) == (100, 200)


def test_who_drives_on_arrives_as_planned_and_was_caught_all_the_same() -> None:
    found = played(world(wanted(halts=(halt(40, 100),), caught__goes_on=fixed(1.0))))
    assert (found.row.caught, found.row.arrived) == (100, 300)
    assert moments(found, "arrives", "out0")[0] == 70


def test_a_convoy_leaves_into_a_break_that_the_last_lease_has_not_yet_stopped() -> None:
    # 660 s of lease and clocks: a break at minute 5 stops departures from minute 16 on, not at 10.
    early = played(world(wanted(halts=(halt(5, 100),))))
    assert moments(early, "departs", "out0") == [10]
    assert early.row.caught == 100
    # Known at minute 9.9, it stops the departure at 10 until the halt ends.
    late = played(world(wanted(halts=(halt(-1.1, 100),))))
    assert moments(late, "departs", "out0") == [100]
    assert late.row.caught == 0


def test_time_to_learn_of_a_break_comes_on_top_of_the_lease() -> None:
    law = {"halts": (halt(-1.1, 100),), "truce__learn": fixed(600.0)}
    assert moments(played(world(wanted(**law))), "departs", "out0") == [10]


def test_who_boards_only_on_a_confirmed_gate_waits_beside_the_bus_and_not_in_it() -> None:
    seated = played(world(wanted(halts=(halt(-20, 100),))))
    standing = played(world(wanted(halts=(halt(-20, 100),), board_on_gate=True)))
    assert seated.row.worst == pytest.approx(1.5)
    assert standing.row.worst == 0.0
    # They board when the halt ends, and leave ten minutes later.
    assert moments(standing, "departs", "out0") == [110]


def test_a_window_that_opens_late_moves_everything_and_nobody_sits_in_a_bus_for_it() -> None:
    opening = Opening(Figure(low=m(200), likely=m(200), high=m(200)))
    of = world(opening=opening)
    found = played(of, there_and_back(of, (200, 335, 470)))
    assert moments(found, "departs", "out0") == [200]
    slipped = world(wanted(start__chance=fixed(1.0), start__slip=fixed(2 * HOUR)))
    late = played(slipped)
    assert moments(late, "departs", "out0") == [120]
    assert late.row.worst == 0.0


def test_a_scheduled_closure_is_waited_for_and_is_no_halt() -> None:
    # A daily window until 14:00 local (start 08:00): what slips past it goes the next morning.
    of = world(
        wanted(start__chance=fixed(1.0), start__slip=fixed(5.5 * HOUR), horizon=timedelta(days=2)),
        windows=(Window("day", "all", m(8 * 60), m(14 * 60), daily=True),),
        horizon=timedelta(days=2),
    )
    found = played(of, there_and_back(of, (10, 145)))
    # 13:30 is too late for an hour's drive: at 08:00 of the next day, a day after the start.
    assert moments(found, "departs", "out0") == [1440]
    assert moments(found, "break") == []
    assert found.row.caught == 0


def test_where_nights_are_not_allowed_no_convoy_is_on_the_road_in_one() -> None:
    of = world(
        wanted(start__chance=fixed(1.0), start__slip=fixed(8.5 * HOUR), horizon=timedelta(days=2)),
        rules=Rules(night=Night(time(17), time(7), allowed=False)),
        horizon=timedelta(days=2),
    )
    # 16:30 would still be on the road at 17:00.
    assert moments(played(of, there_and_back(of, (10, 145))), "departs", "out0") == [23 * 60]


def test_batches_let_out_as_many_as_the_calendar_says() -> None:
    calendar = (Batch(m(0), 60), Batch(m(180), 100, theirs=70))
    found = played(world(wanted(batches=calendar)))
    assert [one.people for one in found.events if one.kind == "departs" and one.people] == [60, 100]
    assert moments(found, "departs", "out1") == [180]
    assert found.row.arrived == 160


def test_step_by_step_the_next_convoy_waits_for_its_release_and_theirs_are_counted() -> None:
    linked = Linked("other", "The other side", ratio=0.5)
    law = {"counterpart__chance": fixed(1.0), "counterpart__release": fixed(4 * HOUR)}
    law |= {"counterpart__blocked": fixed(0.0)}
    found = played(world(wanted(**law), linked=(linked,)))
    assert moments(found, "departs", "out0") == [10]
    assert moments(found, "departs", "out1") == [250]
    assert found.row.theirs == 50 * found.row.movements


def test_where_both_sides_are_in_the_plan_neither_gets_more_than_one_batch_ahead() -> None:
    linked = Linked("other", "The other side", groups=("theirs",))
    of = world(
        wanted(halts=(halt(700, 701),), caught__sent_back=fixed(0.0)),
        places=(
            Place("A", "pickup"),
            Place("K", "checkpoint", holder=("gov",)),
            Place("B", "handover", arrived=True),
            Place("C", "pickup"),
            Place("D", "shelter", arrived=True),
        ),
        legs=(
            leg("A", "K", 30, held_by=("gov",)),
            leg("K", "B", 30, held_by=("gov",)),
            leg("C", "D", 200),
        ),
        groups=(
            Group("people", "A", "walking", sure(300)),
            Group("theirs", "C", "walking", sure(40)),
        ),
        vehicles=(bus(count=2), bus("C", id="their-bus", kind="coach")),
        linked=(linked,),
    )
    ours = there_and_back(of, (10, 220))
    their_trip = Trip(
        "coach-01",
        "coach",
        "C",
        "D",
        ("C-D",),
        s(10),
        s(210),
        None,
        {"walking": 40},
        {"theirs": 40},
    )
    one = replace(ours, trips=(*ours.trips, their_trip), value=ours.value + 40.0)
    found = played(of, one)
    assert moments(found, "departs", "out1") == [220]
    assert (found.row.arrived, found.row.theirs) == (240, 40)
    # Theirs takes half as long again: our second batch waits for it, ours having sent one.
    slow = played(replace(of, rehearsal=wanted(weather=(Weather(m(0), m(11), 2 / 3),))), one)
    assert moments(slow, "departs", "out1") == [310]


def test_fewer_buses_than_promised_carry_fewer_at_both_levels() -> None:
    of = world(wanted(fleet__sent=fixed(0.5)))
    assert played(of).row.arrived == 150
    made = verified(of)
    rows = [replay(of, made, run=run, seed=7, block=8, level="vehicle").row for run in range(64)]
    # Each of two buses comes with a chance of one half: 150 on average.
    assert {one.arrived for one in rows} == {0, 150, 300}
    assert 110 < sum(one.arrived for one in rows) / 64 < 190


def test_buses_are_crowded_only_where_more_wait_than_there_are_seats() -> None:
    law = {"crowding__pressed_chance": fixed(1.0), "crowding__pressed": fixed(1.3)}
    found = played(world(wanted(**law)))
    carried = [one.people for one in found.events if one.kind == "departs" and one.people]
    # 300 and 170 wait before 100 seats; then 40, who find room.
    assert carried == [130, 130, 40]


def test_nobody_stands_where_the_escort_refuses_it_and_luggage_takes_seats() -> None:
    law = {"crowding__pressed_chance": fixed(1.0), "crowding__pressed": fixed(1.3)}
    assert played(world(wanted(standing=False, **law))).row.arrived == 300
    calm = played(world(wanted(crowding__luggage=fixed(0.8))))
    assert [one.people for one in calm.events if one.kind == "departs" and one.people] == [80] * 3


def test_more_come_forward_as_others_arrive_and_the_fleet_goes_on_for_them() -> None:
    law = {"demand__factor": fixed(2.0), "demand__growth": fixed(1.0)}
    of = world(wanted(goes_on=True, **law), groups=(Group("people", "A", "walking", sure(300)),))
    found = played(of)
    assert found.row.wished == 600
    # The plan's 300, then a round every 135 minutes within 12 h: at 475 and 610; 745 is too late.
    assert found.row.arrived == 500
    nobody_more = played(world(wanted(goes_on=True, demand__factor=fixed(2.0))))
    assert nobody_more.row.arrived == 300


def test_lying_patients_ride_in_buses_only_as_far_as_stated() -> None:
    groups = (
        Group("people", "A", "walking", sure(300)),
        Group("lying", "A", "stretcher", sure(40)),
    )
    assert played(world(groups=groups)).row.medical == 0
    law = {"crowding__lying_in_buses": fixed(0.08), "crowding__lying_seats": fixed(2.0)}
    found = played(world(wanted(**law), groups=groups))
    # 8 % of 100 seats are 8, two for each: 4 a convoy, and 92 others.
    assert found.row.medical == 12
    assert found.row.arrived == 3 * (4 + 92)


def test_who_is_refused_at_the_far_side_waits_there_or_turns_back() -> None:
    law = {"receiving__refusal": fixed(1.0), "receiving__wait": fixed(2 * HOUR)}
    waits = played(world(wanted(receiving__turned_back=fixed(0.0), **law)))
    assert moments(waits, "arrives", "out0")[0] == 190
    assert waits.row.worst == pytest.approx(2.0)
    back = played(world(wanted(receiving__turned_back=fixed(1.0), **law)))
    assert moments(back, "turned back")[0] == 250
    assert (back.row.arrived, back.row.caught) == (0, 0)


def test_an_unplanned_check_takes_its_time_and_a_break_in_it_catches_the_convoy() -> None:
    law = {"checkpoint__screening_chance": fixed(1.0), "checkpoint__screening": fixed(6 * HOUR)}
    found = played(world(wanted(**law)))
    assert moments(found, "arrives", "out0")[0] == 430
    assert played(world(wanted(halts=(halt(300, 320),), **law))).row.caught == 100
    assert played(world(wanted(halts=(halt(300, 320),)))).row.caught == 100  # out2, 280 to 340
    assert played(world(wanted(halts=(halt(220, 240),)))).row.caught == 0  # only empty ones


def test_a_post_that_is_busy_with_one_convoy_keeps_the_next_waiting() -> None:
    of = world(wanted(checkpoint__rate=fixed(1.0)))
    found = played(of)
    # Two vehicles take it two hours: from 40 on it is busy until 160; home0 comes at 105 and waits.
    passes = [one for one in found.events if one.kind == "passes" and one.movement == "home0"]
    assert passes[0].at / 60.0 == pytest.approx(160)


def test_private_cars_pass_as_fast_as_the_post_lets_them_and_their_late_share_follows() -> None:
    law = {
        "cars__number": fixed(1000.0),
        "cars__people": fixed(4.0),
        "cars__rate": fixed(100.0),
        "cars__late": fixed(0.0),
        "cars_window": CarsWindow(m(0), m(120)),
    }
    found = played(world(wanted(**law)))
    assert found.arrived_by_hour[1] == 400
    assert found.row.by_car == 4000
    assert found.row.wished == 4300
    late = played(world(wanted(**{**law, "cars__late": fixed(0.9), "cars__rate": fixed(1e6)})))
    # A tenth in the two hours, nine tenths in the two after them.
    assert late.arrived_by_hour[2] - 100 == 400
    assert late.arrived_by_hour[4] - 200 == 4000


def test_convoys_queue_behind_cars_only_where_cars_go_first() -> None:
    law = {
        "cars__number": fixed(1000.0),
        "cars__rate": fixed(500.0),
        "cars__late": fixed(0.0),
        "cars_window": CarsWindow(m(0), m(30)),
    }
    assert moments(played(world(wanted(**law))), "arrives", "out0")[0] == 70
    behind = played(world(wanted(cars_first=True, **law)))
    # At minute 40 half of the second half hour's 250 have not passed: 500 wait, an hour's worth.
    assert moments(behind, "arrives", "out0")[0] == 70 + 60


def test_snow_slows_what_leaves_in_it() -> None:
    snow = Weather(m(0), m(60), 0.5, assumed="of this test")
    found = played(world(wanted(weather=(snow,))))
    assert moments(found, "arrives", "out0")[0] == 130
    assert moments(found, "departs", "home0")[0] == 135


def test_a_place_that_takes_few_at_a_time_keeps_the_rest_at_its_gate() -> None:
    of = world(
        places=(
            Place("A", "pickup"),
            Place("K", "checkpoint", holder=("gov",)),
            Place("B", "handover", arrived=True, intake=Intake(sure(100), m(180))),
        ),
        rehearsal=wanted(crowding__calm=fixed(1.0), horizon=timedelta(hours=12)),
    )
    one = there_and_back(of, (10, 200))
    assert moments(played(of, one), "arrives", "out1")[0] == 260
    late = world(wanted(start__chance=fixed(1.0), start__slip=fixed(3 * HOUR)), places=of.places)
    # Both slip to 180 and 315; the second's hundred come in three hours after the first's.
    found = played(late, there_and_back(late, (10, 200)))
    assert moments(found, "arrives", "out0")[0] == 240
    assert moments(found, "arrives", "out1")[0] == 420


def test_after_a_halt_plan_again_forgets_the_timetable_and_resume_keeps_it() -> None:
    halts = (halt(40, 100),)
    of = world(wanted(halts=halts, dispatch="resume"))
    kept = played(of, there_and_back(of, (10, 145, 600)))
    assert moments(kept, "departs", "out2") == [600]
    again = world(wanted(halts=halts, dispatch="plan again"))
    free = played(again, there_and_back(again, (10, 145, 600)))
    # Held until 130, home at 195, loaded at 205: then every 135 minutes, as soon as it is ready.
    assert moments(free, "departs", "out1") == [205]
    assert moments(free, "departs", "out2") == [340]


def test_who_waits_through_a_day_of_halt_may_leave_the_list() -> None:
    law = {"demand__leaves_list": fixed(0.5), "horizon": timedelta(days=3)}
    of = world(wanted(halts=(halt(-20, 1430),), **law), horizon=timedelta(days=3))
    found = played(of)
    # A day of halt takes half of the 300 (less the part of it that had not begun at the start).
    assert 145 <= found.row.left_list <= 152
    assert found.row.arrived + found.row.left_list <= 300


def test_a_break_by_a_party_that_does_not_hold_the_way_stops_nobody() -> None:
    of = world()
    made = set_stage(of, verified(of), beliefs_of(of), "convoy")
    assert made.names.parties == ("gov",)
    assert list(made.stage.movement["holders"]) == [1] * 5
    elsewhere = world(
        wanted(drawn_truce=True, truce__mean=fixed(60.0), truce__halt=fixed(60.0)),
        legs=(leg("A", "K", 30), leg("K", "B", 30)),
        places=(
            Place("A", "pickup"),
            Place("K", "checkpoint"),
            Place("B", "handover", arrived=True),
        ),
    )
    free = played(elsewhere)
    assert (free.row.caught, free.row.arrived) == (0, 300)
