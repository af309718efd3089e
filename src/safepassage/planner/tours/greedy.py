"""A first plan at once: whoever can bring the next load in earliest, does.

Knows the greedy rule that lets one vehicle after the other take the load that arrives soonest (G1);
ties go to the lowest vehicle, then the lowest pickup, then the lowest destination.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.tours.problem import NEVER, Ticks, Tour, ToursProblem

Whole = NDArray[np.int64]


@numba.njit("i8(i8[:], i8[:], i8[:], i8[:,:], i8[:,:], i8[:,:], i8[:,:])", cache=True, nogil=True)
def _dispatch(
    loads: Whole,
    room: Whole,
    yard_of: Whole,
    start: Ticks,
    out: Ticks,
    back: Ticks,
    trips: Whole,
) -> int:  # pragma: no cover - compiled
    """Write (vehicle, pickup, destination) of each trip in turn; return how many there are."""
    vehicles, pickups, gates = yard_of.size, loads.size, room.size
    never = 1 << 40
    clock = np.zeros(vehicles, np.int64)
    place = np.full(vehicles, -1, np.int64)
    best = np.full(vehicles, -1, np.int64)
    choice = np.zeros((vehicles, 2), np.int64)
    done = 0
    while True:
        soonest, who = never, -1
        for v in range(vehicles):
            i, j = choice[v, 0], choice[v, 1]
            if best[v] < 0 or (best[v] < never and (loads[i] <= 0 or room[j] <= 0)):
                best[v] = never
                for p in range(pickups):
                    if loads[p] <= 0:
                        continue
                    leave = start[yard_of[v], p] if place[v] < 0 else clock[v] + back[place[v], p]
                    if leave >= best[v]:
                        continue
                    for g in range(gates):
                        if room[g] > 0 and leave + out[p, g] < best[v]:
                            best[v] = leave + out[p, g]
                            choice[v, 0], choice[v, 1] = p, g
            if best[v] < soonest:
                soonest, who = best[v], v
        if who < 0:
            return done
        i, j = choice[who, 0], choice[who, 1]
        loads[i] -= 1
        room[j] -= 1
        clock[who], place[who], best[who] = best[who], j, -1
        trips[done, 0], trips[done, 1], trips[done, 2] = who, i, j
        done += 1


def soonest_first(problem: ToursProblem) -> list[Tour]:
    """Return the tours of the greedy rule; some loads stay where no room or way is left."""
    yard_of = np.repeat(np.arange(len(problem.buses)), problem.buses).astype(np.int64)
    trips = np.zeros((problem.total + 1, 3), dtype=np.int64)
    number = _dispatch(
        np.array(problem.loads, dtype=np.int64),
        np.array(problem.room, dtype=np.int64),
        yard_of,
        np.minimum(problem.start, NEVER),
        problem.out,
        problem.back,
        trips,
    )
    by_vehicle: list[list[tuple[int, int]]] = [[] for _ in yard_of]
    for vehicle, i, j in trips[:number]:
        by_vehicle[vehicle].append((int(i), int(j)))
    return [
        Tour(int(yard_of[vehicle]), tuple(done)) for vehicle, done in enumerate(by_vehicle) if done
    ]
