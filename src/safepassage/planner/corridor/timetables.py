"""Better timetables by small changes, each judged by the best loads that it allows.

Knows when convoys may enter; who rides with them is the business of `assign`.
"""

import random
from collections.abc import Callable

from safepassage.planner.corridor.assign import Timed, assign
from safepassage.planner.corridor.leading import leading
from safepassage.planner.corridor.model import Corridor

STEPS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 45)
"""Minutes by which convoys are shifted."""


def may_run(corridor: Corridor, convoys: Timed) -> bool:
    """Return whether a timetable keeps headway, opposing convoys, openings and escorts."""
    lane = corridor.lane
    takes = max(one.lane_time for one in corridor.parts)
    last = {True: -lane.headway - takes, False: -lane.headway - takes}
    for at, outward in convoys:
        spans = corridor.out_entries if outward else corridor.in_entries
        if not any(first <= at <= end for first, end in spans):
            return False
        if at - last[outward] < lane.headway:
            return False
        if lane.one_way and at - last[not outward] < takes:
            return False
        last[outward] = at
    return leading(corridor, convoys) is not None


class TimetableSearch:
    """The best timetable so far by what its best loads are worth."""

    def __init__(self, corridor: Corridor, rng: random.Random) -> None:
        self.corridor = corridor
        self.rng = rng
        self.best: Timed = ()
        self.value = float("-inf")
        self.known: dict[Timed, float] = {}
        self.minute = corridor.problem.minute

    def offer(self, convoys: Timed) -> bool:
        """Judge a timetable; keep it and say so if it is better than the best so far."""
        convoys = tuple(sorted(convoys, key=lambda one: (one[0], not one[1])))
        if convoys in self.known:
            return False
        made = assign(self.corridor, convoys, whole=False)
        value = float("-inf") if made is None else made.value
        self.known[convoys] = value
        if made is None or value <= self.value + 1e-9:
            return False
        self.best, self.value = convoys, value
        return True

    def lower(self, value: float) -> None:
        """Note that a schedule of the best timetable is worth less: another may be the best."""
        self.known[self.best] = value
        self.best = max(self.known, key=lambda one: self.known[one])
        self.value = self.known[self.best]

    def step(self, stop: Callable[[], bool]) -> bool:
        """Try one change of the best timetable that may run."""
        for _ in range(200):
            changed = self._change(list(self.best))
            changed.sort(key=lambda one: (one[0], not one[1]))
            convoys = tuple(changed)
            if stop():
                return False
            if convoys not in self.known and may_run(self.corridor, convoys):
                return self.offer(convoys)
        return False

    def _by(self) -> int:
        return self.rng.choice((-1, 1)) * self.rng.choice(STEPS) * self.minute

    def _change(self, convoys: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
        r = self.rng
        if not convoys:
            return convoys
        index = r.randrange(len(convoys))
        move = r.random()
        if move < 0.35:
            by = self._by()
            return [
                (at + by, out) if i == index else (at, out) for i, (at, out) in enumerate(convoys)
            ]
        if move < 0.6:
            by = self._by()
            return [
                (at + by, out) if i >= index else (at, out) for i, (at, out) in enumerate(convoys)
            ]
        if move < 0.75:
            by = self._by()
            end = min(len(convoys), index + r.randint(2, 4))
            return [
                (at + by, out) if index <= i < end else (at, out)
                for i, (at, out) in enumerate(convoys)
            ]
        if move < 0.85:
            return convoys[:index] + convoys[index + 1 :]
        if move < 0.93:
            at, _ = convoys[index]
            return [*convoys, (at + self._by(), r.random() < 0.5)]
        # One convoy as two: the second follows at the headway.
        at, out = convoys[index]
        return [*convoys, (at + self.corridor.lane.headway, out)]
