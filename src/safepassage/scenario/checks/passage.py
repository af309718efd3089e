"""Whether the way can be used at all: windows, the opening, margins and rules of time."""

from collections.abc import Iterator
from datetime import timedelta

from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.duration import format_duration
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.serving import alights_at, boards_at
from safepassage.scenario.ways import Ways
from safepassage.scenario.window import Window


def windows_that_never_open(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield windows that are shut all the time, or too short for what they are about."""
    margin = scenario.rules.arrival_margin
    for index, window in enumerate(scenario.windows):
        path = f"window[{index}]"
        opens = window.opens or timedelta(0)
        if not window.daily and opens >= scenario.horizon:
            yield ScenarioWarning(
                "window",
                f"{path}.opens",
                f'Window "{window.id}" opens after {format_duration(opens)}, at or after the '
                f"horizon of {format_duration(scenario.horizon)}: it never opens.",
            )
            continue
        if window.closes is None:
            continue
        if window.daily and not _opens_in_time(scenario, opens, window.closes):
            hours = " to ".join(_clock(one) for one in (opens, window.closes))
            yield ScenarioWarning(
                "window",
                f"{path}.opens",
                f'Window "{window.id}" is open daily from {hours}, and never between the start, '
                f"{scenario.start:%H:%M}, and the horizon {format_duration(scenario.horizon)} "
                "later.",
            )
            continue
        length = window.closes - opens
        takes = _least_passage(scenario, window)
        if length < takes + margin:
            yield ScenarioWarning(
                "window",
                f"{path}.closes",
                f'Window "{window.id}" is open for {format_duration(length)}; a passage takes '
                f"{format_duration(takes)} and the margin {format_duration(margin)}: nobody can "
                "pass.",
                {
                    "open_minutes": length / timedelta(minutes=1),
                    "needed_minutes": (takes + margin) / timedelta(minutes=1),
                },
            )


def _opens_in_time(scenario: Scenario, opens: timedelta, closes: timedelta) -> bool:
    """Whether a daily window is open for a while between the start and the horizon.

    Both times count from the local midnight before the start, also on the day before.
    """
    day = timedelta(days=1)
    start = scenario.start
    begin = timedelta(hours=start.hour, minutes=start.minute, seconds=start.second)
    return any(
        max(opens + number * day, begin) < min(closes + number * day, begin + scenario.horizon)
        for number in range(-1, (begin + scenario.horizon) // day + 1)
    )


def _clock(since_midnight: timedelta) -> str:
    minutes = since_midnight // timedelta(minutes=1) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _least_passage(scenario: Scenario, window: Window) -> timedelta:
    """Return the shortest time on what a window is about; no time at a gate."""
    kinds = {one.kind for one in scenario.vehicles}

    def along(names: tuple[str, ...]) -> timedelta:
        legs = [scenario.leg[name] for name in names]
        times = [sum((leg.time_for(k).pick() for leg in legs), timedelta(0)) for k in kinds]
        return min(times, default=timedelta(0))

    if window.where in scenario.corridor:
        return along(scenario.corridor[window.where].legs)
    if window.where in scenario.leg:
        return along((window.where,))
    if window.where == "all":
        every = [one.legs for one in scenario.corridors] or [(one.id,) for one in scenario.legs]
        return min((along(one) for one in every), default=timedelta(0))
    return timedelta(0)


def opens_too_late(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield an opening that lies at or after the horizon."""
    if scenario.opening is None:
        return
    time = scenario.opening.time.pick()
    if time >= scenario.horizon:
        yield ScenarioWarning(
            "opening",
            "opening.time",
            f"The window opens after {format_duration(time)}, at or after the horizon of "
            f"{format_duration(scenario.horizon)}: nobody can leave.",
        )


def too_long_on_board(ways: Ways) -> Iterator[ScenarioWarning]:
    """Yield a rule on the time on board that even the fastest ride breaks."""
    scenario = ways.scenario
    rule = scenario.rules.longest_on_board
    if rule is None:
        return
    times: list[timedelta] = []
    for one in scenario.vehicles:
        for at in {group.at for group in scenario.groups}:
            if not boards_at(scenario, one, scenario.place[at]):
                continue
            for end, time in ways.times(at, one.kind).items():
                place = scenario.place[end]
                if end != at and place.arrived and alights_at(scenario, one, place):
                    times.append(one.load.pick() + time)
    if times and min(times) > rule:
        yield ScenarioWarning(
            "on-board",
            "rules.longest_on_board",
            f"The shortest ride keeps people on board for {format_duration(min(times))} (loading "
            f"included), and the rule allows {format_duration(rule)}: nobody can ride to a "
            "destination without a change.",
        )


def no_ending(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield that no law of the ending is stated, with an objective that lives from it."""
    if scenario.ending.kind == "never" and scenario.rules.objective == "expected":
        yield ScenarioWarning(
            "ending",
            "ending",
            "No ending is stated: the plan takes it that the window holds to the horizon, so an "
            "early arrival is worth no more than a late one.",
        )
