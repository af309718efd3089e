"""Who rides: load and groups, slots, companions, households, wishes, and changes of vehicle.

Rules `load`, `slots`, `companions`, `households`, `wishes`, `ready`, `serves`, `arrived`,
`change` and `staging`.
"""

from bisect import insort
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

from safepassage.planner.checking.given import Given, GivenGroup, GivenVehicle, persons_of
from safepassage.planner.checking.rides import Ride
from safepassage.planner.checking.violation import Violation, clock, length
from safepassage.scenario.people import COMPANION


@dataclass(frozen=True, slots=True)
class Part:
    """The people of one group on one ride; households split into small and large ones."""

    ride: Ride
    group: GivenGroup
    people: int
    small: int = 0
    large: int = 0


def check_riders(given: Given, rides: Iterable[Ride]) -> Iterator[Violation]:
    """Yield what is wrong with the people aboard, trip by trip and over all trips."""
    parts: dict[tuple[str, str], list[Part]] = {}
    ends: dict[tuple[str, str], list[Part]] = {}
    for ride in rides:
        trip = ride.trip
        if not (trip.load or trip.groups or trip.households):
            continue
        yield from _check_load(given, ride)
        if ride.loaded and ride.vehicle is not None:
            yield from _check_slots(given, ride, ride.vehicle)
            yield from _check_serves(ride, ride.vehicle)
        if ride.loaded:
            yield from _check_end(given, ride)
        for group_id, people in trip.groups.items():
            group = given.group(group_id)
            if group is None or people <= 0:
                continue
            found = yield from _part(ride, group, people)
            parts.setdefault((group_id, trip.start), []).append(found)
            ends.setdefault((group_id, trip.end), []).append(found)
    for (group_id, place_id), boarding in parts.items():
        group = given.group(group_id)
        if group is None:
            continue
        brought = ends.get((group_id, place_id), []) if given.is_change(place_id) else []
        if place_id == group.at:
            yield from _check_own_place(given, group, boarding)
        elif not given.is_change(place_id):
            for part in boarding:
                yield Violation(
                    "ready",
                    part.ride.where,
                    part.ride.boards,
                    f"{part.people} of group {group_id} board at {place_id}",
                    f"they board at {group.at}, or where people may change vehicles",
                )
        else:
            yield from _check_change(group, place_id, boarding, brought)
    for (group_id, place_id), brought in ends.items():
        group = given.group(group_id)
        if group is not None and given.is_change(place_id):
            boarding = parts.get((group_id, place_id), [])
            yield from _check_wait(given, group, place_id, boarding, brought)
    yield from _check_limits(given, parts, ends)


def _check_load(given: Given, ride: Ride) -> Iterator[Violation]:
    trip = ride.trip
    for name, counts in (
        ("load", trip.load),
        ("groups", trip.groups),
        ("households", trip.households),
    ):
        for key, count in counts.items():
            if count < 0:
                yield Violation(
                    "load", ride.where, trip.depart, f"{name} {key}: {count}", "0 or more"
                )
    for group_id in trip.groups:
        if given.group(group_id) is None:
            yield Violation("load", ride.where, trip.depart, f"group {group_id}", "a known group")
    for class_id in trip.load:
        if given.person_class(class_id) is None:
            yield Violation("load", ride.where, trip.depart, f"class {class_id}", "a known class")
    wanted = persons_of(given, trip.groups)
    for class_id in sorted(set(wanted) | set(trip.load)):
        found, allowed = trip.load.get(class_id, 0), wanted.get(class_id, 0)
        if found != allowed:
            rule = "companions" if class_id == COMPANION else "load"
            yield Violation(
                rule,
                ride.where,
                trip.depart,
                f"{found} of class {class_id}",
                f"{allowed}, by the groups aboard",
            )


def _check_slots(given: Given, ride: Ride, vehicle: GivenVehicle) -> Iterator[Violation]:
    used: dict[str, int] = {}
    for class_id, people in ride.trip.load.items():
        person_class = given.person_class(class_id)
        if person_class is None or people <= 0:
            continue
        for slot, uses in person_class.uses.items():
            used[slot] = used.get(slot, 0) + uses * people
    for slot, count in used.items():
        there = vehicle.slots.get(slot, 0)
        if count > there:
            yield Violation(
                "slots",
                ride.where,
                ride.trip.depart,
                f"{count} of slot {slot} used",
                f"{there} in {vehicle.name}",
            )


def _check_serves(ride: Ride, vehicle: GivenVehicle) -> Iterator[Violation]:
    trip = ride.trip
    for does, place, served in (
        ("board", trip.start, vehicle.boards),
        ("alight", trip.end, vehicle.alights),
    ):
        if served is not None and place not in served:
            yield Violation(
                "serves",
                ride.where,
                trip.depart,
                f"people {does} at {place}",
                f"{vehicle.name} lets people {does} at {', '.join(sorted(served)) or 'no place'}",
            )


def _check_end(given: Given, ride: Ride) -> Iterator[Violation]:
    trip = ride.trip
    if given.is_arrival(trip.end):
        for group_id, people in trip.groups.items():
            group = given.group(group_id)
            if group is not None and people > 0 and group.wants and trip.end not in group.wants:
                yield Violation(
                    "wishes",
                    ride.where,
                    trip.arrive,
                    f"{people} of group {group_id} arrive at {trip.end}",
                    f"they want {', '.join(sorted(group.wants))}",
                )
            if group is not None and people > 0 and trip.end == group.at:
                yield Violation(
                    "arrived",
                    ride.where,
                    trip.arrive,
                    f"{people} of group {group_id} arrive at {trip.end}, where they live",
                    "another place that counts as arrival",
                )
    elif not given.is_change(trip.end):
        yield Violation(
            "arrived",
            ride.where,
            trip.arrive,
            f"people alight at {trip.end}",
            "a place that counts as arrival, or a staging or handover place",
        )


def _part(ride: Ride, group: GivenGroup, people: int) -> Generator[Violation, None, Part]:
    """Check the households of one group on one ride; return its people as a part."""
    households = ride.trip.households.get(group.id)
    if group.households is None:
        if households:
            yield Violation(
                "households",
                ride.where,
                ride.trip.depart,
                f"{households} households of group {group.id}",
                "a group whose households are stated",
            )
        return Part(ride, group, people)
    aboard = households or 0
    size, _ = divmod(group.leave, group.households) if group.households > 0 else (0, 0)
    larger = size + 1 if group.households > 0 and group.leave % group.households else size
    if group.households <= 0 or not aboard * size <= people <= aboard * larger:
        yield Violation(
            "households",
            ride.where,
            ride.trip.depart,
            f"{people} people of group {group.id} in {aboard} households",
            f"{aboard * size} to {aboard * larger}, as no household is split",
        )
        return Part(ride, group, people, small=aboard)
    large = people - aboard * size if larger > size else 0
    return Part(ride, group, people, small=aboard - large, large=large)


def _check_own_place(given: Given, group: GivenGroup, boarding: list[Part]) -> Iterator[Violation]:
    """Check the people of a group who board where they live: how many, and not before ready."""
    where = f"group {group.id} at {group.at}"
    people = sum(one.people for one in boarding)
    if people > group.leave:
        yield Violation(
            "wishes",
            where,
            None,
            f"{people} people are taken",
            f"{group.leave} wish to leave",
        )
    if group.households is not None and group.households > 0:
        extra = group.leave % group.households
        for name, found, allowed in (
            ("small", sum(one.small for one in boarding), group.households - extra),
            ("large", sum(one.large for one in boarding), extra),
        ):
            if found > allowed:
                yield Violation(
                    "households",
                    where,
                    None,
                    f"{found} {name} households are taken",
                    f"{allowed} of {group.households} households are {name}",
                )
    if group.ready is not None:
        events: list[_Event] = [(when, 0, more, None) for when, more in group.ready]
        events += [(part.ride.boards, 1, -part.people, part) for part in boarding]
        yield from _sweep(given, events, "ready", f"of group {group.id} are ready")


_Event = tuple[int, int, int, Part | None]


def _comes(part: Part) -> _Event:
    """Return when people who were brought can board again.

    Who arrives by a ride of no duration can board a second later only: else two such rides could
    bring each other's people out of nothing.
    """
    trip = part.ride.trip
    unload = part.ride.vehicle.unload if part.ride.vehicle is not None else 0
    phase = 2 if trip.arrive + unload <= part.ride.boards else 0
    return (trip.arrive + unload, phase, part.people, part)


def _sweep(given: Given, events: list[_Event], rule: str, words: str) -> Iterator[Violation]:
    """Yield each boarding for which too few people are there."""
    there = 0
    for when, _, change, part in sorted(events, key=lambda one: one[:2]):
        if part is not None and change < 0 and there + change < 0:
            yield Violation(
                rule,
                part.ride.where,
                when,
                f"{-change} board at {clock(given.scenario.start, when)}",
                f"{max(there, 0)} {words} and have not boarded yet",
            )
            there = 0
        else:
            there += change


def _check_change(
    group: GivenGroup, place_id: str, boarding: list[Part], brought: list[Part]
) -> Iterator[Violation]:
    """Check that nobody boards where he changes vehicles before he has been brought there."""
    for name in ("people", "small", "large"):
        events = [
            (when, phase, getattr(part, name), part)
            for when, phase, _, part in (_comes(one) for one in brought)
            if part is not None
        ]
        events += [(one.ride.boards, 1, -getattr(one, name), one) for one in boarding]
        there = 0
        for when, _, change, part in sorted(events, key=lambda one: one[:2]):
            if change < 0 and there + change < 0:
                what = "people" if name == "people" else f"{name} households"
                yield Violation(
                    "change" if name == "people" else "households",
                    part.ride.where,
                    when,
                    f"{-change} {what} of group {group.id} board at {place_id}",
                    f"{max(there, 0)} were brought there and have not boarded yet",
                )
                there = 0
            else:
                there += change


def _check_wait(
    given: Given,
    group: GivenGroup,
    place_id: str,
    boarding: list[Part],
    brought: list[Part],
) -> Iterator[Violation]:
    """Check the longest wait of those brought to a staging place, households by their size."""
    place = given.place(place_id)
    if place is None or place.longest_wait is None or place_id == group.at:
        return
    longest = int(place.longest_wait.total_seconds() // 1)
    for name in ("people",) if group.households is None else ("small", "large"):
        what = "people" if name == "people" else f"{name} households"
        events = [(*_comes(one)[:2], one) for one in brought]
        events += [(one.ride.boards, 1, one) for one in boarding]
        waiting: list[list[int]] = []
        owed = 0
        for _, phase, part in sorted(events, key=lambda event: event[:2]):
            number = getattr(part, name)
            if phase != 1:
                # Who boarded before he came is said by `change`; here he has not waited.
                early = min(owed, number)
                owed -= early
                insort(waiting, [part.ride.trip.arrive, number - early])
                continue
            worst, left = _fetch(waiting, part.ride.trip.depart, number, longest)
            owed += left
            if worst > longest:
                yield Violation(
                    "staging",
                    part.ride.where,
                    part.ride.trip.depart,
                    f"{what} of group {group.id} waited {length(worst)} at {place_id}",
                    f"at most {length(longest)}",
                )
        there = [one for one in waiting if one[1] > 0]
        if there:
            yield Violation(
                "staging",
                place_id,
                there[0][0],
                f"{sum(one[1] for one in there)} {what} of group {group.id} are never fetched",
                f"they depart within {length(longest)}",
            )


def _fetch(waiting: list[list[int]], depart: int, number: int, longest: int) -> tuple[int, int]:
    """Let people board who came the earliest of those still in time, then those who are late.

    `waiting` holds [came, people], the first to come first; it is changed. Whoever boards is there
    already, so who departs in time and came earliest is missed least by the vehicles after this
    one. Return the longest wait, and how many of `number` are not there.
    """
    worst = 0
    for in_time in (True, False):
        for one in waiting:
            if (depart - one[0] <= longest) == in_time and number > 0 and one[1] > 0:
                taken = min(number, one[1])
                number -= taken
                one[1] -= taken
                worst = max(worst, depart - one[0])
    return worst, number


def _check_limits(
    given: Given,
    parts: dict[tuple[str, str], list[Part]],
    ends: dict[tuple[str, str], list[Part]],
) -> Iterator[Violation]:
    """Check how many people are at each staging place at once, companions included."""
    changes: dict[str, list[tuple[int, int]]] = {}
    limited = {
        one.id for one in given.scenario.places if one.limit is not None and given.is_change(one.id)
    }
    for (group_id, place_id), boarding in parts.items():
        group = given.group(group_id)
        if group is None or place_id not in limited:
            continue
        own = group.at == place_id
        for part in boarding:
            persons = part.people * group.persons
            if own:
                changes.setdefault(place_id, []).append((part.ride.boards, persons))
                changes[place_id].append((part.ride.trip.depart, -persons))
            else:
                changes.setdefault(place_id, []).append((part.ride.boards, -persons))
    for (group_id, place_id), brought in ends.items():
        group = given.group(group_id)
        if group is None or place_id not in limited:
            continue
        for part in brought:
            persons = part.people * group.persons
            changes.setdefault(place_id, []).append((part.ride.trip.arrive, persons))
    for place_id, events in changes.items():
        place = given.place(place_id)
        if place is None or place.limit is None:
            continue
        limit = given.pick(place.limit, f"place {place_id} limit", 0)
        there = 0
        for when, change in sorted(events):
            before = there
            there += change
            if there > limit >= before:
                yield Violation(
                    "staging",
                    place_id,
                    when,
                    f"{there} people at once",
                    f"{limit}",
                )
