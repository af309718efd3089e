"""The hours that a report names, and the belief about the window at each of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from safepassage.report import wording
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law

MARKS: Final = tuple(timedelta(hours=one) for one in (2, 4, 8, 24))


def marks_of(scenario: Scenario) -> tuple[timedelta, ...]:
    """Return 2, 4, 8, 24 h as far as the plan reaches, and its horizon."""
    inside = [one for one in MARKS if one <= scenario.horizon]
    return tuple(inside) if scenario.horizon in inside else (*inside, scenario.horizon)


def holds_of(scenario: Scenario) -> Callable[[float], float] | None:
    """Return the chance that the window holds at a second; None where it is said not to end."""
    if scenario.ending.kind == "never":
        return None
    opening = 0.0
    if scenario.opening is not None:
        opening = scenario.opening.time.pick().total_seconds()
    return lambda second: scenario.ending.holds(second - opening)


def belief_words(law: Law) -> str:
    """Return in words what is believed about the end of the window."""
    if law.kind == "never":
        return "the window does not end"
    if law.kind == "table":
        return "a table of chances by time"
    mean = "not known" if law.mean is None else wording.duration(law.mean.pick())
    if law.kind == "hard":
        return f"the window holds for exactly {mean}"
    if law.kind == "exponential":
        return f"the window holds {mean} on average, and may end at any moment"
    return f"the window holds {mean} on average (Weibull, shape {law.shape:g})"
