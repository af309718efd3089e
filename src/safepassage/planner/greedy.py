"""Plans at once: vehicles are sent as they become ready, convoys by patience or by a timetable.

Knows how to decide for one vehicle or one convoy at a time; a search calls it many times.
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from safepassage.planner.crew import staff_needed
from safepassage.planner.filling import BestFilling, share_of
from safepassage.planner.following import LONGEST_DELAY, Follower
from safepassage.planner.plan import Plan
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Problem
from safepassage.planner.schedule import Cart, Load, Passage, Ride, Schedule
from safepassage.planner.unfetched import left_where_they_were
from safepassage.planner.ways import STAFF_ALONE, Way, Ways

FETCH_AHEAD = 5400
"""How many seconds earlier than needed staff are sent through a corridor at most."""

FETCH_ALONE = 3600
"""Seconds that people wait at most for staff who come alone on a way without corridor."""

FAIRNESS = 4
"""The power of the share still waiting by which a place counts where vehicles are sent fairly."""

FETCH_TO_CHANGE = 4 * FETCH_ALONE
"""The same where people change vehicles, unless the place states a longest wait."""

Door = tuple[str, bool]
"""A corridor and a direction (true: along its legs)."""


@dataclass(frozen=True)
class Policy:
    """How a plan is made.

    `timetable` has (second, corridor, forward) of the first convoys. After these a convoy waits up
    to `patience` seconds for more vehicles. `all_back` waits for all vehicles that stand on its
    side, however long their loading takes. `spread` sends vehicles to the pickup where they
    are loaded soonest, bays and queues counted; else to the nearest that is in want. `laden_first`
    lets empty vehicles wait at a corridor while people wait at any. `keep_rooms` keeps the places
    of a destination that fills up for those whom no other one takes. `follow` is what a plan in
    force still holds: it is booked first, as far as it can be with `follow_delay` seconds of delay.
    With `direct` people are brought to a change of vehicle only where no vehicle takes them there
    at once; `fuller` is how many times a vehicle there may wait for more people to be brought, and
    with `unhurried` it decides that later, when more of those who come are known. `fair` sends
    vehicles rather to where a large share of a group still waits.
    """

    timetable: tuple[tuple[int, str, bool], ...] = ()
    patience: Mapping[Door, int] = field(default_factory=dict)
    all_back: bool = False
    nearest: bool = False
    then_greedy: bool = True
    spread: bool = True
    laden_first: bool = False
    keep_rooms: bool = False
    follow: Plan | None = None
    follow_delay: int = LONGEST_DELAY
    direct: bool = False
    fuller: int = 0
    unhurried: bool = False
    fair: bool = False
    filling: BestFilling = field(default_factory=BestFilling)


def dispatch(
    problem: Problem, ways: Ways, policy: Policy, *, stop: Callable[[], bool] | None = None
) -> Schedule:
    """Return the schedule that a policy makes; stops early with what it has when asked to."""
    return Dispatcher(problem, ways, policy, stop).run()


@dataclass(slots=True)
class _Waiting:
    cart: Cart
    ways: tuple[Way, ...]
    worth: float
    loaded: bool
    refused: int = 0


class Dispatcher:
    """Makes one schedule by a policy."""

    def __init__(
        self, problem: Problem, ways: Ways, policy: Policy, stop: Callable[[], bool] | None
    ) -> None:
        self.problem = problem
        self.ways = ways
        self.policy = policy
        self.stop = stop
        self.schedule = Schedule(problem, ways)
        self.filling = policy.filling
        # Of vehicles that are free at once, those that load fastest decide first.
        self.queue: list[tuple[int, int, str]] = [
            (cart.free, cart.fleet.load, name) for name, cart in self.schedule.carts.items()
        ]
        heapq.heapify(self.queue)
        self.waiting: dict[Door, dict[str, _Waiting]] = {
            (lane, forward): {} for lane in problem.lanes for forward in (True, False)
        }
        self.not_before: dict[Door, int] = dict.fromkeys(self.waiting, 0)
        self.failures: dict[Door, int] = dict.fromkeys(self.waiting, 0)
        self.inbound: dict[str, float] = {}
        self.bound_for: dict[str, tuple[str, float]] = {}
        self.held: list[Cart] = []
        self.loading: dict[tuple[str, str], int] = {}
        self.outs: dict[tuple[str, str], int] = {}
        self.changing = self.schedule.changing
        self.idle: dict[str, Cart] = {}
        self.ends = [
            one.id
            for one in problem.sites.values()
            if one.arrived or one.id in self.changing.places
        ]
        self.slowest = {
            name: max(
                (ways.lane_longest(lane, one.kind) for one in problem.fleets if one.vehicles),
                default=0,
            )
            for name, lane in problem.lanes.items()
        }

    # ---------------------------------------------------------------- the run

    def run(self) -> Schedule:
        """Return the schedule; nobody in it is brought to a change of vehicle and left there."""
        self._run()
        if self.changing:
            self.schedule.trips = left_where_they_were(self.problem, self.schedule.trips)
        return self.schedule

    def _run(self) -> None:
        if self.policy.keep_rooms:
            self.schedule.keep_rooms()
        if self.policy.follow is not None:
            Follower(
                self.schedule, self.policy.follow, self.filling, self.policy.follow_delay
            ).run()
            self.queue = []
            for cart in self.schedule.carts.values():
                self._queue_up(cart, 0)
        self._place_staff()
        for at, lane, forward in self.policy.timetable:
            if self._stopped():
                return
            self._serve(at)
            self._send((lane, forward), at)
        if not self.policy.then_greedy:
            return
        while not self._stopped():
            tried = [(self._next_time(door), door) for door in self.waiting if self.waiting[door]]
            doors = [(at, door) for at, door in tried if at is not None]
            if not doors:
                if not self.queue:
                    break
                self._serve(self.queue[0][0])
                continue
            if self.policy.laden_first:
                doors = [one for one in doors if self._laden(one[1])] or doors
            at, door = min(doors)
            horizon = at + self.policy.patience.get(door, 0)
            if self.queue and self.queue[0][0] <= horizon:
                self._serve(horizon)
                continue
            self._send(door, self._patient(door, at))

    def _laden(self, door: Door) -> bool:
        return any(one.loaded for one in self.waiting[door].values())

    def _stopped(self) -> bool:
        return self.stop is not None and self.stop()

    def _serve(self, until: int) -> None:
        """Decide for every vehicle that is free by a second."""
        while self.queue and self.queue[0][0] <= until and not self._stopped():
            *_, name = heapq.heappop(self.queue)
            self._decide(self.schedule.carts[name])

    def _again(self, cart: Cart) -> None:
        self._no_longer_bound(cart)
        self._queue_up(cart, 0)
        for one in self.held:
            self._queue_up(one, 0)
        self.held = []

    def _brought(self, rides: Sequence[Ride]) -> None:
        """Let idle vehicles look again: people come to a change of vehicle, or go on from it.

        They do so when the people are there, so that all who come with them are known by then;
        where they are unhurried, as much later as it takes to go on from there.
        """
        if not self.changing or not self.idle:
            return
        there = [
            (ride.arrive + ride.cart.fleet.unload, ride.way.end)
            for ride in rides
            if ride.load.groups and ride.way.end in self.changing.places
        ]
        gone = [
            ride.depart - ride.cart.fleet.load
            for ride in rides
            if ride.load.groups and ride.way.start in self.changing.places
        ]
        if not there and not gone:
            return
        for one in self.idle.values():
            times = [
                at
                - self._takes_to(one, place)
                + (self.changing.onward(place) if self.policy.unhurried else 0)
                for at, place in there
                if self.changing.holds.get((place, one.fleet.id), 0) > 0
            ]
            self._queue_up(one, max(0, min([*times, *gone])) if times or gone else 0)
        self.idle = {}

    def _takes_to(self, cart: Cart, place: str) -> int:
        ways = self.ways.between(cart.fleet.kind, cart.place, place)
        return min((self._takes(one) for one in ways), default=0)

    def _queue_up(self, cart: Cart, not_before: int) -> None:
        at = max(not_before, cart.free)
        heapq.heappush(self.queue, (at, cart.fleet.load, cart.name))

    # ---------------------------------------------------------------- one vehicle

    def _decide(self, cart: Cart) -> None:
        """Send a vehicle on its own, let it wait for a convoy, or leave it where it is."""
        options = self._loaded_options(cart)
        if not options and self._held(cart):
            self.held.append(cart)
            return
        if options and self._moved_to_load(cart, options[0][1]):
            return
        if options:
            for _, way, ride in options:
                if ride is None:
                    door = (way.lane or "", way.forward)
                    ways = tuple(one for _, one, _ in options if (one.lane, one.forward) == door)
                    worth = self._guess(cart, way)
                    self._wait(door, _Waiting(cart, ways, worth, loaded=True))
                    return
                if self._book_loaded(ride):
                    self._again(cart)
                    self._brought([ride])
                    return
        empty = self._empty_options(cart)
        for way in empty:
            if way.lane is not None:
                door = (way.lane, way.forward)
                ways = tuple(
                    one for one in empty if (one.lane, one.forward, one.end) == (*door, way.end)
                )
                self._wait(door, _Waiting(cart, ways, 0.0, loaded=False))
                self._bind(cart, way.end)
                return
            rides = [
                self.schedule.ride_alone(cart, one, None)
                for one in empty
                if one.lane is None and one.end == way.end
            ]
            first = min(
                (one for one in rides if one is not None), key=lambda one: one.arrive, default=None
            )
            if first is not None and self.schedule.book_alone(first):
                self._again(cart)
                self._bind(cart, way.end)
                return
        if self.changing:
            self.idle[cart.name] = cart

    def _held(self, cart: Cart) -> bool:
        """Return whether people wait here until the counterpart has moved."""
        here = cart.place
        return (
            self.schedule.stepwise.free(here) >= FOREVER
            and cart.fleet.may_board(here)
            and self._wanted(cart.fleet, here) > 0
        )

    def _wait(self, door: Door, one: _Waiting) -> None:
        """Let a vehicle wait for a convoy."""
        self.waiting[door][one.cart.name] = one
        if one.loaded:
            key = (one.ways[0].start, one.cart.fleet.kind)
            self.loading[key] = self.loading.get(key, 0) + 1

    def _leave(self, door: Door, name: str) -> _Waiting:
        """Take a vehicle out of those that wait."""
        one = self.waiting[door].pop(name)
        if one.loaded:
            self.loading[one.ways[0].start, one.cart.fleet.kind] -= 1
        return one

    def _moved_to_load(self, cart: Cart, way: Way) -> bool:
        """Send a vehicle to another pickup where it is loaded sooner than in the queue here."""
        if not self.policy.spread or way.lane is None or not self._queue(cart.fleet, cart.place):
            return False
        here = self._loaded_at(cart.fleet, cart.place, cart.free) + way.before
        best: tuple[int, Way] | None = None
        for place in self.schedule.crowds_at:
            if place == cart.place or not cart.fleet.may_board(place):
                continue
            if self._wanted(cart.fleet, place) <= self._bound_to(cart.fleet, place):
                continue
            out = self._least_before(cart.fleet, place, way)
            for other in self.ways.between(cart.fleet.kind, cart.place, place):
                if other.lane is None and out is not None:
                    there = cart.free + other.before
                    option = (self._loaded_at(cart.fleet, place, there) + out, other)
                    if best is None or option[0] < best[0]:
                        best = option
        if best is None or best[0] >= here:
            return False
        ride = self.schedule.ride_alone(cart, best[1], None)
        if ride is None or not self.schedule.book_alone(ride):
            return False
        self._again(cart)
        self._bind(cart, best[1].end)
        return True

    def _least_before(self, fleet: Fleet, place: str, like: Way) -> int | None:
        """Return the least driving from a pickup to the entry that another way uses."""
        found = [
            way.before
            for end in self.ends
            for way in self.ways.between(fleet.kind, place, end)
            if (way.lane, way.forward) == (like.lane, like.forward) and fleet.may_alight(end)
        ]
        return min(found, default=None)

    def _bound_to(self, fleet: Fleet, place: str) -> float:
        return self.inbound.get(f"{fleet.id}@{place}", 0.0)

    def _queue(self, fleet: Fleet, place: str) -> int:
        """Return how many rounds of loading go before one more vehicle of a kind at a place."""
        bays = self.problem.sites[place].bays.get(fleet.kind)
        if bays is None or bays <= 0:
            return 0
        number = self.loading.get((place, fleet.kind), 0)
        number += sum(
            int(self._bound_to(one, place)) for one in self.problem.fleets if one.kind == fleet.kind
        )
        return number // bays

    def _loaded_at(self, fleet: Fleet, place: str, arrive: int) -> int:
        """Return about when one more vehicle that comes to a place would be loaded."""
        return arrive + fleet.load * (1 + self._queue(fleet, place))

    def _book_loaded(self, ride: Ride) -> bool:
        if self.schedule.book_alone(ride):
            return True
        missing = self.schedule.missing_staff(ride)
        there = self._call(missing, ride)
        if there is not None:
            later = self.schedule.ride_alone(ride.cart, ride.way, _With(self.filling), there)
            if later is not None and self.schedule.book_alone(later):
                return True
        lacking = self._classes_without_staff(missing)
        if not lacking:
            return False
        other = self.schedule.ride_alone(ride.cart, ride.way, _With(self.filling, lacking))
        return other is not None and self.schedule.book_alone(other)

    def _call(self, kinds: Sequence[str], ride: Ride) -> int | None:
        """Send for one of each staff kind that a trip lacks; return when they are there, or None.

        They come alone, on ways without corridor, and only if that keeps people waiting for less
        than an hour; where people change vehicles, than the longest wait.
        """
        latest = ride.depart + FETCH_ALONE
        if ride.way.start in self.changing.places:
            wait = self.problem.scenario.place[ride.way.start].longest_wait
            longest = FETCH_TO_CHANGE if wait is None else int(wait.total_seconds())
            latest = ride.depart + max(FETCH_ALONE, longest)
        there = ride.depart
        crew = self.schedule.crew
        for kind in kinds:
            takes = ride.arrive - ride.depart
            if there > ride.depart and crew.available(kind, ride.way.start, there, there + takes):
                continue  # They have come along with others.
            options = []
            for place in self.schedule.crew.places_of(kind):
                for way in self.ways.between(STAFF_ALONE, place, ride.way.start):
                    if way.lane is not None:
                        continue
                    earliest = max(0, ride.depart - way.before)
                    leaves = self.schedule.crew.next_available(
                        kind, place, earliest, way.before + takes, 1
                    )
                    if leaves is not None and leaves + way.before <= latest:
                        options.append((leaves + way.before, way.before, place, leaves, way))
            for arrives, _, _, leaves, way in sorted(options, key=lambda one: one[:4]):
                together = staff_needed(
                    self.problem,
                    legs=way.legs,
                    in_convoy=False,
                    vehicles={},
                    carrying={},
                    aboard={kind: 1},
                )
                if self.schedule.staff_alone(way, leaves, {**together, kind: 1}):
                    there = max(there, arrives)
                    break
            else:
                return None
        return there

    def _classes_without_staff(self, kinds: Sequence[str]) -> frozenset[str]:
        """Return the classes that cannot ride while staff of some kinds are lacking."""
        missing = list(kinds)
        for kind in missing:
            missing.extend(
                one
                for one in self.problem.helpers[kind].for_staff
                if one in self.problem.helpers and one not in missing
            )
        return frozenset(one for kind in missing for one in self.problem.helpers[kind].for_classes)

    def _loaded_options(self, cart: Cart) -> list[tuple[float, Way, Ride | None]]:
        """Return (rate of worth, way, trip or None for a convoy) from the best on."""
        schedule, fleet = self.schedule, cart.fleet
        if not fleet.may_board(cart.place):
            return []
        crowds = [
            one
            for one in schedule.crowds_at.get(cart.place, ())
            if schedule.left[one.id] > 0 and share_of(one, fleet) < float("inf")
        ]
        if not crowds:
            return []
        found: list[tuple[float, Way, Ride | None]] = []
        for end in self.ends:
            if end == cart.place or not fleet.may_alight(end):
                continue
            if not self._for_some(crowds, end):
                continue
            if schedule.rooms.get(end, 1) <= 0:
                continue
            for way in self.ways.between(fleet.kind, cart.place, end):
                option = self._loaded_option(cart, way, crowds)
                if option is not None:
                    found.append(option)
        if self.policy.direct and any(one.end not in self.changing.places for _, one, _ in found):
            found = [one for one in found if one[1].end not in self.changing.places]
        if self.policy.nearest:
            found.sort(key=lambda one: (self._takes(one[1]), one[1].end))
        else:
            found.sort(key=lambda one: (-one[0], one[1].end))
        return found

    def _for_some(self, crowds: Sequence[Crowd], end: str) -> bool:
        """Return whether some of the groups may be brought to a place, for good or to change."""
        if end in self.changing.places:
            return any(self.changing.leads_on(one, end) for one in crowds)
        return any(not one.wants or end in one.wants for one in crowds)

    def _takes(self, way: Way) -> int:
        return way.outside + (self.slowest[way.lane] if way.lane is not None else 0)

    def _loaded_option(
        self, cart: Cart, way: Way, crowds: Sequence[Crowd]
    ) -> tuple[float, Way, Ride | None] | None:
        fleet = cart.fleet
        if way.lane is None:
            ride = self.schedule.ride_alone(cart, way, _With(self.filling))
            if ride is None:
                return None
            rate = self._rate(cart, ride)
            for _ in range(self.policy.fuller if way.start in self.changing.places else 0):
                later = self.schedule.next_brought(cart, way, ride)
                fuller = (
                    None
                    if later is None
                    else self.schedule.ride_alone(cart, way, _With(self.filling), later)
                )
                if fuller is None:
                    break
                if self._rate(cart, fuller) > rate:
                    rate, ride = self._rate(cart, fuller), fuller
                elif fuller.load.persons <= ride.load.persons:
                    break
            return rate, way, ride
        takes = self._takes(way)
        depart = max(cart.free + fleet.load, self.problem.opening)
        onward = self.changing.onward(way.end)
        if depart + takes + onward > self.problem.horizon:
            return None
        fits = [one for one in crowds if self._for_some([one], way.end)]
        each = max(one.worth / max(share_of(one, fleet), 1e-9) for one in fits)
        worth = each * self.changing.worth(depart, depart + takes, way.end)
        if worth <= 0:
            return None
        return worth / max(2 * takes + fleet.load + fleet.unload, 1), way, None

    def _rate(self, cart: Cart, ride: Ride) -> float:
        """Return the worth of a trip for each second that it takes the vehicle until it is back."""
        worth = ride.load.worth * self.changing.worth(ride.depart, ride.arrive, ride.way.end)
        spent = ride.arrive - cart.free + cart.fleet.unload + ride.way.before
        return worth / max(spent, 1)

    def _guess(self, cart: Cart, way: Way) -> float:
        depart = max(cart.free + cart.fleet.load, self.problem.opening)
        arrive = depart + self._takes(way)
        return self.filling.load(self.schedule, cart.fleet, way, depart, arrive).worth

    def _wanted(self, fleet: Fleet, place: str) -> float:
        """Return how many loads of a kind of vehicle still wait at a place."""
        return sum(
            self.schedule.left[one.id] * share_of(one, fleet)
            for one in self.schedule.crowds_at.get(place, ())
            if self.schedule.left[one.id] > 0 and share_of(one, fleet) < float("inf")
        )

    def _empty_options(self, cart: Cart) -> list[Way]:
        """Return the ways to places where the vehicle is wanted, the best first."""
        fleet = cart.fleet
        found: list[tuple[float, int, Way]] = []
        for place in self.schedule.crowds_at:
            if place == cart.place or not fleet.may_board(place):
                continue
            wanted = self._wanted(fleet, place) - self.inbound.get(f"{fleet.id}@{place}", 0.0)
            if wanted <= 1e-9:
                continue
            for way in self.ways.between(fleet.kind, cart.place, place):
                takes = self._takes(way)
                if cart.free + takes + fleet.load > self.problem.horizon:
                    continue
                if self.schedule.fuel_free(cart, way, self.slowest.get(way.lane or "", 0)) is None:
                    continue
                loaded = takes + fleet.load
                if self.policy.spread:
                    loaded = self._loaded_at(fleet, place, takes) + self._out_of(fleet, place)
                want = min(1.0, wanted) * (self._need(place) if self.policy.fair else 1.0)
                found.append((-want / max(loaded, 1), -int(wanted), way))
        if not found and (fleet.range_s is not None or fleet.range_km is not None):
            found = self._filling_options(cart)
        found.sort(key=lambda one: (one[0], one[1], one[2].end))
        return [way for _, _, way in found]

    def _need(self, place: str) -> float:
        """Return how much a place counts by the largest share of a group that waits there."""
        waiting = (
            self.schedule.left[one.id] / one.total
            for one in self.schedule.crowds_at.get(place, ())
            if one.total > 0
        )
        return float(max(waiting, default=1.0) ** FAIRNESS)

    def _out_of(self, fleet: Fleet, place: str) -> int:
        """Return the least driving from a pickup to a corridor, 0 where none is used."""
        key = (fleet.kind, place)
        if key not in self.outs:
            self.outs[key] = min(
                (
                    way.before
                    for end in self.ends
                    for way in self.ways.between(fleet.kind, place, end)
                    if way.lane is not None
                ),
                default=0,
            )
        return self.outs[key]

    def _filling_options(self, cart: Cart) -> list[tuple[float, int, Way]]:
        fleet = cart.fleet
        if cart.place in fleet.refuel_at:
            return []
        return [
            (float(self._takes(way)), 0, way)
            for place in sorted(fleet.refuel_at)
            for way in self.ways.between(fleet.kind, cart.place, place)
            if self.schedule.fuel_free(cart, way, self.slowest.get(way.lane or "", 0)) is not None
        ]

    def _bind(self, cart: Cart, place: str) -> None:
        self._no_longer_bound(cart)
        key = f"{cart.fleet.id}@{place}"
        self.inbound[key] = self.inbound.get(key, 0.0) + 1.0
        self.bound_for[cart.name] = (key, 1.0)

    def _no_longer_bound(self, cart: Cart) -> None:
        key, number = self.bound_for.pop(cart.name, ("", 0.0))
        if number:
            self.inbound[key] -= number

    # ---------------------------------------------------------------- convoys

    def _entries(self, door: Door) -> list[int]:
        """Return when each waiting vehicle can be at the entry, bays taken into account."""
        times: dict[tuple[str, str], list[int]] = {}
        for one in self.waiting[door].values():
            cart = one.cart
            before = min(way.before for way in one.ways)
            if one.loaded:
                ready = max(cart.free + cart.fleet.load, self.problem.opening)
                ready = max(ready, self.schedule.stepwise.free(cart.place))
                if cart.place in self.changing.places:
                    ready = max(ready, self.schedule.somebody_at(cart.place) + cart.fleet.load)
            else:
                ready = max(cart.free, 0)
            times.setdefault((cart.place if one.loaded else "", cart.fleet.id), []).append(
                ready + before
            )
        found: list[int] = []
        fleets = {one.id: one for one in self.problem.fleets}
        for (place, fleet_id), ready_times in times.items():
            ready_times.sort()
            fleet = fleets[fleet_id]
            bays = self.problem.sites[place].bays.get(fleet.kind) if place else None
            if bays is not None and bays > 0:
                for index in range(bays, len(ready_times)):
                    ready_times[index] = max(
                        ready_times[index], ready_times[index - bays] + fleet.load
                    )
            found.extend(ready_times)
        return sorted(found)

    def _next_time(self, door: Door) -> int | None:
        """Return the earliest second at which a convoy may leave, or None."""
        entries = self._entries(door)
        return self._allowed(door, max(entries[0], self.not_before[door]))

    def _allowed(self, door: Door, at: int) -> int | None:
        lane = self.problem.lanes[door[0]]
        takes = self._lane_takes(door)
        slowest = self._slowest_kind(door)
        start = lane.start(door[1])
        for _ in range(200):
            entry = self.schedule.next_lane_entry(lane, at, takes, forward=door[1], slowest=slowest)
            if entry is None:
                return None
            later = entry
            for kind, helper in self.problem.helpers.items():
                if not (helper.for_convoy and helper.needed_over(lane.legs)):
                    continue
                found = self.schedule.crew.next_available(kind, start, entry, takes, 1)
                if found is None:
                    found = self._could_come(kind, door)
                    if found is None:
                        return None
                later = max(later, found)
            if later == entry:
                return entry
            at = later
        return None

    def _could_come(self, kind: str, door: Door) -> int | None:
        """Return when staff could be here, alone through the corridor from its other end."""
        lane, crew = self.problem.lanes[door[0]], self.schedule.crew
        takes = self.ways.lane_time(lane.id, STAFF_ALONE)
        if not (lane.backward_allowed if door[1] else lane.forward_allowed):
            return None
        there = lane.end(door[1])
        at = crew.next_available(kind, there, 0, takes, 1)
        while at is not None:
            entry = self.schedule.next_lane_entry(
                lane, at, takes, forward=not door[1], slowest=STAFF_ALONE
            )
            if entry is None:
                return None
            if self.schedule.staff_aboard(lane, entry, {kind: 1}, forward=not door[1]):
                return entry + takes
            at = crew.next_available(kind, there, entry + self.problem.minute, takes, 1)
        return None

    def _slowest_kind(self, door: Door) -> str:
        kinds = {one.cart.fleet.kind for one in self.waiting[door].values()}
        return max(
            sorted(kinds), key=lambda one: self.ways.lane_time(door[0], one), default=STAFF_ALONE
        )

    def _lane_takes(self, door: Door) -> int:
        return self.ways.lane_time(door[0], self._slowest_kind(door))

    def _patient(self, door: Door, at: int) -> int:
        entries = self._entries(door)
        if self.policy.all_back:
            wish = entries[-1]
        else:
            patience = self.policy.patience.get(door, 0)
            wish = max((one for one in entries if one <= at + patience), default=at)
        if wish <= at:
            return at
        allowed = self._allowed(door, wish)
        return at if allowed is None else allowed

    def _send(self, door: Door, at: int) -> bool:
        """Send a convoy at a second with all that is ready; say whether one left."""
        lane = self.problem.lanes[door[0]]
        members = [one for one in self.waiting[door].values() if self._may_make_it(one, at)]
        if not members or not self._staff_there(door, at):
            self._failed(door, at)
            return False
        kinds = sorted(
            {one.cart.fleet.kind for one in members},
            key=lambda kind: (-self.ways.lane_time_at(lane, kind, at, forward=door[1]), kind),
        )
        for index, slowest in enumerate(kinds):
            passage = self.schedule.open_passage(lane, at, forward=door[1], slowest=slowest)
            if passage is None:
                continue
            inside = kinds[index:]
            riders = [one for one in members if one.cart.fleet.kind in inside]
            # The slowest kind sets the time of all: one of it must be in, and it boards first.
            riders.sort(
                key=lambda one: (
                    self.ways.lane_time_at(lane, one.cart.fleet.kind, at, forward=door[1])
                    < passage.arrive - passage.depart,
                    -one.worth,
                    -one.cart.free,
                    one.cart.name,
                )
            )
            if self._board(door, passage, riders):
                return True
        self._failed(door, at)
        return False

    def _may_make_it(self, one: _Waiting, at: int) -> bool:
        before = min(way.before for way in one.ways)
        load = one.cart.fleet.load if one.loaded else 0
        return one.cart.free + load + before <= at

    def _staff_there(self, door: Door, at: int) -> bool:
        """Return whether the staff of any convoy stand at the entry; if not, send for them."""
        lane = self.problem.lanes[door[0]]
        takes = self._lane_takes(door)
        start = lane.start(door[1])
        absent = [
            kind
            for kind, helper in self.problem.helpers.items()
            if helper.for_convoy
            and helper.needed_over(lane.legs)
            and self.schedule.crew.available(kind, start, at, at + takes) < 1
        ]
        return all(self._fetch(kind, door, at) for kind in absent)

    def _fetch(self, kind: str, door: Door, at: int) -> bool:
        """Let staff come alone through the corridor, if they can be there by a second."""
        lane = self.problem.lanes[door[0]]
        takes = self.ways.lane_time(lane.id, STAFF_ALONE)
        there = lane.end(door[1])
        entry = at - takes
        earliest = max(0, self.problem.opening, at - takes - FETCH_AHEAD)
        while entry >= earliest:
            if self.schedule.crew.available(kind, there, entry, at) and self.schedule.staff_passage(
                lane, entry, {kind: 1}, forward=not door[1]
            ):
                return True
            entry -= self.problem.minute
        return False

    def _failed(self, door: Door, at: int) -> None:
        """Try again later: when more vehicles, staff or room may be there."""
        self.failures[door] += 1
        later = [one for one in self._entries(door) if one > at] if self.waiting[door] else []
        step = min([*later, at + 5 * self.problem.minute]) if self.failures[door] < 300 else FOREVER
        self.not_before[door] = max(step, self.not_before[door])
        for name, one in list(self.waiting[door].items()):
            if one.loaded and self._wanted(one.cart.fleet, one.cart.place) <= 0:
                self._leave(door, name)
                self._queue_up(one.cart, at)

    def _board(self, door: Door, passage: Passage, riders: Sequence[_Waiting]) -> bool:
        lane = passage.lane
        first = True
        for one in riders:
            if lane.largest is not None and len(passage.rides) >= lane.largest:
                break
            kind_time = self.ways.lane_time_at(
                lane, one.cart.fleet.kind, passage.depart, forward=door[1]
            )
            if first and kind_time < passage.arrive - passage.depart:
                return False
            if self._join(passage, one):
                first = False
        if not passage.rides:
            return False
        self._take_staff_home(door, passage)
        self.schedule.close_passage(passage)
        self._brought(passage.rides)
        gone = {ride.cart.name for ride in passage.rides}
        for ride in passage.rides:
            one = self._leave(door, ride.cart.name)
            if one.loaded:
                self._again(ride.cart)
            else:
                self._queue_up(ride.cart, 0)
        for name, one in list(self.waiting[door].items()):
            nothing_left = one.loaded and self._wanted(one.cart.fleet, one.cart.place) <= 0
            if name not in gone and nothing_left:
                self._leave(door, name)
                self._queue_up(one.cart, 0)
        self.not_before[door] = passage.depart
        return True

    def _join(self, passage: Passage, one: _Waiting) -> bool:
        if not one.loaded:
            empty = (self.schedule.ride_in(one.cart, way, passage, None) for way in one.ways)
            ride = next((found for found in empty if found is not None), None)
            return ride is not None and self.schedule.join(passage, ride)
        for without in self._staff_options(passage):
            rides = [
                self.schedule.ride_in(one.cart, way, passage, _With(self.filling, without))
                for way in one.ways
            ]
            found = [ride for ride in rides if ride is not None]
            if self.policy.nearest:
                found.sort(key=lambda ride: (ride.arrive, ride.way.end))
            else:
                found.sort(key=lambda ride: (-self._ride_worth(ride), ride.way.end))
            for ride in found:
                if self.schedule.join(passage, ride):
                    return True
        return False

    def _staff_options(self, passage: Passage) -> list[frozenset[str]]:
        """Return the sets of classes to leave out, from none on, for want of staff."""
        del passage
        needing = {one for helper in self.problem.helpers.values() for one in helper.for_classes}
        if not needing:
            return [frozenset()]
        options = [frozenset[str]()]
        options.extend(frozenset({one}) for one in sorted(needing))
        if len(needing) > 1:
            options.append(frozenset(needing))
        return options

    def _ride_worth(self, ride: Ride) -> float:
        return ride.load.worth * self.changing.worth(ride.depart, ride.arrive, ride.way.end)

    # ---------------------------------------------------------------- staff

    def _take_staff_home(self, door: Door, passage: Passage) -> None:
        """Let staff ride back towards where they are needed."""
        lane, schedule = passage.lane, self.schedule
        start, end = lane.start(passage.forward), lane.end(passage.forward)
        places = dict.fromkeys((start, *(ride.way.start for ride in passage.rides)))
        homes = {
            kind: {place for place, _, _ in helper.stands}
            for kind, helper in self.problem.helpers.items()
        }
        for kind, helper in self.problem.helpers.items():
            away = 0
            for place in places:
                if place in homes[kind]:
                    continue
                away += schedule.crew.available(kind, place, passage.depart, passage.arrive)
            if not away:
                continue
            towards = {end, *(ride.way.end for ride in passage.rides)} & homes[kind]
            crowded = any(ride.way.end in schedule.crowds_at for ride in passage.rides)
            if not towards and not crowded:
                continue
            if helper.for_convoy and self._others_stay(door, passage):
                away -= 1
            if away > 0:
                schedule.take_along(passage, kind, away)

    def _others_stay(self, door: Door, passage: Passage) -> bool:
        """Return whether vehicles stay on this side that need a further convoy."""
        gone = {ride.cart.name for ride in passage.rides}
        return any(name not in gone for name in self.waiting[door])

    def _place_staff(self) -> None:
        """Send staff who stand apart to where they are needed first, on ways without corridor."""
        problem, schedule = self.problem, self.schedule
        doors = {end for lane in problem.lanes.values() for end in lane.ends}
        useful = doors | set(schedule.crowds_at)
        apart: dict[str, dict[str, int]] = {}
        ready: dict[str, int] = {}
        for kind, helper in problem.helpers.items():
            for place, since, _ in helper.stands:
                if place not in useful:
                    apart.setdefault(place, {})[kind] = apart.get(place, {}).get(kind, 0) + 1
                    ready[place] = max(ready.get(place, 0), since)
        for place, kinds in apart.items():
            self._send_staff(place, kinds, ready[place], doors)

    def _send_staff(
        self, place: str, kinds: Mapping[str, int], ready: int, doors: set[str]
    ) -> None:
        targets = doors or set(self.schedule.crowds_at)
        ways = [
            way
            for target in sorted(targets)
            for way in self.ways.between(STAFF_ALONE, place, target)
            if way.lane is None
        ]
        for way in sorted(ways, key=lambda way: (way.before, way.end)):
            if self.schedule.staff_alone(way, ready, kinds):
                return


class _With:
    """A filling as a filler, some classes left out."""

    def __init__(self, filling: BestFilling, without: frozenset[str] = frozenset()) -> None:
        self.filling = filling
        self.without = without

    def __call__(
        self, schedule: Schedule, fleet: Fleet, way: Way, depart: int, arrive: int, most: int
    ) -> Load:
        return self.filling.load(schedule, fleet, way, depart, arrive, self.without, most)
