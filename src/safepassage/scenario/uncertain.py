"""An uncertain quantity: the law of a number that nobody knows for sure, with its origin.

Knows laws and their parameters, nothing of how they are drawn.
"""

import math
from dataclasses import dataclass
from typing import Literal

LawName = Literal["fixed", "triangular", "lognormal", "exponential", "weibull", "pareto"]
LAW_NAMES: tuple[LawName, ...] = (
    "fixed",
    "triangular",
    "lognormal",
    "exponential",
    "weibull",
    "pareto",
)
PARAMETERS: dict[LawName, tuple[str, ...]] = {
    "fixed": ("value",),
    "triangular": ("low", "likely", "high"),
    "lognormal": ("median", "spread"),
    "exponential": ("mean",),
    "weibull": ("mean", "shape"),
    "pareto": ("least", "tail"),
}
"""What each law is stated by, in the order of `numbers`."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One number that is drawn: a law with its `numbers` (see PARAMETERS), in plain units.

    Durations are seconds, people whole numbers, chances and factors plain. What a draw gives beyond
    `at_least` or `at_most` is taken as that bound. `source` says where it comes from; `judgement`
    is why it is held without a source. `path` is where the scenario states it ("" for a default).
    """

    law: LawName
    numbers: tuple[float, ...]
    at_least: float | None = None
    at_most: float | None = None
    source: str | None = None
    judgement: str | None = None
    path: str = ""

    def mean(self) -> float:
        """Return the mean of the law without its bounds; infinite where it has none."""
        first, *others = self.numbers
        match self.law:
            case "fixed" | "exponential" | "weibull":
                return first
            case "triangular":
                return sum(self.numbers) / 3.0
            case "lognormal":
                return first * math.exp(others[0] ** 2 / 2.0)
            case "pareto":
                tail = others[0]
                return math.inf if tail <= 1.0 else first * tail / (tail - 1.0)

    def has_finite_mean(self) -> bool:
        """Whether draws have a mean, by the law or because they are bounded above."""
        return self.at_most is not None or math.isfinite(self.mean())
