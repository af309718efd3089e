"""The door of every request: which host, from which page, who, and may they.

A page is made with `page(...)`, which asks the table of roles before anything runs. Writes must
come from a page of ours (Origin) with a cookie that no other site can send (SameSite=Strict).
"""

import functools
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from safepassage.board.reads import SENSITIVE
from safepassage.board.roles import Role, allowed, may
from safepassage.board.room import Room
from safepassage.board.sessions import Session

COOKIE = "safepassage"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
)
"""Nothing from anywhere else, nothing inline."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), interest-cohort=()",
}
LARGEST = 10 * 1024 * 1024
"""Bytes of one request: the largest plan that the ledger takes, and the form around it."""
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks: a person who has logged in, with the roles held now."""

    person: str
    roles: frozenset[Role]
    session: Session
    token: str

    def may(self, what: str) -> bool:
        """Tell whether they may."""
        return may(self.roles, what)


def room_of(request: HTTPConnection) -> Room:
    """Return the room that an app serves."""
    room = request.app.state.room
    assert isinstance(room, Room)  # noqa: S101 - what make_app puts there
    return room


def who_of(request: HTTPConnection) -> Who | None:
    """Return who asks, None where nobody has logged in."""
    room = room_of(request)
    token = request.cookies.get(COOKIE)
    if token is None:
        return None
    session = room.sessions.find(token, at=datetime.now(UTC))
    if session is None:
        return None
    return Who(session.person, room.roles(session.person), session, token)


class GuardedRoute(Route):
    """A route with the object of the table of roles that opens it."""

    def __init__(
        self, path: str, endpoint: Endpoint, *, methods: Collection[str], what: str
    ) -> None:
        super().__init__(path, endpoint, methods=list(methods))
        self.what = what


def page(
    path: str, endpoint: Endpoint, what: str, *, methods: Collection[str] = ("GET",)
) -> GuardedRoute:
    """Return a route that only those may use to whom the table opens `what`.

    `request.state.who` is then who asks. Reading what is sensitive is noted.
    """
    allowed(what)

    @functools.wraps(endpoint)
    async def guarded(request: Request) -> Response:
        who = who_of(request)
        if who is None:
            return to_login(request)
        request.state.who = who
        if not who.may(what):
            # As an exception: the app makes a page of it, and this module knows no templates.
            raise HTTPException(403, f"{who.person}: not open to your roles: {what}")
        if what in SENSITIVE:
            room = room_of(request)
            room.reads.note(who.person, what.removeprefix("see "), at=room.clock())
        return await endpoint(request)

    return GuardedRoute(path, guarded, methods=list(methods), what=what)


def open_page(path: str, endpoint: Endpoint, *, methods: Collection[str] = ("GET",)) -> Route:
    """Return a route that needs no login: the login page, and what guards itself."""
    return Route(path, endpoint, methods=list(methods))


def to_login(request: Request) -> Response:
    """Return the way to the login page and back; a plain refusal for what is no page."""
    if request.method not in SAFE or "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse("log in first", 401)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/login?next={quote(request.url.path + query, safe='')}", 303)


class Door:
    """Refuses other hosts and writes from other sites; puts the headers on every answer.

    `hosts` are the names (without port) under which the board is reached. Paths that begin with one
    of `open_to_devices` bring their own proof with each request and no cookie: a page that was
    saved to a phone has no origin.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str], open_to_devices: Collection[str] = ()
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._devices = tuple(open_to_devices)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = self._fault(scope)
        answer: ASGIApp = self._app if fault is None else PlainTextResponse(fault, 403)
        stated = Headers(scope=scope).get("content-length") or ""
        if stated.isdecimal() and int(stated) > LARGEST:
            answer = PlainTextResponse(f"at most {LARGEST} bytes a request", 413)
        taken = 0

        async def counted() -> Message:
            """Take in a body in pieces, but no more of it than may be."""
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                return {"type": "http.disconnect"}
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await answer(scope, counted, with_headers)

    def _fault(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name.strip("[]") not in self._hosts:
            return f"this board does not answer to the name {name!r}"
        if scope["method"] in SAFE or scope["path"].startswith(self._devices):
            return None
        origin = headers.get("origin")
        if origin is None:
            same = headers.get("sec-fetch-site") == "same-origin"
            return None if same else "a write has to come from a page of this board"
        return None if urlsplit(origin).netloc == host else "a write from another site is refused"
