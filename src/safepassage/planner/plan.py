"""A plan as a solver proposes it: convoys, trips, value and bound. Untrusted until verified.

Knows the plan and its file `plan.json` (format "safepassage/plan/1"). Times are whole seconds since
the start of the scenario inside, minutes in the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from safepassage.scenario.figure import Choice
from safepassage.scenario.rules import Objective

ProofKind = Literal["certificate", "lp_optimal", "search", "relaxed", "none"]


@dataclass(frozen=True, slots=True)
class Convoy:
    """Vehicles that go through one corridor together.

    `depart` is when it enters the corridor, `arrive` when it leaves it at the other end (seconds).
    `start` and `end` are the places at the two ends in the direction of this convoy. `staff` counts
    those who go with the convoy as a whole, from `start` to `end`.
    """

    id: str
    corridor: str
    start: str
    end: str
    depart: int
    arrive: int
    staff: Mapping[str, int] = field(default_factory=dict)
    who: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trip:
    """One ride of one vehicle from one place to another without a stop; or of staff alone.

    `depart`: wheels roll, after loading. `arrive`: the gate of the destination, before unloading.
    Seconds since the start. `load` counts people by class, companions included under
    "companion". `groups` counts the same people by group, companions left out. `households` says,
    for groups that state them, how many whole households are aboard. `staff` counts staff by kind,
    `who` names their numbers ("delegate-02") for kinds with a limit of duty. `vehicle` is None
    when staff return alone.
    """

    vehicle: str | None
    kind: str | None
    start: str
    end: str
    legs: tuple[str, ...]
    depart: int
    arrive: int
    convoy: str | None = None
    load: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    households: Mapping[str, int] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    who: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoundProof:
    """How a bound is known, and the rules of the scenario that it leaves out (relaxes)."""

    kind: ProofKind
    relaxes: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """How a plan was made; left out of the plan's hash."""

    seconds: float
    version: str
    machine: str


@dataclass(frozen=True, slots=True)
class Stated:
    """The figures of a plan.json that follow from the rest of it; the verifier recomputes them.

    `curve` holds (seconds since the start, persons arrived so far). None: not stated. `plan_hash`
    is the hash that a file states; it is left out of the hash itself.
    """

    gap: float | None = None
    people_total: int | None = None
    people_out: int | None = None
    curve: tuple[tuple[int, int], ...] | None = None
    plan_hash: str | None = None


@dataclass(frozen=True)
class Plan:
    """A plan of one scenario (by hash) under one choice of its ranges.

    `value` and `bound` are in weighted expected people ("expected") or in minutes ("last_out").
    """

    scenario: str
    inputs: Mapping[str, str]
    start: datetime
    objective: Objective
    people: Choice
    convoys: tuple[Convoy, ...]
    trips: tuple[Trip, ...]
    value: float
    bound: float | None
    proof: BoundProof
    seed: int
    expected_people: float | None = None
    expected_people_bound: float | None = None
    run: Run | None = None
    stated: Stated | None = None
