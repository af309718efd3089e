"""The convoy leader's card: what rides in this convoy, and what to do at each post on its way.

Contacts never come from a plan: their lines are empty. Whether a halt is agreed is not in a plan
either: the card names the nearest places where one could turn to, and asks.
"""

from dataclasses import dataclass

from safepassage.planner.plan import Convoy
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import Moment, rounded_up
from safepassage.report.sheets.driver import Aboard
from safepassage.report.sheets.fleet import kinds_in, people_on
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.movement import Movement, movement_of, posts_of, ways_of
from safepassage.report.sheets.names import (
    Name,
    class_name,
    corridor_name,
    counted_kind,
    party_name,
    place_name,
)


@dataclass(frozen=True, slots=True)
class Halt:
    """A place that one could turn to, and how many minutes of driving away it lies."""

    place: Name
    minutes: int


@dataclass(frozen=True, slots=True)
class PostCard:
    """One post: whose it is, when the convoy should be there, where one could turn to."""

    place: Name
    at: Moment
    holders: tuple[Name, ...]
    by_stretch: bool
    behind: Halt | None
    ahead: Halt | None


@dataclass(frozen=True, slots=True)
class LeaderVehicle:
    """One vehicle of the convoy."""

    vehicle: str
    people: int
    to: Name


@dataclass(frozen=True, slots=True)
class LeaderBody:
    """All that a convoy leader's card holds."""

    convoy: str
    corridor: Name
    start: Name
    end: Name
    depart: Moment
    arrive: Moment
    kinds: tuple[Aboard, ...]
    people: int
    classes: tuple[Aboard, ...]
    staff: tuple[Aboard, ...]
    vehicles: tuple[LeaderVehicle, ...]
    posts: tuple[PostCard, ...]


def leader_card(verified: VerifiedPlan, convoy: Convoy, printing: Printing) -> Sheet:
    """Return the card for the leader of one convoy."""
    scenario = verified.scenario
    movement = movement_of(verified, convoy)
    body = LeaderBody(
        convoy=convoy.id,
        corridor=corridor_name(scenario, convoy.corridor),
        start=place_name(scenario, convoy.start),
        end=place_name(scenario, convoy.end),
        depart=rounded_up(scenario, convoy.depart),
        arrive=rounded_up(scenario, convoy.arrive),
        kinds=tuple(
            Aboard(counted_kind(scenario, kind, count), count)
            for kind, count in kinds_in(movement.trips).items()
        ),
        people=movement.people,
        classes=tuple(
            Aboard(class_name(scenario, name), count)
            for name, count in movement.people_by_class.items()
        ),
        staff=tuple(
            Aboard(counted_kind(scenario, kind, count), count)
            for kind, count in movement.staff.items()
        ),
        vehicles=tuple(
            LeaderVehicle(trip.vehicle, people_on(trip), place_name(scenario, trip.end))
            for trip in movement.trips
            if trip.vehicle is not None
        ),
        posts=_posts(verified, movement),
    )
    name = f"convoy-{convoy.id}-leader"
    frame = frame_of(verified, printing, name=name, whom=Name(convoy.id), ends=movement.arrives)
    return Sheet("leader", name, frame, body)


def _posts(verified: VerifiedPlan, movement: Movement) -> tuple[PostCard, ...]:
    """Return the posts of a convoy as they are printed."""
    scenario = verified.scenario
    ways = ways_of(verified, movement)
    cards: list[PostCard] = []
    for post in posts_of(verified, movement):
        # The way of a trip reaches further than the corridor: it may know a halt beyond it.
        longest = max(
            (one for one in ways if any(own.place == post.place for own in one.posts)),
            key=lambda one: len(one.places),
        )
        at = next(own.at for own in longest.posts if own.place == post.place)
        halts = [
            (place, when)
            for place, when in longest.places
            if place != post.place and scenario.place[place].kind != "checkpoint"
        ]
        behind = max((one for one in halts if one[1] <= at), key=lambda one: one[1], default=None)
        ahead = min((one for one in halts if one[1] > at), key=lambda one: one[1], default=None)
        cards.append(
            PostCard(
                place=place_name(scenario, post.place),
                at=rounded_up(scenario, post.at),
                holders=tuple(party_name(scenario, party) for party in post.holders),
                by_stretch=post.by_stretch,
                behind=_halt(verified, behind, at),
                ahead=_halt(verified, ahead, at),
            )
        )
    return tuple(cards)


def _halt(verified: VerifiedPlan, halt: tuple[str, int] | None, at: int) -> Halt | None:
    """Return a place to turn to with the minutes of driving, rounded up."""
    if halt is None:
        return None
    return Halt(place_name(verified.scenario, halt[0]), -(-abs(halt[1] - at) // 60))
