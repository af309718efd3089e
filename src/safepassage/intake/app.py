"""The public page and its form, as one small web application.

Serves released files from memory, takes messages through the signed form, shows answers by ticket.
It knows no user, sets no cookie, keeps no address, and sends nothing anywhere.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.intake.desk import Desk
from safepassage.intake.folder import QUEUE, cell_key, registration_on
from safepassage.intake.forms import asked, registered
from safepassage.intake.pages import HTML, kept_to_itself, released_page, shown, shown_again
from safepassage.intake.queue import Incoming, Queue, QueueFullError
from safepassage.intake.sealing import SealError, key_of_code, open_with
from safepassage.intake.ticket import hash_of, new_code, read_code
from safepassage.intake.ticket import shown as code_shown
from safepassage.intake.wording import FIRST, wordings

LARGEST_BODY = 24 * 1024
"""Bytes of a form: 2,000 characters of any script, percent-encoded, and the rest of the fields."""
TYPES: Mapping[str, str] = {
    "html": HTML,
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/cap+xml; charset=utf-8",
}
Handler = Callable[[Desk, Request], Awaitable[Response]]
Taker = Callable[[Desk, str, Mapping[str, str], str], Incoming | str]


def make_app(folder: Path, *, clock: Callable[[], float] = time.time) -> Starlette:
    """Return the application over a folder; `clock` gives seconds since the epoch.

    Raises
    ------
    FolderError
        If settings or key are not what they should be.
    QueueError
        If the queue cannot be opened.
    """
    desk = Desk(folder, Queue(folder / QUEUE), cell_key(folder), registration_on(folder), clock)
    desk.learn()

    def route(path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return kept_to_itself(await handler(desk, request), desk)

        return Route(path, endpoint, methods=list(methods))

    async def nothing_there(request: Request, error: Exception) -> Response:
        del error
        return kept_to_itself(_missing(desk, _language(request)), desk)

    app = Starlette(
        routes=[
            route("/", _front, "GET"),
            route("/files/{name}", _file, "GET"),
            route("/{language}", _page, "GET"),
            route("/{language}/ask", _ask, "GET", "POST"),
            route("/{language}/answer", _answer, "GET", "POST"),
            route("/{language}/register", _register, "GET", "POST"),
        ],
        exception_handlers={404: nothing_there, 405: nothing_there},
    )
    app.state.desk = desk
    return app


async def _front(desk: Desk, request: Request) -> Response:
    return released_page(desk, _preferred(request.headers.get("accept-language", "")))


async def _page(desk: Desk, request: Request) -> Response:
    language = request.path_params["language"]
    if language not in wordings():
        return _missing(desk, FIRST)
    return released_page(desk, language)


async def _file(desk: Desk, request: Request) -> Response:
    name = request.path_params["name"]
    released = desk.look()
    if released is None or name not in released.files:
        return _missing(desk, FIRST)
    kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(released.files[name], media_type=kind, headers={"cache-control": "max-age=30"})


async def _ask(desk: Desk, request: Request) -> Response:
    return await _form(desk, request, "ask", asked)


async def _register(desk: Desk, request: Request) -> Response:
    if not desk.registration:
        return _missing(desk, _language(request))
    return await _form(desk, request, "register", registered)


async def _answer(desk: Desk, request: Request) -> Response:
    language = _language(request)
    words = wordings()[language]
    if request.method == "GET":
        return shown(desk, language, "answer", {})
    given = await _given(request)
    # A code is 50 bits: at this pace nobody guesses one.
    if not desk.lookers.take(_address(request), desk.clock()):
        return shown(desk, language, "answer", {"again": words["again_slow"]}, status=429)
    code = None if given is None else read_code(given.get("code", ""))
    found = None
    if code is not None:
        async with desk.writing:
            found = await asyncio.to_thread(desk.queue.answer_for, hash_of(code))
    if code is None or found is None:
        return shown(desk, language, "answer", {"again": words["answer_unknown"]}, status=404)
    text = found.text
    if found.sealed is not None:
        try:
            text = open_with(key_of_code(code), found.sealed).decode()
        except SealError:
            text = None
    return shown(desk, language, "answer", {"said": text or words["answer_new"]})


async def _form(desk: Desk, request: Request, name: str, take: Taker) -> Response:
    """Show a form, or take what was written in it: whatever is not taken is shown again."""
    language = _language(request)
    if request.method == "GET":
        return shown(desk, language, name, {})
    given = await _given(request)
    if given is None:
        return shown_again(desk, language, name, {}, "again_long", status=413)
    now = desk.clock()
    judged, token = desk.tokens.judge(given.get("token", ""), now)
    if judged != "good":
        # Cheap, and before anything else: most junk ends here, and a person presses send again.
        reason = "again_early" if judged == "early" else "again_old"
        return shown_again(desk, language, name, given, reason, status=400)
    if given.get("website", ""):
        return shown_again(desk, language, name, given, "again_filled", status=400)
    code = new_code()
    message = take(desk, language, given, code)
    if isinstance(message, str):
        return shown_again(desk, language, name, given, message, status=422)
    if not desk.visitors.take(_address(request), now):
        return shown_again(desk, language, name, given, "again_slow", status=429)
    bucket = desk.protected if message.plea else desk.ordinary
    if not bucket.take(now):
        return shown_again(desk, language, name, given, "again_full", status=503)
    at = datetime.fromtimestamp(now, UTC)
    try:
        async with desk.writing:
            number = await asyncio.to_thread(
                desk.queue.add, message, ticket=hash_of(code), token=token, at=at
            )
    except QueueFullError:
        return shown_again(desk, language, name, given, "again_full", status=503)
    # A form sent twice (back, reload) was written down the first time; its code was shown then.
    return shown(desk, language, "sent", {"code": "" if number is None else code_shown(code)})


async def _given(request: Request) -> dict[str, str] | None:
    """Return the fields of a form; None where it is too large."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return None
    except ClientDisconnect:
        return None
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="replace"
        )
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _missing(desk: Desk, language: str) -> Response:
    return shown(desk, language, "not_found", {}, status=404)


def _language(request: Request) -> str:
    language = str(request.path_params.get("language", FIRST))
    return language if language in wordings() else FIRST


def _preferred(accepted: str) -> str:
    """Return the first language of the browser's list that we have; English where none is."""
    for one in accepted.split(","):
        language = one.split(";")[0].strip().split("-")[0].lower()
        if language in wordings():
            return language
    return FIRST


def _address(request: Request) -> str:
    return "" if request.client is None else request.client.host
