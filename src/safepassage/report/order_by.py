"""By when the order must be given so that everybody is out while the road can still be driven.

Everything that becomes ready so long after the start (vehicles, staff, people, shelters) is taken
to become ready so long after the order; forecast, closures, windows and night keep their hours.
Each order tried has a verified plan behind it: an order by that time is enough, by a plan in hand.
A later one may still do; that is not proved either way.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.fleet import Available
from safepassage.scenario.people import Ready
from safepassage.scenario.scenario import Scenario

Planner = Callable[[Scenario], VerifiedPlan]
BEYOND = 2
"""Steps that are tried after the last that was enough: more time is not always less help."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An order `after` the start: persons out and in all, when the last arrive, the chance then.

    `enough` is whether everybody who wishes to leave has arrived while the chance that the window
    still holds is at least the wanted one. `last_buses` is the last departure by stop. `made` is
    None where no plan was found.
    """

    after: timedelta
    out: int
    total: int
    last_arrival: timedelta | None
    chance: float | None
    enough: bool
    last_buses: tuple[tuple[str, timedelta], ...]
    made: VerifiedPlan | None


@dataclass(frozen=True, slots=True)
class OrderBy:
    """The latest order that is enough (None where not even one at the start is), and all tried."""

    latest: Tried | None
    tried: tuple[Tried, ...]


def ordered_after(scenario: Scenario, delay: timedelta) -> Scenario:
    """Return the scenario whose order is given `delay` after its start."""
    vehicles = tuple(
        replace(
            one,
            ready=tuple(replace(step, after=step.after + delay) for step in one.ready)
            or (Available(delay, one.count.pick()),),
        )
        for one in scenario.vehicles
    )
    staff = tuple(
        replace(
            one,
            ready=tuple(replace(step, after=step.after + delay) for step in one.ready)
            or (Available(delay, one.count.pick()),),
        )
        for one in scenario.staff
    )
    groups = tuple(
        replace(
            one,
            ready=tuple(replace(step, after=step.after + delay) for step in one.ready)
            or (Ready(delay, one.leave.pick()),),
        )
        for one in scenario.groups
    )
    places = tuple(
        one if one.opens is None else replace(one, opens=one.opens + delay)
        for one in scenario.places
    )
    return replace(scenario, vehicles=vehicles, staff=staff, groups=groups, places=places)


def order_by(scenario: Scenario, plan: Planner, *, chance: float, step: timedelta) -> OrderBy:
    """Return the latest order, in steps after the start, for which `plan` makes a plan in time.

    Halves the span, as a later order is rarely better, and looks a little beyond what it found.
    """
    tried: dict[int, Tried] = {}

    def enough(number: int) -> bool:
        if number not in tried:
            tried[number] = _try(scenario, plan, number * step, chance)
        return tried[number].enough

    last = int(scenario.horizon / step)
    if enough(0):
        low, high = 0, last + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if enough(middle) else (low, middle)
        for number in range(low + 1, min(low + 1 + BEYOND, last + 1)):
            enough(number)
    good = [one for one in tried.values() if one.enough]
    latest = max(good, key=lambda one: one.after, default=None)
    return OrderBy(latest, tuple(tried[number] for number in sorted(tried)))


def _try(scenario: Scenario, plan: Planner, after: timedelta, chance: float) -> Tried:
    try:
        made = plan(ordered_after(scenario, after))
    except (NobodyMovesError, NotPlannedError):
        return Tried(
            after, 0, _wishing(scenario), None, None, enough=False, last_buses=(), made=None
        )
    loaded = [trip for trip in made.plan.trips if trip.load and scenario.place[trip.end].arrived]
    last = timedelta(seconds=max((trip.arrive for trip in loaded), default=0))
    opening = timedelta(0) if scenario.opening is None else scenario.opening.time.pick()
    holds = scenario.ending.holds((last - opening).total_seconds())
    buses: dict[str, int] = {}
    for trip in loaded:
        buses[trip.start] = max(buses.get(trip.start, 0), trip.depart)
    return Tried(
        after,
        made.people_out,
        made.people_total,
        last,
        holds,
        made.people_out == made.people_total and holds >= chance,
        tuple((stop, timedelta(seconds=at)) for stop, at in sorted(buses.items())),
        made,
    )


def _wishing(scenario: Scenario) -> int:
    """Return the persons who wish to leave, companions included."""
    return sum(
        group.leave.pick() * (1 + scenario.person_class[group.class_id].companions)
        for group in scenario.groups
    )
