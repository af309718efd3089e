"""An entry: what a client hands in (Message) and what the ledger gives back (Entry).

Everything is checked at the door, every fault at once. No field says what is true: an entry is what
someone said, saw or decided, and its source.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from safepassage.ledger.canonical import Plain, encode, plain
from safepassage.ledger.faults import EntryError, Fault, shown
from safepassage.ledger.fields import Taker, WrongError, name, when
from safepassage.ledger.kinds import KIND_OF, KINDS, MAIN_CLASS, WRITTEN_BY_THE_LEDGER, Body
from safepassage.ledger.source import Source

FUTURE = timedelta(seconds=120)
"""A source cannot have been heard later than this after the room's clock (trust note, T11)."""
PAST = timedelta(days=366)
"""Older than this is a wrong clock, not a late entry."""
COLLECTIONS = (list, tuple, dict, Mapping)
"""What stands for nothing where it is empty."""
LONGEST_ENTRY = 64 * 1024
"""Bytes of one entry, the plan of a `plan` entry not counted."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a client hands in: its own id, what it holds, the source, and when it was heard."""

    id: str
    body: Body
    source: Source
    heard_at: datetime

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return KIND_OF[type(self.body)]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the ledger gives it back.

    `seq` is its place in the log, counted from 1. `body` and `source` are None when what they need
    is erased; `erased` names the classes of data whose keys are destroyed.
    """

    seq: int
    id: str
    kind: str
    body: Body | None
    source: Source | None
    heard_at: datetime
    entered_at: datetime
    device: str
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a kind: how each is taken, whether it is needed, its class of data."""

    takers: Mapping[str, Taker]
    needed: frozenset[str]
    of: Mapping[str, str | None]


@cache
def shape(body: type[Any]) -> Shape:
    """Return the shape of a kind or of a source."""
    fields = dataclasses.fields(body)
    return Shape(
        {one.name: one.metadata["take"] for one in fields},
        frozenset(one.name for one in fields if one.default is dataclasses.MISSING),
        {one.name: one.metadata["of"] for one in fields},
    )


def _take(
    body: type, raw: object, where: str, faults: list[Fault], *, erased: bool = False
) -> object | None:
    """Take a mapping as a dataclass; note every fault and return None if there is any.

    With `erased` a needed field may be missing: then None is returned without a fault.
    """
    if not isinstance(raw, dict | Mapping):
        faults.append(Fault(where, shown(raw), "an object with fields"))
        return None
    kind = shape(body)
    good = _taken(kind, raw)
    if good is not None:
        return cast("object", body(**good))
    for key in raw:
        if key not in kind.takers:
            wanted = "one of " + ", ".join(kind.takers)
            faults.append(Fault(f"{where}.{shown(key)[1:-1]}", "an unknown field", wanted))
    for key, take in kind.takers.items():
        value = raw.get(key)
        if value is None or (not value and isinstance(value, COLLECTIONS)):
            if key not in kind.needed or erased:
                continue
            value = None
        _one(take, value, f"{where}.{key}", faults)
    return None


def _taken(kind: Shape, raw: Mapping[Any, Any]) -> dict[str, Any] | None:
    """Return the fields of a mapping without a fault; None where each fault has to be found."""
    takers = kind.takers
    taken = {}
    try:
        for key, value in raw.items():
            if value is None or (not value and isinstance(value, COLLECTIONS)):
                if key in takers:
                    continue
                return None
            taken[key] = takers[key](value)
    except (KeyError, WrongError):
        return None
    return taken if kind.needed <= taken.keys() else None


def read_message(raw: object, *, at: datetime) -> Message:
    """Return a message from plain data (`id`, `kind`, `heard_at`, `source`, `body`).

    `at` is the room's clock.

    Raises
    ------
    EntryError
        With every fault at once.
    """
    faults: list[Fault] = []
    if not isinstance(raw, Mapping):
        raise EntryError((Fault("entry", shown(raw), "an object with fields"),))
    wanted_keys = ("id", "kind", "heard_at", "source", "body")
    faults.extend(
        Fault(f"entry.{shown(key)[1:-1]}", "an unknown field", "one of " + ", ".join(wanted_keys))
        for key in raw
        if key not in wanted_keys
    )
    identity = _one(name, raw.get("id"), "entry.id", faults)
    heard_at = _one(when, raw.get("heard_at"), "entry.heard_at", faults)
    source = _take(Source, raw.get("source"), "source", faults)
    kind = raw.get("kind")
    body: object | None = None
    if not isinstance(kind, str) or kind not in KINDS:
        faults.append(Fault("entry.kind", shown(kind), "one of " + ", ".join(KINDS)))
    elif kind in WRITTEN_BY_THE_LEDGER:
        faults.append(Fault("entry.kind", shown(kind), "a kind that the ledger does not write"))
    else:
        body = _take(KINDS[kind], raw.get("body"), kind, faults)
    if faults or body is None or source is None:
        raise EntryError(tuple(faults))
    message = Message(
        cast("str", identity),
        cast("Body", body),
        cast("Source", source),
        cast("datetime", heard_at),
    )
    check_message(message, at=at)
    return message


def _one(take: Taker, value: object, where: str, faults: list[Fault]) -> object | None:
    try:
        return take(value)
    except WrongError as error:
        found = "something that is not repeated here" if error.hide else shown(value)
        faults.append(Fault(where, found, str(error)))
        return None


def check_message(message: Message, *, at: datetime) -> None:
    """Check what fields alone cannot say: a stated source, clocks, order of times, size.

    Raises
    ------
    EntryError
        With every fault at once.
    """
    faults: list[Fault] = []
    _recheck(message, faults)
    source = message.source
    if source.person is None and source.device is None and source.outlet is None:
        faults.append(Fault("source", "nobody", "at least one of person, device, outlet"))
    if not faults:
        if message.heard_at > at + FUTURE:
            wanted = f"a time no later than the room's clock, {at.isoformat()}"
            faults.append(Fault("entry.heard_at", message.heard_at.isoformat(), wanted))
        elif message.heard_at < at - PAST:
            wanted = f"a time at most {PAST.days} days before the room's clock, {at.isoformat()}"
            faults.append(Fault("entry.heard_at", message.heard_at.isoformat(), wanted))
        faults.extend(_order(message.body, message.kind))
    if not faults and _may_be_large(message):
        size = len(encode(to_plain(message))) - len(getattr(message.body, "plan", "").encode())
        if size > LONGEST_ENTRY:
            faults.append(Fault("entry", f"{size} bytes", f"at most {LONGEST_ENTRY} bytes"))
    if faults:
        raise EntryError(tuple(faults))


def _may_be_large(message: Message) -> bool:
    """Tell whether an entry is worth measuring: its words are a good part of what it may hold."""
    size = 0
    for value in (message.source, message.body):
        for one in shape(cast("Any", type(value))).takers:
            field = getattr(value, one)
            if isinstance(field, str):
                size += len(field)
            elif isinstance(field, tuple | Mapping):
                # An id has at most 200 characters, and so has a key.
                size += 256 * len(field) + sum(len(x) for x in _texts(field))
    return size > LONGEST_ENTRY // 8


def _texts(field: object) -> list[str]:
    values = field.values() if isinstance(field, Mapping) else ()
    return [one for one in values if isinstance(one, str)]


def _recheck(message: Message, faults: list[Fault]) -> None:
    """Take each field again: a message made in code passes the same door as one from outside."""
    for where, value in (("source", message.source), (message.kind, message.body)):
        fields = {
            one.name: getattr(value, one.name) for one in dataclasses.fields(cast("Any", value))
        }
        _take(type(value), fields, where, faults)
    _one(name, message.id, "entry.id", faults)
    _one(when, message.heard_at, "entry.heard_at", faults)


_ORDERED = (("since", "until"), ("window_from", "window_until"), ("begins", "ends"))


def _order(body: Body, kind: str) -> list[Fault]:
    """Return the faults of pairs whose second comes before their first."""
    faults = []
    for first, last in _ORDERED:
        begin, end = getattr(body, first, None), getattr(body, last, None)
        if begin is not None and end is not None and end <= begin:
            wanted = f"a time after {kind}.{first}, {begin.isoformat()}"
            faults.append(Fault(f"{kind}.{last}", end.isoformat(), wanted))
    low, high = getattr(body, "low", None), getattr(body, "high", None)
    if low is not None and high is not None and high < low:
        faults.append(Fault(f"{kind}.high", str(high), f"at least {kind}.low, {low}"))
    return faults


def fields_plain(value: object) -> dict[str, Plain]:
    """Return the stated fields of a body or source as plain data; what is absent is left out."""
    result: dict[str, Plain] = {}
    for one in shape(cast("Any", type(value))).takers:
        field = getattr(value, one)
        if field is None or (isinstance(field, tuple | Mapping) and not field):
            continue
        result[one] = plain(field)
    return result


def to_plain(message: Message) -> dict[str, Plain]:
    """Return a message as plain data, as `read_message` takes it."""
    return {
        "id": message.id,
        "kind": message.kind,
        "heard_at": message.heard_at.isoformat(),
        "source": fields_plain(message.source),
        "body": fields_plain(message.body),
    }


def parts_of(message: Message) -> dict[str, dict[str, dict[str, Plain]]]:
    """Return a message's fields by class of data: class -> "body" or "source" -> field -> value."""
    main = MAIN_CLASS[message.kind]
    parts: dict[str, dict[str, dict[str, Plain]]] = {main: {}}
    for side, value in (("body", message.body), ("source", message.source)):
        of = shape(cast("Any", type(value))).of
        for key, one in fields_plain(value).items():
            parts.setdefault(of[key] or main, {}).setdefault(side, {})[key] = one
    return parts


def from_parts(kind: str, parts: Mapping[str, Mapping[str, Plain]]) -> tuple[object, object]:
    """Return (body, source) from merged parts; None for one that lacks a needed field.

    Raises
    ------
    EntryError
        If what was stored is not what the door lets in.
    """
    faults: list[Fault] = []
    body = _take(KINDS[kind], parts.get("body", {}), kind, faults, erased=True)
    source = _take(Source, parts.get("source", {}), "source", faults, erased=True)
    if faults:
        raise EntryError(tuple(faults))
    return body, source
