"""The sheet for the hand-over of a shift: who is on board where, what is due, what is open."""

from collections.abc import Iterable
from datetime import datetime

from safepassage.board.documents.paper import Block, Paper
from safepassage.board.pages import Times, number, span
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wall.aboard import DRINK, Aboard, Told, aboard
from safepassage.board.working.expiring import found_in
from safepassage.board.working.radio import calls
from safepassage.scenario.scenario import Scenario

NOT_TOLD = "not reported"
_HOW = (
    "Figures of a convoy and of its vehicles are never added. Water told in litres is reckoned at "
    f"{DRINK} litres a person and day, assumed."
)
LAPSES = 8


def handover(scenario: Scenario, picture: Picture, *, mode: Mode) -> Paper:
    """Return the sheet: it is read through by both and signed by both."""
    t = Times(picture.at, scenario.start.tzinfo)
    now = picture.situation
    line = "Call sign, signature, date and time: ______________________"
    return Paper(
        title="Hand-over of the shift",
        mission=scenario.name,
        mode=mode,
        audience="cell",
        made_at=t.full(picture.at),
        upto=picture.upto,
        blocks=(
            on_board_block(aboard(scenario, picture, "en"), t),
            Block(
                "Calls that are due",
                head=("whom", "last heard", "due"),
                rows=tuple(
                    (one.who, t.hm(one.last), t.hm(one.due) + (", OVERDUE" if one.overdue else ""))
                    for one in calls(scenario, picture, "en")
                ),
            ),
            Block(
                "Holds that stand",
                head=("for", "why", "by", "since", "lifted by"),
                rows=tuple(
                    (
                        one.convoy or "everybody",
                        one.why,
                        one.person,
                        t.hm(one.since),
                        ", ".join(one.lifted_by) or "nobody yet",
                    )
                    for one in now.open_holds
                ),
            ),
            Block(
                "What lapses next",
                head=("what", "about", "ends"),
                rows=tuple(
                    (one.what, one.subject, t.hm(one.at)) for one in found_in(picture)[:LAPSES]
                ),
            ),
            Block("Open, in words", ("______________________", "______________________")),
            Block("Hands over", (line,)),
            Block("Takes over", (line,)),
        ),
    )


def on_board_block(convoys: Iterable[Aboard], t: Times) -> Block:
    """Return those on board as a table: a row a convoy, then one for each vehicle told apart."""
    rows = []
    for one in convoys:
        whole = next((this for this in one.told if this.vehicle is None), None)
        rows.append(_row(one.convoy, one, whole, t))
        rows += [_row(f"of it {this.vehicle}", None, this, t) for this in one.told if this.vehicle]
    return Block(
        "On board between two places",
        (_HOW,),
        (
            *("convoy or vehicle", "people", "on board for", "infants", "patients", "water"),
            *("may leave the bus", "next call"),
        ),
        tuple(rows),
    )


def _row(name: str, one: Aboard | None, told: Told | None, t: Times) -> tuple[str, ...]:
    said = None if told is None else told.said
    people, since = "", ""
    if one is not None:
        people = number(one.people)
        long = ", TOO LONG" if one.too_long else ""
        since = "not known" if one.on_board is None else f"{span(one.on_board)}{long}"
    call = one.next_call if one is not None else None if said is None else said.next_call
    return (
        name,
        people,
        since,
        NOT_TOLD if said is None else _told(said.infants, said.as_of.get("infants"), t),
        NOT_TOLD if said is None else _told(said.patients, said.as_of.get("patients"), t),
        _water(told, t),
        NOT_TOLD if said is None else _told(said.may_leave, said.as_of.get("may_leave"), t),
        "not agreed" if call is None else t.hm(call) + (", OVERDUE" if call <= t.now else ""),
    )


def _told(value: int | str | None, at: datetime | None, t: Times) -> str:
    return NOT_TOLD if value is None else f"{value} (told {t.hm(at)})"


def _water(told: Told | None, t: Times) -> str:
    if told is None or (told.said.water_hours is None and told.said.water_litres is None):
        return NOT_TOLD
    said = told.said
    parts = []
    if said.water_hours is not None:
        parts.append(f"{said.water_hours} h (told {t.hm(said.as_of['water_hours'])})")
    if said.water_litres is not None:
        parts.append(f"{said.water_litres:,} l (told {t.hm(said.as_of['water_litres'])})")
    if told.water_ends is not None:
        ended = told.water_ends <= t.now
        end = "HAS RUN OUT" if ended else f"until {t.hm(told.water_ends)}"
        parts.append(end + (", LOW" if told.low(t.now) and not ended else ""))
    return ", ".join(parts)
