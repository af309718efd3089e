"""What a plan is worth: value, expected people, the curve of arrivals, who is left behind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import fsum

from safepassage.planner.checking.given import Given
from safepassage.planner.checking.rides import Ride
from safepassage.planner.checking.violation import Violation
from safepassage.scenario.rules import Objective

Curve = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """The verifier's own numbers of a plan; `value` in weighted expected people or minutes."""

    value: float
    expected_people: float
    people_total: int
    people_out: int
    curve: Curve
    curve_by_class: Mapping[str, Curve]
    left_behind: Mapping[str, int]


def worth_of(given: Given, rides: Iterable[Ride], objective: Objective) -> Worth:
    """Return what the trips are worth under the scenario's law of the ending."""
    rho = given.scenario.rules.rho
    caught_cost = 0.0 if rho is None else given.pick(rho, "rules.rho", 0.0)
    opening = given.opening
    holds: dict[int, float] = {}

    def chance(second: int) -> float:
        if second not in holds:
            try:
                holds[second] = given.scenario.ending.holds(second - opening)
            except (ValueError, ArithmeticError) as fault:
                given.note_unknown("ending", str(fault))
                holds[second] = 0.0
        return holds[second]

    weighted: list[float] = []
    unweighted: list[float] = []
    steps: dict[int, dict[str, int]] = {}
    arrived: dict[str, int] = {}
    last = 0
    for ride in rides:
        if not ride.loaded:
            continue
        trip = ride.trip
        last = max(last, trip.arrive)
        safe, caught = chance(trip.arrive), chance(trip.depart) - chance(trip.arrive)
        each = -caught_cost * caught
        if given.is_arrival(trip.end):
            each += safe
            step = steps.setdefault(trip.arrive, {})
            for class_id, people in trip.load.items():
                step[class_id] = step.get(class_id, 0) + people
            for group_id, people in trip.groups.items():
                arrived[group_id] = arrived.get(group_id, 0) + people
        for class_id, people in trip.load.items():
            weighted.append(people * given.weight(class_id) * each)
            unweighted.append(people * each)
    curve, by_class = _curves(steps)
    left = {
        group.id: group.leave - arrived.get(group.id, 0)
        for group in given.groups()
        if group.leave > arrived.get(group.id, 0)
    }
    return Worth(
        value=fsum(weighted) if objective == "expected" else last / 60,
        expected_people=fsum(unweighted),
        people_total=sum(one.leave * one.persons for one in given.groups()),
        people_out=curve[-1][1] if curve else 0,
        curve=curve,
        curve_by_class=by_class,
        left_behind=left,
    )


def _curves(steps: Mapping[int, Mapping[str, int]]) -> tuple[Curve, dict[str, Curve]]:
    total = 0
    curve = []
    so_far: dict[str, int] = {}
    by_class: dict[str, list[tuple[int, int]]] = {}
    for when in sorted(steps):
        for class_id, people in steps[when].items():
            if people:
                so_far[class_id] = so_far.get(class_id, 0) + people
                by_class.setdefault(class_id, []).append((when, so_far[class_id]))
        total += sum(steps[when].values())
        curve.append((when, total))
    return tuple(curve), {class_id: tuple(found) for class_id, found in by_class.items()}


def check_everyone(given: Given, worth: Worth) -> Iterator[Violation]:
    """Yield each group that `last_out` leaves behind."""
    for group_id, people in worth.left_behind.items():
        group = given.group(group_id)
        yield Violation(
            "everyone",
            f"group {group_id}",
            None,
            f"{people} of {'?' if group is None else group.leave} are left behind",
            "last_out: everybody who wishes to leave arrives",
        )
