"""The messages that a phone's report stands for: the same on the phone and in the room.

The phone makes them to sign them (`page/record.js`), the room makes them to check the signature.
"""

import hashlib
from dataclasses import dataclass

from safepassage.board.phone.report import (
    COUNTED,
    INCIDENTS,
    MOVES,
    NEEDS,
    PARTS,
    SALT,
    STOP,
    TOKENS,
    UNDO,
    Report,
    need_of,
)
from safepassage.ledger.batch import Salted
from safepassage.ledger.carried import Passage
from safepassage.ledger.decided import Correction, Hold
from safepassage.ledger.entry import Message
from safepassage.ledger.kinds import Body
from safepassage.ledger.seen import Count, Incident, Movement
from safepassage.ledger.source import Source

UNDONE = "taken back at the post"
STOPPED = "said at the post, by phone"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as its enrolment has it: who signs, as which counter, at which post."""

    device: str
    sign: str
    post: str


def sign_of(post: str, number: int) -> str:
    """Return the call sign of a counter: the post, and a number where several count there."""
    return f"{post}/{number}"


def phone_of(device: str, holder: str | None) -> Phone | None:
    """Return the phone of an enrolled device; None where it is another kind of device."""
    post, _, number = (holder or "").rpartition("/")
    if not post or not number.isdigit():
        return None
    return Phone(device, holder or "", post)


def message_id(device: str, number: int, part: str) -> str:
    """Return the id of one message of one report."""
    return f"{device}.{number}{part}"


def part_salt_of(salt: bytes, part: str) -> bytes:
    """Return the salt of one message of a report."""
    return hashlib.sha256(salt + part.encode()).digest()[:SALT]


def expand(report: Report, phone: Phone) -> dict[str, Message]:
    """Return the messages of a report by part: m moved, c counted, i, h, t, x taken back."""
    source = Source(channel="device", device=phone.device)
    kind, detail, post = report.kind, report.detail, phone.post
    bodies: dict[str, Body] = {}
    counted = COUNTED.get(kind)
    if kind in MOVES and (report.convoy is not None or report.vehicle is not None):
        bodies["m"] = Movement(
            what=MOVES[kind],
            place=post,
            vehicle=report.vehicle,
            convoy=report.convoy,
            at=report.at,
        )
    elif kind in NEEDS:
        bodies["m"] = Movement(
            what="held",
            place=post,
            vehicle=report.vehicle,
            convoy=report.convoy,
            at=report.at,
            **need_of(report) or {},  # type: ignore[arg-type] # each value fits its field
        )
    elif kind == "incident":
        bodies["i"] = Incident(
            event=message_id(phone.device, report.number, "i"),
            what=INCIDENTS[detail],
            covers=(post,),
            at=report.at,
            convoy=report.convoy,
        )
    elif kind == STOP:
        bodies["h"] = Hold(person=phone.sign, why=STOPPED, convoy=report.convoy)
    elif kind in TOKENS:
        bodies["t"] = Passage(
            token=detail,
            what=TOKENS[kind],
            place=post,
            at=report.at,
            convoy=report.convoy,
            vehicle=report.vehicle,
        )
    elif kind == UNDO and report.undoes is not None:
        counted = COUNTED.get(detail)
        part = PARTS[detail]
        if part != "m" or report.convoy is not None or report.vehicle is not None:
            undone = message_id(phone.device, report.undoes, part)
            bodies["x"] = Correction(about=undone, why=UNDONE)
    if counted is not None and report.people is not None:
        bodies["c"] = Count(
            counter=phone.sign,
            what=counted,
            people=report.people,
            as_of=report.at,
            place=post,
            convoy=report.convoy,
            vehicles=report.vehicles,
        )
    return {
        part: Message(message_id(phone.device, report.number, part), body, source, report.at)
        for part, body in bodies.items()
    }


def salted(report: Report, salt: bytes, phone: Phone) -> tuple[Salted, ...]:
    """Return the messages of a report, each with its salt, in order."""
    return tuple(
        Salted(message, part_salt_of(salt, part)) for part, message in expand(report, phone).items()
    )
