"""How many batches of two counterparts can have arrived at most by a time, whatever the plan.

Knows the rule `linked` of docs/model.md and what of it docs/proofs.md proves: a chain of least
times from batch to batch, and the most persons that one batch can hold.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from safepassage.planner.problem import FOREVER, Counterpart, Crowd, Fleet, Problem
from safepassage.planner.reach import Reach
from safepassage.planner.ways import STAFF_ALONE

MOST_BATCHES = 5_000
"""Batches of a side after which no further ones are counted: more is as good as no limit."""


@dataclass(frozen=True, slots=True)
class Side:
    """The people of one side of a counterpart: which groups, and what a batch of them is.

    `holds` is the most persons of one batch, `takes` the least seconds of a first ride, `begins`
    the earliest second at which one can leave. `persons` are all who wish to leave. Where all of
    them must go through one corridor one way, `convoys` says when the first convoy of them can
    arrive, and the least seconds from one entry to the next and to the one that needs the same
    escort again, with the number of escorts.
    """

    groups: frozenset[str]
    persons: int
    holds: int
    takes: int
    begins: int
    convoys: tuple[int, int, int, int] | None = None

    def in_convoys(self, number: int) -> list[int]:
        """Return when 1, 2, … convoys of them can have arrived at the soonest, 0 where unknown."""
        if self.convoys is None:
            return [0] * number
        first, headway, cycle, escorts = self.convoys
        times = [first]
        while len(times) < number:
            later = times[-1] + headway
            if len(times) >= escorts:
                later = max(later, times[-escorts] + cycle)
            times.append(later)
        return times


def sides(problem: Problem, reach: Reach, link: Counterpart) -> tuple[Side, Side]:
    """Return our side and theirs."""
    foreign = frozenset[str]().union(*(one.groups for one in problem.counterparts))
    ours = frozenset(one.id for one in problem.crowds if one.id not in foreign)
    return _side(problem, reach, ours), _side(problem, reach, link.groups)


def _side(problem: Problem, reach: Reach, groups: frozenset[str]) -> Side:
    crowds = [one for one in problem.crowds if one.id in groups and one.total > 0]
    fleets = [one for one in problem.fleets if one.vehicles]
    takes = begins = FOREVER
    lanes: set[tuple[str | None, bool]] = set()
    enters = tail = FOREVER
    for crowd in crowds:
        for fleet in fleets:
            if not fleet.may_board(crowd.at) or _persons_in(crowd, fleet) <= 0:
                continue
            ready = min(at for _, at in fleet.vehicles) + reach.drive(fleet, fleet.at, crowd.at)
            leaves = max(max(ready, crowd.ready[0][0]) + fleet.load, problem.opening)
            begins = min(begins, leaves)
            for site in problem.sites.values():
                if site.id == crowd.at or not fleet.may_alight(site.id):
                    continue
                for way in reach.ways.between(fleet.kind, crowd.at, site.id):
                    lanes.add((way.lane, way.forward))
                    enters = min(enters, leaves + way.before)
                    lane_time = reach.ways.lane_time(way.lane, fleet.kind) if way.lane else 0
                    takes = min(takes, way.outside + lane_time)
                    tail = min(tail, lane_time + way.after)
    return Side(
        groups=groups,
        persons=sum(one.total * one.each for one in crowds),
        holds=_most_in_a_batch(problem, crowds, fleets, {lane for lane, _ in lanes}, reach),
        takes=0 if takes >= FOREVER else takes,
        begins=problem.opening if begins >= FOREVER else begins,
        convoys=_convoys(problem, reach, lanes, enters + tail),
    )


def _convoys(
    problem: Problem, reach: Reach, lanes: set[tuple[str | None, bool]], first: int
) -> tuple[int, int, int, int] | None:
    """Return (first arrival, headway, cycle of an escort, escorts) where all use one corridor."""
    if len(lanes) != 1 or first >= FOREVER:
        return None
    name, forward = next(iter(lanes))
    if name is None:
        return None
    lane = problem.lanes[name]
    kinds = {STAFF_ALONE, *(one.kind for one in problem.fleets if one.vehicles)}
    least = min(reach.ways.lane_time(name, one) for one in kinds)
    escorts = [
        one.count
        for one in problem.helpers.values()
        if one.for_convoy and one.needed_over(lane.legs)
    ]
    fewest = min(escorts, default=MOST_BATCHES)
    back = _any_way(problem, reach, lane.end(forward), lane.start(forward))
    return (first, lane.headway, least + back, max(1, fewest))


def _any_way(problem: Problem, reach: Reach, start: str, end: str) -> int:
    """Return the least seconds between two places over any legs, each in the quickest kind."""
    kinds = {STAFF_ALONE, *(one.kind for one in problem.fleets if one.vehicles)}
    steps: dict[str, list[tuple[str, int]]] = {}
    for leg in problem.scenario.legs:
        takes = min(reach.ways.leg_time(leg.id, one) for one in kinds)
        steps.setdefault(leg.start, []).append((leg.end, takes))
        if not leg.one_way:
            steps.setdefault(leg.end, []).append((leg.start, takes))
    done: set[str] = set()
    queue = [(0, start)]
    while queue:
        at, here = heapq.heappop(queue)
        if here == end:
            return at
        if here not in done:
            done.add(here)
            for there, takes in steps.get(here, ()):
                heapq.heappush(queue, (at + takes, there))
    return problem.horizon + 1


def _persons_in(crowd: Crowd, fleet: Fleet) -> int:
    """Return how many persons of a group one vehicle holds."""
    if not crowd.uses:
        return crowd.total * crowd.each
    return crowd.each * min(fleet.slots.get(slot, 0) // uses for slot, uses in crowd.uses.items())


def _most_in_a_batch(
    problem: Problem,
    crowds: Sequence[Crowd],
    fleets: Sequence[Fleet],
    lanes: set[str | None],
    reach: Reach,
) -> int:
    """Return the most persons of one batch: a convoy, or one vehicle that drives alone."""
    each: list[int] = []
    for fleet in fleets:
        aboard = [one for one in crowds if fleet.may_board(one.at) and _persons_in(one, fleet) > 0]
        if aboard:
            each += [_mixed(aboard, fleet)] * len(fleet.vehicles)
    each.sort(reverse=True)
    everybody = sum(one.total * one.each for one in crowds)
    most = each[0] if each else 0
    for lane in lanes:
        if lane is None:
            continue
        if min(reach.ways.lane_time(lane, one.kind) for one in fleets) <= 0:
            return everybody  # A vehicle might ride twice in one convoy.
        most = max(most, sum(each[: problem.lanes[lane].largest]))
    return min(most, everybody)


def _mixed(crowds: Sequence[Crowd], fleet: Fleet) -> int:
    """Return at least as many persons as any mixture of groups fills a vehicle with."""
    if any(not one.uses for one in crowds):
        return sum(one.total * one.each for one in crowds)
    slots = sum(fleet.slots.values())
    return max(slots * one.each // sum(one.uses.values()) for one in crowds)


def arrived_at(link: Counterpart, ours: Side, theirs: Side, horizon: int) -> tuple[list[int], ...]:
    """Return, for both sides, when 1, 2, … batches of it can have arrived at the soonest.

    What follows from `linked` where batches are counted one for one or in stated steps, and from
    the corridor of a side anyway. A list may be shorter than the batches that there can be: then
    no more is known.
    """
    number = min(MOST_BATCHES, 2 + max(_enough(ours), _enough(theirs)))
    by_convoy = (ours.in_convoys(number), theirs.in_convoys(number))
    if min(ours.persons, theirs.persons, ours.holds, theirs.holds) <= 0:
        return [], []
    if link.steps:
        by_steps, _ = _step_by_step(link, ours, theirs, horizon, by_convoy)
        return by_steps, by_convoy[1]
    if link.ratio is not None:
        return by_convoy
    both = (ours, theirs)
    left = ([ours.begins], [theirs.begins])
    while len(left[0]) < number and min(left[0][-1], left[1][-1]) <= horizon:
        before = len(left[0])
        moved = []
        for side, times, convoys in zip(both, left, by_convoy, strict=True):
            # So many of the side have moved; or all of them have, in as few batches as may be.
            last = min(before, _enough(side)) - 1
            at = times[last]
            if link.on_arrival:
                at = max(at + side.takes, convoys[last])
            moved.append(at)
        left[0].append(max(left[0][-1], moved[1]))
        left[1].append(max(left[1][-1], moved[0]))
    return tuple(
        [
            max(at + side.takes, convoy)
            for at, convoy in zip(times, convoys[: len(times)], strict=True)
        ]
        for side, times, convoys in zip(both, left, by_convoy, strict=True)
    )


def _step_by_step(
    link: Counterpart,
    ours: Side,
    theirs: Side,
    horizon: int,
    by_convoy: tuple[list[int], list[int]],
) -> tuple[list[int], list[int]]:
    """Return what stated steps ask for, of batches of ours and of persons of theirs.

    When 1, 2, … batches of ours can have arrived at the soonest; and until when no more of theirs
    can have arrived than their first 1, 2, … steps together.
    """
    sums = [0, *accumulate(link.steps)]
    convoys, their_convoys = by_convoy
    left = [ours.begins]  # Before which our n-th batch cannot have left.
    more: list[int] = []  # Before which theirs who have left are at most the sum of n steps.

    def moved(batches: int) -> int:
        """Return before when so many of our batches (or all of our people) cannot have moved."""
        number = min(batches, _enough(ours), len(left)) - 1
        at = left[number]
        return max(at + ours.takes, convoys[number]) if link.on_arrival else at

    while len(left) < len(convoys) and left[-1] <= horizon:
        before = len(left)
        if before <= len(link.steps):
            more.append(max(theirs.begins, moved(before)))
        # So many of theirs must have moved; or all of them have.
        wanted = min(sums[min(before, len(link.steps))], theirs.persons)
        full = max(k for k in range(before) if k < len(sums) and (k == 0 or sums[k] < wanted))
        at = theirs.begins if full == 0 else more[full - 1]
        if link.on_arrival:
            batches = -(-wanted // theirs.holds)
            at = max(at + theirs.takes, their_convoys[min(batches, len(their_convoys)) - 1])
        left.append(max(left[-1], at if wanted > 0 else 0))
    arrive = [
        max(at + ours.takes, convoy) for at, convoy in zip(left, convoys[: len(left)], strict=True)
    ]
    return arrive, [at + theirs.takes for at in more]


def at_most_by_steps(link: Counterpart, ours: Side, theirs: Side, horizon: int, at: int) -> int:
    """Return how many persons of theirs can have arrived by a second, by the steps alone."""
    if not link.steps or min(ours.persons, theirs.persons, ours.holds, theirs.holds) <= 0:
        return theirs.persons
    number = min(MOST_BATCHES, 2 + max(_enough(ours), _enough(theirs)))
    by_convoy = (ours.in_convoys(number), theirs.in_convoys(number))
    _, until = _step_by_step(link, ours, theirs, horizon, by_convoy)
    for step, second in enumerate(until, start=1):
        if at < second:
            return min(theirs.persons, sum(link.steps[:step]))
    return theirs.persons


def _enough(side: Side) -> int:
    """Return in how few batches all of a side may leave."""
    return -(-side.persons // side.holds) if side.holds > 0 else 0


def persons_by(side: Side, arrived: Sequence[int], at: int) -> int:
    """Return how many persons of a side can have arrived by a second at most."""
    count = sum(one <= at for one in arrived)
    if not arrived or count >= len(arrived):
        return side.persons
    return min(side.persons, count * side.holds)
