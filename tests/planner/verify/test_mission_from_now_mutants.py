"""The rest of the day of Aleppo from 14:00 on, broken on purpose: what has happened stays so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from safepassage.clearance.from_now import FromNow, from_ledger
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.planner.verify import violations
from safepassage.scenario.load import load_scenario
from tests.clearance.test_mission_from_now import CASE, TWO, the_day
from tests.ledger.writing import clock
from tests.planner.verify.worlds import with_trip

Left = tuple[FromNow, Plan, FromNow]


@pytest.fixture(scope="module")
def left() -> Left:
    """What is left at 14:00, a plan for it, and what is left at 16:00."""
    case = load_scenario(CASE)
    first = solve(case, seed=1, iterations=0)
    now = from_ledger(case, the_day(first, TWO), at=TWO)
    later = from_ledger(case, the_day(first, clock(16)), at=clock(16))
    made = solve(now.scenario, seed=1, iterations=0).plan
    return now, replace(made, stated=None, expected_people=None), later


def shifted(one: Plan, convoy: str, by: int) -> Plan:
    """Move one convoy in time with all its trips."""
    return replace(
        one,
        convoys=tuple(
            replace(c, depart=c.depart + by, arrive=c.arrive + by) if c.id == convoy else c
            for c in one.convoys
        ),
        trips=tuple(
            replace(t, depart=t.depart + by, arrive=t.arrive + by) if t.convoy == convoy else t
            for t in one.trips
        ),
    )


def first_of(one: Plan, kind: str, start: str) -> int:
    return next(n for n, t in enumerate(one.trips) if t.kind == kind and t.start == start)


def first_loaded(one: Plan) -> int:
    return next(n for n, t in enumerate(one.trips) if sum(t.load.values()))


def crowded(one: Plan, group: str, people: int) -> Plan:
    """Say that the first vehicle that carries a group carries so many more of it."""
    number = next(n for n, t in enumerate(one.trips) if t.groups.get(group))
    trip = one.trips[number]
    (class_id,) = [c for c in trip.load if c != "companion"][:1]
    return with_trip(
        one,
        number,
        groups={**trip.groups, group: trip.groups[group] + people},
        load={**trip.load, class_id: trip.load[class_id] + people},
    )


MUTANTS: list[tuple[str, str, Callable[[Plan], Plan]]] = [
    ("times", "a bus that is still unloading leaves a second early", lambda p: shifted(
        p, p.convoys[0].id, -1)),
    ("times", "all leave at once, at the moment of the cut", lambda p: shifted(
        p, p.convoys[0].id, 6 * 3600 - p.convoys[0].depart)),
    ("window", "the convoy of before is still on the road", lambda p: shifted(
        p, p.convoys[0].id, -1)),
    ("continuity", "a bus is used from where it stood in the morning", lambda p: with_trip(
        p, first_of(p, "bus", "rashidin4"), start="amiriyah", end="rashidin4",
        legs=("amiriyah-ramouseh", "ramouseh-rashidin4"))),
    ("continuity", "an ambulance never comes back, and goes out again", lambda p: replace(
        p, trips=tuple(
            t for t in p.trips
            if not (t.kind == "ambulance" and t.start == "rashidin4")))),
    ("wishes", "one more of those who lie than are left", lambda p: crowded(
        p, "wounded-lying", 1 + 80)),
    ("wishes", "all of the morning once more", lambda p: crowded(p, "others", 9_720)),
    ("staff", "an officer who is not back yet leads", lambda p: replace(
        p, convoys=tuple(
            replace(c, staff={**c.staff, "officer": 2}) if n == 0 else c
            for n, c in enumerate(p.convoys)))),
    ("staff", "a delegate more than are there", lambda p: with_trip(
        p, first_loaded(p), staff={"delegate": 3})),
    ("vehicle", "a bus more than the morning had", lambda p: with_trip(
        p, first_of(p, "bus", "rashidin4"), vehicle="bus-21")),
    ("scenario", "as if the day had another start", lambda p: replace(
        p, start=p.start.replace(hour=9))),
    ("inputs", "of no entry of the ledger", lambda p: replace(p, inputs={})),
    ("inputs", "of a later entry", lambda p: replace(
        p, inputs={one.replace("entry", "entry 9"): sha for one, sha in p.inputs.items()})),
]  # fmt: skip


def test_the_plan_from_now_is_accepted(left: Left) -> None:
    now, one, _ = left
    assert violations(now.scenario, one) == ()
    assert one.trips


@pytest.mark.parametrize(
    ("rule", "broken"),
    [pytest.param(rule, broken, id=f"{rule}: {name}") for rule, name, broken in MUTANTS],
)
def test_a_plan_from_now_that_forgets_what_has_happened_is_refused(
    left: Left, rule: str, broken: Callable[[Plan], Plan]
) -> None:
    now, one, _ = left
    assert rule in {found.rule for found in violations(now.scenario, broken(one))}


def test_two_hours_later_the_same_plan_breaks_what_has_happened_since(left: Left) -> None:
    _, one, later = left
    found = violations(later.scenario, replace(one, inputs=later.scenario.inputs))
    assert {"times", "continuity", "staff"} <= {each.rule for each in found}
