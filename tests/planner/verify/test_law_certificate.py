"""No certificate refutes a time by which an accepted plan has everybody out."""

import itertools
import math
import random
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from safepassage.planner.checking.certificate import CertificateError
from safepassage.planner.checking.tours_certificate import proved_by_tours
from safepassage.planner.plan import Plan, Trip
from safepassage.planner.verify import verify, violations
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Opening
from tests.planner.verify.worlds import plan, scenario


def sec(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def small_world(rng: random.Random) -> Scenario:
    """Return one to three pickups and shelters, one or two kinds of vehicle, any loading times."""
    pickups, shelters = rng.randint(1, 3), rng.randint(1, 3)
    clock = rng.choice([1, 1, 5, 60])
    demand = [rng.randint(1, 9) for _ in range(pickups)]
    room = [rng.randint(1, 9) for _ in range(shelters)]
    persons = rng.choice([1, 1, 2])
    room[0] += max(0, persons * sum(demand) - sum(room))
    places = [Place("Y", "depot")]
    places += [Place(f"P{one}", "pickup") for one in range(pickups)]
    places += [
        Place(f"S{one}", "shelter", arrived=True, capacity=sure(room[one]))
        for one in range(shelters)
    ]

    def leg(start: str, end: str) -> Leg:
        times = {"van": sure(sec(clock * rng.randint(1, 9)))}
        return Leg(f"{start}-{end}", start, end, sure(sec(clock * rng.randint(1, 9))), times)

    legs = [leg("Y", f"P{one}") for one in range(pickups)]
    legs += [leg(f"P{one}", f"S{two}") for one in range(pickups) for two in range(shelters)]

    def vehicles(kind: str, count: int) -> Vehicles:
        ready = (Available(sec(clock * rng.randint(0, 9)), count),) if rng.random() < 0.3 else ()
        return Vehicles(
            kind,
            kind,
            sure(count),
            rng.choice(["Y", "P0", "S0"]),
            {"seat": sure(rng.randint(persons, 4 * persons))},
            sure(sec(clock * rng.randint(0, 2))),
            sure(sec(clock * rng.randint(0, 2))),
            ready=ready,
        )

    return scenario(
        horizon=timedelta(days=2),
        places=tuple(places),
        legs=tuple(legs),
        classes=tuple(
            replace(one, companions=persons - 1) if one.id == "walking" else one
            for one in BUILT_IN_CLASSES
        ),
        groups=tuple(
            Group(f"g{one}", f"P{one}", "walking", sure(demand[one])) for one in range(pickups)
        ),
        vehicles=(vehicles("bus", rng.randint(1, 2)), vehicles("van", rng.randint(0, 2))),
        opening=Opening(sure(sec(clock * rng.randint(1, 20)))) if rng.random() < 0.3 else None,
        rules=Rules(objective="last_out"),
    )


def random_plan(world: Scenario, rng: random.Random) -> Plan:
    """Return a plan that takes everybody out by full or partial loads, vehicle by vehicle."""
    left = {one.at: one.leave.pick() for one in world.groups}
    room = {one.id: one.capacity.pick() for one in world.places if one.capacity is not None}
    fleet: list[tuple[str, Vehicles, list[object]]] = []
    for entry in world.vehicles:
        ready = int(entry.ready[0].after.total_seconds()) if entry.ready else 0
        fleet += [
            (f"{entry.kind}-{number + 1:02d}", entry, [entry.at, ready])
            for number in range(entry.count.pick())
        ]
    trips: list[Trip] = []
    persons = 1 + world.person_class["walking"].companions
    opening = 0
    if world.opening is not None:
        opening = int(world.opening.time.pick().total_seconds())

    def time(here: str, there: str, kind: str) -> tuple[str, int]:
        leg = next(one for one in world.legs if {one.start, one.end} == {here, there})
        return leg.id, int(leg.time_for(kind).pick().total_seconds())

    while any(left.values()):
        name, entry, state = rng.choice(fleet)
        at, now = str(state[0]), int(str(state[1]))
        goal = rng.choice([one for one, people in left.items() if people])
        if at != goal:
            ways = [one.id for one in world.legs if {one.start, one.end} == {at, goal}]
            stop = goal if ways else rng.choice(sorted(room)) if at[0] == "P" else goal
            if not ways:
                leg, takes = time(at, stop, entry.kind)
                trips.append(Trip(name, entry.kind, at, stop, (leg,), now, now + takes))
                at, now = stop, now + takes
            leg, takes = time(at, goal, entry.kind)
            trips.append(Trip(name, entry.kind, at, goal, (leg,), now, now + takes))
            at, now = goal, now + takes
        end = rng.choice([one for one, free in room.items() if free >= persons])
        people = min(left[goal], room[end] // persons, entry.slots["seat"].pick() // persons)
        if rng.random() < 0.2:
            people = rng.randint(1, people)
        now = max(opening, now + int(entry.load.pick().total_seconds()))
        leg, takes = time(goal, end, entry.kind)
        trips.append(
            Trip(
                name,
                entry.kind,
                goal,
                end,
                (leg,),
                now,
                now + takes,
                load={"walking": people, "companion": people * (persons - 1)},
                groups={f"g{goal[1:]}": people},
            )
        )
        left[goal] -= people
        room[end] -= people * persons
        state[0], state[1] = end, now + takes + int(entry.unload.pick().total_seconds())
    return plan(world, *trips)


def cheapest_plan(world: Scenario, rng: random.Random, tries: int) -> Plan | None:
    """Return the best of some random plans; None where the shelters of a try were too small."""
    best: Plan | None = None
    for _ in range(tries):
        try:
            one = random_plan(world, rng)
        except (IndexError, StopIteration):
            continue
        last = max(two.arrive for two in one.trips if two.load)
        if best is None or last < best.value * 60:
            best = Plan(**{**one.__dict__, "value": last / 60})
    return best


def prices_of(world: Scenario, rng: random.Random) -> dict[str, dict[str, int]]:
    """Return random prices, some of them the kind that could be right."""
    most = rng.choice([1, 5, 100])
    pickups = [one.at for one in world.groups]
    shelters = [one.id for one in world.places if one.arrived]
    return {
        "people": {one: rng.randint(0, most) for one in pickups if rng.random() < 0.8},
        "groups": {one.id: rng.randint(0, most) for one in world.groups if rng.random() < 0.5},
        "trips": {one: rng.randint(0, most) for one in pickups if rng.random() < 0.5},
        "places": {one: rng.randint(0, most) for one in shelters if rng.random() < 0.5},
    }


def proved_least(world: Scenario, one: Plan, prices: dict[str, dict[str, int]]) -> float:
    """Return the largest bound in minutes that the prices prove, by bisection; 0 where none."""
    low, high = -1, round(one.value * 60) + 2
    while high - low > 1:
        middle = (low + high) // 2
        data: dict[str, object] = {"family": "tours", "refuted": middle, "prices": prices}
        try:
            proved_by_tours(world, one, data)
        except CertificateError as fault:
            if "refute" not in str(fault):
                return 0.0
            high = middle
        else:
            low = middle
    if low < 0:
        return 0.0
    return proved_by_tours(world, one, {"family": "tours", "refuted": low, "prices": prices})


def compare(name: str, count: int, tries: int) -> tuple[int, int]:
    """Hold the bounds of random prices against random plans; return how many met, of how many."""
    met = compared = 0
    for number in range(count):
        rng = random.Random(f"{name}/{number}")  # noqa: S311 - a seeded test
        world = small_world(rng)
        one = cheapest_plan(world, rng, tries)
        if one is None:
            continue
        assert violations(world, one) == (), f"{name}/{number}"
        value = verify(world, one).value
        best = max(proved_least(world, one, prices_of(world, rng)) for _ in range(4))
        assert best <= value + 1e-9, f"{name}/{number}: {best} is proved, {value} is planned"
        compared += 1
        met += best > value - 1e-9
    return met, compared


def test_no_random_prices_refute_what_a_plan_does() -> None:
    met, compared = compare("tours", 40, 30)
    assert compared > 25
    assert met > 1  # the bounds are no idle ones: some meet the plan


@pytest.mark.proof
def test_no_random_prices_refute_what_a_plan_does_in_thousands() -> None:
    met, compared = compare("tours-long", 600, 150)
    assert compared > 400
    assert met > 20


def by_hand(world: Scenario, prices: dict[str, dict[str, int]], limit: int) -> tuple[int, int]:
    """Return (owed, best tours) of the inequality by plain recursion, second by second."""
    persons = 1 + world.person_class["walking"].companions
    opening = 0 if world.opening is None else int(world.opening.time.pick().total_seconds())
    owed = 0
    total = {one.at: one.leave.pick() * persons for one in world.groups}
    seats = [one.slots["seat"].pick() for one in world.vehicles if one.count.pick()]
    most = max(seats) // persons * persons
    for at, count in total.items():
        owed += prices["people"].get(at, 0) * count
        owed += prices["trips"].get(at, 0) * math.ceil(count / most)
    owed += sum(prices["groups"].get(one.id, 0) * one.leave.pick() for one in world.groups)
    for one in world.places:
        if one.capacity is not None:
            owed -= prices["places"].get(one.id, 0) * one.capacity.pick()
    best = 0
    for entry in world.vehicles:
        far = dict.fromkeys(itertools.product(world.place, repeat=2), 10**6)
        far |= {(one, one): 0 for one in world.place}
        for leg in world.legs:
            time = int(leg.time_for(entry.kind).pick().total_seconds())
            far[leg.start, leg.end] = far[leg.end, leg.start] = time
        for middle, one, two in itertools.product(world.place, repeat=3):
            far[one, two] = min(far[one, two], far[one, middle] + far[middle, two])
        members = entry.slots["seat"].pick() // persons
        load, unload = (int(one.pick().total_seconds()) for one in (entry.load, entry.unload))

        @cache
        def rest(at: str, now: int) -> int:
            found = 0
            for group in world.groups:
                departs = max(opening, now + far[at, group.at] + load)  # noqa: B023 - used at once
                for shelter in world.places:
                    arrives = departs + far[group.at, shelter.id]  # noqa: B023
                    if not shelter.arrived or arrives > limit or group.at == shelter.id:
                        continue
                    each = prices["people"].get(group.at, 0) - prices["places"].get(shelter.id, 0)
                    worth = max(0, prices["groups"].get(group.id, 0) + persons * each)
                    gain = prices["trips"].get(group.at, 0) + members * worth  # noqa: B023
                    found = max(found, gain + rest(shelter.id, arrives + unload))  # noqa: B023
            return found

        ready = int(entry.ready[0].after.total_seconds()) if entry.ready else 0
        best += entry.count.pick() * rest(entry.at, ready)
    return owed, best


def test_the_inequality_is_the_same_by_plain_recursion() -> None:
    proofs = 0
    for number in range(150):
        rng = random.Random(f"hand/{number}")  # noqa: S311 - a seeded test
        world = small_world(rng)
        prices = prices_of(world, rng)
        lengths = [
            int(one.time_for(kind).pick().total_seconds())
            for one in world.legs
            for kind in ("bus", "van")
        ]
        limit = rng.randint(0, 40 * math.gcd(*lengths))
        owed, best = by_hand(world, prices, limit)
        data: dict[str, object] = {"family": "tours", "refuted": limit, "prices": prices}
        said = ""
        try:
            proved = proved_by_tours(world, plan(world), data)
        except CertificateError as fault:
            said = str(fault)
        if owed > best:
            assert not said, number
            assert proved * 60 > limit
            proofs += 1
        else:
            assert f": {owed} is not above {best}" in said, number
    assert 20 < proofs < 130
