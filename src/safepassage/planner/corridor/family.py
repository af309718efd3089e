"""For which scenarios the event search is a bound; any other has the supply bound alone.

docs/proofs.md derives the bound; each condition is a premise of it.
"""

from collections.abc import Iterable

from safepassage.planner.problem import Lane, Problem
from safepassage.planner.ways import STAFF_ALONE, Ways


def outside_family(problem: Problem, ways: Ways, lane: Lane) -> str | None:
    """Return why the event search would prove nothing for a scenario, or None where it proves."""
    kinds = {one.kind for one in problem.fleets if one.vehicles}
    if min(ways.lane_time(lane.id, one) for one in (*kinds, STAFF_ALONE)) <= 0:
        return "the corridor takes no time"
    if direction_of(problem, lane) is None:
        return "some people need not cross the corridor, or cross it the other way"
    return None


def direction_of(problem: Problem, lane: Lane) -> bool | None:
    """Return whether all people cross the corridor along its legs; None if there is another way.

    Without the legs of the corridor its two ends lie apart, everybody stands on one side, and
    every place that counts as arrival that can be reached lies on the other.
    """
    sides = _joined(
        (one.start, one.end) for one in problem.scenario.legs if one.id not in lane.legs
    )

    def side(place: str) -> str:
        return sides.get(place, place)

    first, last = side(lane.ends[0]), side(lane.ends[1])
    if first == last:
        return None
    pickups = {side(one.at) for one in problem.crowds if one.total > 0}
    ends = {side(one.id) for one in problem.sites.values() if one.arrived}
    for near, far, forward in ((first, last, True), (last, first, False)):
        if pickups & {near, far} == {near} and ends & {near, far} == {far}:
            return forward
    return None


def one_way_each(problem: Problem) -> bool:
    """Whether no two places are joined by more than one chain of legs."""
    pairs = [(one.start, one.end) for one in problem.scenario.legs]
    sides: dict[str, str] = {}
    for start, end in pairs:
        one, other = _root(sides, start), _root(sides, end)
        if one == other:
            return False
        sides[one] = other
    return True


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each place one that stands for all that are joined with it."""
    sides: dict[str, str] = {}
    for start, end in pairs:
        one, other = _root(sides, start), _root(sides, end)
        if one != other:
            sides[one] = other
    return {place: _root(sides, place) for place in list(sides)}


def _root(sides: dict[str, str], place: str) -> str:
    while sides.setdefault(place, place) != place:
        place = sides[place]
    return place
