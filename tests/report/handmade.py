"""A plan made by hand: 20 buses and 10 ambulances on a 66-minute corridor for 24 hours.

Every number below follows by mental arithmetic: a convoy leaves every 162 minutes (66 out, 10 to
unload, 66 back, 20 to load) from minute 20 on and carries 1,000 walking, 20 on stretchers and
their 20 companions. Nine convoys leave; nine arrive by 24 h.
"""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone

from safepassage.planner.plan import BoundProof, Convoy, Plan, Run, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.linked import Linked
from safepassage.scenario.parties import Agreement, Clause, Party, Source
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Intake, Leg, Place, Position, Rate, Through
from safepassage.scenario.rules import Night, Rules
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law, Window

DAMASCUS = timezone(timedelta(hours=2))
START = datetime(2016, 12, 15, 8, 0, tzinfo=DAMASCUS)
MINUTE = 60
DRIVE, UNLOAD, LOAD = 66, 10, 20
CYCLE = 2 * DRIVE + UNLOAD + LOAD
MEAN = timedelta(hours=12)


def minutes(number: float) -> Figure[timedelta]:
    return sure(timedelta(minutes=number))


def scenario(*, horizon_hours: int = 24, wishes_recorded: bool = False) -> Scenario:
    """Return the scenario; with `wishes_recorded`, some have said that they stay."""
    stretcher = PersonClass("stretcher", {"stretcher": 1}, companions=1, weight=3.0)
    classes = tuple(stretcher if one.id == "stretcher" else one for one in BUILT_IN_CLASSES)
    return Scenario(
        name="Eastern Aleppo, made by hand",
        start=START,
        horizon=timedelta(hours=horizon_hours),
        sha256="5" * 64,
        sources=(
            Source("tass", "TASS, 15 Dec 2016", "https://tass.com/world/919570", "Gerasimov"),
            Source("afp", "AFP, 15 Dec 2016", None, "AFP", date(2016, 12, 15)),
        ),
        parties=(
            Party("north", {"en": "Party North", "ar": "الطرف الشمالي"}),
            Party("south", {"en": "Party South", "ar": "الطرف الجنوبي"}),
        ),
        agreements=(
            Agreement(
                "ceasefire",
                ("north", "south"),
                (
                    Clause(
                        "c1",
                        "Convoys pass the crossing without search.",
                        "agreed",
                        {"north": "No search.", "south": "No search of the wounded."},
                        source="tass",
                    ),
                    Clause("c2", "Night moves.", "open", {"north": "Yes.", "south": "Not agreed."}),
                ),
                source="tass",
                date=date(2016, 12, 15),
            ),
        ),
        places=(
            Place(
                "amiriyah",
                "pickup",
                {"en": "Al-Amiriyah", "ar": "العامرية"},
                Position(36.172, 37.137, 800, assumed="inside the blocks"),
                bays={"bus": Figure(value=20, assumed="photographs")},
                holder=("north",),
            ),
            Place(
                "ramouseh",
                "checkpoint",
                {"en": "Ramouseh", "ar": "الراموسة"},
                rate=Rate(Figure(value=60, assumed="guess of the escorts"), timedelta(hours=1)),
                holder=("south",),
            ),
            Place(
                "rashidin",
                "handover",
                {"en": "Rashidin-4", "ar": "الراشدين"},
                arrived=True,
                arrived_reason="triage and other vehicles wait there",
                intake=Intake(Figure(value=1200, assumed="one convoy"), timedelta(minutes=30)),
                holder=("north",),
            ),
        ),
        legs=(
            Leg(
                "first",
                "amiriyah",
                "ramouseh",
                Figure(value=timedelta(minutes=22), assumed="a third of the way"),
                km=Figure(value=2.0, assumed="straight line"),
                held_by=("north",),
            ),
            Leg(
                "second",
                "ramouseh",
                "rashidin",
                Figure(value=timedelta(minutes=44), source="afp"),
                km=Figure(value=6.8, source="tass"),
                held_by=("south",),
                through=(Through("ramouseh", timedelta(0)),),
            ),
        ),
        corridors=(
            Corridor(
                "west",
                ("first", "second"),
                largest=Figure(value=30, assumed="20 + 10 seen"),
                headway=Figure(value=timedelta(minutes=30), assumed="escorts"),
                one_way=True,
                names={"en": "Western corridor", "ar": "الممر الغربي"},
            ),
        ),
        classes=classes,
        groups=(
            Group(
                "walkers",
                "amiriyah",
                "walking",
                Figure(low=5000, likely=12000, high=50000, source="tass"),
                stay=Figure(value=900, assumed="estimate") if wishes_recorded else None,
                unknown=Figure(unknown="nobody asked") if wishes_recorded else None,
                consent="asked at the gate" if wishes_recorded else None,
            ),
            Group(
                "wounded",
                "amiriyah",
                "stretcher",
                Figure(value=200, source="afp"),
                stay=Figure(value=10, assumed="estimate") if wishes_recorded else None,
                consent="asked in the ward" if wishes_recorded else None,
            ),
        ),
        vehicles=(
            Vehicles(
                "buses",
                "bus",
                Figure(value=20, source="tass"),
                "amiriyah",
                {"seat": Figure(value=50, source="afp")},
                Figure(value=timedelta(minutes=LOAD), assumed="drill"),
                Figure(value=timedelta(minutes=UNLOAD), assumed="drill"),
            ),
            Vehicles(
                "ambulances",
                "ambulance",
                Figure(value=10, source="tass"),
                "amiriyah",
                {"seat": sure(2), "stretcher": sure(2)},
                minutes(LOAD),
                minutes(UNLOAD),
            ),
        ),
        staff=(
            Staff("escorts", "escort", sure(2), "amiriyah", ("convoy",)),
            Staff("delegates", "delegate", sure(10), "amiriyah", ("class:stretcher",)),
        ),
        windows=(
            Window(
                "day",
                "west",
                opens=timedelta(minutes=15),
                closes=timedelta(hours=23, minutes=30),
                assumed="said on the radio",
            ),
        ),
        ending=Law("exponential", Figure(value=MEAN, assumed="the first try held for hours")),
        rules=Rules(
            arrival_margin=timedelta(minutes=10), night=Night(time(17), time(6), allowed=True)
        ),
        linked=(Linked("other-town", "The other town", Figure(unknown="nobody counted there")),),
        summary="A made case.",
    )


def convoy_minutes(index: int) -> tuple[int, int]:
    """Return when convoy `index` (from 0) enters the corridor outbound, and when it arrives."""
    depart = LOAD + CYCLE * index
    return depart, depart + DRIVE


def trips_of(convoys: int, buses: int) -> tuple[tuple[Convoy, ...], tuple[Trip, ...]]:
    """Return convoys out and back, and the trips in them."""
    made: list[Convoy] = []
    trips: list[Trip] = []
    for index in range(convoys):
        depart, arrive = (MINUTE * one for one in convoy_minutes(index))
        back = arrive + UNLOAD * MINUTE
        out_id, back_id = f"out-{index + 1}", f"back-{index + 1}"
        made.append(Convoy(out_id, "west", "amiriyah", "rashidin", depart, arrive, {"escort": 1}))
        last = index == convoys - 1
        if not last:
            home = back + DRIVE * MINUTE
            made.append(Convoy(back_id, "west", "rashidin", "amiriyah", back, home, {"escort": 1}))
        for kind, number in (("bus", buses), ("ambulance", 10)):
            load: Mapping[str, int] = (
                {"walking": 50} if kind == "bus" else {"stretcher": 2, "companion": 2}
            )
            groups = {"walkers": 50} if kind == "bus" else {"wounded": 2}
            staff = {} if kind == "bus" else {"delegate": 1}
            for vehicle in range(1, number + 1):
                name = f"{kind}-{vehicle:02d}"
                trips.append(
                    Trip(
                        name, kind, "amiriyah", "rashidin", ("first", "second"), depart, arrive,
                        out_id, load, groups, {}, staff,
                    )
                )  # fmt: skip
                if not last:
                    trips.append(
                        Trip(
                            name, kind, "rashidin", "amiriyah", ("second", "first"), back,
                            back + DRIVE * MINUTE, back_id, {}, {}, {}, staff,
                        )
                    )  # fmt: skip
    return tuple(made), tuple(trips)


def verified(
    convoys: int = 9,
    buses: int = 20,
    *,
    of: Scenario | None = None,
    bound_above: float | None = 61.0,
) -> VerifiedPlan:
    """Return the plan as the verifier would give it, its numbers worked out here."""
    case = of or scenario()
    made, trips = trips_of(convoys, buses)
    each = 50 * buses + 40
    expected = weighted = 0.0
    for index in range(convoys):
        held = math.exp(-convoy_minutes(index)[1] * MINUTE / MEAN.total_seconds())
        expected += each * held
        weighted += (each + 2 * 20) * held
    bound = None if bound_above is None else expected + bound_above
    value_bound = None if bound_above is None else weighted + bound_above
    return verify(
        case,
        Plan(
            case.sha256, {}, case.start, "expected", "likely", made, trips, weighted, value_bound,
            BoundProof("none" if bound is None else "search", ("households",)), 1, expected, bound,
            Run(31.5, "0.1.0", "test"),
        ),
    )  # fmt: skip
