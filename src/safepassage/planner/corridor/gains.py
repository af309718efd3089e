"""What a load is worth by pickup, destination and time of entry, under prices.

Knows the tables that the event search reads; docs/proofs.md says why each is above what a plan
can gain.
"""

from dataclasses import dataclass

import numpy as np

from safepassage.planner.bounds import falling_worth
from safepassage.planner.corridor.model import Corridor, Part, Pattern, accompanied
from safepassage.planner.problem import FOREVER

MOST_TOGETHER = 100
"""Most vehicles of one entry for which the limits of one convoy are counted."""


@dataclass(frozen=True)
class Gains:
    """Tables of what vehicles of each part are worth, by pickup and second of entry.

    `seat[f, p, k]` is the most that one vehicle gains, or that it could gain in the next convoy if
    that is more; it falls with time. `load[f, p, k]` is the load that gains it (its number in the
    order of pickups and patterns, -1 for none). `together[f, n, k]` is the most that n vehicles of
    one convoy gain, given what destinations take in at one moment and whom staff can accompany.
    `later[f, k]` is the most that one vehicle more can be worth in any later convoy.
    `by_end[f, e, k]` is the most that one vehicle gains at one destination, with `end_load`.
    """

    seat: np.ndarray
    load: np.ndarray
    together: np.ndarray
    later: np.ndarray
    by_end: np.ndarray
    end_load: np.ndarray


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
        for f, part in enumerate(corridor.parts):
            for p, turn in enumerate(part.turns):
                for e in {one.end for one in turn.patterns}:
                    arrive = self.times + part.lane_time + turn.takes[e]
                    takes = turn.out + part.lane_time + turn.takes[e]
                    worth = falling_worth(problem, takes, np.minimum(arrive, problem.horizon))
                    self.found[f, p, e] = np.where(arrive <= problem.horizon, worth, 0.0)
        self.accompanied = [
            accompanied(problem, corridor.lane, one.class_id) < FOREVER for one in problem.crowds
        ]

    def gains(self, values: np.ndarray, prices: np.ndarray, rooms: np.ndarray) -> Gains:
        """Return the tables of gains under prices of people and of room at the destinations."""
        corridor = self.corridor
        number = len(self.times)
        most = max(len(one.turns) for one in corridor.parts)
        shape = (len(corridor.parts), most, number)
        seat = np.zeros(shape)
        best = np.full(shape, -1, dtype=np.int32)
        shared = _Together(corridor, number)
        for f, part in enumerate(corridor.parts):
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
                        shared.person(f, pattern.end, (values[g] * worth - cost) / crowd.each)
                    led = any(self.accompanied[g] for g, _ in pattern.people)
                    shared.vehicle(f, pattern.end, gain, load, led=led)
                    better = gain > seat[f, p] + 1e-12
                    best[f, p][better] = load
                    seat[f, p] = np.maximum(seat[f, p], gain)
                    load += 1
        seat = falling(seat)
        together = shared.tables()
        later = self._later(seat, together)
        return Gains(
            *_no_less_than_later(seat, best, later), together, later, shared.by_end, shared.load
        )

    def _later(self, seat: np.ndarray, together: np.ndarray) -> np.ndarray:
        """Return the most that one vehicle more is worth in any convoy after the next headway."""
        now = seat.max(axis=1)
        if together.shape[1] > 1:
            now = np.maximum(now, falling(np.diff(together, axis=1)).max(axis=1))
        shift = self.corridor.apart_out // self.corridor.step
        later = np.zeros_like(now)
        if shift < now.shape[1]:
            later[:, : now.shape[1] - shift] = now[:, shift:]
        return later


def _no_less_than_later(
    seat: np.ndarray, load: np.ndarray, later: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return gains raised to what waiting for the next convoy could bring.

    So waiting never pays, and the search need not try it.
    """
    raised = np.maximum(seat, later[:, None, :])
    best = seat.argmax(axis=1)
    here = np.take_along_axis(load, best[:, None, :], axis=1)
    return raised, np.where(raised > seat + 1e-12, here, load)


class _Together:
    """What the vehicles of one convoy gain together, where destinations or staff limit them."""

    def __init__(self, corridor: Corridor, number: int) -> None:
        self.corridor = corridor
        self.number = number
        shape = (len(corridor.parts), len(corridor.ends), number)
        self.by_end = np.zeros(shape)
        self.by_person = np.zeros(shape)
        self.load = np.full(shape, -1, dtype=np.int32)
        self.free = np.zeros((len(corridor.parts), number))
        self.full = np.zeros((len(corridor.parts), number))

    def vehicle(self, f: int, end: int, gain: np.ndarray, load: int, *, led: bool) -> None:
        """Note what one vehicle gains at a destination with a load, and if staff must lead it."""
        self.load[f, end][gain > self.by_end[f, end] + 1e-12] = load
        self.by_end[f, end] = np.maximum(self.by_end[f, end], gain)
        self.full[f] = np.maximum(self.full[f], gain)
        if not led:
            self.free[f] = np.maximum(self.free[f], gain)

    def person(self, f: int, end: int, gain: np.ndarray) -> None:
        """Note what one person gains at a destination."""
        self.by_person[f, end] = np.maximum(self.by_person[f, end], gain)

    def tables(self) -> np.ndarray:
        """Return the most that n vehicles gain, one zero where nothing can bind."""
        corridor = self.corridor
        parts = corridor.parts
        most = max(len(one.fleet.vehicles) for one in parts)
        intakes = [
            corridor.problem.sites[one].intake if one in corridor.at_once else None
            for one in corridor.ends
        ]
        limited = [e for e, one in enumerate(intakes) if one is not None and one[1] > 0]
        led = any(one.led < len(one.fleet.vehicles) for one in parts)
        if most > MOST_TOGETHER or not (limited or led):
            return np.zeros((len(parts), 1, 1))
        together = np.zeros((len(parts), most + 1, self.number))
        numbers = np.arange(most + 1)[:, None]
        for f, part in enumerate(parts):
            together[f] = self._by_intake(f, intakes, most)
            with_staff = np.minimum(numbers, part.led)
            free = np.minimum(self.free[f], self.full[f])
            by_staff = with_staff * self.full[f] + (numbers - with_staff) * free
            together[f] = np.minimum(together[f], by_staff)
        return falling(together)

    def _by_intake(
        self, f: int, intakes: list[tuple[int, int] | None], most: int
    ) -> np.ndarray:
        """Return what n vehicles gain where each destination takes in so many at one moment."""
        slopes = falling(np.maximum(self.by_end[f], 0.0))
        heads = falling(np.maximum(self.by_person[f], 0.0))
        limits = np.full_like(slopes, np.inf)
        for e, intake in enumerate(intakes):
            if intake is not None and intake[1] > 0:
                limits[e] = intake[0] * heads[e]
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
