"""From a problem in seconds to a city: arrays on one clock, where its rules allow that.

A city has vehicles that go on their own between pickups and destinations. Knows which rules of the
model a city can say (kinds of vehicles, classes, wishes, people who become ready, intakes, rooms,
openings); every other rule that could bind is a reason against.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safepassage.planner.bounds import alike, merged
from safepassage.planner.chances import chances
from safepassage.planner.problem import Crowd, Fleet, Problem
from safepassage.planner.reach import CHANGE_KINDS
from safepassage.planner.ways import Ways

Ticks = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER = 1 << 40
"""Ticks of a drive that there is no way for."""

MOST_TICKS = 6_000
"""Ticks of the horizon at most; beyond, the clock is coarser than the scenario's own."""

COARSER = (60, 120, 300, 600, 900)
"""Seconds of a tick where the exact one would be too fine."""


@dataclass(frozen=True)
class Outside:
    """A scenario that is no city: the rules that stand against, each in words."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """Pickups, destinations and vehicles on one clock of `tick` seconds.

    `kinds[k]` are the numbers of the alike vehicle entries; `out[k, p, s]` and `back[k, s, p]` the
    ticks of driving with and without people (`NEVER`: not allowed or no way). A yard is vehicles of
    one kind that come to each pickup at the same moments: `start[y, p]`. Crowds are the groups that
    differ in something: `at[c]` is their pickup, `slot[c]` the one slot kind that they use,
    `uses[c]` how many of it; `ready[c, t]` how many are ready to board at t. `intake[s]` persons
    may arrive in any `per[s]` ticks and `room[s]` in all, -1 where nothing limits. `holds` is the
    chance that the window still holds at a tick, `leaving` the chance that counts for a departure
    (read for a bound, the least of the tick).
    """

    source: Problem
    ways: Ways
    tick: int
    exact: bool
    horizon: int
    pickups: tuple[str, ...]
    gates: tuple[str, ...]
    kinds: tuple[tuple[int, ...], ...]
    out: Ticks
    back: Ticks
    load: Ticks
    unload: Ticks
    seats: Ticks
    yard_kind: Ticks
    yard_names: tuple[tuple[str, ...], ...]
    start: Ticks
    crowds: tuple[Crowd, ...]
    at: Ticks
    slot: Ticks
    uses: Ticks
    each: Ticks
    worth: Floats
    wants: NDArray[np.bool_]
    ready: Ticks
    intake: Ticks
    per: Ticks
    room: Ticks
    opens: Ticks
    opening: int
    holds: Floats
    leaving: Floats

    @property
    def numbers(self) -> Ticks:
        """Vehicles by yard."""
        return np.array([len(names) for names in self.yard_names], dtype=np.int64)

    @property
    def loads(self) -> int:
        """About how many vehicle loads all people are, in the largest vehicles."""
        seats = self.seats.max(axis=0)[self.slot]
        return int((self.totals * self.uses / np.maximum(seats, 1)).sum())

    @property
    def totals(self) -> Ticks:
        """People by crowd."""
        return np.array([one.total for one in self.crowds], dtype=np.int64)


def read_city(problem: Problem, ways: Ways, *, down: bool = False) -> City | Outside:
    """Return a problem as a city, or the reasons against.

    Where the clock of the scenario is too fine, times are rounded up to a coarser one, so that a
    plan of the city is a plan of the scenario; `down` rounds them down, for a bound: of any clock
    a departure then counts as at the end of its tick, an arrival as at its begin.
    """
    slots = tuple(dict.fromkeys(slot for one in problem.crowds for slot in one.uses))
    crowds = tuple(
        sorted(
            merged(problem).crowds,
            key=lambda one: (one.at, *(slots.index(slot) for slot in one.uses)),
        )
    )
    reasons = list(_reasons(problem, ways))
    if not crowds:
        reasons.append("groups: nobody wishes to leave")
    if reasons:
        return Outside(tuple(reasons))
    pickups = tuple(dict.fromkeys(one.at for one in crowds))
    gates = tuple(name for name, one in problem.sites.items() if one.arrived)
    kinds = tuple(
        tuple(entries)
        for entries in alike(problem)
        if any(_fits(problem.fleets[entries[0]], one) for one in crowds)
    )
    if not kinds or not gates:
        return Outside(("vehicles: none takes anybody anywhere",))
    fleets = [problem.fleets[entries[0]] for entries in kinds]
    out = np.full((len(kinds), len(pickups), len(gates)), NEVER, dtype=np.int64)
    back = np.full((len(kinds), len(gates), len(pickups)), NEVER, dtype=np.int64)
    for k, fleet in enumerate(fleets):
        for p, pickup in enumerate(pickups):
            for s, gate in enumerate(gates):
                out[k, p, s] = _loaded(problem, ways, fleet, pickup, gate)
                if fleet.may_board(pickup):
                    back[k, s, p] = _drive(ways, fleet.kind, gate, pickup)
    full = _passed(problem, ways, fleets, pickups, gates)
    if full:
        return Outside(tuple(f"places {one}: vehicles pass it on the way" for one in full))
    if (out >= NEVER).all():
        return Outside(("legs: no way leads from a pickup to a destination",))
    yards: dict[tuple[int, str, int], list[str]] = {}
    for k, entries in enumerate(kinds):
        for number in entries:
            fleet = problem.fleets[number]
            for name, since in fleet.vehicles:
                yards.setdefault((k, fleet.at, since), []).append(name)
    start = np.array(
        [
            [
                min(NEVER, since + _drive(ways, fleets[k].kind, at, pickup))
                if fleets[k].may_board(pickup)
                else NEVER
                for pickup in pickups
            ]
            for k, at, since in yards
        ],
        dtype=np.int64,
    )
    sites = [problem.sites[one] for one in gates]
    per = np.array([0 if one.intake is None else one.intake[1] for one in sites], dtype=np.int64)
    load = np.array([one.load for one in fleets], dtype=np.int64)
    unload = np.array([one.unload for one in fleets], dtype=np.int64)
    opens = np.array([one.opens for one in sites], dtype=np.int64)
    ready = np.array([at for one in crowds for at, _ in one.ready], dtype=np.int64)
    opening = np.array([problem.opening], dtype=np.int64)
    tick = _tick(out, back, start, per, load, unload, opens, ready, opening)
    exact = problem.horizon // tick <= MOST_TICKS
    if not exact:
        tick = next(
            (one for one in COARSER if problem.horizon // one <= MOST_TICKS),
            -(-problem.horizon // MOST_TICKS),
        )

    def later(table: Ticks) -> Ticks:
        whole = table // tick if down else -(-table // tick)
        return np.where(table < NEVER, whole, NEVER)

    rides = (load[:, None, None] // tick + out // tick + unload[:, None, None] // tick)[out < NEVER]
    if int(rides.min()) == 0:
        # A ride of no duration could be driven without end, and no ride after it would count.
        return Outside((f"clock: a ride takes less than a tick of {tick} s",))
    horizon = problem.horizon // tick if exact or not down else -(-problem.horizon // tick)
    moments = np.arange(horizon + 1) * tick
    return City(
        source=problem,
        ways=ways,
        tick=tick,
        exact=exact,
        horizon=horizon,
        pickups=pickups,
        gates=gates,
        kinds=kinds,
        out=later(out),
        back=later(back),
        load=later(load),
        unload=later(unload),
        seats=np.array([[one.slots.get(slot, 0) for slot in slots] for one in fleets], np.int64),
        yard_kind=np.array([k for k, _, _ in yards], dtype=np.int64),
        yard_names=tuple(tuple(names) for names in yards.values()),
        start=later(start),
        crowds=crowds,
        at=np.array([pickups.index(one.at) for one in crowds], dtype=np.int64),
        slot=np.array([slots.index(next(iter(one.uses), "")) for one in crowds], dtype=np.int64),
        uses=np.array([next(iter(one.uses.values()), 1) for one in crowds], dtype=np.int64),
        each=np.array([one.each for one in crowds], dtype=np.int64),
        worth=np.array([one.worth for one in crowds]),
        wants=np.array([[not one.wants or gate in one.wants for gate in gates] for one in crowds]),
        ready=np.array(
            [
                [one.ready_by(int(at) + (tick - 1 if down else 0)) for at in moments]
                for one in crowds
            ],
            dtype=np.int64,
        ),
        intake=np.array([-1 if one.intake is None else one.intake[0] for one in sites], np.int64),
        # Of a coarser clock the interval is longer for a plan, shorter for a bound.
        per=later(per),
        room=np.array([-1 if one.room is None else one.room for one in sites], dtype=np.int64),
        opens=later(opens),
        opening=int(later(opening)[0]),
        holds=np.array([problem.holds(float(at)) for at in moments]),
        leaving=np.array([problem.holds(float(at) + (tick if down else 0)) for at in moments]),
    )


def waiting_may_pay(city: City) -> bool:
    """Return whether a ride may be worth more between two ticks of a clock than on any.

    With rho a ride is worth more where the chance falls less during it: where the law of the ending
    falls unevenly, who departs between two ticks can be better off than on the tick before.
    """
    law = city.source.scenario.ending.kind
    if not city.source.rho or city.tick == 1 or law in ("never", "exponential"):
        return False
    chance = chances(city.source)
    if chance is None:
        return True
    rho = city.source.rho
    for takes in np.unique(city.out[city.out < NEVER]) * city.tick:
        left = np.maximum(np.arange(len(chance)) - takes, 0)
        each = np.maximum(chance * (1.0 + rho) - rho * chance[left], 0.0)[takes:]
        begins = np.arange(0, len(each), city.tick)
        if len(each) and (np.maximum.reduceat(each, begins) > each[begins]).any():
            return True
    return False


def first_crowds(city: City) -> Ticks:
    """Return where the crowds of each pickup begin (they are sorted by pickup), and the end."""
    return np.searchsorted(city.at, np.arange(len(city.pickups) + 1)).astype(np.int64)


def _fits(fleet: Fleet, crowd: Crowd) -> bool:
    return all(fleet.slots.get(slot, 0) >= uses for slot, uses in crowd.uses.items())


def _loaded(problem: Problem, ways: Ways, fleet: Fleet, pickup: str, gate: str) -> int:
    if pickup == gate or not fleet.may_board(pickup) or not fleet.may_alight(gate):
        return NEVER
    takes = _drive(ways, fleet.kind, pickup, gate)
    longest = problem.longest_on_board
    return takes if longest is None or takes + fleet.load <= longest else NEVER


def _passed(
    problem: Problem,
    ways: Ways,
    fleets: list[Fleet],
    pickups: tuple[str, ...],
    gates: tuple[str, ...],
) -> list[str]:
    """Return the places that open later or let people in at a rate and lie on a way."""
    limited = {one.id for one in problem.sites.values() if one.opens > 0 or one.intake is not None}
    pairs = [(p, s) for p in pickups for s in gates] + [(s, p) for p in pickups for s in gates]
    met = {
        place
        for fleet in fleets
        for a, b in (
            *pairs,
            *(
                (problem.fleets[n].at, p)
                for n in range(len(problem.fleets))
                for p in pickups
                if problem.fleets[n].kind == fleet.kind
            ),
        )
        if a != b and (way := ways.quickest(fleet.kind, a, b)) is not None
        for place, _ in way.passes_before
    }
    return sorted(limited & met)


def _drive(ways: Ways, kind: str, start: str, end: str) -> int:
    """Return the driving seconds of a kind between two places."""
    if start == end:
        return 0
    way = ways.quickest(kind, start, end)
    return NEVER if way is None else way.before


def _tick(*tables: Ticks) -> int:
    """Return the longest tick in seconds of which all times are multiples."""
    tick = 0
    for table in tables:
        whole = np.asarray(table)
        for value in np.unique(whole[whole < NEVER]):
            tick = math.gcd(tick, int(value))
    return max(tick, 1)


def _reasons(problem: Problem, ways: Ways) -> Iterator[str]:
    """Yield each rule that a city cannot say and that could bind here."""
    if problem.lanes:
        yield "corridors: vehicles go in convoy"
    if problem.counterparts:
        yield "linked: a counterpart moves step by step"
    if ways.by_hour:
        yield "legs: driving times change by the hour"
    if problem.windows:
        yield "windows: a stretch or place is closed at times"
    crowds = [one for one in problem.crowds if one.total > 0]
    if any(one.households is not None for one in crowds):
        yield "households: they may not be split"
    if any(len(one.uses) != 1 for one in crowds):
        yield "classes: somebody uses several kinds of slots, or none"
    kinds = {one.kind for one in problem.fleets if one.vehicles}
    classes = {one.class_id for one in crowds}
    for staff in problem.helpers.values():
        if kinds & set(staff.for_vehicles) or classes & set(staff.for_classes):
            yield f"staff {staff.kind}: somebody must go along"
    vehicles = {
        kind: sum(len(one.vehicles) for one in problem.fleets if one.kind == kind) for kind in kinds
    }
    lived_in = {one.at for one in crowds}
    for site in problem.sites.values():
        if any(site.bays.get(kind, count) < count for kind, count in vehicles.items()):
            yield f"places {site.id}: fewer bays than vehicles"
        if site.rate is not None:
            yield f"places {site.id}: a sliding rate of vehicles"
        if site.standing is not None:
            yield f"places {site.id}: a limit of those who wait"
        if not site.arrived and (site.opens > 0 or site.intake is not None):
            yield f"places {site.id}: it opens later, or lets people by at a rate"
        if site.arrived and site.id in lived_in:
            yield f"places {site.id}: people leave a place that counts as arrival"
        if problem.scenario.place[site.id].kind in CHANGE_KINDS and not site.arrived:
            yield f"places {site.id}: people may change vehicles there"
    for one in problem.fleets:
        if one.vehicles and (
            (one.range_s is not None and one.range_s < problem.horizon) or one.range_km is not None
        ):
            yield f"vehicles {one.id}: the tank may run empty"
