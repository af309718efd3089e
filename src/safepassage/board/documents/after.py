"""The after-action report: planned and actual, waiting and why, holds, rival counts, lessons."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from safepassage.board.documents.paper import Block, Paper
from safepassage.board.pages import Times, number, span
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wall.figures import counts_now
from safepassage.board.wall.moving import planned_times
from safepassage.board.wall.nogo import UNASKED, nobody_asked, without_go
from safepassage.board.wall.told import who_says
from safepassage.clearance.waiting import time_in_no
from safepassage.ledger.counts import balances
from safepassage.ledger.decided import Decision, Hold, Lift, Uncleared, Verdict
from safepassage.ledger.said import Withdrawal
from safepassage.ledger.seen import Attempt, Incident
from safepassage.ledger.situation import Tally
from safepassage.scenario.scenario import Scenario


def after_action(scenario: Scenario, picture: Picture, *, mode: Mode) -> Paper:
    """Return the report as far as the record goes; what people learned is for them to write."""
    t = Times(picture.at, scenario.start.tzinfo)
    now = picture.situation
    counts = counts_now(scenario, now)
    return Paper(
        title="After-action report",
        mission=scenario.name,
        mode=mode,
        audience="cell",
        made_at=t.full(picture.at),
        upto=picture.upto,
        blocks=(
            Block(
                "What came of it",
                (
                    f"Our count: {number(counts.arrived.ours)} arrived.",
                    f"{number(counts.road.ours)} on the road, {number(counts.inside.ours)} inside.",
                    f"Not accounted for, their vehicle left again: {number(counts.unaccounted)}.",
                ),
                ("attempt", "state", "per", "people", "why"),
                tuple(
                    (b.attempt, b.state, b.per, number(b.people), b.why or "")
                    for b in (one.body for one in picture.said)
                    if isinstance(b, Attempt)
                ),
            ),
            _convoys(picture, t, unasked=mode == "DRILL" and nobody_asked(picture)),
            _waiting(picture),
            _holds(picture, t),
            Block(
                "Departed and arrived, counter by counter",
                ("Figures of two counters are never added.",),
                ("convoy", "departed", "arrived", "missing between"),
                tuple(
                    (
                        one.convoy,
                        _tallies(one.departed),
                        _tallies(one.arrived),
                        f"{number(one.missing_low)} and {number(one.missing_high)}",
                    )
                    for one in balances(now)
                ),
            ),
            Block(
                "Incidents and promises taken back",
                head=("heard at", "per", "what"),
                rows=tuple(
                    (
                        t.hm(one.heard_at),
                        who_says(one),
                        one.body.what
                        if isinstance(one.body, Incident)
                        else f"{one.body.party} took its promise back",
                    )
                    for one in picture.said
                    if isinstance(one.body, Incident | Withdrawal)
                ),
            ),
            Block(
                "Decisions",
                head=("at", "what", "by", "why", "alternatives"),
                rows=tuple(
                    (
                        t.hm(one.heard_at),
                        one.body.what,
                        ", ".join(one.body.by),
                        one.body.why or "",
                        one.body.alternatives or "",
                    )
                    for one in picture.said
                    if isinstance(one.body, Decision)
                ),
            ),
            Block(
                "What we learned",
                ("What went as meant: ", "What did not, and why: ", "What we change: "),
            ),
        ),
    )


def _convoys(picture: Picture, t: Times, *, unasked: bool) -> Block:
    now = picture.situation
    planned = {} if picture.plan is None else planned_times(picture.plan)
    red = {one.body.convoy for one in picture.said if isinstance(one.body, Uncleared)}
    ungiven = frozenset[str]() if unasked else without_go(picture)
    rows = []
    for one in now.convoys.values():
        departs, arrives, people = planned.get(one.convoy, (None, None, None))
        late = None
        if departs is not None and one.departed_at is not None:
            late = one.departed_at - departs
        rows.append(
            (
                f"{one.convoy}{_mark(one.convoy, red, ungiven)}",
                f"{t.hm(departs)} to {t.hm(arrives)}",
                f"{t.hm(one.departed_at)} to {t.hm(one.arrived_at)}",
                span(late) if late is not None and abs(late) >= timedelta(minutes=1) else "–",
                number(people),
                one.state,
            )
        )
    return Block(
        "Convoys: planned and actual",
        (UNASKED,) if unasked else (),
        head=("convoy", "planned", "actual", "left later by", "people planned", "last state"),
        rows=tuple(rows),
    )


def _mark(convoy: str, red: Collection[str], ungiven: Collection[str]) -> str:
    if convoy in red:
        return " (MOVED WITHOUT CLEARANCE)"
    return " (no go is in the record for its departure)" if convoy in ungiven else ""


def _waiting(picture: Picture) -> Block:
    if not any(isinstance(one.body, Verdict) for one in picture.said):
        return Block(
            "Time in no, by reason",
            ("No verdicts were kept: how long convoys waited, and why, is not known.",),
        )
    rows = []
    for one in time_in_no(picture.said, until=picture.at):
        rows.append((one.convoy, "in all", span(one.in_no)))
        rows += [(one.convoy, reason, span(lasted)) for reason, lasted in one.by_reason.items()]
    return Block(
        "Time in no, by reason",
        ("Reasons overlap; they are not summed. A no is not free of danger either.",),
        ("convoy", "reason", "h:mm"),
        tuple(rows),
    )


def _holds(picture: Picture, t: Times) -> Block:
    lifted: dict[str, list[str]] = {}
    for one in picture.said:
        if isinstance(one.body, Lift):
            lifted.setdefault(one.body.hold, []).append(f"{one.body.person} {t.hm(one.heard_at)}")
    rows = tuple(
        (
            t.hm(one.heard_at),
            one.body.person,
            one.body.convoy or "everybody",
            one.body.why,
            ", ".join(lifted.get(one.id, [])) or "not lifted",
        )
        for one in picture.said
        if isinstance(one.body, Hold)
    )
    return Block("Holds", head=("at", "by", "whom", "why", "lifted by"), rows=rows)


def _tallies(of: Mapping[str, Tally]) -> str:
    return ", ".join(f"{who} {one.people:,}" for who, one in of.items()) or "not counted"
