"""Windows: when a stretch or place may be used, and the chance that passage still holds.

`Law.holds(t)` is G(t) of the objective: the chance that the window still holds at time t.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from safepassage.scenario.figure import Choice, Figure

LawKind = Literal["never", "exponential", "weibull", "table", "hard"]


@dataclass(frozen=True, slots=True)
class Window:
    """`where` (a place, leg or corridor id, or "all") may be used only from `opens` to `closes`.

    Both count from the start of the scenario; None means without limit. `daily` repeats the pair
    each 24 hours. The arrival margin of the rules is kept before each closing.
    """

    id: str
    where: str
    opens: timedelta | None = None
    closes: timedelta | None = None
    daily: bool = False
    source: str | None = None
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """When the window opens: nobody enters a corridor, and no loaded vehicle departs, before.

    Times in the law of the ending count from the picked `time`.
    """

    time: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class Law:
    """The law of the ending: how long the window holds after it has opened.

    never: it does not end. exponential: `mean`. weibull: `mean` and `shape` (the scale follows).
    table: `steps` of (time since the opening, chance that it still holds), falling, held constant
    after the last step and linear between steps. hard: holds until `mean`, then not.
    """

    kind: LawKind = "never"
    mean: Figure[timedelta] | None = None
    shape: float = 1.0
    steps: tuple[tuple[timedelta, float], ...] = ()
    source: str | None = None
    assumed: str | None = None

    def holds(self, seconds: float, choice: Choice = "likely") -> float:
        """Return the chance that the window still holds `seconds` after it opened (0..1)."""
        if self.kind == "never" or seconds <= 0:
            return 1.0
        if self.kind == "table":
            return _interpolate(self.steps, seconds)
        if self.mean is None:
            raise ValueError(f"law {self.kind} without a mean")
        mean = self.mean.pick(choice).total_seconds()
        if self.kind == "hard":
            return 1.0 if seconds <= mean else 0.0
        if self.kind == "exponential":
            return math.exp(-seconds / mean)
        scale = mean / math.gamma(1.0 + 1.0 / self.shape)
        return math.exp(-((seconds / scale) ** self.shape))


def _interpolate(steps: tuple[tuple[timedelta, float], ...], seconds: float) -> float:
    """Return the chance of a table at a time: linear between steps, 1 before the first."""
    before_s, before_g = 0.0, 1.0
    for after, chance in steps:
        after_s = after.total_seconds()
        if seconds < after_s:
            share = (seconds - before_s) / (after_s - before_s)
            return before_g + share * (chance - before_g)
        before_s, before_g = after_s, chance
    return before_g
