"""A ledger as a file of lines: to a second node, to another store, to whoever audits it.

The words stay sealed: without the keys the file tells kinds, devices and times, nothing more.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

from safepassage.ledger.faults import LedgerError
from safepassage.ledger.files import replace_file
from safepassage.ledger.row import GENESIS, Head, Row, chain_hash
from safepassage.ledger.store import Store

FORMAT = "safepassage/ledger/1"
GROUP = 5000


def export_lines(store: Store) -> Iterator[str]:
    """Yield a ledger as lines of JSON: a first line, then rows, then signed heads."""
    last, hash_ = store.tail()
    yield json.dumps({"format": FORMAT, "entries": last, "hash": hash_.hex()})
    for row in store.rows(0, last):
        yield json.dumps(
            {
                "seq": row.seq,
                "id": row.id,
                "kind": row.kind,
                "device": row.device,
                "entered": row.entered,
                "meta": row.meta.decode(),
                "sealed": base64.b64encode(row.sealed).decode(),
                "hash": row.hash.hex(),
            },
            ensure_ascii=False,
        )
    for head in store.heads():
        if head.seq <= last:
            yield json.dumps(
                {
                    "head": head.seq,
                    "hash": head.hash.hex(),
                    "at": head.at,
                    "device": head.device,
                    "signature": head.signature.hex(),
                }
            )


def export_file(store: Store, path: Path) -> int:
    """Write a ledger to a file, whole or not at all; return how many entries it holds."""
    text = "\n".join(export_lines(store)) + "\n"
    replace_file(path, text.encode())
    return store.tail()[0]


def import_file(path: Path, store: Store) -> int:
    """Bring a store up to an exported ledger; return how many entries were new.

    Everything is checked before anything is written; rows that are there already must be the same.

    Raises
    ------
    LedgerError
        If the file is torn, its chain does not fit, or the store holds another history.
    """
    rows, heads = _read(path)
    last, hash_ = store.tail()
    if last and (last > len(rows) or rows[last - 1].hash != hash_):
        raise LedgerError(f"{path}: another history than the {last} entries that are here")
    new = rows[last:]
    for begin in range(0, len(new), GROUP):
        store.append(new[begin : begin + GROUP])
    kept = set(store.heads())
    for head in heads:
        if head not in kept:
            store.add_head(head)
    return len(new)


def _read(path: Path) -> tuple[list[Row], list[Head]]:
    """Return rows and heads of an exported file, its chain checked."""
    rows: list[Row] = []
    heads: list[Head] = []
    before = GENESIS
    number = 1
    try:
        # Not splitlines: words may hold other marks that end a line in print.
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        first = json.loads(lines[0]) if lines[0] else {}
        if first.get("format") != FORMAT:
            raise LedgerError(f"{path}: got format {first.get('format')!r}, want {FORMAT!r}")
        for number, line in enumerate(lines[1:], 2):
            found = json.loads(line)
            if "head" in found:
                heads.append(_head(found))
                continue
            row = _row(found)
            if row.seq != len(rows) + 1 or row.hash != chain_hash(before, *row[:-1]):
                raise LedgerError(f"{path}, line {number}: entry {row.seq} is not what was written")
            rows.append(row)
            before = row.hash
        if first["entries"] != len(rows) or first["hash"] != before.hex():
            raise LedgerError(
                f"{path}: holds {len(rows)} of {first['entries']} entries; it is cut or changed"
            )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"{path}, line {number}: not an exported ledger ({error})") from None
    return rows, heads


def _row(found: dict[str, str]) -> Row:
    return Row(
        int(found["seq"]),
        str(found["id"]),
        str(found["kind"]),
        str(found["device"]),
        str(found["entered"]),
        found["meta"].encode(),
        base64.b64decode(found["sealed"], validate=True),
        bytes.fromhex(found["hash"]),
    )


def _head(found: dict[str, str]) -> Head:
    return Head(
        int(found["head"]),
        bytes.fromhex(found["hash"]),
        str(found["at"]),
        str(found["device"]),
        bytes.fromhex(found["signature"]),
    )
