"""Which vehicles may carry whom from where to where, by slots and by what they serve."""

from collections.abc import Mapping

from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import COMPANION, Group
from safepassage.scenario.places import Place
from safepassage.scenario.scenario import Scenario


def boards_at(scenario: Scenario, vehicles: Vehicles, place: Place) -> bool:
    """Whether people may board these vehicles at a place; all where no boarding place is named."""
    named = _served(scenario, vehicles)
    limited = bool({"pickup", "staging"} & set(vehicles.serves)) or any(
        one.kind in {"pickup", "staging"} or (one.kind == "handover" and not one.arrived)
        for one in named
    )
    return place in named or not limited


def alights_at(scenario: Scenario, vehicles: Vehicles, place: Place) -> bool:
    """Whether people may alight at a place; all where `serves` names no destination."""
    named = _served(scenario, vehicles)
    kinds = {"shelter", "hospital", "staging", "handover"}
    limited = bool(kinds & set(vehicles.serves)) or any(
        one.arrived or one.kind in kinds for one in named
    )
    return place in named or not limited


def _served(scenario: Scenario, vehicles: Vehicles) -> list[Place]:
    """Return the places that `serves` names, by id or by kind."""
    names = vehicles.serves
    return [one for one in scenario.places if one.id in names or one.kind in names]


def needs(scenario: Scenario, class_id: str) -> Mapping[str, int]:
    """Return the slots that one person of a class uses together with the companions."""
    one = scenario.person_class[class_id]
    used = dict(one.uses)
    for slot, count in scenario.person_class[COMPANION].uses.items():
        used[slot] = used.get(slot, 0) + one.companions * count
    return {slot: count for slot, count in used.items() if count}


def fits(scenario: Scenario, vehicles: Vehicles, class_id: str) -> int:
    """Return how many people of a class, with their companions, one vehicle holds.

    Raises
    ------
    UnknownFigureError
        If the slots of the vehicle are unknown.
    """
    every = needs(scenario, class_id).items()
    slots = {slot: figure.pick() for slot, figure in vehicles.slots.items()}
    return min((slots.get(slot, 0) // count for slot, count in every), default=0)


def carries(scenario: Scenario, vehicles: Vehicles, group: Group) -> int:
    """Return how many of a group one vehicle holds that may board them where they are."""
    if not boards_at(scenario, vehicles, scenario.place[group.at]):
        return 0
    return fits(scenario, vehicles, group.class_id)
