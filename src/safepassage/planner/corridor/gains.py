"""What a load is worth by pickup, destination and time of entry, under prices.

Knows the tables that the event search reads; docs/proofs.md says why each is above what a plan
can gain.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numba
import numpy as np

from safepassage.planner.bounds import falling_worth
from safepassage.planner.corridor.by_people import Pooled
from safepassage.planner.corridor.model import Corridor, Part, Pattern, accompanied
from safepassage.planner.problem import FOREVER
from safepassage.planner.ways import STAFF_ALONE

MOST_TOGETHER = 100
"""Most vehicles of one entry for which the limits of one convoy are counted."""


MOST_ESCORTS = 2
"""Escorts up to which staff who accompany are followed from convoy to convoy."""

MOST_WAVES = 6
"""Waves at the bays that are told apart; later ones count as the last of them."""

NEAR = 5e-4
"""Relative difference of what now and the next convoy bring up to which waiting is not tried."""


@dataclass(frozen=True)
class Gains:
    """Tables of what vehicles of each part are worth, by pickup and second of entry.

    A vehicle may go to any destination and come back late, or only to those of a lower class,
    from where it is back early: class d holds the destinations from which the way back takes at
    most `waits[f, d]` more than from the nearest. `seat[f, p, k]` is the most that one vehicle
    gains in the highest class; it falls with time. `cost[f, d, k]` is how much less it gains in
    class d at least. `load[f, p, d, k]` is the load that gains it (its number in the order of
    pickups and patterns, -1 for none).
    `together[f, n, k]` is the most that n vehicles of one convoy gain, given what destinations
    take in at one moment and whom staff can accompany. `later[f, k]` is the most that one vehicle
    more can be worth in any later convoy. `by_end[f, e, k]` is the most that one vehicle gains at
    one destination, with `end_load`; `free_load[f, k]` the best load without any whom staff must
    accompany. `pooled[f]` holds for parts with limits the groups and the program of one convoy.
    Where those who accompany are followed from convoy to convoy, `led[f]` says how many vehicles of
    a part they can lead at a time (else -1), and `free[f, k]` what one gains at most without them;
    `seat` is then what it gains with them, whatever the pickup. The same stands for an intake that
    is followed: it takes in so many vehicles, and again `away` seconds later (-1: for staff).
    """

    seat: np.ndarray
    waits: np.ndarray
    cost: np.ndarray
    load: np.ndarray
    together: np.ndarray
    later: np.ndarray
    by_end: np.ndarray
    end_load: np.ndarray
    free_load: np.ndarray
    pooled: Mapping[int, tuple[list[int], Pooled]]
    led: np.ndarray
    free: np.ndarray
    away: int


def people_values(corridor: Corridor, *, weighted: bool) -> np.ndarray:
    """Return what one person of each group (with companions) is worth at chance 1."""
    return np.array([one.worth if weighted else float(one.each) for one in corridor.problem.crowds])


def room_of(corridor: Corridor) -> np.ndarray:
    """Return the room of each destination in persons, infinite where it is not limited."""
    sites = corridor.problem.sites
    return np.array(
        [
            float("inf") if sites[one].room is None else float(sites[one].room or 0)
            for one in corridor.ends
        ]
    )


def loads_of(part: Part) -> list[Pattern]:
    """Return all loads of a part in the order of pickups and patterns."""
    return [one for turn in part.turns for one in turn.patterns]


class Worths:
    """The chance-weighted worth of a person by part, pickup, destination and second of entry."""

    def __init__(self, corridor: Corridor) -> None:
        self.corridor = corridor
        problem = corridor.problem
        self.times = np.arange(0, problem.horizon + corridor.step, corridor.step)
        self.found: dict[tuple[int, int, int], np.ndarray] = {}
        self.earlier: dict[tuple[int, int, int], list[np.ndarray]] = {}
        for f, part in enumerate(corridor.parts):
            for p, turn in enumerate(part.turns):
                for e in {one.end for one in turn.patterns}:
                    arrive = self.times + part.lane_time + turn.takes[e]
                    takes = turn.out + part.lane_time + turn.takes[e]
                    worth = falling_worth(problem, takes, np.minimum(arrive, problem.horizon))
                    self.found[f, p, e] = np.where(arrive <= problem.horizon, worth, 0.0)
                    self.earlier[f, p, e] = [
                        np.where(
                            arrive <= problem.horizon,
                            falling_worth(
                                problem,
                                takes + j * part.fleet.load,
                                np.minimum(arrive, problem.horizon),
                            ),
                            0.0,
                        )
                        for j in range(1, waves_of(corridor, part))
                    ]
        self.bound_parts = frozenset(
            f for f, one in enumerate(corridor.parts) if _limited(corridor, one)
        )
        self.followed = _followed(corridor, self.bound_parts)
        # Where a convoy gains less than its vehicles alone, who comes back early costs nothing.
        self.classes = [
            sorted({one.far[load.end] - min(one.far) for load in loads_of(one)})
            if f not in self.bound_parts
            else [FOREVER]
            for f, one in enumerate(corridor.parts)
        ]
        self.accompanied = [
            accompanied(problem, corridor.lane, one.class_id) < FOREVER for one in problem.crowds
        ]

    def gains(self, values: np.ndarray, prices: np.ndarray, rooms: np.ndarray) -> Gains:
        """Return the tables of gains under prices of people and of room at the destinations."""
        corridor = self.corridor
        number = len(self.times)
        most = max(len(one.turns) for one in corridor.parts)
        classes = max(len(one) for one in self.classes)
        shape = (len(corridor.parts), most, classes, number)
        gained = np.zeros(shape)
        best = np.full(shape, -1, dtype=np.int32)
        shared = _Together(corridor, self.bound_parts, number)
        for f, part in enumerate(corridor.parts):
            waits = self.classes[f]
            load = 0
            for p, turn in enumerate(part.turns):
                for pattern in turn.patterns:
                    worth = self.found[f, p, pattern.end]
                    gain = np.zeros(number)
                    for g, people in pattern.people:
                        crowd = corridor.problem.crowds[g]
                        cost = prices[g] + rooms[pattern.end] * crowd.each
                        # A person whom it does not pay to carry stays: the corner without him
                        # is a pattern, too, so the sum may fall below his own part.
                        gain += people * (values[g] * worth - cost)
                        shared.person(f, g, pattern.end, values[g] * worth - cost, crowd.each)
                        for j, then in enumerate(self.earlier[f, p, pattern.end], 1):
                            shared.in_wave(f, g, j, values[g] * then - cost)
                    led = any(self.accompanied[g] for g, _ in pattern.people)
                    shared.vehicle(f, pattern.end, gain, load, led=led)
                    wait = part.far[pattern.end] - min(part.far)
                    for d in range(classes):
                        if wait <= waits[min(d, len(waits) - 1)]:
                            better = gain > gained[f, p, d] + 1e-12
                            best[f, p, d][better] = load
                            gained[f, p, d] = np.maximum(gained[f, p, d], gain)
                    load += 1
        gained = falling(gained)
        together = shared.tables()
        lead = np.full(len(corridor.parts), -1, dtype=np.int64)
        free = falling(np.minimum(shared.free, shared.full))
        if self.followed is not None:
            f = self.followed.part
            if self.followed.end >= 0:
                others = np.delete(shared.by_end[f], self.followed.end, axis=0)
                free[f] = falling(np.maximum(0.0, others.max(axis=0, initial=0.0)))
            lead[f] = self.followed.number
            together[f] = np.inf
            # So that who accompanies is worth no more later than now.
            gained[f] = free[f] + falling(np.maximum(0.0, shared.full[f] - free[f]))
        later = self._later(gained[:, :, -1], together)
        seat = gained[:, :, -1].copy()
        back = np.zeros((len(corridor.parts), classes), dtype=np.int64)
        for f, waits in enumerate(self.classes):
            if f not in self.bound_parts:
                back[f] = [waits[min(d, len(waits) - 1)] for d in range(classes)]
        turns = np.array([len(one.turns) for one in corridor.parts], dtype=np.int64)
        cost = costs(seat, gained, later, turns, corridor.apart // corridor.step)
        return Gains(
            seat, back, cost, best, together, later, shared.by_end, shared.load, shared.free_load,
            shared.pooled, lead, free, -1 if self.followed is None else self.followed.away,
        )  # fmt: skip

    def _later(self, gained: np.ndarray, together: np.ndarray) -> np.ndarray:
        """Return the most that one vehicle more is worth in any convoy after the next headway."""
        now = gained.max(axis=1)
        if together.shape[1] > 1:
            finite = np.where(np.isfinite(together), together, 0.0)
            steps = np.diff(finite, axis=1)
            now = np.maximum(now, falling(steps).max(axis=1))
        shift = self.corridor.apart // self.corridor.step
        later: np.ndarray = np.zeros_like(now)
        if shift < now.shape[1]:
            later[:, : now.shape[1] - shift] = now[:, shift:]
        return later


@numba.njit(cache=True, nogil=True)
def costs(
    seat: np.ndarray, gained: np.ndarray, later: np.ndarray, turns: np.ndarray, apart: int
) -> np.ndarray:
    """Return what coming back early costs at least, by part, class and time.

    So low that the gain less the cost falls with time at every pickup, and that where the gain is
    no less than that of any later convoy this is so of the gain less the cost, too.
    """
    parts, _, classes, number = gained.shape
    cost = np.zeros((parts, classes, number))
    for f in range(parts):
        for d in range(classes - 1):
            for k in range(number - 1, -1, -1):
                least = np.inf
                for p in range(turns[f]):
                    here = seat[f, p, k]
                    least = min(least, here - gained[f, p, d, k])
                    if k + 1 < number:
                        least = min(least, here - seat[f, p, k + 1] + cost[f, d, k + 1])
                    if k + apart < number and apart > 0 and here >= later[f, k] * (1.0 - NEAR):
                        here = max(here, later[f, k])
                        for q in range(turns[f]):
                            then = seat[f, q, k + apart] - cost[f, d, k + apart]
                            least = min(least, here - then)
                cost[f, d, k] = max(0.0, least)
    return cost


def bays_of(part: Part) -> int | None:
    """Return how many vehicles of a part load at the same time, None where some place has no limit.

    Of those that leave with one convoy at most so many leave their pickups in one loading time.
    """
    bays = [one.bays for one in part.turns]
    if part.fleet.load <= 0 or None in bays:
        return None
    return max(1, sum(one or 1 for one in bays))


def waves_of(corridor: Corridor, part: Part) -> int:
    """Return in how many waves the vehicles of a part load, 1 where it is worth the same."""
    bays = bays_of(part)
    if bays is None or corridor.problem.rho <= 0:
        return 1
    return min(MOST_WAVES, -(-len(part.fleet.vehicles) // bays))


@dataclass(frozen=True)
class Followed:
    """What lets few vehicles of one part at a time gain the most, from convoy to convoy.

    `number` vehicles at a time, each for `away` seconds: room of an intake at destination `end`; or
    each until somebody who accompanies is back (`away` and `end` -1).
    """

    part: int
    number: int
    away: int
    end: int


def _followed(corridor: Corridor, bound_parts: frozenset[int]) -> Followed | None:
    """Return what is followed from convoy to convoy, if anything: one thing of one part."""
    found = [*_followed_staff(corridor, bound_parts), *_followed_intake(corridor, bound_parts)]
    return found[0] if found else None


def _followed_staff(corridor: Corridor, bound_parts: frozenset[int]) -> Iterator[Followed]:
    """Yield the staff who accompany.

    They are short only where a convoy may leave before they are back, and are followed only where
    they are of one kind and lead the vehicles of one part that no intake limits.
    """
    legs = corridor.lane.legs
    kinds = [
        one
        for one in corridor.problem.helpers.values()
        if one.for_classes and one.needed_over(legs)
    ]
    parts = [f for f, one in enumerate(corridor.parts) if one.led < FOREVER]
    if len(kinds) != 1 or len(parts) != 1 or corridor.apart >= 2 * corridor.least_lane:
        return
    if corridor.escorts > MOST_ESCORTS:
        # With more escorts convoys overlap in more ways than the beam can hold: the limit of one
        # convoy then proves more in the same time.
        return
    part = corridor.parts[parts[0]]
    number = len(part.fleet.vehicles)
    if parts[0] in bound_parts and part.led < number and not _taken_in(corridor, part, number):
        yield Followed(parts[0], part.led, -1, -1)


def _followed_intake(corridor: Corridor, bound_parts: frozenset[int]) -> Iterator[Followed]:
    """Yield an intake whose `per` is longer than the time between two convoys.

    It must be the only limit of the part. Where kinds take different times in the corridor,
    arrivals may be farther apart than departures, by that much.
    """
    kinds = [one.kind for one in corridor.problem.fleets if one.vehicles]
    times = [corridor.ways.lane_time(corridor.lane.id, one) for one in (*kinds, STAFF_ALONE)]
    if corridor.ways.by_hour:
        return
    for f in sorted(bound_parts):
        part = corridor.parts[f]
        number = len(part.fleet.vehicles)
        ends = [
            e
            for e in sorted({one.end for one in loads_of(part)})
            if (persons := _intake(corridor, e)) is not None
            and persons < number * _most_persons(corridor, part, e)
        ]
        if len(ends) != 1 or part.led < number:
            continue
        crowds = corridor.problem.crowds
        intake = corridor.problem.sites[corridor.ends[ends[0]]].intake
        least = min(
            sum(people * crowds[g].each for g, people in one.people)
            for one in loads_of(part)
            if one.end == ends[0]
        )
        if intake is None or least <= 0:
            continue
        at_once = math.ceil(intake[0] / least - 1e-9)
        away = intake[1] - (max(times) - min(times))
        if away > corridor.apart and at_once < number:
            yield Followed(f, at_once, away, ends[0])


def _limited(corridor: Corridor, part: Part) -> bool:
    """Whether an intake or want of staff can keep vehicles of a part from loading in one convoy."""
    number = len(part.fleet.vehicles)
    largest = corridor.lane.largest
    together = number if largest is None else min(number, largest)
    if number > MOST_TOGETHER:
        return False
    if part.led < together:
        return True
    return _taken_in(corridor, part, together)


def _taken_in(corridor: Corridor, part: Part, together: int) -> bool:
    """Whether an intake can keep so many vehicles of a part from loading in one convoy."""
    return any(
        (intake := _intake(corridor, e)) is not None
        and intake < together * _most_persons(corridor, part, e)
        for e in {one.end for one in loads_of(part)}
    )


def _intake(corridor: Corridor, end: int) -> int | None:
    """Return how many persons of one convoy a destination takes in, None where that is free."""
    name = corridor.ends[end]
    intake = corridor.problem.sites[name].intake
    if intake is None or intake[1] <= 0 or name not in corridor.at_once:
        return None
    return intake[0]


def _most_persons(corridor: Corridor, part: Part, end: int) -> float:
    crowds = corridor.problem.crowds
    return max(
        sum(people * crowds[g].each for g, people in one.people)
        for one in loads_of(part)
        if one.end == end
    )


class _Together:
    """What the vehicles of one convoy gain together, where destinations or staff limit them."""

    def __init__(self, corridor: Corridor, bound_parts: frozenset[int], number: int) -> None:
        self.corridor = corridor
        self.bound_parts = bound_parts
        self.number = number
        shape = (len(corridor.parts), len(corridor.ends), number)
        self.by_end = np.zeros(shape)
        self.by_person = np.zeros(shape)
        self.load = np.full(shape, -1, dtype=np.int32)
        self.free = np.zeros((len(corridor.parts), number))
        self.free_load = np.full((len(corridor.parts), number), -1, dtype=np.int32)
        self.full = np.zeros((len(corridor.parts), number))
        self.by_group: list[dict[tuple[int, int], np.ndarray]] = [{} for _ in corridor.parts]
        self.pooled: dict[int, tuple[list[int], Pooled]] = {}

    def vehicle(self, f: int, end: int, gain: np.ndarray, load: int, *, led: bool) -> None:
        """Note what one vehicle gains at a destination with a load, and if staff must lead it."""
        self.load[f, end][gain > self.by_end[f, end] + 1e-12] = load
        self.by_end[f, end] = np.maximum(self.by_end[f, end], gain)
        self.full[f] = np.maximum(self.full[f], gain)
        if not led:
            self.free_load[f][gain > self.free[f] + 1e-12] = load
            self.free[f] = np.maximum(self.free[f], gain)

    def person(self, f: int, g: int, end: int, gain: np.ndarray, each: int) -> None:
        """Note what one of a group gains at a destination, `each` persons with companions."""
        self.by_person[f, end] = np.maximum(self.by_person[f, end], gain / each)
        self.in_wave(f, g, 0, gain)

    def in_wave(self, f: int, g: int, j: int, gain: np.ndarray) -> None:
        """Note what one of a group gains in a vehicle of the j-th wave at the bays."""
        before = self.by_group[f].get((g, j), np.zeros(self.number))
        self.by_group[f][g, j] = np.maximum(before, gain)

    def tables(self) -> np.ndarray:
        """Return the most that n vehicles gain, one zero where nothing can bind."""
        parts = self.corridor.parts
        if not self.bound_parts:
            return np.zeros((len(parts), 1, 1))
        most = max(len(one.fleet.vehicles) for one in parts)
        together = np.full((len(parts), most + 1, self.number), np.inf)
        numbers = np.arange(most + 1)[:, None]
        for f in self.bound_parts:
            with_staff = np.minimum(numbers, parts[f].led)
            free = np.minimum(self.free[f], self.full[f])
            by_staff = with_staff * self.full[f] + (numbers - with_staff) * free
            least = np.minimum(self._by_intake(f, most), by_staff)
            together[f] = falling(np.minimum(least, self._by_people(f, most)))
        return together

    def _by_people(self, f: int, most: int) -> np.ndarray:
        """Return what n vehicles gain where no group has more people than it has."""
        part = self.corridor.parts[f]
        groups = sorted({g for g, _ in self.by_group[f]})
        waves = range(waves_of(self.corridor, part))
        worth = np.array([[self.by_group[f][g, j] for g in groups] for j in waves])
        crowds = [self.corridor.problem.crowds[g] for g in groups]
        program = Pooled(part.fleet.slots, crowds, worth, bays_of(part))
        self.pooled[f] = (groups, program)
        return np.array([program.most(n) for n in range(most + 1)])

    def _by_intake(self, f: int, most: int) -> np.ndarray:
        """Return what n vehicles gain where each destination takes in so many at one moment."""
        slopes = falling(np.maximum(self.by_end[f], 0.0))
        heads = falling(np.maximum(self.by_person[f], 0.0))
        limits = np.full_like(slopes, np.inf)
        for e in range(len(slopes)):
            intake = _intake(self.corridor, e)
            if intake is not None:
                limits[e] = intake * heads[e]
        order = np.argsort(-slopes, axis=0, kind="stable")
        slopes = np.take_along_axis(slopes, order, axis=0)
        limits = np.take_along_axis(limits, order, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            rooms = np.where(slopes > 0, limits / slopes, np.inf)
        table = np.zeros((most + 1, self.number))
        for n in range(1, most + 1):
            left = np.full(self.number, float(n))
            for e in range(len(slopes)):
                taken = np.minimum(left, rooms[e])
                table[n] += taken * slopes[e]
                left = left - taken
        return table


def falling(table: np.ndarray) -> np.ndarray:
    """Return the least table above one that falls along its last axis."""
    return np.maximum.accumulate(table[..., ::-1], axis=-1)[..., ::-1].copy()
