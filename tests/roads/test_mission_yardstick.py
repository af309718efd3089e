"""The yardstick of the coast: what the buses of a real hurricane evacuation did."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.order_by import order_by, ordered_after
from safepassage.roads.travel import travel
from safepassage.scenario.fleet import Available
from safepassage.scenario.load import load_scenario
from safepassage.scenario.scenario import Scenario
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
EARLIER = timedelta(hours=96)


def made(scenario: Scenario) -> VerifiedPlan:
    return solve(scenario, limit=timedelta(seconds=5), seed=1, iterations=0)


def shares_of_2005() -> list[tuple[float, float]]:
    """Return (hours after the order, share of the fleet on hand), as reported."""
    with (CASE / "yardstick" / "buses.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["operation"] == "Katrina 2005"]
    most = max(float(row["value"]) for row in rows)
    return [(float(row["after_hours"]), float(row["value"]) / most) for row in rows]


def with_buses_of_2005(given: Scenario) -> Scenario:
    """Return the case begun four days earlier, its vehicles coming as those of 2005 did."""
    vehicles = []
    for one in given.vehicles:
        count, had, ready = one.count.pick(), 0, []
        for hours, share in shares_of_2005():
            now = int(count * share)
            ready.append(Available(timedelta(hours=hours), now - had))
            had = now
        vehicles.append(replace(one, ready=tuple(step for step in ready if step.count)))
    assert given.roads is not None
    closures = tuple(
        replace(one, starts=None if one.starts is None else one.starts + EARLIER)
        for one in given.roads.closures
    )
    steps = ((EARLIER, 1.0), *((after + EARLIER, p) for after, p in given.ending.steps))
    return replace(
        given,
        start=given.start - EARLIER,
        horizon=given.horizon + EARLIER,
        vehicles=tuple(vehicles),
        roads=replace(given.roads, closures=closures),
        ending=replace(given.ending, steps=steps),
        places=tuple(
            replace(
                place,
                filled=tuple(replace(one, after=one.after + EARLIER) for one in place.filled),
            )
            for place in given.places
        ),
    )


def test_buses_that_come_as_in_2005_need_the_order_a_day_earlier_and_more() -> None:
    case = with_buses_of_2005(load_scenario(CASE))
    assert [sum(step.count for step in one.ready) for one in case.vehicles] == [8, 3]
    timed = travel(opened(CASE, case)).scenario
    early = order_by(timed, made, chance=0.8, step=timedelta(hours=200)).tried[0]
    assert (early.after, early.enough, early.out) == (timedelta(0), True, early.total)
    day_before = EARLIER - timedelta(hours=24)
    late = order_by(ordered_after(timed, day_before), made, chance=0.8, step=timedelta(hours=200))
    assert late.latest is None, "an order a day before the case begins is too late for such a fleet"
    assert late.tried[0].chance is None or late.tried[0].chance < 0.5


def test_an_order_moves_what_becomes_ready_and_leaves_the_storm_where_it_is() -> None:
    given = load_scenario(CASE)
    later = ordered_after(given, timedelta(hours=2))
    assert [step.after for step in later.vehicles[0].ready] == [
        timedelta(hours=2), timedelta(hours=5),
    ]  # fmt: skip
    assert later.vehicles[1].ready == (Available(timedelta(hours=2), 3),)
    assert later.group["mar-north-people"].ready[1].after == timedelta(hours=4)
    assert sum(step.people for step in later.group["port-people"].ready) == 900
    assert later.place["gymnasium"].opens == timedelta(hours=4)
    assert later.place["hill-school"].filled == given.place["hill-school"].filled
    assert (later.ending, later.roads, later.start) == (given.ending, given.roads, given.start)


@pytest.mark.parametrize("chance", [0.8])
def test_the_order_by_time_comes_with_a_last_bus_for_every_stop(chance: float) -> None:
    words = ["roads", "order-by", str(CASE), "--chance", str(chance), "--step", "4 h", "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["format"] == "safepassage/order-by/1"
    best = answer["order_by"]
    assert best["enough"]
    assert best["people_out"] == best["people_total"] == 2398
    assert best["chance"] >= chance
    assert set(best["last_buses"]) == {"mar-north", "mar-south", "penuelas", "port"}
    assert all(at < best["last_arrival"] for at in best["last_buses"].values())
    later = [one for one in answer["tried"] if one["after_minutes"] > best["after_minutes"]]
    assert later
    assert not any(one["enough"] for one in later)


def test_where_even_an_order_at_the_start_is_too_late_it_says_so() -> None:
    words = ["roads", "order-by", str(CASE), "--chance", "0.999", "--step", "17 h"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "No order is early enough: one at the start brings 2,398 of 2,398" in done.output
