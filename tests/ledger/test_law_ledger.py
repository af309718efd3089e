"""Laws of the ledger, for any input: refused in words or stored whole; what went in comes out."""

import dataclasses
import json
import random
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.ledger import coordinates
from safepassage.ledger.anchor import read_anchor
from safepassage.ledger.batch import read_batch
from safepassage.ledger.entry import Message, read_message, to_plain
from safepassage.ledger.exchange import export_lines, import_file
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.folding import situation
from safepassage.ledger.kinds import KINDS, WRITTEN_BY_THE_LEDGER
from safepassage.ledger.seen import Movement
from safepassage.ledger.source import CHANNELS, Source
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.verify import verify_chain, verify_whole
from tests.ledger.examples import EXAMPLES
from tests.ledger.writing import NOON, enter, memory_store, new_ledger, said

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ENTERED = sorted(set(KINDS) - WRITTEN_BY_THE_LEDGER - {"attribution"})


@st.composite
def odd_entries(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an entry of any kind in which some fields are replaced by anything."""
    kind = draw(st.sampled_from(ENTERED))
    source = Source(channel=draw(st.sampled_from(CHANNELS)), person="radio-1")
    raw: dict[str, Any] = dict(to_plain(Message("m", EXAMPLES[kind], source, NOON)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(["", "body", "source"]))
        target = raw if not place else raw.get(place)
        if not isinstance(target, dict):
            continue
        key = draw(st.sampled_from(sorted(target)) | st.text(max_size=10))
        if draw(st.booleans()):
            target[key] = draw(PLAIN)
        else:
            target.pop(key, None)
    return raw


@given(odd_entries())
def test_any_entry_is_refused_with_reasons_or_comes_back_as_it_went_in(raw: dict[str, Any]) -> None:
    ledger, _ = new_ledger()
    try:
        message = read_message(raw, at=NOON)
        receipt = ledger.append([message], at=NOON)[0]
    except EntryError as error:
        faults = error.faults
    else:
        faults = ()
        assert receipt.state == "stored"
        entry = ledger.find(message.id)
        assert entry is not None
        assert (entry.body, entry.source) == (message.body, message.source)
        assert read_message(to_plain(message), at=NOON) == message
    assert bool(faults) == (ledger.tail()[0] == 1)
    assert all(str(one) for one in faults)
    situation(ledger, at=NOON)


@given(PLAIN)
def test_anything_at_all_at_the_door_is_refused_in_words(raw: object) -> None:
    for read in (read_message, read_batch):
        with pytest.raises(EntryError) as caught:
            read(raw, at=NOON)
        assert caught.value.faults


@given(st.text() | st.binary().map(lambda one: one.decode("latin-1")))
def test_any_text_is_an_anchor_or_is_refused(text: str) -> None:
    try:
        read_anchor(text)
    except LedgerError:
        return


@given(st.binary(max_size=300), st.sampled_from(["", '{"format": "safepassage/ledger/1"}\n']))
def test_any_file_is_an_export_or_is_refused_and_nothing_is_written(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, first: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(first.encode() + content)
    store = memory_store()
    with pytest.raises(LedgerError):
        import_file(path, store)
    assert store.tail()[0] == 0


MOVES = st.lists(
    st.builds(
        Movement,
        what=st.sampled_from(["departed", "through", "held", "arrived", "turned back"]),
        place=st.sampled_from(["A", "R", "K", "D"]) | st.none(),
        vehicle=st.sampled_from(["bus-01", "bus-02"]) | st.none(),
        convoy=st.sampled_from(["c1", "c2"]) | st.none(),
        to=st.sampled_from(["D", "A"]) | st.none(),
        load=st.none() | st.dictionaries(st.just("walking"), st.integers(0, 50), min_size=1),
        staff=st.none() | st.just({"delegate": 1}),
    ),
    max_size=12,
)


@given(MOVES)
def test_the_situation_as_of_an_entry_is_that_of_a_ledger_that_ends_there(
    moves: list[Movement],
) -> None:
    ledger, _ = new_ledger()
    enter(ledger, *moves)
    half = len(moves) // 2
    shorter, _ = new_ledger()
    enter(shorter, *moves[:half])
    assert situation(ledger, at=NOON, upto=1 + half) == situation(shorter, at=NOON)
    assert situation(ledger, at=NOON) == situation(ledger, at=NOON)


@given(MOVES)
def test_nobody_is_made_or_lost_by_folding_where_arrivals_bring_those_who_left(
    moves: list[Movement],
) -> None:
    ledger, _ = new_ledger()
    # Arrivals without a count of their own bring exactly those who departed.
    quiet = [
        dataclasses.replace(one, load=None) if one.what == "arrived" else one
        for one in moves
        if one.vehicle is not None and not (one.what == "departed" and one.place is None)
    ]
    known: set[str] = set()
    kept = []
    for one in quiet:
        # Who arrives nobody knows where, before ever leaving, brings nobody anywhere.
        if one.what == "departed":
            known.add(str(one.vehicle))
        if one.what == "departed" or one.place is not None or one.vehicle in known:
            kept.append(one)
    enter(ledger, *kept)
    now = situation(ledger, at=NOON)
    taken = sum(sum(people.values()) for people in now.taken.values())
    brought = sum(sum(people.values()) for people in now.brought.values())
    aboard = sum(sum(one.aboard.values()) for one in now.vehicles.values())
    assert taken == brought + aboard + sum(now.unaccounted.values())


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 5))
def test_however_often_and_in_whatever_order_messages_are_sent_each_counts_once(
    sent: list[int], size: int
) -> None:
    ledger, signer = new_ledger()
    first: dict[str, int] = {}
    for begin in range(0, len(sent), size):
        batch = [
            said(f"m-{number}", Movement(what="held", place=f"p-{number}", vehicle="bus-01"))
            for number in sent[begin : begin + size]
        ]
        for receipt in ledger.append(batch, at=NOON + timedelta(seconds=begin)):
            assert receipt.seq is not None
            assert first.setdefault(receipt.id, receipt.seq) == receipt.seq
    ids = [one.id for one in ledger.entries(1)]
    assert ids == list(dict.fromkeys(f"m-{number}" for number in sent))
    assert verify_whole(ledger.store, {"room": signer.key}, ledger._keyring).whole


@given(st.lists(st.sampled_from(ENTERED), max_size=8))
def test_the_same_entries_and_the_same_chance_give_the_same_chain(kinds: list[str]) -> None:
    def run() -> tuple[int, bytes]:
        ledger, _ = new_ledger()
        for number, kind in enumerate(kinds):
            ledger.append([said(f"m-{number}", EXAMPLES[kind])], at=NOON)
        return ledger.tail()

    assert run() == run()


@given(st.lists(st.sampled_from(ENTERED), max_size=8))
def test_an_exported_ledger_reads_the_same_on_a_second_node(kinds: list[str]) -> None:
    ledger, signer = new_ledger()
    for number, kind in enumerate(kinds):
        ledger.append([said(f"m-{number}", EXAMPLES[kind])], at=NOON)
    ledger.sign_head(at=NOON)
    lines = [json.loads(line) for line in export_lines(ledger.store)]
    assert all(isinstance(one, Mapping) for one in lines)
    assert lines[0]["entries"] == len(kinds) + 1
    assert verify_chain(ledger.store, {"room": signer.key}).whole


def flipped(path: Path, count: int, seed: int) -> tuple[int, int]:
    """Flip single bits of a ledger file; return (seen, tried)."""
    ledger, signer = new_ledger(path)
    for number in range(40):
        ledger.append([said(f"m-{number}", Movement(what="held", place="p", vehicle="b"))], at=NOON)
    ledger.sign_head(at=NOON)
    ledger.store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[attr-defined]
    before = list(ledger.store.rows())
    ledger.close()
    whole = path.read_bytes()
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    copy = path.with_name("copy.db")
    seen = tried = 0
    for _ in range(count):
        at = rng.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= 1 << rng.randrange(8)
        copy.write_bytes(bytes(changed))
        for suffix in ("-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
        tried += 1
        try:
            store = open_sqlite(copy)
        except LedgerError:
            seen += 1
            continue
        try:
            rows = list(store.rows())
            # A flip in a free byte, an index or an old page changes nothing that is read.
            seen += rows == before or not verify_chain(store, {"room": signer.key}).whole
        except LedgerError:
            seen += 1
        finally:
            store.close()
    return seen, tried


def test_a_flipped_bit_is_seen_or_changes_nothing_that_is_read(tmp_path: Path) -> None:
    seen, tried = flipped(tmp_path / "ledger.db", 150, seed=5)
    assert seen == tried


@pytest.mark.proof
def test_thousands_of_flipped_bits_are_seen_or_change_nothing(tmp_path: Path) -> None:
    seen, tried = flipped(tmp_path / "ledger.db", 5000, seed=6)
    sys.stdout.write(f"bit flips: {tried} tried, {seen} seen or without effect\n")
    assert seen == tried


@given(st.data())
def test_whatever_a_pattern_of_coordinates_finds_is_never_passed_over_as_harmless(
    data: st.DataObject,
) -> None:
    pattern = data.draw(st.sampled_from(coordinates._PATTERNS))
    words = data.draw(st.from_regex(pattern))
    before, after = data.draw(st.text(max_size=5)), data.draw(st.text(max_size=5))
    for text in (words, before + words + after, coordinates._latin(words)):
        if pattern.search(text if text.isascii() else coordinates._latin(text)):
            assert coordinates.holds_coordinates(text)
