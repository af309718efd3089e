"""The least driving time between places, whatever the plan: what bounds and proofs rest on."""

import heapq

from safepassage.planner.problem import FOREVER, Fleet, Problem
from safepassage.planner.ways import Ways

CHANGE_KINDS = frozenset({"staging", "handover"})
"""Kinds of places where people may change vehicles, unless they count as arrival."""


class Reach:
    """Least times of empty vehicles (over any number of trips) and of loaded ones (one trip)."""

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self.problem = problem
        self.ways = ways
        self.changes = any(
            not one.arrived and one.kind in CHANGE_KINDS for one in problem.scenario.places
        )
        self._trees: dict[tuple[str, str], dict[str, int]] = {}
        self._edges: dict[str, list[tuple[str, str]]] = {}
        for leg in problem.scenario.legs:
            self._edges.setdefault(leg.start, []).append((leg.end, leg.id))
            if not leg.one_way:
                self._edges.setdefault(leg.end, []).append((leg.start, leg.id))

    def loaded(self, fleet: Fleet, start: str, end: str) -> int:
        """Return the least driving seconds of one trip, FOREVER if there is no way."""
        return min(
            (
                way.outside + (self.ways.lane_time(way.lane, fleet.kind) if way.lane else 0)
                for way in self.ways.between(fleet.kind, start, end)
            ),
            default=FOREVER,
        )

    def drive(self, fleet: Fleet, start: str, end: str) -> int:
        """Return the least driving seconds over any chain of legs, FOREVER if there is none."""
        return self._tree(fleet.kind, start).get(end, FOREVER)

    def _tree(self, kind: str, start: str) -> dict[str, int]:
        key = (kind, start)
        if key not in self._trees:
            done: dict[str, int] = {}
            queue = [(0, start)]
            while queue:
                at, here = heapq.heappop(queue)
                if here in done:
                    continue
                done[here] = at
                for there, leg in self._edges.get(here, ()):
                    if there not in done:
                        heapq.heappush(queue, (at + self.ways.leg_time(leg, kind), there))
            self._trees[key] = done
        return self._trees[key]
