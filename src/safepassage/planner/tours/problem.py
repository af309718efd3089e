"""The tours problem: loads, vehicles and places in whole ticks, and what a set of tours is worth.

Knows the Bus Evacuation Problem (Goerigk, Gruen and Hessler, Computers & Operations Research 40,
2013) with several yards and with different times out and back. Nothing about how it is solved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.int64]

NEVER = 1 << 40
"""A time longer than any clock: there is no way, or it may not be used."""


class Tour(NamedTuple):
    """What one vehicle does: its yard, and its trips as (pickup, destination), in order."""

    yard: int
    trips: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class ToursProblem:
    """Bring every load out so that the last one arrives as early as possible.

    `loads` are vehicle loads at each pickup, `room` the loads that each destination takes, and
    `buses` the vehicles of each yard. Times are whole ticks of `seconds` seconds: `start[y, i]`
    from second 0 until a vehicle of yard y leaves pickup i with its first load, `out[i, j]` with a
    load from i to the gate of j, `back[j, i]` from the gate of j until the next load leaves i.
    `NEVER` where there is no way.

    Where one load is several people, `seats` is how many, and `people` and `places` are the
    counts behind `loads` and `room` (places None: no limit). For pure loads `seats` is 1.
    """

    name: str
    pickups: tuple[str, ...]
    destinations: tuple[str, ...]
    yards: tuple[str, ...]
    loads: tuple[int, ...]
    room: tuple[int, ...]
    buses: tuple[int, ...]
    start: Ticks
    out: Ticks
    back: Ticks
    seconds: int = 1
    seats: int = 1
    people: tuple[int, ...] = ()
    places: tuple[int | None, ...] = ()

    @property
    def total(self) -> int:
        """All loads."""
        return sum(self.loads)

    @property
    def fleet(self) -> int:
        """All vehicles."""
        return sum(self.buses)

    @property
    def whole_loads(self) -> bool:
        """Whether counting loads says the same as counting people.

        It does when every count is a multiple of the seats: then the flow of people over chosen
        trips can be rounded to whole loads. It does, too, when no destination can ever fill up.
        """
        if self.seats == 1 or not self.people:
            return True
        everybody = sum(self.people)
        tight = [u for u in self.places if u is not None and u < everybody]
        if not tight:
            return True
        return all(n % self.seats == 0 for n in (*self.people, *tight))


def span(problem: ToursProblem, tour: Tour) -> int:
    """Return the ticks from second 0 until the last load of a tour has arrived (0 if it has none).

    >>> from safepassage.planner.tours.problem import symmetric
    >>> one = symmetric("one", [1], [2], [1], [[7]], [[6]])
    >>> span(one, Tour(0, ((0, 0), (0, 0))))
    25
    """
    if not tour.trips:
        return 0
    at = None
    clock = 0
    for pickup, destination in tour.trips:
        leg = problem.start[tour.yard, pickup] if at is None else problem.back[at, pickup]
        clock += int(leg) + int(problem.out[pickup, destination])
        at = destination
    return clock


def makespan(problem: ToursProblem, tours: Sequence[Tour]) -> int:
    """Return the ticks until the last load of all has arrived."""
    return max((span(problem, tour) for tour in tours), default=0)


def faults(problem: ToursProblem, tours: Sequence[Tour]) -> list[str]:
    """Return in words why these tours do not solve the problem; empty when they do."""
    found: list[str] = []
    left = list(problem.loads)
    used = [0] * len(problem.destinations)
    out_of = [0] * len(problem.yards)
    for tour in tours:
        out_of[tour.yard] += 1
        for pickup, destination in tour.trips:
            left[pickup] -= 1
            used[destination] += 1
    found += [
        f"pickup {problem.pickups[i]}: {n} loads are left behind"
        for i, n in enumerate(left)
        if n > 0
    ]
    found += [
        f"destination {problem.destinations[j]}: {n} loads arrive, room for {problem.room[j]}"
        for j, n in enumerate(used)
        if n > problem.room[j]
    ]
    found += [
        f"yard {problem.yards[y]}: {n} vehicles leave, {problem.buses[y]} are there"
        for y, n in enumerate(out_of)
        if n > problem.buses[y]
    ]
    if makespan(problem, tours) >= NEVER:
        found.append("a tour uses a way that does not exist")
    return found


def symmetric(
    name: str,
    loads: Sequence[int],
    room: Sequence[int],
    buses: Sequence[int],
    start: Sequence[Sequence[int]],
    between: Sequence[Sequence[int]],
    *,
    seconds: int = 1,
) -> ToursProblem:
    """Return the classical problem: pure loads, the same time out and back."""
    out = np.array(between, dtype=np.int64).reshape(len(loads), len(room))
    return ToursProblem(
        name=name,
        pickups=tuple(f"pickup {i}" for i in range(len(loads))),
        destinations=tuple(f"shelter {j}" for j in range(len(room))),
        yards=tuple(f"yard {y}" for y in range(len(buses))),
        loads=tuple(loads),
        room=tuple(room),
        buses=tuple(buses),
        start=np.array(start, dtype=np.int64).reshape(len(buses), len(loads)),
        out=out,
        back=np.ascontiguousarray(out.T),
        seconds=seconds,
    )
