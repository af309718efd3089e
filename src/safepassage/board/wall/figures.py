"""How many, where: ours beside the range of others, each as of a time.

Nothing is ever summed up over counters, and what nobody knows stays None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.counts import totals
from safepassage.ledger.situation import Situation
from safepassage.scenario.people import COMPANION, PersonClass
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: ours, the lowest and highest of what others say, and as of when ours is.

    `low` and `high` are of the others, or of the scenario where it gives a range. None: not known.
    """

    ours: int | None
    low: int | None = None
    high: int | None = None
    as_of: datetime | None = None
    by: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """The big numbers of the wall, everybody and the wounded apart."""

    arrived: Figure
    road: Figure
    waiting: Figure
    inside: Figure
    wounded_arrived: int
    wounded_road: int
    wounded_waiting: int
    wounded_inside: int | None
    unaccounted: int


def counts_now(scenario: Scenario, now: Situation) -> Counts:
    """Return how many are where."""
    hurt = wounded_classes(scenario)
    arrived = now.arrived(scenario)
    on_the_road = _aboard(now)
    waits = _waiting(scenario, now)
    inside, low, high = _inside(scenario, now, None)
    wounded_inside, _, _ = _inside(scenario, now, hurt)
    return Counts(
        arrived=_beside(now, "arrived", sum(arrived.values()), _last_arrival(now)),
        road=_beside(now, "aboard", sum(on_the_road.values()), _oldest_report(now)),
        waiting=_beside(now, "present", sum(waits.values()), None),
        inside=_inside_figure(now, inside, low, high),
        wounded_arrived=_of(arrived, hurt),
        wounded_road=_of(on_the_road, hurt),
        wounded_waiting=_of(waits, hurt),
        wounded_inside=wounded_inside,
        unaccounted=sum(now.unaccounted.values()),
    )


def wounded_classes(scenario: Scenario) -> frozenset[str]:
    """Return the classes of people who are wounded or sick: who lies, or sits as a patient."""
    return frozenset(one.id for one in scenario.classes if _is_patient(one))


def _is_patient(one: PersonClass) -> bool:
    return one.id == "seated" or bool(set(one.uses) & {"stretcher", "wheelchair", "oxygen"})


def _aboard(now: Situation) -> Mapping[str, int]:
    total: dict[str, int] = {}
    for one in now.on_the_road.values():
        _add(total, one.aboard)
    return total


def _waiting(scenario: Scenario, now: Situation) -> Mapping[str, int]:
    """Return, by class, who got off where it is no arrival and has not boarded again there."""
    total: dict[str, int] = {}
    for place, brought in now.brought.items():
        known = scenario.place.get(place)
        if known is not None and not known.arrived:
            taken = now.taken.get(place, {})
            _add(total, {key: max(0, n - taken.get(key, 0)) for key, n in brought.items()})
    return total


def _inside(
    scenario: Scenario, now: Situation, classes: frozenset[str] | None
) -> tuple[int | None, int | None, int | None]:
    """Return who wishes to leave and has not boarded, companions included: likely, low, high.

    Where a report names no groups, those who boarded are taken off all groups of their class.
    """
    likely: int | None = 0
    low: int | None = 0
    high: int | None = 0
    gone = 0
    for group in scenario.groups:
        if classes is not None and group.class_id not in classes:
            continue
        of = scenario.person_class[group.class_id]
        # A patient's companions are inside as long as the patient is; the wounded count alone.
        each = 1 if classes is not None else 1 + of.companions
        if not group.leave.known:
            likely = low = high = None
            break
        likely = (likely or 0) + each * group.leave.pick("likely")
        low = (low or 0) + each * group.leave.pick("low")
        high = (high or 0) + each * group.leave.pick("high")
    pickups = {group.at for group in scenario.groups}
    for place in pickups:
        taken = now.taken.get(place, {})
        gone += sum(n for key, n in taken.items() if classes is None or key in classes)
    if likely is None or low is None or high is None:
        return None, None, None
    return max(0, likely - gone), max(0, low - gone), max(0, high - gone)


def _inside_figure(now: Situation, ours: int | None, low: int | None, high: int | None) -> Figure:
    others = _others(now, "inside")
    numbers = [people for _, people in others]
    known = [one for one in (low, high) if one is not None]
    return Figure(
        ours,
        min([*numbers, *known], default=None),
        max([*numbers, *known], default=None),
        _as_of(now, "inside"),
        others,
    )


def _beside(now: Situation, what: str, ours: int, as_of: datetime | None) -> Figure:
    others = _others(now, what)
    numbers = [people for _, people in others]
    return Figure(ours, min(numbers, default=None), max(numbers, default=None), as_of, others)


def _others(now: Situation, what: str) -> tuple[tuple[str, int], ...]:
    return tuple((one.counter, one.people) for one in totals(now, what))


def _as_of(now: Situation, what: str) -> datetime | None:
    found = [one.as_of for key, by in now.counts.items() if key.what == what for one in by.values()]
    return max(found, default=None)


def _last_arrival(now: Situation) -> datetime | None:
    found = [one.reported_at for one in now.vehicles.values() if one.state == "arrived"]
    return max(found, default=None)


def _oldest_report(now: Situation) -> datetime | None:
    return min((one.reported_at for one in now.on_the_road.values()), default=None)


def _of(people: Mapping[str, int], classes: frozenset[str]) -> int:
    return sum(number for key, number in people.items() if key in classes and key != COMPANION)


def _add(total: dict[str, int], people: Mapping[str, int]) -> None:
    for key, number in people.items():
        total[key] = total.get(key, 0) + number
