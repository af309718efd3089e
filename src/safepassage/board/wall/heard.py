"""Of which convoys there is no word, and which are late: by what is planned, in whole minutes.

A planned time that has passed without a report says nothing of why: the mark is a reason to call.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.board.picture import Picture
from safepassage.ledger.situation import STALE, ConvoyNow, VehicleNow
from safepassage.planner.verified import VerifiedPlan

FORGOTTEN = timedelta(hours=12)
"""A convoy of which no vehicle is known on the road and nobody has spoken for longer is over."""


@dataclass(frozen=True, slots=True)
class Late:
    """A convoy of the plan in force whose planned departure has passed without a report of it."""

    convoy: str
    start: str
    planned: datetime
    minutes: int


def rolling(now: ConvoyNow, picture: Picture) -> list[VehicleNow]:
    """Return the vehicles of a convoy that are on the road as far as reports say."""
    cars = picture.situation.vehicles
    return [cars[one] for one in now.vehicles if one in cars and cars[one].on_the_road]


def over(now: ConvoyNow, picture: Picture) -> bool:
    """Tell whether it has arrived, or was last heard of so long ago that it is no convoy now."""
    if now.state == "arrived":
        return True
    return not rolling(now, picture) and picture.at - now.reported_at > FORGOTTEN


def silent(now: ConvoyNow, picture: Picture) -> bool:
    """Tell whether a convoy that is not over, or a vehicle of it, has not reported for too long.

    Where reports name its vehicles they speak for it. Where none of them is known on the road (they
    have left again with another convoy, or nobody named them) the convoy's own last report counts.
    """
    if over(now, picture):
        return False
    cars = rolling(now, picture)
    if cars:
        return any(one.stale for one in cars)
    return picture.at - now.reported_at > STALE


def minutes_late(planned: datetime | None, at: datetime) -> int:
    """Return how many whole minutes ago a planned time was; 0 where it is to come or not known."""
    return 0 if planned is None else max(0, int((at - planned) / timedelta(minutes=1)))


def late_departures(picture: Picture) -> tuple[Late, ...]:
    """Return the convoys that should have departed by the plan in force, the latest first."""
    if picture.plan is None:
        return ()
    found = []
    for convoy, (start, planned) in _departures(picture.plan).items():
        minutes = minutes_late(planned, picture.at)
        if convoy in picture.left and minutes:
            found.append(Late(convoy, start, planned, minutes))
    return tuple(sorted(found, key=lambda one: (one.planned, one.convoy)))


def _departures(plan: VerifiedPlan) -> dict[str, tuple[str, datetime]]:
    """Return, by convoy, from where and when its first vehicle leaves."""
    found: dict[str, tuple[str, datetime]] = {}
    for trip in plan.plan.trips:
        if trip.convoy is not None:
            departs = plan.plan.start + timedelta(seconds=trip.depart)
            if trip.convoy not in found or departs < found[trip.convoy][1]:
                found[trip.convoy] = (trip.start, departs)
    return found
