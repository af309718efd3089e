"""The pages on which entries are typed."""

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.entering.forms import TYPED_CHANNELS, fields_of
from safepassage.board.entering.meant import MEANS_ONE, meant
from safepassage.board.entering.reading import message_of, new_id, text
from safepassage.board.pages import QUICK, WAYS, Way, render
from safepassage.board.roles import ENTERS
from safepassage.board.wall.told import in_words
from safepassage.board.wording import later, words
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, Fault, LedgerError

GROUPS: Mapping[str, tuple[str, ...]] = {
    later("Promises"): ("guarantee", "confirmation", "withdrawal", "dispute", "term", "agreement"),
    later("On the road"): ("movement", "count", "incident", "closure", "proof", "check"),
    later("People"): ("consent", "condition", "readiness", "release"),
    later("Words"): ("statement", "notification", "acknowledgement", "attempt", "decision"),
    later("The record itself"): ("correction", "clock"),
}
KEYS: Mapping[str, str] = {"guarantee": "g", "movement": "m", "count": "k", "incident": "i"}
"""Kinds that a single letter opens from anywhere."""


async def index(request: Request) -> Response:
    """Show all kinds that this person may enter."""
    who: Who = request.state.who
    groups = {
        group: [one for one in kinds if who.may(f"enter {one}")] for group, kinds in GROUPS.items()
    }
    return render(
        request,
        "entering/index.html.j2",
        groups={group: kinds for group, kinds in groups.items() if kinds},
        keys=KEYS,
    )


def _entering(kind: str) -> Route:
    async def enter(request: Request) -> Response:
        if request.method == "POST":
            return await _store(request, kind)
        return await _form(request, kind)

    return page(f"/enter/{kind}", enter, f"enter {kind}", methods=("GET", "POST"))


async def _store(request: Request, kind: str) -> Response:
    room = room_of(request)
    form = await request.form()
    try:
        message = await _message(request, kind, form)
        receipt = (await room.append([message]))[0]
    except EntryError as error:
        return await _form(request, kind, form, error.faults)
    except LedgerError as error:
        return await _form(request, kind, form, (Fault("the ledger", "", str(error)),))
    if receipt.state == "refused":
        return await _form(request, kind, form, (Fault("entry.id", "", receipt.why),))
    return RedirectResponse(f"/enter/{kind}?done={receipt.seq}", 303)


async def _message(request: Request, kind: str, form: FormData) -> Message:
    """Return what a form says, with the entry that it means; every fault at once."""
    room = room_of(request)
    who: Who = request.state.who
    typed, faults = text(form, "about"), list[Fault]()
    if kind in MEANS_ONE and typed:
        try:
            id_ = await room.read(lambda ledger: meant(kind, typed, ledger, who=who.person))
        except EntryError as error:
            faults += error.faults
        else:
            others = [one for one in form.multi_items() if one[0] != "about"]
            form = FormData([*others, ("about", id_)])
    try:
        message = message_of(kind, form, who=who.person, now=room.now_in_zone())
    except EntryError as error:
        raise EntryError((*faults, *error.faults)) from error
    if faults:
        raise EntryError(tuple(faults))
    return message


async def _form(
    request: Request, kind: str, form: FormData | None = None, faults: tuple[Fault, ...] = ()
) -> Response:
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=5.0)
    language = who.session.language
    done = request.query_params.get("done", "")
    stored = None
    if done.isdecimal():
        number = int(done)
        found = await room.read(lambda ledger: list(ledger.entries(number - 1, number)))
        stored = found[0] if found and found[0].kind == kind else None
    by_field = {one.where.partition(".")[2] or one.where: one for one in faults}
    return render(
        request,
        "entering/form.html.j2",
        status=422 if faults else 200,
        kind=kind,
        fields=fields_of(kind, room.scenario, picture, who=who.person, language=language),
        given=_given(form, request),
        id=new_id() if form is None else str(form.get("id") or new_id()),
        channels=TYPED_CHANNELS,
        faults=faults,
        by_field=by_field,
        stored=stored,
        stored_words=None
        if stored is None
        else in_words(room.scenario, stored, language, room.number_of),
        said=words(language),
    )


def _given(form: FormData | None, request: Request) -> Mapping[str, list[str]]:
    """Return what was typed before, or what a link has filled in."""
    items = request.query_params.multi_items() if form is None else form.multi_items()
    found: dict[str, list[str]] = {}
    for key, value in items:
        if isinstance(value, str):
            found.setdefault(key, []).append(value)
    return found


WAYS.append(Way("/enter", later("Enter"), "see log", "e"))
QUICK |= {key: (f"/enter/{kind}", f"enter {kind}") for kind, key in KEYS.items()}
ROUTES: list[Route] = [
    page("/enter", index, "see log"),
    *(_entering(kind) for kind in ENTERS),
]
