"""Rides that serve nobody are taken out of a plan: no empty vehicle goes where it is not needed.

An empty ride is idle where the vehicle carries nobody afterwards. Each cut is judged by the
verifier; what it refuses stays in.
"""

from dataclasses import replace

from safepassage.planner.plan import Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify

MOST_TRIES = 40
"""Convoys without vehicles that are tried one by one; more would take too long."""


def without_idle_rides(made: VerifiedPlan) -> VerifiedPlan:
    """Return the plan without the idle rides that can be left out at the same value."""
    idle = _idle(made.plan)
    alone = [trip for trip in idle if not trip.staff]
    for cut in (idle, alone):
        if not cut:
            continue
        leaner = _try(made, _cut(made.plan, cut))
        if leaner is not None:
            made = leaner
            break
    return _without_bare_convoys(made)


def _idle(plan: Plan) -> list[Trip]:
    """Return the rides of each vehicle after the last one on which it carries people."""
    last: dict[str, int] = {}
    for trip in plan.trips:
        if trip.vehicle is not None and trip.load:
            last[trip.vehicle] = max(last.get(trip.vehicle, -1), trip.depart)
    return [
        trip
        for trip in plan.trips
        if trip.vehicle is not None and not trip.load and trip.depart > last.get(trip.vehicle, -1)
    ]


def _cut(plan: Plan, cut: list[Trip]) -> Plan:
    gone = {id(trip) for trip in cut}
    return replace(
        plan, trips=tuple(trip for trip in plan.trips if id(trip) not in gone), stated=None
    )


def _without_bare_convoys(made: VerifiedPlan) -> VerifiedPlan:
    """Leave out convoys that hold no vehicle, the last first, where nobody misses their staff."""
    held = {trip.convoy for trip in made.plan.trips}
    bare = [one for one in made.plan.convoys if one.id not in held]
    for convoy in sorted(bare, key=lambda one: -one.depart)[:MOST_TRIES]:
        rest = tuple(one for one in made.plan.convoys if one.id != convoy.id)
        leaner = _try(made, replace(made.plan, convoys=rest, stated=None))
        if leaner is not None:
            made = leaner
    return made


def _try(made: VerifiedPlan, plan: Plan) -> VerifiedPlan | None:
    """Return the verified plan, None where it is refused or worth less."""
    try:
        found = verify(made.scenario, plan)
    except PlanRefused:
        return None
    slack = 1e-9 * max(1.0, abs(made.value))
    worse = made.value - found.value
    if plan.objective == "last_out":
        worse = -worse
    return None if worse > slack else found
