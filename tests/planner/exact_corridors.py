"""An exact model of the small corridors, written apart from the planner: a second opinion.

Solved by CP-SAT in a process of its own (see `exact`). Vehicles go straight from a destination to
the pickup of their next load: plans that first call elsewhere are left out, so that the optimum
here is one that plans reach, and perhaps not the greatest. `python -m tests.planner.exact_corridors
0 1 2` prints the optima as JSON; null where it was not proved in time.
"""

import json
import sys
from collections import defaultdict

from ortools.sat.python import cp_model

from tests.planner.corridors import STEP, Small, small
from tests.planner.second_opinion import program_of

SCALE = 10**6


class Model:
    """One small corridor as an integer program over ten-minute steps."""

    def __init__(self, case: Small) -> None:
        self.case = case
        self.m = cp_model.CpModel()
        c, m = case, self.m
        self.last = c.steps - c.lane
        self.entries = [t for t in range(self.last + 1) if self._open(t)]
        self.z_out = {t: m.new_bool_var(f"zo{t}") for t in self.entries}
        self.z_in = {t: m.new_bool_var(f"zi{t}") for t in self.entries}
        self.out = {}
        self.back = {}
        self.people = {}
        for f, kind in enumerate(c.kinds):
            most = len(kind.ready)
            for t in self.entries:
                for p in range(len(c.pickups)):
                    self.back[t, f, p] = m.new_int_var(0, most, "")
                    for e in range(len(c.ends)):
                        if t + c.lane + c.ends[e] <= c.steps:
                            self._load(t, f, p, e, most)
        self._convoys()
        self._staff()
        for f in range(len(c.kinds)):
            self._vehicles(f)
        self._bays()
        self._people_and_places()

    def _open(self, t: int) -> bool:
        c = self.case
        if t < c.opening:
            return False
        return c.closed is None or t + c.lane <= c.closed[0] or t >= c.closed[1]

    def _load(self, t: int, f: int, p: int, e: int, most: int) -> None:
        c, m = self.case, self.m
        kind = c.kinds[f]
        for led in (False, True):
            x = m.new_int_var(0, most, "")
            self.out[t, f, p, e, led] = x
            q = m.new_int_var(0, most * kind.seats, "")
            self.people[t, f, p, e, led, "walking"] = q
            m.add(q <= kind.seats * x)
            if led:
                q = m.new_int_var(0, most * kind.stretchers, "")
                self.people[t, f, p, e, led, "lying"] = q
                m.add(q <= kind.stretchers * x)

    def _convoys(self) -> None:
        c, m = self.case, self.m
        for t in self.entries:
            gone = [x for (s, *_), x in self.out.items() if s == t]
            come = [x for (s, *_), x in self.back.items() if s == t]
            most = sum(len(one.ready) for one in c.kinds)
            most = most if c.largest is None else min(most, c.largest)
            m.add(sum(gone) <= most * self.z_out[t])
            m.add(sum(come) <= most * self.z_in[t])
            for z in (self.z_out, self.z_in):
                m.add(sum(z[u] for u in self.entries if t <= u < t + c.headway) <= 1)
            if c.one_way:
                for u in self.entries:
                    if abs(t - u) < c.lane:
                        m.add(self.z_out[t] + self.z_in[u] <= 1)

    def _staff(self) -> None:
        c, m = self.case, self.m
        for number, each in ((c.escorts, 1), (c.delegates, 0)):
            if number is None:
                continue
            out = {t: m.new_int_var(0, number, "") for t in self.entries}
            back = {t: m.new_int_var(0, number, "") for t in self.entries}
            for t in self.entries:
                for ride, z in ((out, self.z_out), (back, self.z_in)):
                    m.add(ride[t] <= number * z[t])
                    if each:
                        m.add(ride[t] >= z[t])
                if not each:
                    led = [x for (s, _, _, _, one), x in self.out.items() if s == t and one]
                    m.add(sum(led) <= out[t])
                m.add(
                    sum(out[u] for u in self.entries if u <= t)
                    <= number + sum(back[u] for u in self.entries if u + c.lane <= t)
                )
                m.add(
                    sum(back[u] for u in self.entries if u <= t)
                    <= sum(out[u] for u in self.entries if u + c.lane <= t)
                )

    def _vehicles(self, f: int) -> None:
        c, m = self.case, self.m
        kind = c.kinds[f]
        first = {}
        for v, at in enumerate(kind.ready):
            for p in range(len(c.pickups)):
                first[v, p] = (at, m.new_bool_var(""))
            m.add(sum(first[v, p][1] for p in range(len(c.pickups))) <= 1)
        self.leaves = getattr(self, "leaves", {})
        for p, way in enumerate(c.pickups):
            leave = {t: m.new_int_var(0, len(kind.ready), "") for t in range(c.steps + 1)}
            self.leaves[f, p] = leave
            move = 0 if p == 0 else c.pickups[0] + way
            for t in range(c.steps + 1):
                came = [one for (_, q), (at, one) in first.items() if q == p and
                        at + move + kind.load <= t]  # fmt: skip
                came += [
                    w
                    for (s, g, q), w in self.back.items()
                    if g == f and q == p and s + c.lane + way + kind.load <= t
                ]
                m.add(sum(leave[u] for u in range(t + 1)) <= sum(came))
                if t < c.opening:
                    m.add(leave[t] == 0)
                gone = [
                    x for (s, g, q, _, _), x in self.out.items() if g == f and q == p and s <= t
                ]
                m.add(sum(gone) <= sum(leave[u] for u in range(t + 1) if u + way <= t))
        for t in self.entries:
            come = [w for (s, g, _), w in self.back.items() if g == f and s <= t]
            there = [
                x
                for (s, g, _, e, _), x in self.out.items()
                if g == f and s + c.lane + 2 * c.ends[e] + kind.unload <= t
            ]
            m.add(sum(come) <= sum(there))

    def _bays(self) -> None:
        for (f, p), leave in self.leaves.items():
            bays, load = self.case.bays[p], self.case.kinds[f].load
            if bays is None or load == 0:
                continue
            for t in range(self.case.steps + 1):
                self.m.add(sum(leave[u] for u in range(t, min(t + load, len(leave)))) <= bays)

    def _people_and_places(self) -> None:
        c, m = self.case, self.m
        for p in range(len(c.pickups)):
            for kind, number in (("walking", c.walking[p]), ("lying", c.lying[p])):
                some = [q for key, q in self.people.items() if key[2] == p and key[5] == kind]
                m.add(sum(some) <= number)
        arrivals = defaultdict(list)
        for (t, _, _, e, _, _), q in self.people.items():
            arrivals[e, t + c.lane + c.ends[e]].append(q)
        for e in range(len(c.ends)):
            room, intake = c.room[e], c.intake[e]
            if room is not None:
                m.add(sum(q for (d, _), some in arrivals.items() if d == e for q in some) <= room)
            if intake is not None:
                for t in range(c.steps + 1):
                    some = [
                        q
                        for (d, at), part in arrivals.items()
                        if d == e and t <= at < t + intake[1]
                        for q in part
                    ]
                    m.add(sum(some) <= intake[0])

    def optimum(self) -> float | None:
        """Return the greatest value, None if it was not proved in time."""
        c = self.case
        scenario = c.scenario()
        opening = scenario.opening.time.pick().total_seconds() if scenario.opening else 0.0

        def holds(step: int) -> float:
            return scenario.ending.holds(step * STEP * 60 - opening)

        terms = []
        for (t, _, p, e, _, kind), q in self.people.items():
            arrive = t + c.lane + c.ends[e]
            at_end = holds(arrive)
            # Who waits at the gate for the convoy left earlier: the latest departure counts.
            worth = at_end - c.rho * (holds(t - c.pickups[p]) - at_end)
            terms.append(round(SCALE * worth * (4 if kind == "lying" else 1)) * q)
        self.m.maximize(sum(terms))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = 20.0
        status = solver.solve(self.m)
        return solver.objective_value / SCALE if status == cp_model.OPTIMAL else None


if __name__ == "__main__":
    told = {}
    for seed in sys.argv[1:]:
        one = Model(small(int(seed)))
        told[seed] = {"value": one.optimum(), "program": program_of(one.m)}
    print(json.dumps(told))  # noqa: T201
