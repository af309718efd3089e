"""Places, the legs between them, and the corridors that convoys use.

Knows what a place can take in and what of it counts as arrival.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from safepassage.scenario.figure import Figure

PlaceKind = Literal["pickup", "staging", "checkpoint", "handover", "shelter", "hospital", "depot"]
PLACE_KINDS: tuple[PlaceKind, ...] = (
    "pickup",
    "staging",
    "checkpoint",
    "handover",
    "shelter",
    "hospital",
    "depot",
)
ARRIVED_BY_DEFAULT: frozenset[str] = frozenset({"shelter", "hospital"})
"""A hand-over, staging or waiting point counts as arrival only where the scenario says so."""


@dataclass(frozen=True, slots=True)
class Intake:
    """At most `people` may arrive in any half-open interval of the length `per`."""

    people: Figure[int]
    per: timedelta


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `vehicles` may arrive in any half-open interval of the length `per`."""

    vehicles: Figure[int]
    per: timedelta


@dataclass(frozen=True, slots=True)
class Filled:
    """By `after` (since the start), `people` from elsewhere have taken places of the capacity."""

    after: timedelta
    people: int


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the map, in degrees (WGS 84), with how far it may be off in metres."""

    lat: float
    lon: float
    accuracy_m: float | None = None
    source: str | None = None
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the mission.

    `bays` maps a vehicle kind to how many of it can load at the same time (a kind that is absent
    is not limited). `capacity` and `intake` count people, companions included, at the gate.
    `limit` is how many people may wait at a staging place, `longest_wait` how long each may.
    """

    id: str
    kind: PlaceKind
    names: Mapping[str, str] = field(default_factory=dict)
    position: Position | None = None
    pcode: str | None = None
    arrived: bool = False
    arrived_reason: str | None = None
    bays: Mapping[str, Figure[int]] = field(default_factory=dict)
    capacity: Figure[int] | None = None
    filled: tuple[Filled, ...] = ()
    opens: timedelta | None = None
    intake: Intake | None = None
    rate: Rate | None = None
    holder: tuple[str, ...] = ()
    limit: Figure[int] | None = None
    longest_wait: timedelta | None = None
    note: str | None = None

    def name(self, language: str = "en") -> str:
        """Return the name in a language, else in English, else the id."""
        return self.names.get(language) or self.names.get("en") or self.id


@dataclass(frozen=True, slots=True)
class Through:
    """A checkpoint on a leg, passed `after` the leg was entered at its `from` end."""

    checkpoint: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Hour:
    """From `after` (since the start) on, who enters a leg drives `time`; None: nobody enters."""

    after: timedelta
    time: timedelta | None


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch between two places with its driving time; usable both ways unless `one_way`.

    `time` is per vehicle kind where `times` names the kind, else `time` for all. `km` is needed
    for ranges in kilometres and for the strip map. `hours` says by vehicle kind how the driving
    time changes with the moment of entry, the first from the start on; `times` is then the longest
    of a kind. Who enters later never leaves earlier (`leaves`).
    """

    id: str
    start: str
    end: str
    time: Figure[timedelta]
    times: Mapping[str, Figure[timedelta]] = field(default_factory=dict)
    km: Figure[float] | None = None
    held_by: tuple[str, ...] = ()
    through: tuple[Through, ...] = ()
    one_way: bool = False
    hours: Mapping[str, tuple[Hour, ...]] = field(default_factory=dict)

    def time_for(self, vehicle_kind: str) -> Figure[timedelta]:
        """Return the driving time of one kind of vehicle, the longest where it has hours."""
        return self.times.get(vehicle_kind, self.time)

    def leaves(self, vehicle_kind: str | None, enters: timedelta) -> timedelta:
        """Return when a vehicle that enters at a moment leaves; None is for staff alone.

        First in, first out: who would leave sooner by entering later waits at the begin for that.

        Raises
        ------
        UnknownFigureError
            If the time of the leg is unknown.
        """
        hours = self.hours.get(vehicle_kind or "")
        if not hours:
            figure = self.time if vehicle_kind is None else self.time_for(vehicle_kind)
            return enters + figure.pick()
        now = max((one for one in hours if one.after <= enters), key=lambda one: one.after)
        ends = [] if now.time is None else [enters + now.time]
        ends += [
            one.after + one.time for one in hours if one.after > enters and one.time is not None
        ]
        return min(ends, default=timedelta.max)


@dataclass(frozen=True, slots=True)
class Corridor:
    """Legs, in order, that may be driven in convoy only.

    `largest` limits the vehicles of one convoy (either direction, empty vehicles counted),
    `headway` is the least time between the entries of two convoys of the same direction. With
    `one_way` no two convoys of opposite directions are on it at the same time.
    """

    id: str
    legs: tuple[str, ...]
    largest: Figure[int] | None = None
    headway: Figure[timedelta] | None = None
    one_way: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
