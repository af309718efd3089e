"""The situation as of an entry: who is where, who has arrived, what is open, what stands.

It is what our own entries add up to, rebuilt from the log at any time and never stored as a truth
of its own. The next plan starts from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from safepassage.ledger.numbered import StaffNow
from safepassage.ledger.promises import Promise
from safepassage.scenario.scenario import Scenario

STALE = timedelta(minutes=15)
"""A vehicle on the road without a report for longer is shown as stale."""


@dataclass(frozen=True, slots=True)
class VehicleNow:
    """Where a vehicle is, per its last report.

    On the road `place` is the last place or post that it passed and `to` where it goes; standing
    still `to` is None. `aboard` counts people by class (companions included), `groups` the same by
    group, `staff` those with it. `as_planned` says that loads were taken from the plan in force,
    because the report named the convoy only. `seq` is the entry of the last report.
    """

    vehicle: str
    state: str
    place: str | None
    to: str | None
    leg: str | None
    metres: int | None
    legs: tuple[str, ...]
    convoy: str | None
    departed_at: datetime | None
    due: datetime | None
    aboard: Mapping[str, int]
    groups: Mapping[str, int]
    staff: Mapping[str, int]
    as_planned: bool
    reported_at: datetime
    seq: int
    stale: bool

    @property
    def on_the_road(self) -> bool:
        """Whether it has departed and not arrived."""
        return self.to is not None


@dataclass(frozen=True, slots=True)
class ConvoyNow:
    """A convoy that has departed: it is locked, the next plan does not touch it."""

    convoy: str
    state: str
    departed_at: datetime | None
    arrived_at: datetime | None
    place: str | None
    vehicles: tuple[str, ...]
    reported_at: datetime
    seq: int
    uncleared: bool = False


@dataclass(frozen=True, slots=True)
class AboardNow:
    """What was last told of those on board of a convoy, or of one vehicle of it.

    What nobody has told is None: not known, never nothing. `as_of` says when each field was told.
    Figures of a convoy and of its vehicles stand side by side and are never added.
    """

    convoy: str | None
    vehicle: str | None
    aboard_since: datetime | None
    infants: int | None
    patients: int | None
    water_hours: int | None
    water_litres: int | None
    may_leave: str | None
    next_call: datetime | None
    as_of: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class StretchState:
    """What was last said of a stretch or place: closed, open or unknown, from when until when."""

    stretch: str
    state: str
    since: datetime
    until: datetime | None
    seq: int

    def closed(self, at: datetime) -> bool:
        """Whether it is not said to be open at a time: closed and unknown are both not open."""
        return self.state != "open" and self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class HoldNow:
    """A hold and who has lifted it so far (call sign -> role)."""

    id: str
    seq: int
    convoy: str | None
    person: str
    why: str
    since: datetime
    lifted_by: Mapping[str, str]

    @property
    def lifted(self) -> bool:
        """Whether two people have lifted it."""
        return len(self.lifted_by) >= 2


@dataclass(frozen=True, slots=True)
class TermNow:
    """The last state of a clause; `shared` says that each party may see the other's version."""

    term: str
    agreement: str
    text: str
    state: str
    linked_to: str | None
    versions: Mapping[str, str]
    seq: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The plan adopted last."""

    plan_hash: str
    text: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """One counter's last count of one thing; what it counts is in the key."""

    counter: str
    people: int
    low: int | None
    high: int | None
    cumulative: bool
    as_of: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class CountKey:
    """What is counted: which of departed, arrived, …, where, of whom."""

    what: str
    place: str | None
    convoy: str | None
    person_class: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class ConsentNow:
    """Wishes of a group as recorded, in people."""

    yes: int = 0
    no: int = 0
    withdrawn: int = 0
    asked: int = 0


@dataclass(frozen=True)
class Situation:
    """What the ledger adds up to, up to entry `upto`, seen at the time `at`.

    `brought` counts people who got off by place, by class and by group; `taken` those who boarded.
    Whether a place counts as arrival is for the scenario to say. `staff_moved` is the change of
    staff by (kind, place) against the start, `staff` tells of those named by number. Figures are
    ours; what others count is in `counts`, counter by counter. `unaccounted` counts people, by
    class, whose vehicle left again although nobody reported their arrival: where they are is not
    known. `aboard` is what was told of those on board. `erased` is how many entries can no longer
    be read; `left_out` are ids that were corrected or that nobody has confirmed.
    """

    upto: int
    head: str
    at: datetime
    plan: PlanInForce | None
    vehicles: Mapping[str, VehicleNow]
    convoys: Mapping[str, ConvoyNow]
    brought: Mapping[str, Mapping[str, int]]
    brought_groups: Mapping[str, Mapping[str, int]]
    taken: Mapping[str, Mapping[str, int]]
    taken_groups: Mapping[str, Mapping[str, int]]
    staff_moved: Mapping[tuple[str, str], int]
    promises: tuple[Promise, ...]
    stretches: Mapping[str, StretchState]
    holds: tuple[HoldNow, ...]
    terms: Mapping[str, TermNow]
    counts: Mapping[CountKey, Mapping[str, Tally]]
    consent: Mapping[str, ConsentNow]
    released: Mapping[str, Mapping[int, str]]
    staff: Mapping[str, StaffNow] = field(default_factory=dict)
    open_events: Mapping[str, int] = field(default_factory=dict)
    unaccounted: Mapping[str, int] = field(default_factory=dict)
    aboard: tuple[AboardNow, ...] = ()
    erased: int = 0
    left_out: tuple[str, ...] = ()

    @property
    def closed_legs(self) -> tuple[StretchState, ...]:
        """Stretches and places that are not said to be open now."""
        return tuple(one for one in self.stretches.values() if one.closed(self.at))

    @property
    def departed(self) -> tuple[ConvoyNow, ...]:
        """Convoys that have departed, in order of departure reports."""
        return tuple(self.convoys.values())

    @property
    def on_the_road(self) -> Mapping[str, VehicleNow]:
        """Vehicles that have departed and not arrived."""
        return {key: one for key, one in self.vehicles.items() if one.on_the_road}

    @property
    def stale(self) -> tuple[str, ...]:
        """Vehicles on the road whose last report is too old."""
        return tuple(key for key, one in self.vehicles.items() if one.stale)

    @property
    def open_holds(self) -> tuple[HoldNow, ...]:
        """Holds that two people have not lifted."""
        return tuple(one for one in self.holds if not one.lifted)

    def arrived(self, scenario: Scenario) -> Mapping[str, int]:
        """Return people by class who have got off where the scenario counts it as arrival."""
        return _summed(self.brought, scenario)

    def arrived_groups(self, scenario: Scenario) -> Mapping[str, int]:
        """Return the same people by group, as far as reports name groups."""
        return _summed(self.brought_groups, scenario)

    def waiting(self, place: str) -> Mapping[str, int]:
        """Return people by group who were brought to a place and have not boarded again."""
        brought, taken = self.brought_groups.get(place, {}), self.taken_groups.get(place, {})
        left = {key: people - taken.get(key, 0) for key, people in brought.items()}
        return {key: people for key, people in left.items() if people}

    def still_at(self, scenario: Scenario) -> Mapping[str, int | None]:
        """Return, by group, the people who wish to leave and have not boarded at their place.

        None where the scenario does not know how many wish to leave.
        """
        result: dict[str, int | None] = {}
        for group in scenario.groups:
            boarded = self.taken_groups.get(group.at, {}).get(group.id, 0)
            result[group.id] = max(0, group.leave.pick() - boarded) if group.leave.known else None
        return result

    def staff_at(self, scenario: Scenario) -> Mapping[tuple[str, str], int]:
        """Return staff by (kind, place); those on the road are with their vehicles."""
        result = dict(self.staff_moved)
        for one in scenario.staff:
            key = (one.kind, one.at)
            result[key] = result.get(key, 0) + one.count.pick()
        return {key: number for key, number in result.items() if number}

    def guarantee_ends(self) -> Mapping[str, datetime]:
        """Return, by stretch, the earliest stated end of a standing promise that names it."""
        ends: dict[str, datetime] = {}
        for one in self.promises:
            if one.until is None or not one.confirmed:
                continue
            for stretch in one.covers:
                if one.voided_at(stretch) is None:
                    ends[stretch] = min(one.until, ends.get(stretch, one.until))
        return ends


def _summed(by_place: Mapping[str, Mapping[str, int]], scenario: Scenario) -> Mapping[str, int]:
    total: dict[str, int] = {}
    for place, people in by_place.items():
        known = scenario.place.get(place)
        if known is not None and known.arrived:
            for key, number in people.items():
                total[key] = total.get(key, 0) + number
    return total
