"""`plan --from` and `verify --from` as a room uses them: streams, exit codes, JSON."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from safepassage.cli import app
from safepassage.cli.running import run_guarded

Run = Callable[..., tuple[int, str, str]]
CASE = Path(__file__).parents[2] / "cases" / "aleppo-2016"
WORK = ("--iterations", 0, "--limit", "4s")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def given(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["safepassage", *map(str, words)])
        code = run_guarded(app)
        out, err = capsys.readouterr()
        return code, out, err

    return given


def at(hour: int, minute: int = 0) -> tuple[str, str]:
    return "--at", f"2016-12-15T{hour:02}:{minute:02}:00+02:00"


def test_a_room_plans_the_rest_of_its_day_and_another_room_verifies_it(
    tmp_path: Path, run: Run
) -> None:
    ledger, first, second = (tmp_path / one for one in ("room.db", "first.json", "second.json"))
    assert run("plan", CASE, "-o", first, *WORK)[0] == 0
    assert run("ledger", "init", "--ledger", ledger, *at(8))[0] == 0
    text = first.read_text(encoding="utf-8")
    plan = json.loads(text)
    add = ("ledger", "add", "--ledger", ledger)
    code, _, err = run(
        *add, *at(8), "plan", "--plan-hash", plan["plan_hash"], "--plan", text,
        "--person", "head-1", "--source", "room",
    )  # fmt: skip
    assert code == 0, err
    convoy = plan["convoys"][0]["id"]
    move = ("movement", "--what", "departed", "--convoy", convoy, "--source", "radio")
    assert run(*add, *at(9), *move)[0] == 0
    code, out, err = run(
        "plan", CASE, "-o", second, *WORK, "--from", ledger, *at(9, 30), "--json"
    )  # fmt: skip
    assert code == 0, err
    document = json.loads(out)
    assert document["changes"]["locked"] == [convoy]
    assert convoy not in {one["id"] for one in document["convoys"]}
    assert any("ledger entry 3 at 2016-12-15T09:30:00+02:00" in one for one in document["inputs"])
    assert run("verify", CASE, second, "--from", ledger)[0] == 0
    code, out, err = run("verify", CASE, second)
    assert (code, "want --from LEDGER" in out + err) == (3, True)
    assert run("verify", CASE, first, "--from", ledger)[0] == 3
    # What others do with a plan they do with one from now too, given the same ledger.
    code, out, err = run("explain", CASE, second, "--from", ledger, "--limit", "1s", "--json")
    assert code == 0, err
    assert json.loads(out)["plan_hash"] == document["plan_hash"]
    code, _, err = run("explain", CASE, second, "--limit", "1s")
    assert (code, "want --from LEDGER" in err) == (3, True)
    folder = tmp_path / "report"
    said = ("--for", "crew", "--beliefs", "0s", "-o", folder)
    code, _, err = run("report", CASE, second, "--from", ledger, *said)
    assert code == 0, err
    assert run("report", CASE, second, *said)[0] == 3
    # Convoy 1 is on the road: of that the cell's report speaks before all else.
    now = document["now"]
    assert now["on_the_road"] == sum(one["people"] for one in now["convoys"])
    assert (now["arrived"], now["arrival_unknown"]) == (0, 0)
    assert now["in_all_of"] == 10_000
    folder = tmp_path / "for-the-cell"
    said = ("--for", "cell", "--beliefs", "0s", "-o", folder)
    code, _, err = run("report", CASE, second, "--from", ledger, *said)
    assert code == 0, err
    told = (folder / "report.html").read_text(encoding="utf-8")
    assert "This is a plan of what was left at 09:30. By then 0 had arrived" in told
    assert f"{now['on_the_road']:,} were on the road" in told
    assert "nobody has arrived" not in told
    # Clearance finds what was left by itself: it has the ledger.
    code, _, err = run("clearance", CASE, second, "--ledger", ledger, *at(9, 40))
    assert (code, "is no verified plan" in err) == (6, False)
    code, out, _ = run("plan", CASE, "-o", second, *WORK, "--from", ledger, *at(9, 30))
    assert code == 0
    assert "departed, locked    1 convoy" in out
    first_of_all = (*WORK, "--from", ledger, *at(9, 30), "--worst-first", "--json")
    code, out, err = run("plan", CASE, "-o", second, *first_of_all)
    assert code == 0, err
    served = json.loads(out)["worst_served"]
    assert 0 < served["share"] <= served["at_most"]
    assert json.loads(out)["changes"]["locked"] == [convoy]


def test_a_time_outside_the_day_or_without_a_ledger_is_wrong_use(tmp_path: Path, run: Run) -> None:
    ledger = tmp_path / "room.db"
    assert run("ledger", "init", "--ledger", ledger, *at(6))[0] == 0
    out = tmp_path / "plan.json"
    assert run("plan", CASE, "-o", out, *at(9))[0] == 2
    code, _, err = run("plan", CASE, "-o", out, "--from", ledger, *at(7))
    assert (code, "want a time of the scenario" in err) == (2, True)
    assert not out.exists()
