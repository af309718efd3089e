"""Where the vehicles and the staff of a scenario are now, and from when each is free."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from safepassage.clearance.from_now_times import comes, expected
from safepassage.ledger.situation import Situation
from safepassage.scenario.figure import Figure
from safepassage.scenario.fleet import Available, Staff, Vehicles
from safepassage.scenario.scenario import Scenario

Stand = tuple[str, timedelta | None]
"""Where something is, and from when it is free; None: never, because nobody knows."""


def fleet_now(scenario: Scenario, now: Situation) -> tuple[tuple[Vehicles, ...], tuple[str, ...]]:
    """Return the vehicles under their old names, each where it is now, with warnings."""
    warnings: list[str] = []
    entries: list[Vehicles] = []
    names = _names([(one.kind, one.count.pick()) for one in scenario.vehicles])
    known = {name for here in names for name in here}
    for entry, here in zip(scenario.vehicles, names, strict=True):
        free = _ready(entry.ready, len(here))
        stands = [
            _stand(scenario, now, entry, name, ready, warnings)
            for name, ready in zip(here, free, strict=True)
        ]
        if now.at > scenario.start or stands != [(entry.at, one) for one in free]:
            entries += _runs(_driven(entry, scenario, now, here), here, stands)
        else:
            entries.append(entry)
    strange = sorted(set(now.vehicles) - known)
    if strange:
        warnings.append(f"{', '.join(strange)}: not in the scenario, not planned with")
    return tuple(entries), tuple(warnings)


def _names(entries: Sequence[tuple[str, int]]) -> list[list[str]]:
    """Return the names KIND-NN of each entry, numbered over all entries of its kind."""
    totals: dict[str, int] = {}
    for kind, count in entries:
        totals[kind] = totals.get(kind, 0) + count
    used: dict[str, int] = {}
    found = []
    for kind, count in entries:
        width = max(2, len(str(totals[kind])))
        first = used.get(kind, 0)
        used[kind] = first + count
        found.append([f"{kind}-{first + one + 1:0{width}d}" for one in range(count)])
    return found


def _ready(steps: Sequence[Available], count: int) -> list[timedelta | None]:
    if not steps:
        return [timedelta(0)] * count
    times: list[timedelta | None] = []
    for one in sorted(steps, key=lambda step: step.after):
        times += [one.after] * one.count
    return [*times, *[None] * count][:count]


def _stand(
    scenario: Scenario,
    now: Situation,
    entry: Vehicles,
    name: str,
    ready: timedelta | None,
    warnings: list[str],
) -> Stand:
    since = now.at - scenario.start
    seen = now.vehicles.get(name)
    if seen is None:
        return entry.at, None if ready is None else max(ready, since)
    place = seen.place if seen.to is None else seen.to
    if (
        place is None
        or place not in scenario.place
        or (seen.on_the_road and not comes(scenario, seen))
    ):
        warnings.append(f"{name}: where it is, or when it arrives, is not known; left out")
        return entry.at, None
    if entry.range_km is not None and not _refuels(entry, place):
        warnings.append(f"{name}: what is left in its tank is not known; left out")
        return entry.at, None
    if seen.on_the_road:
        at = expected(scenario, now, seen)
        if seen.due is None or seen.due < now.at:
            warnings.append(f"{name}: no report says when it arrives; taken as {at.isoformat()}")
        free = at + (entry.unload.pick() if seen.aboard else timedelta(0))
    else:
        # An arrival tells no longer who was aboard: unloading is taken in every case.
        free = seen.reported_at + entry.unload.pick()
    if entry.range_km is not None and entry.refuel is not None:
        free = max(free, now.at) + entry.refuel.time
    return place, max(since, free - scenario.start)


def _refuels(entry: Vehicles, place: str) -> bool:
    return entry.refuel is not None and place in entry.refuel.at


def _driven(entry: Vehicles, scenario: Scenario, now: Situation, here: Sequence[str]) -> Vehicles:
    """Shorten what a tank lasts by all the time that has passed: nobody drove for longer."""
    if entry.range_time is None or not any(name in now.vehicles for name in here):
        return entry
    left = max(timedelta(0), entry.range_time.pick() - (now.at - scenario.start))
    why = "the whole time since the start is taken as driven; refuelling is not on record"
    return replace(entry, range_time=Figure(value=left, assumed=why))


def _runs(entry: Vehicles, names: Sequence[str], stands: Sequence[Stand]) -> Iterator[Vehicles]:
    """Yield entries of neighbours at one place, in the old order, so that names stay."""
    begin = 0
    for index in range(1, len(stands) + 1):
        if index < len(stands) and _together(stands[index - 1], stands[index]):
            continue
        run = stands[begin:index]
        times = [ready for _, ready in run if ready is not None]
        yield replace(
            entry,
            id=entry.id if begin == 0 else f"{entry.id}-{names[begin]}",
            count=replace(entry.count, value=len(run), low=None, likely=None, high=None),
            at=run[0][0],
            ready=tuple(Available(one, 1) for one in times) or (Available(timedelta(0), 0),),
        )
        begin = index


def _together(first: Stand, second: Stand) -> bool:
    """Tell whether two neighbours fit in one entry, whose lowest numbers are ready first."""
    if first[0] != second[0]:
        return False
    if first[1] is None or second[1] is None:
        return first[1] is None and second[1] is None
    return first[1] <= second[1]


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
            ready = [time for time in _ready(one.ready, one.count.pick()) if time is not None]
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
            warnings.append(f"{kind}: {total - len(free)} are at a place not on record; left out")
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
    """Return, by kind, who left (below 0) and who came or will come where, those who left first."""
    found: dict[str, list[Move]] = {}
    for (kind, place), number in now.staff_moved.items():
        found.setdefault(kind, []).append((place, number, now.at))
    for seen in now.on_the_road.values():
        if comes(scenario, seen):
            for kind, number in seen.staff.items():
                moves = found.setdefault(kind, [])
                moves.append((seen.to or "", number, expected(scenario, now, seen)))
    planned = _planned(plans)
    for convoy in now.departed:
        # Reports on vehicles name the staff of vehicles; those of the convoy stand in its plan.
        plan = planned.get(convoy.convoy)
        if plan is None:
            continue
        there = [now.vehicles[one] for one in convoy.vehicles if one in now.vehicles]
        there = [one for one in there if one.on_the_road and comes(scenario, one)]
        at = max((expected(scenario, now, one) for one in there), default=now.at)
        back = convoy.state == "turned back"
        for kind, number in plan.get("staff", {}).items():
            moves = found.setdefault(kind, [])
            moves.append((plan["start"], -number, now.at))
            moves.append((plan["start"] if back else plan["end"], number, at))
    return {kind: sorted(moves, key=lambda one: one[1] > 0) for kind, moves in found.items()}


def without_vehicles(now: Situation, plans: Sequence[str]) -> tuple[str, ...]:
    """Return the departed convoys of which nothing on record says with which vehicles."""
    # The log gives the vehicles of a convoy by their own reports or by the plan that it is of;
    # what has moved on since is no longer among its vehicles.
    planned = _planned(plans)
    return tuple(
        one.convoy
        for one in now.departed
        if not one.vehicles and one.convoy not in planned and ":" not in one.convoy
    )


def _planned(plans: Sequence[str]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for text in plans:
        try:
            found |= {one["id"]: one for one in json.loads(text)["convoys"]}
        except (ValueError, KeyError, TypeError):
            continue
    return found
