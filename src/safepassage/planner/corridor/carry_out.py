"""From an assignment to a schedule: convoys in order, vehicles and loads as proposed.

Whatever the rules do not allow is left out; what is then left over the dispatcher sends as usual.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from safepassage.planner.corridor.assign import Assignment, Timed
from safepassage.planner.corridor.leading import leading
from safepassage.planner.corridor.model import Corridor, Part
from safepassage.planner.filling import BestFilling
from safepassage.planner.greedy import Dispatcher, Policy
from safepassage.planner.problem import Fleet
from safepassage.planner.schedule import Cart, Load, Passage, Schedule
from safepassage.planner.ways import Way


@dataclass(frozen=True)
class Order:
    """What one convoy is to do: (part, pickup, destination, accompanied) or (part, pickup).

    One that is `alone` consists of escorts only.
    """

    at: int
    outward: bool
    out: tuple[tuple[tuple[int, int, int, bool], int], ...]
    back: tuple[tuple[tuple[int, int], int], ...]
    escorts: int
    alone: bool = False


def carry_out(
    corridor: Corridor,
    convoys: Timed,
    assignment: Assignment,
    *,
    then_greedy: bool = True,
    stop: Callable[[], bool] | None = None,
) -> Schedule:
    """Return the schedule that follows an assignment as far as the rules allow."""
    return _Executor(
        corridor, _orders(corridor, convoys, assignment), assignment, then_greedy, stop
    ).run()


def _orders(corridor: Corridor, convoys: Timed, assignment: Assignment) -> list[Order]:
    out: dict[int, list[tuple[tuple[int, int, int, bool], int]]] = defaultdict(list)
    back: dict[int, list[tuple[tuple[int, int], int]]] = defaultdict(list)
    for (i, f, p, e, led), number in assignment.out.items():
        out[i].append(((f, p, e, led), number))
    for (i, f, p), number in assignment.back.items():
        back[i].append(((f, p), number))
    # A convoy without vehicles need not run, nor be led.
    used = [i for i in range(len(convoys)) if out[i] or back[i]]
    run = tuple(convoys[i] for i in used)
    led_by = leading(corridor, run)
    riders = [0] * len(run) if led_by is None else led_by.riders
    orders = [
        Order(at, outward, tuple(sorted(out[i])), tuple(sorted(back[i])), number)
        for i, (at, outward), number in zip(used, run, riders, strict=True)
    ]
    for at, outward, number in () if led_by is None else led_by.alone:
        orders.append(Order(at, outward, (), (), number, alone=True))
    return sorted(orders, key=lambda one: (one.at, not one.outward))


class _Executor(Dispatcher):
    def __init__(
        self,
        corridor: Corridor,
        orders: list[Order],
        assignment: Assignment,
        then_greedy: bool,  # noqa: FBT001 - as in the policy
        stop: Callable[[], bool] | None,
    ) -> None:
        super().__init__(corridor.problem, corridor.ways, Policy(then_greedy=then_greedy), stop)
        self.corridor = corridor
        self.orders = orders
        self.assignment = assignment
        self.placed = False
        legs = corridor.lane.legs
        self.accompanied = frozenset(
            one
            for helper in self.problem.helpers.values()
            if helper.needed_over(legs)
            for one in helper.for_classes
        )

    def run(self) -> Schedule:
        self._place_staff()
        self._first_moves()
        for order in self.orders:
            if self._stopped():
                break
            self._convoy(order)
        self.queue = [
            (cart.free, cart.fleet.load, name) for name, cart in self.schedule.carts.items()
        ]
        heapq.heapify(self.queue)
        for at, _, forward in self.schedule.on_lane[self.corridor.lane.id]:
            door = (self.corridor.lane.id, forward)
            self.not_before[door] = max(self.not_before[door], at)
        return super().run()

    def _place_staff(self) -> None:
        if not self.placed:
            super()._place_staff()
            self.placed = True

    def _carts(self, fleet: Fleet) -> list[Cart]:
        found = [self.schedule.carts[name] for name, _ in fleet.vehicles]
        return sorted(found, key=lambda one: (one.free, one.name))

    def _first_moves(self) -> None:
        """Send each entry's vehicles to the pickups from where they go first."""
        for f, part in enumerate(self.corridor.parts):
            waiting = [one for one in self._carts(part.fleet) if one.place == part.fleet.at]
            wanted = {p: self.assignment.first.get((f, p), 0) for p in range(len(part.turns))}
            for p, turn in enumerate(part.turns):
                if turn.pickup == part.fleet.at:
                    waiting = waiting[wanted[p] :]
            for p, turn in enumerate(part.turns):
                if turn.pickup == part.fleet.at:
                    continue
                for cart in waiting[: wanted[p]]:
                    self._drive(cart, turn.pickup)
                waiting = waiting[wanted[p] :]

    def _drive(self, cart: Cart, place: str) -> None:
        for way in self.ways.between(cart.fleet.kind, cart.place, place):
            if way.lane is None:
                ride = self.schedule.ride_alone(cart, way, None)
                if ride is not None and self.schedule.book_alone(ride):
                    return

    # ------------------------------------------------------------------ convoys

    def _convoy(self, order: Order) -> None:
        lane = self.corridor.lane
        forward = self.corridor.forward == order.outward
        door = (lane.id, forward)
        parts = self.corridor.parts
        if order.alone:
            self.schedule.staff_passage(lane, order.at, self._escorts(order), forward=forward)
            return
        used = {key[0] for key, _ in order.out} | {key[0] for key, _ in order.back}
        kinds = sorted(
            {parts[f].fleet.kind for f in used}, key=lambda one: -self.ways.lane_time(lane.id, one)
        )
        if not kinds or not self._staff_there(door, order.at):
            return
        for index, slowest in enumerate(kinds):
            passage = self.schedule.open_passage(lane, order.at, forward=forward, slowest=slowest)
            if passage is None:
                continue
            self._fill(passage, order, set(kinds[index:]), slowest)
            if passage.rides:
                self._take_staff(passage, order)
                self.schedule.close_passage(passage)
                return

    def _escorts(self, order: Order) -> dict[str, int]:
        """Return how many of each kind that leads convoys ride."""
        legs = self.corridor.lane.legs
        return {
            kind: order.escorts
            for kind, helper in self.problem.helpers.items()
            if helper.for_convoy and helper.needed_over(legs)
        }

    def _take_staff(self, passage: Passage, order: Order) -> None:
        """Let escorts ride to where they lead next, and who accompanies people back to them."""
        for kind, helper in self.problem.helpers.items():
            if helper.for_convoy and helper.needed_over(passage.lane.legs):
                more = order.escorts - passage.aboard(kind)
            elif not order.outward:
                places = {
                    passage.lane.start(passage.forward),
                    *(ride.way.start for ride in passage.rides),
                }
                crew = self.schedule.crew
                more = sum(
                    crew.available(kind, place, passage.depart, passage.arrive) for place in places
                )
            else:
                continue
            if more > 0:
                self.schedule.take_along(passage, kind, more)

    def _fill(self, passage: Passage, order: Order, kinds: set[str], slowest: str) -> None:
        """Let vehicles join a convoy; of the slowest kind one must be in, so it comes first."""
        parts = self.corridor.parts

        def first(f: int) -> bool:
            return parts[f].fleet.kind != slowest

        asked: dict[tuple[int, int], list[tuple[int, int, bool]]] = defaultdict(list)
        for (f, p, e, led), number in sorted(
            # Who is accompanied weighs most: their vehicles load last and wait least.
            order.out,
            key=lambda one: (first(one[0][0]), not one[0][3]),
        ):
            asked[f, p].append((number, e, led))
        for (f, p), wanted in asked.items():
            if parts[f].fleet.kind not in kinds or (first(f) and not passage.rides):
                continue
            carts = self._loading(parts[f], p, passage, sum(number for number, _, _ in wanted))
            for number, e, led in wanted:
                carts = self._loaded(passage, carts, self.corridor.ends[e], number, led=led)
        for (f, p), number in sorted(order.back, key=lambda one: first(one[0][0])):
            if parts[f].fleet.kind not in kinds or (first(f) and not passage.rides):
                continue
            self._empty(passage, parts[f].fleet, parts[f].turns[p].pickup, number)

    def _loading(self, part: Part, p: int, passage: Passage, number: int) -> list[Cart]:
        """Return who can load at a pickup, in the order in which bays are given out.

        Those who came first go, and of them who came last loads last: bays are given out from the
        last moment backwards.
        """
        place, load = part.turns[p].pickup, part.fleet.load
        able = [
            one
            for one in self._carts(part.fleet)
            if one.place == place and one.free + load <= passage.depart
        ]
        return able[:number][::-1] + able[number:]

    def _loaded(
        self, passage: Passage, carts: list[Cart], end: str, number: int, *, led: bool
    ) -> list[Cart]:
        """Let so many of these vehicles join loaded; return those that did not."""
        stay = []
        for cart in carts:
            ways = self._through(cart.fleet.kind, cart.place, end, passage) if number > 0 else []
            for without in (frozenset[str](), self.accompanied) if led else (self.accompanied,):
                if self._joined(passage, cart, ways, _Fill(self.filling, without)):
                    number -= 1
                    break
            else:
                stay.append(cart)
        return stay

    def _empty(self, passage: Passage, fleet: Fleet, place: str, number: int) -> None:
        ready = []
        for cart in self._carts(fleet):
            ways = self._through(fleet.kind, cart.place, place, passage)
            if ways and cart.free + ways[0].before <= passage.depart:
                ready.append((cart.free + ways[0].before, cart.name, cart, ways))
        for _, _, cart, ways in sorted(ready, key=lambda one: one[:2]):
            if number <= 0:
                return
            if self._joined(passage, cart, ways, None):
                number -= 1

    def _through(self, kind: str, start: str, end: str, passage: Passage) -> list[Way]:
        return [
            way
            for way in self.ways.between(kind, start, end)
            if way.lane == passage.lane.id and way.forward == passage.forward
        ]

    def _joined(
        self, passage: Passage, cart: Cart, ways: Iterable[Way], fill: "_Fill | None"
    ) -> bool:
        for way in ways:
            ride = self.schedule.ride_in(cart, way, passage, fill)
            if ride is not None and self.schedule.join(passage, ride):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Fill:
    """Fill with the most worth, some classes left out."""

    filling: BestFilling
    without: frozenset[str]

    def __call__(
        self, schedule: Schedule, fleet: Fleet, way: Way, depart: int, arrive: int, most: int
    ) -> Load:
        return self.filling.load(schedule, fleet, way, depart, arrive, self.without, most)
