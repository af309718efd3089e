"""What each vehicle does when: loading, driving, unloading, waiting. Facts.

Vehicles that do the same things at the same times are one row: ten buses of one convoy are read as
one line, and the table says which they are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from safepassage.planner.plan import Plan, Trip
from safepassage.report.journeys import (
    aboard,
    by_vehicle,
    fleet,
    loading_seconds,
)
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.scenario import Scenario

Doing = Literal["loading", "carrying", "unloading", "empty", "held"]
DOINGS: tuple[Doing, ...] = ("loading", "carrying", "unloading", "empty", "held")
"""What a bar means; `held` is standing at the entry of a corridor until the convoy goes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One activity from `begins` to `ends` (seconds), at or from a place."""

    doing: Doing
    begins: float
    ends: float


@dataclass(frozen=True)
class Row:
    """Vehicles with the same bars: their names, bars, trips of the first of them."""

    vehicles: tuple[str, ...]
    kind: str
    bars: tuple[Bar, ...]
    trips: tuple[Trip, ...]
    people: int
    waiting: float


def rows_of(scenario: Scenario, plan: Plan) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the rows of vehicles that move, and the names of those that never do."""
    known = fleet(scenario)
    entries: dict[str, tuple[int, int, str | None]] = {
        one.id: (one.depart, one.arrive, one.corridor) for one in plan.convoys
    }
    same: dict[tuple[object, ...], list[tuple[str, tuple[Bar, ...], tuple[Trip, ...]]]] = {}
    moving: set[str] = set()
    for name, trips in by_vehicle(plan):
        moving.add(name)
        bars = _bars(scenario, known[name], trips, entries)
        key = (known[name].kind, bars, tuple((one.start, one.end) for one in trips))
        same.setdefault(key, []).append((name, bars, tuple(trips)))
    rows = tuple(_row(scenario, known, members) for members in same.values())
    return rows, tuple(name for name in known if name not in moving)


def _row(
    scenario: Scenario,
    known: dict[str, Vehicles],
    members: Sequence[tuple[str, tuple[Bar, ...], tuple[Trip, ...]]],
) -> Row:
    name, bars, trips = members[0]
    busy = sum(bar.ends - bar.begins for bar in bars if bar.doing != "held")
    return Row(
        vehicles=tuple(one for one, _, _ in members),
        kind=known[name].kind,
        bars=bars,
        trips=trips,
        people=sum(aboard(trip) for _, _, ridden in members for trip in ridden),
        waiting=scenario.horizon.total_seconds() - busy,
    )


def _bars(
    scenario: Scenario,
    entry: Vehicles,
    trips: Sequence[Trip],
    convoys: dict[str, tuple[int, int, str | None]],
) -> tuple[Bar, ...]:
    load, unload = loading_seconds(entry)
    bars: list[Bar] = []
    for trip in trips:
        people = aboard(trip)
        if people:
            bars.append(Bar("loading", trip.depart - load, trip.depart))
        bars += _driving(scenario, entry.kind, trip, convoys)
        if people:
            bars.append(Bar("unloading", trip.arrive, trip.arrive + unload))
    return tuple(bars)


def _driving(
    scenario: Scenario,
    kind: str,
    trip: Trip,
    convoys: dict[str, tuple[int, int, str | None]],
) -> list[Bar]:
    """Return the drive of a trip, the wait at the corridor's entry apart."""
    doing: Doing = "carrying" if aboard(trip) else "empty"
    corridor = convoys[trip.convoy][2] if trip.convoy in convoys else None
    if trip.convoy is None or corridor is None:
        return [Bar(doing, trip.depart, trip.arrive)]
    inside = set(scenario.corridor[corridor].legs)
    reached, enters = trip.depart, convoys[trip.convoy][0]
    for leg in trip.legs:
        if leg in inside:
            break
        leaves = scenario.leg[leg].leaves(kind, timedelta(seconds=reached))
        reached = math.ceil(leaves.total_seconds())
    parts: list[Bar] = []
    if reached > trip.depart:
        parts.append(Bar(doing, trip.depart, reached))
    if enters > reached:
        parts.append(Bar("held", reached, enters))
    parts.append(Bar(doing, enters, trip.arrive))
    return parts


def longest_wait(row: Row) -> float:
    """Return the longest time that the vehicles of a row stand still between two activities."""
    moving = [bar for bar in row.bars if bar.doing != "held"]
    gaps = [later.begins - earlier.ends for earlier, later in pairwise(moving)]
    return max(gaps, default=0.0)
