"""What lapses next, on a page and as a calendar (iCalendar) that rings before it does."""

import hashlib
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.naming import Teller
from safepassage.board.pages import WAYS, Way, render, teller
from safepassage.board.picture import Picture
from safepassage.board.room import Mode
from safepassage.board.wording import later, words
from safepassage.clearance.expiring import EXPIRING_KINDS, Expiry, expiries

RINGS = timedelta(minutes=15)
"""How long before its end an alarm rings."""


async def expiring(request: Request) -> Response:
    """Show what lapses, soonest first."""
    picture = await room_of(request).picture(age=2.0)
    return render(request, "working/expiring.html.j2", expiries=found_in(picture), picture=picture)


async def calendar(request: Request) -> Response:
    """Return the same as a calendar. It names no contact: calendars are copied to phones."""
    room = room_of(request)
    picture = await room.picture(age=2.0)
    who: Who = request.state.who
    tell = teller(room, words(who.session.language))
    text = ical(found_in(picture), tell, mode=room.mode, at=picture.at, upto=picture.upto)
    name = f"{room.mode.lower()}-expiries.ics"
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def found_in(picture: Picture) -> tuple[Expiry, ...]:
    """Return what lapses after now, of the next convoy and of the room."""
    if picture.next is None:
        return ()
    return expiries(picture.next, [one for one in picture.said if one.kind in EXPIRING_KINDS])


def ical(found: tuple[Expiry, ...], tell: Teller, *, mode: Mode, at: datetime, upto: int) -> str:
    """Return a calendar (RFC 5545) with an event and an alarm for each end, in one language."""
    _ = tell.said
    note = _(
        "%(mode)s. As of entry %(entry)s. Its end is a no, never an order.", mode=mode, entry=upto
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Safe Passage//board//EN"]
    for one in found:
        named = {"mode": mode, "what": _(one.what), "about": tell(one.about)}
        ends = _("%(mode)s: %(what)s ends: %(about)s", **named)
        soon = _("%(mode)s: %(what)s ends soon: %(about)s", **named)
        mark = hashlib.sha256(f"{one.what}|{one.subject}|{one.at}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{mark}@safepassage",
            f"DTSTAMP:{_stamp(at)}",
            f"DTSTART:{_stamp(one.at)}",
            f"DTEND:{_stamp(one.at)}",
            f"SUMMARY:{_escaped(ends)}",
            f"DESCRIPTION:{_escaped(note)}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-PT{int(RINGS.total_seconds() // 60)}M",
            f"DESCRIPTION:{_escaped(soon)}",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(plain.splitlines())


def _folded(line: str) -> list[str]:
    """Return a line in pieces of at most 75 bytes, as the format wants, never inside a letter."""
    pieces: list[str] = []
    current = ""
    for letter in line:
        if len((current + letter).encode()) > (75 if not pieces else 74):
            pieces.append(current)
            current = ""
        current += letter
    pieces.append(current)
    return [pieces[0], *(f" {one}" for one in pieces[1:])]


WAYS.append(Way("/expiries", later("What lapses"), "see expiries", "j"))
ROUTES: list[Route] = [
    page("/expiries", expiring, "see expiries"),
    page("/expiries.ics", calendar, "see expiries"),
]
