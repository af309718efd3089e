"""What has changed since this person last looked."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.entering.reading import text
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.wall.told import in_words, who_says
from safepassage.board.wording import later
from safepassage.board.working.log import open_to
from safepassage.ledger.changed import changed
from safepassage.ledger.folding import situation
from safepassage.ledger.kinds import KINDS

MOST = 150


async def changes(request: Request) -> Response:
    """Show what is different from what they knew, and the entries that made it so."""
    room = room_of(request)
    who: Who = request.state.who
    asked = request.query_params.get("since", "")
    seen = int(asked[:12]) if asked.isdecimal() else room.sessions.seen(who.person)
    picture = await room.picture()
    seen = min(seen, picture.upto)
    before = await room.read(
        lambda ledger: situation(ledger, at=picture.at, scenario=room.scenario, upto=seen)
    )
    kinds = [one for one in KINDS if open_to(one, who)]
    first = max(seen, picture.upto - MOST)
    entries = await room.read(lambda ledger: list(ledger.entries(first, picture.upto, kinds)))
    language = who.session.language
    found = changed(before, picture.situation) if seen < picture.upto else ()
    return render(
        request,
        "working/changes.html.j2",
        seen=seen,
        upto=picture.upto,
        parts=Counter(one.part for one in found if who.may("see groups") or one.part != "consent"),
        lines=[
            (one, who_says(one), in_words(room.scenario, one, language, room.number_of))
            for one in reversed(entries)
        ],
        left_out=first - seen,
    )


async def read(request: Request) -> Response:
    """Note up to which entry they have read."""
    who: Who = request.state.who
    form = await request.form()
    upto = text(form, "upto")
    if upto.isdecimal():
        room = room_of(request)
        room.sessions.note_seen(who.person, min(int(upto[:12]), room.last))
    return RedirectResponse("/changes", 303)


WAYS.append(Way("/changes", later("Since I looked"), "see changes", "s"))
ROUTES: list[Route] = [
    page("/changes", changes, "see changes"),
    page("/changes/read", read, "see changes", methods=("POST",)),
]
