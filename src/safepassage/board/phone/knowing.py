"""What one phone is told: its own post, convoys that pass there, their leases, the nearest halt.

Nothing of other posts, no times of the plan, no way: what is not here cannot be read off a lost
phone. A lease is the room's signed go; what the phone shows of it are facts, never an order.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from safepassage.board.phone.expanding import Phone
from safepassage.board.picture import Picture
from safepassage.board.room import Room
from safepassage.clearance.way import convoy_ids, way_of
from safepassage.ledger.canonical import Plain
from safepassage.ledger.decided import LeaseGiven
from safepassage.ledger.entry import Entry
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.places import Place
from safepassage.scenario.scenario import Scenario

HALT = "halt:"
"""A clause of the agreement named `halt:PLACE` and agreed (or met) makes a place an agreed halt."""
LEASES_SHOWN = timedelta(hours=2)
"""How long after its end a lease is still told, so that its end is seen."""


NEXT = 2
"""How many convoys with people that have not left yet a phone is told of."""
OVER = frozenset({"arrived", "turned back"})
STILL_COUNTED = timedelta(minutes=60)
"""How long after its end a convoy can still be counted at a post."""


def known_to(phone: Phone, picture: Picture, leases: list[Entry], room: Room) -> dict[str, Plain]:
    """Return what a phone is told as of a picture."""
    scenario = room.scenario
    place = scenario.place.get(phone.post)
    name: dict[str, Plain] = {"en": phone.post} if place is None else names_of(place)
    convoys = _convoys(phone, picture)
    now = picture.at
    halt = nearest_halt(phone.post, picture, scenario)
    zone = now.astimezone(scenario.start.tzinfo).utcoffset() or timedelta(0)
    return {
        "mode": room.mode,
        "name": name,
        "kind": "checkpoint" if place is None else place.kind,
        "zone": int(zone.total_seconds() // 60),
        "usual": usual_load(scenario),
        "convoys": list(convoys),
        "leases": list(_leases(leases, {str(one["id"]) for one in convoys}, now)),
        "halt": halt,
        "holds": [one.since.isoformat() for one in picture.situation.open_holds[-3:]],
    }


def _convoys(phone: Phone, picture: Picture) -> list[dict[str, Plain]]:
    """Return the convoys on the road that pass a post, and the few that leave next."""
    plan = picture.plan
    if plan is None:
        return []
    now = picture.situation.convoys
    found: list[str] = []
    to_come = 0
    for convoy in convoy_ids(plan):
        if phone.post not in stops_of(plan, convoy):
            continue
        known = now.get(convoy)
        if known is None:
            # Those that drive back empty pass as well; they are not what is waited for.
            if to_come == NEXT:
                continue
            to_come += any(
                sum(one.load.values()) for one in plan.plan.trips if one.convoy == convoy
            )
        elif known.state in OVER and picture.at - known.reported_at > STILL_COUNTED:
            continue
        found.append(convoy)
    cars = {
        convoy: sorted(
            {one.vehicle for one in plan.plan.trips if one.convoy == convoy and one.vehicle}
        )
        for convoy in found
    }
    return [{"id": convoy, "vehicles": [*cars[convoy]]} for convoy in found]


def stops_of(plan: VerifiedPlan, convoy: str) -> frozenset[str]:
    """Return the places of a convoy: where it loads, each post, where it ends."""
    way = way_of(plan, convoy)
    starts = {one.start for one in plan.plan.trips if one.convoy == convoy}
    return frozenset({*way.posts, *way.ends, *starts})


def _leases(leases: list[Entry], convoys: set[str], now: datetime) -> list[str]:
    """Return the newest token of each convoy that passes here."""
    newest: dict[str, LeaseGiven] = {}
    for entry in leases:
        body = entry.body
        if isinstance(body, LeaseGiven) and body.convoy in convoys and body.token:
            newest[body.convoy] = body
    return [one.token for one in newest.values() if one.ends + LEASES_SHOWN >= now]


def usual_load(scenario: Scenario) -> int | None:
    """Return how many people the largest vehicle of the fleet takes: one press counts them."""
    loads = [sum(slot.pick() for slot in one.slots.values()) for one in scenario.vehicles]
    return max(loads, default=None)


def nearest_halt(post: str, picture: Picture, scenario: Scenario) -> dict[str, Plain] | None:
    """Return the name of the agreed halt with the shortest drive from a post; None: not known."""
    agreed = {
        key.removeprefix(HALT)
        for key, one in picture.situation.terms.items()
        if key.startswith(HALT) and one.state in {"agreed", "met"}
    }
    drives = _drives(scenario)
    away: dict[str, timedelta] = {post: timedelta(0)}
    here: str | None = post
    while here is not None:
        if here in agreed and here in scenario.place:
            return names_of(scenario.place[here])
        # Few places: each round settles the nearest one that is not settled yet.
        steps = [
            (away[begin] + drive, end)
            for begin, end, drive in drives
            if begin in away and end not in away
        ]
        far, here = min(steps, default=(timedelta(0), None))
        if here is not None:
            away[here] = far
    return None


def names_of(place: Place) -> dict[str, Plain]:
    """Return a place's name by language."""
    return {"en": place.name("en"), **place.names}


def _drives(scenario: Scenario) -> list[tuple[str, str, timedelta]]:
    """Return the drives between neighbouring places and posts, both ways: a halt may lie behind."""
    found: list[tuple[str, str, timedelta]] = []
    for leg in scenario.legs:
        stops = [(leg.start, timedelta(0))]
        stops += [(one.checkpoint, one.after) for one in leg.through]
        stops.append((leg.end, leg.time.pick()))
        for (begin, first), (end, last) in pairwise(sorted(stops, key=lambda one: one[1])):
            found += [(begin, end, last - first), (end, begin, last - first)]
    return found
