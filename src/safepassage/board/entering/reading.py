"""From a posted form to a message for the ledger; what is wrong is said field by field."""

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from safepassage.board.entering.forms import OURS
from safepassage.board.entering.shorttime import whole_time
from safepassage.ledger.entry import Message, read_message
from safepassage.ledger.fields import names, sayings, tally, when
from safepassage.ledger.kinds import KINDS

SOURCE = ("channel", "person", "outlet", "quote", "url", "contact")


def new_id() -> str:
    """Return an id for an entry that is about to be typed: sent twice, it is stored once."""
    return uuid.uuid4().hex


def message_of(kind: str, form: FormData, *, who: str, now: datetime) -> Message:
    """Return the message that a form says, entered by `who`.

    Raises
    ------
    EntryError
        With every fault at once.
    """
    body: dict[str, Any] = {}
    for one in dataclasses.fields(KINDS[kind]):
        value = _value(one, form, who=who, now=now)
        if value not in ("", [], {}, None):
            body[one.name] = value
    source = {one: text(form, f"source.{one}") for one in SOURCE}
    source = {key: value for key, value in source.items() if value}
    if not source.keys() & {"person", "outlet"}:
        source["person"] = who
    source.setdefault("channel", "room")
    heard = text(form, "heard_at")
    return read_message(
        {
            "id": text(form, "id") or new_id(),
            "kind": kind,
            "heard_at": whole_time(heard, now=now, field="heard_at") if heard else now.isoformat(),
            "source": source,
            "body": body,
        },
        at=now,
    )


def _value(one: "dataclasses.Field[Any]", form: FormData, *, who: str, now: datetime) -> Any:
    name, take = one.name, one.metadata["take"]
    if name in OURS:
        return who
    if take is tally:
        return _numbers(name, form)
    if take is sayings:
        return {
            key.removeprefix(f"{name}."): str(value)
            for key, value in form.multi_items()
            if key.startswith(f"{name}.") and value
        }
    if take is names:
        found = [str(value) for value in form.getlist(name) if value]
        return [part.strip() for value in found for part in value.split(",") if part.strip()]
    typed = text(form, name)
    if typed.isdecimal():
        # Digits of any script are typed; the record holds Latin ones.
        typed = "".join(str(int(one)) for one in typed)
    if typed and take is when:
        return whole_time(typed, now=now, field=name)
    if typed and name == "event":
        return "-".join(typed.split())
    return typed


def _numbers(name: str, form: FormData) -> Mapping[str, str]:
    return {
        key.removeprefix(f"{name}."): str(value)
        for key, value in form.multi_items()
        if key.startswith(f"{name}.") and value
    }


def text(form: FormData, name: str) -> str:
    """Return what was typed into a field, without blanks around it; nothing for a file."""
    found = form.get(name)
    return found.strip() if isinstance(found, str) else ""
