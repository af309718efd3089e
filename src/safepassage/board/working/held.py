"""Held convoys: hours on board, who is aboard, water, who may leave the bus, the next call."""

import re

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.deciding.acts import message
from safepassage.board.entering.reading import message_of, text
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.wall.aboard import DRINK, aboard
from safepassage.board.wording import later
from safepassage.ledger.entry import Entry
from safepassage.ledger.faults import EntryError, Fault
from safepassage.ledger.on_board import TOLD
from safepassage.ledger.said import Statement
from safepassage.ledger.seen import MAY_LEAVE, Movement

OLD_FIELDS = ("infants", "patients", "water", "may leave the bus", "next call")
"""What the note of a `held` report carried before the ledger had fields for it."""


async def held(request: Request) -> Response:
    """Show every convoy on the road with what those aboard need."""
    return await _held(request)


async def _held(
    request: Request, faults: tuple[Fault, ...] = (), given: FormData | None = None
) -> Response:
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=2.0)
    reports = await room.read(
        lambda ledger: [one for one in ledger.entries(0, None, ("movement",)) if _is_report(one)]
    )
    return render(
        request,
        "working/held.html.j2",
        status=422 if faults else 200,
        faults=faults,
        given=given or FormData(),
        convoys=aboard(room.scenario, picture, who.session.language),
        notes=old_notes(reports),
        may_leave=MAY_LEAVE,
        drink=DRINK,
        people=sorted(room.all_roles()),
    )


def old_notes(reports: list[Entry]) -> dict[str, tuple[Entry, str]]:
    """Return, by convoy, the last report whose note told of those on board, as it was written."""
    found = {}
    for one in reports:
        body = one.body
        if isinstance(body, Movement) and body.convoy and read_note(body.note or ""):
            found[body.convoy] = (one, body.note or "")
    return found


def read_note(note: str) -> dict[str, str]:
    """Return the parts of an old note; words of any other form are nobody's fields."""
    parts = (re.fullmatch(r"([a-z ]+): (.+)", one.strip()) for one in note.split(" · "))
    return {one[1]: one[2] for one in parts if one is not None and one[1] in OLD_FIELDS}


async def report(request: Request) -> Response:
    """Enter what was told of a held convoy, or of one of its vehicles."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    if not any(text(form, one) for one in TOLD):
        wanted = "at least one thing that was told; what nobody told stays open"
        return await _held(request, (Fault("movement", "nothing", wanted),), form)
    sent = FormData([*((k, v) for k, v in form.multi_items() if k != "what"), ("what", "held")])
    try:
        entry = message_of("movement", sent, who=who.person, now=room.now_in_zone())
        await room.append([entry])
    except EntryError as error:
        return await _held(request, error.faults, form)
    return RedirectResponse("/held", 303)


async def hand_over(request: Request) -> Response:
    """Enter who watches over the held convoys from now on, and what is open."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    to, words = text(form, "to"), text(form, "open")
    if to not in room.all_roles() or to == who.person:
        wanted = "another person of this room"
        return await _held(request, (Fault("hand over to", to or "nobody", wanted),), form)
    quote = f"Shift handed over from {who.person} to {to}. Open: {words or 'nothing'}"
    body = Statement(speaker=who.person, quote=quote)
    try:
        await room.append([message(body, who, at=room.clock())])
    except EntryError as error:
        return await _held(request, error.faults, form)
    return RedirectResponse("/held", 303)


def _is_report(entry: Entry) -> bool:
    body = entry.body
    return isinstance(body, Movement) and body.what == "held" and body.note is not None


WAYS.append(Way("/held", later("On board"), "see held", "b"))
ROUTES: list[Route] = [
    page("/held", held, "see held"),
    page("/held/report", report, "enter movement", methods=("POST",)),
    page("/held/hand-over", hand_over, "enter statement", methods=("POST",)),
]
