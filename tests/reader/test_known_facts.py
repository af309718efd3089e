"""Facts: each number with its own noun, each frame with its own people; made-up sentences."""

from collections.abc import Callable

import pytest

from safepassage.reader.fact import Fact
from safepassage.reader.reading import Reading

Read = Callable[..., Reading]


def of_kind(reading: Reading, kind: str) -> list[Fact]:
    return [one for one in reading.facts if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit", "span"),
    [
        ("Two buses left the town.", "fleet", 2, "bus", "Two buses"),
        (
            "The army sent 14 National Guard trucks.",
            "fleet",
            14,
            "truck",
            "14 National Guard trucks",
        ),
        ("About 450 families left Eastmoor.", "people", 450, "families", "About 450 families"),
        ("Nurses moved 83 patients.", "people", 83, "patients", "83 patients"),
        ("Each bus seats 44 passengers.", "capacity", 44, "bus", "44 passengers"),
        ("Each ferry can carry 350 people.", "capacity", 350, "ferry", "350 people"),
        ("The drive took nine hours.", "duration", 9, "hour", "nine hours"),
        ("The camp is 42 kilometres away.", "distance", 42, "km", "42 kilometres"),
        ("Two firefighters were injured.", "casualties", 2, "persons", "Two firefighters"),
        ("The flood destroyed 37 homes.", "casualties", 37, "homes", "37 homes"),
        ("No deaths have been reported.", "casualties", 0, "persons", "No deaths"),
    ],
)
def test_a_number_belongs_to_its_own_noun(
    reads: Read, text: str, kind: str, value: int, unit: str, span: str
) -> None:
    (one,) = of_kind(reads(text), kind)
    assert (one.value, one.unit, one.span.text) == (value, unit, span)


@pytest.mark.parametrize(
    "text",
    [
        "Dolores Pruitt, 68, carried her cat.",
        "The 5-year-old war goes on.",
        "In 2012 the town was rich.",
        "It was a Category 4 storm.",
        "Winds reached 150 km/h.",
        "They drove on Highway 56.",
        "The budget rose by 40 percent.",
    ],
)
def test_ages_years_ranks_and_speeds_are_neither_people_nor_vehicles(
    reads: Read, text: str
) -> None:
    wrong = {"people", "fleet", "casualties", "capacity", "distance", "duration"}
    assert not [one for one in reads(text).facts if one.kind in wrong]


def test_a_vehicle_count_is_not_read_as_people(reads: Read) -> None:
    reading = reads("Three buses evacuated families.")
    (fleet,) = of_kind(reading, "fleet")
    assert fleet.value == 3
    assert all(one.value is None for one in of_kind(reading, "people"))


def test_a_destination_hangs_on_a_movement_and_is_no_part_of_a_name(reads: Read) -> None:
    text = "The Observatory for Human Rights said buses went from Doura to Rasheen."
    reading = reads(text)
    assert [one.value for one in of_kind(reading, "destination")] == ["Rasheen"]
    assert [one.value for one in of_kind(reading, "origin")] == ["Doura"]


def test_accompanied_without_auxiliary_is_accompaniment(reads: Read) -> None:
    (one,) = of_kind(reads("Patients accompanied by nurses boarded the train."), "accompaniment")
    assert one.more["by"] == "nurses"
    assert one.more["who"].lower() == "patients"


def test_each_guarantor_is_a_guarantee_of_its_own(reads: Read) -> None:
    found = of_kind(
        reads("Russia and Turkey have guaranteed the safety of the convoy."), "guarantee"
    )
    assert {one.value for one in found} == {"Russia", "Turkey"}


def test_no_guarantee_is_read_from_a_demand_for_one(reads: Read) -> None:
    text = "The Red Cross said it would not move without written guarantees."
    reading = reads(text)
    assert not of_kind(reading, "guarantee")
    assert of_kind(reading, "condition")


def test_deadline_and_order_are_told_from_other_times(reads: Read) -> None:
    reading = reads("Residents must leave by 6 p.m. today. A meeting was held at noon.")
    assert [one.span.text for one in of_kind(reading, "deadline")] == ["6 p.m. today"]
    assert of_kind(reading, "order")


def test_who_holds_and_who_surrounds_a_place(reads: Read) -> None:
    reading = reads(
        "The convoy drove to Talbis, a town controlled by rebels. "
        "The old city has been encircled by the army since May."
    )
    assert [one.more["by"] for one in of_kind(reading, "control")] == ["rebels"]
    (siege,) = of_kind(reading, "siege")
    assert siege.more == {"by": "the army", "since": "May"} or siege.more["by"].endswith("army")


def test_a_tables_cells_take_their_meaning_from_row_and_column(reads: Read) -> None:
    text = "Situation report 3\n\nVehicle | Number | Capacity\nBus | 32 | 50\nBoat | 7 | 12\n"
    reading = reads(text)
    assert [(one.value, one.unit) for one in of_kind(reading, "fleet")] == [
        (32, "bus"),
        (7, "boat"),
    ]
    assert [(one.value, one.unit) for one in of_kind(reading, "capacity")] == [
        (50, "bus"),
        (12, "boat"),
    ]
    assert reading.statements == ()


def test_short_lines_of_a_situation_report_are_no_furniture(reads: Read) -> None:
    text = (
        "SITUATION REPORT No. 4\n\nHIGHLIGHTS\n"
        "- 2,150 families in 18 collective centres\n- 9 dead\n"
    )
    reading = reads(text)
    assert reading.masked == ()
    assert [one.value for one in of_kind(reading, "people")] == [2150]
    assert [one.value for one in of_kind(reading, "casualties")] == [9]


def test_a_counter_figure_is_a_rival_and_both_stand(reads: Read) -> None:
    text = (
        "State television said 2,100 people had left Qalat. "
        "The Monitor for Peace put the number at 1,600."
    )
    reading = reads(text)
    assert {one.value for one in of_kind(reading, "people")} == {2100, 1600}
    (rivals,) = reading.rivals
    assert (rivals.low, rivals.high) == (1600, 2100)


def test_two_accusations_in_one_sentence_are_rivals(reads: Read) -> None:
    text = (
        "Turkey accused the army of breaking the truce, while Russia claimed rebels had attacked."
    )
    (rivals,) = reads(text).rivals
    assert len(rivals.members) == 2


def test_what_is_missing_is_asked_for(reads: Read) -> None:
    asks = " ".join(reads("Today 20 buses will evacuate the wounded.").asks)
    for word in ("which day", "seats", "destination", "wounded"):
        assert word in asks


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Six hospitals with 400 patients had been emptied.", [400]),
        ("Crews moved 33 people. 30 settlements are flooded, 20 of them in the south.", [33]),
        ("The governor said that 8,000 National Guard members were on duty.", []),
    ],
)
def test_hospitals_settlements_and_guards_are_no_people_to_be_moved(
    reads: Read, text: str, people: list[int]
) -> None:
    assert [one.value for one in of_kind(reads(text), "people")] == people
