"""Held convoys: hours on board, who is aboard, water, who may leave the bus, the next call.

What the ledger has no field for travels as words in the note of a `held` report, in one fixed form,
so that it can be read back here and by a person alike.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.deciding.acts import message
from safepassage.board.entering.reading import text
from safepassage.board.entering.shorttime import whole_time
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.picture import Picture
from safepassage.board.wall.figures import wounded_classes
from safepassage.board.wall.going import place_name
from safepassage.board.wording import later
from safepassage.ledger.entry import Entry
from safepassage.ledger.faults import EntryError
from safepassage.ledger.said import Statement
from safepassage.ledger.seen import Movement
from safepassage.scenario.scenario import Scenario

FIELDS = ("infants", "patients", "water", "may leave the bus", "next call")
LONG = timedelta(hours=4)
"""Assumed where the scenario states no longest time on board."""


@dataclass(frozen=True, slots=True)
class Held:
    """One convoy on the road, with the last that was told of those aboard."""

    convoy: str
    state: str
    place: str
    since: datetime | None
    on_board: timedelta | None
    too_long: bool
    people: int
    patients: int
    told: dict[str, str]
    told_at: datetime | None
    next_call: datetime | None


async def held(request: Request) -> Response:
    """Show every convoy on the road with what those aboard need."""
    return await _held(request)


async def _held(request: Request, fault: str = "") -> Response:
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=2.0)
    reports = await room.read(
        lambda ledger: [one for one in ledger.entries(0, None, ("movement",)) if _is_report(one)]
    )
    return render(
        request,
        "working/held.html.j2",
        status=422 if fault else 200,
        fault=fault,
        convoys=held_convoys(room.scenario, picture, reports, who.session.language),
        people=sorted(room.all_roles()),
    )


def held_convoys(
    scenario: Scenario, picture: Picture, reports: list[Entry], language: str
) -> tuple[Held, ...]:
    """Return the convoys with people on the road, the longest on board first."""
    now = picture.situation
    hurt = wounded_classes(scenario)
    limit = scenario.rules.longest_on_board or LONG
    last = {one.body.convoy: one for one in reports if isinstance(one.body, Movement)}
    found = []
    for one in now.convoys.values():
        rolling = [now.vehicles[c] for c in one.vehicles if c in now.vehicles]
        rolling = [car for car in rolling if car.on_the_road and any(car.aboard.values())]
        if not rolling:
            continue
        left = min((car.departed_at for car in rolling if car.departed_at), default=None)
        on_board = None if left is None else picture.at - left
        report = last.get(one.convoy)
        body = None if report is None else report.body
        told = read_note(body.note or "") if isinstance(body, Movement) else {}
        found.append(
            Held(
                convoy=one.convoy,
                state=one.state,
                place=place_name(scenario, one.place, language),
                since=left,
                on_board=on_board,
                too_long=on_board is not None and on_board > limit,
                people=sum(sum(car.aboard.values()) for car in rolling),
                patients=sum(n for car in rolling for key, n in car.aboard.items() if key in hurt),
                told=told,
                told_at=None if report is None else report.heard_at,
                next_call=_time(told.get("next call")),
            )
        )
    return tuple(sorted(found, key=lambda one: one.on_board or timedelta(0), reverse=True))


def note_of(values: dict[str, str]) -> str:
    """Return what was told of those aboard as one line."""
    return " · ".join(f"{key}: {values[key]}" for key in FIELDS if values.get(key))


def read_note(note: str) -> dict[str, str]:
    """Return the parts of such a line; words of any other form are nobody's fields."""
    parts = (re.fullmatch(r"([a-z ]+): (.+)", one.strip()) for one in note.split(" · "))
    return {one[1]: one[2] for one in parts if one is not None and one[1] in FIELDS}


async def report(request: Request) -> Response:
    """Enter what was told of a held convoy."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    now = room.now_in_zone()
    values = {key: text(form, key).replace("·", "-") for key in FIELDS}
    if values["next call"]:
        values["next call"] = whole_time(values["next call"], now=now, field="due")
    body = Movement(
        what="held",
        convoy=text(form, "convoy") or None,
        place=text(form, "place") or None,
        note=note_of(values) or None,
    )
    try:
        await room.append([message(body, who, at=room.clock())])
    except EntryError as error:
        return await _held(request, "; ".join(str(one) for one in error.faults))
    return RedirectResponse("/held", 303)


async def hand_over(request: Request) -> Response:
    """Enter who watches over the held convoys from now on, and what is open."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    to, words = text(form, "to"), text(form, "open")
    if to not in room.all_roles() or to == who.person:
        return await _held(request, "hand over to: want another person of this room")
    quote = f"Shift handed over from {who.person} to {to}. Open: {words or 'nothing'}"
    body = Statement(speaker=who.person, quote=quote)
    try:
        await room.append([message(body, who, at=room.clock())])
    except EntryError as error:
        return await _held(request, "; ".join(str(one) for one in error.faults))
    return RedirectResponse("/held", 303)


def _is_report(entry: Entry) -> bool:
    body = entry.body
    return isinstance(body, Movement) and body.what == "held" and body.convoy is not None


def _time(written: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


WAYS.append(Way("/held", later("On board"), "see held", "b"))
ROUTES: list[Route] = [
    page("/held", held, "see held"),
    page("/held/report", report, "enter movement", methods=("POST",)),
    page("/held/hand-over", hand_over, "enter statement", methods=("POST",)),
]
