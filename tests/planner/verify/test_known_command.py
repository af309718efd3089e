"""`safepassage verify` as a person and as a script meet it: exit codes, streams, JSON."""

import json
from pathlib import Path

import pytest

from safepassage.cli import main
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.plan_file import write_verified
from safepassage.scenario.load import load_scenario
from tests.scenario.given import SMALL


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """Return a folder with a small scenario and a right plan for it."""
    (tmp_path / "scenario.toml").write_text(SMALL, encoding="utf-8")
    write_verified(fill_and_send(load_scenario(tmp_path)), tmp_path / "plan.json")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr("sys.argv", ["safepassage", "verify", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    assert isinstance(left.value.code, int)
    return left.value.code


def changed(folder: Path, **changes: object) -> Path:
    path = folder / "plan.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document.update(changes)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_right_plan_is_accepted_in_words_on_stdout(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, mission, mission / "plan.json") == 0
    out, err = capsys.readouterr()
    assert out.startswith("accepted: ")
    assert "of 150 persons" in out
    assert "not known" in out  # the baseline has no bound
    assert err == ""


def test_json_of_a_right_plan_has_the_four_keys(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, mission, mission / "plan.json", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"ok", "violations", "value", "bound_checked"}
    assert found["ok"] is True
    assert found["violations"] == []
    assert found["bound_checked"] is False
    assert found["value"] == json.loads((mission / "plan.json").read_text())["value"]


def test_a_wrong_plan_is_refused_with_every_rule_and_exit_3(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads((mission / "plan.json").read_text())
    trips = document["trips"]
    trips[0]["arrive"] += 1
    trips[0]["load"]["walking"] += 1
    path = changed(mission, trips=trips)
    assert run(monkeypatch, mission / "scenario.toml", path) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "is refused: " in err
    for rule in ("times: trip 0", "load: trip 0", "plan_hash: plan_hash", "slots: trip 0"):
        assert rule in err
    assert "Traceback" not in err


def test_json_of_a_wrong_plan_is_one_object_with_what_was_found_and_allowed(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(mission, value=7.0)
    assert run(monkeypatch, mission, path, "--json") == 3
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert {one["rule"] for one in found["violations"]} == {"value", "plan_hash"}
    for one in found["violations"]:
        assert set(one) == {"rule", "where", "at", "found", "allowed"}
    assert found["value"] > 0


def test_a_plan_of_another_scenario_is_refused_by_hash(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (mission / "scenario.toml").write_text(SMALL + "\n# a word more\n", encoding="utf-8")
    assert run(monkeypatch, mission, mission / "plan.json", "--json") == 3
    found = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in found["violations"]] == ["scenario"]
    assert found["value"] is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "safepassage/plan/1"}', '{"value": NaN}', "\x00\x01"]
)
def test_a_file_that_is_no_plan_is_refused_in_words(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = mission / "plan.json"
    path.write_text(text, encoding="utf-8")
    assert run(monkeypatch, mission, path) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "cannot be read" in err
    assert run(monkeypatch, mission, path, "--json") == 3
    found = json.loads(capsys.readouterr().out)
    assert {one["rule"] for one in found["violations"]} == {"file"}
    assert found["ok"] is False


def test_a_plan_cut_in_half_is_refused_with_its_line(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mission / "plan.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    assert run(monkeypatch, mission, path) == 3
    assert "line " in capsys.readouterr().err


def test_missing_files_are_named(
    mission: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, mission, mission / "nothing.json") == 3
    assert "nothing.json" in capsys.readouterr().err
    assert run(monkeypatch, mission / "nowhere", mission / "plan.json") == 3
    assert "nowhere" in capsys.readouterr().err
