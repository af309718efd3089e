"""How long work may go on, and how far it has come."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve is: seconds spent, the value of the best plan, the best bound."""

    seconds: float
    value: float
    bound: float | None


GRACE = 5.0
"""Seconds of work within which the first try may end, however short the limit is."""

Watch = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(slots=True)
class Budget:
    """How long work may go on: seconds, or a number of search steps for repeatable plans."""

    limit: float
    iterations: int | None
    stop: Stop | None
    began: float = field(default_factory=time.monotonic)
    worked: float = field(default_factory=time.process_time)

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds that remain, never below 0."""
        return max(0.0, self.limit - self.spent)

    def over(self) -> bool:
        """Return whether work has to end; never by the clock when steps are counted."""
        if self.stop is not None and self.stop():
            return True
        return self.iterations is None and self.spent >= self.limit

    def late(self) -> bool:
        """Return whether work on one try has to end, though it would leave less than a plan.

        A try that was begun may go on for `GRACE` seconds in all, so that a short limit still
        gives a plan: seconds of the processor, for a machine may have other work.
        """
        if self.stop is not None and self.stop():
            return True
        own = time.process_time() - self.worked
        return self.iterations is None and self.spent >= self.limit and own >= GRACE

    def begin_try(self) -> None:
        """Let a try begin: its seconds of grace count from here on."""
        self.worked = time.process_time()

    def over_at(self, share: float) -> Stop:
        """Return a stop at a share of the time."""
        return lambda: self.over() or (self.iterations is None and self.spent >= share * self.limit)
