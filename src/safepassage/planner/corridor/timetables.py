"""Better timetables by small changes, each judged by the best loads that it allows.

Knows when convoys may enter; who rides with them is the business of `assign`.
"""

import math
import random
from collections.abc import Callable

from safepassage.planner.corridor.assign import Timed, assign
from safepassage.planner.corridor.leading import leading
from safepassage.planner.corridor.model import Corridor

STEPS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 45)
"""Minutes by which convoys are shifted."""

HOT = 1e-3
"""Relative loss that is taken at the begin; it falls to none at the end."""

TWICE = 0.3
"""Share of the tries with two changes at once."""


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


def heat(share: float) -> float:
    """Return the relative loss that is taken after a share of the time (0 to 1)."""
    left = min(1.0, max(0.0, 1.0 - share))
    return HOT * left * left


class TimetableSearch:
    """The best timetable so far by what its best loads are worth.

    The search goes on from another one, which may be worth a little less, the less the later.
    """

    def __init__(self, corridor: Corridor, rng: random.Random) -> None:
        self.corridor = corridor
        self.rng = rng
        self.best: Timed = ()
        self.value = float("-inf")
        self.at: Timed = ()
        self.at_value = float("-inf")
        self.known: dict[Timed, float] = {}
        self.minute = corridor.problem.minute

    def offer(self, convoys: Timed) -> bool:
        """Judge a timetable; keep it and say so if it is better than the best so far."""
        convoys = tuple(sorted(convoys, key=lambda one: (one[0], not one[1])))
        if convoys in self.known:
            return False
        value = self._judge(convoys)
        if value <= self.value + 1e-9:
            return False
        self.best, self.value = convoys, value
        self.at, self.at_value = convoys, value
        return True

    def _judge(self, convoys: Timed) -> float:
        """Return what the best loads of a timetable are worth."""
        if convoys not in self.known:
            made = assign(self.corridor, convoys, whole=False)
            self.known[convoys] = float("-inf") if made is None else made.value
        return self.known[convoys]

    def lower(self, value: float) -> None:
        """Note that a schedule of the best timetable is worth less: another may be the best."""
        self.known[self.best] = value
        self.best = max(self.known, key=lambda one: self.known[one])
        self.value = self.known[self.best]
        self.at, self.at_value = self.best, self.value

    def step(self, stop: Callable[[], bool], share: float) -> bool:
        """Try one change that may run after a share of the time; say whether it is the best."""
        if not self.at:
            self.at, self.at_value = self.best, self.value
        for _ in range(200):
            changed = self._change(list(self.at))
            if self.rng.random() < TWICE:
                changed = self._change(changed)
            changed.sort(key=lambda one: (one[0], not one[1]))
            convoys = tuple(changed)
            if stop():
                return False
            if convoys != self.at and may_run(self.corridor, convoys):
                return self._taken(convoys, heat(share))
        return False

    def _taken(self, convoys: Timed, loss: float) -> bool:
        """Go on from a timetable if it is no worse, or by chance; say whether it is the best."""
        value = self._judge(convoys)
        worse = self.at_value - value
        limit = loss * abs(self.at_value)
        if worse > 0 and (limit <= 0 or self.rng.random() >= math.exp(-worse / limit)):
            return False
        self.at, self.at_value = convoys, value
        if value <= self.value + 1e-9:
            return False
        self.best, self.value = convoys, value
        return True

    def _by(self) -> int:
        return self.rng.choice((-1, 1)) * self.rng.choice(STEPS) * self.minute

    def _change(self, convoys: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
        r = self.rng
        if not convoys:
            return convoys
        index = r.randrange(len(convoys))
        at, out = convoys[index]
        move, by = r.random(), self._by()
        if move < 0.82:
            return self._shifted(convoys, index, move, by)
        if move < 0.9:
            return [*convoys, (at + by, r.random() < 0.5)]
        if move < 0.95:
            # One convoy as two: the second follows at the headway.
            return [*convoys, (at + self.corridor.lane.headway, out)]
        before = [other for other, way in convoys[:index] if way == out]
        if before:
            convoys[index] = (before[-1] + self.corridor.lane.headway, out)
        return convoys

    def _shifted(
        self, convoys: list[tuple[int, bool]], index: int, move: float, by: int
    ) -> list[tuple[int, bool]]:
        """Shift one convoy, all from it on, some of them, those of one direction; or drop it."""
        if move >= 0.72:
            return convoys[:index] + convoys[index + 1 :]
        end = index + 1
        ways: tuple[bool, ...] = (True, False)
        if move >= 0.65:
            end, ways = index + self.rng.randint(2, 8), (convoys[index][1],)
        elif move >= 0.5:
            end = index + self.rng.randint(2, 6)
        elif move >= 0.3:
            end = len(convoys)
        return [
            (at + by, out) if index <= i < end and out in ways else (at, out)
            for i, (at, out) in enumerate(convoys)
        ]
