"""A batch of messages that one device has signed, as it travels to the room.

The signature is over commitments (salted hashes of each part of each message), not over the words:
it still fits when the words are erased, and tells nothing about them then.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from safepassage.ledger.canonical import Plain, encode
from safepassage.ledger.entry import Message, parts_of, read_message, to_plain
from safepassage.ledger.faults import EntryError, Fault, shown
from safepassage.ledger.fields import WrongError, name
from safepassage.ledger.signer import Signer

SALT = 16
LARGEST = 10_000
"""Messages in one batch."""


@dataclass(frozen=True, slots=True)
class Salted:
    """A message with the salt that its client has chosen for it, once."""

    message: Message
    salt: bytes


@dataclass(frozen=True, slots=True)
class SignedBatch:
    """Messages in order, and the signature of the device over all of them."""

    device: str
    messages: tuple[Salted, ...]
    signature: bytes


def part_salt(salt: bytes, of: str) -> bytes:
    """Return the salt of one part: knowing it tells nothing about the salts of other parts."""
    return hashlib.sha256(salt + of.encode()).digest()[:SALT]


def opened_parts(one: Salted) -> list[tuple[str, bytes]]:
    """Return (class of data, salt + canonical words) of each part of a message, in order."""
    parts = sorted(parts_of(one.message).items())
    return [(of, part_salt(one.salt, of) + encode(cast("Plain", part))) for of, part in parts]


def message_digest(
    id_: str, kind: str, device: str, heard: str, commitments: Sequence[tuple[str, str]]
) -> bytes:
    """Return what a message contributes to the signature of its batch (32 bytes)."""
    listed: Plain = [[of, commitment] for of, commitment in commitments]
    return hashlib.sha256(encode([id_, kind, device, heard, listed])).digest()


def digest_of(one: Salted, device: str, parts: Sequence[tuple[str, bytes]] | None = None) -> bytes:
    """Return the digest of a message as this device would sign it; `parts` if they are known."""
    message = one.message
    opened_ = opened_parts(one) if parts is None else parts
    commitments = [(of, hashlib.sha256(opened).hexdigest()) for of, opened in opened_]
    heard = message.heard_at.isoformat()
    return message_digest(message.id, message.kind, device, heard, commitments)


def batch_words(digests: Sequence[bytes]) -> bytes:
    """Return the bytes that the signature of a batch is over."""
    return b"safepassage/batch/1\0" + b"".join(digests)


def sign_batch(
    messages: Sequence[Message], signer: Signer, *, entropy: Callable[[int], bytes] = os.urandom
) -> SignedBatch:
    """Return messages signed as one batch."""
    salted = tuple(Salted(one, entropy(SALT)) for one in messages)
    words = batch_words([digest_of(one, signer.device) for one in salted])
    return SignedBatch(signer.device, salted, signer.sign(words))


def batch_plain(batch: SignedBatch) -> dict[str, Plain]:
    """Return a batch as plain data for a file, a QR code or a request."""
    return {
        "format": "safepassage/batch/1",
        "device": batch.device,
        "signature": batch.signature.hex(),
        "messages": [{**to_plain(one.message), "salt": one.salt.hex()} for one in batch.messages],
    }


def read_batch(raw: object, *, at: datetime) -> SignedBatch:
    """Return a batch from plain data; `at` is the room's clock.

    Raises
    ------
    EntryError
        With every fault of every message at once.
    """
    if not isinstance(raw, Mapping):
        raise EntryError((Fault("batch", shown(raw), "an object with fields"),))
    faults: list[Fault] = []
    if raw.get("format") != "safepassage/batch/1":
        found = shown(raw.get("format"))
        faults.append(Fault("batch.format", found, "safepassage/batch/1"))
    device = raw.get("device")
    try:
        name(device)
    except WrongError as error:
        faults.append(Fault("batch.device", shown(device), str(error)))
    signature = _hex(raw.get("signature"), 64, "batch.signature", faults)
    listed = raw.get("messages")
    if not isinstance(listed, list) or not 1 <= len(listed) <= LARGEST:
        faults.append(Fault("batch.messages", shown(listed), f"1 to {LARGEST} messages"))
        raise EntryError(tuple(faults))
    salted = []
    for place, one in enumerate(listed):
        where = f"messages[{place}]"
        if not isinstance(one, Mapping):
            faults.append(Fault(where, shown(one), "an object with fields"))
            continue
        salt = _hex(one.get("salt"), SALT, f"{where}.salt", faults)
        try:
            fields = {key: value for key, value in one.items() if key != "salt"}
            salted.append(Salted(read_message(fields, at=at), salt))
        except EntryError as error:
            faults.extend(
                Fault(f"{where}.{one.where}", one.found, one.wanted) for one in error.faults
            )
    if faults:
        raise EntryError(tuple(faults))
    return SignedBatch(str(device), tuple(salted), signature)


def _hex(value: object, size: int, where: str, faults: list[Fault]) -> bytes:
    if isinstance(value, str) and len(value) == 2 * size:
        try:
            return bytes.fromhex(value)
        except ValueError:
            pass
    faults.append(Fault(where, shown(value), f"{2 * size} hexadecimal digits"))
    return b""
