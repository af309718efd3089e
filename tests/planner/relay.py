"""The smallest relays, drawn by a seed: minibuses bring people to a staging place, buses fetch
them there.

Whole ten-minute steps. `optimum` is an exact model written apart from the planner, solved by SciPy.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law

STEP = 10


@dataclass(frozen=True)
class Relay:
    """A relay in steps of ten minutes: first way, second way, loads, vehicles, seats, rules."""

    seed: int
    steps: int
    first: int
    second: int
    load: int
    unload: int
    minis: int
    buses: int
    mini_seats: int
    bus_seats: int
    people: int
    limit: int | None
    wait: int | None
    rho: float
    mean: int

    def scenario(self) -> Scenario:
        def span(steps: int) -> timedelta:
            return timedelta(minutes=STEP * steps)

        def fleet(
            name: str, kind: str, count: int, at: str, seats: int, serves: tuple[str, ...]
        ) -> Vehicles:
            return Vehicles(
                name,
                kind,
                sure(count),
                at,
                {"seat": sure(seats)},
                sure(span(self.load)),
                sure(span(self.unload)),
                serves=serves,
            )

        stop = Place(
            "s",
            "staging",
            limit=None if self.limit is None else sure(self.limit),
            longest_wait=None if self.wait is None else span(self.wait),
        )
        return Scenario(
            name=f"relay {self.seed}",
            start=datetime(2016, 12, 15, 8, tzinfo=UTC),
            horizon=span(self.steps),
            sha256=f"{self.seed:064x}",
            places=(Place("a", "pickup"), stop, Place("b", "shelter", arrived=True)),
            legs=(
                Leg("in", "a", "s", sure(span(self.first))),
                Leg("out", "s", "b", sure(span(self.second))),
            ),
            classes=BUILT_IN_CLASSES,
            groups=(Group("g", "a", "walking", sure(self.people)),),
            vehicles=(
                fleet("minis", "mini", self.minis, "a", self.mini_seats, ("a", "s")),
                fleet("buses", "bus", self.buses, "s", self.bus_seats, ("s", "b")),
            ),
            ending=Law("exponential", sure(span(self.mean))),
            rules=Rules(rho=sure(self.rho) if self.rho else None),
        )


def relay(seed: int) -> Relay:
    r = random.Random(f"relay/{seed}")  # noqa: S311 - no secret
    mini_seats, bus_seats = r.randint(2, 5), r.randint(3, 8)
    return Relay(
        seed=seed,
        steps=r.randint(8, 22),
        first=r.randint(1, 3),
        second=r.randint(1, 4),
        load=r.randint(0, 2),
        unload=r.randint(1, 2),
        minis=r.randint(1, 3),
        buses=r.randint(1, 3),
        mini_seats=mini_seats,
        bus_seats=bus_seats,
        people=r.randint(2, 30),
        limit=r.randint(2, 12) if r.random() < 0.5 else None,
        wait=r.randint(1, 6) if r.random() < 0.5 else None,
        rho=r.choice((0.0, 0.0, 0.5)),
        mean=r.choice((6, 15, 40)),
    )


def optimum(case: Relay) -> float:
    """Return the best value over all plans that move in whole steps, solved as a whole program."""
    steps = range(case.steps + 1)
    names = ("out", "back", "aboard", "on", "home", "carried")
    index = {(name, t): k for k, (name, t) in enumerate((n, t) for n in names for t in steps)}
    number = len(index)
    upper = np.full(number, np.inf)
    cost = np.zeros(number)
    law = case.scenario().ending

    def holds(step: int) -> float:
        return law.holds(step * STEP * 60)

    for t in steps:
        for name, takes in (("out", case.first), ("aboard", case.first)):
            if t + takes > case.steps:
                upper[index[name, t]] = 0
        for name in ("on", "carried"):
            if t + case.second > case.steps:
                upper[index[name, t]] = 0
        lost = case.rho * (holds(t) - holds(t + case.first))
        cost[index["aboard", t]] = -lost
        arrives = holds(t + case.second)
        cost[index["carried", t]] = arrives - case.rho * (holds(t) - arrives)
    rows: list[np.ndarray] = []
    tops: list[float] = []

    def at_most(entries: list[tuple[str, int, float]], top: float) -> None:
        row = np.zeros(number)
        for name, t, value in entries:
            if 0 <= t <= case.steps:
                row[index[name, t]] += value
        rows.append(row)
        tops.append(top)

    def upto(name: str, t: int, value: float = 1.0) -> list[tuple[str, int, float]]:
        return [(name, u, value) for u in steps if u <= t]

    for t in steps:
        at_most([("aboard", t, 1.0), ("out", t, -case.mini_seats)], 0)
        at_most([("carried", t, 1.0), ("on", t, -case.bus_seats)], 0)
        # Vehicles: those that left by t are the first ones, or have come back and loaded again.
        for out, back, takes, count in (
            ("out", "back", case.first, case.minis),
            ("on", "home", case.second, case.buses),
        ):
            first = count if t >= case.load else 0
            at_most(upto(out, t) + upto(back, t - takes - case.load, -1.0), first)
            at_most(upto(back, t) + upto(out, t - takes - case.unload, -1.0), 0)
        # People board where they have been brought and got off.
        there = t - case.load - case.unload - case.first
        at_most(upto("carried", t) + upto("aboard", there, -1.0), 0)
        if case.limit is not None:
            brought = upto("aboard", t - case.first)
            at_most(brought + upto("carried", t + case.load, -1.0), case.limit)
        if case.wait is not None and t >= case.wait:
            # All who were there a longest wait ago have left by now.
            at_most(upto("aboard", t - case.wait - case.first) + upto("carried", t, -1.0), 0)
    at_most(upto("aboard", case.steps), case.people)
    if case.wait is not None:
        at_most(upto("aboard", case.steps) + upto("carried", case.steps, -1.0), 0)
    found = milp(
        -cost,
        constraints=LinearConstraint(np.array(rows), -np.inf, np.array(tops)),
        bounds=Bounds(0, upper),
        integrality=np.ones(number),
    )
    assert found.status == 0
    return -float(found.fun)
