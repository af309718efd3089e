"""A movement: a convoy, or all trips of one way that go without a convoy. Sheets speak of these."""

from dataclasses import dataclass

from safepassage.planner.plan import Convoy, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.fleet import convoys_by_time, people_on, trips_in
from safepassage.report.sheets.way import Post, Way, way_of_convoy, way_of_trip


@dataclass(frozen=True, slots=True)
class Movement:
    """What moves together: `departs` is its first departure, `arrives` its last arrival (seconds).

    `convoy` is None for trips outside convoys; those share their start, end and legs.
    """

    id: str
    convoy: Convoy | None
    trips: tuple[Trip, ...]
    start: str
    end: str
    departs: int
    arrives: int

    @property
    def people(self) -> int:
        """Return the people aboard, companions included."""
        return sum(people_on(trip) for trip in self.trips)

    @property
    def staff(self) -> dict[str, int]:
        """Return the staff that goes along, by kind, those of the convoy as a whole included."""
        counted = {} if self.convoy is None else dict(self.convoy.staff)
        for trip in self.trips:
            for kind, count in trip.staff.items():
                counted[kind] = counted.get(kind, 0) + count
        return {kind: count for kind, count in counted.items() if count}

    @property
    def people_by_class(self) -> dict[str, int]:
        """Return the people aboard by class, companions under their own."""
        counted: dict[str, int] = {}
        for trip in self.trips:
            for name, count in trip.load.items():
                if count:
                    counted[name] = counted.get(name, 0) + count
        return counted


def movement_of(verified: VerifiedPlan, convoy: Convoy) -> Movement:
    """Return a convoy with its trips."""
    trips = trips_in(verified.plan, convoy.id)
    return Movement(
        id=convoy.id,
        convoy=convoy,
        trips=trips,
        start=convoy.start,
        end=convoy.end,
        departs=min([convoy.depart, *(trip.depart for trip in trips)]),
        arrives=max([convoy.arrive, *(trip.arrive for trip in trips)]),
    )


def movements(verified: VerifiedPlan) -> tuple[Movement, ...]:
    """Return the convoys in order of time, then the ways that are driven without a convoy."""
    made = [movement_of(verified, convoy) for convoy in convoys_by_time(verified.plan)]
    alone: dict[tuple[str, str, tuple[str, ...]], list[Trip]] = {}
    for trip in sorted(verified.plan.trips, key=lambda one: (one.depart, one.vehicle or "")):
        if trip.convoy is None:
            alone.setdefault((trip.start, trip.end, trip.legs), []).append(trip)
    for number, ((start, end, _), trips) in enumerate(alone.items(), start=1):
        made.append(
            Movement(
                id=f"way-{number}",
                convoy=None,
                trips=tuple(trips),
                start=start,
                end=end,
                departs=min(trip.depart for trip in trips),
                arrives=max(trip.arrive for trip in trips),
            )
        )
    return tuple(made)


def ways_of(verified: VerifiedPlan, movement: Movement) -> tuple[Way, ...]:
    """Return the ways of a movement: that of its convoy first, then those of its trips."""
    scenario, plan = verified.scenario, verified.plan
    ways = [way_of_trip(scenario, plan, trip) for trip in movement.trips]
    if movement.convoy is not None:
        ways.insert(0, way_of_convoy(scenario, plan, movement.convoy))
    return tuple(ways)


def posts_of(verified: VerifiedPlan, movement: Movement) -> tuple[Post, ...]:
    """Return the posts that a movement passes, each once with its earliest time, in order."""
    found: dict[str, Post] = {}
    for way in ways_of(verified, movement):
        for post in way.posts:
            known = found.get(post.place)
            if known is None or post.at < known.at:
                found[post.place] = post
    return tuple(sorted(found.values(), key=lambda post: (post.at, post.place)))
