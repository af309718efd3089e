"""Known: who is late by the plan, and of whom there is no word, on every page of convoys."""

import re
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from safepassage.board.picture import Painter, Picture
from safepassage.board.room import Room
from safepassage.board.wall.heard import late_departures
from safepassage.board.wall.moving import convoy_lines, planned_times
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.seen import Movement
from safepassage.ledger.signer import read_signer
from tests.board import mission
from tests.board.conftest import Login
from tests.ledger.writing import clock


def told(place: Place, at: datetime, *bodies: Movement) -> None:
    ledger = open_ledger(place)
    mission.write(ledger, *bodies, at=at)
    ledger.close()


def painted(place: Place, at: datetime) -> Picture:
    ledger = open_ledger(place)
    signer = read_signer(place.signing_key)
    painter = Painter(
        ledger, mission.aleppo(), keys={signer.device: signer.key}, device=signer.device
    )
    picture = painter.paint(at)
    ledger.close()
    return picture


def third() -> tuple[str, datetime]:
    """Return the first convoy that has not departed, and when it should."""
    planned = planned_times(mission.plan_of_the_day())
    gone = mission.convoys()[:2]
    left = {one: times[0] for one, times in planned.items() if one not in gone}
    first = min(left, key=lambda one: (left[one], one))
    return first, left[first]


def row_of(page: str, convoy: str) -> str:
    rows = re.findall(r"<tr[^>]*>.*?</tr>", page, re.DOTALL)
    return next(one for one in rows if f'row"><bdi>{convoy}</bdi>' in one)


@pytest.fixture
def late(room: Room, login: Login) -> TestClient:
    """Return the movement officer's browser 22 minutes after a planned departure."""
    room.clock = lambda: third()[1] + timedelta(minutes=22, seconds=40)
    return login("Move-1")


def test_a_planned_departure_that_has_passed_is_late_from_the_first_whole_minute(
    place: Place,
) -> None:
    convoy, planned = third()

    def minutes(after: timedelta) -> dict[str, int]:
        picture = painted(place, planned + after)
        return {one.convoy: one.minutes for one in late_departures(picture)}

    assert convoy not in minutes(timedelta(seconds=59))
    assert minutes(timedelta(minutes=1))[convoy] == 1
    assert minutes(timedelta(minutes=22, seconds=59))[convoy] == 22


def test_wall_movement_page_map_and_radio_say_by_how_much_it_is_late(
    late: TestClient,
) -> None:
    convoy, _ = third()
    wall = late.get("/").text
    assert "Not departed, though planned" in wall
    strip = wall[wall.index("Not departed, though planned") :].partition("</p>")[0]
    assert f"<bdi>{convoy}</bdi>" in strip
    assert "▲ late by 22 min" in strip
    drawing = wall[wall.index("Planned and actual times of the convoys") :].partition("</svg>")[0]
    assert f">{convoy} ▲</text>" in drawing
    assert 'class="late"' in drawing
    assert "▲ late by 22 min" in row_of(late.get("/plan").text, convoy)
    assert "▲ late by 22 min" in row_of(late.get("/map").text, convoy)
    assert "what=departed" in late.get("/radio").text
    assert "late by 22 min" in late.get("/documents/sitrep").text
    answer = late.post("/enter/movement", data={"what": "departed", "convoy": convoy})
    assert answer.status_code == 303
    assert "▲ late" not in row_of(late.get("/plan").text, convoy)


def test_who_may_not_know_where_convoys_are_is_not_told_where_one_waits(
    late: TestClient, login: Login
) -> None:
    convoy, _ = third()
    shown = login("Report-1").get("/map").text
    assert "not departed" not in shown
    assert convoy not in shown.partition("<main")[2]
    assert late.get("/map").status_code == 200


def test_a_convoy_that_is_due_and_not_there_is_late_and_one_that_arrived_is_not(
    place: Place,
) -> None:
    first, second = mission.convoys()[:2]
    due = planned_times(mission.plan_of_the_day())[second][1]
    lines = {
        one.convoy: one
        for one in convoy_lines(mission.aleppo(), painted(place, due + timedelta(minutes=9)), "en")
    }
    assert lines[second].late == 9
    assert lines[first].late == 0
    assert not lines[first].stale


def test_a_convoy_is_silent_though_its_buses_have_left_again_with_another(place: Place) -> None:
    """Nobody said that it arrived, and no vehicle speaks for it any more: its own word is old."""
    second = mission.convoys()[1]
    again = clock(15, 20)
    picture = painted(place, again)
    cars = picture.situation.convoys[second].vehicles
    assert cars
    told(
        place,
        again,
        *(
            Movement(what="departed", vehicle=one, convoy="c777", place="amiriyah", to="rashidin4")
            for one in cars
        ),
    )
    at = again + timedelta(minutes=5)
    lines = {one.convoy: one for one in convoy_lines(mission.aleppo(), painted(place, at), "en")}
    assert lines["c777"].stale is False
    assert (lines[second].vehicles, lines[second].done) == (0, False)
    # It was heard of at 14:52, thirty-three minutes ago; fifteen is the rule.
    assert lines[second].stale is True


def test_a_silent_convoy_is_marked_on_wall_map_and_movement_page_and_called(
    login: Login, room: Room
) -> None:
    second = mission.convoys()[1]
    room.clock = lambda: clock(15, 8)
    client = login("Head-1")
    # Sixteen minutes after its departure, the last word of it.
    assert "▲ no report" in row_of(client.get("/").text, second)
    assert "▲ no report" in row_of(client.get("/map").text, second)
    assert "▲ no report since" in row_of(client.get("/plan").text, second)
    assert "▲ overdue" in row_of(client.get("/radio").text.replace("convoy <bdi>", "<bdi>"), second)
