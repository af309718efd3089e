"""Audits a ledger file without the program that wrote it.

Shares no code with the rest of Safe Passage on purpose: it repeats, from the page
`docs/reference/ledger.md`, what a row, a chain, a signature and an anchor are. Needs Python and
`cryptography` only. Reads a SQLite ledger or an exported file; needs none of its data keys.

    python auditor.py LEDGER [--anchor FILE] [--key DEVICE=HEX]

Exit 0: nothing wrong. Exit 3: what is wrong, one line each.
"""

import argparse
import base64
import hashlib
import json
import sqlite3
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def rows_of(path: Path) -> tuple[Iterator[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return rows (seq, id, kind, device, entered, meta, sealed, hash) and signed heads."""
    with path.open("rb") as file:
        start = file.read(16)
    if start == b"SQLite format 3\0":
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        heads = connection.execute("SELECT seq, hash, at, device, signature FROM head").fetchall()
        rows = connection.execute(
            "SELECT seq, id, kind, device, entered, meta, sealed, hash FROM entry ORDER BY seq"
        )
        return rows, heads
    listed, heads = [], []
    first, *lines = path.read_text(encoding="utf-8").split("\n")
    for line in filter(None, lines):
        one = json.loads(line)
        if "head" in one:
            heads.append(head_of(one, one["head"]))
        else:
            sealed = base64.b64decode(one["sealed"])
            open_fields = (one["seq"], one["id"], one["kind"], one["device"], one["entered"])
            listed.append((*open_fields, one["meta"].encode(), sealed, bytes.fromhex(one["hash"])))
    if json.loads(first).get("format") != "safepassage/ledger/1":
        raise ValueError("neither a SQLite file nor an exported ledger")
    if len(listed) != json.loads(first)["entries"]:
        raise ValueError(f"holds {len(listed)} entries, its first line says otherwise")
    return iter(listed), heads


def anchors_of(path: Path) -> list[tuple[Any, ...]]:
    """Return the heads in a holder's file (lines of JSON)."""
    heads = []
    for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
        one = json.loads(line)
        heads.append(head_of(one, one["upto"]))
    return heads


def head_of(one: dict[str, Any], seq: int) -> tuple[Any, ...]:
    """Return a signed head (seq, hash, at, device, signature) from a line of JSON."""
    signature = bytes.fromhex(one["signature"])
    return seq, bytes.fromhex(one["hash"]), one["at"], one["device"], signature


def fits(key: str | None, signature: bytes, words: bytes) -> bool:
    """Tell whether a signature is by a key."""
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, words)
    except (InvalidSignature, ValueError):
        return False
    return True


def row_hash(before: bytes, row: tuple[Any, ...]) -> bytes:
    """Return the hash that a row must have."""
    seq, *texts, meta, sealed, _ = row
    fields = [text.encode() for text in texts] + [bytes(meta)]
    words = before + struct.pack(">QIIIII", seq, *map(len, fields)) + b"".join(fields)
    return hashlib.sha256(words + hashlib.sha256(sealed).digest()).digest()


def digest_of(row: tuple[Any, ...], meta: dict[str, Any]) -> bytes:
    """Return what the device's signature says of a row."""
    parts = [[of, commitment] for of, _, commitment in meta["p"]]
    words = json.dumps(
        [row[1], row[2], row[3], meta["h"], parts], separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(words.encode()).digest()


def audit(path: Path, anchors: list[tuple[Any, ...]], keys: dict[str, str]) -> list[str]:
    """Return what is wrong, one line each."""
    faults: list[str] = []
    trusted = frozenset(keys)
    rows, heads = rows_of(path)
    before, last = hashlib.sha256(b"safepassage/ledger/1").digest(), 0
    signed: list[bytes] = []
    hashes = {}
    wanted = {head[0] for head in (*heads, *anchors)}
    for row in rows:
        seq = row[0]
        if seq != last + 1:
            faults.append(f"entry {seq} follows entry {last}")
        if row_hash(before, row) != row[7]:
            faults.append(f"entry {seq} is not what was written")
        meta = json.loads(row[5])
        digest = digest_of(row, meta)
        stored = row[6]
        if row[2] == "enrol" and row[3] not in keys and seq == 1:
            keys[row[3]] = key_in(stored, meta)  # the founder: compare with the printed key
        if "s" in meta:
            listed = bytes.fromhex(meta.get("d", digest.hex()))
            signed = [listed[at : at + 32] for at in range(0, len(listed), 32)]
            words = b"safepassage/batch/1\0" + listed
            if not fits(keys.get(row[3]), bytes.fromhex(meta["s"]), words):
                faults.append(f"entry {seq}: the signature does not fit {row[3]}")
        index = meta["b"][1]
        if not 0 <= index < len(signed) or signed[index] != digest:
            faults.append(f"entry {seq} is not among what {row[3]} signed")
        if row[2] == "enrol":
            device = json.loads(structure_of(stored, meta))["body"]["device"]
            if device not in trusted:
                keys[device] = key_in(stored, meta)
        if seq in wanted:
            hashes[seq] = row[7]
        before, last = row[7], seq
    for what, listed_heads in (("signed head", heads), ("anchor", anchors)):
        for seq, hash_, at, device, signature in listed_heads:
            words = b"safepassage/head/1\0" + f"{seq}|{hash_.hex()}|{at}|{device}".encode()
            if not fits(keys.get(device), signature, words):
                faults.append(f"{what} at entry {seq}: its signature does not fit {device}")
            elif seq > last:
                faults.append(f"{what} at entry {seq}: the log ends at {last}")
            elif hashes.get(seq) != hash_:
                faults.append(f"{what} at entry {seq}: the log holds other words up to there")
    sys.stderr.write(f"{last} entries, {len(heads)} signed heads, {len(anchors)} anchors\n")
    return faults


def structure_of(sealed: bytes, meta: dict[str, Any]) -> str:
    """Return the part of an entry that is kept in clear, and must fit its commitment."""
    at = 0
    for of, _, commitment in meta["p"]:
        size = struct.unpack_from(">I", sealed, at)[0]
        words = sealed[at + 4 : at + 4 + size]
        at += 4 + size
        if of == "structure":
            if hashlib.sha256(words).hexdigest() != commitment:
                raise ValueError("an open part does not fit its commitment")
            return words[16:].decode()
    raise ValueError("an enrolment without its open part")


def key_in(sealed: bytes, meta: dict[str, Any]) -> str:
    """Return the public key that an enrolment states."""
    return str(json.loads(structure_of(sealed, meta))["body"]["key"])


def main() -> int:
    """Audit from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--anchor", type=Path, action="append", default=[])
    parser.add_argument("--key", action="append", default=[], help="DEVICE=HEX, trusted")
    given = parser.parse_args()
    keys = dict(one.split("=", 1) for one in given.key)
    try:
        anchors = [head for path in given.anchor for head in anchors_of(path)]
        faults = audit(given.ledger, anchors, keys)
    except (OSError, sqlite3.Error, ValueError, LookupError, TypeError, struct.error) as error:
        faults = [f"not readable as a ledger: {error}"]
    for fault in faults:
        sys.stdout.write(fault + "\n")
    return 3 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
