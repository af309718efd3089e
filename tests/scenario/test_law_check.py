"""Laws of the warnings: what they say no plan can do, no plan does."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings

from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.solve import solve
from safepassage.scenario.checks.totals import most_rides
from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.load import read_document
from safepassage.scenario.ways import Ways
from tests.scenario.given import documents


@pytest.mark.proof
@settings(max_examples=150)
@given(documents())
def test_no_plan_rides_more_often_than_the_warning_about_seats_allows(document):
    scenario = read_document(document | {"horizon": "10 h"}, "0" * 64)
    try:
        made = solve(scenario, limit=timedelta(seconds=1), seed=1, iterations=0)
        most = {one.kind: most_rides(Ways(scenario), one) for one in scenario.vehicles}
    except (NobodyMovesError, NotPlannedError, UnknownFigureError):
        return
    starts = {one.at for one in scenario.groups}
    rides = Counter(
        (one.kind, one.vehicle)
        for one in made.plan.trips
        if one.load and one.vehicle and one.start in starts
    )
    for (kind, vehicle), count in rides.items():
        assert count <= most[kind], vehicle
