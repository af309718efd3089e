"""The movement notification: place, time, route, identity, window, contact, expiry.

A notification is not a guarantee, and its receipt is not an approval. The contact is empty: it
never comes from a plan. A party's edition holds its own posts and stretches only, and no count of
people under five.
"""

from dataclasses import dataclass

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import Moment, rounded_down, rounded_up
from safepassage.report.sheets.driver import Aboard
from safepassage.report.sheets.fleet import kinds_in
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.movement import Movement, movements, ways_of
from safepassage.report.sheets.names import Name, class_name, counted_kind, party_name, place_name
from safepassage.report.sheets.small_cells import for_outsiders


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of the route and when the movement is there."""

    place: Name
    at: Moment
    post: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """People of one class, as the reader may see their count."""

    what: Name
    people: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One movement in the seven fields, less the contact, which is filled by hand."""

    movement: str
    in_convoy: bool
    route: tuple[Stop, ...]
    vehicles: tuple[Aboard, ...]
    staff: tuple[Aboard, ...]
    people: tuple[Shown, ...]
    people_in_all: str
    opens: Moment
    closes: Moment
    expiry: Moment


@dataclass(frozen=True, slots=True)
class NotificationBody:
    """All that a notification holds; `own_only` where it is a party's edition."""

    notice: Notice
    own_only: bool


def notification(verified: VerifiedPlan, movement: Movement, printing: Printing) -> Sheet:
    """Return the whole notification of a movement; for the cell, which decides who receives it."""
    body = NotificationBody(_notice(verified, movement, None), own_only=False)
    whom = Name("the cell", "خلية الإخلاء")
    ends = movement.arrives
    name = f"convoy-{movement.id}-notification"
    frame = frame_of(verified, printing, name=name, whom=whom, ends=ends)
    return Sheet("notification", name, frame, body)


def notifications_for(verified: VerifiedPlan, party: str, printing: Printing) -> tuple[Sheet, ...]:
    """Return the notifications for one party: where and when its own posts and roads are passed.

    Movements that pass nothing of the party are left out.
    """
    whom = party_name(verified.scenario, party)
    made: list[Sheet] = []
    for movement in movements(verified):
        stops = _stops(verified, movement, party)
        if not stops:
            continue
        body = NotificationBody(_notice(verified, movement, party), own_only=True)
        ends = max(at for _, at, _ in stops)
        name = f"party-{party}-{movement.id}-notification"
        frame = frame_of(verified, printing, name=name, whom=whom, ends=ends)
        made.append(Sheet("notification", name, frame, body))
    return tuple(made)


def parties_of(verified: VerifiedPlan) -> tuple[str, ...]:
    """Return the parties that hold a post or stretch that some movement passes."""
    return tuple(
        party.id
        for party in verified.scenario.parties
        if any(_stops(verified, movement, party.id) for movement in movements(verified))
    )


def _stops(
    verified: VerifiedPlan, movement: Movement, party: str | None
) -> tuple[tuple[str, int, bool], ...]:
    """Return places of the route as (place, earliest time, is a post), all or one party's own."""
    found: dict[str, tuple[int, bool]] = {}

    def add(place: str, at: int, *, post: bool) -> None:
        known = found.get(place)
        if known is None:
            found[place] = (at, post)
        else:
            found[place] = (min(at, known[0]), post or known[1])

    for way in ways_of(verified, movement):
        if party is None:
            for place, at in way.places:
                add(place, at, post=False)
        for stretch in way.stretches:
            if party in stretch.holders:
                add(stretch.start, stretch.enters, post=False)
                add(stretch.end, stretch.leaves, post=False)
        for post in way.posts:
            if party is None or party in post.holders:
                add(post.place, post.at, post=True)
    stops = [(place, at, post) for place, (at, post) in found.items()]
    return tuple(sorted(stops, key=lambda one: (one[1], one[0])))


def _notice(verified: VerifiedPlan, movement: Movement, party: str | None) -> Notice:
    """Return one movement as its reader may see it."""
    scenario = verified.scenario
    stops = _stops(verified, movement, party)
    first, last = stops[0][1], stops[-1][1]
    if party is None:
        first, last = movement.departs, movement.arrives
    margin = int(scenario.rules.arrival_margin.total_seconds())
    counts = movement.people_by_class
    shown, total = for_outsiders(counts)
    if party is None:
        shown, total = {name: str(count) for name, count in counts.items()}, str(movement.people)
    return Notice(
        movement=movement.id,
        in_convoy=movement.convoy is not None,
        route=tuple(
            Stop(place_name(scenario, place), rounded_up(scenario, at), post)
            for place, at, post in stops
        ),
        vehicles=tuple(
            Aboard(counted_kind(scenario, kind, count), count)
            for kind, count in kinds_in(movement.trips).items()
        ),
        staff=tuple(
            Aboard(counted_kind(scenario, kind, count), count)
            for kind, count in movement.staff.items()
        ),
        people=tuple(Shown(class_name(scenario, name), text) for name, text in shown.items()),
        people_in_all=total,
        opens=rounded_down(scenario, first),
        closes=rounded_up(scenario, last + margin),
        expiry=rounded_up(scenario, last + margin),
    )
