"""Whether the totals fit: people against seats, places and ways."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import Group
from safepassage.scenario.places import Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.serving import alights_at, boards_at, carries, fits, needs
from safepassage.scenario.ways import CHANGE_KINDS, Ways


def no_way(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield groups that no way leads out to a destination that they accept."""
    scenario = ways.scenario
    for index, group in enumerate(scenario.groups):
        if group.leave.pick() > 0 and not ways.arrivals(group):
            yield ScenarioWarning(
                "no-way",
                f"group[{index}].at",
                f'No way leads from "{group.at}" to a destination that group "{group.id}" accepts: '
                f"{group.leave.pick():,} people cannot arrive.",
                {"people": group.leave.pick()},
            )


def nobody_can_carry(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield groups whose class no vehicle that may board them has the slots for."""
    for index, group in enumerate(scenario.groups):
        people = group.leave.pick()
        if people == 0:
            continue
        most = max((carries(scenario, one, group) for one in scenario.vehicles), default=0)
        used = ", ".join(
            f"{count} {slot}" for slot, count in needs(scenario, group.class_id).items()
        )
        if most == 0:
            yield ScenarioWarning(
                "slots",
                f"group[{index}].class",
                f'No vehicle can carry a person of class "{group.class_id}" from "{group.at}" '
                f"(needs {used} in one vehicle, companions included): {people:,} people cannot "
                "leave.",
                {"people": people},
            )
        elif group.households is not None and group.households.pick() > 0:
            largest = -(-people // group.households.pick())
            if largest > most:
                yield ScenarioWarning(
                    "households",
                    f"group[{index}].households",
                    f'Households of group "{group.id}" have up to {largest} people, and the '
                    f"largest vehicle holds {most}: they are never split, so they cannot leave.",
                    {"household": largest, "fits": most},
                )


def persons(scenario: Scenario, group: Group) -> int:
    """Return how many persons of a group wish to leave, companions included."""
    return group.leave.pick() * (1 + scenario.person_class[group.class_id].companions)


def carry_nobody(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield vehicles with slots that can carry none of those who wish to leave."""
    scenario = ways.scenario
    for index, one in enumerate(scenario.vehicles):
        if not any(figure.pick() for figure in one.slots.values()) or one.count.pick() == 0:
            continue
        if not any(_brings(ways, one, group) for group in scenario.groups):
            yield ScenarioWarning(
                "idle",
                f"vehicle[{index}]",
                f'"{one.id}" can carry nobody: no group that it may board has a class that fits '
                "and a destination that it serves and reaches.",
                {"vehicles": one.count.pick()},
            )


def _brings(ways: Ways, vehicles: Vehicles, group: Group) -> bool:
    """Whether a vehicle can take someone of a group to a destination, or to a change."""
    scenario = ways.scenario
    if group.leave.pick() == 0 or fits(scenario, vehicles, group.class_id) == 0:
        return False
    wanted = ways.destinations(group)
    for start in (group.at, *sorted(ways.changes(group) - {group.at})):
        if start not in ways.reachable(vehicles.at):
            continue
        if not boards_at(scenario, vehicles, scenario.place[start]):
            continue
        for name in ways.reachable(start) - {start}:
            place = scenario.place[name]
            if name in wanted and alights_at(scenario, vehicles, place):
                return True
            if place.kind in CHANGE_KINDS and not place.arrived:
                return True
    return False


def too_little_capacity(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield sets of destinations with fewer places than people who accept nothing else."""
    scenario = ways.scenario
    accepted = [(ways.destinations(one), persons(scenario, one)) for one in scenario.groups]
    for places in dict.fromkeys(one for one, _ in accepted):
        rooms = [scenario.place[one] for one in sorted(places)]
        if not rooms or any(one.capacity is None for one in rooms):
            continue
        free = sum(
            max(0, one.capacity.pick() - _taken(scenario, one))
            for one in rooms
            if one.capacity is not None
        )
        people = sum(count for one, count in accepted if one <= places)
        if people > free:
            names = ", ".join(f'"{one.id}"' for one in rooms)
            yield ScenarioWarning(
                "capacity",
                "place",
                f"{people:,} people (companions included) go to {names} only, where {free:,} "
                f"places are free: {people - free:,} cannot arrive.",
                {"people": people, "places": free},
            )


def _taken(scenario: Scenario, place: Place) -> int:
    """Return how many places people from elsewhere take up to the horizon."""
    return sum(step.people for step in place.filled if step.after <= scenario.horizon)


def more_than_may_wait(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield staging places whose own groups are more people than may wait there at a time."""
    for index, place in enumerate(scenario.places):
        if place.limit is None or place.kind != "staging":
            continue
        limit = place.limit.pick()
        people = sum(persons(scenario, one) for one in scenario.groups if one.at == place.id)
        if people > limit:
            yield ScenarioWarning(
                "limit",
                f"place[{index}].limit",
                f'At "{place.id}" at most {limit:,} people may wait, and {people:,} people '
                "(companions included) of its own groups wish to leave: they are called in parts, "
                f"never more than {limit:,} from boarding to departure.",
                {"limit": limit, "people": people},
            )


def too_few_seats(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield slots of which fewer exist in all rides up to the horizon than people need.

    Counts the most rides that any plan could make (no waiting, no convoy, no rest), so that what
    is missing here is missing in every plan.
    """
    scenario = ways.scenario
    needed: dict[str, int] = defaultdict(int)
    for group in scenario.groups:
        for slot, count in needs(scenario, group.class_id).items():
            needed[slot] += count * group.leave.pick()
    offered: dict[str, int] = defaultdict(int)
    most = 0
    for one in scenario.vehicles:
        rides = most_rides(ways, one)
        most = max(most, rides)
        for slot, figure in one.slots.items():
            offered[slot] += figure.pick() * one.count.pick() * rides
    hours = scenario.horizon / timedelta(hours=1)
    for slot, count in needed.items():
        if 0 < offered[slot] < count:
            yield ScenarioWarning(
                "seats",
                "vehicle",
                f"All vehicles together offer at most {offered[slot]:,} places of the kind {slot} "
                f"within {hours:g} h (at most {most} loaded rides each, without any waiting), and "
                f"{count:,} are needed: at least {count - offered[slot]:,} are missing.",
                {"offered": offered[slot], "needed": count, "rides": most},
            )


def most_rides(ways: Ways, vehicles: Vehicles) -> int:
    """Return the most loaded rides that one vehicle can make within the horizon."""
    scenario = ways.scenario
    changes = any(one.kind in CHANGE_KINDS and not one.arrived for one in scenario.places)
    from_start = ways.times(vehicles.at, vehicles.kind)
    begins = min((one.after for one in vehicles.ready), default=timedelta(0))
    opening = timedelta(0) if scenario.opening is None else scenario.opening.time.pick()
    best_first: timedelta | None = None
    best_cycle: timedelta | None = None
    for at in sorted({one.at for one in scenario.groups}):
        pickup = scenario.place[at]
        if at not in from_start or not boards_at(scenario, vehicles, pickup):
            continue
        onward = ways.times(at, vehicles.kind)
        for end, time in onward.items():
            place = scenario.place[end]
            counts = place.arrived and alights_at(scenario, vehicles, place)
            if end == at or not (counts or (changes and place.kind in CHANGE_KINDS)):
                continue
            back = ways.times(end, vehicles.kind).get(at)
            first = max(from_start[at] + begins + vehicles.load.pick(), opening) + time
            best_first = first if best_first is None else min(best_first, first)
            if back is not None:
                cycle = time + vehicles.unload.pick() + back + vehicles.load.pick()
                best_cycle = cycle if best_cycle is None else min(best_cycle, cycle)
    if best_first is None:
        return 0
    left = scenario.horizon - best_first
    if left < timedelta(0):
        return 0
    if best_cycle is None or best_cycle <= timedelta(0):
        return 1 if best_cycle is None else 10**6
    return 1 + left // best_cycle
