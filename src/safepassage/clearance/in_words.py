"""Numbers and times as people say them: "1 person", "14:30"."""

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
