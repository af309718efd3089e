"""`safepassage ensemble` and `merge` as a user types them."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safepassage.cli import app
from safepassage.cli.running import run_guarded
from safepassage.planner.plan_file import write_verified
from safepassage.planner.solve import solve
from safepassage.scenario.load import load_scenario

CASE = Path(__file__).parents[2] / "cases" / "sumy-2022"
PATIENCE = 180.0
ALONE = ("--workers", 1)
Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = solve(load_scenario(CASE), limit=timedelta(seconds=20), seed=1, iterations=0)
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    write_verified(found, path)
    return path


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "safepassage", *map(str, words)]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that types a command in this process and returns its JSON object."""

    def typed(*words: object, code: int = 0) -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", ["safepassage", *map(str, words), "--json"])
        capsys.readouterr()
        assert run_guarded(app) == code
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return typed


def test_a_run_that_is_killed_goes_on_from_its_files_and_ends_with_the_same_numbers(
    plan: Path, tmp_path: Path, run: Run
) -> None:
    words = ("ensemble", CASE, plan, "--runs", 60_000, "--workers", 1)
    folder = tmp_path / "killed"
    started = subprocess.Popen(
        command(*words, "-o", folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + PATIENCE
    while not list(folder.glob("*.chunk.json")):
        assert started.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    started.send_signal(signal.SIGKILL)
    started.wait(PATIENCE)
    there = len(list(folder.glob("*.chunk.json")))
    again = run(*words, "-o", folder)
    whole = run(*words, "-o", tmp_path / "whole")
    assert again["played"] == 59 - there
    assert whole["played"] == 59
    for row in (*again["results"], *whole["results"]):
        row.pop("file")
    assert again["results"] == whole["results"]


def test_three_shards_merge_into_what_one_run_gives(plan: Path, tmp_path: Path, run: Run) -> None:
    runs = ("--runs", 4096)
    for number in range(3):
        found = run(
            "ensemble",
            CASE,
            plan,
            *runs,
            *ALONE,
            "--shard",
            f"{number}/3",
            "-o",
            tmp_path / str(number),
        )
        assert "results" not in found
    folders = [tmp_path / str(number) for number in range(3)]
    out = tmp_path / "odds.json"
    merged = run("merge", CASE, plan, *folders, *runs, "-o", out)
    whole = run("ensemble", CASE, plan, *runs, *ALONE, "-o", tmp_path / "whole")
    assert json.loads(out.read_text(encoding="utf-8")) == merged
    assert merged["out"]["mean"] == whole["results"][0]["arrived"]["mean"]
    assert merged["caught"]["mean"] == whole["results"][0]["caught"]["mean"]
    missing = run("merge", CASE, plan, *folders[:2], *runs, code=3)
    assert "blocks are missing: runs" in missing["error"]
    other = run("merge", CASE, plan, *folders, "--runs", 64, code=3)
    assert "--runs: got 64" in other["error"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--shard", "3/3"), 2, "want K/N with K from 0"),
        (("--runs", "0"), 2, "runs: got 0, want at least 1"),
        (("--seed", "-1"), 2, "seed: got -1"),
        (("--level", "bus"), 2, "level: got 'bus'"),
        (("--workers", "0"), 2, "--workers: got 0"),
        (("--workers", "1", "--cluster", "tcp://127.0.0.1:1"), 2, "want one of them"),
    ],
)
def test_wrong_options_are_refused_with_the_reason(
    plan: Path, tmp_path: Path, run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    found = run("ensemble", CASE, plan, "-o", tmp_path, *words, code=code)
    assert says in found["error"]
    assert not list(tmp_path.iterdir())


def test_a_scenario_without_its_plan_is_a_wrong_use(plan: Path, tmp_path: Path, run: Run) -> None:
    found = run("ensemble", CASE, plan, CASE, "-o", tmp_path, code=2)
    assert "want pairs" in found["error"]


def test_two_plans_with_two_seeds_are_four_rehearsals_each_as_if_alone(
    plan: Path, tmp_path: Path, run: Run
) -> None:
    other = tmp_path / "other.json"
    # Another plan of the same scenario: made for the fewest who may come.
    verified = solve(
        load_scenario(CASE), limit=timedelta(seconds=20), seed=1, iterations=0, people="low"
    )
    write_verified(verified, other)
    words = ("--runs", 512, *ALONE)
    both = run(
        "ensemble", CASE, plan, CASE, other, "--seed", 7, "--seed", 8, *words,
        "-o", tmp_path / "both",
    )  # fmt: skip
    assert [(row["seed"], row["plan"]) for row in both["results"]] == [
        (7, both["results"][0]["plan"]),
        (8, both["results"][0]["plan"]),
        (7, verified.plan_hash),
        (8, verified.plan_hash),
    ]
    alone = run("ensemble", CASE, other, "--seed", 8, *words, "-o", tmp_path / "alone")
    assert alone["results"][0]["arrived"] == both["results"][3]["arrived"]
    assert both["results"][0]["arrived"]["mean"] > both["results"][2]["arrived"]["mean"]
