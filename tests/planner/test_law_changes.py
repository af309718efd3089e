"""Laws of changes of vehicle: what is planned is accepted, and no plan beats the bound."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from safepassage.planner.bounds import most_arrived_by, supply_bound
from safepassage.planner.greedy import Policy, dispatch
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import BoundProof
from safepassage.planner.problem import make_problem
from safepassage.planner.proposal import propose
from safepassage.planner.search import Search
from safepassage.planner.solve import solve
from safepassage.planner.verify import violations
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import sure
from safepassage.scenario.people import Group
from safepassage.scenario.places import Leg, Place
from safepassage.scenario.scenario import Scenario
from tests.planner.relay import Relay, optimum, relay
from tests.planner.strategies import Maker


def _bounds(scenario: Scenario) -> tuple[float, float]:
    problem = make_problem(scenario)
    ways = Ways(problem)
    most = most_arrived_by(problem, ways, problem.horizon)
    assert most is not None
    return supply_bound(problem, ways).value, most


def _check_optimum(seed: int) -> float:
    """Hold bound and plan of a tiny relay against its optimum; return the plan's share of it."""
    case = relay(seed)
    best = optimum(case)
    bound, _ = _bounds(case.scenario())
    assert bound >= best - 1e-6, (case, bound, best)
    try:
        made = solve(case.scenario(), iterations=30)
    except (NobodyMovesError, NotPlannedError):
        return 0.0 if best > 1e-6 else 1.0
    assert made.bound is not None
    assert made.bound >= best - 1e-6, (case, made.bound, best)
    # The exact model moves in whole steps only, and so does the planner's left-shifted plan.
    assert made.value <= best + 1e-6, (case, made.value, best)
    return made.value / best if best > 0 else 1.0


def test_no_bound_lies_below_the_optimum_of_a_relay_and_plans_come_near_it() -> None:
    shares = [_check_optimum(seed) for seed in range(24)]
    assert sum(shares) / len(shares) > 0.95


@pytest.mark.proof
def test_no_bound_lies_below_the_optimum_of_a_thousand_relays() -> None:
    shares = [_check_optimum(seed) for seed in range(24, 1024)]
    assert sum(shares) / len(shares) > 0.95


def with_changes(seed: int) -> Scenario:
    """Return a drawn scenario with one or two staging places between its pickups and the ends."""
    drawn = Maker(seed, corridor=seed % 3 == 0).scenario()
    r = random.Random(f"changes/{seed}")  # noqa: S311 - no secret
    return relayed(drawn, r)


def relayed(drawn: Scenario, r: random.Random) -> Scenario:
    """Put staging places into a scenario; some vehicles work on one side of them only."""
    pickups = sorted({one.at for one in drawn.groups})
    ends = [one.id for one in drawn.places if one.arrived]
    stops = [f"stop{number}" for number in range(r.randint(1, 2))]
    places, legs = list(drawn.places), list(drawn.legs)
    for stop in stops:
        places.append(
            Place(
                stop,
                r.choice(("staging", "handover")),
                limit=sure(r.randint(3, 40)) if r.random() < 0.5 else None,
                longest_wait=timedelta(minutes=r.choice((10, 45, 120)))
                if r.random() < 0.5
                else None,
            )
        )
        legs.extend(
            Leg(f"{stop}-{other}", stop, other, sure(timedelta(minutes=r.randint(4, 30))))
            for other in (*pickups, *ends)
            if r.random() < 0.8
        )
    if len(stops) == 2 and r.random() < 0.5:
        legs.append(Leg("between", *stops, sure(timedelta(minutes=9))))
    vehicles = []
    for one in drawn.vehicles:
        near = replace(one, serves=(*pickups, *stops))
        far = replace(one, id=f"{one.id}-far", at=r.choice(stops), serves=(*stops, *ends))
        vehicles += r.choice(([one], [near, far], [near, far], [one, far]))
    groups = drawn.groups
    if r.random() < 0.3:
        groups = (*groups, Group("camp", stops[0], "walking", sure(r.randint(1, 9))))
    return replace(
        drawn, places=tuple(places), legs=tuple(legs), vehicles=tuple(vehicles), groups=groups
    )


def _check_drawn(seed: int, met: Counter[str]) -> None:
    scenario = with_changes(seed)
    problem = make_problem(scenario)
    ways = Ways(problem)
    bound, most = _bounds(scenario)
    search = Search(problem, ways, rng=random.Random(seed))  # noqa: S311 - no secret
    policies = [*search.starts()[:6], Policy(all_back=True)]
    for policy in policies:
        schedule = dispatch(problem, ways, policy)
        plan = propose(problem, schedule, objective="expected", proof=BoundProof("none"))
        found = violations(scenario, plan)
        assert not found, (seed, policy, found[:3])
        value = plan_value(problem, schedule.trips)
        assert value <= bound + 1e-6, (seed, value, bound)
        arrived = sum(
            sum(one.load.values()) for one in schedule.trips if problem.sites[one.end].arrived
        )
        assert arrived <= most + 1e-6, (seed, arrived, most)
        met["plans"] += 1
        met["changes"] += any(
            one.load and one.start.startswith("stop") and set(one.groups) - {"camp"}
            for one in schedule.trips
        )


def test_every_schedule_with_changes_is_accepted_and_below_the_bound() -> None:
    met: Counter[str] = Counter()
    for seed in range(12):
        _check_drawn(seed, met)
    assert met["changes"] > 40, met


@pytest.mark.proof
def test_a_thousand_drawn_scenarios_with_changes_are_accepted_and_below_the_bound() -> None:
    met: Counter[str] = Counter()
    for seed in range(12, 1012):
        _check_drawn(seed, met)
    assert met["changes"] > 3000, met


def test_a_relay_is_worth_no_less_with_a_longer_wait_or_more_room() -> None:
    """A law of the exact model itself, so that what bounds are held against is no nonsense."""
    for seed in range(12):
        case: Relay = relay(seed)
        best = optimum(case)
        if case.wait is not None:
            assert optimum(replace(case, wait=case.wait + 1)) >= best - 1e-6
        if case.limit is not None:
            assert optimum(replace(case, limit=case.limit + 2)) >= best - 1e-6
