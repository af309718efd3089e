"""What a stranger at the board may type, open and read, and what it then says."""

from safepassage.ledger.entry import Entry
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.said import Confirmation, Dispute
from tests.board.conftest import Login


def entries_of(place: Place, kind: str) -> list[Entry]:
    ledger = open_ledger(place)
    try:
        return list(ledger.entries(0, None, (kind,)))
    finally:
        ledger.close()


def promise_of_radio(login: Login, place: Place) -> Entry:
    form = {"party": "russia", "covers": "all", "until": "1930", "source.channel": "radio"}
    assert login("Radio-1").post("/enter/guarantee", data=form).status_code == 303
    return entries_of(place, "guarantee")[-1]


def test_a_number_of_the_log_names_the_entry_that_is_confirmed(login: Login, place: Place) -> None:
    promise = promise_of_radio(login, place)
    form = {"about": str(promise.seq), "known_contact": "yes"}
    assert login("Head-1").post("/enter/confirmation", data=form).status_code == 303
    body = entries_of(place, "confirmation")[-1].body
    assert isinstance(body, Confirmation)
    assert body.about == promise.id
    form = {"about": promise.id, "says": "they say no", "what": "no", "party": "russia"}
    answer = login("Med-1").post("/enter/dispute", data=form)
    assert answer.status_code == 303, answer.text
    disputed = entries_of(place, "dispute")[-1].body
    assert isinstance(disputed, Dispute)
    assert disputed.about == promise.id


def test_an_entry_that_nobody_knows_is_neither_confirmed_nor_corrected(
    login: Login, place: Place
) -> None:
    client = login("Head-1")
    for kind in ("confirmation", "correction", "dispute"):
        before = len(entries_of(place, kind))
        for about in ("99999", "0", "12345678901234567890", "no-such-entry"):
            form = {"about": about, "known_contact": "yes", "why": "wrong", "says": "no"}
            answer = client.post(f"/enter/{kind}", data=form)
            assert answer.status_code == 422
            assert 'id="why-about"' in answer.text
            assert "the number or the id of an entry of the log" in answer.text
        assert len(entries_of(place, kind)) == before


def test_who_heard_a_promise_does_not_confirm_it_himself(login: Login, place: Place) -> None:
    promise = promise_of_radio(login, place)
    before = len(entries_of(place, "confirmation"))
    form = {"about": str(promise.seq), "known_contact": "yes"}
    answer = login("Radio-1").post("/enter/confirmation", data=form)
    assert answer.status_code == 422
    assert "does not count a second time" in answer.text
    assert len(entries_of(place, "confirmation")) == before
