"""Prices of people and of arrivals under which the whole fleet earns least: the dual of the city.

Every vehicle takes the tour that earns it most. A person of a crowd costs `people[c]`, an arrival
at a destination costs the price of its span of time. For any prices not below 0 what the fleet
earns, with the prices times what there is, is a bound; here a smooth form of that sum is made as
small as it gets.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from safepassage.planner.city.problem import NEVER, City, Floats, Ticks, first_crowds


@dataclass(frozen=True)
class Fares:
    """What the people of a crowd cost, and an arrival at a destination at a tick."""

    people: Floats
    arrival: Floats

    def times(self, people: float, arrival: float) -> "Fares":
        """Return the fares, each part times a factor."""
        return Fares(self.people * people, self.arrival * arrival)


@dataclass(frozen=True)
class Spans:
    """Spans of time at each destination with a limit of arrivals, and the rooms, as rows.

    `row[s, t]` is the row of an arrival at s at tick t (-1: none), `limit[r]` the persons of a row;
    `room_row[s]` the row of the room of s (-1: it never fills up).
    """

    row: Ticks
    room_row: Ticks
    limit: Floats


def spans_of(city: City) -> Spans:
    """Return the spans: one after the other from the first possible arrival on."""
    row = np.full((len(city.gates), city.horizon + 1), -1, dtype=np.int64)
    room_row = np.full(len(city.gates), -1, dtype=np.int64)
    limits: list[float] = []
    total = float((city.totals * city.each).sum())
    for s in range(len(city.gates)):
        if city.intake[s] >= 0 and city.per[s] > 0:
            first = _first_arrival(city, s)
            number = 0
            for begin in range(first, city.horizon + 1, int(city.per[s])):
                row[s, begin : begin + int(city.per[s])] = len(limits) + number
                number += 1
            limits.extend([float(city.intake[s])] * number)
        if 0 <= city.room[s] < total:
            room_row[s] = len(limits)
            limits.append(float(city.room[s]))
    return Spans(row, room_row, np.array(limits))


def _first_arrival(city: City, s: int) -> int:
    begins = city.start + city.load[city.yard_kind][:, None]
    begins = np.maximum(begins, city.opening) + city.out[city.yard_kind, :, s]
    return int(min(max(int(begins.min()), int(city.opens[s])), city.horizon + 1))


def coarse(city: City, factor: int) -> City:
    """Return a city on a clock that is `factor` times as coarse, times rounded to the nearest."""

    def near(table: Ticks) -> Ticks:
        return np.where(table < NEVER, (table + factor // 2) // factor, NEVER)

    horizon = city.horizon // factor
    moments = np.minimum(np.arange(horizon + 1) * factor, city.horizon)
    return replace(
        city,
        tick=city.tick * factor,
        exact=False,
        horizon=horizon,
        out=np.maximum(near(city.out), 1),
        back=near(city.back),
        load=near(city.load),
        unload=near(city.unload),
        start=near(city.start),
        ready=city.ready[:, moments],
        opens=near(city.opens),
        opening=(city.opening + factor // 2) // factor,
        holds=city.holds[moments],
        leaving=city.leaving[moments],
    )


def coarse_rows(spans: Spans, factor: int) -> Ticks:
    """Return the row of each arrival on a coarser clock."""
    return np.ascontiguousarray(spans.row[:, ::factor])


@numba.njit(cache=True, nogil=True)
def _soft(
    heat: float,
    horizon: int,
    out: Ticks,
    back: Ticks,
    load: Ticks,
    unload: Ticks,
    seats: Ticks,
    yard_kind: Ticks,
    numbers: Ticks,
    start: Ticks,
    first: Ticks,
    slot: Ticks,
    uses: Ticks,
    each: Ticks,
    worth: Floats,
    wants: NDArray[np.bool_],
    ready: Ticks,
    opens: Ticks,
    opening: int,
    holds: Floats,
    leaving: Floats,
    rho: float,
    people: Floats,
    arrival: Floats,
    sum_people: Floats,
    sum_arrival: Floats,
) -> float:  # pragma: no cover - compiled
    """Return what the fleet earns, smoothed; add up who is carried and when they arrive."""
    kinds, pickups, gates = out.shape
    slots = seats.shape[1]
    total = 0.0
    # Of one slot kind a load may cost more than it earns: smooth there; of several it is left out.
    low = -1e300 if slots == 1 else 0.0
    e = np.zeros((horizon + 1, pickups))
    f = np.zeros((horizon + 1, gates))
    ne = np.zeros((horizon + 1, pickups))
    nf = np.zeros((horizon + 1, gates))
    earn = np.zeros((pickups, gates))
    best = np.zeros(slots)
    who = np.zeros(slots, dtype=np.int64)
    for k in range(kinds):
        e[horizon, :] = 0.0
        f[horizon, :] = 0.0
        for t in range(horizon - 1, -1, -1):
            depart = t + load[k]
            for p in range(pickups):
                stay = e[t + 1, p]
                most = stay
                for s in range(gates):
                    arrive = depart + out[k, p, s]
                    earn[p, s] = -1e300
                    if arrive + unload[k] > horizon or depart < opening or arrive < opens[s]:
                        continue
                    w = holds[arrive] - rho * (leaving[depart] - holds[arrive])
                    for q in range(slots):
                        best[q] = low
                    for c in range(first[p], first[p + 1]):
                        if wants[c, s] and ready[c, t] > 0:
                            one = (worth[c] * w - people[c] - each[c] * arrival[s, arrive]) / uses[
                                c
                            ]
                            best[slot[c]] = max(best[slot[c]], one)
                    value = 0.0
                    for q in range(slots):
                        value += best[q] * seats[k, q]
                    if value > -1e200:
                        earn[p, s] = value + f[arrive + unload[k], s]
                        most = max(most, earn[p, s])
                z = np.exp((stay - most) / heat)
                for s in range(gates):
                    if earn[p, s] > most - 30.0 * heat:
                        z += np.exp((earn[p, s] - most) / heat)
                e[t, p] = most + heat * np.log(z)
            for s in range(gates):
                stay = f[t + 1, s]
                most = stay
                for p in range(pickups):
                    if t + back[k, s, p] <= horizon:
                        most = max(most, e[t + back[k, s, p], p])
                z = np.exp((stay - most) / heat)
                for p in range(pickups):
                    if t + back[k, s, p] <= horizon:
                        one = e[t + back[k, s, p], p]
                        if one > most - 30.0 * heat:
                            z += np.exp((one - most) / heat)
                f[t, s] = most + heat * np.log(z)
        ne[:, :] = 0.0
        nf[:, :] = 0.0
        for y in range(yard_kind.size):
            if yard_kind[y] != k:
                continue
            most = 0.0
            for p in range(pickups):
                if start[y, p] <= horizon:
                    most = max(most, e[start[y, p], p])
            z = np.exp(-most / heat)
            for p in range(pickups):
                if start[y, p] <= horizon:
                    z += np.exp((e[start[y, p], p] - most) / heat)
            total += numbers[y] * (most + heat * np.log(z))
            for p in range(pickups):
                if start[y, p] <= horizon:
                    ne[start[y, p], p] += numbers[y] * np.exp((e[start[y, p], p] - most) / heat) / z
        for t in range(horizon):
            depart = t + load[k]
            for s in range(gates):
                number = nf[t, s]
                if number < 1e-9:
                    continue
                rest = number * np.exp((f[t + 1, s] - f[t, s]) / heat)
                nf[t + 1, s] += rest
                for p in range(pickups):
                    if t + back[k, s, p] <= horizon:
                        d = (e[t + back[k, s, p], p] - f[t, s]) / heat
                        if d > -30.0 and back[k, s, p] > 0:
                            ne[t + back[k, s, p], p] += number * np.exp(d)
                        elif d > -30.0:
                            ne[t, p] += number * np.exp(d)
            for p in range(pickups):
                number = ne[t, p]
                if number < 1e-9:
                    continue
                ne[t + 1, p] += number * np.exp((e[t + 1, p] - e[t, p]) / heat)
                for s in range(gates):
                    arrive = depart + out[k, p, s]
                    if arrive + unload[k] > horizon or depart < opening or arrive < opens[s]:
                        continue
                    w = holds[arrive] - rho * (leaving[depart] - holds[arrive])
                    for q in range(slots):
                        best[q] = low
                        who[q] = -1
                    for c in range(first[p], first[p + 1]):
                        if wants[c, s] and ready[c, t] > 0:
                            one = (worth[c] * w - people[c] - each[c] * arrival[s, arrive]) / uses[
                                c
                            ]
                            if one > best[slot[c]]:
                                best[slot[c]] = one
                                who[slot[c]] = c
                    value = 0.0
                    for q in range(slots):
                        value += best[q] * seats[k, q]
                    if value <= -1e200:
                        continue
                    d = (value + f[arrive + unload[k], s] - e[t, p]) / heat
                    if d < -30.0:
                        continue
                    flow = number * np.exp(d)
                    nf[arrive + unload[k], s] += flow
                    for q in range(slots):
                        c = who[q]
                        if c >= 0:
                            on = flow * seats[k, q] / uses[c]
                            sum_people[c] += on
                            sum_arrival[s, arrive] += on * each[c]
    return total


@numba.njit(cache=True, nogil=True)
def _hard(
    horizon: int,
    out: Ticks,
    back: Ticks,
    load: Ticks,
    unload: Ticks,
    seats: Ticks,
    yard_kind: Ticks,
    numbers: Ticks,
    start: Ticks,
    first: Ticks,
    slot: Ticks,
    uses: Ticks,
    each: Ticks,
    worth: Floats,
    wants: NDArray[np.bool_],
    ready: Ticks,
    opens: Ticks,
    opening: int,
    holds: Floats,
    leaving: Floats,
    rho: float,
    people: Floats,
    arrival: Floats,
) -> float:  # pragma: no cover - compiled
    """Return what the fleet earns at most under prices."""
    kinds, pickups, gates = out.shape
    slots = seats.shape[1]
    total = 0.0
    e = np.zeros((horizon + 1, pickups))
    f = np.zeros((horizon + 1, gates))
    best = np.zeros(slots)
    for k in range(kinds):
        e[horizon, :] = 0.0
        f[horizon, :] = 0.0
        for t in range(horizon, -1, -1):
            depart = t + load[k]
            for p in range(pickups):
                most = e[t + 1, p] if t < horizon else 0.0
                for s in range(gates):
                    arrive = depart + out[k, p, s]
                    if arrive > horizon or depart < opening or arrive < opens[s]:
                        continue
                    w = holds[arrive] - rho * (leaving[depart] - holds[arrive])
                    for q in range(slots):
                        best[q] = 0.0
                    for c in range(first[p], first[p + 1]):
                        if wants[c, s] and ready[c, t] > 0:
                            one = (worth[c] * w - people[c] - each[c] * arrival[s, arrive]) / uses[
                                c
                            ]
                            best[slot[c]] = max(best[slot[c]], one)
                    value = 0.0
                    for q in range(slots):
                        value += best[q] * seats[k, q]
                    if arrive + unload[k] <= horizon:
                        value += f[arrive + unload[k], s]
                    most = max(most, value)
                e[t, p] = most
            for s in range(gates):
                most = f[t + 1, s] if t < horizon else 0.0
                for p in range(pickups):
                    if t + back[k, s, p] <= horizon:
                        most = max(most, e[t + back[k, s, p], p])
                f[t, s] = most
        for y in range(yard_kind.size):
            if yard_kind[y] != k:
                continue
            most = 0.0
            for p in range(pickups):
                if start[y, p] <= horizon:
                    most = max(most, e[start[y, p], p])
            total += numbers[y] * most
    return total


SCALE = 1e-3
"""Prices in thousandths are what the steps are measured in."""


class Dual:
    """The dual on one clock: value, smooth value and slope."""

    def __init__(self, city: City, rows: Ticks, spans: Spans) -> None:
        self.city = city
        self.rows = rows
        self.spans = spans
        self.first = first_crowds(city)
        self.have = (city.totals).astype(float)
        c = city
        self.given = (
            c.horizon,
            c.out,
            c.back,
            c.load,
            c.unload,
            c.seats,
            c.yard_kind,
            c.numbers,
            c.start,
            self.first,
            c.slot,
            c.uses,
            c.each,
            c.worth,
            c.wants,
            c.ready,
            c.opens,
            c.opening,
            c.holds,
            c.leaving,
            c.source.rho,
        )

    def arrival(self, prices: Floats) -> Floats:
        """Return what an arrival costs, by destination and tick."""
        rows = prices[len(self.have) :]
        padded = np.append(rows, 0.0)
        found = padded[self.rows]
        found += padded[self.spans.room_row][:, None]
        return np.ascontiguousarray(found)

    def fares(self, prices: Floats) -> Fares:
        """Return prices by crowd, and by destination and tick."""
        return Fares(prices[: len(self.have)], self.arrival(prices))

    def owed(self, prices: Floats) -> float:
        """Return the prices times what there is of each."""
        number = len(self.have)
        return float(prices[:number] @ self.have + prices[number:] @ self.spans.limit)

    def value(self, prices: Floats) -> float:
        """Return the sum that no plan beats, for prices of 0 or more."""
        return self.owed(prices) + _hard(
            *self.given, prices[: len(self.have)], self.arrival(prices)
        )

    def arrivals(self, prices: Floats, heat: float) -> Floats:
        """Return about how many persons arrive at each destination and tick."""
        people = np.zeros(len(self.have))
        arrive = np.zeros((len(self.city.gates), self.city.horizon + 1))
        _soft(heat, *self.given, prices[: len(self.have)], self.arrival(prices), people, arrive)
        return arrive

    def soft(self, prices: Floats, heat: float) -> tuple[float, Floats]:
        """Return the smoothed sum (above the value) and its slope by price."""
        number = len(self.have)
        people = np.zeros(number)
        arrive = np.zeros((len(self.city.gates), self.city.horizon + 1))
        total = _soft(heat, *self.given, prices[:number], self.arrival(prices), people, arrive)
        used = np.zeros(len(self.spans.limit) + 1)
        np.add.at(used, self.rows, arrive)
        used[-1] = 0.0
        np.add.at(used, self.spans.room_row, arrive.sum(axis=1))
        slope = np.concatenate([self.have - people, self.spans.limit - used[:-1]])
        return self.owed(prices) + total, slope


class _StoppedError(Exception):
    """The descent was asked to stop."""


def descend(
    dual: Dual, prices: Floats, heat: float, steps: int, stop: Callable[[], bool] | None = None
) -> Floats:
    """Return prices under which the smoothed sum is less, from some prices on.

    Asked to stop, it returns the best prices so far.
    """
    best = prices
    least = float("inf")

    def function(scaled: Floats) -> tuple[float, Floats]:
        nonlocal best, least
        if stop is not None and stop():
            raise _StoppedError
        value, slope = dual.soft(scaled * SCALE, heat)
        if value < least:
            best, least = scaled * SCALE, value
        return value, slope * SCALE

    with suppress(_StoppedError):
        minimize(
            function,
            prices / SCALE,
            jac=True,
            method="L-BFGS-B",
            bounds=[(0, None)] * len(prices),
            options={"maxiter": steps, "maxcor": 30, "ftol": 1e-7, "gtol": 1e-3},
        )
    return best
