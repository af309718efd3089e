"""Ways to break the correct plan of the corridor mission: each is refused by the right rule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from safepassage.planner.plan import BoundProof, Plan, Stated
from safepassage.planner.verify import verify, violations
from tests.planner.verify.corridor import ambulance_out, corridor_plan, corridor_world
from tests.planner.verify.worlds import convoy, s, trip, with_convoy, with_trip

Break = Callable[[Plan], Plan]
BUS_1, BUS_2, AMB, BUS_1_BACK, BUS_2_BACK, AMB_BACK, AMB_AGAIN, ALONE = range(8)


def without_trip(one: Plan, number: int) -> Plan:
    return replace(one, trips=one.trips[:number] + one.trips[number + 1 :])


def plus_trip(one: Plan, **made: object) -> Plan:
    return replace(one, trips=(*one.trips, trip(**made)))  # type: ignore[arg-type]


def later_convoy(one: Plan, number: int, seconds: int) -> Plan:
    """Shift a convoy, its trips' arrivals included."""
    moved = one.convoys[number]
    changed = with_convoy(one, number, depart=moved.depart + seconds, arrive=moved.arrive + seconds)
    trips = tuple(
        replace(two, depart=two.depart + seconds, arrive=two.arrive + seconds)
        if two.convoy == moved.id
        else two
        for two in changed.trips
    )
    return replace(changed, trips=trips)


def stated(one: Plan, **changes: object) -> Plan:
    """Return the verified plan with one figure tampered with."""
    verified = verify(corridor_world(), one)
    assert verified.plan.stated is not None
    return replace(
        verified.plan,
        stated=replace(verified.plan.stated, plan_hash=None, **changes),  # type: ignore[arg-type]
    )


NOBODY: Mapping[str, int] = {}

MUTANTS: list[tuple[str, str, Break]] = [
    # --- vehicle
    ("vehicle", "a third bus", lambda p: with_trip(p, BUS_2, vehicle="bus-03")),
    ("vehicle", "a bus number 0", lambda p: with_trip(p, BUS_2, vehicle="bus-00")),
    ("vehicle", "a bus with one digit", lambda p: with_trip(p, BUS_1, vehicle="bus-1")),
    ("vehicle", "a name without a number", lambda p: with_trip(p, BUS_1, vehicle="bus")),
    ("vehicle", "digits of another script", lambda p: with_trip(p, BUS_1, vehicle="bus-٠١")),
    ("vehicle", "a bus said to be an ambulance", lambda p: with_trip(p, BUS_1, kind="ambulance")),
    (
        "vehicle",
        "people who walk: no vehicle",
        lambda p: with_trip(p, BUS_1, vehicle=None, kind=None),
    ),
    ("vehicle", "staff alone with a kind", lambda p: with_trip(p, ALONE, kind="bus")),
    # --- continuity
    ("continuity", "the ambulance never drives back", lambda p: without_trip(p, AMB_BACK)),
    ("continuity", "a bus starts where it is not", lambda p: without_trip(p, BUS_1)),
    (
        "continuity",
        "the legs are out of order",
        lambda p: with_trip(p, BUS_1, legs=("G-M", "A-G", "M-E", "E-B")),
    ),
    ("continuity", "a leg is left out", lambda p: with_trip(p, BUS_1, legs=("A-G", "M-E", "E-B"))),
    ("continuity", "no legs", lambda p: with_trip(p, BUS_1, legs=())),
    ("continuity", "an unknown leg", lambda p: with_trip(p, BUS_1, legs=("A-G", "tunnel"))),
    ("continuity", "an unknown place", lambda p: with_trip(p, BUS_1, end="Z")),
    (
        "continuity",
        "the way ends elsewhere",
        lambda p: with_trip(p, BUS_1, end="H"),
    ),
    ("continuity", "from a place to itself", lambda p: with_trip(p, ALONE, end="A", legs=())),
    (
        "continuity",
        "out and back without a stop",
        lambda p: with_trip(p, ALONE, end="A", legs=("A-G", "A-G"), arrive=s(20)),
    ),
    (
        "continuity",
        "one bus in two trips at once",
        lambda p: with_trip(p, BUS_2, vehicle="bus-01"),
    ),
    # --- times
    ("times", "arrival a second early", lambda p: with_trip(p, BUS_1, arrive=s(95) - 1)),
    ("times", "arrival a second late", lambda p: with_trip(p, AMB, arrive=s(96) + 1)),
    ("times", "staff alone a second too fast", lambda p: with_trip(p, ALONE, arrive=s(10) - 1)),
    ("times", "departs a second before it is ready", lambda p: with_trip(p, AMB, depart=s(20) - 1)),
    (
        "times",
        "misses its convoy by a second",
        lambda p: with_trip(p, BUS_2, depart=s(20) + 1),
    ),
    (
        "times",
        "no time to unload",
        lambda p: with_trip(p, BUS_1_BACK, depart=s(100) - 1),
    ),
    ("times", "no time to load", lambda p: with_trip(p, AMB_AGAIN, depart=s(182) - 1)),
    ("times", "before the start", lambda p: with_trip(p, ALONE, depart=-s(1), arrive=s(9))),
    (
        "times",
        "beyond the horizon",
        lambda p: with_trip(p, ALONE, depart=s(244), arrive=s(254)),
    ),
    ("times", "one bus in two trips at once", lambda p: with_trip(p, BUS_2, vehicle="bus-01")),
    # --- load, slots, companions
    (
        "load",
        "one more aboard than by groups",
        lambda p: with_trip(p, AMB, load={"litter": 3, "companion": 2}),
    ),
    (
        "load",
        "an unknown class",
        lambda p: with_trip(p, AMB, load={"pets": 2, "litter": 2, "companion": 2}),
    ),
    ("load", "an unknown group", lambda p: with_trip(p, AMB, groups={"wounded": 2, "others": 1})),
    ("load", "people fewer than none", lambda p: with_trip(p, AMB, groups={"wounded": -2})),
    ("load", "nobody by class, fifty by group", lambda p: with_trip(p, BUS_1, load={})),
    (
        "slots",
        "one more than there are seats",
        lambda p: with_trip(p, BUS_1, load={"walking": 51}, groups={"families": 51}),
    ),
    (
        "slots",
        "three wounded on two stretchers",
        lambda p: with_trip(p, AMB, load={"litter": 3, "companion": 3}, groups={"wounded": 3}),
    ),
    (
        "slots",
        "the wounded in a bus",
        lambda p: with_trip(
            p, BUS_1, load={"litter": 4, "companion": 4}, groups={"wounded": 4}, households=NOBODY
        ),
    ),
    (
        "companions",
        "a companion is left behind",
        lambda p: with_trip(p, AMB, load={"litter": 2, "companion": 1}),
    ),
    ("companions", "no companions", lambda p: with_trip(p, AMB, load={"litter": 2})),
    (
        "companions",
        "a companion of nobody",
        lambda p: with_trip(p, BUS_1, load={"walking": 50, "companion": 1}),
    ),
    # --- households, wishes, ready, serves, arrived
    (
        "households",
        "a household is split",
        lambda p: with_trip(p, BUS_1, households={"families": 12}),
    ),
    (
        "households",
        "too many households",
        lambda p: with_trip(p, BUS_1, households={"families": 17}),
    ),
    ("households", "no households are said", lambda p: with_trip(p, BUS_1, households=NOBODY)),
    (
        "households",
        "households of a group that has none",
        lambda p: with_trip(p, AMB, households={"wounded": 1}),
    ),
    (
        "households",
        "all of a bus are large households",
        lambda p: with_trip(
            p, BUS_1, load={"walking": 48}, groups={"families": 48}, households={"families": 12}
        ),
    ),
    (
        "wishes",
        "someone is taken who wished to stay",
        lambda p: with_trip(p, BUS_1, load={"walking": 51}, groups={"families": 51}),
    ),
    (
        "wishes",
        "families are set down at the hospital",
        lambda p: with_trip(p, BUS_1, end="H", legs=("A-G", "G-M", "M-E", "E-H"), arrive=s(96)),
    ),
    (
        "wishes",
        "a wounded person too many",
        lambda p: with_trip(
            p, AMB_AGAIN, load={"litter": 3, "companion": 3}, groups={"wounded": 3}
        ),
    ),
    (
        "ready",
        "all hundred board at once",
        lambda p: with_trip(p, BUS_1, load={"walking": 51}, groups={"families": 51}),
    ),
    (
        "ready",
        "the second bus loads a second early",
        lambda p: with_trip(p, BUS_2, depart=s(20) - 1),
    ),
    (
        "ready",
        "people board on the way back, where none are",
        lambda p: with_trip(p, BUS_1_BACK, load={"walking": 2}, groups={"families": 2}),
    ),
    (
        "serves",
        "a bus sets down at the hospital",
        lambda p: with_trip(p, BUS_1, end="H", legs=("A-G", "G-M", "M-E", "E-H"), arrive=s(96)),
    ),
    (
        "serves",
        "an ambulance sets down at the shelter",
        lambda p: with_trip(p, AMB, end="B", legs=("A-G", "G-M", "M-E", "E-B"), arrive=s(95)),
    ),
    (
        "arrived",
        "people are set down where they started",
        lambda p: with_trip(p, BUS_1_BACK, load={"walking": 1}, groups={"families": 1}),
    ),
    (
        "arrived",
        "people are set down at a checkpoint",
        lambda p: with_trip(p, BUS_1, end="E", legs=("A-G", "G-M", "M-E"), arrive=s(90)),
    ),
    # --- places
    ("bays", "two buses load at once", lambda p: with_trip(p, BUS_1, depart=s(11))),
    ("bays", "they overlap by a second", lambda p: with_trip(p, BUS_1, depart=s(10) + 1)),
    (
        "rate",
        "one more empty bus through the checkpoint",
        lambda p: plus_trip(
            p,
            vehicle="bus-01",
            start="A",
            end="B",
            depart=182,
            arrive=252,
            legs=("A-G", "G-M", "M-E", "E-B"),
            convoy="c3",
        ),
    ),
    ("rate", "the last convoy a second earlier", lambda p: later_convoy(p, 2, -1)),
    (
        "intake",
        "the last ambulance a second earlier",
        lambda p: later_convoy(p, 2, -1),
    ),
    (
        "intake",
        "two more at the shelter",
        lambda p: with_trip(p, BUS_1, load={"walking": 52}, groups={"families": 52}),
    ),
    (
        "capacity",
        "one more at the shelter",
        lambda p: with_trip(p, BUS_1, load={"walking": 51}, groups={"families": 51}),
    ),
    ("open", "a bus at the shelter before it opens", lambda p: later_convoy(p, 0, -1)),
    # --- corridors and convoys
    ("convoy", "names no convoy", lambda p: with_trip(p, BUS_1, convoy=None)),
    ("convoy", "names a convoy that is none", lambda p: with_trip(p, BUS_1, convoy="c9")),
    ("convoy", "names the convoy the other way", lambda p: with_trip(p, BUS_1_BACK, convoy="c1")),
    ("convoy", "names a convoy off the corridor", lambda p: with_trip(p, ALONE, convoy="c1")),
    (
        "convoy",
        "leaves the corridor half way",
        lambda p: with_trip(
            p, BUS_1, end="M", legs=("A-G", "G-M"), load=NOBODY, groups=NOBODY, households=NOBODY
        ),
    ),
    ("convoy", "two convoys of one name", lambda p: replace(p, convoys=(*p.convoys, p.convoys[0]))),
    ("convoy", "a convoy a second too fast", lambda p: with_convoy(p, 0, arrive=s(90) - 1)),
    (
        "convoy",
        "a convoy at the pace of its ambulance, with buses in it",
        lambda p: with_convoy(p, 0, arrive=s(85)),
    ),
    (
        "convoy",
        "a convoy at the pace of buses, with none in it",
        lambda p: with_convoy(p, 2, arrive=s(252)),
    ),
    ("convoy", "an unknown corridor", lambda p: with_convoy(p, 0, corridor="road")),
    ("convoy", "from a place off the corridor", lambda p: with_convoy(p, 0, start="A")),
    ("convoy", "turns round", lambda p: with_convoy(p, 0, start="E", end="G")),
    (
        "size",
        "one more in the convoy",
        lambda p: replace(p, trips=(*p.trips, replace(p.trips[BUS_1], vehicle="bus-03"))),
    ),
    (
        "size",
        "one more empty vehicle on the way back",
        lambda p: replace(p, trips=(*p.trips, p.trips[BUS_1_BACK])),
    ),
    ("headway", "the last convoy a second earlier", lambda p: later_convoy(p, 2, -1)),
    (
        "headway",
        "a convoy right behind the first",
        lambda p: replace(
            p, convoys=(*p.convoys, convoy("c4", "G", "E", 31, 91, staff={"escort": 1}))
        ),
    ),
    (
        "headway",
        "two convoys at the same second",
        lambda p: replace(
            p, convoys=(*p.convoys, convoy("c4", "G", "E", 192, 252, staff={"escort": 1}))
        ),
    ),
    (
        "opposing",
        "meets the first convoy by a second",
        lambda p: later_convoy(p, 1, s(90 - 107) - 1),
    ),
    (
        "opposing",
        "meets the last convoy by a second",
        lambda p: later_convoy(p, 2, s(167 - 192) - 1),
    ),
    (
        "opposing",
        "a convoy inside one of the other direction",
        lambda p: replace(p, convoys=(*p.convoys, convoy("c4", "E", "G", 31, 91))),
    ),
    ("window", "the first convoy a second early", lambda p: later_convoy(p, 0, -1)),
    ("window", "the last convoy a second late", lambda p: later_convoy(p, 2, 1)),
    ("opening", "people leave before the opening", lambda p: with_trip(p, BUS_1, depart=s(10) - 1)),
    ("opening", "a convoy enters before the opening", lambda p: with_convoy(p, 0, depart=s(9))),
    (
        "longest_on_board",
        "boards a second earlier than need be",
        lambda p: with_trip(p, BUS_1, depart=s(10) - 1),
    ),
    ("longest_on_board", "arrives a minute late", lambda p: with_trip(p, BUS_1, arrive=s(96))),
    # --- fuel
    (
        "fuel",
        "a third way of a bus",
        lambda p: plus_trip(p, vehicle="bus-01", start="A", end="G", depart=200, arrive=210),
    ),
    (
        "fuel",
        "a fourth way of the ambulance",
        lambda p: plus_trip(
            p, vehicle="ambulance-01", start="H", end="E", depart=258, arrive=264, legs=("E-H",)
        ),
    ),
    # --- staff
    ("staff", "a convoy without its escort", lambda p: with_convoy(p, 0, staff={})),
    ("staff", "an empty convoy without its escort", lambda p: with_convoy(p, 1, staff={})),
    (
        "staff",
        "the escort never returns",
        lambda p: replace(with_convoy(p, 1, staff={}), convoys=p.convoys[:1] + p.convoys[2:]),
    ),
    ("staff", "two escorts go where one is", lambda p: with_convoy(p, 0, staff={"escort": 2})),
    ("staff", "fewer escorts than none", lambda p: with_convoy(p, 0, staff={"escort": -1})),
    ("staff", "the escort returns twice", lambda p: with_convoy(p, 1, staff={"escort": 2})),
    (
        "staff",
        "the delegate never returns, yet goes out again",
        lambda p: with_trip(p, AMB_BACK, staff={}, who={}),
    ),
    ("staff", "the wounded without a delegate", lambda p: with_trip(p, AMB, staff={}, who={})),
    (
        "staff",
        "the delegate is on the return trip only",
        lambda p: with_trip(with_trip(p, AMB, staff={}, who={}), AMB_AGAIN, staff={}, who={}),
    ),
    (
        "staff",
        "the delegate rides a vehicle that is not there",
        lambda p: with_trip(p, AMB_AGAIN, start="G", legs=("G-M", "M-E", "E-H"), depart=s(192)),
    ),
    (
        "staff",
        "the second delegate goes from where he is not",
        lambda p: with_trip(p, ALONE, start="G", end="A", legs=("A-G",)),
    ),
    (
        "staff",
        "staff of a kind that is none",
        lambda p: with_trip(p, ALONE, staff={"angel": 1}, who={}),
    ),
    ("staff", "nobody rides alone", lambda p: with_trip(p, ALONE, staff={}, who={})),
    (
        "staff",
        "an unknown person",
        lambda p: with_trip(p, ALONE, who={"delegate": ("delegate-03",)}),
    ),
    (
        "staff",
        "the same person in two places",
        lambda p: with_trip(p, ALONE, who={"delegate": ("delegate-01",)}),
    ),
    (
        "staff",
        "a person of another kind",
        lambda p: with_trip(p, ALONE, who={"delegate": ("escort-01",)}),
    ),
    (
        "staff",
        "the other delegate goes out again, who has never come back to A",
        lambda p: with_trip(p, AMB_AGAIN, who={"delegate": ("delegate-02",)}),
    ),
    ("duty", "nobody is named", lambda p: with_trip(p, AMB, who={})),
    (
        "duty",
        "two names for one",
        lambda p: with_trip(p, AMB, who={"delegate": ("delegate-01", "delegate-02")}),
    ),
    (
        "duty",
        "one name twice for two",
        lambda p: with_trip(p, AMB, staff={"delegate": 2}, who={"delegate": ("delegate-01",) * 2}),
    ),
    ("duty", "on duty a second too long", lambda p: later_convoy(p, 2, 1)),
    # --- what the plan says of itself
    ("value", "the value is off by one weight", lambda p: replace(p, value=p.value + 0.69)),
    ("value", "two millionths too much", lambda p: replace(p, value=p.value * 1.000002)),
    ("value", "two millionths too little", lambda p: replace(p, value=p.value * 0.999998)),
    ("value", "no number", lambda p: replace(p, value=float("nan"))),
    ("value", "without end", lambda p: replace(p, value=float("inf"))),
    ("value", "expected people are weighted", lambda p: replace(p, expected_people=p.value)),
    ("bound", "below the plan", lambda p: replace(p, bound=p.value * 0.9999)),
    ("bound", "no number", lambda p: replace(p, bound=float("nan"))),
    ("bound", "without end", lambda p: replace(p, bound=float("inf"))),
    ("bound", "without a proof", lambda p: replace(p, proof=BoundProof("none"))),
    ("bound", "a certificate of no family", lambda p: replace(p, proof=BoundProof("certificate"))),
    (
        "bound",
        "a certificate of another objective",
        lambda p: replace(p, proof=BoundProof("certificate", (), {"family": "tours"})),
    ),
    (
        "bound",
        "the bound of people is below the plan",
        lambda p: replace(p, expected_people_bound=10.0),
    ),
    (
        "curve",
        "an arrival a second earlier",
        lambda p: stated(p, curve=((s(95) - 1, 100), (s(96), 104), (s(253), 108))),
    ),
    (
        "curve",
        "one more has arrived",
        lambda p: stated(p, curve=((s(95), 101), (s(96), 104), (s(253), 108))),
    ),
    ("curve", "no curve", lambda p: stated(p, curve=())),
    ("people", "one more out", lambda p: stated(p, people_out=109)),
    ("people", "fewer who wish to leave", lambda p: stated(p, people_total=107)),
    ("gap", "a smaller gap", lambda p: stated(p, gap=0.1)),
    ("gap", "no gap", lambda p: stated(p, gap=None)),
    ("plan_hash", "another hash", lambda p: replace(p, stated=Stated(plan_hash="0" * 64))),
    (
        "plan_hash",
        "the seed is changed under the hash",
        lambda p: replace(verify(corridor_world(), p).plan, seed=2),
    ),
    ("scenario", "of another scenario", lambda p: replace(p, scenario="b" * 64)),
    ("scenario", "of another start", lambda p: replace(p, start=p.start.replace(hour=9))),
    ("inputs", "with a file that the scenario has not", lambda p: replace(p, inputs={"a": "1"})),
]


@pytest.mark.parametrize(
    ("rule", "broken"),
    [pytest.param(rule, broken, id=f"{rule}: {name}") for rule, name, broken in MUTANTS],
)
def test_a_broken_plan_is_refused_by_the_right_rule(rule: str, broken: Break) -> None:
    found = violations(corridor_world(), broken(corridor_plan()))
    assert rule in {one.rule for one in found}
    for one in found:
        assert one.where
        assert one.found
        assert one.allowed


def test_the_last_convoy_a_second_late_is_refused_for_the_horizon_too() -> None:
    found = {one.rule for one in violations(corridor_world(), later_convoy(corridor_plan(), 2, 1))}
    assert {"times", "window", "duty"} <= found


def test_a_plan_of_another_scenario_is_not_judged_further() -> None:
    foreign = replace(corridor_plan(), scenario="b" * 64, trips=(ambulance_out(0, 1, "c9"),))
    assert [one.rule for one in violations(corridor_world(), foreign)] == ["scenario"]


def test_there_are_at_least_fifty_mutants_and_two_for_every_rule() -> None:
    from tests.planner.verify.test_known_changes import CHANGES  # noqa: PLC0415
    from tests.planner.verify.test_known_limits import LIMITS  # noqa: PLC0415
    from tests.planner.verify.test_known_linked import MUTANTS as LINKED  # noqa: PLC0415
    from tests.planner.verify.test_known_parts import PARTS  # noqa: PLC0415

    rules = [rule for rule, _, _ in MUTANTS] + [rule for rule, _, _ in LIMITS]
    rules += [rule for rule, _, _ in (*CHANGES, *PARTS)] + ["linked"] * len(LINKED)
    assert len(rules) >= 250
    assert {rule for rule in RULES if rules.count(rule) < 2} == set()
    assert set(rules) <= set(RULES)


def test_the_model_page_names_every_rule() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "model.md").read_text(encoding="utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in page] == []


RULES = (
    "unknown",
    "scenario",
    "inputs",
    "continuity",
    "times",
    "vehicle",
    "load",
    "slots",
    "companions",
    "households",
    "wishes",
    "ready",
    "serves",
    "open",
    "arrived",
    "change",
    "staging",
    "bays",
    "intake",
    "rate",
    "capacity",
    "convoy",
    "size",
    "headway",
    "opposing",
    "staff",
    "duty",
    "fuel",
    "window",
    "opening",
    "longest_on_board",
    "linked",
    "everyone",
    "value",
    "bound",
    "gap",
    "people",
    "curve",
    "plan_hash",
)
