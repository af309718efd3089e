"""Scenarios that are tours problems, made in memory for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def bus_scenario(
    people: Sequence[int],
    capacity: Sequence[int | None],
    buses: Sequence[int],
    start: Sequence[Sequence[int]],
    between: Sequence[Sequence[int]],
    *,
    seats: int = 1,
    load: int = 0,
    unload: int = 0,
    horizon: int = 10_000,
) -> Scenario:
    """Return a scenario with a leg for each time (minutes) between unrelated places."""
    pickups = [f"p{i}" for i in range(len(people))]
    shelters = [f"s{j}" for j in range(len(capacity))]
    yards = [f"y{y}" for y in range(len(buses))]
    legs = [
        Leg(f"{yard}-{pickup}", yard, pickup, sure(minutes(start[y][i])), one_way=True)
        for y, yard in enumerate(yards)
        for i, pickup in enumerate(pickups)
    ]
    legs += [
        Leg(f"{pickup}-{shelter}", pickup, shelter, sure(minutes(between[i][j])))
        for i, pickup in enumerate(pickups)
        for j, shelter in enumerate(shelters)
    ]
    places = [Place(one, "pickup") for one in pickups]
    places += [
        Place(one, "shelter", arrived=True, capacity=None if n is None else sure(n))
        for one, n in zip(shelters, capacity, strict=True)
    ]
    places += [Place(one, "depot") for one in yards]
    return Scenario(
        name="tours",
        start=datetime(2026, 1, 1, 8, tzinfo=UTC),
        horizon=minutes(horizon),
        sha256="0" * 64,
        places=tuple(places),
        legs=tuple(legs),
        classes=BUILT_IN_CLASSES,
        groups=tuple(
            Group(f"g{i}", pickup, "walking", sure(people[i])) for i, pickup in enumerate(pickups)
        ),
        vehicles=tuple(
            Vehicles(
                f"buses-{y}",
                "bus",
                sure(n),
                yards[y],
                {"seat": sure(seats)},
                sure(minutes(load)),
                sure(minutes(unload)),
            )
            for y, n in enumerate(buses)
        ),
        rules=Rules(objective="last_out"),
    )
