"""Cities worked out by hand."""

import math
import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.bounds import Bound
from safepassage.planner.budget import Budget
from safepassage.planner.city.problem import City, Outside, read_city
from safepassage.planner.city.solve import CitySolver
from safepassage.planner.objective import plan_value
from safepassage.planner.problem import make_problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Intake, Leg, Place, Rate
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law
from tests.planner.city.towns import seconds, town


def one_bus() -> Scenario:
    """Return 100 people, one bus of 50 at their place, a shelter 30 min away."""
    return replace(
        town(1),
        places=(
            Place("square", "pickup"),
            Place("hall", "shelter", arrived=True, intake=Intake(sure(60), timedelta(minutes=60))),
        ),
        legs=(Leg("road", "square", "hall", seconds(1800)),),
        classes=BUILT_IN_CLASSES,
        groups=(Group("people", "square", "walking", sure(100)),),
        vehicles=(
            Vehicles(
                "bus", "bus", sure(1), "square", {"seat": sure(50)}, seconds(600), seconds(600)
            ),
        ),
        horizon=timedelta(hours=4),
        ending=Law("exponential", sure(timedelta(hours=4))),
        rules=replace(town(1).rules, rho=None),
    )


def solved(scenario: Scenario) -> tuple[float, float]:
    """Return the value of the plan and the bound."""
    problem = make_problem(scenario)
    ways = Ways(problem)
    city = read_city(problem, ways)
    assert isinstance(city, City)
    solver = CitySolver(
        problem,
        ways,
        city,
        Budget(60.0, 50, None),
        random.Random(1),  # noqa: S311 - no secret
    )
    bounds: list[Bound] = []
    values: list[float] = []

    def keep(schedule: Schedule) -> None:
        values.append(plan_value(problem, schedule.trips))

    solver.price(bounds.append)
    solver.plan(keep, bounds.append)
    return max(values), min(one.value for one in bounds)


def test_one_bus_arrives_after_40_and_120_minutes() -> None:
    value, bound = solved(one_bus())
    by_hand = 50 * (math.exp(-40 / 240) + math.exp(-120 / 240))
    assert value == pytest.approx(by_hand)
    assert bound == pytest.approx(by_hand, rel=2e-3)


def test_an_intake_of_30_an_hour_lets_no_second_load_in_before_its_hour_is_over() -> None:
    scenario = one_bus()
    hall = replace(scenario.places[1], intake=Intake(sure(30), timedelta(hours=2)))
    scenario = replace(scenario, places=(scenario.places[0], hall))
    value, _ = solved(scenario)
    # 30 at 40 min and, two hours later, 30 more.
    assert value == pytest.approx(30 * (math.exp(-40 / 240) + math.exp(-160 / 240)))


def test_what_a_city_cannot_say_is_named() -> None:
    scenario = one_bus()
    square = replace(
        scenario.places[0], bays={"bus": sure(0)}, rate=Rate(sure(1), timedelta(minutes=5))
    )
    scenario = replace(scenario, places=(square, scenario.places[1]))
    problem = make_problem(scenario)
    found = read_city(problem, Ways(problem))
    assert isinstance(found, Outside)
    assert {one.split(":")[0] for one in found.reasons} == {"places square"}
    assert len(found.reasons) == 2


def test_the_first_plan_is_whole_though_its_tours_had_to_be_compiled_first() -> None:
    problem = make_problem(one_bus())
    ways = Ways(problem)
    city = read_city(problem, ways)
    assert isinstance(city, City)
    # The limit is over and all the grace is spent, as after a long compilation.
    budget = Budget(0.0, None, None, worked=time.process_time() - 60.0)
    solver = CitySolver(problem, ways, city, budget, random.Random(1))  # noqa: S311 - no secret
    values: list[float] = []
    bounds: list[Bound] = []
    solver.price(bounds.append)
    solver.plan(lambda one: values.append(plan_value(problem, one.trips)), bounds.append)
    # The bus arrives after 40 and after 120 minutes.
    assert max(values) == pytest.approx(50 * (math.exp(-40 / 240) + math.exp(-120 / 240)))
