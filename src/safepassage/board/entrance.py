"""Logging in and out, the language of a session, and a password of one's own."""

from collections.abc import Collection
from datetime import UTC, datetime

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import COOKIE, open_page, room_of, to_login, who_of
from safepassage.board.pages import render
from safepassage.board.people import PeopleError
from safepassage.board.roles import Role, allowed, may, objects
from safepassage.board.sessions import LONGEST
from safepassage.board.wording import LANGUAGES, later


async def login(request: Request) -> Response:
    """Show the form, or open a session."""
    onward = _onward(request.query_params.get("next", "/"))
    if request.method == "GET":
        return render(request, "login.html.j2", onward=onward, wrong=False, call_sign="")
    form = await request.form()
    room = room_of(request)
    call_sign, password = _text(form, "call_sign").strip(), _text(form, "password")
    address = request.client.host if request.client is not None else ""
    if not (room.tries.allows(call_sign) and room.callers.allows(address)):
        return _refused(request, onward, call_sign, 429)
    fits = await room.password_fits(call_sign, password)
    if not fits or not room.roles(call_sign):
        return _refused(request, onward, call_sign, 401)
    if onward == "/":
        onward = home_of(room.roles(call_sign))
    language = request.query_params.get("lang", "en")
    token = room.sessions.begin(
        call_sign,
        at=datetime.now(UTC),
        language=language if language in LANGUAGES else "en",
    )
    answer = RedirectResponse(onward, 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


def home_of(roles: Collection[Role]) -> str:
    """Return the first page of someone with these roles: the wall, where that is open to them."""
    if may(roles, "see wall"):
        return "/"
    if may(roles, "see liaison"):
        return "/liaison"
    return "/device/phone" if may(roles, "do report from the field") else "/"


def _refused(request: Request, onward: str, call_sign: str, status: int) -> Response:
    return render(
        request, "login.html.j2", status=status, onward=onward, wrong=True, call_sign=call_sign
    )


async def refused(request: Request, error: Exception) -> Response:
    """Say what is not open to who asks: as a page with the ways on, or plainly to what reads none.

    `error` is the refusal of the door (403).
    """
    why = error.detail if isinstance(error, HTTPException) else str(error)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(why, 403)
    who = who_of(request)
    if who is not None and request.method == "GET" and request.url.path == "/":
        home = home_of(who.roles)
        if home != "/":
            return RedirectResponse(home, 303)
    # The door names the object of the table of roles last; the page says to whom it is open.
    what = why.rpartition(": ")[2]
    open_to = sorted(allowed(what)) if what in objects() else []
    return render(request, "refused.html.j2", status=403, open_to=open_to)


async def logout(request: Request) -> Response:
    """Close the session."""
    who = who_of(request)
    if who is not None:
        room_of(request).sessions.end(who.token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


async def language(request: Request) -> Response:
    """Change the language of this session."""
    form = await request.form()
    asked, onward = _text(form, "language"), _onward(_text(form, "next"))
    who = who_of(request)
    if who is not None and asked in LANGUAGES:
        room_of(request).sessions.change(who.token, language=asked)
    return RedirectResponse(onward, 303)


async def password(request: Request) -> Response:
    """Show the form, or set a new password."""
    who = who_of(request)
    if who is None:
        return to_login(request)
    request.state.who = who
    room = room_of(request)
    fault = None
    if request.method == "POST":
        form = await request.form()
        if not room.tries.allows(who.person):
            return render(request, "password.html.j2", status=429, fault=later("wait a minute"))
        fits = await room.password_fits(who.person, _text(form, "old"))
        if not fits:
            fault = later("the old password does not fit")
        elif _text(form, "new") != _text(form, "again"):
            fault = later("the two new passwords differ")
        else:
            try:
                await room.set_password(who.person, _text(form, "new"))
            except PeopleError as error:
                fault = str(error)
            else:
                room.sessions.end_all(who.person)
                return RedirectResponse("/login", 303)
    return render(request, "password.html.j2", status=200 if fault is None else 422, fault=fault)


def _text(form: FormData, field: str) -> str:
    found = form.get(field)
    return found if isinstance(found, str) else ""


def _onward(asked: str) -> str:
    """Return a path of this board: an address elsewhere would send people to a false page."""
    inside = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return asked if inside and "\n" not in asked and "\r" not in asked else "/"


ROUTES: list[Route] = [
    open_page("/login", login, methods=("GET", "POST")),
    open_page("/logout", logout, methods=("POST",)),
    open_page("/language", language, methods=("POST",)),
    open_page("/password", password, methods=("GET", "POST")),
]
