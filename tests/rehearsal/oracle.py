"""The two columns as a simulation of events with SimPy: the kernel's independent oracle.

Written from docs/reference/rehearsal.md, bus by bus, with draws of its own (numpy). It shares no
code with the kernel but the laws' numbers: what each number means is read here again.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from safepassage.clearance.lease import detection_delay
from safepassage.rehearsal.chance import Beliefs, beliefs_of
from safepassage.scenario.uncertain import Uncertain
from tests.rehearsal.two_columns import COLUMN, CYCLE, FIRST, HOURS, rounds, world

HOUR = 3600.0
MINUTE = 60.0
END = HOURS * HOUR
HOLDERS = ("gov", "militia")
TO_POST, TO_SECOND, TO_END = 18 * MINUTE, 24 * MINUTE, 24 * MINUTE
HEADWAY = 20 * MINUTE
LOAD, UNLOAD = 20 * MINUTE, 10 * MINUTE

Steps = Generator[Any, Any, Any]


def draw(law: Uncertain, rng: np.random.Generator) -> float:
    """Return one value of a law, each by the library's own sampler."""
    first, *others = law.numbers
    match law.law:
        case "fixed":
            value = first
        case "triangular":
            low, likely, high = law.numbers
            value = low if high <= low else rng.triangular(low, likely, high)
        case "lognormal":
            value = rng.lognormal(math.log(first), others[0])
        case "exponential":
            value = rng.exponential(first)
        case "weibull":
            value = first / math.gamma(1 + 1 / others[0]) * rng.weibull(others[0])
        case "pareto":
            value = first * (1 + rng.pareto(others[0]))
    low_end = -math.inf if law.at_least is None else law.at_least
    high_end = math.inf if law.at_most is None else law.at_most
    return float(min(max(value, low_end), high_end))


@dataclass
class Told:
    """What one replication comes to."""

    arrived: int = 0
    caught: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds that the people of each loaded convoy sat without driving."""
    by_hour: list[int] = field(default_factory=lambda: [0] * (HOURS + 1))


@dataclass
class Break:
    """A truce that is broken: by whom, from when, until when, and when the room knows."""

    by: str
    begins: float
    ends: float
    known: float


class Operation:
    """One replication."""

    def __init__(self, beliefs: Beliefs, rng: np.random.Generator) -> None:
        self.rng = rng
        self.law = beliefs
        self.env = simpy.Environment()
        self.told = Told()
        self.now_broken: Break | None = None
        self.breaks = self.env.event()
        self.heals = self.env.event()
        self.wide = {key: self.draw(key) for key in _WIDE}
        self.frailty = math.exp(self.wide["truce.frailty"] * rng.standard_normal())
        self.last_entry = {"out": -math.inf, "home": -math.inf}
        self.post_free = {"R": 0.0, "K": 0.0}
        late = self.draw("start.slip") if rng.random() < self.wide["start.chance"] else 0.0
        self.opening = late
        crowded = rng.random()
        crush = self.wide["crowding.crush_chance"]
        pressed = self.wide["crowding.pressed_chance"]
        self.regime = (
            "crowding.crush"
            if crowded < crush
            else "crowding.pressed"
            if crowded < crush + pressed
            else "crowding.calm"
        )
        self.env.process(self.truce())
        for name, first in FIRST.items():
            self.env.process(self.column(first * MINUTE))
            del name

    def draw(self, key: str) -> float:
        return draw(self.law[key], self.rng)

    # ------------------------------------------------------------------ the truce
    def truce(self) -> Steps:
        """Let the parties' words hold and break, one halt after the other."""
        yield self.env.timeout(self.opening)
        shape, mean = self.wide["truce.shape"], self.wide["truce.mean"]
        scale = mean / math.gamma(1 + 1 / shape)
        while True:
            rates = dict.fromkeys(HOLDERS, 0.5 * self.frailty)
            ages = {
                one: scale * (self.rng.exponential() / rate) ** (1 / shape)
                for one, rate in rates.items()
            }
            by = min(ages, key=lambda one: ages[one])
            yield self.env.timeout(ages[by])
            for_good = self.rng.random() < self.wide["truce.ends_for_good"]
            ends = math.inf if for_good else self.env.now + self.draw("truce.halt")
            known = self.env.now + self.draw("truce.learn") + detection_delay().total_seconds()
            self.now_broken = Break(by, self.env.now, ends, min(ends, known))
            broken, self.breaks = self.breaks, self.env.event()
            broken.succeed()
            if for_good:
                return
            yield self.env.timeout(ends - self.env.now)
            self.now_broken = None
            healed, self.heals = self.heals, self.env.event()
            healed.succeed()

    def go(self) -> Steps:
        """Wait until nothing that the room knows of speaks against a go. Both hold the way."""
        while (broken := self.now_broken) is not None and broken.known <= self.env.now:
            yield self.heals

    def free_road(self, way: str) -> Steps:
        """Wait until the headway is kept and it is still a go."""
        while True:
            yield from self.go()
            gap = self.last_entry[way] + HEADWAY - self.env.now
            if gap <= 0:
                break
            yield self.env.timeout(gap)
        self.last_entry[way] = self.env.now

    # ------------------------------------------------------------------ a column
    def column(self, first: float) -> Steps:
        """Send a column out and back, as often as the plan says."""
        free = [0.0] * COLUMN
        away = False
        for turn in range(rounds()):
            leaves = first + turn * CYCLE * MINUTE
            home = leaves + 66 * MINUTE + 15 * MINUTE
            if not away:
                free, away = yield from self.trip("out", leaves, free)
            if away:
                free, still_away = yield from self.trip("home", home, free)
                away = still_away

    def trip(self, way: str, planned: float, free: list[float]) -> Steps:
        """Drive one convoy; return when its buses are free, and whether they are at the far end."""
        loaded = way == "out"
        ready = list(free)
        if loaded:
            ready = [
                max(one, max(planned, self.opening) - LOAD) + LOAD * self.draw("loading.load")
                for one in free
            ]
        start = max(planned, self.opening, *ready)
        if start >= END:
            yield self.env.timeout(
                math.inf if math.isinf(start) else max(0.0, start - self.env.now)
            )
            return free, not loaded
        yield self.env.timeout(max(0.0, start - self.env.now))
        yield from self.free_road(way)
        left = self.env.now
        if left >= END:
            return free, not loaded
        crowd = 1.0
        if loaded:
            crowd = self.draw(self.regime) * self.wide["crowding.luggage"]
            crowd *= self.wide["crowding.families"]
        people = COLUMN * int(50 * crowd + 1e-9) if loaded else 0
        slow = self.wide["travel.shared"] * self.draw("travel.each")
        if loaded and self.rng.random() < self.wide["travel.detour_chance"]:
            slow *= self.draw("travel.detour")
        searched = loaded and self.rng.random() < self.wide["checkpoint.screening_chance"]
        posts = (("R", TO_POST), ("K", TO_SECOND), ("", TO_END))
        if not loaded:
            posts = (("K", TO_END), ("R", TO_SECOND), ("", TO_POST))
        # The fate of a convoy is drawn once: whatever breaks on it meets the same people.
        fate, goes_on = self.rng.random(), self.rng.random()
        met = False
        immune = False
        on_board = _Wait(self.told, max(0.0, left - min(ready)), END - left) if loaded else None
        for number, (post, time) in enumerate(posts):
            left_to_drive = time * slow
            if post:
                arrival = self.env.now + left_to_drive
                opens = max(arrival, self.post_free[post])
                self.post_free[post] = opens + COLUMN * HOUR / self.wide["checkpoint.rate"]
                queue = opens - arrival
                if searched and number == 0:
                    queue += self.draw("checkpoint.screening")
                _wait(on_board, queue)
                left_to_drive += queue
            while left_to_drive > 0:
                broken = self.now_broken
                if broken is not None and not immune:
                    if not met:
                        self.told.caught += people
                        met = True
                    if fate < self.wide["caught.sent_back"]:
                        back = (self.env.now - left) * self.wide["caught.way_back"]
                        yield self.env.timeout(back)
                        rest = [self.rest(loaded=loaded) for _ in free]
                        return [self.env.now + one for one in rest], not loaded
                    if goes_on < self.wide["caught.goes_on"]:
                        immune = True
                        continue
                    _wait(on_board, max(0.0, min(broken.ends, END) - self.env.now))
                    if math.isinf(broken.ends):
                        return [math.inf] * COLUMN, loaded
                    yield self.heals
                    continue
                began = self.env.now
                driving = self.env.timeout(left_to_drive)
                yield driving | self.breaks if not immune else driving
                left_to_drive -= self.env.now - began
                if left_to_drive < 1e-6:
                    break
        if loaded and self.rng.random() < self.wide["receiving.refusal"]:
            length = self.draw("receiving.wait")
            _wait(on_board, length)
            yield self.env.timeout(length)
            if self.rng.random() < self.wide["receiving.turned_back"]:
                yield self.env.timeout(66 * MINUTE * slow)
                return [self.env.now + self.rest(loaded=True) for _ in free], False
        if self.env.now <= END:
            self.told.arrived += people
            self.told.by_hour[math.ceil(self.env.now / HOUR)] += people
        return [self.env.now + self.rest(loaded=loaded) for _ in free], loaded

    def rest(self, *, loaded: bool) -> float:
        return UNLOAD * self.draw("loading.unload") if loaded else 0.0


class _Wait:
    """How long one loaded convoy sits: before it leaves, and on its way up to the horizon."""

    def __init__(self, told: Told, before: float, most: float) -> None:
        self.told, self.before, self.most = told, before, most
        self.held = 0.0
        self.index = len(told.waits)
        told.waits.append(before)

    def add(self, seconds: float) -> None:
        self.held += seconds
        self.told.waits[self.index] = self.before + min(self.held, self.most)


def _wait(one: _Wait | None, seconds: float) -> None:
    if one is not None:
        one.add(seconds)


_WIDE = (
    "truce.mean",
    "truce.shape",
    "truce.frailty",
    "truce.ends_for_good",
    "caught.sent_back",
    "caught.goes_on",
    "caught.way_back",
    "start.chance",
    "travel.shared",
    "travel.detour_chance",
    "checkpoint.rate",
    "checkpoint.screening_chance",
    "crowding.pressed_chance",
    "crowding.crush_chance",
    "crowding.luggage",
    "crowding.families",
    "receiving.refusal",
    "receiving.turned_back",
)
"""What is the same for a whole operation; all else is drawn each time."""


def replications(count: int, seed: int, **stated: Uncertain) -> list[Told]:
    """Return so many replications of the two columns."""
    beliefs = beliefs_of(world(**stated))
    found = []
    for number in range(count):
        one = Operation(beliefs, np.random.default_rng([seed, number]))
        one.env.run(until=END + 1)
        found.append(one.told)
    return found
