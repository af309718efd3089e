"""Plans and bounds of a city: prices first, then tours under these prices, then better tours.

Knows in which order the parts work and for how long; it tells what it has to who asked for it.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from safepassage.planner.bounds import COUNTED, Bound, rules_present
from safepassage.planner.budget import Budget
from safepassage.planner.city.booking import Bookings
from safepassage.planner.city.carry_out import carried_out
from safepassage.planner.city.improve import build, improve
from safepassage.planner.city.prices import Dual, Fares, coarse, coarse_rows, descend, spans_of
from safepassage.planner.city.problem import City, Floats, Outside, read_city
from safepassage.planner.problem import Problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.ways import Ways

COARSE_TICKS = 300
FINE_TICKS = 1_500
"""Ticks of the horizon on the clocks on which prices are found."""

HEATS = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015)
FINE_HEATS = (0.03, 0.015, 0.007)
"""How much the earnings of a vehicle are smoothed, in shares of a twentieth of a full load."""

STEPS = 60
FINE_STEPS = 40

FIRST_FACTORS = ((1.02, 0.95), (1.04, 0.96), (1.0, 0.92), (0.95, 0.8))
"""Prices of arrivals and of people under which plans are built, as shares of those of the bound."""

STEPS_BETWEEN = 200
"""Improvements tried between two plans that are handed on."""

MOST_IDLE = 4_000

Keep = Callable[[Schedule], None]
Tell = Callable[[Bound], None]


class CitySolver:
    """One solve of a city."""

    def __init__(
        self,
        problem: Problem,
        ways: Ways,
        city: City,
        budget: Budget,
        rng: random.Random,
    ) -> None:
        self.city = city
        self.budget = budget
        self.rng = rng
        self.lower = city
        if not city.exact:
            found = read_city(problem, ways, down=True)
            if not isinstance(found, Outside):
                self.lower = found
        self.spans = spans_of(self.lower)
        self.relaxes = tuple(
            one for one in rules_present(problem) if one not in {*COUNTED, "longest_on_board"}
        )
        self.exact = Dual(self.lower, self.spans.row, self.spans)
        self.prices: Floats = np.zeros(len(city.crowds) + len(self.spans.limit))
        self.prices[: len(city.crowds)] = 0.3 * float(city.worth.mean())
        self.last = city.horizon

    def price(self, tell: Tell) -> None:
        """Find prices, first on a coarse clock; tell the bound that they prove."""
        for ticks, heats, steps in (
            (COARSE_TICKS, HEATS, STEPS),
            (FINE_TICKS, FINE_HEATS, FINE_STEPS),
        ):
            factor = max(1, self.lower.horizon // ticks)
            dual = Dual(coarse(self.lower, factor), coarse_rows(self.spans, factor), self.spans)
            unit = self._unit()
            for heat in heats:
                if self.budget.over():
                    return
                self.prices = descend(dual, self.prices, heat * unit, steps)
            tell(Bound(self.exact.value(self.prices), "search", self.relaxes))
            self.last = self._last(dual, heats[-1] * unit, factor)

    def price_persons(self, tell: Tell) -> None:
        """Find prices that bound the persons who arrive, whatever the weights; tell the bound."""
        alike = replace(self.lower, worth=self.lower.each.astype(float))
        factor = max(1, alike.horizon // COARSE_TICKS)
        dual = Dual(coarse(alike, factor), coarse_rows(self.spans, factor), self.spans)
        prices = self.prices.copy()
        for heat in HEATS:
            if self.budget.over():
                break
            prices = descend(dual, prices, heat * self._unit(), STEPS)
        tell(Bound(Dual(alike, self.spans.row, self.spans).value(prices), "search", self.relaxes))

    def _unit(self) -> float:
        """Return a twentieth of what a full load of the usual vehicle is worth."""
        return max(
            1e-6, float(np.median(self.city.seats.max(axis=1)) * self.city.worth.mean() / 20)
        )

    def _last(self, dual: Dual, heat: float, factor: int) -> int:
        """Return a tick by which nearly all that pays has arrived, with room behind it."""
        arrive = dual.arrivals(self.prices, heat)
        total = np.cumsum(arrive.sum(axis=0))
        if total[-1] <= 0:
            return self.city.horizon
        reached = int(np.searchsorted(total, 0.999 * total[-1])) + 1
        longest = int(self.city.unload.max())
        return min(self.city.horizon, reached * factor * 5 // 4 + longest + 1)

    def fares(self) -> Fares:
        """Return the prices by crowd, and by destination and tick."""
        found = self.exact.fares(self.prices)
        arrival = np.ascontiguousarray(found.arrival[:, : self.city.horizon + 1])
        return Fares(found.people, arrival)

    def plan(self, keep: Keep) -> None:
        """Build plans under the prices and improve the best; hand on what is better."""
        fares = self.fares()
        best: Bookings | None = None
        for arrival, people in FIRST_FACTORS:
            if best is not None and self.budget.over():
                break
            made = Bookings(self.city, self.last)
            build(made, fares.times(people, arrival), self.rng, self.budget.late)
            if best is None or made.value > best.value:
                best = made
                keep(carried_out(best))
        if best is None:
            return
        idle = steps = 0
        better = False
        most = self.budget.iterations
        while idle < MOST_IDLE and not self.budget.over() and (most is None or steps < most):
            steps += 1
            idle += 1
            if improve(best, fares, self.rng):
                idle, better = 0, True
            if better and steps % STEPS_BETWEEN == 0:
                better = False
                keep(carried_out(best))
        if better:
            keep(carried_out(best))
