"""Durations as people write them: "66 min", "1 h 30 min", "2 days"."""

import re
from datetime import timedelta
from fractions import Fraction

_UNITS: dict[str, int] = {
    "s": 1,
    "sec": 1,
    "secs": 1,
    "second": 1,
    "seconds": 1,
    "min": 60,
    "mins": 60,
    "minute": 60,
    "minutes": 60,
    "h": 3600,
    "hr": 3600,
    "hrs": 3600,
    "hour": 3600,
    "hours": 3600,
    "d": 86400,
    "day": 86400,
    "days": 86400,
}
UNIT_NAMES: tuple[str, ...] = tuple(_UNITS)
MOST = timedelta(days=400)
"""More than this is a slip of the pen in any scenario (and far below what overflows)."""

_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([A-Za-z]+)\s*", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """Return the duration that a text such as "1 h 30 min" states.

    Raises
    ------
    ValueError
        If the text is not a sum of numbers with units, or is absurdly long.
    """
    rest = text.strip()
    if not rest:
        raise ValueError("empty")
    total = Fraction(0)
    at = 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None or part[2].lower() not in _UNITS:
            raise ValueError(f"not a duration: {text!r}")
        total += Fraction(part[1]) * _UNITS[part[2].lower()]
        at = part.end()
    if total > int(MOST.total_seconds()):
        raise ValueError(f"too long: {text!r}")
    return timedelta(microseconds=round(total * 1_000_000))


def format_duration(duration: timedelta) -> str:
    """Return a duration as text that `parse_duration` reads back to the same value."""
    micro = duration // timedelta(microseconds=1)
    sign = "-" if micro < 0 else ""
    whole, rest = divmod(abs(micro), 1_000_000)
    # "24 h" and "36 h" are how people say it; days from two on.
    days, whole = divmod(whole, 86400) if whole >= 2 * 86400 else (0, whole)
    hours, whole = divmod(whole, 3600)
    minutes, seconds = divmod(whole, 60)
    parts: list[str] = []
    if days:
        parts.append(f"{days} days")
    if hours:
        parts.append(f"{hours} h")
    if minutes:
        parts.append(f"{minutes} min")
    if rest:
        parts.append(f"{seconds}.{rest:06d}".rstrip("0") + " s")
    elif seconds:
        parts.append(f"{seconds} s")
    return sign + (" ".join(parts) if parts else "0 min")
