"""The room's side of its phones: enrolled once, heard once, refused with a reason, wiped by us."""

import base64
import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.phones import Pocket
from safepassage.board.app import make_app
from safepassage.board.phone.codes import line_code, voice_secret
from safepassage.board.phone.enrolment import Codes, EnrolError, revoked_words
from safepassage.board.phone.page import phone_page
from safepassage.board.phone.spoken import spoken_line
from safepassage.ledger.place import open_ledger
from safepassage.ledger.said import Term
from safepassage.ledger.signer import signature_fits
from safepassage.ledger.verify import verify_whole
from tests.board.mission import NOW, PASSWORD, afternoon, convoys, new_place, room_of, write

ORIGIN = {"origin": "http://localhost", "accept": "text/html"}
AT = NOW.astimezone(UTC)


class Board:
    """A board in this process, with one operator at it."""

    def __init__(self, client: TestClient, folder: Path) -> None:
        self.client = client
        self.room = client.app.state.room  # type: ignore[attr-defined] # Starlette's app
        self.folder = folder

    def log_in(self, who: str) -> None:
        data = {"call_sign": who, "password": PASSWORD}
        self.client.cookies.clear()
        answer = self.client.post("/login", data=data, headers=ORIGIN, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    def code(self, post: str = "second-post", number: int = 1) -> str:
        data = {"post": post, "number": str(number)}
        page = self.client.post("/phones/code", data=data, headers=ORIGIN).text
        return page.split('enrol-code" dir="ltr">')[1].split("<")[0].replace("-", "")

    def enrol(self, pocket: Pocket, post: str = "second-post", number: int = 1) -> dict[str, Any]:
        body = pocket.enrolling(self.code(post, number))
        found = self.client.post("/device/enrol", json=body)
        assert found.status_code == 200, found.text
        told: dict[str, Any] = found.json()
        pocket.enrolled(told["device"], told["sign"], told["post"])
        return told

    def send(self, pocket: Pocket) -> Any:
        return self.client.post("/device/report", json=pocket.batch())

    def entries(self, *kinds: str) -> list[Any]:
        ledger = open_ledger(self.room.place)
        try:
            return [one for one in ledger.entries() if one.kind in kinds]
        finally:
            ledger.close()


@contextmanager
def board_of(folder: Path, *, day: bool = False) -> Iterator[Board]:
    place = new_place(folder)
    if day:
        afternoon(place)
    app = make_app(room_of(place), hosts=("localhost",))
    with TestClient(app, base_url="http://localhost") as client:
        made = Board(client, folder)
        made.log_in("Radio-1")
        yield made


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_of(tmp_path) as made:
        yield made


def test_the_page_is_one_text_under_sixty_kilobytes_with_a_strict_policy(board: Board) -> None:
    answer = board.client.get("/device/phone")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "src=" not in answer.text.split("<script>", 1)[0]
    assert len(gzip.compress(answer.content, 9)) < 60_000
    assert policy == phone_page().policy


def test_a_code_enrols_one_phone_once_and_a_lost_answer_can_be_asked_for_again(
    board: Board,
) -> None:
    first, second = Pocket(1), Pocket(2)
    code = board.code()
    body = first.enrolling(code)
    told = board.client.post("/device/enrol", json=body).json()
    again = board.client.post("/device/enrol", json=body)
    assert (again.status_code, again.json()["device"]) == (200, told["device"])
    other = board.client.post("/device/enrol", json=second.enrolling(code))
    assert other.status_code == 403
    assert "has been used" in other.json()["why"]
    assert len(board.entries("enrol")) == 2  # the room's own, and this phone's


def test_who_only_knows_the_public_key_of_a_phone_is_told_nothing(board: Board) -> None:
    pocket, thief = Pocket(1), Pocket(2)
    code = board.code()
    told = board.client.post("/device/enrol", json=pocket.enrolling(code)).json()
    for body in (
        {"code": code, "key": pocket.key},
        {**thief.enrolling(code), "key": pocket.key},
        {**pocket.enrolling("A" * 12), "code": code},
    ):
        answer = board.client.post("/device/enrol", json=body)
        assert answer.status_code == 400
        assert told["voice"] not in answer.text


def test_a_code_runs_out_after_ten_minutes() -> None:
    codes = Codes()
    made = [codes.make("second-post/1", at=AT) for _ in range(2)]
    assert codes.use(made[0], at=AT + timedelta(minutes=10)) == "second-post/1"
    with pytest.raises(EnrolError, match="run out"):
        codes.use(made[1], at=AT + timedelta(minutes=10, seconds=1))


def test_nothing_but_its_code_enrols_a_phone(board: Board) -> None:
    wrong: list[dict[str, object]] = [{}, {"code": 5, "key": Pocket(1).key}]
    wrong += [{**Pocket(1).enrolling("A" * 12)}, {**Pocket(1).enrolling(board.code()), "code": "B"}]
    for body in wrong:
        assert board.client.post("/device/enrol", json=body).status_code in {400, 403}
    assert board.client.post("/device/enrol", content=b"[" * 5000).status_code == 400
    assert board.client.post("/device/enrol", content=b"x" * 300_000).status_code == 400
    assert len(board.entries("enrol")) == 1


def test_an_observer_and_a_stranger_cannot_make_codes(board: Board) -> None:
    board.log_in("Watch-1")
    data = {"post": "second-post", "number": "1"}
    assert board.client.post("/phones/code", data=data, headers=ORIGIN).status_code == 403
    assert board.client.get("/phones").status_code == 403
    board.client.cookies.clear()
    assert board.client.post("/phones/code", data=data, headers=ORIGIN).status_code == 401


def test_reports_sent_twice_count_once(board: Board) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    pocket.press("through", AT, convoy="c1", people=50, vehicles=1)
    pocket.press("through", AT + timedelta(seconds=40), convoy="c1", people=98, vehicles=2)
    for _ in range(3):
        assert [one[1] for one in board.send(pocket).json()["receipts"]] == ["sent", "sent"]
    counts = board.entries("count")
    assert [(one.body.people, one.body.counter) for one in counts] == [
        (50, "second-post/1"),
        (98, "second-post/1"),
    ]
    assert [one.id.rpartition(".")[2] for one in board.entries("movement")] == ["1m", "2m"]


def test_a_phone_that_reports_without_a_pause_hears_of_a_hold_in_the_room(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    pocket.press("through", AT, convoy="c1", people=50)
    assert board.send(pocket).json()["state"]["holds"] == []
    board.log_in("Head-1")
    assert board.client.post("/hold", data={"why": ""}, headers=ORIGIN).status_code in {200, 303}
    now = time.monotonic
    monkeypatch.setattr("safepassage.board.phone.desk.time.monotonic", lambda: now() + 20)
    assert len(board.send(pocket).json()["state"]["holds"]) == 1


def test_the_same_number_with_other_words_is_refused_and_raises_an_alarm(board: Board) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    report = pocket.press("through", AT, convoy="c1", people=50)
    board.send(pocket)
    changed = replace(report, people=500)
    answer = board.client.post(
        "/device/report", json=pocket.signed([(changed, pocket.waiting[0][1])])
    )
    (number, state, why) = answer.json()["receipts"][0]
    assert (number, state) == (1, "refused")
    assert "other words" in why
    assert [one.body.people for one in board.entries("count")] == [50]
    assert [one.body.what for one in board.entries("alarm")] == ["same id, other words"]


def test_a_line_at_fault_is_named_and_nothing_of_its_batch_is_stored(board: Board) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    pocket.press("through", AT, convoy="c1", people=50)
    body = pocket.batch()
    body["lines"].append("2 20161215T131207 safe c1 - - - AAAAAAAAAAAAAAAAAAAAAA")
    answer = board.client.post("/device/report", json=body)
    assert answer.status_code == 422
    assert list(answer.json()["faults"]) == ["2"]
    assert not board.entries("count")
    assert board.send(pocket).status_code == 200


def test_a_signature_that_does_not_fit_stores_nothing_and_is_slowed_down(board: Board) -> None:
    pocket, thief = Pocket(1), Pocket(2)
    board.enrol(pocket)
    thief.phone = pocket.phone
    states = set()
    for number in range(40):
        thief.waiting.clear()
        thief.press("arrived", AT, convoy="c1", people=1000 + number)
        states.add(board.client.post("/device/report", json=thief.batch()).status_code)
    assert states == {400, 429}
    assert not board.entries("count", "movement")
    assert 0 < len(board.entries("alarm")) <= 30
    assert board.client.post("/device/report", json=thief.asking("now")).status_code == 400


def test_a_device_that_the_room_does_not_know_is_told_so(board: Board) -> None:
    pocket = Pocket(1)
    pocket.enrolled("phone-nobody", "second-post/1", "second-post")
    pocket.press("held", AT, convoy="c1")
    assert board.send(pocket).status_code == 404
    pocket.enrolled("room", "room/1", "room")
    assert board.send(pocket).status_code == 404


def test_a_clock_that_is_ahead_is_told_and_the_same_report_can_come_again(board: Board) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    report = pocket.press("through", AT + timedelta(hours=1), convoy="c1", people=50)
    answer = board.send(pocket).json()
    assert answer["receipts"] == [[1, "clock", ""]]
    assert datetime.fromisoformat(answer["now"]) == NOW
    pocket.waiting = [(replace(report, at=AT), pocket.waiting[0][1])]
    assert board.send(pocket).json()["receipts"][0][:3] == [1, "sent", ""]
    assert not board.entries("alarm")


def test_a_revoked_phone_is_told_in_words_that_only_the_room_can_sign(board: Board) -> None:
    pocket = Pocket(1)
    told = board.enrol(pocket)
    device = told["device"]
    board.client.post("/phones/revoke", data={"device": device}, headers=ORIGIN)
    pocket.press("through", AT, convoy="c1", people=50)
    for answer in (
        board.send(pocket),
        board.client.post("/device/report", json=pocket.asking("now")),
    ):
        assert answer.status_code == 403
        text = answer.json()["revoked"]
        signed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        assert signature_fits(told["room"], revoked_words(device), signed)
        assert not signature_fits(told["room"], revoked_words("phone-other"), signed)
    assert not board.entries("count")


def test_a_new_phone_of_a_counter_goes_on_with_its_totals_and_the_old_one_is_revoked(
    board: Board,
) -> None:
    old, new = Pocket(1), Pocket(2)
    board.enrol(old)
    old.press("through", AT, convoy="c1", people=98, vehicles=2)
    board.send(old)
    told = board.enrol(new)
    assert told["totals"] == {"through|c1": {"people": 98, "vehicles": None}}
    assert told["sign"] == "second-post/1"
    old.press("through", AT, convoy="c1", people=120)
    assert board.send(old).status_code == 403


def test_codes_off_a_screen_and_a_line_by_voice_count_once_with_the_same_report_sent_later(
    board: Board,
) -> None:
    pocket = Pocket(1)
    told = board.enrol(pocket)
    secret = voice_secret(board.room.signer, told["device"])
    assert secret.hex() == told["voice"]
    first = pocket.press("through", AT, convoy="c1", people=50, vehicles=1)
    pocket.press("held", AT + timedelta(seconds=9), convoy="c1")
    line = spoken_line(first, told["device"], line_code(first, secret))
    answer = board.client.post("/phones/relay/line", json={"line": line.lower()}, headers=ORIGIN)
    assert answer.json() == {
        "counter": "second-post/1",
        "number": 1,
        "code": line_code(first, secret),
        "known": False,
    }
    again = board.client.post("/phones/relay/line", json={"line": line}, headers=ORIGIN)
    assert again.json()["known"] is True
    batch = pocket.batch()
    codes = board.client.post("/phones/relay/codes", json=batch, headers=ORIGIN)
    assert [one[1] for one in codes.json()["receipts"]] == ["sent", "sent"]
    assert len(codes.json()["code"]) == 4
    assert [one[1] for one in board.send(pocket).json()["receipts"]] == ["sent", "sent"]
    assert [one.body.people for one in board.entries("count")] == [50]
    assert [one.body.what for one in board.entries("movement")] == ["through", "held"]
    assert not board.entries("alarm")
    # What was heard is in the record too, with who typed it in.
    heard = [one for one in board.entries("statement") if one.body.speaker == "second-post/1"]
    assert heard[0].body.quote == line
    assert heard[0].source.person == "Radio-1"
    assert board.entries("count")[0].device == "room"


def test_a_line_heard_wrong_is_refused_and_nothing_is_stored(board: Board) -> None:
    pocket = Pocket(1)
    told = board.enrol(pocket)
    secret = voice_secret(board.room.signer, told["device"])
    report = pocket.press("through", AT, convoy="c1", people=50)
    line = spoken_line(report, told["device"], line_code(report, secret)).replace("50/", "15/")
    answer = board.client.post("/phones/relay/line", json={"line": line}, headers=ORIGIN)
    assert answer.status_code == 422
    assert "read again" in answer.json()["why"]
    assert not board.entries("count", "statement")


def test_a_stop_at_a_post_is_a_hold_of_its_counter(board: Board) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    pocket.press("stop", AT)
    assert board.send(pocket).json()["receipts"][0][:3] == [1, "sent", ""]
    (hold,) = board.entries("hold")
    assert (hold.body.person, hold.body.convoy) == ("second-post/1", None)
    told = board.client.post("/device/report", json=pocket.asking("now")).json()
    assert told["state"]["holds"] == [NOW.astimezone(UTC).isoformat()]


def test_a_phone_is_told_of_its_own_post_and_of_nothing_else(tmp_path: Path) -> None:
    with board_of(tmp_path, day=True) as board:
        pocket = Pocket(1)
        state = board.enrol(pocket)["state"]
        first, second = convoys()[:2]
        told = {one["id"] for one in state["convoys"]}
        assert {first, second} <= told
        # On the road: the first two. Of those to come, no more than the next two with people.
        assert len(told & set(convoys())) == 4
        text = json.dumps(state, ensure_ascii=False)
        for secret in ("ramouseh", "rashidin4", "amiriyah", "depart", "russia", "government"):
            assert secret not in text
        assert state["name"]["ar"] == "الحاجز الثاني"
        assert state["halt"] is None
        ledger = open_ledger(board.room.place)
        term = Term(
            term="halt:rashidin4", agreement="exit-13-december", text="They may halt.", state="met"
        )
        write(ledger, term, at=NOW)
        ledger.close()
        board.client.app.state.desk.forget()  # type: ignore[attr-defined] # Starlette's app
        halt = wait_for_halt(board, pocket)
        assert halt["en"] == "Rashidin-4, hand-over and triage"


def wait_for_halt(board: Board, pocket: Pocket) -> dict[str, str]:
    """Ask until the room has seen what another process wrote."""
    for number in range(100):
        board.client.app.state.desk.forget()  # type: ignore[attr-defined] # Starlette's app
        asked = board.client.post("/device/report", json=pocket.asking(str(number))).json()
        found: dict[str, str] | None = asked["state"]["halt"]
        if found is not None:
            return found
        time.sleep(0.1)
    pytest.fail("the halt was not told")


def test_what_phones_signed_verifies_from_the_outside(board: Board) -> None:
    pocket = Pocket(1)
    board.enrol(pocket)
    for number in range(1, 6):
        pocket.press("through", AT + timedelta(seconds=number), convoy="c1", people=number)
    board.send(pocket)
    ledger = open_ledger(board.room.place)
    keys = {"room": board.room.signer.key}
    assert verify_whole(ledger.store, keys, ledger._keyring).whole
    ledger.close()
