"""How wrong an interval is: the interval score, by operation, beside two nulls.

The score of an interval at level 1 - a for a figure y is its width, and 2/a times the distance by
which y lies outside (Gneiting and Raftery, 2007). Here it is divided by y, so that people and days
can stand together: 0.5 means half of the figure. Less is better.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.validation.targets import DAYS, PEOPLE_A_BUS, TARGETS, Target

LEVEL = 0.80
WIDE = 1.2816
"""Standard deviations to either side of a mean that hold 80 %."""


def interval_score(low: float, high: float, seen: float, level: float = LEVEL) -> float:
    """Return the score of an interval, as a share of the figure that was seen."""
    missed = max(low - seen, 0.0) + max(seen - high, 0.0)
    return ((high - low) + 2.0 / (1.0 - level) * missed) / seen


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean score of an operation's rows under the model and both nulls (None: says nothing)."""

    operation: str
    rows: int
    model: float
    announced: float
    pooled: float


def pooled(target: Target) -> tuple[float, float] | None:
    """Return what the pooled mean of other operations says; None where the record has none.

    The interval is 80 % of a normal law with the spread of the pool: between operations, each with
    one mean, so that the many figures of Aleppo do not drown the rest.
    """
    if target.scale is not None:
        pool, times = PEOPLE_A_BUS, target.scale
    elif target.row in ("T5 days", "T11 days"):
        pool, times = DAYS, 1.0
    else:
        return None
    means = [statistics.fmean(values) for name, values in pool.items() if name != target.operation]
    middle = statistics.fmean(means)
    spread = statistics.stdev(means) if len(means) > 1 else 0.0
    return (middle - WIDE * spread) * times, (middle + WIDE * spread) * times


def scored(results: Mapping[str, Sequence[float]]) -> tuple[Scored, ...]:
    """Return the scores by operation, over the rows for which all three say something.

    `results` maps a row to (P10, P50, P90). Rows that restate their own law are left out.
    """
    found = []
    for operation in dict.fromkeys(one.operation for one in TARGETS):
        model, announced, pool = [], [], []
        for one in TARGETS:
            other = pooled(one)
            if (
                one.operation != operation
                or one.standing == "restated"
                or one.announced is None
                or other is None
            ):
                continue
            low, _, high = results[one.row]
            model.append(interval_score(low, high, one.seen))
            announced.append(interval_score(one.announced, one.announced, one.seen))
            pool.append(interval_score(*other, one.seen))
        if model:
            found.append(
                Scored(
                    operation,
                    len(model),
                    statistics.fmean(model),
                    statistics.fmean(announced),
                    statistics.fmean(pool),
                )
            )
    return tuple(found)
