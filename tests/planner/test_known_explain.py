"""Explain: what it would take, what looks unreal, and prices of protection for the head alone."""

import json

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.cli.faults import CommandError
from safepassage.planner.protection import protection_prices
from safepassage.planner.reasons import left_behind
from safepassage.planner.solve import solve
from safepassage.scenario.load import load_scenario
from tests.planner.linked_town import SIDE

RUN = CliRunner()
HOUSEHOLDS = ("leave = 900", "leave = 900\nhouseholds = 300")
WEIGHTED = (
    '[[class]]\nid = "frail"\nuses = { seat = 1 }\nvulnerability = "old"\n[weights]\nfrail = 2\n'
)


def town(folder, *changes: tuple[str, str], added: str = "", hours: int = 8):
    text = SIDE.format(
        name="Town",
        minutes=66,
        people=900,
        buses=4,
        horizon=f"{hours} h",
        largest=10,
        escorts=2,
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "scenario.toml").write_text(text + added)
    return folder


def reason_of(folder, **more):
    scenario = load_scenario(folder)
    return left_behind(solve(scenario, iterations=5, **more))


def test_who_is_left_for_want_of_buses_needs_so_many_loads_and_buses(tmp_path):
    # 8 h: a bus arrives at 86, 248 and 410 min: three loads; four buses bring 600 of 900.
    (one,) = reason_of(town(tmp_path))
    assert one.people == 300
    # 6 more loads; one bus makes 3: 2 more buses.
    assert one.takes == (
        "6 more loads of one bus; one bus that starts with the others makes at most 3 by the end: "
        "2 more, or more time"
    )


def test_a_group_that_can_never_arrive_has_that_as_its_reason(tmp_path):
    late = (
        '[[group]]\nid = "late"\nat = "town"\nclass = "walking"\nleave = 10\nready = "7 h 30 min"\n'
    )
    found = {one.group: one for one in reason_of(town(tmp_path, added=late))}
    assert found["late"].reason == "never"
    assert "horizon" in found["late"].why
    assert found["families"].reason != "never"


def test_a_full_shelter_takes_as_much_room_as_people_are_left(tmp_path):
    (one,) = reason_of(town(tmp_path, ('kind = "shelter"', 'kind = "shelter"\ncapacity = 500')))
    assert (one.reason, one.people) == ("capacity", 400)
    assert one.takes == "room for 400 more where they may go (with their companions)"


@pytest.fixture
def planned(tmp_path):
    folder = town(tmp_path, HOUSEHOLDS)
    plan = tmp_path / "plan.json"
    done = RUN.invoke(app, ["plan", str(folder), "--iterations", "3", "-o", str(plan)])
    assert done.exit_code == 0, done.output
    ledger = tmp_path / "room.db"
    RUN.invoke(app, ["ledger", "init", "--ledger", str(ledger)], catch_exceptions=False)
    role = ["ledger", "add", "--ledger", str(ledger), "role", "--person", "head-1"]
    RUN.invoke(app, [*role, "--role", "head", "--source", "in person"], catch_exceptions=False)
    return folder, plan, ledger


def explain(planned, *more: str):
    folder, plan, _ = planned
    return RUN.invoke(app, ["explain", str(folder), str(plan), "--limit", "1s", *more])


def entries(planned) -> list[str]:
    shown = RUN.invoke(app, ["ledger", "show", "--ledger", str(planned[2])])
    return [line for line in shown.stdout.splitlines() if "decision" in line]


def test_protection_has_no_price_unless_the_head_asks(planned):
    told = json.loads(explain(planned, "--json").stdout)
    assert "protection" not in told
    assert {one["rule"] for one in told["unreal"]} >= {"seats"}
    assert entries(planned) == []


def test_the_head_is_told_and_the_request_is_on_record(planned):
    done = explain(planned, "--protection", "head-1", "--ledger", str(planned[2]), "--json")
    assert done.exit_code == 0, done.output
    (one,) = json.loads(done.stdout)["protection"]
    assert one["rule"] == "households"
    # 50 seats hold 16 households of three: 48 of 50; split, all 50.
    assert one["expected_people_kept"] < one["expected_people_dropped"]
    assert len(entries(planned)) == 1
    assert "head-1" in entries(planned)[0]


def test_nobody_else_is_told(planned):
    done = explain(planned, "--protection", "radio-1", "--ledger", str(planned[2]))
    assert isinstance(done.exception, CommandError)
    assert "not the head" in str(done.exception)
    assert entries(planned) == []


def test_without_a_ledger_there_is_no_price(planned):
    assert isinstance(explain(planned, "--protection", "head-1").exception, CommandError)


def test_weights_by_need_are_priced_too(tmp_path):
    frail = '[[group]]\nid = "frail"\nat = "town"\nclass = "frail"\nleave = 100\n'
    scenario = load_scenario(town(tmp_path, added=WEIGHTED + frail))
    (one,) = protection_prices(solve(scenario, iterations=3))
    assert one.rule == "weights"
    assert one.dropped >= one.kept
