"""One tours problem, as well as the time allows: a plan, a bound, and how the bound is known.

Knows the order of the methods: a greedy plan at once, the bound by column generation with its
certificate, then the exact model where the clock is small, and rounding, balancing and polishing
where it is not.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from safepassage.planner.tours.apart import can_search_apart, search_apart
from safepassage.planner.tours.arcflow import size
from safepassage.planner.tours.bounds import in_whole_loads, quick_bound
from safepassage.planner.tours.certificate import Certificate
from safepassage.planner.tours.chosen import is_few, pick, raise_bound
from safepassage.planner.tours.columns import bound_in_steps
from safepassage.planner.tours.connected import Lengths, Shortest, shortest
from safepassage.planner.tours.exact import can_search, search_upward
from safepassage.planner.tours.fleet import improve_fleet
from safepassage.planner.tours.greedy import soonest_first
from safepassage.planner.tours.pricing import fits
from safepassage.planner.tours.problem import (
    NEVER,
    Tour,
    ToursProblem,
    faults,
    makespan,
    span,
    symmetric,
)

Progress = Callable[[float, int | None, int], None]
"""Called with the seconds so far, the makespan of the best plan (None: no plan) and the bound."""

ROUNDS_BEFORE_EXACT = 6
"""Rounds of the fleet search before the exact model is asked, where it can be built."""

ROUNDS_OF_FEW = 12
"""Rounds of the fleet search before tours are chosen one by one."""

HEAVY = 20_000
"""Columns from which the exact model may fail in any time: it shares what is left of the limit."""

TINY = 2000
"""Columns up to which the exact model answers sooner than a second round would."""

TWO = 2
"""Vehicles up to which each is planned with a flow of its own, whatever the clock."""

SHORT = 3500
"""Columns of the exact model up to which it is asked before flows by vehicle are."""

MOST_LENGTHS = 200
"""Loads a vehicle and vehicles up to which the least length of all tours is asked for."""

MOST_ROUNDS = 1_000_000

Known = Literal["certificate", "lp_optimal", "search"]


@dataclass(frozen=True)
class Solution:
    """The best tours found, a proved bound (ticks), and how the bound is known.

    `tours` is None where no plan was found; a bound of NEVER says that there is none. `certified`
    is the problem of whole loads that the certificate speaks of; `lengths` are prices that show the
    bound where the least length of all tours does.
    """

    tours: tuple[Tour, ...] | None
    value: int | None
    bound: int
    known: Known
    certificate: Certificate | None
    certified: ToursProblem | None
    lengths: Lengths | None = None

    @property
    def proved(self) -> bool:
        """Whether no better plan exists."""
        return self.value is not None and self.value <= self.bound


def solve_tours(
    problem: ToursProblem,
    *,
    limit: float,
    seed: int,
    rounds: int = MOST_ROUNDS,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """Return the best plan and the best bound found within `limit` seconds.

    Where the limit is not reached first, the seed and the number of `rounds` of the fleet search
    alone decide the result.
    """
    began = time.monotonic()
    until = began + limit
    quick = quick_bound(problem)
    if quick >= NEVER:
        return Solution(None, None, NEVER, "lp_optimal", None, None)
    best, value = _first(problem)
    bound, certificate, certified, lengths = quick, None, None, None
    by_length = _by_length(problem, began + limit / 3, stop)
    if by_length is not None:
        least = -(-by_length.bound // problem.fleet)
        if by_length.tour is not None and span(problem, by_length.tour) < value:
            best, value = [by_length.tour], span(problem, by_length.tour)
        if least >= bound:
            bound, lengths = least, by_length.lengths
            if value <= bound:
                if progress is not None:
                    progress(time.monotonic() - began, value, bound)
                how: Known = "search" if lengths is None else "certificate"
                return Solution(tuple(best), value, bound, how, None, None, lengths)
    columns: list[Tour] = []
    for one in in_whole_loads(problem):
        if not fits(one, quick):
            break
        found = bound_in_steps(
            one, max(bound - 1, 0), best, until=began + limit / 2, at_most=value, stop=stop
        )
        columns += found.master.tours
        if found.certificate is not None and found.value >= bound:
            bound, certificate, certified = found.value, found.certificate, one
            lengths = None

    def tell(makespan_now: int) -> None:
        if progress is not None:
            progress(time.monotonic() - began, makespan_now, bound)

    shown = certificate is not None or lengths is not None
    known: Known = "certificate" if shown else "lp_optimal"
    if progress is not None:
        progress(time.monotonic() - began, value if value < NEVER else None, bound)
    small = can_search(problem, bound)
    few = problem.fleet <= TWO and size(problem, bound) > SHORT
    if value > bound and can_search_apart(problem) and (few or not small):
        now = time.monotonic()
        apart = search_apart(problem, bound, value, until=now + 0.6 * (until - now), stop=stop)
        if apart.bound > bound:
            bound, known = apart.bound, "search"
        if apart.tours is not None and apart.value is not None:
            best, value = list(apart.tours), apart.value
            tell(value)
    if not small and is_few(problem) and fits(problem, bound):
        best, value = improve_fleet(
            problem,
            best,
            value,
            bound,
            columns,
            seed=seed,
            until=time.monotonic() + 0.2 * (until - time.monotonic()),
            rounds=min(rounds, ROUNDS_OF_FEW),
            stop=stop,
            progress=tell,
        )
    if not small and is_few(problem) and value < NEVER and fits(problem, value):
        best, value, raised = _few(problem, best, value, bound, columns, seed, until, stop)
        if raised > bound:
            bound, known = raised, "search"
        tell(value)
    # Where people fill a destination in parts of a load, full loads alone are a plan as well.
    full = replace(problem, seats=1, people=(), places=())
    if sum(full.room) >= full.total and (best or fits(full, bound)):
        best, value = improve_fleet(
            full,
            best,
            value,
            bound,
            columns,
            seed=seed,
            until=_part(problem, bound, until, 0.4),
            rounds=_first_rounds(problem, bound, rounds),
            stop=stop,
            progress=tell,
        )
    exact_until = _part(problem, bound, until, 0.6)
    searched = search_upward(problem, bound, value, until=exact_until, stop=stop)
    if searched.bound > bound:
        bound, known = searched.bound, "search"
    if searched.tours is not None:
        best, value = list(searched.tours), makespan(problem, searched.tours)
    if small and NEVER > value > bound:
        # The exact model was too large or too slow: use what is left of the time.
        best, value = improve_fleet(
            full,
            best,
            value,
            bound,
            columns,
            seed=seed + 1,
            until=until,
            rounds=rounds,
            stop=stop,
            progress=tell,
        )
    if progress is not None:
        progress(time.monotonic() - began, value if value < NEVER else None, bound)
    return Solution(
        tuple(best) if value < NEVER else None,
        value if value < NEVER else None,
        bound,
        known,
        certificate if known == "certificate" else None,
        certified if known == "certificate" else None,
        lengths if known == "certificate" else None,
    )


def _by_length(
    problem: ToursProblem, until: float, stop: Callable[[], bool] | None
) -> Shortest | None:
    """Return the least length of all tours, where there are few vehicles and not too many loads."""
    if not 0 < problem.fleet <= MOST_LENGTHS or problem.total > MOST_LENGTHS * problem.fleet:
        return None
    return shortest(problem, until=until, stop=stop)


def _few(
    problem: ToursProblem,
    best: list[Tour],
    value: int,
    bound: int,
    columns: list[Tour],
    seed: int,
    until: float,
    stop: Callable[[], bool] | None,
) -> tuple[list[Tour], int, int]:
    """Return (tours, makespan, bound) of a fleet so small that tours can be chosen one by one."""
    now = time.monotonic()
    found, value, bound = raise_bound(
        problem, bound, best, value, columns, until=now + 0.3 * (until - now), stop=stop
    )
    rng = np.random.default_rng(seed)
    pool: tuple[Tour, ...] = tuple(columns)
    for share in (0.02, 0.01):
        horizon = min(value - 1, bound + int(share * bound))
        now = time.monotonic()
        if horizon < bound or (stop is not None and stop()):
            break
        chosen, pool = pick(problem, horizon, pool, rng, until=now + 0.3 * (until - now))
        if chosen is not None and not faults(problem, chosen):
            last = makespan(problem, chosen)
            if last < value:
                found, value = list(chosen), last
    columns += [one for one in pool if one not in set(columns)]
    return found, value, bound


def _first_rounds(problem: ToursProblem, bound: int, rounds: int) -> int:
    """Return the rounds of the fleet search that come before the exact model, if that follows."""
    if not can_search(problem, bound):
        return rounds
    columns = size(problem, bound)
    if columns > HEAVY:
        return rounds
    return min(rounds, 1 if columns <= TINY else ROUNDS_BEFORE_EXACT)


def _part(problem: ToursProblem, bound: int, until: float, share: float) -> float:
    """Return until when a method may run: a share of what is left where the model is heavy."""
    if size(problem, bound) <= HEAVY or not can_search(problem, bound):
        return until
    now = time.monotonic()
    return now + share * (until - now)


def _first(problem: ToursProblem) -> tuple[list[Tour], int]:
    """Return the greedy plan and its makespan, or nothing and NEVER."""
    tours = soonest_first(problem)
    if faults(problem, tours):
        return [], NEVER
    return tours, makespan(problem, tours)


def prepare() -> None:
    """Compile what will be needed, so that a time limit is spent on the problem alone."""
    small = symmetric("warm-up", [2, 1], [2, 2], [2], [[1, 2]], [[3, 4], [5, 6]])
    solve_tours(small, limit=5.0, seed=1)
