"""Whether the inputs of convoys are real: intake, bays, and those who must go along."""

from collections.abc import Iterator
from datetime import timedelta

from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.duration import format_duration
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.places import Corridor, Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.serving import alights_at, boards_at
from safepassage.scenario.ways import Ways, corridor_ends

LONG_LOADING = timedelta(hours=1)
"""A convoy that stands loading for longer than this is worth a look."""


def intake_cuts_the_convoy(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield kinds of which fewer can arrive full together than one convoy could hold."""
    scenario = ways.scenario
    for corridor in scenario.corridors:
        for vehicles in scenario.vehicles:
            yield from _intake_of(ways, corridor, vehicles)


def _intake_of(ways: Ways, corridor: Corridor, vehicles: Vehicles) -> Iterator[ScenarioWarning]:
    seats = _persons_of(ways.scenario, vehicles)
    number = _in_one_convoy(corridor, vehicles)
    rooms = _destinations_of(ways, corridor, vehicles)
    if seats == 0 or not rooms or any(one.intake is None for one in rooms):
        return
    taken = 0
    for room in rooms:
        if room.intake is not None:
            taken += room.intake.people.pick() // seats
    if taken >= number:
        return
    names = ", ".join(f'"{one.id}"' for one in rooms)
    yield ScenarioWarning(
        "intake",
        "place",
        f"The intake of {names} lets only {taken} of {number} {vehicles.kind} vehicles of one "
        f'convoy on "{corridor.id}" arrive together with {seats} people each.',
        {"fits": taken, "vehicles": number, "people": seats},
    )


def _persons_of(scenario: Scenario, vehicles: Vehicles) -> int:
    """Return how many persons one vehicle holds at most: each uses a slot to sit or lie in."""
    stated = {slot for one in scenario.classes for slot in one.uses}
    return sum(
        f.pick() for slot, f in vehicles.slots.items() if slot in stated and slot != "oxygen"
    )


def _in_one_convoy(corridor: Corridor, vehicles: Vehicles) -> int:
    """Return how many vehicles of an entry one convoy can hold."""
    count = vehicles.count.pick()
    return count if corridor.largest is None else min(count, corridor.largest.pick())


def _destinations_of(ways: Ways, corridor: Corridor, vehicles: Vehicles) -> list[Place]:
    """Return the destinations that these vehicles can bring people to through a corridor."""
    scenario = ways.scenario
    found: dict[str, Place] = {}
    for _, end in corridor_ends(scenario, corridor):
        for name in ways.times(end, vehicles.kind):
            place = scenario.place[name]
            if place.arrived and alights_at(scenario, vehicles, place):
                found[name] = place
    return list(found.values())


def long_loading(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield bays that keep the vehicles of one convoy loading for more than an hour."""
    largest = min(
        (one.largest.pick() for one in scenario.corridors if one.largest is not None),
        default=None,
    )
    for index, place in enumerate(scenario.places):
        for kind, figure in place.bays.items():
            standing = [
                one
                for one in scenario.vehicles
                if one.kind == kind and boards_at(scenario, one, place)
            ]
            number = sum(one.count.pick() for one in standing)
            number = number if largest is None else min(number, largest)
            bays = figure.pick()
            if not number or not any(one.at == place.id for one in scenario.groups):
                continue
            if bays == 0:
                yield ScenarioWarning(
                    "bays",
                    f"place[{index}].bays.{kind}",
                    f'"{place.id}" has no bay for {kind}: none of {number} can load there.',
                    {"bays": 0, "vehicles": number},
                )
                continue
            load = max(one.load.pick() for one in standing)
            takes = -(-number // bays) * load
            if takes > LONG_LOADING and bays < number:
                minutes = takes / timedelta(minutes=1)
                yield ScenarioWarning(
                    "bays",
                    f"place[{index}].bays.{kind}",
                    f'At "{place.id}" the {number} {kind} vehicles of one convoy take '
                    f"{minutes:g} min to load with {bays} bays.",
                    {"bays": bays, "vehicles": number, "minutes": minutes},
                )


def few_convoys(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield staff who must go with each convoy and can go too seldom for all the people."""
    scenario = ways.scenario
    people = sum(
        one.leave.pick() * (1 + scenario.person_class[one.class_id].companions)
        for one in scenario.groups
    )
    if not scenario.corridors:
        yield from _convoy_without_corridor(scenario)
        return
    if any(ways.arrives_without_corridor(one) for one in scenario.groups):
        return
    for kind in dict.fromkeys(one.kind for one in scenario.staff if "convoy" in one.needed_by):
        entries = [one for one in scenario.staff if one.kind == kind]
        yield from _escorts(scenario, kind, entries, people)


def _escorts(
    scenario: Scenario, kind: str, entries: list[Staff], people: int
) -> Iterator[ScenarioWarning]:
    index = next(i for i, one in enumerate(scenario.staff) if one.kind == kind)
    number = sum(one.count.pick() for one in entries)
    there = min(_fastest_through(scenario, one) for one in scenario.corridors)
    if there <= timedelta(0):
        return
    # There, back, there: the last one need not come back.
    each = (scenario.horizon - there) // (2 * there) + 1 if scenario.horizon >= there else 0
    room = max(_room_of_convoy(scenario, one) for one in scenario.corridors)
    if number * each * room < people:
        yield ScenarioWarning(
            "escort",
            f"staff[{index}]",
            f"Each convoy needs one {kind}. One makes at most {each} convoys within the horizon "
            f"({format_duration(there)} each way); {number} of them, with {room:,} people a "
            f"convoy, bring out at most {number * each * room:,} of {people:,} people.",
            {"convoys": number * each, "each": each, "people": number * each * room},
        )


def _fastest_through(scenario: Scenario, corridor: Corridor) -> timedelta:
    """Return the least time that any convoy takes through a corridor."""
    kinds = {one.kind for one in scenario.vehicles}
    legs = [scenario.leg[name] for name in corridor.legs]
    return min(
        (sum((leg.time_for(kind).pick() for leg in legs), timedelta(0)) for kind in kinds),
        default=timedelta(0),
    )


def _room_of_convoy(scenario: Scenario, corridor: Corridor) -> int:
    """Return how many people one convoy of a corridor can carry at most."""
    each = sorted(
        (
            size
            for one in scenario.vehicles
            for size in [_persons_of(scenario, one)] * one.count.pick()
        ),
        reverse=True,
    )
    return sum(each if corridor.largest is None else each[: corridor.largest.pick()])


def _convoy_without_corridor(scenario: Scenario) -> Iterator[ScenarioWarning]:
    for index, one in enumerate(scenario.staff):
        if "convoy" in one.needed_by:
            yield ScenarioWarning(
                "escort",
                f"staff[{index}].needed_by",
                f'"{one.id}" is needed by each convoy, and there is no corridor: no convoy is '
                "made, so nobody needs them.",
            )


def missing_staff(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield needs that nobody of the staff could ever meet: there is not one of them."""
    for index, one in enumerate(scenario.staff):
        number = sum(same.count.pick() for same in scenario.staff if same.kind == one.kind)
        if one.needed_by and number == 0:
            yield ScenarioWarning(
                "staff",
                f"staff[{index}].count",
                f"There is no {one.kind}, and {', '.join(one.needed_by)} cannot move without.",
                {"count": 0},
            )


def staff_cut_the_convoy(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield staff needed by each vehicle of a kind who are too few for one full convoy."""
    for index, one in enumerate(scenario.staff):
        number = sum(same.count.pick() for same in scenario.staff if same.kind == one.kind)
        for need in one.needed_by:
            kind = need.removeprefix("vehicle:")
            if kind == need or number == 0:
                continue
            for corridor in scenario.corridors:
                standing = sum(v.count.pick() for v in scenario.vehicles if v.kind == kind)
                if corridor.largest is not None:
                    standing = min(standing, corridor.largest.pick())
                if number * one.per < standing:
                    yield ScenarioWarning(
                        "staff",
                        f"staff[{index}].count",
                        f"{number} {one.kind} (one for each {one.per} {kind}) let only "
                        f"{number * one.per} of {standing} {kind} vehicles into one convoy on "
                        f'"{corridor.id}".',
                        {"fits": number * one.per, "vehicles": standing},
                    )
