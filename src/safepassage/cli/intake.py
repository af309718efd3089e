"""`safepassage intake …`: the public page in a process of its own, and its queue for the cell."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.listening import may_listen
from safepassage.cli.recording.options import JsonOption, emit

if TYPE_CHECKING:
    from safepassage.intake.queue import Kept, Queue

FolderOption = Annotated[
    Path,
    typer.Option("--folder", envvar="SAFEPASSAGE_INTAKE_FOLDER", help="Folder of the public host."),
]
RoleOption = Annotated[str, typer.Option("--role", help="The role in which you do it.")]
KeyOption = Annotated[
    Path | None, typer.Option("--key", help="The private key that opens sensitive messages.")
]
NumberOption = Annotated[int, typer.Option("--message", help="Number of the message.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    intake = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Serve the public page and its form; read and answer what people wrote.",
    )
    intake.command("init")(init)
    intake.command("serve")(serve)
    intake.command("list")(list_)
    intake.command("mark")(mark)
    intake.command("answer")(answer)
    intake.command("sensitive")(sensitive)
    intake.command("purge")(purge)
    app.add_typer(intake, name="intake")


def init(
    folder: FolderOption,
    key: Annotated[
        Path, typer.Option("--key", help="Where the private key is written: not in the folder.")
    ],
) -> None:
    """Make the folder of a public host, and the key with which one role reads sensitive ones."""
    from safepassage.intake.folder import FolderError, make_folder

    try:
        make_folder(folder, key)
    except FolderError as error:
        raise CommandError(str(error)) from None
    typer.echo(f"{folder}: a public host. Released text goes into {folder / 'released'}.")
    typer.echo(f"{key} opens sensitive messages: give it to one role, keep it off this host.")


def serve(
    folder: FolderOption,
    port: Annotated[int, typer.Option("--port", help="Port.", min=1, max=65535)] = 8080,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the public page and its form until Ctrl-C. It knows no ledger and no board."""
    from safepassage.intake.folder import FolderError
    from safepassage.intake.queue import QueueError
    from safepassage.intake.serving import serve as run

    if not folder.is_dir():
        raise CommandError(f"{folder}: no folder; `safepassage intake init` makes one")
    may_listen(host, port)
    typer.echo(f"http://{host}:{port}/  (Ctrl-C stops it)", err=True)
    try:
        run(folder, host=host, port=port)
    except (FolderError, QueueError) as error:
        raise CommandError(str(error)) from None


def list_(
    folder: FolderOption,
    state: Annotated[
        str | None, typer.Option("--state", help="new, held, sensitive, answered or spam.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List messages: pleas first, what looks like junk last. Nothing is ever left out."""
    from safepassage.intake.queue import STATES

    if state is not None and state not in STATES:
        raise CommandError(f"--state: got {state}, want one of {', '.join(STATES)}", Exit.USAGE)
    queue = _queue(folder)
    messages = queue.messages(next((one for one in STATES if one == state), None))
    if as_json:
        emit(
            {
                "counts": dict(queue.counts()),
                "interest": dict(queue.interest()),
                "messages": [_plain(one) for one in messages],
            }
        )
        return
    counts = queue.counts()
    typer.echo(", ".join(f"{number} {name}" for name, number in counts.items()))
    interest = queue.interest()
    if interest["registrations"]:
        stated = ", ".join(f"{number} {name}" for name, number in interest.items())
        typer.echo(f"Interest (no count of anybody, no promise of a seat): {stated}")
    for one in messages:
        marks = ", ".join(
            [one.state, one.category, one.language, *(["plea"] if one.plea else [])]
            + ([f"and {one.copies} like it"] if one.copies else [])
        )
        said = "(sealed: `safepassage intake sensitive`)" if one.sealed else one.text or ""
        if one.facts:
            said = f"{', '.join(f'{name} {number}' for name, number in one.facts.items())}. {said}"
        typer.echo(f"{one.number:>5} {one.at} [{marks}] {said}")


def mark(
    folder: FolderOption,
    message: NumberOption,
    as_: Annotated[str, typer.Option("--as", help="new, held or spam.")],
    role: RoleOption,
) -> None:
    """Sort a message by hand; the classifier learns from it. Nothing is deleted."""
    from safepassage.intake.queue import QueueError, State

    choices: dict[str, State] = {"new": "new", "held": "held", "spam": "spam"}
    if as_ not in choices:
        raise CommandError(f"--as: got {as_}, want one of {', '.join(choices)}", Exit.USAGE)
    try:
        _queue(folder).mark(message, choices[as_], role=role, at=_now())
    except QueueError as error:
        raise CommandError(str(error)) from None
    typer.echo(f"message {message}: {as_}")


def answer(
    folder: FolderOption,
    message: NumberOption,
    text: Annotated[str, typer.Option("--text", help="The answer.")],
    role: RoleOption,
    key: KeyOption = None,
) -> None:
    """Answer a message: whoever holds its code reads it. A sensitive one needs --key."""
    from safepassage.intake.queue import QueueError
    from safepassage.intake.sealing import SealError, open_sealed, read_key, seal_with

    queue = _queue(folder)
    try:
        if key is None:
            queue.answer(message, text, None, role=role, at=_now())
        else:
            opened = json.loads(open_sealed(read_key(key), queue.sealed_of(message)))
            sealed = seal_with(bytes.fromhex(opened["answer_key"]), text.encode())
            queue.answer(message, None, sealed, role=role, at=_now())
    except (QueueError, SealError) as error:
        raise CommandError(str(error)) from None
    typer.echo(f"message {message}: answered")


def sensitive(
    folder: FolderOption,
    key: Annotated[Path, typer.Option("--key", help="The private key of the one role.")],
    as_json: JsonOption = False,
) -> None:
    """Open the sensitive messages that wait; only the holder of the key can."""
    from safepassage.intake.sealing import SealError, open_sealed, read_key

    found: list[dict[str, Any]] = []
    try:
        private = read_key(key)
        for one in _queue(folder).messages("sensitive"):
            if one.sealed is not None:
                text = json.loads(open_sealed(private, one.sealed))["text"]
                found.append({"number": one.number, "at": one.at, "text": text})
    except SealError as error:
        raise CommandError(str(error)) from None
    if as_json:
        emit({"messages": found})
        return
    for each in found:
        typer.echo(f"{each['number']:>5} {each['at']} {each['text']}")


def purge(folder: FolderOption) -> None:
    """Delete what was answered, or is spam, and is older than 30 days."""
    gone = _queue(folder).purge(at=_now())
    typer.echo(f"{gone} messages deleted")


def _queue(folder: Path) -> "Queue":
    from safepassage.intake.folder import QUEUE
    from safepassage.intake.queue import Queue, QueueError

    if not folder.is_dir():
        raise CommandError(f"{folder}: no folder; `safepassage intake init` makes one")
    try:
        return Queue(folder / QUEUE)
    except QueueError as error:
        raise CommandError(str(error)) from None


def _now() -> datetime:
    return datetime.now().astimezone()


def _plain(one: "Kept") -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at,
        "language": one.language,
        "category": one.category,
        "text": one.text,
        "sealed": one.sealed is not None,
        "facts": dict(one.facts),
        "state": one.state,
        "score": round(one.score, 3),
        "plea": one.plea,
        "copies": one.copies,
        "answer": one.answer,
    }
