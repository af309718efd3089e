"""The way of each leg as it is drawn: the quickest at the start, for the first kind of vehicle."""

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
