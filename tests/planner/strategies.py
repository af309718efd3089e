"""Small scenarios of every kind, drawn by a seed: for laws that hold for any of them."""

import random
from datetime import UTC, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Literal

from hypothesis import strategies as st

from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Available, Refuel, Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass, Ready
from safepassage.scenario.places import Corridor, Filled, Intake, Leg, Place, Rate, Through
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Opening, Window


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def fixed(number: float) -> Figure[timedelta]:
    return sure(minutes(number))


class Maker:
    """Draws one scenario; `plain` leaves the rarer rules out."""

    def __init__(
        self, seed: int, *, corridor: bool | None = None, hours: int | None = None
    ) -> None:
        self.r = random.Random(f"scenario/{seed}/{corridor}/{hours}")  # noqa: S311 - no secret
        # Later rules are drawn apart, so that they leave the scenarios of old seeds as they were.
        self.extras = random.Random(f"extras/{seed}/{corridor}/{hours}")  # noqa: S311 - no secret
        self.with_corridor = self.r.random() < 0.7 if corridor is None else corridor
        self.hours = hours or self.r.choice((4, 6, 9))
        self.seed = seed

    def may(self, chance: float) -> bool:
        return self.r.random() < chance

    def scenario(self) -> Scenario:
        r = self.r
        self.pickups = [f"p{i}" for i in range(r.randint(1, 3))]
        self.ends = [f"d{i}" for i in range(r.randint(1, 3))]
        self.kinds = ["bus", "ambulance"][: r.randint(1, 2)]
        places = [self.pickup(one) for one in self.pickups] + [self.end(one) for one in self.ends]
        legs, corridors = self.roads(places)
        return Scenario(
            name=f"drawn {self.seed}",
            start=datetime(2016, 12, 15, r.choice((0, 8, 20)), tzinfo=self.zone()),
            horizon=timedelta(hours=self.hours),
            sha256=f"{self.seed:064x}",
            places=tuple(places),
            legs=tuple(legs),
            corridors=tuple(corridors),
            classes=self.classes(),
            groups=tuple(self.groups()),
            vehicles=tuple(self.vehicles()),
            staff=tuple(self.staff(bool(corridors))),
            windows=tuple(self.windows(bool(corridors))),
            opening=Opening(fixed(r.choice((10, 30, 60)))) if self.may(0.3) else None,
            ending=self.law(),
            rules=self.rules(),
        )

    def zone(self) -> timezone:
        return self.r.choice((UTC, timezone(timedelta(hours=2))))

    def pickup(self, name: str) -> Place:
        bays = {kind: sure(self.r.randint(1, 3)) for kind in self.kinds if self.may(0.4)}
        if self.extras.random() < 0.2:
            # A group may live at a staging place: its limit then counts those who board.
            kind: Literal["staging", "handover"] = self.extras.choice(("staging", "handover"))
            return Place(name, kind, bays=bays, limit=sure(self.extras.randint(0, 12)))
        return Place(name, "pickup", bays=bays)

    def end(self, name: str) -> Place:
        r = self.r
        return Place(
            name,
            r.choice(("shelter", "hospital")),
            arrived=True,
            capacity=sure(r.randint(5, 60)) if self.may(0.4) else None,
            filled=(Filled(minutes(30), r.randint(1, 6)),) if self.may(0.2) else (),
            opens=minutes(r.choice((30, 90))) if self.may(0.15) else None,
            intake=Intake(sure(r.randint(4, 30)), minutes(r.choice((20, 45))))
            if self.may(0.3)
            else None,
            rate=Rate(sure(r.randint(1, 4)), minutes(r.choice((15, 40))))
            if self.may(0.2)
            else None,
        )

    def leg(self, name: str, start: str, end: str, *, one_way: bool = False) -> Leg:
        r = self.r
        whole = r.choice((10, 14, 18, 25))
        times = {"bus": fixed(whole + r.choice((3, 7)))} if self.may(0.25) else {}
        through = ()
        if self.posts and self.may(0.4):
            through = (Through(r.choice(self.posts), minutes(r.choice((0, 4, 9)))),)
        return Leg(
            name,
            start,
            end,
            fixed(whole + (0.5 if self.may(0.1) else 0)),
            times,
            km=sure(whole / 2),
            through=through,
            one_way=one_way,
        )

    def roads(self, places: list[Place]) -> tuple[list[Leg], list[Corridor]]:
        r = self.r
        self.posts: list[str] = []
        if self.may(0.3):
            rate = (
                Rate(sure(r.randint(2, 5)), minutes(r.choice((20, 30)))) if self.may(0.6) else None
            )
            places.append(Place("post", "checkpoint", rate=rate))
            self.posts.append("post")
        if not self.with_corridor:
            legs = [
                self.leg(f"{a}-{b}", a, b) for a in self.pickups for b in self.ends if self.may(0.9)
            ]
            if self.may(0.3):
                places.append(Place("yard", "depot"))
                legs += [self.leg(f"yard-{a}", "yard", a) for a in self.pickups]
            return legs, []
        gate, far = "gate", "far"
        direct = len(self.pickups) == 1 and self.may(0.4)
        shared = len(self.ends) == 1 and self.may(0.4)
        legs = []
        if direct:
            gate = self.pickups[0]
        else:
            places.append(Place(gate, "checkpoint"))
            legs += [self.leg(f"{a}-gate", a, gate) for a in self.pickups]
        if shared:
            far = self.ends[0]
        else:
            places.append(Place(far, "checkpoint"))
            legs += [self.leg(f"far-{b}", far, b) for b in self.ends]
        self.gate, self.far = gate, far
        inner = [gate, far]
        if self.may(0.4):
            places.append(Place("mid", "checkpoint"))
            inner = [gate, "mid", far]
        stretch = []
        for a, b in pairwise(inner):
            flipped = self.may(0.2)
            stretch.append(self.leg(f"lane-{a}-{b}", b if flipped else a, a if flipped else b))
        legs += stretch
        corridor = Corridor(
            "lane",
            tuple(one.id for one in stretch),
            largest=sure(r.randint(1, 5)) if self.may(0.6) else None,
            headway=fixed(r.choice((5, 20, 35))) if self.may(0.6) else None,
            one_way=self.may(0.4),
        )
        if self.may(0.2):
            places.append(Place("yard", "depot"))
            legs.append(self.leg("yard-gate", "yard", r.choice((gate, far))))
        return legs, [corridor]

    def classes(self) -> tuple[PersonClass, ...]:
        r = self.r
        carried = PersonClass("carried", {"stretcher": 1}, companions=r.randint(0, 2), weight=2.0)
        return (*BUILT_IN_CLASSES, carried)

    def groups(self) -> list[Group]:
        r = self.r
        found = []
        for number, place in enumerate(self.pickups):
            for class_id in r.sample(
                ["walking", "seated", "carried", "wheelchair"], r.randint(1, 3)
            ):
                leave = r.randint(1, 40) if class_id == "walking" else r.randint(1, 8)
                first = r.randint(0, leave)
                found.append(
                    Group(
                        f"g{number}-{class_id}",
                        place,
                        class_id,
                        sure(leave),
                        ready=(
                            Ready(minutes(0), first),
                            Ready(minutes(r.choice((40, 100))), leave - first),
                        )
                        if self.may(0.3)
                        else (),
                        wants=tuple(r.sample(self.ends, r.randint(1, len(self.ends))))
                        if self.may(0.3)
                        else (),
                        households=sure(r.randint(1, leave)) if self.may(0.2) else None,
                    )
                )
        return found

    def vehicles(self) -> list[Vehicles]:
        r = self.r
        found = []
        places = list(self.pickups)
        yard = self.with_corridor is not None and self.may(0.2)
        for kind in self.kinds:
            for entry in range(r.randint(1, 2)):
                count = r.randint(1, 4)
                slots = (
                    {"seat": sure(r.randint(3, 12))}
                    if kind == "bus"
                    else {
                        "seat": sure(r.randint(1, 3)),
                        "stretcher": sure(r.randint(1, 2)),
                        "wheelchair": sure(1),
                    }
                )
                at = r.choice(self.ends) if yard else r.choice(places)
                ranged = self.may(0.2)
                found.append(
                    Vehicles(
                        f"{kind}-{entry}",
                        kind,
                        sure(count),
                        at,
                        slots,
                        fixed(r.choice((0, 5, 10))),
                        fixed(r.choice((0, 5, 10))),
                        serves=self.serves(),
                        ready=(Available(minutes(0), 1), Available(minutes(50), count - 1))
                        if count > 1 and self.may(0.3)
                        else (),
                        range_time=fixed(r.choice((90, 140))) if ranged else None,
                        refuel=Refuel((r.choice(places + self.ends),), minutes(20))
                        if ranged
                        else None,
                    )
                )
        return found

    def serves(self) -> tuple[str, ...]:
        r = self.r
        served: tuple[str, ...] = ()
        if self.may(0.2):
            served += (r.choice(self.ends),)
        if self.may(0.1):
            served += (r.choice(self.pickups),)
        return served

    def staff(self, convoys: bool) -> list[Staff]:  # noqa: FBT001
        r = self.r
        found = []
        base = self.gate if convoys else self.pickups[0]
        if convoys and self.may(0.7):
            duty = minutes(r.choice((120, 200))) if self.may(0.3) else None
            found.append(
                Staff(
                    "escorts",
                    "escort",
                    sure(r.randint(1, 3)),
                    base if self.may(0.8) else self.far,
                    ("convoy",),
                    duty=duty,
                    rest=minutes(40) if duty else None,
                    relief=base if duty and self.may(0.5) else None,
                )
            )
        if self.may(0.4):
            needs = r.choice(
                (("class:carried",), ("vehicle:ambulance",), ("class:carried", "class:seated"))
            )
            at = r.choice((base, self.pickups[0]))
            found.append(
                Staff(
                    "delegates", "delegate", sure(r.randint(1, 4)), at, needs, per=r.randint(1, 2)
                )
            )
            if self.may(0.5):
                found.append(
                    Staff(
                        "officers",
                        "officer",
                        sure(r.randint(1, 2)),
                        at,
                        ("staff:delegate",),
                        per=r.randint(1, 4),
                    )
                )
        return found

    def windows(self, convoys: bool) -> list[Window]:  # noqa: FBT001
        r = self.r
        found = []
        if self.may(0.25):
            found.append(
                Window(
                    "w-all",
                    "all",
                    minutes(r.choice((0, 20))),
                    minutes(self.hours * r.choice((40, 55))),
                )
            )
        if self.may(0.15):
            found.append(
                Window("w-end", r.choice(self.ends), minutes(20), minutes(self.hours * 45))
            )
        if convoys and self.may(0.2):
            found.append(Window("w-lane-1", "lane", minutes(0), minutes(95)))
            found.append(Window("w-lane-2", "lane", minutes(150), None))
        if self.may(0.1):
            found.append(
                Window(
                    "w-daily",
                    r.choice(self.pickups),
                    timedelta(hours=6),
                    timedelta(hours=22),
                    daily=True,
                )
            )
        return found

    def law(self) -> Law:
        r = self.r
        kind = r.choice(("never", "exponential", "weibull", "table", "hard"))
        if kind == "table":
            return Law(
                "table", steps=((minutes(60), 0.9), (minutes(180), 0.4), (minutes(300), 0.3))
            )
        if kind == "never":
            return Law()
        return Law(kind, fixed(r.choice((60, 150, 400))), shape=r.choice((0.7, 1.0, 1.8)))

    def rules(self) -> Rules:
        r = self.r
        night = None
        if self.may(0.15):
            night = Night(time(r.choice((17, 22))), time(r.choice((5, 9))), allowed=False)
        return Rules(
            arrival_margin=minutes(r.choice((0, 5))),
            longest_on_board=minutes(r.choice((60, 100))) if self.may(0.2) else None,
            night=night,
            rho=sure(r.choice((0.0, 0.5, 1.0))) if self.may(0.4) else None,
        )


def draw(seed: int, *, corridor: bool | None = None, hours: int | None = None) -> Scenario:
    """Return the scenario of a seed."""
    return Maker(seed, corridor=corridor, hours=hours).scenario()


def scenarios(*, corridor: bool | None = None) -> st.SearchStrategy[Scenario]:
    """Small scenarios with any mixture of rules."""
    return st.integers(0, 10**7).map(lambda seed: draw(seed, corridor=corridor))
