"""The way of a convoy in a verified plan: stretches, posts, who holds them, its latest start.

Read from the scenario and the plan only, never from who has answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.clearance.case import Need
from safepassage.planner.plan import Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.places import Leg
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Way:
    """The whole way of one convoy, all its vehicles together.

    `posts` are the checkpoints passed, `ends` the destinations, `commit_points` where a go is
    needed: each start, each entry of a corridor, each post. `latest` is the last departure that
    the windows of the way allow, None where none closes.
    """

    convoy: str
    departs: datetime
    arrives: datetime
    legs: tuple[str, ...]
    posts: tuple[str, ...]
    ends: tuple[str, ...]
    needs: tuple[Need, ...]
    without_holder: tuple[str, ...]
    commit_points: tuple[str, ...]
    latest: datetime | None

    @property
    def travel(self) -> timedelta:
        """From the first departure to the last arrival."""
        return self.arrives - self.departs


def convoy_ids(verified: VerifiedPlan) -> tuple[str, ...]:
    """Return the convoys of a plan in order of departure."""
    first: dict[str, int] = {}
    for trip in verified.plan.trips:
        if trip.convoy is not None:
            first[trip.convoy] = min(trip.depart, first.get(trip.convoy, trip.depart))
    return tuple(sorted(first, key=lambda one: (first[one], one)))


def loaded_before(verified: VerifiedPlan, convoy: str) -> tuple[str, ...]:
    """Return the convoys with people that depart before one, in order."""
    loaded = {one.convoy for one in verified.plan.trips if one.convoy and sum(one.load.values())}
    order = convoy_ids(verified)
    return tuple(one for one in order[: order.index(convoy)] if one in loaded)


def way_of(verified: VerifiedPlan, convoy: str) -> Way:
    """Return the way of one convoy.

    Raises
    ------
    KeyError
        If the plan has no such convoy.
    """
    trips = [one for one in verified.plan.trips if one.convoy == convoy]
    if not trips:
        raise KeyError(convoy)
    scenario = verified.scenario
    legs: dict[str, None] = {}
    posts: dict[str, None] = {}
    points: dict[str, None] = {}
    for trip in trips:
        points[trip.start] = None
        for leg, backwards, _, _ in _passages(scenario, trip):
            legs[leg.id] = None
            through = [one.checkpoint for one in leg.through]
            for post in reversed(through) if backwards else through:
                posts[post] = None
            end = leg.start if backwards else leg.end
            if end != trip.end and scenario.place[end].kind == "checkpoint":
                posts[end] = None
    points |= {one.start: None for one in verified.plan.convoys if one.id == convoy}
    points |= posts
    ends = tuple(dict.fromkeys(one.end for one in trips))
    starts = tuple(dict.fromkeys(one.start for one in trips))
    holders = {one: scenario.leg[one].held_by for one in legs}
    holders |= {one: scenario.place[one].holder for one in posts}
    unknown = tuple(one for one, parties in holders.items() if not parties)
    # Who holds a start or destination promises too; that nobody holds it is no fault.
    holders |= {one: scenario.place[one].holder for one in (*starts, *ends)}
    needs = tuple(Need(party, stretch) for stretch, parties in holders.items() for party in parties)
    start = scenario.start
    departs = start + timedelta(seconds=min(one.depart for one in trips))
    return Way(
        convoy=convoy,
        departs=departs,
        arrives=start + timedelta(seconds=max(one.arrive for one in trips)),
        legs=tuple(legs),
        posts=tuple(posts),
        ends=ends,
        needs=needs,
        without_holder=unknown,
        commit_points=tuple(points),
        latest=_latest(scenario, trips, departs),
    )


def _passages(scenario: Scenario, trip: Trip) -> Iterator[tuple[Leg, bool, timedelta, timedelta]]:
    """Yield (leg, driven backwards, entry, exit) of a trip; times from the scenario's start.

    Within a trip the legs share its time by their driving times: who holds what needs the order
    only, and the windows below keep to the whole trip's ends.
    """
    at = trip.start
    begin, end = timedelta(seconds=trip.depart), timedelta(seconds=trip.arrive)
    for one in trip.legs:
        leg = scenario.leg[one]
        backwards = at != leg.start
        at = leg.start if backwards else leg.end
        yield leg, backwards, begin, end


def _latest(scenario: Scenario, trips: list[Trip], departs: datetime) -> datetime | None:
    """Return the last departure at which every trip still fits in the windows it was planned in."""
    slack: timedelta | None = None
    for trip in trips:
        begin, end = timedelta(seconds=trip.depart), timedelta(seconds=trip.arrive)
        corridors = [one.id for one in scenario.corridors if set(one.legs) & set(trip.legs)]
        used = {"all", trip.start, trip.end, *trip.legs, *corridors}
        for where in sorted(used):
            closings = [
                closes
                for window in scenario.windows
                if window.where == where
                for opens, closes in _spans(scenario, window)
                if opens <= begin < closes
            ]
            if closings:
                # The whole trip is kept within the closing: later than it need be, never earlier.
                left = max(closings) - scenario.rules.arrival_margin - end
                slack = left if slack is None else min(slack, left)
        night = scenario.rules.night
        if night is not None and not night.allowed and corridors:
            falls = _next_local(scenario, night.begins.hour, night.begins.minute, begin)
            left = falls - scenario.rules.arrival_margin - end
            slack = left if slack is None else min(slack, left)
    return None if slack is None else departs + max(slack, timedelta(0))


def _spans(scenario: Scenario, window: Window) -> list[tuple[timedelta, timedelta]]:
    """Return the spans of a window, from the scenario's start; without a closing it has none."""
    if window.closes is None:
        return []
    opens = window.opens or timedelta(0)
    if not window.daily:
        return [(opens, window.closes)]
    midnight = _midnight_before(scenario)
    closes = window.closes if window.closes > opens else window.closes + DAY
    days = range(-1, scenario.horizon // DAY + 3)
    return [(midnight + day * DAY + opens, midnight + day * DAY + closes) for day in days]


def _midnight_before(scenario: Scenario) -> timedelta:
    local = scenario.start
    return -timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _next_local(scenario: Scenario, hour: int, minute: int, after: timedelta) -> timedelta:
    """Return the next local time of day after a moment, both from the scenario's start."""
    moment = _midnight_before(scenario) + timedelta(hours=hour, minutes=minute)
    while moment <= after:
        moment += DAY
    return moment
