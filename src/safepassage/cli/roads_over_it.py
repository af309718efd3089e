"""Who, by a plan, is on a stretch when it closes, and who is planned to enter it afterwards.

A closure changes entry only. Who is already on the stretch goes on: the rule is said, and no order
is made of it; the convoy leader knows what lies ahead.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from safepassage.cli.roads_asking import finder_at

if TYPE_CHECKING:
    from safepassage.planner.plan import Trip
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.roads.closing import Stretch
    from safepassage.roads.travel import Roads, Travel

RULE = (
    "A closure changes entry only: who is already on the stretch goes on; who has not reached it "
    "does not enter. The convoy leader decides, from what is seen."
)
Times = tuple[timedelta, timedelta]


def over_it(
    roads: "Roads", travelled: "Travel", stretch: "Stretch", made: "VerifiedPlan"
) -> dict[str, Any]:
    """Return the trips whose way holds a stretch: on their leg when it closes, or entering later.

    `roads` are those before the closure. The way of a trip is the quickest at its entry.
    """
    closure = stretch.closure
    starts = closure.starts or timedelta(0)
    ends = closure.ends or roads.scenario.horizon
    found: dict[str, list[dict[str, Any]]] = {"on_it": [], "later": []}
    known: dict[tuple[str, str | None, int, bool], bool] = {}
    for trip in made.plan.trips:
        for leg_id, (enters, leaves), ahead in _legs(travelled, made, trip):
            if leaves <= starts or enters >= ends:
                continue
            part = sum(one.starts <= enters for one in travelled.slices)
            key = (leg_id, trip.kind, part, ahead)
            if key not in known:
                ride = (leg_id, trip.kind, enters)
                known[key] = _holds(roads, travelled, stretch, ride, ahead=ahead)
            if not known[key]:
                continue
            row = {
                "vehicle": trip.vehicle or "staff alone",
                "convoy": trip.convoy,
                "leg": leg_id,
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


def _legs(
    travelled: "Travel", made: "VerifiedPlan", trip: "Trip"
) -> Iterator[tuple[str, Times, bool]]:
    """Yield (leg, when entered and left, whether along it) of a trip.

    In a corridor the whole time of the convoy is taken for each leg: what stands on it is not
    known more exactly.
    """
    scenario = travelled.scenario
    inside = {leg for one in scenario.corridors for leg in one.legs}
    convoy = next((one for one in made.plan.convoys if one.id == trip.convoy), None)
    at, place = timedelta(seconds=trip.depart), trip.start
    for leg_id in trip.legs:
        leg = scenario.leg[leg_id]
        ahead = leg.start == place
        place = leg.end if ahead else leg.start
        if convoy is not None and leg_id in inside:
            at = timedelta(seconds=convoy.arrive)
            yield leg_id, (timedelta(seconds=convoy.depart), at), ahead
        else:
            leaves = leg.leaves(trip.kind, at)
            yield leg_id, (at, leaves), ahead
            at = leaves


def _holds(
    roads: "Roads",
    travelled: "Travel",
    stretch: "Stretch",
    ride: tuple[str, str | None, timedelta],
    *,
    ahead: bool,
) -> bool:
    """Return whether the quickest way of a ride over a leg holds a piece of the stretch."""
    from safepassage.roads.travel import STAFF_KIND

    leg_id, kind, enters = ride
    leg = travelled.scenario.leg[leg_id]
    ends = (leg.start, leg.end) if ahead else (leg.end, leg.start)
    one, other = (travelled.snaps[end].node for end in ends)
    way = finder_at(roads, kind or STAFF_KIND, enters).best(one, other)
    return way is not None and bool(set(stretch.edges.tolist()) & set(way.edges))
