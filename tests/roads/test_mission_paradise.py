"""Paradise, 8 November 2018: closures that arrive by time, on the roads of the eve of the fire."""

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.paradise import burning_pairs, roads_of, write_case
from safepassage.planner.solve import solve
from safepassage.roads.travel import Travel, open_roads, travel
from safepassage.scenario.load import load_scenario


@pytest.fixture(scope="module")
def case(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (shared / "data" / "camp_fire_front_by_minute.parquet").is_file():
        pytest.skip("needs the fire areas of the common data, which are not there")
    folder = tmp_path_factory.mktemp("paradise")
    write_case(shared / "data", folder)
    return folder


@pytest.fixture(scope="module")
def travelled(case: Path) -> Travel:
    return travel(open_roads(load_scenario(case), case))


@pytest.mark.usefixtures("case")
def test_the_roads_are_those_of_the_eve_of_the_fire(shared: Path) -> None:
    network = roads_of(shared / "data")
    assert (network.nodes, network.edges) == (2645, 3655)
    assert network.metres.sum() / 1000 == pytest.approx(808, abs=1)


@pytest.mark.usefixtures("case")
def test_fire_reaches_more_roads_with_each_step(shared: Path) -> None:
    steps = burning_pairs(roads_of(shared / "data"), shared / "data")
    assert [minute for minute, _ in steps] == [0, 120, 205, 275, 375, 475, 575, 675, 775]
    assert sum(len(pairs) for _, pairs in steps) > 500


def test_ways_out_are_lost_by_the_hour(travelled: Travel) -> None:
    open_legs = [
        sum(1 for row in travelled.legs if row.times[number] is not None)
        for number in range(len(travelled.slices))
    ]
    assert open_legs == sorted(open_legs, reverse=True)
    assert open_legs[0] == len(travelled.legs)
    assert open_legs[-1] < len(travelled.legs)


def test_everybody_planned_for_is_out_before_their_road_burns(travelled: Travel) -> None:
    verified = solve(travelled.scenario, limit=timedelta(seconds=5), seed=1, iterations=0)
    assert verified.people_out > 0.9 * verified.people_total
    shut = {window.where: window.closes for window in travelled.scenario.windows if window.closes}
    for trip in verified.plan.trips:
        for leg in trip.legs:
            if leg in shut:
                assert timedelta(seconds=trip.arrive) <= shut[leg] - timedelta(minutes=10)
