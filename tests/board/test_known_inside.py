"""Those who stay: each source beside the other; a hand-over is signed where it is shown."""

import re

from safepassage.board.wall.told import conditions
from safepassage.ledger.entry import Entry
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.seen import Condition
from safepassage.ledger.source import Source
from tests.board import mission
from tests.board.conftest import Login
from tests.ledger.writing import clock


def said(place: Place, outlet: str, state: str, minute: int) -> None:
    ledger = open_ledger(place)
    body = Condition("amiriyah", "power", state, clock(14, minute))
    source = Source(channel="press", outlet=outlet)
    mission.write(ledger, body, at=clock(15, 8), source=source)
    ledger.close()


def entries(place: Place) -> list[Entry]:
    ledger = open_ledger(place)
    found = list(ledger.entries())
    ledger.close()
    return found


def test_two_sources_that_say_two_things_of_those_inside_stand_side_by_side(place: Place) -> None:
    said(place, "one agency", "working", 40)
    said(place, "another agency", "none", 20)
    # The same agency says the same once more: its last word counts once.
    said(place, "one agency", "working", 45)
    found = conditions(mission.aleppo(), entries(place), "en")
    power = [(one.state, one.as_of, one.who) for one in found if one.what == "power"]
    assert power == [
        ("working", clock(14, 45), "one agency"),
        ("none", clock(14, 20), "another agency"),
    ]


def test_the_other_end_of_a_hand_over_is_signed_where_it_stands_unsigned(login: Login) -> None:
    move, med = login("Move-1"), login("Med-1")
    first = {"id": "h-1", "handover": "h1", "end": "gives", "of": "patients", "people": "10",
             "organisation": "the cell", "place": "rashidin4"}  # fmt: skip
    assert move.post("/groups/enter/handover", data=first).status_code == 303
    # Who signed one end is not offered the other.
    assert 'name="handover" value="h1"' not in move.get("/groups").text
    page = med.get("/groups").text
    form = page[: page.index('name="handover" value="h1"')].rpartition("<form")[2]
    form += page.partition('name="handover" value="h1"')[2].partition("</form>")[0]
    given = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"handover": "h1"}
    assert (given["end"], given["of"], given["place"]) == ("receives", "patients", "rashidin4")
    signed = given | {"people": "9", "organisation": "triage"}
    assert med.post("/groups/enter/handover", data=signed).status_code == 303
    page = med.get("/groups").text
    assert "not signed" not in page
    assert "9 · <bdi>triage</bdi>" in page
