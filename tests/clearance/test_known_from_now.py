"""What is left of a small mission, part by part: the reading that promises least, worked by hand.

The mission is that of `tests.clearance.world`: it starts at 8:00, minute 0; a bus drives from A
over A-R and R-D to D in 66 minutes and unloads in five.
"""

import json
from datetime import timedelta

import pytest

from safepassage.clearance.changes import Changes, Moved, changes_json, changes_lines
from safepassage.clearance.from_now import FromNow, FromNowError, from_ledger, from_now, marked
from safepassage.ledger.decided import Correction, PlanAdopted, Uncleared
from safepassage.ledger.folding import situation
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.said import Confirmation, Guarantee, Withdrawal
from safepassage.ledger.seen import Closure, Consent, Movement
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Refuel
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Intake, Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window
from tests.clearance.world import guarantee, promised, world
from tests.ledger.writing import NOON, clock, enter, new_ledger
from tests.planner.verify.worlds import bus, fm, leg, m

WAY = ("A-R", "R-D")


def hours(value: float) -> timedelta:
    return timedelta(hours=value)


def left(scenario: Scenario, *said: tuple[float, Body]) -> FromNow:
    """Return what is left at noon, after bodies entered at their hours."""
    ledger, _ = new_ledger(at=clock(8))
    return left_of(scenario, ledger, *said)


def left_of(scenario: Scenario, ledger: Ledger, *said: tuple[float, Body]) -> FromNow:
    for hour, body in said:
        enter(ledger, body, at=clock(0) + hours(hour))
    return from_ledger(scenario, ledger, at=NOON)


def warned(found: FromNow, words: str) -> bool:
    return any(words in one for one in found.warnings)


def out(vehicle: str = "bus-01", **more: object) -> Movement:
    given: dict[str, object] = {"place": "A", "to": "D", "legs": WAY}
    return Movement("departed", vehicle=vehicle, **{**given, **more})  # type: ignore[arg-type]


# --- vehicles


def test_vehicles_that_become_ready_later_stay_so_and_those_beyond_never_are() -> None:
    fleet = bus(count=4, ready=(Available(hours(6), 1), Available(hours(1), 2)))
    found = left(world(vehicles=(fleet,)))
    steps = [
        (one.count.pick(), [step.after for step in one.ready]) for one in found.scenario.vehicles
    ]
    # Two were ready at 9:00 and are there, one comes at 14:00; nobody said when the fourth does.
    assert steps == [(3, [hours(4), hours(4), hours(6)]), (1, [hours(0)])]
    assert found.scenario.vehicles[1].ready[0].count == 0


def test_a_bus_that_stands_where_it_can_fill_up_fills_up_first() -> None:
    fills = bus(count=1, range_km=sure(100.0), refuel=Refuel(("D",), m(20)))
    found = left(world(vehicles=(fills,)), (10, out()), (11, Movement("arrived", "D", "bus-01")))
    (fleet,) = found.scenario.vehicles
    assert (fleet.at, fleet.ready[0].after) == ("D", hours(4) + m(20))


def test_a_bus_whose_tank_nobody_knows_is_left_out() -> None:
    dry = bus(count=1, range_km=sure(100.0))
    found = left(world(vehicles=(dry,)), (10, out()), (11, Movement("arrived", "D", "bus-01")))
    assert warned(found, "what is left in the tank is not known")
    assert found.scenario.vehicles[0].ready[0].count == 0


def test_the_time_that_a_tank_lasts_is_shortened_by_all_that_has_passed() -> None:
    short = bus(count=1, range_time=fm(600))
    moved = left(world(vehicles=(short,)), (10, out()), (11, Movement("arrived", "D", "bus-01")))
    limit = moved.scenario.vehicles[0].range_time
    assert limit is not None
    assert limit.pick() == m(600 - 240)
    still = left(world(vehicles=(short,)), (10, Closure(("R-D",), "open")))
    assert still.scenario.vehicles[0].range_time == short.range_time


def test_a_vehicle_of_another_mission_is_named_and_not_planned_with() -> None:
    found = left(world(), (10, out("truck-9")))
    assert warned(found, "truck-9: not in the scenario")


# --- people


def test_people_who_were_brought_to_a_staging_place_are_a_group_of_their_own_there() -> None:
    there = world(
        places=(
            *world().places[:3],
            Place("D", "staging"),
            Place("elsewhere", "depot", arrived=True),
        ),
        groups=(Group("people", "A", "walking", sure(200), households=sure(50)),),
    )
    found = left(
        there,
        (9, out(load={"walking": 40}, groups={"people": 40})),
        (10.25, Movement("arrived", "D", "bus-01")),
        (10.5, out("bus-02", load={"walking": 20}, groups={"people": 20})),
    )
    groups = {one.id: one for one in found.scenario.groups}
    assert groups["people"].leave.pick() == 200 - 60
    waiting = groups["people-at-D"]
    assert (waiting.at, waiting.leave.pick()) == ("D", 60)
    # bus-02 left at 10:30, is overdue and takes its whole way of 66 minutes again, and unloads.
    assert waiting.ready[0].after == hours(4) + m(66 + 5)
    # 50 households of 200 people: 15 of 60, and as many wait as have gone.
    assert groups["people"].households is not None
    assert groups["people"].households.pick() == 35
    assert waiting.households is not None
    assert waiting.households.pick() == 15
    assert warned(found, "how many households wait at D is estimated")


def test_those_aboard_a_bus_of_which_nobody_knows_where_it_goes_are_not_planned_on() -> None:
    found = left(world(), (10, out(to="beyond", load={"walking": 30}, groups={"people": 30})))
    assert warned(found, "where those aboard go on from is not known")
    assert found.scenario.group["people"].leave.pick() == 170


def test_who_boarded_without_a_group_is_taken_from_every_group_that_it_may_be() -> None:
    two = world(
        groups=(
            Group("people", "A", "walking", sure(100)),
            Group("others", "A", "walking", sure(100)),
            Group("wounded", "A", "stretcher", sure(10)),
        )
    )
    found = left(two, (10, out(load={"walking": 30})))
    # Nobody who has gone is planned again: 30 are taken from both groups of that class.
    assert [one.leave.pick() for one in found.scenario.groups] == [70, 70, 10]
    assert warned(found, "no report names their group")


def test_people_who_came_whose_departure_nobody_told_are_not_planned_again() -> None:
    found = left(world(), (10, Movement("arrived", "D", "bus-01", load={"walking": 45})))
    assert found.scenario.group["people"].leave.pick() == 155
    assert warned(found, "came whose departure no report tells")


def test_more_who_left_than_wished_to_leave_is_said_and_nobody_is_left() -> None:
    found = left(world(), (10, out(load={"walking": 250}, groups={"people": 250})))
    assert found.scenario.group["people"].leave.pick() == 0
    assert warned(found, "250 left, more than the 200 who wish to leave")


def test_people_whom_nobody_saw_arrive_are_said_and_not_planned_again() -> None:
    found = left(
        world(),
        (9, out(load={"walking": 40}, groups={"people": 40})),
        (10, out(place="D", to="A", legs=("R-D", "A-R"))),
    )
    assert warned(found, "40 people: nobody reported their arrival")
    assert found.scenario.group["people"].leave.pick() == 160


def test_wishes_in_the_ledger_change_no_figure_by_themselves() -> None:
    found = left(world(), (10, Consent("people", "no", 30)))
    assert found.scenario.group["people"].leave.pick() == 200
    assert warned(found, "wishes in the ledger do not change how many wish to leave")


def test_an_intake_waits_until_the_last_who_came_have_aged() -> None:
    places = (
        *world().places[:3],
        Place("D", "handover", arrived=True, intake=Intake(sure(100), m(30))),
    )
    busy = world(places=places)
    # Arrived at 11:50: the sliding half hour is free again at 12:20.
    found = left(
        busy, (10.5, out(load={"walking": 50})), (11 + 50 / 60, Movement("arrived", "D", "bus-01"))
    )
    assert found.scenario.place["D"].opens == hours(4) + m(20)
    assert warned(found, "keeps its intake busy")
    quiet = left(busy, (9, out(load={"walking": 50})), (10, Movement("arrived", "D", "bus-01")))
    assert quiet.scenario.place["D"].opens is None


# --- windows


def windows(found: FromNow) -> dict[str, tuple[timedelta | None, timedelta | None]]:
    return {one.where: (one.opens, one.closes) for one in found.scenario.windows}


def test_the_end_of_a_promise_on_any_leg_is_the_end_of_the_corridor() -> None:
    ledger, _ = new_ledger(at=clock(8))
    promised(ledger, "gov", at=clock(9), until=clock(15))
    assert windows(left_of(world(), ledger)) == {"way": (None, hours(7))}


def test_a_promise_that_begins_later_opens_the_way_then() -> None:
    ledger, _ = new_ledger(at=clock(8))
    body = Guarantee("gov", ("K",), "radio-1", since=clock(14), until=clock(18))
    (id_,) = enter(ledger, body, at=clock(9))
    enter(ledger, Confirmation(id_, "head-1", known_contact=True), at=clock(9))
    assert windows(left_of(world(), ledger)) == {"way": (hours(6), hours(10))}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            Guarantee("gov", ("R-D",), "radio-1", until=clock(15), convoys=("c1",)),
            "named convoys only",
        ),
        (guarantee("gov", ("R-D",), clock(15)), "not confirmed by enough people"),
    ],
)
def test_a_promise_to_named_convoys_or_unconfirmed_makes_no_window(body: Body, words: str) -> None:
    found = left(world(), (10, body))
    assert found.scenario.windows == ()
    assert warned(found, words)


def test_a_void_promise_an_endless_one_and_one_on_an_unknown_stretch_are_said() -> None:
    ledger, _ = new_ledger(at=clock(8))
    promised(ledger, "gov", at=clock(9))
    promised(ledger, "militia", at=clock(9), until=clock(15))
    found = left_of(world(), ledger, (10, Withdrawal("militia", ("all",))))
    assert warned(found, "the promise of militia is void (withdrawn)")
    assert warned(found, "nobody said when the promise of gov ends")
    assert found.scenario.windows == ()
    other, _ = new_ledger(at=clock(8))
    enter(other, Guarantee("gov", ("nowhere",), "radio-1", until=clock(15)), at=clock(9))
    enter(other, Confirmation("guarantee-2", "head-1", known_contact=True), at=clock(9))
    assert warned(left_of(world(), other), "nowhere: promised by gov, but not in the scenario")


def test_a_daily_window_is_narrowed_day_by_day() -> None:
    daily = world(windows=(Window("day", "way", hours(9), hours(17), daily=True),))
    found = left(daily, (10, Closure(("R-D",), "closed", until=clock(14))))
    spans = [(one.opens, one.closes) for one in found.scenario.windows]
    # Minute 0 is 8:00: today 9 to 17 becomes 14 to 17, tomorrow's and the next stay whole.
    assert spans[0] == (hours(6), hours(9))
    assert spans[1] == (hours(25), hours(33))
    assert all(one.assumed == "closed per entry 2" for one in found.scenario.windows)


def test_a_window_over_midnight_is_one_span_and_a_night_that_is_over_is_left_out() -> None:
    nightly = world(windows=(Window("night", "way", hours(20), hours(4), daily=True),))
    found = left(nightly, (10, Closure(("K",), "closed", until=clock(13))))
    # From 20:00 (hour 12) until 4:00 of the next day (hour 20).
    first = found.scenario.windows[0]
    assert (first.opens, first.closes) == (hours(12), hours(20))


def test_a_stretch_closed_without_an_end_is_shut_for_good_and_one_closed_later_from_then() -> None:
    shut = left(world(), (10, Closure(("R-D",), "closed")))
    assert windows(shut) == {"way": (None, timedelta(0))}
    later = left(world(), (10, Closure(("R-D",), "unknown", since=clock(15), until=clock(16))))
    assert windows(later) == {"way": (None, hours(7))}
    window = Window("day", "way", hours(1), hours(3))
    none = left(world(windows=(window,)), (10, Closure(("R-D",), "closed", until=clock(15))))
    assert windows(none) == {"way": (None, timedelta(0))}


def test_closures_of_a_leg_or_post_outside_any_corridor_shut_that_leg_alone() -> None:
    plain = world(corridors=())
    assert windows(left(plain, (10, Closure(("A-R",), "closed")))) == {"A-R": (None, timedelta(0))}
    assert windows(left(plain, (10, Closure(("K",), "closed")))) == {"R-D": (None, timedelta(0))}
    assert windows(left(plain, (10, Closure(("all",), "closed")))).keys() == set(WAY)
    assert windows(left(plain, (10, Closure(("moon",), "closed")))) == {}


def test_a_second_closure_of_one_place_takes_a_name_of_its_own() -> None:
    named = world(windows=(Window("ledger-way", "A", None, hours(20)),))
    found = left(named, (10, Closure(("R-D",), "closed", until=clock(14))))
    assert {one.id for one in found.scenario.windows} == {"ledger-way", "ledger-way-more"}


def test_a_convoy_on_a_one_way_corridor_keeps_it_until_it_is_expected() -> None:
    one_way = world(
        corridors=(Corridor("way", WAY, sure(30), fm(30), one_way=True),),
    )
    found = left(one_way, (11.5, out(convoy="c1")))
    # It left at 11:30 and takes 66 minutes; the headway of half an hour is over before that.
    assert windows(found) == {"way": (hours(3.5) + m(66), None)}
    both = left(world(), (11 + 50 / 60, out(convoy="c1")))
    assert windows(both) == {"way": (hours(4) + m(20), None)}


# --- the whole


def test_entries_that_can_no_longer_be_read_or_do_not_count_are_said() -> None:
    ledger, _ = new_ledger(at=clock(8))
    (wrong,) = enter(ledger, out(), at=clock(9))
    enter(ledger, Correction(wrong, "another bus"), at=clock(9, 1))
    enter(ledger, out("bus-02"), at=clock(9, 2))
    assert warned(left_of(world(), ledger), "1 entries were corrected or not confirmed")
    ledger.purge(at=clock(10), names=["positions/2016-12-15"])
    assert warned(left_of(world(), ledger), "2 entries can no longer be read")


@pytest.mark.parametrize(
    "inputs",
    [
        (),
        ("roads.pbf",),
        ("ledger entry x at 2016-12-15T12:00:00+02:00",),
        ("ledger entry 3 at noon",),
        ("ledger entry 3 at 2016-12-15T12:00:00",),
        ("ledger entry -3 at 2016-12-15T12:00:00+02:00",),
    ],
)
def test_a_plan_that_names_no_entry_is_not_one_from_a_ledger(inputs: tuple[str, ...]) -> None:
    with pytest.raises(FromNowError, match="is not one from a ledger"):
        marked(inputs)
    assert marked(("a", "ledger entry 3 at 2016-12-15T12:00:00+02:00")) == (3, NOON)


def test_departed_convoys_of_which_nobody_knows_the_vehicles_stop_the_planning() -> None:
    ledger, _ = new_ledger(at=clock(8))
    enter(ledger, Movement("departed", "A", convoy="c9"), at=clock(9))
    now = situation(ledger, at=NOON)
    with pytest.raises(FromNowError, match="c9"):
        from_now(world(), now)
    # Known from a plan of earlier, or a road team: those are no vehicles of ours.
    assert from_now(
        world(), now, ("torn", json.dumps({"convoys": [{"id": "c9", "start": "A", "end": "D"}]}))
    )
    team, _ = new_ledger(at=clock(8))
    enter(team, Uncleared("road-team:c1", "head-1", "move-1", "fire"), at=clock(9))
    assert from_now(world(), situation(team, at=NOON))


def test_a_plan_whose_text_is_torn_gives_no_trips_to_a_convoy() -> None:
    ledger, _ = new_ledger(at=clock(8))
    enter(ledger, PlanAdopted("a" * 64, "{torn", "move-1"), at=clock(8))
    enter(ledger, Movement("departed", convoy="c1"), at=clock(9))
    assert situation(ledger, at=NOON).vehicles == {}


def test_the_difference_to_the_plan_in_force_is_told_convoy_by_convoy() -> None:
    changes = Changes(
        kept=(Moved("c2", 600, 100, 90), Moved("c3", 0, 50, 50), Moved("c5", 0, 50, 60)),
        new=(("c9", 40),),
        dropped=(("c4", 30),),
        locked=("c1",),
        before=230,
        after=190,
    )
    lines = "\n".join(changes_lines(changes))
    for line in (
        "departed, locked    1 convoy",
        "unchanged           1 convoy",
        "still to leave      190 persons, 40 fewer than before (230)",
        "c2: 10 min later, 90 persons (was 100)",
        "c5: same time, 60 persons (was 50)",
        "c9: new, 40 persons",
        "c4: dropped, had 30 persons",
    ):
        assert line in lines
    assert changes_json(changes)["kept"][0]["minutes"] == 10  # type: ignore[index]


def test_a_leg_of_no_length_in_time_is_still_expected() -> None:
    tiny = world(legs=(leg("A", "R", 18), leg("R", "D", 48)), corridors=())
    found = left(tiny, (11.9, out(legs=("A-R", "R-D"), due=clock(13, 30))))
    (first,) = [one for one in found.scenario.vehicles if one.at == "D"]
    # What was said, half past one, is later than its departure plus the driving time.
    assert first.ready[0].after == hours(5.5)


def test_a_moved_convoy_is_told_with_its_new_clock_time_and_an_empty_one_as_empty() -> None:
    changes = Changes(
        kept=(Moved("c2", 600, 100, 90), Moved("c3", -300, 0, 0)),
        new=(("c9", 0),),
        dropped=(("c4", 0),),
        locked=(),
        before=100,
        after=90,
        names={"c2": "convoy c2 out, 13:50"},
        clocks={"c2": "14:00", "c3": "15:00", "c9": "16:00"},
    )
    lines = changes_lines(changes)
    assert "  convoy c2 out, 13:50: now 14:00 (10 min later), 90 persons (was 100)" in lines
    assert "  c3: now 15:00 (5 min earlier), empty as before" in lines
    assert "  c9: new, empty" in lines
    assert "  c4: dropped, was empty" in lines


def test_people_on_the_road_before_a_closed_stretch_are_named_first() -> None:
    aboard = {"load": {"walking": 40}, "groups": {"people": 40}}
    shut = Closure(("R-D",), "closed", until=clock(14))
    found = left(world(), (11.5, out(**aboard)), (11.75, shut))
    assert found.warnings[0] == (
        "bus-01: on the road with 40 persons, and on its way R-D is closed until 14:00 (entry 3); "
        "if it opens then they arrive at 14:48: nobody has said that they get through or turn back"
    )
    # What lies behind it, what is open again, and who has arrived need no word.
    past = Movement("through", vehicle="bus-01", place="R", to="D", legs=WAY)
    behind = Closure(("A-R",), "closed")
    assert not warned(
        left(world(), (11.5, out(**aboard)), (11.7, past), (11.75, behind)), "through"
    )
    again = Closure(("R-D",), "open")
    assert not warned(left(world(), (11.5, out(**aboard)), (11.6, shut), (11.75, again)), "through")
    there = Movement("arrived", "D", "bus-01")
    assert not warned(left(world(), (10, out(**aboard)), (11.6, there), (11.75, shut)), "through")
