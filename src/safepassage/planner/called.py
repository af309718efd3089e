"""What people call the convoys of a plan and its moments: "convoy 2 out, 14:30 (c003)".

Knows one plan. Out is the direction in which people ride, back the other one.
"""

from collections import Counter
from datetime import datetime, timedelta

from safepassage.planner.plan import Plan


def at_clock(start: datetime, second: int) -> str:
    """Return a moment of a plan as the local time of day, with the date where it is another day."""
    moment = start + timedelta(seconds=second)
    if second % 60:
        moment += timedelta(seconds=60 - second % 60)
    day = "" if moment.date() == start.date() else f"{moment.day} {moment:%b} "
    return f"{day}{moment:%H:%M}"


def convoy_names(plan: Plan) -> dict[str, str]:
    """Return what each convoy is called, by its id: number and direction, time, and the id.

    Numbers count the convoys of one corridor and direction by the time at which they enter.
    """
    riding = Counter[tuple[str, str]]()
    way = {one.id: (one.corridor, one.start) for one in plan.convoys}
    for trip in plan.trips:
        if trip.convoy in way:
            riding[way[trip.convoy]] += sum(trip.load.values())
    corridors = {one.corridor for one in plan.convoys}
    numbers = Counter[tuple[str, str]]()
    found = {}
    for one in sorted(plan.convoys, key=lambda two: (two.depart, two.id)):
        numbers[one.corridor, one.start] += 1
        out = riding[one.corridor, one.start] >= riding[one.corridor, one.end]
        where = f" on {one.corridor}" if len(corridors) > 1 else ""
        found[one.id] = (
            f"convoy {numbers[one.corridor, one.start]} {'out' if out else 'back'}{where}, "
            f"{at_clock(plan.start, one.depart)} ({one.id})"
        )
    return found
