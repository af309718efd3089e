"""A bound for every scenario: what arrives by a time, counted in sums over time.

Knows a linear program over (group, vehicle entry, destination, span of time) whose rows hold for
every plan that the verifier accepts; docs/proofs.md derives each row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from safepassage.planner.linear import Linear
from safepassage.planner.problem import FOREVER, Helpers, Problem
from safepassage.planner.reach import Reach
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
    }
    return tuple(name for name, is_there in present.items() if is_there)


def _needed(helper: Helpers) -> bool:
    return helper.for_convoy or bool(helper.for_vehicles or helper.for_classes or helper.for_staff)


COUNTED = frozenset({"intake", "capacity", "open", "wishes", "ready", "opening"})
"""Rules that the supply bound counts in; every other rule is left out."""


def supply_bound(
    problem: Problem,
    ways: Ways,
    *,
    weighted: bool = True,
    spans: int = 96,
    stop: Callable[[], bool] | None = None,
) -> Bound:
    """Return the bound on the expected value (or on expected persons, weight 1).

    People who change vehicles on the way are bounded by the groups' own earliest arrival only.
    """
    del stop
    reach = Reach(problem, ways)
    trivial = _reach_bound(problem, reach, weighted=weighted)
    left_out = tuple(one for one in rules_present(problem) if one not in COUNTED)
    if reach.changes or not problem.fleets:
        relaxed = tuple(one for one in rules_present(problem) if one not in ("ready", "opening"))
        return Bound(trivial, "relaxed", (*relaxed, "fleet"))
    value = _supply_program(problem, reach, weighted=weighted, spans=spans)
    if value is None:
        return Bound(trivial, "relaxed", (*rules_present(problem), "fleet"))
    return Bound(min(trivial, value), "lp_optimal", left_out)


def falling_worth(problem: Problem, takes: int, times: np.ndarray) -> np.ndarray:
    """Return, for arrivals at or after each time, the most that one person of weight 1 is worth.

    A trip lasts at least `takes`; the most over all later arrivals keeps it falling even where
    the law makes waiting pay.
    """
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
    """People of one group in one vehicle entry to one destination."""

    group: int
    fleet: int
    end: str
    takes: int
    first: int


def _paths(problem: Problem, reach: Reach) -> list[_Path]:
    found = []
    for g, crowd in enumerate(problem.crowds):
        if crowd.total <= 0:
            continue
        for f, fleet in enumerate(problem.fleets):
            if not fleet.vehicles or not fleet.may_board(crowd.at):
                continue
            if any(fleet.slots.get(slot, 0) < uses for slot, uses in crowd.uses.items()):
                continue
            ready = min(at for _, at in fleet.vehicles)
            begins = ready + reach.drive(fleet, fleet.at, crowd.at) + fleet.load
            for site in problem.sites.values():
                if not site.arrived or site.id == crowd.at or not fleet.may_alight(site.id):
                    continue
                if crowd.wants and site.id not in crowd.wants:
                    continue
                takes = reach.loaded(fleet, crowd.at, site.id)
                first = max(max(begins, problem.opening) + takes, site.opens)
                first = max(first, crowd.ready[0][0] + fleet.load + takes)
                if first <= problem.horizon:
                    found.append(_Path(g, f, site.id, takes, first))
    return found


def _trips_by(
    problem: Problem, reach: Reach, f: int, paths: list[_Path], times: np.ndarray
) -> np.ndarray:
    """Return the most loaded trips of an entry that can have arrived by each time."""
    fleet = problem.fleets[f]
    mine = [one for one in paths if one.fleet == f]
    pickups = sorted({problem.crowds[one.group].at for one in mine})
    takes = min(one.takes for one in mine)
    back = min(reach.drive(fleet, one.end, place) for one in mine for place in pickups)
    cycle = fleet.unload + back + fleet.load + takes
    total = np.zeros(len(times))
    for _, ready in fleet.vehicles:
        start = min(ready + reach.drive(fleet, fleet.at, place) for place in pickups)
        first = max(start + fleet.load, problem.opening) + takes
        if cycle > 0:
            total += np.where(times >= first, (times - first) // cycle + 1, 0)
        else:
            total += np.where(times >= first, 1e6, 0)
    return total


def _supply_program(problem: Problem, reach: Reach, *, weighted: bool, spans: int) -> float | None:
    """Return the optimum of the program over sums in time, or None if it was not solved."""
    paths = _paths(problem, reach)
    if not paths:
        return 0.0
    first = min(one.first for one in paths)
    edges = np.unique(np.linspace(first, problem.horizon, spans + 1).astype(np.int64))
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
        for k in range(number):
            if ends[k] >= path.first and gains[k] > 0:
                column = program.column(gains[k])
                people.setdefault((index, k), []).append(column)
    _demand_rows(problem, paths, people, program, ends)
    _fleet_rows(problem, reach, paths, people, program, ends)
    _place_rows(problem, paths, people, program, ends)
    return program.maximum()


_Columns = Mapping[tuple[int, int], list[int]]


def _demand_rows(
    problem: Problem, paths: list[_Path], people: _Columns, program: Linear, ends: np.ndarray
) -> None:
    for g, crowd in enumerate(problem.crowds):
        mine = [(i, one) for i, one in enumerate(paths) if one.group == g]
        if not mine:
            continue
        shortest = min(one.takes + problem.fleets[one.fleet].load for _, one in mine)
        limits = [float(crowd.ready_by(int(end) - shortest)) for end in ends]
        parts = [
            [(column, 1.0) for i, _ in mine for column in people.get((i, k), ())]
            for k in range(len(ends))
        ]
        _cumulative(program, parts, limits)


def _fleet_rows(
    problem: Problem,
    reach: Reach,
    paths: list[_Path],
    people: _Columns,
    program: Linear,
    ends: np.ndarray,
) -> None:
    for f, fleet in enumerate(problem.fleets):
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


def _place_rows(
    problem: Problem, paths: list[_Path], people: _Columns, program: Linear, ends: np.ndarray
) -> None:
    for site in problem.sites.values():
        mine = [(i, one) for i, one in enumerate(paths) if one.end == site.id]
        if not mine or (site.room is None and site.intake is None):
            continue
        first = min(one.first for _, one in mine)
        limits = []
        for end in ends:
            limit = float("inf") if site.room is None else float(site.room)
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


def most_arrived_by(problem: Problem, ways: Ways, at: int) -> float | None:
    """Return how many persons at most can have arrived by a second, None if nothing is proved."""
    reach = Reach(problem, ways)
    if reach.changes or not problem.fleets:
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
