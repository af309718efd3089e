"""What one person does at the board, as a message in the ledger, and when the server refuses it.

The clearance rule counts people, roles and entries seen, whatever is stored. What it would not
count is refused here as well, so that nobody walks away in the belief that it counted.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from safepassage.board.access import Who
from safepassage.board.ours import NO_REASON
from safepassage.board.roles import APPROVING
from safepassage.clearance.asking import Answer
from safepassage.ledger.decided import Approval, GateLine, Hold, Lift, PlanAdopted
from safepassage.ledger.entry import Message
from safepassage.ledger.kinds import Body
from safepassage.ledger.situation import HoldNow
from safepassage.ledger.source import Source
from safepassage.planner.verified import VerifiedPlan


class RefusedError(ValueError):
    """An act that would not count; the message says why, for the one who tried."""


def message(body: Body, who: Who, *, at: datetime, id_: str = "") -> Message:
    """Return what someone does at the board as a message."""
    source = Source(channel="room", person=who.person)
    return Message(id_ or uuid.uuid4().hex, body, source, at)


def role_taken(who: Who, role: str) -> str:
    """Return the role in which someone acts, which must be one of his and one that counts.

    Raises
    ------
    RefusedError
        If it is not.
    """
    if role not in who.roles or role not in APPROVING:
        held = ", ".join(sorted(who.roles & APPROVING)) or "none that counts"
        raise RefusedError(f"role: got {role!r}, want one of yours that counts ({held})")
    return role


def approval(
    who: Who, answer: Answer, *, role: str, seen: int, acknowledges: Collection[str]
) -> Approval:
    """Return the approval of one person who has read up to an entry.

    Raises
    ------
    RefusedError
        If the page that they read is older than something that bears on the convoy, a doubt was
        not acknowledged, or they have approved in another role: one person counts once.
    """
    case = answer.case
    if seen < case.last_relevant:
        raise RefusedError(
            f"entry {case.last_relevant} bears on {case.convoy} and came after the page that you "
            "read: read it, then approve"
        )
    unread = sorted(case.doubts - set(acknowledges))
    if unread:
        raise RefusedError(f"doubts that you have not acknowledged: {', '.join(unread)}")
    return Approval(
        person=who.person,
        role=role_taken(who, role),
        plan_hash=case.plan_hash,
        convoy=case.convoy,
        seen=seen,
        acknowledges=tuple(sorted(case.doubts)),
    )


def hold(who: Who, *, why: str, convoy: str | None) -> Hold:
    """Return one person's stop. Nothing refuses it, and nothing has to be typed."""
    return Hold(person=who.person, why=why.strip() or NO_REASON, convoy=convoy or None)


def lift(who: Who, held: HoldNow | None, *, role: str, why: str) -> Lift:
    """Return one of the two signatures that end a hold.

    Raises
    ------
    RefusedError
        If there is no such open hold, or this person has signed it already.
    """
    if held is None or held.lifted:
        raise RefusedError("there is no such open hold")
    if who.person in held.lifted_by:
        raise RefusedError("you have signed this lift; it takes another person")
    if not why.strip():
        raise RefusedError("why: got nothing, want what has changed since the hold")
    return Lift(hold=held.id, person=who.person, role=role_taken(who, role), why=why.strip())


def gate_line(who: Who, *, line: str, met: bool, role: str, note: str) -> GateLine:
    """Return one signature under one line of the gate of participation.

    Raises
    ------
    RefusedError
        If the role is not theirs, or does not count.
    """
    return GateLine(
        line=line,
        met=met,
        person=who.person,
        role=role_taken(who, role),
        note=note.strip() or None,
    )


def adoption(who: Who, verified: VerifiedPlan, text: str) -> PlanAdopted:
    """Return the entry that puts a verified plan in force, its text letter for letter."""
    return PlanAdopted(
        plan_hash=verified.plan_hash,
        plan=text,
        person=who.person,
        scenario=verified.plan.scenario,
    )
