"""Two columns of six buses that shuttle on one road past two posts, held by two parties.

Small enough for an independent simulation, and yet it has loading, a timetable, headway, posts,
truces that break, halts, those caught and the receiving side.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.scenario.figure import sure
from safepassage.scenario.parties import Party
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Place, Through
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain
from safepassage.scenario.window import Law
from tests.planner.verify.worlds import bus, fm, leg, m, plan, s, scenario

HOURS = 48
COLUMN = 6
DRIVE = 66
CYCLE = 180
FIRST = {"a": 20, "b": 50}
WAITING = 30_000


def fixed(value: float) -> Uncertain:
    return Uncertain("fixed", (value,), judgement="of this test")


SURE: Mapping[str, Uncertain] = {
    "demand.factor": fixed(1.0),
    "fleet.sent": fixed(1.0),
    # A column waits for all of its buses: which one is left behind is not the question here.
    "dispatch.patience": fixed(100 * 3600.0),
}


def world(**stated: Uncertain) -> Scenario:
    """Return the scenario; laws are stated as `truce__mean=...`."""
    laws = {key.replace("__", "."): law for key, law in stated.items()}
    return scenario(
        horizon=timedelta(hours=HOURS),
        parties=(Party("gov", promised="passage"), Party("militia", promised="passage")),
        places=(
            Place("A", "pickup"),
            Place("R", "checkpoint", holder=("gov",)),
            Place("K", "checkpoint", holder=("militia",)),
            Place("D", "handover", arrived=True),
        ),
        legs=(
            leg("A", "R", 18, held_by=("gov",)),
            leg("R", "D", 48, held_by=("gov", "militia"), through=(Through("K", m(24)),)),
        ),
        corridors=(Corridor("way", ("A-R", "R-D"), sure(30), fm(20)),),
        groups=(Group("people", "A", "walking", sure(WAITING)),),
        vehicles=(bus(count=2 * COLUMN, load=fm(20), unload=fm(10)),),
        ending=Law("never"),
        rehearsal=RehearsalWanted(uncertain={**SURE, **laws}),
    )


@cache
def rounds() -> int:
    """Return how many times each column goes out and back inside the horizon."""
    last = HOURS * 60 - max(FIRST.values()) - 2 * DRIVE - 20
    return last // CYCLE + 1


def shuttle(of: Scenario) -> Plan:
    """Return the plan: each column leaves every three hours and comes straight back."""
    trips: list[Trip] = []
    convoys: list[Convoy] = []
    for index, (name, first) in enumerate(sorted(FIRST.items())):
        crew = [f"bus-{one:02d}" for one in range(index * COLUMN + 1, (index + 1) * COLUMN + 1)]
        for turn in range(rounds()):
            depart = first + turn * CYCLE
            back = depart + DRIVE + 15
            out_id, home_id = f"{name}{turn:02d}", f"{name}{turn:02d}-home"
            convoys += [
                Convoy(out_id, "way", "A", "D", s(depart), s(depart + DRIVE)),
                Convoy(home_id, "way", "D", "A", s(back), s(back + DRIVE)),
            ]
            for one in crew:
                trips += [
                    Trip(
                        one, "bus", "A", "D", ("A-R", "R-D"), s(depart), s(depart + DRIVE),
                        out_id, {"walking": 50}, {"people": 50},
                    ),
                    Trip(
                        one, "bus", "D", "A", ("R-D", "A-R"), s(back), s(back + DRIVE), home_id
                    ),
                ]  # fmt: skip
    arriving = sum(50 for one in trips if one.load)
    return plan(of, *trips, convoys=tuple(convoys), value=float(arriving))


def verified(**stated: Uncertain) -> VerifiedPlan:
    """Return the plan as the verifier accepts it."""
    of = world(**stated)
    return verify(of, shuttle(of))
