"""Certificate family "lengths": the tours together are too long to end earlier (last_out).

Take any plan in which everybody has arrived, whole prices as in the family "tours", and tolls: sets
of places, at least one of which somebody leaves, each with a price. Measure each vehicle by the
second at which its last loaded trip arrives, times `unit`. Some vehicle has to enter each set from
outside, for it loads there, and so pays its toll at least once. Hence

    sum of unit x last arrivals  >=  what everybody pays at least (as in the family "tours")
        + sum of tolls + sum over vehicles of the least of (unit x time - worth of trips - tolls),

the least over all chains of loaded trips that the vehicle could drive, and 0 for one that never
loads. It is found by shortest paths in Python's whole numbers: no rounding anywhere. The latest
arrival is no earlier than the sum over the number of vehicles. Driving times are shortest times;
windows, convoys, staff, intake and whatever else could only delay a vehicle are left out (but for
the opening). Every arrival of such a chain is a multiple of the clock, the greatest common divisor
of all durations.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from safepassage.planner.checking.certificate import CertificateError
from safepassage.planner.checking.given import Given
from safepassage.planner.checking.tours_certificate import (
    Fleet,
    Leaving,
    Prices,
    clock_of,
    destinations,
    fleets_of,
    leaving_by_place,
    owed_by_all,
    read_prices,
    shortest_times,
    worth_of_trip,
)
from safepassage.planner.plan import Plan
from safepassage.scenario.scenario import Scenario

MOST_SETS = 5000
MOST_PRICE = 10**18
MOST_WAYS = 40_000

Node = tuple[str, str]
"""("load" or "arrive", place)."""

Tolls = tuple[tuple[frozenset[str], int], ...]


@dataclass(frozen=True, slots=True)
class _Read:
    unit: int
    prices: Prices
    tolls: Tolls


def proved_by_lengths(scenario: Scenario, plan: Plan, data: Mapping[str, object]) -> float:
    """Return the bound in minutes that the certificate proves.

    Raises
    ------
    CertificateError
        If it is not well formed, does not fit the scenario, or proves nothing.
    """
    if plan.objective != "last_out":
        raise CertificateError('family "lengths" proves bounds of last_out only')
    given = Given(scenario, plan.people)
    leaving = leaving_by_place(given)
    read = _read(scenario, data, leaving)
    fleets = fleets_of(given)
    if given.unknown:
        raise CertificateError(f"unknown figures: {', '.join(given.unknown)}")
    if not leaving:
        raise CertificateError("nobody leaves: no length is needed")
    times = {
        fleet.vehicle.kind: shortest_times(given, fleet.vehicle.kind, leaving, fleets)
        for fleet in fleets
    }
    total = owed_by_all(given, leaving, fleets, read.prices) + sum(toll for _, toll in read.tolls)
    vehicles, least = 0, []
    for fleet in fleets:
        for cheapest, number in _cheapest(given, fleet, times[fleet.vehicle.kind], leaving, read):
            vehicles += number
            total += number * min(0, cheapest)
            least.append(cheapest)
    if not least:
        raise CertificateError("no vehicle can carry anybody")
    # Somebody drives: if driving costs everyone, at least the one whom it costs least.
    total += max(0, min(least))
    clock = clock_of(given, times, fleets)
    ticks = -(-total // (vehicles * read.unit * clock))
    if ticks <= 0:
        raise CertificateError("the prices prove no length")
    return ticks * clock / 60


def _read(scenario: Scenario, data: Mapping[str, object], leaving: Leaving) -> _Read:
    unknown = sorted(set(data) - {"family", "unit", "prices", "tolls"})
    if unknown:
        raise CertificateError(f"unknown keys {', '.join(unknown)}")
    unit = _whole(data.get("unit"), "unit")
    if unit < 1:
        raise CertificateError("unit: found 0, want 1 or more")
    tolls = data.get("tolls", [])
    if not isinstance(tolls, list | tuple) or len(tolls) > MOST_SETS:
        raise CertificateError(f"tolls: want a list of at most {MOST_SETS}")
    found = tuple(
        _toll(scenario.place, leaving, one, f"tolls[{number}]") for number, one in enumerate(tolls)
    )
    return _Read(unit, read_prices(scenario, data), found)


def _toll(
    known: Collection[str], leaving: Leaving, one: object, where: str
) -> tuple[frozenset[str], int]:
    if not isinstance(one, Mapping) or set(one) != {"places", "price"}:
        raise CertificateError(f"{where}: want places and a price")
    places = one["places"]
    if not isinstance(places, list | tuple):
        raise CertificateError(f"{where}.places: want a list")
    for place in places:
        if not isinstance(place, str) or place not in known:
            raise CertificateError(f"{where}.places: unknown id {place!r}")
    if not any(place in leaving for place in places):
        raise CertificateError(f"{where}: nobody leaves any of its places, none need be entered")
    return frozenset(places), _whole(one["price"], f"{where}.price")


def _whole(number: object, where: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_PRICE:
        raise CertificateError(f"{where}: found {number!r}, want a whole number")
    return number


def _cheapest(
    given: Given,
    fleet: Fleet,
    times: Mapping[str, Mapping[str, int]],
    leaving: Leaving,
    read: _Read,
) -> list[tuple[int, int]]:
    """Return (least of unit x time - worth - tolls over all chains, how many such vehicles).

    Vehicles that can carry nobody from anywhere in any chain are left out.
    """
    vehicle = fleet.vehicle
    ways: dict[Node, list[tuple[Node, int]]] = {}
    starts = [one for one in leaving if vehicle.boards is None or one in vehicle.boards]
    ends = [one for one in destinations(given) if vehicle.alights is None or one in vehicle.alights]
    if len(starts) * len(ends) > MOST_WAYS:
        raise CertificateError("too many ways to be checked")
    for pickup in starts:
        if worth_of_trip(given, vehicle, _one_each(leaving), leaving[pickup], pickup) == 0:
            continue
        for end in ends:
            way = times[pickup].get(end)
            if way is not None and end != pickup:
                worth = worth_of_trip(given, vehicle, read.prices, leaving[pickup], end)
                cost = read.unit * way - worth - _tolls(read.tolls, pickup, end)
                ways.setdefault(("load", pickup), []).append((("arrive", end), cost))
    for end in ends:
        for pickup in starts:
            way = times[end].get(pickup)
            if way is not None and ("load", pickup) in ways:
                cost = read.unit * (vehicle.unload + way + vehicle.load)
                cost -= _tolls(read.tolls, end, pickup)
                ways.setdefault(("arrive", end), []).append((("load", pickup), cost))
    found = []
    for at, ready, number in fleet.starts:
        first = {}
        for pickup in starts:
            way = times[at].get(pickup)
            if way is not None and ("load", pickup) in ways:
                leaves = max(ready + way + vehicle.load, given.opening)
                first["load", pickup] = read.unit * leaves - _tolls(read.tolls, None, pickup)
        if first:
            found.append((_shortest(ways, first), number))
    return found


def _one_each(leaving: Leaving) -> Prices:
    """Return prices of 1 for a person of each place: what is worth nothing then holds nobody."""
    return Prices({}, dict.fromkeys(leaving, 1), {}, {})


def _tolls(tolls: Tolls, here: str | None, there: str) -> int:
    """Return what it costs to come from a place (None: from the begin) to another."""
    return sum(price for places, price in tolls if there in places and here not in places)


def _shortest(ways: Mapping[Node, list[tuple[Node, int]]], first: Mapping[Node, int]) -> int:
    """Return the cost of the cheapest chain that ends with an arrival (Bellman, 1958).

    Raises
    ------
    CertificateError
        If some round trip pays more than it costs: then nothing limits what a vehicle earns.
    """
    reached = dict(first)
    changed = set(first)
    rounds = 0
    while changed:
        rounds += 1
        if rounds > 2 * len(ways) + 4:
            raise CertificateError("prices too high: a round trip pays more than it takes")
        now, changed = changed, set()
        for node in now:
            for then, cost in ways.get(node, ()):
                total = reached[node] + cost
                if then not in reached or total < reached[then]:
                    reached[then] = total
                    changed.add(then)
    return min(cost for (what, _), cost in reached.items() if what == "arrive")
