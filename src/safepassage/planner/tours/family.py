"""From a scenario to a tours problem, where its rules allow that; else the reasons why not.

Knows which rules of the model a tours problem can say: vehicles that are alike in what they carry
and how fast they drive, whole loads, room at destinations, wishes by place, yards, vehicles that
become ready, an opening. Every other rule that could bind is a reason against.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from safepassage.planner.problem import Crowd, Fleet, Problem, make_problem
from safepassage.planner.tours.problem import NEVER, Ticks, ToursProblem
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import Choice
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window


@dataclass(frozen=True)
class Outside:
    """A scenario that is not of the family: the rules that stand against, each in words."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A tours problem with the way back into the scenario.

    `vehicles[y]` names the vehicles of yard y, `kinds[y]` their kind, `ready[y]` the second from
    which they are available, `at[y]` where they stand. `opening` is the second before which no
    loaded trip departs. `crowds[i]` are the groups at pickup i.
    """

    problem: ToursProblem
    source: Problem
    ways: Ways
    vehicles: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    ready: tuple[int, ...]
    at: tuple[str, ...]
    load: int
    unload: int
    crowds: tuple[tuple[Crowd, ...], ...]


def from_scenario(scenario: Scenario, people: Choice = "likely") -> Reading | Outside:
    """Return the tours problem of a scenario, or every reason why it is not of the family.

    Raises
    ------
    UnknownFigureError
        If a figure that the planner needs is unknown.
    TooLargeError
        If the horizon or the fleet is beyond what is planned.
    """
    return read_family(make_problem(scenario, people))


def read_family(problem: Problem) -> Reading | Outside:
    """Return the tours problem of a problem in seconds, or the reasons against."""
    crowds = [one for one in problem.crowds if one.total > 0]
    if not crowds:
        return Outside(("groups: nobody wishes to leave",))
    slots = {slot for one in crowds for slot in one.uses}
    sizes = {(tuple(sorted(one.uses.items())), one.each) for one in crowds}
    if len(slots) != 1 or len(sizes) != 1:
        return Outside(("classes: the groups use vehicles in different ways",))
    slot = slots.pop()
    fleets = [one for one in problem.fleets if one.vehicles and one.slots.get(slot, 0) > 0]
    uses = crowds[0].uses[slot]
    fleets = [one for one in fleets if one.slots[slot] >= uses]
    if not fleets:
        return Outside((f"vehicles: none has {uses} of the slot {slot}",))
    reasons = [*_reasons(problem, crowds, fleets)]
    ways = Ways(problem)
    pickups = list(dict.fromkeys(one.at for one in crowds))
    gates = [site for site, one in problem.sites.items() if one.arrived and site not in pickups]
    by_kind = {one.id: _drives(problem, ways, one, pickups, gates, crowds) for one in fleets}
    alike = {(one.slots[slot] // uses, one.load, one.unload) for one in fleets}
    tables = [by_kind[one.id] for one in fleets]
    same_roads = all(
        np.array_equal(a, b) for table in tables[1:] for a, b in zip(tables[0], table, strict=True)
    )
    if any((table[0] == 0).any() for table in tables):
        reasons.append("legs: a drive with people takes no time")
    if len(alike) != 1 or not same_roads:
        reasons.append("vehicles: they differ in slots, loading or driving times")
    if reasons:
        return Outside(tuple(reasons))
    return _reading(problem, ways, fleets, crowds, pickups, gates, by_kind[fleets[0].id], slot)


def _reasons(problem: Problem, crowds: list[Crowd], fleets: list[Fleet]) -> Iterator[str]:
    """Yield each rule that a tours problem cannot say and that could bind here."""
    everyone = sum(one.total * one.each for one in crowds)
    kinds = {one.kind for one in fleets}
    vehicles = {
        kind: sum(len(one.vehicles) for one in problem.fleets if one.kind == kind) for kind in kinds
    }
    if problem.counterparts:
        yield "linked: a counterpart moves step by step"
    if any(one.hours for one in problem.scenario.legs):
        yield "legs: driving times change by the hour"
    if problem.lanes:
        yield "corridors: vehicles go in convoy"
    if any(one.households is not None for one in crowds):
        yield "households: they may not be split"
    if any(one.ready_by(0) < one.total for one in crowds):
        yield "groups: people become ready over time"
    for at in sorted({one.at for one in crowds}):
        if len({one.wants for one in crowds if one.at == at}) > 1:
            yield f"groups at {at}: they want different destinations"
    for site in problem.sites.values():
        if any(site.bays.get(kind, count) < count for kind, count in vehicles.items()) and any(
            one.load > 0 for one in fleets
        ):
            yield f"places {site.id}: fewer bays than vehicles"
        if site.intake is not None and site.intake[0] < everyone:
            yield f"places {site.id}: a sliding intake"
        if site.rate is not None:
            yield f"places {site.id}: a sliding rate of vehicles"
        if site.opens > 0:
            yield f"places {site.id}: it opens later"
        place = problem.scenario.place[site.id]
        if place.kind in ("staging", "handover") and not site.arrived:
            yield f"places {site.id}: people may change vehicles there"
        if site.arrived and any(one.at == site.id for one in crowds):
            yield f"places {site.id}: people leave a place that counts as arrival"
    if any(not _always(one, problem.horizon + problem.margin) for one in problem.scenario.windows):
        yield "windows: a stretch or place is closed at times"
    classes = {one.class_id for one in crowds}
    for staff in problem.helpers.values():
        if kinds & set(staff.for_vehicles) or classes & set(staff.for_classes):
            yield f"staff {staff.kind}: somebody must go along"
    for one in fleets:
        if (one.range_s is not None and one.range_s < problem.horizon) or one.range_km is not None:
            yield f"vehicles {one.id}: the tank may run empty"


def _always(window: Window, until: int) -> bool:
    """Return whether a window is open from second 0 until a second."""
    if window.daily:
        return window.opens is None and window.closes is None
    starts = window.opens is None or window.opens.total_seconds() <= 0
    return starts and (window.closes is None or window.closes.total_seconds() >= until)


def _drives(
    problem: Problem,
    ways: Ways,
    fleet: Fleet,
    pickups: list[str],
    gates: list[str],
    crowds: list[Crowd],
) -> tuple[Ticks, Ticks]:
    """Return the driving seconds out (with people, as the rules allow) and back (empty)."""
    out = np.full((len(pickups), len(gates)), NEVER, dtype=np.int64)
    back = np.full((len(gates), len(pickups)), NEVER, dtype=np.int64)
    wants = {one.at: one.wants for one in crowds}
    longest = problem.longest_on_board
    for i, pickup in enumerate(pickups):
        for j, gate in enumerate(gates):
            there = drive(ways, fleet.kind, pickup, gate)
            may = fleet.may_board(pickup) and fleet.may_alight(gate)
            wanted = not wants[pickup] or gate in wants[pickup]
            if may and wanted and (longest is None or there + fleet.load <= longest):
                out[i, j] = there
            back[j, i] = drive(ways, fleet.kind, gate, pickup)
    return out, back


def drive(ways: Ways, kind: str, start: str, end: str) -> int:
    """Return the driving seconds of a kind between two places; NEVER where there is no way."""
    if start == end:
        return 0
    return min((one.before for one in ways.between(kind, start, end)), default=NEVER)


def _reading(
    problem: Problem,
    ways: Ways,
    fleets: list[Fleet],
    crowds: list[Crowd],
    pickups: list[str],
    gates: list[str],
    drives: tuple[Ticks, Ticks],
    slot: str,
) -> Reading:
    load, unload = fleets[0].load, fleets[0].unload
    out, back = drives
    back = np.minimum(back + unload + load, NEVER)
    yards: dict[tuple[str, str, int], list[str]] = {}
    for fleet in fleets:
        for name, ready in fleet.vehicles:
            yards.setdefault((fleet.kind, fleet.at, ready), []).append(name)
    start = np.array(
        [
            [
                min(max(ready + drive(ways, kind, at, pickup) + load, problem.opening), NEVER)
                for pickup in pickups
            ]
            for kind, at, ready in yards
        ],
        dtype=np.int64,
    )
    seats = fleets[0].slots[slot] // crowds[0].uses[slot]
    each = crowds[0].each
    people = [sum(one.total for one in crowds if one.at == pickup) for pickup in pickups]
    places = [problem.sites[gate].room for gate in gates]
    fits = [None if room is None else room // each for room in places]
    tick = _tick(start, out, back)
    tours = ToursProblem(
        name=problem.scenario.name,
        pickups=tuple(pickups),
        destinations=tuple(gates),
        yards=tuple(f"{kind} at {at} from {ready} s" for kind, at, ready in yards),
        loads=tuple(-(-n // seats) for n in people),
        room=_room(people, fits, seats),
        buses=tuple(len(names) for names in yards.values()),
        start=_in_ticks(start, tick),
        out=_in_ticks(out, tick),
        back=_in_ticks(back, tick),
        seconds=tick,
        seats=seats,
        people=tuple(people),
        places=tuple(fits),
    )
    return Reading(
        problem=tours,
        source=problem,
        ways=ways,
        vehicles=tuple(tuple(names) for names in yards.values()),
        kinds=tuple(kind for kind, _, _ in yards),
        ready=tuple(ready for _, _, ready in yards),
        at=tuple(at for _, at, _ in yards),
        load=load,
        unload=unload,
        crowds=tuple(tuple(one for one in crowds if one.at == pickup) for pickup in pickups),
    )


def _room(people: list[int], fits: list[int | None], seats: int) -> tuple[int, ...]:
    """Return the loads that each destination takes when every load may be a full one."""
    most = sum(-(-n // seats) for n in people)
    return tuple(most if n is None or n >= sum(people) else min(most, n // seats) for n in fits)


def _tick(*tables: Ticks) -> int:
    """Return the longest tick in seconds of which all times are multiples."""
    tick = 0
    for table in tables:
        for value in np.unique(table[table < NEVER]):
            tick = math.gcd(tick, int(value))
    return max(tick, 1)


def _in_ticks(table: Ticks, tick: int) -> Ticks:
    return np.where(table < NEVER, table // tick, NEVER)
