"""Plans and proofs worked out by hand."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from safepassage.planner.explain import explain
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.impossible import NobodyMovesError
from safepassage.planner.problem import TooLargeError
from safepassage.planner.solve import solve
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass, Ready
from safepassage.scenario.places import Corridor, Intake, Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Window


def one_bus(
    *, people: int = 50, hours: float = 12, drive: int = 240, load: int = 0, unload: int = 0
) -> Scenario:
    """One bus of fifty seats between a square and a school."""
    return Scenario(
        name="one bus",
        start=datetime(2016, 12, 15, 8, tzinfo=UTC),
        horizon=timedelta(hours=hours),
        sha256="0" * 64,
        places=(Place("square", "pickup"), Place("school", "shelter", arrived=True)),
        legs=(Leg("road", "square", "school", sure(timedelta(minutes=drive))),),
        classes=BUILT_IN_CLASSES,
        groups=(Group("all", "square", "walking", sure(people)),),
        vehicles=(
            Vehicles(
                "buses",
                "bus",
                sure(1),
                "square",
                {"seat": sure(50)},
                sure(timedelta(minutes=load)),
                sure(timedelta(minutes=unload)),
            ),
        ),
        ending=Law("exponential", sure(timedelta(hours=4))),
    )


def in_convoy(scenario: Scenario, escorts: int = 1, headway: int = 30) -> Scenario:
    """The same on a corridor, with escorts at the square."""
    return replace(
        scenario,
        corridors=(Corridor("lane", ("road",), headway=sure(timedelta(minutes=headway))),),
        staff=(Staff("escorts", "escort", sure(escorts), "square", ("convoy",)),),
    )


def test_fifty_people_after_four_hours_in_a_window_of_four_hours_are_worth_fifty_over_e() -> None:
    made = solve(one_bus(), iterations=5)
    assert made.value == pytest.approx(50 / math.e)
    assert made.bound == pytest.approx(50 / math.e, rel=1e-6)
    assert made.people_out == 50


def test_being_caught_costs_half_of_those_on_the_road_when_rho_is_a_half() -> None:
    scenario = replace(one_bus(), rules=Rules(rho=sure(0.5)))
    made = solve(scenario, iterations=5)
    assert made.value == pytest.approx(50 * (1 / math.e - 0.5 * (1 - 1 / math.e)))


def test_nobody_leaves_where_being_caught_costs_more_than_arriving_brings() -> None:
    scenario = replace(one_bus(), rules=Rules(rho=sure(1.0)))
    with pytest.raises(NobodyMovesError, match="more to gain than to lose"):
        solve(scenario, iterations=5)


def test_a_bus_that_comes_back_brings_the_second_half_at_210_minutes() -> None:
    # Loads 10, drives 60, arrives at 70; unloads 10, drives back 60: 140; loads 10, drives 60: 210.
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    made = solve(scenario, iterations=20)
    assert made.curve == ((70 * 60, 50), (210 * 60, 100))
    assert made.value == pytest.approx(50 * math.exp(-70 / 240) + 50 * math.exp(-210 / 240))
    assert made.bound == pytest.approx(made.value, rel=1e-6)


def test_the_escort_who_stands_at_the_far_end_must_come_first() -> None:
    # He enters at 0 and is at the square at 60; the bus enters then, and arrives at 120.
    scenario = in_convoy(one_bus(people=50, drive=60, hours=5))
    away = replace(scenario, staff=(replace(scenario.staff[0], at="school"),))
    made = solve(away, iterations=20)
    assert made.curve == ((120 * 60, 50),)


def test_last_out_counts_the_minutes_to_the_last_arrival() -> None:
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    made = solve(scenario, objective="last_out", iterations=20)
    assert made.value == pytest.approx(210.0)
    assert made.bound is not None
    assert made.bound <= 210.0 + 1e-6


def test_fill_and_send_waits_until_all_that_are_back_are_full() -> None:
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    two = replace(
        scenario,
        vehicles=(replace(scenario.vehicles[0], count=sure(2)),),
        places=(replace(scenario.places[0], bays={"bus": sure(1)}), scenario.places[1]),
    )
    assert fill_and_send(two).curve == ((80 * 60, 100),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"groups": (Group("lying", "square", "stretcher", sure(3)),)}, "on a stretcher"),
        ({"places": (Place("square", "pickup"), Place("school", "shelter"))}, "counts as arrival"),
        ({"legs": ()}, "has a way from any of square"),
        ({"vehicles": ()}, "there is no vehicle"),
        ({"groups": (Group("all", "square", "walking", sure(0)),)}, "wish to leave"),
        ({"horizon": timedelta(hours=1)}, "after the horizon"),
    ],
)
def test_what_proves_that_nobody_moves_is_named(change: dict[str, object], words: str) -> None:
    scenario = replace(one_bus(), **change)  # type: ignore[arg-type]
    with pytest.raises(NobodyMovesError, match=words):
        solve(scenario, iterations=1)


def test_a_window_that_never_opens_long_enough_is_a_proof() -> None:
    scenario = in_convoy(one_bus(drive=60))
    shut = replace(scenario, windows=(Window("w", "lane", timedelta(0), timedelta(minutes=59)),))
    with pytest.raises(NobodyMovesError, match="never opens long enough"):
        solve(shut, iterations=1)


def test_no_escort_at_all_is_a_proof() -> None:
    with pytest.raises(NobodyMovesError, match="every convoy needs one escort"):
        solve(in_convoy(one_bus(drive=60), escorts=0), iterations=1)


def test_where_no_vehicle_goes_all_the_way_people_change_on_the_way() -> None:
    scenario = one_bus(drive=60)
    by_stages = replace(
        scenario,
        places=(*scenario.places, Place("yard", "staging")),
        legs=(
            Leg("in", "square", "yard", sure(timedelta(minutes=30)), one_way=True),
            Leg("out", "yard", "school", sure(timedelta(minutes=30))),
        ),
        vehicles=(
            replace(scenario.vehicles[0], serves=("square", "yard")),
            replace(
                scenario.vehicles[0], id="vans", kind="van", at="yard", serves=("yard", "school")
            ),
        ),
    )
    made = solve(by_stages, iterations=1)
    assert made.people_out == made.people_total
    assert {trip.end for trip in made.plan.trips if trip.load} == {"yard", "school"}


def test_a_horizon_of_years_is_refused_with_the_limit() -> None:
    with pytest.raises(TooLargeError, match="horizon"):
        solve(replace(one_bus(), horizon=timedelta(days=4000)), iterations=1)


def test_those_left_behind_are_told_when_the_bus_would_have_been_back() -> None:
    scenario = in_convoy(one_bus(people=70, drive=60, load=10, unload=10, hours=3))
    explained = explain(solve(scenario, iterations=5), limit=timedelta(0))
    (left,) = explained.left_behind
    assert (left.people, left.reason) == (20, "vehicles")
    # Back at 140 min (10:20); the next trip would arrive at 210 min (11:30), after 11:00.
    assert "no bus is back before 10:20" in left.why
    assert "11:30" in left.why


def test_those_whom_no_vehicle_can_carry_are_told_so() -> None:
    scenario = one_bus(people=10, drive=60)
    lying = Group("lying", "square", "carried", sure(2))
    classes = (*BUILT_IN_CLASSES, PersonClass("carried", {"stretcher": 1}, companions=1))
    made = solve(replace(scenario, groups=(*scenario.groups, lying), classes=classes), iterations=2)
    (left,) = explain(made, limit=timedelta(0)).left_behind
    assert (left.group, left.reason) == ("lying", "slots")


def test_one_more_bus_is_worth_the_second_half_now_rather_than_later() -> None:
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    explained = explain(solve(scenario, iterations=10), limit=timedelta(seconds=60))
    bus = next(one for one in explained.prices if one.limit.startswith("bus"))
    assert bus.gain == pytest.approx(50 * (math.exp(-70 / 240) - math.exp(-210 / 240)), rel=1e-6)
    assert bus.at_most is not None
    assert bus.at_most >= bus.gain


def test_the_last_departure_is_named_with_the_moment_until_which_leaving_pays() -> None:
    # With rho 1 and a mean of 4 h: 2 G(t + 60) > G(t) always; with a table that falls to 0, not.
    scenario = in_convoy(one_bus(people=100, drive=60, load=10, unload=10, hours=5))
    steps = ((timedelta(minutes=100), 1.0), (timedelta(minutes=160), 0.0))
    falls = replace(scenario, ending=Law("table", steps=steps), rules=Rules(rho=sure(1.0)))
    made = solve(falls, iterations=5)
    last = explain(made, limit=timedelta(0)).last_departure
    assert last is not None
    assert (last.depart, last.people) == (600, 50)
    # Left at s, there at s + 60: 2 G(s + 60) - G(s) falls to 0 where G(s + 60) = 1/2: s = 70 min.
    assert last.pays_until == 69 * 60


def test_ten_at_a_time_board_where_a_staging_place_holds_no_more_than_ten() -> None:
    # Three buses, 10 minutes of loading each: one after the other, ten people in each.
    scenario = one_bus(people=30, drive=60, load=10, unload=10, hours=5)
    three = replace(
        scenario,
        vehicles=(replace(scenario.vehicles[0], count=sure(3)),),
        places=(Place("square", "staging", limit=sure(10)), scenario.places[1]),
    )
    made = solve(three, iterations=5)
    assert made.curve == ((70 * 60, 10), (80 * 60, 20), (90 * 60, 30))


def test_the_only_escort_does_not_go_to_and_fro_alone_while_people_wait() -> None:
    # Two full buses leave at 30 with the only escort; the last 50 are ready at 60. At 90 the escort
    # turns round with the buses, which have unloaded at 100, or alone; then the third bus leaves.
    scenario = in_convoy(one_bus(people=150, drive=60, load=30, unload=10, hours=12))
    group = replace(
        scenario.groups[0],
        ready=(Ready(timedelta(0), 100), Ready(timedelta(minutes=60), 50)),
    )
    four = replace(
        scenario,
        groups=(group,),
        vehicles=(replace(scenario.vehicles[0], count=sure(4)),),
    )
    made = fill_and_send(four)
    assert made.people_out == 150
    assert len(made.plan.convoys) == 3
    assert made.curve[0] == (90 * 60, 100)
    assert 210 * 60 <= made.curve[1][0] <= 260 * 60


def test_a_bus_takes_only_as_many_as_a_checkpoint_on_the_way_lets_by() -> None:
    # The checkpoint lets 20 by in an hour: 20 at 40 of 60 minutes, 20 an hour later, ...
    scenario = one_bus(people=50, drive=60, hours=3)
    half = sure(timedelta(minutes=30))
    checked = replace(
        scenario,
        places=(
            *scenario.places,
            Place("post", "checkpoint", intake=Intake(sure(20), timedelta(hours=1))),
        ),
        legs=(Leg("road", "square", "post", half), Leg("on", "post", "school", half)),
        vehicles=(replace(scenario.vehicles[0], count=sure(3)),),
    )
    by_20 = ((60 * 60, 20), (120 * 60, 40), (180 * 60, 50))
    assert solve(checked, iterations=5).curve == by_20
    lane = Corridor("lane", ("road", "on"))
    assert solve(replace(checked, corridors=(lane,)), iterations=50).curve[:2] == by_20[:2]


def test_a_convoy_leaves_so_as_to_be_there_when_the_far_end_opens() -> None:
    # Loaded at 10, 60 minutes of driving: it may be at the school from 83 on.
    scenario = in_convoy(one_bus(drive=60, load=10, hours=3))
    later = replace(
        scenario,
        places=(scenario.places[0], replace(scenario.places[1], opens=timedelta(minutes=83))),
    )
    assert solve(later, iterations=5).curve == ((83 * 60, 50),)


def test_empty_buses_do_not_hold_up_the_full_one_where_one_direction_goes_at_a_time() -> None:
    # The full bus is ready at 10; the empty one at the school could enter at 0 and close the way.
    scenario = in_convoy(one_bus(people=50, drive=60, load=10, hours=5), escorts=2)
    bus = scenario.vehicles[0]
    narrow = replace(
        scenario,
        corridors=(replace(scenario.corridors[0], one_way=True),),
        vehicles=(bus, replace(bus, id="far", at="school")),
        staff=(*scenario.staff, replace(scenario.staff[0], id="far", at="school")),
    )
    assert solve(narrow, objective="last_out", iterations=0).value == 70.0


def test_the_vehicle_that_loads_fastest_takes_people_who_fit_into_one() -> None:
    scenario = one_bus(people=20, drive=60, load=10, hours=5)
    bus = scenario.vehicles[0]
    quick = replace(bus, id="vans", kind="van", load=sure(timedelta(minutes=2)))
    assert fill_and_send(replace(scenario, vehicles=(bus, quick))).curve == ((62 * 60, 20),)
