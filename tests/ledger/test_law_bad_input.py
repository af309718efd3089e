"""Bad input at every door: refused in words, logged where it matters, nothing half stored."""

import json
import random
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.clearance.lease import Lease, grant, read_token, token
from safepassage.clearance.rules import Clearance
from safepassage.ledger import auditor
from safepassage.ledger.anchor import read_file
from safepassage.ledger.batch import batch_plain, read_batch, sign_batch
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.kept import Enrol
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import Ledger
from safepassage.ledger.seen import Count
from safepassage.ledger.signer import Signer, new_signer, read_signer
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.verify import verify_whole
from tests.ledger.writing import NOON, enter, new_ledger, seeded

PHONE = Source(channel="device", device="phone-1")


def phone_and_room() -> tuple[Ledger, Signer, Signer]:
    """Return a ledger that knows a phone, the room's signer and the phone's."""
    ledger, room = new_ledger()
    phone = new_signer("phone-1", entropy=seeded(3))
    enter(ledger, Enrol("phone-1", phone.key))
    return ledger, room, phone


def sent(phone: Signer, first: int = 0, count: int = 3) -> bytes:
    """Return a signed batch as it travels."""
    messages = [
        Message(f"p-{number}", Count("gate", "arrived", number, NOON), PHONE, NOON)
        for number in range(first, first + count)
    ]
    batch = sign_batch(messages, phone, entropy=seeded(first))
    return json.dumps(batch_plain(batch), ensure_ascii=False).encode()


def spoilt(content: bytes, rng: random.Random) -> bytes:
    """Return bytes with a few faults as a bad line, a bad phone or a bad will would make them."""
    found = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        at = rng.randrange(len(found) + 1)
        match rng.randrange(5):
            case 0:
                found[at : at + 1] = bytes((rng.randrange(256),))
            case 1:
                del found[at : at + rng.randrange(1, 40)]
            case 2:
                found[at:at] = rng.randbytes(rng.randrange(1, 20))
            case 3:
                found[at:at] = found[: rng.randrange(60)]
            case _:
                found[at : at + 1] = rng.choice((b"0", b"9", b"null", b'"', b"}", b"-1", b"1e400"))
    return bytes(found)


def receive(ledger: Ledger, content: bytes) -> list[str]:
    """Take bytes in as a room would; return the state of each message, "refused" if none."""
    try:
        batch = read_batch(json.loads(content), at=NOON)
    except (ValueError, RecursionError):
        return ["refused"]
    except EntryError as error:
        return ["refused"] if error.faults else ["refused without a reason"]
    return [one.state for one in ledger.receive(batch, at=NOON)]


def spoil(seed: int, tries: int) -> dict[str, int]:
    """Send spoilt batches; return how many were refused, repeated, and how many alarms it made."""
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    ledger, room, phone = phone_and_room()
    whole = sent(phone)
    assert receive(ledger, whole) == ["stored"] * 3
    before = {one.id for one in ledger.entries()}
    seen = {"refused": 0, "repeated": 0, "stored": 0}
    for _ in range(tries):
        states = receive(ledger, spoilt(whole, rng))
        seen[max(states)] += 1
    after = {one.id: one.kind for one in ledger.entries()}
    # A changed batch is never stored: what is new are alarms about it.
    new = {kind for id_, kind in after.items() if id_ not in before}
    assert new <= {"alarm"}
    assert verify_whole(ledger.store, {"room": room.key}, ledger._keyring).whole
    return {**seen, "alarm": len(after) - len(before)}


def test_a_batch_changed_anywhere_is_refused_or_says_the_same() -> None:
    seen = spoil(seed=11, tries=600)
    assert seen["stored"] == 0
    # Changes to blanks, or to what is said twice, leave the words as they were signed.
    assert seen["refused"] > 500
    assert seen["alarm"] > 0


@pytest.mark.proof
def test_a_hundred_thousand_changed_batches_are_refused_or_say_the_same() -> None:
    seen = spoil(seed=12, tries=100_000)
    sys.stdout.write(f"changed batches: 100000 tried, {seen}\n")
    assert seen["stored"] == 0


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_replayed_batches_in_any_order_count_once_and_raise_no_alarm(
    order: list[int], rng: random.Random
) -> None:
    ledger, room, phone = phone_and_room()
    batches = [sent(phone, 10 * number) for number in range(5)]
    for number in order:
        receive(ledger, batches[number])
        if rng.random() < 0.3:
            receive(ledger, batches[rng.choice(order)])
    ids = [one.id for one in ledger.entries(2)]
    assert len(ids) == len(set(ids)) == 3 * len(set(order))
    assert all(one.kind == "count" for one in ledger.entries(2))
    assert verify_whole(ledger.store, {"room": room.key}, ledger._keyring).whole


def test_one_bad_message_of_a_batch_is_refused_with_its_reason_and_the_others_are_stored() -> None:
    ledger, _, phone = phone_and_room()
    late = Message("late", Count("gate", "arrived", 1, NOON), PHONE, NOON + timedelta(hours=1))
    good = Message("good", Count("gate", "arrived", 1, NOON), PHONE, NOON)
    batch = sign_batch([late, good], phone, entropy=seeded(1))
    receipts = {one.id: one for one in ledger.receive(batch, at=NOON)}
    assert receipts["good"].state == "stored"
    assert (receipts["late"].state, receipts["late"].seq) == ("refused", None)
    assert "room's clock" in receipts["late"].why
    assert ledger.find("late") is None


# --- files


def of_keyring(path: Path) -> object:
    return Keyring(path)


@pytest.mark.parametrize("read", [of_keyring, read_signer, read_file, open_sqlite])
@given(content=st.binary(max_size=400))
def test_any_file_is_what_it_should_be_or_a_plain_error(
    read: Callable[[Path], object], content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    try:
        found = read(path)
    except LedgerError:
        # Whatever it was, it is still there.
        assert path.read_bytes() == content
        return
    if isinstance(found, tuple):
        # Without a whole line there is nothing that could be a head.
        assert found == ()
    else:
        # SQLite takes an empty file for a new one; nothing else here is a ledger.
        assert content == b""
        found.close()  # type: ignore[attr-defined]


def spoilt_ledger(folder: Path, seed: int) -> Path:
    """Return a ledger file, whole, of ten entries."""
    path = folder / "ledger.db"
    ledger, _ = new_ledger(path, seed=seed)
    enter(ledger, *(Count("gate", "arrived", number, NOON) for number in range(9)))
    ledger.sign_head(at=NOON)
    ledger.store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[attr-defined]
    ledger.close()
    return path


def test_the_auditor_says_what_is_wrong_with_rubbish_and_never_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = spoilt_ledger(tmp_path, 5).read_bytes()
    rng = random.Random(9)  # noqa: S311 - a test must replay
    path = tmp_path / "spoilt.db"
    for number in range(60):
        content = rng.randbytes(200) if number % 6 == 0 else spoilt(whole, rng)
        path.write_bytes(content)
        monkeypatch.setattr(sys, "argv", ["auditor", str(path)])
        code = auditor.main()
        out = capsys.readouterr().out
        assert code in {0, 3}
        assert bool(out) == (code == 3)


# --- leases


@pytest.fixture(scope="module")
def lease() -> tuple[Lease, str, str]:
    signer = new_signer("room", entropy=seeded(7))
    go = Clearance("c1", "a" * 64, NOON, 40, True, NOON + timedelta(minutes=10), (), ())  # noqa: FBT003
    given_ = grant(go, head="b" * 64, commit_points=("A", "K"), signer=signer)
    return given_, token(given_), signer.key


def forged(lease: tuple[Lease, str, str], seed: int, tries: int) -> int:
    """Return how many changed tokens were taken for another lease."""
    right, text, key = lease
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    taken = 0
    for _ in range(tries):
        changed = spoilt(text.encode(), rng).decode("utf-8", "replace")
        try:
            found = read_token(changed, key)
        except LedgerError:
            continue
        taken += found != right
    return taken


def test_a_changed_lease_is_no_lease(lease: tuple[Lease, str, str]) -> None:
    assert read_token(lease[1], lease[2]) == lease[0]
    assert forged(lease, seed=13, tries=500) == 0


@pytest.mark.proof
def test_a_hundred_thousand_changed_leases_are_no_leases(lease: tuple[Lease, str, str]) -> None:
    assert forged(lease, seed=14, tries=100_000) == 0
    sys.stdout.write("changed leases: 100000 tried, 0 taken\n")


@given(st.text())
def test_any_text_is_a_lease_or_is_refused_in_words(
    lease: tuple[Lease, str, str], text: str
) -> None:
    with pytest.raises(LedgerError):
        read_token(text, lease[2])
