"""A road is closed by radio: into the ledger as the legs that drive over it, never as a point."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from safepassage.cli import app
from safepassage.ledger.coordinates import holds_coordinates
from safepassage.planner.plan_file import write_verified
from safepassage.planner.solve import solve
from safepassage.roads.travel import travel
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
POINT = "-29.9530,-71.3370"
"""The port's stop, on which every leg of the port rests."""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE, tmp_path / "case"))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "room.ledger"
    assert run("ledger", "init", "--ledger", file).exit_code == 0
    return file


def entries(ledger: Path) -> list[dict[str, object]]:
    shown = run("ledger", "show", "--ledger", ledger, "--json")
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)["entries"]
    return [one for one in found if one["kind"] == "closure"]


def close(case: Path, ledger: Path, *more: object) -> Result:
    return run("roads", "close", case, "--id", "port-gate", "--centre", POINT, "--radius", 60,
               "--ledger", ledger, *more)  # fmt: skip


def test_a_closure_by_point_is_entered_by_its_legs_and_ways_and_holds_no_coordinate(
    case: Path, ledger: Path
) -> None:
    done = close(case, ledger, "--by", "port captain", "--channel", "radio", "--from", "2 h",
                 "--until", "9 h", "--json")  # fmt: skip
    assert done.exit_code == 0, done.output
    (entry,) = entries(ledger)
    body = entry["body"]
    assert isinstance(body, dict)
    assert set(body["covers"]) == {"yard-port", "port-school", "port-gymnasium", "port-clinic"}
    assert body["state"] == "closed"
    assert body["since"].startswith("2025-08-12T08:00")
    assert body["until"].startswith("2025-08-12T15:00")
    assert "OpenStreetMap ways" in body["why"]
    assert entry["source"] == {"channel": "radio", "person": "port captain"}
    text = json.dumps(entry, ensure_ascii=False)
    assert not holds_coordinates(text)
    assert "29.95" not in text
    assert "71.33" not in text
    assert json.loads(done.stdout)["ledger"]["legs"] == body["covers"]


def test_the_situation_of_the_ledger_holds_the_legs_as_closed(case: Path, ledger: Path) -> None:
    assert close(case, ledger, "--word-of", "port captain", "--write").exit_code == 0
    shown = run("ledger", "situation", "--ledger", ledger, "--json")
    assert "port-school" in shown.stdout
    assert "port-gate" in (case / "scenario.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ((), "--by"),
        (("--by", "x", "--state", "open"), "opens no leg"),
        (("--by", "x", "--channel", "pigeon"), "source.channel"),
        (("--by", "at 36.2021, 37.1343"), "coordinates"),
        (("--by", "x", "--from", "17 h 59 min", "--until", "17 h 58 min"), "later than it starts"),
    ],
)
def test_a_refused_entry_leaves_ledger_and_scenario_as_they_were(
    case: Path, ledger: Path, more: tuple[str, ...], wanted: str
) -> None:
    before = (case / "scenario.toml").read_bytes()
    done = close(case, ledger, "--write", *more)
    assert done.exit_code != 0
    assert wanted in f"{done.exception}{done.output}"
    assert not entries(ledger)
    assert (case / "scenario.toml").read_bytes() == before


def test_a_road_that_no_leg_drives_over_is_not_entered_and_the_message_says_so(
    case: Path, ledger: Path
) -> None:
    done = run("roads", "close", case, "--id", "far", "--centre", "-29.9180,-71.2200", "--radius",
               40, "--ledger", ledger, "--by", "x")  # fmt: skip
    assert done.exit_code != 0
    assert "no leg of this scenario drives over 'far'" in str(done.exception)
    assert not entries(ledger)


def test_a_closure_names_the_plans_trips_on_it_and_those_planned_for_later(tmp_path: Path) -> None:
    made = solve(
        travel(opened(CASE)).scenario,
        limit=timedelta(seconds=4), seed=1, iterations=0,
    )  # fmt: skip
    file = tmp_path / "plan.json"
    write_verified(made, file)
    loaded = [
        trip for trip in made.plan.trips
        if "mar-south-school" in trip.legs and sum(trip.load.values())
    ]  # fmt: skip
    first = min(loaded, key=lambda trip: trip.depart)
    minute = first.depart // 60 + 3
    done = run(
        "roads", "close", str(CASE), "--id", "x", "--name", "Avenida del Mar",
        "--from", f"{minute} min", "--plan", str(file), "--json",
    )  # fmt: skip
    over = json.loads(done.stdout)["plan"]
    assert first.vehicle in {one["vehicle"] for one in over["on_it"]}
    assert all(one["enters_minutes"] < minute < one["leaves_minutes"] for one in over["on_it"])
    assert all(one["enters_minutes"] >= minute for one in over["later"])
    assert over["later"]
    assert over["rule"].startswith("A closure changes entry only: who is already on the stretch")
    before = run(
        "roads", "close", str(CASE), "--id", "x", "--name", "Avenida del Mar",
        "--from", "17 h 50 min", "--plan", str(file),
    )  # fmt: skip
    assert "Nobody is planned over it later" in before.stdout
