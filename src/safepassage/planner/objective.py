"""The value of a plan as a solver counts it: people x weight x chance, less those caught.

The verifier counts again by itself; this is what the search is steered by.
"""

from collections.abc import Iterable

from safepassage.planner.plan import Trip
from safepassage.planner.problem import Problem


def trip_value(problem: Problem, trip: Trip, *, weighted: bool = True) -> float:
    """Return the expected value of one trip, in weighted people (or persons, weight 1)."""
    if not trip.load:
        return 0.0
    counts = problem.sites[trip.end].arrived
    classes = problem.scenario.person_class
    people = sum(
        number * (classes[one].weight if weighted else 1.0) for one, number in trip.load.items()
    )
    return people * problem.worth(trip.depart, trip.arrive, counts=counts)


def plan_value(problem: Problem, trips: Iterable[Trip], *, weighted: bool = True) -> float:
    """Return the expected value of all trips, in weighted people (or persons, weight 1)."""
    return sum(trip_value(problem, one, weighted=weighted) for one in trips)


def last_arrival(trips: Iterable[Trip]) -> int:
    """Return the second of the last arrival of people, 0 if nobody moves."""
    return max((one.arrive for one in trips if one.load), default=0)
