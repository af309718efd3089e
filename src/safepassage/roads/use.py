"""Which legs drive over a stretch at any hour at which its closure holds.

The ledger names legs, not ways: this is the step from a closed stretch to the legs it speaks of.
"""

from collections.abc import Mapping
from datetime import timedelta

from safepassage.roads.closing import Stretch
from safepassage.roads.engine import arc_milliseconds
from safepassage.roads.network import RoadsError
from safepassage.roads.travel import STAFF_KIND, Roads, slices_of
from safepassage.roads.ways import WayFinder


def legs_driving(roads: Roads, snaps: Mapping[str, int], stretch: Stretch) -> tuple[str, ...]:
    """Return the legs whose quickest way holds a piece of the stretch, in the scenario's order.

    `roads` are those before the closure; `snaps` gives the node of each place. Every vehicle kind,
    both directions unless the leg has one, and every hour of the closure are looked at: a leg that
    rests on the stretch in one of them rests on it.

    Raises
    ------
    RoadsError
        If an end of a leg stands on no road: whether the leg holds the stretch is then not known.
    """
    scenario = roads.scenario
    unplaced = sorted(
        {end for leg in scenario.legs for end in (leg.start, leg.end) if end not in snaps}
    )
    if unplaced:
        raise RoadsError(
            f"place {', '.join(unplaced)}: no position, want one: which legs drive over "
            f"'{stretch.closure.id}' is not known without it"
        )
    shut = set(stretch.edges.tolist())
    starts = stretch.closure.starts or timedelta(0)
    driving: set[str] = set()
    for part in slices_of(roads):
        if part.ends <= starts or not (
            stretch.closure.ends is None or part.starts < stretch.closure.ends
        ):
            continue
        closed = roads.closed(part.starts)
        for kind in sorted({one.kind for one in scenario.vehicles}) or [STAFF_KIND]:
            seconds = roads.seconds(kind, night=part.night)
            times = arc_milliseconds(roads.network, seconds, closed)
            finder = WayFinder(roads.network, roads.engine, times)
            for leg in scenario.legs:
                ends = [(leg.start, leg.end)]
                ends += [] if leg.one_way else [(leg.end, leg.start)]
                ways = (finder.best(snaps[one], snaps[other]) for one, other in ends)
                if any(way is not None and shut & set(way.edges) for way in ways):
                    driving.add(leg.id)
    return tuple(leg.id for leg in scenario.legs if leg.id in driving)
