"""Kinds of entries for how the ledger itself is kept: devices, roles, clocks, alarms, purges."""

from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.classes import RECORD
from safepassage.ledger.decided import ROLES
from safepassage.ledger.fields import (
    digest,
    flag,
    maybe,
    name,
    names,
    needed,
    one_of,
    public_key,
    when,
    whole,
    words,
)


@dataclass(frozen=True, slots=True)
class Enrol:
    """A device may sign entries from now on."""

    device: str = needed(name, "id of the device")
    key: str = needed(public_key, "its public key")
    room: bool | None = maybe(flag, "whether it is a room's own: may enrol, revoke, give roles")
    holder: str | None = maybe(name, "call sign, if it is one person's alone", of=RECORD)


@dataclass(frozen=True, slots=True)
class Revoke:
    """A device or a person may do nothing more from now on."""

    device: str | None = maybe(name, "id of the device")
    person: str | None = maybe(name, "call sign")
    why: str | None = maybe(words(400), "why", of=RECORD)


@dataclass(frozen=True, slots=True)
class Role:
    """A person has a role from now on."""

    person: str = needed(name, "call sign")
    role: str = needed(one_of(*ROLES), "the role")
    until: datetime | None = maybe(when, "until when")


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a device's clock was off against a named reference."""

    device: str = needed(name, "id of the device, or room")
    milliseconds: int = needed(whole(-(10**12), 10**12), "its clock minus the reference")
    against: str = needed(words(200), "the reference: a receiver, a time signal")


@dataclass(frozen=True, slots=True)
class Alarm:
    """The ledger refused something that matters, or saw its clock jump."""

    what: str = needed(
        one_of("same id, other words", "signature does not fit", "clock jumped"), "what"
    )
    about: str = needed(name, "the id or device that it concerns")
    detail: str = needed(words(400), "in words, without the refused content")


@dataclass(frozen=True, slots=True)
class Purge:
    """Keys were destroyed: what they sealed is erased for good."""

    keys: tuple[str, ...] = needed(names, "names of the keys")
    why: str = needed(words(400), "why")


@dataclass(frozen=True, slots=True)
class Anchored:
    """A signed head was handed to an outside holder."""

    upto: int = needed(whole(1), "number of the last entry under the head")
    hash: str = needed(digest, "hash of that entry")
    holder: str = needed(words(200), "who holds it, and on what")
