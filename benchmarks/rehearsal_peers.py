"""The rehearsal beside SimPy, Ciw and Mesa on one model: `python -m benchmarks.rehearsal_peers`.

The model is what all four can say: 30 buses, each by itself, shuttle for seven days. Load; a gate
that one bus passes every three minutes and that is shut while the truce is broken; a held stretch;
a post that serves one bus at a time; the rest of the way; unload; a gate of the same kind on the
way back; back empty. People without end, 50 a bus; who is on the road when it breaks drives on.
Our own kernel plays it at vehicle level with its other rules switched off by their laws, and beside
that with all of its rules at their defaults and the buses in two columns.

Each runs in one process, one after the other in the same run; compiling does not count. Peers that
are not installed are left out. Mean people must
agree within 5 % and three standard errors: Ciw serves before it lets pass, Mesa rounds to its step.
Options: `--seconds S` for each, `--json`, `--out FILE` (a row each in benchmarks/results.csv).
"""

import argparse
import csv
import importlib.util
import json
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.validation.shuttle import Operation, fixed, plan_of, scenario_of
from safepassage.clearance.lease import detection_delay
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.rehearsal.playing import play_blocks, rows_of
from safepassage.rehearsal.prepared import Prepared, prepare
from safepassage.scenario.figure import sure
from safepassage.scenario.places import Through
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain

HERE = Path(__file__).parent
BUSES, SEATS, DAYS = 30, 50, 7
HOURS = 24.0 * DAYS
LOAD, UNLOAD, OUT, BACK = 0.33, 0.25, 1.10, 1.00
HELD = 0.35
GATE = 0.05
POST = 1 / 33
SPREAD_LOAD, SPREAD_DRIVE = 0.3, 0.2
UP, HALT, SPREAD_HALT = 40.0, 12.0, 1.0
SHUTS_AFTER = detection_delay().total_seconds() / 3600
"""The gate learns of a break when the last lease has run out, for all four."""


@dataclass(frozen=True)
class Measured:
    """Replications a second of one tool, and the mean people that it gives."""

    tool: str
    level: str
    version: str
    replications: int
    seconds: float
    people: float
    error: float

    @property
    def rate(self) -> float:
        """Replications a second."""
        return self.replications / self.seconds


# --------------------------------------------------------------------------------- ours
def our_model(*, columns: int, all_rules: bool) -> tuple[Scenario, VerifiedPlan]:
    """Return the model as a scenario and a plan: so many columns of the 30 buses."""
    size = BUSES // columns
    operation = Operation(
        "peers",
        datetime(2016, 12, 15, 8, 0, tzinfo=UTC),
        HOURS,
        HELD * 10.0,
        (OUT - HELD) * 30.0,
        columns=((size, 0.0),) * columns,
        people=1_000_000,
        wanted=RehearsalWanted(standing=False),
        stated={} if all_rules else dict(ONLY),
    )
    bare = scenario_of(operation)
    legs = tuple(
        replace(one, time=sure(timedelta(hours=BACK)))
        if one.id == "back"
        else replace(one, through=(Through("stop", one.time.pick()),))
        if one.id == "held"
        else one
        for one in bare.legs
    )
    post = replace(bare.place["post"], id="stop", kind="checkpoint")
    corridors = tuple(
        replace(one, headway=sure(timedelta(hours=GATE))) if one.id == "out" else one
        for one in bare.corridors
    )
    vehicles = tuple(
        replace(one, load=sure(timedelta(hours=LOAD)), unload=sure(timedelta(hours=UNLOAD)))
        for one in bare.vehicles
    )
    wanted = bare.rehearsal
    if all_rules and wanted is not None:
        wanted = replace(wanted, uncertain={})
    scenario = replace(
        bare,
        legs=legs,
        corridors=corridors,
        vehicles=vehicles,
        places=(*bare.places, post),
        rehearsal=wanted,
    )
    plan = plan_of(operation, bare).plan
    return scenario, verify(scenario, _spaced(plan, scenario))


def _spaced(plan: Any, scenario: Scenario) -> Any:
    """Return the plan with its convoys a headway apart, out once and back once each."""
    out, back = round(OUT * 3600), round(BACK * 3600)
    rest = round(UNLOAD * 3600) + 1
    first = round(LOAD * 3600) + 1
    going = [one.id for one in plan.convoys if one.corridor == "out"]
    starts = {name: first + index * round(GATE * 3600) for index, name in enumerate(going)}
    starts |= {f"{name}b": starts[name] + out + rest for name in going}
    lasts = {name: at + (back if name.endswith("b") else out) for name, at in starts.items()}
    return replace(
        plan,
        scenario=scenario.sha256,
        stated=None,
        convoys=tuple(
            replace(one, depart=starts[one.id], arrive=lasts[one.id]) for one in plan.convoys
        ),
        trips=tuple(
            replace(one, depart=starts[one.convoy], arrive=lasts[one.convoy]) for one in plan.trips
        ),
    )


ONLY: dict[str, Uncertain] = {
    "truce.mean": fixed(UP * 3600),
    "truce.frailty": fixed(0.0),
    "truce.ends_for_good": fixed(0.0),
    "truce.halt": Uncertain("lognormal", (HALT * 3600, SPREAD_HALT)),
    "truce.learn": fixed(0.0),
    "caught.sent_back": fixed(0.0),
    "caught.goes_on": fixed(1.0),
    "travel.shared": fixed(1.0),
    "travel.each": Uncertain("lognormal", (1.0, SPREAD_DRIVE)),
    "travel.detour_chance": fixed(0.0),
    "loading.load": Uncertain("lognormal", (1.0, SPREAD_LOAD)),
    "loading.unload": Uncertain("lognormal", (1.0, SPREAD_LOAD)),
    "checkpoint.rate": fixed(1 / POST),
    "crowding.calm": fixed(1.0),
    "crowding.pressed_chance": fixed(0.0),
    "crowding.crush_chance": fixed(0.0),
    "demand.leaves_list": fixed(0.0),
    "dispatch.patience": fixed(0.0),
}
"""The laws under which our rules are those of the peers."""


def ours(level: str, *, columns: int, all_rules: bool, seconds: float) -> Measured:
    """Measure our own kernel on one core."""
    scenario, plan = our_model(columns=columns, all_rules=all_rules)
    prepared = prepare(scenario, plan, level=level)
    rows = rows_of(prepared, seed=7, number=0, size=512)
    people = [float(one.arrived) for one in rows]
    count, took = _timed(prepared, seconds)
    name = "safepassage, all rules" if all_rules else "safepassage"
    error = statistics.stdev(people) / math.sqrt(len(people))
    return Measured(
        name, level, version("safepassage"), count, took, statistics.fmean(people), error
    )


def _timed(prepared: Prepared, seconds: float) -> tuple[int, float]:
    size, number = 512, 1
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        play_blocks(prepared, seed=7, numbers=[number], size=size, threads=1)
        number += 1
    return (number - 1) * size, time.perf_counter() - began


# --------------------------------------------------------------------------------- peers
def _halts(rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Yield the spans in which the gate is shut."""
    at = 0.0
    while at < HOURS:
        at += rng.exponential(UP)
        ends = at + rng.lognormal(math.log(HALT), SPREAD_HALT)
        if at + SHUTS_AFTER < ends:
            yield at + SHUTS_AFTER, ends
        at = ends


def _log(rng: np.random.Generator, median: float, spread: float) -> float:
    return float(median * math.exp(spread * rng.standard_normal()))


def with_simpy(seed: int) -> float:
    """Return the people of one replication: a process for each bus."""
    import simpy

    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    gate, gate_back, post = (simpy.Resource(env) for _ in range(3))
    shut = list(_halts(rng))
    people = 0

    def bus() -> Iterator[Any]:
        nonlocal people
        while True:
            yield env.timeout(_log(rng, LOAD, SPREAD_LOAD))
            yield from through(gate)
            slow = _log(rng, 1.0, SPREAD_DRIVE)
            yield env.timeout(HELD * slow)
            turn = post.request()
            yield turn
            env.process(_released(post, turn, env, POST))
            yield env.timeout((OUT - HELD) * slow)
            people += SEATS
            yield env.timeout(_log(rng, UNLOAD, SPREAD_LOAD))
            yield from through(gate_back)
            yield env.timeout(_log(rng, BACK, SPREAD_DRIVE))

    def through(one: Any) -> Iterator[Any]:
        """Pass a gate: open, and three minutes after the one before."""
        turn = one.request()
        yield turn
        for begins, ends in shut:
            if begins <= env.now < ends:
                yield env.timeout(ends - env.now)
        env.process(_released(one, turn, env, GATE))

    for _ in range(BUSES):
        env.process(bus())
    env.run(until=HOURS)
    return float(people)


def _released(one: Any, turn: Any, env: Any, after: float) -> Iterator[Any]:
    """Let the next follow after a while; who passed is on its way already."""
    yield env.timeout(after)
    one.release(turn)


def with_ciw(seed: int) -> float:
    """Return the people of one replication: a closed network of queues."""
    import ciw

    rng = np.random.default_rng(seed)
    numbers, ends = [], []
    for begins, until in _halts(rng):
        numbers += [1, 0]
        ends += [begins, until]
    if not ends or ends[-1] < HOURS * 2:
        numbers.append(1)
        ends.append(HOURS * 4)

    class Slow(ciw.dists.Distribution):
        def __init__(self, median: float, spread: float) -> None:
            self.half, self.wide = median, spread

        def sample(self, t: Any = None, ind: Any = None) -> float:  # noqa: ARG002 - their call
            return _log(rng, self.half, self.wide)

    class Drive(ciw.dists.Distribution):
        def __init__(self, hours: float, *, anew: bool) -> None:
            self.hours, self.anew = hours, anew

        def sample(self, t: Any = None, ind: Any = None) -> float:  # noqa: ARG002 - their call
            if self.anew or not hasattr(ind, "slow"):
                ind.slow = _log(rng, 1.0, SPREAD_DRIVE)
            return float(self.hours * ind.slow)

    def gate() -> Any:
        return ciw.Schedule(numbers_of_servers=numbers, shift_end_dates=ends, preemption=False)

    once = ciw.dists.Sequential([*([1e-9] * BUSES), 1e12])
    steps = 8
    routing = np.zeros((steps, steps))
    for one in range(steps):
        routing[one][(one + 1) % steps] = 1.0
    network = ciw.create_network(
        arrival_distributions=[once, *([None] * (steps - 1))],
        service_distributions=[
            Slow(LOAD, SPREAD_LOAD),
            ciw.dists.Deterministic(GATE),
            Drive(HELD, anew=True),
            ciw.dists.Deterministic(POST),
            Drive(OUT - HELD, anew=False),
            Slow(UNLOAD, SPREAD_LOAD),
            ciw.dists.Deterministic(GATE),
            Slow(BACK, SPREAD_DRIVE),
        ],
        routing=[list(row) for row in routing],
        number_of_servers=[
            math.inf,
            gate(),
            math.inf,
            1,
            math.inf,
            math.inf,
            gate(),
            math.inf,
        ],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(HOURS)
    arrived = sum(one.node == 5 for one in simulation.get_all_records())
    return float(SEATS * arrived)


def with_mesa(seed: int) -> float:
    """Return the people of one replication: agents in steps of three minutes."""
    import mesa

    step = 0.05

    class Bus(mesa.Agent):  # type: ignore[misc, name-defined, unused-ignore] - no stubs
        def __init__(self, model: Any) -> None:
            super().__init__(model)
            self.left = model.time_of(LOAD, SPREAD_LOAD)
            self.doing = "load"
            self.slow = 1.0

        def step(self) -> None:
            if self.left > 0:
                self.left -= 1
                return
            model = self.model
            if self.doing == "load" and model.gate_open("out"):
                self.slow = _log(model.chance, 1.0, SPREAD_DRIVE)
                self.left, self.doing = round(HELD * self.slow / step), "held"
            elif self.doing == "held" and model.post_free():
                self.left, self.doing = round((OUT - HELD) * self.slow / step), "on"
            elif self.doing == "on":
                model.people += SEATS
                self.left, self.doing = model.time_of(UNLOAD, SPREAD_LOAD), "unload"
            elif self.doing == "unload" and model.gate_open("back"):
                self.left, self.doing = model.time_of(BACK, SPREAD_DRIVE), "back"
            elif self.doing == "back":
                self.left, self.doing = model.time_of(LOAD, SPREAD_LOAD), "load"

    class World(mesa.Model):  # type: ignore[misc, name-defined, unused-ignore] - no stubs
        def __init__(self) -> None:
            super().__init__(seed=seed)
            self.chance = np.random.default_rng(seed)
            self.shut = list(_halts(self.chance))
            self.people = 0
            self.clock = 0
            self.passed: set[str] = set()
            self.served = 0.0
            for _ in range(BUSES):
                Bus(self)

        def time_of(self, median: float, spread: float) -> int:
            return max(0, round(_log(self.chance, median, spread) / step) - 1)

        def gate_open(self, way: str) -> bool:
            now = self.clock * step
            if way in self.passed or any(begins <= now < ends for begins, ends in self.shut):
                return False
            self.passed.add(way)
            return True

        def post_free(self) -> bool:
            now = self.clock * step
            if self.served > now + step:
                return False
            self.served = max(self.served, now) + POST
            return True

        def step(self) -> None:
            self.passed.clear()
            self.agents.do("step")
            self.clock += 1

    world = World()
    for _ in range(round(HOURS / step)):
        world.step()
    return float(world.people)


PEERS: dict[str, Callable[[int], float]] = {
    "simpy": with_simpy,
    "ciw": with_ciw,
    "mesa": with_mesa,
}


def measure(name: str, seconds: float) -> Measured | None:
    """Measure one peer; None where it is not installed."""
    if importlib.util.find_spec(name) is None:
        return None
    people = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds or len(people) < 8:
        people.append(PEERS[name](len(people)))
    took = time.perf_counter() - began
    error = statistics.stdev(people) / math.sqrt(len(people))
    return Measured(
        name, "vehicle", version(name), len(people), took, statistics.fmean(people), error
    )


FIELDS = ("date", "benchmark", "instance", "solver", "version", "seed", "limit_s", "seconds",
          "value", "bound", "gap_percent", "note", "machine")  # fmt: skip


def _write(found: list[Measured], path: Path, seconds: float) -> None:
    """Add a row each; `value` holds replications a second."""
    load = os.getloadavg()[0]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}"
    with path.open("a", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, FIELDS)
        for one in found:
            table.writerow(
                {
                    "date": f"{datetime.now(UTC):%Y-%m-%d}",
                    "benchmark": "rehearsal",
                    "instance": f"{BUSES} buses, {DAYS} days, {one.level} level",
                    "solver": one.tool,
                    "version": one.version,
                    "seed": 7,
                    "limit_s": seconds,
                    "seconds": round(one.seconds, 2),
                    "value": round(one.rate, 1),
                    "note": f"replications a second; {one.people:,.0f} people +- {one.error:.0f}",
                    "machine": machine,
                }
            )


def main(arguments: list[str] | None = None) -> int:
    """Measure all, one after the other; return 1 where the peers do not agree on the people."""
    parser = argparse.ArgumentParser(description="The rehearsal beside SimPy, Ciw and Mesa.")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each runs")
    parser.add_argument("--json", action="store_true", help="one JSON line a tool")
    parser.add_argument("--out", type=Path, default=HERE / "results.csv", help="table of results")
    given = parser.parse_args(arguments)
    seconds = given.seconds
    found = [
        ours("vehicle", columns=BUSES, all_rules=False, seconds=seconds),
        ours("vehicle", columns=2, all_rules=True, seconds=seconds),
        ours("convoy", columns=2, all_rules=True, seconds=seconds),
    ]
    found += [one for one in (measure(name, seconds) for name in PEERS) if one is not None]
    for one in found:
        row = {"tool": one.tool, "level": one.level, "version": one.version,
               "replications_a_second": round(one.rate, 1), "people": round(one.people),
               "error": round(one.error)}  # fmt: skip
        print(json.dumps(row) if given.json else row)
    _write(found, given.out, seconds)
    base = found[0]
    apart = [
        one.tool
        for one in found
        if one.tool in PEERS
        and abs(one.people - base.people) > 0.05 * base.people + 3 * (one.error + base.error)
    ]
    if apart:
        print(f"not the same people: {', '.join(apart)}", file=sys.stderr)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
