"""When a vehicle on the road is expected, read so that it promises least."""

from datetime import datetime, timedelta

from safepassage.ledger.situation import Situation, VehicleNow
from safepassage.scenario.scenario import Scenario


def expected(scenario: Scenario, now: Situation, one: VehicleNow) -> datetime:
    """Return when a vehicle on the road is expected at its destination.

    The later of what was said or planned and its departure plus the driving time; where that time
    has passed and nobody has reported it, the whole way again from now.
    """
    drive = way_time(scenario, one)
    known = [time for time in (one.due,) if time is not None]
    if one.departed_at is not None:
        known.append(one.departed_at + drive)
    latest = max(known, default=now.at + drive)
    return latest if latest > now.at else now.at + drive


def way_time(scenario: Scenario, one: VehicleNow) -> timedelta:
    """Return the time of the slowest kind of vehicle over the legs that a report names."""
    kinds = {kind.kind for kind in scenario.vehicles}
    total = timedelta(0)
    for name in one.legs:
        leg = scenario.leg.get(name)
        if leg is not None:
            total += max((leg.time_for(kind).pick() for kind in kinds), default=leg.time.pick())
    return total


def comes(scenario: Scenario, one: VehicleNow) -> bool:
    """Tell whether it is known where a vehicle on the road goes, and when it may be there."""
    legs = all(name in scenario.leg for name in one.legs)
    return one.to in scenario.place and legs and (bool(one.legs) or one.due is not None)
