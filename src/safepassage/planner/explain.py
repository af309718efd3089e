"""Why people are left behind, and what one more of everything would be worth.

Reasons are read off the verified plan; prices come from solving again with one more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from safepassage.planner.last_departure import LastDeparture, last_departure
from safepassage.planner.names import IDS, Ids
from safepassage.planner.reasons import LeftBehind, left_behind
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.worth_of_more import Price, limits_of, prices_of
from safepassage.scenario.check import warnings
from safepassage.scenario.checks.warning import ScenarioWarning

__all__ = ["Explanation", "LastDeparture", "LeftBehind", "Price", "explain"]


UNREAL = frozenset(
    {
        *("slots", "households", "capacity", "seats", "window", "opening", "on-board", "duty"),
        *("range", "staff", "idle", "escort", "intake", "bays", "ending", "linked"),
    }
)
"""Warnings about inputs under which a plan may look odd because they do."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons and the prices of one verified plan, who leaves last, and odd inputs.

    `not_priced` are the limits that the time for prices did not reach.
    """

    left_behind: tuple[LeftBehind, ...]
    prices: tuple[Price, ...]
    last_departure: LastDeparture | None = None
    unreal: tuple[ScenarioWarning, ...] = ()
    not_priced: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return what `explain --json` prints."""
        return {
            "left_behind": [one.to_json() for one in self.left_behind],
            "prices": [one.to_json() for one in self.prices],
            "not_priced": list(self.not_priced),
            "last_departure": None
            if self.last_departure is None
            else self.last_departure.to_json(),
            "unreal": [
                {"rule": one.rule, "path": one.path, "text": one.text} for one in self.unreal
            ],
        }


def explain(
    verified: VerifiedPlan,
    *,
    limit: timedelta = timedelta(seconds=10),
    stop: Callable[[], bool] | None = None,
    names: Ids = IDS,
) -> Explanation:
    """Return why each group is left behind, and the worth of one more of each limit.

    `limit` is for the prices; those that no time is left for are named, never guessed. Rules
    that protect people (companions, households, weights) have no price here. `names` is how places
    and kinds are called in the words; `IDS` keeps their ids.
    """
    prices = prices_of(verified, limit=limit, stop=stop, names=names)
    every = () if verified.plan.objective != "expected" else limits_of(verified.scenario, names)
    return Explanation(
        left_behind(verified, names),
        prices,
        last_departure(verified),
        tuple(one for one in warnings(verified.scenario) if one.rule in UNREAL),
        # They are priced in order, until the time is over.
        every[len(prices) :],
    )
