"""Single values of a scenario file: each function takes what TOML gave and returns a typed value.

A value that is not what is wanted raises `WrongError` with the wish in words; the tops are far
above any real operation, so that what exceeds them is a slip of the pen.
"""

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from safepassage.scenario.duration import UNIT_NAMES, parse_duration
from safepassage.scenario.near import did_you_mean, listed

T = TypeVar("T")
Atom = Callable[[object], T]

MOST_PEOPLE = 10_000_000
MOST_VEHICLES = 10_000
MOST_STAFF = 10_000
MOST_SLOTS = 5_000
LONGEST = timedelta(days=60)
"""The longest horizon, and the longest duration of anything within it."""

FIRST_YEAR, LAST_YEAR = 1900, 2200

_ID = re.compile(r"\w[\w.-]{0,63}")
_KIND = re.compile(r"\w(?:[\w.-]| (?=\w)){0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_LONGEST_TEXT = 20_000


class WrongError(ValueError):
    """A value is not what is wanted; `found` replaces the value in the message where stated."""

    def __init__(self, wanted: str, found: str | None = None) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.found = found


class NotReadableError(ValueError):
    """A value cannot be read because of another fault, which is named elsewhere."""


def shown(value: object) -> str:
    """Return a value as a person would recognise it from the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "…")
    if isinstance(value, int):
        # Not str(): an integer of thousands of digits cannot be turned into text.
        return str(value) if abs(value) < 10**30 else "a number of more than 30 digits"
    if isinstance(value, (float, time, date)):
        return str(value)
    if isinstance(value, dict):
        return "a table" if value else "an empty table"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    return type(value).__name__


def text(value: object) -> str:
    """Return a text that says something."""
    if not isinstance(value, str):
        raise WrongError('a text in quotes, e.g. "al-Ramouseh"')
    if not value.strip():
        raise WrongError("a text that is not empty")
    if len(value) > _LONGEST_TEXT:
        raise WrongError(f"at most {_LONGEST_TEXT} characters", f"{len(value)} characters")
    if any((ord(one) < 32 and one not in "\n\t") or one in "\x7f\ufffe\uffff" for one in value):
        raise WrongError("a text without control characters")
    return value.strip()


def identifier(value: object) -> str:
    """Return an id: letters, digits, "_", "-" and ".", at most 64 characters."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise WrongError(
            'an id of letters, digits, "-", "_" or ".", at most 64, without spaces, e.g. "depot-2"'
        )
    if value == "all":
        raise WrongError('another id: "all" stands for every corridor in windows')
    return value


def kind(value: object) -> str:
    """Return a kind of vehicle or staff: as an id, but single spaces may stand inside."""
    if not isinstance(value, str) or not is_kind(value):
        raise WrongError('a kind in letters and digits, at most 64, e.g. "bus" or "lead car"')
    return value


def is_kind(value: str) -> bool:
    """Whether a text may name a kind of vehicle, staff or slot."""
    return _KIND.fullmatch(value) is not None


def language(value: object) -> str:
    """Return a language code such as "en" or "ar"."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise WrongError('a language code, e.g. "en" or "ar"')
    return value


def yes_or_no(value: object) -> bool:
    """Return true or false, written without quotes."""
    if not isinstance(value, bool):
        raise WrongError("true or false, without quotes")
    return value


def one_of(known: Iterable[str]) -> Atom[str]:
    """Return a reader of one word of a list."""
    words = tuple(known)

    def read(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        near = did_you_mean(value, words) if isinstance(value, str) else ""
        raise WrongError(f"one of {listed(words)}{near}")

    return read


def whole(least: int, most: int, example: int = 50) -> Atom[int]:
    """Return a reader of whole numbers from `least` to `most`."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongError(f"a whole number, e.g. {example}")
        if not least <= value <= most:
            raise WrongError(f"a whole number from {least} to {most:,}")
        return value

    return read


def number(least: float, most: float, example: str = "1.5", unit: str = "") -> Atom[float]:
    """Return a reader of numbers from `least` to `most`."""
    suffix = f" {unit}" if unit else ""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise WrongError(f"a number without quotes, e.g. {example}{suffix}")
        if isinstance(value, float) and not math.isfinite(value):
            raise WrongError(f"a finite number, e.g. {example}{suffix}")
        if not least <= value <= most:
            raise WrongError(f"a number from {least:,g} to {most:,g}{suffix}")
        return float(value)

    return read


def duration(value: object) -> timedelta:
    """Return a duration of at most 60 days, written with its unit."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        example = shown(value) if 0 < value < 10_000 else "66"
        raise WrongError(f'a duration in quotes with its unit, e.g. "{example} min"')
    if not isinstance(value, str):
        raise WrongError('a duration in quotes with its unit, e.g. "66 min" or "1 h 30 min"')
    try:
        length = parse_duration(value)
    except ValueError:
        if value.strip().startswith("-"):
            raise WrongError('a duration that is not negative, e.g. "66 min"') from None
        words = [one for one in re.findall(r"[^\W\d_]+", value) if one.lower() not in UNIT_NAMES]
        near = did_you_mean(words[0].lower(), UNIT_NAMES) if words else ""
        raise WrongError(
            f'a duration with its unit (s, min, h, days), e.g. "66 min" or "1 h 30 min"{near}'
        ) from None
    if length > LONGEST:
        raise WrongError(f"at most {LONGEST.days} days")
    return length


def some_duration(value: object) -> timedelta:
    """Return a duration above zero."""
    length = duration(value)
    if length <= timedelta(0):
        raise WrongError("a duration above zero")
    return length


def clock(value: object) -> time:
    """Return a local time of day, "06:00" or 06:00:00."""
    if isinstance(value, time):
        if value.second or value.microsecond:
            raise WrongError('a time of day in hours and minutes, e.g. "06:00"')
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise WrongError('a local time of day, e.g. "06:00"')
    return time(int(found[1]), int(found[2]))


def day(value: object) -> date:
    """Return a date, 2016-12-15 or "2016-12-15"."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise WrongError("a date, e.g. 2016-12-15")


def instant(value: object) -> datetime:
    """Return a point in time that states its zone."""
    moment = _instant_or_local(value)
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise WrongError("a time with its zone, e.g. 2016-12-15T08:00:00+02:00")
    return moment


def _in_a_sane_year(moment: datetime) -> datetime:
    """Return a point in time that no calculation in this program runs out of the calendar with."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise WrongError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _instant_or_local(value: object) -> datetime:
    """Return a point in time, with or without a zone."""
    if isinstance(value, datetime):
        return _in_a_sane_year(value)
    if isinstance(value, str):
        try:
            stated = datetime.fromisoformat(value.strip())
        except ValueError:
            pass
        else:
            return _in_a_sane_year(stated)
    raise WrongError("a date and time with its zone, e.g. 2016-12-15T08:00:00+02:00")


def instant_or_local(value: object) -> datetime:
    """Return a point in time; without a zone it is local time of the scenario's `zone`."""
    return _instant_or_local(value)
