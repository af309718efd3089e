"""From slices of time in which nothing changes on the roads to driving times by moment of entry.

A drive that reaches into the next slice is given a way that is open in both, at the slower speeds:
what closes or slows down under way is counted before anybody is on the road.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from safepassage.scenario.places import Hour

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """A time in which nothing changes on the roads; `night` says which speeds hold."""

    starts: timedelta
    ends: timedelta
    night: bool


def hours_of(
    slices: Sequence[Slice], time: Callable[[int, int], timedelta | None]
) -> tuple[Hour, ...]:
    """Return the driving times of a leg by moment of entry, the first from the start on.

    `time(first, last)` is that of a way open in all slices from one to another, None for no way.
    """
    found: list[Hour] = []
    for number, part in enumerate(slices):
        begins = part.starts
        for last in range(number, len(slices)):
            lasts = time(number, last)
            final = last == len(slices) - 1
            if lasts is None:
                found.append(Hour(begins, None))
                break
            # Who enters by then is out before the last of these slices ends.
            until = part.ends if final else min(part.ends, slices[last].ends - lasts + SECOND)
            if until <= begins:
                continue
            found.append(Hour(begins, lasts))
            begins = until
            if begins >= part.ends:
                break
    return _merged(found)


def _merged(hours: Sequence[Hour]) -> tuple[Hour, ...]:
    """Return the hours without those in which nothing changes."""
    kept = [hours[0]]
    kept += [now for before, now in pairwise(hours) if now.time != before.time]
    return tuple(kept)
