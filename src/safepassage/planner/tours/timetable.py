"""From tours back to a plan: named vehicles, legs, seconds, and who rides.

Knows how whole loads become people of groups, and how a tour becomes trips of the model.
"""

import highspy
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.plan import Trip
from safepassage.planner.tours.family import Reading
from safepassage.planner.tours.linear import Program, run
from safepassage.planner.tours.problem import Tour, ToursProblem
from safepassage.scenario.people import COMPANION


def people_by_pair(problem: ToursProblem, tours: list[Tour]) -> NDArray[np.int64] | None:
    """Return how many people go from each pickup to each destination, None where they do not fit.

    The trips of the tours are given; the people over them are a flow with whole limits, whose
    corners are whole.
    """
    trips = np.zeros((len(problem.loads), len(problem.room)), dtype=np.int64)
    for tour in tours:
        for i, j in tour.trips:
            trips[i, j] += 1
    program = Program()
    everyone = [program.row(n, n) for n in problem.people]
    limits = [
        program.row(0, highspy.kHighsInf if places is None else places) for places in problem.places
    ]
    pairs = [(int(i), int(j)) for i, j in np.argwhere(trips)]
    for i, j in pairs:
        parts = [(everyone[i], 1.0), (limits[j], 1.0)]
        program.column(0.0, parts, most=float(trips[i, j] * problem.seats), whole=False)
    answer = run(program, whole=False, limit=60.0)
    if answer.status != "optimal":
        return None
    people = np.zeros_like(trips)
    for (i, j), n in zip(pairs, np.rint(answer.x).astype(np.int64), strict=True):
        people[i, j] = n
    return people


def without_empty(problem: ToursProblem, tours: list[Tour]) -> list[Tour] | None:
    """Return the tours without the trips on which nobody rides, None where people do not fit.

    Driving times of a scenario obey the triangle law, so leaving a trip out delays nothing.
    """
    people = people_by_pair(problem, tours)
    if people is None:
        return None
    left = people.copy()
    kept = []
    for tour in tours:
        trips = []
        for i, j in tour.trips:
            if left[i, j] > 0:
                left[i, j] -= min(problem.seats, int(left[i, j]))
                trips.append((i, j))
        if trips:
            kept.append(Tour(tour.yard, tuple(trips)))
    return kept


def trips_of(reading: Reading, tours: list[Tour]) -> tuple[Trip, ...]:
    """Return the trips of tours that bring everybody out, in order of departure."""
    problem = reading.problem
    left = people_by_pair(problem, tours)
    if left is None:
        raise ValueError("the tours do not carry everybody: their loads do not fit")
    groups = [{one.id: one.total for one in crowds} for crowds in reading.crowds]
    used = [0] * len(problem.yards)
    found: list[Trip] = []
    for tour in tours:
        vehicle = reading.vehicles[tour.yard][used[tour.yard]]
        used[tour.yard] += 1
        found += _ride(reading, tour, vehicle, left, groups)
    return tuple(sorted(found, key=lambda one: (one.depart, one.vehicle or "", one.arrive)))


def _ride(
    reading: Reading,
    tour: Tour,
    vehicle: str,
    left: NDArray[np.int64],
    groups: list[dict[str, int]],
) -> list[Trip]:
    problem, kind = reading.problem, reading.kinds[tour.yard]
    here, free = reading.at[tour.yard], reading.ready[tour.yard]
    found: list[Trip] = []
    for i, j in tour.trips:
        pickup, gate = problem.pickups[i], problem.destinations[j]
        if here != pickup:
            way = min(reading.ways.between(kind, here, pickup), key=lambda one: one.before)
            arrive = free + way.before
            found.append(Trip(vehicle, kind, here, pickup, way.legs, free, arrive))
            free = arrive
        depart = max(free + reading.load, reading.source.opening)
        way = min(reading.ways.between(kind, pickup, gate), key=lambda one: one.before)
        number = min(problem.seats, int(left[i, j]))
        left[i, j] -= number
        aboard = _board(groups[i], number)
        load = _load(reading, i, aboard)
        arrive = depart + way.before
        found.append(
            Trip(vehicle, kind, pickup, gate, way.legs, depart, arrive, load=load, groups=aboard)
        )
        here, free = gate, arrive + reading.unload
    return found


def _board(waiting: dict[str, int], number: int) -> dict[str, int]:
    """Take people from the groups of a pickup in the order of the file."""
    aboard: dict[str, int] = {}
    for group, count in waiting.items():
        taken = min(count, number - sum(aboard.values()))
        if taken > 0:
            aboard[group] = taken
    for group, taken in aboard.items():
        waiting[group] -= taken
    return aboard


def _load(reading: Reading, pickup: int, aboard: dict[str, int]) -> dict[str, int]:
    """Return the people aboard by class, companions under their own."""
    load: dict[str, int] = {}
    for crowd in reading.crowds[pickup]:
        number = aboard.get(crowd.id, 0)
        if number:
            load[crowd.class_id] = load.get(crowd.class_id, 0) + number
            if crowd.companions:
                load[COMPANION] = load.get(COMPANION, 0) + number * crowd.companions
    return load
