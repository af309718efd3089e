"""Seeded instances of the tours problem: the public random family, large fleets, cities.

Every instance follows from its sizes and its seed alone. The classical family has whole times of
1 to 10 between unrelated points (no triangle law); its large twin has 100 to 1000.
"""

import math
import random
from collections.abc import Sequence

from safepassage.planner.tours.problem import ToursProblem, symmetric


def printed_example() -> ToursProblem:
    """Return the 3x3x3 example printed by Goerigk, Gruen and Hessler (2013); its optimum is 23."""
    return symmetric(
        "ggh13-printed",
        [1, 3, 3],
        [4, 4, 1],
        [3],
        [[7, 4, 9]],
        [[6, 7, 8], [10, 9, 2], [6, 3, 7]],
    )


def random_family(
    pickups: int,
    shelters: int,
    buses: int,
    seed: int,
    *,
    times: tuple[int, int] = (1, 10),
    most_loads: int = 5,
    most_room: int = 10,
) -> ToursProblem:
    """Return one instance of the family of Goerigk, Gruen and Hessler (2013), drawn by seed.

    Demand and room are drawn again together until the room suffices.
    """
    chance = random.Random(f"bep-ggh13/{pickups}/{shelters}/{buses}/{seed}")
    while True:
        loads = [chance.randint(1, most_loads) for _ in range(pickups)]
        room = [chance.randint(1, most_room) for _ in range(shelters)]
        if sum(room) >= sum(loads):
            break
    start = [[chance.randint(*times) for _ in range(pickups)]]
    between = [[chance.randint(*times) for _ in range(shelters)] for _ in range(pickups)]
    name = f"ggh13-{pickups}-{shelters}-{buses}-s{seed}"
    return symmetric(name, loads, room, [buses], start, between)


def standard_family(size: int, seed: int) -> ToursProblem:
    """Return the instance of a size k: k pickups, k shelters, k // 2 + 1 buses."""
    return random_family(size, size, size // 2 + 1, seed)


def large_family(loads: int, buses: int, seed: int) -> ToursProblem:
    """Return an instance of about so many loads with times of 100 to 1000.

    Pickups grow with the root of the loads, shelters with a third of that; the mean room is 1.6
    times the mean demand.
    """
    pickups = max(4, round(math.sqrt(loads) * 1.2 if loads < 3000 else math.sqrt(loads)))
    shelters = max(3, round(pickups / (3.3 if loads < 3000 else 5)))
    most_loads = max(1, round(2 * loads / pickups - 1))
    most_room = max(2, round(1.6 * 2 * loads / shelters))
    return random_family(
        pickups,
        shelters,
        buses,
        seed,
        times=(100, 1000),
        most_loads=most_loads,
        most_room=most_room,
    )


def euclidean_twin(loads: int, buses: int, seed: int, *, yards: int = 1) -> ToursProblem:
    """Return an instance like `large_family` whose places lie in a square: times are metric."""
    like = large_family(loads, buses, seed)
    chance = random.Random(f"bep-euclid/{loads}/{buses}/{yards}/{seed}")
    side = 1000.0
    pickups = _points(chance, len(like.loads), side)
    shelters = _points(chance, len(like.room), side)
    at = _points(chance, yards, side)
    return symmetric(
        f"euclid-{loads}-{buses}-y{yards}-s{seed}",
        like.loads,
        like.room,
        _split(buses, yards),
        [[_metres(a, b) for b in pickups] for a in at],
        [[_metres(a, b) for b in shelters] for a in pickups],
    )


def metre_exact(buses: int, seed: int) -> ToursProblem:
    """Return 75 loads at 52 pickups, 12 shelters, 5 yards, on roads of 400 to 15,000 metres."""
    chance = random.Random(f"metres/{buses}/{seed}")
    loads = [1] * 52
    for _ in range(75 - 52):
        loads[chance.randrange(52)] += 1
    room = [chance.randint(3, 15) for _ in range(12)]
    while sum(room) < 90:
        room[chance.randrange(12)] += 1
    start = _roads(chance, 5, 52)
    between = _roads(chance, 52, 12)
    return symmetric(f"metres-75-{buses}-s{seed}", loads, room, _split(buses, 5), start, between)


def _roads(chance: random.Random, rows: int, columns: int) -> list[list[int]]:
    return [[chance.randint(400, 15_000) for _ in range(columns)] for _ in range(rows)]


def _points(chance: random.Random, count: int, side: float) -> list[tuple[float, float]]:
    return [(chance.uniform(0, side), chance.uniform(0, side)) for _ in range(count)]


def _metres(a: Sequence[float], b: Sequence[float]) -> int:
    return max(1, math.ceil(math.dist(a, b)))


def _split(total: int, parts: int) -> list[int]:
    return [total // parts + (1 if n < total % parts else 0) for n in range(parts)]
