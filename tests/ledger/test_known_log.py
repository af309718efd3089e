"""The log: an id counts once, devices sign, keys are destroyed, and the chain still fits."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safepassage.ledger.batch import SignedBatch, batch_plain, read_batch, sign_batch
from safepassage.ledger.classes import RETENTION
from safepassage.ledger.decided import Approval, Hold
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.folding import Projection
from safepassage.ledger.kept import Enrol, Revoke
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.place import make_ledger, open_ledger, place_of
from safepassage.ledger.said import Guarantee, Statement
from safepassage.ledger.seen import Count, Movement
from safepassage.ledger.signer import Signer, new_signer
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.verify import verify_chain, verify_whole
from tests.ledger.writing import NOON, clock, enter, new_ledger, said, seeded

DOCTOR = Source(channel="phone", person="canary-doctor", contact="canary-4711", quote="come")


def saying(words: str, id_: str = "m-1") -> Message:
    return said(id_, Statement(speaker="someone", quote=words))


def with_phone(holder: str | None = None) -> tuple[Ledger, Signer, Signer]:
    """Return a ledger, its room's signer, and an enrolled phone's signer."""
    ledger, room = new_ledger()
    phone = new_signer("phone-1", entropy=seeded(9))
    enter(ledger, Enrol(device="phone-1", key=phone.key, holder=holder))
    return ledger, room, phone


def count(number: int, people: int = 48) -> Message:
    body = Count(counter="gate", what="arrived", people=people, as_of=NOON)
    return Message(f"count-{number}", body, Source(channel="device", device="phone-1"), NOON)


def test_the_same_id_with_the_same_words_counts_once() -> None:
    ledger, _ = new_ledger()
    first = ledger.append([saying("hello")], at=NOON)[0]
    again = ledger.append([saying("hello"), saying("hello")], at=NOON + timedelta(hours=1))
    assert (first.state, first.seq) == ("stored", 2)
    assert [(one.state, one.seq) for one in again] == [("repeated", 2)] * 2
    assert ledger.tail()[0] == 2


def test_batches_of_several_devices_in_one_commit_are_each_judged_on_their_own() -> None:
    ledger, _, phone = with_phone()
    second = new_signer("phone-2", entropy=seeded(10))
    enter(ledger, Enrol(device="phone-2", key=second.key))
    forged = replace(sign_batch([count(7)], second), signature=bytes(64))
    batches = [
        sign_batch([count(0), count(1)], phone, entropy=seeded(1)),
        forged,
        sign_batch([count(1), count(2)], second, entropy=seeded(2)),
        sign_batch([count(2, people=99)], phone, entropy=seeded(3)),
    ]
    found = ledger.receive_all(batches, at=NOON)
    assert [[one.state for one in each] for each in found] == [
        ["stored", "stored"],
        ["refused"],
        ["repeated", "stored"],
        ["refused"],
    ]
    again = ledger.receive_all(batches[:1], at=NOON)
    assert [one.state for one in again[0]] == ["repeated", "repeated"]
    keys = {"room": ledger.devices["room"].key}
    assert verify_chain(ledger.store, keys).whole
    assert verify_whole(ledger.store, keys, ledger._keyring).whole
    assert [one.kind for one in ledger.entries(3)].count("alarm") == 2


def test_the_same_id_with_other_words_is_refused_with_one_alarm() -> None:
    ledger, _ = new_ledger()
    ledger.append([saying("hello")], at=NOON)
    for words in ("other", "other", "third"):
        receipt = ledger.append([saying(words)], at=NOON)[0]
        assert receipt.state == "refused"
        assert "taken by entry 2" in receipt.why
    later = ledger.append([replace(saying("hello"), heard_at=clock(11))], at=NOON)[0]
    assert later.state == "refused"
    alarms = list(ledger.entries(kinds=("alarm",)))
    assert all(one.body.what == "same id, other words" for one in alarms)  # type: ignore[union-attr]
    assert {one.body.about for one in alarms} == {"m-1"}  # type: ignore[union-attr]
    entry = ledger.find("m-1")
    assert entry is not None
    assert entry.body == Statement(speaker="someone", quote="hello")
    # No alarm repeats the words that were refused.
    assert "third" not in "".join(str(one.body) for one in alarms)


def test_twins_in_one_batch_count_once_and_rivals_are_refused() -> None:
    ledger, _ = new_ledger()
    found = ledger.append([saying("a"), saying("a"), saying("b"), saying("c", "m-2")], at=NOON)
    assert [one.state for one in found] == ["stored", "repeated", "refused", "stored"]
    assert [one.kind for one in ledger.entries(1)] == ["statement", "statement", "alarm"]


def test_a_phones_batch_is_taken_once_however_often_it_is_sent() -> None:
    ledger, room, phone = with_phone()
    batch = sign_batch([count(number) for number in range(5)], phone, entropy=seeded(3))
    assert [one.state for one in ledger.receive(batch, at=NOON)] == ["stored"] * 5
    assert [one.state for one in ledger.receive(batch, at=NOON)] == ["repeated"] * 5
    # A part of it that was stored before, sent again in another batch with more.
    more = sign_batch([count(4), count(5)], phone, entropy=seeded(4))
    assert [one.state for one in ledger.receive(more, at=NOON)] == ["repeated", "stored"]
    assert [one.device for one in ledger.entries(2)] == ["phone-1"] * 6
    assert verify_whole(ledger.store, {"room": room.key}, ledger._keyring).whole


def test_a_batch_travels_as_plain_data() -> None:
    _, _, phone = with_phone()
    batch = sign_batch([count(1), count(2)], phone)
    assert read_batch(batch_plain(batch), at=NOON) == batch
    broken: dict[str, object] = {**batch_plain(batch), "signature": "zz"}
    broken["messages"] = [{"salt": "x"}, 7]
    with pytest.raises(EntryError) as caught:
        read_batch(broken, at=NOON)
    assert {one.where for one in caught.value.faults} > {
        "batch.signature",
        "messages[0].salt",
        "messages[0].entry.id",
        "messages[1]",
    }


def _forgeries(batch: SignedBatch, other: Signer) -> dict[str, SignedBatch]:
    one, *rest = batch.messages
    changed = replace(one, message=count(0, people=49))
    return {
        "other words": replace(batch, messages=(changed, *rest)),
        "other order": replace(batch, messages=tuple(reversed(batch.messages))),
        "one left out": replace(batch, messages=tuple(rest)),
        "one twice": replace(batch, messages=(one, one, *rest)),
        "other salt": replace(batch, messages=(replace(one, salt=b"x" * 16), *rest)),
        "other key": replace(batch, signature=other.sign(b"x")),
        "zeros": replace(batch, signature=bytes(64)),
        "stolen name": replace(sign_batch([count(0)], other), device="phone-1"),
    }


def test_a_forged_batch_is_refused_whole_with_an_alarm() -> None:
    ledger, _, phone = with_phone()
    batch = sign_batch([count(0), count(1)], phone)
    other = new_signer("phone-2")
    for what, forged in _forgeries(batch, other).items():
        before = ledger.tail()[0]
        assert {one.state for one in ledger.receive(forged, at=NOON)} == {"refused"}, what
        entries = list(ledger.entries(before))
        assert [one.kind for one in entries] == ["alarm"], what
        assert not list(ledger.entries(kinds=("count",)))
    assert [one.state for one in ledger.receive(batch, at=NOON)] == ["stored"] * 2


def test_an_unknown_or_revoked_device_is_refused_and_writes_nothing() -> None:
    ledger, _, phone = with_phone(holder="counter-7")
    stranger = sign_batch([count(0)], new_signer("phone-9"))
    before = ledger.tail()
    assert "not enrolled" in ledger.receive(stranger, at=NOON)[0].why
    assert ledger.tail() == before
    enter(ledger, Revoke(person="counter-7"))
    assert "revoked" in ledger.receive(sign_batch([count(0)], phone), at=NOON)[0].why


def test_a_phone_enters_counts_and_holds_but_no_devices_roles_or_plans() -> None:
    ledger, _, phone = with_phone(holder="counter-7")
    source = Source(channel="device", device="phone-1")
    bodies: list[Body] = [
        Hold(person="counter-7", why="shots"),
        Hold(person="head-1", why="shots"),
        Enrol(device="phone-3", key="a" * 64),
        Revoke(device="room"),
    ]
    batch = sign_batch(
        [Message(f"m{n}", body, source, NOON) for n, body in enumerate(bodies)], phone
    )
    found = ledger.receive(batch, at=NOON)
    assert [one.state for one in found] == ["stored", "refused", "refused", "refused"]
    assert "counter-7, whose device signs this" in found[1].why


def test_a_personal_phone_cannot_approve_for_someone_else() -> None:
    ledger, _, phone = with_phone(holder="head-1")
    source = Source(channel="device", device="phone-1")
    body = Approval(person="move-1", role="movement", plan_hash="a" * 64, convoy="c1", seen=2)
    found = ledger.receive(sign_batch([Message("a", body, source, NOON)], phone), at=NOON)
    assert found[0].state == "refused"


def test_destroying_a_key_erases_and_the_chain_still_fits(tmp_path: Path) -> None:
    ledger, room = new_ledger(tmp_path / "ledger.db")
    body = Guarantee(party="gov", covers=("all",), heard_by="radio-1", contact="canary-desk")
    (id_,) = enter(ledger, body, source=DOCTOR)
    (moved,) = enter(ledger, Movement(what="held", place="canary-post", vehicle="bus-01"))
    gone = ledger.purge(at=NOON + timedelta(days=31))
    assert gone == ("contacts/2016-12-15", "positions/2016-12-15")
    entry = ledger.find(id_)
    assert entry is not None
    assert entry.erased == ("contacts",)
    assert entry.body == replace(body, contact=None)
    assert entry.source == replace(DOCTOR, person=None, contact=None)
    moved_entry = ledger.find(moved)
    assert moved_entry is not None
    assert moved_entry.body is None
    assert verify_whole(ledger.store, {"room": room.key}, ledger._keyring).whole
    ledger.close()
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"canary" not in content, file
        assert b"contacts/2016-12-15" not in content or not file.name.endswith("keys")


def test_a_repeated_message_is_known_again_after_its_contacts_are_erased() -> None:
    ledger, _ = new_ledger()
    message = said("g", Statement(speaker="x", quote="y"), source=DOCTOR)
    ledger.append([message], at=NOON)
    ledger.purge(at=NOON + timedelta(days=31))
    assert ledger.append([message], at=NOON + timedelta(days=31))[0].state == "repeated"


def test_a_purged_key_is_never_made_again() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement(what="held", place="a", vehicle="bus-01"))
    ledger.purge(at=NOON, names=["positions/2016-12-15"], why="asked for")
    (id_,) = enter(ledger, Movement(what="held", place="b", vehicle="bus-01"))
    assert "positions/2016-12-15/2" in ledger._keyring.names
    entry = ledger.find(id_)
    assert entry is not None
    assert entry.body is not None


def test_an_unfinished_purge_is_finished_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger, room = new_ledger(path)
    enter(ledger, Movement(what="held", place="a", vehicle="bus-01"))
    keys = tmp_path / "ledger.db.data-keys"
    before = keys.read_bytes()
    ledger.purge(at=NOON + timedelta(days=31))
    ledger.close()
    keys.write_bytes(before)  # the power failed before the keys were destroyed
    again = Ledger(open_sqlite(path), Keyring(keys), room)
    assert "positions/2016-12-15" not in Keyring(keys).names
    again.close()


def test_each_class_has_its_purge_date() -> None:
    ledger, _ = new_ledger()
    enter(ledger, Movement(what="held", place="a", vehicle="b"), source=DOCTOR)
    ring = ledger._keyring
    assert ring.due(NOON + timedelta(days=30)) == []
    assert ring.due(NOON + timedelta(days=31)) == ["contacts/2016-12-15", "positions/2016-12-15"]
    never = dict.fromkeys(RETENTION)
    assert ring.due(NOON + timedelta(days=9999), never) == []


def test_a_clock_that_goes_back_raises_an_alarm_and_the_order_stays_that_of_the_log() -> None:
    ledger, room = new_ledger()
    enter(ledger, Statement(speaker="x", quote="first"), at=clock(14))
    enter(ledger, Statement(speaker="x", quote="second"), at=clock(14) - timedelta(seconds=30))
    assert not list(ledger.entries(kinds=("alarm",)))
    ledger.append([said("third", Statement(speaker="x", quote="third"))], at=clock(13))
    assert [one.kind for one in ledger.entries(2)] == ["statement", "alarm", "statement"]
    assert verify_whole(ledger.store, {"room": room.key}, ledger._keyring).whole


@pytest.mark.parametrize("year", [1970, 2101])
def test_a_room_whose_clock_is_years_off_takes_nothing(year: int) -> None:
    ledger, _ = new_ledger()
    with pytest.raises(EntryError, match="room's clock"):
        ledger.append([saying("x")], at=NOON.replace(year=year))
    with pytest.raises(EntryError, match="room's clock"):
        ledger.append([saying("x")], at=NOON.replace(tzinfo=None))


def test_a_ledger_opened_without_a_signing_key_only_reads(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    place = place_of(str(path))
    ledger, _ = make_ledger(place)
    ledger.found(at=NOON)
    ledger.close()
    assert place.signing_key.stat().st_mode & 0o777 == 0o600
    assert place.data_keys.parent == tmp_path
    with pytest.raises(LedgerError, match="there already"):
        make_ledger(place)
    place.signing_key.unlink()
    reading = open_ledger(place)
    assert reading.tail()[0] == 1
    with pytest.raises(LedgerError, match="no signing key"):
        reading.append([saying("x")], at=NOON)
    with pytest.raises(LedgerError, match="no such ledger"):
        open_ledger(place_of(str(tmp_path / "other.db")))
    with pytest.raises(LedgerError, match="--keys"):
        place_of("postgresql://x/y")


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"format": "x"}', b"{}"])
def test_a_key_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    from safepassage.ledger.signer import read_signer  # noqa: PLC0415

    path = tmp_path / "keys"
    path.write_bytes(content)
    with pytest.raises(LedgerError):
        Keyring(path)
    with pytest.raises(LedgerError):
        read_signer(path)


def test_two_processes_share_the_data_keys(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    first, room = new_ledger(path)
    keys = tmp_path / "ledger.db.data-keys"
    second = Ledger(open_sqlite(path), Keyring(keys), room)
    enter(first, Movement(what="held", place="a", vehicle="b"))
    enter(second, Movement(what="held", place="b", vehicle="c"), source=DOCTOR)
    enter(first, Movement(what="held", place="c", vehicle="d"), source=DOCTOR)
    assert all(one.body is not None for one in first.entries())
    assert all(one.body is not None for one in second.entries())
    assert verify_chain(first.store, {"room": room.key}).whole
    first.close()
    second.close()


def test_a_full_disk_is_an_error_and_what_was_acknowledged_stays(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger, room = new_ledger(path)
    pages = ledger.store._connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
    ledger.store._connection.execute(f"PRAGMA max_page_count = {pages + 8}")  # type: ignore[attr-defined]
    acknowledged = 0
    why = ""
    while not why and acknowledged < 1000:
        try:
            ledger.append([saying("x" * 500, f"m-{acknowledged}")], at=NOON)
            acknowledged += 1
        except LedgerError as error:
            why = str(error)
    assert "full" in why
    assert 0 < acknowledged < 1000
    assert sum(one.kind == "statement" for one in ledger.entries()) == acknowledged
    ledger.store._connection.execute("PRAGMA max_page_count = 1000000")  # type: ignore[attr-defined]
    assert ledger.append([saying("again", "m-again")], at=NOON)[0].state == "stored"
    assert verify_whole(ledger.store, {"room": room.key}, ledger._keyring).whole
    ledger.close()


def test_the_words_are_sealed_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger, _ = new_ledger(path)
    enter(ledger, Statement(speaker="x", quote="canary-words"), source=DOCTOR)
    ledger.close()
    raw = sqlite3.connect(path).execute("SELECT meta, sealed FROM entry").fetchall()
    assert not any(b"canary" in meta + sealed for meta, sealed in raw)


def test_what_one_process_erases_another_one_that_is_open_can_no_longer_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.db"
    first, signer = new_ledger(path)
    board = Ledger(open_sqlite(path), Keyring(tmp_path / "ledger.db.data-keys"), signer)
    kept = Projection(board)
    enter(first, Movement(what="departed", place="a", to="b", vehicle="bus-01"))
    assert set(kept.situation(NOON).vehicles) == {"bus-01"}
    first.purge(at=NOON, names=["positions/2016-12-15"])
    now = kept.situation(NOON)
    assert (now.vehicles, now.erased) == ({}, 1)
    assert [one.body for one in board.entries(kinds=("movement",))] == [None]
    board.close()
    first.close()
