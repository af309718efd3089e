"""The same mission under several beliefs about the window and the caseload, side by side.

Knows what the first convoy carries under each, what a plan made for one belief is worth under the
others, and which plan has the smallest worst regret.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction

from safepassage.planner.bounds import most_arrived_by
from safepassage.planner.objective import plan_value
from safepassage.planner.problem import make_problem
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways
from safepassage.planner.worst_first import solve_worst_first
from safepassage.scenario.figure import Choice, sure
from safepassage.scenario.people import Group
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Law


@dataclass(frozen=True, slots=True)
class Belief:
    """One belief about window, caseload and vehicles; what is None or empty is as stated.

    `mean` is the mean time that the window holds under the stated kind of law, `law` another law.
    `people` picks the end of the ranges, `persons` scales all groups to so many persons in all.
    `slots` says, by vehicle kind, how many of each slot are really used ("seat").
    """

    name: str
    mean: timedelta | None = None
    people: Choice = "likely"
    law: Law | None = None
    persons: int | None = None
    slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Believed:
    """A plan made under one belief.

    `first_convoy` counts the people of the first loaded departure by class. `worth` is what the
    plan is worth under every belief, in their order; `regret` the most by which it falls short of
    the best plan found under a belief, as a share of that.
    """

    belief: Belief
    verified: VerifiedPlan
    first_convoy: dict[str, int]
    worth: tuple[float, ...]
    regret: float


def under_beliefs(
    scenario: Scenario,
    beliefs: Sequence[Belief],
    *,
    limit: timedelta = timedelta(seconds=10),
    seed: int = 1,
    iterations: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[Believed, ...]:
    """Return a plan for each belief, `limit` for each, and its regret under all of them.

    A plan for more people than come is worth, under fewer, what its trips carry of those who are
    there: people are taken off from the latest trips first. Under vehicles that hold fewer, those
    who do not fit wait for a later trip that has planned for them. No trip takes more than planned.
    """
    make = solve_worst_first if scenario.rules.worst_first else solve
    plans = [
        make(
            believed(scenario, one),
            limit=limit,
            seed=seed,
            people=one.people,
            iterations=iterations,
            stop=stop,
        )
        for one in beliefs
    ]
    table = [[_worth(scenario, plan, one) for one in beliefs] for plan in plans]
    best = [max(row[k] for row in table) for k in range(len(beliefs))]
    found = []
    for belief, plan, row in zip(beliefs, plans, table, strict=True):
        shares = [(b - w) / b if b > 0 else 0.0 for w, b in zip(row, best, strict=True)]
        found.append(Believed(belief, plan, _first_convoy(plan), tuple(row), max(shares)))
    return tuple(found)


def least_regret(found: Sequence[Believed]) -> Believed:
    """Return the plan whose worst regret is the smallest."""
    return min(found, key=lambda one: one.regret)


def ceiling(
    scenario: Scenario, times: Sequence[int], people: Choice = "likely"
) -> tuple[tuple[int, float | None], ...]:
    """Return (second, most persons that any plan can have brought by then; None: not proved)."""
    problem = make_problem(scenario, people)
    ways = Ways(problem)
    return tuple((at, most_arrived_by(problem, ways, at)) for at in times)


def regret_over_time(verified: VerifiedPlan, times: Sequence[int]) -> tuple[tuple[int, float], ...]:
    """Return (second, share by which the plan falls short of the ceiling) where one is proved."""
    found = []
    for at, most in ceiling(verified.scenario, times, verified.plan.people):
        if most is None or most <= 0:
            continue
        here = max((persons for when, persons in verified.curve if when <= at), default=0)
        found.append((at, max(0.0, (most - here) / most)))
    return tuple(found)


def believed(scenario: Scenario, belief: Belief) -> Scenario:
    """Return the scenario as one believes it to be."""
    ending = scenario.ending if belief.law is None else belief.law
    if belief.mean is not None:
        ending = replace(ending, mean=sure(belief.mean))
    groups = scenario.groups
    if belief.persons is not None:
        groups = _scaled(scenario, belief.people, belief.persons)
    vehicles = tuple(
        replace(
            one,
            slots={
                slot: sure(min(belief.slots[one.kind].get(slot, 10**9), figure.pick()))
                for slot, figure in one.slots.items()
            },
        )
        if one.kind in belief.slots
        else one
        for one in scenario.vehicles
    )
    return replace(scenario, ending=ending, groups=groups, vehicles=vehicles)


def _scaled(scenario: Scenario, people: Choice, persons: int) -> tuple[Group, ...]:
    """Return the groups, each with its share of so many persons; who is ready when is scaled."""
    problem = make_problem(scenario, people)
    share = Fraction(persons, max(1, problem.people_total))
    found = []
    for group, crowd in zip(scenario.groups, problem.crowds, strict=True):
        number = int(crowd.total * share)
        ready = tuple(replace(one, people=int(one.people * share)) for one in group.ready)
        if ready:
            ready = (*ready[:-1], replace(ready[-1], people=number))
        homes = group.households
        if homes is not None:
            homes = sure(max(1, int(homes.pick(people) * share)))
        found.append(replace(group, leave=sure(number), ready=ready, households=homes))
    return tuple(found)


def _worth(scenario: Scenario, plan: VerifiedPlan, belief: Belief) -> float:
    """Return what a plan's trips are worth under a belief about window and caseload."""
    problem = make_problem(believed(scenario, belief), belief.people)
    slots_of = {name: one.slots for one in problem.fleets for name, _ in one.vehicles}
    # Who changes vehicles rides again from where he was brought.
    there = Counter({(one.id, one.at): one.total for one in problem.crowds})
    by_id = {one.id: one for one in problem.crowds}
    trips = []
    for trip in sorted(plan.plan.trips, key=lambda one: one.arrive):
        load: dict[str, int] = {}
        slots = dict(slots_of.get(trip.vehicle or "", {}))
        for group, number in trip.groups.items():
            crowd = by_id[group]
            carried = min(number, there[group, trip.start])
            for slot, uses in crowd.uses.items():
                carried = min(carried, slots.get(slot, 0) // uses)
            for slot, uses in crowd.uses.items():
                slots[slot] -= uses * carried
            there[group, trip.start] -= carried
            if not problem.sites[trip.end].arrived:
                there[group, trip.end] += carried
            if carried:
                load[crowd.class_id] = load.get(crowd.class_id, 0) + carried
                if crowd.companions:
                    load["companion"] = load.get("companion", 0) + carried * crowd.companions
        trips.append(replace(trip, load=load))
    return plan_value(problem, trips)


def _first_convoy(plan: VerifiedPlan) -> dict[str, int]:
    """Return people by class who leave first: in the first convoy with people, or at once."""
    loaded = [one for one in plan.plan.trips if one.load]
    if not loaded:
        return {}
    first = min(loaded, key=lambda one: (one.arrive, one.depart))
    same = [
        one
        for one in loaded
        if (one.convoy == first.convoy if first.convoy else one.depart == first.depart)
    ]
    total: dict[str, int] = {}
    for trip in same:
        for class_id, number in trip.load.items():
            total[class_id] = total.get(class_id, 0) + number
    return total
