"""What the scenario gives, in whole seconds and whole people, read from its nouns alone.

Knows how names count vehicles and staff, how durations round, and which figures are unknown.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

from safepassage.planner.checking.violation import Violation
from safepassage.scenario.figure import Choice, Figure, UnknownFigureError
from safepassage.scenario.fleet import Available, Staff, Vehicles
from safepassage.scenario.people import COMPANION, PersonClass
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.scenario import Scenario

N = TypeVar("N", int, float, timedelta)

SECOND = timedelta(seconds=1)
CHANGE_KINDS = frozenset({"staging", "handover"})
"""Kinds of places at which people may change vehicles."""
NOT_FOR_ALIGHTING = frozenset({"pickup", "checkpoint", "depot"})


def up(length: timedelta) -> int:
    """Return a duration in whole seconds, rounded up."""
    return -(-length // SECOND)


def down(length: timedelta) -> int:
    """Return a duration in whole seconds, rounded down."""
    return length // SECOND


def exact(number: float) -> Fraction:
    """Return the decimal number that a person wrote, without the noise of floating point."""
    return Fraction(Decimal(repr(number)))


@dataclass(frozen=True, slots=True)
class GivenVehicle:
    """One vehicle: what it can do, where it starts, and from when on it may be used.

    `ready` is None where no increment of the scenario ever makes it available. `boards` and
    `alights` are the places where people may enter and leave it; None means any.
    """

    name: str
    kind: str
    at: str
    ready: int | None
    slots: Mapping[str, int]
    load: int
    unload: int
    boards: frozenset[str] | None
    alights: frozenset[str] | None
    range_s: int | None
    range_km: Fraction | None
    refuel_at: frozenset[str]
    refuel_s: int


@dataclass(frozen=True, slots=True)
class GivenPerson:
    """One member of the staff: where he starts, from when on, and his limits of duty."""

    name: str
    kind: str
    at: str
    ready: int | None
    duty: int | None
    rest: int | None
    relief: str | None


@dataclass(frozen=True, slots=True)
class GivenGroup:
    """One group under the plan's choice of its ranges.

    `ready` holds (second, people) increments, or None where all are ready at once. `persons` is
    how many persons one of the group is, companions included. `households` is None where the
    scenario states none.
    """

    id: str
    at: str
    class_id: str
    leave: int
    ready: tuple[tuple[int, int], ...] | None
    wants: frozenset[str]
    households: int | None
    persons: int


@dataclass
class Given:
    """The scenario as the checks need it; collects the figures that turn out to be unknown."""

    scenario: Scenario
    choice: Choice
    unknown: dict[str, Violation] = field(default_factory=dict)
    _vehicles: dict[str, GivenVehicle | None] = field(default_factory=dict)
    _persons: dict[str, GivenPerson | None] = field(default_factory=dict)
    _entries: dict[str, tuple[list[Vehicles], list[int]]] = field(default_factory=dict)
    _patterns: dict[tuple[str, int], GivenVehicle] = field(default_factory=dict)
    _leg_times: dict[tuple[str, str | None], int] = field(default_factory=dict)
    _groups: dict[str, GivenGroup] = field(default_factory=dict)

    def pick(self, figure: Figure[N], where: str, instead: N) -> N:
        """Return the likely value of a figure; an unknown one is noted and `instead` is used."""
        return self._picked(figure, "likely", where, instead)

    def pick_people(self, figure: Figure[int], where: str) -> int:
        """Return a count of people in a group under the plan's choice of ranges."""
        return self._picked(figure, self.choice, where, 0)

    def _picked(self, figure: Figure[N], choice: Choice, where: str, instead: N) -> N:
        try:
            return figure.pick(choice)
        except UnknownFigureError as fault:
            self.note_unknown(where, str(fault))
            return instead

    def note_unknown(self, where: str, why: str) -> None:
        """Note once that the plan cannot be judged without a figure that is not known."""
        self.unknown.setdefault(
            where, Violation("unknown", where, None, why, "a figure that is known")
        )

    @property
    def horizon(self) -> int:
        """The last second of the plan."""
        return down(self.scenario.horizon)

    @property
    def margin(self) -> int:
        """Seconds kept before each closing of a window."""
        return up(self.scenario.rules.arrival_margin)

    @property
    def opening(self) -> int:
        """The second at which the window opens; 0 where the scenario names none."""
        opening = self.scenario.opening
        if opening is None:
            return 0
        return up(self.pick(opening.time, "opening.time", timedelta(0)))

    def group(self, group_id: str) -> GivenGroup | None:
        """Return a group by id, or None if there is no such group."""
        known = self._groups.get(group_id)
        if known is None and group_id in self.scenario.group:
            known = self._groups[group_id] = self._read_group(group_id)
        return known

    def _read_group(self, group_id: str) -> GivenGroup:
        group = self.scenario.group[group_id]
        where = f"group {group_id}"
        ready = tuple(sorted((up(one.after), one.people) for one in group.ready)) or None
        households = None
        if group.households is not None:
            households = self.pick_people(group.households, f"{where} households")
        person_class = self.scenario.person_class.get(group.class_id)
        companions = person_class.companions if person_class is not None else 0
        return GivenGroup(
            id=group_id,
            at=group.at,
            class_id=group.class_id,
            leave=self.pick_people(group.leave, f"{where} leave"),
            ready=ready,
            wants=frozenset(group.wants),
            households=households,
            persons=1 + companions,
        )

    def groups(self) -> list[GivenGroup]:
        """Return every group of the scenario, in file order."""
        found = (self.group(one.id) for one in self.scenario.groups)
        return [one for one in found if one is not None]

    def person_class(self, class_id: str) -> PersonClass | None:
        """Return a class of people, or None if there is no such class."""
        return self.scenario.person_class.get(class_id)

    def weight(self, class_id: str) -> float:
        """Return the weight of one person of a class (1 for a class that nobody defined)."""
        known = self.scenario.person_class.get(class_id)
        return 1.0 if known is None else known.weight

    def place(self, place_id: str) -> Place | None:
        """Return a place, or None if there is no such place."""
        return self.scenario.place.get(place_id)

    def is_change(self, place_id: str) -> bool:
        """Whether people may alight at a place in order to board again."""
        place = self.place(place_id)
        return place is not None and not place.arrived and place.kind in CHANGE_KINDS

    def is_arrival(self, place_id: str) -> bool:
        """Whether reaching a place counts as arrival."""
        place = self.place(place_id)
        return place is not None and place.arrived

    def leg_time(self, leg: Leg, kind: str | None) -> int:
        """Return the driving time of a leg for a vehicle kind, or for staff alone (None).

        Of a leg whose time changes by the hour it is the least: no ride over it is shorter.
        """
        key = (leg.id, kind)
        known = self._leg_times.get(key)
        if known is None:
            figure = leg.time if kind is None else leg.times.get(kind, leg.time)
            known = up(self.pick(figure, f"leg {leg.id} time", timedelta(0)))
            hours = leg.hours.get(kind or "", ())
            known = min((up(one.time) for one in hours if one.time is not None), default=known)
            self._leg_times[key] = known
        return known

    def leaves(self, leg: Leg, kind: str | None, enters: int) -> int:
        """Return when a vehicle that enters a leg at a second leaves it: first in, first out.

        Of all entries from that second on that the hours of the leg allow, the first to leave
        counts: nobody gains by entering later.
        """
        hours = leg.hours.get(kind or "", ())
        if not hours:
            return enters + self.leg_time(leg, kind)
        starts = [up(one.after) for one in hours]
        last = max(enters, self.horizon)
        found = []
        for one, since, until in zip(hours, starts, [*starts[1:], last + 1], strict=True):
            entry = max(enters, since)
            if one.time is not None and entry < until:
                found.append(entry + up(one.time))
        # Who may never enter again is not out by the horizon.
        return min(found, default=last + 1)

    def leg_km(self, leg: Leg) -> Fraction | None:
        """Return the length of a leg, or None where the scenario does not state it."""
        if leg.km is None or not leg.km.known:
            return None
        return exact(leg.km.pick("likely"))

    def vehicle(self, name: str) -> GivenVehicle | None:
        """Return a vehicle by its name KIND-NN, or None if no such vehicle exists."""
        if name not in self._vehicles:
            self._vehicles[name] = self._read_vehicle(name)
        return self._vehicles[name]

    def _read_vehicle(self, name: str) -> GivenVehicle | None:
        kind, _, _ = name.rpartition("-")
        if kind not in self._entries:
            entries = [one for one in self.scenario.vehicles if one.kind == kind]
            counts = [self.pick(one.count, f"vehicle {one.id} count", 0) for one in entries]
            self._entries[kind] = (entries, list(accumulate(counts)))
        entries, ends = self._entries[kind]
        found = _numbered(name, kind, ends)
        if found is None:
            return None
        position, nth = found
        entry = entries[position]
        pattern = self._patterns.get((kind, position))
        if pattern is None:
            pattern = self._patterns[kind, position] = self._read_entry(entry)
        return replace(pattern, name=name, ready=_ready_of(nth, entry.ready))

    def _read_entry(self, entry: Vehicles) -> GivenVehicle:
        """Return what all vehicles of an entry have in common."""
        where = f"vehicle {entry.id}"
        boards, alights = self._served(entry)
        range_s = None
        if entry.range_time is not None:
            range_s = down(self.pick(entry.range_time, f"{where} range", timedelta(0)))
        range_km = None
        if entry.range_km is not None:
            range_km = exact(self.pick(entry.range_km, f"{where} range", 0.0))
        return GivenVehicle(
            name="",
            kind=entry.kind,
            at=entry.at,
            ready=None,
            slots={
                slot: self.pick(count, f"{where} slots.{slot}", 0)
                for slot, count in entry.slots.items()
            },
            load=up(self.pick(entry.load, f"{where} load", timedelta(0))),
            unload=up(self.pick(entry.unload, f"{where} unload", timedelta(0))),
            boards=boards,
            alights=alights,
            range_s=range_s,
            range_km=range_km,
            refuel_at=frozenset(entry.refuel.at) if entry.refuel is not None else frozenset(),
            refuel_s=up(entry.refuel.time) if entry.refuel is not None else 0,
        )

    def _served(self, entry: Vehicles) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        """Return where people may board and alight; None where the entry does not limit it."""
        names = set(entry.serves)
        served = [one for one in self.scenario.places if one.id in names or one.kind in names]
        ids = frozenset(one.id for one in served)
        names_boarding = bool(names & {"pickup", "staging"}) or any(
            one.kind in {"pickup", "staging"} or (one.kind == "handover" and not one.arrived)
            for one in served
        )
        names_destination = bool(names & {"shelter", "hospital", "staging", "handover"}) or any(
            one.arrived or one.kind not in NOT_FOR_ALIGHTING for one in served
        )
        return (ids if names_boarding else None, ids if names_destination else None)

    def person(self, name: str) -> GivenPerson | None:
        """Return a member of the staff by the name KIND-NN, or None if there is none such."""
        if name not in self._persons:
            self._persons[name] = self._read_person(name)
        return self._persons[name]

    def _read_person(self, name: str) -> GivenPerson | None:
        kind, _, _ = name.rpartition("-")
        entries = self.staff_entries(kind)
        found = _numbered(name, kind, list(accumulate(self.staff_count(one) for one in entries)))
        if found is None:
            return None
        position, nth = found
        entry = entries[position]
        return GivenPerson(
            name=name,
            kind=kind,
            at=entry.at,
            ready=_ready_of(nth, entry.ready),
            duty=None if entry.duty is None else down(entry.duty),
            rest=None if entry.rest is None else up(entry.rest),
            relief=entry.relief,
        )

    def staff_entries(self, kind: str) -> list[Staff]:
        """Return the entries of one kind of staff, in file order."""
        return [one for one in self.scenario.staff if one.kind == kind]

    def staff_count(self, entry: Staff) -> int:
        """Return how many there are of one entry of staff."""
        return self.pick(entry.count, f"staff {entry.id} count", 0)


def ready_counts(count: int, ready: tuple[Available, ...]) -> list[tuple[int, int]]:
    """Return (second, how many become available then); at most `count` in all."""
    if not ready:
        return [(0, count)]
    left = count
    steps = []
    for after, more in sorted((up(one.after), one.count) for one in ready):
        steps.append((after, min(more, left)))
        left -= steps[-1][1]
    return steps


def _ready_of(nth: int, ready: tuple[Available, ...]) -> int | None:
    """Return from when on the nth (from 0) of an entry is available; None if never."""
    if not ready:
        return 0
    for after, more in sorted((up(one.after), one.count) for one in ready):
        if nth < more:
            return after
        nth -= more
    return None


def _numbered(name: str, kind: str, ends: list[int]) -> tuple[int, int] | None:
    """Return (entry, position within it) of a name KIND-NN numbered over all entries.

    `ends` holds the number of the last of each entry.
    """
    total = ends[-1] if ends else 0
    digits = name[len(kind) + 1 :]
    width = max(2, len(str(total)))
    if len(digits) != width or not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits)
    if not 1 <= number <= total:
        return None
    position = bisect_left(ends, number)
    before = ends[position - 1] if position else 0
    return position, number - before - 1


def persons_of(given: Given, groups: Mapping[str, int]) -> dict[str, int]:
    """Return people by class for people by group: their companions under "companion"."""
    load: dict[str, int] = {}
    for group_id, people in groups.items():
        group = given.group(group_id)
        if group is None:
            continue
        load[group.class_id] = load.get(group.class_id, 0) + people
        if group.persons > 1:
            load[COMPANION] = load.get(COMPANION, 0) + people * (group.persons - 1)
    return {class_id: people for class_id, people in load.items() if people}
