"""A clearance as plain data for `--json`, as lines for people, and for the printed form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safepassage.clearance.asking import Answer
from safepassage.clearance.case import PromiseFacts
from safepassage.clearance.expiring import Expiry
from safepassage.clearance.lease import USUAL
from safepassage.clearance.readiness import ReadinessList
from safepassage.clearance.standing import Standing, promised

FORMAT = "safepassage/clearance/1"
NOT_A_PROMISE = (
    "The system records and checks promises; it cannot make a party keep one. "
    "There is no override: no line may be struck out."
)


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A line of the printed form: one party on one stretch or post, filled from the ledger."""

    party: str
    stretch: str
    state: str
    confirmed_by: tuple[str, ...]
    until: datetime | None
    heard_at: datetime | None
    contact: str | None
    entry: str | None
    allows: bool


def promise_lines(answer: Answer) -> tuple[PromiseLine, ...]:
    """Return the lines of the form on promises, in the order of the way."""
    case = answer.case
    lines = []
    refused = {reason.subject for reason in answer.clearance.reasons if reason.line == "promise"}
    standing = {one.subject: one for one in answer.clearance.standings if one.line == "promise"}
    for need in case.needs:
        subject = str(promised(need.party, need.stretch))
        one = standing[subject]
        fact = _fact(case.promises, one, need.stretch)
        lines.append(
            PromiseLine(
                party=need.party,
                stretch=need.stretch,
                state=one.state,
                confirmed_by=() if fact is None else tuple(sorted(fact.people)),
                until=None if fact is None else fact.until,
                heard_at=None if fact is None else fact.last_heard,
                contact=case.contacts.get(need.party),
                entry=None if fact is None else fact.id,
                allows=subject not in refused,
            )
        )
    return tuple(lines)


def clearance_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data."""
    clearance = answer.clearance
    return {
        "format": FORMAT,
        "go": clearance.go,
        "convoy": clearance.convoy,
        "kind": answer.case.kind,
        "plan_hash": clearance.plan_hash,
        "at": clearance.at.isoformat(),
        "upto": clearance.upto,
        "ends": None if clearance.ends is None else clearance.ends.isoformat(),
        "departs": answer.case.departs.isoformat(),
        "reasons": [
            {
                "line": one.line,
                "state": one.state,
                "subject": one.subject,
                "words": one.words,
                "saying": one.saying.plain(),
                "rests_on": list(one.rests_on),
            }
            for one in clearance.reasons
        ],
        "acts": [
            {
                "what": one.what,
                "about": one.about,
                "saying": one.to.plain(),
                "call": one.call,
                "ours": one.ours,
            }
            for one in answer.acts
        ],
        "standings": [_standing(one) for one in clearance.standings],
        "doubts": list(clearance.doubts),
        "rests_on": list(clearance.rests_on),
        "latest_stop_seconds": int(USUAL.latest_stop.total_seconds()),
    }


def clearance_lines(answer: Answer) -> list[str]:
    """Return an answer as lines for people: the word first, then why and what to do."""
    clearance = answer.clearance
    word = "GO" if clearance.go else "NO-GO"
    when = clearance.at.isoformat(timespec="minutes")
    lines = [f"{word} for {clearance.convoy} at {when}, ledger read up to entry {clearance.upto}"]
    if clearance.ends is not None:
        lines.append(f"lapses by itself at {clearance.ends.isoformat(timespec='seconds')}")
    for one in promise_lines(answer):
        mark = "ok" if one.allows else "NO"
        lines.append(f"  {mark:>2}  {one.party} on {one.stretch}: {_how_it_stands(one)}")
    if clearance.reasons:
        lines.append("why not:")
        lines += [f"  - {one.words}{_entries(one.rests_on)}" for one in clearance.reasons]
        lines.append("the shortest way to a go:")
        lines += [f"  {number}. {act.in_words()}" for number, act in enumerate(answer.acts, 1)]
    if clearance.doubts:
        lines.append(
            "doubts of others, to be read by both approvers: " + ", ".join(clearance.doubts)
        )
    lines.append(USUAL.in_words())
    lines.append(NOT_A_PROMISE)
    return lines


def _how_it_stands(one: PromiseLine) -> str:
    if one.entry is None:
        return "no guarantee"
    by = ", ".join(one.confirmed_by) or "nobody"
    end = "no end stated" if one.until is None else one.until.isoformat(timespec="minutes")
    state = "confirmed" if one.state == "stands" else one.state
    return f"{state}, by {by}, until {end}"


def readiness_json(ready: ReadinessList) -> list[dict[str, Any]]:
    """Return a readiness list as plain data."""
    return [
        {
            "what": one.what,
            "kind": one.kind,
            "needed": one.needed,
            "ready": one.ready,
            "as_of": None if one.as_of is None else one.as_of.isoformat(),
            "enough": one.enough,
            "missing": one.missing,
            "call": one.call,
        }
        for one in ready.lines
    ]


def readiness_lines(ready: ReadinessList) -> list[str]:
    """Return a readiness list as lines for people."""
    lines = ["standing ready for the next opening:"]
    for one in ready.lines:
        number = "not reported" if one.ready is None else f"{one.ready:,}"
        old = ", reported too long ago" if one.stale else ""
        gap = f", missing: {one.missing}" if one.missing else ""
        call = f", call {one.call}" if one.call else ""
        mark = "ok" if one.enough else "--"
        lines.append(
            f"  {mark}  {one.what} {one.kind}: {number} of {one.needed:,} needed{old}{gap}{call}"
        )
    return lines


def expiries_json(found: Iterable[Expiry]) -> list[dict[str, Any]]:
    """Return what lapses next as plain data, soonest first."""
    return [
        {
            "what": one.what,
            "subject": one.subject,
            "at": one.at.isoformat(),
            "leave_by": None if one.leave_by is None else one.leave_by.isoformat(),
            "call": one.call,
            "assumed": one.assumed,
            "rests_on": list(one.rests_on),
        }
        for one in found
    ]


def expiries_lines(found: Sequence[Expiry], most: int = 5) -> list[str]:
    """Return what lapses next as lines for people; the first few, and how many more there are."""
    if not found:
        return []
    lines = ["lapses next:"]
    for one in found[:most]:
        by = "" if one.leave_by is None else f", leave by {one.leave_by:%H:%M}"
        assumed = " (interval assumed)" if one.assumed else ""
        call = f", call {one.call}" if one.call else ""
        when = one.at.isoformat(timespec="minutes")
        lines.append(f"  {when}  {one.what}: {one.subject}{by}{assumed}{call}")
    if len(found) > most:
        lines.append(f"  and {len(found) - most} more")
    return lines


def _standing(one: Standing) -> Mapping[str, Any]:
    return {
        "line": one.line,
        "subject": one.subject,
        "state": one.state,
        "until": None if one.until is None else one.until.isoformat(),
        "rests_on": list(one.rests_on),
    }


def _fact(facts: tuple[PromiseFacts, ...], one: Standing, stretch: str) -> PromiseFacts | None:
    for fact in facts:
        if one.rests_on and fact.id == one.rests_on[0] and fact.stretch == stretch:
            return fact
    return None


def _entries(ids: tuple[str, ...]) -> str:
    return f" ({', '.join(ids)})" if ids else ""
