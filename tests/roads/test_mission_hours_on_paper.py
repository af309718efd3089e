"""What is printed of a plan whose times change by the hour agrees with the plan to the second."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.activity import rows_of
from safepassage.report.sheets.way import way_of_convoy, way_of_trip
from safepassage.roads.travel import travel
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
CORRIDOR = """
[[corridor]]
id = "shore"
legs = ["mar-south-gymnasium"]
convoy = { largest = 6, headway = "10 min" }
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> VerifiedPlan:
    folder = tmp_path_factory.mktemp("case")
    text = (CASE / "scenario.toml").read_text(encoding="utf-8")
    (folder / "scenario.toml").write_text(text + CORRIDOR, encoding="utf-8")
    (folder / "roads.osm.pbf").write_bytes((CASE / "roads.osm.pbf").read_bytes())
    timed = travel(opened(folder)).scenario
    return solve(timed, limit=timedelta(seconds=4), seed=1, iterations=0)


def test_every_way_on_a_sheet_ends_when_the_trip_arrives(made: VerifiedPlan) -> None:
    ends = [
        (way_of_trip(made.scenario, made.plan, trip).places[-1], (trip.end, trip.arrive))
        for trip in made.plan.trips
    ]
    assert len(ends) > 50
    assert all(found == wanted for found, wanted in ends)
    for convoy in made.plan.convoys:
        way = way_of_convoy(made.scenario, made.plan, convoy)
        assert way.places[-1] == (convoy.end, convoy.arrive)
    assert made.plan.convoys


def test_no_bar_of_a_vehicle_overlaps_the_next(made: VerifiedPlan) -> None:
    rows, _ = rows_of(made.scenario, made.plan)
    for row in rows:
        for earlier, later in pairwise(row.bars):
            assert earlier.begins <= earlier.ends <= later.begins
