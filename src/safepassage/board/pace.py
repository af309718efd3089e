"""How often something may be done: slows down guesses and floods, never a hold."""

import time
from collections.abc import Callable


class Pace:
    """So many acts a span for each key, counted in a moving window."""

    def __init__(
        self, most: int, seconds: float, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._acts: dict[str, list[float]] = {}

    def allows(self, key: str) -> bool:
        """Count one act and tell whether it is within the pace."""
        now = self._now()
        begun = now - self._seconds
        if len(self._acts) > 10_000:
            self._acts = {one: at for one, at in self._acts.items() if at and at[-1] > begun}
        recent = [at for at in self._acts.get(key, ()) if at > begun]
        if len(recent) >= self._most:
            self._acts[key] = recent
            return False
        self._acts[key] = [*recent, now]
        return True

    def full(self, key: str) -> bool:
        """Tell whether the next act would be over the pace; counts nothing."""
        begun = self._now() - self._seconds
        return sum(at > begun for at in self._acts.get(key, ())) >= self._most
