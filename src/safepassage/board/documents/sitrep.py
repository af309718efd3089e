"""The situation report: numbers with their source and time, contradictions side by side.

The cell's holds everything. The public's is made from an allow-list of its own: who has arrived,
and no place, no hour to come, no party.
"""

from safepassage.board.documents.handover import on_board_block
from safepassage.board.documents.paper import Block, Paper
from safepassage.board.naming import Teller
from safepassage.board.pages import Times, number
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wall.aboard import aboard
from safepassage.board.wall.figures import Counts, Figure, counts_now
from safepassage.board.wall.going import Move, going, next_move
from safepassage.board.wall.heard import late_departures
from safepassage.board.wall.moving import convoy_lines
from safepassage.board.wall.nogo import UNASKED, nobody_asked
from safepassage.board.wall.terms import term_lines
from safepassage.board.wall.told import conditions, rival_events, who_says
from safepassage.board.wording import later
from safepassage.clearance.readiness import readiness
from safepassage.ledger.decided import Uncleared
from safepassage.ledger.said import Dispute
from safepassage.ledger.seen import Incident
from safepassage.scenario.scenario import Scenario

SILENT = later("no report since")
LATE = later("late by %(n)s min")


def sitrep(
    scenario: Scenario, picture: Picture, tell: Teller, *, mode: Mode, public: bool
) -> Paper:
    """Return the report for the cell, or the one that may be shown to everybody."""
    t = Times(picture.at, scenario.start.tzinfo)
    blocks = (
        _public(scenario, picture, tell) if public else _cell(scenario, picture, tell, t, mode=mode)
    )
    return Paper(
        title=tell.said(later("Situation report")),
        mission=tell.names.mission,
        mode=mode,
        audience="public" if public else "cell",
        made_at=t.full(picture.at),
        upto=picture.upto,
        blocks=tuple(blocks),
        language=tell.said.language,
    )


def _public(scenario: Scenario, picture: Picture, tell: Teller) -> list[Block]:
    """Return what the report for the public may hold: no clause, they name parties and places."""
    counts = counts_now(scenario, picture.situation)
    _ = tell.said
    how = _("Counted at the gate where people arrive. This is no call to move, and no promise.")
    return [
        Block(
            _("How many"),
            (how,),
            ("", _("people")),
            ((_("have arrived, as we counted"), number(counts.arrived.ours)),),
        )
    ]


def _cell(
    scenario: Scenario, picture: Picture, tell: Teller, t: Times, *, mode: Mode
) -> list[Block]:
    _, language = tell.said, tell.said.language
    now = picture.situation
    counts = counts_now(scenario, now)
    move = next_move(scenario, picture)
    found = None if picture.next is None else going(scenario, picture.next, language)
    blocks = [
        Block(
            _("How many people"),
            head=("", _("our count"), _("as of"), _("others")),
            rows=(
                _figure(_("arrived"), counts.arrived, tell, t),
                _figure(_("on the road"), counts.road, tell, t),
                _figure(_("waiting on the way"), counts.waiting, tell, t),
                _figure(_("still inside"), counts.inside, tell, t),
                (_("wounded: arrived"), number(counts.wounded_arrived), "", ""),
                (_("wounded: on the road"), number(counts.wounded_road), "", ""),
                (_("wounded: still inside"), number(counts.wounded_inside), "", ""),
            ),
        )
    ]
    if found is not None:
        clearance = found.answer.clearance
        word = _("GO") if clearance.go else _("NO-GO")
        blocks.append(
            Block(
                _("May we go: %(word)s for %(convoy)s", word=word, convoy=clearance.convoy),
                tuple(tell(one.saying) for one in clearance.reasons if one.line != "promise"),
                (_("party"), _("stretch or post"), _("state"), _("until")),
                tuple(
                    (
                        one.party,
                        one.stretch,
                        _("confirmed") if one.line.allows else _(one.line.state),
                        t.hm(one.line.until),
                    )
                    for one in found.rows
                ),
            )
        )
    unasked = mode == "DRILL" and nobody_asked(picture)
    blocks.append(
        Block(
            _("Convoys"),
            (_(UNASKED),) if unasked else (),
            head=(_("convoy"), _("last report"), _("at"), _("aboard"), _("to")),
            rows=tuple(
                (
                    f"{one.convoy} ({_('MOVED WITHOUT CLEARANCE')})"
                    if one.uncleared
                    else f"{one.convoy} ({_('no go is in the record for its departure')})"
                    if one.no_go
                    else one.convoy,
                    f"{_(one.state)} {one.place}".strip(),
                    t.hm(one.reported_at)
                    + (f", {_(SILENT)}" if one.stale else "")
                    + (f", {_(LATE, n=number(one.late))}" if one.late else ""),
                    number(one.aboard),
                    one.to,
                )
                for one in convoy_lines(scenario, picture, language, said_once=unasked)
            )
            + tuple(
                (
                    one.convoy,
                    _("not departed"),
                    f"{_('planned')} {t.hm(one.planned)}, {_(LATE, n=number(one.minutes))}",
                    "–",
                    "",
                )
                for one in late_departures(picture)
            ),
        )
    )
    on_board = aboard(scenario, picture, language)
    if on_board:
        blocks.append(on_board_block(on_board, tell, t))
    blocks.append(_stops(counts, move, tell, t))
    blocks.append(_rivals(picture, tell, t))
    blocks.append(
        Block(
            _("Those still inside"),
            head=(_("place"), _("of what"), _("state"), _("as of"), _("per")),
            rows=tuple(
                (one.place, _(one.what), _(one.state), t.hm(one.as_of), one.who)
                for one in conditions(scenario, picture.said, language)
            ),
        )
    )
    if picture.plan is not None and picture.next is not None:
        ready = readiness(picture.plan, picture.said, picture.next, at=picture.at)
        blocks.append(
            Block(
                _("What is missing for the next opening"),
                head=(_("what"), _("needed"), _("ready"), _("missing")),
                rows=tuple(
                    (
                        f"{_(one.what)} {tell.names.ready(one.what, one.kind)}",
                        number(one.needed),
                        number(one.ready),
                        one.missing or "",
                    )
                    for one in ready.missing
                ),
            )
        )
    blocks.append(_terms(scenario, picture, tell))
    uncleared = [one for one in picture.said if isinstance(one.body, Uncleared)]
    if uncleared:
        rows = tuple(
            (one.body.convoy, one.body.first, one.body.second, one.body.why)
            for one in uncleared
            if isinstance(one.body, Uncleared)
        )
        blocks.append(
            Block(
                _("Moved without clearance"),
                head=(_("convoy"), _("by"), _("and by"), _("why")),
                rows=rows,
            )
        )
    return blocks


def _terms(scenario: Scenario, picture: Picture, tell: Teller) -> Block:
    _ = tell.said
    differ = _("VERSIONS DIFFER")
    none = _("no version recorded")
    return Block(
        _("What is agreed and what is open"),
        head=(_("clause"), _("state"), _("each party's version")),
        rows=tuple(
            (
                one.text,
                f"{_(one.state)}, {differ}" if one.differ else _(one.state),
                "; ".join(f"{x.name}: {x.words or none}" for x in one.versions),
            )
            for one in term_lines(scenario, picture.situation.terms, _.language)
        ),
    )


def _figure(name: str, one: Figure, tell: Teller, t: Times) -> tuple[str, ...]:
    others = tell.said.listed(f"{who} {people:,}" for who, people in one.by)
    if not others and one.low is not None:
        others = tell.said(
            later("between %(low)s and %(high)s"), low=number(one.low), high=number(one.high)
        )
    return name, number(one.ours), t.hm(one.as_of), others


def _stops(counts: Counts, move: Move | None, tell: Teller, t: Times) -> Block:
    _ = tell.said
    title = _("If it stops now")
    words = _(
        "%(arrived)s have arrived, %(road)s are caught on the road, %(inside)s are still inside.",
        arrived=number(counts.arrived.ours),
        road=number(counts.road.ours),
        inside=number(counts.inside.ours),
    )
    if move is None:
        return Block(title, (words, _("No move is planned.")))
    best = _(
        "Next best move of the plan in force: %(convoy)s at %(at)s, %(people)s people.",
        convoy=move.convoy,
        at=t.hm(move.departs),
        people=number(move.people),
    )
    if move.gain is not None:
        best += " " + _("%(gain)s of them expected to arrive.", gain=number(move.gain))
    return Block(title, (words, f"{best} {_('It needs its clearance.')}"))


def _rivals(picture: Picture, tell: Teller, t: Times) -> Block:
    _ = tell.said
    rows = []
    for event in rival_events(picture, most=20):
        for one in (*event.claims, *event.disputes):
            body = one.body
            says = tell.ours(body.what) if isinstance(body, Incident) else ""
            says = body.says if isinstance(body, Dispute) else says
            figures = ""
            if isinstance(body, Incident):
                figures = _.listed(
                    f"{word} {people}"
                    for word, people in ((_("killed"), body.killed), (_("hurt"), body.hurt))
                    if people is not None
                )
            rows.append((event.id, who_says(one), t.hm(one.heard_at), says, figures))
    return Block(
        _("Rival claims, side by side"),
        (_("None of them is called true here."),),
        (_("event"), _("per"), _("heard at"), _("claim"), _("figures")),
        tuple(rows),
    )
