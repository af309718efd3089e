"""Where to go when no road leads to a destination at any hour: the place that a person has named.

Nothing is chosen here. A wish for a place that can be reached at some hour stands as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from safepassage.scenario.people import Group
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.ways import Ways


def may_be_left_out(scenario: Scenario, leg_id: str, fallbacks: Mapping[str, str]) -> bool:
    """Return whether a leg without any way may go: it ends where a fallback is named for.

    A leg of a corridor never goes: the corridor would be another.
    """
    leg = scenario.leg[leg_id]
    in_corridor = any(leg_id in one.legs for one in scenario.corridors)
    return not in_corridor and bool({leg.start, leg.end} & set(fallbacks))


def with_fallbacks(
    scenario: Scenario, fallbacks: Mapping[str, str], cut: Mapping[str, str]
) -> tuple[Scenario, tuple[str, ...]]:
    """Return the scenario in which who wants a place that is cut off goes to its fallback.

    `cut` says of each leg that is gone why. Vehicles that serve such a place serve its fallback,
    too. What was changed is said in words.
    """
    if not cut:
        return scenario, ()
    ways = Ways(scenario)
    groups, moved = [], {}
    for group in scenario.groups:
        wants = []
        for wanted in group.wants:
            place = _first_open(ways, group, wanted, fallbacks)
            if place != wanted:
                moved[wanted] = place
            wants.append(place)
        groups.append(replace(group, wants=tuple(dict.fromkeys(wants))))
    vehicles = tuple(
        replace(one, serves=tuple(dict.fromkeys([*one.serves, *_served(one.serves, moved)])))
        for one in scenario.vehicles
    )
    legs = "; ".join(f"leg '{leg}' has no way at any hour{why}" for leg, why in cut.items())
    said = [f"{legs}: it is left out"]
    said += [
        f"{scenario.place[wanted].name()} cannot be reached: who wants it goes to its fallback, "
        f"{scenario.place[instead].name()}"
        for wanted, instead in moved.items()
    ]
    return replace(scenario, groups=tuple(groups), vehicles=vehicles), tuple(said)


def _first_open(ways: Ways, group: Group, wanted: str, fallbacks: Mapping[str, str]) -> str:
    """Return the wanted place, else the first of its fallbacks that can be reached, else itself."""
    reached = ways.reachable(group.at)
    place = wanted
    while place not in reached and place in fallbacks:
        place = fallbacks[place]
    return place if place in reached else wanted


def _served(serves: Iterable[str], moved: Mapping[str, str]) -> list[str]:
    return [moved[one] for one in serves if one in moved]
