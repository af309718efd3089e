"""What lapses next: promises, confirmations, approvals, checks, leases, roles, notices, clocks.

Facts for whoever watches the clock; what a lapse means for a go is for `clearance.rules` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from safepassage.clearance.asking import Answer
from safepassage.clearance.case import PromiseFacts
from safepassage.clearance.limits import CLOCK_LIFE, RECONFIRM
from safepassage.clearance.rules import allows
from safepassage.ledger.decided import LeaseGiven
from safepassage.ledger.entry import Entry
from safepassage.ledger.kept import Clock, Role
from safepassage.ledger.said import Notification
from safepassage.ledger.seen import Closure

EXPIRING_KINDS = ("lease", "role", "notification", "clock", "closure")
"""Kinds of entries, beside those of a clearance, that lapse by themselves."""
What = Literal[
    "guarantee",
    "reconfirmation",
    "approvals",
    "check",
    "window",
    "lease",
    "role",
    "notice",
    "clock",
    "closure",
]


@dataclass(frozen=True, slots=True)
class Expiry:
    """One thing that lapses by itself at a time.

    `leave_by` is the last moment to depart under it, where that comes before (a guarantee has to
    outlast the arrival). `call` is whom to ask for it anew, where the ledger says. `assumed` marks
    an end that no one said: an interval of this program.
    """

    what: What
    subject: str
    at: datetime
    leave_by: datetime | None = None
    call: str | None = None
    assumed: bool = False
    rests_on: tuple[str, ...] = ()


def expiries(answer: Answer, entries: Iterable[Entry] = ()) -> tuple[Expiry, ...]:
    """Return what lapses after the time of an answer, soonest first.

    `answer` gives what its convoy rests on; `entries` of `EXPIRING_KINDS` add what else lapses.
    """
    at = answer.clearance.at
    found = [*_of_the_convoy(answer), *_of_entries(entries)]
    return tuple(sorted((one for one in found if one.at > at), key=lambda one: (one.at, one.what)))


def _of_the_convoy(answer: Answer) -> Iterable[Expiry]:
    case = answer.case
    facts = {(one.id, f"{one.party} on {one.stretch}"): one for one in case.promises}
    for one in answer.clearance.standings:
        if one.until is None or not allows(one):
            continue
        if one.line == "promise":
            yield _promise(facts[one.rests_on[0], one.subject], one.subject, one.until, answer)
        elif one.line == "approvals":
            yield Expiry("approvals", one.subject, one.until, assumed=True, rests_on=one.rests_on)
        elif one.line == "check":
            yield Expiry("check", one.subject, one.until, assumed=True, rests_on=one.rests_on)
        elif one.line == "departure":
            yield Expiry("window", one.subject, one.until, leave_by=one.until)


def _promise(fact: PromiseFacts, subject: str, until: datetime, answer: Answer) -> Expiry:
    call, by = answer.case.contacts.get(fact.party), (fact.id,)
    if fact.until is None:
        due = fact.last_heard + RECONFIRM
        return Expiry("reconfirmation", subject, due, until, call, assumed=True, rests_on=by)
    return Expiry("guarantee", subject, fact.until, until, call, rests_on=by)


def _of_entries(entries: Iterable[Entry]) -> Iterable[Expiry]:
    """Yield what the last word on each lease, role, notice, clock and closure lets lapse."""
    last: dict[tuple[str, ...], Expiry] = {}

    def note(what: What, subject: str, ends: datetime | None, one: Entry) -> None:
        last.pop((what, subject), None)
        if ends is not None:
            last[what, subject] = Expiry(what, subject, ends, rests_on=(one.id,))

    for one in entries:
        body = one.body
        if isinstance(body, LeaseGiven):
            note("lease", body.convoy, body.ends, one)
        elif isinstance(body, Role):
            note("role", f"{body.person} as {body.role}", body.until, one)
        elif isinstance(body, Notification) and body.expires is not None:
            notice = Expiry(
                "notice", body.party, body.expires, call=body.contact, rests_on=(one.id,)
            )
            last["notice", one.id] = notice
        elif isinstance(body, Clock):
            due = one.entered_at + CLOCK_LIFE
            last["clock", body.device] = Expiry(
                "clock", body.device, due, assumed=True, rests_on=(one.id,)
            )
        elif isinstance(body, Closure):
            for stretch in body.covers:
                note("closure", stretch, None if body.state == "open" else body.until, one)
    return last.values()
