"""A bound for every scenario: what arrives by a time, counted in sums over time.

Knows a linear program over (group, vehicle entry, destination, span of time) whose rows hold for
every plan that the verifier accepts; docs/proofs.md derives each row.
"""

import heapq
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from safepassage.planner.batches import (
    Side,
    arrived_at,
    at_most_by_steps,
    persons_by,
    sides,
)
from safepassage.planner.chances import chances
from safepassage.planner.linear import Linear
from safepassage.planner.problem import FOREVER, Crowd, Helpers, Problem
from safepassage.planner.reach import CHANGE_KINDS, Reach
from safepassage.planner.ways import Ways
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that no accepted plan beats, how it is known, and the rules that it leaves out."""

    value: float
    kind: str
    relaxes: tuple[str, ...]
    note: str = ""


def rules_present(problem: Problem) -> tuple[str, ...]:
    """Return the names of the rules that a scenario holds any plan to."""
    sites = problem.sites.values()
    fleets = problem.fleets
    lanes = problem.lanes.values()
    present = {
        "bays": any(one.bays for one in sites),
        "intake": any(one.intake for one in sites),
        "rate": any(one.rate for one in sites),
        "capacity": any(one.room is not None for one in sites),
        "open": any(one.opens for one in sites),
        "households": any(one.households is not None for one in problem.crowds),
        "wishes": any(one.wants for one in problem.crowds),
        "ready": any(len(one.ready) > 1 or one.ready[0][0] > 0 for one in problem.crowds),
        "convoy": bool(problem.lanes),
        "size": any(one.largest is not None for one in lanes),
        "headway": any(one.headway for one in lanes),
        "opposing": any(one.one_way for one in lanes),
        "staff": any(_needed(one) for one in problem.helpers.values()),
        "duty": any(one.duty is not None for one in problem.helpers.values()),
        "fuel": any(one.range_s is not None or one.range_km is not None for one in fleets),
        "window": bool(problem.windows) or any(one.openings for one in lanes),
        "longest_on_board": problem.longest_on_board is not None,
        "opening": problem.opening > 0,
        "hours": any(one.hours for one in problem.scenario.legs),
        "linked": bool(problem.counterparts),
        "staging": any(
            one.kind in CHANGE_KINDS
            and not one.arrived
            and (one.limit is not None or one.longest_wait is not None)
            for one in problem.scenario.places
        ),
    }
    return tuple(name for name, is_there in present.items() if is_there)


def _needed(helper: Helpers) -> bool:
    return helper.for_convoy or bool(helper.for_vehicles or helper.for_classes or helper.for_staff)


MOST_COLUMNS = 60_000
LEAST_SPANS = 12
"""Columns of the supply bound at most: large scenarios get fewer spans, and a higher bound."""

SPANS_OF_A_SHARE = 48

COUNTED = frozenset({"intake", "capacity", "open", "wishes", "ready", "opening"})
"""Rules that the supply bound counts in; every other rule is left out."""


def supply_bound(
    problem: Problem,
    ways: Ways,
    *,
    weighted: bool = True,
    spans: int = 96,
    seconds: float | None = None,
) -> Bound:
    """Return the bound on the expected value (or on expected persons, weight 1).

    Where `seconds` are too few for the program, a coarser one or none of it stands in for it.
    """
    reach = Reach(problem, ways)
    trivial = _reach_bound(problem, reach, weighted=weighted)
    left_out = tuple(one for one in rules_present(problem) if one not in COUNTED)
    if not problem.fleets:
        relaxed = tuple(one for one in rules_present(problem) if one not in ("ready", "opening"))
        return Bound(trivial, "relaxed", (*relaxed, "fleet"))
    value = _supply_program(problem, reach, weighted=weighted, spans=spans, seconds=seconds)
    if value is None:
        return Bound(trivial, "relaxed", (*rules_present(problem), "fleet"))
    return Bound(min(trivial, value), "lp_optimal", left_out)


def falling_worth(problem: Problem, takes: int, times: np.ndarray) -> np.ndarray:
    """Return, for arrivals at or after each time, the most that one person of weight 1 is worth.

    A trip lasts at least `takes`; the most over all later arrivals keeps it falling even where
    the law makes waiting pay.
    """
    by_second = chances(problem)
    if by_second is not None:
        # Plans keep whole seconds: the most over these is what any arrival is worth at most.
        left = np.maximum(np.arange(len(by_second)) - takes, 0)
        each = by_second * (1.0 + problem.rho) - problem.rho * by_second[left]
        most = np.maximum.accumulate(each[::-1])[::-1]
        at = np.clip(np.floor(times).astype(np.int64), 0, problem.horizon)
        found: np.ndarray = np.maximum(most[at], 0.0)
        return found
    fine = np.arange(0, problem.horizon + 61, 60)
    grid = np.unique(np.concatenate([times, fine]))
    holds = np.array([problem.holds(one) for one in grid])
    if problem.rho:
        # The least departure that still arrives in this step loses least: depart `takes` before.
        before = np.array([problem.holds(one - takes) for one in grid])
        later = np.append(before[1:], before[-1])
        each = holds * (1.0 + problem.rho) - problem.rho * np.minimum(before, later)
    else:
        each = holds
    most = np.maximum.accumulate(each[::-1])[::-1]
    return np.maximum(most[np.searchsorted(grid, times)], 0.0)


def _reach_bound(problem: Problem, reach: Reach, *, weighted: bool) -> float:
    """Return the value if everybody arrived as early as any vehicle could bring the first."""
    total = 0.0
    for crowd in problem.crowds:
        if crowd.total <= 0:
            continue
        first = _earliest_of(problem, reach, crowd.at, crowd.wants)
        if first is None:
            continue
        each = crowd.worth if weighted else float(crowd.each)
        total += each * crowd.total * float(falling_worth(problem, 0, np.array([first]))[0])
    return total


def _earliest_of(problem: Problem, reach: Reach, at: str, wants: frozenset[str]) -> int | None:
    best = FOREVER
    for fleet in problem.fleets:
        ends = [
            one.id
            for one in problem.sites.values()
            if one.arrived and (not wants or one.id in wants)
        ]
        takes = min((reach.loaded(fleet, at, one) for one in ends), default=FOREVER)
        if reach.changes:
            # A kind that is quick on one leg may hand over to one that is quick on the next:
            # where people may change, only that they must not arrive before the opening is used.
            reached = min((reach.drive(fleet, at, one) for one in ends), default=FOREVER)
            takes = 0 if reached < FOREVER or len(problem.fleets) > 1 else FOREVER
        best = min(best, problem.opening + takes)
    return best if best <= problem.horizon else None


@dataclass(frozen=True, slots=True)
class _Path:
    """People of one group in vehicle entries that are alike from one place to another.

    A `whole` way leads from where they live to arrival. Where people change vehicles their `first`
    ride ends at a change place, and their `last` one begins at one and ends at arrival.
    """

    group: int
    fleet: int
    end: str
    takes: int
    first: int
    start: str
    role: Literal["whole", "first", "last"] = "whole"


def merged(problem: Problem) -> Problem:
    """Return a problem in which groups are one that differ in nothing but their names.

    Whatever a plan does with the people of one it could do with those of the other, so sums over
    both say as much as sums over each.
    """
    found: dict[object, Crowd] = {}
    for one in problem.crowds:
        if one.total <= 0:
            continue
        linked = tuple(one.id in link.groups for link in problem.counterparts)
        uses = tuple(sorted(one.uses.items()))
        key = (one.at, one.wants, uses, one.companions, one.worth, linked)
        other = found.get((*key, len(one.ready)))
        if len(one.ready) > 1 or other is None:
            found[(*key, len(one.ready)) if len(one.ready) == 1 else one.id] = one
        elif other.ready[0][0] == one.ready[0][0]:
            total = other.total + one.total
            found[*key, 1] = replace(other, total=total, ready=((one.ready[0][0], total),))
        else:
            found[one.id] = one
    return replace(problem, crowds=tuple(found.values()))


def alike(problem: Problem) -> list[list[int]]:
    """Return the vehicle entries, by their numbers, that differ only in where and when they start.

    The vehicles of a problem that carry nobody are in none.
    """
    found: dict[object, list[int]] = {}
    for f, one in enumerate(problem.fleets):
        if one.vehicles:
            slots = tuple(sorted(one.slots.items()))
            key = (one.kind, slots, one.load, one.unload, one.boards, one.alights)
            found.setdefault(key, []).append(f)
    return list(found.values())


def _paths(problem: Problem, reach: Reach) -> list[_Path]:
    found = []
    for g, crowd in enumerate(problem.crowds):
        if crowd.total <= 0:
            continue
        brought = brought_to(problem, reach, crowd) if reach.changes else {}
        for f, entries in enumerate(alike(problem)):
            fleet = problem.fleets[entries[0]]
            if any(fleet.slots.get(slot, 0) < uses for slot, uses in crowd.uses.items()):
                continue
            for start, there in ((crowd.at, crowd.ready[0][0]), *brought.items()):
                if not fleet.may_board(start):
                    continue
                begins = fleet.load + min(
                    min(at for _, at in one.vehicles) + reach.drive(one, one.at, start)
                    for one in (problem.fleets[k] for k in entries)
                )
                for site in problem.sites.values():
                    if site.id in (crowd.at, start) or not fleet.may_alight(site.id):
                        continue
                    role: Literal["whole", "first", "last"] = "whole"
                    if site.id in brought:
                        # What is driven from one change place to another is left out.
                        if start != crowd.at:
                            continue
                        role = "first"
                    elif not site.arrived or (crowd.wants and site.id not in crowd.wants):
                        continue
                    elif start != crowd.at:
                        role = "last"
                    takes = reach.loaded(fleet, start, site.id)
                    first = max(max(begins, problem.opening) + takes, site.opens)
                    first = max(first, there + fleet.load + takes)
                    if first <= problem.horizon:
                        found.append(_Path(g, f, site.id, takes, first, start, role))
    return found


def brought_to(problem: Problem, reach: Reach, crowd: Crowd) -> dict[str, int]:
    """Return the change places to which people of a group can be brought, and when at the soonest.

    Over any number of changes; vehicles stand wherever they are needed.
    """
    places = [
        one.id
        for one in problem.scenario.places
        if one.kind in CHANGE_KINDS and not one.arrived and one.id != crowd.at
    ]
    fleets = [
        one
        for one in problem.fleets
        if one.vehicles and all(one.slots.get(slot, 0) >= uses for slot, uses in crowd.uses.items())
    ]
    done: dict[str, int] = {}
    queue = [(crowd.ready[0][0], crowd.at)]
    while queue:
        at, here = heapq.heappop(queue)
        if here in done:
            continue
        done[here] = at
        for place in places:
            least = min(
                (
                    max(at + one.load, problem.opening) + reach.loaded(one, here, place)
                    for one in fleets
                    if one.may_board(here) and one.may_alight(place)
                ),
                default=FOREVER,
            )
            if place not in done and least <= problem.horizon:
                heapq.heappush(queue, (max(least, problem.sites[place].opens), place))
    done.pop(crowd.at)
    return done


def _trips_by(
    problem: Problem, reach: Reach, f: int, paths: list[_Path], times: np.ndarray
) -> np.ndarray:
    """Return the most loaded trips of entries alike that can have arrived by each time."""
    entries = [problem.fleets[k] for k in alike(problem)[f]]
    fleet = entries[0]
    mine = [one for one in paths if one.fleet == f]
    pickups = sorted({one.start for one in mine})
    takes = min(one.takes for one in mine)
    back = min(reach.drive(fleet, one.end, place) for one in mine for place in pickups)
    cycle = fleet.unload + back + fleet.load + takes
    total = np.zeros(len(times))
    firsts = Counter(
        max(ready + min(reach.drive(one, one.at, place) for place in pickups) + one.load,
            problem.opening) + takes
        for one in entries
        for _, ready in one.vehicles
    )  # fmt: skip
    for first, number in firsts.items():
        if cycle > 0:
            total += number * np.where(times >= first, (times - first) // cycle + 1, 0)
        else:
            total += number * np.where(times >= first, 1e6, 0)
    return total


def _supply_program(
    problem: Problem,
    reach: Reach,
    *,
    weighted: bool,
    spans: int,
    seconds: float | None = None,
) -> float | None:
    """Return the optimum of the program over sums in time, or None if it was not solved."""
    problem = merged(problem)
    paths = _paths(problem, reach)
    if not paths:
        return 0.0
    first = min(one.first for one in paths)
    fewer = max(LEAST_SPANS, min(spans, MOST_COLUMNS // len(paths)))
    edges = np.linspace(first, problem.horizon, fewer + 1)
    until = None if seconds is None else time.monotonic() + seconds
    coarsely = None
    if fewer < spans and fewer > LEAST_SPANS:
        # A large scenario: fine spans only until all could be out by a coarse look.
        coarse = np.linspace(first, problem.horizon, LEAST_SPANS + 1)
        coarsely, last = _on_spans(problem, reach, paths, coarse, until, weighted=weighted)
        fine = np.linspace(first, last, fewer - 1)
        edges = np.concatenate([fine, np.linspace(last, problem.horizon, 3)])
    finely, _ = _on_spans(problem, reach, paths, edges, until, weighted=weighted)
    return coarsely if finely is None else finely


def _on_spans(
    problem: Problem,
    reach: Reach,
    paths: list[_Path],
    edges: np.ndarray,
    until: float | None,
    *,
    weighted: bool,
    equal: Collection[str] | None = None,
) -> tuple[float | None, float]:
    """Return the optimum on spans between edges (None: not solved), and when the last arrive.

    With `equal` it is the greatest share that arrives of each of these groups at once.
    """
    first = min(one.first for one in paths)
    edges = np.unique(edges.astype(np.int64))
    begins, ends = edges[:-1], edges[1:]
    if len(begins) == 0:
        begins, ends = np.array([first]), np.array([problem.horizon])
    # The last moment of a span counts to it: what arrives in (begin, end] is worth its begin.
    number = len(begins)
    program = Linear()
    people: dict[tuple[int, int], list[int]] = {}
    for index, path in enumerate(paths):
        crowd = problem.crowds[path.group]
        each = crowd.worth if weighted else float(crowd.each)
        gains = each * falling_worth(problem, path.takes, np.maximum(begins, path.first))
        brings = path.role == "first"
        if brings:
            # The way to a change place is worth nothing by itself, and its risk is left out.
            gains = np.zeros(number)
        if equal is not None:
            gains = np.zeros(number)
        for k in range(number):
            if ends[k] >= path.first and (gains[k] > 0 or brings or equal is not None):
                column = program.column(gains[k])
                people.setdefault((index, k), []).append(column)
    _demand_rows(problem, paths, people, program, ends)
    if reach.changes:
        _change_rows(problem, reach, paths, people, program, edges_of=(begins, ends))
    _fleet_rows(problem, reach, paths, people, program, ends)
    _place_rows(problem, paths, people, program, ends)
    if problem.counterparts:
        _linked_rows(problem, reach, paths, people, program, edges_of=(begins, ends))
    if equal is not None:
        _share_rows(problem, paths, people, program, equal)
    left = None if until is None else until - time.monotonic()
    answer = None if left is not None and left <= 0 else program.solve(whole=False, seconds=left)
    if answer is None:
        return None, float(problem.horizon)
    used = [k for (_, k), some in people.items() if any(answer.columns[one] > 1e-6 for one in some)]
    return answer.objective, float(ends[max(used, default=number - 1)])


_Columns = Mapping[tuple[int, int], list[int]]


def _demand_rows(
    problem: Problem, paths: list[_Path], people: _Columns, program: Linear, ends: np.ndarray
) -> None:
    for g, crowd in enumerate(problem.crowds):
        mine = [(i, one) for i, one in enumerate(paths) if one.group == g and one.role != "last"]
        if not mine:
            continue
        fleets = alike(problem)
        shortest = min(one.takes + problem.fleets[fleets[one.fleet][0]].load for _, one in mine)
        limits = [float(crowd.ready_by(int(end) - shortest)) for end in ends]
        parts = [
            [(column, 1.0) for i, _ in mine for column in people.get((i, k), ())]
            for k in range(len(ends))
        ]
        _cumulative(program, parts, limits)


def _change_rows(
    problem: Problem,
    reach: Reach,
    paths: list[_Path],
    people: _Columns,
    program: Linear,
    *,
    edges_of: tuple[np.ndarray, np.ndarray],
) -> None:
    """Add rows: who ends a last ride has been brought to a change place in time for it.

    Of a group that vehicles may carry from one change place to another all places are one.
    """
    begins, ends = edges_of
    fleets = [problem.fleets[entries[0]] for entries in alike(problem)]
    for g in {one.group for one in paths if one.role == "last"}:
        places = sorted({one.start for one in paths if one.group == g and one.role == "last"})
        between = [
            one.id
            for one in problem.scenario.places
            if one.kind in CHANGE_KINDS and not one.arrived and one.id != problem.crowds[g].at
        ]
        joined = any(
            one.may_board(a) and one.may_alight(b) and reach.loaded(one, a, b) < FOREVER
            for one in fleets
            for a in between
            for b in between
            if a != b
        )
        for some in [between] if joined else [[one] for one in places]:
            last = [
                (i, one)
                for i, one in enumerate(paths)
                if one.group == g and one.role == "last" and one.start in some
            ]
            first = [
                (i, one)
                for i, one in enumerate(paths)
                if one.group == g and one.role == "first" and one.end in some
            ]
            unload = min((fleets[one.fleet].unload for _, one in first), default=0)
            least = unload + min(fleets[one.fleet].load + one.takes for _, one in last)
            gone: int | None = None
            for k, end in enumerate(ends):
                # Spans that begin by the latest second at which they must have been brought.
                came = [
                    (column, -1.0)
                    for j in range(len(ends))
                    if begins[j] <= end - least
                    for i, _ in first
                    for column in people.get((i, j), ())
                ]
                here = [(column, 1.0) for i, _ in last for column in people.get((i, k), ())]
                total = program.column(0.0)
                row = [*here, (total, -1.0)]
                if gone is not None:
                    row.append((gone, 1.0))
                program.row(row, 0.0, 0.0)
                program.row([(total, 1.0), *came], 0.0)
                gone = total


def _fleet_rows(
    problem: Problem,
    reach: Reach,
    paths: list[_Path],
    people: _Columns,
    program: Linear,
    ends: np.ndarray,
) -> None:
    for f, entries in enumerate(alike(problem)):
        fleet = problem.fleets[entries[0]]
        mine = [(i, one) for i, one in enumerate(paths) if one.fleet == f]
        if not mine:
            continue
        trips = _trips_by(problem, reach, f, paths, ends)
        loads: list[list[tuple[int, float]]] = []
        for k in range(len(ends)):
            # One column: loaded trips of this entry that arrive in the span.
            count = program.column(0.0)
            loads.append([(count, 1.0)])
            for slot, slots in fleet.slots.items():
                row = [(count, -float(slots))]
                for i, one in mine:
                    uses = problem.crowds[one.group].uses.get(slot, 0)
                    row.extend((column, float(uses)) for column in people.get((i, k), ()) if uses)
                if len(row) > 1:
                    program.row(row, 0.0)
        _cumulative(program, loads, [float(one) for one in trips])
        _time_rows(problem, reach, entries, mine, people, program, ends)


def _time_rows(
    problem: Problem,
    reach: Reach,
    entries: list[int],
    mine: list[tuple[int, _Path]],
    people: _Columns,
    program: Linear,
    ends: np.ndarray,
) -> None:
    """Add rows: the loaded trips up to each time take no more than the vehicles have of it.

    Each takes loading, the way, unloading and the least way back to any people, but for the last.
    """
    fleet = problem.fleets[entries[0]]
    pickups = sorted({one.start for _, one in mine})
    back = {
        one.end: min(reach.drive(fleet, one.end, place) for place in pickups) for _, one in mine
    }
    if max(back.values()) >= FOREVER:
        return
    last = fleet.unload + max(back.values())
    least = min(one.takes for _, one in mine)
    starts = Counter(
        max(
            ready + min(reach.drive(one, one.at, place) for place in pickups),
            problem.opening - fleet.load,
        )
        for one in (problem.fleets[k] for k in entries)
        for _, ready in one.vehicles
    )
    total = np.zeros(len(ends))
    for start, number in starts.items():
        there = ends >= start + fleet.load + least
        total += number * np.where(there, ends - start + last, 0)
    for slot, slots in fleet.slots.items():
        parts = []
        for k in range(len(ends)):
            row = []
            for i, one in mine:
                uses = problem.crowds[one.group].uses.get(slot, 0)
                takes = fleet.load + one.takes + fleet.unload + back[one.end]
                # In hours: the program's numbers stay near each other.
                row += [
                    (column, takes / 3600 * uses / slots)
                    for column in people.get((i, k), ())
                    if uses
                ]
            parts.append(row)
        if any(parts):
            _cumulative(program, parts, [float(one) / 3600 for one in total])


def _place_rows(
    problem: Problem, paths: list[_Path], people: _Columns, program: Linear, ends: np.ndarray
) -> None:
    for site in problem.sites.values():
        mine = [(i, one) for i, one in enumerate(paths) if one.end == site.id]
        # Who only changes vehicles somewhere takes no room there.
        room = site.room if site.arrived else None
        if not mine or (room is None and site.intake is None):
            continue
        first = min(one.first for _, one in mine)
        limits = []
        for end in ends:
            limit = float("inf") if room is None else float(room)
            if site.intake is not None and end >= first:
                most, per = site.intake
                limit = min(limit, float(most) * ((int(end) - first) // per + 1))
            limits.append(limit)
        parts = [
            [
                (column, float(problem.crowds[one.group].each))
                for i, one in mine
                for column in people.get((i, k), ())
            ]
            for k in range(len(ends))
        ]
        _cumulative(program, parts, limits)


def _linked_rows(
    problem: Problem,
    reach: Reach,
    paths: list[_Path],
    people: _Columns,
    program: Linear,
    *,
    edges_of: tuple[np.ndarray, np.ndarray],
) -> None:
    """Add rows: a counterpart and we move step by step (docs/proofs.md, section 7)."""
    begins, ends = edges_of
    for link in problem.counterparts:
        both = sides(problem, reach, link)
        columns = [
            [
                [
                    (column, float(problem.crowds[one.group].each))
                    for i, one in enumerate(paths)
                    if problem.crowds[one.group].id in side.groups and one.role != "first"
                    for column in people.get((i, k), ())
                ]
                for k in range(len(ends))
            ]
            for side in both
        ]
        arrived = arrived_at(link, *both, problem.horizon)
        for side, times, parts in zip(both, arrived, columns, strict=True):
            if times:
                limits = [float(persons_by(side, times, int(end))) for end in ends]
                _cumulative(program, parts, limits)
        if link.steps:
            _cumulative(
                program,
                columns[1],
                [float(at_most_by_steps(link, *both, problem.horizon, int(end))) for end in ends],
            )
        if link.ratio is None or not link.on_arrival or min(one.persons for one in both) <= 0:
            continue
        if reach.changes:
            # Who has moved by a first ride to a change of vehicle has not arrived yet.
            continue
        for mine, other, rate in ((0, 1, 1 / link.ratio), (1, 0, link.ratio)):
            _ratio_rows(program, both, columns, (mine, other), rate, (begins, ends))


def _ratio_rows(
    program: Linear,
    both: tuple[Side, Side],
    columns: list[list[list[tuple[int, float]]]],
    which: tuple[int, int],
    rate: float,
    edges_of: tuple[np.ndarray, np.ndarray],
) -> None:
    """Add rows: a side is at most a batch ahead of what the other side has moved."""
    begins, ends = edges_of
    side, other = both[which[0]], both[which[1]]
    # Where all of the others have moved nobody waits: the row is weakened so that it holds then.
    slope = max(rate, (side.persons - side.holds) / other.persons)
    for k, end in enumerate(ends):
        arrived = [one for part in columns[which[0]][: k + 1] for one in part]
        moved = [
            (column, -slope * each)
            for j in range(len(ends))
            if begins[j] <= end - side.takes
            for column, each in columns[which[1]][j]
        ]
        if arrived:
            program.row([*arrived, *moved], float(side.holds))


def _cumulative(program: Linear, parts: list[list[tuple[int, float]]], limits: list[float]) -> None:
    """Add rows: the sum of all parts up to each span is at most its limit."""
    before: int | None = None
    for part, limit in zip(parts, limits, strict=True):
        if before is None and not part:
            continue
        total = program.column(0.0, limit)
        row = [*part, (total, -1.0)]
        if before is not None:
            row.append((before, 1.0))
        program.row(row, 0.0)
        before = total


def _share_rows(
    problem: Problem,
    paths: list[_Path],
    people: _Columns,
    program: Linear,
    groups: Collection[str],
) -> None:
    """Add rows: of each of some groups at least one common share arrives; it is what is sought."""
    share = program.column(1.0, 1.0)
    for g, crowd in enumerate(problem.crowds):
        if crowd.total <= 0 or crowd.id not in groups:
            continue
        arrive = [
            (column, -1.0)
            for (i, _), columns in people.items()
            if paths[i].group == g and paths[i].role != "first"
            for column in columns
        ]
        program.row([(share, float(crowd.total)), *arrive], 0.0)


def most_equal_share(
    problem: Problem, ways: Ways, groups: Collection[str], *, seconds: float | None = None
) -> float | None:
    """Return the share that no plan can give to each of some groups at once, None if not proved."""
    if not problem.fleets or not groups:
        return None
    reach = Reach(problem, ways)
    paths = _paths(problem, reach)
    if not paths:
        return 0.0
    number = max(LEAST_SPANS, min(SPANS_OF_A_SHARE, MOST_COLUMNS // len(paths)))
    edges = np.linspace(min(one.first for one in paths), problem.horizon, number + 1)
    until = None if seconds is None else time.monotonic() + seconds
    found, _ = _on_spans(problem, reach, paths, edges, until, weighted=False, equal=groups)
    return found


def most_arrived_by(problem: Problem, ways: Ways, at: int) -> float | None:
    """Return how many persons at most can have arrived by a second, None if nothing is proved."""
    reach = Reach(problem, ways)
    if not problem.fleets:
        return None
    early = replace(problem, horizon=at, rho=0.0, scenario=_without_ending(problem))
    return _supply_program(early, reach, weighted=False, spans=48)


def _without_ending(problem: Problem) -> Scenario:
    return replace(problem.scenario, ending=Law())


def better(first: Bound, second: Bound) -> Bound:
    """Return the lower of two bounds; both hold."""
    return second if second.value < first.value else first


def scaled(bound: Bound, factor: float) -> Bound:
    """Return a bound loosened by a factor, for floating point."""
    return replace(bound, value=bound.value * factor)
