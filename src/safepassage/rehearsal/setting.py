"""From a verified plan and its scenario to the stage on which it is rehearsed.

Knows plans and scenarios; how a run goes is the kernel's.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from safepassage.planner.openings import FOREVER, Openings
from safepassage.planner.plan import Plan, Trip
from safepassage.planner.problem import Crowd, Fleet, Problem, make_problem
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.chance import ENDS, PROMISED_NOTHING, Beliefs
from safepassage.rehearsal.laws import quantiles, table_of
from safepassage.rehearsal.refused import RehearsalRefused
from safepassage.rehearsal.rest import Rest, Rolling
from safepassage.rehearsal.stage import (
    LANE,
    LATE,
    LYING,
    MOVEMENT,
    OUTSIDE,
    PLACE,
    POOL,
    POST,
    READY,
    RIDE,
    SICK,
    SPAN,
    UNIT,
    WALKING,
    Counts,
    Reals,
    Records,
    Stage,
    records,
)
from safepassage.scenario.people import COMPANION
from safepassage.scenario.places import Leg
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain

MOST_MOVEMENTS = 6_000
"""Movements of a rehearsal, rounds after the plan included."""

DEMAND_POINTS = 65
"""Points at which the law of the people of a pool is tabulated, evenly in probability."""

MOST_PARTIES = 60
ABOARD = "aboard:"
"""How the place of a pool begins that is nowhere but in a vehicle; no id of a place has a colon."""


@dataclass
class Movement:
    """A convoy of the plan, or trips of one way that leave together without one."""

    id: str
    depart: int
    drive: int
    corridor: str | None
    forward: bool
    legs: tuple[str, ...]
    trips: list[Trip] = field(default_factory=list)
    staff: list[tuple[str, str, str, int]] = field(default_factory=list)
    round: int = 0
    rolling: bool = False
    held: bool = False
    driven: int = 0
    """Seconds of its way that lie behind it, of what is on the road as the rehearsal begins."""

    @property
    def loaded(self) -> bool:
        """Whether anybody is planned to ride."""
        return any(one.groups or one.load for one in self.trips)


@dataclass(frozen=True)
class Names:
    """What the numbers of a stage stand for."""

    movements: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    parties: tuple[str, ...]
    posts: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """A stage with its names, and what bounds the numbers: hours, and people at most."""

    stage: Stage
    names: Names
    hours: int
    people_top: int
    planned_by_hour: tuple[int, ...]
    has_parties: bool
    shares_before: Mapping[str, float] = field(default_factory=dict)
    """The part of each party in all breaks, before anything is seen here."""


def horizon_of(scenario: Scenario) -> timedelta:
    """Return how long a rehearsal of a scenario goes on."""
    wanted = scenario.rehearsal
    if wanted is not None and wanted.horizon is not None:
        return wanted.horizon
    return scenario.horizon


def set_stage(
    scenario: Scenario,
    verified: VerifiedPlan,
    beliefs: Beliefs,
    level: str,
    *,
    may_go_on: bool = False,
    rest: Rest | None = None,
) -> Setting:
    """Return the stage of a plan at convoy or at vehicle level.

    With `may_go_on` rounds after the plan stand on it; whether they are run is a lever. With `rest`
    it is what is left of the plan, as of then, with what is on the road; `scenario` is that of the
    rest.
    """
    builder = _Builder(scenario, verified, beliefs, by_vehicle=level == "vehicle", rest=rest)
    return builder.build(may_go_on=may_go_on)


class _Builder:
    """Builds one stage; thrown away afterwards."""

    def __init__(
        self,
        scenario: Scenario,
        verified: VerifiedPlan,
        beliefs: Beliefs,
        *,
        by_vehicle: bool,
        rest: Rest | None = None,
    ) -> None:
        self.scenario = scenario
        self.rest = rest
        self.verified = verified
        self.plan: Plan = verified.plan
        self.beliefs = beliefs
        self.by_vehicle = by_vehicle
        self.wanted = scenario.rehearsal or RehearsalWanted()
        self.span = horizon_of(scenario)
        self.seconds = int(self.span.total_seconds())
        longer = replace(scenario, horizon=max(self.span, scenario.horizon))
        self.problem: Problem = make_problem(longer, self.plan.people)
        self.fleet_of: dict[str, Fleet] = {
            name: fleet for fleet in self.problem.fleets for name, _ in fleet.vehicles
        }
        self.ready_of = {
            name: ready for fleet in self.problem.fleets for name, ready in fleet.vehicles
        }
        if rest is not None:
            # What rolls and cannot be planned with (a tank that nobody knows) arrives all the same.
            for fleet in make_problem(rest.whole, self.plan.people).fleets:
                for name, _ in fleet.vehicles:
                    if name not in self.fleet_of:
                        self.fleet_of[name], self.ready_of[name] = fleet, FOREVER
        self.places = tuple(one.id for one in scenario.places)
        self.place = {name: index for index, name in enumerate(self.places)}
        self.crowd_of = {one.id: one for one in self.problem.crowds}
        self.tables: list[Reals] = []
        self.table_index: dict[tuple[str, int], int] = {}

    def build(self, *, may_go_on: bool) -> Setting:
        planned = self._planned_movements()
        if self.rest is not None and not planned:
            raise RehearsalRefused(
                "plan: nobody is on the road of whom it is known when they arrive, and no vehicle "
                "of it is known to be where it can leave, want at least one trip"
            )
        movements = planned + (self._rounds(planned) if may_go_on else [])
        parties = self._parties(movements)
        units, unit_of = self._units(movements)
        pools = _Pools(self.scenario, self.problem, self.beliefs, movements)
        rides = self._rides(movements, unit_of, pools)
        spans = _Spans(self.problem)
        posts = tuple(one.id for one in self.scenario.places if one.kind == "checkpoint")
        stage = Stage(
            movement=records(MOVEMENT, self._movement_columns(movements, parties, spans, posts)),
            ride=records(RIDE, rides.columns),
            unit=records(UNIT, self._unit_columns(units)),
            pool=records(POOL, pools.columns(self.place)),
            ready=pools.ready(),
            place=records(PLACE, self._place_columns()),
            lane=records(LANE, self._lane_columns()),
            post=np.array(self.passed, dtype=POST),
            span=np.array(spans.rows, dtype=SPAN),
            staff=_ints(self.staff),
            boards=_ints(rides.boards),
            demand=pools.demand(),
            follows=pools.follows(self.place),
            share=_reals(self._shares_now(parties)),
            tables=np.array(self.tables, dtype=np.float32),
            each=table_of(self.beliefs["travel.each"]),
        )
        hours = math.ceil(self.seconds / 3600)
        return Setting(
            stage=stage,
            names=Names(
                tuple(one.id for one in movements),
                tuple(tuple(one) for one in units),
                self.places,
                parties,
                posts,
            ),
            hours=hours,
            people_top=self._people_top(pools),
            planned_by_hour=self._planned(hours, planned, spans),
            has_parties=bool(parties),
            shares_before=dict(zip(parties, self._shares(parties), strict=True)),
        )

    # ------------------------------------------------------------------ movements and rounds
    def _planned_movements(self) -> list[Movement]:
        """Return the movements of the plan, or what rolls and what of the plan is left."""
        if self.rest is None:
            return _movements(self.scenario, self.plan)
        usable = {name for fleet in self.problem.fleets for name, _ in fleet.vehicles}
        return [
            *(_rolling(one) for one in self.rest.rolling),
            *_movements(self.scenario, self.rest.ahead(self.plan, usable)),
        ]

    def _rounds(self, planned: Sequence[Movement]) -> list[Movement]:
        """Return the rounds in which the fleet shuttles on after the plan, as often as they fit.

        A round takes every vehicle back empty from its last loaded trip and repeats that trip; the
        convoys keep their vehicles and their order.
        """
        last: dict[str, tuple[Movement, Trip]] = {}
        back: dict[tuple[str, str, str], Movement] = {}
        for one in planned:
            for trip in one.trips:
                if trip.vehicle is None:
                    continue
                if trip.groups or trip.load:
                    last[trip.vehicle] = (one, trip)
                back[trip.vehicle, trip.start, trip.end] = one
        groups: dict[int, tuple[Movement, list[Trip]]] = {}
        for movement, trip in last.values():
            groups.setdefault(id(movement), (movement, []))[1].append(trip)
        shuttles = sorted(groups.values(), key=lambda pair: (pair[0].depart, pair[0].id))
        if not shuttles:
            return []
        cycle = min(
            2 * (trip.arrive - trip.depart)
            + self.fleet_of[trip.vehicle or ""].load
            + self.fleet_of[trip.vehicle or ""].unload
            for _, trips in shuttles
            for trip in trips
        )
        first = min(one.depart for one, _ in shuttles)
        fitting = max(0, math.ceil((self.seconds - first) / max(60, cycle)))
        count = min(fitting, (MOST_MOVEMENTS - len(planned)) // (2 * len(shuttles)))
        found: list[Movement] = []
        for number in range(1, count + 1):
            found += [self._empty_back(one, trips, back, number) for one, trips in shuttles]
            found += [_again(one, trips, number) for one, trips in shuttles]
        return found

    def _empty_back(
        self,
        movement: Movement,
        trips: Sequence[Trip],
        back: Mapping[tuple[str, str, str], Movement],
        number: int,
    ) -> Movement:
        drive = movement.drive
        for trip in trips:
            found = back.get((trip.vehicle or "", trip.end, trip.start))
            if found is not None:
                drive = found.drive
        turned = [
            replace(
                one,
                start=one.end,
                end=one.start,
                legs=one.legs[::-1],
                load={},
                groups={},
                households={},
                staff={},
                who={},
            )
            for one in trips
        ]
        return Movement(
            id=f"{movement.id}+{number} back",
            depart=0,
            drive=drive,
            corridor=movement.corridor,
            forward=not movement.forward,
            legs=movement.legs[::-1],
            trips=turned,
            round=number,
        )

    def _units(self, movements: Sequence[Movement]) -> tuple[list[list[str]], dict[str, int]]:
        """Return the vehicles of each unit, and the unit of each vehicle."""
        itinerary: dict[str, list[int]] = defaultdict(list)
        for index, one in enumerate(movements):
            for trip in one.trips:
                if trip.vehicle is not None:
                    itinerary[trip.vehicle].append(index)
        together: dict[tuple[object, ...], list[str]] = {}
        for name in sorted(itinerary):
            fleet = self.fleet_of[name]
            key: tuple[object, ...] = (
                fleet.id,
                self.ready_of[name],
                self._seen(name),
                tuple(itinerary[name]),
            )
            if self.by_vehicle:
                key = (name,)
            together.setdefault(key, []).append(name)
        units = list(together.values())
        return units, {name: index for index, names in enumerate(units) for name in names}

    def _unit_columns(self, units: Sequence[Sequence[str]]) -> dict[str, object]:
        fleets = [self.fleet_of[names[0]] for names in units]
        counts = [len(names) for names in units]
        return {
            "at": _ints(self.place[one.at] for one in fleets),
            "ready": _reals(self.ready_of[names[0]] for names in units),
            "vehicles": _ints(counts),
            "sure": _ints(
                n if self._seen(names[0]) else 0 for n, names in zip(counts, units, strict=True)
            ),
            "seats": _ints(
                n * one.slots.get("seat", 0) for n, one in zip(counts, fleets, strict=True)
            ),
            "other": _ints(n * _other(one.slots) for n, one in zip(counts, fleets, strict=True)),
        }

    def _seen(self, vehicle: str) -> bool:
        return self.rest is not None and vehicle in self.rest.seen

    # ------------------------------------------------------------------ rides
    def _rides(
        self, movements: Sequence[Movement], unit_of: Mapping[str, int], pools: "_Pools"
    ) -> "_Rides":
        rows: list[tuple[int, int, Trip, Fleet, int, frozenset[str]]] = []
        first: list[int] = [0]
        for index, one in enumerate(movements):
            seen: dict[tuple[int, str, str], list[Trip]] = {}
            for trip in one.trips:
                if trip.vehicle is not None:
                    key = (unit_of[trip.vehicle], trip.start, trip.end)
                    seen.setdefault(key, []).append(trip)
            for (unit, _, _), trips in seen.items():
                fleet = self.fleet_of[trips[0].vehicle or ""]
                # The one that carries people stands for all: empty ones of a unit go along.
                carrying = next((t for t in trips if t.groups or t.load), trips[0])
                groups = frozenset(name for t in trips for name in t.groups)
                rows.append((index, unit, carrying, fleet, len(trips), groups))
            first.append(len(rows))
        eligible = [
            self._riders(movements[row[0]], row, unit_of, pools)
            if row[2].groups or row[2].load
            else ()
            for row in rows
        ]
        before, after = zip(
            *(self._outside(movements[index], trip, fleet) for index, _, trip, fleet, _, _ in rows),
            strict=True,
        )
        offsets = [0, *itertools.accumulate(len(one) for one in eligible)]
        self.ride_ends = first
        columns = {
            "unit": _ints(row[1] for row in rows),
            "start": _ints(self.place[row[2].start] for row in rows),
            "end": _ints(self.place[row[2].end] for row in rows),
            "loaded": np.array([bool(row[2].groups or row[2].load) for row in rows], dtype=bool),
            "before": _reals(before),
            "after": _reals(after),
            "load": _reals(row[3].load for row in rows),
            "load_table": _ints(self._table("loading.load", row[4]) for row in rows),
            "unload": _reals(row[3].unload for row in rows),
            "unload_table": _ints(self._table("loading.unload", row[4]) for row in rows),
            "bay": self._bays(movements, rows),
            "pool0": offsets[:-1],
            "pool1": offsets[1:],
        }
        return _Rides(columns, [pool for one in eligible for pool in one])

    def _riders(
        self,
        movement: Movement,
        row: tuple[int, int, Trip, Fleet, int, frozenset[str]],
        unit_of: Mapping[str, int],
        pools: "_Pools",
    ) -> tuple[int, ...]:
        """Return the pools whose people may ride, or those that are aboard already."""
        _, unit, trip, fleet, _, groups = row
        if movement.rolling:
            return pools.aboard(
                [one for one in movement.trips if unit_of[one.vehicle or ""] == unit]
            )
        return pools.may_board(trip.start, trip.end, fleet, groups)

    def _outside(self, movement: Movement, trip: Trip, fleet: Fleet) -> tuple[float, float]:
        """Return the driving time of a trip before and after its corridor."""
        if movement.corridor is None or movement.rolling:
            return 0.0, 0.0
        inside = set(self.problem.lanes[movement.corridor].legs)
        at = next(i for i, leg in enumerate(trip.legs) if leg in inside)
        upto = max(i for i, leg in enumerate(trip.legs) if leg in inside)
        return (
            sum(_leg_seconds(self.scenario.leg[leg], fleet.kind) for leg in trip.legs[:at]),
            sum(_leg_seconds(self.scenario.leg[leg], fleet.kind) for leg in trip.legs[upto + 1 :]),
        )

    def _bays(
        self,
        movements: Sequence[Movement],
        rows: Sequence[tuple[int, int, Trip, Fleet, int, frozenset[str]]],
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return, for each ride, the movement that must have left before it has bays to load at."""
        found = [-1] * len(rows)
        queues: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (index, _, trip, fleet, count, _) in enumerate(rows):
            site = self.problem.sites[trip.start]
            if not (trip.groups or trip.load) or fleet.kind not in site.bays:
                continue
            queue = queues[trip.start, fleet.kind]
            room = site.bays[fleet.kind] - count
            for earlier in reversed(queue):
                room -= rows[earlier][4]
                if room < 0:
                    if rows[earlier][0] != index:
                        found[number] = rows[earlier][0]
                    break
            queue.append(number)
        del movements
        return _ints(found)

    def _table(self, key: str, vehicles: int) -> int:
        """Return the index of the table of the slowest of several loadings."""
        if (key, vehicles) not in self.table_index:
            self.table_index[key, vehicles] = len(self.tables)
            self.tables.append(table_of(self.beliefs[key], vehicles).astype(np.float64))
        return self.table_index[key, vehicles]

    # ------------------------------------------------------------------ movements as columns
    def _movement_columns(
        self,
        movements: Sequence[Movement],
        parties: Sequence[str],
        spans: "_Spans",
        posts: Sequence[str],
    ) -> dict[str, object]:
        lanes = list(self.problem.lanes)
        numbers = {True: 0, False: 0}
        draws: list[int] = []
        passed: list[tuple[int, float]] = []
        post0 = [0]
        caught: list[tuple[float, float]] = []
        holders: list[int] = []
        span_rows: list[tuple[int, int]] = []
        for one in movements:
            draws.append(2 * numbers[one.loaded] + (0 if one.loaded else 1))
            numbers[one.loaded] += 1
            ways = self._stretches(one)
            held = [
                (max(0.0, begin), end, self._holders_of(leg))
                for leg, begin, end in ways
                if self._holders_of(leg) and (end > 0.0 or not one.rolling)
            ]
            if held:
                caught.append((held[0][0], held[-1][1]))
                names = {name for _, _, those in held for name in those}
                holders.append(sum(1 << parties.index(name) for name in names))
            elif not parties:
                # Nobody holds anything: the window itself closes, everywhere.
                caught.append((0.0, float(one.drive)))
                holders.append(1 << OUTSIDE)
            else:
                caught.append((0.0, -1.0))
                holders.append(0)
            passed += [
                (posts.index(name), after)
                for name, after in self._posts_of(ways)
                if after > 0.0 or not one.rolling
            ]
            post0.append(len(passed))
            span_rows.append(spans.rows_of(one, self.problem))
        staff = self._staff(movements)
        staff0 = [0, *itertools.accumulate(len(one) for one in staff)]
        self.staff = [number for one in staff for number in one]
        self.passed = passed
        return {
            "plan": _reals(one.depart for one in movements),
            "round": _ints(one.round for one in movements),
            "lane": _ints(
                -1 if one.corridor is None else 2 * lanes.index(one.corridor) + (not one.forward)
                for one in movements
            ),
            "drive": _reals(one.drive for one in movements),
            "caught_from": _reals(one[0] for one in caught),
            "caught_to": _reals(one[1] for one in caught),
            "holders": _ints(holders),
            "draw": _ints(draws),
            "loaded": np.array([one.loaded for one in movements], dtype=bool),
            "rolling": np.array([one.rolling for one in movements], dtype=bool),
            "held": np.array([one.held for one in movements], dtype=bool),
            "crew": _reals(self.crews),
            "side": [self._side(one) for one in movements],
            "ride0": self.ride_ends[:-1],
            "ride1": self.ride_ends[1:],
            "post0": post0[:-1],
            "post1": post0[1:],
            "staff0": staff0[:-1],
            "staff1": staff0[1:],
            "span0": _ints(one[0] for one in span_rows),
            "span1": _ints(one[1] for one in span_rows),
        }

    def _side(self, movement: Movement) -> int:
        """Return whose batch a movement is: 0 ours, 1 a counterpart's; -1 where none is planned."""
        theirs = {group for one in self.problem.counterparts for group in one.groups}
        if not theirs:
            return -1
        groups = {name for trip in movement.trips for name in trip.groups}
        return int(bool(groups) and groups <= theirs)

    def _stretches(self, movement: Movement) -> list[tuple[Leg, float, float]]:
        """Return the legs of a movement with when each is entered and left, its time shared out."""
        legs = [self.scenario.leg[one] for one in movement.legs]
        kinds = {one.kind for one in movement.trips if one.kind is not None}
        times = [max((_leg_seconds(one, kind) for kind in kinds), default=0.0) for one in legs]
        total = sum(times)
        scale = (movement.drive + movement.driven) / total if total > 0 else 0.0
        found = []
        at = -float(movement.driven)
        for leg, length in zip(legs, times, strict=True):
            found.append((leg, at, at + length * scale))
            at += length * scale
        return found

    def _holders_of(self, leg: Leg) -> tuple[str, ...]:
        posts = [self.scenario.place[one.checkpoint] for one in leg.through]
        ends = [
            place
            for place in (self.scenario.place.get(leg.start), self.scenario.place.get(leg.end))
            if place is not None and place.kind == "checkpoint"
        ]
        return tuple(
            dict.fromkeys([*leg.held_by, *(name for one in (*posts, *ends) for name in one.holder)])
        )

    def _posts_of(self, ways: Sequence[tuple[Leg, float, float]]) -> list[tuple[str, float]]:
        """Return the checkpoints of a way with the seconds after which each is reached."""
        found: list[tuple[str, float]] = []
        for number, (leg, begin, end) in enumerate(ways):
            full = max(1.0, _leg_seconds(leg, ""))
            for one in leg.through:
                share = min(1.0, one.after.total_seconds() / full)
                found.append((one.checkpoint, begin + share * (end - begin)))
            if number + 1 < len(ways):
                following = ways[number + 1][0]
                shared = {leg.start, leg.end} & {following.start, following.end}
                found += [
                    (name, end) for name in shared if self.scenario.place[name].kind == "checkpoint"
                ]
        return sorted(found, key=lambda pair: pair[1])

    def _staff(self, movements: Sequence[Movement]) -> list[list[int]]:
        """Return the movements that bring the staff of each, first come first sent.

        Staff of rounds after the plan go with their vehicles.
        """
        at: dict[tuple[str, str], list[list[int]]] = defaultdict(list)
        for kind, helpers in self.problem.helpers.items():
            for place, ready, _ in helpers.stands:
                at[kind, place].append([ready, 1, -1])
        found: list[list[int]] = []
        self.crews: list[float] = []
        for index, one in enumerate(movements):
            sources: set[int] = set()
            crew = 0.0
            for kind, start, end, count in one.staff:
                left = count
                for batch in sorted(at[kind, start], key=lambda batch: batch[0]):
                    taken = min(left, batch[1])
                    if taken > 0:
                        batch[1] -= taken
                        left -= taken
                        if batch[2] >= 0:
                            sources.add(batch[2])
                        else:
                            crew = max(crew, float(batch[0]))
                    if left == 0:
                        break
                at[kind, start] = [batch for batch in at[kind, start] if batch[1] > 0]
                at[kind, end].append([one.depart + one.drive, count, index])
            found.append(sorted(sources))
            self.crews.append(crew)
        return found

    # ------------------------------------------------------------------ the rest
    def _parties(self, movements: Sequence[Movement]) -> tuple[str, ...]:
        """Return who holds any stretch of the plan's ways, in the order of the scenario."""
        names = {
            name
            for one in movements
            for leg in one.legs
            for name in self._holders_of(self.scenario.leg[leg])
        }
        found = tuple(one.id for one in self.scenario.parties if one.id in names)
        return found[:MOST_PARTIES]

    def _shares(self, parties: Sequence[str]) -> list[float]:
        """Return the part of each party in all breaks."""
        weights = [
            self.wanted.weights.get(
                name, 1.0 if self.scenario.party[name].promised else PROMISED_NOTHING
            )
            for name in parties
        ]
        total = sum(weights)
        return [one / total if total > 0 else 0.0 for one in weights]

    def _shares_now(self, parties: Sequence[str]) -> list[float]:
        shares = self._shares(parties)
        if self.rest is None:
            return shares
        after = self.rest.truce.shares(dict(zip(parties, shares, strict=True)))
        return [after[one] for one in parties]

    def _place_columns(self) -> dict[str, object]:
        sites = [self.problem.sites[name] for name in self.places]
        return {
            "arrived": np.array([one.arrived for one in sites], dtype=bool),
            "opens": _reals(one.opens for one in sites),
            "room": _ints(2**40 if one.room is None else one.room for one in sites),
            "burst": _reals(0 if one.intake is None else one.intake[0] for one in sites),
            "pace": _reals(
                0.0 if one.intake is None else one.intake[0] / one.intake[1] for one in sites
            ),
        }

    def _lane_columns(self) -> dict[str, object]:
        lanes = self.problem.lanes.values()
        return {
            "headway": _reals(one.headway for one in lanes),
            "one_way": np.array([one.one_way for one in lanes], dtype=bool),
        }

    def _people_top(self, pools: "_Pools") -> int:
        people = sum(int(demand[-1]) * each for demand, each in pools.tops())
        people += 0 if self.rest is None else self.rest.arrived
        number, load = self.beliefs["cars.number"], self.beliefs["cars.people"]
        high = np.array([0.9999])
        cars = float(quantiles(number, high)[0]) * float(quantiles(load, high)[0])
        return max(1, math.ceil(people + cars))

    def _planned(
        self, hours: int, movements: Sequence[Movement], spans: "_Spans"
    ) -> tuple[int, ...]:
        """Return how many have arrived by each hour if everything goes as planned."""
        found = []
        arrived, index = 0, 0
        curve: Sequence[tuple[int, int]] = self.verified.curve
        if self.rest is not None:
            curve = self._planned_rest(self.rest, movements, spans)
        for hour in range(hours + 1):
            while index < len(curve) and curve[index][0] <= hour * 3600:
                arrived = curve[index][1]
                index += 1
            found.append(arrived)
        return tuple(found)

    def _planned_rest(
        self, rest: Rest, movements: Sequence[Movement], spans: "_Spans"
    ) -> list[tuple[int, int]]:
        """Return (second, arrived by then) of what is left, with those who had arrived.

        What is planned for a time that no word and no window covers any more does not count.
        """
        coming = [
            (one.arrive, sum(one.load.values()))
            for movement in movements
            if movement.rolling or spans.allow(movement, max(movement.depart, int(rest.at)))
            for one in movement.trips
            if self.problem.sites[one.end].arrived
        ]
        found = [(int(rest.at), rest.arrived)]
        for at, people in sorted(coming):
            found.append((max(int(rest.at), at), found[-1][1] + people))
        return found


def _rolling(one: Rolling) -> Movement:
    """Return what is on the road as a movement of which so much lies behind it."""
    return Movement(
        id=one.id,
        depart=one.departed,
        drive=one.left,
        corridor=one.corridor,
        forward=one.forward,
        legs=one.legs,
        trips=list(one.trips),
        rolling=True,
        held=one.held,
        driven=one.driven,
    )


def _movements(scenario: Scenario, plan: Plan) -> list[Movement]:
    """Return the movements of a plan in the order of departure."""
    found: dict[object, Movement] = {}
    for convoy in plan.convoys:
        corridor = scenario.corridor[convoy.corridor]
        first = scenario.leg[corridor.legs[0]]
        forward = convoy.start in (first.start, first.end) and (
            len(corridor.legs) > 1 or convoy.start == first.start
        )
        if len(corridor.legs) > 1:
            following = scenario.leg[corridor.legs[1]]
            shared = {following.start, following.end}
            forward = convoy.start in {first.start, first.end} - shared or (
                convoy.start in (first.start, first.end) and convoy.start not in shared
            )
        found[convoy.id] = Movement(
            id=convoy.id,
            depart=convoy.depart,
            drive=convoy.arrive - convoy.depart,
            corridor=convoy.corridor,
            forward=forward,
            legs=corridor.legs if forward else corridor.legs[::-1],
            staff=[(kind, convoy.start, convoy.end, count) for kind, count in convoy.staff.items()],
        )
    for trip in plan.trips:
        key: object = trip.convoy
        if trip.convoy is None:
            key = (trip.start, trip.end, trip.legs, trip.depart, trip.arrive)
            if key not in found:
                found[key] = Movement(
                    id="",
                    depart=trip.depart,
                    drive=trip.arrive - trip.depart,
                    corridor=None,
                    forward=True,
                    legs=trip.legs,
                )
        movement = found[key]
        movement.trips.append(trip)
        movement.staff += [
            (kind, trip.start, trip.end, count) for kind, count in trip.staff.items()
        ]
    ordered = sorted(found.values(), key=lambda one: (one.depart, not one.loaded, one.id))
    number = 0
    for one in ordered:
        if not one.id:
            number += 1
            one.id = f"t{number:03d}"
    return ordered


def _again(movement: Movement, trips: Sequence[Trip], number: int) -> Movement:
    return Movement(
        id=f"{movement.id}+{number}",
        depart=0,
        drive=movement.drive,
        corridor=movement.corridor,
        forward=movement.forward,
        legs=movement.legs,
        trips=list(trips),
        round=number,
    )


@dataclass(frozen=True)
class _Rides:
    """The columns of RIDE, and the pools of all rides one after the other."""

    columns: dict[str, object]
    boards: list[int]


class _Pools:
    """The pools of people, and which of them may board what."""

    def __init__(
        self,
        scenario: Scenario,
        problem: Problem,
        beliefs: Beliefs,
        movements: Sequence[Movement],
    ) -> None:
        self.scenario = scenario
        self.problem = problem
        self.factor = beliefs["demand.factor"]
        self.keys: list[tuple[str, int, frozenset[str], int, int, int, bool]] = []
        self.crowds: list[list[Crowd]] = []
        self.of_group: dict[str, int] = {}
        self.next: dict[tuple[int, str], int] = {}
        self.fixed: dict[int, int] = {}
        """How many there are of a pool whose number is known: those aboard."""
        self.aside = {group for one in problem.counterparts for group in one.groups}
        for crowd in problem.crowds:
            self.of_group[crowd.id] = self._pool(self._key(crowd, crowd.at))
            self.crowds[self.of_group[crowd.id]].append(crowd)
        for movement in movements:
            for trip in movement.trips:
                if not problem.sites[trip.end].arrived:
                    for name in trip.groups:
                        if name in self.of_group:
                            self._brought(name, trip.end)

    def _key(self, crowd: Crowd, at: str) -> tuple[str, int, frozenset[str], int, int, int, bool]:
        seats = crowd.uses.get("seat", 0)
        other = _other(crowd.uses)
        kind = self.scenario.person_class[crowd.class_id]
        stream = WALKING
        if other:
            stream = LYING
        elif crowd.class_id == "seated" or kind.weight > 1 or kind.weight_reason:
            stream = SICK
        theirs = crowd.id in self.aside
        return at, stream, crowd.wants, crowd.each, seats, other, theirs

    def _pool(self, key: tuple[str, int, frozenset[str], int, int, int, bool]) -> int:
        if key not in self.keys:
            self.keys.append(key)
            self.crowds.append([])
        return self.keys.index(key)

    def _brought(self, group: str, to: str) -> None:
        """Note that a group may wait at a place to which it is brought."""
        home = self.of_group[group]
        _, *others = self.keys[home]
        target = self._pool((to, *others))  # type: ignore[arg-type]  # the same key elsewhere
        for pool, key in enumerate(self.keys):
            if key[1:] == self.keys[home][1:]:
                self.next[pool, to] = target

    def may_board(
        self, start: str, end: str, fleet: Fleet, planned: frozenset[str]
    ) -> tuple[int, ...]:
        """Return the pools that may ride from one place to another, the first to board first."""
        counts = self.problem.sites[end].arrived
        meant = {self.of_group[name] for name in planned if name in self.of_group}
        meant |= {self.next[pool, start] for pool in meant if (pool, start) in self.next}
        found = []
        for pool, (at, stream, wants, _, _, other, _) in enumerate(self.keys):
            if at != start:
                continue
            fits = pool in meant if not counts else (not wants or end in wants)
            carries = fleet.slots.get("seat", 0) > 0 if not other else True
            if fits and carries:
                found.append((stream, pool not in meant, pool))
        return tuple(pool for _, _, pool in sorted(found))

    def aboard(self, trips: Sequence[Trip]) -> tuple[int, ...]:
        """Return new pools of those aboard trips that have begun, a pool for each group or class.

        Who is sent back joins those of his group, or of his class, at the place that he left.
        """
        heads: dict[tuple[str, str], int] = defaultdict(int)
        for one in trips:
            loose = dict(one.load)
            for name, people in one.groups.items():
                known = self.scenario.group.get(name)
                if known is None or not people:
                    continue
                companions = self.scenario.person_class[known.class_id].companions
                loose[known.class_id] = loose.get(known.class_id, 0) - people
                loose[COMPANION] = loose.get(COMPANION, 0) - people * companions
                heads[name, ""] += people
            for class_id, people in loose.items():
                if people > 0:
                    heads["", class_id] += people
        found = []
        start = trips[0].start
        for (name, class_id), people in heads.items():
            same = [
                one
                for one in self.problem.crowds
                if (one.id == name if name else one.class_id == class_id)
            ]
            home = same[0] if same else None
            stream, each, theirs = WALKING, 1, False
            if home is not None:
                _, stream, _, each, _, _, theirs = self._key(home, home.at)
            if not name:
                each = 1
            number = len(self.keys)
            self.keys.append((f"{ABOARD}{number}", stream, frozenset(), each, 0, 0, theirs))
            self.crowds.append([])
            self.fixed[number] = people
            if home is not None and name and home.at == start:
                self.next[number, start] = self.of_group[name]
            found.append(number)
        return tuple(found)

    def tops(self) -> list[tuple[Reals, int]]:
        """Return the law of the people of each pool with the persons that each of them is."""
        return [(self._law(number), key[3]) for number, key in enumerate(self.keys)]

    def _law(self, number: int) -> Reals:
        if number in self.fixed:
            return np.full(DEMAND_POINTS, float(self.fixed[number]))
        return self._demand(self.crowds[number])

    def _demand(self, crowds: Iterable[Crowd]) -> Reals:
        at = np.linspace(0.0, 1.0, DEMAND_POINTS)
        at[0], at[-1] = 0.001, 0.999
        total = np.zeros(DEMAND_POINTS)
        for one in crowds:
            leave = self.scenario.group[one.id].leave
            if leave.is_range:
                ends = tuple(float(leave.pick(end)) for end in ENDS)
                total += quantiles(Uncertain("triangular", ends), at)
            else:
                total += one.total * quantiles(self.factor, at)
        return np.floor(total + 0.5)

    def demand(self) -> Reals:
        """Return the law of the people of each pool, a row each."""
        return np.array([self._law(number) for number in range(len(self.keys))])

    def follows(self, place: Mapping[str, int]) -> Counts:
        """Return which pool people of a pool join at each place; -1 for none."""
        found = np.full((len(self.keys), len(place)), -1, dtype=np.int64)
        for (pool, to), target in self.next.items():
            found[pool, place[to]] = target
        return found

    def ready(self) -> Records:
        """Return the steps in which the pools get ready, one pool after the other."""
        return np.array([step for crowds in self.crowds for step in _ready(crowds)], dtype=READY)

    def columns(self, place: Mapping[str, int]) -> dict[str, object]:
        """Return the columns of POOL."""
        ready = [0, *itertools.accumulate(len(_ready(crowds)) for crowds in self.crowds)]
        return {
            "at": [
                -1 if number in self.fixed else place[key[0]]
                for number, key in enumerate(self.keys)
            ],
            "stream": [key[1] for key in self.keys],
            "each": [key[3] for key in self.keys],
            "seats": [key[4] for key in self.keys],
            "other": [key[5] for key in self.keys],
            "planned": [
                self.fixed.get(number, sum(one.total for one in crowds))
                for number, crowds in enumerate(self.crowds)
            ],
            "theirs": [int(key[6]) for key in self.keys],
            "ready0": ready[:-1],
            "ready1": ready[1:],
        }


def _ready(crowds: Sequence[Crowd]) -> list[tuple[float, float]]:
    """Return which share of a pool is ready by when."""
    total = sum(one.total for one in crowds)
    if not total:
        return [(0.0, 1.0)]
    moments = sorted({at for one in crowds for at, _ in one.ready})
    return [(float(at), sum(one.ready_by(at) for one in crowds) / total) for at in moments]


class _Spans:
    """When movements may depart, by lane and driving time, kept once each."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rows: list[tuple[float, float]] = []
        self.known: dict[tuple[object, ...], tuple[int, int]] = {}

    def rows_of(self, movement: Movement, problem: Problem) -> tuple[int, int]:
        """Return the first row and the end of the rows of a movement."""
        key = (movement.corridor, movement.legs, movement.drive)
        if key not in self.known:
            found = _departures(self._openings(movement), movement.drive, problem.margin)
            begin = len(self.rows)
            self.rows += found
            self.known[key] = (begin, len(self.rows))
        return self.known[key]

    def allow(self, movement: Movement, depart: int) -> bool:
        """Tell whether a movement may depart at a second."""
        first, end = self.rows_of(movement, self.problem)
        return any(opens <= depart <= closes for opens, closes in self.rows[first:end])

    def _openings(self, movement: Movement) -> list[Openings]:
        windows = self.problem.windows
        if movement.corridor is not None:
            found = list(self.problem.lanes[movement.corridor].openings)
        else:
            found = [windows["all"]] if "all" in windows and not self.problem.lanes else []
        found += [windows[leg] for leg in movement.legs if leg in windows]
        return found


def _departures(openings: Sequence[Openings], drive: int, margin: int) -> list[tuple[float, float]]:
    """Return the spans in which a passage may begin so that it ends within all its openings."""
    spans = [(-LATE, LATE)]
    for one in openings:
        allowed = [
            (float(opens), LATE if closes >= FOREVER else float(closes - drive - margin))
            for opens, closes in one.spans
        ]
        spans = sorted(
            (max(a, c), min(b, d)) for a, b in spans for c, d in allowed if max(a, c) <= min(b, d)
        )
    return spans


def _other(slots: Mapping[str, int]) -> int:
    """Return how many slots other than seats; oxygen goes with a seat."""
    return sum(count for slot, count in slots.items() if slot != "seat")


def _leg_seconds(leg: Leg, kind: str) -> float:
    return float(math.ceil(leg.time_for(kind).pick().total_seconds()))


def _ints(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(list(values), dtype=np.int64)


def _reals(values: Iterable[float]) -> Reals:
    return np.array(list(values), dtype=np.float64)
