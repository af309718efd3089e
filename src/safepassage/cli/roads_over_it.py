"""Who, by a plan, is on a stretch when it closes, and who is planned to enter it afterwards.

A closure changes entry only. Who is already on the stretch goes on: the rule is said, and no order
is made of it; the convoy leader knows what lies ahead.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.roads.closing import Stretch
    from safepassage.roads.travel import Roads, Travel

RULE = (
    "A closure changes entry only: who is already on the stretch goes on; who has not reached it "
    "does not enter. The convoy leader decides, from what is seen."
)


def over_it(
    roads: "Roads", travelled: "Travel", stretch: "Stretch", made: "VerifiedPlan"
) -> dict[str, Any]:
    """Return the trips whose way holds a stretch: on their leg when it closes, or entering later.

    `roads` are those before the closure.
    """
    from safepassage.report.sheets.way import way_of_trip
    from safepassage.roads.driven import DrivenWays
    from safepassage.roads.travel import STAFF_KIND

    closure = stretch.closure
    starts = closure.starts or timedelta(0)
    ends = closure.ends or roads.scenario.horizon
    found: dict[str, list[dict[str, Any]]] = {"on_it": [], "later": []}
    ways = DrivenWays(roads, travelled.slices)
    shut = set(stretch.edges.tolist())
    for trip in made.plan.trips:
        for on in way_of_trip(travelled.scenario, made.plan, trip).stretches:
            enters, leaves = timedelta(seconds=on.enters), timedelta(seconds=on.leaves)
            if leaves <= starts or enters >= ends:
                continue
            one, other = travelled.snaps[on.start].node, travelled.snaps[on.end].node
            way = ways.way(trip.kind or STAFF_KIND, one, other, (enters, leaves))
            if way is None or not shut & set(way.edges):
                continue
            row = {
                "vehicle": trip.vehicle or "staff alone",
                "convoy": trip.convoy,
                "leg": on.leg,
                "from": trip.start,
                "to": trip.end,
                "enters_minutes": enters.total_seconds() / 60,
                "leaves_minutes": leaves.total_seconds() / 60,
                "people": sum(trip.load.values()),
            }
            found["on_it" if enters < starts else "later"].append(row)
    return {"rule": RULE, **found}


def over_it_in_words(over: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that `roads close --plan` prints."""
    yield f"By the plan, on a leg over it when it closes: {len(over['on_it']) or 'nobody'}."
    for one in over["on_it"]:
        yield (
            f"  {one['vehicle']} ({one['leg']}, minute {one['enters_minutes']:.0f} to "
            f"{one['leaves_minutes']:.0f}): {one['people']} people"
        )
    if over["on_it"]:
        yield RULE
    people = sum(one["people"] for one in over["later"])
    if over["later"]:
        yield (
            f"Planned over it later: {len(over['later'])} rides with {people} people. The plan no "
            "longer holds: write the closure down (--write) and plan again."
        )
    else:
        yield "Nobody is planned over it later: the plan does not rest on it."
