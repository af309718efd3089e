"""Times as people type them in a hurry: 14:30, 1430, 15.12. 14:30, now, +2h, +30, or ISO 8601."""

import re
from datetime import datetime, timedelta

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)")
_DATED = re.compile(r"(\d{1,2})\.(\d{1,2})\.?\s+(.+)")
_LATER = re.compile(r"\+\s*(?:(\d{1,3})\s*h)?\s*(?:(\d{1,4})\s*(?:m|min)?)?")
FORWARD = frozenset({"until", "due", "expires", "window_until", "window_from", "time", "next_call"})
"""Fields that look ahead: 08:00 in the evening is tomorrow's."""


def whole_time(typed: str, *, now: datetime, field: str) -> str:
    """Return what was typed as ISO 8601 with the zone of `now`; as it stands if it is none of ours.

    An hour without a date is the last one that has passed, or the next one for fields that look
    ahead. What cannot be read is left to the ledger's door, which says what is wanted.
    """
    text = typed.strip().lower()
    if text in {"now", "الآن"}:
        return now.isoformat(timespec="seconds")
    found = _LATER.fullmatch(text)
    if found is not None and (found[1] or found[2]):
        later = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
        return (now + later).isoformat(timespec="seconds")
    dated = _DATED.fullmatch(text)
    found = _CLOCK.fullmatch(text if dated is None else dated[3])
    if found is None:
        return typed.strip()
    if dated is not None:
        return _on_day(int(dated[1]), int(dated[2]), found, now) or typed.strip()
    at = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    if field in FORWARD:
        at = at + timedelta(days=1) if at < now else at
    elif at > now + timedelta(minutes=2):
        at -= timedelta(days=1)
    return at.isoformat(timespec="seconds")


def _on_day(day: int, month: int, clock: "re.Match[str]", now: datetime) -> str | None:
    """Return a time on a day as the pages write it (15.12. 14:30), in the year nearest to now."""
    found = []
    for year in (now.year - 1, now.year, now.year + 1):
        try:
            at = datetime(year, month, day, int(clock[1]), int(clock[2]), tzinfo=now.tzinfo)
        except ValueError:
            continue
        found.append(at)
    nearest = min(found, key=lambda one: abs(one - now), default=None)
    return None if nearest is None else nearest.isoformat(timespec="seconds")
