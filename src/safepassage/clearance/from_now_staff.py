"""Where the staff of a scenario are now, and from when each is free.

Counts say how many are where; where the limit of duty needs to know who, reports by number say it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from safepassage.clearance.from_now_fleet import (
    Stand,
    names_of,
    planned_convoys,
    ready_times,
    runs,
)
from safepassage.clearance.from_now_times import comes, expected
from safepassage.ledger.numbered import StaffNow
from safepassage.ledger.situation import Situation
from safepassage.scenario.fleet import Available, Staff
from safepassage.scenario.scenario import Scenario


def staff_now(
    scenario: Scenario, now: Situation, plans: Sequence[str]
) -> tuple[tuple[Staff, ...], tuple[str, ...]]:
    """Return the staff by place, from when they are free, with warnings."""
    if now.at == scenario.start and not now.vehicles and not now.convoys and not now.staff_moved:
        return scenario.staff, ()
    warnings: list[str] = []
    result: list[Staff] = []
    since = now.at - scenario.start
    moved = _moves(scenario, now, plans)
    for kind in dict.fromkeys(one.kind for one in scenario.staff):
        entries = [one for one in scenario.staff if one.kind == kind]
        free: list[Stand] = []
        for one in entries:
            ready = [time for time in ready_times(one.ready, one.count.pick()) if time is not None]
            free += [(one.at, max(since, time)) for time in ready]
        total = len(free)
        strays = sum(number for _, number, _ in moved.get(kind, ()))
        if strays > 0:
            # They came and nobody saw them leave: they cannot be where they began as well.
            warnings.append(f"{kind}: {strays} came whose departure no report tells")
            del free[:strays]
        for place, number, at in moved.get(kind, ()):
            if number < 0:
                _take(free, place, -number)
            elif place in scenario.place:
                when = max(now.at, at) - scenario.start
                free += [(place, when)] * min(number, total - len(free))
        if len(free) < total:
            warnings.append(f"{kind}: where {total - len(free)} of them are is not known; left out")
        if any(one.duty is not None for one in entries):
            numbered = _by_number(scenario, now, entries, free, warnings)
            if numbered is not None:
                result += numbered
                continue
        rested = entries[0].rest
        if kind in moved and any(one.duty is not None for one in entries):
            if rested is None:
                warnings.append(f"{kind}: how long they were on duty is not known; left out")
                free = []
            else:
                warnings.append(f"{kind}: how long they were on duty is not known; they rest first")
                free = [(place, ready + rested) for place, ready in free if ready is not None]
        result += _by_place(entries, free)
    return tuple(result), tuple(warnings)


def _take(free: list[Stand], place: str, number: int) -> None:
    for _ in range(number):
        here = [one for one in free if one[0] == place]
        if here:
            free.remove(here[0])


def _by_place(entries: Sequence[Staff], free: Sequence[Stand]) -> Iterator[Staff]:
    places = dict.fromkeys(place for place, _ in free)
    for number, place in enumerate(places or [entries[0].at]):
        # Needs and duty are those of the kind: the first entry carries them all.
        needs = tuple(dict.fromkeys(need for one in entries for need in one.needed_by))
        times = sorted(ready for at, ready in free if at == place and ready is not None)
        first = entries[0]
        yield replace(
            first,
            id=first.id if number == 0 else f"{first.id}-{place}",
            count=replace(first.count, value=len(times), low=None, likely=None, high=None),
            at=place,
            needed_by=needs,
            ready=tuple(Available(one, 1) for one in times) or (Available(timedelta(0), 0),),
        )


Move = tuple[str, int, datetime]


def _moves(scenario: Scenario, now: Situation, plans: Sequence[str]) -> dict[str, list[Move]]:
    """Return, by kind, who left (below 0) and who came or will come where.

    Of what was reported by vehicle those who left come first. Convoys follow in the order of their
    departure, each leaving and coming: staff that has gone there and back leaves from where it was.
    """
    found: dict[str, list[Move]] = {}
    for (kind, place), number in now.staff_moved.items():
        found.setdefault(kind, []).append((place, number, now.at))
    for seen in now.on_the_road.values():
        if comes(scenario, now, seen):
            for kind, number in seen.staff.items():
                moves = found.setdefault(kind, [])
                moves.append((seen.to or "", number, expected(scenario, now, seen)))
    found = {kind: sorted(moves, key=lambda one: one[1] > 0) for kind, moves in found.items()}
    planned = planned_convoys(plans)
    for convoy in now.departed:
        # Reports on vehicles name the staff of vehicles; those of the convoy stand in its plan.
        plan = planned.get(convoy.convoy)
        if plan is None:
            continue
        there = [now.vehicles[one] for one in convoy.vehicles if one in now.vehicles]
        there = [one for one in there if one.on_the_road]
        coming = [one for one in there if comes(scenario, now, one)]
        at = max((expected(scenario, now, one) for one in coming), default=now.at)
        back = convoy.state == "turned back"
        for kind, number in plan.get("staff", {}).items():
            moves = found.setdefault(kind, [])
            moves.append((plan["start"], -number, now.at))
            if coming or not there:
                moves.append((plan["start"] if back else plan["end"], number, at))
    return found


def _by_number(
    scenario: Scenario,
    now: Situation,
    entries: Sequence[Staff],
    counted: Sequence[Stand],
    warnings: list[str],
) -> list[Staff] | None:
    """Return the staff of a kind under their old numbers, each with the rest that is still due.

    None where nobody was named, or where numbers and counts do not tell the same places.
    """
    kind = entries[0].kind
    names = names_of([(kind, one.count.pick()) for one in entries])
    if not any(name in now.staff for known in names for name in known):
        return None
    since = now.at - scenario.start
    stands: list[list[Stand]] = []
    for entry, known in zip(entries, names, strict=True):
        stands.append([])
        for name, ready in zip(known, ready_times(entry.ready, len(known)), strict=True):
            seen = now.staff.get(name)
            if seen is not None:
                stands[-1].append(_free(scenario, now, entry, seen, warnings))
            else:
                stands[-1].append((entry.at, None if ready is None else max(since, ready)))
    told = Counter(place for one in stands for place, ready in one if ready is not None)
    away = Counter(place for one in stands for place, ready in one if ready is None)
    here = Counter(place for place, ready in counted if ready is not None)
    if any(not told[one] <= here[one] <= told[one] + away[one] for one in {*told, *here}):
        warnings.append(f"{kind}: numbers and counts do not agree; taken by counts")
        return None
    return [
        run
        for entry, known, at in zip(entries, names, stands, strict=True)
        for run in runs(entry, known, at)
    ]


def _free(
    scenario: Scenario, now: Situation, entry: Staff, seen: StaffNow, warnings: list[str]
) -> Stand:
    """Return where one of the staff is, or will be, and from when rested."""
    place = seen.to if seen.on_the_road else seen.place
    if place is None or place not in scenario.place:
        warnings.append(f"{seen.number}: where they are is not known; left out")
        return entry.at, None
    last = seen.rides[-1].end if seen.rides else now.at
    if seen.on_the_road:
        last = _arrives(scenario, now, seen)
    if last is None:
        warnings.append(f"{seen.number}: when they arrive is not known; left out")
        return place, None
    since = now.at - scenario.start
    if not seen.rides or entry.duty is None:
        return place, max(since, last - scenario.start)
    # A rest counts at the place of relief only, as the rule `duty` has it.
    if entry.rest is None or entry.relief not in {None, place}:
        warnings.append(f"{seen.number}: on duty, and not where rest counts; left out")
        return place, None
    return place, max(since, last + entry.rest - scenario.start)


def _arrives(scenario: Scenario, now: Situation, seen: StaffNow) -> datetime | None:
    """Return when one of the staff on the road is expected, by the vehicles they ride with."""
    convoy = now.convoys.get(seen.ride_with or "")
    cars = (seen.ride_with,) if convoy is None else convoy.vehicles
    there = [now.vehicles[one] for one in cars if one is not None and one in now.vehicles]
    known = [one for one in there if one.on_the_road and comes(scenario, now, one)]
    return max((expected(scenario, now, one) for one in known), default=None)
