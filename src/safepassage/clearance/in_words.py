"""Numbers and names as people say them: "1 person", "bus-01 to bus-10"."""

from collections.abc import Sequence
from datetime import datetime


def persons(people: int) -> str:
    """Return a number of people in words that fit it."""
    return f"{people:,} {'person' if people == 1 else 'persons'}"


def convoys(number: int) -> str:
    """Return a number of convoys in words that fit it."""
    return f"{number} {'convoy' if number == 1 else 'convoys'}"


def vehicles(number: int) -> str:
    """Return a number of vehicles in words that fit it."""
    return f"{number} {'vehicle' if number == 1 else 'vehicles'}"


def clock(moment: datetime, day: datetime) -> str:
    """Return the time of day, in the zone of `day`; with the date where it is another day."""
    here = moment.astimezone(day.tzinfo)
    return f"{here:%H:%M}" if here.date() == day.date() else f"{here.day} {here:%b %H:%M}"


def listed(names: Sequence[str]) -> str:
    """Return names in order; of those numbered in a row the first and the last."""
    runs: list[list[str]] = []
    for name in sorted(names):
        if runs and _next(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    told = []
    for run in runs:
        told += run if len(run) < 3 else [f"{run[0]} to {run[-1]}"]
    return ", ".join(told)


def _next(name: str, other: str) -> bool:
    kind, _, number = name.rpartition("-")
    of, _, after = other.rpartition("-")
    return kind == of and number.isdecimal() and after.isdecimal() and int(number) + 1 == int(after)
