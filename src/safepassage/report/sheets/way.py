"""The way of a trip as the road sees it: posts and stretches in order, whose they are, and when.

Times are those of docs/model.md: a convoy goes at the pace of its slowest kind of vehicle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.report.sheets.fleet import trips_in
from safepassage.scenario.places import Leg
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Post:
    """A post on the way: a checkpoint, or a place that a party holds.

    `holders` are party ids; where the place states none, those of the stretch it lies on, and
    `by_stretch` says so. Empty: nobody has stated whose post it is.
    """

    place: str
    at: int
    holders: tuple[str, ...]
    by_stretch: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """One leg in the direction of travel, entered and left at these seconds after the start."""

    leg: str
    start: str
    end: str
    holders: tuple[str, ...]
    enters: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Way:
    """Posts and stretches in the order in which they are passed, and the places between them."""

    posts: tuple[Post, ...]
    stretches: tuple[Stretch, ...]
    places: tuple[tuple[str, int], ...]


def way_of_trip(scenario: Scenario, plan: Plan, trip: Trip) -> Way:
    """Return the way of one trip from gate to gate."""
    convoy = next((one for one in plan.convoys if one.id == trip.convoy), None)
    if convoy is None:
        return _walk(
            scenario, trip.start, trip.legs, trip.depart, dict.fromkeys(trip.legs, trip.kind)
        )
    on_corridor = set(scenario.corridor[convoy.corridor].legs)
    slowest = _slowest(scenario, plan, convoy)
    pace = {leg: slowest if leg in on_corridor else trip.kind for leg in trip.legs}
    before = tuple(_until(trip.legs, on_corridor))
    rest = trip.legs[len(before) :]
    approach = _walk(scenario, trip.start, before, trip.depart, pace)
    onward = _walk(scenario, convoy.start, rest, convoy.depart, pace)
    return _join(approach, onward)


def way_of_convoy(scenario: Scenario, plan: Plan, convoy: Convoy) -> Way:
    """Return the corridor of a convoy in its direction, from its entry to its exit."""
    legs = scenario.corridor[convoy.corridor].legs
    if _starts_at(scenario, legs[0], convoy.start) is None:
        legs = tuple(reversed(legs))
    pace = dict.fromkeys(legs, _slowest(scenario, plan, convoy))
    return _walk(scenario, convoy.start, legs, convoy.depart, pace)


def leg_seconds(leg: Leg, kind: str | None, enters: int) -> int:
    """Return the driving time of a leg entered at a second, in whole seconds, rounded up.

    None is for staff alone.
    """
    entry = timedelta(seconds=enters)
    return -int(-(leg.leaves(kind, entry) - entry).total_seconds() // 1)


def _slowest(scenario: Scenario, plan: Plan, convoy: Convoy) -> str | None:
    """Return the slowest kind of vehicle of a convoy; None where only staff ride in it."""
    kinds: set[str | None] = {
        trip.kind for trip in trips_in(plan, convoy.id) if trip.vehicle is not None
    }
    legs = scenario.corridor[convoy.corridor].legs
    if _starts_at(scenario, legs[0], convoy.start) is None:
        legs = tuple(reversed(legs))

    def duration(kind: str | None) -> tuple[int, str]:
        at = convoy.depart
        for leg in legs:
            at += leg_seconds(scenario.leg[leg], kind, at)
        return at - convoy.depart, kind or ""

    return max(kinds or {None}, key=duration)


def _walk(
    scenario: Scenario,
    start: str,
    legs: tuple[str, ...],
    at: int,
    pace: Mapping[str, str | None],
) -> Way:
    """Return posts, stretches and places along legs, entered at `at` from `start`."""
    posts: list[Post] = []
    stretches: list[Stretch] = []
    here = start
    places = [(here, at)]
    if legs:
        _add_place(scenario, posts, here, at, scenario.leg[legs[0]])
    for name in legs:
        leg = scenario.leg[name]
        forwards = _starts_at(scenario, name, here)
        if forwards is None:
            raise ValueError(f"leg {name}: does not touch {here}, want a chain of legs")
        there = leg.end if forwards == "from" else leg.start
        lasts = leg_seconds(leg, pace[name], at)
        stretches.append(Stretch(name, here, there, leg.held_by, at, at + lasts))
        for through in sorted(leg.through, key=lambda one: one.after, reverse=forwards == "to"):
            after = min(lasts, -int(-through.after.total_seconds() // 1))
            passed = at + (after if forwards == "from" else lasts - after)
            holders = scenario.place[through.checkpoint].holder
            posts.append(
                Post(through.checkpoint, passed, holders or leg.held_by, by_stretch=not holders)
            )
        here, at = there, at + lasts
        places.append((here, at))
        _add_place(scenario, posts, here, at, leg)
    return Way(tuple(posts), tuple(stretches), tuple(places))


def _add_place(scenario: Scenario, posts: list[Post], place: str, at: int, leg: Leg) -> None:
    """Add a place between legs where it is a post."""
    one = scenario.place[place]
    if one.kind == "checkpoint" or one.holder:
        posts.append(Post(place, at, one.holder or leg.held_by, by_stretch=not one.holder))


def _starts_at(scenario: Scenario, leg: str, place: str) -> Literal["from", "to"] | None:
    """Return from which end a leg is entered at a place."""
    one = scenario.leg[leg]
    if one.start == place:
        return "from"
    if one.end == place:
        return "to"
    return None


def _until(legs: tuple[str, ...], corridor: set[str]) -> list[str]:
    """Return the legs before the first one of a corridor."""
    before: list[str] = []
    for leg in legs:
        if leg in corridor:
            break
        before.append(leg)
    return before


def _join(first: Way, second: Way) -> Way:
    """Return two ways one after the other; where they meet is passed at the later time."""
    meets = second.places[0][0] if second.places else None
    posts = first.posts
    if posts and second.posts and posts[-1].place == second.posts[0].place == meets:
        posts = posts[:-1]
    places = first.places[:-1] if second.places else first.places
    return Way(posts + second.posts, first.stretches + second.stretches, places + second.places)
