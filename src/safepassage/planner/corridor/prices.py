"""Prices of people and of room: the multipliers under which the event search bounds best.

Any prices give a bound; cutting planes in a box that moves find good ones in few searches.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from safepassage.planner.corridor.events import EventSearch, Found, Step
from safepassage.planner.corridor.model import (
    Corridor,
    Gains,
    Pattern,
    Worths,
    people_values,
    room_of,
)
from safepassage.planner.linear import Linear


@dataclass(frozen=True)
class Trial:
    """One search under prices: the bound in the units of the plan, and what it found."""

    prices: np.ndarray
    bound: float
    found: Found


class Prices:
    """Looks for the prices with the lowest bound."""

    def __init__(self, corridor: Corridor, *, weighted: bool, worths: Worths | None = None) -> None:
        self.corridor = corridor
        self.worths = Worths(corridor) if worths is None else worths
        self.values = people_values(corridor, weighted=weighted)
        self.search = EventSearch(corridor)
        crowds = corridor.problem.crowds
        room = room_of(corridor)
        self.rooms = np.isfinite(room)
        self.supply = np.concatenate(
            [np.array([float(one.total) for one in crowds]), np.where(self.rooms, room, 0.0)]
        )
        self.top = np.concatenate([self.values, np.where(self.rooms, self.values.max(), 0.0)])
        self.cuts: list[tuple[float, np.ndarray]] = []
        self.best: Trial | None = None

    def gains(self, prices: np.ndarray) -> Gains:
        """Return the tables of gains under prices of groups, then of destinations."""
        number = len(self.values)
        return self.worths.gains(self.values, prices[:number], prices[number:])

    def trial(
        self, prices: np.ndarray, width: int, stop: Callable[[], bool], least: float = -1.0
    ) -> Trial:
        """Search under prices and note the cut that the best chain gives."""
        gains = self.gains(prices)
        fixed = float(prices @ self.supply)
        found = self.search.run(gains, width=width, stop=stop, least=least - fixed)
        made = Trial(prices, found.bound + fixed, found)
        if found.chains:
            used = self.used(found.chains[0], gains)
            slope = self.supply - used
            self.cuts.append((found.value + fixed - float(slope @ prices), slope))
        if self.best is None or made.bound < self.best.bound:
            self.best = made
        return made

    def used(self, chain: tuple[Step, ...], gains: Gains) -> np.ndarray:
        """Return the people by group and the persons by destination that a chain carries."""
        used = np.zeros(len(self.supply))
        shared = gains.together.shape[1] > 1
        for step in chain:
            if not step.outward:
                continue
            k = step.at // self.corridor.step
            for f, part in enumerate(self.corridor.parts):
                if shared:
                    self._spread(used, f, float(step.sent[f].sum()), gains, k)
                    continue
                for p, turn in enumerate(part.turns):
                    index = int(gains.best[f, p, k])
                    if step.sent[f, p] > 0 and index >= 0:
                        self._count(used, turn.patterns[index], float(step.sent[f, p]))
        return used

    def _spread(self, used: np.ndarray, f: int, left: float, gains: Gains, k: int) -> None:
        """Count vehicles over the destinations, the best first, as far as each takes them in."""
        corridor = self.corridor
        loads = [one for turn in corridor.parts[f].turns for one in turn.patterns]
        for e in np.argsort(-gains.by_end[f, :, k], kind="stable"):
            load = int(gains.end_load[f, e, k])
            if load < 0 or left <= 0:
                return
            intake = corridor.problem.sites[corridor.ends[e]].intake
            persons = sum(
                people * corridor.problem.crowds[g].each for g, people in loads[load].people
            )
            taken = left if intake is None else min(left, intake[0] / max(persons, 1e-9))
            self._count(used, loads[load], taken)
            left -= taken

    def _count(self, used: np.ndarray, pattern: Pattern, vehicles: float) -> None:
        crowds = self.corridor.problem.crowds
        for g, people in pattern.people:
            used[g] += vehicles * people
            used[len(crowds) + pattern.end] += vehicles * people * crowds[g].each

    def improve(
        self,
        start: np.ndarray,
        *,
        width: int,
        rounds: int,
        stop: Callable[[], bool],
        on_trial: Callable[[Trial], bool],
    ) -> None:
        """Move the prices for some rounds; `on_trial` says after each whether to go on."""
        centre = self.trial(start, width, stop)
        if not on_trial(centre):
            return
        reach = 0.25
        for _ in range(rounds):
            if stop() or reach < 0.002:
                return
            proposed, promise = self._next(centre.prices, reach)
            if proposed is None or promise > centre.bound - 1e-6 * max(1.0, abs(centre.bound)):
                reach *= 2.0
                if reach > 2.0:
                    return
                continue
            made = self.trial(proposed, width, stop)
            if not on_trial(made):
                return
            gained = centre.bound - made.bound
            if gained > 0.0:
                if gained > 0.5 * (centre.bound - promise):
                    reach = min(1.0, reach * 1.5)
                centre = made
            else:
                reach *= 0.4

    def _next(self, centre: np.ndarray, reach: float) -> tuple[np.ndarray | None, float]:
        """Return the prices in the box with the least of all cuts, and that least."""
        program = Linear()
        low = np.maximum(0.0, centre - reach * self.top)
        high = np.minimum(self.top, centre + reach * self.top)
        columns = [
            program.column(0.0, max(0.0, float(b - a))) for a, b in zip(low, high, strict=True)
        ]
        above = program.column(-1.0)
        for constant, slope in self.cuts:
            row = [(column, float(s)) for column, s in zip(columns, slope, strict=True) if s]
            program.row([*row, (above, -1.0)], -(constant + float(slope @ low)))
        answer = program.solve(whole=False)
        if answer is None:
            return None, float("inf")
        prices = low + answer.columns[: len(columns)]
        return prices, float(answer.columns[above])
