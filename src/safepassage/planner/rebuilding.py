"""What of a plan is kept when a part of it is made anew.

Knows trips by vehicle and by time; for scenarios without a timetable of convoys to change.
"""

import random
from dataclasses import replace

from safepassage.planner.plan import Plan

FEWEST, MOST = 0.05, 0.4
"""Shares of the vehicles, or of the time, that are made anew."""


def kept_part(plan: Plan, rng: random.Random) -> Plan:
    """Return a plan without what some vehicles do, from some moment on."""
    names = sorted({one.vehicle for one in plan.trips if one.vehicle is not None})
    if not names:
        return plan
    share = rng.uniform(FEWEST, MOST)
    latest = max(one.depart for one in plan.trips)
    since = 0
    if rng.random() < 0.5:
        anew = set(rng.sample(names, max(1, round(share * len(names)))))
        if rng.random() < 0.5:
            since = round(rng.random() * latest)
    else:
        anew = set(names)
        since = round((1 - share) * latest)
    trips = tuple(one for one in plan.trips if one.vehicle not in anew or one.depart < since)
    led = {one.convoy for one in trips}
    convoys = tuple(one for one in plan.convoys if one.id in led)
    return replace(plan, trips=trips, convoys=convoys, stated=None)
