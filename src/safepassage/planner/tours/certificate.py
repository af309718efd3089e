"""Why nobody can be faster: whole prices under which the vehicles cannot earn enough in time.

Suppose that all loads arrive within a horizon. Pay each load the price of its pickup and charge it
the price of its destination. What all tours earn together is at least (prices x loads) less
(prices x room), because destinations hold no more than their room. So if no set of tours, one a
vehicle, can earn that much within the horizon, the horizon is too short. The most that one vehicle
can earn comes from a dynamic program in whole numbers: no rounding anywhere.
"""

from dataclasses import dataclass

import numpy as np

from safepassage.planner.tours.pricing import Table
from safepassage.planner.tours.problem import ToursProblem

SCALE = 10**7
"""A load that is left behind is worth this much; prices are whole numbers up to it."""


@dataclass(frozen=True)
class Certificate:
    """Prices that refute a horizon of `refuted` ticks; the makespan is at least one tick more."""

    refuted: int
    pickup_prices: tuple[int, ...]
    room_prices: tuple[int, ...]


def shortfall(problem: ToursProblem, certificate: Certificate) -> int:
    """Return what the vehicles cannot earn: above 0 the horizon is refuted, exactly."""
    gain = np.subtract.outer(
        np.array(certificate.pickup_prices, dtype=np.int64),
        np.array(certificate.room_prices, dtype=np.int64),
    )
    table = Table(problem, gain, certificate.refuted)
    return owed(problem, certificate.pickup_prices, certificate.room_prices) - earned(
        problem, table, certificate.refuted
    )


def owed(problem: ToursProblem, pickups: tuple[int, ...], room: tuple[int, ...]) -> int:
    """Return what all loads together must earn under the prices."""
    paid = sum(price * n for price, n in zip(pickups, problem.loads, strict=True))
    return paid - sum(price * n for price, n in zip(room, problem.room, strict=True))


def earned(problem: ToursProblem, table: Table, horizon: int) -> int:
    """Return the most that all vehicles together can earn within a horizon."""
    best = table.best(horizon)
    return sum(n * int(most) for n, most in zip(problem.buses, best, strict=True))


def longest_refuted(
    problem: ToursProblem,
    table: Table,
    pickups: tuple[int, ...],
    room: tuple[int, ...],
    shortest: int,
) -> int:
    """Return the longest horizon of the table that the prices refute, `shortest` - 1 if none.

    What vehicles earn never falls as time grows, so bisection is exact.
    """
    due = owed(problem, pickups, room)
    low, high = shortest - 1, table.from_pickup.shape[0] - 1
    while low < high:
        middle = (low + high + 1) // 2
        if due > earned(problem, table, middle):
            low = middle
        else:
            high = middle - 1
    return low
