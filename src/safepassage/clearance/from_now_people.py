"""Who is still to be moved, and what room the places have left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from safepassage.clearance.from_now_times import comes, expected, waits
from safepassage.clearance.in_words import clock
from safepassage.ledger.situation import Situation
from safepassage.scenario.figure import Figure
from safepassage.scenario.people import COMPANION, Group, Ready
from safepassage.scenario.places import Filled, Place
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class _Brought:
    """People of a group who are, or soon will be, at a place that does not count as arrival."""

    group: str
    place: str
    people: int
    ready: timedelta


def groups_now(scenario: Scenario, now: Situation) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Return the groups less those who have boarded, and those who wait on the way, with warnings.

    People whom a report counts by class only are taken from every group that they may be of, up
    to their number: nobody who has gone is planned again.
    """
    warnings: list[str] = []
    brought = list(_brought(scenario, now, warnings))
    left_home = {group.id: _gone(group, now) for group in scenario.groups}
    loose = _unnamed(scenario, now)
    nowhere = _from_nowhere(scenario, now, left_home)
    left: list[Group] = []
    extra: list[Group] = []
    for group in scenario.groups:
        gone = left_home[group.id]
        unnamed = loose.get((group.at, group.class_id), 0)
        strays = nowhere.get(group.class_id, 0)
        if strays:
            warnings.append(
                f"{group.id}: {strays} people of class {group.class_id} came whose departure "
                "no report tells; taken as of this group"
            )
        if unnamed:
            warnings.append(
                f"{group.id}: {unnamed} people of class {group.class_id} left {group.at} and no "
                "report names their group; taken as of this one"
            )
        home = [one for one in brought if (one.group, one.place) == (group.id, group.at)]
        left.append(_less(group, gone + unnamed + strays, home, warnings))
        for place in dict.fromkeys(one.place for one in brought if one.group == group.id):
            if place != group.at:
                there = [one for one in brought if (one.group, one.place) == (group.id, place)]
                waits = sum(one.people for one in there) - now.taken_groups.get(place, {}).get(
                    group.id, 0
                )
                if waits > 0:
                    extra.append(_waiting(group, place, waits, there, warnings))
    warnings += [
        f"{one}: wishes in the ledger do not change how many wish to leave" for one in now.consent
    ]
    return (*left, *extra), tuple(warnings)


def _brought(scenario: Scenario, now: Situation, warnings: list[str]) -> Iterator[_Brought]:
    since = now.at - scenario.start
    for place, people in now.brought_groups.items():
        known = scenario.place.get(place)
        if known is not None and not known.arrived:
            for group, number in people.items():
                yield _Brought(group, place, number, since)
    for name, seen in now.on_the_road.items():
        to = scenario.place.get(seen.to or "")
        if to is not None and to.arrived:
            continue
        if to is None or not comes(scenario, now, seen) or (seen.aboard and not seen.groups):
            if seen.aboard or seen.groups:
                warnings.append(f"{name}: where those aboard go on from is not known; left out")
            continue
        unload = max((one.unload.pick() for one in scenario.vehicles), default=timedelta(0))
        at = expected(scenario, now, seen) + unload - scenario.start
        for group, number in seen.groups.items():
            yield _Brought(group, to.id, number, max(since, at))


def _gone(group: Group, now: Situation) -> int:
    """Return how many of a group have left home: those seen to leave, or more if more came."""
    back = now.brought_groups.get(group.at, {}).get(group.id, 0)
    away = sum(
        people.get(group.id, 0) - now.taken_groups.get(place, {}).get(group.id, 0)
        for place, people in now.brought_groups.items()
        if place != group.at
    )
    away += sum(one.groups.get(group.id, 0) for one in now.on_the_road.values())
    return max(now.taken_groups.get(group.at, {}).get(group.id, 0), away + back)


def _from_nowhere(
    scenario: Scenario, now: Situation, left_home: Mapping[str, int]
) -> Mapping[str, int]:
    """Return, by class, how many came or are aboard beyond all whose departure is on record."""
    found: dict[str, int] = {}
    there = [*now.brought.values(), *(one.aboard for one in now.on_the_road.values())]
    for class_id in {key for people in there for key in people} - {COMPANION}:
        came = sum(people.get(class_id, 0) for people in there)
        came -= sum(people.get(class_id, 0) for people in now.taken.values())
        for group in scenario.groups:
            if group.class_id == class_id:
                seen = now.taken_groups.get(group.at, {}).get(group.id, 0)
                came -= left_home[group.id] - seen
        if came > 0:
            found[class_id] = came
    return found


def _unnamed(scenario: Scenario, now: Situation) -> Mapping[tuple[str, str], int]:
    """Return, by place and class, how many boarded there whose group no report names."""
    found: dict[tuple[str, str], int] = {}
    for place, by_class in now.taken.items():
        named: dict[str, int] = {}
        for group_id, people in now.taken_groups.get(place, {}).items():
            group = scenario.group.get(group_id)
            if group is not None:
                named[group.class_id] = named.get(group.class_id, 0) + people
        companions = 0
        for class_id, people in by_class.items():
            if class_id != COMPANION:
                known = scenario.person_class.get(class_id)
                companions += people * (0 if known is None else known.companions)
                found[place, class_id] = max(0, people - named.get(class_id, 0))
        alone = by_class.get(COMPANION, 0) - companions - named.get(COMPANION, 0)
        found[place, COMPANION] = max(0, alone)
    return found


def _less(group: Group, gone: int, home: list[_Brought], warnings: list[str]) -> Group:
    back = sum(one.people for one in home)
    if not group.leave.known or (not gone and not back):
        return group
    total = group.leave.pick()
    if gone - back > total:
        warnings.append(f"{group.id}: {gone} left, more than the {total} who wish to leave")
    steps = _after(group, total, gone)
    steps += [Ready(one.ready, one.people) for one in home]
    delayed = group.ready or home
    return replace(
        group,
        leave=_lowered(group.leave, gone - back),
        ready=tuple(sorted(steps, key=lambda one: one.after)) if delayed else (),
        households=_households(group, total, gone - back, warnings),
    )


def _after(group: Group, total: int, gone: int) -> list[Ready]:
    """Return the increments of those who are left: the first to be ready have gone."""
    steps = []
    for one in sorted(group.ready or (Ready(timedelta(0), total),), key=lambda step: step.after):
        here = min(gone, one.people)
        gone -= here
        if one.people > here:
            steps.append(Ready(one.after, one.people - here))
    return steps


def _lowered(leave: Figure[int], by: int) -> Figure[int]:
    def less(value: int | None) -> int | None:
        return None if value is None else max(0, value - by)

    return replace(
        leave,
        value=less(leave.value),
        low=less(leave.low),
        likely=less(leave.likely),
        high=less(leave.high),
    )


def _households(group: Group, total: int, gone: int, warnings: list[str]) -> Figure[int] | None:
    """Return the households that are left; reports count people, so their number is estimated."""
    if group.households is None or not group.households.known or gone <= 0:
        return group.households
    count = group.households.pick()
    went = round(gone * count / total) if total else count
    warnings.append(f"{group.id}: reports count people; {went} households are taken as gone")
    # Never none while people are left: a household is not split for want of a number.
    left = max(min(1, total - gone), min(count - went, total - gone), 0)
    return Figure(value=left, assumed="households are taken as gone in step with their people")


def _waiting(
    group: Group, place: str, people: int, there: list[_Brought], warnings: list[str]
) -> Group:
    # Those brought first have boarded again first: who is left is ready when the last are.
    ready = max(one.ready for one in there)
    households = None
    if group.households is not None:
        total = group.leave.pick() if group.leave.known else 0
        share = group.households.pick() * people / total if total else 1
        households = Figure(value=max(1, round(share)), assumed="in step with their people")
        warnings.append(f"{group.id}: how many households wait at {place} is estimated")
    return replace(
        group,
        id=f"{group.id}-at-{place}",
        at=place,
        leave=Figure(value=people),
        stay=None,
        unknown=None,
        ready=(Ready(ready, people),),
        households=households,
    )


def places_now(scenario: Scenario, now: Situation) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Return the places with the room and the intake that those before have left, with warnings."""
    since = now.at - scenario.start
    warnings: list[str] = []
    coming: dict[str, list[tuple[timedelta, int]]] = {}
    held: dict[str, int] = {}
    for seen in now.on_the_road.values():
        if seen.to is not None and comes(scenario, now, seen):
            at = expected(scenario, now, seen) - scenario.start
            coming.setdefault(seen.to, []).append((at, sum(seen.aboard.values())))
        elif seen.to is not None and waits(scenario, now, seen):
            # Nobody knows when they come, or whether: the room is theirs until it is known.
            held[seen.to] = held.get(seen.to, 0) + sum(seen.aboard.values())
    for seen in now.vehicles.values():
        if not seen.on_the_road and seen.place is not None and seen.state == "arrived":
            at = seen.reported_at - scenario.start
            coming.setdefault(seen.place, []).append((at, 0))
    places = []
    for place in scenario.places:
        here = coming.get(place.id, [])
        inside = sum(now.brought.get(place.id, {}).values()) if place.arrived else 0
        if place.arrived:
            inside += held.get(place.id, 0)
        steps = [Filled(since, inside)] if inside else []
        if place.arrived:
            steps += [Filled(at, people) for at, people in sorted(here) if people]
        opens = _opens(place, here, since)
        if opens != place.opens:
            warnings.append(
                f"{place.id}: what comes in from the last plan keeps its intake busy; "
                f"nobody else arrives before {clock(scenario.start + (opens or since), now.at)}"
            )
        places.append(replace(place, filled=(*place.filled, *steps), opens=opens))
    return tuple(places), tuple(warnings)


def _opens(place: Place, here: list[tuple[timedelta, int]], since: timedelta) -> timedelta | None:
    """Return from when the sliding limits of a place are free of those who came before."""
    spans = [one.per for one in (place.intake, place.rate) if one is not None]
    if not spans or not here:
        return place.opens
    # An intake counts over any interval: the first new arrival waits until the last one has aged.
    free = max(at for at, _ in here) + max(spans)
    return place.opens if free <= since else max(free, place.opens or timedelta(0))
