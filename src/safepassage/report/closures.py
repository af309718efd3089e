"""When a stretch may not be used: before windows open, after they close, by night. Facts."""

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from safepassage.report import wording
from safepassage.report.drawing import merged
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Closures:
    """Spans in seconds: `closed` for passage, `margin` kept before a closing, `night` hours."""

    closed: tuple[tuple[float, float], ...]
    margin: tuple[tuple[float, float], ...]
    night: tuple[tuple[float, float], ...]


def closures_of(scenario: Scenario, corridor: str | None) -> Closures:
    """Return the closures of one corridor, or those for all where there is none."""
    horizon = scenario.horizon.total_seconds()
    wheres = {"all"}
    if corridor is not None:
        wheres |= {corridor, *scenario.corridor[corridor].legs}
    closed: list[tuple[float, float]] = []
    margins: list[tuple[float, float]] = []
    margin = scenario.rules.arrival_margin.total_seconds()
    for where in sorted(wheres):
        windows = [one for one in scenario.windows if one.where == where]
        if not windows:
            continue
        opened = merged(span for one in windows for span in _open(scenario, one, horizon))
        closed += _outside(opened, horizon)
        margins += [(ends - margin, ends) for _, ends in opened if margin and 0 < ends < horizon]
    if scenario.opening is not None:
        closed.append((0.0, scenario.opening.time.pick().total_seconds()))
    night = _nights(scenario, horizon)
    rule = scenario.rules.night
    if rule is not None and not rule.allowed:
        closed += night
        margins += [(begins - margin, begins) for begins, _ in night if margin]
    return Closures(tuple(merged(closed)), tuple(merged(margins)), tuple(night))


def _open(scenario: Scenario, window: Window, horizon: float) -> list[tuple[float, float]]:
    opens = window.opens.total_seconds() if window.opens is not None else -math.inf
    closes = window.closes.total_seconds() if window.closes is not None else math.inf
    if not window.daily:
        return [(opens, closes)]
    midnight = _midnight_before(scenario.start)
    shift = (midnight - scenario.start).total_seconds()
    days = range(-1, math.ceil(horizon / DAY) + 2)
    return [(shift + opens + DAY * one, shift + closes + DAY * one) for one in days]


def _outside(opened: list[tuple[float, float]], horizon: float) -> list[tuple[float, float]]:
    closed: list[tuple[float, float]] = []
    since = 0.0
    for begins, ends in opened:
        if begins > since:
            closed.append((since, min(begins, horizon)))
        since = max(since, ends)
    if since < horizon:
        closed.append((since, horizon))
    return [span for span in closed if span[1] > span[0]]


def _nights(scenario: Scenario, horizon: float) -> list[tuple[float, float]]:
    rule = scenario.rules.night
    if rule is None:
        return []
    midnight = _midnight_before(scenario.start)
    begins, ends = _since_midnight(rule.begins), _since_midnight(rule.ends)
    if ends <= begins:
        ends += DAY
    shift = (midnight - scenario.start).total_seconds()
    spans = [
        (max(0.0, shift + begins + DAY * one), min(horizon, shift + ends + DAY * one))
        for one in range(-1, math.ceil(horizon / DAY) + 2)
    ]
    return [span for span in spans if span[1] > span[0]]


def _since_midnight(when: time) -> float:
    return timedelta(hours=when.hour, minutes=when.minute, seconds=when.second).total_seconds()


def _midnight_before(start: datetime) -> datetime:
    return wording.at(start, 0).replace(hour=0, minute=0, second=0, microsecond=0)
