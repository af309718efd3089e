"""plan.json: what is written is what is read, and every fault of a file is said by its path."""

import errno
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safepassage.planner.plan import Run, Stated
from safepassage.planner.plan_file import (
    plan_from_text,
    plan_hash,
    plan_to_json,
    read_plan,
    write_plan,
    write_verified,
)
from safepassage.planner.plan_form import PlanError
from safepassage.planner.verify import verify, violations
from tests.planner.verify.corridor import corridor_plan, corridor_world


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path) -> None:
    one = replace(corridor_plan(), run=Run(1.5, "0.1", "here"), inputs={"a.csv": "1"})
    write_plan(one, tmp_path / "plan.json")
    back = read_plan(tmp_path / "plan.json")
    assert back.stated == Stated(plan_hash=plan_hash(one))
    assert replace(back, stated=None) == one


def test_a_verified_plan_comes_back_with_its_curve_and_is_verified_again(tmp_path: Path) -> None:
    verified = verify(corridor_world(), corridor_plan())
    write_verified(verified, tmp_path / "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert document["format"] == "safepassage/plan/1"
    assert document["curve"] == [[95, 100], [96, 104], [253, 108]]
    assert document["people_total"] == document["people_out"] == 108
    assert document["gap"] == pytest.approx((108 - verified.value) / 108)
    assert document["plan_hash"] == verified.plan_hash
    assert document["trips"][0]["from"] == "A"
    assert document["trips"][0]["depart"] == 10
    again = verify(corridor_world(), read_plan(tmp_path / "plan.json"))
    assert again == verified


def test_the_hash_is_the_sha256_of_the_file_without_run_and_hash(tmp_path: Path) -> None:
    verified = verify(corridor_world(), replace(corridor_plan(), run=Run(1.0, "0.1", "é")))
    write_verified(verified, tmp_path / "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    for key in ("run", "plan_hash"):
        del document[key]
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == verified.plan_hash
    assert plan_hash(verified.plan) == verified.plan_hash
    other_run = replace(verified.plan, run=Run(9.0, "0.2", "there"))
    assert plan_hash(other_run) == verified.plan_hash
    assert plan_hash(replace(verified.plan, seed=2)) != verified.plan_hash


def test_a_moment_between_two_minutes_keeps_its_second(tmp_path: Path) -> None:
    one = corridor_plan()
    trips = tuple(
        replace(two, depart=two.depart + 60 * number + number)
        for number, two in enumerate(one.trips)
    )
    write_plan(replace(one, trips=trips), tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json").trips == trips


def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    write_plan(corridor_plan(), path)
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_plan(replace(corridor_plan(), seed=2), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_no_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_plan(corridor_plan(), tmp_path / "nowhere" / "plan.json")
    with pytest.raises(OSError, match="No such file"):
        read_plan(tmp_path / "plan.json")


def test_every_cut_of_a_file_is_refused(tmp_path: Path) -> None:
    del tmp_path
    text = json.dumps(plan_to_json(corridor_plan()))
    for end in range(0, len(text) - 1, 97):
        with pytest.raises(PlanError):
            plan_from_text(text[:end])


def document() -> dict[str, Any]:
    return json.loads(json.dumps(plan_to_json(corridor_plan())))  # type: ignore[no-any-return]


FAULTS: list[tuple[str, str, str]] = [
    ("format", '"safepassage/plan/2"', "format: found 'safepassage/plan/2'"),
    ("format", "1", "format: found 1"),
    ("scenario", "null", "scenario: found None, want a text"),
    ("scenario", "7", "scenario: found 7, want a text"),
    ("inputs", "[]", "inputs: found []"),
    ("inputs", '{"a": 1}', "inputs.a: found 1"),
    ("start", '"yesterday"', "start: found 'yesterday'"),
    ("start", '"2016-12-15T08:00:00"', "want a date and time with its zone"),
    ("objective", '"most"', "objective: found 'most'"),
    ("people", '"some"', "people: found 'some'"),
    ("value", '"60"', "value: found '60', want a number"),
    ("value", "true", "value: found True"),
    ("value", "null", "value: found None"),
    ("value", "1e999", "value: found inf"),
    ("value", "NaN", "NaN is not a number of JSON"),
    ("value", "Infinity", "Infinity is not a number of JSON"),
    ("bound", "-Infinity", "-Infinity is not a number of JSON"),
    ("bound", '"high"', "bound: found 'high'"),
    ("seed", "1.5", "seed: found 1.5"),
    ("seed", "9" * 400, "seed: found"),
    ("seed", "9" * 5000, "want one JSON object"),
    ("bound_proof", "{}", "bound_proof.kind: missing"),
    ("bound_proof", '{"kind": "hope"}', "bound_proof.kind: found 'hope'"),
    ("bound_proof", '{"kind": "search", "data": {"a": [1e999]}}', "bound_proof.data.a[0]"),
    ("bound_proof", '{"kind": "search", "datax": {}}', 'datax: unknown key; did you mean "data"'),
    ("curve", "[[1, 2]]", "people_total, people_out: missing"),
    ("plan_hash", "5", "plan_hash: found 5"),
    ("run", '{"seconds": 1}', "run.version: missing"),
    ("convoys", "{}", "convoys: found {}, want a list"),
    ("convoys", "[5]", "convoys[0]: found 5, want an object"),
    ("trips", "null", "trips: found None, want a list"),
    ("trips", '[{"vehicle": 1}]', "trips[0].vehicle: found 1"),
    ("trips", '[{"vehicle": 1}]', "trips[0].legs: missing"),
]


@pytest.mark.parametrize(("key", "text", "words"), FAULTS)
def test_a_wrong_value_is_named_by_its_path(key: str, text: str, words: str) -> None:
    holder = "@@@"
    broken = json.dumps({**document(), key: holder}).replace(f'"{holder}"', text)
    with pytest.raises(PlanError) as error:
        plan_from_text(broken)
    assert words in str(error.value)


TRIP_FAULTS = [
    ("depart", 1e10, "trips[2].depart: found 10000000000.0"),
    ("depart", 10.00001, "whole number of seconds"),
    ("depart", "soon", "trips[2].depart: found 'soon'"),
    ("load", {"walking": -1}, "trips[2].load.walking: found -1"),
    ("load", {"walking": 1.5}, "trips[2].load.walking: found 1.5"),
    ("load", {"walking": True}, "trips[2].load.walking: found True"),
    ("load", {"walking": 10**12}, "trips[2].load.walking: found 1000000000000"),
    ("legs", ["A-G", 5], "trips[2].legs[1]: found 5"),
    ("who", {"delegate": "delegate-01"}, "trips[2].who.delegate: found 'delegate-01'"),
    ("groups", None, "trips[2].groups: found None"),
    ("vehicle", "", "trips[2].vehicle: found ''"),
    ("arrivex", 5, 'trips[2].arrivex: unknown key; did you mean "arrive"'),
]


@pytest.mark.parametrize(("key", "value", "words"), TRIP_FAULTS)
def test_a_wrong_trip_is_named_by_its_number(key: str, value: object, words: str) -> None:
    broken = document()
    broken["trips"][2][key] = value
    with pytest.raises(PlanError) as error:
        plan_from_text(json.dumps(broken))
    assert words in str(error.value)


def test_all_faults_are_said_at_once() -> None:
    broken = document()
    del broken["scenario"]
    broken["seed"] = "one"
    broken["trips"][0]["depart"] = None
    broken["hero"] = 1
    with pytest.raises(PlanError) as error:
        plan_from_text(json.dumps(broken))
    assert len(error.value.faults) == 4


@pytest.mark.parametrize(
    "text", ["", "[]", "5", '"plan"', "null", "{", "{}", "[" * 100_000, "\x00"]
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        plan_from_text(text)


def test_a_key_twice_is_refused() -> None:
    text = json.dumps(document())
    with pytest.raises(PlanError, match="twice"):
        plan_from_text(text[:-1] + ', "seed": 5}')


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(PlanError, match="UTF-8"):
        read_plan(tmp_path / "plan.json")


def test_a_plan_changed_in_the_file_is_refused_by_its_hash_and_by_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_verified(verify(corridor_world(), corridor_plan()), path)
    changed = json.loads(path.read_text(encoding="utf-8"))
    changed["trips"][0]["arrive"] -= 1
    path.write_text(json.dumps(changed), encoding="utf-8")
    rules = {one.rule for one in violations(corridor_world(), read_plan(path))}
    assert {"plan_hash", "times", "value", "curve"} <= rules
