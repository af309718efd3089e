"""What one more of each limit would be worth: the scenario with one more, solved again.

Both the plan with one more and the plan without it get the same work, so their difference is not
luck of the search alone; `at_most` is proved: no plan with one more gains more than that.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, TypeVar

import numpy as np

from safepassage.planner.bounds import supply_bound
from safepassage.planner.corridor.events import Step
from safepassage.planner.corridor.model import read_corridor
from safepassage.planner.corridor.prices import Prices
from safepassage.planner.greedy import Policy
from safepassage.planner.names import IDS, Ids
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.reach import CHANGE_KINDS
from safepassage.planner.search import Search, Timetable
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.fleet import Available
from safepassage.scenario.places import Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

WIDTH = 40
N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Price:
    """What more of one limit is worth, in weighted expected people.

    `gain` is what the plan with one more gained, `at_most` what no plan with one more can gain
    over the plan that is explained (None where nothing is proved).
    """

    limit: str
    unit: str
    gain: float
    gain_unit: str
    kind: Literal["resolved", "dual"]
    at_most: float | None

    def to_json(self) -> dict[str, object]:
        """Return it as in plan.json."""
        return {
            "limit": self.limit,
            "unit": self.unit,
            "gain": round(self.gain, 3),
            "gain_unit": self.gain_unit,
            "kind": self.kind,
            "at_most": None if self.at_most is None else round(self.at_most, 3),
        }


def limits_of(scenario: Scenario, names: Ids = IDS) -> tuple[str, ...]:
    """Return the limits of which one more has a price, in the order in which they are priced."""
    return tuple(name for name, _, _ in _one_more(scenario, names))


def prices_of(
    verified: VerifiedPlan,
    *,
    limit: timedelta,
    stop: Callable[[], bool] | None = None,
    names: Ids = IDS,
) -> tuple[Price, ...]:
    """Return the worth of one more of each limit, the most valuable first.

    Only for plans of the objective `expected`. Limits that the time did not reach are absent.
    `names` is how places and kinds are called.
    """
    if verified.plan.objective != "expected":
        return ()
    ends = time.monotonic() + limit.total_seconds()

    def over() -> bool:
        return time.monotonic() >= ends or (stop is not None and stop())

    table = _timetable(verified)
    problem = make_problem(verified.scenario, verified.plan.people)
    multipliers = _multipliers(problem, table, over)
    base, _ = _effort(problem, verified.plan, table, multipliers, over)
    base = max(base, verified.value)
    found = []
    for name, unit, changed in _one_more(verified.scenario, names):
        if over():
            break
        value, bound = _effort(
            make_problem(changed, verified.plan.people), verified.plan, table, multipliers, over
        )
        if over():
            break  # Cut short: less work than the others had.
        gain = max(0.0, value - base)
        at_most = None if bound is None else max(gain, bound - verified.value)
        found.append(Price(name, unit, gain, "weighted expected people", "resolved", at_most))
    return tuple(sorted(found, key=lambda one: -one.gain))


def _timetable(verified: VerifiedPlan) -> Timetable:
    lanes = verified.scenario.corridor
    problem = make_problem(verified.scenario, verified.plan.people)
    del lanes
    used = {one.convoy for one in verified.plan.trips if one.vehicle is not None}
    return tuple(
        sorted(
            (one.depart, one.corridor, one.start == problem.lanes[one.corridor].ends[0])
            for one in verified.plan.convoys
            if one.id in used
        )
    )


def _multipliers(problem: Problem, table: Timetable, over: Callable[[], bool]) -> np.ndarray | None:
    """Return good people prices of the scenario as it is, None where it has no corridor proof."""
    corridor = read_corridor(problem, Ways(problem))
    if corridor is None:
        return None
    del table
    prices = Prices(corridor, weighted=True)
    prices.improve(
        np.zeros(len(prices.supply)),
        width=WIDTH,
        rounds=6,
        stop=over,
        on_trial=lambda trial: trial.found.finished,
    )
    return None if prices.best is None else prices.best.prices


def _effort(
    problem: Problem,
    plan: Plan,
    table: Timetable,
    multipliers: np.ndarray | None,
    over: Callable[[], bool],
) -> tuple[float, float | None]:
    """Return the best value of a fixed amount of work, and a bound.

    The work begins with the plan itself: who has one more can still do what he planned, and more.
    """
    ways = Ways(problem)
    search = Search(problem, ways, rng=random.Random(0))  # noqa: S311 - no secret
    search.offer(Policy(follow=plan))
    search.offer(Policy(timetable=table))
    for policy in search.starts()[:8]:
        if over():
            break
        search.offer(policy)
    bound = supply_bound(problem, ways, spans=48).value
    corridor = read_corridor(problem, ways) if multipliers is not None else None
    if corridor is not None and multipliers is not None and not over():
        prices = Prices(corridor, weighted=True)
        made = prices.trial(multipliers, WIDTH, over)
        bound = min(bound, made.bound)
        for chain in made.found.chains[:2]:
            search.offer(Policy(timetable=_table(chain, corridor.lane.id, corridor.forward)))
    for _ in range(20):
        if over() or not search.policy.timetable:
            break
        search.step()
    return search.value, bound


def _table(chain: tuple[Step, ...], lane: str, forward: bool) -> Timetable:  # noqa: FBT001
    return tuple((step.at, lane, forward == step.outward) for step in chain)


def _more(figure: Figure[N], by: N) -> Figure[N]:
    return sure(figure.pick() + by)


def _one_more(scenario: Scenario, names: Ids) -> Iterator[tuple[str, str, Scenario]]:
    """Yield (limit, unit, scenario with one more of it) for every limit of a scenario."""
    kinds = Counter([one.kind for one in scenario.vehicles])
    kinds.update(one.kind for one in scenario.staff)
    for index, one in enumerate(scenario.vehicles):
        several = kinds[one.kind] > 1
        changed = replace(one, count=_more(one.count, 1), ready=_one_with_the_first(one.ready))
        vehicles = (*scenario.vehicles[:index], changed, *scenario.vehicles[index + 1 :])
        yield (
            _entry(names, one.kind, one.id, several),
            "1 vehicle more",
            replace(scenario, vehicles=vehicles),
        )
    for index, person in enumerate(scenario.staff):
        if not person.needed_by:
            continue
        several = kinds[person.kind] > 1
        more = replace(
            person, count=_more(person.count, 1), ready=_one_with_the_first(person.ready)
        )
        staff = (*scenario.staff[:index], more, *scenario.staff[index + 1 :])
        yield (
            _entry(names, person.kind, person.id, several),
            "1 person more",
            replace(scenario, staff=staff),
        )
    for place in scenario.places:
        for name, unit, other in _places_with_more(place, names):
            yield name, unit, _with_place(scenario, other)
    for index, corridor in enumerate(scenario.corridors):
        before, after = scenario.corridors[:index], scenario.corridors[index + 1 :]
        if corridor.largest is not None:
            wider = replace(corridor, largest=_more(corridor.largest, 1))
            yield (
                f"largest convoy on {names.corridor(corridor.id)}",
                "1 vehicle more",
                replace(scenario, corridors=(*before, wider, *after)),
            )
        if corridor.headway is not None and corridor.headway.pick() >= timedelta(minutes=10):
            closer = replace(
                corridor, headway=sure(corridor.headway.pick() - timedelta(minutes=10))
            )
            yield (
                f"headway on {names.corridor(corridor.id)}",
                "10 min less",
                replace(scenario, corridors=(*before, closer, *after)),
            )
    for index, window in enumerate(scenario.windows):
        if window.closes is not None:
            windows = (*scenario.windows[:index], _longer(window), *scenario.windows[index + 1 :])
            yield (
                f"window {names.window(window.id)}",
                "1 h longer",
                replace(scenario, windows=windows),
            )
    longer = replace(scenario, horizon=scenario.horizon + timedelta(hours=1))
    yield "horizon", "1 h longer", longer


def _entry(names: Ids, kind: str, id_: str, several: bool) -> str:  # noqa: FBT001
    """Return what an entry is called: by its kind, and by its id where others are of that kind."""
    called = names.kind(kind)
    return f"{called} ({id_})" if several or names is IDS else called


def _one_with_the_first(ready: tuple[Available, ...]) -> tuple[Available, ...]:
    """Return when vehicles or staff are ready if one more is there with the first of them."""
    if not ready:
        return ()
    return (*ready, Available(min(one.after for one in ready), 1))


def _longer(window: Window) -> Window:
    closes = window.closes
    return window if closes is None else replace(window, closes=closes + timedelta(hours=1))


def _places_with_more(place: Place, names: Ids) -> Iterator[tuple[str, str, Place]]:
    called = names.place(place.id)
    for kind, figure in place.bays.items():
        bays: Mapping[str, Figure[int]] = {**place.bays, kind: _more(figure, 1)}
        yield f"bay for {names.kind(kind)} at {called}", "1 bay more", replace(place, bays=bays)
    if place.capacity is not None:
        roomier = replace(place, capacity=_more(place.capacity, 10))
        yield f"capacity of {called}", "10 people more", roomier
    if place.intake is not None:
        faster = replace(place.intake, people=_more(place.intake.people, 10))
        yield f"intake of {called}", "10 people more", replace(place, intake=faster)
    if place.rate is not None:
        quicker = replace(place.rate, vehicles=_more(place.rate.vehicles, 1))
        yield f"rate at {called}", "1 vehicle more", replace(place, rate=quicker)
    if place.kind in CHANGE_KINDS and not place.arrived:
        if place.limit is not None and place.limit.known:
            wider = replace(place, limit=_more(place.limit, 10))
            yield f"people waiting at {called}", "10 people more", wider
        if place.longest_wait is not None:
            patient = replace(place, longest_wait=place.longest_wait + timedelta(hours=1))
            yield f"longest wait at {called}", "1 h longer", patient


def _with_place(scenario: Scenario, place: Place) -> Scenario:
    places = tuple(place if one.id == place.id else one for one in scenario.places)
    return replace(scenario, places=places)
