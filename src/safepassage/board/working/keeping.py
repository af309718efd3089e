"""How the record is kept: purge dates, who read what, and the people of the room."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.deciding.acts import RefusedError, message
from safepassage.board.deciding.second import second_person
from safepassage.board.entering.reading import text
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.people import PeopleError, new_password
from safepassage.board.roles import ROLES
from safepassage.board.room import Room
from safepassage.board.wording import later
from safepassage.ledger.classes import RETENTION
from safepassage.ledger.faults import EntryError
from safepassage.ledger.kept import Revoke
from safepassage.ledger.kept import Role as RoleGiven
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.kinds import Body


@dataclass(frozen=True, slots=True)
class Due:
    """One key: what it seals, of which day, and when it is destroyed (None: when people decide)."""

    name: str
    of: str
    day: date
    goes: date | None
    due: bool


async def purge_dates(request: Request) -> Response:
    """Show what is kept until when."""
    room = room_of(request)
    keys = await room.read(lambda _: _dues(room))
    return render(request, "working/purge.html.j2", keys=keys, retention=RETENTION)


async def purge_now(request: Request) -> Response:
    """Destroy the keys whose date has come: what they sealed is gone for good."""
    room = room_of(request)
    at = room.clock()
    await room.write(lambda ledger: ledger.purge(at=at))
    return RedirectResponse("/purge", 303)


def _dues(room: Room) -> list[Due]:
    keyring = Keyring(room.place.data_keys)
    today = room.clock()
    due = set(keyring.due(today))
    found = []
    for name in keyring.names:
        of, _, rest = name.partition("/")
        day = date.fromisoformat(rest[:10])
        keep = RETENTION.get(of)
        goes = None if keep is None else day + keep + timedelta(days=1)
        found.append(Due(name, of, day, goes, name in due))
    return sorted(found, key=lambda one: (one.goes is None, one.goes or one.day, one.name))


async def reads(request: Request) -> Response:
    """Show who has read what is sensitive."""
    room = room_of(request)
    return render(
        request, "working/reads.html.j2", reads=room.reads.newest(300), whole=room.reads.whole()
    )


async def people(request: Request) -> Response:
    """Show the people of the room and their roles."""
    return await _people(request)


async def _people(
    request: Request, fault: object = "", made: tuple[str, str] | None = None
) -> Response:
    room = room_of(request)
    roles = room.all_roles()
    rows = [
        (one, sorted(roles.get(one, ())), one in room.people.call_signs)
        for one in sorted({*roles, *room.people.call_signs})
    ]
    return render(
        request,
        "working/people.html.j2",
        status=422 if fault else 200,
        rows=rows,
        fault=fault,
        made=made,
        roles=[one for one in ROLES if one != "device"],
    )


async def give_role(request: Request) -> Response:
    """Give a role, and an account with it; a second person puts a password under it.

    One person alone could otherwise make the second one that a go needs.
    """
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    person, role = text(form, "person"), text(form, "role")
    try:
        second = await second_person(room, form, who)
        _not_to_oneself(person, who.person, second)
        secret = None
        if person not in room.people.call_signs:
            secret = new_password()
            await room.set_password(person, secret)
        await _enter(room, RoleGiven(person=person, role=role), who)
    except (RefusedError, PeopleError) as error:
        return await _people(request, error)
    except EntryError as error:
        return await _people(request, error)
    return await _people(request, made=None if secret is None else (person, secret))


def _not_to_oneself(person: str, *givers: str) -> None:
    if person in givers:
        raise RefusedError("nobody gives a role to himself")


async def revoke(request: Request) -> Response:
    """Take every role and the account of a person: one person may, as anyone may hold."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    person = text(form, "person")
    if person == who.person:
        return await _people(request, "nobody takes his own roles: another head does")
    try:
        await _enter(room, Revoke(person=person, why=text(form, "why") or None), who)
    except EntryError as error:
        return await _people(request, error)
    room.people.remove(person)
    room.sessions.end_all(person)
    return RedirectResponse("/people", 303)


async def _enter(room: Room, body: RoleGiven | Revoke, who: Who) -> None:
    await room.append([message(cast("Body", body), who, at=room.clock())])


WAYS += [
    Way("/purge", later("Purge dates"), "see purge", "3"),
    Way("/reads", later("Who read what"), "see reads", "4"),
    Way("/people", later("People"), "see people", "2"),
]
ROUTES: list[Route] = [
    page("/purge", purge_dates, "see purge"),
    page("/purge/now", purge_now, "do purge", methods=("POST",)),
    page("/reads", reads, "see reads"),
    page("/people", people, "see people"),
    page("/people/give", give_role, "do give roles", methods=("POST",)),
    page("/people/revoke", revoke, "do give roles", methods=("POST",)),
]
