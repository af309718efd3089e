"""Those on board of a held convoy: on the page, on the wall, in the reports, and on the sheet."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from safepassage.board.documents.sitrep import sitrep
from safepassage.board.naming import Teller
from safepassage.board.picture import Painter, Picture
from safepassage.board.wall.aboard import Aboard, aboard
from safepassage.board.wording import words
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.seen import Movement
from safepassage.ledger.signer import read_signer
from tests.board import mission
from tests.board.conftest import Login
from tests.ledger.writing import clock


def told(place: Place, **said: object) -> str:
    """Enter that the second convoy is held, and what was told of those on board."""
    convoy = mission.convoys()[1]
    ledger = open_ledger(place)
    body = Movement(what="held", convoy=convoy, **said)  # type: ignore[arg-type] # as a form has it
    mission.write(ledger, body, at=clock(15, 5))
    ledger.close()
    return convoy


def shown(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_what_nobody_told_is_called_not_reported(place: Place, login: Login) -> None:
    told(place, infants=0)
    page = shown(login("Radio-1"), "/held")
    assert "infants: <b><bdi>0</bdi></b>" in page
    assert "patients: <b>not reported</b>" in page
    assert "water: <b>not reported</b>" in page
    assert "may leave the bus: <b>not reported</b>" in page
    assert "next call: <b>not agreed</b>" in page


def test_water_that_runs_out_is_a_warning_on_the_wall(place: Place, login: Login) -> None:
    convoy = told(place, water_hours=2, may_leave="nobody", next_call=clock(15, 10))
    wall = shown(login("Head-1"), "/")
    assert "water runs out in" in wall
    # Two hours, told at 15:05, seen at 15:12; the agreed call at 15:10 is overdue.
    assert ">1:53</time>" in wall
    assert "▲ overdue" in wall
    desk = shown(login("Report-1"), "/")
    assert "runs out" not in desk
    liaison = shown(login("Watch-1"), "/liaison")
    assert "runs out" not in liaison
    assert convoy in shown(login("Radio-1"), "/radio")


def painted(place: Place) -> Picture:
    """Return the picture of the room at 15:12."""
    ledger = open_ledger(place)
    signer = read_signer(place.signing_key)
    painter = Painter(
        ledger, mission.aleppo(), keys={signer.device: signer.key}, device=signer.device
    )
    picture = painter.paint(mission.NOW)
    ledger.close()
    return picture


def second_convoy(place: Place) -> Aboard:
    """Return what is known of those on board of it."""
    listed = aboard(mission.aleppo(), painted(place), "en")
    return next(one for one in listed if one.convoy == mission.convoys()[1])


def test_litres_last_as_long_as_people_drink_by_the_stated_rate(place: Place) -> None:
    # 3 litres a person and day: half of that for each is half a day.
    told(place, water_litres=second_convoy(place).people * 3 // 2)
    one = second_convoy(place)
    ends = one.told[0].water_ends
    assert ends is not None
    assert one.told[0].by_litres
    assert abs(ends - clock(15, 5) - timedelta(hours=12)) < timedelta(minutes=5)
    assert one.dry(mission.NOW) is None


def test_the_form_enters_numbers_and_refuses_a_report_of_nothing(login: Login) -> None:
    radio = login("Radio-1")
    convoy = mission.convoys()[1]
    nothing = radio.post("/held/report", data={"convoy": convoy})
    assert nothing.status_code == 422
    assert "at least one thing that was told" in nothing.text
    wrong = radio.post("/held/report", data={"convoy": convoy, "water_hours": "some"})
    assert wrong.status_code == 422
    assert "hours for which the water on board lasts: got" in wrong.text
    assert 'value="some"' in wrong.text
    sent = {"convoy": convoy, "infants": "18", "water_hours": "6", "may_leave": "patients",
            "next_call": "+30", "aboard_since": "14:20"}  # fmt: skip
    assert radio.post("/held/report", data=sent).status_code == 303
    page = shown(radio, "/held")
    assert "infants: <b><bdi>18</bdi></b>" in page
    assert "<b>patients</b>" in page
    assert "15:42" in page
    # On board since 14:20, not since the departure at 14:52.
    assert ">0:52</time>" in page


@pytest.mark.parametrize("name", ["handover", "sitrep"])
def test_the_sheet_and_the_report_say_what_was_told_and_what_was_not(
    place: Place, login: Login, name: str
) -> None:
    told(place, water_hours=0, patients=3)
    text = login("Head-1").get(f"/documents/{name}.md").text
    assert "DRILL, NOT REAL" in text
    row = next(one for one in text.splitlines() if "HAS RUN OUT" in one)
    assert "3 (told 15:05)" in row
    assert row.count("not reported") == 2
    if name == "handover":
        assert "Hands over" in text
        assert "Takes over" in text


def test_an_old_note_stands_as_it_was_written(place: Place, login: Login) -> None:
    told(place, note="infants: 3 · water: sporadic")
    page = shown(login("Radio-1"), "/held")
    assert "infants: 3 · water: sporadic" in page
    assert "infants: <b>not reported</b>" in page


def test_neither_the_public_nor_the_parties_are_told_of_those_on_board(
    place: Place, login: Login
) -> None:
    told(place, infants=4321, may_leave="nobody")
    picture = painted(place)
    tell = Teller(mission.aleppo(), words("en"))
    public = sitrep(mission.aleppo(), picture, tell, mode="DRILL", public=True).markdown()
    assert "4,321" in shown(login("Head-1"), "/held")
    for text in (public, shown(login("Watch-1"), "/liaison")):
        assert "4,321" not in text
        assert "4321" not in text
