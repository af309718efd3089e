"""Staff: who must go with what, whether they are there, and their duty and rest.

Rules `staff` (need and presence) and `duty`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from safepassage.planner.checking.given import Given, GivenPerson, ready_counts
from safepassage.planner.checking.rides import ConvoyRides, Ride
from safepassage.planner.checking.violation import Violation, clock, length

NEEDED_BY = ("convoy", "vehicle", "class", "staff")


@dataclass(frozen=True, slots=True)
class Posting:
    """Staff who go together from one place to another, with a trip or with a convoy."""

    where: str
    start: str
    end: str
    depart: int
    arrive: int
    staff: Mapping[str, int]
    who: Mapping[str, tuple[str, ...]]


def check_staff(given: Given, rides: list[Ride], convoys: list[ConvoyRides]) -> Iterator[Violation]:
    """Yield where staff is missing, is used where it is not, or is on duty for too long."""
    postings = [
        Posting(
            one.where,
            one.trip.start,
            one.trip.end,
            one.trip.depart,
            one.trip.arrive,
            one.trip.staff,
            one.trip.who,
        )
        for one in rides
    ]
    postings += [
        Posting(
            one.where,
            one.convoy.start,
            one.convoy.end,
            one.convoy.depart,
            one.convoy.arrive,
            one.convoy.staff,
            one.convoy.who,
        )
        for one in convoys
    ]
    for ride in rides:
        if ride.trip.vehicle is None and not any(ride.trip.staff.values()):
            yield Violation(
                "staff", ride.where, ride.trip.depart, "nobody travels", "a vehicle or staff"
            )
    yield from _check_needs(given, rides, convoys)
    yield from _check_presence(given, postings)
    yield from _check_persons(given, postings)


def _check_needs(
    given: Given, rides: list[Ride], convoys: list[ConvoyRides]
) -> Iterator[Violation]:
    needs = []
    for need in _needs(given):
        if need.sort in NEEDED_BY:
            needs.append(need)
        else:
            yield Violation(
                "unknown",
                f"staff {need.kind} needed_by",
                None,
                f"{need.sort}:{need.name}",
                f"one of {', '.join(NEEDED_BY)}",
            )
    if not needs:
        return
    in_convoy = {id(ride) for one in convoys for ride in one.rides}
    for one in convoys:
        aboard = dict(one.convoy.staff)
        for ride in one.rides:
            for kind, count in ride.trip.staff.items():
                aboard[kind] = aboard.get(kind, 0) + count
        yield from _check_need(
            _over(given, needs, {leg.id for leg, _ in one.way}),
            one.where,
            one.convoy.depart,
            list(one.rides),
            aboard,
            convoys=1,
        )
    for ride in rides:
        if id(ride) not in in_convoy:
            yield from _check_need(
                _over(given, needs, set(ride.trip.legs)),
                ride.where,
                ride.trip.depart,
                [ride],
                ride.trip.staff,
                convoys=0,
            )


class Need(NamedTuple):
    """One member of the staff of a kind for each started `per` of what needs it.

    `on` names the corridors or legs that it is limited to; none means that it always holds.
    """

    kind: str
    sort: str
    name: str
    per: int
    on: tuple[str, ...]


def _over(given: Given, needs: list[Need], legs: set[str]) -> list[Need]:
    """Return the needs that hold for what goes over some legs."""
    names = legs | {one.id for one in given.scenario.corridors if not legs.isdisjoint(one.legs)}
    return [one for one in needs if not one.on or not names.isdisjoint(one.on)]


def _needs(given: Given) -> list[Need]:
    """Return the needs of all entries of staff, each once."""
    found = {
        Need(entry.kind, *need.partition(":")[::2], max(1, entry.per), entry.on)
        for entry in given.scenario.staff
        for need in entry.needed_by
    }
    return sorted(found)


def _check_need(
    needs: list[Need],
    where: str,
    at: int,
    rides: list[Ride],
    aboard: Mapping[str, int],
    convoys: int,
) -> Iterator[Violation]:
    """Check that the staff on board cover each need; several needs count by their maximum."""
    vehicles: dict[str, int] = {}
    carrying: dict[str, int] = {}
    for ride in rides:
        if ride.trip.vehicle is not None and ride.trip.kind is not None:
            vehicles[ride.trip.kind] = vehicles.get(ride.trip.kind, 0) + 1
            for class_id, people in ride.trip.load.items():
                if people > 0:
                    carrying[class_id] = carrying.get(class_id, 0) + 1
    counts: dict[str, Mapping[str, int]] = {
        "convoy": {"": convoys},
        "vehicle": vehicles,
        "class": carrying,
        "staff": aboard,
    }
    most: dict[str, tuple[int, str]] = {}
    for need in needs:
        count = counts[need.sort].get(need.name, 0)
        needed = -(-count // need.per)
        if needed > most.get(need.kind, (0, ""))[0]:
            most[need.kind] = (needed, f"{count} x {need.sort} {need.name}".rstrip())
    for kind, (needed, why) in most.items():
        if aboard.get(kind, 0) < needed:
            yield Violation(
                "staff",
                where,
                at,
                f"{aboard.get(kind, 0)} {kind} on board",
                f"{needed} or more ({why})",
            )


def _check_presence(given: Given, postings: Iterable[Posting]) -> Iterator[Violation]:
    """Check that at every place and moment no more staff leave than are there."""
    # Phase 0: become ready, or arrive; 1: leave; 2: arrive by a ride of no duration, lest two
    # such rides bring each other's staff out of nothing.
    events: dict[tuple[str, str], list[tuple[int, int, int, str]]] = {}
    kinds = set()
    for entry in given.scenario.staff:
        kinds.add(entry.kind)
        for when, count in ready_counts(given.staff_count(entry), entry.ready):
            events.setdefault((entry.kind, entry.at), []).append((when, 0, count, ""))
    for one in postings:
        for kind, count in one.staff.items():
            if count < 0:
                yield Violation("staff", one.where, one.depart, f"{count} {kind}", "0 or more")
            if kind not in kinds:
                yield Violation("staff", one.where, one.depart, f"staff {kind}", "known staff")
            if count <= 0:
                continue
            events.setdefault((kind, one.start), []).append((one.depart, 1, -count, one.where))
            phase = 0 if one.arrive > one.depart else 2
            events.setdefault((kind, one.end), []).append((one.arrive, phase, count, ""))
    for (kind, place), changes in events.items():
        there = 0
        for when, _, change, where in sorted(changes, key=lambda one: one[:2]):
            if change < 0 and there + change < 0:
                yield Violation(
                    "staff",
                    where,
                    when,
                    f"{-change} {kind} leave {place}",
                    f"{there} are there at {clock(given.scenario.start, when)}",
                )
                there = 0
            else:
                there += change


def _check_persons(given: Given, postings: Iterable[Posting]) -> Iterator[Violation]:
    """Check the named members of the staff: each where he is, and not on duty for too long."""
    bound = {one.kind for one in given.scenario.staff if one.duty is not None}
    served: dict[str, list[Posting]] = {}
    for one in postings:
        for kind in sorted({*one.who, *(bound & set(one.staff))}):
            names = one.who.get(kind, ())
            count = one.staff.get(kind, 0)
            if count == 0 and not names:
                continue
            if len(set(names)) != count or len(names) != count:
                yield Violation(
                    "duty" if kind in bound else "staff",
                    one.where,
                    one.depart,
                    f"{count} {kind}, named: {', '.join(names) or 'nobody'}",
                    "each named once, for their hours of duty",
                )
            for name in dict.fromkeys(names):
                person = given.person(name)
                if person is None or person.kind != kind:
                    yield Violation(
                        "staff", one.where, one.depart, f"{kind} {name}", "a person who exists"
                    )
                else:
                    served.setdefault(name, []).append(one)
    for name, done in served.items():
        person = given.person(name)
        if person is not None:
            done.sort(key=lambda one: (one.depart, one.arrive))
            yield from _check_moves(given, person, done)
            yield from _check_duty(person, done)


def _check_moves(given: Given, person: GivenPerson, done: list[Posting]) -> Iterator[Violation]:
    at, free = person.at, person.ready
    for one in done:
        if one.start != at:
            yield Violation(
                "staff", one.where, one.depart, f"{person.name} leaves {one.start}", f"is at {at}"
            )
        if free is None or one.depart < free:
            when = "never" if free is None else f"from {clock(given.scenario.start, free)}"
            yield Violation(
                "staff",
                one.where,
                one.depart,
                f"{person.name} leaves at {clock(given.scenario.start, one.depart)}",
                f"{when}",
            )
        at, free = one.end, one.arrive


def _check_duty(person: GivenPerson, done: list[Posting]) -> Iterator[Violation]:
    """Check each spell: from the first departure to the last arrival between two rests."""
    if person.duty is None:
        return
    began = done[0].depart
    told = False
    for number, one in enumerate(done):
        if number > 0:
            before = done[number - 1]
            stays = one.depart - before.arrive
            at_relief = person.relief is None or before.end == person.relief
            if person.rest is not None and stays >= person.rest and at_relief:
                began = one.depart
                told = False
        if one.arrive - began > person.duty and not told:
            told = True
            yield Violation(
                "duty",
                one.where,
                one.arrive,
                f"{person.name} is on duty for {length(one.arrive - began)}",
                f"{length(person.duty)}",
            )
