"""The checkpoint tally: an empty form for one post, with the order of the convoys, not the time.

The counter's own post only, convoys as sequence numbers with the vehicles to expect: a lost tally
tells nobody who comes, from where, or when.
"""

from dataclasses import dataclass

from safepassage.planner.plan import Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.driver import Aboard
from safepassage.report.sheets.fleet import kinds_in
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.names import Name, counted_kind, place_name
from safepassage.report.sheets.way import way_of_trip


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One passage to count: its number in the order of passing, and the vehicles to expect."""

    number: int
    vehicles: int
    kinds: tuple[Aboard, ...]


@dataclass(frozen=True, slots=True)
class TallyBody:
    """All that a tally holds before it is filled."""

    post: Name
    rows: tuple[TallyRow, ...]


def tally(verified: VerifiedPlan, post: str, printing: Printing) -> Sheet:
    """Return the empty tally of one post."""
    scenario = verified.scenario
    rows = tuple(
        TallyRow(
            number=number,
            vehicles=sum(kinds.values()),
            kinds=tuple(
                Aboard(counted_kind(scenario, kind, count), count) for kind, count in kinds.items()
            ),
        )
        for number, trips in enumerate(passages(verified, post), start=1)
        if (kinds := kinds_in(trips))
    )
    body = TallyBody(place_name(scenario, post), rows)
    name = f"post-{post}-tally"
    frame = frame_of(verified, printing, name=name, whom=body.post, ends=None)
    return Sheet("tally", name, frame, body)


def posts_to_count(verified: VerifiedPlan) -> tuple[str, ...]:
    """Return the posts that some vehicle passes, in the order of the scenario."""
    scenario, plan = verified.scenario, verified.plan
    passed = {
        post.place
        for trip in plan.trips
        if trip.vehicle is not None
        for post in way_of_trip(scenario, plan, trip).posts
    }
    return tuple(place.id for place in scenario.places if place.id in passed)


def passages(verified: VerifiedPlan, post: str) -> tuple[tuple[Trip, ...], ...]:
    """Return the trips that pass a post, those of a convoy together, in the order of passing."""
    scenario, plan = verified.scenario, verified.plan
    together: dict[str, list[tuple[int, Trip]]] = {}
    for index, trip in enumerate(plan.trips):
        if trip.vehicle is None:
            continue
        for one in way_of_trip(scenario, plan, trip).posts:
            if one.place == post:
                key = f"trip {index}" if trip.convoy is None else f"convoy {trip.convoy}"
                together.setdefault(key, []).append((one.at, trip))
    in_order = sorted(together.items(), key=lambda pair: (min(at for at, _ in pair[1]), pair[0]))
    return tuple(tuple(trip for _, trip in passed) for _, passed in in_order)
