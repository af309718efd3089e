"""A road of an hour with two buses, on which nothing slips unless a test says so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.rehearsal.event import Replay
from safepassage.rehearsal.run import replay
from safepassage.scenario.figure import sure
from safepassage.scenario.parties import Party
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Place
from safepassage.scenario.rehearsal import RehearsalWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain
from tests.planner.verify.worlds import bus, fm, leg, plan, s, scenario

HOUR = 3600.0


def fixed(value: float) -> Uncertain:
    return Uncertain("fixed", (value,), judgement="of this test")


NOTHING_SLIPS: Mapping[str, Uncertain] = {
    key: fixed(value)
    for key, value in {
        "truce.learn": 0.0,
        "caught.sent_back": 0.0,
        "caught.goes_on": 0.0,
        "caught.way_back": 1.0,
        "start.chance": 0.0,
        "travel.shared": 1.0,
        "travel.each": 1.0,
        "travel.detour_chance": 0.0,
        "loading.load": 1.0,
        "loading.unload": 1.0,
        "checkpoint.rate": 1e9,
        "checkpoint.screening_chance": 0.0,
        "crowding.calm": 1.0,
        "crowding.pressed_chance": 0.0,
        "crowding.crush_chance": 0.0,
        "crowding.lying_in_buses": 0.0,
        "demand.factor": 1.0,
        "demand.growth": 0.0,
        "demand.leaves_list": 0.0,
        "fleet.sent": 1.0,
        "receiving.refusal": 0.0,
        "counterpart.chance": 0.0,
    }.items()
}


def wanted(**more: object) -> RehearsalWanted:
    """Return a rehearsal table: laws as `truce__halt=...`, everything else by its field."""
    laws = {key.replace("__", "."): law for key, law in more.items() if "__" in key}
    others = {key: one for key, one in more.items() if "__" not in key}
    given = {"uncertain": {**NOTHING_SLIPS, **laws}, "drawn_truce": False, **others}
    return RehearsalWanted(**given)  # type: ignore[arg-type]


def world(rehearsal: RehearsalWanted | None = None, **more: object) -> Scenario:
    """Return pickup A, post K half way, hand-over B; a party holds all of it."""
    given: dict[str, object] = {
        "parties": (Party("gov", promised="passage"),),
        "places": (
            Place("A", "pickup"),
            Place("K", "checkpoint", holder=("gov",)),
            Place("B", "handover", arrived=True),
        ),
        "legs": (leg("A", "K", 30, held_by=("gov",)), leg("K", "B", 30, held_by=("gov",))),
        "corridors": (Corridor("way", ("A-K", "K-B"), sure(30), fm(5)),),
        "groups": (Group("people", "A", "walking", sure(300)),),
        "vehicles": (bus(count=2),),
        "horizon": timedelta(hours=12),
        "rehearsal": rehearsal or wanted(),
    }
    return scenario(**{**given, **more})


def there_and_back(
    of: Scenario, departures: tuple[float, ...] = (10, 145, 280), people: int = 50
) -> Plan:
    """Return the plan in which both buses go at these minutes, an hour each way, full."""
    trips: list[Trip] = []
    convoys: list[Convoy] = []
    for turn, depart in enumerate(departures):
        convoys.append(Convoy(f"out{turn}", "way", "A", "B", s(depart), s(depart + 60)))
        for name in ("bus-01", "bus-02"):
            load, group = {"walking": people}, {"people": people}
            out = (s(depart), s(depart + 60), f"out{turn}", load, group)
            trips += [Trip(name, "bus", "A", "B", ("A-K", "K-B"), *out)]
        if turn + 1 < len(departures):
            back = depart + 65
            convoys.append(Convoy(f"home{turn}", "way", "B", "A", s(back), s(back + 60)))
            for name in ("bus-01", "bus-02"):
                home = (s(back), s(back + 60), f"home{turn}")
                trips += [Trip(name, "bus", "B", "A", ("K-B", "A-K"), *home)]
    value = float(2 * people * len(departures))
    return plan(of, *trips, convoys=tuple(convoys), value=value)


def verified(of: Scenario, one: Plan | None = None) -> VerifiedPlan:
    """Return the plan as the verifier accepts it, its value being that of the verifier."""
    made = there_and_back(of) if one is None else one
    return verify(of, made)


def played(of: Scenario, one: Plan | None = None, level: str = "convoy", run: int = 0) -> Replay:
    """Return one run of the plan with its log."""
    made = verified(of, one)
    return replay(of, made, run=run, seed=7, block=8, level=level)  # type: ignore[arg-type]


def moments(found: Replay, kind: str, movement: str | None = None) -> list[float]:
    """Return the minutes at which an event happened."""
    return [
        round(one.at / 60.0, 3)
        for one in found.events
        if one.kind == kind and (movement is None or one.movement == movement)
    ]


def with_rehearsal(of: Scenario, rehearsal: RehearsalWanted) -> Scenario:
    return replace(of, rehearsal=rehearsal)
