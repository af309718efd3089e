"""Whom to call: contacts of parties and posts as the ledger has them. Every reading is noted."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.picture import Picture
from safepassage.board.wall.going import party_name
from safepassage.board.wording import later
from safepassage.ledger.decided import Readiness
from safepassage.ledger.said import Guarantee, Notification
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach someone, from which entry, last used when."""

    of: str
    who: str
    how: str
    seq: int
    at: datetime


async def contacts(request: Request) -> Response:
    """Show the contacts, newest of each first."""
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=5.0)
    found = contacts_of(room.scenario, picture, who.session.language)
    return render(request, "working/contacts.html.j2", contacts=found)


def contacts_of(scenario: Scenario, picture: Picture, language: str) -> tuple[Contact, ...]:
    """Return each way to reach someone once, the newest word on it; erased ones are gone."""
    found: dict[tuple[str, str], Contact] = {}
    for one in picture.said:
        body = one.body
        if isinstance(body, Guarantee) and body.contact:
            of, who, how = body.party, body.given_by or "", body.contact
        elif isinstance(body, Notification) and body.contact:
            of, who, how = body.party, "", body.contact
        elif isinstance(body, Readiness) and body.call:
            of, who, how = body.kind, body.what, body.call
        elif one.source is not None and one.source.contact:
            of, who, how = one.source.person or one.source.outlet or "", "", one.source.contact
        else:
            continue
        found.pop((of, how), None)
        name = party_name(scenario, of, language)
        found[of, how] = Contact(name, who, how, one.seq, one.heard_at)
    return tuple(reversed(found.values()))


WAYS.append(Way("/contacts", later("Contacts"), "see contacts", "n"))
ROUTES: list[Route] = [page("/contacts", contacts, "see contacts")]
