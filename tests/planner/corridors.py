"""Small corridors of every sort that the event search proves for, drawn by a seed.

Whole ten-minute steps: several pickups and destinations, two kinds of vehicles, bays, intakes,
convoys smaller than the fleet, staff who accompany, closed hours, vehicles that come later.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Staff, Vehicles
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Intake, Leg, Place
from safepassage.scenario.rules import Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Opening, Window

STEP = 10
LED = 100_000
"""Seeds from here on: those who accompany are few and may be away when the next convoy leaves."""

TAKEN = 200_000
"""Seeds from here on: an intake is not free again when the next convoy leaves."""


@dataclass(frozen=True)
class Kind:
    """One kind of vehicle: seats, stretchers, times in steps, when each is ready."""

    seats: int
    stretchers: int
    load: int
    unload: int
    ready: tuple[int, ...]


@dataclass(frozen=True)
class Small:
    """A small corridor in steps of ten minutes."""

    seed: int
    steps: int
    lane: int
    pickups: tuple[int, ...]
    ends: tuple[int, ...]
    room: tuple[int | None, ...]
    intake: tuple[tuple[int, int] | None, ...]
    bays: tuple[int | None, ...]
    kinds: tuple[Kind, ...]
    walking: tuple[int, ...]
    lying: tuple[int, ...]
    escorts: int | None
    delegates: int | None
    headway: int
    largest: int | None
    one_way: bool
    opening: int
    closed: tuple[int, int] | None
    mean: int
    rho: float

    def scenario(self) -> Scenario:
        """Return it as a scenario."""

        def span(steps: int) -> timedelta:
            return timedelta(minutes=STEP * steps)

        places = [Place("gate", "checkpoint"), Place("line", "checkpoint")]
        legs = [Leg("road", "gate", "line", sure(span(self.lane)))]
        groups = []
        for p, way in enumerate(self.pickups):
            bays = {}
            if self.bays[p] is not None:
                bays = {f"kind{f}": sure(self.bays[p] or 0) for f in range(len(self.kinds))}
            places.append(Place(f"p{p}", "pickup", bays=bays))
            legs.append(Leg(f"p{p}-gate", f"p{p}", "gate", sure(span(way))))
            groups.append(Group(f"w{p}", f"p{p}", "walking", sure(self.walking[p])))
            if self.lying[p]:
                groups.append(Group(f"l{p}", f"p{p}", "lying", sure(self.lying[p])))
        for e, way in enumerate(self.ends):
            intake, room = self.intake[e], self.room[e]
            places.append(
                Place(
                    f"e{e}",
                    "shelter",
                    arrived=True,
                    capacity=None if room is None else sure(room),
                    intake=None if intake is None else Intake(sure(intake[0]), span(intake[1])),
                )
            )
            legs.append(Leg(f"line-e{e}", "line", f"e{e}", sure(span(way))))
        staff = []
        if self.escorts is not None:
            staff.append(Staff("x", "escort", sure(self.escorts), "gate", ("convoy",)))
        if self.delegates is not None:
            staff.append(Staff("d", "delegate", sure(self.delegates), "gate", ("class:lying",)))
        windows = ()
        if self.closed is not None:
            windows = (
                Window("a", "road", timedelta(0), span(self.closed[0])),
                Window("b", "road", span(self.closed[1]), None),
            )
        return Scenario(
            name=f"small {self.seed}",
            start=datetime(2016, 12, 15, 8, tzinfo=UTC),
            horizon=span(self.steps),
            sha256=f"{self.seed:064x}",
            places=tuple(places),
            legs=tuple(legs),
            corridors=(
                Corridor(
                    "road",
                    ("road",),
                    None if self.largest is None else sure(self.largest),
                    sure(span(self.headway)),
                    self.one_way,
                ),
            ),
            classes=(*BUILT_IN_CLASSES, PersonClass("lying", {"stretcher": 1}, weight=4.0)),
            groups=tuple(groups),
            vehicles=tuple(
                Vehicles(
                    f"kind{f}",
                    f"kind{f}",
                    sure(len(one.ready)),
                    "p0",
                    {"seat": sure(one.seats), "stretcher": sure(one.stretchers)},
                    sure(span(one.load)),
                    sure(span(one.unload)),
                    ready=tuple(Available(span(at), 1) for at in one.ready),
                )
                for f, one in enumerate(self.kinds)
            ),
            staff=tuple(staff),
            windows=windows,
            opening=Opening(sure(span(self.opening))),
            ending=Law("exponential", sure(span(self.mean))),
            rules=Rules(rho=sure(self.rho)),
        )


def small(seed: int) -> Small:
    """Return the small corridor of a seed; from `LED` and `TAKEN` on one with little of that."""
    if seed < LED:
        return _drawn(seed)
    return _led(seed) if seed < TAKEN else _taken(seed)


def _taken(seed: int) -> Small:
    r = random.Random(f"taken/{seed}")  # noqa: S311 - no secret
    case = _drawn(seed)
    number, seats = r.randint(2, 4), r.randint(1, 3)
    first = Kind(
        seats,
        r.choice((0, 0, 1)),
        r.randint(0, 2),
        r.randint(0, 1),
        tuple(sorted(r.choice((0, 0, 1, 2)) for _ in range(number))),
    )
    kinds = (first, *case.kinds[1:]) if r.random() < 0.3 else (first,)
    ends = case.ends[:1] if r.random() < 0.6 else case.ends
    intake = (r.randint(seats, seats * number - 1), r.randint(2, 6))
    return replace(
        case,
        steps=r.randint(12, 20),
        lane=r.randint(1, 3),
        ends=ends,
        room=case.room[: len(ends)],
        intake=(intake, *(None for _ in ends[1:])),
        kinds=kinds,
        escorts=r.choice((None, 2, 3)),
        delegates=None,
        headway=1,
    )


def _led(seed: int) -> Small:
    r = random.Random(f"led/{seed}")  # noqa: S311 - no secret
    case = _drawn(seed)
    number = r.randint(2, 4)
    kinds = [
        Kind(
            seats=r.randint(0, 2),
            stretchers=r.randint(1, 2),
            load=r.randint(0, 2),
            unload=r.randint(0, 1),
            ready=tuple(sorted(r.choice((0, 0, 1, 3)) for _ in range(number))),
        )
    ]
    if r.random() < 0.5:
        kinds.insert(0, replace(case.kinds[0], stretchers=0))
    fleet = sum(len(one.ready) for one in kinds)
    return replace(
        case,
        steps=r.randint(12, 20),
        lane=r.randint(2, 3),
        intake=tuple(None for _ in case.ends),
        kinds=tuple(kinds),
        lying=tuple(r.randint(2, 6) for _ in case.pickups),
        escorts=r.choice((None, 2, 3)),
        delegates=r.randint(1, number - 1),
        headway=r.randint(1, 3),
        largest=r.randint(1, fleet) if r.random() < 0.3 else None,
    )


def _drawn(seed: int) -> Small:
    r = random.Random(f"small/{seed}")  # noqa: S311 - no secret
    pickups = tuple(r.randint(0, 3) for _ in range(r.randint(1, 3)))
    ends = tuple(r.randint(0, 3) for _ in range(r.randint(1, 2)))
    kinds = []
    for f in range(r.randint(1, 2)):
        number = r.randint(1, 4)
        late = r.random() < 0.3
        kinds.append(
            Kind(
                seats=r.randint(2, 5) if f == 0 else r.randint(0, 2),
                stretchers=r.randint(0, 1) if f == 0 else r.randint(1, 2),
                load=r.randint(0, 2),
                unload=r.randint(0, 2),
                ready=tuple(sorted(r.choice((0, 2, 5)) if late else 0 for _ in range(number))),
            )
        )
    fleet = sum(len(one.ready) for one in kinds)
    steps = r.randint(10, 22)
    begin = r.randint(3, 8)
    return Small(
        seed=seed,
        steps=steps,
        lane=r.randint(1, 3),
        pickups=pickups,
        ends=ends,
        room=tuple(r.randint(2, 12) if r.random() < 0.3 else None for _ in ends),
        intake=tuple(
            (r.randint(2, 8), r.randint(1, 3)) if r.random() < 0.3 else None for _ in ends
        ),
        bays=tuple(r.randint(1, 3) if r.random() < 0.4 else None for _ in pickups),
        kinds=tuple(kinds),
        walking=tuple(r.randint(1, 14) for _ in pickups),
        lying=tuple(r.randint(0, 4) for _ in pickups),
        escorts=r.randint(1, 3) if r.random() < 0.8 else None,
        delegates=r.randint(1, 2) if r.random() < 0.4 else None,
        headway=r.randint(1, 4),
        largest=r.randint(1, fleet) if r.random() < 0.5 else None,
        one_way=r.random() < 0.5,
        opening=r.choice((0, 0, 2)),
        closed=(begin, begin + r.randint(2, 4)) if r.random() < 0.25 else None,
        mean=r.choice((6, 15, 40)),
        rho=r.choice((0.0, 0.0, 0.7)),
    )
