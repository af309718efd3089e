"""The pages on people by slip: what does not fit, one slip, the forms, and the sheets to print."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.entering.reading import message_of, new_id
from safepassage.board.groups.reckoning import Reckoning, reckon
from safepassage.board.groups.sheet import Paper, SheetError, papers, token_in
from safepassage.board.groups.slips import KINDS, Slip
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.phone.report import token_fits
from safepassage.board.picture import Picture
from safepassage.board.room import Room
from safepassage.board.wording import later
from safepassage.ledger.carried import HandOver, Household
from safepassage.ledger.entry import Entry, Message
from safepassage.ledger.faults import EntryError, Fault, LedgerError
from safepassage.ledger.log import Ledger
from safepassage.ledger.promises import Corrections

WAYS.append(Way("/groups", later("People by slip"), "see groups", "t"))
FORMS: Mapping[str, tuple[str, ...]] = {
    "household": ("token", "group", "people", "together", "unaccompanied", "separated", "carer"),
    "consent": ("token", "group", "people", "wish", "wants", "language", "told"),
    "passage": ("token", "what", "place", "convoy", "vehicle", "people"),
    "handover": ("handover", "end", "of", "people", "organisation", "place", "convoy", "tokens"),
    "sweep": ("place", "found", "patients", "note"),
    "referral": ("tokens", "people", "to", "convoy", "why"),
}
"""The forms of these pages and what is typed in each."""
TOKENS = ("token", "tokens", "together")


@dataclass(frozen=True, slots=True)
class Now:
    """What the pages show, as of one entry."""

    picture: Picture
    reckoning: Reckoning
    entries: tuple[Entry, ...]


async def groups(request: Request) -> Response:
    """Show who is on the way, who is missing, what is not signed."""
    return await _overview(request)


async def slip(request: Request) -> Response:
    """Show one slip with the forms that are filled in about it."""
    return await _slip(request, token_in(request.query_params.get("token", "")), ())


async def enter(request: Request) -> Response:
    """Store what one form says."""
    kind = request.path_params["kind"]
    form = await request.form()
    room, who = room_of(request), _who(request)
    if kind not in FORMS:
        return await _overview(request, (Fault("form", kind, "one of " + ", ".join(FORMS)),))
    token = token_in(str(form.get("token", "")))
    try:
        message = message_of(kind, _clean(form), who=who.person, now=room.now_in_zone())
        faults = await _wrong(room, message)
        if not faults:
            receipt = (await room.append([message]))[0]
            if receipt.state == "refused":
                faults = (Fault("entry", receipt.why, "an id that is not taken"),)
    except EntryError as error:
        faults = error.faults
    except LedgerError as error:
        faults = (Fault("ledger", str(error), "a ledger that can be written"),)
    if faults:
        if token and kind in {"household", "consent", "passage"}:
            return await _slip(request, token, faults)
        return await _overview(request, faults)
    onward = f"/groups/slip?token={token}" if token_fits(token) else "/groups"
    return RedirectResponse(onward, 303)


async def sheet(request: Request) -> Response:
    """Show slips to print: for cutting, or as strips for the wrist."""
    room = room_of(request)
    asked = request.query_params
    fault: object = None
    made: tuple[Paper, ...] = ()
    first, number = asked.get("first", ""), asked.get("number", "")
    if first or number:
        try:
            made = papers(
                int(first) if first.isdecimal() and len(first) < 12 else 0,
                int(number) if number.isdecimal() and len(number) < 6 else 0,
                mode=room.mode,
                mission=room.scenario.name,
            )
        except SheetError as error:
            fault = str(error)
    return render(
        request,
        "groups/sheet.html.j2",
        status=200 if fault is None else 422,
        papers=made,
        fault=fault,
        bands=asked.get("form") == "wristband",
        first=first,
        number=number,
    )


ROUTES: list[Route] = [
    page("/groups", groups, "see groups"),
    page("/groups/slip", slip, "see groups"),
    page("/groups/sheet", sheet, "see groups"),
    page("/groups/enter/{kind}", enter, "do keep slips", methods=("POST",)),
]


# --- inside


def _who(request: Request) -> Who:
    who = request.state.who
    assert isinstance(who, Who)  # noqa: S101 - what `page` puts there
    return who


def _clean(form: FormData) -> FormData:
    """Return a form whose slips are numbers, however they were read."""
    pairs = []
    for key, value in form.multi_items():
        text = value
        if key == "token" and isinstance(value, str):
            text = token_in(value)
        pairs.append((key, text))
    return FormData(pairs)


async def _read(room: Room) -> Now:
    picture = await room.picture(age=2.0)

    def read(ledger: Ledger) -> tuple[list[Entry], Corrections]:
        found = list(ledger.entries(0, picture.upto, KINDS))
        corrected = ledger.entries(0, picture.upto, ("correction", "confirmation"))
        return found, Corrections(corrected)

    entries, corrections = await room.read(read)
    plan = None if picture.plan is None else picture.plan.plan
    made = reckon(entries, corrections, picture.situation, room.scenario, plan)
    return Now(picture, made, tuple(entries))


async def _wrong(room: Room, message: Message) -> tuple[Fault, ...]:
    """Return what the record as a whole says against a message."""
    body = message.body
    faults: list[Fault] = []
    for field in TOKENS:
        value = getattr(body, field, None)
        for token in () if value is None else (value,) if isinstance(value, str) else value:
            if not token_fits(token):
                wanted = "a slip's number with its check digit, e.g. 2047-9; never a name"
                faults.append(Fault(f"{message.kind}.{field}", "something that is no slip", wanted))
    places = room.scenario.place
    for field in ("place", "wants"):
        value = getattr(body, field, None)
        if value is not None and value not in places:
            faults.append(Fault(f"{message.kind}.{field}", value, "a place of the mission"))
    group = getattr(body, "group", None)
    if group is not None and group not in room.scenario.group:
        faults.append(Fault(f"{message.kind}.group", group, "a group of the mission"))
    if faults:
        return tuple(faults)
    now = await _read(room)
    if isinstance(body, Household):
        children = (body.unaccompanied or 0) + (body.separated or 0)
        if children > body.people:
            faults.append(
                Fault("household.unaccompanied", str(children), f"at most {body.people} in all")
            )
        if body.unaccompanied and body.carer is None:
            wanted = "the organisation that cares for them: children do not travel in nobody's care"
            faults.append(Fault("household.carer", "nobody", wanted))
    elif isinstance(body, HandOver):
        other = next((one for one in now.reckoning.handed if one.handover == body.handover), None)
        signed = (
            None
            if other is None
            else getattr(other, "receives" if body.end == "gives" else "gives")
        )
        if signed is not None and signed.person == body.person:
            faults.append(
                Fault("handover.person", body.person, "another person than signed the other end")
            )
    return tuple(faults)


async def _overview(request: Request, faults: tuple[Fault, ...] = ()) -> Response:
    room = room_of(request)
    now = await _read(room)
    return render(
        request,
        "groups/groups.html.j2",
        status=422 if faults else 200,
        picture=now.picture,
        all=now.reckoning,
        faults=faults,
        scenario=room.scenario,
        may_keep=_who(request).may("do keep slips"),
        id=new_id(),
    )


async def _slip(request: Request, token: str, faults: tuple[Fault, ...]) -> Response:
    room = room_of(request)
    now = await _read(room)
    fits = token_fits(token)
    if token and not fits and not faults:
        faults = (
            Fault("token", "something that is no slip", "its number with the check digit: 2047-9"),
        )
    known = now.reckoning.slips.get(token) if fits else None
    convoys = list(now.picture.situation.convoys) + [
        one for one in now.picture.left if one not in now.picture.situation.convoys
    ]
    return render(
        request,
        "groups/slip.html.j2",
        status=422 if faults else 200,
        token=token if fits else "",
        slip=known or Slip(token if fits else ""),
        known=known is not None,
        faults=faults,
        scenario=room.scenario,
        convoys=convoys[:12],
        may_keep=_who(request).may("do keep slips"),
        id=new_id(),
    )
