"""The plan of eastern Aleppo, broken at random places: none of the broken plans is accepted."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.plan import Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import violations
from safepassage.scenario.load import load_scenario

CASE = Path(__file__).parents[3] / "cases" / "aleppo-2016"


@cache
def right() -> VerifiedPlan:
    return fill_and_send(load_scenario(CASE))


def bare() -> Plan:
    """Return the right plan without the figures that follow from it."""
    return replace(right().plan, stated=None, expected_people=None)


def changed(number: int, **changes: object) -> Plan:
    trips = list(bare().trips)
    trips[number] = replace(trips[number], **changes)  # type: ignore[arg-type]
    return replace(bare(), trips=tuple(trips))


def pick(rng: random.Random, wanted: Callable[[Trip], bool]) -> tuple[int, Trip]:
    return rng.choice([(n, one) for n, one in enumerate(bare().trips) if wanted(one)])


def loaded(one: Trip) -> bool:
    return sum(one.load.values()) > 0


def anything(one: Trip) -> bool:
    return bool(one.legs)


def earlier(rng: random.Random) -> Plan:
    number, one = pick(rng, anything)
    return changed(number, arrive=one.arrive - 1)


def later(rng: random.Random) -> Plan:
    number, one = pick(rng, anything)
    return changed(number, arrive=one.arrive + 1)


def one_more(rng: random.Random) -> Plan:
    number, one = pick(rng, loaded)
    class_id = rng.choice(sorted(one.load))
    return changed(number, load={**one.load, class_id: one.load[class_id] + 1})


def one_less(rng: random.Random) -> Plan:
    number, one = pick(rng, loaded)
    class_id = rng.choice(sorted(one.load))
    return changed(number, load={**one.load, class_id: one.load[class_id] - 1})


def lost_trip(rng: random.Random) -> Plan:
    # The last trip of a vehicle may be left out, but for the value that it states.
    number, one = pick(rng, loaded)
    later_ones = [two for two in bare().trips[number + 1 :] if two.vehicle == one.vehicle]
    if not later_ones:
        return earlier(rng)
    return replace(bare(), trips=bare().trips[:number] + bare().trips[number + 1 :])


def twice(rng: random.Random) -> Plan:
    number, _ = pick(rng, lambda one: one.vehicle is not None)
    return replace(bare(), trips=(*bare().trips, bare().trips[number]))


def other_way(rng: random.Random) -> Plan:
    number, one = pick(rng, anything)
    return changed(number, start=one.end, end=one.start)


def no_convoy(rng: random.Random) -> Plan:
    number, _ = pick(rng, lambda one: one.convoy is not None)
    return changed(number, convoy=None)


def no_staff(rng: random.Random) -> Plan:
    with_staff = [n for n, one in enumerate(bare().convoys) if one.staff]
    number = rng.choice(with_staff)
    convoys = list(bare().convoys)
    convoys[number] = replace(convoys[number], staff={})
    return replace(bare(), convoys=tuple(convoys))


def more_staff(rng: random.Random) -> Plan:
    number = rng.randrange(len(bare().convoys))
    convoys = list(bare().convoys)
    more = {kind: count + 50 for kind, count in convoys[number].staff.items()} or {"escort": 50}
    convoys[number] = replace(convoys[number], staff=more)
    return replace(bare(), convoys=tuple(convoys))


def faster_convoy(rng: random.Random) -> Plan:
    number = rng.randrange(len(bare().convoys))
    convoys = list(bare().convoys)
    convoys[number] = replace(convoys[number], arrive=convoys[number].arrive - 1)
    return replace(bare(), convoys=tuple(convoys))


def stranger(rng: random.Random) -> Plan:
    number, one = pick(rng, lambda one: one.vehicle is not None)
    return changed(number, vehicle=f"{one.kind}-99")


def swapped(rng: random.Random) -> Plan:
    number, one = pick(rng, lambda one: one.vehicle is not None)
    others = sorted({two.vehicle for two in bare().trips if two.kind == one.kind and two.vehicle})
    return changed(number, vehicle=rng.choice([two for two in others if two != one.vehicle]))


def wrong_groups(rng: random.Random) -> Plan:
    number, one = pick(rng, loaded)
    group = rng.choice(sorted(one.groups))
    return changed(number, groups={**one.groups, group: one.groups[group] + 1})


BREAKS = (
    earlier,
    later,
    one_more,
    one_less,
    lost_trip,
    twice,
    other_way,
    no_convoy,
    no_staff,
    more_staff,
    faster_convoy,
    stranger,
    swapped,
    wrong_groups,
)


def test_the_baseline_of_the_mission_is_right() -> None:
    assert violations(right().scenario, bare()) == ()


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: str(one.__name__))
def test_a_plan_broken_at_random_is_refused_by_more_than_its_value(
    broken: Callable[[random.Random], Plan],
) -> None:
    for seed in range(8):
        one = broken(random.Random(seed))  # noqa: S311 - a seeded test
        rules = {found.rule for found in violations(right().scenario, one)}
        assert rules - {"value"}, seed
