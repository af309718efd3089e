"""Which things of a corridor can run out, and how many full loads of one part they make.

Knows what the bound may count along each chain of convoys: the people of the nearest pickups, the
room of the nearest destinations (docs/proofs.md, section 8).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from safepassage.planner.corridor.counted import Resource
from safepassage.planner.corridor.gains import room_of
from safepassage.planner.corridor.model import Corridor, Part

MOST_LOADS = 600
"""More loads than this are not counted: no fleet of a corridor takes so many at a time."""


@dataclass(frozen=True, eq=False)
class Scarce:
    """A resource with the prices that it stands for, by their place among all prices."""

    resource: Resource
    priced: tuple[int, ...]


def scarce_of(corridor: Corridor, classes: list[list[int]]) -> list[Scarce]:
    """Return what can be counted; `classes` says by part which ways back are told apart."""
    found: list[Scarce] = []
    for f, part in enumerate(corridor.parts):
        found.extend(_people(corridor, f, part))
        found.extend(_room(corridor, f, part, classes[f]))
    return [one for one in found if 0 < one.resource.most <= MOST_LOADS]


def _people(corridor: Corridor, f: int, part: Part) -> Iterator[Scarce]:
    """Yield the people of the nearest pickups, of the two nearest ones, and so on."""
    width = max(len(one.turns) for one in corridor.parts)
    for number in range(1, len(part.turns) + 1):
        near = part.turns[:number]
        if number < len(part.turns):
            following = part.turns[number]
            last = near[-1]
            if last.into + last.out == following.into + following.out:
                continue
        loads = [one for turn in near for one in turn.patterns]
        groups = {g for one in loads for g, _ in one.people}
        least = min(sum(people for _, people in one.people) for one in loads)
        total = sum(corridor.problem.crowds[g].total for g in groups)
        counted = np.zeros(width, dtype=np.bool_)
        counted[:number] = True
        yield Scarce(
            Resource(f, counted, -1, math.ceil(total / least - 1e-9)), tuple(sorted(groups))
        )


def _room(corridor: Corridor, f: int, part: Part, waits: list[int]) -> Iterator[Scarce]:
    """Yield the room of the destinations from where a vehicle is back early."""
    crowds = corridor.problem.crowds
    room = room_of(corridor)
    loads = [one for turn in part.turns for one in turn.patterns]
    width = max(len(one.turns) for one in corridor.parts)
    for d, wait in enumerate(waits[:-1]):
        ends = {one.end for one in loads if part.far[one.end] - min(part.far) <= wait}
        total = sum(float(room[e]) for e in ends)
        if not math.isfinite(total):
            continue
        least = min(
            sum(people * crowds[g].each for g, people in one.people)
            for one in loads
            if one.end in ends
        )
        yield Scarce(
            Resource(f, np.zeros(width, dtype=np.bool_), d, math.ceil(total / least - 1e-9)),
            tuple(len(crowds) + e for e in sorted(ends)),
        )
