"""The hours that a report names, and the belief about the window at each of them."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Holding:
    """The chance that a window which opened at `opening` (seconds) still holds."""

    law: Law
    opening: float

    def at(self, second: float) -> float:
        """Return the chance at a second under the belief that the plan was made with."""
        return self.law.holds(second - self.opening)

    @property
    def is_range(self) -> bool:
        """Whether the mean is a range, so that the chance is one too."""
        return self.law.mean is not None and self.law.mean.is_range

    def between(self, second: float) -> tuple[float, float]:
        """Return the chance at both ends of the range of the mean."""
        ends = [self.law.holds(second - self.opening, end) for end in ("low", "high")]
        return min(ends), max(ends)

    def words(self, second: float) -> str:
        """Return the chance in words, with its range where it is one."""
        likely = wording.chance(self.at(second))
        if not self.is_range:
            return likely
        low, high = (wording.chance(one) for one in self.between(second))
        return likely if low == high else f"{likely} ({low} to {high})"


def holds_of(scenario: Scenario) -> Holding | None:
    """Return the chance that the window holds; None where it is said not to end."""
    if scenario.ending.kind == "never":
        return None
    opening = 0.0
    if scenario.opening is not None:
        opening = scenario.opening.time.pick().total_seconds()
    return Holding(scenario.ending, opening)


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
