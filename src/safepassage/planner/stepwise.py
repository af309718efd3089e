"""Counterparts that move step by step, as a schedule grows: when a side may move again.

Knows the batches booked so far. Each new batch of a side leaves after its earlier ones, so that
what the other side has waited for stays true.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from safepassage.planner.problem import FOREVER, Problem

Side = tuple[str, bool]
"""The id of a counterpart, and whether its own people are meant (else ours)."""


@dataclass(slots=True)
class _Moving:
    """The batches of one side.

    `last` is when the last of them left, `nth` from when on the first 1, 2, … have moved, `moved`
    (second, people) of each in the order in which they have moved.
    """

    leave: int
    people: int = 0
    last: int = 0
    nth: list[int] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)

    def moved_by(self, wanted: float) -> int:
        """Return when so many people (or everybody) have moved, FOREVER if not yet booked."""
        if wanted <= 0 or self.leave == 0:
            return 0
        total = 0
        for at, people in self.moved:
            total += people
            if total >= wanted or total >= self.leave:
                return at
        return FOREVER


class Stepwise:
    """How far each side has moved by the bookings so far."""

    def __init__(self, problem: Problem) -> None:
        self._links = problem.counterparts
        self._sides_of: dict[str, list[Side]] = {}
        persons = {one.id: one.total * one.each for one in problem.crowds}
        foreign = frozenset[str]().union(*(one.groups for one in self._links))
        self._state: dict[Side, _Moving] = {}
        for link in self._links:
            ours = sum(persons[one] for one in persons if one not in foreign)
            theirs = sum(persons[one] for one in link.groups)
            self._state[link.id, False] = _Moving(ours)
            self._state[link.id, True] = _Moving(theirs)
        for crowd in problem.crowds:
            sides: list[Side] = [(one.id, True) for one in self._links if crowd.id in one.groups]
            if crowd.id not in foreign:
                sides = [(one.id, False) for one in self._links]
            if crowd.total > 0:
                self._sides_of[crowd.at] = sides

    def free(self, place: str) -> int:
        """Return from when on people may leave a place, FOREVER while the others must move."""
        at = 0
        for side in self._sides_of.get(place, ()):
            at = max(at, self._free(side))
        return at

    def most(self, place: str, at: int, batch: Sequence[tuple[str, int, int]] = ()) -> int:
        """Return how many more persons may leave a place at a second.

        `batch` has (place, departure, persons) of what is in the same batch already.
        """
        most = FOREVER
        for side in self._sides_of.get(place, ()):
            name, theirs = side
            link = next(one for one in self._links if one.id == name)
            if not theirs or not link.steps:
                continue
            same = [one for one in batch if side in self.sides(one[0])]
            aboard = sum(persons for _, _, persons in same)
            at = min([at, *(depart for _, depart, _ in same)])
            other = self._state[name, False]
            step = sum(moved <= at for moved, _ in other.moved) + 1
            if step <= len(link.steps) and other.moved_by(other.leave) > at:
                left = sum(link.steps[:step]) - self._state[side].people - aboard
                most = min(most, left)
        return max(0, most)

    def sides(self, place: str) -> Sequence[Side]:
        """Return the sides whose people live at a place."""
        return self._sides_of.get(place, ())

    def _free(self, side: Side) -> int:
        name, theirs = side
        mine, other = self._state[side], self._state[name, not theirs]
        link = next(one for one in self._links if one.id == name)
        at = mine.last
        everybody = other.moved_by(other.leave)
        if link.ratio is not None:
            needed = mine.people / link.ratio if theirs else mine.people * link.ratio
            at = max(at, other.moved_by(needed - 1e-9))
        if link.steps:
            if not theirs:
                at = max(at, other.moved_by(sum(link.steps[: len(mine.nth)])))
            else:
                full = 0
                for number, step in enumerate(link.steps):
                    full += step
                    if mine.people < full:
                        at = max(at, min(self._nth(other, number), everybody))
                        break
                else:
                    at = max(at, min(self._nth(other, len(link.steps)), everybody))
        elif link.ratio is None:
            at = max(at, min(self._nth(other, len(mine.nth)), everybody))
        return at

    def _nth(self, other: _Moving, number: int) -> int:
        """Return when so many batches of a side have moved."""
        if number == 0:
            return 0
        return other.nth[number - 1] if number <= len(other.nth) else FOREVER

    def book(self, rides: Sequence[tuple[str, int, int, int]]) -> None:
        """Count a batch: (place, departure, arrival, persons) of each loaded trip in it."""
        batch: dict[Side, list[tuple[int, int, int]]] = {}
        for place, depart, arrive, persons in rides:
            for side in self._sides_of.get(place, ()):
                batch.setdefault(side, []).append((depart, arrive, persons))
        for side, rows in batch.items():
            link = next(one for one in self._links if one.id == side[0])
            state = self._state[side]
            moved = max(arrive if link.on_arrival else depart for depart, arrive, _ in rows)
            people = sum(persons for _, _, persons in rows)
            state.people += people
            state.nth.append(max(moved, state.nth[-1] if state.nth else 0))
            state.last = max(state.last, min(depart for depart, _, _ in rows))
            insort(state.moved, (moved, people))
