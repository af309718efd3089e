"""The way of each leg as it is drawn: the quickest at the start, for the first kind of vehicle.

And its minutes over all hours, in words.
"""

from collections.abc import Sequence
from datetime import timedelta

from safepassage.roads.engine import arc_milliseconds
from safepassage.roads.travel import Roads, Travel
from safepassage.roads.ways import Way, WayFinder


def leg_ways(roads: Roads, travel: Travel) -> dict[str, Way | None]:
    """Return the way of each leg in the scenario's order, None where there is none at the start."""
    kind = min(row.kind for row in travel.legs)
    seconds = roads.seconds(kind, night=travel.slices[0].night)
    times = arc_milliseconds(roads.network, seconds, roads.closed(timedelta(0)))
    finder = WayFinder(roads.network, roads.engine, times)
    return {
        leg.id: finder.best(travel.snaps[leg.start].node, travel.snaps[leg.end].node)
        for leg in travel.scenario.legs
    }


def minutes_of(travel: Travel, leg: str) -> str:
    """Return the minutes of a leg by vehicle kind, as "bus 7 to 9*"; * is no way at some hours."""
    return ", ".join(
        f"{row.kind} {span_in_words(row.times)}"
        for row in sorted(travel.legs, key=lambda one: one.kind)
        if row.leg == leg
    )


def span_in_words(times: Sequence[timedelta | None]) -> str:
    """Return the least and the longest of some times in minutes."""
    known = [time for time in times if time is not None]
    if not known:
        return "no way"
    low, high = whole_minutes(min(known)), whole_minutes(max(known))
    text = low if low == high else f"{low} to {high}"
    return text + ("*" if len(known) < len(times) else "")


def whole_minutes(time: timedelta) -> str:
    """Return minutes, rounded up."""
    return f"{-(-time.total_seconds() // 60):.0f}"
