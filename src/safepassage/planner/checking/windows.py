"""When a stretch or a gate may be used: windows, night, the opening, the time on board."""

from collections.abc import Iterable, Iterator
from datetime import UTC, time
from typing import NamedTuple

from safepassage.planner.checking.given import Given, down, up
from safepassage.planner.checking.rides import ConvoyRides, Ride
from safepassage.planner.checking.violation import Violation, clock, length
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

DAY = 24 * 60 * 60


class Hours(NamedTuple):
    """Opening hours of a stretch or gate: open from `opens` to `closes`, daily or once."""

    name: str
    opens: int | None
    closes: int | None
    daily: bool

    def allow(self, enters: int, leaves: int, margin: int) -> bool:
        """Whether a passage lies inside one opening, the margin before its end included."""
        opens, closes = self.opens, self.closes
        if not self.daily:
            return (opens is None or enters >= opens) and (
                closes is None or leaves + margin <= closes
            )
        if opens is None or closes is None:
            return True
        day = (enters - opens) // DAY
        return leaves + margin <= closes + day * DAY


def check_windows(
    given: Given, rides: Iterable[Ride], convoys: Iterable[ConvoyRides]
) -> Iterator[Violation]:
    """Yield each passage outside the opening hours, before the opening, or too long on board."""
    hours = _hours(given.scenario)
    margin = given.margin
    opening = None if given.scenario.opening is None else given.opening
    longest = given.scenario.rules.longest_on_board
    most_on_board = None if longest is None else down(longest)
    start = given.scenario.start
    for convoy in convoys:
        depart, arrive = convoy.convoy.depart, convoy.convoy.arrive
        if opening is not None and depart < opening:
            yield Violation(
                "opening",
                convoy.where,
                depart,
                f"enters at {clock(start, depart)}",
                f"from {clock(start, opening)}",
            )
        on = [(convoy.convoy.corridor, depart, arrive)]
        if not convoy.rides and any(convoy.convoy.staff.values()):
            on += [(one.leg, one.enters, one.leaves) for one in convoy.on_legs]
            on += [(convoy.convoy.start, depart, depart), (convoy.convoy.end, arrive, arrive)]
        yield from _check_hours(given, hours, margin, convoy.where, on)
    for ride in rides:
        trip = ride.trip
        if opening is not None and ride.loaded and trip.depart < opening:
            yield Violation(
                "opening",
                ride.where,
                trip.depart,
                "departs with people",
                f"from {clock(start, opening)}",
            )
        if most_on_board is not None and ride.loaded and trip.arrive - ride.boards > most_on_board:
            yield Violation(
                "longest_on_board",
                ride.where,
                trip.arrive,
                f"people are on board for {length(trip.arrive - ride.boards)}",
                f"{length(most_on_board)}",
            )
        if hours:
            on = [(one.leg, one.enters, one.leaves) for one in ride.on_legs]
            on += [(trip.start, trip.depart, trip.depart), (trip.end, trip.arrive, trip.arrive)]
            on += [(one.place, one.reached, one.reached) for one in ride.passings]
            on += [
                (one.place, one.passed, one.passed)
                for one in ride.passings
                if one.passed != one.reached
            ]
            yield from _check_hours(given, hours, margin, ride.where, on)


def _check_hours(
    given: Given,
    hours: dict[str, list[list[Hours]]],
    margin: int,
    where: str,
    on: Iterable[tuple[str, int, int]],
) -> Iterator[Violation]:
    for what, enters, leaves in on:
        for alternatives in hours.get(what, ()):
            if not any(one.allow(enters, leaves, margin) for one in alternatives):
                start = given.scenario.start
                yield Violation(
                    "window",
                    where,
                    enters,
                    f"is on or at {what} from {clock(start, enters)} to {clock(start, leaves)}",
                    " or ".join(_in_words(given, one, margin) for one in alternatives),
                )


def _in_words(given: Given, one: Hours, margin: int) -> str:
    start = given.scenario.start
    opens = "any time" if one.opens is None else clock(start, one.opens)
    closes = "any time" if one.closes is None else clock(start, one.closes)
    daily = " daily" if one.daily else ""
    return f"{one.name}: open from {opens} to {closes}{daily}, margin {length(margin)}"


def _hours(scenario: Scenario) -> dict[str, list[list[Hours]]]:
    """Return the opening hours by leg, corridor or place.

    Each entry is a list of alternatives, all windows that name the same `where`: a passage lies
    inside one of them, and so for every entry.
    """
    since_midnight = _seconds_since_midnight(scenario)
    named: dict[str, list[Hours]] = {}
    for window in scenario.windows:
        named.setdefault(window.where, []).append(_hours_of(window, since_midnight))
    everywhere = [one.id for one in scenario.corridors] or [one.id for one in scenario.legs]
    hours: dict[str, list[list[Hours]]] = {}
    for where, alternatives in named.items():
        for what in everywhere if where == "all" else [where]:
            hours.setdefault(what, []).append(alternatives)
    night = scenario.rules.night
    if night is not None and not night.allowed and night.begins != night.ends:
        opened, closed = _of_day(night.ends), _of_day(night.begins)
        if closed < opened:
            closed += DAY
        day = Hours("night", opened - since_midnight, closed - since_midnight, daily=True)
        for corridor in scenario.corridors:
            hours.setdefault(corridor.id, []).append([day])
    return hours


def _hours_of(window: Window, since_midnight: int) -> Hours:
    opens = None if window.opens is None else up(window.opens)
    closes = None if window.closes is None else down(window.closes)
    name = f"window {window.id}"
    if not window.daily or (opens is None and closes is None):
        return Hours(name, opens, closes, daily=False)
    opened = 0 if opens is None else opens
    closed = DAY if closes is None else closes
    if closed < opened:
        closed += DAY
    return Hours(name, opened - since_midnight, closed - since_midnight, daily=True)


def _of_day(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _seconds_since_midnight(scenario: Scenario) -> int:
    """Return the seconds between the local midnight before the start and the start."""
    start = scenario.start
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if start.tzinfo is None:
        return down(start - midnight)
    return down(start.astimezone(UTC) - midnight.astimezone(UTC))
