"""Plans and bounds of a city: prices first, then tours under these prices, then better tours.

Knows in which order the parts work and for how long; it tells what it has to who asked for it.
"""

import queue
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from safepassage.planner.bounds import COUNTED, Bound, rules_present
from safepassage.planner.budget import Budget, Stop
from safepassage.planner.city.booking import Bookings
from safepassage.planner.city.carry_out import carried_out
from safepassage.planner.city.improve import build, improve
from safepassage.planner.city.prices import Dual, Fares, coarse, coarse_rows, descend, spans_of
from safepassage.planner.city.problem import City, Floats, Outside, read_city, waiting_may_pay
from safepassage.planner.problem import Problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.ways import Ways

COARSE_TICKS = 300
"""Ticks of the horizon on the clock on which prices are found first."""

HEATS = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015)
"""How much the earnings of a vehicle are smoothed, in shares of a twentieth of a full load."""

FINER = ((1_500, (0.03, 0.015, 0.007, 0.004)), (6_000, (0.004, 0.002, 0.001)))
"""Ticks and heats of the clocks on which prices are found after that."""

STEPS = 60
FINE_STEPS = 40

FACTORS = (
    (1.02, 0.95),
    (1.03, 0.955),
    (1.04, 0.96),
    (1.02, 0.955),
    (1.04, 0.95),
    (1.03, 0.95),
    (1.0, 0.9),
    (0.95, 0.8),
)
"""Prices of arrivals and of people under which plans are built, as shares of those of the bound."""

SHARE_OF_PRICES = 0.4
"""Share of the time that the first prices may take."""

SHARE_OF_BUILDS = 0.5
"""Share of the time after which no further plan is built from nothing."""

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
        if not city.exact or waiting_may_pay(city):
            found = read_city(problem, ways, down=True)
            if not isinstance(found, Outside):
                self.lower = found
        self.spans = spans_of(self.lower)
        # Of those who become ready later it is only counted that nobody boards before the first.
        later = any(len(one.ready) > 1 for one in city.crowds)
        counted = {*COUNTED, "longest_on_board"} - ({"ready"} if later else set())
        self.relaxes = tuple(one for one in rules_present(problem) if one not in counted)
        self.exact = Dual(self.lower, self.spans.row, self.spans)
        self.prices: Floats = np.zeros(len(city.crowds) + len(self.spans.limit))
        self.prices[: len(city.crowds)] = 0.3 * float(city.worth.mean())
        self.last = city.horizon
        self.proved = float("inf")

    def price(self, tell: Tell) -> None:
        """Find prices on a coarse clock; tell the bound that they prove."""
        factor = max(1, self.lower.horizon // COARSE_TICKS)
        dual = Dual(coarse(self.lower, factor), coarse_rows(self.spans, factor), self.spans)
        enough = self.budget.over_at(SHARE_OF_PRICES)
        for heat in HEATS:
            if enough():
                break
            self.prices = descend(dual, self.prices, heat * self._unit(), STEPS, enough)
        tell(self._bound(self.prices))
        self.last = self._last(dual, HEATS[-1] * self._unit(), factor)

    def refine(self, stop: Stop) -> Iterator[Floats]:
        """Yield better and better prices, found on finer clocks."""
        prices = self.prices
        for ticks, heats in FINER:
            factor = max(1, self.lower.horizon // ticks)
            dual = Dual(coarse(self.lower, factor), coarse_rows(self.spans, factor), self.spans)
            for heat in heats:
                if stop():
                    return
                prices = descend(dual, prices, heat * self._unit(), FINE_STEPS, stop)
                yield prices

    def _bound(self, prices: Floats) -> Bound:
        return Bound(self.exact.value(prices), "search", self.relaxes)

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

    def plan(self, keep: Keep, tell: Tell) -> None:
        """Build plans under the prices and improve the best; hand on what is better.

        Finer prices are found meanwhile, on another core; where steps are counted, before.
        """
        best = self._built(None, *FACTORS[0], keep)
        if self.budget.iterations is not None:
            for prices in self.refine(self.budget.over):
                self._take(prices, tell)
            best = self._built(best, *FACTORS[0], keep)
            self._improved(best, keep, lambda: None)
            return
        found: queue.SimpleQueue[Floats] = queue.SimpleQueue()
        ended = threading.Event()

        def work() -> None:
            for prices in self.refine(lambda: ended.is_set() or self.budget.over()):
                found.put(prices)

        def hear() -> None:
            while not found.empty():
                self._take(found.get(), tell)

        beside = threading.Thread(target=work, daemon=True)
        beside.start()
        try:
            for arrival, people in FACTORS:
                if self.budget.over_at(SHARE_OF_BUILDS)():
                    break
                hear()
                best = self._built(best, arrival, people, keep)
            self._improved(best, keep, hear)
        finally:
            ended.set()
            beside.join()
            hear()

    def _take(self, prices: Floats, tell: Tell) -> None:
        """Use other prices from now on, and tell their bound, if that is lower."""
        bound = self._bound(prices)
        if bound.value < self.proved:
            self.prices, self.proved = prices, bound.value
            tell(bound)

    def _built(self, best: Bookings | None, arrival: float, people: float, keep: Keep) -> Bookings:
        """Return the better of a plan and one that is built under shares of the prices."""
        made = Bookings(self.city, self.last)
        if best is None:
            # The first tour ever may have to be compiled, which can eat up all the grace that the
            # first plan has: that plan would then end with a few trips.
            Bookings(self.city, self.last).insert(0, self.fares())
            self.budget.begin_try()
        build(made, self.fares().times(people, arrival), self.rng, self.budget.late)
        if best is not None and made.value <= best.value:
            return best
        keep(carried_out(made))
        return made

    def _improved(self, best: Bookings, keep: Keep, hear: Callable[[], None]) -> None:
        """Improve a plan until the time or the steps are over, or nothing helps any more."""
        idle = steps = 0
        better = False
        most = self.budget.iterations
        fares = self.fares()
        while idle < MOST_IDLE and not self.budget.over() and (most is None or steps < most):
            steps += 1
            idle += 1
            if improve(best, fares, self.rng):
                idle, better = 0, True
            if steps % STEPS_BETWEEN == 0:
                hear()
                fares = self.fares()
                if better:
                    better = False
                    keep(carried_out(best))
        if better:
            keep(carried_out(best))
