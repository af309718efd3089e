"""The after-action report: planned and actual, waiting and why, holds, rival counts, lessons."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from safepassage.board.documents.paper import Block, Paper
from safepassage.board.naming import Teller
from safepassage.board.pages import Times, number, span
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wall.figures import counts_now
from safepassage.board.wall.moving import planned_times
from safepassage.board.wall.nogo import UNASKED, nobody_asked, without_go
from safepassage.board.wall.told import who_says
from safepassage.board.wording import Words
from safepassage.clearance.waiting import time_in_no
from safepassage.ledger.counts import balances
from safepassage.ledger.decided import Decision, Hold, Lift, Uncleared, Verdict
from safepassage.ledger.said import Withdrawal
from safepassage.ledger.seen import Attempt, Incident
from safepassage.ledger.situation import Tally
from safepassage.scenario.scenario import Scenario


def after_action(scenario: Scenario, picture: Picture, tell: Teller, *, mode: Mode) -> Paper:
    """Return the report as far as the record goes; what people learned is for them to write."""
    _ = tell.said
    t = Times(picture.at, scenario.start.tzinfo)
    now = picture.situation
    counts = counts_now(scenario, now)
    return Paper(
        title=_("After-action report"),
        mission=tell.names.mission,
        mode=mode,
        audience="cell",
        made_at=t.full(picture.at),
        upto=picture.upto,
        blocks=(
            Block(
                _("What came of it"),
                (
                    _("Our count: %(people)s arrived.", people=number(counts.arrived.ours)),
                    _(
                        "%(road)s on the road, %(inside)s inside.",
                        road=number(counts.road.ours),
                        inside=number(counts.inside.ours),
                    ),
                    _(
                        "Not accounted for, their vehicle left again: %(people)s.",
                        people=number(counts.unaccounted),
                    ),
                ),
                (_("attempt"), _("state"), _("per"), _("people"), _("why")),
                tuple(
                    (b.attempt, _(b.state), b.per, number(b.people), b.why or "")
                    for b in (one.body for one in picture.said)
                    if isinstance(b, Attempt)
                ),
            ),
            _convoys(picture, tell, t, unasked=mode == "DRILL" and nobody_asked(picture)),
            _waiting(picture, tell),
            _holds(picture, tell, t),
            Block(
                _("Departed and arrived, counter by counter"),
                (_("Figures of two counters are never added."),),
                (_("convoy"), _("departed"), _("arrived"), _("missing between")),
                tuple(
                    (
                        one.convoy,
                        _tallies(one.departed, _),
                        _tallies(one.arrived, _),
                        _(
                            "%(low)s and %(high)s",
                            low=number(one.missing_low),
                            high=number(one.missing_high),
                        ),
                    )
                    for one in balances(now)
                ),
            ),
            Block(
                _("Incidents and promises taken back"),
                head=(_("heard at"), _("per"), _("what")),
                rows=tuple(
                    (
                        t.hm(one.heard_at),
                        who_says(one),
                        tell.ours(one.body.what)
                        if isinstance(one.body, Incident)
                        else _(
                            "%(party)s took its promise back",
                            party=tell.names.party(one.body.party),
                        ),
                    )
                    for one in picture.said
                    if isinstance(one.body, Incident | Withdrawal)
                ),
            ),
            Block(
                _("Decisions"),
                head=(_("at"), _("what"), _("by"), _("why"), _("alternatives")),
                rows=tuple(
                    (
                        t.hm(one.heard_at),
                        one.body.what,
                        _.listed(one.body.by),
                        one.body.why or "",
                        one.body.alternatives or "",
                    )
                    for one in picture.said
                    if isinstance(one.body, Decision)
                ),
            ),
            Block(
                _("What we learned"),
                (_("What went as meant:"), _("What did not, and why:"), _("What we change:")),
            ),
        ),
        language=tell.said.language,
    )


def _convoys(picture: Picture, tell: Teller, t: Times, *, unasked: bool) -> Block:
    _ = tell.said
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
                f"{one.convoy}{_mark(one.convoy, red, ungiven, _)}",
                _("%(begins)s to %(ends)s", begins=t.hm(departs), ends=t.hm(arrives)),
                _(
                    "%(begins)s to %(ends)s",
                    begins=t.hm(one.departed_at),
                    ends=t.hm(one.arrived_at),
                ),
                span(late) if late is not None and abs(late) >= timedelta(minutes=1) else "–",
                number(people),
                _(one.state),
            )
        )
    return Block(
        _("Convoys: planned and actual"),
        (_(UNASKED),) if unasked else (),
        head=(
            *(_("convoy"), _("planned"), _("actual"), _("left later by"), _("people planned")),
            _("last state"),
        ),
        rows=tuple(rows),
    )


def _mark(convoy: str, red: Collection[str], ungiven: Collection[str], _: Words) -> str:
    if convoy in red:
        return f" ({_('MOVED WITHOUT CLEARANCE')})"
    return f" ({_('no go is in the record for its departure')})" if convoy in ungiven else ""


def _waiting(picture: Picture, tell: Teller) -> Block:
    _ = tell.said
    if not any(isinstance(one.body, Verdict) for one in picture.said):
        return Block(
            _("Time in no, by reason"),
            (_("No verdicts were kept: how long convoys waited, and why, is not known."),),
        )
    rows = []
    for one in time_in_no(picture.said, until=picture.at):
        rows.append((one.convoy, _("in all"), span(one.in_no)))
        rows += [
            (one.convoy, tell.code(reason), span(lasted))
            for reason, lasted in one.by_reason.items()
        ]
    return Block(
        _("Time in no, by reason"),
        (_("Reasons overlap; they are not summed. A no is not free of danger either."),),
        (_("convoy"), _("reason"), _("hours and minutes")),
        tuple(rows),
    )


def _holds(picture: Picture, tell: Teller, t: Times) -> Block:
    _ = tell.said
    lifted: dict[str, list[str]] = {}
    for one in picture.said:
        if isinstance(one.body, Lift):
            lifted.setdefault(one.body.hold, []).append(f"{one.body.person} {t.hm(one.heard_at)}")
    rows = tuple(
        (
            t.hm(one.heard_at),
            one.body.person,
            one.body.convoy or _("everybody"),
            tell.ours(one.body.why),
            _.listed(lifted.get(one.id, [])) or _("not lifted"),
        )
        for one in picture.said
        if isinstance(one.body, Hold)
    )
    return Block(
        _("Holds"),
        head=(_("at"), _("by"), _("whom"), _("why"), _("lifted by")),
        rows=rows,
    )


def _tallies(of: Mapping[str, Tally], _: Words) -> str:
    return _.listed(f"{who} {one.people:,}" for who, one in of.items()) or _("not counted")
