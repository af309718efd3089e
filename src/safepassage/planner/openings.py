"""When something may be used: half-open spans of seconds, and when a passage fits in."""

from bisect import bisect_right
from dataclasses import dataclass

DAY = 86_400
FOREVER = 10**12


@dataclass(frozen=True, slots=True)
class Openings:
    """Spans (opens, closes) in seconds, sorted by opening; a passage lies inside one of them."""

    spans: tuple[tuple[int, int], ...]

    def admits(self, enters: int, leaves: int, margin: int) -> bool:
        """Return whether a passage lies inside one span, the margin before its closing kept."""
        last = bisect_right(self.spans, (enters, FOREVER + 1))
        return any(
            opens <= enters and (closes >= FOREVER or leaves + margin <= closes)
            for opens, closes in self.spans[:last]
        )

    def next_entry(self, at: int, takes: int, margin: int) -> int:
        """Return the earliest second from `at` on at which a passage of `takes` fits in."""
        best = FOREVER
        for opens, closes in self.spans:
            enters = max(at, opens)
            if closes >= FOREVER or enters + takes + margin <= closes:
                best = min(best, enters)
        return best


def one_opening(opens: int | None, closes: int | None) -> tuple[tuple[int, int], ...]:
    """Return the one span of a window that does not repeat."""
    return ((0 if opens is None else opens, FOREVER if closes is None else closes),)


def daily_openings(
    opens: int | None, closes: int | None, begin: int, horizon: int
) -> tuple[tuple[int, int], ...]:
    """Return the spans of a daily window; `begin` is the local second of day of the start.

    A window that closes before it opens lasts over midnight.
    """
    first = 0 if opens is None else opens
    last = DAY if closes is None else closes
    if last < first:
        last += DAY
    spans = []
    for day in range(-1, horizon // DAY + 3):
        start = day * DAY - begin
        spans.append((start + first, start + last))
    return tuple(spans)


def night_openings(begins: int, ends: int, begin: int, horizon: int) -> tuple[tuple[int, int], ...]:
    """Return the spans between nights; `begin` is the local second of day of the start."""
    return daily_openings(ends, begins, begin, horizon)
