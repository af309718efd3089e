"""One corridor seen as events: what is on which side, how long a turn takes, what a seat is worth.

Knows the relaxed problem whose optimum bounds every plan; docs/proofs.md says what it leaves out
and why nothing that the verifier allows is lost. Times are seconds at the two ends of the corridor.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from safepassage.planner.bounds import rules_present
from safepassage.planner.corridor.family import direction_of, one_way_each, outside_family
from safepassage.planner.openings import Openings
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Lane, Problem
from safepassage.planner.reach import Reach
from safepassage.planner.ways import STAFF_ALONE, Ways

MOST_TABLE = 20_000
"""Most steps of a table over time; a finer clock is rounded to the good of the bound."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One full load of a vehicle: people by group, from one pickup to one destination."""

    people: tuple[tuple[int, float], ...]
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One pickup as one vehicle entry uses it: from the near end, through it, to the near end.

    `bays` is how many vehicles of the entry load there at once, None where nothing limits it.
    """

    pickup: str
    into: int
    out: int
    bays: int | None
    takes: tuple[int, ...]
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One vehicle entry in the relaxed problem.

    `turns` are sorted by how long a turn takes, `first_off` says how long the first one takes from
    where the vehicles stand at first. `far` is the time from the far end back to it, unloading
    included, by destination, FOREVER where the part has no load for it. `most` is how many of it
    the staff of vehicles let into one convoy, `led` how many may carry people whom staff must
    accompany. `near_times` and `far_times` say when each vehicle is where at first.
    """

    fleet: Fleet
    lane_time: int
    back_time: int
    far: tuple[int, ...]
    first_off: tuple[int, ...]
    most: int
    led: int
    turns: tuple[Turn, ...]
    near_times: tuple[int, ...]
    far_times: tuple[int, ...]


@dataclass(frozen=True)
class Corridor:
    """The relaxed problem of a scenario in which all people cross one corridor one way."""

    problem: Problem
    ways: Ways
    lane: Lane
    forward: bool
    parts: tuple[Part, ...]
    ends: tuple[str, ...]
    escorts: int
    escort_ready: tuple[tuple[int, bool], ...]
    least_lane: int
    apart: int
    at_once: frozenset[str]
    out_entries: tuple[tuple[int, int], ...]
    in_entries: tuple[tuple[int, int], ...]
    relaxes: tuple[str, ...]
    step: int


def read_corridor(problem: Problem, ways: Ways) -> Corridor | None:
    """Return the relaxed problem of a scenario, or None where it is not of this family."""
    reach = Reach(problem, ways)
    if len(problem.lanes) != 1 or reach.changes or problem.horizon <= 0:
        return None
    lane = next(iter(problem.lanes.values()))
    if outside_family(problem, ways, lane) is not None:
        return None
    if any(one.total > 0 and not one.uses for one in problem.crowds):
        return None
    ends = tuple(one.id for one in problem.sites.values() if one.arrived)
    forward = direction_of(problem, lane)
    if forward is None:
        return None
    parts = []
    for fleet in problem.fleets:
        if not fleet.vehicles:
            continue
        part = _part(problem, ways, reach, lane, fleet, ends, forward=forward)
        if part is not None:
            parts.append(part)
    if not parts:
        return None
    return _corridor(problem, ways, lane, tuple(parts), ends, forward=forward)


def _plain(ways: Ways, kind: str, start: str, end: str) -> int:
    """Return the driving seconds between two places without the corridor, FOREVER if no way."""
    if start == end:
        return 0
    return min(
        (way.before for way in ways.between(kind, start, end) if way.lane is None),
        default=FOREVER,
    )


def _part(
    problem: Problem,
    ways: Ways,
    reach: Reach,
    lane: Lane,
    fleet: Fleet,
    ends: Sequence[str],
    *,
    forward: bool,
) -> Part | None:
    near, far = lane.start(forward), lane.end(forward)
    turns = []
    for place in dict.fromkeys(one.at for one in problem.crowds if one.total > 0):
        turn = _turn(problem, ways, fleet, place, near, far, ends)
        if turn is not None:
            turns.append(turn)
    used = {p.end for turn in turns for p in turn.patterns}
    if not turns:
        return None
    turns.sort(key=lambda one: one.into + one.out)
    far_of = tuple(
        min(
            FOREVER,
            _plain(ways, fleet.kind, far, end) + _plain(ways, fleet.kind, end, far) + fleet.unload,
        )
        if e in used
        else FOREVER
        for e, end in enumerate(ends)
    )
    if min(far_of) >= FOREVER:
        # None can come back to the corridor; each may still go once.
        far_of = tuple(0 if e in used else FOREVER for e in range(len(ends)))
    lane_time = ways.lane_time(lane.id, fleet.kind)
    back_allowed = lane.backward_allowed if forward else lane.forward_allowed
    near_times, far_times, first_off = _first_times(reach, fleet, turns, near, far)
    return Part(
        fleet=fleet,
        lane_time=lane_time,
        back_time=lane_time if back_allowed else FOREVER,
        far=far_of,
        first_off=first_off,
        most=_led_vehicles(problem, lane, fleet),
        led=_led_loads(problem, lane, turns),
        turns=tuple(turns),
        near_times=near_times,
        far_times=far_times,
    )


def _turn(
    problem: Problem,
    ways: Ways,
    fleet: Fleet,
    place: str,
    near: str,
    far: str,
    ends: Sequence[str],
) -> Turn | None:
    if not fleet.may_board(place):
        return None
    into = _plain(ways, fleet.kind, near, place)
    out = _plain(ways, fleet.kind, place, near)
    if out >= FOREVER:
        return None
    patterns: list[Pattern] = []
    takes = []
    for e, end in enumerate(ends):
        after = _plain(ways, fleet.kind, far, end)
        takes.append(after)
        if after >= FOREVER or not fleet.may_alight(end):
            continue
        there = [
            (g, one)
            for g, one in enumerate(problem.crowds)
            if one.at == place and one.total > 0 and (not one.wants or end in one.wants)
        ]
        patterns.extend(Pattern(people, e) for people in _full_loads(fleet, there))
    if not patterns:
        return None
    # A vehicle that cannot come back to this pickup can still leave it once.
    bays = problem.sites[place].bays.get(fleet.kind)
    return Turn(place, min(into, FOREVER), out, bays, tuple(takes), tuple(patterns))


def _led_vehicles(problem: Problem, lane: Lane, fleet: Fleet) -> int:
    """Return how many vehicles of a kind all the staff that they need can lead in one convoy."""
    return min(
        (
            one.count * one.per
            for one in problem.helpers.values()
            if fleet.kind in one.for_vehicles and one.needed_over(lane.legs)
        ),
        default=FOREVER,
    )


def accompanied(problem: Problem, lane: Lane, class_id: str) -> int:
    """Return how many vehicles of one convoy may carry a class for whom staff must be there."""
    return min(
        (
            one.count * one.per
            for one in problem.helpers.values()
            if class_id in one.for_classes and one.needed_over(lane.legs)
        ),
        default=FOREVER,
    )


def _led_loads(problem: Problem, lane: Lane, turns: Sequence[Turn]) -> int:
    """Return how many vehicles of one convoy may carry any class for whom staff must be there."""
    classes = {
        problem.crowds[g].class_id
        for turn in turns
        for pattern in turn.patterns
        for g, _ in pattern.people
    }
    limits = [accompanied(problem, lane, one) for one in classes]
    finite = [one for one in limits if one < FOREVER]
    return sum(finite) if finite else FOREVER


def _full_loads(
    fleet: Fleet, crowds: Sequence[tuple[int, Crowd]]
) -> list[tuple[tuple[int, float], ...]]:
    """Return the corners of the loads that the slots allow, fractions of people included."""
    fits = [
        (g, one)
        for g, one in crowds
        if one.uses and all(fleet.slots.get(slot, 0) >= uses for slot, uses in one.uses.items())
    ]
    slots = sorted({slot for _, one in fits for slot in one.uses})
    found: dict[tuple[tuple[int, float], ...], None] = {}
    for size in range(1, min(len(fits), len(slots)) + 1):
        for chosen in combinations(fits, size):
            for rows in combinations(slots, size):
                people = _corner(fleet, chosen, rows, slots)
                if people is not None:
                    found[people] = None
    return list(found)


def _corner(
    fleet: Fleet,
    chosen: Sequence[tuple[int, Crowd]],
    rows: Sequence[str],
    slots: Sequence[str],
) -> tuple[tuple[int, float], ...] | None:
    matrix = np.array([[one.uses.get(slot, 0) for _, one in chosen] for slot in rows], float)
    if abs(np.linalg.det(matrix)) < 1e-9:
        return None
    people = np.linalg.solve(matrix, [float(fleet.slots.get(slot, 0)) for slot in rows])
    if (people < 1e-9).any():
        return None
    for slot in slots:
        used = sum(one.uses.get(slot, 0) * n for (_, one), n in zip(chosen, people, strict=True))
        if used > fleet.slots.get(slot, 0) + 1e-7:
            return None
    return tuple((g, float(n)) for (g, _), n in zip(chosen, people, strict=True))


def _first_times(
    reach: Reach,
    fleet: Fleet,
    turns: Sequence[Turn],
    near: str,
    far: str,
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return when each vehicle on either side is ready, and how long the first turn then takes.

    The first turn goes from where the entry stands at first through a pickup to the near end.
    """
    near_times: list[int] = []
    far_times: list[int] = []
    to_far = reach.drive(fleet, fleet.at, far)
    drives = [_plain(reach.ways, fleet.kind, fleet.at, turn.pickup) for turn in turns]
    first_off = tuple(
        min(FOREVER, drive + fleet.load + turn.out)
        for drive, turn in zip(drives, turns, strict=True)
    )
    for _, ready in fleet.vehicles:
        if min(drives) < FOREVER:
            near_times.append(ready)
        elif to_far < FOREVER:
            far_times.append(ready + to_far)
        elif fleet.at == near:
            near_times.append(ready)
    return tuple(sorted(near_times)), tuple(sorted(far_times)), first_off


def _corridor(
    problem: Problem,
    ways: Ways,
    lane: Lane,
    parts: tuple[Part, ...],
    ends: tuple[str, ...],
    *,
    forward: bool,
) -> Corridor:
    kinds = kinds_of(problem)
    least = least_lane_time(problem, ways, lane)
    escorts = [
        one for one in problem.helpers.values() if one.for_convoy and one.needed_over(lane.legs)
    ]
    scarcest = min(escorts, key=lambda one: one.count, default=None)
    number = 0 if scarcest is None else scarcest.count
    ready: list[tuple[int, bool]] = []
    if scarcest is not None:
        for place, since, _ in scarcest.stands:
            times = _with_any(problem, ways, kinds, place)
            to_far = times.get(lane.end(forward), FOREVER)
            to_near = times.get(lane.start(forward), FOREVER)
            way = min(to_far, to_near)
            ready.append((since + (way if way < FOREVER else 0), to_far < to_near))
    out_entries = _entries(problem, ways, lane, kinds, least, forward=forward)
    in_entries = _entries(problem, ways, lane, kinds, least, forward=not forward)
    return Corridor(
        problem=problem,
        ways=ways,
        lane=lane,
        forward=forward,
        parts=parts,
        ends=ends,
        escorts=number if scarcest is not None else -1,
        escort_ready=tuple(sorted(ready)),
        least_lane=least,
        apart=_apart(lane, number if scarcest is not None else -1, least),
        at_once=frozenset(ends) if one_way_each(problem) else frozenset(),
        out_entries=out_entries,
        in_entries=in_entries,
        relaxes=_left_out(problem, number),
        step=max(1, _common_step(problem, parts, lane)),
    )


def _with_any(problem: Problem, ways: Ways, kinds: Sequence[str], place: str) -> dict[str, int]:
    """Return the least seconds from a place to each other one, without the corridor.

    Staff may ride in any vehicle, and change at any place to one that is quicker from there on.
    """
    legs: dict[str, list[tuple[str, int]]] = {}
    for leg in problem.scenario.legs:
        if leg.id in problem.lane_of_leg:
            continue
        takes = min(ways.leg_time(leg.id, one) for one in kinds)
        legs.setdefault(leg.start, []).append((leg.end, takes))
        if not leg.one_way:
            legs.setdefault(leg.end, []).append((leg.start, takes))
    found: dict[str, int] = {}
    queue = [(0, place)]
    while queue:
        at, here = heapq.heappop(queue)
        if here in found:
            continue
        found[here] = at
        for there, takes in legs.get(here, ()):
            heapq.heappush(queue, (at + takes, there))
    return found


def kinds_of(problem: Problem) -> tuple[str, ...]:
    """Return the kinds of vehicles that there are, and that of staff alone."""
    return (*dict.fromkeys(one.kind for one in problem.fleets if one.vehicles), STAFF_ALONE)


def least_lane_time(problem: Problem, ways: Ways, lane: Lane) -> int:
    """Return the least seconds that any kind needs for a corridor."""
    return min(ways.lane_time(lane.id, one) for one in kinds_of(problem))


def _entries(
    problem: Problem, ways: Ways, lane: Lane, kinds: Sequence[str], least: int, *, forward: bool
) -> tuple[tuple[int, int], ...]:
    """Return the spans (first, last) of seconds at which a convoy may enter."""
    allowed = lane.forward_allowed if forward else lane.backward_allowed
    if not allowed:
        return ()
    spans = [(max(0, problem.opening), problem.horizon - least)]
    holders: list[tuple[Openings, int, int]] = [(one, 0, least) for one in lane.openings]
    legs = lane.legs if forward else lane.legs[::-1]
    # The moment at which an inner leg is reached is known only where all take the same time.
    same = not ways.by_hour and all(
        len({ways.leg_time(leg, one) for one in kinds}) == 1 for leg in legs
    )
    at = 0
    for leg in legs:
        lasts = min(ways.leg_time(leg, one) for one in kinds)
        if leg in problem.windows and same:
            holders.append((problem.windows[leg], at, at + lasts))
        at += lasts
    for openings, begin, end in holders:
        allowed_here = [
            (
                max(0, opens - begin),
                FOREVER if closes >= FOREVER else closes - problem.margin - end,
            )
            for opens, closes in openings.spans
        ]
        spans = [
            (max(a, c), min(b, d))
            for a, b in spans
            for c, d in allowed_here
            if max(a, c) <= min(b, d)
        ]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _apart(lane: Lane, escorts: int, least: int) -> int:
    """Return how far apart two convoys of one direction enter at least."""
    return max(lane.headway, 2 * least) if escorts == 1 else lane.headway


def _left_out(problem: Problem, escorts: int) -> tuple[str, ...]:
    """Return the rules of the scenario that the events leave out, in whole or in part."""
    out = {"rate", "households", "ready", "duty", "fuel", "longest_on_board", "open"}
    out |= {"hours", "linked"}
    others = [
        one
        for one in problem.helpers.values()
        if one.for_vehicles or one.for_classes or one.for_staff
    ]
    if others or escorts > 1:
        out.add("staff")
    if any(one.intake is not None for one in problem.sites.values()):
        out.add("intake")
    if any(one.bays for one in problem.sites.values()):
        out.add("bays")
    if any(where not in problem.lanes and where != "all" for where in problem.windows):
        out.add("window")
    return tuple(one for one in rules_present(problem) if one in out)


def _common_step(problem: Problem, parts: Sequence[Part], lane: Lane) -> int:
    spans = [lane.headway, problem.opening]
    for part in parts:
        spans += [part.lane_time, *part.far, *part.first_off, part.fleet.load]
        spans += [*part.near_times, *part.far_times]
        for turn in part.turns:
            spans += [turn.into, turn.out, *turn.takes]
    step = int(np.gcd.reduce([one for one in spans if 0 < one < 10**6] or [60]))
    return max(step, -(-problem.horizon // MOST_TABLE))
