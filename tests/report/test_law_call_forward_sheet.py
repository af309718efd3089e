"""Whatever the plan: nobody is called for a seat that is not planned, no slip is called twice."""

import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.planner.plan import BoundProof, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.report.sheets.call_forward import (
    LEAD,
    TooManyCalledError,
    call_forward,
    waves_at,
)
from safepassage.report.sheets.slips import SlipError, boardings, in_ranges, series_of
from safepassage.scenario.load import read_document
from safepassage.scenario.scenario import Scenario
from tests.report.sheet_mission import mission
from tests.report.sheet_pages import PRINTING

LOAD, UNLOAD, DRIVE = 10 * 60, 5 * 60, 20 * 60

TEXT = """
format = "safepassage/scenario/1"
name = "A hall"
start = 2026-03-01T06:00:00+00:00
horizon = "24 h"

[[place]]
id = "hall"
kind = "staging"
limit = {limit}
longest_wait = "{wait} min"
[[place]]
id = "school"
kind = "shelter"
[[leg]]
id = "road"
from = "hall"
to = "school"
time = "20 min"
[[group]]
id = "families"
at = "hall"
class = "walking"
leave = {people}
households = {households}
ready = [["0 min", {early}], ["{late_at} min", {late}]]
consent = "asked"
[[group]]
id = "lying"
at = "hall"
class = "stretcher-2"
leave = {lying}
consent = "asked"
[[class]]
id = "stretcher-2"
uses = {{ stretcher = 1 }}
companions = 2
medical = "lies"
[[vehicle]]
id = "buses"
kind = "bus"
count = {buses}
at = "hall"
slots = {{ seat = {seats}, stretcher = {stretchers} }}
load = "10 min"
unload = "5 min"
"""


def _scenario(**numbers: int) -> Scenario:
    text = TEXT.format(**numbers)
    if not numbers["late"]:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("ready"))
    return read_document(tomllib.loads(text), "0" * 64)


def _trips(scenario: Scenario, data: st.DataObject) -> tuple[Trip, ...]:
    """Draw shuttles of each bus that take whole households as they are ready."""
    group = scenario.group["families"]
    people, households = group.leave.pick(), group.households.pick() if group.households else 0
    size, large = divmod(people, households)
    small, lying = households - large, scenario.group["lying"].leave.pick()
    seats = scenario.vehicles[0].slots["seat"].pick()
    beds = scenario.vehicles[0].slots["stretcher"].pick()
    ready = [(int(one.after.total_seconds()), one.people) for one in group.ready] or [(0, people)]
    boarded = 0
    trips: list[Trip] = []
    buses = scenario.vehicles[0].count.pick()
    free_at = {f"bus-{number:02}": 0 for number in range(1, buses + 1)}
    for _ in range(data.draw(st.integers(1, 8), label="rides")):
        name = min(free_at, key=lambda one: (free_at[one], one))
        boards = free_at[name] + 60 * data.draw(st.integers(0, 40), label="idle")
        patients = data.draw(st.integers(0, min(beds, lying, seats // 2)), label="patients")
        room = seats - 2 * patients
        allowed = sum(count for at, count in ready if at <= boards) - boarded
        fives = data.draw(
            st.integers(0, min(large, room // (size + 1), max(0, allowed) // (size + 1)))
        )
        room -= fives * (size + 1)
        allowed -= fives * (size + 1)
        fours = data.draw(st.integers(0, min(small, room // size, max(0, allowed) // size)))
        taken = fives * (size + 1) + fours * size
        if not taken and not patients:
            continue
        large, small, lying, boarded = (
            large - fives,
            small - fours,
            lying - patients,
            boarded + taken,
        )
        load = {"walking": taken} if taken else {}
        groups = {"families": taken} if taken else {}
        if patients:
            load |= {"stretcher-2": patients, "companion": 2 * patients}
            groups |= {"lying": patients}
        depart = boards + LOAD
        arrive = depart + DRIVE
        trips.append(
            Trip(
                name,
                "bus",
                "hall",
                "school",
                ("road",),
                depart,
                arrive,
                None,
                load,
                groups,
                {"families": fives + fours} if taken else {},
            )
        )
        back = arrive + UNLOAD
        trips.append(Trip(name, "bus", "school", "hall", ("road",), back, back + DRIVE))
        free_at[name] = back + DRIVE
    return tuple(sorted(trips, key=lambda trip: (trip.depart, trip.vehicle or "")))


def _peak(trips: tuple[Trip, ...]) -> int:
    """Return the most people who board at the same time, from boarding to departure."""
    loads = [(trip.depart - LOAD, trip.depart, sum(trip.load.values())) for trip in trips]
    return max(
        (sum(load for begin, end, load in loads if begin <= at < end) for at, _, _ in loads),
        default=0,
    )


def _verified(scenario: Scenario, trips: tuple[Trip, ...]) -> VerifiedPlan:
    plan = Plan(
        scenario=scenario.sha256,
        inputs={},
        start=scenario.start,
        objective="expected",
        people="likely",
        convoys=(),
        trips=trips,
        value=float(sum(sum(trip.load.values()) for trip in trips)),
        bound=None,
        proof=BoundProof("none"),
        seed=0,
    )
    return verify(scenario, plan)


@settings(max_examples=30)
@given(st.data())
def test_no_wave_calls_more_people_than_its_vehicles_seat_nor_a_slip_twice(
    data: st.DataObject,
) -> None:
    households = data.draw(st.integers(1, 40), label="households")
    people = data.draw(st.integers(households, 6 * households), label="people")
    late = data.draw(st.integers(0, people - 1), label="late")
    numbers = {
        "people": people,
        "households": households,
        "early": people - late,
        "late": late,
        "late_at": data.draw(st.integers(1, 90), label="late at"),
        "lying": data.draw(st.integers(1, 8), label="lying"),
        "buses": data.draw(st.integers(1, 4), label="buses"),
        "seats": data.draw(st.integers(10, 60), label="seats"),
        "stretchers": data.draw(st.integers(1, 4), label="stretchers"),
        "wait": data.draw(st.integers(11, 60), label="wait"),
        "limit": 100_000,
    }
    trips = _trips(_scenario(**numbers), data)
    numbers["limit"] = max(1, _peak(trips)) + data.draw(st.integers(0, 80), label="spare")
    scenario = _scenario(**numbers)
    verified = _verified(scenario, trips)
    waves = waves_at(verified, "hall")

    seats = scenario.vehicles[0].slots
    for wave in waves:
        vehicles = {call.vehicle for call in wave.calls}
        walking = sum(call.trip.load.get("walking", 0) for call in wave.calls)
        lying = sum(call.trip.load.get("stretcher-2", 0) for call in wave.calls)
        assert walking + 2 * lying <= len(vehicles) * seats["seat"].pick()
        assert lying <= len(vehicles) * seats["stretcher"].pick()

    called = [
        (boarding.series.group, slip)
        for wave in waves
        for call in wave.calls
        for boarding in call.boardings
        for slip in boarding.slips
    ]
    assert len(called) == len(set(called))

    calls = [call for wave in waves for call in wave.calls]
    assert sum(call.people for call in calls) == sum(sum(trip.load.values()) for trip in trips)
    longest = min(LEAD, timedelta(minutes=numbers["wait"])).total_seconds()
    for call in calls:
        assert call.boards - longest <= call.called <= call.boards == call.trip.depart - LOAD
        of_groups = {boarding.series.group: boarding.people for boarding in call.boardings}
        assert of_groups == {group: count for group, count in call.trip.groups.items() if count}

    # The hall never holds more than its limit, those called and not yet gone counted.
    standing = [(call.called, call.trip.depart, call.people) for call in calls]
    for at in {begin for begin, _, _ in standing}:
        assert sum(load for begin, end, load in standing if begin <= at < end) <= numbers["limit"]

    # Nobody is called before he is ready, unless boarding itself has begun.
    for call in calls:
        if call.called < call.boards and late:
            ready = numbers["early"] + (late if call.called >= numbers["late_at"] * 60 else 0)
            so_far = sum(
                one.trip.groups.get("families", 0) for one in calls if one.boards < call.boards
            )
            assert so_far + call.trip.groups.get("families", 0) <= ready


@given(people=st.integers(1, 400), households=st.integers(1, 60), slips=st.sets(st.integers(1, 60)))
def test_slips_hold_all_people_and_ranges_name_each_slip_once(
    people: int, households: int, slips: set[int]
) -> None:
    numbers = {"late": 0, "early": 0, "late_at": 1, "lying": 1, "buses": 1, "seats": 10}
    numbers |= {"stretchers": 1, "wait": 11, "limit": 1}
    households = min(households, people)
    scenario = _scenario(people=people, households=households, **numbers)
    series = series_of(scenario, "likely")["families"]
    assert series.slips == households
    assert sum(series.people(slip) for slip in range(1, series.slips + 1)) == people
    named: list[int] = []
    for part in in_ranges(series, tuple(slips)).split(", "):
        ends = [int(end.split("-")[1]) for end in part.split(" to ")] if part else []
        named += range(ends[0], ends[-1] + 1) if ends else []
    assert named == sorted(slips)


def test_a_plan_that_overfills_a_vehicle_is_never_printed_as_calls() -> None:
    verified = mission()
    trips = verified.plan.trips
    full = next(index for index, trip in enumerate(trips) if trip.vehicle == "bus-01")
    too_many = replace(trips[full], load={"walking": 51})
    # Past the verifier on purpose: the sheet does not rely on it alone.
    object.__setattr__(
        verified,
        "plan",
        replace(verified.plan, trips=(*trips[:full], too_many, *trips[full + 1 :])),
    )
    with pytest.raises(TooManyCalledError, match="51 of seat are needed, the vehicle has 50"):
        call_forward(verified, "market", PRINTING)


def test_a_plan_with_more_households_than_slips_is_refused_by_name() -> None:
    verified = mission()
    trips = verified.plan.trips
    first = next(index for index, trip in enumerate(trips) if trip.vehicle == "bus-01")
    wrong = replace(trips[first], groups={"families": 1600}, households={"families": 320})
    object.__setattr__(
        verified, "plan", replace(verified.plan, trips=(*trips[:first], wrong, *trips[first + 1 :]))
    )
    with pytest.raises(SlipError, match="bus-01 from market at second 7200, group families"):
        boardings(verified)
