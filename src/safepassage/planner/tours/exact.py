"""The optimum of small clocks: horizons from the bound upward, each refuted or solved.

Knows in which order the exact model is asked, and which of its answers may be trusted.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from safepassage.planner.tours.arcflow import size, tours_within
from safepassage.planner.tours.problem import Tour, ToursProblem

MOST_COLUMNS = 400_000
"""Models beyond this are not built: they take longer than any limit in use."""


@dataclass(frozen=True)
class Searched:
    """The bound after the search, and tours that meet it where they were found."""

    bound: int
    tours: tuple[Tour, ...] | None


def can_search(problem: ToursProblem, horizon: int) -> bool:
    """Return whether the exact model of a horizon is small enough to be built."""
    return size(problem, horizon) <= MOST_COLUMNS


def search_upward(
    problem: ToursProblem,
    bound: int,
    value: int,
    *,
    until: float,
    stop: Callable[[], bool] | None = None,
) -> Searched:
    """Refute or solve horizons from the bound up to one below the value of the plan in hand.

    A horizon counts as refuted when the solver says so twice, with and without presolve: what
    rests on the word "infeasible" alone is asked again in another way.
    """
    while bound < value:
        left = until - time.monotonic()
        if left <= 0 or (stop is not None and stop()) or not can_search(problem, bound):
            return Searched(bound, None)
        answer, tours = tours_within(problem, bound, limit=left)
        if tours:
            return Searched(bound, tuple(tours))
        if answer.status != "infeasible":
            return Searched(bound, None)
        left = until - time.monotonic()
        answer, tours = tours_within(problem, bound, limit=left, presolve=False)
        if tours:
            return Searched(bound, tuple(tours))
        if answer.status != "infeasible":
            return Searched(bound, None)
        bound += 1
    return Searched(bound, None)
