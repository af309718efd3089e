"""`safepassage report --rehearsal` as typed: the odds of this very plan, for the cell alone."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safepassage.cli import app
from safepassage.cli.running import run_guarded
from safepassage.planner.plan_file import write_verified
from safepassage.planner.solve import solve
from safepassage.rehearsal.run import rehearse
from safepassage.scenario.load import load_scenario

CASE = Path(__file__).parents[2] / "cases" / "sumy-2022"


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the files of a plan and of its rehearsal."""
    folder = tmp_path_factory.mktemp("rehearsed")
    scenario = load_scenario(CASE)
    plan = solve(scenario, limit=timedelta(seconds=20), seed=1, iterations=0)
    write_verified(plan, folder / "plan.json")
    odds = rehearse(scenario, plan, runs=256).to_json()
    (folder / "odds.json").write_text(json.dumps(odds), encoding="utf-8")
    return folder / "plan.json", folder / "odds.json"


def typed(monkeypatch: pytest.MonkeyPatch, plan: Path, *words: object) -> int:
    every = ["safepassage", "report", CASE, plan, "--beliefs", "0s", *words]
    monkeypatch.setattr(sys, "argv", [str(one) for one in every])
    return run_guarded(app)


def test_the_report_of_the_cell_shows_the_odds_that_were_rehearsed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rehearsed: tuple[Path, Path]
) -> None:
    plan, odds = rehearsed
    assert typed(monkeypatch, plan, "--rehearsal", odds, "-o", tmp_path) == 0
    found: dict[str, Any] = json.loads(odds.read_text(encoding="utf-8"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "The odds, rehearsed" in page
    assert f"<strong>{round(found['out']['mean']):,} arrive</strong>" in page
    assert f"<strong>{round(found['caught']['mean']):,} are caught on the road</strong>" in page
    for chart in ("fan", "all-out", "caught", "wait-on-board", "go-or-wait", "tornado"):
        assert f'<figure id="{chart}"' in page
    # Every belief stands there with where it comes from.
    assert page.count("by default</span>") + page.count("in the scenario</span>") == len(
        found["beliefs"]
    )


def test_odds_for_others_than_the_cell_of_another_plan_or_torn_are_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    rehearsed: tuple[Path, Path],
) -> None:
    plan, odds = rehearsed
    out = tmp_path / "out"
    assert typed(monkeypatch, plan, "--rehearsal", odds, "--for", "party", "-o", out) == 2
    assert "for the cell alone" in capsys.readouterr().err
    text = odds.read_text(encoding="utf-8")
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**json.loads(text), "plan": "0" * 64}), encoding="utf-8")
    assert typed(monkeypatch, plan, "--rehearsal", other, "-o", out) == 3
    assert "rehearse it again" in capsys.readouterr().err
    other.write_text(text[:-20], encoding="utf-8")
    assert typed(monkeypatch, plan, "--rehearsal", other, "-o", out) == 3
    assert "not JSON" in capsys.readouterr().err
    assert typed(monkeypatch, plan, "--rehearsal", tmp_path / "none.json", "-o", out) == 3
    assert not out.exists()
