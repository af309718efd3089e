"""The whole log: newest first, by kind, and as a file for a spreadsheet or a program."""

import csv
import io
import json
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.wall.tiles import POSITIONS
from safepassage.board.wall.told import in_words, who_says
from safepassage.board.wording import later
from safepassage.ledger.entry import Entry
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.log import Ledger

PAGE = 100
PERSONAL = frozenset({"consent", "household", "passage", "referral", "handover"})
"""Kinds about single slips: only those see them who work with slips."""


async def log(request: Request) -> Response:
    """Show a page of the log."""
    room = room_of(request)
    who: Who = request.state.who
    before, kinds = _asked(request)
    found = await _entries(request, before, kinds)
    language = who.session.language
    lines = [
        (one, who_says(one), in_words(room.scenario, one, language, room.number_of))
        for one in found
    ]
    return render(
        request,
        "working/log.html.j2",
        lines=lines,
        kinds=kinds,
        all_kinds=[one for one in KINDS if open_to(one, who)],
        older=found[-1].seq - 1 if found and found[-1].seq > 1 else 0,
        last=room.last,
    )


async def log_csv(request: Request) -> Response:
    """Return what the page shows as a file for a spreadsheet."""
    room = room_of(request)
    before, kinds = _asked(request)
    found = await _entries(request, before, kinds)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["mode", "entry", "heard_at", "entered_at", "kind", "who", "what"])
    for one in found:
        words = in_words(room.scenario, one, "en", room.number_of)
        heard, entered = one.heard_at.isoformat(), one.entered_at.isoformat()
        row = [room.mode, one.seq, heard, entered, one.kind, who_says(one), words]
        writer.writerow([_cell(value) for value in row])
    # The mark at the beginning makes spreadsheets read it as UTF-8.
    return _file(request, "\ufeff" + out.getvalue(), "text/csv", "log.csv")


async def log_json(request: Request) -> Response:
    """Return what the page shows as plain data."""
    room = room_of(request)
    before, kinds = _asked(request)
    found = await _entries(request, before, kinds)
    document = {
        "format": "safepassage/log/1",
        "mode": room.mode,
        "entries": [
            {
                "seq": one.seq,
                "id": one.id,
                "kind": one.kind,
                "heard_at": one.heard_at.isoformat(),
                "who": who_says(one),
                "what": in_words(room.scenario, one, "en", room.number_of),
            }
            for one in found
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _file(request, text, "application/json", "log.json")


def _asked(request: Request) -> tuple[int, tuple[str, ...]]:
    before = request.query_params.get("before", "")
    kinds = tuple(one for one in request.query_params.getlist("kind") if one in KINDS)
    return (int(before[:12]) if before.isdecimal() else 0), kinds


async def _entries(request: Request, before: int, kinds: Sequence[str]) -> list[Entry]:
    """Return at most a page of entries, newest first, as far as this person may see them."""
    room = room_of(request)
    who: Who = request.state.who
    last = before or room.last
    wanted = [one for one in (kinds or tuple(KINDS)) if open_to(one, who)]
    found: list[Entry] = []
    while last > 0 and len(found) < PAGE:
        first = max(0, last - 4 * PAGE)
        found += reversed(await room.read(_part(first, last, wanted)))
        last = first
    return found[:PAGE]


def _part(first: int, last: int, kinds: Sequence[str]) -> Callable[[Ledger], list[Entry]]:
    return lambda ledger: list(ledger.entries(first, last, kinds))


def open_to(kind: str, who: Who) -> bool:
    """Tell whether a person may see entries of a kind in the log."""
    if kind in PERSONAL and not who.may("see groups"):
        return False
    return kind not in POSITIONS or who.may("see positions")


def _cell(value: object) -> object:
    """Return a cell that a spreadsheet does not take for a formula."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value


def _file(request: Request, text: str, media: str, name: str) -> Response:
    mode = room_of(request).mode.lower()
    return Response(
        text,
        media_type=f"{media}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{mode}-{name}"'},
    )


WAYS.append(Way("/log", later("Log"), "see log", "l"))
ROUTES: list[Route] = [
    page("/log", log, "see log"),
    page("/log.csv", log_csv, "see log"),
    page("/log.json", log_json, "see log"),
]
