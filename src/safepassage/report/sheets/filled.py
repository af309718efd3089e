"""The go/no-go form filled from the ledger: for each line who confirmed it, until when, and the no.

It prints what the rule of the clearance room said; it decides nothing, and it bears no contact.
"""

from dataclasses import replace
from datetime import datetime

from safepassage.clearance.asking import Answer
from safepassage.clearance.form import PromiseLine, promise_lines
from safepassage.clearance.standing import Standing
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import moment
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.go_no_go import (
    GATE,
    GoNoGoBody,
    Line,
    Verdict,
    go_no_go,
    promises_asked,
)
from safepassage.report.sheets.movement import movement_of
from safepassage.report.sheets.names import Name, party_name

NOT_READY_LINES = frozenset({"promise", "gate", "parties", "holder"})
"""Lines of the rule that the form prints elsewhere, or that are sums of others."""


def filled_go_no_go(verified: VerifiedPlan, answer: Answer, printing: Printing) -> Sheet:
    """Return the form of the convoy that was asked about, filled with the answer.

    Raises
    ------
    ValueError
        If the answer is about another plan.
    KeyError
        If the plan has no such convoy.
    """
    clearance = answer.clearance
    if clearance.plan_hash != verified.plan_hash:
        raise ValueError(
            f"clearance of plan {clearance.plan_hash[:8]}: the form is of {verified.plan_hash[:8]}"
        )
    convoy = {one.id: one for one in verified.plan.convoys}[clearance.convoy]
    movement = movement_of(verified, convoy)
    empty = go_no_go(verified, movement, printing).body
    if not isinstance(empty, GoNoGoBody):
        raise TypeError(f"form of {convoy.id}: got {type(empty).__name__}")
    body = replace(
        empty,
        promises=_promises(verified, answer),
        gate=tuple(_gate_line(answer, name) for name in GATE),
        ready=_ready(verified, answer),
        verdict=Verdict(
            go=clearance.go,
            at=_local(verified, clearance.at),
            ends="" if clearance.ends is None else _local(verified, clearance.ends),
            entry=clearance.upto,
            reasons=tuple(one.words for one in clearance.reasons),
            doubts=clearance.doubts,
        ),
    )
    name = f"convoy-{convoy.id}-go-no-go-{clearance.upto}"
    frame = frame_of(verified, printing, name=name, whom=Name(convoy.id), ends=None)
    return Sheet("go_no_go", name, frame, body)


def _promises(verified: VerifiedPlan, answer: Answer) -> tuple[Line, ...]:
    """Return the lines of the empty form, filled; what the rule asked beyond it comes last."""
    convoy = {one.id: one for one in verified.plan.convoys}[answer.clearance.convoy]
    given = {(one.stretch, one.party): one for one in promise_lines(answer)}
    lines: list[Line] = []
    for (where, party), line in promises_asked(verified, movement_of(verified, convoy)).items():
        place = where.partition(" ")[2]
        found = given.pop((place, party), None)
        # Nobody is known to hold it, or nobody has spoken of it: both are a no.
        lines.append(replace(line, refused=True) if found is None else _fill(verified, line, found))
    for (place, party), found in given.items():
        lines.append(
            _fill(verified, Line(Name(place), party=party_name(verified.scenario, party)), found)
        )
    return tuple(lines)


def _fill(verified: VerifiedPlan, line: Line, found: PromiseLine) -> Line:
    """Return a line with who confirmed it, until when and when it was heard."""
    if found.heard_at is None:
        return replace(line, confirmed_by="nobody", heard=found.state, refused=not found.allows)
    until = "no end stated" if found.until is None else _local(verified, found.until)
    heard = _local(verified, found.heard_at)
    return replace(
        line,
        confirmed_by=", ".join(found.confirmed_by) or "nobody",
        until=until,
        heard=heard if found.state == "stands" else f"{found.state}; {heard}",
        refused=not found.allows,
    )


def _gate_line(answer: Answer, name: str) -> Line:
    """Return one line of the gate with who signed it, and as what."""
    signed = answer.case.gate.get(name, ())
    return Line(
        Name(GATE[name]),
        confirmed_by=", ".join(f"{one.person} ({one.role})" for one in signed) or "nobody",
        heard="; ".join(f"{one.person}: not met" for one in signed if not one.met),
        refused=any(one.line == "gate" and one.subject == name for one in answer.clearance.reasons),
    )


def _ready(verified: VerifiedPlan, answer: Answer) -> tuple[Line, ...]:
    """Return every other line that the rule looked at, with the state it found."""
    refused = {(one.line, one.subject) for one in answer.clearance.reasons}
    return tuple(
        Line(
            Name(f"{one.line}: {one.subject}"),
            confirmed_by=_by(answer, one),
            until="" if one.until is None else _local(verified, one.until),
            heard=_state(one),
            refused=(one.line, one.subject) in refused,
        )
        for one in answer.clearance.standings
        if one.line not in NOT_READY_LINES
    )


def _by(answer: Answer, one: Standing) -> str:
    """Return who proved the road and when, or who has approved and as what."""
    if one.line == "road":
        return one.note
    if one.line == "approvals":
        given = [each for each in answer.case.approvals if each.id in one.rests_on]
        return ", ".join(f"{each.person} ({each.role})" for each in given) or "nobody"
    return ""


def _state(one: Standing) -> str:
    """Return the state in words, with who holds or what it is tied to."""
    if one.line == "hold":
        return f"{one.state}, by {one.note}"
    return f"{one.state}, tied to {one.note}" if one.line == "term" and one.note else one.state


def _local(verified: VerifiedPlan, at: datetime) -> str:
    """Return a moment in the zone of the scenario, with its day."""
    shown = moment(at.astimezone(verified.scenario.start.tzinfo))
    return f"{shown.day} {shown.time}"
