"""Who is on the road when a stretch closes: told, and counted as arriving only as far as known."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

from safepassage.clearance.from_now import FromNow, from_ledger
from safepassage.clearance.in_words import clock as told
from safepassage.clearance.on_the_road import PeopleNow, people_json, people_lines, people_now
from safepassage.ledger.kinds import Body
from safepassage.ledger.seen import Closure, Movement
from safepassage.planner.names import numbered
from safepassage.planner.verify import verify
from safepassage.report.sheets.slips import Boarding, Series, boardings, slips_called
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Staff
from safepassage.scenario.places import Corridor, Place
from safepassage.scenario.scenario import Scenario
from tests.clearance.world import two_convoys, world
from tests.ledger.writing import NOON, clock, enter, new_ledger
from tests.planner.verify.worlds import fm, leg

WAY = ("A-R", "R-D")
FORTY = {"load": {"walking": 40}, "groups": {"people": 40}}
LEFT = (11.5, Movement("departed", "A", "bus-01", to="D", legs=WAY, **FORTY))  # type: ignore[arg-type]


def at_noon(*said: tuple[float, Body], of: Scenario | None = None) -> FromNow:
    ledger, _ = new_ledger(at=clock(8))
    for hour, body in said:
        enter(ledger, body, at=clock(0) + timedelta(hours=hour))
    return from_ledger(world() if of is None else of, ledger, at=NOON)


def people(*said: tuple[float, Body], of: Scenario | None = None) -> PeopleNow:
    found = at_noon(*said, of=of)
    return people_now(found.scenario, found.situation)


def expected(*said: tuple[float, Body]) -> datetime | None:
    (one,) = people(LEFT, *said).on_the_road
    return one.expected


def test_on_an_open_way_they_are_coming_and_nobody_has_to_decide() -> None:
    now = people(LEFT)
    # 18 min to R and 48 to D from 11:30 on.
    assert expected() == clock(12, 36)
    assert (now.arrived, now.aboard, now.coming, now.unknown) == (0, 40, 40, 0)
    assert not any("decide" in one for one in people_lines(now, 100, 160))


def test_before_a_stretch_that_opens_later_they_come_no_sooner_than_it_lets_them_through() -> None:
    shut = (11.75, Closure(("R-D",), "closed", until=clock(14)))
    assert expected(shut) == clock(14, 48)
    # The post K lies on R-D, D at its end: closed there, the same holds.
    assert expected((11.75, Closure(("K",), "unknown", until=clock(14)))) == clock(14, 48)
    assert expected((11.75, Closure(("D",), "closed", until=clock(14)))) == clock(14, 48)
    # The first leg again, whole, and then the second.
    assert expected((11.75, Closure(("A-R",), "closed", until=clock(14)))) == clock(15, 6)


def test_before_a_stretch_of_which_nobody_says_when_it_opens_nobody_is_counted() -> None:
    shut = (11.75, Closure(("R-D",), "unknown"))
    now = people(LEFT, shut)
    assert expected(shut) is None
    assert (now.aboard, now.coming, now.unknown) == (40, 0, 40)
    lines = "\n".join(people_lines(now, 100, 160))
    assert "bus-01: 40 persons, 1 vehicle, to D, arrival not known" in lines
    assert "before it R-D is not known to be open (entry 3)" in lines
    assert "decide before R: wait, turn back, or another way" in lines
    assert "arrive if it holds  100 of 200 persons; of 40 on the road nobody knows" in lines
    found = people_json(now, 100, 160)
    assert (found["in_all"], found["in_all_of"], found["arrival_unknown"]) == (100, 200, 40)


def test_what_closes_after_they_are_through_or_lies_behind_them_does_not_stop_them() -> None:
    assert expected((11.75, Closure(("R-D",), "closed", since=clock(13)))) == clock(12, 36)
    assert expected((11.75, Closure(("R-D",), "closed", since=clock(12, 30)))) is None
    past = (11.85, Movement("through", vehicle="bus-01", place="R", to="D", legs=WAY))
    assert expected(past, (11.9, Closure(("A-R",), "closed"))) == clock(12, 36)
    # Without a report from beyond it nobody knows that they are through.
    assert expected((11.9, Closure(("A-R",), "closed"))) is None
    beyond = (11.95, Movement("through", vehicle="bus-01", place="K", to="D", legs=WAY))
    assert expected(past, beyond, (11.97, Closure(("K",), "closed"))) == clock(12, 36)


def test_a_vehicle_that_stands_there_is_planned_with_no_sooner_than_it_is_through() -> None:
    shut = (11.75, Closure(("R-D",), "closed", until=clock(14)))
    (there,) = [one for one in at_noon(LEFT, shut).scenario.vehicles if one.at == "D"]
    unload = there.unload.pick()
    assert there.ready[0].after == timedelta(hours=6, minutes=48) + unload
    found = at_noon(LEFT, (11.75, Closure(("R-D",), "closed")))
    # None of bus-01 is ready; its neighbours stand where they stood.
    ready = sum(step.count for one in found.scenario.vehicles for step in one.ready)
    assert ready == 3
    assert "bus-01: before a stretch that is not open; left out" in found.warnings
    assert not [one for one in found.scenario.vehicles if one.at == "D"]


def test_the_room_of_those_who_may_yet_come_is_kept_for_them() -> None:
    found = at_noon(LEFT, (11.75, Closure(("R-D",), "closed")))
    assert [one.people for one in found.scenario.place["D"].filled] == [40]


def test_staff_with_a_convoy_that_stands_are_at_no_end_of_it() -> None:
    crews = (Staff("crews", "escort", sure(1), "A", ("convoy",)),)
    report = Movement("departed", "A", "bus-01", to="D", legs=WAY, staff={"escort": 1}, **FORTY)  # type: ignore[arg-type]
    found = at_noon((11.5, report), (11.75, Closure(("R-D",), "closed")), of=world(staff=crews))
    assert sum(one.count.pick() for one in found.scenario.staff) == 0
    assert "escort: where 1 of them are is not known; left out" in found.warnings


def test_a_one_way_corridor_on_which_somebody_stands_is_nobody_elses() -> None:
    one_way = Corridor("way", WAY, sure(30), fm(30), one_way=True)
    by_convoy = Movement("departed", "A", "bus-01", convoy="c1", to="D", legs=WAY, **FORTY)  # type: ignore[arg-type]
    shut = Closure(("R-D",), "closed")
    found = at_noon((11.5, by_convoy), (11.75, shut), of=world(corridors=(one_way,)))
    assert [one.closes for one in found.scenario.windows if one.where == "way"] == [timedelta(0)]


def test_another_way_round_is_not_closed_by_it() -> None:
    there = Movement("departed", "A", "bus-01", to="D", legs=("A-S", "S-D"), **FORTY)  # type: ignore[arg-type]
    places = (*world().places, Place("S", "checkpoint"))
    legs = (*world().legs, leg("A", "S", 30), leg("S", "D", 60))
    (one,) = people(
        (11.5, there), (11.75, Closure(("R-D",), "closed")), of=world(places=places, legs=legs)
    ).on_the_road
    assert (one.expected, one.shut) == (clock(13), ())


def test_a_bus_of_which_nobody_told_who_is_aboard_is_not_called_empty() -> None:
    now = people((11.5, Movement("departed", "A", "bus-01", to="D", legs=WAY)))
    lines = "\n".join(people_lines(now, 0, 200))
    assert "on the road         0 persons in 1 convoy; of 1 convoy nobody reported who is" in lines
    assert "bus-01: nobody reported who is aboard, 1 vehicle, to D" in lines
    assert people_json(now, 0, 200)["convoys"][0]["people"] is None  # type: ignore[index]


def test_who_has_arrived_and_who_is_on_the_road_stand_side_by_side() -> None:
    first = Movement("departed", "A", "bus-02", to="D", legs=WAY, **FORTY)  # type: ignore[arg-type]
    now = people((9, first), (10.5, Movement("arrived", "D", "bus-02")), LEFT)
    lines = people_lines(now, 100, 120)
    assert lines[0] == "people, as of 12:00:"
    assert "  arrived             40 persons, by our own reports" in lines
    assert "  on the road         40 persons in 1 convoy" in lines
    assert "  leave by this plan  100 of 120 persons who have not departed" in lines
    assert "  arrive if it holds  180 of 200 persons" in lines


def test_names_in_a_row_are_told_by_their_ends() -> None:
    assert numbered(["bus-10", "bus-02", "bus-03", "bus-01"]) == "bus-01 to bus-03, bus-10"
    assert numbered(["van-1", "bus-2", "bus-1", "odd"]) == "bus-1, bus-2, odd, van-1"
    # A name in the manner of a power is no number, and no fault.
    assert numbered(["bus-\u00b9", "bus-\u00b2"]) == "bus-\u00b2, bus-\u00b9"
    assert told(clock(1, day=16), clock(23)) == "16 Dec 01:00"


def test_a_call_list_of_a_plan_from_now_names_no_slip_that_may_have_left() -> None:
    whole = verify(world(), two_convoys(world()))
    assert [slips_called(whole, one) for one in boardings(whole)][:2] == [
        "A-001 to A-050",
        "A-051 to A-100",
    ]
    rest = at_noon().scenario
    plan = replace(two_convoys(rest), inputs=dict(rest.inputs))
    made = verify(rest, plan)
    assert {slips_called(made, one) for one in boardings(made)} == {"A: next 50 · التالية"}
    # Who was brought to a place on the way holds the slip of home: also there it is an A.
    there = replace(rest.groups[0], id="people-at-R", at="R")
    with_them = SimpleNamespace(scenario=replace(rest, groups=(*rest.groups, there)), plan=plan)
    series = Series("people-at-R", "B", 50, 0, 1, by_household=False)
    waits = Boarding(plan.trips[0], series, tuple(range(1, 51)), 0)
    assert slips_called(with_them, waits) == "A: next 50 · التالية"
