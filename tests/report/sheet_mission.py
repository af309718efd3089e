"""A mission made by hand for the tests of the sheets: every number in it can be checked by eye.

20 buses and 10 ambulances go three times through a corridor of 66 minutes with three posts, and
come back twice: five convoys. 450 households (300 of five, 150 of four), 300 people alone, 60
patients with one companion each. One post is held by two parties, one by whoever holds the
road there, one by a third that holds nothing else; of the last stretch nobody says whose it is.
"""

import tomllib
from dataclasses import dataclass, field

from safepassage.planner.plan import BoundProof, Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.load import read_document
from safepassage.scenario.scenario import Scenario

MINUTE = 60
OUT = (120, 320, 520)
"""When the loaded convoys enter the corridor, in minutes after the start at 08:00."""
BACK = (220, 420)
LASTS = 66

TEXT = """
format = "safepassage/scenario/1"
name = { en = "Exercise river town", ar = "تمرين بلدة النهر" }
start = 2016-12-15T08:00:00+02:00
horizon = "24 h"

[[source]]
id = "desk"
title = "Made up for an exercise"

[[party]]
id = "north"
name = { en = "Northern Council", ar = "مجلس الشمال" }
[[party]]
id = "south"
name = { en = "Southern Command", ar = "قيادة الجنوب" }
[[party]]
id = "bridge-guard"
name = { en = "Bridge Guard", ar = "حرس الجسر" }

[[agreement]]
id = "terms"
parties = ["north", "south"]
[[agreement.clauses]]
id = "leave"
text = "Whoever wishes may leave by the river road to Westfield."
state = "agreed"
[[agreement.clauses]]
id = "luggage"
text = "One bag a person may be taken."
state = "open"
linked_to = "counterpart"
[agreement.clauses.versions]
north = "One bag and papers."
south = "Papers only."

[[place]]
id = "market"
kind = "pickup"
name = { en = "Market square", ar = "ساحة السوق" }
bays = { bus = 20, ambulance = 10 }
limit = 1500
longest_wait = "60 min"
[[place]]
id = "gate"
kind = "checkpoint"
name = { en = "Old gate", ar = "البوابة القديمة" }
holder = ["north", "south"]
[[place]]
id = "mill"
kind = "checkpoint"
name = { en = "Mill post", ar = "حاجز الطاحونة" }
[[place]]
id = "bridge"
kind = "checkpoint"
name = { en = "River bridge", ar = "جسر النهر" }
holder = ["bridge-guard"]
[[place]]
id = "westfield"
kind = "handover"
name = { en = "Westfield hand-over", ar = "نقطة تسليم الحقل الغربي" }
arrived = true
arrived_reason = "Counted there by the receiving side."

[[leg]]
id = "market-gate"
from = "market"
to = "gate"
time = "18 min"
held_by = ["north"]
[[leg]]
id = "gate-bridge"
from = "gate"
to = "bridge"
time = "30 min"
held_by = ["south"]
through = [{ checkpoint = "mill", after = "12 min" }]
[[leg]]
id = "bridge-westfield"
from = "bridge"
to = "westfield"
time = "18 min"

[[corridor]]
id = "river-road"
name = { en = "River road", ar = "طريق النهر" }
legs = ["market-gate", "gate-bridge", "bridge-westfield"]
convoy = { largest = 30, headway = "30 min" }

[[class]]
id = "lying-accompanied"
uses = { stretcher = 1 }
companions = 1
medical = "lies on a stretcher"

[[group]]
id = "families"
at = "market"
class = "walking"
leave = 2100
stay = 340
households = 450
consent = "Asked household by household."
[[group]]
id = "alone"
at = "market"
class = "walking"
leave = 300
unknown = { unknown = "nobody has asked" }
consent = "Asked one by one."
[[group]]
id = "patients"
at = "market"
class = "lying-accompanied"
leave = 60
consent = "Asked by the nurse."

[[vehicle]]
id = "buses"
kind = "bus"
name = { en = "Bus", ar = "حافلة" }
count = 20
at = "market"
slots = { seat = 50 }
load = "20 min"
unload = "10 min"
[[vehicle]]
id = "ambulances"
kind = "ambulance"
name = { en = "Ambulance", ar = "سيارة إسعاف" }
count = 10
at = "market"
slots = { stretcher = 2, seat = 2 }
load = "15 min"
unload = "15 min"

[[staff]]
id = "delegates"
kind = "delegate"
name = { en = "Delegate", ar = "مندوب" }
count = 2
at = "market"
needed_by = ["convoy"]

[[linked]]
id = "counterpart"
name = "Hill villages"
source = "desk"

[rules]
objective = "expected"
arrival_margin = "30 min"
"""


@dataclass
class Waiting:
    """Who still waits: households of five and of four, people alone, patients."""

    fives: int = 300
    fours: int = 150
    alone: int = 300
    patients: int = 60
    aboard: list[int] = field(default_factory=list)


def scenario_of(text: str = TEXT) -> Scenario:
    return read_document(tomllib.loads(text), "0" * 64)


def _bus(waiting: Waiting) -> tuple[dict[str, int], dict[str, int]]:
    """Return people by group and households by group for one bus of 50 seats."""
    if waiting.fives >= 10:
        waiting.fives -= 10
        return {"families": 50}, {"families": 10}
    if waiting.fours >= 12 and waiting.alone >= 2:
        waiting.fours -= 12
        waiting.alone -= 2
        return {"families": 48, "alone": 2}, {"families": 12}
    people = min(50, waiting.alone)
    waiting.alone -= people
    return ({"alone": people} if people else {}), {}


def plan_of(scenario: Scenario) -> Plan:
    legs = scenario.corridor["river-road"].legs
    convoys: list[Convoy] = []
    trips: list[Trip] = []
    waiting = Waiting()
    names = [f"bus-{number:02}" for number in range(1, 21)]
    names += [f"ambulance-{number:02}" for number in range(1, 11)]
    starts = sorted([(at, True) for at in OUT] + [(at, False) for at in BACK])
    for number, (at, outward) in enumerate(starts, start=1):
        depart, arrive = at * MINUTE, (at + LASTS) * MINUTE
        ends = ("market", "westfield") if outward else ("westfield", "market")
        convoys.append(
            Convoy(f"C{number}", "river-road", *ends, depart, arrive, staff={"delegate": 1})
        )
        for name in names:
            kind = name.split("-")[0]
            groups: dict[str, int] = {}
            households: dict[str, int] = {}
            load: dict[str, int] = {}
            if outward and kind == "bus":
                groups, households = _bus(waiting)
                load = {"walking": sum(groups.values())} if groups else {}
            elif outward:
                patients = min(2, waiting.patients)
                waiting.patients -= patients
                if patients:
                    groups = {"patients": patients}
                    load = {"lying-accompanied": patients, "companion": patients}
            trips.append(
                Trip(
                    vehicle=name,
                    kind=kind,
                    start=ends[0],
                    end=ends[1],
                    legs=legs if outward else tuple(reversed(legs)),
                    depart=depart,
                    arrive=arrive,
                    convoy=f"C{number}",
                    load=load,
                    groups=groups,
                    households=households,
                )
            )
    return Plan(
        scenario=scenario.sha256,
        inputs={},
        start=scenario.start,
        objective="expected",
        people="likely",
        convoys=tuple(convoys),
        trips=tuple(trips),
        value=float(sum(sum(trip.load.values()) for trip in trips)),
        bound=None,
        proof=BoundProof("none"),
        seed=1,
    )


def mission(text: str = TEXT) -> VerifiedPlan:
    """Return the plan made by hand, as the verifier accepts it."""
    scenario = scenario_of(text)
    return verify(scenario, plan_of(scenario))
