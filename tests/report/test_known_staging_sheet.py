"""Calls at a staging place that holds few for a short time, and slips that change vehicle."""

import tomllib

import pytest

from safepassage.planner.plan import BoundProof, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.report.sheets.call_forward import Call, call_forward, waves_at
from safepassage.report.sheets.slips import in_ranges
from safepassage.scenario.load import read_document
from tests.report.sheet_pages import PRINTING, printed

MINUTE = 60

TEXT = """
format = "safepassage/scenario/1"
name = "Hall and village"
start = 2026-03-01T06:00:00+00:00
horizon = "24 h"

[[place]]
id = "village"
kind = "pickup"
[[place]]
id = "hall"
kind = "staging"
limit = 60
longest_wait = "40 min"
[[place]]
id = "school"
kind = "shelter"
[[leg]]
id = "lane"
from = "village"
to = "hall"
time = "10 min"
[[leg]]
id = "road"
from = "hall"
to = "school"
time = "20 min"
[[group]]
id = "villagers"
at = "village"
class = "walking"
leave = 40
households = 10
consent = "asked"
[[group]]
id = "neighbours"
at = "hall"
class = "walking"
leave = 100
consent = "asked"
[[vehicle]]
id = "vans"
kind = "van"
count = 2
at = "village"
slots = { seat = 20 }
load = "5 min"
unload = "5 min"
serves = ["village", "hall"]
[[vehicle]]
id = "buses"
kind = "bus"
count = 3
at = "hall"
slots = { seat = 50 }
load = "10 min"
unload = "5 min"
"""


def _trip(vehicle: str, start: str, end: str, depart: int, **aboard: int) -> Trip:
    """Return a trip departing at a minute, with people by group."""
    leg, lasts = {"lane": ("lane", 10), "road": ("road", 20)}[
        "lane" if "village" in {start, end} else "road"
    ]
    return Trip(
        vehicle,
        vehicle.split("-", maxsplit=1)[0],
        start,
        end,
        (leg,),
        depart * MINUTE,
        (depart + lasts) * MINUTE,
        None,
        {"walking": sum(aboard.values())} if aboard else {},
        dict(aboard),
        {"villagers": aboard["villagers"] // 4} if aboard.get("villagers") else {},
    )


def _verified(*trips: Trip) -> VerifiedPlan:
    scenario = read_document(tomllib.loads(TEXT), "0" * 64)
    arrived = sum(sum(trip.load.values()) for trip in trips if trip.end == "school")
    plan = Plan(
        scenario=scenario.sha256,
        inputs={},
        start=scenario.start,
        objective="expected",
        people="likely",
        convoys=(),
        trips=trips,
        value=float(arrived),
        bound=None,
        proof=BoundProof("none"),
        seed=0,
    )
    return verify(scenario, plan)


@pytest.fixture
def calls() -> dict[str, Call]:
    """Two buses board one after the other; the hall holds 60, a bus load is 50."""
    verified = _verified(
        _trip("bus-01", "hall", "school", 30, neighbours=50),
        _trip("bus-02", "hall", "school", 40, neighbours=50),
    )
    return {call.vehicle: call for wave in waves_at(verified, "hall") for call in wave.calls}


def test_the_second_load_is_not_called_while_the_first_still_stands_in_a_small_hall(
    calls: dict[str, Call],
) -> None:
    # Bus 1 boards from minute 20 to 30: called at 5. Bus 2 boards at 30; at 15 it would be 100 in
    # a hall of 60, so it is called when the first load has gone.
    assert calls["bus-01"].called == 5 * MINUTE
    assert calls["bus-02"].called == 30 * MINUTE == calls["bus-02"].boards


def test_slips_brought_by_van_board_the_bus_first_in_first_out() -> None:
    verified = _verified(
        _trip("van-01", "village", "hall", 5, villagers=20),
        _trip("van-02", "village", "hall", 15, villagers=20),
        _trip("bus-01", "hall", "school", 35, villagers=20),
        _trip("bus-02", "hall", "school", 45, villagers=20),
    )
    at = {
        (call.vehicle, place): [in_ranges(one.series, one.slips) for one in call.boardings]
        for place in ("village", "hall")
        for wave in waves_at(verified, place)
        for call in wave.calls
    }
    assert at == {
        ("van-01", "village"): ["A-001 to A-005"],
        ("van-02", "village"): ["A-006 to A-010"],
        ("bus-01", "hall"): ["A-001 to A-005"],
        ("bus-02", "hall"): ["A-006 to A-010"],
    }


def test_who_was_brought_takes_no_second_place_in_the_hall_when_called_to_board() -> None:
    verified = _verified(
        _trip("van-01", "village", "hall", 5, villagers=20),
        _trip("bus-01", "hall", "school", 35, villagers=20, neighbours=30),
    )
    (wave,) = waves_at(verified, "hall")
    (call,) = wave.calls
    # Boarding from minute 25, called at 10; the van comes at 15: 20 brought and 30 called are 50.
    assert call.called == 10 * MINUTE


def test_the_list_says_how_many_may_wait_and_how_long() -> None:
    verified = _verified(_trip("bus-01", "hall", "school", 30, neighbours=50))
    text = printed(*call_forward(verified, "hall", PRINTING))
    assert "At most 60 people wait here." in text
    assert "Nobody waits longer than 40 min." in text
    assert "Called at the earliest 15 min before boarding (assumed)." in text
