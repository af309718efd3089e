"""What the wall shows, as plain values: counts of ours, ranges of others, promises, convoys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safepassage.board.picture import Picture
from safepassage.clearance.form import PromiseLine, promise_lines
from safepassage.ledger.counts import totals
from safepassage.ledger.situation import Situation, VehicleNow
from safepassage.scenario.scenario import Scenario

WOUNDED_USES = frozenset({"stretcher", "oxygen", "wheelchair"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number: ours, the range of what others say, and as of when. None is not known."""

    ours: int | None
    low: int | None
    high: int | None
    others: tuple[tuple[str, int], ...]
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class ConvoyLine:
    """One convoy that has departed, as last reported."""

    convoy: str
    state: str
    place: str
    to: str
    vehicles: int
    people: int | None
    reported_at: datetime
    stale: bool
    uncleared: bool


def figures(scenario: Scenario, picture: Picture) -> dict[str, Any]:
    """Return the values of the wall's parts."""
    now = picture.situation
    answer = picture.next
    promises: tuple[PromiseLine, ...] = () if answer is None else promise_lines(answer)
    return {
        "scenario": scenario,
        "arrived": arrived(scenario, now),
        "road": on_the_road(now),
        "waiting": waiting(scenario, now),
        "inside": still_inside(scenario, now),
        "answer": answer,
        "promises": promises,
        "convoys": convoy_lines(scenario, now),
    }


def arrived(scenario: Scenario, now: Situation) -> Figure:
    """Return who has arrived where the scenario counts it as arrival."""
    return _beside(now, "arrived", sum(now.arrived(scenario).values()))


def on_the_road(now: Situation) -> Figure:
    """Return who is in a vehicle between two places."""
    vehicles = now.on_the_road.values()
    people = sum(sum(one.aboard.values()) for one in vehicles)
    as_of = min((one.reported_at for one in vehicles), default=None)
    return Figure(people, None, None, (), as_of)


def waiting(scenario: Scenario, now: Situation) -> Figure:
    """Return who was brought to a place that is no arrival and has not gone on."""
    places = [one.id for one in scenario.places if not one.arrived]
    people = sum(max(0, sum(now.waiting(one).values())) for one in places)
    return Figure(people, None, None, (), None)


def still_inside(scenario: Scenario, now: Situation) -> Figure:
    """Return who wishes to leave and has not boarded: from the low to the high of each group."""
    left = now.still_at(scenario)
    low = high = 0
    for group in scenario.groups:
        if not group.leave.known:
            continue
        boarded = now.taken_groups.get(group.at, {}).get(group.id, 0)
        low += max(0, group.leave.pick("low") - boarded)
        high += max(0, group.leave.pick("high") - boarded)
    ours = (
        None
        if any(one is None for one in left.values())
        else sum(one for one in left.values() if one is not None)
    )
    found = _beside(now, "inside", ours)
    return Figure(ours, low, high, found.others, found.as_of)


def _beside(now: Situation, what: str, ours: int | None) -> Figure:
    """Return our number beside what every other counter says; never added to each other."""
    others = tuple((one.counter, one.people) for one in totals(now, what))
    numbers = [people for _, people in others]
    as_of = max(
        (
            tally.as_of
            for key, by in now.counts.items()
            if key.what == what
            for tally in by.values()
        ),
        default=None,
    )
    return Figure(ours, min(numbers, default=None), max(numbers, default=None), others, as_of)


def convoy_lines(scenario: Scenario, now: Situation) -> tuple[ConvoyLine, ...]:
    """Return the convoys that have departed, those on the road first."""
    lines = []
    for one in now.convoys.values():
        mine = [now.vehicles[car] for car in one.vehicles if car in now.vehicles]
        rolling = [car for car in mine if car.on_the_road]
        lines.append(
            ConvoyLine(
                convoy=one.convoy,
                state=one.state,
                place=_name(scenario, one.place),
                to=_name(scenario, _common(rolling)),
                vehicles=len(mine),
                people=sum(sum(car.aboard.values()) for car in rolling) if mine else None,
                reported_at=one.reported_at,
                stale=any(car.stale for car in rolling),
                uncleared=one.uncleared,
            )
        )
    return tuple(sorted(lines, key=lambda one: (one.state == "arrived", one.convoy)))


def _common(vehicles: list[VehicleNow]) -> str | None:
    goals: Mapping[str | None, None] = dict.fromkeys(one.to for one in vehicles)
    return next(iter(goals)) if len(goals) == 1 else None


def _name(scenario: Scenario, place: str | None) -> str:
    if place is None:
        return ""
    found = scenario.place.get(place)
    return place if found is None else found.name()
