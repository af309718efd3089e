"""Plans for fewer people than are likely to come are never adopted or compared without a word."""

from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner

from safepassage.cli import app
from safepassage.planner.people_numbers import different_people, other_than_likely
from safepassage.planner.solve import solve
from safepassage.scenario.figure import Figure
from safepassage.scenario.scenario import Scenario
from tests.planner.test_known_plans import one_bus
from tests.planner.test_known_worst_first import SMALL


def ranged() -> Scenario:
    case = one_bus(people=50, drive=60)
    groups = (replace(case.groups[0], leave=Figure(low=20, likely=50, high=90)),)
    return replace(case, groups=groups)


def test_who_adopts_a_plan_for_the_low_number_is_told_how_many_have_no_seat() -> None:
    case = ranged()
    low = solve(case, people="low", iterations=1).plan
    told = other_than_likely(case, low)
    assert told is not None
    assert "made for 20 people" in told
    assert "30 fewer than the likely 50" in told
    assert other_than_likely(case, solve(case, iterations=1).plan) is None


def test_a_figure_without_a_range_gives_no_warning() -> None:
    case = one_bus(people=50, drive=60)
    assert other_than_likely(case, solve(case, people="low", iterations=1).plan) is None


def test_plans_for_different_numbers_of_people_are_not_compared_without_a_word() -> None:
    case = ranged()
    low, high = (solve(case, people=one, iterations=1).plan for one in ("low", "high"))
    told = different_people(case, low, case, high)
    assert told is not None
    assert "20 (low)" in told
    assert "90 (high)" in told
    assert different_people(case, low, case, low) is None


def test_the_commands_say_so(tmp_path: Path) -> None:
    text = SMALL.replace("leave = 60", "leave = { low = 10, likely = 60, high = 70 }")
    (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
    run = CliRunner()
    call = ["plan", str(tmp_path), "--iterations", "1"]
    for people in ("low", "likely"):
        made = run.invoke(
            app,
            [*call, "--people", people, "-o", str(tmp_path / f"{people}.json")],
        )
        assert made.exit_code == 0, made.output
        assert ("warning: this plan was made for 30 people" in made.stderr) == (people == "low")
    both = [str(tmp_path / "low.json"), str(tmp_path / "likely.json")]
    compared = run.invoke(app, ["compare", str(tmp_path), *both, "--runs", "64"])
    assert "different numbers of people" in compared.stderr
