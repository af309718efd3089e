"""What is left of a city while tours are booked one by one, and the best tour for one vehicle.

Knows who still stands where, what each destination still takes in at every tick, and a dynamic
program that finds for one vehicle the tour of most worth in what is left, less prices.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from safepassage.planner.city.prices import Fares
from safepassage.planner.city.problem import City, Floats, Ticks, first_crowds

WAITS = -1
ENDS = -2
"""Choices of a vehicle that are no place: it waits one tick, or its tour ends."""

PLENTY = 1 << 40

Given = tuple[Ticks, Ticks, Ticks]
"""Persons by crowd member, intakes and their spans."""

Roads = tuple[Ticks, Ticks, Ticks, Ticks, Ticks, int]
"""Out, back, load, unload, opens and the opening."""

People = tuple[
    Ticks, Ticks, Ticks, Ticks, Ticks, Floats, NDArray[np.bool_], Floats, Floats, float, Ticks
]
"""Seats, first crowds, slot, uses, each, worth, wants, holds, leaving, rho and who is able."""

Stand = tuple[Ticks, Ticks, Ticks, Ticks, Ticks]
"""What is left: standing, able, count, room, left."""

Work = tuple[Floats, Floats, Ticks, Ticks]
Prices = tuple[Floats, Floats]
MOST_TRIPS = 64
"""Loaded trips of one vehicle at most."""


@numba.njit(cache=True, nogil=True)
def _take(
    c: int, s: int, board: int, arrive: int, number: int, given: Given, stand: Stand
) -> None:  # pragma: no cover - compiled
    """Book people of a crowd (a negative number gives them back) and bring what is left up to date.

    `standing[c, t]` are those ready by t less those who boarded by t, `able[c, t]` the least of it
    from t on. `count[s, t]` persons arrive at t; `room[s, t]` may still come then, the total of
    `left[s]` aside.
    """
    each, intake, per = given
    standing, able, count, room, left = stand
    last = standing.shape[1] - 1
    for t in range(board, last + 1):
        standing[c, t] -= number
    least = 1 << 60
    for t in range(last, -1, -1):
        least = min(least, standing[c, t])
        able[c, t] = least
    persons = number * each[c]
    left[s] -= persons
    if intake[s] < 0:
        return
    count[s, arrive] += persons
    span = per[s]
    # The intervals that hold `arrive` touch the ticks less than a span away from it.
    begin = max(0, arrive - span + 1)
    end = min(last, arrive + span - 1)
    low = max(0, begin - span + 1)
    sums = np.zeros(end - low + 1, dtype=np.int64)
    total = 0
    for t in range(low, min(last, low + span - 1) + 1):
        total += count[s, t]
    for index in range(sums.size):
        sums[index] = total
        total -= count[s, low + index]
        if low + index + span <= last:
            total += count[s, low + index + span]
    # The greatest sum of the intervals that hold t, as t moves on: a falling queue of candidates.
    queue = np.empty(sums.size, dtype=np.int64)
    head = tail = 0
    for index in range(sums.size):
        while tail > head and sums[queue[tail - 1]] <= sums[index]:
            tail -= 1
        queue[tail] = index
        tail += 1
        while queue[head] <= index - span:
            head += 1
        if low + index >= begin:
            room[s, low + index] = intake[s] - sums[queue[head]]


@numba.njit(cache=True, nogil=True)
def _fill(
    k: int,
    p: int,
    s: int,
    board: int,
    depart: int,
    arrive: int,
    may: int,
    people: People,
    fares: Prices,
    aboard: Ticks,
) -> float:  # pragma: no cover - compiled
    """Fill a vehicle with who is worth most after prices; return the worth and who is aboard."""
    seats, first, slot, uses, each, worth, wants, holds, leaving, rho, able = people
    people_price, arrival_price = fares
    w = holds[arrive] - rho * (leaving[depart] - holds[arrive])
    begin, end = first[p], first[p + 1]
    value = 0.0
    if end - begin == 1:
        c = begin
        aboard[0] = 0
        one = worth[c] * w - people_price[c] - each[c] * arrival_price[s, arrive]
        if one > 0.0 and wants[c, s]:
            number = min(able[c, board], seats[k, slot[c]] // uses[c], may // each[c])
            if number > 0:
                aboard[0] = number
                value = number * one
        return value
    for index in range(end - begin):
        aboard[index] = -1
    free = seats[k].copy()
    for _ in range(end - begin):
        best, chosen = 0.0, -1
        for c in range(begin, end):
            if aboard[c - begin] < 0 and wants[c, s]:
                one = worth[c] * w - people_price[c] - each[c] * arrival_price[s, arrive]
                if one / uses[c] > best:
                    best, chosen = one / uses[c], c
        if chosen < 0:
            break
        c = chosen
        number = max(0, min(able[c, board], free[slot[c]] // uses[c], may // each[c]))
        aboard[c - begin] = number
        free[slot[c]] -= number * uses[c]
        may -= number * each[c]
        value += number * uses[c] * best
    for index in range(end - begin):
        aboard[index] = max(aboard[index], 0)
    return value


@numba.njit(cache=True, nogil=True)
def _look_ahead(
    k: int, roads: Roads, people: People, fares: Prices, stand: Stand, work: Work, aboard: Ticks
) -> None:  # pragma: no cover - compiled
    """Fill the tables: what a vehicle of a kind still earns at most, by place and tick."""
    out, back, load, unload, opens, opening = roads
    able, room, left = stand[1], stand[3], stand[4]
    e, f, go, turn = work
    pickups, gates = out.shape[1], out.shape[2]
    last = e.shape[0] - 1
    seats, first, slot, uses, each, worth, wants, holds, leaving, rho, _ = people
    people_price, arrival_price = fares
    e[last, :] = 0.0
    f[last, :] = 0.0
    go[last, :] = ENDS
    turn[last, :] = ENDS
    for t in range(last - 1, -1, -1):
        depart = t + load[k]
        for p in range(pickups):
            most = e[t + 1, p]
            choice = WAITS
            begin, end = first[p], first[p + 1]
            full = seats[k, slot[begin]] // uses[begin]
            any_left = False
            for c in range(begin, end):
                if able[c, t] > 0:
                    any_left = True
            if any_left and depart >= opening:
                for s in range(gates):
                    arrive = depart + out[k, p, s]
                    if arrive + unload[k] > last or arrive < opens[s]:
                        continue
                    may = min(room[s, arrive], left[s])
                    if may <= 0:
                        continue
                    if end - begin == 1:
                        # The usual case, written out: a call for each way and tick costs more.
                        number = min(able[begin, t], full, may // each[begin])
                        if number <= 0 or not wants[begin, s]:
                            continue
                        w = holds[arrive] - rho * (leaving[depart] - holds[arrive])
                        paid = people_price[begin] + each[begin] * arrival_price[s, arrive]
                        value = number * (worth[begin] * w - paid)
                    else:
                        value = _fill(k, p, s, t, depart, arrive, may, people, fares, aboard)
                    if value > 0.0 and value + f[arrive + unload[k], s] > most:
                        most = value + f[arrive + unload[k], s]
                        choice = s
            e[t, p] = most
            go[t, p] = choice
        for s in range(gates):
            most = f[t + 1, s]
            choice = WAITS
            for p in range(pickups):
                there = t + back[k, s, p]
                if there <= last and e[there, p] > most:
                    most = e[there, p]
                    choice = p
            f[t, s] = most
            turn[t, s] = choice


@numba.njit(cache=True, nogil=True)
def insert(
    k: int,
    starts: Ticks,
    given: Given,
    roads: Roads,
    people: People,
    fares: Prices,
    stand: Stand,
    work: Work,
    tour: Ticks,
    riders: Ticks,
) -> tuple[int, float]:  # pragma: no cover - compiled
    """Book the best tour of one vehicle; return its loaded trips and what they are worth.

    `tour` gets (pickup, destination, tick of boarding) of each, `riders` the people by crowd of the
    pickup.
    """
    out, back, load, unload, _, _ = roads
    room, left = stand[3], stand[4]
    first, worth, holds, leaving, rho = people[1], people[5], people[7], people[8], people[9]
    e, f, go, turn = work
    last = e.shape[0] - 1
    aboard = np.zeros(riders.shape[1], dtype=np.int64)
    _look_ahead(k, roads, people, fares, stand, work, aboard)
    most = 0.0
    p = -1
    for one in range(out.shape[1]):
        if starts[one] <= last and e[starts[one], one] > most:
            most = e[starts[one], one]
            p = one
    if p < 0:
        return 0, 0.0
    number = 0
    total = 0.0
    t = starts[p]
    while t < last and number < tour.shape[0]:
        s = go[t, p]
        if s == ENDS or e[t, p] <= 0.0:
            break
        if s == WAITS:
            t += 1
            continue
        depart = t + load[k]
        arrive = depart + out[k, p, s]
        may = min(room[s, arrive], left[s])
        # Trips of this tour that were booked just now may have taken what the tables counted on.
        value = 0.0
        if may > 0:
            value = _fill(k, p, s, t, depart, arrive, may, people, fares, aboard)
        if value <= 0.0:
            break
        w = holds[arrive] - rho * (leaving[depart] - holds[arrive])
        tour[number, 0] = p
        tour[number, 1] = s
        tour[number, 2] = t
        for index in range(first[p + 1] - first[p]):
            riders[number, index] = aboard[index]
            if aboard[index] > 0:
                c = first[p] + index
                _take(c, s, t, arrive, aboard[index], given, stand)
                total += aboard[index] * worth[c] * w
        number += 1
        t = arrive + unload[k]
        while t < last and turn[t, s] == WAITS and f[t, s] > 0.0:
            t += 1
        if t >= last or turn[t, s] < 0:
            break
        p = turn[t, s]
        t += back[k, s, p]
    return number, total


@numba.njit(cache=True, nogil=True)
def put(
    k: int,
    number: int,
    sign: int,
    given: Given,
    roads: Roads,
    first: Ticks,
    stand: Stand,
    tour: Ticks,
    riders: Ticks,
) -> None:  # pragma: no cover - compiled
    """Book a tour that is known (sign 1), or give back all that it has taken (-1)."""
    out, load = roads[0], roads[2]
    for row in range(number):
        p, s, t = tour[row, 0], tour[row, 1], tour[row, 2]
        for index in range(first[p + 1] - first[p]):
            people = riders[row, index]
            if people > 0:
                arrive = t + load[k] + out[k, p, s]
                _take(first[p] + index, s, t, arrive, sign * people, given, stand)


@dataclass(slots=True)
class Tours:
    """The tours of all vehicles so far: loaded trips, who rides, and what each tour is worth."""

    trips: Ticks
    riders: Ticks
    number: Ticks
    worth: Floats


class Bookings:
    """All vehicles of a city with their tours, and what these leave to others.

    `last` is the tick by which everything ends.
    """

    def __init__(self, city: City, last: int) -> None:
        self.city = city
        self.last = last
        self.first = first_crowds(city)
        widest = int((self.first[1:] - self.first[:-1]).max())
        numbers = city.numbers
        self.yard = np.repeat(np.arange(len(numbers)), numbers)
        vehicles = len(self.yard)
        self.tours = Tours(
            np.zeros((vehicles, MOST_TRIPS, 3), dtype=np.int64),
            np.zeros((vehicles, MOST_TRIPS, widest), dtype=np.int64),
            np.zeros(vehicles, dtype=np.int64),
            np.zeros(vehicles),
        )
        gates = len(city.gates)
        # Copied: it changes with every booking, and the city's own must not.
        standing = city.ready[:, : last + 1].copy()
        able = np.minimum.accumulate(standing[:, ::-1], axis=1)[:, ::-1]
        intake = np.where(city.intake >= 0, city.intake, PLENTY)
        self.stand = (
            standing,
            np.ascontiguousarray(able),
            np.zeros((gates, last + 1), dtype=np.int64),
            np.repeat(intake[:, None], last + 1, axis=1),
            np.where(city.room >= 0, city.room, PLENTY),
        )
        self._given = (city.each, city.intake, city.per)
        self._roads = (city.out, city.back, city.load, city.unload, city.opens, city.opening)
        self._people = (
            city.seats,
            self.first,
            city.slot,
            city.uses,
            city.each,
            city.worth,
            city.wants,
            city.holds,
            city.leaving,
            city.source.rho,
            self.stand[1],
        )
        self._work = (
            np.zeros((last + 1, len(city.pickups))),
            np.zeros((last + 1, gates)),
            np.zeros((last + 1, len(city.pickups)), dtype=np.int64),
            np.zeros((last + 1, gates), dtype=np.int64),
        )

    @property
    def value(self) -> float:
        """What all tours are worth."""
        return float(self.tours.worth.sum())

    @property
    def waiting(self) -> NDArray[np.int64]:
        """People by crowd whom no tour takes."""
        return self.stand[1][:, -1].copy()

    def insert(self, vehicle: int, fares: Fares) -> None:
        """Give a vehicle without tour the best one in what is left, under prices."""
        tours = self.tours
        yard = self.yard[vehicle]
        tours.number[vehicle], tours.worth[vehicle] = insert(
            self.city.yard_kind[yard],
            self.city.start[yard],
            self._given,
            self._roads,
            self._people,
            (fares.people, fares.arrival),
            self.stand,
            self._work,
            tours.trips[vehicle],
            tours.riders[vehicle],
        )

    def remove(self, vehicle: int) -> None:
        """Take the tour of a vehicle away."""
        self._put(vehicle, -1)
        self.tours.number[vehicle] = 0
        self.tours.worth[vehicle] = 0.0

    def kept(self, vehicle: int) -> tuple[Ticks, Ticks, float]:
        """Return a copy of the tour of a vehicle: trips, riders, worth."""
        number = int(self.tours.number[vehicle])
        return (
            self.tours.trips[vehicle, :number].copy(),
            self.tours.riders[vehicle, :number].copy(),
            float(self.tours.worth[vehicle]),
        )

    def put_back(self, vehicle: int, kept: tuple[Ticks, Ticks, float]) -> None:
        """Give a vehicle without tour one that it had before."""
        trips, riders, worth = kept
        number = len(trips)
        self.tours.trips[vehicle, :number] = trips
        self.tours.riders[vehicle, :number] = riders
        self.tours.number[vehicle] = number
        self.tours.worth[vehicle] = worth
        self._put(vehicle, 1)

    def _put(self, vehicle: int, sign: int) -> None:
        put(
            self.city.yard_kind[self.yard[vehicle]],
            int(self.tours.number[vehicle]),
            sign,
            self._given,
            self._roads,
            self.first,
            self.stand,
            self.tours.trips[vehicle],
            self.tours.riders[vehicle],
        )
