"""Two people for a go, two for a lift, one for a hold; nobody acts in another's name."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from safepassage.board.access import LARGEST
from safepassage.board.room import Room
from safepassage.ledger.decided import Approval, Hold
from safepassage.ledger.place import Place, open_ledger
from tests.board import mission
from tests.board.conftest import BASE, Login


def next_loaded() -> str:
    return mission.convoys()[2]


def departure(convoy: str) -> int:
    trips = mission.plan_of_the_day().plan.trips
    return min(one.depart for one in trips if one.convoy == convoy)


@pytest.fixture
def ready(place: Place, room: Room) -> str:
    """Return a convoy that lacks nothing but two approvals, five minutes before it departs."""
    convoy = next_loaded()
    at = mission.aleppo().start + timedelta(seconds=departure(convoy)) - timedelta(minutes=5)
    mission.all_but_approvals(place, convoy, at=at - timedelta(minutes=5))
    room.clock = lambda: at
    return convoy


def entered(place: Place, kind: str) -> list[object]:
    ledger = open_ledger(place)
    found = [one.body for one in ledger.entries(0, None, (kind,))]
    ledger.close()
    return found


def seen(client: TestClient, convoy: str) -> str:
    page = client.get(f"/clearance/{convoy}").text
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_go_takes_two_people_of_two_roles(ready: str, login: Login) -> None:
    head, move = login("Head-1"), login("Move-1")
    assert "NO-GO" in head.get(f"/clearance/{ready}").text
    form = {"seen": seen(head, ready), "role": "head"}
    assert head.post(f"/clearance/{ready}/approve", data=form).status_code == 303
    asked = head.post(f"/clearance/{ready}/ask").text
    assert "A go is given" not in asked
    assert "NO-GO" in asked
    form = {"seen": seen(move, ready), "role": "movement"}
    assert move.post(f"/clearance/{ready}/approve", data=form).status_code == 303
    asked = move.post(f"/clearance/{ready}/ask").text
    assert "A go is given as a lease until" in asked
    assert re.search(r"read back.*[A-Z]{4}", asked, re.DOTALL)


def test_a_hold_of_an_observer_takes_the_go_away(ready: str, login: Login) -> None:
    head, move, watch = login("Head-1"), login("Move-1"), login("Watch-1")
    for client, role in ((head, "head"), (move, "movement")):
        form = {"seen": seen(client, ready), "role": role}
        client.post(f"/clearance/{ready}/approve", data=form)
    assert "A go is given" in head.post(f"/clearance/{ready}/ask").text
    assert watch.post("/hold").status_code == 303
    assert "A go is given" not in head.post(f"/clearance/{ready}/ask").text
    assert "HOLD" in head.get("/").text


def test_a_lift_takes_two_people_and_a_reason(login: Login, place: Place) -> None:
    head, move = login("Head-1"), login("Move-1")
    login("Watch-1").post("/hold", data={"why": "shots heard"})
    ledger = open_ledger(place)
    hold = next(one.id for one in ledger.entries(0, None, ("hold",)))
    ledger.close()
    lift = {"hold": hold, "why": "it was thunder", "role": "head"}
    assert head.post("/lift", data={**lift, "why": ""}).status_code == 422
    assert head.post("/lift", data=lift).status_code == 303
    again = head.post("/lift", data=lift)
    assert again.status_code == 422
    assert "it takes another person" in again.text
    assert "1 of 2 have lifted it" in head.get("/").text
    assert move.post("/lift", data={**lift, "role": "movement"}).status_code == 303
    assert "shots heard" not in head.get("/").text.split('id="log"')[0]


def test_a_person_cannot_approve_in_a_role_that_is_not_his(ready: str, login: Login) -> None:
    client = login("Radio-1")
    form = {"seen": seen(client, ready), "role": "head"}
    answer = client.post(f"/clearance/{ready}/approve", data=form)
    assert answer.status_code == 422
    assert "want one of yours" in answer.text


def test_an_approval_of_a_page_that_is_out_of_date_is_refused(
    ready: str, login: Login, place: Place
) -> None:
    head = login("Head-1")
    old = seen(head, ready)
    head.post("/enter/incident", data={"what": "shots at the post", "event": "shots-16"})
    answer = head.post(f"/clearance/{ready}/approve", data={"seen": old, "role": "head"})
    assert answer.status_code == 422
    assert "came after the page that you read" in answer.text
    assert not entered(place, "approval")


def test_the_call_sign_of_an_entry_is_always_that_of_the_session(
    ready: str, login: Login, place: Place
) -> None:
    client = login("Radio-1")
    client.post("/hold", data={"why": "x", "person": "Head-1"})
    client.post(
        "/enter/confirmation",
        data={"about": "guarantee-1", "known_contact": "yes", "person": "Head-1"},
    )
    form = {"seen": seen(client, ready), "role": "radio", "person": "Head-1"}
    client.post(f"/clearance/{ready}/approve", data=form)
    bodies = [*entered(place, "hold"), *entered(place, "approval")]
    assert {one.person for one in bodies if isinstance(one, Hold | Approval)} == {"Radio-1"}
    guarantee = {"party": "russia", "covers": "all", "heard_by": "Head-1"}
    client.post("/enter/guarantee", data=guarantee)
    assert getattr(entered(place, "guarantee")[-1], "heard_by", "") == "Radio-1"


def test_a_form_sent_twice_is_one_entry(login: Login, place: Place) -> None:
    client = login("Radio-1")
    page = client.get("/enter/count").text
    id_ = re.search(r'name="id" value="([0-9a-f]{32})"', page)
    assert id_ is not None
    form = {"id": id_[1], "counter": "Radio-1", "what": "arrived", "people": "40"}
    form |= {"as_of": "15:10", "heard_at": "15:11"}
    before = len(entered(place, "count"))
    assert client.post("/enter/count", data=form).status_code == 303
    assert client.post("/enter/count", data=form).status_code == 303
    assert len(entered(place, "count")) == before + 1


def test_a_convoy_that_two_people_move_uncleared_stays_red(login: Login) -> None:
    head = login("Head-1")
    convoy = next_loaded()
    form = {"why": "the post is on fire", "second": "Move-1", "second_password": "a guess"}
    assert head.post(f"/clearance/{convoy}/uncleared", data=form).status_code == 422
    form["second_password"] = mission.PASSWORD
    assert head.post(f"/clearance/{convoy}/uncleared", data=form).status_code == 303
    assert "MOVED WITHOUT CLEARANCE" in head.get("/").text
    assert "MOVED WITHOUT CLEARANCE" in head.get("/documents/sitrep").text


def test_nobody_alone_makes_the_second_person(login: Login, room: Room) -> None:
    head = login("Head-1")
    form = {"person": "Move-9", "role": "movement", "second": "Head-1"}
    form["second_password"] = mission.PASSWORD
    assert head.post("/people/give", data=form).status_code == 422
    assert "Move-9" not in room.all_roles()
    form["second"] = "Med-1"
    answer = head.post("/people/give", data=form)
    assert answer.status_code == 200
    assert "movement" in room.roles("Move-9")
    password = re.search(r'class="big-words"[^>]*>([^<]+)<', answer.text)
    assert password is not None
    entry = {"call_sign": "Move-9", "password": password[1]}
    assert head.post("/login", data=entry).status_code == 303


def test_who_is_revoked_is_out_at_once(login: Login) -> None:
    head, radio = login("Head-1"), login("Radio-1")
    assert radio.get("/").status_code == 200
    assert head.post("/people/revoke", data={"person": "Radio-1"}).status_code == 303
    assert radio.get("/").status_code == 303
    entry = {"call_sign": "Radio-1", "password": mission.PASSWORD}
    assert radio.post("/login", data=entry).status_code == 401


def test_a_plan_that_breaks_a_rule_is_not_put_in_force(login: Login, place: Place) -> None:
    client = login("Move-1")
    good = mission.plan_text(mission.plan_of_the_day())
    before = len(entered(place, "plan"))
    overfull = re.sub(r'"walking": (\d+)', lambda one: f'"walking": {int(one[1]) + 40}', good)
    assert overfull != good
    for bad in (overfull, "{}", "no plan"):
        answer = client.post("/plan/adopt", files={"plan": ("plan.json", bad.encode())})
        assert answer.status_code == 422
    assert len(entered(place, "plan")) == before
    answer = client.post("/plan/adopt", files={"plan": ("plan.json", good.encode())})
    assert answer.status_code == 303
    assert len(entered(place, "plan")) == before + 1


def test_a_write_from_another_site_or_name_is_refused(anyone: TestClient) -> None:
    entry = {"call_sign": "Head-1", "password": mission.PASSWORD}
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": BASE, "host": "evil.example"},
    ):
        assert anyone.post("/login", data=entry, headers=headers).status_code == 403
    del anyone.headers["origin"]
    assert anyone.post("/login", data=entry).status_code == 403


def test_guessing_is_slowed_down(anyone: TestClient) -> None:
    # The one who has forgotten is not the one who guesses: each call sign has its own pace.
    tries = [
        anyone.post("/login", data={"call_sign": "Head-1", "password": f"guess {n}"}).status_code
        for n in range(8)
    ]
    assert tries[:6] == [401] * 6
    assert set(tries[6:]) == {429}


def test_too_much_at_once_is_refused_before_it_is_read(anyone: TestClient) -> None:
    many = b"x" * (LARGEST + 1)
    assert anyone.post("/login", content=many).status_code == 413
