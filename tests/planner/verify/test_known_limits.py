"""Each limit of the corridor mission is reached exactly; one unit tighter it refuses the plan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest

from safepassage.planner.verify import verify, violations
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Available
from safepassage.scenario.people import Ready
from safepassage.scenario.places import Filled, Intake, Rate
from safepassage.scenario.rules import Night
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Opening, Window
from tests.planner.verify.corridor import (
    corridor_plan,
    corridor_world,
    value_by_hand,
    with_corridor,
    with_group,
    with_leg,
    with_place,
    with_rules,
    with_staff,
    with_vehicles,
)
from tests.planner.verify.worlds import fm, m, rules_broken

SECOND = timedelta(seconds=1)
Tighten = Callable[[Scenario], Scenario]


def test_the_mission_is_accepted_with_its_value_by_hand() -> None:
    verified = verify(corridor_world(), corridor_plan())
    assert verified.value == pytest.approx(value_by_hand(2.0), rel=1e-12)
    assert verified.expected_people == pytest.approx(value_by_hand(1.0), rel=1e-12)
    assert verified.people_total == verified.people_out == 108
    assert verified.curve == ((95 * 60, 100), (96 * 60, 104), (253 * 60, 108))
    assert verified.curve_by_class == {
        "walking": ((95 * 60, 100),),
        "litter": ((96 * 60, 2), (253 * 60, 4)),
        "companion": ((96 * 60, 2), (253 * 60, 4)),
    }
    assert verified.left_behind == {}
    assert not verified.bound_checked


LIMITS: list[tuple[str, str, Tighten]] = [
    ("times", "the horizon a second earlier", lambda w: replace(w, horizon=m(253) - SECOND)),
    (
        "times",
        "a bus ready a second later",
        lambda w: with_vehicles(w, "bus", ready=(Available(m(0), 1), Available(m(10) + SECOND, 1))),
    ),
    (
        "times",
        "an ambulance ready a second later",
        lambda w: with_vehicles(w, "ambulance", ready=(Available(m(15) + SECOND, 1),)),
    ),
    (
        "times",
        "a bus that never becomes ready",
        lambda w: with_vehicles(w, "bus", ready=(Available(m(0), 1),)),
    ),
    (
        "times",
        "unloading a second longer",
        lambda w: with_vehicles(w, "bus", unload=sure(m(5) + SECOND)),
    ),
    (
        "times",
        "a fraction of a second more on the last leg rounds up",
        lambda w: with_leg(w, "E-H", time=sure(m(6) + timedelta(milliseconds=1))),
    ),
    ("bays", "no bay", lambda w: with_place(w, "A", bays={"bus": sure(0)})),
    ("bays", "no bay for ambulances", lambda w: with_place(w, "A", bays={"ambulance": sure(0)})),
    (
        "bays",
        "loading a second longer in the one bay",
        lambda w: with_vehicles(w, "bus", load=sure(m(10) + SECOND), ready=(), range_time=None),
    ),
    (
        "rate",
        "one vehicle less at the entry",
        lambda w: with_place(w, "G", rate=Rate(sure(6), m(163))),
    ),
    (
        "rate",
        "a second more of the sliding interval inside the corridor, both directions",
        lambda w: with_place(w, "K", rate=Rate(sure(3), m(35) + SECOND)),
    ),
    (
        "rate",
        "two vehicles at the checkpoint",
        lambda w: with_place(w, "K", rate=Rate(sure(2), m(1))),
    ),
    (
        "intake",
        "99 people at the shelter",
        lambda w: with_place(w, "B", intake=Intake(sure(99), m(30))),
    ),
    (
        "intake",
        "a second more of the sliding interval at the hospital",
        lambda w: with_place(w, "H", intake=Intake(sure(4), m(157) + SECOND)),
    ),
    (
        "intake",
        "an intake of the checkpoint on the way",
        lambda w: with_place(w, "K", intake=Intake(sure(103), m(1))),
    ),
    ("capacity", "one place less", lambda w: with_place(w, "B", capacity=sure(109))),
    (
        "capacity",
        "one more from elsewhere after ours arrived",
        lambda w: with_place(w, "B", filled=(Filled(m(40), 10), Filled(m(200), 1))),
    ),
    ("capacity", "companions count too", lambda w: with_place(w, "H", capacity=sure(7))),
    (
        "open",
        "the shelter opens a second later",
        lambda w: with_place(w, "B", opens=m(95) + SECOND),
    ),
    (
        "open",
        "the checkpoint opens a second later",
        lambda w: with_place(w, "G", opens=m(10) + SECOND),
    ),
    ("size", "one vehicle less in a convoy", lambda w: with_corridor(w, largest=sure(2))),
    ("size", "empty vehicles count", lambda w: with_corridor(w, largest=sure(0))),
    ("headway", "a second more", lambda w: with_corridor(w, headway=sure(m(162) + SECOND))),
    (
        "headway",
        "a fraction of a second more rounds up",
        lambda w: with_corridor(w, headway=sure(m(162) + timedelta(milliseconds=1))),
    ),
    (
        "slots",
        "one seat less in a bus",
        lambda w: with_vehicles(w, "bus", slots={"seat": sure(49)}),
    ),
    (
        "slots",
        "one stretcher less",
        lambda w: with_vehicles(w, "ambulance", slots={"stretcher": sure(1), "seat": sure(2)}),
    ),
    (
        "slots",
        "one seat less for companions",
        lambda w: with_vehicles(w, "ambulance", slots={"stretcher": sure(2), "seat": sure(1)}),
    ),
    ("slots", "no such slot", lambda w: with_vehicles(w, "bus", slots={})),
    (
        "wishes",
        "one wounded less wishes to leave",
        lambda w: with_group(w, "wounded", leave=sure(3)),
    ),
    ("wishes", "the families want the hospital", lambda w: with_group(w, "families", wants=("H",))),
    ("wishes", "the wounded want the shelter", lambda w: with_group(w, "wounded", wants=("B",))),
    (
        "households",
        "one household less: 29 of 100 people",
        lambda w: with_group(w, "families", households=sure(29)),
    ),
    (
        "households",
        "101 people: one small household less than the plan takes",
        lambda w: with_group(w, "families", leave=sure(101)),
    ),
    (
        "households",
        "31 households: one large household less",
        lambda w: with_group(w, "families", households=sure(31)),
    ),
    (
        "households",
        "households of 50 are not in fifteens",
        lambda w: with_group(w, "families", households=sure(2)),
    ),
    (
        "ready",
        "the second fifty a second later",
        lambda w: with_group(w, "families", ready=(Ready(m(0), 50), Ready(m(10) + SECOND, 50))),
    ),
    (
        "ready",
        "one of the first fifty is late",
        lambda w: with_group(w, "families", ready=(Ready(m(0), 49), Ready(m(10), 51))),
    ),
    ("ready", "the wounded are elsewhere", lambda w: with_group(w, "wounded", at="G")),
    ("serves", "buses serve the hospital", lambda w: with_vehicles(w, "bus", serves=("A", "H"))),
    (
        "serves",
        "ambulances serve shelters",
        lambda w: with_vehicles(w, "ambulance", serves=("shelter",)),
    ),
    (
        "serves",
        "buses serve another pickup",
        lambda w: with_vehicles(
            replace(w, places=(*w.places, replace(w.place["A"], id="A2"))), "bus", serves=("A2",)
        ),
    ),
    (
        "arrived",
        "the shelter is a mere depot",
        lambda w: with_place(w, "B", kind="depot", arrived=False),
    ),
    (
        "arrived",
        "the hospital is a mere checkpoint",
        lambda w: with_place(w, "H", kind="checkpoint", arrived=False),
    ),
    (
        "fuel",
        "a second less of driving",
        lambda w: with_vehicles(w, "bus", range_time=sure(m(150) - SECOND)),
    ),
    (
        "fuel",
        "a hundred metres less",
        lambda w: with_vehicles(w, "ambulance", range_km=sure(116.9)),
    ),
    ("fuel", "a leg without its length", lambda w: with_leg(w, "M-E", km=None)),
    (
        "window",
        "the truce begins a second later",
        lambda w: replace(w, windows=(Window("truce", "way", m(30) + SECOND, m(250)),)),
    ),
    (
        "window",
        "the truce ends a second earlier, margin kept",
        lambda w: replace(w, windows=(Window("truce", "way", m(30), m(250) - SECOND),)),
    ),
    (
        "window",
        "on all corridors",
        lambda w: replace(w, windows=(Window("truce", "all", m(30), m(250) - SECOND),)),
    ),
    (
        "window",
        "a leg inside the corridor closes a second early",
        lambda w: replace(w, windows=(Window("bridge", "G-M", None, m(210) - SECOND),)),
    ),
    (
        "window",
        "the gate of the hospital closes a second early",
        lambda w: replace(w, windows=(Window("gate", "H", None, m(256) - SECOND),)),
    ),
    (
        "window",
        "a place on the way opens a second late",
        lambda w: replace(w, windows=(Window("post", "M", m(50) + SECOND, None),)),
    ),
    (
        "window",
        "daily: from local midnight, a second early at its end",
        lambda w: replace(
            w,
            windows=(Window("day", "way", m(8 * 60 + 30), m(12 * 60 + 10) - SECOND, daily=True),),
        ),
    ),
    (
        "window",
        "the margin is a second longer",
        lambda w: with_rules(w, arrival_margin=m(3) + SECOND),
    ),
    (
        "window",
        "night falls a second earlier",
        lambda w: with_rules(w, night=Night(time(12, 9, 59), time(8, 30), allowed=False)),
    ),
    (
        "window",
        "night ends a second later",
        lambda w: with_rules(w, night=Night(time(12, 10), time(8, 30, 1), allowed=False)),
    ),
    (
        "opening",
        "it opens a second later",
        lambda w: replace(w, opening=Opening(sure(m(10) + SECOND))),
    ),
    ("opening", "it opens after the first convoy", lambda w: replace(w, opening=Opening(fm(31)))),
    (
        "longest_on_board",
        "a second less",
        lambda w: with_rules(w, longest_on_board=m(95) - SECOND),
    ),
    ("longest_on_board", "an hour", lambda w: with_rules(w, longest_on_board=m(60))),
    ("duty", "a second less of duty", lambda w: with_staff(w, "delegate", duty=m(233) - SECOND)),
    ("duty", "no rest is ever long enough", lambda w: with_staff(w, "delegate", duty=m(200))),
    ("staff", "no escort", lambda w: with_staff(w, "escort", count=sure(0))),
    ("staff", "one delegate less", lambda w: with_staff(w, "delegate", count=sure(1))),
    ("staff", "the escort is at the other end", lambda w: with_staff(w, "escort", at="E")),
    ("staff", "escorts by vehicle", lambda w: with_staff(w, "escort", needed_by=("vehicle:bus",))),
    (
        "staff",
        "escorts by delegate",
        lambda w: with_staff(w, "escort", needed_by=("staff:delegate",)),
    ),
    (
        "staff",
        "delegates with walkers",
        lambda w: with_staff(w, "delegate", needed_by=("class:walking",)),
    ),
    (
        "staff",
        "the escort comes a second late",
        lambda w: with_staff(w, "escort", ready=(Available(m(30) + SECOND, 1),)),
    ),
    ("continuity", "the buses stand at the entry", lambda w: with_vehicles(w, "bus", at="G")),
    ("continuity", "no way back", lambda w: with_leg(w, "E-B", one_way=True)),
    ("continuity", "no way back through the corridor", lambda w: with_leg(w, "M-E", one_way=True)),
    ("continuity", "a leg that is not there", lambda w: with_leg(w, "E-H", id="H-road")),
    ("vehicle", "one bus only", lambda w: with_vehicles(w, "bus", count=sure(1))),
    (
        "vehicle",
        "a hundred buses have three digits",
        lambda w: with_vehicles(w, "bus", count=sure(100), ready=()),
    ),
    (
        "companions",
        "two companions for each",
        lambda w: replace(
            w,
            classes=tuple(
                replace(one, companions=2) if one.id == "litter" else one for one in w.classes
            ),
        ),
    ),
    (
        "companions",
        "no companions",
        lambda w: replace(
            w,
            classes=tuple(
                replace(one, companions=0) if one.id == "litter" else one for one in w.classes
            ),
        ),
    ),
    (
        "unknown",
        "nobody knows the capacity",
        lambda w: with_place(w, "B", capacity=Figure(unknown="not asked")),
    ),
    (
        "unknown",
        "nobody knows how long a leg takes",
        lambda w: with_leg(w, "E-B", time=Figure(unknown="not driven")),
    ),
    (
        "convoy",
        "the corridor is longer",
        lambda w: with_corridor(w, legs=("G-M", "M-E", "E-B")),
    ),
    ("convoy", "there is no corridor", lambda w: replace(w, corridors=())),
    (
        "convoy",
        "the slowest kind is slower",
        lambda w: with_leg(w, "G-M", times={"bus": fm(21)}),
    ),
    ("load", "nobody knows the group", lambda w: with_group(w, "wounded", id="injured")),
]


@pytest.mark.parametrize(
    ("rule", "tighten"),
    [pytest.param(rule, tighten, id=f"{rule}: {name}") for rule, name, tighten in LIMITS],
)
def test_a_limit_tightened_by_one_unit_refuses_the_plan_by_its_rule(
    rule: str, tighten: Tighten
) -> None:
    assert rule in rules_broken(tighten(corridor_world()), corridor_plan())


ALONE = {
    "bays", "rate", "intake", "capacity", "open", "size", "headway", "slots", "fuel", "window",
    "longest_on_board", "duty", "ready", "serves", "opening",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "tighten"),
    [
        pytest.param(rule, tighten, id=f"{rule}: {name}")
        for rule, name, tighten in LIMITS
        if rule in ALONE
    ],
)
def test_a_tightened_limit_breaks_no_other_rule(rule: str, tighten: Tighten) -> None:
    broken = rules_broken(tighten(corridor_world()), corridor_plan())
    assert broken == {rule} or (rule in {"bays", "ready"} and rule in broken)


def test_every_unit_of_a_limit_is_said_with_what_was_found_and_what_is_allowed() -> None:
    world = with_place(corridor_world(), "B", capacity=sure(109))
    (found,) = violations(world, corridor_plan())
    assert found.rule == "capacity"
    assert "110 people" in found.found
    assert found.allowed == "109"
    assert found.at == 95 * 60
    assert "09:35" in found.in_words(world.start)
