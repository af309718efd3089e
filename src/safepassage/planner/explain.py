"""Why people are left behind, and what one more of everything would be worth.

Reasons are read off the verified plan; prices come from solving again with one more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from safepassage.planner.last_departure import LastDeparture, last_departure
from safepassage.planner.reasons import LeftBehind, left_behind
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.worth_of_more import Price, prices_of

__all__ = ["Explanation", "LastDeparture", "LeftBehind", "Price", "explain"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons and the prices of one verified plan, and who leaves last."""

    left_behind: tuple[LeftBehind, ...]
    prices: tuple[Price, ...]
    last_departure: LastDeparture | None = None

    def to_json(self) -> dict[str, object]:
        """Return what `explain --json` prints."""
        return {
            "left_behind": [one.to_json() for one in self.left_behind],
            "prices": [one.to_json() for one in self.prices],
            "last_departure": None
            if self.last_departure is None
            else self.last_departure.to_json(),
        }


def explain(
    verified: VerifiedPlan,
    *,
    limit: timedelta = timedelta(seconds=10),
    stop: Callable[[], bool] | None = None,
) -> Explanation:
    """Return why each group is left behind, and the worth of one more of each limit.

    `limit` is for the prices; those that no time is left for are absent, never guessed. Rules
    that protect people (companions, households, weights) have no price here.
    """
    return Explanation(
        left_behind(verified),
        prices_of(verified, limit=limit, stop=stop),
        last_departure(verified),
    )
