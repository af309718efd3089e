"""What is not proved is not called proved, and room that is taken later is not taken now."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.solve import solve
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.figure import sure
from safepassage.scenario.load import load_scenario
from safepassage.scenario.people import BUILT_IN_CLASSES
from safepassage.scenario.places import Filled, Leg, Place
from safepassage.scenario.serving import boards_at
from tests.planner.test_known_plans import one_bus

HOUR = timedelta(hours=1)


def test_a_shelter_that_fills_after_the_horizon_still_has_its_room_now() -> None:
    case = one_bus(people=50, hours=5, drive=60)
    school = replace(
        case.places[1],
        capacity=sure(20),
        filled=(Filled(0 * HOUR, 10), Filled(10 * HOUR, 10)),
    )
    made = solve(replace(case, places=(case.places[0], school)), iterations=1)
    assert made.people_out == 10
    assert made.bound is not None
    assert made.bound >= made.value


def test_a_weight_of_zero_proves_nothing() -> None:
    case = one_bus(people=50, hours=5, drive=60)
    seated = tuple(replace(one, weight=0.0) for one in BUILT_IN_CLASSES)
    with pytest.raises(NotPlannedError, match="weight 0"):
        solve(replace(case, classes=seated), iterations=1)


def test_a_vehicle_that_serves_a_staging_place_stays_behind_that_line() -> None:
    case = one_bus(people=50, hours=5, drive=60)
    yard = Place("yard", "staging")
    beyond = replace(case.vehicles[0], at="yard", serves=("staging", "shelter"))
    behind = replace(
        case,
        places=(*case.places, yard),
        legs=(
            *case.legs,
            Leg("in", "square", "yard", sure(timedelta(minutes=30))),
            Leg("out", "yard", "school", sure(timedelta(minutes=30))),
        ),
        vehicles=(beyond,),
    )
    assert not boards_at(behind, beyond, behind.place["square"])
    assert boards_at(behind, beyond, yard)
    with pytest.raises((NotPlannedError, NobodyMovesError)):
        solve(behind, iterations=1)
    free = replace(behind, vehicles=(replace(beyond, serves=()),))
    assert solve(free, iterations=1).people_out == 50
    forged = solve(free, iterations=1).plan
    with pytest.raises(PlanRefused) as refused:
        verify(behind, forged)
    assert {one.rule for one in refused.value.violations} == {"serves"}


NIGHT_BETWEEN = """
format = "safepassage/scenario/1"
name = "the only escort rests at the near end alone"
start = 2026-03-28T15:00:00+02:00
horizon = "2 days"
[[place]]
id = "town"
kind = "pickup"
[[place]]
id = "line"
kind = "checkpoint"
[[place]]
id = "hall"
kind = "shelter"
[[leg]]
id = "inner"
from = "town"
to = "line"
time = "90 min"
[[leg]]
id = "outer"
from = "line"
to = "hall"
time = "60 min"
[[corridor]]
id = "lane"
legs = ["inner"]
convoy = { headway = "30 min" }
[[group]]
id = "everyone"
at = "town"
class = "walking"
leave = 40
[[vehicle]]
id = "coaches"
kind = "coach"
count = 1
at = "hall"
slots = { seat = 45 }
load = "20 min"
unload = "15 min"
[[staff]]
id = "escort"
kind = "escort"
count = 1
at = "line"
needed_by = "convoy"
duty = "5 h"
rest = "6 h"
relief = "line"
[rules]
night = { begins = "19:00", ends = "06:00", allowed = false }
"""


def test_where_today_leads_nowhere_the_plan_begins_tomorrow(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(NIGHT_BETWEEN, encoding="utf-8")
    made = solve(load_scenario(file), limit=timedelta(seconds=5), iterations=1)
    assert made.people_out == 40
    assert min(trip.arrive for trip in made.plan.trips if trip.load) > 15 * 3600
