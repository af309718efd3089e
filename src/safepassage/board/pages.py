"""Puts a page together: the template, the words, and the band that says LIVE or DRILL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from safepassage.board.access import Who, room_of
from safepassage.board.wording import LANGUAGES, Words, later, words

HERE = Path(__file__).parent
STATIC = HERE / "static"


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation: where to, its word, the object that opens it, its key."""

    path: str
    word: str
    what: str
    key: str = ""


WAYS: list[Way] = [
    Way("/", later("Wall"), "see wall", "w"),
    Way("/liaison", later("Liaison view"), "see liaison", "v"),
]
"""The navigation, in order; rooms of the board add their own."""


@cache
def environment() -> Environment:
    """Return the templates of the board."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": number,
        "clock": clock_time,
        "day": day_time,
        "iso": iso,
        "span": span,
    }
    made.globals |= {"static": static, "languages": LANGUAGES}
    return made


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Return a page. `request.state.who` says for whom, if somebody has logged in."""
    text = environment().get_template(template).render(context(request) | values)
    return HTMLResponse(text, status, headers)


def context(request: Request) -> dict[str, Any]:
    """Return what every page needs."""
    room = room_of(request)
    who: Who | None = getattr(request.state, "who", None)
    language = who.session.language if who is not None else request.query_params.get("lang", "en")
    return shared(room.mode, words(language), room.clock(), room.scenario.name) | {
        "room": room,
        "who": who,
        "path": request.url.path,
        "ways": [one for one in WAYS if who is not None and who.may(one.what)],
    }


def shared(mode: str, said: Words, now: datetime, mission: str) -> dict[str, Any]:
    """Return what every template needs, also a part of a page that is sent to many screens."""
    return {"_": said, "words": said, "mode": mode, "now": now, "mission": mission}


@cache
def static(name: str) -> str:
    """Return the address of a static file, with its content in it: it may be kept for ever."""
    mark = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{mark}"


# --- how things are written


def number(value: int | None) -> str:
    """Return a whole number with thousands set apart; a dash where it is not known."""
    return "–" if value is None else f"{value:,}"


def clock_time(at: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Return hours and minutes of the mission's own zone."""
    if at is None:
        return "–"
    return (at if zone is None else at.astimezone(zone)).strftime("%H:%M")


def day_time(at: datetime | None) -> str:
    """Return day, hours and minutes: a bare hour is read as today's."""
    return "–" if at is None else at.strftime("%d.%m. %H:%M")


def iso(at: datetime | None) -> str:
    """Return a time as machines read it."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def span(lasts: timedelta | None) -> str:
    """Return a duration as hours and minutes."""
    if lasts is None:
        return "–"
    minutes = int(abs(lasts).total_seconds() // 60)
    sign = "−" if lasts < timedelta(0) else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"


def ordered(entries: Sequence[Any]) -> list[Any]:
    """Return entries newest first."""
    return sorted(entries, key=lambda one: one.seq, reverse=True)
