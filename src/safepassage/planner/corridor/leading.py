"""Who leads the convoys of a timetable: which escorts ride along, and which come alone.

Knows the times of convoys and where escorts stand. Of those who are there the one leads who could
be at the other end last; whoever must be back for a later convoy rides with an earlier one, or
alone where headway and opposing convoys leave room.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from safepassage.planner.corridor.assign import Timed
from safepassage.planner.corridor.model import Corridor
from safepassage.planner.problem import FOREVER
from safepassage.planner.ways import STAFF_ALONE


@dataclass(frozen=True)
class Leading:
    """How many escorts ride with each convoy, and (second, outward, number) of those alone."""

    riders: tuple[int, ...]
    alone: tuple[tuple[int, bool, int], ...]


@dataclass(frozen=True, slots=True)
class _Move:
    """A way across: the convoy with which (None: alone), when it enters and when it is over."""

    convoy: int | None
    enter: int
    there: int


NEVER = _Move(None, FOREVER, FOREVER)


@dataclass(slots=True)
class _Escort:
    """One escort: on which side since when, and how he can be on the other one soonest."""

    far: bool
    since: int
    across: _Move


class _Passages:
    """The convoys of a timetable by direction, and the room between them for staff alone."""

    def __init__(self, corridor: Corridor, convoys: Timed) -> None:
        self.corridor = corridor
        self.takes = max(one.lane_time for one in corridor.parts)
        self.alone = corridor.ways.lane_time(corridor.lane.id, STAFF_ALONE)
        self.times: dict[bool, list[int]] = {True: [], False: []}
        self.index: dict[bool, list[int]] = {True: [], False: []}
        for i, (at, outward) in enumerate(convoys):
            self.times[outward].append(at)
            self.index[outward].append(i)

    def escort(self, since: int, *, far: bool) -> _Escort:
        """Return an escort who is on one side since a second."""
        return _Escort(far, since, self._across(since, outward=not far))

    def _across(self, since: int, *, outward: bool) -> _Move:
        """Return how who is at one end since a second can be at the other end soonest."""
        lane = self.corridor.lane
        spans = self.corridor.out_entries if outward else self.corridor.in_entries
        same, other = self.times[outward], self.times[not outward]
        at = since
        while at < FOREVER:
            at = next((max(at, first) for first, last in spans if at <= last), FOREVER)
            place = bisect_left(same, at)
            if place < len(same) and same[place] - at < lane.headway:
                enter = same[place]
                return _Move(self.index[outward][place], enter, enter + self.takes)
            if place and at - same[place - 1] < lane.headway:
                at = same[place - 1] + lane.headway
                continue
            if lane.one_way:
                first = bisect_left(other, at - self.takes + 1)
                if first < len(other) and other[first] < at + self.alone:
                    at = other[first] + self.takes
                    continue
            if at < FOREVER:
                return _Move(None, at, at + self.alone)
        return NEVER


def leading(corridor: Corridor, convoys: Timed) -> Leading | None:
    """Return how the convoys of a timetable can be led; None where an escort is missing."""
    riders = [0] * len(convoys)
    if corridor.escorts < 0:
        return Leading(tuple(riders), ())
    passages = _Passages(corridor, convoys)
    escorts = [passages.escort(ready, far=far) for ready, far in corridor.escort_ready]
    alone: Counter[tuple[int, bool]] = Counter()
    for i, (at, outward) in enumerate(convoys):
        # Who comes from the other side was there last; who is here could be there at `there`.
        able = [
            (one.since if one.far == outward else one.across.there, number)
            for number, one in enumerate(escorts)
            if (one.across.there if one.far == outward else one.since) <= at
        ]
        if not able:
            return None
        number = max(able)[1]
        leader = escorts[number]
        if leader.far == outward:
            if leader.across.convoy is None:
                alone[leader.across.enter, not outward] += 1
            else:
                riders[leader.across.convoy] += 1
        riders[i] += 1
        escorts[number] = passages.escort(at + passages.takes, far=outward)
    return Leading(
        tuple(riders), tuple((at, out, count) for (at, out), count in sorted(alone.items()))
    )
