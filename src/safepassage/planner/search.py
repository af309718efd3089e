"""An improving search: change the timetable or the patience, keep what is worth more.

Knows nothing of how a schedule is made; it calls the dispatcher again and again.
"""

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from safepassage.planner.changing import changing_of
from safepassage.planner.greedy import Door, Policy, dispatch
from safepassage.planner.objective import plan_value
from safepassage.planner.problem import Problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.ways import Ways

PATIENCES = (0, 10, 20, 30, 45, 60, 90)
"""Minutes (of `Problem.minute`) that convoys wait for more vehicles in the first tries."""

MOST_WAITS = 9
"""How often a vehicle waits for more people where they change vehicles, in tries that let it."""

MOST_KEPT = 64
"""Schedules before the best that are kept, should the verifier refuse the best."""

Timetable = tuple[tuple[int, str, bool], ...]


class Search:
    """The best schedule so far and the timetable that makes it."""

    def __init__(
        self,
        problem: Problem,
        ways: Ways,
        *,
        rng: random.Random,
        worth: Callable[[Schedule], float] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self.problem = problem
        self.ways = ways
        self.rng = rng
        self.stop = stop
        self.worth = worth or (lambda schedule: plan_value(problem, schedule.trips))
        self.best: Schedule | None = None
        self.value = float("-inf")
        self.policy = Policy()
        self.tried = 0
        self._patiences = tuple(one * problem.minute for one in PATIENCES)
        self._before: deque[tuple[float, Schedule, Policy]] = deque(maxlen=MOST_KEPT)

    def offer(self, policy: Policy) -> bool:
        """Try a policy; keep it and say so if it is better than the best so far.

        Where the search is asked to stop meanwhile, the schedule so far is what is judged.
        """
        return self.keep(dispatch(self.problem, self.ways, policy, stop=self.stop), policy)

    def keep(self, schedule: Schedule, policy: Policy) -> bool:
        """Keep a schedule that a policy made and say so if it is better than the best so far."""
        self.tried += 1
        value = self.worth(schedule)
        if self.best is not None and value <= self.value + 1e-9:
            return False
        if self.best is not None:
            self._before.append((self.value, self.best, self.policy))
        self.best, self.value = schedule, value
        self.policy = replace(policy, timetable=timetable_of(schedule), follow=None)
        return True

    def nearer(self, policy: Policy, floor: float, changes: Callable[[Timetable], int]) -> bool:
        """Try a policy; keep it and say so if it changes less and is still worth the floor."""
        schedule = dispatch(self.problem, self.ways, policy, stop=self.stop)
        self.tried += 1
        value = self.worth(schedule)
        if value < floor or changes(timetable_of(schedule)) >= changes(self.policy.timetable):
            return False
        if self.best is not None:
            self._before.append((self.value, self.best, self.policy))
        self.best, self.value = schedule, value
        self.policy = replace(policy, timetable=timetable_of(schedule), follow=None)
        return True

    def withdraw(self) -> None:
        """Forget the best so far, which is no plan: the one before it is the best again."""
        if self._before:
            self.value, self.best, self.policy = self._before.pop()
        else:
            self.value, self.best, self.policy = float("-inf"), None, Policy()

    def starts(self) -> list[Policy]:
        """Return the policies that are tried first, the most usual one first."""
        doors: list[Door] = [
            (lane, forward) for lane in self.problem.lanes for forward in (True, False)
        ]
        policies = [Policy(patience=dict.fromkeys(doors, self._patiences[1]))]
        if any(one.room is not None for one in self.problem.sites.values() if one.arrived):
            policies.append(replace(policies[0], keep_rooms=True))
        if changing_of(self.problem, self.ways):
            direct = replace(policies[0], direct=True)
            fuller = [
                replace(one, fuller=MOST_WAITS, unhurried=unhurried)
                for one in (policies[0], direct)
                for unhurried in (False, True)
            ]
            policies = [policies[0], direct, *fuller, *policies[1:]]
        if not doors:
            policies.append(Policy(nearest=True))
            return policies
        for there in self._patiences:
            for back in self._patiences:
                patience = {door: there if door[1] else back for door in doors}
                policies.append(Policy(patience=patience))
                if there == back:
                    policies.append(Policy(patience=patience, laden_first=True))
                    policies.append(Policy(patience=patience, spread=False))
        return policies

    def step(self) -> bool:
        """Try one random change of the best timetable."""
        table = list(self.policy.timetable)
        if not table:
            return False
        policy = self.policy
        move = self.rng.random()
        if move < 0.45:
            table = self._shift_one(table)
        elif move < 0.65:
            table = self._shift_block(table)
        elif move < 0.75:
            table.pop(self.rng.randrange(len(table)))
        elif move < 0.85:
            table = self._add(table)
        elif move < 0.95:
            table = table[: self.rng.randrange(len(table) + 1)]
            patience = {
                door: self.rng.choice(self._patiences)
                for door in ((one, f) for one in self.problem.lanes for f in (True, False))
            }
            policy = replace(policy, patience=patience)
        else:
            table = self._shift_one(self._shift_one(table))
        return self.offer(replace(policy, timetable=tuple(sorted(table))))

    def _steps(self) -> int:
        minutes = self.rng.choice((-1, 1)) * self.rng.choice((1, 2, 5, 10, 15, 30))
        return minutes * self.problem.minute

    def _shift_one(self, table: Sequence[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
        changed = list(table)
        index = self.rng.randrange(len(changed))
        at, lane, forward = changed[index]
        changed[index] = (max(0, at + self._steps()), lane, forward)
        return changed

    def _shift_block(self, table: Sequence[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
        first = self.rng.randrange(len(table))
        by = self._steps()
        return [
            (max(0, at + by), lane, forward) if index >= first else (at, lane, forward)
            for index, (at, lane, forward) in enumerate(table)
        ]

    def _add(self, table: list[tuple[int, str, bool]]) -> list[tuple[int, str, bool]]:
        at, lane, _ = self.rng.choice(table)
        return [*table, (max(0, at + self._steps()), lane, self.rng.random() < 0.5)]


def timetable_of(schedule: Schedule) -> Timetable:
    """Return when each convoy with vehicles of a schedule enters its corridor."""
    with_vehicles = {one.convoy for one in schedule.trips if one.vehicle is not None}
    return tuple(
        sorted(
            (one.depart, one.corridor, one.start == schedule.problem.lanes[one.corridor].ends[0])
            for one in schedule.convoys
            if one.id in with_vehicles
        )
    )
