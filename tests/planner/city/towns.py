"""Small towns without corridors, drawn by a seed: several kinds, classes, intakes and rooms."""

import random
from datetime import UTC, datetime, timedelta

from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Available, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass, Ready
from safepassage.scenario.places import Intake, Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law


def seconds(number: int) -> Figure[timedelta]:
    return sure(timedelta(seconds=number))


def town(seed: int, *, people: int = 300, grain: int = 60) -> Scenario:
    """Return a town; all its times are multiples of `grain` seconds."""
    r = random.Random(f"town/{seed}/{people}/{grain}")  # noqa: S311 - no secret

    def some(low: int, high: int) -> Figure[timedelta]:
        return seconds(r.randint(low * 60 // grain, high * 60 // grain) * grain)

    pickups = [f"p{i}" for i in range(r.randint(1, 4))]
    gates = [f"s{i}" for i in range(r.randint(1, 3))]
    places = [Place(one, "pickup") for one in pickups]
    for one in gates:
        intake = Intake(sure(r.randint(20, 80)), timedelta(seconds=r.choice((20, 30)) * 60))
        places.append(
            Place(
                one,
                "shelter",
                arrived=True,
                capacity=sure(r.randint(people // 3, people)) if r.random() < 0.6 else None,
                intake=intake if r.random() < 0.6 else None,
                opens=timedelta(minutes=r.choice((30, 60))) if r.random() < 0.2 else None,
            )
        )
    places.append(Place("yard", "depot"))
    legs = [Leg(f"{p}-{s}", p, s, some(15, 70)) for p in pickups for s in gates]
    legs += [Leg(f"yard-{p}", "yard", p, some(5, 25)) for p in pickups]
    classes = (*BUILT_IN_CLASSES, PersonClass("child", {"seat": 1}, weight=1.5))
    groups = []
    for p in pickups:
        number = r.randint(people // 6, people // 3)
        ready = (
            Ready(timedelta(minutes=0), number // 2),
            Ready(timedelta(minutes=90), number - number // 2),
        )
        wants = (r.choice(gates),) if r.random() < 0.3 else ()
        groups.append(
            Group(
                f"g-{p}",
                p,
                r.choice(("walking", "seated", "child")),
                sure(number),
                ready=ready if r.random() < 0.3 else (),
                wants=wants,
            )
        )
        if r.random() < 0.5:
            groups.append(Group(f"l-{p}", p, "stretcher", sure(r.randint(2, 8))))
    fleet = [
        Vehicles(
            "buses",
            "bus",
            sure(r.randint(1, 4)),
            "yard",
            {"seat": sure(r.randint(15, 40))},
            some(5, 15),
            some(3, 10),
        ),
        Vehicles(
            "ambulances",
            "ambulance",
            sure(r.randint(1, 3)),
            "yard",
            {"stretcher": sure(r.randint(1, 2)), "seat": sure(r.randint(1, 3))},
            some(4, 12),
            some(3, 10),
            ready=(Available(timedelta(minutes=r.choice((0, 45))), 3),),
        ),
    ]
    return Scenario(
        name=f"town {seed}",
        start=datetime(2026, 9, 1, 6, tzinfo=UTC),
        horizon=timedelta(hours=r.choice((5, 8, 12))),
        sha256=f"{seed:064x}",
        places=tuple(places),
        legs=tuple(legs),
        classes=classes,
        groups=tuple(groups),
        vehicles=tuple(fleet),
        ending=Law("exponential", sure(timedelta(hours=r.choice((3, 6))))),
        rules=Rules(rho=sure(0.5)) if r.random() < 0.4 else Rules(),
    )
