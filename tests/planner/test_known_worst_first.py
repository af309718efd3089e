"""Hard rules, then the worst-served group, then value: by hand, and the share that is proved."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.cli.faults import CommandError
from safepassage.planner.bounds import most_equal_share
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import make_problem
from safepassage.planner.solve import solve
from safepassage.planner.verify import PlanRefused, verify
from safepassage.planner.ways import Ways
from safepassage.planner.worst_first import solve_worst_first
from safepassage.planner.worst_served import AT_MOST, worst_served
from safepassage.scenario.figure import sure
from safepassage.scenario.people import Group, PersonClass
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.scenario import Scenario
from tests.planner.strategies import Maker
from tests.planner.test_known_plans import one_bus


def two_villages() -> Scenario:
    """A bus of 10, 2 h: 60 people 10 min from the school, 20 people 30 min from it."""
    case = one_bus(people=60, hours=2, drive=10)
    return replace(
        case,
        places=(*case.places, Place("far", "pickup")),
        legs=(*case.legs, Leg("long", "far", "school", sure(timedelta(minutes=30)))),
        groups=(*case.groups, Group("hill", "far", "walking", sure(20))),
        vehicles=(replace(case.vehicles[0], slots={"seat": sure(10)}),),
    )


def test_by_value_alone_the_far_village_waits_and_by_the_other_order_it_is_served() -> None:
    case = two_villages()
    by_value = worst_served(solve(case, iterations=5))
    assert by_value is not None
    assert (by_value.group, by_value.arrive) == ("hill", 0)
    made = solve_worst_first(case, iterations=5)
    served = worst_served(made)
    assert served is not None
    assert served.arrive > 0
    assert served.share <= (served.at_most or 0)
    assert made.value < solve(case, iterations=5).value
    assert made.bound is not None
    assert made.value <= made.bound


def test_no_plan_of_a_search_serves_everybody_better_than_the_share_that_is_proved() -> None:
    compared = 0
    for seed in range(12):
        case = Maker(seed).scenario()
        try:
            plans = [solve(case, iterations=1), solve_worst_first(case, iterations=2)]
        except ValueError:
            continue
        problem = make_problem(case)
        for made in plans:
            served = worst_served(made)
            if served is None:
                continue
            groups = [
                one.id for one in problem.crowds if one.total > 0 and one.id not in served.never
            ]
            most = most_equal_share(problem, Ways(problem), groups)
            assert most is not None
            assert served.share <= most + 1e-6, (seed, served, most)
            compared += 1
    assert compared > 10


def test_a_share_that_the_plan_itself_beats_is_refused() -> None:
    made = solve_worst_first(two_villages(), iterations=3)
    for wrong in (0.0, "a lot"):
        proof = BoundProof(made.plan.proof.kind, made.plan.proof.relaxes, {AT_MOST: wrong})
        with pytest.raises(PlanRefused) as refused:
            verify(made.scenario, replace(made.plan, proof=proof, stated=None))
        assert {one.rule for one in refused.value.violations} == {"bound"}


def test_a_group_whom_no_vehicle_can_carry_is_told_apart() -> None:
    case = two_villages()
    lying = PersonClass("lying", {"stretcher": 1})
    case = replace(
        case,
        classes=(*case.classes, lying),
        groups=(*case.groups, Group("ward", "far", "lying", sure(3))),
    )
    served = worst_served(solve_worst_first(case, iterations=3))
    assert served is not None
    assert served.never == ("ward",)
    assert served.group != "ward"
    assert served.share > 0


SMALL = """
format = "safepassage/scenario/1"
name = "two villages"
start = 2026-03-28T08:00:00+02:00
horizon = "2 h"
[[place]]
id = "near"
kind = "pickup"
[[place]]
id = "far"
kind = "pickup"
[[place]]
id = "hall"
kind = "shelter"
[[leg]]
id = "short"
from = "near"
to = "hall"
time = "10 min"
[[leg]]
id = "long"
from = "far"
to = "hall"
time = "30 min"
[[group]]
id = "valley"
at = "near"
class = "walking"
leave = 60
[[group]]
id = "hill"
at = "far"
class = "walking"
leave = 20
[[vehicle]]
id = "buses"
kind = "bus"
count = 1
at = "near"
slots = { seat = 10 }
load = "0 min"
unload = "0 min"
"""


def test_a_coordinator_asks_for_it_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(SMALL, encoding="utf-8")
    run = CliRunner()
    call = ["plan", str(tmp_path), "--iterations", "3", "-o", str(tmp_path / "p.json")]
    by_value = run.invoke(app, [*call, "--json"])
    fair = run.invoke(app, [*call, "--json", "--worst-first"])
    shares = [json.loads(one.stdout)["worst_served"]["share"] for one in (by_value, fair)]
    assert shares[0] < shares[1]
    told = run.invoke(app, ["explain", str(tmp_path), str(tmp_path / "p.json"), "--limit", "0s"])
    assert "Worst served:" in told.stdout
    both = run.invoke(app, [*call, "--worst-first", "--objective", "last_out"])
    assert isinstance(both.exception, CommandError)


def test_a_scenario_can_ask_for_it_and_a_person_can_still_go_by_value(tmp_path: Path) -> None:
    asked = f"{SMALL}[rules]\nworst_first = true\n"
    (tmp_path / "scenario.toml").write_text(asked, encoding="utf-8")
    run = CliRunner()
    call = ["plan", str(tmp_path), "--iterations", "3", "-o", str(tmp_path / "p.json")]
    told = run.invoke(app, call).stdout
    assert "hard rules, the worst-served group, then the value" in told
    assert "order of aims" not in run.invoke(app, [*call, "--by-value"]).stdout
    # Far from any corridor it is a city: what is not proved there is said.
    assert "a city has no bound by prices in this order" in told
    last_out = asked.replace("worst_first = true", 'worst_first = true\nobjective = "last_out"')
    (tmp_path / "scenario.toml").write_text(last_out, encoding="utf-8")
    refused = run.invoke(app, call)
    assert "rules.worst_first" in str(refused.exception)


def test_a_plan_in_force_is_kept_where_no_other_serves_the_worst_better() -> None:
    case = two_villages()
    first = solve_worst_first(case, iterations=20)
    again = solve_worst_first(case, iterations=0, in_force=first.plan)
    assert worst_served(again).share >= worst_served(first).share
