"""A bound that counts one scarce thing along each chain of convoys, beside all prices.

Prices mix plans that use too much of the people of a near pickup, or of the room of a near
destination, with plans that use too little. Here the chains of one event search are kept as a
graph, and each chain uses no more of one such thing than there is (docs/proofs.md, section 8).
"""

from dataclasses import dataclass

import numba
import numpy as np

from safepassage.planner.corridor.expand import (
    HEAD,
    MOST_GROUPS,
    early_cost,
    sent_at,
)
from safepassage.planner.corridor.machine import Machine, Reals, Whole


@dataclass(frozen=True)
class Resource:
    """What is counted: full loads of one part from some pickups, or to some destinations.

    `pickups[p]` says whether a pickup of part `part` is among those that are counted; with `klass`
    0 or more those loads count that go to a destination of a class up to it. There are `most`.
    """

    part: int
    pickups: np.ndarray
    klass: int
    most: int


@dataclass(frozen=True)
class Arcs:
    """The convoys that lead to one batch of states: from which, to which, what it brings.

    `used` loads of the resource at most are taken; each that is not taken costs at least `loss`.
    """

    start: np.ndarray
    end: np.ndarray
    gain: np.ndarray
    used: np.ndarray
    loss: np.ndarray


@numba.njit(cache=True, nogil=True)
def uses(
    rows: Whole,
    parents: Whole,
    ways: np.ndarray,
    times: Whole,
    sent: np.ndarray,
    m: Machine,
    part: int,
    pickups: np.ndarray,
    klass: int,
    used: np.ndarray,
    loss: Reals,
) -> None:
    """Write for each child how many loads of a resource it takes at least, and what one is worth.

    `rows` are the states that `parents` count.
    """
    parts = len(m.turns)
    wide = 1 + m.kinds
    near = HEAD + m.slots
    far = near + MOST_GROUPS * wide
    for n in range(len(parents)):
        row = rows[parents[n]]
        at = times[n]
        loss[n] = 0.0
        number = 0
        for p in range(m.turns[part]):
            number += sent[n, part, p]
        if number == 0 or m.led[part] >= 0:
            used[n] = 0
            continue
        if ways[n] == 0 and klass < 0:
            k = at // m.step
            least = np.inf
            most = 0.0
            for p in range(m.turns[part]):
                most += sent[n, part, p] * max(m.seat[part, p, k], m.later[part, k])
                if pickups[p]:
                    least = min(least, m.seat[part, p, k])
            if m.limited[part] and m.together[part, number, k] < most - 1e-9:
                used[n] = 0
            elif used[n] > 0:
                loss[n] = max(0.0, least)
        elif ways[n] == 1 and klass >= 0:
            free = 0
            least = np.inf
            for g in range(MOST_GROUPS):
                b = far + g * wide
                if row[b] > at:
                    continue
                free += row[b + 1 + parts + part]
                size = row[b + 1 + part]
                if size <= 0:
                    continue
                d = 0
                while d + 1 < m.waits.shape[1] and row[b] + m.waits[part, d + 1] <= at:
                    d += 1
                if d > klass or early_cost(part, row[b], at, m) <= 0.0:
                    free += size
                    continue
                k = sent_at(part, row[b], m)
                for p in range(m.turns[part]):
                    least = min(least, m.seat[part, p, k] - m.cost[part, d, k])
            used[n] = max(0, number - free)
            if used[n] > 0:
                loss[n] = max(0.0, least)


@numba.njit(cache=True, nogil=True)
def _push(
    start: np.ndarray,
    end: np.ndarray,
    gain: Reals,
    used: np.ndarray,
    loss: Reals,
    best: Reals,
) -> None:
    """Carry what is known of the starts of some convoys over to their ends."""
    most = best.shape[1] - 1
    for n in range(len(start)):
        a = best[start[n]]
        b = best[end[n]]
        for j in range(most + 1):
            if a[j] == -np.inf:
                continue
            for y in range(min(used[n], most - j) + 1):
                value = a[j] + gain[n] - loss[n] * (used[n] - y)
                b[j + y] = max(b[j + y], value)


def most_counted(number: int, arcs: list[Arcs], most: int) -> float:
    """Return the most that a chain brings that takes no more than there is."""
    best = np.full((number, most + 1), -np.inf)
    best[0, 0] = 0.0
    for one in arcs:
        _push(one.start, one.end, one.gain, one.used, one.loss, best)
    return float(best.max())
