"""Adds up the runs of one block, in whole numbers, compiled.

Rounded to whole people and whole seconds, sums have the same bits in any order.
"""

import math

import numpy as np
from numba import njit

from safepassage.rehearsal import kernel
from safepassage.rehearsal.stage import Counts, Reals
from safepassage.rehearsal.summary import KEPT, PEOPLE_BINS, WORST_BINS, Block


@njit(cache=True, nogil=True)
def _add(rows, hours, top, out_bins, out_sum, out_square, caught_bins, all_out, worst_bins, sums):  # type: ignore[no-untyped-def]  # compiled
    last_hour = hours.shape[1] - 1
    for run in range(rows.shape[0]):
        row = rows[run]
        arrived = 0
        for hour in range(last_hour + 1):
            arrived += hours[run, hour]
            out_bins[hour, min(PEOPLE_BINS - 1, arrived * PEOPLE_BINS // (top + 1))] += 1
            out_sum[hour] += arrived
            out_square[hour] += arrived * arrived
        if row[kernel.LAST] <= last_hour * 3600.0:
            for hour in range(math.ceil(row[kernel.LAST] / 3600.0), last_hour + 1):
                all_out[hour] += 1
        caught = int(row[kernel.CAUGHT])
        sums[0] += caught
        sums[1] += caught * caught
        if caught > 0:
            sums[2] += 1
            caught_bins[min(PEOPLE_BINS - 1, caught * PEOPLE_BINS // (top + 1))] += 1
        moved = int(row[kernel.MOVED])
        sums[3] += int(row[kernel.WAIT] * moved * 3600.0 + 0.5)
        sums[4] += moved
        worst_bins[min(WORST_BINS - 1, int(row[kernel.WORST] * 2.0))] += 1
        sums[5] += int(row[kernel.MEDICAL])
        sums[6] += int(row[kernel.BY_CAR])
        sums[7] += int(row[kernel.LEFT])
        sums[8] += int(row[kernel.WISHED])
        sums[9] += int(row[kernel.THEIRS])


def tally(number: int, first_run: int, rows: Reals, hours: Counts, top: int) -> Block:
    """Return the sums of one block of runs."""
    axis = hours.shape[1]
    out_bins = np.zeros((axis, PEOPLE_BINS), dtype=np.int64)
    out_sum, out_square, all_out = (np.zeros(axis, dtype=np.int64) for _ in range(3))
    caught_bins = np.zeros(PEOPLE_BINS, dtype=np.int64)
    worst_bins = np.zeros(WORST_BINS, dtype=np.int64)
    sums = np.zeros(10, dtype=np.int64)
    _add(rows, hours, top, out_bins, out_sum, out_square, caught_bins, all_out, worst_bins, sums)
    caught = rows[:, kernel.CAUGHT]
    worst = np.lexsort((np.arange(len(caught)), -caught))[:KEPT]
    total = [int(one) for one in sums]
    return Block(
        number=number,
        runs=len(rows),
        out_by_hour=out_bins,
        out_sum=out_sum,
        out_square=out_square,
        caught_sum=total[0],
        caught_square=total[1],
        caught_any=total[2],
        caught_bins=caught_bins,
        all_out=all_out,
        wait_seconds=total[3],
        waits=total[4],
        worst_bins=worst_bins,
        medical_sum=total[5],
        by_car_sum=total[6],
        left_list_sum=total[7],
        wished_sum=total[8],
        theirs_sum=total[9],
        top=tuple((int(caught[one]), first_run + int(one)) for one in worst if caught[one] > 0),
    )
