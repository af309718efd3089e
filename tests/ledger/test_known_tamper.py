"""Five kinds of tampering at every position: each is found, by us and by the auditor alone."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from safepassage.ledger import auditor
from safepassage.ledger.anchor import (
    add_to_file,
    anchor_code,
    anchor_line,
    read_anchor,
    read_file,
)
from safepassage.ledger.exchange import export_file, export_lines, import_file
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.row import GENESIS, Head, Row, chain_hash, head_words
from safepassage.ledger.said import Statement
from safepassage.ledger.seen import Count
from safepassage.ledger.signer import Signer
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.verify import verify_chain, verify_whole
from tests.ledger.writing import NOON, enter, memory_store, new_ledger, said

SIZE = 40


class Rows:
    """A store that only reads a list: an attacker's copy of the log."""

    def __init__(self, rows: list[Row], heads: list[Head]) -> None:
        self._rows, self._heads = rows, heads

    def tail(self) -> tuple[int, bytes]:
        return (self._rows[-1].seq, self._rows[-1].hash) if self._rows else (0, GENESIS)

    def rows(self, after: int = 0, until: int | None = None, kinds: object = ()) -> object:
        del after, until, kinds
        return iter(self._rows)

    def heads(self) -> object:
        return iter(self._heads)


def written(size: int = SIZE) -> tuple[list[Row], list[Head], Signer, Head, Keyring]:
    """Return the rows and heads of a ledger whose last head is held outside."""
    ledger, signer = new_ledger()
    for begin in range(0, size - 1, 5):
        batch = [
            said(f"m{number}", Count(counter="x", what="arrived", people=number, as_of=NOON))
            for number in range(begin, min(begin + 5, size - 1))
        ]
        ledger.append(batch, at=NOON)
        if begin % 10 == 0:
            ledger.sign_head(at=NOON)
    anchor = ledger.sign_head(at=NOON)
    return list(ledger.store.rows()), list(ledger.store.heads()), signer, anchor, ledger._keyring


def rechained(rows: list[Row]) -> list[Row]:
    """Return rows numbered and chained anew, as one who knows the format can do."""
    made, before = [], GENESIS
    for seq, row in enumerate(rows, 1):
        hash_ = chain_hash(before, seq, *row[1:7])
        made.append(row._replace(seq=seq, hash=hash_))
        before = hash_
    return made


Attack = Callable[[list[Row], int, random.Random], list[Row]]


def edit(rows: list[Row], at: int, rng: random.Random) -> list[Row]:
    row = rows[at]
    field = rng.choice(("id", "kind", "device", "entered", "meta", "sealed"))
    value = getattr(row, field)
    if isinstance(value, bytes):
        place = rng.randrange(len(value))
        changed: object = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    else:
        changed = value + "x"
    replaced = row._replace(**{field: changed})  # type: ignore[arg-type]
    return [*rows[:at], replaced, *rows[at + 1 :]]


def delete(rows: list[Row], at: int, rng: random.Random) -> list[Row]:
    del rng
    return rows[:at] + rows[at + 1 :]


def insert(rows: list[Row], at: int, rng: random.Random) -> list[Row]:
    twin = rows[rng.randrange(len(rows))]
    return [*rows[:at], twin._replace(id=f"{twin.id}-again"), *rows[at:]]


def reorder(rows: list[Row], at: int, rng: random.Random) -> list[Row]:
    other = rng.choice([place for place in range(len(rows)) if place != at])
    changed = list(rows)
    changed[at], changed[other] = changed[other], changed[at]
    return changed


def cut(rows: list[Row], at: int, rng: random.Random) -> list[Row]:
    del rng
    return rows[:at]


ATTACKS: dict[str, Attack] = {
    "edit": edit,
    "delete": delete,
    "insert": insert,
    "reorder": reorder,
    "cut": cut,
}


def attack_all(positions: int, seed: int) -> dict[str, tuple[int, int]]:
    """Attack at many positions, as it is and with the chain mended; return found of tried."""
    rows, heads, signer, anchor, _ = written()
    rng = random.Random(seed)  # noqa: S311 - a test must replay
    keys = {"room": signer.key}
    found: dict[str, tuple[int, int]] = {}
    for name, attack in ATTACKS.items():
        seen = tried = 0
        for number in range(positions):
            changed = attack(rows, number % len(rows), rng)
            for version in (changed, rechained(changed)):
                # The attacker drops the heads inside; the anchor is out of reach.
                for kept in (heads, []):
                    store = Rows(version, kept)
                    tried += 1
                    seen += not verify_chain(store, keys, [anchor]).whole  # type: ignore[arg-type]
        found[name] = (seen, tried)
    return found


def test_every_change_before_the_last_anchor_is_found() -> None:
    for name, (seen, tried) in attack_all(SIZE, seed=3).items():
        assert seen == tried, name


@pytest.mark.proof
def test_ten_thousand_positions_of_each_kind_of_change_are_found() -> None:
    found = attack_all(10_000, seed=4)
    sys.stdout.write(f"tampering (found, tried): {found}\n")
    for name, (seen, tried) in found.items():
        assert seen == tried, name


def test_the_untouched_log_is_whole() -> None:
    rows, heads, signer, anchor, keyring = written()
    store = Rows(rows, heads)
    found = verify_chain(store, {"room": signer.key}, [anchor])  # type: ignore[arg-type]
    assert found.whole
    assert (found.entries, found.anchored, found.heads) == (SIZE, SIZE, 5)
    whole = verify_whole(store, {"room": signer.key}, keyring, [anchor])  # type: ignore[arg-type]
    assert whole.whole
    assert whole.signatures == 1 + 8


def test_a_mended_chain_is_seen_by_the_signatures_even_without_an_anchor() -> None:
    rows, _, signer, _, keyring = written()
    rng = random.Random(5)  # noqa: S311 - a test must replay
    for name in ("edit", "insert"):
        for at in range(SIZE):
            changed = ATTACKS[name](rows, at, rng)
            # When the room wrote it down is the room's own word: that needs the anchor.
            if [one.entered for one in changed if one.entered != NOON.isoformat()]:
                continue
            store = Rows(rechained(changed), [])
            found = verify_whole(store, {"room": signer.key}, keyring)  # type: ignore[arg-type]
            assert not found.whole, (name, at)


def test_a_thief_of_the_rooms_key_cannot_rewrite_what_is_anchored() -> None:
    rows, _, signer, anchor, _ = written()
    changed = rechained(delete(rows, 7, random.Random(1)))  # noqa: S311
    last = changed[-1]
    words = head_words(last.seq, last.hash, anchor.at, "room")
    signed_anew = Head(last.seq, last.hash, anchor.at, "room", signer.sign(words))
    store = Rows(changed, [signed_anew])
    assert verify_chain(store, {"room": signer.key}).whole  # type: ignore[arg-type]
    assert not verify_chain(store, {"room": signer.key}, [anchor]).whole  # type: ignore[arg-type]


def test_a_forged_anchor_is_no_anchor() -> None:
    rows, heads, signer, anchor, _ = written()
    forged = anchor._replace(hash=b"x" * 32)
    found = verify_chain(Rows(rows, heads), {"room": signer.key}, [forged])  # type: ignore[arg-type]
    assert not found.whole
    assert found.anchored == 0
    assert not verify_chain(Rows(rows, heads), {}, [anchor]).whole  # type: ignore[arg-type]


def test_an_anchor_travels_as_a_line_and_as_a_code(tmp_path: Path) -> None:
    _, heads, _, anchor, _ = written()
    assert read_anchor(anchor_line(anchor)) == anchor
    code = anchor_code(anchor)
    assert read_anchor(code) == anchor
    assert set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$")
    path = tmp_path / "anchors.txt"
    for head in heads:
        add_to_file(head, path)
    assert read_file(path) == tuple(heads)
    path.write_text(path.read_text() + '{"format": "safepa')  # the power failed
    assert read_file(path) == tuple(heads)
    path.write_text("rubbish\n")
    with pytest.raises(LedgerError, match="line 1"):
        read_file(path)


# --- the auditor, alone


def file_ledger(folder: Path) -> tuple[Path, Path, Signer]:
    """Return a ledger file, a holder's file of anchors, and the room's signer."""
    path, anchors = folder / "ledger.db", folder / "anchors.txt"
    ledger, signer = new_ledger(path)
    enter(ledger, *(Statement(speaker="x", quote=str(number)) for number in range(6)))
    add_to_file(ledger.sign_head(at=NOON), anchors)
    export_file(ledger.store, folder / "export.jsonl")
    ledger.close()
    return path, anchors, signer


def audited(*given: object) -> tuple[int, str]:
    command = [sys.executable, str(auditor.__file__), *map(str, given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_auditor_is_short_and_shares_no_code_with_us() -> None:
    text = Path(str(auditor.__file__)).read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
    assert "safepassage" not in text.replace("safepassage/", "")


def test_the_auditor_finds_nothing_wrong_with_a_whole_ledger_or_export(tmp_path: Path) -> None:
    path, anchors, signer = file_ledger(tmp_path)
    key = f"room={signer.key}"
    for ledger in (path, tmp_path / "export.jsonl"):
        assert audited(ledger, "--anchor", anchors, "--key", key) == (0, "")
    assert audited(path, "--key", "room=" + "0" * 64)[0] == 3


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE entry SET sealed = x'00' WHERE seq = 3",
        "UPDATE entry SET device = 'x' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 7",
        "UPDATE head SET seq = 3",
    ],
)
def test_the_auditor_finds_what_was_changed(tmp_path: Path, attack: str) -> None:
    path, anchors, _ = file_ledger(tmp_path)
    stranger = sqlite3.connect(path)
    for (trigger,) in stranger.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        stranger.execute(f"DROP TRIGGER {trigger}")
    stranger.execute(attack)
    stranger.commit()
    stranger.close()
    code, text = audited(path, "--anchor", anchors)
    assert code == 3
    assert text


def test_the_auditor_and_the_ledger_agree_on_every_attack(tmp_path: Path) -> None:
    path, anchors, signer = file_ledger(tmp_path)
    store = open_sqlite(path)
    rows, heads = list(store.rows()), list(store.heads())
    store.close()
    rng = random.Random(6)  # noqa: S311 - a test must replay
    held = list(read_file(anchors))
    for name, attack in ATTACKS.items():
        for at in range(1, len(rows)):
            version = rechained(attack(rows, at, rng))
            copy = tmp_path / "copy.jsonl"
            lines = list(export_lines(Rows(version, heads)))  # type: ignore[arg-type]
            copy.write_text("\n".join(lines) + "\n")
            try:
                faults = auditor.audit(copy, auditor.anchors_of(anchors), {"room": signer.key})
            except (ValueError, LookupError, TypeError) as error:
                faults = [str(error)]
            ours = verify_chain(Rows(version, heads), {"room": signer.key}, held)  # type: ignore[arg-type]
            assert bool(faults) == (not ours.whole) is True, (name, at)


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff\xfe\x00", b'{"a":1}\n{"seq":1}\n'])
def test_the_auditor_says_of_rubbish_that_it_is_no_ledger(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    code, text = audited(path)
    assert code == 3
    assert text.startswith("not readable as a ledger")


# --- a second node


def test_an_export_comes_in_whole_once_and_brings_a_second_node_up_to_date(tmp_path: Path) -> None:
    path, _, signer = file_ledger(tmp_path)
    copy = memory_store()
    export = tmp_path / "export.jsonl"
    assert import_file(export, copy) == 7
    assert import_file(export, copy) == 0
    assert list(copy.heads())
    store = open_sqlite(path)
    assert list(copy.rows()) == list(store.rows())
    assert verify_chain(copy, {"room": signer.key}).whole
    store.close()


def test_a_torn_changed_or_foreign_export_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file_ledger(tmp_path)
    export = tmp_path / "export.jsonl"
    lines = export.read_text().splitlines()
    other = json.loads(lines[3])
    other["device"] = "x"
    versions = {
        "torn": "\n".join(lines[:4]),
        "half a line": "\n".join(lines)[:-40],
        "changed": "\n".join([*lines[:3], json.dumps(other), *lines[4:]]),
        "rubbish": "rubbish",
        "empty": "",
        "out of order": "\n".join([lines[0], lines[2], lines[1], *lines[3:]]),
    }
    bad = tmp_path / "bad.jsonl"
    for what, text in versions.items():
        bad.write_text(text)
        store = memory_store()
        with pytest.raises(LedgerError):
            import_file(bad, store)
        assert store.tail()[0] == 0, what
    ledger, _ = new_ledger(seed=99)
    enter(ledger, Statement(speaker="x", quote="another history"))
    with pytest.raises(LedgerError, match="another history"):
        import_file(export, ledger.store)


def test_an_export_does_not_leave_half_a_file(tmp_path: Path) -> None:
    ledger, _ = new_ledger()
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(OSError, match=r"out"):
        export_file(ledger.store, target)
    shutil.rmtree(target)
    assert list(tmp_path.iterdir()) == []
