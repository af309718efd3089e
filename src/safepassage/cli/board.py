"""`safepassage board` and `safepassage people`: the operations room, and who may enter it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.listening import may_listen
from safepassage.cli.recording.options import (
    AtOption,
    KeysOption,
    LedgerOption,
    guarded,
    moment,
    opened_ledger,
    place_named,
)

if TYPE_CHECKING:
    from safepassage.board.clock import Clock
    from safepassage.board.room import Room
    from safepassage.board.tls import Certificates


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("board")(board)
    people = typer.Typer(help="Who may log in to the board, by call sign.", rich_markup_mode=None)
    people.command("add")(add)
    people.command("list")(list_)
    people.command("remove")(remove)
    app.add_typer(people, name="people")


def board(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    ledger: LedgerOption,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on; else this computer only.")] = (
        "127.0.0.1"
    ),
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A name under which browsers reach it.")
    ] = None,
    keys: KeysOption = None,
    tls: Annotated[
        bool,
        typer.Option("--tls", help="Serve https with an authority of our own, for a LAN."),
    ] = False,
    public: Annotated[
        Path | None,
        typer.Option("--public", help="Folder of the public host (`intake init`) that it serves."),
    ] = None,
    sensitive_key: Annotated[
        Path | None,
        typer.Option("--sensitive-key", help="Key with which the head reads sensitive messages."),
    ] = None,
    drill: Annotated[
        bool, typer.Option("--drill", help="A practice run: every page and paper says so.")
    ] = False,
    at: Annotated[
        str | None, typer.Option("--at", help="With --drill: the time it begins (ISO 8601).")
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, max=3600, help="With --drill: how fast the clock runs.")
    ] = 1.0,
) -> None:
    """Serve the operations room: the wall, the working pages and the phones."""
    import uvicorn

    from safepassage.board.app import LOOPBACK, make_app
    from safepassage.board.mode import settle_mode
    from safepassage.board.room import Room
    from safepassage.board.telling.host import PublicHost
    from safepassage.cli.given import read_timed
    from safepassage.ledger.faults import LedgerError

    if (at is not None or speed != 1.0) and not drill:
        raise CommandError("--at and --speed: want --drill with them", Exit.USAGE)
    may_listen(host, port)
    place = place_named(ledger, keys)
    if place.file is not None and not place.file.is_file():
        raise CommandError(f"{place.file}: no such ledger; `safepassage ledger init` makes one")
    given = read_timed(scenario, reference=True)
    try:
        room = Room(
            place,
            given,
            clock=_clock(at, speed),
            speed=speed,
            mode="DRILL" if drill else "LIVE",
            scenario_path=scenario,
            reread=lambda: read_timed(scenario, reference=True),
        )
        settle_mode(room.place, room.mode)
    except LedgerError as error:
        raise CommandError(str(error)) from None
    if not room.people.call_signs:
        typer.echo(
            "nobody can log in yet: safepassage people add CALL-SIGN --role head "
            f"--ledger {ledger}",
            err=True,
        )
    if public is not None and not public.is_dir():
        raise CommandError(f"{public}: no folder; `safepassage intake init` makes one")
    told = None if public is None else PublicHost(public, sensitive_key)
    app = make_app(room, hosts=(*LOOPBACK, host, *(name or ())), public=told)
    shown = _certificates(room, (*LOOPBACK, host, *(name or ()))) if tls else None
    mode, scheme = "DRILL" if drill else "LIVE", "http" if shown is None else "https"
    typer.echo(f"{mode} · {given.name} · {scheme}://{host}:{port}/ · Ctrl-C stops it", err=True)
    if shown is None and host not in LOOPBACK:
        typer.echo("no TLS: passwords and counts are read by whoever shares this network", err=True)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=None if shown is None else shown.certificate,
        ssl_keyfile=None if shown is None else shown.key,
    )


def _certificates(room: "Room", names: tuple[str, ...]) -> "Certificates":
    """Return the certificates of this board, and say what has to be put on every phone."""
    from safepassage.board.room import beside
    from safepassage.board.tls import certificates

    # A wildcard address is no name: nobody types it into a browser.
    reached = [one for one in names if one not in ("0.0.0.0", "::")]  # noqa: S104 - not bound here
    made = certificates(beside(room.place, "tls"), reached, at=datetime.now().astimezone())
    typer.echo(f"put on each phone and laptop once: {made.authority}", err=True)
    typer.echo(f"its SHA-256, to be compared: {made.fingerprint()}", err=True)
    return made


def add(
    call_sign: Annotated[str, typer.Argument(help="Letters and digits, never a name: Head-1.")],
    role: Annotated[
        list[str],
        typer.Option(help="head, movement, radio, medical, reporting or observer; repeatable."),
    ],
    ledger: LedgerOption,
    keys: KeysOption = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="SAFEPASSAGE_PASSWORD", help="Else one is made and shown once."),
    ] = None,
    at: AtOption = None,
) -> None:
    """Make an account and give it roles, which the ledger records."""
    import uuid

    from safepassage.board.people import People, PeopleError, new_password
    from safepassage.board.room import beside
    from safepassage.ledger.entry import read_message
    from safepassage.ledger.faults import EntryError, LedgerError
    from safepassage.ledger.place import open_ledger
    from safepassage.ledger.signer import read_signer

    place = place_named(ledger, keys)
    now = moment(at)
    secret = password or new_password()
    try:
        signer = read_signer(place.signing_key)
        messages = [
            read_message(
                {
                    "id": uuid.uuid4().hex,
                    "kind": "role",
                    "heard_at": now.isoformat(),
                    "source": {"channel": "room", "device": signer.device},
                    "body": {"person": call_sign, "role": one},
                },
                at=now,
            )
            for one in role
        ]
        People(beside(place, "people")).set_password(call_sign, secret)
        opened = open_ledger(place)
        opened.append(messages, at=now)
        opened.close()
    except PeopleError as error:
        raise CommandError(str(error), Exit.USAGE) from None
    except EntryError as error:
        lines = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"nothing was added:\n{lines}") from None
    except (LedgerError, OSError) as error:
        raise CommandError(str(error)) from None
    typer.echo(f"{call_sign}: {', '.join(role)}", err=True)
    if password is None:
        typer.echo(secret)
        typer.echo("shown once; it is changed at /password", err=True)


def list_(ledger: LedgerOption, keys: KeysOption = None) -> None:
    """List the call signs that can log in, and their roles."""
    from safepassage.board.people import People
    from safepassage.board.picture import roles_at
    from safepassage.board.room import beside

    now = datetime.now().astimezone()
    entries = list(opened_ledger(ledger, keys).entries(0, None, ("role", "revoke")))
    roles = roles_at(entries, now)
    for one in People(beside(place_named(ledger, keys), "people")).call_signs:
        typer.echo(f"{one}: {', '.join(sorted(roles.get(one, ()))) or 'no role'}")


def remove(
    call_sign: Annotated[str, typer.Argument(help="Whose account to take away.")],
    ledger: LedgerOption,
    keys: KeysOption = None,
    at: AtOption = None,
) -> None:
    """Take an account and all its roles away."""
    import uuid

    from safepassage.board.people import People
    from safepassage.board.room import beside
    from safepassage.ledger.entry import Message
    from safepassage.ledger.kept import Revoke
    from safepassage.ledger.place import open_ledger
    from safepassage.ledger.signer import read_signer
    from safepassage.ledger.source import Source

    place = place_named(ledger, keys)
    now = moment(at)

    def revoke() -> None:
        signer = read_signer(place.signing_key)
        source = Source(channel="room", device=signer.device)
        opened = open_ledger(place)
        opened.append([Message(uuid.uuid4().hex, Revoke(person=call_sign), source, now)], at=now)
        opened.close()

    people = People(beside(place, "people"))
    if call_sign not in people.call_signs:
        raise CommandError(f"{call_sign}: no such account; `safepassage people list` shows them")
    people.remove(call_sign)
    guarded(revoke)
    typer.echo(f"{call_sign}: gone", err=True)


def _clock(at: str | None, speed: float) -> "Clock":
    from safepassage.board.clock import drill_clock, wall_clock
    from safepassage.ledger.fields import WrongError, when

    if at is None and speed == 1.0:
        return wall_clock
    try:
        return drill_clock(wall_clock() if at is None else when(at), speed=speed)
    except WrongError as error:
        raise CommandError(f"--at: got {at!r}, want {error}", Exit.USAGE) from None
