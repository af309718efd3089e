"""Where the vehicles of a scenario are now, and from when each is free."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from safepassage.clearance.from_now_times import comes, expected, waits
from safepassage.clearance.in_words import clock
from safepassage.ledger.situation import Situation
from safepassage.planner.names import numbered
from safepassage.scenario.figure import Figure
from safepassage.scenario.fleet import Available, Staff, Vehicles
from safepassage.scenario.scenario import Scenario

Stand = tuple[str, timedelta | None]
"""Where something is, and from when it is free; None: never, because nobody knows."""
Entry = TypeVar("Entry", Vehicles, Staff)


def fleet_now(scenario: Scenario, now: Situation) -> tuple[tuple[Vehicles, ...], tuple[str, ...]]:
    """Return the vehicles under their old names, each where it is now, with warnings."""
    told: dict[str, list[str]] = {}
    entries: list[Vehicles] = []
    names = names_of([(one.kind, one.count.pick()) for one in scenario.vehicles])
    known = {name for here in names for name in here}
    for entry, here in zip(scenario.vehicles, names, strict=True):
        free = ready_times(entry.ready, len(here))
        stands = [
            _stand(scenario, now, entry, name, ready, told)
            for name, ready in zip(here, free, strict=True)
        ]
        if now.at > scenario.start or stands != [(entry.at, one) for one in free]:
            entries += runs(_driven(entry, scenario, now, here), here, stands)
        else:
            entries.append(entry)
    warnings = [f"{numbered(here)}: {why}" for why, here in told.items()]
    strange = sorted(set(now.vehicles) - known)
    if strange:
        warnings.append(f"{numbered(strange)}: not in the scenario, not planned with")
    return tuple(entries), tuple(warnings)


def names_of(entries: Sequence[tuple[str, int]]) -> list[list[str]]:
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


def ready_times(steps: Sequence[Available], count: int) -> list[timedelta | None]:
    """Return from when each of `count` is ready, the lowest number first; None: never."""
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
    told: dict[str, list[str]],
) -> Stand:
    """Return where a vehicle is; in `told` goes who is left out or late, by the reason."""
    since = now.at - scenario.start
    seen = now.vehicles.get(name)
    if seen is None:
        return entry.at, None if ready is None else max(ready, since)
    place = seen.place if seen.to is None else seen.to
    if seen.on_the_road and waits(scenario, now, seen):
        told.setdefault("before a stretch that is not open; left out", []).append(name)
        return entry.at, None
    if (
        place is None
        or place not in scenario.place
        or (seen.on_the_road and not comes(scenario, now, seen))
    ):
        why = "place, or time of arrival, is not known; left out"
        told.setdefault(why, []).append(name)
        return entry.at, None
    if entry.range_km is not None and not _refuels(entry, place):
        told.setdefault("what is left in the tank is not known; left out", []).append(name)
        return entry.at, None
    if seen.on_the_road:
        at = expected(scenario, now, seen)
        if seen.due is None or seen.due < now.at:
            why = f"no report of arrival; taken as there at {clock(at, now.at)}"
            told.setdefault(why, []).append(name)
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


def runs(entry: Entry, names: Sequence[str], stands: Sequence[Stand]) -> Iterator[Entry]:
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


def without_vehicles(now: Situation, plans: Sequence[str]) -> tuple[str, ...]:
    """Return the departed convoys of which nothing on record says with which vehicles."""
    # The log gives the vehicles of a convoy by their own reports or by the plan that it is of;
    # what has moved on since is no longer among its vehicles.
    planned = planned_convoys(plans)
    return tuple(
        one.convoy
        for one in now.departed
        if not one.vehicles and one.convoy not in planned and ":" not in one.convoy
    )


def planned_convoys(plans: Sequence[str]) -> Mapping[str, Any]:
    """Return every convoy of the plans by id, as their files have it, the last plan's word."""
    found: dict[str, Any] = {}
    for text in plans:
        try:
            found |= {one["id"]: one for one in json.loads(text)["convoys"]}
        except (ValueError, KeyError, TypeError):
            continue
    return found
