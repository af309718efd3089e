"""Prices of people and of room: the multipliers under which the event search bounds best.

Any prices give a bound; cutting planes in a box that moves find good ones in few searches.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from safepassage.planner.corridor.events import EventSearch, Found, Step
from safepassage.planner.corridor.gains import Gains, Worths, loads_of, people_values, room_of
from safepassage.planner.corridor.model import Corridor, Part, Pattern
from safepassage.planner.corridor.scarce import Scarce
from safepassage.planner.linear import Linear

FIRST_REACH = 0.1
LEAST_REACH = 0.003
"""How far from the best prices the next ones are looked for, relative to the highest prices."""

WANDER = 0.1
"""Relative change of prices where the cuts lead no further."""

WIDEST = 1600
WIDE_GAP = 5e-4
"""The beam's share of a bound above which it is made wider, up to so many states."""

WIDEST_LATE = 6400
"""The widest beam where time is left after all else."""

COUNTED_WIDTH = 800
COUNTED_WIDEST = 6400
"""Widths of the beam where something is counted: there are more states, and more are left out."""

FIRST_CUT = 0.2
LEAST_CUT = 0.02
LEAST_PRICE = 1e-3
"""By how much of itself the price of what is counted is lowered at first, and at least; below a
share of the highest price there is nothing to lower."""

ROUNDING = 1e-9

CONVERGED = 1e-5
"""Relative difference of bound and cuts at which no prices can do much better."""


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
        self.weighted = weighted
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
        self.tried: list[tuple[np.ndarray, float]] = []
        self.best: Trial | None = None
        self.lowest: Trial | None = None
        self.shares: dict[Scarce, float] = {}
        self.width = 0
        self.rng = np.random.default_rng(0)

    def gains(self, prices: np.ndarray) -> Gains:
        """Return the tables of gains under prices of groups, then of destinations."""
        number = len(self.values)
        return self.worths.gains(self.values, prices[:number], prices[number:])

    def trial(
        self, prices: np.ndarray, width: int, stop: Callable[[], bool], least: float = -1.0
    ) -> Trial:
        """Search under prices and note the cut that the best chain gives.

        States that do not hope for more than `least` are left out: the bound is no lower.
        """
        gains = self.gains(prices)
        fixed = float(prices @ self.supply)
        found = self.search.run(gains, width=width, stop=stop, least=least - fixed)
        made = Trial(prices, found.bound + fixed, found)
        if np.isfinite(made.bound):
            self.tried.append((prices, made.bound))
        if found.chains:
            used = self.used(found.chains[0], gains)
            slope = self.supply - used
            self.cuts.append((found.value + fixed - float(slope @ prices), slope))
        if self.best is None or made.bound < self.best.bound:
            self.best = made
        return made

    def count(
        self,
        scarce: Scarce,
        *,
        stop: Callable[[], bool],
        on_trial: Callable[[Trial], bool],
        floor: Callable[[], float],
        rounds: int | None = None,
    ) -> None:
        """Count one scarce thing under lower and lower prices of it, as long as that helps.

        What is counted needs no price; some price still keeps chains together. With `rounds` there
        are at most so many searches.
        """
        if self.best is None:
            return
        begin = self.best.prices
        priced = list(scarce.priced)
        if begin[priced].max() <= LEAST_PRICE * self.top[priced].max():
            return
        best = (self.best.bound, 1.0)
        step, share, width = FIRST_CUT, 1.0, max(self.width, COUNTED_WIDTH)
        if scarce in self.shares:
            step, share = FIRST_CUT / 4, self.shares[scarce]
            best = (float("inf"), share)
        searched = 0
        while step > LEAST_CUT and not stop():
            for tried in (share - step, share + step):
                if not -1e-9 <= tried < 1.0 or stop():
                    continue
                if rounds is not None and searched >= rounds:
                    return
                searched += 1
                prices = begin.copy()
                prices[priced] *= max(0.0, tried)
                made = self.counted(prices, scarce, width, stop, floor())
                if made.found.dropped_most and width < COUNTED_WIDEST and rounds is None:
                    width *= 2
                if not on_trial(made) or made.bound <= floor() * (1 + ROUNDING):
                    return
                if made.bound < best[0] * (1 - CONVERGED):
                    best = (made.bound, tried)
                    break
            if best[1] == share:
                step /= 2
            share = self.shares[scarce] = best[1]

    def counted(
        self,
        prices: np.ndarray,
        scarce: Scarce,
        width: int,
        stop: Callable[[], bool],
        least: float,
    ) -> Trial:
        """Search under prices, each chain taking no more of what is scarce than there is."""
        fixed = float(prices @ self.supply)
        found = self.search.run(
            self.gains(prices),
            width=width,
            stop=stop,
            least=least - fixed,
            resource=scarce.resource,
        )
        made = Trial(prices, min(found.bound, found.counted) + fixed, found)
        if self.lowest is None or made.bound < self.lowest.bound:
            self.lowest = made
        return made

    def used(self, chain: tuple[Step, ...], gains: Gains) -> np.ndarray:
        """Return the people by group and the persons by destination that a chain carries."""
        used = np.zeros(len(self.supply))
        # Who is out, by part: [moment, pickup, how many], those that went first in front.
        out: list[list[list[int]]] = [[] for _ in self.corridor.parts]
        for step in chain:
            for f in range(len(self.corridor.parts)):
                if step.outward:
                    self._out(used, f, step, gains, out[f])
                else:
                    self._back(used, f, step, gains, out[f])
        for f, part in enumerate(self.corridor.parts):
            for at, p, number in out[f]:
                self._carried(
                    used, part, int(gains.load[f, p, -1, at // self.corridor.step]), number
                )
        return used

    def _out(
        self, used: np.ndarray, f: int, step: Step, gains: Gains, out: list[list[int]]
    ) -> None:
        k = step.at // self.corridor.step
        number = int(step.sent[f].sum())
        if gains.together.shape[1] > 1 and number > 0:
            alone = float((step.sent[f] * gains.seat[f, :, k]).sum())
            if gains.together[f, number, k] < alone - 1e-9:
                part = self.corridor.parts[f]
                if self._together(used, f, number, gains, k):
                    return
                led = min(number, part.led)
                self._spread(used, f, loads_of(part), led, gains, k)
                if number > led:
                    self._carried(used, part, int(gains.free_load[f, k]), number - led)
                return
        out.extend(
            [step.at, p, int(step.sent[f, p])]
            for p in range(len(self.corridor.parts[f].turns))
            if step.sent[f, p] > 0
        )

    def _together(self, used: np.ndarray, f: int, number: int, gains: Gains, k: int) -> bool:
        """Count the people of a convoy where it is they who are too few; say whether it is."""
        groups, program = gains.pooled[f]
        if program.most(number)[k] > gains.together[f, number, k] + 1e-9:
            return False
        crowds = self.corridor.problem.crowds
        for g, people in zip(groups, program.riders(number, k), strict=True):
            used[g] += people
            ends = [one.end for one in loads_of(self.corridor.parts[f]) if g in dict(one.people)]
            end = max(ends, key=lambda e: gains.by_end[f, e, k])
            used[len(crowds) + end] += people * crowds[g].each
        return True

    def _back(
        self, used: np.ndarray, f: int, step: Step, gains: Gains, out: list[list[int]]
    ) -> None:
        """Count the loads of who comes back: to where it had the time to go."""
        part = self.corridor.parts[f]
        left = int(step.sent[f].sum())
        nearest = part.lane_time + min(part.far)
        while left > 0 and out and out[0][0] + nearest <= step.at:
            at, p, number = out[0]
            taken = min(left, number)
            d = 0
            waits = gains.waits[f]
            while d + 1 < len(waits) and at + nearest + waits[d + 1] <= step.at:
                d += 1
            load = int(gains.load[f, p, d, at // self.corridor.step])
            self._carried(used, part, load, taken)
            left -= taken
            out[0][2] -= taken
            if out[0][2] == 0:
                out.pop(0)

    def _carried(self, used: np.ndarray, part: Part, load: int, number: int) -> None:
        if load >= 0:
            self._count(used, loads_of(part)[load], float(number))

    def _spread(
        self, used: np.ndarray, f: int, loads: list[Pattern], left: float, gains: Gains, k: int
    ) -> None:
        """Count vehicles over the destinations, the best first, as far as each takes them in."""
        corridor = self.corridor
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
        floor: Callable[[], float] = lambda: -1.0,
    ) -> None:
        """Move the prices for some rounds; `on_trial` says after each whether to go on.

        No bound below the `floor` is looked for. Each trial lies half way from the best prices so
        far to those with the least of all cuts within reach; the reach shrinks where that does not
        help.
        """
        self.width = max(width, self.width)
        centre = self.trial(start, self.width, stop, floor())
        if not on_trial(centre):
            return
        reach = FIRST_REACH
        for _ in range(rounds):
            if stop():
                return
            proposed, promise = self._least(centre.prices, reach)
            self._widen(centre, promise, floor())
            if proposed is None or promise > centre.bound * (1 - CONVERGED):
                # The cuts lead no further: somewhere near the best prices, then.
                drawn = 1.0 + WANDER * self.rng.standard_normal(len(centre.prices))
                proposed = np.clip(centre.prices * drawn, 0.0, self.top)
            made = self.trial(0.5 * (centre.prices + proposed), self.width, stop, floor())
            if not on_trial(made) or made.bound <= floor() * (1 + ROUNDING):
                return
            if made.bound < centre.bound:
                centre = made
                reach = min(1.0, 1.5 * reach)
            else:
                reach = 0.4 * reach if reach > LEAST_REACH else FIRST_REACH

    def wider(self) -> None:
        """Keep more states from now on."""
        self.width = min(WIDEST_LATE, 2 * self.width)

    def lowest_bound(self) -> float:
        """Return the lowest bound so far."""
        return min(
            (one.bound for one in (self.best, self.lowest) if one is not None),
            default=float("inf"),
        )

    def _widen(self, centre: Trial, promise: float, floor: float) -> None:
        """Keep more states from now on if what the beam dropped matters more than the prices."""
        value = centre.found.value + float(centre.prices @ self.supply)
        dropped = centre.bound - max(value, floor)
        if dropped > WIDE_GAP * (abs(centre.bound) + 1.0) and dropped > value - promise:
            self.width = min(WIDEST, 2 * self.width)

    def _sound(self) -> list[tuple[float, np.ndarray]]:
        """Return the cuts that are nowhere above a bound: what a chain uses is in part a guess."""
        return [
            (constant, slope)
            for constant, slope in self.cuts
            if all(constant + float(slope @ prices) <= bound + 1e-6 for prices, bound in self.tried)
        ]

    def _least(self, centre: np.ndarray, reach: float) -> tuple[np.ndarray | None, float]:
        """Return the prices within reach with the least of all cuts, and that least."""
        program = Linear()
        low = np.maximum(0.0, centre - reach * self.top)
        high = np.minimum(self.top, centre + reach * self.top)
        columns = [
            program.column(0.0, max(0.0, float(b - a))) for a, b in zip(low, high, strict=True)
        ]
        above = program.column(-1.0)
        for constant, slope in self._sound():
            row = [(column, float(s)) for column, s in zip(columns, slope, strict=True) if s]
            program.row([*row, (above, -1.0)], -(constant + float(slope @ low)))
        answer = program.solve(whole=False)
        if answer is None:
            return None, float("inf")
        return low + answer.columns[: len(columns)], float(answer.columns[above])
