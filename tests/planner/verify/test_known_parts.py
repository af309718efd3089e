"""Parts of rules that no other mutant touches: each is broken in at least two ways.

Times by the hour, staff who are needed on some legs only or by started numbers, batches in convoy,
people who are brought home again, checkpoints on the way, duty that begins elsewhere.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.plan import Plan
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available, Staff
from safepassage.scenario.linked import Linked
from safepassage.scenario.people import BUILT_IN_CLASSES, Group, PersonClass
from safepassage.scenario.places import Corridor, Hour, Intake, Leg, Place, Rate, Through
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window
from tests.planner.verify.worlds import (
    bus,
    convoy,
    fm,
    leg,
    m,
    plan,
    rules_broken,
    s,
    scenario,
    trip,
    with_trip,
)

Mission = tuple[Scenario, Plan]
SECOND = timedelta(seconds=1)


def by_the_hour() -> Mission:
    """The road takes an hour, half an hour from 10:00 on, and is closed from 12:00 to 13:00."""
    hours = (Hour(m(0), m(60)), Hour(m(120), m(30)), Hour(m(240), None), Hour(m(300), m(45)))
    road = Leg("A-B", "A", "B", fm(60), hours={"bus": hours})
    world = scenario(legs=(road,), vehicles=(bus(count=3),))
    return world, plan(
        world,
        trip("bus-01", "A", "B", 20, 80, 20),
        # Who enters at 9:40 would leave at 10:40; who waits until 10:00 leaves at 10:30.
        trip("bus-02", "A", "B", 100, 150, 20),
        trip("bus-03", "A", "B", 250, 345, 20),
    )


def guarded() -> Mission:
    """Guards ride with every two buses on the bridge; the long way round needs none."""
    world = scenario(
        places=(
            Place("A", "pickup"), Place("C", "checkpoint"), Place("B", "shelter", arrived=True),
        ),
        legs=(leg("A", "B", 60), leg("A", "C", 60), leg("C", "B", 60)),
        vehicles=(bus(count=3),),
        staff=(
            Staff("g", "guard", sure(2), "A", ("vehicle:bus",), per=2, on=("A-B",)),
            Staff("c", "chief", sure(1), "A", ("staff:guard",), per=2),
        ),
    )  # fmt: skip
    both = {"guard": 1, "chief": 1}
    return world, plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 20, staff=both),
        trip("bus-02", "A", "B", 10, 130, 20, legs=("A-C", "C-B")),
        trip("bus-01", "B", "A", 75, 135, legs=("A-B",), staff=both),
    )


def in_column() -> Mission:
    """Three buses in one convoy: two guards for three, a chief for two guards."""
    world = scenario(
        legs=(leg("A", "B", 60),),
        corridors=(Corridor("way", ("A-B",)),),
        vehicles=(bus(count=3),),
        staff=(
            Staff("g", "guard", sure(2), "A", ("vehicle:bus",), per=2, on=("way",)),
            Staff("c", "chief", sure(1), "A", ("staff:guard",), per=2),
        ),
    )
    rides = [
        trip(f"bus-0{n}", "A", "B", 10, 70, 30, convoy="c", staff={"guard": 1} if n < 3 else {})
        for n in (1, 2, 3)
    ]
    return world, plan(world, *rides, convoys=(convoy("c", "A", "B", 10, 70, staff={"chief": 1}),))


def batches() -> Mission:
    """Both sides leave in convoys of two vehicles: each convoy is one batch, wounded with one."""
    world = scenario(
        places=(
            Place("A", "pickup"), Place("B", "shelter", arrived=True),
            Place("C", "pickup"), Place("D", "shelter", arrived=True),
        ),
        legs=(leg("A", "B", 60), leg("C", "D", 60)),
        corridors=(Corridor("way", ("A-B",)), Corridor("other", ("C-D",))),
        classes=(*BUILT_IN_CLASSES, PersonClass("led", {"seat": 1}, companions=1)),
        groups=(
            Group("people", "A", "walking", sure(150)), Group("others", "C", "led", sure(60)),
        ),
        vehicles=(bus(count=4), bus("C", 4, id="coaches", kind="coach")),
        linked=(Linked("x", "Other", groups=("others",), waits_for="departure"),),
    )  # fmt: skip

    def ours(number: int, at: int) -> list[object]:
        return [
            trip(f"bus-0{n}", "A", "B", at, at + 60, 25, convoy=f"o{at}")
            for n in (number, number + 1)
        ]

    def theirs(number: int, at: int) -> list[object]:
        made = trip(f"coach-0{number}", "C", "D", at, at + 60, convoy=f"t{at}")
        return [replace(made, load={"led": 20, "companion": 20}, groups={"others": 20})]

    trips = [*ours(1, 20), *theirs(1, 20), *ours(3, 40), *theirs(2, 40)]
    convoys = [convoy(f"o{at}", "A", "B", at, at + 60) for at in (20, 40)]
    convoys += [convoy(f"t{at}", "C", "D", at, at + 60, corridor="other") for at in (20, 40)]
    return world, plan(world, *trips, convoys=tuple(convoys))  # type: ignore[arg-type]


def past_a_post() -> Mission:
    """The road passes post K after 20 minutes, or 40 on the way back; K lets through few."""
    world = scenario(
        places=(
            Place("A", "pickup"), Place("B", "shelter", arrived=True),
            Place(
                "K", "checkpoint", rate=Rate(sure(2), m(30)), intake=Intake(sure(40), m(30)),
                opens=m(30),
            ),
        ),
        legs=(leg("A", "B", 60, through=(Through("K", m(20)),)),),
        vehicles=(bus(count=3),),
        windows=(Window("k", "K", m(30), m(200)),),
    )  # fmt: skip
    return world, plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 20),
        trip("bus-02", "A", "B", 39, 99, 20),
        trip("bus-01", "B", "A", 75, 135, legs=("A-B",)),
        trip("bus-02", "B", "A", 160, 220, legs=("A-B",)),
    )


def home_again() -> Mission:
    """A group lives at staging place S; a bus takes it on by way of the hand-over X."""
    world = scenario(
        places=(
            Place("S", "staging", limit=sure(30)), Place("X", "handover"),
            Place("B", "shelter", arrived=True),
        ),
        legs=(leg("S", "X", 10), leg("X", "B", 10)),
        groups=(Group("people", "S", "walking", sure(30)),),
        vehicles=(bus("S", 2, ready=(Available(m(0), 2),)),),
    )  # fmt: skip
    return world, plan(
        world,
        trip("bus-01", "S", "X", 10, 20, 30),
        trip("bus-01", "X", "B", 35, 45, 30),
    )


def driven() -> Mission:
    """A driver on duty for 150 minutes rests an hour anywhere; two are named."""
    crew = {"staff": {"driver": 1}, "who": {"driver": ("driver-01",)}}
    world = scenario(
        staff=(
            Staff("d", "driver", sure(2), "A", ("vehicle:bus",), duty=m(150), rest=m(60)),
        ),
    )  # fmt: skip
    return world, plan(
        world,
        trip("bus-01", "A", "B", 10, 70, 50, **crew),
        trip("bus-01", "B", "A", 100, 160, legs=("A-B",), **crew),
        trip("bus-01", "A", "B", 220, 280, 50, **crew),
    )


MISSIONS = (by_the_hour, guarded, in_column, batches, past_a_post, home_again, driven)


@pytest.mark.parametrize("mission", MISSIONS)
def test_each_mission_is_accepted(mission: Callable[[], Mission]) -> None:
    assert rules_broken(*mission()) == set()


def changed(make: Callable[[], Mission], number: int, **changes: object) -> Mission:
    world, one = make()
    return world, with_trip(one, number, **changes)


def in_world(make: Callable[[], Mission], **changes: object) -> Mission:
    world, one = make()
    return replace(world, **changes), one  # type: ignore[arg-type]


def later_batch(make: Callable[[], Mission], name: str, by: int) -> Mission:
    """Shift one convoy with its trips."""
    world, one = make()
    convoys = tuple(
        replace(c, depart=c.depart + by, arrive=c.arrive + by) if c.id == name else c
        for c in one.convoys
    )
    trips = tuple(
        replace(t, depart=t.depart + by, arrive=t.arrive + by) if t.convoy == name else t
        for t in one.trips
    )
    return world, replace(one, convoys=convoys, trips=trips)


def alone(name: str) -> Callable[[], Mission]:
    """Return the batches without one convoy and its trips."""
    world, one = batches()
    fewer = replace(
        one,
        convoys=tuple(c for c in one.convoys if c.id != name),
        trips=tuple(t for t in one.trips if t.convoy != name),
    )
    return lambda: (world, fewer)


def linked(**changes: object) -> tuple[Linked, ...]:
    return (replace(batches()[0].linked[0], **changes),)  # type: ignore[arg-type]


PARTS: list[tuple[str, str, Callable[[], Mission]]] = [
    ("times", "by the hour: not first in, first out", lambda: changed(
        by_the_hour, 1, arrive=s(160))),
    ("times", "by the hour: the short time before its hour", lambda: changed(
        by_the_hour, 1, arrive=s(130))),
    ("times", "by the hour: a second before the road opens again", lambda: changed(
        by_the_hour, 2, arrive=s(345) - 1)),
    ("times", "by the hour: through a closed hour", lambda: changed(
        by_the_hour, 2, arrive=s(310))),
    ("staff", "no guard over the bridge", lambda: changed(guarded, 0, staff={"chief": 1})),
    ("staff", "no guard over the bridge on the way back, empty", lambda: changed(
        guarded, 2, staff={})),
    ("staff", "a guard without a chief", lambda: changed(guarded, 0, staff={"guard": 1})),
    ("staff", "the long way needs guards too", lambda: in_world(
        guarded, staff=(replace(guarded()[0].staff[0], on=("A-B", "C-B")), guarded()[0].staff[1]))),
    ("staff", "one guard for three buses", lambda: changed(in_column, 1, staff={})),
    ("staff", "a guard for each bus", lambda: in_world(
        in_column,
        staff=(replace(in_column()[0].staff[0], per=1), in_column()[0].staff[1]))),
    ("staff", "a chief for each guard", lambda: in_world(
        in_column,
        staff=(in_column()[0].staff[0], replace(in_column()[0].staff[1], per=1)))),
    ("linked", "their second convoy leaves a second before ours has left", lambda: later_batch(
        alone("o20"), "o40", 1)),
    ("linked", "our second convoy a second before theirs has left", lambda: later_batch(
        alone("t20"), "t40", 1)),
    ("linked", "to have left is not enough", lambda: in_world(
        batches, linked=linked(waits_for="arrival"))),
    ("linked", "companions count: theirs have moved 40 of a step of 41", lambda: later_batch(
        lambda: in_world(batches, linked=linked(steps=(41, 39))), "t40", 1)),
    ("linked", "companions count: 40 leave in a step of 39", lambda: later_batch(
        lambda: in_world(batches, linked=linked(steps=(39, 41))), "o20", 1)),
    ("linked", "four fifths are less than 0.81", lambda: later_batch(
        lambda: in_world(batches, linked=linked(ratio=0.81)), "t40", 1)),
    ("open", "past the post a second before it opens", lambda: changed(
        past_a_post, 0, depart=s(10) - 1, arrive=s(70) - 1)),
    ("window", "past the post a second before its window", lambda: changed(
        past_a_post, 0, depart=s(10) - 1, arrive=s(70) - 1)),
    ("window", "past the post after its window on the way back", lambda: changed(
        past_a_post, 3, depart=s(160) + 1, arrive=s(220) + 1)),
    ("intake", "more people past the post in half an hour", lambda: changed(
        past_a_post, 1, load={"walking": 21}, groups={"people": 21})),
    ("rate", "three vehicles past the post in half an hour", lambda: in_world(
        past_a_post, places=tuple(
            replace(one, rate=Rate(sure(1), m(29) + SECOND)) if one.id == "K" else one
            for one in past_a_post()[0].places))),
    ("wishes", "who was brought home boards again", lambda: (
        home_again()[0],
        replace(home_again()[1], trips=(
            home_again()[1].trips[0],
            trip("bus-01", "X", "S", 35, 45, 30, legs=("S-X",)),
            trip("bus-02", "S", "B", 60, 80, 30, legs=("S-X", "X-B")),
        )))),
    ("change", "the second bus boards them before they are there", lambda: (
        home_again()[0],
        replace(home_again()[1], trips=(
            trip("bus-02", "S", "X", 10, 20, legs=("S-X",)),
            home_again()[1].trips[0],
            trip("bus-02", "X", "B", 30, 40, 30),
        )))),
    ("staging", "a group that lives there and is too many", lambda: in_world(
        home_again, places=(
            replace(home_again()[0].places[0], limit=sure(29)), *home_again()[0].places[1:]))),
    ("duty", "a rest a second too short", lambda: changed(
        driven, 2, depart=s(220) - 1, arrive=s(280) - 1)),
    ("duty", "a second of duty too much", lambda: changed(
        driven, 1, depart=s(100) + 1, arrive=s(160) + 1)),
    ("staff", "the other driver is not where the bus is", lambda: changed(
        driven, 1, who={"driver": ("driver-02",)})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "broken"),
    [pytest.param(rule, broken, id=f"{rule}: {name}") for rule, name, broken in PARTS],
)
def test_a_broken_part_is_refused_by_the_right_rule(
    rule: str, broken: Callable[[], Mission]
) -> None:
    assert rule in rules_broken(*broken())


def test_all_convoys_but_one_still_keep_their_steps() -> None:
    for name in ("o20", "t20"):
        assert rules_broken(*alone(name)()) == set()
