"""For each group left behind: the limit that binds, in words.

Reads the verified plan and the scenario; a reason that cannot be shown is not made up.
"""

from dataclasses import dataclass

from safepassage.planner.called import at_clock
from safepassage.planner.changing import changing_of
from safepassage.planner.names import IDS, Ids
from safepassage.planner.never import Never
from safepassage.planner.plan import Trip
from safepassage.planner.problem import FOREVER, Crowd, Fleet, Problem, make_problem
from safepassage.planner.reach import Reach
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """People of one group left behind: how many, the limit that binds, and the reason in words.

    `takes` says what it would take to bring them all, as far as it can be said.
    """

    at: str
    class_id: str
    group: str
    people: int
    reason: str
    why: str
    takes: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return it as in plan.json."""
        return {
            "at": self.at,
            "class": self.class_id,
            "group": self.group,
            "people": self.people,
            "reason": self.reason,
            "why": self.why,
            "takes": self.takes,
        }


def left_behind(verified: VerifiedPlan, names: Ids = IDS) -> tuple[LeftBehind, ...]:
    """Return a reason for each group of which somebody is left behind, in file order.

    `names` is how places and kinds are called in the words; `IDS` keeps their ids.
    """
    problem = make_problem(verified.scenario, verified.plan.people)
    finder = _Finder(problem, verified, names)
    found = []
    for crowd in problem.crowds:
        number = verified.left_behind.get(crowd.id, 0)
        if number > 0:
            reason, why = finder.why(crowd)
            takes = finder.takes(crowd, number, reason)
            found.append(LeftBehind(crowd.at, crowd.class_id, crowd.id, number, reason, why, takes))
    return tuple(found)


class _Finder:
    def __init__(self, problem: Problem, verified: VerifiedPlan, names: Ids) -> None:
        self.problem = problem
        self.names = names
        self.verified = verified
        self.ways = Ways(problem)
        self.reach = Reach(problem, self.ways)
        self.never = Never(problem, self.ways, names)
        self.changing = changing_of(problem, self.ways)
        self.last_trips: dict[str, Trip] = {}
        for trip in sorted(verified.plan.trips, key=lambda one: one.arrive):
            if trip.vehicle is not None:
                self.last_trips[trip.vehicle] = trip

    def clock(self, at: int) -> str:
        """Return a second as the local time of day, with the date where it is another day."""
        return at_clock(self.verified.scenario.start, at)

    def why(self, crowd: Crowd) -> tuple[str, str]:
        """Return the limit in one word and in a sentence."""
        fleets = [one for one in self.problem.fleets if one.vehicles and _fits(crowd, one)]
        if not fleets:
            return "slots", (
                f"no vehicle can carry one person ({self.names.people(crowd.class_id)})"
                + (" with the companions" if crowd.companions else "")
            )
        boarding = [one for one in fleets if one.may_board(crowd.at)]
        if not boarding:
            kinds = ", ".join(sorted({self.names.kind(one.kind) for one in fleets}))
            return "serves", (
                f"no vehicle that could carry them ({kinds}) boards at {self.names.place(crowd.at)}"
            )
        ends = self._ends(crowd, boarding)
        if not ends:
            by_change = self._by_change(crowd, boarding)
            if by_change is not None:
                return by_change
            wanted = self.names.places(sorted(crowd.wants)) or "any place that counts as arrival"
            return "way", (
                "no vehicle that can carry them has a way from "
                f"{self.names.place(crowd.at)} to {wanted}"
            )
        return (
            self._staff(crowd)
            or self._never(crowd)
            or self._full(crowd, ends)
            or self._late(crowd, boarding, ends)
            or self._limits(ends)
        )

    def _by_change(self, crowd: Crowd, boarding: list[Fleet]) -> tuple[str, str] | None:
        """Return the reason where people arrive by changing vehicles on the way only."""
        places = [
            place
            for place in sorted(self.changing.places)
            if self.changing.leads_on(crowd, place)
            and any(
                one.may_alight(place) and self.reach.loaded(one, crowd.at, place) < FOREVER
                for one in boarding
            )
        ]
        if not places:
            return None
        reason = self._staff(crowd) or self._never(crowd) or self._late(crowd, boarding, places)
        if reason is not None:
            return reason
        found = []
        for place in places:
            waiting = self.changing.waiting(crowd, place)
            onward = [
                one
                for one in self.problem.fleets
                if self.changing.holds.get((place, one.id), 0) > 0 and _fits(crowd, one)
            ]
            ends = self._ends(waiting, onward)
            if not ends:
                continue
            word, why = (
                self._full(waiting, ends)
                or self._late(waiting, onward, ends)
                or self._waiting_place(place)
                or self._limits(ends)
            )
            found.append((word, f"they change vehicles at {self.names.place(place)}: {why}"))
        return found[0] if found else None

    def _waiting_place(self, place: str) -> tuple[str, str] | None:
        """Return the reason if no more may wait where people change vehicles."""
        one = self.problem.scenario.place[place]
        limits = []
        if one.limit is not None:
            limits.append(f"at most {one.limit.pick():,} may wait there")
        if one.longest_wait is not None:
            limits.append(f"nobody longer than {one.longest_wait.total_seconds() / 60:,.0f} min")
        return ("staging", " and ".join(limits)) if limits else None

    def _never(self, crowd: Crowd) -> tuple[str, str] | None:
        why = self.never.why(crowd)
        return None if why is None else ("never", f"proved: none of them can arrive: {why}")

    def takes(self, crowd: Crowd, number: int, reason: str) -> str | None:
        """Return what it would take to bring so many people of a group, None where unknown."""
        persons = number * crowd.each
        if reason == "slots":
            needs = ", ".join(f"{uses} {slot}" for slot, uses in sorted(crowd.uses.items()))
            return f"a vehicle with {needs} for each of {number:,}"
        if reason == "capacity":
            return f"room for {persons:,} more where they may go (with their companions)"
        if reason == "staff" and any(
            one.count == 0 and (one.for_convoy or crowd.class_id in one.for_classes)
            for one in self.problem.helpers.values()
        ):
            return "at least one of that staff"
        if reason in ("never", "serves", "way", "ready"):
            return None
        loads = [
            (-(-number // _holds(crowd, one)), -self._most_trips(crowd, one), one.kind)
            for one in self.problem.fleets
            if one.vehicles and one.may_board(crowd.at) and _holds(crowd, one) > 0
        ]
        if not loads:
            return None
        least, trips, kind = min(loads)
        kind = self.names.kind(kind)
        text = f"{least:,} more loads of one {kind}"
        if trips < 0:
            more = -(-least // -trips)
            text += (
                f"; one {kind} that starts with the others makes at most {-trips} by the end: "
                f"{more:,} more, or more time"
            )
        return text

    def _most_trips(self, crowd: Crowd, fleet: Fleet) -> int:
        """Return how many loads of a group one vehicle can bring before the horizon at most."""
        ends = self._ends(crowd, [fleet])
        takes = min((self.reach.loaded(fleet, crowd.at, one) for one in ends), default=FOREVER)
        back = min((self.reach.drive(fleet, one, crowd.at) for one in ends), default=FOREVER)
        there = min(at for _, at in fleet.vehicles) + self.reach.drive(fleet, fleet.at, crowd.at)
        first = max(there + fleet.load, self.problem.opening) + takes
        if first > self.problem.horizon:
            return 0
        cycle = fleet.unload + back + fleet.load + takes
        return (self.problem.horizon - first) // max(cycle, 1) + 1

    def _ends(self, crowd: Crowd, fleets: list[Fleet]) -> list[str]:
        return [
            site.id
            for site in self.problem.sites.values()
            if site.arrived
            and (not crowd.wants or site.id in crowd.wants)
            and any(
                one.may_alight(site.id) and self.reach.loaded(one, crowd.at, site.id) < FOREVER
                for one in fleets
            )
        ]

    def _staff(self, crowd: Crowd) -> tuple[str, str] | None:
        for kind, helper in self.problem.helpers.items():
            needed = helper.for_convoy or crowd.class_id in helper.for_classes
            if needed and helper.on is None and helper.count == 0:
                who = self.names.kind(kind)
                if helper.for_convoy:
                    return "staff", f"every convoy needs one {who}, and there is none"
                whom = self.names.people(crowd.class_id)
                return "staff", f"people ({whom}) need one {who}, and there is none"
        return None

    def _full(self, crowd: Crowd, ends: list[str]) -> tuple[str, str] | None:
        """Return the reason if no place that takes them has room for one more."""
        moments = []
        for end in ends:
            room = self.problem.sites[end].room
            if room is None:
                return None
            arrivals = [
                (trip.arrive, sum(trip.load.values()))
                for trip in self.verified.plan.trips
                if trip.end == end and trip.load
            ]
            if room - sum(number for _, number in arrivals) >= crowd.each:
                return None
            moments.append((max((at for at, _ in arrivals), default=0), end))
        last, end = max(moments)
        if len(ends) == 1:
            return "capacity", f"{self.names.place(end)} is full at {self.clock(last)}"
        return "capacity", (
            f"all places that take them are full: {self.names.places(ends)}, the last at "
            f"{self.clock(last)}"
        )

    def _late(self, crowd: Crowd, fleets: list[Fleet], ends: list[str]) -> tuple[str, str] | None:
        """Return the reason if no vehicle could make one more trip before the end."""
        problem = self.problem
        best: tuple[int, int, str] | None = None
        for fleet in fleets:
            takes = min(self.reach.loaded(fleet, crowd.at, one) for one in ends)
            for name, ready in fleet.vehicles:
                last = self.last_trips.get(name)
                if last is None:
                    free, place = ready, fleet.at
                else:
                    free = last.arrive + (fleet.unload if last.load else 0)
                    place = last.end
                back = free + self.reach.drive(fleet, place, crowd.at)
                depart = max(back, self._ready(crowd)) + fleet.load
                option = (max(depart, problem.opening) + takes, back, fleet.kind)
                best = option if best is None else min(best, option)
        if best is None:
            return None
        arrive, back, _ = best
        by_room = sorted(fleets, key=lambda one: (-_holds(crowd, one), one.kind))
        kind = " or ".join(dict.fromkeys(self.names.kind(one.kind) for one in by_room))
        if self._ready(crowd) > back and arrive > problem.horizon:
            return "ready", f"they are ready only at {self.clock(self._ready(crowd))}"
        if arrive > problem.horizon:
            return "vehicles", (
                f"no {kind} is back before {self.clock(back)}, and its next trip would arrive at "
                f"{self.clock(arrive)}, after the end of the plan at {self.clock(problem.horizon)}"
            )
        takes = min(self.reach.loaded(one, crowd.at, end) for one in fleets for end in ends)
        if problem.worth(arrive - takes, arrive) <= 0:
            return "risk", (
                f"the next trip would arrive at {self.clock(arrive)}: by then leaving has more to "
                "lose than to gain, by the law of the window and the cost of being caught"
            )
        return self._closed(arrive, takes, back, kind)

    def _ready(self, crowd: Crowd) -> int:
        """Return when the last of a group are ready."""
        return crowd.ready[-1][0]

    def _closed(self, arrive: int, takes: int, back: int, kind: str) -> tuple[str, str] | None:
        """Return the reason if the window is shut for the next trip of the first vehicle."""
        for lane in self.problem.lanes.values():
            for openings in lane.openings:
                entry = openings.next_entry(arrive - takes, takes, self.problem.margin)
                if entry + takes > self.problem.horizon:
                    return "window", (
                        f"no {kind} is back before {self.clock(back)}, and the window closes "
                        "before its next passage would be over"
                    )
        return None

    def _limits(self, ends: list[str]) -> tuple[str, str]:
        """Name what limits a further trip where vehicles, room and time would allow it."""
        sites = self.problem.sites
        if all(sites[one].intake is not None for one in ends):
            return "intake", f"{self.names.places(ends)} cannot take them in faster"
        escorts = [kind for kind, one in self.problem.helpers.items() if one.for_convoy]
        if escorts:
            escort = self.names.kind(escorts[0])
            return "staff", f"a further convoy waits for one more {escort} or for its vehicles"
        others = [kind for kind, one in self.problem.helpers.items() if one.for_classes]
        if others:
            return "staff", f"a further trip waits for one more {self.names.kind(others[0])}"
        return "unproved", (
            "this plan does not reach them; whether another plan could is not proved"
        )


def _holds(crowd: Crowd, fleet: Fleet) -> int:
    """Return how many of a group one vehicle holds."""
    return min((fleet.slots.get(slot, 0) // uses for slot, uses in crowd.uses.items()), default=0)


def _fits(crowd: Crowd, fleet: Fleet) -> bool:
    return all(fleet.slots.get(slot, 0) >= uses for slot, uses in crowd.uses.items())
