"""When a vehicle on the road is expected, read so that it promises least.

Who stands before a stretch that is not said to be open arrives once it is said to open, and the
whole stretch takes its time again; where nobody has said when it opens, nobody knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.ledger.said import EVERYWHERE
from safepassage.ledger.situation import Situation, StretchState, VehicleNow
from safepassage.scenario.places import Leg
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Passage:
    """One leg before a vehicle: from when until when it is on it, None where nobody knows.

    `start` is the place at which it comes onto the leg, `end` where it leaves it. `shut` is what is
    not said to be open of it, where that stops the vehicle.
    """

    leg: Leg
    start: str
    end: str
    begins: datetime | None
    ends: datetime | None
    shut: tuple[StretchState, ...] = ()


def expected(scenario: Scenario, now: Situation, one: VehicleNow) -> datetime:
    """Return when a vehicle on the road that comes is expected at its destination.

    The later of what was said or planned and its departure plus the driving time; where that time
    has passed and nobody has reported it, the whole way again from now; where a stretch before it
    is closed until a time, no sooner than from then.
    """
    latest = _planned(scenario, now, one)
    last = next((leg.ends for leg in reversed(passages(scenario, now, one))), None)
    return latest if last is None else max(latest, last)


def _planned(scenario: Scenario, now: Situation, one: VehicleNow) -> datetime:
    """Return when a vehicle on the road is there if its way is open."""
    drive = way_time(scenario, one)
    known = [time for time in (one.due,) if time is not None]
    if one.departed_at is not None:
        known.append(one.departed_at + drive)
    latest = max(known, default=now.at + drive)
    return latest if latest > now.at else now.at + drive


def way_time(scenario: Scenario, one: VehicleNow) -> timedelta:
    """Return the time of the slowest kind of vehicle over the legs that a report names."""
    legs = [scenario.leg[name] for name in one.legs if name in scenario.leg]
    return sum((_leg_time(scenario, leg) for leg in legs), timedelta(0))


def _leg_time(scenario: Scenario, leg: Leg) -> timedelta:
    kinds = {kind.kind for kind in scenario.vehicles}
    return max((leg.time_for(kind).pick() for kind in kinds), default=leg.time.pick())


def comes(scenario: Scenario, now: Situation, one: VehicleNow) -> bool:
    """Tell whether it is known where a vehicle on the road goes, and when it may be there."""
    return one.to in scenario.place and _timed(scenario, one) and not waits(scenario, now, one)


def _timed(scenario: Scenario, one: VehicleNow) -> bool:
    legs = all(name in scenario.leg for name in one.legs)
    return legs and (bool(one.legs) or one.due is not None)


def waits(scenario: Scenario, now: Situation, one: VehicleNow) -> bool:
    """Tell whether a stretch before a vehicle is not open, and nobody has said when it opens."""
    return any(leg.ends is None for leg in passages(scenario, now, one))


def passages(scenario: Scenario, now: Situation, one: VehicleNow) -> tuple[Passage, ...]:
    """Return the legs that a vehicle on the road still has before it, as far as reports tell.

    A leg counts as before it until a report names a place or post beyond it.
    """
    ahead = _ahead(scenario, one)
    if not ahead:
        return ()
    times = [_leg_time(scenario, leg) for leg, _, _ in ahead]
    at: datetime | None = _planned(scenario, now, one) - sum(times, timedelta(0))
    found = []
    for (leg, start, end), drive in zip(ahead, times, strict=True):
        if at is None:
            found.append(Passage(leg, start, end, None, None))
            continue
        # Where it is behind its plan it may be on the leg yet: what closes now stops it.
        until = max(at + drive, now.at)
        shut = tuple(_shut(now, (leg, start, end), passed=one.place, until=until))
        opens = [state.until for state in shut if state.until is not None]
        if len(opens) < len(shut):
            found.append(Passage(leg, start, end, None, None, shut))
            at = None
            continue
        at = max([at, *opens])
        found.append(Passage(leg, start, end, at, at + drive, shut))
        at += drive
    return tuple(found)


def _ahead(scenario: Scenario, one: VehicleNow) -> list[tuple[Leg, str, str]]:
    """Return (leg, from, to) of what is left of a way, in the order in which it is driven."""
    if one.place is not None and one.place == one.to:
        return []
    here = one.to or ""
    found: list[tuple[Leg, str, str]] = []
    for name in reversed(one.legs):
        leg = scenario.leg.get(name)
        if leg is None:
            return found
        start = leg.start if here == leg.end else leg.end
        found.insert(0, (leg, start, here))
        posts = {post.checkpoint for post in leg.through}
        if one.place == start or one.place in posts or one.leg == name:
            return found
        here = start
    return found


def _shut(
    now: Situation, way: tuple[Leg, str, str], *, passed: str | None, until: datetime
) -> Iterator[StretchState]:
    """Yield what is not said to be open on a leg, or at its end, now or before a time."""
    leg, _, end = way
    posts = [post.checkpoint for post in leg.through if post.checkpoint != passed]
    for where in dict.fromkeys((leg.id, *posts, end, EVERYWHERE)):
        known = now.stretches.get(where)
        if known is None or known.state == "open" or known.since > until:
            continue
        if known.until is None or known.until > now.at:
            yield known
