"""Faults that no single table shows: what the parts of a scenario say together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from safepassage.scenario.duration import format_duration
from safepassage.scenario.fleet import Staff
from safepassage.scenario.places import Corridor, Leg
from safepassage.scenario.reading.roads import FROM_ROADS
from safepassage.scenario.reading.row import Door
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.ways import Ways, chain

Note = Callable[[str, int, str, str, str], None]


def check_together(scenario: Scenario, door: Door) -> None:
    """Note every fault that lies between tables; rows that could not be read are left out."""

    def note(table: str, index: int, key: str, found: str, wanted: str) -> None:
        name = door.ids[table][index] if index < len(door.ids.get(table, [])) else ""
        path = f"{table}[{index}].{key}"
        if not door.faulty(path):
            door.fault(path, found, wanted, f'{table} "{name}"' if name else "")

    _check_there_is_something(scenario, door)
    _check_groups(scenario, note)
    _check_legs(scenario, note)
    _check_corridors(scenario, note, door)
    _check_staff(scenario.staff, note)
    _check_ranges(scenario, note)
    _check_linked(scenario, note)


def _check_there_is_something(scenario: Scenario, door: Door) -> None:
    """Note what a mission cannot be without."""
    if not scenario.vehicles:
        door.fault("vehicle", "no vehicle", "at least one [[vehicle]]")
    elif all(one.count.known and one.count.pick("high") == 0 for one in scenario.vehicles):
        door.fault("vehicle", "0 vehicles in all", "at least one vehicle")
    if not scenario.groups:
        door.fault("group", "no group", "at least one [[group]] of people")
    if not scenario.places:
        door.fault("place", "no place", "at least a pickup and a destination")
    elif not any(one.arrived for one in scenario.places):
        door.fault(
            "place",
            "no place that counts as arrival",
            "a shelter or a hospital, or a place with arrived = true",
        )


def _check_groups(scenario: Scenario, note: Note) -> None:
    for index, group in enumerate(scenario.groups):
        at = scenario.place.get(group.at)
        if at is not None and at.arrived:
            note(
                "group",
                index,
                "at",
                f'"{group.at}", a destination',
                "a place that does not count as arrival",
            )
        for want in group.wants:
            wanted = scenario.place.get(want)
            if wanted is not None and not wanted.arrived:
                note(
                    "group",
                    index,
                    "wants",
                    f'"{want}", which does not count as arrival',
                    "places that count as arrival",
                )
        households = group.households
        if households is None or not households.known or not group.leave.known:
            continue
        for choice in ("low", "likely", "high"):
            if households.pick(choice) > group.leave.pick(choice):
                end = f" at the {choice} end" if group.leave.is_range else ""
                note(
                    "group",
                    index,
                    "households",
                    f"{households.pick(choice):,} households{end}",
                    f"at most {group.leave.pick(choice):,}, one for each who wishes to leave",
                )
                break


def _check_legs(scenario: Scenario, note: Note) -> None:
    for index, leg in enumerate(scenario.legs):
        if leg.start and leg.start == leg.end:
            note("leg", index, "to", f'"{leg.end}", where it starts', "another place")
        times = [one.pick("low") for one in (leg.time, *leg.times.values()) if one.known]
        for number, through in enumerate(leg.through):
            place = scenario.place.get(through.checkpoint)
            key = f"through[{number}]"
            if place is not None and place.kind != "checkpoint":
                note(
                    "leg",
                    index,
                    key,
                    f'"{place.id}", a {place.kind}',
                    "a place of the kind checkpoint (a leg ends at any other place)",
                )
            if times and through.after > min(times):
                note(
                    "leg",
                    index,
                    key,
                    f"passed after {format_duration(through.after)}",
                    f"at most {format_duration(min(times))}, the driving time of the leg",
                )


def _check_corridors(scenario: Scenario, note: Note, door: Door) -> None:
    used: dict[str, str] = {}
    for index, corridor in enumerate(scenario.corridors):
        for number, name in enumerate(corridor.legs):
            if name in used and used[name] != corridor.id:
                note(
                    "corridor",
                    index,
                    f"legs[{number}]",
                    f'"{name}", which is in corridor "{used[name]}"',
                    "a leg of this corridor only: a way uses at most one corridor",
                )
            used.setdefault(name, corridor.id)
        _check_chain(corridor, index, scenario.leg, note)
    if scenario.corridors and not door.faults:
        _check_two_corridors(scenario, note)


def _check_chain(corridor: Corridor, index: int, legs: Mapping[str, Leg], note: Note) -> None:
    """Note where the legs of a corridor do not follow each other."""
    every = [legs[one] for one in corridor.legs if one in legs]
    if len(every) != len(corridor.legs) or any(not one.start or not one.end for one in every):
        return
    breaks = chain(every)
    if breaks is None:
        return
    number, reason = breaks
    note("corridor", index, f"legs[{number}]", reason, "legs that chain from end to end, in order")


def _check_two_corridors(scenario: Scenario, note: Note) -> None:
    """Note groups who could arrive only by two corridors in one way."""
    ways = Ways(scenario)
    for index, group in enumerate(scenario.groups):
        crossing = ways.crossing_of_two(group)
        if crossing is not None:
            note(
                "group",
                index,
                "at",
                f"a place whose only way out runs through corridors {', '.join(crossing)}",
                "one corridor (with the legs of both), or a staging place between them: "
                "a way uses at most one corridor",
            )


def _check_staff(staff: Iterable[Staff], note: Note) -> None:
    first: dict[str, Staff] = {}
    needs: dict[str, set[str]] = defaultdict(set)
    rows = list(staff)
    for index, one in enumerate(rows):
        same = first.setdefault(one.kind, one)
        for key in ("needed_by", "on", "per", "duty", "rest", "relief"):
            if getattr(one, key) != getattr(same, key):
                note(
                    "staff",
                    index,
                    key,
                    "another value than in " + f'staff "{same.id}" of the same kind',
                    "the same: what needs a kind, and its duty, belong to the kind",
                )
        needs[one.kind] |= {
            word.removeprefix("staff:") for word in one.needed_by if word.startswith("staff:")
        }
    for index, one in enumerate(rows):
        if one.kind in _all_that_need(one.kind, needs):
            note(
                "staff",
                index,
                "needed_by",
                f'a circle: "{one.kind}" is needed by itself',
                "needs that end",
            )


def _all_that_need(kind: str, needs: Mapping[str, set[str]]) -> set[str]:
    """Return every staff kind that a kind is needed by, directly or through others."""
    found: set[str] = set()
    left = list(needs.get(kind, ()))
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += needs.get(one, ())
    return found


def _check_ranges(scenario: Scenario, note: Note) -> None:
    """Note legs without km where a vehicle's range is stated in km."""
    kinds = [one.kind for one in scenario.vehicles if one.range_km is not None]
    if not kinds:
        return
    for index, leg in enumerate(scenario.legs):
        if leg.km is None and leg.time.unknown != FROM_ROADS:
            wish = f'the length, e.g. 6.8: the range of "{kinds[0]}" is stated in km'
            note("leg", index, "km", "nothing", wish)


def _check_linked(scenario: Scenario, note: Note) -> None:
    """Note counterparts whose people cannot be told from ours."""
    side = {group: one.id for one in scenario.linked for group in one.groups}
    for index, one in enumerate(scenario.linked):
        if one.groups and one.scenario is not None:
            note("linked", index, "groups", "groups beside a scenario of their own", "one of both")
        others = [two for two in one.groups if side[two] != one.id]
        if others:
            wanted = "groups of one counterpart each"
            note("linked", index, "groups", f"{', '.join(others)}, also of another", wanted)
        if one.ratio == 0:
            note("linked", index, "ratio", "0", "people of theirs for each of ours, above 0")
        if one.groups and all(two.id in side for two in scenario.groups):
            note("linked", index, "groups", "every group", "groups of theirs; the others are ours")
        here = {two.at for two in scenario.groups if side.get(two.id) == one.id}
        shared = here & {two.at for two in scenario.groups if side.get(two.id) != one.id}
        if shared:
            found = f"people of both sides at {', '.join(sorted(shared))}"
            note("linked", index, "groups", found, "a place of its own for each side")
