"""Both sides of a counterpart as a plan moves them: batch by batch, people counted one for one.

Knows what a batch is (rule `linked` of docs/model.md): all first rides of a side in one convoy, or
one first ride without a convoy; batches count in the order in which they leave.
"""

from dataclasses import dataclass

from safepassage.planner.plan import Trip
from safepassage.planner.problem import Crowd, make_problem
from safepassage.planner.verified import VerifiedPlan


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: its convoy (None without), when the first leaves and the last arrives, persons."""

    convoy: str | None
    leaves: int
    arrives: int
    persons: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One side: persons who wish to leave and who arrive for good (companions counted), batches."""

    people: int
    arrive: int
    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class BothSides:
    """Ours and theirs, and what the deal says of them."""

    id: str
    name: str
    ours: Moved
    theirs: Moved
    ratio: float | None
    steps: tuple[int, ...]
    on_arrival: bool


def both_sides(verified: VerifiedPlan) -> tuple[BothSides, ...]:
    """Return each counterpart whose people are planned with ours, in file order."""
    problem = make_problem(verified.scenario, verified.plan.people)
    crowds = {one.id: one for one in problem.crowds}
    foreign = frozenset[str]().union(*(one.groups for one in problem.counterparts))
    ours = _moved(verified, crowds, frozenset(crowds) - foreign) if foreign else None
    if ours is None:
        return ()
    names = {one.id: one.name for one in verified.scenario.linked}
    return tuple(
        BothSides(
            one.id,
            names[one.id],
            ours,
            _moved(verified, crowds, one.groups),
            one.ratio,
            one.steps,
            one.on_arrival,
        )
        for one in problem.counterparts
    )


def _moved(verified: VerifiedPlan, crowds: dict[str, Crowd], groups: frozenset[str]) -> Moved:
    together: dict[tuple[str, int], list[tuple[Trip, int]]] = {}
    for number, trip in enumerate(verified.plan.trips):
        persons = sum(
            people * crowds[group].each
            for group, people in trip.groups.items()
            if group in groups and trip.start == crowds[group].at
        )
        if persons:
            # Without a convoy each ride is a batch of its own.
            key = (trip.convoy, 0) if trip.convoy else ("", number + 1)
            together.setdefault(key, []).append((trip, persons))
    batches = [
        Batch(
            key or None,
            min(trip.depart for trip, _ in rides),
            max(trip.arrive for trip, _ in rides),
            sum(persons for _, persons in rides),
        )
        for (key, _), rides in together.items()
    ]
    left = verified.left_behind
    return Moved(
        people=sum(crowds[one].total * crowds[one].each for one in groups),
        arrive=sum((crowds[one].total - left.get(one, 0)) * crowds[one].each for one in groups),
        batches=tuple(sorted(batches, key=lambda one: (one.leaves, one.arrives))),
    )
