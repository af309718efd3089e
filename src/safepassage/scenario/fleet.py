"""Vehicles and staff: what moves people, and who must go with it.

Knows slots, loading, range, duty and rest. Nothing about plans.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from safepassage.scenario.figure import Figure


@dataclass(frozen=True, slots=True)
class Available:
    """From `after` (since the start of the scenario) on, `count` more are available."""

    after: timedelta
    count: int


@dataclass(frozen=True, slots=True)
class Refuel:
    """Where the tank is filled, and how long that takes (a stay with neither load nor unload)."""

    at: tuple[str, ...]
    time: timedelta


@dataclass(frozen=True, slots=True)
class Vehicles:
    """`count` vehicles of one kind that start at one place.

    `slots` maps a slot kind to how many there are in one vehicle. `serves` names places or place
    kinds: where it names any pickups, people board only there; where it names any destinations,
    they alight only there. `ready` holds increments whose sum is the picked count; empty means
    that all are ready at the start. `range_time` or `range_km` is what one tank lasts.
    """

    id: str
    kind: str
    count: Figure[int]
    at: str
    slots: Mapping[str, Figure[int]]
    load: Figure[timedelta]
    unload: Figure[timedelta]
    serves: tuple[str, ...] = ()
    ready: tuple[Available, ...] = ()
    range_km: Figure[float] | None = None
    range_time: Figure[timedelta] | None = None
    refuel: Refuel | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Staff:
    """`count` people of one staff kind who start at one place.

    `needed_by` is "convoy", "vehicle:KIND", "class:CLASS" or "staff:KIND"; one of them serves
    `per` of what needs them. `on` names corridors or legs: only what goes over one of them needs
    these staff (empty: everything does). `duty` is the longest time on duty before a `rest` at
    `relief`.
    """

    id: str
    kind: str
    count: Figure[int]
    at: str
    needed_by: tuple[str, ...] = ()
    per: int = 1
    duty: timedelta | None = None
    rest: timedelta | None = None
    relief: str | None = None
    ready: tuple[Available, ...] = ()
    on: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
