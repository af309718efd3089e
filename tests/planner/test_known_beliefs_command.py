"""`safepassage beliefs` from the command line."""

import json

import pytest
from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.planner.plan_file import read_plan
from safepassage.planner.verify import verify
from safepassage.scenario.load import load_scenario
from tests.planner.linked_town import SIDE

RUN = CliRunner()


@pytest.fixture
def town(tmp_path):
    text = SIDE.format(
        name="Town", minutes=66, people=900, buses=4, horizon="12 h", largest=10, escorts=2
    )
    (tmp_path / "scenario.toml").write_text(text)
    return tmp_path


def run(*words):
    return RUN.invoke(app, ["beliefs", *map(str, words), "--iterations", "3"])


def test_every_belief_is_planned_and_each_plan_valued_under_all(town):
    done = run(town, "--window", "stated", "--window", "hard 4 h", "--people", "100",
               "--people", "900", "--json")  # fmt: skip
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["beliefs"] == ["stated, 100", "stated, 900", "hard 4 h, 100", "hard 4 h, 900"]
    for number, one in enumerate(told["plans"]):
        assert one["worth"][number] == pytest.approx(one["value"])
        # No belief's own plan is worth less under it than another's by more than its regret.
        assert one["worst_regret"] >= 0
    # A hundred people fill two of four buses; nine hundred fill all four.
    assert [one["first_convoy"]["walking"] for one in told["plans"]] == [100, 200, 100, 200]
    regrets = {one["made_for"]: one["worst_regret"] for one in told["plans"]}
    assert told["least_regret"] == min(regrets, key=regrets.get)
    # Who plans for a hundred and finds nine hundred regrets most of them.
    assert regrets["stated, 100"] > 0.5 > regrets[told["least_regret"]]


def test_fewer_seats_carry_fewer_in_the_first_convoy(town):
    done = run(town, "--per-vehicle", "stated", "--per-vehicle", "bus=30", "--json")
    told = json.loads(done.stdout)
    assert [one["first_convoy"]["walking"] for one in told["plans"]] == [200, 120]


def test_the_plan_of_least_regret_is_written_and_accepted(town, tmp_path):
    out = tmp_path / "least.json"
    done = run(town, "--window", "stated", "--window", "exponential 3 h", "-o", out)
    assert done.exit_code == 0, done.output
    assert "Smallest worst regret: plan [" in done.stdout
    assert done.stdout.startswith("Order of aims: first the hard rules")
    assert verify(load_scenario(town), read_plan(out)).people_out > 0


def test_a_plan_for_people_who_are_not_there_is_not_written(town, tmp_path):
    out = tmp_path / "least.json"
    file = town / "scenario.toml"
    file.write_text(file.read_text().replace("leave = 900", "leave = 100"))
    done = run(town, "--people", "900", "-o", out)
    assert isinstance(done.exception, CommandError)
    assert done.exception.code == Exit.INVALID
    assert "not written" in str(done.exception)
    # Place, found, allowed, and what to do.
    assert "group families at town" in str(done.exception)
    assert "allowed: 100 wish to leave" in str(done.exception)
    assert "Want a scenario that says what is believed" in str(done.exception)
    assert not out.exists()


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--window", "gamma 3 h", "weibull"),
        ("--window", "weibull 3 h 0", "shape"),
        ("--window", "exponential soon", "6 h"),
        ("--people", "many", "5000"),
        ("--people", "0", "5000"),
        ("--per-vehicle", "tram=3", "bus=30"),
        ("--per-vehicle", "bus=few", "bus=30"),
    ],
)
def test_a_belief_that_cannot_be_read_says_what_is_wanted(town, option, value, wanted):
    done = run(town, option, value)
    assert isinstance(done.exception, CommandError)
    assert done.exception.code == Exit.USAGE
    assert wanted in str(done.exception)
