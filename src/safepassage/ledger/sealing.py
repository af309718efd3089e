"""From a message to a row and back: sealed by class of data, committed to, signed for.

`meta` of a row holds in clear: when it was heard ("h"), for each part its class, key and commitment
("p"), its place in its batch ("b": rows back to the first, index), and on a batch's first row the
device's signature ("s") with the digests that it is over ("d", where there are several).
"""

import hashlib
import json
import struct
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from safepassage.ledger.batch import SALT, Salted, opened_parts
from safepassage.ledger.canonical import Plain, encode
from safepassage.ledger.classes import STRUCTURE
from safepassage.ledger.entry import Entry, from_parts
from safepassage.ledger.faults import DamagedError
from safepassage.ledger.keyring import NONCE, ErasedError, Keyring
from safepassage.ledger.row import Row, Words, chain_hash

_LENGTH = struct.Struct(">I")
_decode = json.JSONDecoder().raw_decode  # canonical bytes have no blanks to skip
NONE: frozenset[str] = frozenset()
Opened = tuple[int, str, str, str, dict[str, dict[str, Plain]], tuple[str, ...]]
"""Number, id, kind, when it was heard, the fields as in `OpenedRow`, classes that are erased."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its batch; the signature and all digests on the first row only."""

    back: int
    index: int
    signature: bytes = b""
    digests: tuple[bytes, ...] = ()


class OpenedRow(NamedTuple):
    """A row with its words: `fields` merged over its parts as {"body": …, "source": …}."""

    row: Row
    heard: str
    fields: dict[str, dict[str, Plain]]
    erased: tuple[str, ...]


def seal_row(
    one: Salted,
    *,
    seq: int,
    before: bytes,
    device: str,
    entered: datetime,
    place: Place,
    keyring: Keyring,
    purged: frozenset[str],
    parts: Sequence[tuple[str, bytes]] | None = None,
) -> Row:
    """Return the row of a message that follows the row with the hash `before`.

    `parts` are its opened parts, where they are known already.
    """
    message = one.message
    identity = message.id.encode()
    listed: list[Plain] = []
    sealed = []
    for of, opened in opened_parts(one) if parts is None else parts:
        commitment = hashlib.sha256(opened).hexdigest()
        if of == STRUCTURE:
            key, stored = "", opened
        else:
            key = keyring.key_name(of, entered, purged=purged)
            stored = keyring.seal(key, opened, identity)
        listed.append([of, key, commitment])
        sealed.append(_LENGTH.pack(len(stored)) + stored)
    meta: dict[str, Plain] = {
        "h": message.heard_at.isoformat(),
        "p": listed,
        "b": [place.back, place.index],
    }
    if place.signature:
        meta["s"] = place.signature.hex()
        if len(place.digests) > 1:
            meta["d"] = b"".join(place.digests).hex()
    open_fields = (message.id, message.kind, device, entered.isoformat(), encode(meta))
    blob = b"".join(sealed)
    return Row(seq, *open_fields, blob, chain_hash(before, seq, *open_fields, blob))


def open_row(row: Row, keyring: Keyring) -> OpenedRow:
    """Return a row with its words, as far as their keys are there.

    Raises
    ------
    DamagedError
        If the bytes are not what was sealed.
    """
    words = (row.seq, row.id, row.kind, row.meta, row.sealed)
    _, _, _, heard, fields, erased = next(opened((words,), keyring, kinds=(row.kind,)))
    return OpenedRow(row, heard, fields, erased)


def opened(
    rows: Iterable[Words],
    keyring: Keyring,
    *,
    kinds: Container[str],
    without: frozenset[str] = NONE,
) -> Iterator[Opened]:
    """Yield what rows of some kinds say; classes of data in `without` stay closed.

    One loop without calls of our own: it runs once for each of very many rows.

    Raises
    ------
    DamagedError
        If the bytes are not what was sealed.
    """
    openers, decode, size = _Openers(keyring), _decode, int.from_bytes
    for seq, id_, kind, meta, sealed in rows:
        if kind not in kinds:
            continue
        fields: dict[str, dict[str, Plain]] = {}
        erased: tuple[str, ...] = ()
        end = 0
        try:
            clear = decode(meta.decode())[0]
            heard = clear["h"]
            for of, key, _ in clear["p"]:
                begin = end + 4
                end = begin + size(sealed[end:begin], "big")
                if of in without:
                    continue
                if key:
                    opener = openers[key]
                    if opener is None:
                        erased += (of,)
                        continue
                    nonce = begin + NONCE
                    part = opener(sealed[begin:nonce], sealed[nonce:end], id_.encode())
                else:
                    part = sealed[begin:end]
                values = decode(part[SALT:].decode())[0]
                if not fields:
                    fields = values
                    continue
                for side, more in values.items():
                    if side in fields:
                        fields[side].update(more)
                    else:
                        fields[side] = more
        except InvalidTag:
            raise DamagedError(f"entry {seq}: the bytes are not what was sealed") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError(f"entry {seq}: not readable ({error})") from None
        yield seq, id_, kind, heard, fields, erased


class _Openers(dict[str, "Callable[[bytes, bytes, bytes], bytes] | None"]):
    """What opens the parts sealed under a key, by its name; None where the key is destroyed."""

    def __init__(self, keyring: Keyring) -> None:
        super().__init__()
        self._keyring = keyring

    def __missing__(self, key: str) -> Callable[[bytes, bytes, bytes], bytes] | None:
        try:
            self[key] = self._keyring.opener(key)
        except ErasedError:
            self[key] = None
        return self[key]


def entry_of(opened: OpenedRow) -> Entry:
    """Return the entry of an opened row."""
    row = opened.row
    body, source = from_parts(row.kind, opened.fields)
    return Entry(
        seq=row.seq,
        id=row.id,
        kind=row.kind,
        body=body,  # type: ignore[arg-type]  # the kind names its type
        source=source,  # type: ignore[arg-type]
        heard_at=datetime.fromisoformat(opened.heard),
        entered_at=datetime.fromisoformat(row.entered),
        device=row.device,
        erased=opened.erased,
    )


def signed_digest(row: Row) -> bytes:
    """Return the digest of a stored row, from what stands in clear.

    Raises
    ------
    DamagedError
        If its open fields are not readable.
    """
    try:
        meta: Mapping[str, list[list[str]]] = json.loads(row.meta)
        listed: Plain = [[of, commitment] for of, _, commitment in meta["p"]]
        words: Plain = [row.id, row.kind, row.device, str(meta["h"]), listed]
        return hashlib.sha256(encode(words)).digest()
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(f"entry {row.seq}: not readable ({error})") from None
