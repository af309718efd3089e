"""Ways from place to place: chains of legs, over one corridor or none.

Knows the shortest ways by driving time for each kind of vehicle, and what lies on them.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

from safepassage.planner.problem import Lane, Problem, seconds_up

STAFF_ALONE = ""
"""The kind of staff who ride without a vehicle: a leg's plain time holds."""


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of legs; `before` and `after` are the seconds outside the corridor.

    Without a corridor `before` is the whole driving time and `after` is 0. `passes_before` and
    `passes_after` hold (place, seconds since the trip's start, or since the corridor's end) of the
    places on the way, `stretches_*` (leg, seconds at its begin, seconds at its end).
    """

    start: str
    end: str
    legs: tuple[str, ...]
    lane: str | None
    forward: bool
    before: int
    after: int
    km: float | None
    passes_before: tuple[tuple[str, int], ...]
    passes_after: tuple[tuple[str, int], ...]
    stretches_before: tuple[tuple[str, int, int], ...]
    stretches_after: tuple[tuple[str, int, int], ...]

    @property
    def outside(self) -> int:
        """Driving seconds outside the corridor."""
        return self.before + self.after


@dataclass(frozen=True, slots=True)
class _Path:
    legs: tuple[tuple[str, bool], ...]
    seconds: int
    points: tuple[str, ...]


class Ways:
    """The shortest ways of a problem, found when first asked for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._edges: dict[str, list[tuple[str, str, bool]]] = {}
        for leg in problem.scenario.legs:
            if leg.id in problem.lane_of_leg:
                continue
            self._edges.setdefault(leg.start, []).append((leg.end, leg.id, True))
            if not leg.one_way:
                self._edges.setdefault(leg.end, []).append((leg.start, leg.id, False))
        self._trees: dict[tuple[str, str], dict[str, _Path]] = {}
        self._found: dict[tuple[str, str, str], tuple[Way, ...]] = {}
        self._lane_times: dict[tuple[str, str], int] = {}
        self._inner: dict[tuple[str, str, bool], tuple[tuple[str, int], ...]] = {}

    def leg_time(self, leg: str, kind: str) -> int:
        """Return the driving seconds of one leg for a kind of vehicle, or for staff alone."""
        one = self.problem.scenario.leg[leg]
        return seconds_up((one.time if kind == STAFF_ALONE else one.time_for(kind)).pick())

    def lane_time(self, lane: str, kind: str) -> int:
        """Return the seconds that a kind of vehicle needs for a whole corridor."""
        key = (lane, kind)
        if key not in self._lane_times:
            legs = self.problem.lanes[lane].legs
            self._lane_times[key] = sum(self.leg_time(one, kind) for one in legs)
        return self._lane_times[key]

    def inner_passes(self, lane: Lane, kind: str, *, forward: bool) -> tuple[tuple[str, int], ...]:
        """Return (place, seconds since entry) of the places inside, as the slowest kind drives."""
        key = (lane.id, kind, forward)
        if key not in self._inner:
            legs = lane.legs if forward else lane.legs[::-1]
            points = (lane.ends[0], *lane.inner, lane.ends[1])
            if not forward:
                points = points[::-1]
            steps = list(zip(legs, points, points[1:], strict=False))
            self._inner[key] = tuple(self._passes([(a, b) for a, b, _ in steps], kind, points))
        return self._inner[key]

    def between(self, kind: str, start: str, end: str) -> tuple[Way, ...]:
        """Return the ways of a kind between two places: one without corridor, one over each."""
        key = (kind, start, end)
        if key not in self._found:
            self._found[key] = tuple(self._search(kind, start, end)) if start != end else ()
        return self._found[key]

    def _search(self, kind: str, start: str, end: str) -> list[Way]:
        found = []
        plain = self._tree(kind, start).get(end)
        if plain is not None and plain.legs:
            found.append(self._way(kind, plain, None, None, forward=True))
        for lane in self.problem.lanes.values():
            for forward in (True, False):
                if not (lane.forward_allowed if forward else lane.backward_allowed):
                    continue
                first = self._tree(kind, start).get(lane.start(forward))
                last = self._tree(kind, lane.end(forward)).get(end)
                if first is not None and last is not None:
                    found.append(self._way(kind, first, lane, last, forward=forward))
        return found

    def _tree(self, kind: str, start: str) -> Mapping[str, _Path]:
        key = (kind, start)
        if key in self._trees:
            return self._trees[key]
        done: dict[str, _Path] = {}
        queue: list[tuple[int, int, _Path]] = [(0, 0, _Path((), 0, (start,)))]
        order = 0
        while queue:
            seconds, _, path = heapq.heappop(queue)
            here = path.points[-1]
            if here in done:
                continue
            done[here] = path
            for there, leg, along in self._edges.get(here, ()):
                if there in done:
                    continue
                order += 1
                takes = seconds + self.leg_time(leg, kind)
                longer = _Path((*path.legs, (leg, along)), takes, (*path.points, there))
                heapq.heappush(queue, (takes, order, longer))
        self._trees[key] = done
        return done

    def _way(
        self, kind: str, first: _Path, lane: Lane | None, last: _Path | None, *, forward: bool
    ) -> Way:
        legs = [one for one, _ in first.legs]
        if lane is not None and last is not None:
            legs.extend(lane.legs if forward else lane.legs[::-1])
            legs.extend(one for one, _ in last.legs)
        before = self._walk(first, kind)
        after = self._walk(last, kind) if last is not None else ([], [])
        return Way(
            start=first.points[0],
            end=first.points[-1] if last is None else last.points[-1],
            legs=tuple(legs),
            lane=None if lane is None else lane.id,
            forward=forward,
            before=first.seconds,
            after=0 if last is None else last.seconds,
            km=self._km(legs),
            passes_before=tuple(before[0]),
            passes_after=tuple(after[0]),
            stretches_before=tuple(before[1]),
            stretches_after=tuple(after[1]),
        )

    def _km(self, legs: list[str]) -> float | None:
        total = 0.0
        for one in legs:
            figure = self.problem.scenario.leg[one].km
            if figure is None or not figure.known:
                return None
            total += figure.pick()
        return total

    def _walk(
        self, path: _Path, kind: str
    ) -> tuple[list[tuple[str, int]], list[tuple[str, int, int]]]:
        pairs = [(leg, path.points[index]) for index, (leg, _) in enumerate(path.legs)]
        stretches = []
        at = 0
        for leg, _ in pairs:
            takes = self.leg_time(leg, kind)
            stretches.append((leg, at, at + takes))
            at += takes
        return self._passes(pairs, kind, path.points), stretches

    def _passes(
        self, pairs: list[tuple[str, str]], kind: str, points: tuple[str, ...]
    ) -> list[tuple[str, int]]:
        """Return the places inside a chain: those between two legs, and those on a leg."""
        passes = []
        at = 0
        for index, (leg_id, enters) in enumerate(pairs):
            leg = self.problem.scenario.leg[leg_id]
            takes = self.leg_time(leg_id, kind)
            for through in leg.through:
                after = seconds_up(through.after)
                offset = after if enters == leg.start else takes - after
                passes.append((through.checkpoint, at + min(max(offset, 0), takes)))
            at += takes
            if index + 1 < len(pairs):
                passes.append((points[index + 1], at))
        return passes
