"""The last convoy that should leave, against all departures tried one by one; one more priced."""

import random
from dataclasses import replace
from datetime import timedelta

from safepassage.planner.last_departure import last_departure
from safepassage.planner.problem import make_problem
from safepassage.planner.solve import solve
from safepassage.planner.worth_of_more import prices_of
from safepassage.scenario.figure import sure
from safepassage.scenario.fleet import Available
from safepassage.scenario.rules import Rules
from safepassage.scenario.window import Law
from tests.planner.relay import Relay
from tests.planner.test_known_plans import one_bus


def test_nobody_leaves_later_than_pays_and_all_who_can_leave_while_it_pays() -> None:
    r = random.Random("last departure")  # noqa: S311 - no secret
    ended = 0
    for _ in range(12):
        drive, rho = r.choice((20, 45, 60)), r.choice((0.5, 1.0, 3.0))
        law = r.choice(
            (
                Law("hard", sure(timedelta(minutes=r.choice((150, 260))))),
                Law("weibull", sure(timedelta(hours=3)), 3.0),
            )
        )
        case = replace(
            one_bus(people=5000, hours=8, drive=drive, load=5, unload=5),
            ending=law,
            rules=Rules(rho=sure(rho)),
        )
        made = solve(case, iterations=2)
        found = last_departure(made)
        assert found is not None
        problem = make_problem(case)
        # By the law itself, minute by minute, written out: G(arrive) - rho (G(depart) - G(arrive)).
        pays = []
        for minute in range(8 * 60 - drive + 1):
            leave, there = case.ending.holds(60 * minute), case.ending.holds(60 * (minute + drive))
            if there - rho * (leave - there) > 0:
                pays.append(minute)
        last = max(pays)
        loaded = [one.depart // 60 for one in made.plan.trips if one.load]
        assert found.depart // 60 == max(loaded)
        assert max(loaded) <= last
        if found.pays_until is not None:
            assert found.pays_until // 60 == last
            ended += 1
        # The bus has no reason to wait: one turn later it would no longer pay, or not arrive.
        turn = 2 * drive + 10
        assert max(loaded) + turn > min(last, problem.horizon // 60 - drive)
    assert ended > 4


def test_one_more_is_priced_where_vehicles_become_ready_over_time_and_where_people_wait() -> None:
    case = Relay(0, 14, 1, 2, 0, 1, 2, 1, 5, 8, 40, 6, 5, 0.0, 40).scenario()
    later = tuple(
        replace(one, ready=(Available(timedelta(minutes=10), 1), Available(timedelta(hours=1), 1)))
        if one.kind == "mini"
        else one
        for one in case.vehicles
    )
    made = solve(replace(case, vehicles=later), iterations=3)
    prices = {one.limit: one for one in prices_of(made, limit=timedelta(seconds=30))}
    assert {"mini (minis)", "bus (buses)", "people waiting at s", "longest wait at s"} <= set(
        prices
    )
    assert prices["bus (buses)"].gain > 0
    for one in prices.values():
        assert one.kind == "resolved"
        assert one.at_most is not None
        assert one.at_most >= one.gain - 1e-9
