"""Random tiny missions and random plans for them, right and wrong; durations in whole seconds."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Refuel, Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, Ready
from safepassage.scenario.places import Corridor, Filled, Intake, Leg, Place, Rate, Through
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Opening, Window
from tests.planner.verify.worlds import plan, scenario

HORIZON = 60


def sec(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def _leg(start: str, end: str, time: int, van: int, **more: object) -> Leg:
    times = {"van": sure(sec(van))}
    return Leg(f"{start}-{end}", start, end, sure(sec(time)), times, **more)  # type: ignore[arg-type]


def _maybe(rng: random.Random, value: object, chance: float = 0.4) -> object:
    return value if rng.random() < chance else None


def _classes() -> tuple[object, ...]:
    return tuple(
        replace(one, companions=1) if one.id == "stretcher" else one for one in BUILT_IN_CLASSES
    )


def _vehicles(rng: random.Random, first: str, second: str) -> tuple[Vehicles, ...]:
    slots = {"seat": sure(rng.randint(3, 6)), "stretcher": sure(rng.randint(0, 2))}
    made = []
    for kind, at, count in (("bus", first, 2), ("van", second, 1), ("bus", second, 1)):
        ready = ()
        if rng.random() < 0.3:
            ready = (Available(sec(rng.randint(0, 4)), count),)
        made.append(
            Vehicles(
                f"{kind}-{at}",
                kind,
                sure(count),
                at,
                slots,
                sure(sec(rng.randint(0, 3))),
                sure(sec(rng.randint(0, 2))),
                ready=ready,
                range_time=_maybe(rng, sure(sec(rng.randint(10, 40))), 0.3),  # type: ignore[arg-type]
                refuel=_maybe(rng, Refuel((first, "B"), sec(rng.randint(1, 4))), 0.5),  # type: ignore[arg-type]
            )
        )
    return tuple(made)


def _limits(rng: random.Random, place: Place) -> Place:
    """Return a place with some limits, tight enough to be broken now and then."""
    changes: dict[str, object] = {}
    if rng.random() < 0.25:
        changes["bays"] = {"bus": sure(rng.randint(0, 2)), "van": sure(1)}
    if rng.random() < 0.25:
        changes["intake"] = Intake(sure(rng.randint(3, 9)), sec(rng.randint(1, 15)))
    if rng.random() < 0.25:
        changes["rate"] = Rate(sure(rng.randint(1, 3)), sec(rng.randint(1, 15)))
    if rng.random() < 0.15:
        changes["opens"] = sec(rng.randint(1, 12))
    if place.arrived and rng.random() < 0.5:
        changes["capacity"] = sure(rng.randint(4, 15))
        changes["filled"] = (Filled(sec(rng.randint(0, HORIZON)), rng.randint(0, 4)),)
    if place.kind == "staging":
        changes["limit"] = _maybe(rng, sure(rng.randint(2, 8)))
        changes["longest_wait"] = _maybe(rng, sec(rng.randint(4, 25)))
    return replace(place, **changes)  # type: ignore[arg-type]


def _groups(rng: random.Random, *places: str) -> tuple[Group, ...]:
    made = []
    for number, at in enumerate(places):
        people = rng.randint(3, 12)
        class_id = rng.choice(["walking", "walking", "stretcher"])
        ready = ()
        if rng.random() < 0.4:
            early = rng.randint(0, people)
            ready = (Ready(sec(0), early), Ready(sec(rng.randint(1, 12)), people - early))
        households = sure(rng.randint(1, people)) if rng.random() < 0.3 else None
        wants = rng.choice([(), (), ("B",), ("C",)])
        made.append(
            Group(
                f"g{number}",
                at,
                class_id,
                sure(people),
                ready=ready,
                households=households,
                wants=wants,
            )
        )
    return tuple(made)


def _staff(rng: random.Random, *places: str) -> tuple[Staff, ...]:
    needs = (("class:stretcher",), ("vehicle:van",), ("convoy",), ("staff:guide", "convoy"))
    made = []
    for number, kind in enumerate(("guide", "escort")[: rng.randint(0, 2)]):
        ready = (Available(sec(rng.randint(0, 5)), 2),) if rng.random() < 0.3 else ()
        made.append(
            Staff(
                f"s{number}",
                kind,
                sure(2),
                rng.choice(places),
                rng.choice(needs),
                per=rng.randint(1, 2),
                ready=ready,
                duty=_maybe(rng, sec(rng.randint(8, 25)), 0.5),  # type: ignore[arg-type]
                rest=_maybe(rng, sec(rng.randint(2, 8)), 0.8),  # type: ignore[arg-type]
                relief=_maybe(rng, rng.choice(places)),  # type: ignore[arg-type]
            )
        )
    return tuple(made)


def _windows(rng: random.Random, *where: str) -> tuple[Window, ...]:
    if rng.random() < 0.6:
        return ()
    made = []
    for number in range(rng.randint(1, 2)):
        opens = rng.randint(0, 8)
        closes = None if rng.random() < 0.4 else sec(opens + rng.randint(10, 50))
        made.append(Window(f"w{number}", rng.choice(where), sec(opens), closes))
    return tuple(made)


def open_world(rng: random.Random) -> Scenario:
    """Return two pickups, a staging place, a checkpoint, a shelter and a hospital; no corridor."""
    places = (
        Place("P", "pickup"),
        Place("Q", "pickup"),
        Place("S", rng.choice(["staging", "handover", "staging"])),  # type: ignore[arg-type]
        Place("K", "checkpoint"),
        Place("X", "checkpoint"),
        Place("B", "shelter", arrived=True),
        Place("C", "hospital", arrived=True),
    )
    time = rng.randint
    legs = (
        _leg("P", "S", time(2, 5), time(2, 5)),
        _leg("Q", "S", time(2, 5), time(2, 5)),
        _leg("P", "K", time(1, 4), time(1, 4), through=(Through("X", sec(1)),)),
        _leg("K", "B", time(2, 5), time(2, 5)),
        _leg("S", "B", time(2, 6), time(2, 6), through=(Through("X", sec(2)),)),
        _leg("B", "C", time(1, 4), time(1, 4)),
    )
    return scenario(
        horizon=sec(HORIZON),
        places=tuple(_limits(rng, one) for one in places),
        legs=legs,
        classes=_classes(),
        groups=_groups(rng, "P", "Q", "S"),
        vehicles=_vehicles(rng, "P", "S"),
        staff=_staff(rng, "P", "S"),
        windows=_windows(rng, "all", "P-S", "S-B", "B", "S", "K-B"),
        opening=_maybe(rng, Opening(sure(sec(rng.randint(1, 6)))), 0.2),
        rules=_rules(rng),
    )


def _rules(rng: random.Random) -> Rules:
    return Rules(
        arrival_margin=sec(rng.choice([0, 0, 1, 3])),
        longest_on_board=_maybe(rng, sec(rng.randint(8, 20)), 0.2),  # type: ignore[arg-type]
    )


WAYS: tuple[tuple[str, ...], ...] = (
    ("P", "S"), ("Q", "S"), ("S", "P"), ("S", "Q"), ("P", "K", "B"), ("B", "K", "P"), ("S", "B"),
    ("B", "S"), ("B", "C"), ("C", "B"), ("P", "S", "B"), ("S", "B", "C"), ("P", "K"), ("K", "B"),
    ("K", "P"), ("B", "K"), ("C", "B", "K"), ("Q", "S", "B"),
)  # fmt: skip


def _leg_ids(world: Scenario, way: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        next(leg.id for leg in world.legs if {leg.start, leg.end} == {here, there})
        for here, there in pairwise(way)
    )


def _time(world: Scenario, legs: tuple[str, ...], kind: str | None) -> int:
    return sum(
        int((world.leg[one].time_for(kind) if kind else world.leg[one].time).pick().total_seconds())
        for one in legs
    )


class Riders:
    """Where people are, so that a random plan takes mostly people who are there."""

    def __init__(self, world: Scenario, rng: random.Random) -> None:
        self.world = world
        self.rng = rng
        self.at: Counter[tuple[str, str]] = Counter()
        for group in world.groups:
            self.at[(group.id, group.at)] = group.leave.pick()

    def board(
        self, place: str, end: str, entry: Vehicles, chance: float = 0.8
    ) -> dict[str, dict[str, int]]:
        """Return load, groups and households of a random few of those at a place."""
        goal = self.world.place[end]
        here = [
            one
            for one in self.world.groups
            if self.at[(one.id, place)] > 0
            and (goal.arrived or goal.kind in ("staging", "handover"))
            and not (goal.arrived and one.wants and end not in one.wants)
        ]
        stretchers = entry.slots["stretcher"].pick()
        if self.rng.random() < 0.03:
            here = list(self.world.groups)
        if not here or self.rng.random() > chance:
            return {}
        groups: dict[str, int] = {}
        households: dict[str, int] = {}
        load: Counter[str] = Counter()
        for group in self.rng.sample(here, min(len(here), self.rng.randint(1, 2))):
            count = self.rng.randint(1, 4)
            if self.rng.random() < 0.95:
                count = min(count, self.at[(group.id, place)])
            if group.class_id == "stretcher" and self.rng.random() < 0.95:
                count = min(count, stretchers)
            if group.households is not None and count > 0:
                size, extra = divmod(group.leave.pick(), group.households.pick())
                whole = self.rng.randint(1, 2)
                large = self.rng.randint(0, min(whole, extra))
                count = whole * size + large if self.rng.random() < 0.9 else count
                households[group.id] = whole
            if count <= 0:
                continue
            groups[group.id] = count
            load[group.class_id] += count
            load["companion"] += count * self.world.person_class[group.class_id].companions
            self.at[(group.id, place)] -= count
            self.at[(group.id, end)] += count
        if self.rng.random() < 0.02:
            load["walking"] += 1
        return {"load": dict(+load), "groups": groups, "households": households} if groups else {}


Crew = dict[str, dict[str, object]]
Where = dict[tuple[str, str], list[str]]


def _on_post(world: Scenario) -> Where:
    """Return the names of the staff by kind and place, as they start."""
    where: Where = {}
    numbers: Counter[str] = Counter()
    for one in world.staff:
        for _ in range(one.count.pick()):
            numbers[one.kind] += 1
            where.setdefault((one.kind, one.at), []).append(f"{one.kind}-{numbers[one.kind]:02d}")
    return where


def _crew(
    world: Scenario, rng: random.Random, place: str, end: str, where: Where, chance: float
) -> Crew:
    """Return `staff` and `who` of a trip: mostly those who are there, mostly named right."""
    staff: dict[str, object] = {}
    who: dict[str, object] = {}
    for kind in sorted({one.kind for one in world.staff}):
        here = where.setdefault((kind, place), [])
        if not here and rng.random() < 0.02:
            here.append(f"{kind}-01")
        if not here or rng.random() > chance:
            continue
        name = here.pop(rng.randrange(len(here)))
        where.setdefault((kind, end), []).append(name)
        staff[kind] = 1
        if any(one.kind == kind and one.duty is not None for one in world.staff):
            wrong = rng.random() < 0.03
            who[kind] = (rng.choice([f"{kind}-01", f"{kind}-09"]),) if wrong else (name,)
            if rng.random() < 0.02:
                del who[kind]
    return {"staff": staff, "who": who}


def _names(world: Scenario) -> list[tuple[str, Vehicles]]:
    numbers: Counter[str] = Counter()
    found = []
    for entry in world.vehicles:
        for _ in range(entry.count.pick()):
            numbers[entry.kind] += 1
            found.append((f"{entry.kind}-{numbers[entry.kind]:02d}", entry))
    return found


def _slip(rng: random.Random) -> int:
    return rng.choice([-1, 1]) if rng.random() < 0.02 else 0


def open_plan(world: Scenario, rng: random.Random) -> Plan:
    """Return a plan in which each vehicle wanders, mostly with people who are there."""
    trips: list[Trip] = []
    riders = Riders(world, rng)
    where = _on_post(world)
    vehicles = [[name, entry, entry.at, rng.randint(0, 8)] for name, entry in _names(world)]
    for _ in range(rng.randint(1, 7)):
        vehicles.sort(key=lambda one: one[3])  # type: ignore[arg-type, return-value]
        moved = rng.choice(vehicles[:2])
        name, entry, place, free = moved
        assert isinstance(entry, Vehicles)
        way = rng.choice([one for one in WAYS if one[0] == place])
        legs = _leg_ids(world, way)
        aboard = riders.board(str(place), way[-1], entry)
        loads = int(entry.load.pick().total_seconds()) if aboard else 0
        depart = max(0, int(str(free)) + loads + rng.choice([0, 0, 0, 1, 4]) + _slip(rng))
        arrive = depart + _time(world, legs, entry.kind) + _slip(rng)
        trips.append(
            Trip(
                str(name),
                entry.kind,
                str(place),
                way[-1],
                legs,
                depart,
                arrive,
                **_crew(world, rng, str(place), way[-1], where, 0.6),  # type: ignore[arg-type]
                **aboard,  # type: ignore[arg-type]
            )
        )
        moved[2] = way[-1]
        moved[3] = arrive + (int(entry.unload.pick().total_seconds()) if aboard else 0)
        if rng.random() < 0.1 and world.staff:
            place = rng.choice(["P", "S", "B"])
            way = rng.choice([one for one in WAYS if one[0] == place])
            legs = _leg_ids(world, way)
            begins = rng.randint(0, 20)
            crew = _crew(world, rng, place, way[-1], where, 0.9)
            ends = begins + _time(world, legs, None)
            trips.append(
                Trip(None, None, place, way[-1], legs, begins, ends, **crew)  # type: ignore[arg-type]
            )
    return plan(world, *trips)


def corridor_world(rng: random.Random) -> Scenario:
    """Return a pickup A, a corridor G-M-E and a shelter B and a hospital C behind it."""
    places = (
        Place("A", "pickup"),
        Place("G", "checkpoint"),
        Place("M", "checkpoint"),
        Place("E", "checkpoint"),
        Place("X", "checkpoint"),
        Place("B", "shelter", arrived=True),
        Place("C", "hospital", arrived=True),
    )
    time = rng.randint
    return scenario(
        horizon=sec(HORIZON),
        places=tuple(_limits(rng, one) for one in places),
        legs=(
            _leg("A", "G", time(1, 3), time(1, 3)),
            _leg("G", "M", time(2, 4), time(2, 4), through=(Through("X", sec(1)),)),
            _leg("M", "E", time(1, 4), time(1, 4)),
            _leg("E", "B", time(1, 3), time(1, 3)),
            _leg("E", "C", time(1, 3), time(1, 3)),
        ),
        corridors=(
            Corridor(
                "way",
                ("G-M", "M-E"),
                _maybe(rng, sure(rng.randint(1, 3))),  # type: ignore[arg-type]
                _maybe(rng, sure(sec(rng.randint(1, 8)))),  # type: ignore[arg-type]
                one_way=rng.random() < 0.5,
            ),
        ),
        classes=_classes(),
        groups=_groups(rng, "A", "A"),
        vehicles=_vehicles(rng, "A", "B"),
        staff=_staff(rng, "G", "A"),
        windows=_windows(rng, "all", "way", "G-M", "B", "A", "E-C"),
        opening=_maybe(rng, Opening(sure(sec(rng.randint(1, 6)))), 0.2),
        rules=_rules(rng),
    )


def corridor_plan(world: Scenario, rng: random.Random) -> Plan:
    """Return a plan of up to four convoys, each with the vehicles that stand on its side."""
    trips: list[Trip] = []
    convoys: list[Convoy] = []
    riders = Riders(world, rng)
    where = _on_post(world)
    place = {name: entry.at for name, entry in _names(world)}
    free = {name: rng.randint(0, 3) for name, _ in _names(world)}
    last_end = 0
    for number in range(rng.randint(1, 4)):
        out = rng.random() < 0.6
        start, end = ("G", "E") if out else ("E", "G")
        side = {"A"} if out else {"B", "C"}
        here = [(name, entry) for name, entry in _names(world) if place[name] in side]
        chosen = rng.sample(here, rng.randint(0, min(3, len(here))))
        made: list[tuple[str, Vehicles, str, tuple[str, ...], dict[str, dict[str, int]], int]] = []
        enters = max(0, last_end + rng.choice([-6, -2, -1, 0, 1, 3]))
        for name, entry in chosen:
            goal = rng.choice(["B", "C"]) if out else "A"
            first = "A-G" if out else f"E-{place[name]}"
            last = f"E-{goal}" if out else "A-G"
            inside = ("G-M", "M-E") if out else ("M-E", "G-M")
            legs = (first, *inside, last)
            aboard = riders.board(place[name], goal, entry) if out else {}
            loads = int(entry.load.pick().total_seconds()) if aboard else 0
            depart = free[name] + loads + rng.choice([0, 0, 1])
            made.append((name, entry, goal, legs, aboard, depart))
            enters = max(enters, depart + _time(world, legs[:1], entry.kind) + _slip(rng))
        kinds = sorted({entry.kind for _, entry in chosen})
        takes = max(_time(world, ("G-M", "M-E"), kind) for kind in kinds or [None])  # type: ignore[type-var]
        leaves = enters + takes + _slip(rng)
        convoys.append(
            Convoy(
                f"c{number}",
                "way",
                start,
                end,
                enters,
                leaves,
                **_crew(world, rng, start, end, where, 0.7),  # type: ignore[arg-type]
            )
        )
        last_end = leaves if world.corridors[0].one_way else enters + rng.randint(0, 6)
        for name, entry, goal, legs, aboard, depart in made:
            arrive = leaves + _time(world, legs[-1:], entry.kind) + _slip(rng)
            trips.append(
                Trip(
                    name,
                    entry.kind,
                    place[name],
                    goal,
                    legs,
                    depart,
                    arrive,
                    convoy=f"c{number}",
                    **_crew(world, rng, place[name], goal, where, 0.4),  # type: ignore[arg-type]
                    **aboard,  # type: ignore[arg-type]
                )
            )
            place[name] = goal
            unloads = int(entry.unload.pick().total_seconds()) if aboard else 0
            free[name] = arrive + unloads
    return plan(world, *trips, convoys=tuple(convoys))
