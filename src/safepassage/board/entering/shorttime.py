"""Times as people type them in a hurry: 14:30, 1430, now, +2h, +30, or ISO 8601."""

import re
from datetime import datetime, timedelta

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)")
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
    found = _CLOCK.fullmatch(text)
    if found is None:
        return typed.strip()
    at = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    if field in FORWARD:
        at = at + timedelta(days=1) if at < now else at
    elif at > now + timedelta(minutes=2):
        at -= timedelta(days=1)
    return at.isoformat(timespec="seconds")
