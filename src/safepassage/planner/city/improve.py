"""Better tours: some vehicles give up theirs and take new ones, one after the other.

Knows which vehicles are looked at together and which prices they see; what is worth less is undone.
"""

import random
from collections.abc import Callable

import numpy as np

from safepassage.planner.city.booking import Bookings
from safepassage.planner.city.prices import Fares

FACTORS = ((1.02, 0.95), (1.0, 0.9), (1.05, 0.9), (1.02, 0.98), (1.1, 0.97), (0.7, 0.7), (1.0, 0.0))
"""Prices of arrivals and of people that are tried, as shares of those of the bound."""

MOST_AT_ONCE = 12


def build(bookings: Bookings, fares: Fares, rng: random.Random, stop: Callable[[], bool]) -> None:
    """Give all vehicles tours, in a random order."""
    order = list(range(len(bookings.yard)))
    rng.shuffle(order)
    for vehicle in order:
        if stop():
            return
        bookings.insert(vehicle, fares)


def improve(bookings: Bookings, fares: Fares, rng: random.Random) -> bool:
    """Try new tours for some vehicles; keep them and say so if they are worth more."""
    vehicles = chosen(bookings, rng)
    arrival, people = rng.choice(FACTORS)
    before = [bookings.kept(one) for one in vehicles]
    worth = sum(one[2] for one in before)
    for one in vehicles:
        bookings.remove(one)
    order = list(vehicles)
    rng.shuffle(order)
    seen = fares.times(people, arrival)
    for one in order:
        bookings.insert(one, seen)
    now = float(bookings.tours.worth[vehicles].sum())
    if now >= worth - 1e-9:
        return now > worth + 1e-9
    for one in vehicles:
        bookings.remove(one)
    for one, kept in zip(vehicles, before, strict=True):
        bookings.put_back(one, kept)
    return False


def chosen(bookings: Bookings, rng: random.Random) -> list[int]:
    """Return vehicles to look at together: one, and others that meet it at a place."""
    number = len(bookings.yard)
    at_once = min(number, rng.randint(1, MOST_AT_ONCE))
    first = rng.randrange(number)
    tours = bookings.tours
    trips = int(tours.number[first])
    if trips == 0 or rng.random() < 0.3:
        return rng.sample(range(number), at_once)
    p, s, t = tours.trips[first, rng.randrange(trips)]
    column, place = (0, p) if rng.random() < 0.5 else (1, s)
    used = np.arange(tours.trips.shape[1])[None, :] < tours.number[:, None]
    near = used & (tours.trips[:, :, column] == place) & (abs(tours.trips[:, :, 2] - t) < 90)
    found = [int(one) for one in np.flatnonzero(near.any(axis=1)) if one != first]
    return [first, *rng.sample(found, min(len(found), at_once - 1))]
