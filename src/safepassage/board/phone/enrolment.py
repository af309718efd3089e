"""How a phone becomes one of the room's devices, and ceases to be.

An operator makes a code for one counter at one post; the phone that shows it within ten minutes
brings a key of its own and is enrolled in the ledger. Afterwards nobody logs in.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.board.phone.codes import new_enrol_code, new_word, voice_secret
from safepassage.board.phone.expanding import Phone, phone_of
from safepassage.board.room import Room
from safepassage.ledger.entry import Message
from safepassage.ledger.kept import Enrol, Revoke
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Device
from safepassage.ledger.source import Source

LIFE = timedelta(minutes=10)
PREFIX = "phone-"
MOST_OPEN = 200


class EnrolError(ValueError):
    """A phone is not enrolled; the message says why."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A code that has not been used: for which counter, until when (the computer's own clock)."""

    sign: str
    until: datetime


class Codes:
    """The open codes of one room. A code that was lost with the server is made anew."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}

    def make(self, sign: str, *, at: datetime) -> str:
        """Return a new code for a counter."""
        self._open = {key: one for key, one in self._open.items() if at <= one.until}
        if len(self._open) >= MOST_OPEN:
            raise EnrolError(f"{MOST_OPEN} codes are open: wait until some have run out")
        code = new_enrol_code()
        self._open[_hash(code)] = _Open(sign, at + LIFE)
        return code

    def use(self, code: str, *, at: datetime) -> str:
        """Return the counter that a code is for; the code is used up.

        Raises
        ------
        EnrolError
            If there is no such code, or its time is over.
        """
        found = self._open.pop(_hash(code), None)
        if found is None:
            raise EnrolError("no such code, or it has been used: ask the room for a new one")
        if at > found.until:
            raise EnrolError("the code has run out: ask the room for a new one")
        return found.sign


def word_of(device: str) -> str:
    """Return a phone's word, as it is said."""
    return device.removeprefix(PREFIX).upper()


def voice_of(room: Room, device: str) -> bytes:
    """Return the secret of a phone's codes."""
    return voice_secret(room.signer, device)


async def enrol(room: Room, sign: str, key: str) -> Phone:
    """Enrol a phone by its public key as a counter; an older phone of that counter is revoked."""
    known = await room.read(lambda ledger: ledger.devices)
    taken = {word_of(one) for one in known}
    device = PREFIX + new_word(taken).lower()
    now = room.clock()
    bodies: list[tuple[str, Body]] = [
        (f"revoke:{old}", Revoke(device=old, why="another phone counts here now"))
        for old, one in known.items()
        if one.holder == sign and not one.revoked and old.startswith(PREFIX)
    ]
    bodies.append((f"enrol:{device}", Enrol(device=device, key=key, holder=sign)))
    source = Source(channel="room", device=room.signer.device)
    await room.append([Message(id_, body, source, now) for id_, body in bodies])
    phone = phone_of(device, sign)
    if phone is None:
        raise EnrolError(f"the counter: got {sign!r}, want a post and a number, e.g. second-post/1")
    return phone


async def enrolled_with(room: Room, key: str) -> Phone | None:
    """Return the phone that has a key already: its answer was lost and it asks again."""
    known = await room.read(lambda ledger: ledger.devices)
    for device, one in known.items():
        if one.key == key and not one.revoked:
            return phone_of(device, one.holder)
    return None


async def revoke(room: Room, device: str, *, person: str, why: str) -> None:
    """Take a phone's right to report away, for good."""
    source = Source(channel="room", person=person, device=room.signer.device)
    message = Message(f"revoke:{device}", Revoke(device=device, why=why), source, room.clock())
    await room.append([message])


def phones_in(devices: dict[str, Device]) -> dict[str, tuple[Phone, Device]]:
    """Return the phones among devices, by device."""
    found = {device: (phone_of(device, one.holder), one) for device, one in devices.items()}
    return {
        device: (phone, one)
        for device, (phone, one) in found.items()
        if phone is not None and device.startswith(PREFIX)
    }


def enrol_words(code: str) -> bytes:
    """Return what a phone signs to show that the key with which it enrols is its own."""
    return b"safepassage/enrol/1\0" + code.encode("utf-8", "replace")


def revoked_words(device: str) -> bytes:
    """Return what the room signs to make a phone wipe itself."""
    return b"safepassage/revoked/1\0" + device.encode()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
