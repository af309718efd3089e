"""Prove a bound for scenarios with one corridor, and find timetables on the way."""

from collections.abc import Callable

import numpy as np

from safepassage.planner.bounds import Bound
from safepassage.planner.corridor.events import Step
from safepassage.planner.corridor.model import Corridor, Worths, read_corridor
from safepassage.planner.corridor.prices import Prices, Trial
from safepassage.planner.greedy import Policy
from safepassage.planner.problem import Problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.search import Search
from safepassage.planner.ways import Ways

NARROW = 50
WIDE = 400
FIRST_ROUNDS = 5
MOST_ROUNDS = 40


def corridor_of(problem: Problem, ways: Ways) -> Corridor | None:
    """Return the relaxed problem of a scenario with one corridor, None for any other."""
    return read_corridor(problem, ways)


def prove(
    corridor: Corridor,
    search: Search,
    *,
    on_bound: Callable[[Bound], None],
    on_persons: Callable[[Bound], None],
    stop: Callable[[], bool],
    rounds: int | None,
) -> None:
    """Lower the bound under moving prices; offer the timetable of each good chain to a search."""
    worths = Worths(corridor)
    weighted = Prices(corridor, weighted=True, worths=worths)

    def noted(trial: Trial) -> bool:
        if np.isfinite(trial.bound):
            on_bound(Bound(trial.bound, "search", corridor.relaxes))
        for chain in trial.found.chains[:2]:
            _offer(corridor, search, chain, trial.prices, stop)
        best = weighted.best
        return best is None or search.value < best.bound * (1 - 1e-6)

    plain = Prices(corridor, weighted=False, worths=worths)

    def noted_persons(trial: Trial) -> bool:
        if np.isfinite(trial.bound):
            on_persons(Bound(trial.bound, "search", corridor.relaxes))
        return True

    most = MOST_ROUNDS if rounds is None else min(MOST_ROUNDS, rounds)
    same = np.allclose(weighted.values, plain.values)
    pairs = [(weighted, noted)] if same else [(weighted, noted), (plain, noted_persons)]
    # In turns, so that both bounds are useful early; the second turn goes on from the first.
    for share in (FIRST_ROUNDS, most - FIRST_ROUNDS):
        for prices, on_trial in pairs:
            if stop() or share <= 0:
                return
            start = _start(corridor, search.best, prices)
            if prices.best is not None:
                start = prices.best.prices
            prices.improve(
                start, width=NARROW, rounds=min(share, most), stop=stop, on_trial=on_trial
            )
            if same and prices.best is not None:
                on_persons(Bound(prices.best.bound, "search", corridor.relaxes))
    for prices, on_trial in pairs:
        if most > FIRST_ROUNDS + 1 and prices.best is not None and not stop():
            on_trial(prices.trial(prices.best.prices, WIDE, stop))


def _start(corridor: Corridor, schedule: Schedule | None, prices: Prices) -> np.ndarray:
    """Return first prices: what the last of a group was worth, where all of it was carried."""
    start = np.zeros(len(prices.supply))
    if schedule is None:
        return start
    last: dict[str, float] = {}
    for trip in schedule.trips:
        for group in trip.groups:
            worth = corridor.problem.worth(trip.depart, trip.arrive)
            last[group] = min(last.get(group, worth), worth)
    scarce = min((worth for group, worth in last.items() if schedule.left[group] > 0), default=0.0)
    for g, crowd in enumerate(corridor.problem.crowds):
        if schedule.left[crowd.id] <= 0 and crowd.id in last:
            each = prices.values[g]
            start[g] = max(0.0, each * last[crowd.id] - crowd.each * scarce)
    return start


def _offer(
    corridor: Corridor,
    search: Search,
    chain: tuple[Step, ...],
    prices: np.ndarray,
    stop: Callable[[], bool],
) -> None:
    """Offer the timetable of a chain, with and without the prices of room."""
    table = tuple((step.at, corridor.lane.id, corridor.forward == step.outward) for step in chain)
    sequence = tuple(
        (corridor.lane.id, corridor.forward == step.outward, int(step.sent.sum())) for step in chain
    )
    number = len(corridor.problem.crowds)
    rooms = {
        end: float(price)
        for end, price in zip(corridor.ends, prices[number:], strict=True)
        if price > 1e-6
    }
    patient = {(corridor.lane.id, forward): 600 for forward in (True, False)}
    for room_prices in (rooms, {}) if rooms else ({},):
        if stop():
            return
        search.offer(Policy(timetable=table, room_prices=room_prices))
        search.offer(Policy(sequence=sequence, room_prices=room_prices))
        search.offer(
            Policy(
                timetable=table[: 2 * len(table) // 3], patience=patient, room_prices=room_prices
            )
        )
