"""Plans of large fleets: rounds of fewest vehicles, kept tours, and a balanced rest.

Knows at which horizon each round tries, and runs several tries of a round side by side. The result
follows from the seed and the number of rounds alone; only when it stops depends on the clock.
"""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from safepassage.planner.tours.balancing import Rides, anneal, rides_of
from safepassage.planner.tours.fewest import fewest_vehicles, keep_whole
from safepassage.planner.tours.pricing import fits
from safepassage.planner.tours.problem import Tour, ToursProblem, faults, makespan

HEATS = ((1.0, 0.03), (0.3, 0.03), (1.0, 0.1), (0.1, 0.03), (0.3, 0.1), (1.0, 0.01))
"""Weight of length, and heat at the start as a part of the horizon, by turns."""


MOVES = 40_000
"""Moves of the first anneal, a vehicle; later ones of the same horizon are longer."""


FEW = 40
"""Fleets up to this size are balanced as a whole by every second try."""

PIECE = 400_000
"""Moves between two looks at the clock."""


@dataclass(frozen=True)
class Try:
    """What one try is to do: everything it depends on."""

    horizon: int
    seed: tuple[int, ...]
    turn: int
    moves: int
    release: int


def improve_fleet(
    problem: ToursProblem,
    best: Sequence[Tour],
    value: int,
    bound: int,
    columns: Sequence[Tour],
    *,
    seed: int,
    until: float,
    workers: int = 2,
    rounds: int = 1_000_000,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Tour], int]:
    """Return the best tours found by `until` (or in so many rounds) and their makespan."""
    found = list(best)
    pool = list(columns)
    share, failed = 0.5, 0
    with ThreadPoolExecutor(workers) as executor:
        for turn in range(rounds):
            if value <= bound or time.monotonic() > until or (stop is not None and stop()):
                break
            # The bound is asked for nearly at once; a plan that stays far is brought near in steps.
            near = bound + math.ceil(bound / 50)
            top = min(value - 1, near if failed < 3 else max(near, int(0.97 * value)))
            horizon = bound + int(share * (top - bound))
            tries = [
                Try(
                    horizon,
                    (seed, turn, worker),
                    turn * workers + worker,
                    MOVES * min(2 ** (failed // 2), 16),
                    release=0 if failed < 2 else 2 * failed,
                )
                for worker in range(workers)
            ]
            work = partial(attempt, problem, best=tuple(found), pool=pool, until=until)
            results = list(executor.map(work, tries))
            met = False
            for tours, columns_made in results:
                pool = _pooled(pool, columns_made)
                if tours is None or faults(problem, tours):
                    continue
                last = makespan(problem, tours)
                if last < value:
                    found, value = tours, last
                    if progress is not None:
                        progress(value)
                met = met or last <= horizon
            if met:
                share, failed = 0.5, 0
            else:
                failed += 1
                share = min(1.0, share + 0.15)
    return found, value


def attempt(
    problem: ToursProblem,
    one: Try,
    *,
    best: Sequence[Tour],
    pool: Sequence[Tour],
    until: float,
) -> tuple[list[Tour] | None, tuple[Tour, ...]]:
    """Return the tours of one try (late or not) and the columns it made."""
    rng = np.random.default_rng(one.seed)
    few = problem.fleet <= FEW and one.turn % 2 == 1
    whole = few or not fits(problem, one.horizon)
    fractional = None
    if not whole:
        fractional = fewest_vehicles(problem, one.horizon, pool, rng, until=until)
    rest = None if fractional is None else keep_whole(problem, fractional, rng, release=one.release)
    columns = () if fractional is None else fractional.columns
    if rest is None:
        # The clock is too fine for the tables, the horizon too short even in fractions, or the
        # fleet so small that most of it would be the rest: balance the plan in hand as a whole.
        rides = rides_of(problem, list(best))
        _balance(rides, one, rng, until)
        return rides.tours(), columns
    rides = rides_of(rest.problem, list(rest.start))
    _balance(rides, one, rng, until)
    return [*rest.kept, *rides.tours()], columns


def _balance(rides: Rides, one: Try, rng: np.random.Generator, until: float) -> None:
    """Anneal all vehicles of some rides towards the horizon of a try, in pieces, while time is."""
    weight, heat = HEATS[one.turn % len(HEATS)]
    vehicles = np.arange(rides.length.size)
    if vehicles.size < 2 or not rides.length.any():
        return
    hot, cold = heat * max(one.horizon, 100), max(0.0005 * one.horizon, 0.2)
    pieces = -(-one.moves * int(vehicles.size) // PIECE)
    for piece in range(pieces):
        if time.monotonic() > until:
            return
        late = anneal(
            rides,
            vehicles,
            moves=min(PIECE, one.moves * int(vehicles.size)),
            target=one.horizon,
            weight=weight,
            hot=hot * (cold / hot) ** (piece / pieces),
            cold=hot * (cold / hot) ** ((piece + 1) / pieces),
            seed=int(rng.integers(1 << 62)),
        )
        if late <= 0:
            return


def _pooled(pool: list[Tour], new: Sequence[Tour]) -> list[Tour]:
    """Return the pool with new columns, in the order they came, the newest thousands only."""
    return list(dict.fromkeys([*pool, *new]))[-6000:]
