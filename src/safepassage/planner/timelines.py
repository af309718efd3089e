"""What is used when: sliding limits, bays, boarding and stocks, in any order of booking."""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field

PLENTY = 10**9


@dataclass(slots=True)
class Sliding:
    """At most `limit` in any half-open interval of `per` seconds."""

    limit: int
    per: int
    times: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def room(self, at: int) -> int:
        """Return how many more may come at a second."""
        first = bisect_right(self.times, at - self.per)
        last = bisect_left(self.times, at + self.per)
        if first == last:
            return self.limit
        worst = 0
        starts = [one for one in self.times[first:last] if one <= at]
        for start in (*starts, at):
            end = bisect_left(self.times, start + self.per, first, last)
            begin = bisect_left(self.times, start, first, last)
            worst = max(worst, sum(self.counts[begin:end]))
        return self.limit - worst

    def next_free(self, at: int, number: int) -> int:
        """Return the earliest second from `at` on with room for a number, by its own bookings."""
        if number > self.limit:
            return PLENTY * 1000
        while self.room(at) < number:
            later = [one + self.per for one in self.times if at < one + self.per]
            if not later:
                return at
            at = min(later)
        return at

    def book(self, at: int, number: int) -> None:
        """Count a number at a second."""
        place = bisect_left(self.times, at)
        if place < len(self.times) and self.times[place] == at:
            self.counts[place] += number
        else:
            self.times.insert(place, at)
            self.counts.insert(place, number)


@dataclass(slots=True)
class Bays:
    """At most `limit` vehicles load at the same time, each for `load` seconds up to departure."""

    limit: int
    spans: list[tuple[int, int]] = field(default_factory=list)

    def free(self, depart: int, load: int) -> bool:
        """Return whether a bay is free for a loading that ends at a second."""
        if load <= 0:
            return True
        if self.limit <= 0:
            return False
        begin = depart - load
        near = [(a, b) for a, b in self.spans if a < depart and b > begin]
        if len(near) < self.limit:
            return True
        points = [begin, *(a for a, _ in near if a > begin)]
        return all(sum(a <= at < b for a, b in near) < self.limit for at in points)

    def latest(self, earliest: int, latest: int, load: int) -> int | None:
        """Return the latest departure in a span with a free bay, or None."""
        if self.free(latest, load):
            return latest if latest >= earliest else None
        options = sorted({a for a, _ in self.spans if earliest <= a < latest}, reverse=True)
        return next((one for one in options if self.free(one, load)), None)

    def soonest(self, earliest: int, load: int) -> int | None:
        """Return the earliest departure from a second on with a free bay, or None."""
        if self.free(earliest, load):
            return earliest
        if self.limit <= 0:
            return None
        options = sorted({b + load for _, b in self.spans if b + load > earliest})
        return next((one for one in options if self.free(one, load)), None)

    def book(self, depart: int, load: int) -> None:
        """Take a bay for a loading that ends at a second."""
        if load > 0:
            insort(self.spans, (depart - load, depart))


@dataclass(slots=True)
class Standing:
    """At most `limit` persons at a place at the same time: each comes and goes at a second.

    Who goes at the second at which another comes makes room for him.
    """

    limit: int
    times: list[int] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)

    def room(self, begin: int, end: int | None) -> int:
        """Return how many more may be there from a second on to another one (None: for good)."""
        if end is not None and begin >= end:
            return PLENTY
        now = bisect_right(self.times, begin)
        last = len(self.times) if end is None else bisect_left(self.times, end)
        count = sum(self.changes[:now])
        worst = count
        for one in self.changes[now:last]:
            count += one
            worst = max(worst, count)
        return self.limit - worst

    def book(self, begin: int, end: int | None, number: int) -> None:
        """Count a number from a second on to another one (None: until `leave`)."""
        if end is None:
            self._change(begin, number)
        elif begin < end:
            self._change(begin, number)
            self._change(end, -number)

    def leave(self, at: int, number: int) -> None:
        """Let a number of those who are there go at a second."""
        self._change(at, -number)

    def gaps(self) -> list[int]:
        """Return the seconds at which more people go than come."""
        return [at for at, one in zip(self.times, self.changes, strict=True) if one < 0]

    def _change(self, at: int, number: int) -> None:
        place = bisect_left(self.times, at)
        if place < len(self.times) and self.times[place] == at:
            self.changes[place] += number
        else:
            self.times.insert(place, at)
            self.changes.insert(place, number)


@dataclass(slots=True)
class Stock:
    """How many stand at one place over time; who arrives at a second may leave at it."""

    times: list[int] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)

    def change(self, at: int, number: int) -> None:
        """Add (or take away) a number at a second."""
        place = bisect_left(self.times, at)
        if place < len(self.times) and self.times[place] == at:
            self.changes[place] += number
        else:
            self.times.insert(place, at)
            self.changes.insert(place, number)

    def available(self, at: int) -> int:
        """Return how many may leave at a second without want at any later one."""
        now = bisect_right(self.times, at)
        count = sum(self.changes[:now])
        least = count
        for one in self.changes[now:]:
            count += one
            least = min(least, count)
        return max(0, least)

    def next_gain(self, at: int) -> int | None:
        """Return the earliest second after `at` at which more come, or None."""
        first = bisect_right(self.times, at)
        gains = zip(self.times[first:], self.changes[first:], strict=True)
        return next((when for when, number in gains if number > 0), None)

    def next_available(self, at: int, number: int) -> int | None:
        """Return the earliest second from `at` on when a number may leave, or None."""
        if self.available(at) >= number:
            return at
        for one in self.times[bisect_right(self.times, at) :]:
            if self.available(one) >= number:
                return one
        return None
