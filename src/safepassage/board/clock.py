"""The room's clock: the wall's in earnest, one set by hand in a drill."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""What time it is in the room, with its zone."""


def wall_clock() -> datetime:
    """Return the time of this computer, in its zone."""
    return datetime.now(UTC).astimezone()


def drill_clock(start: datetime, *, speed: float = 1.0, now: Clock = wall_clock) -> Clock:
    """Return a clock that stands at `start` now and runs `speed` times as fast as the wall's."""
    begun = now()

    def tell() -> datetime:
        passed = (now() - begun).total_seconds() * speed
        return start + timedelta(seconds=passed)

    return tell
