"""Each trip as a ride over the ground: which leg, place and corridor it is on, and when.

Checks that the way is a chain (`continuity`), that a corridor is driven whole and in its convoy
(`convoy`), and that the stated times are the driving times (`times`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from safepassage.planner.checking.given import Given, GivenVehicle, up
from safepassage.planner.checking.violation import Violation, clock, length
from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.scenario.places import Corridor, Leg


@dataclass(frozen=True, slots=True)
class OnLeg:
    """A stretch of a ride: on this leg from `enters` to `leaves` (seconds)."""

    leg: str
    enters: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Passing:
    """A place on the way: reached, and passed (left behind) after any wait for a convoy."""

    place: str
    reached: int
    passed: int


@dataclass(frozen=True, slots=True)
class Ride:
    """One trip with what the scenario says of it.

    `people` counts everybody aboard, companions included. `boards` is when boarding begins.
    `on_legs` and `passings` are empty where the way is not a chain of known legs.
    """

    trip: Trip
    where: str
    vehicle: GivenVehicle | None
    people: int
    boards: int
    on_legs: tuple[OnLeg, ...] = ()
    passings: tuple[Passing, ...] = ()

    @property
    def loaded(self) -> bool:
        """Whether people are aboard."""
        return self.people > 0


@dataclass(frozen=True, slots=True)
class ConvoyRides:
    """A convoy with its rides, its way (legs in its direction) and the times of those legs."""

    convoy: Convoy
    where: str
    rides: tuple[Ride, ...]
    way: tuple[tuple[Leg, bool], ...]
    kinds: frozenset[str]
    on_legs: tuple[OnLeg, ...]
    forward: bool | None


@dataclass
class _Way:
    """The legs of a trip in the direction driven, with the part that is a corridor."""

    legs: list[tuple[Leg, bool]] = field(default_factory=list)
    corridor: Corridor | None = None
    forward: bool = True
    first: int = 0
    last: int = 0


def trip_name(number: int, trip: Trip, plan: Plan) -> str:
    """Return how a trip is called in messages."""
    who = trip.vehicle if trip.vehicle is not None else "staff alone"
    return (
        f"trip {number} ({who}, {trip.start} to {trip.end}, departs "
        f"{clock(plan.start, trip.depart)})"
    )


def corridor_way(given: Given, corridor: Corridor) -> list[tuple[Leg, bool]] | None:
    """Return the legs of a corridor in file order with their directions; None if no chain."""
    legs = [given.scenario.leg.get(one) for one in corridor.legs]
    known = [one for one in legs if one is not None]
    if not known or len(known) != len(legs):
        return None
    for start in (known[0].start, known[0].end):
        way = _chain(start, known)
        if way is not None:
            return way
    return None


def _chain(start: str, legs: Iterable[Leg]) -> list[tuple[Leg, bool]] | None:
    """Return the legs with their directions when driven from `start`; None if they break."""
    at = start
    way = []
    for leg in legs:
        if leg.start == at:
            way.append((leg, True))
            at = leg.end
        elif leg.end == at:
            way.append((leg, False))
            at = leg.start
        else:
            return None
    return way


def _end_of(way: list[tuple[Leg, bool]]) -> str:
    leg, forward = way[-1]
    return leg.end if forward else leg.start


def _start_of(way: list[tuple[Leg, bool]]) -> str:
    leg, forward = way[0]
    return leg.start if forward else leg.end


class RideReader:
    """Turns the trips and convoys of one plan into rides; collects what is wrong with them."""

    def __init__(self, given: Given, plan: Plan) -> None:
        self.given = given
        self.plan = plan
        self.violations: list[Violation] = []
        self._ways: dict[tuple[str, str, tuple[str, ...]], tuple[_Way | None, str]] = {}
        self._corridor_ways = {one.id: corridor_way(given, one) for one in given.scenario.corridors}
        self._corridors_of_leg: dict[str, list[Corridor]] = {}
        for corridor in given.scenario.corridors:
            for leg_id in corridor.legs:
                self._corridors_of_leg.setdefault(leg_id, []).append(corridor)

    def _break(self, rule: str, where: str, at: int | None, found: str, allowed: str) -> None:
        self.violations.append(Violation(rule, where, at, found, allowed))

    def read(self) -> tuple[list[Ride], list[ConvoyRides]]:
        """Return the rides in the order of the plan, and the convoys with their rides."""
        trips_of: dict[str, list[int]] = {}
        for number, trip in enumerate(self.plan.trips):
            if trip.convoy is not None:
                trips_of.setdefault(trip.convoy, []).append(number)
        convoys: dict[str, tuple[Convoy, list[tuple[Leg, bool]], list[OnLeg], bool | None]] = {}
        for convoy in self.plan.convoys:
            where = f"convoy {convoy.id}"
            if convoy.id in convoys:
                self._break("convoy", where, convoy.depart, "two convoys of this id", "one")
                continue
            members = [self.plan.trips[one] for one in trips_of.get(convoy.id, ())]
            kinds = {one.kind for one in members if one.vehicle is not None and one.kind}
            convoys[convoy.id] = (convoy, *self._read_convoy(convoy, where, kinds))
        rides = [self._read_trip(number, convoys) for number in range(len(self.plan.trips))]
        result = []
        for convoy_id, (convoy, way, on_legs, forward) in convoys.items():
            riding = [rides[one] for one in trips_of.get(convoy_id, ())]
            kinds = {one.trip.kind for one in riding if one.trip.vehicle and one.trip.kind}
            result.append(
                ConvoyRides(
                    convoy,
                    f"convoy {convoy_id}",
                    tuple(riding),
                    tuple(way),
                    frozenset(kinds),
                    tuple(on_legs),
                    forward,
                )
            )
        return rides, result

    def _read_convoy(
        self, convoy: Convoy, where: str, kinds: set[str]
    ) -> tuple[list[tuple[Leg, bool]], list[OnLeg], bool | None]:
        """Check where and how fast a convoy goes; return its way and when it is on each leg."""
        corridor = self.given.scenario.corridor.get(convoy.corridor)
        if corridor is None:
            self._break("convoy", where, convoy.depart, f"corridor {convoy.corridor}", "a corridor")
            return [], [], None
        forward_way = self._corridor_ways[corridor.id]
        if forward_way is None:
            self._break(
                "convoy", where, convoy.depart, f"corridor {corridor.id} is no chain", "a chain"
            )
            return [], [], None
        ends = (_start_of(forward_way), _end_of(forward_way))
        if (convoy.start, convoy.end) == ends:
            way, forward = forward_way, True
        elif (convoy.end, convoy.start) == ends:
            way, forward = [(leg, not ahead) for leg, ahead in reversed(forward_way)], False
        else:
            self._break(
                "convoy",
                where,
                convoy.depart,
                f"goes from {convoy.start} to {convoy.end}",
                f"from {ends[0]} to {ends[1]} or back",
            )
            return [], [], None
        for leg, ahead in way:
            if leg.one_way and not ahead:
                self._break(
                    "continuity",
                    where,
                    convoy.depart,
                    f"drives leg {leg.id} against its one way",
                    f"from {leg.start} to {leg.end} only",
                )
        on_legs, at = self._slowest(way, kinds, convoy.depart)
        if convoy.arrive != at:
            self._break(
                "convoy",
                where,
                convoy.arrive,
                f"leaves the corridor after {length(convoy.arrive - convoy.depart)}",
                f"after {length(at - convoy.depart)}, the time of its slowest vehicle kind",
            )
        if convoy.depart < 0:
            self._break("times", where, convoy.depart, "enters before the start", "0 min or later")
        if convoy.arrive > self.given.horizon:
            self._break(
                "times",
                where,
                convoy.arrive,
                f"leaves the corridor at {length(convoy.arrive)}",
                f"by the horizon, {length(self.given.horizon)}",
            )
        return way, on_legs, forward

    def _slowest(
        self, way: list[tuple[Leg, bool]], kinds: set[str], depart: int
    ) -> tuple[list[OnLeg], int]:
        """Return when the slowest vehicle kind is on each leg (staff alone if there is none)."""
        if not kinds:
            return self._drive(way, None, depart)
        return max(
            (self._drive(way, kind, depart) for kind in sorted(kinds)), key=lambda one: one[1]
        )

    def _read_trip(
        self,
        number: int,
        convoys: dict[str, tuple[Convoy, list[tuple[Leg, bool]], list[OnLeg], bool | None]],
    ) -> Ride:
        trip = self.plan.trips[number]
        where = trip_name(number, trip, self.plan)
        vehicle = self._vehicle_of(trip, where)
        people = sum(trip.load.values())
        boards = trip.depart - vehicle.load if vehicle is not None and people else trip.depart
        if trip.depart < 0:
            self._break("times", where, trip.depart, "departs before the start", "0 min or later")
        if trip.arrive > self.given.horizon:
            self._break(
                "times",
                where,
                trip.arrive,
                f"arrives at {length(trip.arrive)}",
                f"by the horizon, {length(self.given.horizon)}",
            )
        way = self._way_of(trip, where)
        convoy = None
        if trip.convoy is not None:
            convoy = convoys.get(trip.convoy)
            if convoy is None:
                self._break("convoy", where, trip.depart, f"names convoy {trip.convoy}", "a convoy")
        if way is None:
            return Ride(trip, where, vehicle, people, boards)
        if way.corridor is None:
            if trip.convoy is not None:
                self._break(
                    "convoy",
                    where,
                    trip.depart,
                    f"names convoy {trip.convoy}",
                    "no convoy: its way uses no corridor",
                )
            on_legs, arrive = self._drive(way.legs, trip.kind, trip.depart)
        elif convoy is None or not self._fits(way, convoy[0], where, trip, forward=convoy[3]):
            if trip.convoy is None:
                self._break(
                    "convoy",
                    where,
                    trip.depart,
                    "names no convoy",
                    f"a convoy of corridor {way.corridor.id}",
                )
            return Ride(trip, where, vehicle, people, boards)
        else:
            before, reaches = self._drive(way.legs[: way.first], trip.kind, trip.depart)
            if reaches > convoy[0].depart:
                self._break(
                    "times",
                    where,
                    reaches,
                    f"reaches the corridor at {clock(self.plan.start, reaches)}",
                    f"by the convoy's entry at {clock(self.plan.start, convoy[0].depart)}",
                )
            after, arrive = self._drive(way.legs[way.last :], trip.kind, convoy[0].arrive)
            on_legs = [*before, *convoy[2], *after]
        if trip.arrive != arrive:
            self._break(
                "times",
                where,
                trip.arrive,
                f"arrives at {clock(self.plan.start, trip.arrive)}",
                f"{clock(self.plan.start, arrive)} by the driving times",
            )
        passings = self._passings(way.legs, on_legs)
        return Ride(trip, where, vehicle, people, boards, tuple(on_legs), passings)

    def _vehicle_of(self, trip: Trip, where: str) -> GivenVehicle | None:
        if trip.vehicle is None:
            if trip.kind is not None:
                self._break("vehicle", where, trip.depart, f"kind {trip.kind}", "no kind")
            if any(trip.load.values()) or any(trip.groups.values()):
                self._break("vehicle", where, trip.depart, "people without a vehicle", "staff only")
            return None
        vehicle = self.given.vehicle(trip.vehicle)
        if vehicle is None:
            self._break(
                "vehicle", where, trip.depart, f"vehicle {trip.vehicle}", "a vehicle that exists"
            )
        elif vehicle.kind != trip.kind:
            self._break("vehicle", where, trip.depart, f"kind {trip.kind}", vehicle.kind)
        return vehicle

    def _way_of(self, trip: Trip, where: str) -> _Way | None:
        key = (trip.start, trip.end, trip.legs)
        found = self._ways.get(key)
        if found is None:
            before = len(self.violations)
            way = self._read_way(trip, where)
            said = self.violations[before:]
            rule_and_words = said[0] if said else None
            # A fault of a way is said for every trip that uses it, not only for the first.
            self._ways[key] = (way, "" if rule_and_words is None else rule_and_words.rule)
            return way
        way, rule = found
        if rule:
            self._break(
                rule, where, trip.depart, f"the legs {', '.join(trip.legs)}", "a way that is whole"
            )
        return way

    def _read_way(self, trip: Trip, where: str) -> _Way | None:
        for place in (trip.start, trip.end):
            if self.given.place(place) is None:
                self._break("continuity", where, trip.depart, f"place {place}", "a known place")
                return None
        legs = [self.given.scenario.leg.get(one) for one in trip.legs]
        known = [one for one in legs if one is not None]
        if len(known) != len(legs):
            missing = [one for one in trip.legs if one not in self.given.scenario.leg]
            self._break(
                "continuity", where, trip.depart, f"legs {', '.join(missing)}", "known legs"
            )
            return None
        if not known or trip.start == trip.end:
            self._break(
                "continuity",
                where,
                trip.depart,
                f"{len(known)} legs from {trip.start} to {trip.end}",
                "at least one leg, from one place to another",
            )
            return None
        way = _chain(trip.start, known)
        if way is None or _end_of(way) != trip.end:
            self._break(
                "continuity",
                where,
                trip.depart,
                f"the legs {', '.join(trip.legs)}",
                f"a chain from {trip.start} to {trip.end}",
            )
            return None
        for leg, ahead in way:
            if leg.one_way and not ahead:
                self._break(
                    "continuity",
                    where,
                    trip.depart,
                    f"drives leg {leg.id} against its one way",
                    f"from {leg.start} to {leg.end} only",
                )
                return None
        found = self._with_corridor(_Way(way), trip, where)
        return None if found is None or self._turns_back(found, trip, where) else found

    def _turns_back(self, way: _Way, trip: Trip, where: str) -> bool:
        """Break where a way comes to a place twice before its corridor, or after it.

        Nobody waits after a corridor (docs/model.md): driving back and forth would be such a wait.
        """
        for part in (way.legs[: way.first], way.legs[way.last :]):
            places = [leg.start if ahead else leg.end for leg, ahead in part]
            places += [_end_of(part)] if part else []
            again = sorted({one for one in places if places.count(one) > 1})
            if again:
                self._break(
                    "continuity",
                    where,
                    trip.depart,
                    f"comes to {', '.join(again)} more than once",
                    "each place once before a corridor, and once after it",
                )
                return True
        return False

    def _with_corridor(self, way: _Way, trip: Trip, where: str) -> _Way | None:
        """Find the corridor of a way; it must be one, whole, in one piece and in order."""
        used: dict[str, Corridor] = {}
        for leg, _ in way.legs:
            for corridor in self._corridors_of_leg.get(leg.id, ()):
                used[corridor.id] = corridor
        if not used:
            return way
        if len(used) > 1:
            self._break(
                "convoy",
                where,
                trip.depart,
                f"uses the corridors {', '.join(sorted(used))}",
                "at most one corridor on a way",
            )
            return None
        (corridor,) = used.values()
        ids = tuple(leg.id for leg, _ in way.legs)
        size = len(corridor.legs)
        for order in (corridor.legs, corridor.legs[::-1]):
            starts = [one for one in range(len(ids) - size + 1) if ids[one : one + size] == order]
            inside = sum(1 for one in ids if one in corridor.legs)
            if len(starts) == 1 and inside == size:
                way.corridor = corridor
                way.first, way.last = starts[0], starts[0] + size
                way.forward = self._goes_forward(way, corridor)
                return way
        self._break(
            "convoy",
            where,
            trip.depart,
            f"drives the legs {', '.join(ids)}",
            f"all legs of corridor {corridor.id} once, in order: {', '.join(corridor.legs)}",
        )
        return None

    def _goes_forward(self, way: _Way, corridor: Corridor) -> bool:
        forward_way = self._corridor_ways[corridor.id]
        return forward_way is not None and way.legs[way.first : way.last] == forward_way

    def _fits(
        self, way: _Way, convoy: Convoy, where: str, trip: Trip, *, forward: bool | None
    ) -> bool:
        """Whether a trip's convoy runs on its corridor in its direction."""
        corridor = way.corridor
        if corridor is None or convoy.corridor != corridor.id:
            name = "no corridor" if corridor is None else corridor.id
            self._break(
                "convoy",
                where,
                trip.depart,
                f"convoy {convoy.id} of corridor {convoy.corridor}",
                f"a convoy of {name}",
            )
            return False
        if forward is None:
            return False
        if forward != way.forward:
            self._break(
                "convoy",
                where,
                trip.depart,
                f"convoy {convoy.id}, which goes from {convoy.start} to {convoy.end}",
                "a convoy in the direction of the trip",
            )
            return False
        return True

    def _drive(
        self, legs: list[tuple[Leg, bool]], kind: str | None, at: int
    ) -> tuple[list[OnLeg], int]:
        """Return when each leg is driven from a moment on, and when the last one is left."""
        driven = []
        for leg, _ in legs:
            leaves = self.given.leaves(leg, kind, at)
            driven.append(OnLeg(leg.id, at, leaves))
            at = leaves
        return driven, at

    def _passings(self, legs: list[tuple[Leg, bool]], on_legs: list[OnLeg]) -> tuple[Passing, ...]:
        """Return the places between two legs, and the checkpoints on the legs."""
        found = []
        for number, ((leg, ahead), on_leg) in enumerate(zip(legs, on_legs, strict=True)):
            if number > 0:
                at = leg.start if ahead else leg.end
                found.append(Passing(at, on_legs[number - 1].leaves, on_leg.enters))
            time = on_leg.leaves - on_leg.enters
            for through in leg.through:
                after = min(up(through.after), time)
                moment = on_leg.enters + (after if ahead else time - after)
                found.append(Passing(through.checkpoint, moment, moment))
        return tuple(found)
