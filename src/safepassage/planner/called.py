"""What people call the convoys of a plan and its moments: "convoy c003 out, 14:30".

Knows one plan. A convoy's name is its id, as sheets, phones and the board print it: counted anew in
each plan, "convoy 2" would be another one after a change. Out is the direction in which people
ride, back the other one.
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
    """Return what each convoy is called, by its id: the id, its direction and when it enters."""
    riding = Counter[tuple[str, str]]()
    way = {one.id: (one.corridor, one.start) for one in plan.convoys}
    for trip in plan.trips:
        if trip.convoy in way:
            riding[way[trip.convoy]] += sum(trip.load.values())
    corridors = {one.corridor for one in plan.convoys}
    found = {}
    for one in sorted(plan.convoys, key=lambda two: (two.depart, two.id)):
        out = riding[one.corridor, one.start] >= riding[one.corridor, one.end]
        where = f" on {one.corridor}" if len(corridors) > 1 else ""
        direction = "out" if out else "back"
        found[one.id] = f"convoy {one.id} {direction}{where}, {at_clock(plan.start, one.depart)}"
    return found
