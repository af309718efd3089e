"""What may still be driven: promises that end, stretches that are closed, convoys on the road."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from safepassage.clearance.from_now_times import comes, expected, passages, waits
from safepassage.ledger.promises import Promise
from safepassage.ledger.said import EVERYWHERE
from safepassage.ledger.situation import Situation, VehicleNow
from safepassage.scenario.places import Corridor
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A stretch may be used only from one time until another, and why."""

    where: str
    opens: timedelta | None
    closes: timedelta | None
    why: str


def windows_now(scenario: Scenario, now: Situation) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """Return the windows of a scenario narrowed by what the ledger says, with warnings."""
    warnings: list[str] = []
    limits = [*_promised(scenario, now, warnings), *_closed(scenario, now)]
    limits += _on_the_road(scenario, now)
    windows = list(scenario.windows)
    for limit in limits:
        here = [one for one in windows if one.where == limit.where]
        # Windows of one place are alternatives: each of them is narrowed, never one added.
        narrowed = [
            cut for one in here for part in _days(scenario, one) if (cut := _cut(part, limit))
        ]
        if not here:
            narrowed = [Window(_name(windows, limit), limit.where, limit.opens, limit.closes)]
        elif not narrowed:
            narrowed = [replace(here[0], opens=None, closes=timedelta(0), daily=False)]
        windows = [one for one in windows if one.where != limit.where]
        windows += [replace(one, assumed=limit.why) for one in narrowed]
    return tuple(windows), tuple(warnings)


def _name(windows: list[Window], limit: _Limit) -> str:
    name = f"ledger-{limit.where}"
    while name in {one.id for one in windows}:
        name += "-more"
    return name


def _days(scenario: Scenario, one: Window) -> Iterator[Window]:
    """Yield a daily window day by day, any other as it is."""
    if not one.daily:
        yield one
        return
    start = scenario.start
    midnight = -timedelta(
        hours=start.hour,
        minutes=start.minute,
        seconds=start.second,
        microseconds=start.microsecond,
    )
    opens, closes = one.opens or timedelta(0), DAY if one.closes is None else one.closes
    if closes < opens:
        closes += DAY
    for day in range(-1, scenario.horizon // DAY + 3):
        begin = midnight + day * DAY
        if begin + closes > timedelta(0):
            number = f"{one.id}-day-{day + 1}"
            yield replace(
                one,
                id=number,
                opens=max(timedelta(0), begin + opens),
                closes=begin + closes,
                daily=False,
            )


def _cut(one: Window, limit: _Limit) -> Window | None:
    opens = max((time for time in (one.opens, limit.opens) if time is not None), default=None)
    closes = min((time for time in (one.closes, limit.closes) if time is not None), default=None)
    if closes is not None and closes <= (opens or timedelta(0)):
        return None
    return replace(one, opens=opens, closes=closes)


def _where(scenario: Scenario, stretch: str) -> tuple[str, ...]:
    """Return what carries the window of a stretch: the corridor around it, where there is one.

    Clearance asks that a promise outlasts the arrival, so an end on any leg ends the corridor.
    """
    if stretch == EVERYWHERE:
        legs = tuple(one.id for one in scenario.legs)
        return tuple(dict.fromkeys(where for leg in legs for where in _where(scenario, leg)))
    found = []
    for corridor in scenario.corridors:
        legs_of = [scenario.leg[one] for one in corridor.legs]
        ends = [place for leg in legs_of for place in (leg.start, leg.end)]
        inner = {place for place in ends if ends.count(place) > 1}
        inner |= {post.checkpoint for leg in legs_of for post in leg.through}
        if stretch in {corridor.id, *corridor.legs, *inner}:
            found.append(corridor.id)
    for leg in scenario.legs:
        if any(post.checkpoint == stretch for post in leg.through) and not found:
            found.append(leg.id)
    if not found and (stretch in scenario.leg or stretch in scenario.place):
        found.append(stretch)
    return tuple(found)


def _promised(scenario: Scenario, now: Situation, warnings: list[str]) -> Iterator[_Limit]:
    last: dict[tuple[str, str], Promise] = {}
    for one in now.promises:
        if one.convoys:
            warnings.append(f"{one.id}: promised to named convoys only; no window comes of it")
        elif not one.confirmed:
            warnings.append(f"{one.id}: not confirmed by enough people; no window comes of it")
        else:
            for stretch in one.covers:
                # A party's last word on a stretch takes the place of what it said before.
                last[one.party, stretch] = one
    for (party, stretch), one in last.items():
        void = one.voided_at(stretch)
        where = _where(scenario, stretch)
        if void is not None:
            warnings.append(
                f"{stretch}: the promise of {party} is void ({void[0]}); no convoy is cleared "
                "before it is given again"
            )
            continue
        if one.until is None:
            warnings.append(f"{stretch}: nobody said when the promise of {party} ends")
        if not where:
            warnings.append(f"{stretch}: promised by {party}, but not in the scenario")
        opens = one.since if one.since > now.at else None
        if opens is not None or one.until is not None:
            why = f"promise {one.id} of {party}"
            for place in where:
                yield _Limit(place, _after(scenario, opens), _after(scenario, one.until), why)


def _closed(scenario: Scenario, now: Situation) -> Iterator[_Limit]:
    for one in now.stretches.values():
        if one.state == "open" or (one.until is not None and one.until <= now.at):
            continue
        for where in _where(scenario, one.stretch):
            why = f"{one.state} per entry {one.seq}"
            if one.since > now.at:
                # Closed from later on: whether it opens again is not relied upon.
                yield _Limit(where, None, _after(scenario, one.since), why)
            elif one.until is not None:
                yield _Limit(where, _after(scenario, one.until), None, why)
            else:
                yield _Limit(where, None, timedelta(0), why)


def _on_the_road(scenario: Scenario, now: Situation) -> Iterator[_Limit]:
    """Keep headway behind, and one-way corridors free of, what is on a corridor now."""
    for corridor in scenario.corridors:
        headway = timedelta(0) if corridor.headway is None else corridor.headway.pick()
        for convoy in now.departed:
            cars = [now.vehicles[one] for one in convoy.vehicles if one in now.vehicles]
            cars = [one for one in cars if set(one.legs) & set(corridor.legs)]
            times = [now.at + headway] if cars and convoy.departed_at is None else []
            if cars and convoy.departed_at is not None:
                times.append(convoy.departed_at + headway)
            if corridor.one_way:
                times += [expected(scenario, now, one) for one in cars if comes(scenario, now, one)]
                if any(_stands_on(scenario, now, one, corridor) for one in cars):
                    why = f"{convoy.convoy} stands on it, and nobody knows until when"
                    yield _Limit(corridor.id, None, timedelta(0), why)
            free = max(times, default=now.at)
            if free > now.at:
                why = f"{convoy.convoy} is on it"
                yield _Limit(corridor.id, _after(scenario, free), None, why)


def _stands_on(scenario: Scenario, now: Situation, one: VehicleNow, corridor: Corridor) -> bool:
    """Tell whether a vehicle still has a corridor before it, and nobody knows when it comes on."""
    ahead = {leg.leg.id for leg in passages(scenario, now, one)}
    return waits(scenario, now, one) and bool(ahead & set(corridor.legs))


def _after(scenario: Scenario, time: datetime | None) -> timedelta | None:
    return None if time is None else time - scenario.start
