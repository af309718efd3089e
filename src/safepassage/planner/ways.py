"""Ways from place to place: chains of legs, over one corridor or none.

Knows the shortest ways by driving time for each kind of vehicle, and what lies on them.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from safepassage.planner.hours import LegHours
from safepassage.planner.problem import FOREVER, Lane, Problem, seconds_up

if TYPE_CHECKING:
    from safepassage.planner.changing import Changing

MOST_MOMENTS = 48
"""At so many moments, at most, other chains of legs are looked for where times change by hour."""

STAFF_ALONE = ""
"""The kind of staff who ride without a vehicle: a leg's plain time holds."""


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of legs; `before` and `after` are the seconds outside the corridor.

    Without a corridor `before` is the whole driving time and `after` is 0. `passes_before` and
    `passes_after` hold (place, seconds since the trip's start, or since the corridor's end) of the
    places on the way, `stretches_*` (leg, seconds at its begin, seconds at its end). Where times
    change by the hour these are the least of each leg until `Ways.at` gives those of a departure.
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


MOST_DETOURS = 6
"""Things on a way that are gone around one by one; beyond that only all together."""


def _narrow_legs(problem: Problem) -> list[frozenset[str]]:
    """Return the sets of legs that a way may have to go around: what may be closed or full."""
    found = [frozenset({leg.id}) for leg in problem.scenario.legs if leg.id in problem.windows]
    for site in problem.sites.values():
        limited = site.openings is not None or site.opens > 0 or site.rate is not None
        if limited or site.intake is not None:
            legs = frozenset(
                leg.id
                for leg in problem.scenario.legs
                if site.id in (leg.start, leg.end)
                or any(one.checkpoint == site.id for one in leg.through)
            )
            if legs:
                found.append(legs)
    return found


class Ways:
    """The shortest ways of a problem, found when first asked for."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        # Found when first asked for (`changing_of`), once for all schedules over these ways.
        self.changing: Changing | None = None
        self._edges: dict[str, list[tuple[str, str, bool]]] = {}
        for leg in problem.scenario.legs:
            if leg.id in problem.lane_of_leg:
                continue
            self._edges.setdefault(leg.start, []).append((leg.end, leg.id, True))
            if not leg.one_way:
                self._edges.setdefault(leg.end, []).append((leg.start, leg.id, False))
        self._trees: dict[tuple[str, str, int | None, frozenset[str]], dict[str, _Path]] = {}
        self._narrow = _narrow_legs(problem)
        self._found: dict[tuple[str, str, str], tuple[Way, ...]] = {}
        self._leg_times: dict[tuple[str, str], int] = {}
        self._lane_times: dict[tuple[str, str], int] = {}
        self._inner: dict[tuple[str, str, bool], tuple[tuple[str, int], ...]] = {}
        self._hours = {
            (leg.id, kind): LegHours(hours)
            for leg in problem.scenario.legs
            for kind, hours in leg.hours.items()
            if hours
        }

    @property
    def by_hour(self) -> bool:
        """Whether the driving time of any leg changes with the moment of entry."""
        return bool(self._hours)

    def leg_time(self, leg: str, kind: str) -> int:
        """Return the driving seconds of one leg for a kind of vehicle, or for staff alone.

        Of a leg whose time changes by the hour it is the least: no ride over it is shorter.
        """
        key = (leg, kind)
        if key not in self._leg_times:
            hours = self._hours.get(key)
            one = self.problem.scenario.leg[leg]
            figure = one.time if kind == STAFF_ALONE else one.time_for(kind)
            self._leg_times[key] = seconds_up(figure.pick()) if hours is None else hours.least()
        return self._leg_times[key]

    def leaves(self, leg: str, kind: str, enters: int) -> int:
        """Return when who enters a leg at a second leaves it."""
        hours = self._hours.get((leg, kind))
        return enters + self.leg_time(leg, kind) if hours is None else hours.leaves(enters)

    def at(self, way: Way, kind: str, depart: int, left: int = 0) -> Way:
        """Return a way with the times of a departure, and of leaving the corridor at `left`."""
        if not self._hours:
            return way
        before = self._timed(way.stretches_before, way.start, kind, depart)
        after = before
        if way.lane is not None:
            out = self.problem.lanes[way.lane].end(way.forward)
            after = self._timed(way.stretches_after, out, kind, left)
        return replace(
            way,
            before=before[2],
            passes_before=before[0],
            stretches_before=before[1],
            after=0 if way.lane is None else after[2],
            passes_after=() if way.lane is None else after[0],
            stretches_after=() if way.lane is None else after[1],
        )

    def latest(self, way: Way, kind: str, by: int) -> int | None:
        """Return the latest departure that reaches the corridor (or the end) by a second."""
        if not self._hours:
            return by - way.before
        at: int | None = by
        for leg, _, _ in reversed(way.stretches_before):
            if at is None:
                return None
            hours = self._hours.get((leg, kind))
            at = at - self.leg_time(leg, kind) if hours is None else hours.enters(at)
        return at

    def next_change(self, way: Way, kind: str, depart: int) -> int | None:
        """Return the next departure at which the time of a leg before the corridor changes.

        `way` has the times of the departure (`at`). None where none changes any more.
        """
        changes = [
            start - begin
            for leg, begin, _ in way.stretches_before
            if (leg, kind) in self._hours
            for start in self._hours[leg, kind].starts
            if start - begin > depart
        ]
        return min(changes, default=None)

    def longest(self, way: Way, kind: str) -> int:
        """Return the driving seconds outside the corridor when every leg takes its longest."""
        if not self._hours:
            return way.outside
        return sum(
            self._longest(leg, kind) for leg, _, _ in (*way.stretches_before, *way.stretches_after)
        )

    def _longest(self, leg: str, kind: str) -> int:
        hours = self._hours.get((leg, kind))
        return self.leg_time(leg, kind) if hours is None else hours.longest()

    def _timed(
        self, stretches: Sequence[tuple[str, int, int]], start: str, kind: str, at: int
    ) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int, int], ...], int]:
        """Return places passed, stretches and seconds of a chain of legs from a second on."""
        pairs, points = [], [start]
        for leg_id, _, _ in stretches:
            leg = self.problem.scenario.leg[leg_id]
            pairs.append((leg_id, points[-1]))
            points.append(leg.end if points[-1] == leg.start else leg.start)
        timed, now = [], at
        for leg_id, _ in pairs:
            leaves = self.leaves(leg_id, kind, now)
            timed.append((leg_id, now - at, leaves - at))
            now = leaves
        passes = self._passes(pairs, [end - begin for _, begin, end in timed], tuple(points))
        return tuple(passes), tuple(timed), now - at

    def lane_time(self, lane: str, kind: str) -> int:
        """Return the seconds that a kind of vehicle needs for a whole corridor."""
        key = (lane, kind)
        if key not in self._lane_times:
            legs = self.problem.lanes[lane].legs
            self._lane_times[key] = sum(self.leg_time(one, kind) for one in legs)
        return self._lane_times[key]

    def lane_time_at(self, lane: Lane, kind: str, depart: int, *, forward: bool) -> int:
        """Return the seconds of a whole corridor for a kind that enters it at a second."""
        if not self._hours:
            return self.lane_time(lane.id, kind)
        return self.lane_legs(lane, kind, depart, forward=forward)[-1][2] - depart

    def lane_longest(self, lane: Lane, kind: str) -> int:
        """Return the seconds of a whole corridor when every leg takes its longest."""
        return sum(self._longest(leg, kind) for leg in lane.legs)

    def lane_legs(
        self, lane: Lane, kind: str, depart: int, *, forward: bool
    ) -> list[tuple[str, int, int]]:
        """Return (leg, entered, left) in seconds for a kind that enters a corridor at a second."""
        found = []
        at = depart
        for leg in lane.legs if forward else lane.legs[::-1]:
            leaves = self.leaves(leg, kind, at)
            found.append((leg, at, leaves))
            at = leaves
        return found

    def inner_passes(
        self, lane: Lane, kind: str, depart: int, *, forward: bool
    ) -> tuple[tuple[str, int], ...]:
        """Return (place, seconds since entry) of the places inside, as the slowest kind drives."""
        key = (lane.id, kind, forward)
        if key in self._inner and not self._hours:
            return self._inner[key]
        points = (lane.ends[0], *lane.inner, lane.ends[1])
        if not forward:
            points = points[::-1]
        legs = self.lane_legs(lane, kind, depart, forward=forward)
        pairs = [(leg, enters) for (leg, _, _), enters in zip(legs, points, strict=False)]
        takes = [leaves - enters for _, enters, leaves in legs]
        self._inner[key] = tuple(self._passes(pairs, takes, points))
        return self._inner[key]

    def next_lane_change(self, lane: Lane, kind: str, depart: int, *, forward: bool) -> int | None:
        """Return the next entry at which the time of a leg of a corridor changes, or None."""
        changes = [
            start - (enters - depart)
            for leg, enters, _ in self.lane_legs(lane, kind, depart, forward=forward)
            if (leg, kind) in self._hours
            for start in self._hours[leg, kind].starts
            if start > enters
        ]
        return min(changes, default=None)

    def between(self, kind: str, start: str, end: str) -> tuple[Way, ...]:
        """Return the ways of a kind between two places: without corridor, and over each.

        The quickest come first; then those that go around what may be closed or full on them.
        """
        key = (kind, start, end)
        if key not in self._found:
            self._found[key] = tuple(self._search(kind, start, end)) if start != end else ()
        return self._found[key]

    def quickest(self, kind: str, start: str, end: str) -> Way | None:
        """Return the quickest way without corridor, where every leg takes its least; or None."""
        path = self._tree(kind, start, None, frozenset()).get(end)
        if path is None or not path.legs:
            return None
        return self._way(kind, path, None, None, forward=True)

    def _search(self, kind: str, start: str, end: str) -> list[Way]:
        found = self._quickest(kind, start, end, None)
        known = {one.legs for one in found}
        for avoid in self._detours(found):
            for way in self._quickest(kind, start, end, None, avoid):
                if way.legs not in known:
                    known.add(way.legs)
                    found.append(way)
        for moment in self._moments():
            # Another chain of legs may be the quickest, or the only open one, at another hour.
            for way in self._quickest(kind, start, end, moment):
                if way.legs not in known:
                    known.add(way.legs)
                    found.append(way)
        return found

    def _detours(self, found: list[Way]) -> list[frozenset[str]]:
        """Return sets of legs to go around: each that may be closed or full, and all together."""
        outside = dict.fromkeys(
            leg for way in found for leg in way.legs if leg not in self.problem.lane_of_leg
        )
        met = [one for one in self._narrow if not one.isdisjoint(outside)]
        if not met:
            return []
        return [*met[:MOST_DETOURS], frozenset[str]().union(*self._narrow)]

    def _moments(self) -> list[int]:
        """Return the seconds from which a leg's time or opening is another; none without hours."""
        if not self._hours:
            return []
        found = {start for one in self._hours.values() for start in one.starts}
        for leg in self.problem.scenario.legs:
            openings = self.problem.windows.get(leg.id)
            if openings is not None:
                found |= {at for span in openings.spans for at in span}
        return sorted(one for one in found if 0 <= one <= self.problem.horizon)[:MOST_MOMENTS]

    def _quickest(
        self,
        kind: str,
        start: str,
        end: str,
        moment: int | None,
        avoid: frozenset[str] = frozenset(),
    ) -> list[Way]:
        """Return the quickest way without corridor and over each, as of a moment or at the best."""
        found = []
        plain = self._tree(kind, start, moment, avoid).get(end)
        if plain is not None and plain.legs:
            found.append(self._way(kind, plain, None, None, forward=True))
        for lane in self.problem.lanes.values():
            for forward in (True, False):
                if not (lane.forward_allowed if forward else lane.backward_allowed):
                    continue
                first = self._tree(kind, start, moment, avoid).get(lane.start(forward))
                last = self._tree(kind, lane.end(forward), moment, avoid).get(end)
                if first is not None and last is not None:
                    found.append(self._way(kind, first, lane, last, forward=forward))
        return found

    def _tree(
        self, kind: str, start: str, moment: int | None, avoid: frozenset[str]
    ) -> Mapping[str, _Path]:
        key = (kind, start, moment, avoid)
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
                if there in done or leg in avoid:
                    continue
                order += 1
                takes = seconds + self._leg_time_as_of(leg, kind, moment)
                longer = _Path((*path.legs, (leg, along)), takes, (*path.points, there))
                heapq.heappush(queue, (takes, order, longer))
        self._trees[key] = done
        return done

    def _leg_time_as_of(self, leg: str, kind: str, moment: int | None) -> int:
        """Return the time of a leg entered at a moment, FOREVER where it is closed then."""
        if moment is None:
            return self.leg_time(leg, kind)
        leaves = self.leaves(leg, kind, moment)
        openings = self.problem.windows.get(leg)
        if openings is not None and not openings.admits(moment, leaves, self.problem.margin):
            return FOREVER
        return leaves - moment

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
            before=_lasts(before[1]),
            after=_lasts(after[1]),
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
        times = [end - begin for _, begin, end in stretches]
        return self._passes(pairs, times, path.points), stretches

    def _passes(
        self, pairs: list[tuple[str, str]], times: Sequence[int], points: tuple[str, ...]
    ) -> list[tuple[str, int]]:
        """Return the places inside a chain: those between two legs, and those on a leg."""
        passes = []
        at = 0
        for index, ((leg_id, enters), takes) in enumerate(zip(pairs, times, strict=True)):
            leg = self.problem.scenario.leg[leg_id]
            for through in leg.through:
                after = seconds_up(through.after)
                offset = after if enters == leg.start else takes - after
                passes.append((through.checkpoint, at + min(max(offset, 0), takes)))
            at += takes
            if index + 1 < len(pairs):
                passes.append((points[index + 1], at))
        return passes


def _lasts(stretches: Sequence[tuple[str, int, int]]) -> int:
    return stretches[-1][2] if stretches else 0
