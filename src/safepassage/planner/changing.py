"""Where people may change vehicles, how far it is from there, and who waits there as a group.

Knows the places of a problem at which a change can lead on, and a stand-in for each group at each
of them: the people of the group who have been brought there and wait for another vehicle.
"""

import heapq
from collections.abc import Mapping
from dataclasses import replace

from safepassage.planner.problem import FOREVER, Crowd, Fleet, Problem
from safepassage.planner.reach import CHANGE_KINDS, Reach
from safepassage.planner.ways import Ways


class Changing:
    """The changes of vehicle that a problem allows; empty where none leads anywhere.

    `crowds` are the stand-ins, by place; `group_of` names the group of each stand-in. `holds` says
    how many persons one vehicle of an entry carries on from a place, at most.
    """

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self.problem = problem
        self.crowds: dict[str, list[Crowd]] = {}
        self.group_of: dict[str, str] = {}
        self.holds: dict[tuple[str, str], int] = {}
        self.places: frozenset[str] = frozenset()
        self.reach: Reach | None = None
        self._onward: dict[str, dict[str, int]] = {}
        self._least: dict[str, tuple[int, int]] = {}
        self._stand_in: dict[tuple[str, str], Crowd] = {}
        self._home: dict[str, str] = {}
        places = change_places(problem)
        if not places:
            return
        reach = self.reach = Reach(problem, ways)
        known: dict[object, dict[str, int]] = {}
        used: set[str] = set()
        for crowd in problem.crowds:
            if crowd.total <= 0:
                continue
            lives = crowd.at if problem.sites[crowd.at].arrived else None
            key = (tuple(sorted(crowd.uses.items())), crowd.wants, lives)
            if key not in known:
                known[key] = _onward(problem, reach, places, crowd)
            onward = {place: at for place, at in known[key].items() if place != crowd.at}
            self._onward[crowd.id] = onward
            for place in sorted(onward):
                if not _can_be_brought(problem, reach, crowd, place, onward):
                    continue
                used.add(place)
                one = replace(crowd, id=f"{crowd.id}\0{place}", at=place, total=0, ready=((0, 0),))
                self.crowds.setdefault(place, []).append(one)
                self.group_of[one.id] = crowd.id
                self._stand_in[crowd.id, place] = one
                self._home[one.id] = crowd.at
                self._onward[one.id] = onward
        self.places = frozenset(used)
        for place, crowds in self.crowds.items():
            least = min(found[place] for found in self._onward.values() if place in found)
            load = min(one.load for one in problem.fleets if one.vehicles and one.may_board(place))
            self._least[place] = (least, max(0, least - load))
            for fleet in problem.fleets:
                self.holds[place, fleet.id] = max(
                    (
                        _holds(problem, reach, one, fleet, place, self._onward[one.id])
                        for one in crowds
                    ),
                    default=0,
                )

    def __bool__(self) -> bool:
        return bool(self.places)

    def leads_on(self, crowd: Crowd, place: str) -> bool:
        """Return whether people who stand elsewhere may be brought to a place to change there."""
        onward = self._onward.get(crowd.id)
        if onward is None or place not in onward or place == crowd.at:
            return False
        if (self.group_of.get(crowd.id, crowd.id), place) not in self._stand_in:
            return False
        # Who has changed once is only brought nearer: nobody is driven in circles.
        return crowd.id not in self.group_of or onward[place] < onward[crowd.at]

    def lives_at(self, crowd: Crowd, place: str) -> bool:
        """Return whether people who have been brought to a change of vehicle live at a place."""
        return self._home.get(crowd.id) == place

    def waiting(self, crowd: Crowd, place: str) -> Crowd:
        """Return the stand-in of a group (or of its stand-in elsewhere) at a place."""
        return self._stand_in[self.group_of.get(crowd.id, crowd.id), place]

    def onward(self, place: str) -> int:
        """Return the least seconds from a change place to arrival, loading included, of any group.

        0 for every other place.
        """
        return self._least[place][0] if place in self._least else 0

    def worth(self, depart: int, arrive: int, end: str) -> float:
        """Return what a trip is worth to one of weight 1, who goes on at once where he changes."""
        if end not in self._least:
            return self.problem.worth(depart, arrive)
        least, drives = self._least[end]
        last = arrive + least
        way = self.problem.worth(depart, arrive, counts=False)
        return way + self.problem.worth(last - drives, last)

    def back_at(self, fleet: Fleet, start: str, place: str) -> int:
        """Return the least driving of a vehicle to a change place."""
        return FOREVER if self.reach is None else self.reach.drive(fleet, start, place)


def changing_of(problem: Problem, ways: Ways) -> Changing:
    """Return the changes of vehicle of a problem, found once for its ways."""
    if ways.changing is None:
        ways.changing = Changing(problem, ways)
    return ways.changing


def change_places(problem: Problem) -> tuple[str, ...]:
    """Return the places where people may change vehicles by the model, in file order.

    A place whose limit of people waiting is 0 or unknown is none: no plan could be checked there.
    """
    return tuple(
        one.id
        for one in problem.scenario.places
        if one.kind in CHANGE_KINDS
        and not one.arrived
        and (one.limit is None or (one.limit.known and one.limit.pick() > 0))
    )


def fits(crowd: Crowd, fleet: Fleet) -> bool:
    """Return whether a vehicle has the slots for one person of a group."""
    return all(fleet.slots.get(slot, 0) >= uses for slot, uses in crowd.uses.items())


def _onward(
    problem: Problem, reach: Reach, places: tuple[str, ...], crowd: Crowd
) -> dict[str, int]:
    """Return the least seconds from each change place to an arrival that a group accepts."""
    fleets = [one for one in problem.fleets if one.vehicles and fits(crowd, one)]
    ends = [
        one.id
        for one in problem.sites.values()
        if one.arrived and one.id != crowd.at and (not crowd.wants or one.id in crowd.wants)
    ]
    done: dict[str, int] = {}
    queue = [(0, one) for one in ends]
    heapq.heapify(queue)
    seen: set[str] = set()
    while queue:
        after, here = heapq.heappop(queue)
        if here in seen:
            continue
        seen.add(here)
        if here in places:
            done[here] = after
        for place in places:
            if place in seen:
                continue
            least = min(
                (
                    one.load + reach.loaded(one, place, here) + (one.unload if after else 0)
                    for one in fleets
                    if one.may_board(place) and one.may_alight(here)
                ),
                default=FOREVER,
            )
            if after + least <= problem.horizon:
                heapq.heappush(queue, (after + least, place))
    return done


def _holds(
    problem: Problem,
    reach: Reach,
    crowd: Crowd,
    fleet: Fleet,
    place: str,
    onward: Mapping[str, int],
) -> int:
    """Return how many persons of a group a vehicle carries from a place to arrival, at most."""
    if not fleet.vehicles or not fits(crowd, fleet) or not fleet.may_board(place):
        return 0
    leads = any(
        fleet.may_alight(one.id) and reach.loaded(fleet, place, one.id) < FOREVER
        for one in problem.sites.values()
        if (
            (not crowd.wants or one.id in crowd.wants)
            if one.arrived
            else onward.get(one.id, FOREVER) < onward[place]
        )
    )
    if not leads:
        return 0
    number = min(fleet.slots.get(slot, 0) // uses for slot, uses in crowd.uses.items())
    return number * crowd.each


def _can_be_brought(
    problem: Problem, reach: Reach, crowd: Crowd, place: str, onward: Mapping[str, int]
) -> bool:
    """Return whether some vehicle can bring a group to a place, at once or by a change."""
    for fleet in problem.fleets:
        if not fleet.vehicles or not fits(crowd, fleet) or not fleet.may_alight(place):
            continue
        for start in (crowd.at, *(one for one in onward if onward[one] > onward[place])):
            if start == place or not fleet.may_board(start):
                continue
            if reach.loaded(fleet, start, place) < FOREVER:
                return True
    return False
