"""Certificate family "tours": nobody can have everybody out by T (last_out), in whole numbers.

Take any plan in which everybody has arrived by T, and prices (whole numbers, 0 or more): `people`
for each person who leaves a place, `groups` for each member of a group (his companions ride with
him), `trips` for each loaded trip from a place, `places` for each person who arrives at a
destination. Then

    sum people x persons + sum groups x members + sum trips x fewest loaded trips
        - sum places x room left  <=  sum over vehicles of the best tour within T,

a tour being worth, for each loaded trip from i to j, trips[i] + the most that those aboard can be
worth, a member of a group g of i being worth max(0, groups[g] + persons of him x (people[i] -
places[j])). So if the left side is greater, no such plan exists. The best tours are found by
dynamic programming over time on the raw scenario, in int64 with room to spare: no rounding enters.
Driving times are shortest times; windows, convoys, staff, intake, bays and whatever else could only
delay a vehicle are left out (but for the opening), which can only raise the right side. A relaxed
tour ends on a multiple of the clock (the greatest common divisor of all durations used); so what is
refuted for T is refuted up to the second before the next multiple.
"""

import heapq
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from safepassage.planner.checking.certificate import CertificateError
from safepassage.planner.checking.given import (
    Given,
    GivenGroup,
    GivenVehicle,
    ready_counts,
    up,
)
from safepassage.planner.plan import Plan
from safepassage.scenario.people import COMPANION
from safepassage.scenario.scenario import Scenario

MOST_CELLS = 60_000_000
MOST_VALUE = 2**62
NEVER = -(2**62)
LARGE_ROOM = 500

Ints = npt.NDArray[np.int64]
Leaving = Mapping[str, tuple[GivenGroup, ...]]
"""The groups who leave each place."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Whole prices by place, and by group."""

    trips: Mapping[str, int]
    people: Mapping[str, int]
    groups: Mapping[str, int]
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles that differ only in where and when they start."""

    vehicle: GivenVehicle
    starts: tuple[tuple[str, int, int], ...]
    """(place, ready second, how many)."""


def proved_by_tours(scenario: Scenario, plan: Plan, data: Mapping[str, object]) -> float:
    """Return the bound in minutes that the certificate proves.

    Raises
    ------
    CertificateError
        If it is not well formed, does not fit the scenario, or does not refute its T.
    """
    if plan.objective != "last_out":
        raise CertificateError('family "tours" proves bounds of last_out only')
    given = Given(scenario, plan.people)
    limit, prices = _read(scenario, data)
    leaving = leaving_by_place(given)
    fleets = fleets_of(given)
    if given.unknown:
        raise CertificateError(f"unknown figures: {', '.join(given.unknown)}")
    owed = owed_by_all(given, leaving, fleets, prices)
    times = {
        fleet.vehicle.kind: shortest_times(given, fleet.vehicle.kind, leaving, fleets)
        for fleet in fleets
    }
    clock = clock_of(given, times, fleets)
    best = sum(
        _best_tours(given, fleet, limit // clock, clock, times[fleet.vehicle.kind], prices, leaving)
        for fleet in fleets
    )
    if owed <= best:
        raise CertificateError(f"the prices do not refute {limit} s: {owed} is not above {best}")
    return (limit // clock + 1) * clock / 60


def _read(scenario: Scenario, data: Mapping[str, object]) -> tuple[int, Prices]:
    unknown = sorted(set(data) - {"family", "refuted", "prices"})
    if unknown:
        raise CertificateError(f"unknown keys {', '.join(unknown)}")
    limit = data.get("refuted")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 0 <= limit <= 10**9:
        raise CertificateError(f"refuted: found {limit!r}, want whole seconds")
    return limit, read_prices(scenario, data)


def read_prices(scenario: Scenario, data: Mapping[str, object]) -> Prices:
    """Return the prices of a certificate.

    Raises
    ------
    CertificateError
        If they are not well formed or do not fit the scenario.
    """
    table = data.get("prices")
    if not isinstance(table, Mapping):
        raise CertificateError("prices: want an object")
    unknown = sorted(set(table) - {"trips", "people", "groups", "places"})
    if unknown:
        raise CertificateError(f"prices: unknown keys {', '.join(unknown)}")
    trips, people, places = (
        _price_list(scenario.place, table.get(name, {}), name)
        for name in ("trips", "people", "places")
    )
    groups = _price_list(scenario.group, table.get("groups", {}), "groups")
    for place in places:
        if not scenario.place[place].arrived or scenario.place[place].capacity is None:
            raise CertificateError(f"prices.places.{place}: no destination with a capacity")
    return Prices(trips, people, groups, places)


def _price_list(known: Collection[str], table: object, name: str) -> dict[str, int]:
    if not isinstance(table, Mapping):
        raise CertificateError(f"prices.{name}: want an object")
    prices: dict[str, int] = {}
    for of, price in table.items():
        if of not in known:
            raise CertificateError(f"prices.{name}: unknown id {of!r}")
        if isinstance(price, bool) or not isinstance(price, int) or not 0 <= price <= 10**15:
            raise CertificateError(f"prices.{name}.{of}: found {price!r}, want a whole number")
        prices[of] = price
    return prices


def leaving_by_place(given: Given) -> Leaving:
    """Return the groups who leave each place, if anybody of them wishes to."""
    found: dict[str, list[GivenGroup]] = {}
    for group in given.groups():
        if group.leave > 0:
            found.setdefault(group.at, []).append(group)
    return {place: tuple(groups) for place, groups in found.items()}


def owed_by_all(given: Given, leaving: Leaving, fleets: list[Fleet], prices: Prices) -> int:
    """Return what the tours of any plan with everybody out are worth at least."""
    owed = -sum(price * _room(given, place) for place, price in prices.places.items())
    for place, groups in leaving.items():
        persons = sum(one.leave * one.persons for one in groups)
        owed += prices.people.get(place, 0) * persons
        owed += sum(prices.groups.get(one.id, 0) * one.leave for one in groups)
        price = prices.trips.get(place, 0)
        if price > 0:
            most = max(
                (
                    most_worth(given, fleet.vehicle, groups, tuple(one.persons for one in groups))
                    for fleet in fleets
                    if fleet.vehicle.boards is None or place in fleet.vehicle.boards
                ),
                default=0,
            )
            if most == 0:
                raise CertificateError(f"no vehicle can carry the people at {place}")
            owed += price * -(-persons // most)
    return owed


def fleets_of(given: Given) -> list[Fleet]:
    """Return the vehicles in groups that share every time and size."""
    starts: dict[tuple[object, ...], dict[tuple[str, int], int]] = {}
    sample: dict[tuple[object, ...], GivenVehicle] = {}
    numbers: dict[str, int] = {}
    totals: dict[str, int] = {}
    for entry in given.scenario.vehicles:
        count = given.pick(entry.count, f"vehicle {entry.id} count", 0)
        totals[entry.kind] = totals.get(entry.kind, 0) + count
    for entry in given.scenario.vehicles:
        count = given.pick(entry.count, f"vehicle {entry.id} count", 0)
        first = numbers.get(entry.kind, 0) + 1
        numbers[entry.kind] = first + count - 1
        if count <= 0:
            continue
        width = max(2, len(str(totals[entry.kind])))
        vehicle = given.vehicle(f"{entry.kind}-{first:0{width}d}")
        if vehicle is None:
            raise CertificateError(f"vehicle {entry.id} cannot be read")
        key = (
            vehicle.kind,
            tuple(sorted(vehicle.slots.items())),
            vehicle.load,
            vehicle.unload,
            vehicle.boards,
            vehicle.alights,
        )
        sample[key] = vehicle
        here = starts.setdefault(key, {})
        for when, some in ready_counts(count, entry.ready):
            if some > 0:
                here[(entry.at, when)] = here.get((entry.at, when), 0) + some
    return [
        Fleet(sample[key], tuple((at, when, some) for (at, when), some in here.items()))
        for key, here in starts.items()
    ]


def most_worth(
    given: Given, vehicle: GivenVehicle, groups: tuple[GivenGroup, ...], worths: tuple[int, ...]
) -> int:
    """Return a number that the members of some groups in one vehicle cannot be worth more than.

    Each group is counted by one slot kind that its members use; those counted by one slot kind
    share it, and slot kinds are added up.
    """
    shared: dict[str, list[tuple[int, int]]] = {}
    for group, worth in zip(groups, worths, strict=True):
        uses = _uses(given, group)
        slot = next((one for one in sorted(uses) if one in shared), None)
        if slot is None:
            slot = min(sorted(uses), key=lambda one: vehicle.slots.get(one, 0) // uses[one])
        shared.setdefault(slot, []).append((uses[slot], worth))
    return sum(_fill(vehicle.slots.get(slot, 0), tuple(some)) for slot, some in shared.items())


def _uses(given: Given, group: GivenGroup) -> dict[str, int]:
    """Return the slots that one member of a group uses together with his companions."""
    uses: dict[str, int] = {}
    for class_id, persons in ((group.class_id, 1), (COMPANION, group.persons - 1)):
        person_class = given.person_class(class_id)
        if person_class is not None:
            for slot, count in person_class.uses.items():
                uses[slot] = uses.get(slot, 0) + count * persons
    uses = {slot: count for slot, count in uses.items() if count > 0}
    if not uses:
        raise CertificateError(f"group {group.id} uses no slot: no limit of people a vehicle")
    return uses


@lru_cache(maxsize=65_536)
def _fill(room: int, items: tuple[tuple[int, int], ...]) -> int:
    """Return the most that items (size, worth), each any number of times, can be worth in a room.

    In a large room the bound of the best item per size is good enough.
    """
    useful = [(size, worth) for size, worth in items if worth > 0 and size <= room]
    if not useful:
        return 0
    if len(useful) == 1:
        size, worth = useful[0]
        return room // size * worth
    if room > LARGE_ROOM:
        return max(room * worth // size for size, worth in useful)
    best = [0] * (room + 1)
    for used in range(1, room + 1):
        best[used] = max(
            (best[used - size] + worth for size, worth in useful if size <= used), default=0
        )
    return max(best)


def _room(given: Given, place_id: str) -> int:
    """Return how many persons a destination can still take in, less those of elsewhere."""
    place = given.scenario.place[place_id]
    if place.capacity is None:
        raise CertificateError(f"{place_id} has no capacity")
    room = given.pick(place.capacity, f"place {place_id} capacity", 0)
    taken = sum(one.people for one in place.filled if up(one.after) <= given.horizon)
    return max(0, room - taken)


def destinations(given: Given) -> list[str]:
    """Return where people may alight: for good, or to change vehicles."""
    return [
        one.id
        for one in given.scenario.places
        if given.is_arrival(one.id) or given.is_change(one.id)
    ]


def shortest_times(
    given: Given, kind: str, leaving: Collection[str], fleets: list[Fleet]
) -> dict[str, dict[str, int]]:
    """Return driving seconds from every start, pickup and destination; absent: no way."""
    ways: dict[str, list[tuple[str, int]]] = {}
    for leg in given.scenario.legs:
        time = given.leg_time(leg, kind)
        ways.setdefault(leg.start, []).append((leg.end, time))
        if not leg.one_way:
            ways.setdefault(leg.end, []).append((leg.start, time))
    origins = {*leaving, *destinations(given)}
    for fleet in fleets:
        if fleet.vehicle.kind == kind:
            origins |= {at for at, _, _ in fleet.starts}
    return {origin: _dijkstra(ways, origin) for origin in sorted(origins)}


def _dijkstra(ways: Mapping[str, list[tuple[str, int]]], origin: str) -> dict[str, int]:
    reached: dict[str, int] = {}
    queue = [(0, origin)]
    while queue:
        time, place = heapq.heappop(queue)
        if place in reached:
            continue
        reached[place] = time
        for then, more in ways.get(place, ()):
            if then not in reached:
                heapq.heappush(queue, (time + more, then))
    return reached


def clock_of(
    given: Given, times: Mapping[str, Mapping[str, Mapping[str, int]]], fleets: list[Fleet]
) -> int:
    """Return the greatest common divisor of every duration that a relaxed tour adds up."""
    found = given.opening
    for of_kind in times.values():
        for reached in of_kind.values():
            found = math.gcd(found, *reached.values())
    for fleet in fleets:
        found = math.gcd(found, fleet.vehicle.load, fleet.vehicle.unload)
        found = math.gcd(found, *(when for _, when, _ in fleet.starts))
    return max(1, found)


def _best_tours(
    given: Given,
    fleet: Fleet,
    last: int,
    clock: int,
    times: Mapping[str, Mapping[str, int]],
    prices: Prices,
    leaving: Leaving,
) -> int:
    """Return the best worth of all tours of a fleet within `last` ticks of the clock."""
    vehicle = fleet.vehicle
    pickups = [one for one in leaving if vehicle.boards is None or one in vehicle.boards]
    ends = [one for one in destinations(given) if vehicle.alights is None or one in vehicle.alights]
    gain = np.zeros((len(pickups), len(ends)), dtype=np.int64)
    rides = np.full((len(pickups), len(ends)), last + 1, dtype=np.int64)
    returns = np.full((len(ends), len(pickups)), last + 1, dtype=np.int64)
    for row, pickup in enumerate(pickups):
        for column, end in enumerate(ends):
            worth = worth_of_trip(given, vehicle, prices, leaving[pickup], end)
            way = times[pickup].get(end)
            if way is not None and pickup != end and worth > 0:
                gain[row, column] = worth
                rides[row, column] = min(last + 1, way // clock)
            back = times[end].get(pickup)
            if back is not None:
                returns[column, row] = min(last + 1, (vehicle.unload + back) // clock)
    if gain.size == 0 or not gain.any():
        return 0
    load = vehicle.load // clock
    shortest = int(rides.min()) + load
    if shortest < 1:
        raise CertificateError("a loaded trip takes no time: nothing limits the number of trips")
    if (last // shortest + 2) * int(gain.max()) >= MOST_VALUE:
        raise CertificateError("prices too large to be checked")
    if (last + 2) * (len(pickups) + len(ends)) > MOST_CELLS:
        raise CertificateError("too many moments to be checked: a finer clock than memory allows")
    at_pickup = _values_by_time(gain, rides, returns, last, load, given.opening // clock)
    best = 0
    for at, ready, count in fleet.starts:
        worths = [
            int(at_pickup[row, tick])
            for row, pickup in enumerate(pickups)
            if (way := times[at].get(pickup)) is not None
            and (tick := (ready + way) // clock) <= last
        ]
        best += count * max(worths, default=0)
    return best


def worth_of_trip(
    given: Given,
    vehicle: GivenVehicle,
    prices: Prices,
    groups: tuple[GivenGroup, ...],
    end: str,
) -> int:
    """Return the most that one loaded trip from the place of some groups can be worth."""
    if most_worth(given, vehicle, groups, tuple(one.persons for one in groups)) == 0:
        return 0
    pickup = groups[0].at
    each = prices.people.get(pickup, 0) - prices.places.get(end, 0)
    worths = tuple(max(0, prices.groups.get(one.id, 0) + one.persons * each) for one in groups)
    worth = prices.trips.get(pickup, 0) + most_worth(given, vehicle, groups, worths)
    if worth >= MOST_VALUE:
        raise CertificateError("prices too large to be checked")
    return worth


def _values_by_time(
    gain: Ints, rides: Ints, returns: Ints, last: int, load: int, opening: int
) -> Ints:
    """Return the best worth of what a vehicle can still do, by pickup and tick, backwards in time.

    A loaded trip departs `load` ticks after boarding begins, and not before the opening. Within a
    block no longer than the shortest loaded trip no value depends on another of its own pickups,
    so a block is computed at once.
    """
    pickups, ends = gain.shape
    at_pickup: Ints = np.zeros((pickups, last + 2), dtype=np.int64)
    at_end: Ints = np.zeros((ends, last + 2), dtype=np.int64)
    at_end[:, last + 1] = NEVER
    shortest = int(rides.min()) + load
    size = max(1, min(shortest, 2_000_000 // (pickups * ends)))
    rows, columns = np.arange(pickups)[None, :, None], np.arange(ends)[None, :, None]
    first = last + 1
    while first > 0:
        first, stop = max(0, first - size), first
        ticks = np.arange(first, stop, dtype=np.int64)[None, None, :]
        arrive = np.minimum(rides[:, :, None] + np.maximum(ticks + load, opening), last + 1)
        worth = at_end[columns, arrive]
        worth += np.where(worth == NEVER, 0, gain[:, :, None])
        np.maximum(worth.max(axis=1), 0, out=at_pickup[:, first:stop])
        again = np.minimum(returns[:, :, None] + ticks, last + 1)
        np.maximum(at_pickup[rows, again].max(axis=1), 0, out=at_end[:, first:stop])
    return at_pickup
