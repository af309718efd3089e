"""Proofs in words that nobody can be moved; never a claim about what is merely not planned."""

from safepassage.planner.called import at_clock
from safepassage.planner.names import English, class_words
from safepassage.planner.never import Never
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Problem
from safepassage.planner.reach import CHANGE_KINDS, Reach
from safepassage.planner.schedule import Schedule
from safepassage.planner.ways import Ways


class NobodyMovesError(ValueError):
    """Proved: no plan moves anybody; the message names the limit that proves it."""


class NotPlannedError(ValueError):
    """No plan was found, and none is proved impossible; the message says what is out of reach."""


def why_nobody(problem: Problem, ways: Ways) -> str | None:
    """Return the limit that proves that nobody can be moved, or None."""
    crowds = [one for one in problem.crowds if one.total > 0]
    if not crowds:
        return "no group has people who wish to leave"
    fleets = [one for one in problem.fleets if one.vehicles]
    if not fleets:
        return "there is no vehicle"
    if not any(one.arrived for one in problem.sites.values()):
        return "no place counts as arrival"
    if problem.opening > problem.horizon:
        return "the window opens after the horizon"
    return (
        _no_slots(crowds, fleets)
        or _no_room(problem, crowds)
        or _no_staff(problem)
        or _no_window(problem, ways)
        or _no_way(problem, ways, crowds, fleets)
        or _too_late(problem, ways, crowds, fleets)
        or _nobody_ever(problem, ways, crowds)
    )


def _nobody_ever(problem: Problem, ways: Ways, crowds: list[Crowd]) -> str | None:
    """Return the reasons if each group has one why none of it can ever arrive."""
    names = English(problem.scenario)
    never = Never(problem, ways, names)
    found: dict[str, list[str]] = {}
    for crowd in crowds:
        why = never.why(crowd)
        if why is None:
            return None
        found.setdefault(why, []).append(names.group(crowd.id))
    return "; ".join(f"{', '.join(groups)}: {why}" for why, groups in found.items())


def _fits(crowd: Crowd, fleet: Fleet) -> bool:
    return all(fleet.slots.get(slot, 0) >= uses for slot, uses in crowd.uses.items())


def _no_slots(crowds: list[Crowd], fleets: list[Fleet]) -> str | None:
    if any(_fits(crowd, fleet) for crowd in crowds for fleet in fleets):
        return None
    kinds = sorted({class_words(one.class_id) for one in crowds})
    if len(kinds) == 1:
        return f"no vehicle can carry one person ({kinds[0]}) with the companions"
    return f"no vehicle has the slots for any of these: {', '.join(kinds)}"


def _no_room(problem: Problem, crowds: list[Crowd]) -> str | None:
    smallest = min(one.each for one in crowds)
    ends = [one for one in problem.sites.values() if one.arrived]
    for one in ends:
        room = FOREVER if one.room is None else one.room
        intake = FOREVER if one.intake is None else one.intake[0]
        rate = FOREVER if one.rate is None else one.rate[0]
        if min(room, intake) >= smallest and rate > 0 and one.opens <= problem.horizon:
            return None
    return (
        "no place that counts as arrival takes anybody in: capacity, intake, rate or opening "
        f"time forbid it at {English(problem.scenario).places(one.id for one in ends)}"
    )


def _no_staff(problem: Problem) -> str | None:
    """Every way over a corridor needs the staff of a convoy; else this proves nothing."""
    if not problem.lanes:
        return None
    for kind, helper in problem.helpers.items():
        everywhere = all(helper.needed_over(one.legs) for one in problem.lanes.values())
        missing = helper.for_convoy and helper.count == 0 and everywhere
        if missing and _all_ways_in_convoy(problem):
            return (
                f"every convoy needs one {English(problem.scenario).kind(kind)}, and there is none"
            )
    return None


def _all_ways_in_convoy(problem: Problem) -> bool:
    return all(leg.id in problem.lane_of_leg for leg in problem.scenario.legs)


def _no_window(problem: Problem, ways: Ways) -> str | None:
    """Return a proof if no corridor is ever open long enough and every leg is in a corridor."""
    if not problem.lanes or not _all_ways_in_convoy(problem) or ways.by_hour:
        # Where times change by the hour the entries tried are not all that there are.
        return None
    kinds = sorted({one.kind for one in problem.fleets if one.vehicles})
    schedule = Schedule(problem, ways)
    for lane in problem.lanes.values():
        for forward in (True, False):
            if not (lane.forward_allowed if forward else lane.backward_allowed):
                continue
            for kind in kinds:
                takes = ways.lane_time(lane.id, kind)
                entry = schedule.next_lane_entry(lane, 0, takes, forward=forward, slowest=kind)
                if entry is not None:
                    return None
    return "the window never opens long enough for a passage of any corridor before the horizon"


def _no_way(problem: Problem, ways: Ways, crowds: list[Crowd], fleets: list[Fleet]) -> str | None:
    reach = Reach(problem, ways)
    for crowd in crowds:
        if _arrives(problem, reach, crowd, fleets):
            return None
    where = English(problem.scenario).places(sorted({one.at for one in crowds}))
    return f"no vehicle has a way from any of {where} to any place that counts as arrival for them"


def _arrives(problem: Problem, reach: Reach, crowd: Crowd, fleets: list[Fleet]) -> bool:
    """Return whether vehicles can bring a group to arrival, changes on the way allowed."""
    seen = {crowd.at}
    queue = [crowd.at]
    kinds = problem.scenario.place
    while queue:
        here = queue.pop()
        for fleet in fleets:
            if not fleet.may_board(here) or not _fits(crowd, fleet):
                continue
            if reach.drive(fleet, fleet.at, here) >= FOREVER:
                continue
            for site in problem.sites.values():
                if site.id in seen or not fleet.may_alight(site.id):
                    continue
                if reach.loaded(fleet, here, site.id) >= FOREVER:
                    continue
                if site.arrived and (not crowd.wants or site.id in crowd.wants):
                    return True
                if not site.arrived and kinds[site.id].kind in CHANGE_KINDS:
                    seen.add(site.id)
                    queue.append(site.id)
    return False


def _too_late(problem: Problem, ways: Ways, crowds: list[Crowd], fleets: list[Fleet]) -> str | None:
    """Return a proof if even the first loaded vehicle arrives after the horizon."""
    if any(kind.kind in CHANGE_KINDS and not kind.arrived for kind in problem.scenario.places):
        return None
    reach = Reach(problem, ways)
    best = FOREVER
    for crowd in crowds:
        for fleet in fleets:
            if not fleet.may_board(crowd.at) or not _fits(crowd, fleet):
                continue
            ready = min(at for _, at in fleet.vehicles) + reach.drive(fleet, fleet.at, crowd.at)
            depart = max(max(ready, crowd.ready[0][0]) + fleet.load, problem.opening)
            for site in problem.sites.values():
                if site.arrived and (not crowd.wants or site.id in crowd.wants):
                    best = min(best, depart + reach.loaded(fleet, crowd.at, site.id))
                    if best <= problem.horizon:
                        return None
    if best >= FOREVER:
        return "no vehicle that can carry people reaches them and a place that counts as arrival"
    return (
        f"the first vehicle could arrive at {at_clock(problem.scenario.start, best)}, after the "
        f"horizon at {at_clock(problem.scenario.start, problem.horizon)}"
    )
