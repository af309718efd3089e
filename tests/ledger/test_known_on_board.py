"""What is told of those on board of a held convoy: by field, with its time, until they get off."""

from datetime import timedelta

import pytest

from safepassage.ledger.decided import Correction
from safepassage.ledger.entry import from_parts
from safepassage.ledger.faults import EntryError
from safepassage.ledger.folding import Projection, situation
from safepassage.ledger.seen import Movement
from safepassage.ledger.situation import AboardNow, Situation
from safepassage.ledger.situation_form import situation_json, situation_lines
from tests.ledger.writing import NOON, enter, new_ledger

LATER = NOON + timedelta(minutes=30)


def of(now: Situation) -> dict[tuple[str | None, str | None], AboardNow]:
    return {(one.convoy, one.vehicle): one for one in now.aboard}


def test_what_nobody_told_is_not_known_and_each_figure_has_its_time() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement("departed", "A", "bus-01", "c1", to="D", load={"walking": 48}))
    enter(ledger, Movement("held", "P", None, "c1", NOON, infants=3, water_hours=0))
    enter(ledger, Movement("held", "P", None, "c1", LATER, may_leave="nobody", next_call=LATER))
    found = of(situation(ledger, at=LATER))[("c1", None)]
    assert (found.infants, found.water_hours, found.may_leave) == (3, 0, "nobody")
    assert found.patients is None
    assert found.water_litres is None
    assert found.as_of == {
        "infants": NOON,
        "water_hours": NOON,
        "may_leave": LATER,
        "next_call": LATER,
    }


def test_a_report_that_comes_late_does_not_take_the_place_of_a_later_one() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement("departed", "A", "bus-01", "c1", to="D"))
    enter(ledger, Movement("held", "P", None, "c1", LATER, water_hours=1))
    enter(ledger, Movement("held", "P", None, "c1", NOON, water_hours=6))
    assert of(situation(ledger, at=LATER))[("c1", None)].water_hours == 1


def test_a_vehicle_and_its_convoy_stand_side_by_side_and_are_forgotten_when_they_arrive() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    for car in ("bus-01", "bus-02"):
        enter(ledger, Movement("departed", "A", car, "c1", to="D", load={"walking": 48}))
    enter(ledger, Movement("held", "P", None, "c1", infants=5))
    enter(ledger, Movement("held", "P", "bus-02", infants=2))
    assert {key: one.infants for key, one in of(kept.situation(NOON)).items()} == {
        ("c1", None): 5,
        ("c1", "bus-02"): 2,
    }
    enter(ledger, Movement("arrived", "D", "bus-02", "c1"))
    assert list(of(kept.situation(NOON))) == [("c1", None)]
    enter(ledger, Movement("arrived", "D", None, "c1"))
    assert kept.situation(NOON).aboard == ()


def test_a_corrected_report_tells_nothing() -> None:
    ledger, _ = new_ledger()
    kept = Projection(ledger)
    enter(ledger, Movement("departed", "A", "bus-01", "c1", to="D"))
    told = enter(ledger, Movement("held", "P", None, "c1", water_litres=40))[0]
    assert of(kept.situation(NOON))[("c1", None)].water_litres == 40
    enter(ledger, Correction(told, "another convoy"))
    assert kept.situation(NOON).aboard == ()


def test_an_entry_stored_before_these_fields_stays_readable_and_has_them_absent() -> None:
    body, _ = from_parts("movement", {"body": {"what": "held", "convoy": "c1", "note": "snow"}})
    assert isinstance(body, Movement)
    assert body.note == "snow"
    assert body.water_hours is None
    assert body.may_leave is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("infants", -1), ("water_hours", 1000), ("may_leave", "the driver"), ("next_call", "noon")],
)
def test_a_figure_that_cannot_be_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(EntryError, match=f"movement.{field}"):
        from_parts("movement", {"body": {"what": "held", "convoy": "c1", field: value}})  # type: ignore[dict-item] # what no door lets in


def test_it_is_told_as_plain_data_and_as_a_line() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement("departed", "A", "bus-01", "c1", to="D"))
    enter(ledger, Movement("held", "P", None, "c1", NOON, patients=4, aboard_since=NOON))
    now = situation(ledger, at=LATER)
    assert situation_json(now, None)["aboard"][0]["patients"] == 4
    line = next(one for one in situation_lines(now, None) if one.startswith("on board of c1"))
    assert "patients 4 (told 2016-12-15T12:00" in line
