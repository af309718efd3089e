"""A city without cars: `python -m benchmarks.city [--people N] [--limit S] [--seed N] [--out]`.

A generator of cities by seed (100,000 people, 60 pickups, 12 shelters, 1,500 vehicles, 48 h) in
which fleet and intake both bind: the fleet alone and the intakes alone would take about as long.
Prints one JSON line a run; with --out rows are added to benchmarks/results.csv.
"""

import argparse
import csv
import json
import math
import platform
import random
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import best
from benchmarks.tours import FIELDS
from safepassage import __version__
from safepassage.planner.budget import Progress
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.solve import solve
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Intake, Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law

HERE = Path(__file__).parent
START = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
KM_PER_MINUTE = 0.5
BUS_SEATS, VAN_SEATS = 45, 14


def minutes(number: float) -> timedelta:
    """Return whole minutes, at least one."""
    return timedelta(minutes=max(1, math.ceil(number)))


def city(
    seed: int,
    *,
    people: int = 100_000,
    pickups: int = 60,
    shelters: int = 12,
    vehicles: int = 1_500,
    hours: int = 48,
) -> Scenario:
    """Return one city, drawn by seed: pickups inside, shelters around it, a tenth frail."""
    chance = random.Random(f"city/{people}/{pickups}/{shelters}/{vehicles}/{hours}/{seed}")
    inside = [_within(chance, 0.0, 8.0) for _ in range(pickups)]
    outside = [_within(chance, 25.0, 60.0) for _ in range(shelters)]
    yards = [_within(chance, 2.0, 10.0) for _ in range(4)]
    shares = [chance.uniform(0.4, 1.6) for _ in range(pickups)]
    buses = vehicles // 5
    seats = buses * BUS_SEATS + (vehicles - buses) * VAN_SEATS
    cycle = sum(math.dist(a, b) for a in inside for b in outside) / (pickups * shelters)
    cycle_minutes = 2 * cycle / KM_PER_MINUTE + 25
    # What the fleet brings in an hour, if it never waits, and what the shelters take in: the same.
    fleet_an_hour = 60 * seats / cycle_minutes
    intakes = [chance.uniform(0.7, 1.3) for _ in range(shelters)]
    unit = fleet_an_hour / 2 / sum(intakes)
    places = (
        *(Place(f"p{n:02d}", "pickup") for n in range(pickups)),
        *(
            Place(
                f"s{n:02d}",
                "shelter",
                arrived=True,
                capacity=sure(round(1.3 * people * intakes[n] / sum(intakes))),
                intake=Intake(sure(max(BUS_SEATS, round(unit * intakes[n]))), minutes(30)),
            )
            for n in range(shelters)
        ),
        *(Place(f"y{n}", "depot") for n in range(4)),
    )
    legs = [
        _leg(f"p{i:02d}", f"s{j:02d}", inside[i], outside[j])
        for i in range(pickups)
        for j in range(shelters)
    ]
    legs += [
        _leg(f"y{k}", f"p{i:02d}", yards[k], inside[i]) for k in range(4) for i in range(pickups)
    ]
    groups = []
    for n, share in enumerate(shares):
        number = round(people * share / sum(shares))
        frail = number // 10
        groups.append(Group(f"g{n:02d}", f"p{n:02d}", "walking", sure(number - frail)))
        groups.append(Group(f"f{n:02d}", f"p{n:02d}", "seated", sure(frail)))
    fleet = []
    for k in range(4):
        for kind, total, size, load in (
            ("bus", buses, BUS_SEATS, 10),
            ("van", vehicles - buses, VAN_SEATS, 5),
        ):
            count = total // 4 + (1 if k < total % 4 else 0)
            fleet.append(_vehicles(f"{kind}-y{k}", kind, count, f"y{k}", size, load))
    return Scenario(
        name=f"city {people} seed {seed}",
        start=START,
        horizon=timedelta(hours=hours),
        sha256=f"{seed:064x}",
        places=places,
        legs=tuple(legs),
        classes=BUILT_IN_CLASSES,
        groups=tuple(groups),
        vehicles=tuple(fleet),
        ending=Law("exponential", sure(timedelta(hours=24))),
        rules=Rules(),
    )


def _within(chance: random.Random, least: float, most: float) -> tuple[float, float]:
    angle, radius = chance.uniform(0, 2 * math.pi), chance.uniform(least, most)
    return radius * math.cos(angle), radius * math.sin(angle)


def _leg(start: str, end: str, a: tuple[float, float], b: tuple[float, float]) -> Leg:
    time_there: Figure[timedelta] = sure(minutes(math.dist(a, b) / KM_PER_MINUTE))
    return Leg(f"{start}-{end}", start, end, time_there)


def _vehicles(name: str, kind: str, count: int, at: str, seats: int, load: int) -> Vehicles:
    span = sure(timedelta(minutes=load))
    return Vehicles(name, kind, sure(count), at, {"seat": sure(seats)}, span, span)


def main() -> None:
    """Plan one city and say how far the plan is from the bound, and when the first plan came."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--people", type=int, default=100_000)
    reader.add_argument("--vehicles", type=int, default=1_500)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--limit", type=float, default=300.0)
    reader.add_argument("--out", action="store_true")
    asked = reader.parse_args()
    scenario = city(asked.seed, people=asked.people, vehicles=asked.vehicles)
    firsts: list[float] = []

    def note(now: Progress) -> None:
        if now.value > 0 and not firsts:
            firsts.append(now.seconds)

    began, used = time.monotonic(), time.process_time()
    made = solve(scenario, limit=timedelta(seconds=asked.limit), seed=1, progress=note)
    seconds, processor = time.monotonic() - began, time.process_time() - used
    baseline = fill_and_send(scenario)
    told = {
        "instance": scenario.name,
        "value": made.value,
        "bound": made.bound,
        "gap_percent": None if made.gap is None else round(100 * made.gap, 3),
        "people_out": made.people_out,
        "trips": len(made.plan.trips),
        "fill_and_send": baseline.value,
        "first_plan_s": round(firsts[0], 2) if firsts else None,
        "seconds": round(seconds, 1),
        "processor_s": round(processor, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(told))
    if asked.out:
        best.keep(best.found(scenario.name, made))
        _add_row(told, asked.seed, asked.limit)


def _add_row(told: dict[str, object], seed: int, limit: float) -> None:
    file = HERE / "results.csv"
    note = f"fill and send {told['fill_and_send']:.1f}; first plan {told['first_plan_s']} s"
    row = {
        "date": datetime.now(UTC).date().isoformat(),
        "benchmark": "city",
        "instance": told["instance"],
        "solver": "safepassage",
        "version": __version__,
        "seed": seed,
        "limit_s": limit,
        "seconds": told["seconds"],
        "value": told["value"],
        "bound": told["bound"],
        "gap_percent": told["gap_percent"],
        "note": note,
        "machine": platform.machine(),
    }
    with file.open("a", newline="") as opened:
        csv.DictWriter(opened, FIELDS).writerow(row)


if __name__ == "__main__":
    main()
