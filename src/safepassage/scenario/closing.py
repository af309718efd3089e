"""A closure: a stretch of road that is open, closed or unknown from one time to another."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

State = Literal["open", "closed", "unknown"]


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch, named in one or more ways, with its state and on whose word it has it.

    The stretch is everything that matches any of: `ways` (OpenStreetMap way ids), `pairs` (the
    node ids at the two ends of an arc), `polygon` (latitude, longitude corners), `centre` with
    `radius_m`, or `name` (of a road, in any language). `starts` and `ends` count from the start of
    the scenario; None means without limit. A closure forbids entry; who is already on the stretch
    goes on.
    """

    id: str
    state: State
    starts: timedelta | None = None
    ends: timedelta | None = None
    ways: tuple[int, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()
    polygon: tuple[tuple[float, float], ...] = ()
    centre: tuple[float, float] | None = None
    radius_m: float | None = None
    name: str | None = None
    source: str | None = None
    word_of: str | None = None

    def holds_at(self, after: timedelta) -> bool:
        """Whether the closure is in force `after` the start of the scenario."""
        if self.starts is not None and after < self.starts:
            return False
        return self.ends is None or after < self.ends
