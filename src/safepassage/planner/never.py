"""Proofs in words that nobody of a group can ever arrive, whatever the plan.

Each vehicle entry and each place that a group could be brought to is ruled out by a rule of
docs/model.md that no plan can go around; one that is not ruled out ends the proof. Times are the
least that any plan could have: vehicles may wait anywhere, and drive in the time of their own kind.
"""

import heapq
from collections.abc import Iterable, Iterator

from safepassage.planner.called import at_clock
from safepassage.planner.names import IDS, Ids
from safepassage.planner.openings import Openings
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Helpers, Lane, Problem, Site
from safepassage.planner.reach import CHANGE_KINDS, Reach
from safepassage.planner.ways import STAFF_ALONE, Ways

MOST_MOVES = 2_000
"""Times that an entry is moved to fit several windows; a time found by then is still a bound."""

MOST_SAID = 3
"""Different reasons that are told of one group."""


class Never:
    """What can never happen in a scenario; `names` is how its places and kinds are called."""

    def __init__(self, problem: Problem, ways: Ways, names: Ids = IDS) -> None:
        self.problem = problem
        self.names = names
        self.ways = ways
        self.reach = Reach(problem, ways)
        self.kinds = problem.scenario.place
        self._reached: dict[tuple[str, str, int], dict[str, int]] = {}
        sites = problem.sites.values()
        self._leaving = {
            one.id: [one.openings] if one.openings is not None else [] for one in sites
        }
        # Nobody arrives at a place before it opens; who stands there from the start may leave it.
        self._coming = {
            one.id: [
                *self._leaving[one.id],
                *([Openings(((one.opens, FOREVER),))] if one.opens else []),
            ]
            for one in sites
        }

    def why(self, crowd: Crowd) -> str | None:
        """Return why nobody of a group can arrive, or None if that is not proved."""
        reasons: dict[str, None] = {}
        for fleet in self.problem.fleets:
            if not fleet.vehicles:
                continue
            for end in self._ends(crowd):
                reason = self._ruled_out(crowd, fleet, end)
                if reason is None:
                    return None
                reasons[reason] = None
        if not reasons:
            return "there is no vehicle, or no place that counts as arrival for them"
        # What a vehicle could never do anyway is told only where nothing else is.
        told = [one for one in reasons if not one.startswith("no ")] or list(reasons)
        more = "" if len(told) <= MOST_SAID else f", and {len(told) - MOST_SAID} further reasons"
        return "; ".join(told[:MOST_SAID]) + more

    def _ends(self, crowd: Crowd) -> list[Site]:
        """Return the places to which a first ride can bring a group."""
        return [
            site
            for site in self.problem.sites.values()
            if site.id != crowd.at
            and (
                (not crowd.wants or site.id in crowd.wants)
                if site.arrived
                else self.kinds[site.id].kind in CHANGE_KINDS
            )
        ]

    def _ruled_out(self, crowd: Crowd, fleet: Fleet, end: Site) -> str | None:
        """Return the rule that keeps a group from going to a place in a vehicle, or None."""
        for found in self._rules(crowd, fleet, end):
            if found is not None:
                return found
        return None

    def _rules(self, crowd: Crowd, fleet: Fleet, end: Site) -> Iterator[str | None]:
        kind = self.names.kind(fleet.kind)
        start, there = self.names.place(crowd.at), self.names.place(end.id)
        if any(fleet.slots.get(slot, 0) < uses for slot, uses in crowd.uses.items()):
            yield f"no {kind} has the slots for a person ({self.names.people(crowd.class_id)})"
        if not fleet.may_board(crowd.at) or not fleet.may_alight(end.id):
            yield f"no {kind} of {fleet.id} serves {start} and {there}"
        takes = self.reach.loaded(fleet, crowd.at, end.id)
        if takes >= FOREVER:
            yield f"no way for {kind} from {start} to {there}"
        yield self._household(crowd, fleet)
        bays = self.problem.sites[crowd.at].bays.get(fleet.kind)
        if bays == 0 and fleet.load > 0:
            yield f"{start} has 0 bays for {kind}: none can load there"
        yield self._room(crowd, end)
        longest = self.problem.longest_on_board
        if longest is not None and fleet.load + takes > longest:
            yield (
                f"loading and driving from {start} to {there} by {kind} take at least "
                f"{_minutes(fleet.load + takes)}, longer than the {_minutes(longest)} that people "
                "may be on board"
            )
        yield self._tank(crowd, fleet, end, takes)
        yield from self._staff(crowd, fleet, end, takes)
        yield self._too_late(crowd, fleet, end)

    def _household(self, crowd: Crowd, fleet: Fleet) -> str | None:
        if crowd.households is None:
            return None
        holds = min(fleet.slots.get(slot, 0) // uses for slot, uses in crowd.uses.items())
        if crowd.households.smallest <= holds:
            return None
        return (
            f"a household of theirs has {crowd.households.smallest:,} people or more, one "
            f"{self.names.kind(fleet.kind)} holds {holds:,}, and none may be split"
        )

    def _room(self, crowd: Crowd, end: Site) -> str | None:
        if not end.arrived:
            return None
        if end.room is not None and end.room < crowd.each:
            return f"{self.names.place(end.id)} has room for {end.room} more persons"
        if end.intake is not None and end.intake[0] < crowd.each:
            return (
                f"{self.names.place(end.id)} takes in {end.intake[0]} persons at a time, fewer "
                "than ride together"
            )
        return None

    def _tank(self, crowd: Crowd, fleet: Fleet, end: Site, takes: int) -> str | None:
        """Return the reason if not even a full tank lasts for the way with people."""
        drives = takes
        if not fleet.refuel_at:
            drives += self.reach.drive(fleet, fleet.at, crowd.at)
        kind = self.names.kind(fleet.kind)
        where = f"from {self.names.place(crowd.at)} to {self.names.place(end.id)}"
        if fleet.range_s is not None and drives > fleet.range_s:
            return (
                f"a full tank ({kind}) lasts {_minutes(fleet.range_s)} of driving, and the way "
                f"{where} takes at least {_minutes(drives)}"
            )
        if fleet.range_km is None:
            return None
        km = self._least_km(crowd.at, end.id)
        if not fleet.refuel_at:
            km += self._least_km(fleet.at, crowd.at)
        if km > fleet.range_km + 1e-6:
            return (
                f"a full tank ({kind}) lasts {fleet.range_km:g} km, and the way {where} is at "
                f"least {km:g} km"
            )
        return None

    def _least_km(self, start: str, end: str) -> float:
        """Return the least kilometres between two places, 0 where a leg on it states none."""
        done: set[str] = set()
        queue = [(0.0, start)]
        while queue:
            at, here = heapq.heappop(queue)
            if here == end:
                return at
            if here in done:
                continue
            done.add(here)
            for leg in self.problem.scenario.legs:
                km = leg.km.pick() if leg.km is not None and leg.km.known else 0.0
                if leg.start == here:
                    heapq.heappush(queue, (at + km, leg.end))
                if leg.end == here and not leg.one_way:
                    heapq.heappush(queue, (at + km, leg.start))
        return 0.0

    # ------------------------------------------------------------------ staff

    def _staff(self, crowd: Crowd, fleet: Fleet, end: Site, takes: int) -> Iterator[str | None]:
        plain = [
            way.before
            for way in self.ways.between(fleet.kind, crowd.at, end.id)
            if way.lane is None
        ]
        lanes = {
            way.lane
            for way in self.ways.between(fleet.kind, crowd.at, end.id)
            if way.lane is not None
        }
        for helper in self.problem.helpers.values():
            needed = fleet.kind in helper.for_vehicles or crowd.class_id in helper.for_classes
            if helper.for_convoy and not plain:
                needed = True
            if not needed or helper.on is not None:
                continue
            what, who = self._needing(helper, crowd, fleet), self.names.kind(helper.kind)
            if helper.count == 0:
                yield f"{what} needs one {who}, and there is none"
                continue
            least = min([*plain, *(self.ways.lane_time(one, fleet.kind) for one in lanes)])
            least = min(least, takes)
            if helper.duty is not None and helper.duty < least:
                yield (
                    f"{what} needs one {who}, whose duty of {_minutes(helper.duty)} is "
                    f"shorter than the {_minutes(least)} of the way"
                )
            if not lanes and not self._staff_can_come(helper, crowd.at):
                yield (
                    f"{what} needs one {who}, and none has a way to {self.names.place(crowd.at)}"
                )

    def _needing(self, helper: Helpers, crowd: Crowd, fleet: Fleet) -> str:
        if fleet.kind in helper.for_vehicles:
            return f"each {self.names.kind(fleet.kind)}"
        if crowd.class_id in helper.for_classes:
            return f"whoever carries people {self.names.people(crowd.class_id)}"
        return "every convoy"

    def _staff_can_come(self, helper: Helpers, place: str) -> bool:
        kinds = dict.fromkeys([STAFF_ALONE, *(one.kind for one in self.problem.fleets)])
        return any(
            start == place or place in self._arrivals(kind, start, 0)
            for start, _, _ in helper.stands
            for kind in kinds
        )

    # ------------------------------------------------------------------ time

    def _too_late(self, crowd: Crowd, fleet: Fleet, end: Site) -> str | None:
        """Return the reason if windows, opening and driving leave no time before the horizon."""
        problem = self.problem
        kind, place = self.names.kind(fleet.kind), self.names.place(crowd.at)
        there_name = self.names.place(end.id)
        ready = min(at for _, at in fleet.vehicles)
        there = self._arrivals(fleet.kind, fleet.at, ready).get(crowd.at, FOREVER)
        if fleet.at == crowd.at:
            there = ready
        if there > problem.horizon:
            return (
                f"no {kind} can be at {place} before the end of the plan: it is too far, "
                "or what lies between is closed"
            )
        first = next((at for at, people in crowd.ready if people > 0), 0)
        leaves = max(max(there, first) + fleet.load, problem.opening, 0)
        arrives = self._arrivals(fleet.kind, crowd.at, leaves).get(end.id, FOREVER)
        if arrives <= problem.horizon:
            return None
        if arrives >= FOREVER:
            return (
                f"from {self._clock(leaves)} on, when the first {kind} can leave {place}, no way "
                f"to {there_name} is ever open long enough (windows, night, margin)"
            )
        return (
            f"the first {kind} from {place} could arrive at {there_name} at "
            f"{self._clock(arrives)}, after the horizon at {self._clock(problem.horizon)}"
        )

    def _clock(self, at: int) -> str:
        return at_clock(self.problem.scenario.start, at)

    def _arrivals(self, kind: str, start: str, since: int) -> dict[str, int]:
        """Return when a kind that may leave a place from a second on can be at each other one."""
        key = (kind, start, since)
        if key in self._reached:
            return self._reached[key]
        done: dict[str, int] = {}
        queue = [(since, start)]
        while queue:
            at, here = heapq.heappop(queue)
            if here in done:
                continue
            done[here] = at
            for there, arrives in self._steps(kind, here, at):
                if there not in done and arrives < FOREVER:
                    heapq.heappush(queue, (arrives, there))
        done.pop(start)
        self._reached[key] = done
        return done

    def _steps(self, kind: str, here: str, at: int) -> Iterator[tuple[str, int]]:
        """Yield where a leg or a whole corridor leads, and the earliest arrival there."""
        problem = self.problem
        everywhere = problem.windows.get("all") if not problem.lanes else None
        for leg in problem.scenario.legs:
            if leg.id in problem.lane_of_leg:
                continue
            if leg.start == here:
                there = leg.end
            elif leg.end == here and not leg.one_way:
                there = leg.start
            else:
                continue
            windows = [one for one in (problem.windows.get(leg.id), everywhere) if one is not None]
            takes = self.ways.leg_time(leg.id, kind)
            yield there, self._passage(windows, here, there, at, takes, waits=bool(leg.hours))
        for lane in problem.lanes.values():
            for forward in (True, False):
                allowed = lane.forward_allowed if forward else lane.backward_allowed
                if lane.start(forward) != here or not allowed:
                    continue
                takes = self.ways.lane_time(lane.id, kind)
                entry = max(at, problem.opening)
                there = lane.end(forward)
                yield (
                    there,
                    self._passage(
                        lane.openings, here, there, entry, takes, waits=self._varies(lane)
                    ),
                )

    def _varies(self, lane: Lane) -> bool:
        """Return whether a convoy may take longer than one kind: a slower one sets its time."""
        legs = [self.problem.scenario.leg[one] for one in lane.legs]
        times = {self.ways.lane_time(lane.id, one.kind) for one in self.problem.fleets}
        return len(times) > 1 or any(one.hours for one in legs)

    def _passage(
        self,
        windows: Iterable[Openings],
        start: str,
        end: str,
        at: int,
        takes: int,
        *,
        waits: bool,
    ) -> int:
        """Return the earliest arrival over a stretch; with `waits` it may take longer."""
        margin = self.problem.margin
        for _ in range(MOST_MOVES):
            later = at
            for one in windows:
                later = max(later, one.next_entry(at, takes, margin))
            for one in self._leaving[start]:
                later = max(later, one.next_entry(at, 0, margin))
            if not waits:
                for one in self._coming[end]:
                    later = max(later, one.next_entry(at + takes, 0, margin) - takes)
            if later == at or later > self.problem.horizon:
                at = later
                break
            at = later
        arrives = at + takes
        if at >= FOREVER // 2:
            return FOREVER
        if waits:
            for one in self._coming[end]:
                arrives = max(arrives, one.next_entry(arrives, 0, margin))
        return min(arrives, FOREVER)


def _minutes(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds / 60:,.0f} min" if seconds % 60 == 0 else f"{seconds / 60:,.1f} min"
