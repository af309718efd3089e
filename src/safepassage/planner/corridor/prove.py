"""Prove a bound for scenarios with one corridor, and find timetables on the way."""

from collections.abc import Callable

from safepassage.planner.bounds import Bound
from safepassage.planner.problem import Problem
from safepassage.planner.search import Search
from safepassage.planner.ways import Ways


def corridor_of(problem: Problem, ways: Ways) -> None:
    """Return the corridor of a scenario if its proof is known, else None."""
    del problem, ways


def prove(
    corridor: None,
    search: Search,
    *,
    on_bound: Callable[[Bound], None],
    on_persons: Callable[[Bound], None],
    stop: Callable[[], bool],
    rounds: int | None,
) -> None:
    """Prove bounds and offer timetables."""
    del corridor, search, on_bound, on_persons, stop, rounds
