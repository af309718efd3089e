"""The smallest corridors, drawn by a seed: one pickup at one end, one destination at the other.

Whole ten-minute steps, one kind of vehicle, escorts, headway, one way or two.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group
from safepassage.scenario.places import Corridor, Intake, Leg, Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law

STEP = 10


@dataclass(frozen=True)
class Tiny:
    """A tiny corridor in steps of ten minutes."""

    seed: int
    steps: int
    lane: int
    load: int
    unload: int
    vehicles: int
    seats: int
    people: int
    escorts: int
    headway: int
    largest: int
    one_way: bool
    intake: int | None
    mean: int

    def scenario(self) -> Scenario:
        def span(steps: int) -> timedelta:
            return timedelta(minutes=STEP * steps)

        intake = None if self.intake is None else Intake(sure(self.intake), span(1))
        return Scenario(
            name=f"tiny {self.seed}",
            start=datetime(2016, 12, 15, 8, tzinfo=UTC),
            horizon=span(self.steps),
            sha256=f"{self.seed:064x}",
            places=(Place("a", "pickup"), Place("b", "shelter", arrived=True, intake=intake)),
            legs=(Leg("road", "a", "b", sure(span(self.lane))),),
            corridors=(
                Corridor(
                    "road", ("road",), sure(self.largest), sure(span(self.headway)), self.one_way
                ),
            ),
            classes=BUILT_IN_CLASSES,
            groups=(Group("g", "a", "walking", sure(self.people)),),
            vehicles=(
                Vehicles(
                    "buses",
                    "bus",
                    sure(self.vehicles),
                    "a",
                    {"seat": sure(self.seats)},
                    sure(span(self.load)),
                    sure(span(self.unload)),
                ),
            ),
            staff=(Staff("escorts", "escort", sure(self.escorts), "a", ("convoy",)),),
            ending=Law("exponential", sure(span(self.mean))),
        )


def tiny(seed: int) -> Tiny:
    r = random.Random(f"tiny/{seed}")  # noqa: S311 - no secret
    seats = r.randint(2, 6)
    vehicles = r.randint(1, 4)
    return Tiny(
        seed=seed,
        steps=r.randint(10, 26),
        lane=r.randint(1, 4),
        load=r.randint(0, 2),
        unload=r.randint(0, 2),
        vehicles=vehicles,
        seats=seats,
        people=r.randint(3, 8 * seats),
        escorts=r.randint(1, 3),
        headway=r.randint(1, 3),
        largest=r.randint(1, vehicles),
        one_way=r.random() < 0.5,
        intake=r.randint(2, vehicles * seats) if r.random() < 0.3 else None,
        mean=r.choice((6, 15, 40)),
    )
