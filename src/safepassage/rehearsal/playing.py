"""Plays blocks of runs: the even points of each block, on as many threads as asked.

A block is played by one thread from its first run to its last, and what it adds up to depends on
nothing but its number.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
from scipy.stats import qmc

from safepassage.rehearsal import kernel
from safepassage.rehearsal.draws import scramble_seed
from safepassage.rehearsal.event import EVENT_KINDS, Event, Replay, Row
from safepassage.rehearsal.prepared import Prepared
from safepassage.rehearsal.stage import OUTSIDE, Counts, Reals
from safepassage.rehearsal.summary import Block, Summary
from safepassage.rehearsal.tally import tally

MOST_EVENTS = 200_000
NO_LOG: Reals = np.zeros((0, kernel.LOG_WIDTH))


@lru_cache(maxsize=256)
def even_points(seed: int, block: int, size: int) -> Reals:
    """Return the points of one block: a Sobol sequence under a scramble of its own."""
    sobol = qmc.Sobol(kernel.DIMENSIONS, scramble=True, rng=scramble_seed(seed, block))
    # A power of two of points: the sequence is balanced; zero is kept out of the logarithms.
    points = sobol.random_base2(size.bit_length() - 1)
    found: Reals = np.clip(points, 2.0**-40, 1.0 - 2.0**-40)
    found.setflags(write=False)
    return found


def play_blocks(
    prepared: Prepared, *, seed: int, numbers: Iterable[int], size: int, threads: int = 0
) -> Summary:
    """Return the summary of some blocks. `threads` 0 takes one for each core."""
    every = list(numbers)
    workers = min(len(every), threads or os.cpu_count() or 1)
    if workers <= 1:
        blocks = [_Player(prepared, seed, size).block(one) for one in every]
    else:
        shares = [every[first::workers] for first in range(workers)]
        with ThreadPoolExecutor(workers) as pool:
            parts = pool.map(
                lambda share: list(map(_Player(prepared, seed, size).block, share)), shares
            )
            blocks = [one for part in parts for one in part]
    found = {one.number: one for one in sorted(blocks, key=lambda one: one.number)}
    return Summary(prepared.identity(seed, size), found)


class _Player:
    """Plays blocks one after the other in memory of its own."""

    def __init__(self, prepared: Prepared, seed: int, size: int) -> None:
        self.prepared = prepared
        self.seed = seed
        self.size = size
        stage, given = prepared.setting.stage, prepared.given
        self.work = kernel.scratch_for(stage, given)
        self.rows: Reals = np.zeros((size, kernel.COLUMNS))
        self.hours: Counts = np.zeros((size, prepared.setting.hours + 1), dtype=np.int64)

    def block(self, number: int) -> Block:
        """Return the sums of one block."""
        setting = self.prepared.setting
        first = number * self.size
        points = even_points(self.seed, number, self.size)
        kernel.play(
            setting.stage,
            self.prepared.given,
            self.seed,
            first,
            points,
            self.work,
            self.rows,
            self.hours,
            NO_LOG,
        )
        return tally(number, first, self.rows, self.hours, setting.people_top)


def rows_of(prepared: Prepared, *, seed: int, number: int, size: int) -> tuple[Row, ...]:
    """Return the rows of one block, a run each."""
    player = _Player(prepared, seed, size)
    player.block(number)
    return tuple(_row(number * size + index, one) for index, one in enumerate(player.rows))


def play_again(prepared: Prepared, *, seed: int, run: int, size: int) -> Replay:
    """Return one run with its whole log."""
    setting = prepared.setting
    stage, given = setting.stage, prepared.given
    work = kernel.scratch_for(stage, given)
    rows: Reals = np.zeros((1, kernel.COLUMNS))
    hours: Counts = np.zeros((1, setting.hours + 1), dtype=np.int64)
    log: Reals = np.zeros((MOST_EVENTS, kernel.LOG_WIDTH))
    points = even_points(seed, run // size, size)[run % size : run % size + 1]
    count = kernel.play(stage, given, seed, run, points, work, rows, hours, log)
    events = sorted((_event(prepared, one) for one in log[:count]), key=lambda one: one.at)
    by_hour = tuple(int(one) for one in np.cumsum(hours[0]))
    return Replay(_row(run, rows[0]), by_hour, tuple(events))


def _row(run: int, row: Reals) -> Row:
    return Row(
        run=run,
        arrived=int(row[kernel.ARRIVED]),
        caught=int(row[kernel.CAUGHT]),
        medical=int(row[kernel.MEDICAL]),
        by_car=int(row[kernel.BY_CAR]),
        left_list=int(row[kernel.LEFT]),
        wished=int(row[kernel.WISHED]),
        last=float(row[kernel.LAST]),
        wait=float(row[kernel.WAIT]),
        worst=float(row[kernel.WORST]),
        movements=int(row[kernel.MOVED]),
        theirs=int(row[kernel.THEIRS]),
    )


def _event(prepared: Prepared, line: Reals) -> Event:
    names = prepared.setting.names
    kind = EVENT_KINDS[int(line[1])]
    movement, unit, people, about = (int(one) for one in line[2:6])
    vehicles = names.units[unit] if unit >= 0 else ()
    named = None
    if vehicles:
        more = f" and {len(vehicles) - 1} more" if len(vehicles) > 1 else ""
        named = vehicles[0] + more
    return Event(
        at=float(line[0]),
        kind=kind,
        movement=names.movements[movement] if movement >= 0 else None,
        vehicle=named,
        people=people if people >= 0 else None,
        note=_about(prepared, kind, about),
    )


def _about(prepared: Prepared, kind: str, about: int) -> str:
    names = prepared.setting.names
    if about < 0:
        return ""
    if kind in ("break", "halt ends", "ends for good", "caught"):
        if about < len(names.parties):
            return names.parties[about]
        return "a power outside" if about == OUTSIDE else "the window itself"
    if kind in ("passes", "screened"):
        return names.posts[about] if about < len(names.posts) else ""
    return names.places[about] if about < len(names.places) else ""
