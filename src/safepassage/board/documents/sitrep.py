"""The situation report: numbers with their source and time, contradictions side by side.

The cell's holds everything. The public's is made from an allow-list of its own: who has arrived,
and no place, no hour to come, no party.
"""

from safepassage.board.documents.handover import on_board_block
from safepassage.board.documents.paper import Block, Paper
from safepassage.board.pages import Times, number
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wall.aboard import aboard
from safepassage.board.wall.figures import Figure, counts_now
from safepassage.board.wall.going import Move, going, next_move
from safepassage.board.wall.moving import convoy_lines
from safepassage.board.wall.nogo import UNASKED, nobody_asked
from safepassage.board.wall.terms import term_lines
from safepassage.board.wall.told import conditions, rival_events, who_says
from safepassage.clearance.readiness import readiness
from safepassage.ledger.decided import Uncleared
from safepassage.ledger.said import Dispute
from safepassage.ledger.seen import Incident
from safepassage.scenario.scenario import Scenario


def sitrep(scenario: Scenario, picture: Picture, *, mode: Mode, public: bool) -> Paper:
    """Return the report for the cell, or the one that may be shown to everybody."""
    t = Times(picture.at, scenario.start.tzinfo)
    blocks = _public(scenario, picture) if public else _cell(scenario, picture, t, mode=mode)
    return Paper(
        title="Situation report",
        mission=scenario.name,
        mode=mode,
        audience="public" if public else "cell",
        made_at=t.full(picture.at),
        upto=picture.upto,
        blocks=tuple(blocks),
    )


def _public(scenario: Scenario, picture: Picture) -> list[Block]:
    """Return what the report for the public may hold: no clause, they name parties and places."""
    counts = counts_now(scenario, picture.situation)
    return [
        Block(
            "How many",
            ("Counted at the gate where people arrive. This is no call to move, and no promise.",),
            ("", "people"),
            (("have arrived, as we counted", number(counts.arrived.ours)),),
        )
    ]


def _cell(scenario: Scenario, picture: Picture, t: Times, *, mode: Mode) -> list[Block]:
    now = picture.situation
    counts = counts_now(scenario, now)
    move = next_move(scenario, picture)
    found = None if picture.next is None else going(scenario, picture.next)
    blocks = [
        Block(
            "How many people",
            head=("", "our count", "as of", "others"),
            rows=(
                _figure("arrived", counts.arrived, t),
                _figure("on the road", counts.road, t),
                _figure("waiting on the way", counts.waiting, t),
                _figure("still inside", counts.inside, t),
                ("wounded: arrived", number(counts.wounded_arrived), "", ""),
                ("wounded: on the road", number(counts.wounded_road), "", ""),
                ("wounded: still inside", number(counts.wounded_inside), "", ""),
            ),
        )
    ]
    if found is not None:
        clearance = found.answer.clearance
        word = "GO" if clearance.go else "NO-GO"
        blocks.append(
            Block(
                f"May we go: {word} for {clearance.convoy}",
                tuple(one.words for one in clearance.reasons if one.line != "promise"),
                ("party", "stretch or post", "state", "until"),
                tuple(
                    (
                        one.party,
                        one.stretch,
                        "confirmed" if one.line.allows else one.line.state,
                        t.hm(one.line.until),
                    )
                    for one in found.rows
                ),
            )
        )
    unasked = mode == "DRILL" and nobody_asked(picture)
    blocks.append(
        Block(
            "Convoys",
            (UNASKED,) if unasked else (),
            head=("convoy", "last report", "at", "aboard", "to"),
            rows=tuple(
                (
                    f"{one.convoy} (MOVED WITHOUT CLEARANCE)"
                    if one.uncleared
                    else f"{one.convoy} (no go is in the record for its departure)"
                    if one.no_go
                    else one.convoy,
                    f"{one.state} {one.place}".strip(),
                    t.hm(one.reported_at) + (", no report since" if one.stale else ""),
                    number(one.aboard),
                    one.to,
                )
                for one in convoy_lines(scenario, picture, "en", said_once=unasked)
            ),
        )
    )
    on_board = aboard(scenario, picture, "en")
    if on_board:
        blocks.append(on_board_block(on_board, t))
    blocks.append(_stops(counts.arrived, counts.road, counts.inside, move, t))
    blocks.append(_rivals(picture, t))
    blocks.append(
        Block(
            "Those still inside",
            head=("place", "of what", "state", "as of", "per"),
            rows=tuple(
                (one.place, one.what, one.state, t.hm(one.as_of), one.who)
                for one in conditions(scenario, picture.said, "en")
            ),
        )
    )
    if picture.plan is not None and picture.next is not None:
        ready = readiness(picture.plan, picture.said, picture.next, at=picture.at)
        blocks.append(
            Block(
                "What is missing for the next opening",
                head=("what", "needed", "ready", "missing"),
                rows=tuple(
                    (
                        f"{one.what} {one.kind}",
                        number(one.needed),
                        number(one.ready),
                        one.missing or "",
                    )
                    for one in ready.missing
                ),
            )
        )
    blocks.append(_terms(scenario, picture))
    uncleared = [one for one in picture.said if isinstance(one.body, Uncleared)]
    if uncleared:
        rows = tuple(
            (one.body.convoy, one.body.first, one.body.second, one.body.why)
            for one in uncleared
            if isinstance(one.body, Uncleared)
        )
        blocks.append(
            Block("Moved without clearance", head=("convoy", "by", "and by", "why"), rows=rows)
        )
    return blocks


def _terms(scenario: Scenario, picture: Picture) -> Block:
    return Block(
        "What is agreed and what is open",
        head=("clause", "state", "each party's version"),
        rows=tuple(
            (
                one.text,
                f"{one.state}, VERSIONS DIFFER" if one.differ else one.state,
                "; ".join(f"{x.name}: {x.words or 'no version recorded'}" for x in one.versions),
            )
            for one in term_lines(scenario, picture.situation.terms, "en")
        ),
    )


def _figure(name: str, one: Figure, t: Times) -> tuple[str, ...]:
    others = ", ".join(f"{who} {people:,}" for who, people in one.by)
    if not others and one.low is not None:
        others = f"between {one.low:,} and {number(one.high)}"
    return name, number(one.ours), t.hm(one.as_of), others


def _stops(arrived: Figure, road: Figure, inside: Figure, move: Move | None, t: Times) -> Block:
    words = (
        f"{number(arrived.ours)} have arrived, {number(road.ours)} are caught on the road, "
        f"{number(inside.ours)} are still inside."
    )
    if move is None:
        return Block("If it stops now", (words, "No move is planned."))
    expected = "" if move.gain is None else f", {move.gain:,.0f} of them expected to arrive"
    best = (
        f"Next best move of the plan in force: {move.convoy} at {t.hm(move.departs)}, "
        f"{number(move.people)} people{expected}. It needs its clearance."
    )
    return Block("If it stops now", (words, best))


def _rivals(picture: Picture, t: Times) -> Block:
    rows = []
    for event in rival_events(picture, most=20):
        for one in (*event.claims, *event.disputes):
            body = one.body
            says = body.what if isinstance(body, Incident) else ""
            says = body.says if isinstance(body, Dispute) else says
            figures = ""
            if isinstance(body, Incident):
                figures = ", ".join(
                    f"{word} {people}"
                    for word, people in (("killed", body.killed), ("hurt", body.hurt))
                    if people is not None
                )
            rows.append((event.id, who_says(one), t.hm(one.heard_at), says, figures))
    return Block(
        "Rival claims, side by side",
        ("None of them is called true here.",),
        ("event", "per", "heard at", "claim", "figures"),
        tuple(rows),
    )
