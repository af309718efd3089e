"""Whether a tank and a spell of duty last for even the shortest way with people on board."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.duration import format_duration
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.serving import alights_at, boards_at, fits
from safepassage.scenario.ways import CHANGE_KINDS, Length, Ways


def range_too_short(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield vehicles whose tank does not last to any place where their people may alight."""
    for index, one in enumerate(ways.scenario.vehicles):
        if one.count.pick() == 0:
            continue
        if one.range_time is not None:
            time = _shortest(ways, one, _times_of(ways, one), timedelta(0))
            lasts = one.range_time.pick()
            if time is not None and lasts < time:
                driving = f"{format_duration(lasts)} of driving"
                minute = timedelta(minutes=1)
                numbers = {"range_minutes": lasts / minute, "needed_minutes": time / minute}
                yield _too_short(index, one, driving, format_duration(time), numbers)
        if one.range_km is not None:
            km = _shortest(ways, one, ways.km, 0.0)
            tank = one.range_km.pick()
            # Sums of kilometres carry the rounding of their decimals.
            if km is not None and tank < km - 1e-6:
                numbers = {"range_km": tank, "needed_km": km}
                yield _too_short(index, one, f"{tank:g} km", f"{km:g} km", numbers)


def _too_short(
    index: int, vehicles: Vehicles, lasts: str, needed: str, numbers: Mapping[str, float]
) -> ScenarioWarning:
    begins = ", from where they start," if vehicles.refuel is None else ""
    return ScenarioWarning(
        "range",
        f"vehicle[{index}].range",
        f'A tank of "{vehicles.id}" lasts {lasts}, and the shortest way with people on board'
        f"{begins} takes {needed}: they can bring nobody there.",
        numbers,
    )


def _times_of(ways: Ways, vehicles: Vehicles) -> Callable[[str], Mapping[str, timedelta]]:
    return lambda start: ways.times(start, vehicles.kind)


def _shortest(
    ways: Ways,
    vehicles: Vehicles,
    lengths: Callable[[str], Mapping[str, Length]],
    nothing: Length,
) -> Length | None:
    """Return the least that a tank must last for one ride with people; None where there is none.

    Vehicles that refuel may do so where they board people; others drive there first.
    """
    first = lengths(vehicles.at)
    found: list[Length] = []
    for at, end in _rides(ways.scenario, vehicles):
        onward = lengths(at)
        if at in first and end in onward:
            before = first[at] if vehicles.refuel is None else nothing
            found.append(before + onward[end])
    return min(found) if found else None


def _rides(
    scenario: Scenario, vehicles: Vehicles, class_id: str | None = None
) -> Iterator[tuple[str, str]]:
    """Yield (from, to) of each ride that people could make: of any class, or of one."""
    groups = [
        one
        for one in scenario.groups
        if one.leave.pick() > 0
        and class_id in {None, one.class_id}
        and fits(scenario, vehicles, one.class_id) > 0
    ]
    if not groups:
        return
    changes = {one.id for one in scenario.places if one.kind in CHANGE_KINDS and not one.arrived}
    for at in sorted({one.at for one in groups} | changes):
        if not boards_at(scenario, vehicles, scenario.place[at]):
            continue
        for place in scenario.places:
            arrives = place.arrived and alights_at(scenario, vehicles, place)
            if place.id != at and (arrives or place.id in changes):
                yield at, place.id


def duty_too_short(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield staff whose duty ends before the shortest way of what needs them."""
    for index, one in enumerate(ways.scenario.staff):
        if one.duty is None:
            continue
        least = [(_least(ways, need), need) for need in one.needed_by]
        short = [(time, need) for time, need in least if time is not None and one.duty < time]
        if short:
            yield _never_along(index, one, *max(short))


def _never_along(index: int, staff: Staff, time: timedelta, need: str) -> ScenarioWarning:
    way = "corridor" if need == "convoy" else f"way of {need} with people on board"
    duty = timedelta(0) if staff.duty is None else staff.duty
    minute = timedelta(minutes=1)
    return ScenarioWarning(
        "duty",
        f"staff[{index}].duty",
        f'"{staff.id}" may be on duty for {format_duration(duty)}, and the shortest {way} takes '
        f"{format_duration(time)}: they can never go along.",
        {"duty_minutes": duty / minute, "needed_minutes": time / minute},
    )


def _least(ways: Ways, need: str) -> timedelta | None:
    """Return the least driving time of one ride of what needs staff; None where none is known."""
    scenario = ways.scenario
    if need == "convoy":
        kinds = {one.kind for one in scenario.vehicles}
        through = [
            sum((scenario.leg[name].time_for(kind).pick() for name in one.legs), timedelta(0))
            for one in scenario.corridors
            for kind in kinds
        ]
        return min(through, default=None)
    what, _, name = need.partition(":")
    times: list[timedelta] = []
    for one in scenario.vehicles:
        if what == "class" or (what == "vehicle" and one.kind == name):
            rides = _rides(scenario, one, name if what == "class" else None)
            onward = [(ways.times(at, one.kind), end) for at, end in rides]
            times += [after[end] for after, end in onward if end in after]
    return min(times, default=None)
