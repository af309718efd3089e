"""A row of the log as it is stored, and the chain that binds it to all rows before it.

`hash` = SHA-256 over the previous hash, the open fields, and the SHA-256 of the sealed bytes: it
can be checked without any key, and still fits when what was sealed is erased.
"""

import hashlib
import struct
from typing import NamedTuple

GENESIS = hashlib.sha256(b"safepassage/ledger/1").digest()
"""What stands before the first row."""


class Row(NamedTuple):
    """One stored row; `meta` and `sealed` are bytes whose form the log knows."""

    seq: int
    id: str
    kind: str
    device: str
    entered: str
    meta: bytes
    sealed: bytes
    hash: bytes


Words = tuple[int, str, str, bytes, bytes]
"""Of a row only what opening it takes: number, id, kind, meta, sealed."""


class Head(NamedTuple):
    """A signed head: up to `seq` the log ends in `hash`, says the device at that time."""

    seq: int
    hash: bytes
    at: str
    device: str
    signature: bytes


_pack = struct.Struct(">QIIIII").pack
_sha256 = hashlib.sha256


def chain_hash(
    before: bytes,
    seq: int,
    id_: str,
    kind: str,
    device: str,
    entered: str,
    meta: bytes,
    sealed: bytes,
) -> bytes:
    """Return the hash of a row that follows the row with the hash `before`."""
    identity, what = id_.encode(), kind.encode()
    who, time = device.encode(), entered.encode()
    return _sha256(
        b"".join(
            (
                before,
                _pack(seq, len(identity), len(what), len(who), len(time), len(meta)),
                identity,
                what,
                who,
                time,
                meta,
                _sha256(sealed).digest(),
            )
        )
    ).digest()


def head_words(seq: int, hash_: bytes, at: str, device: str) -> bytes:
    """Return the bytes that the signature of a head is over."""
    return b"safepassage/head/1\0" + f"{seq}|{hash_.hex()}|{at}|{device}".encode()
