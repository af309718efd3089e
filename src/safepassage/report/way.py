"""A way as a chain of stops: where each lies, what is between, and who passes when. Facts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.report.journeys import aboard, convoy_trips, convoys_in_order, leg_seconds
from safepassage.scenario.places import Leg
from safepassage.scenario.scenario import Scenario

MOST_WAYS = 3
"""Without corridors, so many of the ways that carry most people are drawn."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a way: seconds of driving and kilometres from its start, and where to draw it.

    `share` is 0 at the start and 1 at the end, by kilometres where every leg states them, else by
    driving time. `km` is None where they are not known.
    """

    place: str
    seconds: float
    km: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A leg of a way, in the direction of the way."""

    leg: Leg
    start: str
    end: str
    seconds: int
    km: float | None


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of legs from the people to where they arrive. `corridor` is None outside of one."""

    corridor: str | None
    stretches: tuple[Stretch, ...]
    stops: tuple[Stop, ...]

    def share_of(self, place: str) -> float:
        """Return where a place lies on the way."""
        return next(stop.share for stop in self.stops if stop.place == place)


@dataclass(frozen=True, slots=True)
class Run:
    """A passage: (second, share of the way) at its corners, who and what goes with it.

    `feeder` runs lie before or after the corridor; only the others carry a label.
    """

    label: str
    corners: tuple[tuple[float, float], ...]
    people: int
    forward: bool
    feeder: bool = False


def ways_of(scenario: Scenario, plan: Plan) -> tuple[Way, ...]:
    """Return the ways worth drawing: one a corridor, or those that carry most people."""
    if scenario.corridors:
        return tuple(
            way_along(scenario, _with_approach(scenario, plan, one.id, one.legs), one.id)
            for one in scenario.corridors
        )
    carried: dict[tuple[str, ...], int] = defaultdict(int)
    for trip in plan.trips:
        if aboard(trip):
            carried[trip.legs] += aboard(trip)
    busiest = sorted(carried, key=lambda legs: (-carried[legs], legs))[:MOST_WAYS]
    starts = {trip.legs: trip.start for trip in plan.trips if aboard(trip)}
    return tuple(way_along(scenario, legs, None, start=starts[legs]) for legs in busiest)


def way_along(
    scenario: Scenario, legs: Sequence[str], corridor: str | None, *, start: str | None = None
) -> Way:
    """Return the way along legs, in order, with the checkpoints on them."""
    chain = _oriented([scenario.leg[one] for one in legs], start)
    stretches: list[Stretch] = []
    seconds, km = 0.0, 0.0
    all_km = all(leg.km is not None and leg.km.known for leg, _, _ in chain)
    marks: list[tuple[str, float, float | None]] = [(chain[0][1], 0.0, 0.0 if all_km else None)]
    for leg, begin, end in chain:
        long = leg_seconds(leg, None)
        far = leg.km.pick() if leg.km is not None and leg.km.known else None
        stretches.append(Stretch(leg, begin, end, long, far))
        forward = begin == leg.start
        for passed in sorted(leg.through, key=lambda one: one.after, reverse=not forward):
            after = passed.after.total_seconds()
            inside = after if forward else long - after
            if 0 < inside < long:
                part = km + far * inside / long if all_km and far is not None else None
                marks.append((passed.checkpoint, seconds + inside, part))
        seconds += long
        km += far or 0.0
        marks.append((end, seconds, km if all_km else None))
    whole = km if all_km else seconds
    stops = tuple(
        Stop(
            place,
            second,
            far,
            # A way without length still has an order.
            ((far or 0.0) if all_km else second) / whole if whole else index / (len(marks) - 1),
        )
        for index, (place, second, far) in enumerate(marks)
    )
    return Way(corridor, tuple(stretches), stops)


def runs_on(scenario: Scenario, plan: Plan, way: Way) -> tuple[Run, ...]:
    """Return every passage of the way that the plan holds."""
    if way.corridor is None:
        return _lone_runs(plan, way)
    trips = convoy_trips(plan)
    runs: list[Run] = []
    for convoy in convoys_in_order(plan):
        if convoy.corridor == way.corridor:
            runs.append(_convoy_run(scenario, way, convoy, trips[convoy.id]))
            runs += _feeders(way, convoy, trips[convoy.id])
    return tuple(runs)


def _convoy_run(scenario: Scenario, way: Way, convoy: Convoy, trips: list[Trip]) -> Run:
    inside = set(scenario.corridor[convoy.corridor].legs)
    first = next(i for i, one in enumerate(way.stretches) if one.leg.id in inside)
    last = max(i for i, one in enumerate(way.stretches) if one.leg.id in inside)
    part = way.stretches[first : last + 1]
    forward = convoy.start == part[0].start
    order = part if forward else tuple(reversed(part))
    whole = sum(one.seconds for one in part) or 1
    corners = [(float(convoy.depart), way.share_of(order[0].start if forward else order[0].end))]
    driven = 0.0
    for one in order:
        driven += one.seconds
        time = convoy.depart + (convoy.arrive - convoy.depart) * driven / whole
        corners.append((time, way.share_of(one.end if forward else one.start)))
    return Run(convoy.id, tuple(corners), sum(aboard(trip) for trip in trips), forward)


def _feeders(way: Way, convoy: Convoy, trips: list[Trip]) -> list[Run]:
    """Return the passages before and after the corridor, of trips whose ends lie on the way."""
    places = {stop.place for stop in way.stops}
    forward = way.share_of(convoy.start) < way.share_of(convoy.end)
    parts: dict[tuple[int, str, int, str], int] = defaultdict(int)
    for trip in trips:
        if trip.start in places and trip.start != convoy.start:
            parts[(trip.depart, trip.start, convoy.depart, convoy.start)] += aboard(trip)
        if trip.end in places and trip.end != convoy.end:
            parts[(convoy.arrive, convoy.end, trip.arrive, trip.end)] += aboard(trip)
    return [
        Run(
            convoy.id,
            ((float(t0), way.share_of(a)), (float(t1), way.share_of(b))),
            people,
            forward,
            feeder=True,
        )
        for (t0, a, t1, b), people in sorted(parts.items())
    ]


def _lone_runs(plan: Plan, way: Way) -> tuple[Run, ...]:
    legs = tuple(one.leg.id for one in way.stretches)
    found: dict[tuple[int, int, bool], list[Trip]] = defaultdict(list)
    for trip in plan.trips:
        if trip.legs in {legs, tuple(reversed(legs))} and trip.vehicle is not None:
            forward = trip.start == way.stops[0].place
            found[(trip.depart, trip.arrive, forward)].append(trip)
    return tuple(
        Run(
            f"×{len(trips)}",
            ((float(depart), 0.0 if forward else 1.0), (float(arrive), 1.0 if forward else 0.0)),
            sum(aboard(trip) for trip in trips),
            forward,
        )
        for (depart, arrive, forward), trips in sorted(found.items())
    )


def _with_approach(
    scenario: Scenario, plan: Plan, corridor: str, legs: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the corridor's legs with the approach and the rest that most people ride."""
    carried: dict[tuple[str, ...], int] = defaultdict(int)
    entry = _oriented([scenario.leg[one] for one in legs], None)[0][1]
    starts = {one.id for one in plan.convoys if one.corridor == corridor and one.start == entry}
    for trip in plan.trips:
        if trip.convoy in starts and aboard(trip):
            carried[trip.legs] += aboard(trip)
    if not carried:
        return legs
    return max(carried, key=lambda one: (carried[one], one))


def _oriented(legs: Sequence[Leg], start: str | None) -> list[tuple[Leg, str, str]]:
    """Return each leg with its two ends in the order of the chain."""
    place = start
    if place is None:
        first = legs[0]
        place = first.start
        if len(legs) > 1 and first.end not in {legs[1].start, legs[1].end}:
            place = first.end
    chain = []
    for leg in legs:
        end = leg.end if leg.start == place else leg.start
        chain.append((leg, place, end))
        place = end
    return chain
