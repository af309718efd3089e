"""What a plan in force still holds, booked again as far as it can be; and why the rest cannot.

Knows one plan of earlier and a schedule as of now. Convoys keep their time, vehicles and people;
what is late within an hour delays its convoy, what is later is left out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safepassage.planner.called import at_clock
from safepassage.planner.filling import BestFilling
from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.planner.problem import Fleet, Problem
from safepassage.planner.schedule import Cart, Load, Passage, Ride, Schedule
from safepassage.planner.ways import Way

LONGEST_DELAY = 3600
"""A convoy that would have to wait longer goes without those it waits for, or not at all."""


def still_ahead(plan: Plan, departed: Sequence[str], since: int) -> Plan:
    """Return what of a plan has not begun: convoys not departed, other trips from a second on."""
    gone = set(departed)
    return replace(
        plan,
        convoys=tuple(one for one in plan.convoys if one.id not in gone),
        trips=tuple(
            one
            for one in plan.trips
            if (one.depart >= since if one.convoy is None else one.convoy not in gone)
        ),
        stated=None,
    )


def beginning(plan: Plan, share: float) -> Plan:
    """Return the first part of a plan: what departs in this share of its time."""
    times = [one.depart for one in plan.convoys] + [one.depart for one in plan.trips]
    if not times:
        return plan
    until = min(times) + share * (max(times) - min(times))
    convoys = tuple(one for one in plan.convoys if one.depart <= until)
    kept = {one.id for one in convoys}
    return replace(
        plan,
        convoys=convoys,
        trips=tuple(
            one
            for one in plan.trips
            if (one.depart <= until if one.convoy is None else one.convoy in kept)
        ),
    )


@dataclass(frozen=True, slots=True)
class _AsPlanned:
    """Fill with the people that a trip of the plan carries; with others where those are gone."""

    trip: Trip
    else_: BestFilling

    def __call__(
        self, schedule: Schedule, fleet: Fleet, way: Way, depart: int, arrive: int, most: int
    ) -> Load:
        changing = schedule.changing
        if changing.worth(depart, arrive, way.end) <= 0:
            return Load({}, {}, 0, 0.0)
        persons = min(most, schedule.can_take(way.end, arrive))
        most_of = dict(self.trip.groups)
        order = [one for one in schedule.problem.crowds if one.id in most_of]
        for one in changing.crowds.get(way.start, ()):
            if changing.group_of[one.id] in most_of:
                most_of[one.id] = most_of[changing.group_of[one.id]]
                order.append(one)
        planned = schedule.fill(
            fleet, way.start, way.end, depart - fleet.load, persons, order, most_of=most_of
        )
        if planned.persons >= sum(self.trip.load.values()):
            return planned
        other = self.else_.load(schedule, fleet, way, depart, arrive, most=most)
        return other if other.worth > planned.worth else planned


class Follower:
    """Books a plan of earlier into a schedule; `why` says what could not be kept."""

    def __init__(
        self,
        schedule: Schedule,
        plan: Plan,
        filling: BestFilling,
        longest_delay: int = LONGEST_DELAY,
    ) -> None:
        self.schedule = schedule
        self.longest_delay = longest_delay
        self.problem: Problem = schedule.problem
        self.plan = plan
        self.filling = filling
        self.why: dict[str, str] = {}
        self.trips_of: dict[str, list[Trip]] = {}
        for one in plan.trips:
            if one.convoy is not None:
                self.trips_of.setdefault(one.convoy, []).append(one)

    def run(self) -> None:
        """Book all that still can be, in the order of departure."""
        events: list[tuple[int, int, Convoy | Trip]] = [
            (one.depart, 0, one) for one in self.plan.convoys
        ]
        events += [(one.depart, 1, one) for one in self.plan.trips if one.convoy is None]
        for _, _, one in sorted(events, key=lambda event: event[:2]):
            if isinstance(one, Convoy):
                self._convoy(one)
            else:
                self._trip(one)

    def _name(self, trip: Trip) -> str:
        return trip.vehicle or "staff"

    def _note(self, key: str, why: str) -> None:
        known = self.why.get(key)
        self.why[key] = why if known is None else f"{known}; {why}"

    def _way(self, trip: Trip) -> Way | None:
        kind = trip.kind or ""
        ways = self.schedule.ways.between(kind, trip.start, trip.end)
        return next((one for one in ways if one.legs == trip.legs), None)

    # ------------------------------------------------------------------ without convoy

    def _trip(self, trip: Trip) -> None:
        way = self._way(trip)
        key = f"{self._name(trip)} at {self._clock(trip.depart)}"
        if way is None:
            self._note(key, f"its way from {trip.start} to {trip.end} is closed")
            return
        if trip.vehicle is None:
            if not self.schedule.staff_alone(way, trip.depart, trip.staff):
                self._note(key, "staff who would ride alone are not there, or the way is closed")
            return
        cart, problem = self._cart(trip)
        if cart is None:
            self._note(key, f"{trip.vehicle}: {problem}")
            return
        fill = _AsPlanned(trip, self.filling) if trip.groups else None
        ride = self.schedule.ride_alone(cart, way, fill, trip.depart)
        if ride is None:
            self._note(key, f"{trip.vehicle} cannot drive then, or nobody waits at {trip.start}")
        elif ride.depart > trip.depart + self.longest_delay:
            self._note(key, f"{trip.vehicle} could leave only at {self._clock(ride.depart)}")
        elif not self.schedule.book_alone(ride):
            self._note(key, f"the staff that {trip.vehicle} needs are not at {trip.start}")
        elif ride.depart != trip.depart:
            self._note(key, f"{trip.vehicle} can leave only at {self._clock(ride.depart)}")

    def _cart(self, trip: Trip) -> tuple[Cart | None, str]:
        """Return the vehicle of a trip where it stands, else why it is not there."""
        cart = self.schedule.carts.get(trip.vehicle or "")
        if cart is None:
            return None, "lost, or nobody knows where"
        if cart.place != trip.start:
            return None, f"at {cart.place}, not at {trip.start}"
        return cart, ""

    def _clock(self, second: int) -> str:
        return at_clock(self.plan.start, second)

    # ------------------------------------------------------------------ convoys

    def _convoy(self, convoy: Convoy) -> None:
        lane = self.problem.lanes.get(convoy.corridor)
        trips = self.trips_of.get(convoy.id, [])
        if lane is None or (convoy.start, convoy.end) not in (lane.ends, lane.ends[::-1]):
            self._note(convoy.id, f"there is no corridor {convoy.corridor} any more")
            return
        forward = (convoy.start, convoy.end) == lane.ends
        members = self._members(convoy, trips)
        alone = [one for one in trips if one.vehicle is None]
        if not members and any(one.vehicle is not None for one in trips):
            if convoy.id not in self.why:
                self._note(convoy.id, "none of its vehicles is there")
            return
        at = self._entry(convoy, members, forward=forward)
        if at is None:
            return
        if not members:
            kinds: dict[str, int] = dict(convoy.staff)
            for trip in alone:
                for kind, number in trip.staff.items():
                    kinds[kind] = kinds.get(kind, 0) + number
            if not self.schedule.staff_passage(lane, at, kinds, forward=forward):
                self._note(convoy.id, f"its staff are not at {convoy.start}")
            return
        self._send(convoy, members, at, forward=forward)
        if at != convoy.depart and convoy.id not in self.why:
            self._note(convoy.id, f"can enter only at {self._clock(at)}")

    def _members(self, convoy: Convoy, trips: Sequence[Trip]) -> list[tuple[Trip, Cart, Way]]:
        found = []
        absent: dict[str, list[str]] = {}
        for trip in trips:
            if trip.vehicle is None:
                continue
            cart, why = self._cart(trip)
            way = None if cart is None else self._way(trip)
            if cart is None:
                absent.setdefault(why, []).append(trip.vehicle)
            elif way is None:
                self._note(convoy.id, f"the way of {trip.vehicle} is closed")
            else:
                earliest = self._earliest(trip, cart, way)
                if earliest is None or earliest > convoy.depart + self.longest_delay:
                    when = "never" if earliest is None else f"only at {self._clock(earliest)}"
                    absent.setdefault(f"at {convoy.start} {when}", []).append(trip.vehicle)
                else:
                    found.append((trip, cart, way))
        for why, names in absent.items():
            self._note(convoy.id, f"{_listed(names)}: {why}")
        return found

    def _earliest(self, trip: Trip, cart: Cart, way: Way) -> int | None:
        """Return about when a vehicle can enter its corridor, None if its tank does not last."""
        takes = self.schedule.ways.lane_time(way.lane or "", cart.fleet.kind) if way.lane else 0
        free = self.schedule.fuel_free(cart, way, takes)
        if free is None:
            return None
        if not trip.groups:
            return max(free, 0) + way.before
        ready = max(free + cart.fleet.load, self.problem.opening)
        return max(ready, self.schedule.stepwise.free(cart.place)) + way.before

    def _entry(
        self, convoy: Convoy, members: Sequence[tuple[Trip, Cart, Way]], *, forward: bool
    ) -> int | None:
        """Return when a convoy can enter, with all that can be there within the hour."""
        lane = self.problem.lanes[convoy.corridor]
        ways = self.schedule.ways
        kinds = [cart.fleet.kind for _, cart, _ in members] or [""]
        slowest = max(kinds, key=lambda one: (ways.lane_time(lane.id, one), one))
        takes = ways.lane_time(lane.id, slowest)
        at = convoy.depart
        for trip, cart, way in members:
            at = max(at, self._earliest(trip, cart, way) or at)
        for _ in range(50):
            entry = self.schedule.next_lane_entry(lane, at, takes, forward=forward, slowest=slowest)
            if entry is None or entry > convoy.depart + self.longest_delay:
                self._note(convoy.id, f"{lane.id} is closed or taken then")
                return None
            later = entry
            for kind, helper in self.problem.helpers.items():
                if not helper.for_convoy or not helper.needed_over(lane.legs):
                    continue
                start = lane.start(forward)
                found = self.schedule.crew.next_available(kind, start, entry, takes, 1)
                if found is None or found > convoy.depart + self.longest_delay:
                    self._note(convoy.id, f"no {kind} is at {start} in time")
                    return None
                later = max(later, found)
            if later == entry:
                return entry
            at = later
        return None

    def _send(
        self,
        convoy: Convoy,
        members: list[tuple[Trip, Cart, Way]],
        at: int,
        *,
        forward: bool,
    ) -> None:
        lane = self.problem.lanes[convoy.corridor]
        ways = self.schedule.ways
        members = sorted(members, key=lambda one: -ways.lane_time(lane.id, one[1].fleet.kind))
        while members:
            kind = members[0][1].fleet.kind
            passage = self.schedule.open_passage(lane, at, forward=forward, slowest=kind)
            if passage is None:
                self._note(convoy.id, f"{lane.id} is closed or taken then")
                return
            left: dict[str, list[str]] = {}
            for one in members:
                why = self._join(passage, one)
                if why is not None:
                    left.setdefault(why, []).append(one[0].vehicle or "")
            for why, names in left.items():
                self._note(convoy.id, f"{_listed(names)}: {why}")
            if passage.rides:
                self._more_staff(convoy, passage)
                self.schedule.close_passage(passage)
                return
            members = [one for one in members if one[1].fleet.kind != kind]
        self._note(convoy.id, "none of its vehicles can go with it")

    def _join(self, passage: Passage, member: tuple[Trip, Cart, Way]) -> str | None:
        """Let a vehicle go with a convoy; return why it does not, if that is to be told."""
        trip, cart, way = member
        if not passage.rides and cart.fleet.kind != passage.slowest:
            return None  # One of the slowest kind has to be in, for it sets the time of all.
        fill = _AsPlanned(trip, self.filling) if trip.groups else None
        ride: Ride | None = self.schedule.ride_in(cart, way, passage, fill)
        if ride is None:
            if fill:
                return "nobody is left to board, or the way is closed"
            return "cannot be there in time"
        if not self.schedule.join(passage, ride):
            return "no staff to go with it, or the convoy is full"
        return None

    def _more_staff(self, convoy: Convoy, passage: Passage) -> None:
        """Let staff ride along whom the plan sends beyond what is needed."""
        wanted: dict[str, int] = dict(convoy.staff)
        for trip in self.trips_of.get(convoy.id, ()):
            for kind, number in trip.staff.items():
                wanted[kind] = wanted.get(kind, 0) + number
        for kind, number in wanted.items():
            short = number - passage.aboard(kind)
            if kind in self.problem.helpers and short > 0:
                self.schedule.take_along(passage, kind, number)


def _listed(names: Sequence[str]) -> str:
    """Return names, those in the middle left out where they are many."""
    names = sorted(names)
    return ", ".join(names) if len(names) < 4 else f"{names[0]} to {names[-1]} ({len(names)})"
