"""Times as they are printed: local wall time with its day and its zone, never a bare "12:00"."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safepassage.scenario.scenario import Scenario

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in print: the local time, its day, and both with year and zone in one line."""

    time: str
    day: str
    full: str


def moment(at: datetime) -> Moment:
    """Return a moment in the zone that it carries; its seconds are left out.

    Raises
    ------
    ValueError
        If the moment has no zone.
    """
    zone = zone_of(at)
    day = f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"
    time = f"{at:%H:%M}"
    return Moment(time=time, day=day, full=f"{day} {at.year} {time} {zone}")


def zone_of(at: datetime) -> str:
    """Return the zone as UTC+02:00."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"time {at.isoformat()}: no zone, want one, e.g. +02:00")
    sign = "-" if offset < timedelta(0) else "+"
    minutes = abs(offset) // MINUTE
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


def rounded_up(scenario: Scenario, seconds: int) -> Moment:
    """Return a moment of the plan, up to the next whole minute: for departures and arrivals."""
    return moment(_local(scenario, timedelta(seconds=-(-seconds // 60) * 60)))


def rounded_down(scenario: Scenario, seconds: int) -> Moment:
    """Return a moment of the plan, down to the whole minute: for the time to be in place."""
    return moment(_local(scenario, timedelta(seconds=seconds // 60 * 60)))


def printed(scenario: Scenario, at: datetime) -> Moment:
    """Return when a sheet was printed, in the zone of the scenario."""
    if at.tzinfo is None:
        raise ValueError(f"printed_at {at.isoformat()}: no zone, want one, e.g. +02:00")
    return moment(at.astimezone(scenario.start.tzinfo))


def _local(scenario: Scenario, after: timedelta) -> datetime:
    """Return the local time so long after the start, also across a change of the clocks."""
    return (scenario.start.astimezone(UTC) + after).astimezone(scenario.start.tzinfo)
