"""Rule `linked`: plans that leave the counterpart behind are refused, and no others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.plan import Trip
from safepassage.scenario.figure import sure
from safepassage.scenario.linked import Linked
from safepassage.scenario.people import Group
from safepassage.scenario.places import Place
from tests.planner.verify.worlds import bus, leg, plan, rules_broken, s, scenario, trip


def world(**more: object):
    """Return pickups A and C, shelters B and D, an hour apart, three buses at each."""
    return scenario(
        horizon=timedelta(hours=12),
        places=(
            Place("A", "pickup"),
            Place("B", "shelter", arrived=True),
            Place("C", "pickup"),
            Place("D", "shelter", arrived=True),
        ),
        legs=(leg("A", "B", 60), leg("C", "D", 60)),
        groups=(
            Group("people", "A", "walking", sure(150)),
            Group("others", "C", "walking", sure(150)),
        ),
        vehicles=(bus(count=3), bus("C", 3, id="coaches", kind="coach")),
        linked=(Linked("other", "Other", groups=("others",), **more),),  # type: ignore[arg-type]
    )


def ours(number: int, depart: float, people: int = 50) -> Trip:
    return trip(f"bus-{number:02d}", "A", "B", depart, depart + 60, people)


def theirs(number: int, depart: float, people: int = 50) -> Trip:
    made = trip(f"coach-{number:02d}", "C", "D", depart, depart + 60)
    return replace(made, load={"walking": people}, groups={"others": people})


STEPS = (ours(1, 20), theirs(1, 20), ours(2, 80), theirs(2, 80), ours(3, 140), theirs(3, 140))


def test_step_by_step_is_accepted():
    assert not rules_broken(world(), plan(world(), *STEPS))


MUTANTS: list[tuple[str, tuple[Trip, ...], dict[str, object]]] = [
    ("our second a second before their first arrives", (
        ours(1, 20), theirs(1, 21), replace(ours(2, 80), depart=s(80), arrive=s(140)),
    ), {}),
    ("their second before our first arrives", (theirs(1, 20), ours(1, 30), theirs(2, 85)), {}),
    ("ours alone", (ours(1, 20), ours(2, 80)), {}),
    ("two of ours at once", (ours(1, 20), ours(2, 20), theirs(1, 20)), {}),
    ("half of theirs is too few", (
        ours(1, 20), theirs(1, 20, 24), ours(2, 80),
    ), {"ratio": 0.5}),
    ("too few of ours for theirs", (
        theirs(1, 20), ours(1, 20, 49), theirs(2, 80),
    ), {"ratio": 1.0}),
    ("their step is not full", (ours(1, 20), theirs(1, 20, 39), ours(2, 80)), {"steps": (40, 60)}),
    ("more than their step", (theirs(1, 20, 41), ours(1, 20)), {"steps": (40, 60)}),
    ("their second step before our first", (
        theirs(1, 20, 40), theirs(2, 30, 10), ours(1, 20),
    ), {"steps": (40, 60)}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("trips", "more"), [one[1:] for one in MUTANTS], ids=[one[0] for one in MUTANTS]
)
def test_a_side_that_moves_ahead_is_refused(trips, more):
    assert rules_broken(world(**more), plan(world(**more), *trips)) == {"linked"}


GOOD: list[tuple[str, tuple[Trip, ...], dict[str, object]]] = [
    ("half of theirs is enough", (ours(1, 20), theirs(1, 20, 25), ours(2, 80)), {"ratio": 0.5}),
    ("their step is full", (ours(1, 20), theirs(1, 20, 40), ours(2, 80)), {"steps": (40, 60)}),
    ("a departure is enough", (ours(1, 20), theirs(1, 25), ours(2, 25)), {
        "waits_for": "departure",
    }),
    ("no groups, no rule", (ours(1, 20), ours(2, 80)), {"groups": ()}),
]  # fmt: skip


@pytest.mark.parametrize(("trips", "more"), [one[1:] for one in GOOD], ids=[one[0] for one in GOOD])
def test_what_keeps_the_steps_is_accepted(trips, more):
    given = world()
    given = replace(given, linked=(replace(given.linked[0], **more),))
    assert not rules_broken(given, plan(given, *trips))


def test_who_has_nobody_left_keeps_nobody_waiting():
    given = world()
    given = replace(given, groups=(given.groups[0], replace(given.groups[1], leave=sure(50))))
    made = plan(given, ours(1, 20), theirs(1, 20), ours(2, 80), ours(3, 80))
    assert not rules_broken(given, made)
