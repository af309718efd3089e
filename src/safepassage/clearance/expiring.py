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
from safepassage.clearance.saying import Saying
from safepassage.clearance.standing import promised
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

AS_ROLE = "%(person)s as %(role)s"


@dataclass(frozen=True, slots=True)
class Expiry:
    """One thing that lapses by itself at a time: what, and about whom or what (by ids).

    `leave_by` is the last moment to depart under it, where that comes before (a guarantee has to
    outlast the arrival). `call` is whom to ask for it anew, where the ledger says. `assumed` marks
    an end that no one said: an interval of this program.
    """

    what: What
    about: Saying | str
    at: datetime
    leave_by: datetime | None = None
    call: str | None = None
    assumed: bool = False
    rests_on: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """About whom or what, by ids."""
        return str(self.about)


def expiries(answer: Answer, entries: Iterable[Entry] = ()) -> tuple[Expiry, ...]:
    """Return what lapses after the time of an answer, soonest first.

    `answer` gives what its convoy rests on; `entries` of `EXPIRING_KINDS` add what else lapses.
    """
    at = answer.clearance.at
    found = [*_of_the_convoy(answer), *_of_entries(entries)]
    return tuple(sorted((one for one in found if one.at > at), key=lambda one: (one.at, one.what)))


def _of_the_convoy(answer: Answer) -> Iterable[Expiry]:
    case = answer.case
    facts = {(one.id, str(promised(one.party, one.stretch))): one for one in case.promises}
    for one in answer.clearance.standings:
        if one.until is None or not allows(one):
            continue
        if one.line == "promise":
            yield _promise(facts[one.rests_on[0], one.subject], one.about, one.until, answer)
        elif one.line == "approvals":
            yield Expiry("approvals", one.about, one.until, assumed=True, rests_on=one.rests_on)
        elif one.line == "check":
            yield Expiry("check", one.about, one.until, assumed=True, rests_on=one.rests_on)
        elif one.line == "departure":
            yield Expiry("window", one.about, one.until, leave_by=one.until)


def _promise(fact: PromiseFacts, about: Saying | str, until: datetime, answer: Answer) -> Expiry:
    call, by = answer.case.contacts.get(fact.party), (fact.id,)
    if fact.until is None:
        due = fact.last_heard + RECONFIRM
        return Expiry("reconfirmation", about, due, until, call, assumed=True, rests_on=by)
    return Expiry("guarantee", about, fact.until, until, call, rests_on=by)


def _of_entries(entries: Iterable[Entry]) -> Iterable[Expiry]:
    """Yield what the last word on each lease, role, notice, clock and closure lets lapse."""
    last: dict[tuple[str, ...], Expiry] = {}

    def note(what: What, about: Saying, ends: datetime | None, one: Entry) -> None:
        last.pop((what, str(about)), None)
        if ends is not None:
            last[what, str(about)] = Expiry(what, about, ends, rests_on=(one.id,))

    for one in entries:
        body = one.body
        if isinstance(body, LeaseGiven):
            note("lease", Saying("%(convoy)s", {"convoy": body.convoy}), body.ends, one)
        elif isinstance(body, Role):
            note(
                "role", Saying(AS_ROLE, {"person": body.person, "role": body.role}), body.until, one
            )
        elif isinstance(body, Notification) and body.expires is not None:
            notice = Expiry(
                "notice",
                Saying("%(party)s", {"party": body.party}),
                body.expires,
                call=body.contact,
                rests_on=(one.id,),
            )
            last["notice", one.id] = notice
        elif isinstance(body, Clock):
            due = one.entered_at + CLOCK_LIFE
            last["clock", body.device] = Expiry(
                "clock",
                Saying("%(device)s", {"device": body.device}),
                due,
                assumed=True,
                rests_on=(one.id,),
            )
        elif isinstance(body, Closure):
            for stretch in body.covers:
                note(
                    "closure",
                    Saying("%(stretch)s", {"stretch": stretch}),
                    None if body.state == "open" else body.until,
                    one,
                )
    return last.values()
