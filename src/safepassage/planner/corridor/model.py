"""One corridor seen as events: what is on which side, how long a turn takes, what a seat is worth.

Knows the relaxed problem whose optimum bounds every plan; docs/proofs.md says what it leaves out
and why nothing that the verifier allows is lost. Times are seconds at the two ends of the corridor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from safepassage.planner.bounds import falling_worth, rules_present
from safepassage.planner.corridor.family import outside_family
from safepassage.planner.openings import Openings
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Lane, Problem
from safepassage.planner.reach import Reach
from safepassage.planner.ways import STAFF_ALONE, Ways

MOST_TOGETHER = 64
"""Most vehicles of one entry for which the intake of one moment is counted."""

MOST_TABLE = 20_000
"""Most steps of a table over time; a finer clock is rounded to the good of the bound."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One full load of a vehicle: people by group, from one pickup to one destination."""

    people: tuple[tuple[int, float], ...]
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One pickup as one vehicle entry uses it: from the near end, through it, to the near end."""

    pickup: str
    into: int
    out: int
    takes: tuple[int, ...]
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One vehicle entry in the relaxed problem.

    `turns` are sorted by how long a turn takes. `far` is the least time from the far end back to
    it, unloading included. `near_times` and `far_times` say when each vehicle is where at first.
    """

    fleet: Fleet
    lane_time: int
    back_time: int
    far: int
    bays: int
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
    after: tuple[int, ...]
    escorts: int
    escort_ready: tuple[tuple[int, bool], ...]
    least_lane: int
    out_entries: tuple[tuple[int, int], ...]
    in_entries: tuple[tuple[int, int], ...]
    delegates: int
    delegate_per: int
    delegate_part: int
    delegate_classes: frozenset[str]
    relaxes: tuple[str, ...]
    step: int


def read_corridor(problem: Problem, ways: Ways) -> Corridor | None:
    """Return the relaxed problem of a scenario, or None where it is not of this family."""
    reach = Reach(problem, ways)
    if len(problem.lanes) != 1 or reach.changes or problem.horizon <= 0:
        return None
    lane = next(iter(problem.lanes.values()))
    if outside_family(problem, lane) is not None:
        return None
    if any(one.total > 0 and not one.uses for one in problem.crowds):
        return None
    ends = tuple(one.id for one in problem.sites.values() if one.arrived)
    direction = _direction(problem, ways, ends)
    if direction is None:
        return None
    parts = []
    after = _after(problem, ways, lane, ends, forward=direction)
    for fleet in problem.fleets:
        if not fleet.vehicles:
            continue
        part = _part(problem, ways, reach, lane, fleet, ends, forward=direction)
        if part is not None:
            parts.append(part)
    if not parts:
        return None
    return _corridor(problem, ways, lane, tuple(parts), ends, after, forward=direction)


def _direction(problem: Problem, ways: Ways, ends: Sequence[str]) -> bool | None:
    """Return the direction in which all people cross, None if some need not or cross both ways."""
    directions = set()
    for fleet in problem.fleets:
        for crowd in problem.crowds:
            if crowd.total <= 0:
                continue
            for end in ends:
                for way in (
                    *ways.between(fleet.kind, crowd.at, end),
                    *ways.between(fleet.kind, end, crowd.at),
                ):
                    if way.lane is None:
                        return None
                for way in ways.between(fleet.kind, crowd.at, end):
                    directions.add(way.forward)
    return directions.pop() if len(directions) == 1 else None


def _after(
    problem: Problem, ways: Ways, lane: Lane, ends: Sequence[str], *, forward: bool
) -> tuple[int, ...]:
    found = []
    for end in ends:
        best = FOREVER
        for fleet in problem.fleets:
            best = min(best, _plain(ways, fleet.kind, lane.end(forward), end))
        found.append(best)
    return tuple(found)


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
    turn_far = min(
        _plain(ways, fleet.kind, far, ends[e]) + _plain(ways, fleet.kind, ends[e], far)
        for e in used
    )
    lane_time = ways.lane_time(lane.id, fleet.kind)
    back_allowed = lane.backward_allowed if forward else lane.forward_allowed
    bays = 0
    for turn in turns:
        here = problem.sites[turn.pickup].bays.get(fleet.kind)
        bays = 10**6 if here is None else bays + here
    near_times, far_times = _first_times(problem, reach, fleet, turns, near, far, lane_time)
    return Part(
        fleet=fleet,
        lane_time=lane_time,
        back_time=lane_time if back_allowed else FOREVER,
        far=turn_far + fleet.unload,
        bays=max(bays, 1),
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
    return Turn(place, min(into, FOREVER), out, tuple(takes), tuple(patterns))


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
    problem: Problem,
    reach: Reach,
    fleet: Fleet,
    turns: Sequence[Turn],
    near: str,
    far: str,
    lane_time: int,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return when each vehicle could be at the near end (as if), or is at the far end first."""
    del lane_time
    near_times: list[int] = []
    far_times: list[int] = []
    to_far = reach.drive(fleet, fleet.at, far)
    # On the near side: a way to a pickup that is shorter than over the far end.
    direct = [
        (turn, _plain(reach.ways, fleet.kind, fleet.at, turn.pickup))
        for turn in turns
        if fleet.at == turn.pickup
        or _plain(reach.ways, fleet.kind, fleet.at, turn.pickup) < FOREVER
    ]
    for _, ready in fleet.vehicles:
        if direct:
            begin = max(ready, problem.opening - fleet.load)
            near_times.append(
                min(max(ready + drive, begin) - min(turn.into, 10**7) for turn, drive in direct)
            )
        elif to_far < FOREVER:
            far_times.append(ready + to_far)
        elif fleet.at == near:
            near_times.append(ready)
    return tuple(sorted(near_times)), tuple(sorted(far_times))


def _corridor(
    problem: Problem,
    ways: Ways,
    lane: Lane,
    parts: tuple[Part, ...],
    ends: tuple[str, ...],
    after: tuple[int, ...],
    *,
    forward: bool,
) -> Corridor:
    kinds = [one.fleet.kind for one in parts]
    least = min([ways.lane_time(lane.id, one) for one in (*kinds, STAFF_ALONE)])
    escorts = [one for one in problem.helpers.values() if one.for_convoy]
    scarcest = min(escorts, key=lambda one: one.count, default=None)
    number = 0 if scarcest is None else scarcest.count
    ready: list[tuple[int, bool]] = []
    if scarcest is not None:
        for place, since, _ in scarcest.stands:
            to_far = _plain(ways, STAFF_ALONE, place, lane.end(forward))
            to_near = _plain(ways, STAFF_ALONE, place, lane.start(forward))
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
        after=after,
        escorts=number if scarcest is not None else -1,
        escort_ready=tuple(sorted(ready)),
        least_lane=least,
        out_entries=out_entries,
        in_entries=in_entries,
        # Staff that wounded need ride free in the bound: one of them may serve several classes and
        # come back alone, which the search does not follow.
        delegates=-1,
        delegate_per=1,
        delegate_part=-1,
        delegate_classes=frozenset(),
        relaxes=_left_out(problem, number),
        step=max(1, _common_step(problem, parts, lane, after)),
    )


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
    same = len({ways.lane_time(lane.id, one) for one in (*kinds, STAFF_ALONE)}) == 1
    at = 0
    for leg in legs:
        lasts = min(ways.leg_time(leg, one) for one in (*kinds, STAFF_ALONE))
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


def _left_out(problem: Problem, escorts: int) -> tuple[str, ...]:
    """Return the rules of the scenario that the events leave out, in whole or in part."""
    out = {"rate", "households", "ready", "duty", "fuel", "longest_on_board", "open"}
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
    if any(place in problem.sites for place in problem.windows):
        out.add("window")
    return tuple(one for one in rules_present(problem) if one in out)


def _common_step(problem: Problem, parts: Sequence[Part], lane: Lane, after: Sequence[int]) -> int:
    spans = [lane.headway, problem.opening, *after]
    for part in parts:
        spans += [part.lane_time, part.far, part.fleet.load, *part.near_times, *part.far_times]
        for turn in part.turns:
            spans += [turn.into, turn.out, *turn.takes]
    step = int(np.gcd.reduce([one for one in spans if 0 < one < 10**6] or [60]))
    return max(step, -(-problem.horizon // MOST_TABLE))


@dataclass(frozen=True)
class Gains:
    """Tables of what one vehicle of each part is worth, by pickup and second of entry.

    `plain[f, p, k]` without the scarce staff, `staffed` what the staff adds at most; both fall with
    time. `best` says which pattern gives `plain + staffed`. `together[f, n, k]` is the most that n
    vehicles of one convoy gain, given what the destinations take in at one moment; `bend[f, n, k]`
    says whether the vehicle after the n-th gains less than the n-th. `by_end[f, e, k]` is the most
    that one vehicle gains at one destination, with the load `end_load[f, e, k]` (its number in
    the order of pickups and patterns, -1 for none).
    """

    plain: np.ndarray
    staffed: np.ndarray
    best: np.ndarray
    together: np.ndarray
    bend: np.ndarray
    by_end: np.ndarray
    end_load: np.ndarray


def people_values(corridor: Corridor, *, weighted: bool) -> np.ndarray:
    """Return what one person of each group (with companions) is worth at chance 1."""
    return np.array([one.worth if weighted else float(one.each) for one in corridor.problem.crowds])


class Worths:
    """The chance-weighted worth of a person by part, pickup, destination and second of entry."""

    def __init__(self, corridor: Corridor) -> None:
        self.corridor = corridor
        problem = corridor.problem
        self.times = np.arange(0, problem.horizon + corridor.step, corridor.step)
        self.found: dict[tuple[int, int, int], np.ndarray] = {}
        for f, part in enumerate(corridor.parts):
            for p, turn in enumerate(part.turns):
                for e in {one.end for one in turn.patterns}:
                    arrive = self.times + part.lane_time + turn.takes[e]
                    takes = turn.out + part.lane_time + turn.takes[e]
                    worth = falling_worth(problem, takes, np.minimum(arrive, problem.horizon))
                    self.found[f, p, e] = np.where(arrive <= problem.horizon, worth, 0.0)

    def gains(self, values: np.ndarray, prices: np.ndarray, rooms: np.ndarray) -> Gains:
        """Return the tables of gains under prices of people and of room at the destinations."""
        corridor = self.corridor
        number = len(self.times)
        most = max(len(one.turns) for one in corridor.parts)
        shape = (len(corridor.parts), most, number)
        plain, full = np.zeros(shape), np.zeros(shape)
        best = np.full(shape, -1, dtype=np.int32)
        shared = _Together(corridor, number)
        scarce = corridor.delegate_classes
        for f, part in enumerate(corridor.parts):
            load = 0
            for p, turn in enumerate(part.turns):
                for index, pattern in enumerate(turn.patterns):
                    worth = self.found[f, p, pattern.end]
                    gain = np.zeros(number)
                    needs_staff = False
                    for g, people in pattern.people:
                        crowd = corridor.problem.crowds[g]
                        cost = prices[g] + rooms[pattern.end] * crowd.each
                        # A person whom it does not pay to carry stays: the corner without him
                        # is a pattern, too, so the sum may fall below his own part.
                        gain += people * (values[g] * worth - cost)
                        needs_staff = needs_staff or crowd.class_id in scarce
                        shared.person(f, pattern.end, (values[g] * worth - cost) / crowd.each)
                    shared.vehicle(f, pattern.end, gain, load)
                    load += 1
                    better = gain > full[f, p] + 1e-12
                    best[f, p][better] = index
                    full[f, p] = np.maximum(full[f, p], gain)
                    if not (needs_staff and f == corridor.delegate_part):
                        plain[f, p] = np.maximum(plain[f, p], gain)
        plain = _falling(plain)
        staffed = _falling(np.maximum(full - plain, 0.0))
        together, bend = shared.tables()
        return Gains(plain, staffed, best, together, bend, shared.by_vehicle, shared.load)


class _Together:
    """What the vehicles of one convoy gain together, where destinations take in so many at once."""

    def __init__(self, corridor: Corridor, number: int) -> None:
        self.corridor = corridor
        self.number = number
        shape = (len(corridor.parts), len(corridor.ends), number)
        self.by_vehicle = np.zeros(shape)
        self.by_person = np.zeros(shape)
        self.load = np.full(shape, -1, dtype=np.int32)

    def vehicle(self, f: int, end: int, gain: np.ndarray, load: int) -> None:
        """Note what one vehicle gains at a destination with a load."""
        self.load[f, end][gain > self.by_vehicle[f, end] + 1e-12] = load
        self.by_vehicle[f, end] = np.maximum(self.by_vehicle[f, end], gain)

    def person(self, f: int, end: int, gain: np.ndarray) -> None:
        """Note what one person gains at a destination."""
        self.by_person[f, end] = np.maximum(self.by_person[f, end], gain)

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the gain of n vehicles and where it bends; one zero where nothing binds."""
        corridor = self.corridor
        sites = corridor.problem.sites
        intakes = [sites[one].intake for one in corridor.ends]
        limited = [e for e, one in enumerate(intakes) if one is not None and one[1] > 0]
        most = max(len(one.fleet.vehicles) for one in corridor.parts)
        parts = len(corridor.parts)
        if not limited or most > MOST_TOGETHER:
            return np.zeros((parts, 1, 1)), np.zeros((parts, 1, 1), dtype=np.bool_)
        together = np.zeros((parts, most + 1, self.number))
        for f in range(parts):
            slopes = _falling(np.maximum(self.by_vehicle[f], 0.0))
            heads = _falling(np.maximum(self.by_person[f], 0.0))
            limits = np.full_like(slopes, np.inf)
            for e in limited:
                intake = intakes[e]
                if intake is not None:
                    limits[e] = intake[0] * heads[e]
            order = np.argsort(-slopes, axis=0, kind="stable")
            slopes = np.take_along_axis(slopes, order, axis=0)
            limits = np.take_along_axis(limits, order, axis=0)
            with np.errstate(divide="ignore", invalid="ignore"):
                rooms = np.where(slopes > 0, limits / slopes, np.inf)
            for n in range(1, most + 1):
                left = np.full(self.number, float(n))
                for e in range(len(slopes)):
                    taken = np.minimum(left, rooms[e])
                    together[f, n] += taken * slopes[e]
                    left = left - taken
        together = _falling(together)
        bend = np.zeros(together.shape, dtype=np.bool_)
        step = np.diff(together, axis=1)
        bend[:, 1:-1] = step[:, 1:] < step[:, :-1] - 1e-9
        return together, bend


def _falling(table: np.ndarray) -> np.ndarray:
    """Return the least table above one that falls along its last axis."""
    return np.maximum.accumulate(table[..., ::-1], axis=-1)[..., ::-1].copy()


def room_of(corridor: Corridor) -> np.ndarray:
    """Return the room of each destination in persons, infinite where it is not limited."""
    sites = corridor.problem.sites
    return np.array(
        [
            float("inf") if sites[one].room is None else float(sites[one].room or 0)
            for one in corridor.ends
        ]
    )
