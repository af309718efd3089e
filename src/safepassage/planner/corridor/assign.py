"""Who goes where with which convoy: the best loads for a timetable that is fixed.

Knows a linear program over counts of vehicles and people; what it says is a proposal that a
schedule follows as far as the rules allow.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safepassage.planner.corridor.gains import MOST_WAVES
from safepassage.planner.corridor.model import Corridor, Part, Turn
from safepassage.planner.linear import Answer, Linear
from safepassage.planner.problem import FOREVER, Helpers

Timed = tuple[tuple[int, bool], ...]
"""Convoys in order: the second of entry, and whether outward."""


@dataclass(frozen=True)
class Assignment:
    """What a program proposes for a timetable.

    `first[f, p]` vehicles of a part start at a pickup; `out[i, f, p, e, led]` ride loaded with
    the i-th convoy from a pickup to a destination, `back[i, f, p]` inward to a pickup. `value` is
    the optimum of the program, `prices` what one more person of each group, and then room for one
    more at each destination, would add to it (only of a program without whole numbers).
    """

    value: float
    first: dict[tuple[int, int], int]
    out: dict[tuple[int, int, int, int, bool], int]
    back: dict[tuple[int, int, int], int]
    prices: np.ndarray


class _Program:
    """Builds the program for one timetable."""

    def __init__(self, corridor: Corridor, convoys: Timed, *, weighted: bool) -> None:
        self.c = corridor
        self.p = corridor.problem
        self.convoys = convoys
        self.program = Linear()
        self.takes = max(one.lane_time for one in corridor.parts)
        self.each = [one.worth if weighted else float(one.each) for one in self.p.crowds]
        self.x: dict[tuple[int, int, int, int, bool], int] = {}
        self.w: dict[tuple[int, int, int], int] = {}
        self.u: dict[tuple[int, int], int] = {}
        self.people: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self.into: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        self.ready: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        self.led: dict[int, list[tuple[int, float]]] = defaultdict(list)
        self.price_rows: dict[int, int] = {}

    def build(self) -> None:
        self._columns()
        self._size()
        self._near()
        self._far()
        self._people()
        self._places()
        self._staff()

    # ------------------------------------------------------------------ columns

    def _columns(self) -> None:
        for f, part in enumerate(self.c.parts):
            if part.near_times:
                for p in range(len(part.turns)):
                    self.u[f, p] = self.program.column(0.0, whole=True)
                row = [(self.u[f, p], 1.0) for p in range(len(part.turns))]
                self.program.row(row, float(len(part.near_times)))
            for i, (at, outward) in enumerate(self.convoys):
                if outward:
                    self._loaded(i, at, f)
                elif part.back_time < FOREVER:
                    for p, turn in enumerate(part.turns):
                        if turn.into < FOREVER:
                            self.w[i, f, p] = self.program.column(0.0, whole=True)

    def _loaded(self, i: int, at: int, f: int) -> None:
        part = self.c.parts[f]
        for p, turn in enumerate(part.turns):
            if at - turn.out < max(0, self.p.opening):
                continue
            waves: dict[int, list[tuple[int, float]]] = defaultdict(list)
            for e in sorted({one.end for one in turn.patterns}):
                arrive = at + self.takes + turn.takes[e]
                if arrive > self.p.horizon or arrive < self.p.sites[self.c.ends[e]].opens:
                    continue
                if self.p.worth(at - turn.out, arrive) <= 0:
                    continue
                groups = sorted({g for one in turn.patterns if one.end == e for g, _ in one.people})
                ruled = {g for g in groups if self._needs_staff(g)}
                for led in (False, True) if ruled else (False,):
                    riders = [g for g in groups if led or g not in ruled]
                    if not riders:
                        continue
                    x = self.program.column(0.0, whole=True)
                    self.x[i, f, p, e, led] = x
                    if led:
                        self.led[i].append((x, 1.0))
                    for j, column in self._waves(x, at - turn.out, part, turn):
                        waves[j].append((column, 1.0))
                        depart = at - turn.out - j * part.fleet.load
                        self._ride(column, part, riders, e, depart, arrive)
            for j, row in waves.items():
                if j + 1 < len(waves) and turn.bays is not None:
                    self.program.row(row, float(turn.bays))

    def _waves(self, x: int, last: int, part: Part, turn: Turn) -> list[tuple[int, int]]:
        """Return a column for each wave at the bays: who loads first waits for the others.

        Who waits has departed, which counts only where being caught has a cost.
        """
        load = part.fleet.load
        number = len(part.fleet.vehicles)
        if self.p.rho <= 0 or load <= 0 or turn.bays is None or turn.bays >= number:
            return [(0, x)]
        most = min(MOST_WAVES, -(-number // max(1, turn.bays)))
        columns = [
            (j, self.program.column(0.0))
            for j in range(most)
            if j == 0 or last - j * load >= max(0, self.p.opening)
        ]
        self.program.row([(x, -1.0), *((one, 1.0) for _, one in columns)], 0.0, 0.0)
        return columns

    def _ride(
        self, x: int, part: Part, riders: Sequence[int], e: int, depart: int, arrive: int
    ) -> None:
        """Let people of some groups ride in vehicles that leave their pickup at a moment."""
        worth = self.p.worth(depart, arrive)
        use: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for g in riders if worth > 0 else ():
            crowd = self.p.crowds[g]
            q = self.program.column(self.each[g] * worth)
            self.people[g].append((q, 1.0))
            self.ready[g, depart - part.fleet.load].append((q, 1.0))
            self.into[e].append((q, arrive, float(crowd.each)))
            for slot, uses in crowd.uses.items():
                use[slot].append((q, float(uses)))
        for slot, entries in use.items():
            self.program.row([*entries, (x, -float(part.fleet.slots.get(slot, 0)))], 0.0)

    def _needs_staff(self, g: int) -> bool:
        kind = self.p.crowds[g].class_id
        legs = self.c.lane.legs
        return any(
            kind in one.for_classes and one.needed_over(legs) for one in self.p.helpers.values()
        )

    # ------------------------------------------------------------------ vehicles

    def _size(self) -> None:
        for i, (_, outward) in enumerate(self.convoys):
            if outward:
                row = [(x, 1.0) for (j, *_), x in self.x.items() if j == i]
            else:
                row = [(w, 1.0) for (j, *_), w in self.w.items() if j == i]
            if self.c.lane.largest is not None and row:
                self.program.row(row, float(self.c.lane.largest))

    def _near(self) -> None:
        """At each pickup no more are loaded by a moment than came early enough; bays counted."""
        for f, part in enumerate(self.c.parts):
            load = part.fleet.load
            for p, turn in enumerate(part.turns):
                # (moment of being there, column or number)
                came: list[tuple[int, int, float]] = []
                if (f, p) in self.u:
                    at = min(part.near_times) + part.first_off[p] - part.fleet.load - turn.out
                    came.append((at, self.u[f, p], 1.0))
                for (i, g, q), column in self.w.items():
                    if g == f and q == p:
                        there = self.convoys[i][0] + self.takes + turn.into
                        came.append((there, column, 1.0))
                came.sort()
                gone: list[tuple[int, int]] = sorted(
                    (self.convoys[i][0] - turn.out, x)
                    for (i, g, q, _, _), x in self.x.items()
                    if g == f and q == p
                )
                self._queue(came, gone, load, turn.bays, len(part.fleet.vehicles))

    def _queue(
        self,
        came: list[tuple[int, int, float]],
        gone: list[tuple[int, int]],
        load: int,
        bays: int | None,
        most: int,
    ) -> None:
        """Add rows: those gone by a moment are loaded of those who came before it."""
        moments = sorted({at for at, _ in gone})
        before = -FOREVER
        total = -1
        for moment in moments:
            row = [(x, 1.0) for at, x in gone if before < at <= moment]
            if total >= 0:
                row.append((total, 1.0))
            new = self.program.column(0.0)
            self.program.row([*row, (new, -1.0)], 0.0, 0.0)
            total, before = new, moment
            there = [(column, -one) for at, column, one in came if at + load <= moment]
            self.program.row([(total, 1.0), *there], 0.0)
            if bays is None or bays >= most or load <= 0:
                continue
            for start in sorted({at for at, _, _ in came if at <= moment}):
                begin = max(start, self.p.opening - load)
                most_loaded = bays * ((moment - begin) // load)
                if most_loaded >= most:
                    continue
                earlier = [(column, -one) for at, column, one in came if at < start]
                self.program.row([(total, 1.0), *earlier], float(most_loaded))

    def _far(self) -> None:
        for f, part in enumerate(self.c.parts):
            came: list[tuple[int, int]] = []
            for (i, g, _, e, _), x in self.x.items():
                if g == f:
                    back = self._back(f, e)
                    there = self.convoys[i][0] + self.takes + part.turns[0].takes[e]
                    came.append((there + part.fleet.unload + back, x))
            total = -1
            for i, (at, outward) in enumerate(self.convoys):
                if outward:
                    continue
                row = [(w, 1.0) for (j, g, _), w in self.w.items() if j == i and g == f]
                if not row:
                    continue
                if total >= 0:
                    row.append((total, 1.0))
                new = self.program.column(0.0)
                self.program.row([*row, (new, -1.0)], 0.0, 0.0)
                total = new
                able = [(x, -1.0) for ready, x in came if ready <= at]
                first = sum(ready <= at for ready in part.far_times)
                self.program.row([(total, 1.0), *able], float(first))

    def _back(self, f: int, e: int) -> int:
        kind = self.c.parts[f].fleet.kind
        gate = self.c.lane.end(self.c.forward)
        if self.c.ends[e] == gate:
            return 0
        return min(
            (
                way.before
                for way in self.c.ways.between(kind, self.c.ends[e], gate)
                if way.lane is None
            ),
            default=FOREVER,
        )

    # ------------------------------------------------------------------ people, places, staff

    def _people(self) -> None:
        for g, row in self.people.items():
            crowd = self.p.crowds[g]
            self.price_rows[g] = self.program.row(row, float(crowd.total))
            steps = [count for _, count in crowd.ready]
            if len(steps) > 1 or crowd.ready[0][0] > 0:
                boards = sorted(at for h, at in self.ready if h == g)
                for moment in boards:
                    some = [entry for at in boards if at <= moment for entry in self.ready[g, at]]
                    self.program.row(some, float(crowd.ready_by(moment)))

    def _places(self) -> None:
        for e, entries in self.into.items():
            site = self.p.sites[self.c.ends[e]]
            if site.room is not None:
                row = [(q, each) for q, _, each in entries]
                self.price_rows[len(self.p.crowds) + e] = self.program.row(row, float(site.room))
            if site.intake is None:
                continue
            most, per = site.intake
            for start in sorted({at for _, at, _ in entries}):
                some = [(q, each) for q, at, each in entries if start <= at < start + per]
                self.program.row(some, float(most))

    def _staff(self) -> None:
        """Staff who accompany go out and come back; one kind, the scarcest."""
        legs = self.c.lane.legs
        kinds = [
            one for one in self.p.helpers.values() if one.for_classes and one.needed_over(legs)
        ]
        if not kinds or not self.led:
            return
        scarcest = min(kinds, key=lambda one: one.count * one.per)
        into, after = self._detours(scarcest)
        out: dict[int, int] = {}
        back: dict[int, int] = {}
        for i, (_, outward) in enumerate(self.convoys):
            if outward and self.led[i]:
                out[i] = self.program.column(0.0)
                self.program.row([*self.led[i], (out[i], -float(scarcest.per))], 0.0)
            elif not outward:
                back[i] = self.program.column(0.0)
        for i in out:
            gone = [(column, 1.0) for j, column in out.items() if j <= i]
            at = self.convoys[i][0]
            come = [
                (column, -1.0)
                for j, column in back.items()
                if self.convoys[j][0] + self.takes + into <= at
            ]
            self.program.row([*gone, *come], float(scarcest.count))
        for i in back:
            gone = [(column, 1.0) for j, column in back.items() if j <= i]
            at = self.convoys[i][0]
            come = [
                (column, -1.0)
                for j, column in out.items()
                if self.convoys[j][0] + self.takes + after <= at
            ]
            self.program.row([*gone, *come], 0.0)

    def _detours(self, helper: Helpers) -> tuple[int, int]:
        """Return how long staff who accompany people are away from the near and the far end.

        Who stands at an end of the corridor, or is sent there, rides from end to end with the
        convoy; who stands at a pickup rides in a vehicle, to a destination and back.
        """
        pickups = {one.at for one in self.p.crowds if one.total > 0}
        if not any(place in pickups for place, _, _ in helper.stands):
            return 0, 0
        into = max(one.into for one in self.c.parts[0].turns if one.into < FOREVER)
        after = max(self._after(f, e) for f, e in {(f, e) for _, f, _, e, led in self.x if led})
        return 2 * into, 2 * after

    def _after(self, f: int, e: int) -> int:
        return min(one.takes[e] for one in self.c.parts[f].turns)


def assign(
    corridor: Corridor,
    convoys: Timed,
    *,
    whole: bool,
    seconds: float | None = None,
    weighted: bool = True,
    gap: float = 1e-4,
) -> Assignment | None:
    """Return the best loads of a timetable, None where the solver found none in time."""
    made = _Program(corridor, convoys, weighted=weighted)
    made.build()
    answer = made.program.solve(whole=whole, seconds=seconds, gap=gap)
    return None if answer is None else _read(made, answer)


def _read(made: _Program, answer: Answer) -> Assignment:
    def number(column: int) -> int:
        return round(float(answer.columns[column]))

    prices = np.zeros(len(made.p.crowds) + len(made.c.ends))
    for index, row in made.price_rows.items():
        prices[index] = abs(float(answer.duals[row]))
    return Assignment(
        value=answer.objective,
        first={key: number(column) for key, column in made.u.items()},
        out={key: number(column) for key, column in made.x.items() if number(column)},
        back={key: number(column) for key, column in made.w.items() if number(column)},
        prices=prices,
    )
