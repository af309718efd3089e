"""From the sums of blocks to odds with intervals.

Blocks are independent scrambles: the interval of a mean is Student's t over their means. Where a
chance is near 0 or 1 the interval is Wilson's, never of no width.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import t as student

from safepassage.rehearsal.result import (
    Caught,
    Difference,
    Estimate,
    Exceeded,
    Hour,
    Out,
    Quantiles,
    WaitOnBoard,
)
from safepassage.rehearsal.stage import Counts
from safepassage.rehearsal.summary import PEOPLE_BINS, Block, Summary

LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)
WAIT_LIMIT = 8.0
"""Hours on board at which the display draws its line where the scenario states no rule."""
THRESHOLDS = (0, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000)
NEAR_THE_END = 0.02


def estimate(means: Sequence[float]) -> Estimate:
    """Return the mean of block means with its 95 % interval; no width is known from one block."""
    values = np.asarray(means, dtype=np.float64)
    mean = float(values.mean())
    if len(values) < 2:
        return Estimate(mean, -math.inf, math.inf)
    half = float(student.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half)


def chance(counts: Sequence[int], runs: Sequence[int]) -> Estimate:
    """Return a chance with its 95 % interval, which stays between 0 and 1."""
    total, number = sum(counts), sum(runs)
    share = total / number
    found = estimate([count / n for count, n in zip(counts, runs, strict=True)])
    if NEAR_THE_END < share < 1.0 - NEAR_THE_END and math.isfinite(found.low):
        return Estimate(share, max(0.0, found.low), min(1.0, found.high))
    low, high = _wilson(total, number)
    return Estimate(share, low, high)


def _wilson(count: int, number: int) -> tuple[float, float]:
    z = 1.959963984540054
    share = count / number
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = (
        z
        / (1 + z * z / number)
        * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    )
    low = 0.0 if count == 0 else max(0.0, middle - half)
    return low, 1.0 if count == number else min(1.0, middle + half)


def quantiles_of(bins: Counts, width: float) -> Quantiles:
    """Return the quantiles of a histogram of whole numbers, linear inside a bin."""
    total = int(bins.sum())
    upto = np.cumsum(bins)
    found = []
    for level in LEVELS:
        wanted = level * total
        cell = int(np.searchsorted(upto, wanted))
        cell = min(cell, len(bins) - 1)
        before = float(upto[cell - 1]) if cell else 0.0
        inside = (wanted - before) / max(1.0, float(bins[cell]))
        found.append(0.0 if cell == 0 and bins[0] > wanted else (cell + inside) * width)
    return Quantiles(*found)


def out_of(summary: Summary) -> Out:
    """Return the people arrived at the horizon."""
    blocks = summary.ordered()
    bins = sum((one.out_by_hour[-1] for one in blocks), np.zeros(PEOPLE_BINS, dtype=np.int64))
    return Out(
        estimate([one.out_sum[-1] / one.runs for one in blocks]),
        quantiles_of(bins, bin_width(summary)),
    )


def bin_width(summary: Summary) -> float:
    """Return how many people a bin of the histograms is wide."""
    return (summary.identity.people_top + 1) / PEOPLE_BINS


def hours_of(summary: Summary, planned: Sequence[int]) -> tuple[Hour, ...]:
    """Return what each hour comes to."""
    blocks = summary.ordered()
    runs = [one.runs for one in blocks]
    width = bin_width(summary)
    bins = np.sum([one.out_by_hour for one in blocks], axis=0)
    found = []
    for hour, plan in enumerate(planned):
        found.append(
            Hour(
                hour=hour,
                arrived=quantiles_of(bins[hour], width),
                mean=sum(int(one.out_sum[hour]) for one in blocks) / sum(runs),
                planned=plan,
                all_out=chance([int(one.all_out[hour]) for one in blocks], runs),
            )
        )
    return tuple(found)


def caught_of(summary: Summary) -> Caught:
    """Return the people caught: mean, chance of any, and how many in how many runs."""
    blocks = summary.ordered()
    runs = [one.runs for one in blocks]
    some = [one.caught_any for one in blocks]
    total = sum(one.caught_sum for one in blocks)
    width = bin_width(summary)
    above = [np.cumsum(one.caught_bins[::-1])[::-1] for one in blocks]
    rows = [Exceeded(0, chance(some, runs))]
    for people in _thresholds(summary.identity.people_top):
        cell = math.ceil(people / width)
        edge = round(cell * width)
        if cell >= PEOPLE_BINS or edge <= rows[-1].people:
            continue
        counts = [int(one[cell]) for one in above]
        rows.append(Exceeded(edge, chance(counts, runs)))
        if sum(counts) == 0:
            break
    return Caught(
        estimate=estimate([one.caught_sum / one.runs for one in blocks]),
        any=chance(some, runs),
        if_any=total / sum(some) if sum(some) else None,
        exceedance=tuple(rows),
    )


def _thresholds(top: int) -> list[int]:
    return [one for one in THRESHOLDS if 0 < one <= top]


def waits_of(summary: Summary, limit: float | None) -> WaitOnBoard:
    """Return the waits on board."""
    blocks = summary.ordered()
    bins = np.sum([one.worst_bins for one in blocks], axis=0)
    hours = WAIT_LIMIT if limit is None else limit
    cell = round(hours * 2)
    moved = sum(one.waits for one in blocks)
    return WaitOnBoard(
        mean=sum(one.wait_seconds for one in blocks) / 3600.0 / moved if moved else 0.0,
        worst=quantiles_of(bins, 0.5),
        limit=hours,
        over=chance([int(one.worst_bins[cell:].sum()) for one in blocks], [b.runs for b in blocks]),
    )


AVERAGES: dict[str, Callable[[Block], int]] = {
    "wished": lambda one: one.wished_sum,
    "medical": lambda one: one.medical_sum,
    "by_car": lambda one: one.by_car_sum,
    "left_list": lambda one: one.left_list_sum,
    "theirs": lambda one: one.theirs_sum,
}


def averages_of(summary: Summary) -> dict[str, Estimate]:
    """Return the means of what is counted besides."""
    return {
        name: estimate([total(one) / one.runs for one in summary.ordered()])
        for name, total in AVERAGES.items()
    }


def difference(changed: Summary, base: Summary, hour: int | None = None) -> Difference:
    """Return what a change makes of arrived and caught, block against block.

    Both were played on the same draws, so that their difference has far less noise than either.
    `hour` None takes the horizon.
    """
    at = -1 if hour is None else hour
    pairs = [
        (changed.blocks[number], base.blocks[number])
        for number in sorted(changed.blocks.keys() & base.blocks.keys())
    ]
    return Difference(
        arrived=estimate(
            [one.out_sum[at] / one.runs - other.out_sum[at] / other.runs for one, other in pairs]
        ),
        caught=estimate(
            [one.caught_sum / one.runs - other.caught_sum / other.runs for one, other in pairs]
        ),
    )


def worst_runs(summary: Summary, kept: int) -> tuple[int, ...]:
    """Return the numbers of the runs with the most people caught."""
    rows = sorted((-people, run) for one in summary.ordered() for people, run in one.top)
    return tuple(run for _, run in rows[:kept])
