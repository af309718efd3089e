"""`safepassage ledger add KIND`: one sub-command a kind, an option a field."""

import dataclasses
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.recording.options import (
    JsonOption,
    attribution_on,
    emit,
    moment,
    place_named,
)
from safepassage.ledger.kinds import KINDS, WRITTEN_BY_THE_LEDGER

if TYPE_CHECKING:
    from safepassage.ledger.fields import Taker
    from safepassage.ledger.log import Ledger, Receipt

SOURCE_OPTIONS: Mapping[str, tuple[str, str]] = {
    "source": ("channel", "How it reached us: radio, phone, in person, message, press, …"),
    "source_person": ("person", "Who says so: a role or call sign."),
    "source_device": ("device", "The device that reports it; else this room's own."),
    "source_outlet": ("outlet", "The newspaper, agency or organisation."),
    "source_quote": ("quote", "The words, as they were said."),
    "source_url": ("url", "Where the words can be read."),
    "source_contact": ("contact", "How to reach them again."),
}


def commands() -> typer.Typer:
    """Return the sub-commands, one a kind."""
    app = typer.Typer(rich_markup_mode=None)
    for kind, body in KINDS.items():
        if kind not in WRITTEN_BY_THE_LEDGER:
            app.command(kind)(_adder(kind, body))
    return app


def _adder(kind: str, body: type) -> Callable[..., None]:
    """Return the command that adds an entry of one kind, an option a field."""
    fields = {one.name: one for one in dataclasses.fields(body)}

    def command(context: typer.Context, **given: Any) -> None:
        raw = {one: given[one] for one in fields if given[one] is not None}
        raw = _from_files(fields, raw)
        if kind == "plan":
            raw |= _plan_fields(raw)
        source = {SOURCE_OPTIONS[one][0]: given[one] for one in SOURCE_OPTIONS if given[one]}
        _enter(context, kind, raw, source, given)

    command.__doc__ = (body.__doc__ or kind).split("\n", 1)[0]
    parameters = [
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    ]
    for name, one in fields.items():
        parameters.append(_option(name, _help(one), needed=one.default is dataclasses.MISSING))
    for name, (_, about) in SOURCE_OPTIONS.items():
        parameters.append(_option(name, about, needed=name == "source"))
    parameters += [
        _option("id", "Its id; else a new one.", needed=False),
        _option("heard_at", "When it was heard, with its zone; else now.", needed=False),
        inspect.Parameter(
            "as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption
        ),
    ]
    vars(command)["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _option(name: str, about: str, *, needed: bool) -> inspect.Parameter:
    # What is needed is said by the door, with every other fault at once; the help only marks it.
    text = about[0].upper() + about[1:] + (" [needed]" if needed else "")
    option = typer.Option(f"--{name.replace('_', '-')}", help=text, show_default=False)
    annotation = Annotated[str | None, option]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )


def _help(one: "dataclasses.Field[Any]") -> str:
    about, take = str(one.metadata["about"]), one.metadata["take"]
    return f"{about} (or @FILE, or - for stdin)" if _takes(take, "x" * LONG) else about


LONG = 5000
"""Characters: a field that takes as many may come from a file; words are typed or piped in."""


def _from_files(
    fields: "Mapping[str, dataclasses.Field[Any]]", raw: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields, words given as `-` read from stdin, long texts as `@FILE` from a file."""
    read = dict(raw)
    for name, value in raw.items():
        if isinstance(value, str) and (value == "-" or value.startswith("@")):
            take = fields[name].metadata["take"]
            long = _takes(take, "x" * LONG)
            if _takes(take, "two words") and (value == "-" or long):
                text = _text_of(value, name)
                # A shell ends what it pipes in with a new line; a document is kept as it is.
                read[name] = text if long else text.rstrip("\n")
    return read


def _takes(take: "Taker", text: str) -> bool:
    from safepassage.ledger.fields import WrongError

    try:
        return take(text) == text
    except WrongError:
        return False


def _text_of(value: str, name: str) -> str:
    option = f"--{name.replace('_', '-')}"
    try:
        if value == "-":
            return sys.stdin.read()
        return Path(value[1:]).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{option}: {value[1:]}: {error.strerror}", Exit.USAGE) from None
    except UnicodeDecodeError:
        raise CommandError(f"{option}: {value}: not UTF-8 text", Exit.USAGE) from None


def _plan_fields(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of a plan whose file was named, and the hashes that it states of itself."""
    text = str(raw.get("plan", ""))
    fields = {}
    if not text.lstrip().startswith("{") and 0 < len(text) < LONG and Path(text).is_file():
        fields["plan"] = text = _text_of(f"@{text}", "plan")
    try:
        found = json.loads(text)
    except ValueError:
        return fields
    stated = found if isinstance(found, dict) else {}
    return fields | {
        key: stated[key]
        for key in ("plan_hash", "scenario")
        if key not in raw and isinstance(stated.get(key), str)
    }


def _enter(
    context: typer.Context,
    kind: str,
    raw: Mapping[str, Any],
    source: dict[str, Any],
    given: Mapping[str, Any],
) -> None:
    """Write one entry and say what became of it."""
    import uuid

    from safepassage.ledger.entry import read_message
    from safepassage.ledger.faults import EntryError, LedgerError
    from safepassage.ledger.place import open_ledger
    from safepassage.ledger.signer import read_signer

    ledger, keys, at_text = context.obj
    if ledger is None:
        raise CommandError("--ledger: got nothing, want the ledger's file", Exit.USAGE)
    at = moment(at_text)
    place = place_named(ledger, keys)
    try:
        if not source.keys() & {"person", "device", "outlet"} and place.signing_key.is_file():
            source["device"] = read_signer(place.signing_key).device
        message = read_message(
            {
                "id": given["id"] or uuid.uuid4().hex,
                "kind": kind,
                "heard_at": given["heard_at"] or at.isoformat(),
                "source": source,
                "body": dict(raw),
            },
            at=at,
        )
        opened = open_ledger(place, attribution=kind == "attribution" and attribution_on())
        if kind == "plan":
            _warn_of_names(str(message.body.plan), opened)  # type: ignore[union-attr]
        receipt = opened.append([message], at=at)[0]
        opened.close()
    except EntryError as error:
        lines = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"nothing was added:\n{lines}") from None
    except LedgerError as error:
        raise CommandError(str(error)) from None
    _say_receipt(receipt, as_json=bool(given["as_json"]))


def _warn_of_names(text: str, ledger: "Ledger") -> None:
    """Say which names of a plan stood for other convoys; the ledger records it all the same."""
    from safepassage.clearance.adopting import other_convoys
    from safepassage.planner.plan_file import plan_from_text
    from safepassage.planner.plan_form import PlanError

    try:
        twice = other_convoys(plan_from_text(text), ledger)
    except PlanError:
        return
    if twice:
        typer.echo(
            f"warning: {', '.join(twice)}: stand for other convoys in a plan that was in force; "
            "make it with `plan --from` and adopt that",
            err=True,
        )


def _say_receipt(receipt: "Receipt", *, as_json: bool) -> None:
    if as_json:
        emit({"id": receipt.id, "state": receipt.state, "seq": receipt.seq, "why": receipt.why})
    elif receipt.state == "refused":
        raise CommandError(f"refused: {receipt.why}")
    else:
        word = "stored" if receipt.state == "stored" else "was there already"
        typer.echo(f"entry {receipt.seq} {word} ({receipt.id})")
    if receipt.state == "refused":
        raise typer.Exit(Exit.INVALID)
