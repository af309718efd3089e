"""The sheet for the hand-over of a shift: who is on board where, what is due, what is open."""

from collections.abc import Iterable

from safepassage.board.documents.paper import SIGNED, Block, Paper
from safepassage.board.naming import Teller
from safepassage.board.pages import Times, number, span
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wall.aboard import DRINK, Aboard, Told, aboard
from safepassage.board.wording import Words, later
from safepassage.board.working.expiring import found_in
from safepassage.board.working.radio import calls
from safepassage.ledger.situation import AboardNow
from safepassage.scenario.scenario import Scenario

_HOW = later(
    "Figures of a convoy and of its vehicles are never added. Water told in litres is reckoned at "
    "%(litres)s litres a person and day, assumed."
)
LAPSES = 8
OVERDUE, TOO_LONG = later("OVERDUE"), later("TOO LONG")


def handover(scenario: Scenario, picture: Picture, tell: Teller, *, mode: Mode) -> Paper:
    """Return the sheet: it is read through by both and signed by both."""
    t = Times(picture.at, scenario.start.tzinfo)
    now = picture.situation
    _, language = tell.said, tell.said.language
    line = f"{_(SIGNED)} ______________________"
    return Paper(
        title=_("Hand-over of the shift"),
        mission=tell.names.mission,
        mode=mode,
        audience="cell",
        made_at=t.full(picture.at),
        upto=picture.upto,
        blocks=(
            on_board_block(aboard(scenario, picture, language), tell, t),
            Block(
                _("Calls that are due"),
                head=(_("whom"), _("last heard"), _("due")),
                rows=tuple(
                    (one.who, t.hm(one.last), t.hm(one.due) + _late(one.overdue, _))
                    for one in calls(scenario, picture, language)
                ),
            ),
            Block(
                _("Holds that stand"),
                head=(_("for"), _("why"), _("by"), _("since"), _("lifted by")),
                rows=tuple(
                    (
                        one.convoy or _("everybody"),
                        tell.ours(one.why),
                        one.person,
                        t.hm(one.since),
                        _.listed(one.lifted_by) or _("nobody yet"),
                    )
                    for one in now.open_holds
                ),
            ),
            Block(
                _("What lapses next"),
                head=(_("what"), _("about"), _("ends")),
                rows=tuple(
                    (_(one.what), tell(one.about), t.hm(one.at))
                    for one in found_in(picture)[:LAPSES]
                ),
            ),
            Block(_("Open, in words"), ("______________________", "______________________")),
            Block(_("Hands over"), (line,)),
            Block(_("Takes over"), (line,)),
        ),
        language=language,
    )


def _late(overdue: bool, said: Words) -> str:  # noqa: FBT001 - read at the call
    return f", {said(OVERDUE)}" if overdue else ""


def on_board_block(convoys: Iterable[Aboard], tell: Teller, t: Times) -> Block:
    """Return those on board as a table: a row a convoy, then one for each vehicle told apart."""
    _ = tell.said
    rows = []
    for one in convoys:
        whole = next((this for this in one.told if this.vehicle is None), None)
        rows.append(_row(one.convoy, one, whole, t, _))
        rows += [
            _row(_("of it %(vehicle)s", vehicle=this.vehicle), None, this, t, _)
            for this in one.told
            if this.vehicle
        ]
    return Block(
        _("On board between two places"),
        (_(_HOW, litres=DRINK),),
        (
            *(_("convoy or vehicle"), _("people"), _("on board for"), _("infants"), _("patients")),
            *(_("water"), _("may leave the bus"), _("next call")),
        ),
        tuple(rows),
    )


def _row(name: str, one: Aboard | None, told: Told | None, t: Times, _: Words) -> tuple[str, ...]:
    said = None if told is None else told.said
    people, since = "", ""
    if one is not None:
        people = number(one.people)
        long = f", {_(TOO_LONG)}" if one.too_long else ""
        since = _("not known") if one.on_board is None else f"{span(one.on_board)}{long}"
    call = one.next_call if one is not None else None if said is None else said.next_call
    return (
        name,
        people,
        since,
        _told(None if said is None else said.infants, "infants", said, t, _),
        _told(None if said is None else said.patients, "patients", said, t, _),
        _water(told, t, _),
        _told(
            None if said is None or said.may_leave is None else _(said.may_leave),
            "may_leave",
            said,
            t,
            _,
        ),
        _("not agreed") if call is None else t.hm(call) + _late(call <= t.now, _),
    )


def _told(value: int | str | None, name: str, said: AboardNow | None, t: Times, _: Words) -> str:
    if value is None or said is None:
        return _("not reported")
    return _("%(value)s (told %(at)s)", value=value, at=t.hm(said.as_of.get(name)))


def _water(told: Told | None, t: Times, _: Words) -> str:
    if told is None or (told.said.water_hours is None and told.said.water_litres is None):
        return _("not reported")
    said = told.said
    parts = []
    if said.water_hours is not None:
        hours = _("%(n)s hours", n=said.water_hours)
        parts.append(_told(hours, "water_hours", said, t, _))
    if said.water_litres is not None:
        litres = _("%(n)s litres", n=f"{said.water_litres:,}")
        parts.append(_told(litres, "water_litres", said, t, _))
    if told.water_ends is not None:
        ended = told.water_ends <= t.now
        parts.append(_("HAS RUN OUT") if ended else _("until %(at)s", at=t.hm(told.water_ends)))
        if told.low(t.now) and not ended:
            parts.append(_("LOW"))
    return _.listed(parts)
