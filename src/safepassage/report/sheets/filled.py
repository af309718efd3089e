"""The go/no-go form filled from the ledger: for each line who confirmed it, until when, and the no.

It prints what the rule of the clearance room said; it decides nothing, and it bears no contact.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from safepassage.clearance.asking import Answer
from safepassage.clearance.form import PromiseLine, promise_lines
from safepassage.clearance.saying import Saying
from safepassage.clearance.standing import Standing
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import moment
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.go_no_go import (
    EMPTY,
    GATE,
    GoNoGoBody,
    Line,
    Verdict,
    go_no_go,
    promises_asked,
)
from safepassage.report.sheets.movement import movement_of
from safepassage.report.sheets.names import Name, label, party_name

NOT_READY_LINES = frozenset({"promise", "gate", "parties", "holder"})
"""Lines of the rule that the form prints elsewhere, or that are sums of others."""

HELD_BY = "%(state)s, by %(person)s"
TIED_TO = "%(state)s, tied to %(tied)s"
ABOUT = "%(line)s: %(about)s"
SAID = (HELD_BY, TIED_TO, ABOUT)
"""Sentences of the form itself, for those who translate them."""
Says = Callable[[Saying | str], Name]
"""Says a sentence or a word of the record in print, with names in place of ids where it can."""


def _by_ids(what: Saying | str) -> Name:
    """Return the English with its ids, and no Arabic: whoever prints has no names at hand."""
    return Name(str(what))


def filled_go_no_go(
    verified: VerifiedPlan, answer: Answer, printing: Printing, says: Says = _by_ids
) -> Sheet:
    """Return the form of the convoy that was asked about, filled with the answer.

    `says` puts the rule's words into print; without it they stand in English alone, with ids.

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
        promises=_promises(verified, answer, says),
        gate=tuple(_gate_line(answer, name, says) for name in GATE),
        ready=_ready(verified, answer, says),
        verdict=Verdict(
            go=clearance.go,
            at=_local(verified, clearance.at),
            ends="" if clearance.ends is None else _local(verified, clearance.ends),
            entry=clearance.upto,
            reasons=tuple(says(one.saying) for one in clearance.reasons),
            doubts=clearance.doubts,
        ),
    )
    name = f"convoy-{convoy.id}-go-no-go-{clearance.upto}"
    frame = frame_of(verified, printing, name=name, whom=Name(convoy.id), ends=None)
    return Sheet("go_no_go", name, frame, body)


def _promises(verified: VerifiedPlan, answer: Answer, says: Says) -> tuple[Line, ...]:
    """Return the lines of the empty form, filled; what the rule asked beyond it comes last."""
    convoy = {one.id: one for one in verified.plan.convoys}[answer.clearance.convoy]
    given = {(one.stretch, one.party): one for one in promise_lines(answer)}
    lines: list[Line] = []
    for (where, party), line in promises_asked(verified, movement_of(verified, convoy)).items():
        place = where.partition(" ")[2]
        found = given.pop((place, party), None)
        # Nobody is known to hold it, or nobody has spoken of it: both are a no.
        lines.append(
            replace(line, refused=True) if found is None else _fill(verified, line, found, says)
        )
    for (place, party), found in given.items():
        lines.append(
            _fill(
                verified,
                Line(Name(place), party=party_name(verified.scenario, party)),
                found,
                says,
            )
        )
    return tuple(lines)


def _fill(verified: VerifiedPlan, line: Line, found: PromiseLine, says: Says) -> Line:
    """Return a line with who confirmed it, until when and when it was heard."""
    state = says(found.state)
    if found.heard_at is None:
        return replace(line, confirmed_by=label("nobody"), heard=state, refused=not found.allows)
    heard = _local(verified, found.heard_at)
    return replace(
        line,
        confirmed_by=_people(found.confirmed_by),
        until=label("no_end") if found.until is None else Name(_local(verified, found.until)),
        heard=Name(heard) if found.state == "stands" else Name(f"{state.en}; {heard}", state.ar),
        refused=not found.allows,
    )


def _people(signs: tuple[str, ...]) -> Name:
    """Return call signs in a row."""
    return Name(", ".join(signs)) if signs else label("nobody")


def _in_roles(given: Sequence[tuple[str, str]], says: Says) -> Name:
    """Return people with the roles in which they signed."""
    if not given:
        return label("nobody")
    roles = {role: says(role) for _, role in given}
    return Name(
        ", ".join(f"{person} ({roles[role].en})" for person, role in given),
        "، ".join(f"{person} ({roles[role].ar})" for person, role in given)
        if all(one.ar for one in roles.values())
        else "",
    )


def _gate_line(answer: Answer, name: str, says: Says) -> Line:
    """Return one line of the gate with who signed it, and as what."""
    signed = answer.case.gate.get(name, ())
    against = [one.person for one in signed if not one.met]
    unmet = label("not_met")
    return Line(
        GATE[name],
        confirmed_by=_in_roles([(one.person, one.role) for one in signed], says),
        heard=Name(
            "; ".join(f"{one}: {unmet.en}" for one in against),
            "؛ ".join(f"{one}: {unmet.ar}" for one in against),
        ),
        refused=any(one.line == "gate" and one.subject == name for one in answer.clearance.reasons),
    )


def _ready(verified: VerifiedPlan, answer: Answer, says: Says) -> tuple[Line, ...]:
    """Return every other line that the rule looked at, with the state it found."""
    refused = {(one.line, one.subject) for one in answer.clearance.reasons}
    return tuple(
        Line(
            says(Saying(ABOUT, {"line": one.line, "about": one.about})),
            confirmed_by=_by(answer, one, says),
            until=EMPTY if one.until is None else Name(_local(verified, one.until)),
            heard=says(_state(one)),
            refused=(one.line, one.subject) in refused,
        )
        for one in answer.clearance.standings
        if one.line not in NOT_READY_LINES
    )


def _by(answer: Answer, one: Standing, says: Says) -> Name:
    """Return who proved the road and when, or who has approved and as what."""
    if one.line == "road":
        return Name(one.note)
    if one.line == "approvals":
        given = [each for each in answer.case.approvals if each.id in one.rests_on]
        return _in_roles([(each.person, each.role) for each in given], says)
    return EMPTY


def _state(one: Standing) -> Saying:
    """Return the state in words, with who holds or what it is tied to."""
    if one.line == "hold":
        return Saying(HELD_BY, {"state": one.state, "person": one.note})
    if one.line == "term" and one.note:
        return Saying(TIED_TO, {"state": one.state, "tied": one.note})
    return Saying("%(state)s", {"state": one.state})


def _local(verified: VerifiedPlan, at: datetime) -> str:
    """Return a moment in the zone of the scenario, with its day."""
    shown = moment(at.astimezone(verified.scenario.start.tzinfo))
    return f"{shown.day} {shown.time}"
