"""Prove a bound for scenarios with one corridor, and find timetables on the way."""

from collections.abc import Callable

import numpy as np

from safepassage.planner.bounds import Bound
from safepassage.planner.corridor.assign import Timed, assign
from safepassage.planner.corridor.events import Step
from safepassage.planner.corridor.gains import Worths
from safepassage.planner.corridor.model import Corridor, read_corridor
from safepassage.planner.corridor.prices import Prices, Trial
from safepassage.planner.corridor.scarce import scarce_of
from safepassage.planner.corridor.timetables import may_run
from safepassage.planner.problem import Problem
from safepassage.planner.ways import Ways

NARROW = 100

TURNS = (12, 4, 12, 8, 60, 60)
"""Rounds of the prices for the value, then for persons, and so on.

After those for the value scarce things are counted.
"""

MORE_TURNS = 20
LATE_ROUNDS = 12
CLOSED = 1e-4
"""Turns after those, and rounds of each, while the bound is so much above what timetables reach."""


def corridor_of(problem: Problem, ways: Ways) -> Corridor | None:
    """Return the relaxed problem of a scenario with one corridor, None for any other."""
    return read_corridor(problem, ways)


def prove(
    corridor: Corridor,
    start: Timed,
    *,
    on_bound: Callable[[Bound], None],
    on_persons: Callable[[Bound], None],
    on_convoys: Callable[[Timed], object],
    stop: Callable[[], bool],
    rounds: int | None,
) -> None:
    """Lower the bound under moving prices; tell of the timetable of each good chain of convoys.

    `start` is a timetable whose prices are tried first. With `rounds` there are at most so many
    rounds for the value and for persons each, and searches in which something is counted.
    """
    worths = Worths(corridor)
    weighted = Prices(corridor, weighted=True, worths=worths)
    plain = Prices(corridor, weighted=False, worths=worths)
    same = bool(np.allclose(weighted.values, plain.values))
    scarce = scarce_of(corridor, worths.classes)
    told: set[Timed] = set()
    reached = -1.0

    def judged(convoys: Timed) -> None:
        nonlocal reached
        loads = assign(corridor, convoys, whole=False) if may_run(corridor, convoys) else None
        if loads is not None:
            reached = max(reached, loads.value)

    def tell(trial: Trial) -> None:
        fresh = [one for one in map(timed, trial.found.chains) if one and one not in told]
        if fresh:
            judged(fresh[0])
        for convoys in fresh:
            told.add(convoys)
            on_convoys(convoys)

    def noted(trial: Trial) -> bool:
        if np.isfinite(trial.bound):
            on_bound(Bound(trial.bound, "search", corridor.relaxes))
            if same:
                on_persons(Bound(trial.bound, "search", corridor.relaxes))
        tell(trial)
        return not stop()

    def noted_persons(trial: Trial) -> bool:
        if np.isfinite(trial.bound):
            on_persons(Bound(trial.bound, "search", corridor.relaxes))
        return not stop()

    def floor() -> float:
        # No bound is below what the best loads of a timetable are worth.
        return reached

    judged(start)
    pairs = [(weighted, noted)] if same else [(weighted, noted), (plain, noted_persons)]
    for turn, most in enumerate(TURNS):
        if same and turn % 2:
            continue
        prices, on_trial = pairs[turn % 2]
        if stop():
            return
        begin = _first_prices(corridor, start, prices)
        if prices.best is not None:
            begin = prices.best.prices
        number = most if rounds is None else min(most, rounds)
        prices.improve(
            begin,
            width=NARROW,
            rounds=number,
            stop=stop,
            on_trial=on_trial,
            floor=floor if prices is weighted else lambda: -1.0,
        )
        if prices is weighted:
            for one in scarce:
                weighted.count(one, stop=stop, on_trial=noted, floor=floor, rounds=rounds)
    # Time is left: wider and wider, as long as bound and timetables are apart.
    for _ in range(MORE_TURNS if rounds is None else 0):
        if stop() or weighted.best is None or weighted.lowest_bound() <= reached * (1 + CLOSED):
            return
        weighted.wider()
        weighted.improve(
            weighted.best.prices, width=NARROW, rounds=LATE_ROUNDS, stop=stop, on_trial=noted,
            floor=floor,
        )  # fmt: skip
        for one in scarce:
            weighted.count(one, stop=stop, on_trial=noted, floor=floor, rounds=None)


def timed(chain: tuple[Step, ...]) -> Timed:
    """Return when the convoys of a chain enter."""
    return tuple((step.at, step.outward) for step in chain)


def _first_prices(corridor: Corridor, start: Timed, prices: Prices) -> np.ndarray:
    """Return first prices: what one more person would add to a timetable's best loads."""
    loads = assign(corridor, start, whole=False, weighted=prices.weighted) if start else None
    if loads is None:
        return np.zeros(len(prices.supply))
    first: np.ndarray = np.minimum(loads.prices, prices.top)
    return first
