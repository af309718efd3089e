"""The pages on which a notice is released, and messages of the public are read and answered."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.entering.reading import text
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.telling.host import PublicHost, told_now
from safepassage.board.wording import later
from safepassage.intake.queue import Queue, QueueError, State
from safepassage.intake.sealing import SealError, open_sealed, read_key, seal_with
from safepassage.ledger.decided import ROLES
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.kinds import Body
from safepassage.ledger.said import Statement
from safepassage.ledger.source import Source
from safepassage.ledger.told import Notice as NoticeEntry
from safepassage.ledger.told import Publication, Takedown
from safepassage.report.public.exact import exact_in, releases_of, unreleased
from safepassage.report.public.notice import NoticeError, read_notice
from safepassage.report.public.released import RELEASING_ROLES

T = TypeVar("T")
MOST_SHOWN = 200
QUOTE = 3_900


def host_of(request: Request) -> PublicHost | None:
    """Return the public host of this board; None where it has none."""
    found = getattr(request.app.state, "public", None)
    return found if isinstance(found, PublicHost) else None


async def public(request: Request, *, faults: tuple[object, ...] = (), draft: str = "") -> Response:
    """Show what is released, what waits, and how each is released or taken down."""
    room = room_of(request)
    who: Who = request.state.who
    state = await told_now(room)
    waiting = [
        {
            "proposal": one,
            "exact": releases_of(one.notice),
            "found": exact_in(one.notice, room.scenario),
            "faults": unreleased(one.notice, room.scenario),
            "mine": who.person in dict(one.released_by),
        }
        for one in state.waiting
    ]
    host = host_of(request)
    return render(
        request,
        "telling/public.html.j2",
        status=422 if faults else 200,
        state=state,
        doubted={} if state.current is None else dict(state.current.doubted),
        waiting=waiting,
        faults=faults,
        draft=draft,
        host=host,
    )


async def propose(request: Request) -> Response:
    """Put a notice into the ledger: nothing of it is public yet."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    draft = text(form, "notice").replace("\r\n", "\n")
    try:
        read = read_notice(draft)
    except NoticeError as error:
        return await public(request, faults=error.faults, draft=draft)
    faults = unreleased(read, room.scenario)
    if faults:
        return await public(request, faults=tuple(faults), draft=draft)
    body = NoticeEntry(read.id, read.text, read.text_hash, who.person)
    return await _entered(request, body, draft=draft)


async def release(request: Request) -> Response:
    """Release exactly the text that was on the page: one of two people of two roles."""
    who: Who = request.state.who
    form = await request.form()
    state = await told_now(room_of(request))
    named, wanted = text(form, "notice"), text(form, "text_hash")
    one = next((each for each in state.waiting if each.notice.id == named), None)
    if one is None or one.notice.text_hash != wanted:
        return await public(
            request, faults=("The text has changed since you read it: read again.",)
        )
    wish = text(form, "role")
    role = next((each for each in ROLES if each in who.roles and wish in {"", each}), wish)
    if role not in who.roles or role not in RELEASING_ROLES:
        return await public(request, faults=(f"Your roles release nothing: {role}.",))
    exact = releases_of(one.notice)
    if sorted(str(each) for each in form.getlist("exact")) != sorted(exact):
        return await public(
            request, faults=("Confirm each exact place and time that the text gives away.",)
        )
    return await _entered(request, Publication(named, wanted, who.person, role, exact))


async def down(request: Request) -> Response:
    """Take a notice off the public page: one person is enough."""
    who: Who = request.state.who
    form = await request.form()
    why = text(form, "why")
    if not why:
        return await public(request, faults=("Say why it is taken down.",))
    return await _entered(request, Takedown(text(form, "notice"), who.person, why))


async def messages(request: Request, *, fault: object = None) -> Response:
    """Show what people wrote: pleas first, what looks like junk last, nothing left out."""
    host = host_of(request)
    if host is None:
        return render(request, "telling/messages.html.j2", host=None, fault=fault)
    state = request.query_params.get("state", "new")
    chosen: State = next((one for one in _STATES if one == state), "new")

    def read(queue: Queue) -> dict[str, Any]:
        return {
            "messages": queue.messages(chosen, most=MOST_SHOWN),
            "counts": queue.counts(),
            "interest": queue.interest(),
        }

    try:
        found = await _with_queue(host, read)
    except QueueError as error:
        return render(request, "telling/messages.html.j2", host=None, fault=error)
    return render(
        request,
        "telling/messages.html.j2",
        status=422 if fault else 200,
        host=host,
        fault=fault,
        chosen=chosen,
        states=_STATES,
        **found,
    )


async def mark(request: Request) -> Response:
    """Sort a message by hand; the classifier learns from it."""
    who: Who = request.state.who
    form = await request.form()
    number, state = _number(form), text(form, "state")
    chosen = next((one for one in _BY_HAND if one == state), None)
    if number is None or chosen is None:
        return await messages(request, fault="Which message, and where to?")
    at = room_of(request).clock()
    return await _done(request, lambda queue: queue.mark(number, chosen, role=_role(who), at=at))


async def answer(request: Request) -> Response:
    """Answer a message: whoever holds its code reads it."""
    who: Who = request.state.who
    form = await request.form()
    number, said = _number(form), text(form, "answer")
    if number is None or not said:
        return await messages(request, fault="An answer needs words.")
    at = room_of(request).clock()
    return await _done(
        request, lambda queue: queue.answer(number, said, None, role=_role(who), at=at)
    )


async def claim(request: Request) -> Response:
    """Put the statement of a party into the ledger as a claim: it changes nothing by itself."""
    host = host_of(request)
    form = await request.form()
    number = _number(form)
    if host is None or number is None:
        return await messages(request, fault="Which message?")
    found = await _with_queue(host, lambda queue: queue.messages(None, most=10**6))
    one = next((each for each in found if each.number == number and each.text), None)
    if one is None or one.text is None:
        return await messages(request, fault=f"There is no message {number} in the clear.")
    room = room_of(request)
    speaker = text(form, "speaker") or "unknown, on the public form"
    source = Source(channel="public page", outlet="public form", quote=one.text[:QUOTE])
    body = Statement(speaker=speaker, quote=one.text[:QUOTE])
    # The same message is entered once, however often the button is pressed.
    entry = Message(f"public-form-{number}-{one.at}", body, source, room.clock())
    try:
        await room.append([entry])
    except (EntryError, LedgerError) as error:
        return await messages(request, fault=error)
    return RedirectResponse("/messages", 303)


async def sensitive(request: Request) -> Response:
    """Show, and answer, what only one role may read."""
    host = host_of(request)
    fault = None
    found: list[dict[str, object]] = []
    if host is None or host.key is None:
        fault = "This board was started without the key for sensitive messages."
        return render(request, "telling/sensitive.html.j2", fault=fault, messages=found)
    try:
        private = read_key(host.key)
        if request.method == "POST":
            form = await request.form()
            fault = await _answer_sealed(request, host, private, form)
        kept = await _with_queue(host, lambda queue: queue.messages("sensitive", most=MOST_SHOWN))
        for one in kept:
            if one.sealed is not None:
                words = json.loads(open_sealed(private, one.sealed))["text"]
                found.append({"number": one.number, "at": one.at, "text": words})
    except (SealError, QueueError) as error:
        fault = str(error)
    return render(request, "telling/sensitive.html.j2", fault=fault, messages=found)


async def _answer_sealed(
    request: Request, host: PublicHost, private: bytes, form: FormData
) -> str | None:
    who: Who = request.state.who
    number, said = _number(form), text(form, "answer")
    if number is None or not said:
        return "An answer needs words."
    at = room_of(request).clock()

    def seal(queue: Queue) -> None:
        key = json.loads(open_sealed(private, queue.sealed_of(number)))["answer_key"]
        sealed = seal_with(bytes.fromhex(key), said.encode())
        queue.answer(number, None, sealed, role=_role(who), at=at)

    await _with_queue(host, seal)
    return None


async def _entered(request: Request, body: Body, *, draft: str = "") -> Response:
    """Enter something, have the pages written, and show what has become of it."""
    room = room_of(request)
    source = Source(channel="room", device=room.signer.device)
    try:
        await room.append([Message(uuid.uuid4().hex, body, source, room.clock())])
    except (EntryError, LedgerError) as error:
        return await public(request, faults=(error,), draft=draft)
    host = host_of(request)
    if host is not None:
        await host.write(room)
    return RedirectResponse("/public", 303)


async def _done(request: Request, work: Callable[[Queue], None]) -> Response:
    host = host_of(request)
    if host is None:
        return await messages(request, fault="This board has no public host.")
    try:
        await _with_queue(host, work)
    except QueueError as error:
        return await messages(request, fault=error)
    return RedirectResponse("/messages", 303)


async def _with_queue(host: PublicHost, work: Callable[[Queue], T]) -> T:
    """Do something with the queue in a thread: its file may wait for the public host."""

    def do() -> T:
        queue = host.queue()
        try:
            return work(queue)
        finally:
            queue.close()

    return await asyncio.to_thread(do)


def _number(form: FormData) -> int | None:
    found = text(form, "message")
    return int(found) if found.isdecimal() and len(found) < 12 else None


def _role(who: Who) -> str:
    return next(iter(sorted(who.roles)), "")


_STATES: tuple[State, ...] = ("new", "held", "sensitive", "answered", "spam")
_BY_HAND: tuple[State, ...] = ("new", "held", "spam")
WAYS.append(Way("/public", later("Public"), "see public", "u"))
WAYS.append(Way("/messages", later("Messages"), "see messages", "1"))
ROUTES: list[Route] = [
    page("/public", public, "see public"),
    page("/public/propose", propose, "do propose a notice", methods=("POST",)),
    page("/public/release", release, "do release a notice", methods=("POST",)),
    page("/public/down", down, "do take a notice down", methods=("POST",)),
    page("/messages", messages, "see messages"),
    page("/messages/mark", mark, "do answer messages", methods=("POST",)),
    page("/messages/answer", answer, "do answer messages", methods=("POST",)),
    page("/messages/claim", claim, "do answer messages", methods=("POST",)),
    page("/messages/sensitive", sensitive, "see sensitive messages", methods=("GET", "POST")),
]
