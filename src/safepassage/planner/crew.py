"""Staff on the move: where they stand, who may go, and how many a convoy or trip needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from safepassage.planner.problem import Helpers, Problem
from safepassage.planner.timelines import Stock


def staff_needed(
    problem: Problem,
    *,
    in_convoy: bool,
    legs: Sequence[str],
    vehicles: Mapping[str, int],
    carrying: Mapping[str, int],
    aboard: Mapping[str, int],
) -> dict[str, int]:
    """Return how many of each staff kind must be on board.

    `legs` are those of the corridor for a convoy, else those of the trip.
    `vehicles` counts vehicles by kind, `carrying` vehicles by a class that they carry, `aboard`
    staff who ride in any case. Several needs of a kind add up by their maximum.
    """
    needs: dict[str, int] = {}
    for _ in range(len(problem.helpers) + 1):
        before = dict(needs)
        for kind, helper in problem.helpers.items():
            if not helper.needed_over(legs):
                continue
            count = 1 if in_convoy and helper.for_convoy else 0
            for one in helper.for_vehicles:
                count = max(count, -(-vehicles.get(one, 0) // helper.per))
            for one in helper.for_classes:
                count = max(count, -(-carrying.get(one, 0) // helper.per))
            for one in helper.for_staff:
                served = max(needs.get(one, 0), aboard.get(one, 0))
                count = max(count, -(-served // helper.per))
            if count:
                needs[kind] = max(needs.get(kind, 0), count)
        if needs == before:
            break
    return needs


@dataclass(slots=True)
class _Person:
    name: str
    place: str
    since: int
    spell: int | None = None


class Crew:
    """Where staff are over time; kinds with a limit of duty are followed person by person."""

    def __init__(self, problem: Problem) -> None:
        self._helpers = problem.helpers
        self._stocks: dict[tuple[str, str], Stock] = {}
        self._persons: dict[str, list[_Person]] = {}
        for kind, helper in problem.helpers.items():
            if helper.duty is not None:
                self._persons[kind] = [
                    _Person(name, place, since) for place, since, name in helper.stands
                ]
                continue
            for place, since, _ in helper.stands:
                self._stock(kind, place).change(since, 1)

    def available(self, kind: str, place: str, depart: int, arrive: int) -> int:
        """Return how many of a kind may leave a place at a second and arrive at another."""
        persons = self._persons.get(kind)
        if persons is None:
            return self._stock(kind, place).available(depart)
        helper = self._helpers[kind]
        return sum(_may_go(helper, one, place, depart, arrive) for one in persons)

    def next_available(self, kind: str, place: str, at: int, takes: int, number: int) -> int | None:
        """Return the earliest second from `at` on when a number of a kind may leave, or None."""
        persons = self._persons.get(kind)
        if persons is None:
            return self._stock(kind, place).next_available(at, number)
        helper = self._helpers[kind]
        times = {at}
        for one in persons:
            if one.place == place:
                times.update(t for t in (one.since, one.since + helper.rest) if t > at)
        return next(
            (t for t in sorted(times) if self.available(kind, place, t, t + takes) >= number), None
        )

    def places_of(self, kind: str) -> list[str]:
        """Return the places where some of a kind stand now or later."""
        persons = self._persons.get(kind)
        if persons is not None:
            return list(dict.fromkeys(one.place for one in persons))
        return [place for one, place in self._stocks if one == kind]

    def ride(
        self, kind: str, number: int, start: str, end: str, depart: int, arrive: int
    ) -> tuple[str, ...]:
        """Move a number of a kind from place to place; return the names of kinds with duty."""
        persons = self._persons.get(kind)
        if persons is None:
            self._stock(kind, start).change(depart, -number)
            self._stock(kind, end).change(arrive, number)
            return ()
        helper = self._helpers[kind]
        fit = [one for one in persons if _may_go(helper, one, start, depart, arrive)]
        fit.sort(key=lambda one: (_rested(helper, one, start, depart), -(one.spell or 0), one.name))
        for one in fit[:number]:
            if one.spell is None or _rested(helper, one, start, depart):
                one.spell = depart
            one.place, one.since = end, arrive
        return tuple(sorted(one.name for one in fit[:number]))

    def _stock(self, kind: str, place: str) -> Stock:
        return self._stocks.setdefault((kind, place), Stock())


def _rested(helper: Helpers, one: _Person, place: str, depart: int) -> bool:
    return (helper.relief is None or helper.relief == place) and depart - one.since >= helper.rest


def _may_go(helper: Helpers, one: _Person, place: str, depart: int, arrive: int) -> bool:
    if one.place != place or one.since > depart:
        return False
    longest = helper.duty if helper.duty is not None else arrive
    begins = depart if one.spell is None or _rested(helper, one, place, depart) else one.spell
    return arrive - begins <= longest
