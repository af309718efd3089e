"""The door: every fault at once, no coordinates, no field that says what is true."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from safepassage.ledger.classes import CLASSES
from safepassage.ledger.coordinates import holds_coordinates
from safepassage.ledger.entry import Message, fields_plain, parts_of, read_message, to_plain
from safepassage.ledger.faults import EntryError
from safepassage.ledger.kinds import KINDS, MAIN_CLASS
from safepassage.ledger.said import Guarantee, Statement
from safepassage.ledger.source import Source
from tests.ledger.examples import EXAMPLES
from tests.ledger.writing import NOON, RADIO, enter, new_ledger, said


def raw(**more: Any) -> dict[str, Any]:
    given = {
        "id": "s-1",
        "kind": "statement",
        "heard_at": "2016-12-15T12:00:00+02:00",
        "source": {"channel": "radio", "person": "radio-1"},
        "body": {"speaker": "someone", "quote": "we are on our way"},
    }
    return {**given, **more}


def faults(found: Any) -> dict[str, str]:
    with pytest.raises(EntryError) as caught:
        read_message(found, at=NOON)
    return {one.where: str(one) for one in caught.value.faults}


def test_every_kind_has_an_example_that_comes_back_as_it_went_in() -> None:
    assert set(EXAMPLES) == set(KINDS)
    ledger, _ = new_ledger(attribution=True)
    for kind, body in EXAMPLES.items():
        if kind in {"alarm", "purge", "anchored"}:
            continue
        (id_,) = enter(ledger, body)
        entry = ledger.find(id_)
        assert entry is not None
        assert entry.body == body
        assert entry.source == RADIO
        assert (entry.kind, entry.heard_at, entry.entered_at) == (kind, NOON, NOON)
        message = said(id_, body)
        assert read_message(to_plain(message), at=NOON) == message


def test_no_field_says_what_is_true_and_every_field_has_a_class_and_a_word_for_people() -> None:
    for kind, body in KINDS.items():
        assert MAIN_CLASS[kind] in CLASSES
        for one in dataclasses.fields(body):
            assert one.name not in {"true", "truth", "fact", "verified", "is_true"}
            assert one.metadata["of"] in {None, *CLASSES}
            assert one.metadata["about"]


def test_all_faults_are_named_at_once_with_what_was_found_and_wanted() -> None:
    found = faults(
        {
            "id": "two words",
            "kind": "guarantee",
            "heard_at": "2016-12-15T12:00:00",
            "source": {"channel": "pigeon", "persn": "x"},
            "body": {"party": "gov", "until": "noon", "since": 12, "confidence": "high"},
            "extra": 1,
        }
    )
    assert set(found) == {
        "entry.extra",
        "entry.id",
        "entry.heard_at",
        "source.channel",
        "source.persn",
        "guarantee.confidence",
        "guarantee.covers",
        "guarantee.heard_by",
        "guarantee.until",
        "guarantee.since",
    }
    assert found["entry.heard_at"].endswith("2016-12-15T14:30+02:00")
    assert "got 'pigeon', want one of radio, phone" in found["source.channel"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "rumour"}, "entry.kind"),
        ({"kind": None}, "entry.kind"),
        ({"kind": "purge"}, "entry.kind"),
        ({"source": {"channel": "radio"}}, "source"),
        ({"source": None}, "source"),
        ({"heard_at": "2016-12-15T12:00"}, "entry.heard_at"),
        ({"heard_at": "1970-01-01T00:00:00+00:00"}, "entry.heard_at"),
        ({"heard_at": "2038-01-19T03:14:08+00:00"}, "entry.heard_at"),
        ({"heard_at": "9999-12-31T23:59:59-12:00"}, "entry.heard_at"),
        ({"heard_at": "2015-12-14T12:00:00+02:00"}, "entry.heard_at"),
        ({"heard_at": (NOON + timedelta(seconds=121)).isoformat()}, "entry.heard_at"),
        ({"id": ""}, "entry.id"),
        ({"id": "x" * 201}, "entry.id"),
        ({"id": b"\x00\xff"}, "entry.id"),
        ({"body": {"speaker": "x", "quote": ""}}, "statement.quote"),
        ({"body": {"speaker": "x", "quote": "a\x00b"}}, "statement.quote"),
        ({"body": {"speaker": "x", "quote": "\ud800"}}, "statement.quote"),
        ({"body": {"speaker": "x", "quote": "x" * 10_000_000}}, "statement.quote"),
        ({"body": {"speaker": "x", "quote": 7}}, "statement.quote"),
        ({"body": []}, "statement"),
        ({"body": None}, "statement"),
    ],
)
def test_bad_input_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    assert where in faults(raw(**change))


@pytest.mark.parametrize("found", [None, [], "text", b"\xff\x00", 7])
def test_what_is_no_entry_at_all_is_refused(found: Any) -> None:
    assert "entry" in faults(found)


def test_a_later_end_and_a_wider_range_are_wanted() -> None:
    body = {
        "party": "gov",
        "covers": ["all"],
        "heard_by": "radio-1",
        "since": "2016-12-15T12:00:00+02:00",
        "until": "2016-12-15T10:00:00+00:00",
    }
    assert "guarantee.until" in faults(raw(kind="guarantee", body=body))
    count = {
        "counter": "x",
        "what": "arrived",
        "people": 5,
        "low": 6,
        "high": 4,
        "as_of": "2016-12-15T12:00:00+02:00",
    }
    assert "count.high" in faults(raw(kind="count", body=count))


COORDINATES = [
    "36.2021, 37.1343",
    "36.2021 37.1343",
    "N 36.2021 E 37.1343",
    "36.2021° N",
    "36°12'07\" N 37°08'03\" E",
    "٣٦٫٢٠٢١، ٣٧٫١٣٤٣",
    "geo:36.2,37.1",
    "https://maps.example.org/@36.20,37.13,15z",
    "37S BV 12345 67890",
    "37SBV1234567890",
    "37S 334567 4005678",
    "8G5C6M25+7R",
    "lat 36.2 lon 37.1",
    "latitude: 36",
]


@pytest.mark.parametrize("words", COORDINATES)
def test_coordinates_are_refused_wherever_they_stand_and_not_repeated(words: str) -> None:
    assert holds_coordinates(words)
    for change in (
        {"body": {"speaker": "x", "quote": f"meet at {words} at noon"}},
        {"source": {"channel": "radio", "person": words}},
        {"id": words.replace(" ", "-")},
    ):
        found = faults(raw(**change))
        assert all(words not in one for one in found.values())
    with pytest.raises(EntryError):
        enter(new_ledger()[0], Statement(speaker="x", quote=words))


@pytest.mark.parametrize(
    "words",
    [
        "1,250 of Foua against 1,250 of Kefraya; then 1,500, 1,500",
        "951 people in 20 buses and 13 ambulances at 14:30",
        "convoy 2 passed the km 6.8 mark, 15.5 km to go",
        "36,086 people in all (WHO), 35,000 (ICRC)",
        "bus-01, bus-02 and bus-03 at Rashidin-4",
        "late, later, latest",
        "2016-12-15T14:30:00+02:00",
        "+963 21 123 4567",
        "resolution 2328 of 19.12.2016",
    ],
)
def test_figures_times_and_phone_numbers_are_no_coordinates(words: str) -> None:
    assert not holds_coordinates(words)
    enter(new_ledger()[0], Statement(speaker="x", quote=words))


def test_a_plan_with_positions_in_it_is_refused() -> None:
    body = {"plan_hash": "a" * 64, "plan": '{"position": [1, 2]}', "person": "x"}
    assert "plan.plan" in faults(raw(kind="plan", body=body))


def test_a_message_made_in_code_passes_the_same_door() -> None:
    ledger, _ = new_ledger()
    wrong = Guarantee(party="two words", covers=(), heard_by="x")
    with pytest.raises(EntryError, match=r"guarantee\.party(.|\n)*guarantee\.covers"):
        enter(ledger, wrong)
    nobody = Message("s", Statement(speaker="x", quote="y"), Source(channel="radio"), NOON)
    with pytest.raises(EntryError, match="nobody"):
        ledger.append([nobody], at=NOON)
    assert ledger.tail()[0] == 1


def test_one_fault_in_a_batch_stores_nothing_of_it() -> None:
    ledger, _ = new_ledger()
    good = said("a", Statement(speaker="x", quote="y"))
    with pytest.raises(EntryError, match=r"messages\[1\]\.statement\.quote"):
        ledger.append([good, said("b", Statement(speaker="x", quote=""))], at=NOON)
    assert ledger.tail()[0] == 1


def test_an_entry_is_split_by_class_so_that_a_key_erases_only_its_own() -> None:
    source = Source(channel="phone", person="a doctor", contact="ext 12", quote="come")
    body = Guarantee(party="gov", covers=("all",), heard_by="radio-1", contact="desk")
    parts = parts_of(Message("g", body, source, NOON))
    assert set(parts) == {"record", "contacts"}
    assert parts["contacts"] == {
        "body": {"contact": "desk"},
        "source": {"person": "a doctor", "contact": "ext 12"},
    }
    assert "contact" not in parts["record"]["body"]
    assert fields_plain(source)["quote"] == parts["record"]["source"]["quote"]


def test_attribution_is_off_by_default_and_the_rest_runs_without_it() -> None:
    ledger, _ = new_ledger()
    with pytest.raises(EntryError, match="not opened for it"):
        enter(ledger, EXAMPLES["attribution"])
    opened, _ = new_ledger(attribution=True)
    (id_,) = enter(opened, EXAMPLES["attribution"])
    opened.purge(at=NOON, names=["attribution/2016-12-15"], why="not wanted any more")
    entry = opened.find(id_)
    assert entry is not None
    assert entry.body is None
    assert entry.erased == ("attribution",)
