"""A scenario in a few numbers: who, with what, and how far the figures can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.scenario.figure import Figure, Standing
from safepassage.scenario.figures import count_by_standing
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class People:
    """How many people: the ends of their range, and in how many groups nobody knows."""

    low: int
    likely: int
    high: int
    groups_unknown: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a scenario holds, in numbers.

    `leave`, `stay` and `wish_unknown` count people as the groups state them (companions not
    counted); `vehicles` and `staff` count by kind, None where a number is unknown.
    """

    name: str
    start: datetime
    horizon: timedelta
    sha256: str
    leave: People
    stay: People
    wish_unknown: People
    vehicles: Mapping[str, int | None]
    staff: Mapping[str, int | None]
    places: int
    destinations: int
    legs: int
    corridors: int
    figures: Mapping[Standing, int]


def summarise(scenario: Scenario) -> Summary:
    """Return a scenario in a few numbers."""
    return Summary(
        name=scenario.name,
        start=scenario.start,
        horizon=scenario.horizon,
        sha256=scenario.sha256,
        leave=_sum([one.leave for one in scenario.groups]),
        stay=_sum([one.stay for one in scenario.groups]),
        wish_unknown=_sum([one.unknown for one in scenario.groups]),
        vehicles=_by_kind([(one.kind, one.count) for one in scenario.vehicles]),
        staff=_by_kind([(one.kind, one.count) for one in scenario.staff]),
        places=len(scenario.places),
        destinations=sum(one.arrived for one in scenario.places),
        legs=len(scenario.legs),
        corridors=len(scenario.corridors),
        figures=count_by_standing(scenario),
    )


def _sum(figures: list[Figure[int] | None]) -> People:
    """Return the sum of counts by end of the range; a group without a figure is unknown."""
    known = [one for one in figures if one is not None and one.known]
    return People(
        low=sum(one.pick("low") for one in known),
        likely=sum(one.pick("likely") for one in known),
        high=sum(one.pick("high") for one in known),
        groups_unknown=len(figures) - len(known),
    )


def _by_kind(counts: list[tuple[str, Figure[int]]]) -> dict[str, int | None]:
    """Return likely numbers by kind; unknown stays unknown."""
    found: dict[str, int | None] = {}
    for kind, figure in counts:
        so_far = found.get(kind, 0)
        found[kind] = so_far + figure.pick() if figure.known and so_far is not None else None
    return found


def summary_document(summary: Summary) -> dict[str, object]:
    """Return a summary as the plain values of a JSON object; durations in minutes."""

    def people(one: People) -> dict[str, int]:
        return {
            "low": one.low,
            "likely": one.likely,
            "high": one.high,
            "groups_unknown": one.groups_unknown,
        }

    return {
        "name": summary.name,
        "start": summary.start.isoformat(),
        "horizon_minutes": summary.horizon / timedelta(minutes=1),
        "sha256": summary.sha256,
        "leave": people(summary.leave),
        "stay": people(summary.stay),
        "wish_unknown": people(summary.wish_unknown),
        "vehicles": dict(summary.vehicles),
        "staff": dict(summary.staff),
        "places": summary.places,
        "destinations": summary.destinations,
        "legs": summary.legs,
        "corridors": summary.corridors,
        "figures": dict(summary.figures),
    }
