"""A schedule under construction: it can only grow by trips that keep every rule.

Knows what is booked (bays, intakes, rates, rooms, people, staff, fuel, corridors) and whether a
further trip or convoy fits. Solvers decide what to try; nothing here looks for a good plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from safepassage.planner.changing import changing_of
from safepassage.planner.crew import Crew, staff_needed
from safepassage.planner.plan import Convoy, Trip
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Lane, Problem
from safepassage.planner.stepwise import Stepwise
from safepassage.planner.timelines import Bays, Sliding, Standing, Stock
from safepassage.planner.ways import STAFF_ALONE, Way, Ways
from safepassage.scenario.people import COMPANION


@dataclass(slots=True)
class Cart:
    """One vehicle: where it is, from when on it can be loaded or drive, and its tank."""

    name: str
    fleet: Fleet
    place: str
    free: int
    arrived: int | None = None
    driven_s: int = 0
    driven_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """People by group (companions left out) and whole households by group."""

    groups: Mapping[str, int]
    households: Mapping[str, int]
    persons: int
    worth: float


NOBODY = Load({}, {}, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Ride:
    """One trip that fits: not yet booked."""

    cart: Cart
    way: Way
    depart: int
    arrive: int
    load: Load


@dataclass(slots=True)
class Passage:
    """A convoy being put together: when, how long it takes, and who is in it so far."""

    lane: Lane
    forward: bool
    depart: int
    arrive: int
    slowest: str
    rides: list[Ride] = field(default_factory=list)
    vehicles: dict[str, int] = field(default_factory=dict)
    carrying: dict[str, int] = field(default_factory=dict)
    convoy_staff: dict[str, int] = field(default_factory=dict)
    convoy_who: dict[str, tuple[str, ...]] = field(default_factory=dict)
    trip_staff: list[dict[str, int]] = field(default_factory=list)
    trip_who: list[dict[str, tuple[str, ...]]] = field(default_factory=list)

    def aboard(self, kind: str) -> int:
        """Return how many staff of a kind are in the convoy so far."""
        return self.convoy_staff.get(kind, 0) + sum(one.get(kind, 0) for one in self.trip_staff)


class Schedule:
    """What is booked so far, and the only ways to book more."""

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self.problem = problem
        self.ways = ways
        self.crew = Crew(problem)
        self.stepwise = Stepwise(problem)
        self.carts: dict[str, Cart] = {
            name: Cart(name, fleet, fleet.at, ready)
            for fleet in problem.fleets
            for name, ready in fleet.vehicles
        }
        self.trips: list[Trip] = []
        self.convoys: list[Convoy] = []
        self.left: dict[str, int] = {one.id: one.total for one in problem.crowds}
        self.crowds_at: dict[str, list[Crowd]] = {}
        for crowd in problem.crowds:
            if crowd.total > 0:
                self.crowds_at.setdefault(crowd.at, []).append(crowd)
        self._people: dict[str, Stock] = {one.id: _people(one) for one in problem.crowds}
        self._homes: dict[str, tuple[int, int]] = {
            one.id: (one.households.count - one.households.larger, one.households.larger)
            for one in problem.crowds
            if one.households is not None
        }
        self._by_id = {one.id: one for one in problem.crowds}
        # Who has been brought to a place to change there waits there as a group of its own; of
        # its households the smaller and the larger ones come and go apart.
        self._brought_homes: dict[str, tuple[Stock, Stock]] = {}
        self.changing = changing_of(problem, ways)
        for place, crowds in self.changing.crowds.items():
            self.crowds_at.setdefault(place, []).extend(crowds)
            for crowd in crowds:
                self.left[crowd.id] = 0
                self._by_id[crowd.id] = crowd
                self._people[crowd.id] = Stock()
                if crowd.households is not None:
                    self._brought_homes[crowd.id] = (Stock(), Stock())
        self._bays: dict[tuple[str, str], Bays] = {
            (site.id, kind): Bays(limit)
            for site in problem.sites.values()
            for kind, limit in site.bays.items()
        }
        self._intakes = {
            one.id: Sliding(*one.intake) for one in problem.sites.values() if one.intake is not None
        }
        self._rates = {
            one.id: Sliding(*one.rate) for one in problem.sites.values() if one.rate is not None
        }
        self._standing = {
            one.id: Standing(one.standing)
            for one in problem.sites.values()
            if one.standing is not None
        }
        for place in self.changing.places:
            limit = problem.scenario.place[place].limit
            if limit is not None:
                self._standing[place] = Standing(limit.pick())
        # Of those who only change vehicles somewhere nobody takes room there for good.
        self.rooms = {
            one.id: one.room
            for one in problem.sites.values()
            if one.room is not None and one.arrived
        }
        # Groups that only one destination takes, by that destination; filled by `keep_rooms`.
        self.only_at: dict[str, list[Crowd]] = {}
        self.on_lane: dict[str, list[tuple[int, int, bool]]] = {one: [] for one in problem.lanes}

    # ------------------------------------------------------------------ people

    def fill(
        self,
        fleet: Fleet,
        place: str,
        end: str,
        board: int,
        persons: int,
        order: Sequence[Crowd],
        without: frozenset[str] = frozenset(),
        most_of: Mapping[str, int] | None = None,
    ) -> Load:
        """Return how people fill a vehicle in an order of groups, at most so many persons.

        `most_of` limits the people by group.
        """
        slots = dict(fleet.slots)
        # Who lives at a waiting place counts there from boarding on; who was brought counts before.
        standing = FOREVER
        if place in self._standing:
            standing = self._standing[place].room(board, board + fleet.load)
        waits = end in self.changing.places
        groups: dict[str, int] = {}
        homes: dict[str, int] = {}
        aboard = 0
        worth = 0.0
        for crowd in order:
            if crowd.at != place or crowd.class_id in without:
                continue
            if COMPANION in without and crowd.companions:
                continue
            if waits:
                if not self.changing.leads_on(crowd, end):
                    continue
            elif (crowd.wants and end not in crowd.wants) or self.changing.lives_at(crowd, end):
                continue
            most = min(self._people[crowd.id].available(board), (persons - aboard) // crowd.each)
            lives_here = crowd.id not in self.changing.group_of
            if lives_here:
                most = min(most, standing // crowd.each)
            if self.only_at:
                most = min(most, self._not_kept(crowd, end, aboard) // crowd.each)
            if most_of is not None:
                most = min(most, most_of.get(crowd.id, 0))
            for slot, uses in crowd.uses.items():
                most = min(most, slots.get(slot, 0) // uses)
            if most <= 0:
                continue
            number, count = self._whole_households(crowd, most, board)
            if number <= 0:
                continue
            groups[crowd.id] = number
            if count:
                homes[crowd.id] = count
            for slot, uses in crowd.uses.items():
                slots[slot] -= uses * number
            aboard += number * crowd.each
            if lives_here:
                standing -= number * crowd.each
            worth += number * crowd.worth
        return Load(groups, homes, aboard, worth) if groups else NOBODY

    def keep_rooms(self) -> None:
        """Keep room where it fills up for those whom no other destination takes."""
        if self.changing:
            return
        for crowd in self.problem.crowds:
            ends = {
                site.id
                for site in self.problem.sites.values()
                if site.arrived
                and (not crowd.wants or site.id in crowd.wants)
                and any(
                    one.vehicles and one.may_board(crowd.at) and one.may_alight(site.id)
                    for one in self.problem.fleets
                    if all(one.slots.get(slot, 0) >= uses for slot, uses in crowd.uses.items())
                )
            }
            if len(ends) == 1 and crowd.total > 0 and min(ends) in self.rooms:
                self.only_at.setdefault(min(ends), []).append(crowd)

    def _not_kept(self, crowd: Crowd, end: str, aboard: int) -> int:
        """Return the room at a destination that is not kept for others who have no other one."""
        kept = self.only_at.get(end, ())
        if not kept or crowd in kept:
            return FOREVER
        waiting = sum(self.left[one.id] * one.each for one in kept)
        return max(0, self.rooms[end] - waiting - aboard)

    def _whole_households(self, crowd: Crowd, most: int, board: int) -> tuple[int, int]:
        """Return the most people (and households) that fit without splitting one."""
        if crowd.households is None:
            return most, 0
        if crowd.id in self._brought_homes:
            small, large = (one.available(board) for one in self._brought_homes[crowd.id])
        else:
            small, large = self._homes[crowd.id]
        size = crowd.households.smallest
        best = (0, 0)
        top = min(large, most // (size + 1))
        for larger in range(top, max(-1, top - size - 1), -1):
            smaller = min(small, (most - larger * (size + 1)) // size)
            best = max(best, (larger * (size + 1) + smaller * size, larger + smaller))
        return best

    def can_take(self, end: str, arrive: int) -> int:
        """Return how many persons a place can still take in at a second."""
        site = self.problem.sites[end]
        if arrive < site.opens:
            return 0
        room = FOREVER
        if end in self._intakes:
            room = self._intakes[end].room(arrive)
        if end in self.rooms:
            room = min(room, self.rooms[end])
        if end in self.changing.places:
            room = min(room, self.fetched_from(end, arrive))
            if end in self._standing:
                room = min(room, self._standing[end].room(arrive, None))
        return max(0, room)

    def somebody_at(self, place: str) -> int:
        """Return from when on somebody is at a change place who could board, 0 where unknown."""
        times: list[int] = []
        for crowd in self.crowds_at.get(place, ()):
            if self.left[crowd.id] <= 0:
                continue
            stock = self._people[crowd.id]
            if stock.available(0) > 0:
                return 0
            times.extend(one for one in stock.times if stock.available(one) > 0)
        return min(times, default=0)

    def next_brought(self, cart: Cart, way: Way, ride: Ride) -> int | None:
        """Return the next departure at which more people are at the start of a ride."""
        return self._next_fill(cart, way, ride.depart)

    def _fetchable_from(self, place: str) -> list[int]:
        """Return the seconds from which more people may come to a change place."""
        found = self._standing[place].gaps() if place in self._standing else []
        wait = self.problem.scenario.place[place].longest_wait
        if wait is None:
            return found
        for cart in self.carts.values():
            if self.changing.holds.get((place, cart.fleet.id), 0) > 0:
                back = cart.free + self.changing.back_at(cart.fleet, cart.place, place)
                found.append(back + cart.fleet.load - int(wait.total_seconds()))
        return found

    def fetched_from(self, place: str, arrive: int) -> int:
        """Return about how many persons could still be fetched who come to a change place then.

        What the vehicles that board there can carry on within the longest wait (or until the end),
        less those who wait for them already. Who is not fetched after all is not brought
        (`unfetched.left_where_they_were`).
        """
        problem = self.problem
        wait = problem.scenario.place[place].longest_wait
        longest = None if wait is None else arrive + int(wait.total_seconds())
        waiting = sum(self.left[one.id] * one.each for one in self.changing.crowds.get(place, ()))
        takes = 2 * self.changing.onward(place)
        seats = 0
        for cart in self.carts.values():
            holds = self.changing.holds.get((place, cart.fleet.id), 0)
            if holds <= 0:
                continue
            until = problem.horizon - self.changing.onward(place)
            if longest is not None:
                until = min(until, longest - cart.fleet.load)
            first = max(arrive, cart.free + self.changing.back_at(cart.fleet, cart.place, place))
            if first <= until:
                seats += holds * (1 + (until - first) // max(takes, 1))
        return max(0, seats - waiting)

    # ------------------------------------------------------------------ one vehicle

    def fuel_free(self, cart: Cart, way: Way, lane_time: int) -> int | None:
        """Return from when on the tank allows a way (and the way to the next filling), or None."""
        fleet = cart.fleet
        if fleet.range_s is None and fleet.range_km is None:
            return cart.free
        onward = self._to_refuel(fleet, way.end)
        if onward is None:
            return None
        drive = self.ways.longest(way, fleet.kind) + (lane_time if way.lane else 0) + onward[0]
        km = None if way.km is None else way.km + onward[1]
        if _tank_lasts(fleet, cart.driven_s + drive, cart.driven_km, km):
            return cart.free
        if cart.arrived is not None and cart.place in fleet.refuel_at:
            return cart.free + fleet.refuel_s if _tank_lasts(fleet, drive, 0.0, km) else None
        return None

    def _to_refuel(self, fleet: Fleet, place: str) -> tuple[int, float] | None:
        """Return the least driving (seconds, km) from a place to a filling place."""
        if not fleet.refuel_at or place in fleet.refuel_at:
            return 0, 0.0
        best: tuple[int, float] | None = None
        for filling in sorted(fleet.refuel_at):
            for way in self.ways.between(fleet.kind, place, filling):
                slow = self._slowest_time(way.lane) if way.lane else 0
                option = (self.ways.longest(way, fleet.kind) + slow, way.km or 0.0)
                best = option if best is None else min(best, option)
        return best

    def _slowest_time(self, lane: str) -> int:
        along = self.problem.lanes[lane]
        times = (self.ways.lane_longest(along, one.kind) for one in self.problem.fleets)
        return max(times, default=0)

    def _passes(
        self, way: Way, depart: int, arrive: int, passage: Passage | None
    ) -> list[tuple[str, int]]:
        """Return (place, second) of all places that a trip passes or arrives at."""
        found = [(place, depart + after) for place, after in way.passes_before]
        if passage is not None:
            lane = passage.lane
            if way.before:
                found.append((lane.start(way.forward), passage.depart))
            inner = self.ways.inner_passes(
                lane, passage.slowest, passage.depart, forward=way.forward
            )
            found.extend((place, passage.depart + after) for place, after in inner)
            if way.after:
                found.append((lane.end(way.forward), passage.arrive))
            found.extend((place, passage.arrive + after) for place, after in way.passes_after)
        found.append((way.end, arrive))
        return found

    def _open_on_way(self, way: Way, depart: int, arrive: int, passage: Passage | None) -> bool:
        """Return whether windows of legs and places allow a trip outside corridors."""
        problem = self.problem
        windows = problem.windows
        passes = self._passes(way, depart, arrive, passage)
        if passage is not None and way.before:
            # The entry is reached before the convoy enters: it must be open then, too.
            passes.append((passage.lane.start(way.forward), depart + way.before))
        if any(at < problem.sites[place].opens for place, at in passes):
            return False
        if not windows:
            return True
        margin = problem.margin
        stretches = [(leg, depart + a, depart + b) for leg, a, b in way.stretches_before]
        if passage is not None:
            stretches += [
                (leg, passage.arrive + a, passage.arrive + b) for leg, a, b in way.stretches_after
            ]
        everywhere = windows.get("all") if not problem.lanes else None
        for leg, enters, leaves in stretches:
            for openings in (windows.get(leg), everywhere):
                if openings is not None and not openings.admits(enters, leaves, margin):
                    return False
        gates = [(way.start, depart), *passes]
        for place, at in gates:
            openings = windows.get(place)
            if openings is not None and not openings.admits(at, at, margin):
                return False
        return True

    def _gates_open(self, gates: Iterable[tuple[str, int]]) -> bool:
        """Return whether each place may be reached at its second."""
        margin = self.problem.margin
        for place, at in gates:
            openings = self.problem.windows.get(place)
            if at < self.problem.sites[place].opens:
                return False
            if openings is not None and not openings.admits(at, at, margin):
                return False
        return True

    def _rates_allow(self, passes: Sequence[tuple[str, int]]) -> bool:
        """Return whether rates let a vehicle by; one that passes a place twice counts twice."""
        often = Counter(place for place, _ in passes)
        return all(
            self._rates[place].room(at) >= often[place]
            for place, at in passes
            if place in self._rates
        )

    def _let_by(self, way: Way, depart: int, arrive: int, passage: Passage | None) -> int:
        """Return how many persons the intakes on the way and at its end let by."""
        passes = self._passes(way, depart, arrive, passage)
        often = Counter(place for place, _ in passes)
        rooms = [
            self._intakes[place].room(at) // often[place]
            for place, at in passes
            if place in self._intakes
        ]
        return max(0, min(rooms, default=FOREVER))

    def ride_in(self, cart: Cart, way: Way, passage: Passage, fill: "Filler | None") -> Ride | None:
        """Return the trip of a vehicle with a convoy, loaded by `fill` or empty, or None."""
        lane_time = passage.arrive - passage.depart
        free = self.fuel_free(cart, way, lane_time)
        if free is None:
            return None
        latest = self.ways.latest(way, cart.fleet.kind, passage.depart)
        if latest is None:
            return None
        way = self.ways.at(way, cart.fleet.kind, latest, passage.arrive)
        arrive = passage.arrive + way.after
        if arrive > self.problem.horizon:
            return None
        if fill is None:
            depart = latest
            if depart < max(free, 0) or arrive < self.problem.sites[way.end].opens:
                return None
        else:
            found = self._loaded_departure(cart, free, latest, arrive)
            if found is None:
                return None
            depart = found
            way = self.ways.at(way, cart.fleet.kind, depart, passage.arrive)
        if not self._open_on_way(way, depart, arrive, passage):
            return None
        if not self._rates_allow(self._passes(way, depart, arrive, passage)):
            return None
        load = NOBODY
        if fill is not None:
            most = self._let_by(way, depart, arrive, passage)
            batch = [
                (one.way.start, one.depart, one.load.persons)
                for one in passage.rides
                if one.load.groups
            ]
            most = min(most, self.stepwise.most(way.start, depart, batch))
            load = fill(self, cart.fleet, way, depart, arrive, most)
            if not load.groups:
                return None
        return Ride(cart, way, depart, arrive, load)

    def _loaded_departure(self, cart: Cart, free: int, latest: int, arrive: int) -> int | None:
        """Return the latest departure of a loaded vehicle that still makes its convoy."""
        load = cart.fleet.load
        earliest = max(free + load, self.problem.opening, self.stepwise.free(cart.place), 0)
        longest = self.problem.longest_on_board
        if longest is not None:
            earliest = max(earliest, arrive - longest + load)
        if earliest > latest:
            return None
        bays = self._bays.get((cart.place, cart.fleet.kind))
        return latest if bays is None else bays.latest(earliest, latest, load)

    def ride_alone(
        self, cart: Cart, way: Way, fill: "Filler | None", not_before: int = 0
    ) -> Ride | None:
        """Return the earliest trip of a vehicle on a way without corridor, or None."""
        problem = self.problem
        free = self.fuel_free(cart, way, 0)
        if free is None:
            return None
        depart = max(free, not_before, 0)
        if fill is not None:
            depart = max(free + cart.fleet.load, not_before, problem.opening)
        for _ in range(400):
            way = self.ways.at(way, cart.fleet.kind, depart)
            takes = way.before
            if depart + takes > problem.horizon:
                return None
            later: int | None = None
            if fill is None or self._short_enough(cart.fleet, takes):
                later = self._push(cart, way, depart, loaded=fill is not None)
            change = self.ways.next_change(way, cart.fleet.kind, depart)
            if change is not None and (later is None or later > change):
                # A quicker hour may fit where this one does not.
                later = change
            if later is None:
                return None
            if later > depart:
                depart = later
                continue
            if fill is None:
                return Ride(cart, way, depart, depart + takes, NOBODY)
            most = self._let_by(way, depart, depart + takes, None)
            most = min(most, self.stepwise.most(way.start, depart))
            load = fill(self, cart.fleet, way, depart, depart + takes, most)
            if load.groups:
                return Ride(cart, way, depart, depart + takes, load)
            later = self._next_fill(cart, way, depart)
            if later is None:
                return None
            depart = later
        return None

    def _short_enough(self, fleet: Fleet, takes: int) -> bool:
        longest = self.problem.longest_on_board
        return longest is None or takes + fleet.load <= longest

    def _push(self, cart: Cart, way: Way, depart: int, *, loaded: bool) -> int | None:
        """Return the departure itself if it is allowed, else a later one to try next."""
        problem = self.problem
        for place, after in (*way.passes_before, (way.end, way.before)):
            depart = max(depart, problem.sites[place].opens - after)
        if loaded:
            bays = self._bays.get((cart.place, cart.fleet.kind))
            if bays is not None:
                found = bays.soonest(depart, cart.fleet.load)
                if found is None:
                    return None
                if found > depart:
                    return found
        later = depart
        margin = problem.margin
        windows = problem.windows
        if windows:
            everywhere = windows.get("all") if not problem.lanes else None
            for leg, begin, finish in way.stretches_before:
                for openings in (windows.get(leg), everywhere):
                    if openings is not None:
                        enters = openings.next_entry(depart + begin, finish - begin, margin)
                        later = max(later, enters - begin)
            for place, after in ((way.start, 0), *way.passes_before, (way.end, way.before)):
                openings = windows.get(place)
                if openings is not None:
                    later = max(later, openings.next_entry(depart + after, 0, margin) - after)
        for place, after in (*way.passes_before, (way.end, way.before)):
            if place in self._rates:
                often = 1 + sum(one == place for one, _ in way.passes_before)
                number = often if place == way.end else often - 1
                free = self._rates[place].next_free(depart + after, number)
                later = max(later, free - after)
        return None if later >= FOREVER else later

    def _next_fill(self, cart: Cart, way: Way, depart: int) -> int | None:
        """Return a later departure at which people or room may be there, or None."""
        load = cart.fleet.load
        options = []
        for crowd in self.crowds_at.get(way.start, ()):
            if self.left[crowd.id] > 0:
                found = self._people[crowd.id].next_gain(depart - load)
                if found is not None:
                    options.append(found + load)
        if way.start in self._standing:
            options.extend(at + load for at in self._standing[way.start].gaps())
        if way.end in self.changing.places:
            options.extend(at - way.before for at in self._fetchable_from(way.end))
        intake = self._intakes.get(way.end)
        if intake is not None:
            options.extend(t + intake.per - way.before for t in intake.times)
        for place, after in way.passes_before:
            if place in self._intakes:
                taken = self._intakes[place]
                options.extend(t + taken.per - after for t in taken.times)
        later = [one for one in options if one > depart]
        return min(later) if later else None

    # ------------------------------------------------------------------ booking

    def book_alone(self, ride: Ride) -> bool:
        """Book a trip without corridor if the staff that it needs are there."""
        staff, who = {}, {}
        vehicles = {ride.cart.fleet.kind: 1}
        carrying = dict.fromkeys(self._classes(ride.load), 1)
        needs = staff_needed(
            self.problem,
            legs=ride.way.legs,
            in_convoy=False,
            vehicles=vehicles,
            carrying=carrying,
            aboard={},
        )
        way = ride.way
        for kind, number in needs.items():
            if self.crew.available(kind, way.start, ride.depart, ride.arrive) < number:
                return False
        for kind, number in needs.items():
            names = self.crew.ride(kind, number, way.start, way.end, ride.depart, ride.arrive)
            staff[kind] = number
            if names:
                who[kind] = names
        self._book(ride, None, None, staff, who)
        return True

    def missing_staff(self, ride: Ride) -> list[str]:
        """Return the staff kinds that a trip without corridor needs and that are not there."""
        needs = staff_needed(
            self.problem,
            legs=ride.way.legs,
            in_convoy=False,
            vehicles={ride.cart.fleet.kind: 1},
            carrying=dict.fromkeys(self._classes(ride.load), 1),
            aboard={},
        )
        way = ride.way
        return [
            kind
            for kind, number in needs.items()
            if self.crew.available(kind, way.start, ride.depart, ride.arrive) < number
        ]

    def _classes(self, load: Load) -> list[str]:
        found: dict[str, None] = {}
        for group in load.groups:
            crowd = self._by_id[group]
            found[crowd.class_id] = None
            if crowd.companions:
                found[COMPANION] = None
        return list(found)

    def lane_free(
        self, lane: Lane, depart: int, takes: int, *, forward: bool, slowest: str
    ) -> bool:
        """Return whether a convoy may be on a corridor from a second on."""
        arrive = depart + takes
        if arrive > self.problem.horizon or depart < max(0, self.problem.opening):
            return False
        for other_depart, other_arrive, other_forward in self.on_lane[lane.id]:
            if other_forward == forward:
                if abs(other_depart - depart) < lane.headway:
                    return False
            elif lane.one_way and other_depart < arrive and depart < other_arrive:
                return False
        return self._lane_open(lane, depart, takes, forward=forward, slowest=slowest) == depart

    def _lane_open(
        self, lane: Lane, depart: int, takes: int, *, forward: bool, slowest: str
    ) -> int:
        """Return the second itself if windows allow an entry, else a later one to try next."""
        margin = self.problem.margin
        windows = self.problem.windows
        later = depart
        inner = self.ways.inner_passes(lane, slowest, depart, forward=forward)
        for place, after in (*inner, (lane.end(forward), takes)):
            later = max(later, self.problem.sites[place].opens - after)
        for openings in lane.openings:
            later = max(later, openings.next_entry(depart, takes, margin))
        if windows:
            for leg, begins, ends in self.ways.lane_legs(lane, slowest, depart, forward=forward):
                if leg in windows:
                    enters = windows[leg].next_entry(begins, ends - begins, margin)
                    later = max(later, depart + enters - begins)
            for place, after in inner:
                if place in windows:
                    enters = windows[place].next_entry(depart + after, 0, margin)
                    later = max(later, enters - after)
        if later > depart and self.ways.by_hour:
            change = self.ways.next_lane_change(lane, slowest, depart, forward=forward)
            later = later if change is None else min(later, change)
        return later

    def next_lane_entry(
        self, lane: Lane, at: int, takes: int, *, forward: bool, slowest: str
    ) -> int | None:
        """Return the earliest second from `at` on when a convoy may enter, or None."""
        at = max(at, 0, self.problem.opening)
        for _ in range(10_000):
            if self.ways.by_hour:
                takes = self.ways.lane_time_at(lane, slowest, at, forward=forward)
            if at + takes > self.problem.horizon:
                return None
            later = self._lane_open(lane, at, takes, forward=forward, slowest=slowest)
            for other_depart, other_arrive, other_forward in self.on_lane[lane.id]:
                if other_forward == forward:
                    if abs(other_depart - at) < lane.headway:
                        later = max(later, other_depart + lane.headway)
                elif lane.one_way and other_depart < at + takes and at < other_arrive:
                    later = max(later, other_arrive)
            if later == at:
                return at
            at = later
        return None

    def join(self, passage: Passage, ride: Ride) -> bool:
        """Book a trip into a convoy if its size and the staff allow it."""
        lane = passage.lane
        if lane.largest is not None and len(passage.rides) >= lane.largest:
            return False
        vehicles = dict(passage.vehicles)
        vehicles[ride.cart.fleet.kind] = vehicles.get(ride.cart.fleet.kind, 0) + 1
        carrying = dict(passage.carrying)
        for one in self._classes(ride.load):
            carrying[one] = carrying.get(one, 0) + 1
        passage.rides.append(ride)
        passage.trip_staff.append({})
        passage.trip_who.append({})
        if not self._cover(passage, vehicles, carrying, {}):
            passage.rides.pop()
            passage.trip_staff.pop()
            passage.trip_who.pop()
            return False
        passage.vehicles, passage.carrying = vehicles, carrying
        self._reserve(ride, passage)
        return True

    def _cover(
        self,
        passage: Passage,
        vehicles: Mapping[str, int],
        carrying: Mapping[str, int],
        extra: Mapping[str, int],
    ) -> bool:
        """Put the staff on board that a convoy needs, all or none."""
        aboard = {kind: passage.aboard(kind) + extra.get(kind, 0) for kind in self.problem.helpers}
        needs = staff_needed(
            self.problem,
            legs=passage.lane.legs,
            in_convoy=True,
            vehicles=vehicles,
            carrying=carrying,
            aboard=aboard,
        )
        moves: list[tuple[str, int, int]] = []
        for kind, wished in aboard.items():
            short = max(needs.get(kind, 0), wished) - passage.aboard(kind)
            if short <= 0:
                continue
            lane = passage.lane
            start = lane.start(passage.forward)
            there = self.crew.available(kind, start, passage.depart, passage.arrive)
            taken = min(short, there)
            if taken:
                moves.append((kind, -1, taken))
                short -= taken
            used: dict[str, int] = {start: taken}
            for index, ride in enumerate(passage.rides):
                if short <= 0:
                    break
                place = ride.way.start
                there = self.crew.available(kind, place, ride.depart, ride.arrive)
                taken = min(short, there - used.get(place, 0))
                if taken > 0:
                    moves.append((kind, index, taken))
                    used[place] = used.get(place, 0) + taken
                    short -= taken
            if short > 0:
                return False
        for kind, index, number in moves:
            self._board_staff(passage, kind, index, number)
        return True

    def _board_staff(self, passage: Passage, kind: str, index: int, number: int) -> None:
        lane = passage.lane
        if index < 0:
            names = self.crew.ride(
                kind,
                number,
                lane.start(passage.forward),
                lane.end(passage.forward),
                passage.depart,
                passage.arrive,
            )
            staff, who = passage.convoy_staff, passage.convoy_who
        else:
            ride = passage.rides[index]
            names = self.crew.ride(
                kind, number, ride.way.start, ride.way.end, ride.depart, ride.arrive
            )
            staff, who = passage.trip_staff[index], passage.trip_who[index]
        staff[kind] = staff.get(kind, 0) + number
        if names:
            who[kind] = tuple(sorted((*who.get(kind, ()), *names)))

    def take_along(self, passage: Passage, kind: str, number: int) -> int:
        """Let up to a number of staff of a kind ride for nothing but the way; return how many."""
        for count in range(number, 0, -1):
            if self._cover(passage, passage.vehicles, passage.carrying, {kind: count}):
                return count
        return 0

    def open_passage(
        self, lane: Lane, depart: int, *, forward: bool, slowest: str
    ) -> Passage | None:
        """Return an empty convoy that may be on its corridor, with the staff of any convoy."""
        takes = self.ways.lane_time_at(lane, slowest, depart, forward=forward)
        if not self.lane_free(lane, depart, takes, forward=forward, slowest=slowest):
            return None
        return Passage(lane, forward, depart, depart + takes, slowest)

    def close_passage(self, passage: Passage) -> Convoy:
        """Book a convoy with its trips as one."""
        lane = passage.lane
        convoy = Convoy(
            id=f"c{len(self.convoys) + 1:03d}",
            corridor=lane.id,
            start=lane.start(passage.forward),
            end=lane.end(passage.forward),
            depart=passage.depart,
            arrive=passage.arrive,
            staff=dict(passage.convoy_staff),
            who=dict(passage.convoy_who),
        )
        self.convoys.append(convoy)
        self.on_lane[lane.id].append((passage.depart, passage.arrive, passage.forward))
        for ride, staff, who in zip(
            passage.rides, passage.trip_staff, passage.trip_who, strict=True
        ):
            self._write(ride, convoy.id, staff, who)
        self.stepwise.book(
            [
                (ride.way.start, ride.depart, ride.arrive, self._first_time(ride.load))
                for ride in passage.rides
                if self._first_time(ride.load)
            ]
        )
        return convoy

    def _first_time(self, load: Load) -> int:
        """Return the persons of a load who leave the place where they live."""
        if not self.changing:
            return load.persons
        return sum(
            number * self._by_id[group].each
            for group, number in load.groups.items()
            if group not in self.changing.group_of
        )

    def staff_aboard(
        self, lane: Lane, depart: int, kinds: Mapping[str, int], *, forward: bool
    ) -> dict[str, int] | None:
        """Return who must ride where staff go alone through a corridor; None if they cannot."""
        takes = self.ways.lane_time(lane.id, STAFF_ALONE)
        if not self.lane_free(lane, depart, takes, forward=forward, slowest=STAFF_ALONE):
            return None
        start, end, arrive = lane.start(forward), lane.end(forward), depart + takes
        inner = self.ways.inner_passes(lane, STAFF_ALONE, depart, forward=forward)
        gates = [(start, depart), *((place, depart + at) for place, at in inner), (end, arrive)]
        if not self._gates_open(gates):
            return None
        aboard = staff_needed(
            self.problem,
            legs=lane.legs,
            in_convoy=True,
            vehicles={},
            carrying={},
            aboard=dict(kinds),
        )
        aboard = {one: max(aboard.get(one, 0), kinds.get(one, 0)) for one in {*aboard, *kinds}}
        there = all(
            self.crew.available(kind, start, depart, arrive) >= number
            for kind, number in aboard.items()
        )
        return aboard if there else None

    def staff_passage(
        self, lane: Lane, depart: int, kinds: Mapping[str, int], *, forward: bool
    ) -> bool:
        """Send staff alone through a corridor, as a convoy without vehicles; all or none."""
        aboard = self.staff_aboard(lane, depart, kinds, forward=forward)
        if aboard is None:
            return False
        start, end = lane.start(forward), lane.end(forward)
        arrive = depart + self.ways.lane_time(lane.id, STAFF_ALONE)
        staff, who = {}, {}
        for kind, number in aboard.items():
            names = self.crew.ride(kind, number, start, end, depart, arrive)
            staff[kind] = number
            if names:
                who[kind] = names
        convoy = Convoy(
            f"c{len(self.convoys) + 1:03d}", lane.id, start, end, depart, arrive, {}, {}
        )
        self.convoys.append(convoy)
        self.on_lane[lane.id].append((depart, arrive, forward))
        legs = lane.legs if forward else lane.legs[::-1]
        self.trips.append(
            Trip(None, None, start, end, legs, depart, arrive, convoy.id, staff=staff, who=who)
        )
        return True

    def staff_alone(self, way: Way, ready: int, kinds: Mapping[str, int]) -> bool:
        """Send staff alone on a way without corridor from a second on; all or none."""
        needs = staff_needed(
            self.problem,
            legs=way.legs,
            in_convoy=False,
            vehicles={},
            carrying={},
            aboard=dict(kinds),
        )
        if any(number > kinds.get(kind, 0) for kind, number in needs.items()):
            return False
        depart, arrive = ready, ready + way.before
        if arrive > self.problem.horizon or not self._open_on_way(way, depart, arrive, None):
            return False
        for kind, number in kinds.items():
            if self.crew.available(kind, way.start, depart, arrive) < number:
                return False
        who = {}
        for kind, number in kinds.items():
            names = self.crew.ride(kind, number, way.start, way.end, depart, arrive)
            if names:
                who[kind] = names
        self.trips.append(
            Trip(
                None, None, way.start, way.end, way.legs, depart, arrive, staff=dict(kinds), who=who
            )
        )
        return True

    def _book(
        self,
        ride: Ride,
        passage: Passage | None,
        convoy: str | None,
        staff: Mapping[str, int],
        who: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._reserve(ride, passage)
        self._write(ride, convoy, staff, who)
        persons = self._first_time(ride.load)
        if persons:
            self.stepwise.book([(ride.way.start, ride.depart, ride.arrive, persons)])

    def _reserve(self, ride: Ride, passage: Passage | None) -> None:
        """Book what one trip takes: bays, people, rooms, rates, the time and tank of a cart."""
        cart, way, load = ride.cart, ride.way, ride.load
        fleet = cart.fleet
        boarding = fleet.load if load.groups else 0
        by_id = self._by_id
        for group, number in load.groups.items():
            self.left[group] -= number
            self._people[group].change(ride.depart - fleet.load, -number)
            if group in load.households:
                board = ride.depart - fleet.load
                self._take_homes(by_id[group], number, load.households[group], board)
        if load.groups and self.changing:
            self._change(ride)
        if load.groups:
            bays = self._bays.get((way.start, fleet.kind))
            if bays is not None:
                bays.book(ride.depart, fleet.load)
            if way.start in self._standing:
                board = ride.depart - fleet.load
                own = self._first_time(load)
                self._standing[way.start].book(board, ride.depart, own)
                if load.persons > own:
                    self._standing[way.start].leave(board, load.persons - own)
            for place, at in self._passes(way, ride.depart, ride.arrive, passage):
                if place in self._intakes:
                    self._intakes[place].book(at, load.persons)
            if way.end in self.rooms:
                self.rooms[way.end] -= load.persons
        for place, at in self._passes(way, ride.depart, ride.arrive, passage):
            if place in self._rates:
                self._rates[place].book(at, 1)
        lane_time = 0 if passage is None else passage.arrive - passage.depart
        if cart.arrived is not None and cart.place in fleet.refuel_at:
            stay = ride.depart - boarding - cart.free
            if stay >= fleet.refuel_s:
                cart.driven_s, cart.driven_km = 0, 0.0
        cart.driven_s += way.outside + lane_time
        cart.driven_km += way.km or 0.0
        cart.place = way.end
        cart.arrived = ride.arrive
        cart.free = ride.arrive + (fleet.unload if load.groups else 0)

    def _change(self, ride: Ride) -> None:
        """Let those who are brought to a change place wait there for another vehicle."""
        end, load = ride.way.end, ride.load
        if end not in self.changing.places:
            return
        board = ride.depart - ride.cart.fleet.load
        there = ride.arrive + ride.cart.fleet.unload
        if there <= board:
            there += 1  # After a ride of no duration people board again a second later only.
        for group, number in load.groups.items():
            crowd = self.changing.waiting(self._by_id[group], end)
            self.left[crowd.id] += number
            self._people[crowd.id].change(there, number)
            if crowd.households is not None:
                larger = number - load.households[group] * crowd.households.smallest
                small, large = self._brought_homes[crowd.id]
                small.change(there, load.households[group] - larger)
                large.change(there, larger)
        if end in self._standing:
            self._standing[end].book(ride.arrive, None, load.persons)

    def _take_homes(self, crowd: Crowd, number: int, count: int, board: int) -> None:
        if crowd.households is None:
            return
        larger = number - count * crowd.households.smallest
        if crowd.id in self._brought_homes:
            fewer, more = self._brought_homes[crowd.id]
            fewer.change(board, larger - count)
            more.change(board, -larger)
            return
        small, large = self._homes[crowd.id]
        self._homes[crowd.id] = (small - (count - larger), large - larger)

    def _write(
        self,
        ride: Ride,
        convoy: str | None,
        staff: Mapping[str, int],
        who: Mapping[str, tuple[str, ...]],
    ) -> None:
        named = self.changing.group_of
        people: dict[str, int] = {}
        for group, number in ride.load.groups.items():
            crowd = self._by_id[group]
            people[crowd.class_id] = people.get(crowd.class_id, 0) + number
            if crowd.companions:
                people[COMPANION] = people.get(COMPANION, 0) + number * crowd.companions
        self.trips.append(
            Trip(
                vehicle=ride.cart.name,
                kind=ride.cart.fleet.kind,
                start=ride.way.start,
                end=ride.way.end,
                legs=ride.way.legs,
                depart=ride.depart,
                arrive=ride.arrive,
                convoy=convoy,
                load=people,
                groups={named.get(one, one): n for one, n in ride.load.groups.items()},
                households={named.get(one, one): n for one, n in ride.load.households.items()},
                staff=dict(staff),
                who=dict(who),
            )
        )


class Filler(Protocol):
    """How a vehicle is filled; solvers give their own."""

    def __call__(
        self, schedule: Schedule, fleet: Fleet, way: Way, depart: int, arrive: int, most: int
    ) -> Load:
        """Return the load, of at most so many persons, of a vehicle that leaves and arrives."""


def _people(crowd: Crowd) -> Stock:
    stock = Stock()
    before = 0
    for after, count in crowd.ready:
        stock.change(after, count - before)
        before = count
    return stock


def _tank_lasts(fleet: Fleet, seconds: int, driven_km: float, km: float | None) -> bool:
    if fleet.range_s is not None and seconds > fleet.range_s:
        return False
    if fleet.range_km is not None:
        return km is not None and driven_km + km <= fleet.range_km
    return True
