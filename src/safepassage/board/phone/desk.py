"""The room's side of its phones: takes their lines in, answers, and knows who was heard when."""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from safepassage.board.pace import Pace
from safepassage.board.phone.codes import receipt_code
from safepassage.board.phone.enrolment import Codes, revoked_words, voice_of
from safepassage.board.phone.expanding import Phone, message_id, phone_of, salted
from safepassage.board.phone.knowing import known_to
from safepassage.board.phone.report import LineError, Report, read_line
from safepassage.board.room import Room
from safepassage.ledger.batch import Salted, SignedBatch
from safepassage.ledger.canonical import Plain
from safepassage.ledger.entry import FUTURE
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.log import Receipt
from safepassage.ledger.signer import signature_fits

MOST_LINES = 500
STATE_AGE = 3.0
"""Seconds for which what phones are told is made once a post."""
OLDEST_STATE = 10.0
"""Seconds after which it is made anew also for a phone that reports without a pause."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a phone gets back: a status and a body."""

    status: int
    body: dict[str, Plain]


@dataclass
class Heard:
    """When a phone was last heard, how far its clock was off, which page it shows."""

    at: datetime
    offset: float
    page: str
    reports: int


@dataclass
class Desk:
    """What the room keeps about its phones while it runs; all that lasts is in the ledger."""

    room: Room
    codes: Codes = field(default_factory=Codes)
    heard: dict[str, Heard] = field(default_factory=dict)
    enrolling: Pace = field(default_factory=lambda: Pace(20, 60))
    _phones: dict[str, tuple[Phone, str]] = field(default_factory=dict)
    _told: dict[str, tuple[float, dict[str, Plain]]] = field(default_factory=dict)
    _wrong: Pace = field(default_factory=lambda: Pace(30, 60))

    async def phone(self, device: str) -> tuple[Phone, str] | None:
        """Return an enrolled phone and its public key; it may have been revoked since."""
        if device not in self._phones:
            known = await self.room.read(lambda ledger: ledger.devices.get(device))
            phone = None if known is None else phone_of(device, known.holder)
            if known is None or phone is None:
                return None
            self._phones[device] = (phone, known.key)
        return self._phones[device]

    async def report(self, raw: Mapping[str, Any], address: str) -> Answer:
        """Take what a phone posts: its lines, or nothing but its wish to know how things stand."""
        found = await self.phone(text_of(raw, "device"))
        if found is None:
            return Answer(404, {"why": "this room does not know this device"})
        phone = found[0]
        lines = raw.get("lines")
        if not isinstance(lines, list) or len(lines) > MOST_LINES:
            return Answer(400, {"why": f"lines: want a list of at most {MOST_LINES}"})
        answer = await (
            self._taken(phone, lines, raw, address) if lines else self._asked(found, raw)
        )
        if answer.status == 200:
            self._note(phone, raw, len(lines))
            if not lines or phone.post in self._told:
                answer.body["state"] = await self.told(phone, fresh=not lines)
        answer.body["now"] = self.room.clock().isoformat()
        return answer

    async def take(self, raw: Mapping[str, Any], address: str) -> Answer:
        """Take a phone's signed lines that somebody else brings, off its QR codes."""
        found = await self.phone(text_of(raw, "device"))
        if found is None:
            return Answer(404, {"why": "this room does not know this phone"})
        lines = raw.get("lines")
        if not isinstance(lines, list) or not 0 < len(lines) <= MOST_LINES:
            return Answer(400, {"why": f"lines: want a list of 1 to {MOST_LINES}"})
        answer = await self._taken(found[0], lines, raw, address)
        if answer.status == 200:
            secret = voice_of(self.room, found[0].device)
            answer.body["code"] = receipt_code(text_of(raw, "signature"), secret)
            answer.body["counter"] = found[0].sign
        return answer

    async def told(self, phone: Phone, *, fresh: bool) -> dict[str, Plain]:
        """Return what the phones of a post are told; made anew if it is old and `fresh`."""
        made = self._told.get(phone.post)
        # Who reports one slip after the other asks for nothing, and has to hear of a hold as well.
        most = STATE_AGE if fresh else OLDEST_STATE
        if made is None or time.monotonic() - made[0] > most:
            picture = await self.room.picture(age=STATE_AGE)
            leases = await self.room.read(
                lambda ledger: list(ledger.entries(0, picture.upto, ("lease",)))
            )
            made = (time.monotonic(), known_to(phone, picture, leases, self.room))
            self._told[phone.post] = made
        return made[1]

    def forget(self) -> None:
        """Make anew what phones are told: something has changed that they have to know at once."""
        self._told.clear()

    # --- inside

    async def _asked(self, found: tuple[Phone, str], raw: Mapping[str, Any]) -> Answer:
        phone, key = found
        words = f"safepassage/ask/1\0{phone.device}\0{text_of(raw, 'clock')}".encode()
        if not signature_fits(key, words, opened_signature(raw)):
            return Answer(400, {"why": "the signature does not fit"})
        known = await self.room.read(lambda ledger: ledger.devices.get(phone.device))
        if known is None or known.revoked:
            return self._revoked(phone)
        return Answer(200, {"receipts": []})

    async def _taken(
        self, phone: Phone, lines: list[Any], raw: Mapping[str, Any], address: str
    ) -> Answer:
        reports: list[Report] = []
        messages: list[Salted] = []
        faults: dict[str, Plain] = {}
        for place, line in enumerate(lines):
            try:
                report, salt = read_line(line)
            except LineError as error:
                faults[_numbered(line, place)] = str(error)
                continue
            reports.append(report)
            messages += salted(report, salt, phone)
        if faults:
            return Answer(422, {"faults": faults})
        signature = opened_signature(raw)
        if len(signature) != 64:
            return Answer(400, {"why": "signature: want 64 bytes in base64"})
        key = f"{address} {phone.device}"
        if self._wrong.full(key):
            return Answer(429, {"why": "too many signatures that did not fit: wait a minute"})
        try:
            receipts = await self.room.receive(
                SignedBatch(phone.device, tuple(messages), signature)
            )
        except LedgerError as error:
            return Answer(503, {"why": str(error)})
        if any("is revoked" in one.why for one in receipts):
            return self._revoked(phone)
        if any("signature does not fit" in one.why for one in receipts):
            self._wrong.allows(key)
            return Answer(400, {"why": "the signature does not fit"})
        if any(one.message.kind in {"hold", "incident"} for one in messages):
            self.forget()
        return Answer(200, {"receipts": _by_report(phone, reports, receipts, self.room.clock())})

    def _revoked(self, phone: Phone) -> Answer:
        signed = self.room.signer.sign(revoked_words(phone.device))
        return Answer(403, {"revoked": base64.urlsafe_b64encode(signed).decode().rstrip("=")})

    def _note(self, phone: Phone, raw: Mapping[str, Any], reports: int) -> None:
        now = self.room.clock()
        try:
            offset = (datetime.fromisoformat(text_of(raw, "clock")) - now).total_seconds()
        except (ValueError, TypeError):
            offset = 0.0
        before = self.heard.get(phone.device)
        number = reports + (0 if before is None else before.reports)
        self.heard[phone.device] = Heard(now, offset, text_of(raw, "page")[:16], number)


def _by_report(
    phone: Phone, reports: list[Report], receipts: tuple[Receipt, ...], now: datetime
) -> list[Plain]:
    """Return what became of each report: all of its messages have to be in for `sent`."""
    by_id = {one.id: one for one in receipts}
    found: list[Plain] = []
    for report in reports:
        start = message_id(phone.device, report.number, "")
        own = [one for id_, one in by_id.items() if id_[:-1] == start]
        refused = [one for one in own if one.state == "refused"]
        if not refused:
            seqs = [one.seq for one in own if one.seq is not None]
            found.append([report.number, "sent", "", max(seqs, default=0)])
        elif report.at > now + FUTURE:
            found.append([report.number, "clock", ""])
        else:
            found.append([report.number, "refused", refused[0].why])
    return found


def _numbered(line: object, place: int) -> str:
    """Return the number of a line that is at fault; minus its place where it has none."""
    first = line.split(" ", 1)[0] if isinstance(line, str) else ""
    return first if first.isascii() and first.isdigit() and len(first) < 9 else str(-place - 1)


def text_of(raw: Mapping[str, Any], key: str) -> str:
    """Return a short text of a request; an empty one where it has none."""
    found = raw.get(key)
    return found if isinstance(found, str) and len(found) <= 200 else ""


def opened_signature(raw: Mapping[str, Any]) -> bytes:
    """Return the bytes of the signature; none where it is no base64."""
    text = text_of(raw, "signature")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
