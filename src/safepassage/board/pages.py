"""Puts a page together: the template, the words, and the band that says LIVE or DRILL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from safepassage.board.access import Who, room_of
from safepassage.board.labels import label_of
from safepassage.board.naming import Teller
from safepassage.board.room import Room
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
"""The navigation; rooms of the board add their own."""
ORDER = (
    "/",
    "/clearance",
    "/enter",
    "/holds",
    "/changes",
    "/log",
    "/radio",
    "/held",
    "/medical",
    "/map",
    "/plan",
    "/plan/jobs",
    "/call-forward",
    "/expiries",
    "/documents",
    "/reports",
    "/groups",
    "/phones",
    "/contacts",
    "/liaison",
)
"""Its order: what is needed in the first hour comes first."""
QUICK: dict[str, tuple[str, str]] = {}
"""Letters that open a page outside the navigation: its path, and the object that opens it."""


@cache
def environment() -> Environment:
    """Return the templates of the board."""
    made = Environment(
        # What a room was started with is what it shows, whatever is installed meanwhile.
        auto_reload=False,
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "change": change, "tenths": tenths, "iso": iso, "span": span}
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
    return shared(room, words(language), room.clock()) | {
        "who": who,
        "path": request.url.path,
        "ways": sorted(_open_ways(who), key=_place),
        "quick": {key: way for key, (way, what) in QUICK.items() if who and who.may(what)},
    }


def _open_ways(who: Who | None) -> list[Way]:
    return [one for one in WAYS if who is not None and who.may(one.what)]


def _place(way: Way) -> int:
    return ORDER.index(way.path) if way.path in ORDER else len(ORDER)


def shared(room: Room, said: Words, now: datetime) -> dict[str, Any]:
    """Return what every template needs, also a part of a page that is sent to many screens."""
    zone = room.scenario.start.tzinfo
    names = room.scenario.names
    return {
        "_": said,
        "words": said,
        "tell": teller(room, said),
        "mode": room.mode,
        "now": now,
        "t": Times(now, zone),
        "mission": names.get(said.language) or names.get("en") or room.scenario.name,
    }


def teller(room: Room, said: Words) -> Teller:
    """Return what says sentences of the program in a language, with names and the room's clock."""
    return Teller(
        room.scenario,
        said,
        number_of=room.number_of,
        zone=room.scenario.start.tzinfo,
        labels=lambda where: label_of(where, said),
    )


@dataclass(frozen=True, slots=True)
class Times:
    """Writes times in the mission's own zone; another day than today's bears its date."""

    now: datetime
    zone: tzinfo | None

    def hm(self, at: datetime | None) -> str:
        """Return hours and minutes."""
        if at is None:
            return "–"
        local = at.astimezone(self.zone)
        same = local.date() == self.now.astimezone(self.zone).date()
        return local.strftime("%H:%M" if same else "%d.%m. %H:%M")

    def full(self, at: datetime | None) -> str:
        """Return the date, hours, minutes and the zone."""
        return "–" if at is None else at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M %z")

    def ago(self, at: datetime | None) -> str:
        """Return how long ago something was, in hours and minutes."""
        return "–" if at is None else span(max(timedelta(0), self.now - at))

    def until(self, at: datetime | None) -> str:
        """Return how long something lasts yet, in hours and minutes."""
        return "–" if at is None else span(at - self.now)


@cache
def static(name: str) -> str:
    """Return the address of a static file, with its content in it: it may be kept for ever."""
    mark = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{mark}"


# --- how things are written


MINUS = "\N{MINUS SIGN}"
"""A hyphen is read as a dash, and from right to left it changes sides."""


def number(value: float | None) -> str:
    """Return a number as a whole one with thousands set apart; a dash where it is not known."""
    return "–" if value is None else f"{round(value):,}".replace("-", MINUS)


def change(value: float | None) -> str:
    """Return by how much something differs, as a whole number with its sign; 0 has none."""
    return "–" if value is None else f"{'+' if round(value) > 0 else ''}{number(value)}"


def tenths(value: float | None) -> str:
    """Return a number with one decimal and thousands set apart; nothing is less than nothing."""
    return "–" if value is None else f"{round(value, 1) or 0.0:,.1f}".replace("-", MINUS)


def iso(at: datetime | None) -> str:
    """Return a time as machines read it."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def span(lasts: timedelta | None) -> str:
    """Return a duration as hours and minutes."""
    if lasts is None:
        return "–"
    minutes = int(abs(lasts).total_seconds() // 60)
    sign = MINUS if lasts < timedelta(0) and minutes else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"
