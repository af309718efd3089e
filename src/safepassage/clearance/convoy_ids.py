"""Names of convoys over a whole evacuation: one name stands for one convoy, whatever is planned.

The id of a convoy is its name on the radio, on sheets, at the board and on phones. A convoy that a
new plan keeps keeps it; the name of one that has departed or was dropped is never given again.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from safepassage.clearance.from_now_fleet import planned_convoys
from safepassage.ledger.situation import Situation
from safepassage.planner.plan import Convoy, Plan

SAME = 3600
"""A convoy that moves by more seconds than this is another convoy."""
_NUMBERED = re.compile(r"c(\d{1,9})")


def ids_used(now: Situation, plans: Sequence[str]) -> frozenset[str]:
    """Return every convoy id that the ledger knows: of all plans adopted so far, and reported."""
    found: set[str | None] = {*planned_convoys(plans), *now.convoys}
    found |= {one for promise in now.promises for one in promise.convoys}
    found |= {one.convoy for one in now.vehicles.values()} | {one.convoy for one in now.holds}
    found |= {one.convoy for one in now.counts} | {one.convoy for one in now.aboard}
    # A team that clears a road goes under the name of its convoy.
    return frozenset(one.rpartition(":")[2] for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Going:
    """A convoy of a plan with the vehicles that go with it."""

    convoy: Convoy
    vehicles: frozenset[str] = frozenset()

    @property
    def way(self) -> tuple[str, str, str]:
        """The corridor and the direction."""
        return self.convoy.corridor, self.convoy.start, self.convoy.end


def going(plan: Plan, departed: Collection[str] = ()) -> list[Going]:
    """Return the convoys of a plan that have not departed."""
    vehicles: dict[str, set[str]] = {}
    for one in plan.trips:
        if one.convoy is not None and one.vehicle is not None:
            vehicles.setdefault(one.convoy, set()).add(one.vehicle)
    return [
        Going(one, frozenset(vehicles.get(one.id, ())))
        for one in plan.convoys
        if one.id not in departed
    ]


def ids_for(
    before: Sequence[Going], after: Sequence[Going], used: Collection[str]
) -> Mapping[str, str]:
    """Return the id of each convoy of a new plan, by the id that its solver gave it.

    `before` are the convoys of the plan in force that have not departed; `used` is every id that
    has been given in this evacuation. A convoy that is not one of `before` gets the next number
    above all of them.
    """
    known = {*used, *(one.convoy.id for one in before)}
    numbered = [_NUMBERED.fullmatch(one.casefold()) for one in known]
    number = max((int(one[1]) for one in numbered if one is not None), default=0)
    kept = {new: old for old, new in same_convoys(before, after)}
    found: dict[str, str] = {}
    for one in sorted((one.convoy for one in after), key=lambda two: (two.depart, two.id)):
        if one.id in kept:
            found[one.id] = kept[one.id]
        else:
            number += 1
            found[one.id] = f"c{number:03d}"
    return found


def same_convoys(before: Sequence[Going], after: Sequence[Going]) -> list[tuple[str, str]]:
    """Return (id before, id after) of convoys that are one, though they may have moved.

    Who leaves in the same second on the same corridor in the same direction is one. Between those
    the order of departure stays, nobody moves by more than `SAME` times the share of the vehicles
    that stay with it, and all move as little as can be.
    """
    found: list[tuple[str, str]] = []
    for way in dict.fromkeys(one.way for one in before):
        old, new = (
            sorted(
                (one for one in side if one.way == way),
                key=lambda one: (one.convoy.depart, one.convoy.id),
            )
            for side in (before, after)
        )
        unmoved = list(_unmoved(old, new))
        found += [(old[one].convoy.id, new[other].convoy.id) for one, other in unmoved]
        for (i, j), (k, m) in pairwise([(-1, -1), *unmoved, (len(old), len(new))]):
            found += _nearest(old[i + 1 : k], new[j + 1 : m])
    return found


def _unmoved(old: Sequence[Going], new: Sequence[Going]) -> list[tuple[int, int]]:
    """Return the places in two lists, sorted by departure, of those who leave at one second."""
    found = []
    i = j = 0
    while i < len(old) and j < len(new):
        step = old[i].convoy.depart - new[j].convoy.depart
        if step == 0:
            found.append((i, j))
        i, j = i + (step <= 0), j + (step >= 0)
    return found


def _nearest(old: Sequence[Going], new: Sequence[Going]) -> list[tuple[str, str]]:
    """Return the pairs, in the order of both lists, that cost least; who has none: half of `SAME`.

    A pair costs the seconds by which it moves, and `SAME` times the share of vehicles that changes:
    a convoy at about that time with quite other vehicles is another one.
    """
    alone = SAME / 2
    cost = [[alone * (i + j) for j in range(len(new) + 1)] for i in range(len(old) + 1)]
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            cost[i + 1][j + 1] = min(
                cost[i][j + 1] + alone, cost[i + 1][j] + alone, cost[i][j] + _moved(one, other)
            )
    found = []
    i, j = len(old), len(new)
    while i and j:
        if cost[i][j] == cost[i - 1][j - 1] + _moved(old[i - 1], new[j - 1]):
            i, j = i - 1, j - 1
            found.append((old[i].convoy.id, new[j].convoy.id))
        elif cost[i][j] == cost[i - 1][j] + alone:
            i -= 1
        else:
            j -= 1
    return found[::-1]


def _moved(old: Going, new: Going) -> float:
    by = abs(old.convoy.depart - new.convoy.depart)
    most = max(len(old.vehicles), len(new.vehicles))
    share = 1.0 if most == 0 else len(old.vehicles & new.vehicles) / most
    # Nothing is gained by a pair that has nothing in common, be it at nearly the same time.
    return by + SAME * (1 - share) if by <= SAME * share else 2 * SAME


def given_twice(plan: Plan, plans: Sequence[str], *, from_last: bool) -> tuple[str, ...]:
    """Return the ids under which a plan sends another convoy than a plan adopted earlier did.

    `plans` are the texts of all plans adopted so far, in order; `from_last` says that the plan was
    made from the last of them, so that a convoy may have moved by any time. Else a convoy that
    leaves more than `SAME` from every time it had is another one.
    """
    had: dict[str, list[tuple[tuple[str, str, str], float]]] = {}
    for text in plans:
        for id_, one in planned_convoys([text]).items():
            way = one.get("corridor"), one.get("start"), one.get("end")
            had.setdefault(id_, []).append((way, 60 * one.get("depart", 0)))
    return tuple(
        one.convoy.id
        for one in going(plan)
        if one.convoy.id in had
        and not any(
            way == one.way and (from_last or abs(depart - one.convoy.depart) <= SAME)
            for way, depart in had[one.convoy.id]
        )
    )
