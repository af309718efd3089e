"""A timetable search tied to the search for plans: what it finds becomes a schedule.

Knows when a better timetable is worth the whole-number program that turns it into trips.
"""

import random
from collections.abc import Callable

from safepassage.planner.corridor.assign import Assignment, Timed, assign
from safepassage.planner.corridor.carry_out import carry_out
from safepassage.planner.corridor.model import Corridor
from safepassage.planner.corridor.timetables import TimetableSearch
from safepassage.planner.greedy import Policy
from safepassage.planner.search import Search, Timetable

LITTLE = 1e-5
"""Relative gain below which a timetable is not made into a schedule."""

MUCH = 1e-3
"""Relative loss from program to schedule at which a timetable counts for what it became."""


class Polish:
    """Improves timetables of one corridor and hands the schedules to a search."""

    def __init__(self, corridor: Corridor, search: Search, rng: random.Random) -> None:
        self.corridor = corridor
        self.search = search
        self.timetables = TimetableSearch(corridor, rng)
        self.made: Timed = ()
        self.reached = float("-inf")
        self.seen: Timetable | None = None

    def take_in(self) -> None:
        """Judge the timetable of the search's best plan, too."""
        table = self.search.policy.timetable
        if table != self.seen:
            self.seen = table
            forward = self.corridor.forward
            self.timetables.offer(tuple((at, along == forward) for at, _, along in table))

    def offer(self, convoys: Timed) -> bool:
        """Judge a timetable; say whether it is the best so far."""
        return self.timetables.offer(convoys)

    def step(self, stop: Callable[[], bool], share: float) -> bool:
        """Try one change after a share of the time; say whether it is the best so far."""
        return self.timetables.step(stop, share)

    def realise(self, seconds: float | None) -> bool:
        """Make the best timetable into a schedule; say whether it is the best plan so far.

        `seconds` limits the whole-number program, None lets it end by itself.
        """
        best = self.timetables
        if best.best == self.made or best.value <= self.search.value * (1 + LITTLE):
            return False
        self.made, self.reached = best.best, float("-inf")
        # Rounded loads at once; the whole-number program may not end in its time.
        better = self._carry_out(assign(self.corridor, self.made, whole=False))
        loads = assign(self.corridor, self.made, whole=True, seconds=seconds)
        better = self._carry_out(loads) or better
        if self.search.value < best.value * (1 - MUCH):
            best.lower(self.reached)
        return better

    def _carry_out(self, loads: Assignment | None) -> bool:
        if loads is None:
            return False
        schedule = carry_out(self.corridor, self.made, loads, stop=self.search.stop)
        self.reached = max(self.reached, self.search.worth(schedule))
        return self.search.keep(schedule, Policy())
