"""The report that the project starts from: its statements, facts and traps, labelled by hand.

The report is copyrighted: it is read from the shared data beside the checkout, never copied.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reader import Score, score_facts, score_statements
from safepassage.reader import parsing
from safepassage.reader.opening import open_file
from safepassage.reader.reading import Reading, read

Gold = dict[str, Any]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    if not parsing.model_there():
        pytest.skip("needs the extra `reader` (spaCy and its English model)")
    return shared / "data" / "reader"


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return read(open_file(folder / "first_report.txt"))


@pytest.fixture(scope="module")
def gold(folder: Path) -> Gold:
    found: Gold = json.loads((folder / "gold_first_report.json").read_text(encoding="utf-8"))
    return found


def test_all_thirteen_core_statements_are_found_with_their_speakers(
    reading: Reading, gold: Gold
) -> None:
    score = Score("first report")
    score_statements(score, gold["statements"], reading)
    assert score.said == 13
    assert score.content == 13
    assert score.speaker == 13
    assert score.exact >= 10
    assert score.found <= 14


def test_at_least_24_of_26_facts_are_found_at_a_precision_of_0_9(
    reading: Reading, gold: Gold
) -> None:
    score = Score("first report")
    score_facts(score, gold["facts"], reading)
    assert score.facts == 26
    assert score.facts_right >= 24
    assert score.facts_right / score.facts_found >= 0.9


def test_the_stored_text_is_the_labelled_one(reading: Reading, gold: Gold) -> None:
    assert reading.stored.sha256 == gold["sha256"]


def test_the_five_thousand_belong_to_the_failed_attempt_and_the_buses_do_not(
    reading: Reading,
) -> None:
    failed = next(one for one in reading.events if one.status == "failed")
    assert failed.day is not None
    assert failed.day.text == "Wednesday"
    fighters = next(one for one in reading.facts if one.value == 5000)
    buses = next(one for one in reading.facts if one.kind == "fleet" and one.value == 20)
    assert fighters.belongs_to == failed.id
    assert fighters.status == "failed"
    assert buses.belongs_to == "E1"
    assert buses.status == "planned"


def test_nowhere_does_it_say_that_the_wounded_ride_in_ambulances(reading: Reading) -> None:
    for one in reading.facts:
        words = f"{one.span.text} {one.value} {one.unit} {' '.join(one.more.values())}".lower()
        assert not ("wounded" in words and "ambulance" in words)


def test_the_officer_escorts_the_representatives_and_not_the_wounded(reading: Reading) -> None:
    escort = [one for one in reading.facts if one.kind == "escort"]
    assert [(one.more["who"], one.more["by"]) for one in escort] == [
        ("those representatives", "a Russian officer")
    ]
    together = next(one for one in reading.facts if one.kind == "accompaniment")
    assert together.more["who"] == "the wounded"
    assert "officer" not in together.more["by"]


def test_share_counts_years_and_ages_are_not_people(reading: Reading) -> None:
    counts = {one.value for one in reading.facts if one.kind in {"people", "casualties", "fleet"}}
    assert not counts & {851, 0, 5, 2012, 3}


def test_the_comment_box_and_the_counters_are_masked_with_a_reason(
    reading: Reading, gold: Gold
) -> None:
    masked = {one.span.text: one.reason for one in reading.masked}
    for trap in ("851 0", "Join the Conversation"):
        assert masked[trap]
    lines = reading.stored.text.split("\n")
    hidden = " ".join(masked)
    for number in gold["furniture_lines"]:
        assert lines[number].strip() in hidden
    for number in gold["body_lines"]:
        assert lines[number].strip() not in masked


def test_the_agency_and_the_person_are_two_statements(reading: Reading) -> None:
    by_cue = {one.cue.text: one for one in reading.statements}
    order, passed_on = by_cue["ordered"], by_cue["according to"]
    assert order.name is not None
    assert "Putin" in order.name
    assert passed_on.reports == order.id
    assert passed_on.class_name == "report"
    assert order.outlet == passed_on.speaker
    assert "TASS" in (passed_on.name or "")


def test_without_a_dateline_today_stays_relative_and_the_day_is_asked_for(
    reading: Reading,
) -> None:
    assert reading.dateline is None
    assert all(one.resolved is None for one in reading.times)
    assert any("which day" in ask for ask in reading.asks)


def test_the_truce_is_re_established_per_the_rebels_only(reading: Reading) -> None:
    said = {one.id: one for one in reading.statements}
    again = [one for one in reading.facts if one.kind == "truce" and one.value == "re-established"]
    assert [said[one.asserted_by].name for one in again] == ["Rebel groups"]


def test_two_sides_of_the_broken_truce_are_rivals_and_never_merged(reading: Reading) -> None:
    said = {one.id: one.name for one in reading.statements}
    pairs = [{said[member] for member in one.members} for one in reading.rivals]
    assert {"Turkey", "Russia"} in pairs
    broken = [one for one in reading.facts if one.kind == "truce" and one.value == "broken"]
    assert {said[one.asserted_by] for one in broken} == {"Turkey", "Russia"}


def test_those_who_fled_before_are_not_of_the_planned_evacuation(reading: Reading) -> None:
    fled = next(one for one in reading.facts if "fled" in _around(reading, one.span.end))
    assert fled.status == "happened"
    assert fled.value == "tens of thousands"
    assert (fled.low, fled.high) == (10_000, 100_000)


def _around(reading: Reading, at: int) -> str:
    return re.sub(r"\s+", " ", reading.stored.text[at : at + 12])
