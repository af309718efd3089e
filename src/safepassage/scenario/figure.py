"""A figure: a number together with where it comes from, or the reason why nobody knows it.

Knows how a value, a range, a source, an assumption and "unknown" travel together.
"""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Choice = Literal["low", "likely", "high"]
Standing = Literal["sourced", "assumed", "unsourced", "unknown"]


class UnknownFigureError(ValueError):
    """A figure that the scenario states to be unknown was needed as a number."""


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """One figure of a scenario.

    Either `value`, or a range (`low`, `likely`, `high`, at least low and high), or `unknown` (the
    reason, in words). `source` is the id of a `[[source]]`, `assumed` the reason of an assumption.
    """

    value: T | None = None
    low: T | None = None
    likely: T | None = None
    high: T | None = None
    source: str | None = None
    assumed: str | None = None
    unknown: str | None = None
    path: str = ""

    @property
    def known(self) -> bool:
        """Whether a number can be had from it at all."""
        return self.unknown is None

    @property
    def is_range(self) -> bool:
        """Whether it is a range and not one value."""
        return self.value is None and self.unknown is None

    @property
    def standing(self) -> Standing:
        """How far the figure can be trusted, in one word of the glossary."""
        if self.unknown is not None:
            return "unknown"
        if self.source is not None:
            return "sourced"
        if self.assumed is not None:
            return "assumed"
        return "unsourced"

    def pick(self, choice: Choice = "likely") -> T:
        """Return the one number to plan with.

        A plain value is itself. Of a range, `low` and `high` give that end; `likely` gives the
        likely value or, where none is stated, the high end (design, section 5).

        Raises
        ------
        UnknownFigureError
            If the figure is unknown: no number is ever made up for it.
        """
        if self.unknown is not None:
            raise UnknownFigureError(f"{self.path or 'figure'}: unknown ({self.unknown})")
        picked = self.value
        if picked is None:
            picked = {"low": self.low, "likely": self.likely, "high": self.high}[choice]
        if picked is None:
            picked = self.high
        if picked is None:
            raise UnknownFigureError(f"{self.path or 'figure'}: neither a value nor a range")
        return picked


def sure(value: T) -> Figure[T]:
    """Return a plain, unsourced figure; for tests and for built-in constants."""
    return Figure(value=value)
