"""Options and helpers that the ledger's commands share."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.ledger.entry import Entry
    from safepassage.ledger.log import Ledger
    from safepassage.ledger.place import Place

LedgerOption = Annotated[
    str,
    typer.Option(
        "--ledger",
        envvar="SAFEPASSAGE_LEDGER",
        help="The ledger's file, or a postgresql:// address.",
    ),
]
KeysOption = Annotated[
    Path | None, typer.Option("--keys", help="Folder of its keys; else beside the file.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
AtOption = Annotated[
    str | None, typer.Option("--at", help="Time with its zone (ISO 8601); else now.")
]


def place_named(ledger: str, keys: Path | None) -> "Place":
    """Return the place that --ledger and --keys name."""
    from safepassage.ledger.faults import LedgerError
    from safepassage.ledger.place import place_of

    try:
        return place_of(ledger, keys)
    except LedgerError as error:
        raise CommandError(str(error), Exit.USAGE) from None


def opened_ledger(ledger: str, keys: Path | None) -> "Ledger":
    """Open the ledger that --ledger and --keys name."""
    from safepassage.ledger.place import open_ledger

    place = place_named(ledger, keys)
    return guarded(lambda: open_ledger(place))


T = TypeVar("T")


def guarded(work: Callable[[], T]) -> T:
    """Do something to a ledger; what a person can mend becomes a message."""
    from safepassage.ledger.faults import LedgerError

    try:
        return work()
    except LedgerError as error:
        raise CommandError(str(error)) from None


def moment(text: str | None) -> datetime:
    """Return the time that `--at` names, else now."""
    from safepassage.ledger.fields import WrongError, when

    if text is None:
        return datetime.now().astimezone()
    try:
        return when(text)
    except WrongError as error:
        raise CommandError(f"--at: got {text!r}, want {error}", Exit.USAGE) from None


def attribution_on() -> bool:
    """Tell whether this cell records who is accused of what: off unless it says so."""
    return os.environ.get("SAFEPASSAGE_ATTRIBUTION", "") == "yes"


def emit(document: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def entry_json(entry: "Entry") -> dict[str, Any]:
    """Return an entry as plain data."""
    from safepassage.ledger.entry import fields_plain

    return {
        "seq": entry.seq,
        "id": entry.id,
        "kind": entry.kind,
        "heard_at": entry.heard_at.isoformat(),
        "entered_at": entry.entered_at.isoformat(),
        "device": entry.device,
        "source": None if entry.source is None else fields_plain(entry.source),
        "body": None if entry.body is None else fields_plain(entry.body),
        "erased": list(entry.erased),
    }


def entry_line(entry: "Entry") -> str:
    """Return an entry as one line for people."""
    from safepassage.ledger.entry import fields_plain

    body = {} if entry.body is None else fields_plain(entry.body)
    if "plan" in body:
        body["plan"] = "(embedded)"
    said = _pairs(body.items()) if body else "(erased)"
    source = "(erased)" if entry.source is None else _pairs(fields_plain(entry.source).items())
    erased = f" · erased: {', '.join(entry.erased)}" if entry.erased else ""
    heard = entry.heard_at.isoformat(timespec="minutes")
    return f"{entry.seq:>5} {heard} {entry.kind}: {said} — source {source}{erased}"


def _pairs(items: Iterable[tuple[str, Any]]) -> str:
    return ", ".join(f"{key} {_short(value)}" for key, value in items)


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={one}" for key, one in value.items())
    if isinstance(value, list):
        return "+".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) and " " in value else str(value)
