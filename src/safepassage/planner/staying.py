"""How little of a plan in force has to change: the plan that stays near it at nearly the value.

Knows a plan of before and a search; counts what changes as the crews would see it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from safepassage.planner.plan import Plan
from safepassage.planner.search import Search, Timetable

WORTH_A_CHANGE = 0.001
"""A plan in force is changed only for more than this share of the value that can be had."""


def floor_of(best: float) -> float:
    """Return the least value for which a plan that changes less is preferred to the best."""
    return best - WORTH_A_CHANGE * abs(best)


def timetable_in_force(plan: Plan, forward: Callable[[str, str], bool]) -> Timetable:
    """Return when the convoys with vehicles of a plan enter their corridors."""
    with_vehicles = {one.convoy for one in plan.trips if one.vehicle is not None}
    return tuple(
        sorted(
            (one.depart, one.corridor, forward(one.corridor, one.start))
            for one in plan.convoys
            if one.id in with_vehicles
        )
    )


def changed(table: Sequence[tuple[int, str, bool]], before: Timetable) -> int:
    """Return how many convoys differ in time or direction between two timetables."""
    return len(set(table) ^ set(before))


def settle(search: Search, before: Timetable, floor: float, over: Callable[[], bool]) -> bool:
    """Move convoys of the best timetable back to their time of before, while it is worth `floor`.

    Return whether anything was moved back; the search then holds the plan as its best.
    """
    moved = False
    # The next convoys first: they are the ones that people wait for.
    for wanted in before:
        if over():
            break
        table = list(search.policy.timetable)
        if wanted in table:
            continue
        like = [one for one in table if one[1:] == wanted[1:] and one not in before]
        nearest = min(like, key=lambda one: abs(one[0] - wanted[0]), default=None)
        if nearest is not None:
            table.remove(nearest)
        table.append(wanted)
        policy = replace(search.policy, timetable=tuple(sorted(table)))
        if search.nearer(policy, floor, lambda found: changed(found, before)):
            moved = True
    return moved
