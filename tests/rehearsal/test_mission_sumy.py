"""Sumy, 8 March 2022: the case as it was given, and its record apart."""

import csv
from datetime import timedelta
from pathlib import Path

from safepassage.planner.solve import solve
from safepassage.scenario.check import warnings
from safepassage.scenario.load import load_scenario

CASE = Path(__file__).parents[2] / "cases" / "sumy-2022"


def test_both_columns_of_sumy_reach_poltava_inside_the_silence() -> None:
    scenario = load_scenario(CASE)
    plan = solve(scenario, limit=timedelta(seconds=20), seed=1, iterations=0)
    # 22 + 39 buses of 50 seats: 3,050 people, in 12 hours less half an hour's margin.
    assert plan.people_out == 3050
    assert max(second for second, _ in plan.curve) <= (12 * 60 - 30) * 60


def test_no_bus_of_sumy_makes_two_loaded_trips_in_the_silence() -> None:
    plan = solve(load_scenario(CASE), limit=timedelta(seconds=20), seed=1, iterations=0)
    loaded = [trip.vehicle for trip in plan.plan.trips if trip.load]
    assert len(loaded) == len(set(loaded)) == 61


def test_every_party_that_holds_the_road_of_sumy_has_promised_something() -> None:
    assert not [one for one in warnings(load_scenario(CASE)) if one.rule == "guarantee"]


def test_the_scenario_of_sumy_uses_no_figure_of_what_really_happened() -> None:
    text = (CASE / "scenario.toml").read_text(encoding="utf-8")
    with (CASE / "hindsight" / "record.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counted = [row["value"] for row in rows if row["figure_kind"].startswith(("people", "private"))]
    assert counted == ["5000", "1000", "5000", "2664", "12000"]
    for value in ("5000", "2664"):
        assert value not in text
