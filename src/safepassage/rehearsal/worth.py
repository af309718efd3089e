"""What one more vehicle, escort or bay brings: planned again with it, then rehearsed.

Both the plan with one more and the plan without it come from the same work of the planner, and both
are played on the same draws: their difference is neither luck of the search nor of the dice.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.outcome import difference
from safepassage.rehearsal.playing import play_blocks
from safepassage.rehearsal.prepared import prepare
from safepassage.rehearsal.result import Worth
from safepassage.rehearsal.summary import Summary
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.scenario import Scenario

BLOCKS, SIZE = 8, 512
STEPS = 40
"""Search steps of the planner for each plan: the same for all."""


def one_more(
    verified: VerifiedPlan,
    *,
    seed: int,
    steps: int = STEPS,
    level: str = "convoy",
    threads: int = 0,
    on_tried: Callable[[str], None] | None = None,
) -> tuple[Worth, ...]:
    """Return what one more of each vehicle, staff and bay brings, the most arrivals first."""
    base = _rehearsed(verified.scenario, verified, seed, steps, level, threads)
    if base is None:
        return ()
    found = []
    for what, scenario in _variants(verified.scenario):
        if on_tried is not None:
            on_tried(what)
        played = _rehearsed(scenario, verified, seed, steps, level, threads)
        if played is None or _arrived(played) < _arrived(base):
            # Who has one more can still use the old plan.
            played = base
        found.append(Worth(what, difference(played, base)))
    return tuple(sorted(found, key=lambda one: -one.change.arrived.mean))


def _rehearsed(
    scenario: Scenario, like: VerifiedPlan, seed: int, steps: int, level: str, threads: int
) -> Summary | None:
    """Return the summary of a plan of a scenario, made by so much work; None if none is made."""
    try:
        made = solve(
            scenario,
            objective=like.plan.objective,
            seed=like.plan.seed,
            people=like.plan.people,
            iterations=steps,
        )
    except (NobodyMovesError, NotPlannedError):
        return None
    prepared = prepare(scenario, made, level=level)
    return play_blocks(prepared, seed=seed, numbers=range(BLOCKS), size=SIZE, threads=threads)


def _arrived(summary: Summary) -> int:
    return sum(int(one.out_sum[-1]) for one in summary.ordered())


def _variants(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Yield what there is one more of, and the scenario with it."""
    for index, one in enumerate(scenario.vehicles):
        if not one.ready:
            more = replace(one, count=_one_above(one.count))
            fleet = (*scenario.vehicles[:index], more, *scenario.vehicles[index + 1 :])
            yield f"1 {one.kind} more ({one.id})", replace(scenario, vehicles=fleet)
    for index, person in enumerate(scenario.staff):
        if not person.ready and person.needed_by:
            another = replace(person, count=_one_above(person.count))
            staff = (*scenario.staff[:index], another, *scenario.staff[index + 1 :])
            yield f"1 {person.kind} more ({person.id})", replace(scenario, staff=staff)
    for number, place in enumerate(scenario.places):
        for kind, bays in place.bays.items():
            roomier = replace(place, bays={**place.bays, kind: _one_above(bays)})
            places = (*scenario.places[:number], roomier, *scenario.places[number + 1 :])
            yield f"1 bay more for a {kind} at {place.name()}", replace(scenario, places=places)


def _one_above(figure: Figure[int]) -> Figure[int]:
    return sure(figure.pick() + 1)
