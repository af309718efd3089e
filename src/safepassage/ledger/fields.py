"""Fields of an entry: what each may hold, and to which class of data it belongs.

A field is a dataclass field whose metadata says how its value is taken at the door. A taker returns
the value in the type of the house or raises `WrongError` with what is wanted.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, field
from datetime import UTC, datetime
from typing import Any

from safepassage.ledger.coordinates import holds_coordinates

Taker = Callable[[object], object]

_ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")
# Control characters have no place in words (PostgreSQL cannot store NUL), nor lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_POSITION_KEY = re.compile(r'"(?:lat|lon|lng|latitude|longitude|position|coordinates)"\s*:')
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class WrongError(ValueError):
    """A value is not what a field wants; the message says what is wanted."""

    def __init__(self, wanted: str, *, hide: bool = False) -> None:
        super().__init__(wanted)
        self.hide = hide


def words(longest: int = 4000) -> Taker:
    """Take words as they were said: not empty, printable, no coordinates."""

    def take(value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise WrongError("words")
        if len(value) > longest:
            raise WrongError(f"at most {longest} characters")
        if _UNPRINTABLE.search(value):
            raise WrongError("words without control characters")
        if holds_coordinates(value):
            raise WrongError("a post, a place or a km mark; coordinates are refused", hide=True)
        return value

    return take


def document(longest: int) -> Taker:
    """Take a text that is kept letter for letter, such as a plan file."""

    def take(value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise WrongError("the text of a file")
        if len(value.encode("utf-8", "surrogatepass")) > longest:
            raise WrongError(f"at most {longest} bytes")
        if _UNPRINTABLE.search(value):
            raise WrongError("a text without control characters")
        if _POSITION_KEY.search(value):
            raise WrongError("a file without positions; coordinates are refused", hide=True)
        return value

    return take


def name(value: object) -> str:
    """Take an id: no spaces, at most 200 characters."""
    if not isinstance(value, str) or not _ID.fullmatch(value) or _UNPRINTABLE.search(value):
        raise WrongError("an id without spaces, at most 200 characters")
    if holds_coordinates(value):
        raise WrongError("an id that holds no coordinates", hide=True)
    return value


def names(value: object) -> tuple[str, ...]:
    """Take a list of ids (or one, or several with commas)."""
    if isinstance(value, str):
        value = [one.strip() for one in value.split(",") if one.strip()]
    if not isinstance(value, list | tuple) or len(value) > 1000:
        raise WrongError("a list of ids")
    return tuple(name(one) for one in value)


def one_of(*choices: str) -> Taker:
    """Take one of a few words."""

    def take(value: object) -> str:
        if value not in choices:
            raise WrongError("one of " + ", ".join(choices))
        return str(value)

    return take


def whole(lowest: int = 0, highest: int = 100_000_000) -> Taker:
    """Take a whole number (digits in a string are one too)."""

    def take(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9]{1,12}", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongError("a whole number")
        if not lowest <= value <= highest:
            raise WrongError(f"a whole number from {lowest} to {highest}")
        return value

    return take


def when(value: object) -> datetime:
    """Take a moment: ISO 8601 with its zone, such as 2016-12-15T14:30:00+02:00."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise WrongError("a time such as 2016-12-15T14:30+02:00") from None
    if not isinstance(value, datetime):
        raise WrongError("a time such as 2016-12-15T14:30+02:00")
    if value.tzinfo is None or value.utcoffset() is None:
        raise WrongError("a time with its zone, such as 2016-12-15T14:30+02:00")
    if not EARLIEST <= value < LATEST:
        raise WrongError("a time between 1990 and 2100")
    return value


def flag(value: object) -> bool:
    """Take yes or no."""
    if isinstance(value, str) and value.lower() in {"yes", "no"}:
        return value.lower() == "yes"
    if not isinstance(value, bool):
        raise WrongError("yes or no")
    return value


def tally(value: object) -> Mapping[str, int]:
    """Take whole numbers by id, such as {"walking": 40}; or "walking=40,stretcher=2"."""
    if isinstance(value, str):
        pairs = [one.partition("=") for one in value.split(",") if one.strip()]
        value = {key.strip(): number.strip() for key, _, number in pairs}
    if not isinstance(value, Mapping) or len(value) > 1000:
        raise WrongError("whole numbers by id, such as walking=40")
    take = whole()
    result: dict[str, int] = {}
    for key, number in value.items():
        taken = take(number)
        assert isinstance(taken, int)  # noqa: S101 - what whole() returns
        result[name(key)] = taken
    return result


def sayings(value: object) -> Mapping[str, str]:
    """Take words by id, such as each party's version of a clause; or "party=words"."""
    if isinstance(value, str):
        key, _, said = value.partition("=")
        value = {key.strip(): said.strip()}
    if not isinstance(value, Mapping) or len(value) > 100:
        raise WrongError("words by id")
    take = words()
    return {name(key): str(take(said)) for key, said in value.items()}


def public_key(value: object) -> str:
    """Take an Ed25519 public key: 64 hexadecimal digits."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise WrongError("64 hexadecimal digits, an Ed25519 public key")
    return value


def digest(value: object) -> str:
    """Take a SHA-256: 64 hexadecimal digits."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise WrongError("64 hexadecimal digits, a SHA-256")
    return value


def entry_field(
    take: Taker, about: str, *, of: str | None = None, default: object = MISSING
) -> Any:
    """Return a dataclass field of an entry: how it is taken, what it is, its class of data."""
    metadata = {"take": take, "about": about, "of": of}
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def needed(take: Taker, about: str, *, of: str | None = None) -> Any:
    """Return a field that every entry of the kind has."""
    return entry_field(take, about, of=of)


def maybe(take: Taker, about: str, *, of: str | None = None) -> Any:
    """Return a field that may be absent; absent is None and means not known, never zero."""
    return entry_field(take, about, of=of, default=None)


def several(about: str, *, of: str | None = None) -> Any:
    """Return a field of ids that may be empty."""
    return entry_field(names, about, of=of, default=())
