"""Staff by number: who rides with what, from when until when, as far as anyone has named them."""

import json

from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.folding import situation
from safepassage.ledger.numbered import Ride
from safepassage.ledger.seen import Movement
from tests.ledger.writing import clock, enter, new_ledger

PLAN = json.dumps(
    {
        "start": clock(8).isoformat(),
        "convoys": [
            {"id": "c1", "start": "A", "end": "D", "who": {"delegate": ["delegate-02"]}},
        ],
        "trips": [
            {
                "vehicle": "bus-01",
                "convoy": "c1",
                "from": "A",
                "to": "D",
                "legs": ["A-R", "R-D"],
                "arrive": 456,
                "staff": {"driver": 1},
                "who": {"driver": ["driver-05"]},
            }
        ],
    }
)


def test_those_named_with_a_vehicle_ride_with_it_and_get_off_where_it_arrives() -> None:
    ledger, _ = new_ledger()
    leaves = Movement("departed", "A", "bus-01", to="D", who=("delegate-01", "driver-03"))
    enter(ledger, leaves, at=clock(12))
    gone = situation(ledger, at=clock(12, 30)).staff
    assert {one: (gone[one].place, gone[one].to, gone[one].ride_with) for one in gone} == {
        "delegate-01": ("A", "D", "bus-01"),
        "driver-03": ("A", "D", "bus-01"),
    }
    enter(ledger, Movement("arrived", "D", "bus-01"), at=clock(13, 6))
    now = situation(ledger, at=clock(14))
    assert now.staff["driver-03"].rides == (Ride(clock(12), clock(13, 6), "D"),)
    assert not now.staff["driver-03"].on_the_road
    # Whoever is named is counted by his kind too.
    assert now.staff_moved[("delegate", "A")] == -1
    assert now.staff_moved[("delegate", "D")] == 1


def test_a_report_on_the_convoy_moves_those_whom_the_plan_names() -> None:
    ledger, _ = new_ledger()
    enter(ledger, PlanAdopted("a" * 64, PLAN, "move-1"))
    enter(ledger, Movement("departed", convoy="c1"), at=clock(14, 30))
    gone = situation(ledger, at=clock(15)).staff
    assert (gone["delegate-02"].ride_with, gone["driver-05"].ride_with) == ("c1", "bus-01")
    assert all(one.as_planned and one.to == "D" for one in gone.values())
    enter(ledger, Movement("arrived", "D", convoy="c1"), at=clock(15, 36))
    here = situation(ledger, at=clock(16)).staff
    assert {one.place for one in here.values()} == {"D"}
    assert {one.rides for one in here.values()} == {(Ride(clock(14, 30), clock(15, 36), "D"),)}


def test_a_convoy_that_turns_back_brings_its_staff_back() -> None:
    ledger, _ = new_ledger()
    enter(ledger, PlanAdopted("a" * 64, PLAN, "move-1"))
    enter(ledger, Movement("departed", convoy="c1"), at=clock(14, 30))
    enter(ledger, Movement("held", "K", convoy="c1"), at=clock(14, 40))
    assert {one.to for one in situation(ledger, at=clock(14, 45)).staff.values()} == {"D"}
    enter(ledger, Movement("turned back", convoy="c1"), at=clock(14, 50))
    assert {one.to for one in situation(ledger, at=clock(15)).staff.values()} == {"A"}
    enter(ledger, Movement("arrived", "A", convoy="c1"), at=clock(15, 10))
    now = situation(ledger, at=clock(16)).staff
    assert {one.place for one in now.values()} == {"A"}


def test_those_who_ride_alone_and_those_whom_only_an_arrival_names() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement("departed", "D", to="A", who=("delegate-01",)), at=clock(12))
    assert situation(ledger, at=clock(13)).staff["delegate-01"].to == "A"
    enter(ledger, Movement("arrived", "A", who=("delegate-01",)), at=clock(13))
    enter(ledger, Movement("through", "R", who=("delegate-01",)), at=clock(13, 1))
    # Nobody saw delegate-09 leave: where from and for how long is not known.
    enter(ledger, Movement("arrived", "A", "bus-07", who=("delegate-09",)), at=clock(14))
    now = situation(ledger, at=clock(15))
    assert now.staff["delegate-01"].rides == (Ride(clock(12), clock(13), "A"),)
    assert (now.staff["delegate-09"].place, now.staff["delegate-09"].rides) == ("A", ())
    assert now.staff_moved == {("delegate", "D"): -1, ("delegate", "A"): 2}


def test_who_leaves_again_though_nobody_saw_him_arrive_keeps_the_open_ride() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement("departed", "A", "bus-01", to="D", who=("driver-01",)), at=clock(12))
    enter(ledger, Movement("departed", "D", "bus-02", to="A", who=("driver-01",)), at=clock(15))
    rides = situation(ledger, at=clock(16)).staff["driver-01"].rides
    assert rides == (Ride(clock(12), None, None), Ride(clock(15), None, None))
