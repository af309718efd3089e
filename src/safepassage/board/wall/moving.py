"""Where each convoy is: the strip, and planned against actual times."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.board.picture import Picture
from safepassage.board.wall.going import brief_name
from safepassage.board.wall.heard import minutes_late, over, silent
from safepassage.board.wall.nogo import without_go
from safepassage.ledger.situation import VehicleNow
from safepassage.planner.verified import VerifiedPlan
from safepassage.scenario.scenario import Scenario

LOOK_BACK = timedelta(hours=3)
LOOK_AHEAD = timedelta(hours=6)
MOST_BARS = 9


@dataclass(frozen=True, slots=True)
class ConvoyLine:
    """One convoy that has departed, as last reported. `aboard` None: not known.

    `late` is how many minutes ago it was due, 0 if it is not late.
    """

    convoy: str
    state: str
    place: str
    to: str
    vehicles: int
    aboard: int | None
    seats: int | None
    due: datetime | None
    late: int
    reported_at: datetime
    stale: bool
    uncleared: bool
    no_go: bool
    """Whether it departed though no go is in the record for it, and nobody entered that it does."""
    as_planned: bool
    done: bool
    """Whether it has arrived, or was last heard of so long ago that it is no convoy any more."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One convoy in the timeline: planned, and as reported (None: not yet)."""

    convoy: str
    planned_departs: datetime | None
    planned_arrives: datetime | None
    departed: datetime | None
    arrived: datetime | None
    stale: bool
    people: int | None
    late: int = 0
    """Minutes since it should have departed, or arrived if it has departed; 0 if it is not late."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars between two times, with the edge of the window where one is known."""

    begins: datetime
    ends: datetime
    now: datetime
    bars: tuple[Bar, ...]
    closes: datetime | None

    @property
    def hours(self) -> tuple[datetime, ...]:
        """The full hours between begin and end."""
        first = self.begins.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        span = int((self.ends - first) / timedelta(hours=1))
        return tuple(first + timedelta(hours=one) for one in range(span + 1))

    def share(self, at: datetime) -> float:
        """Return where a time lies between begin (0) and end (100), cut to that."""
        whole = (self.ends - self.begins).total_seconds()
        part = (at - self.begins).total_seconds()
        return min(100.0, max(0.0, 100.0 * part / whole))


def convoy_lines(
    scenario: Scenario, picture: Picture, language: str, *, said_once: bool = False
) -> tuple[ConvoyLine, ...]:
    """Return the convoys that have departed: on the road first, the longest silent on top.

    With `said_once` the page says for all of them that no go is in the record.
    """
    now = picture.situation
    ungiven = frozenset[str]() if said_once else without_go(picture)
    planned = {} if picture.plan is None else planned_times(picture.plan)
    lines = []
    for one in now.convoys.values():
        mine = [now.vehicles[car] for car in one.vehicles if car in now.vehicles]
        rolling = [car for car in mine if car.on_the_road]
        goals = {car.to for car in rolling}
        due = max((car.due for car in rolling if car.due is not None), default=None)
        if due is None and not rolling and one.convoy in planned:
            due = planned[one.convoy][1]
        done = over(one, picture)
        lines.append(
            ConvoyLine(
                convoy=one.convoy,
                state=one.state,
                place=brief_name(scenario, one.place, language),
                to=brief_name(scenario, goals.pop() if len(goals) == 1 else None, language),
                vehicles=len(mine),
                aboard=_aboard(rolling) if mine else None,
                seats=_seats(scenario, mine),
                due=due,
                late=0 if done else minutes_late(due, picture.at),
                reported_at=one.reported_at,
                stale=silent(one, picture),
                uncleared=one.uncleared,
                no_go=one.convoy in ungiven and not one.uncleared,
                as_planned=any(car.as_planned for car in rolling),
                done=done,
            )
        )
    return tuple(sorted(lines, key=lambda one: (one.done, one.reported_at)))


def timeline(picture: Picture) -> Timeline:
    """Return planned against actual, around now."""
    at = picture.at
    now = picture.situation
    bars: dict[str, Bar] = {}
    if picture.plan is not None:
        for convoy, (departs, arrives, people) in planned_times(picture.plan).items():
            late = minutes_late(departs, at) if convoy in picture.left else 0
            bars[convoy] = Bar(
                convoy, departs, arrives, None, None, stale=False, people=people, late=late
            )
    for one in now.convoys.values():
        planned = bars.get(one.convoy)
        due = None if planned is None else planned.planned_arrives
        bars[one.convoy] = Bar(
            one.convoy,
            None if planned is None else planned.planned_departs,
            due,
            one.departed_at,
            one.arrived_at,
            silent(one, picture),
            None if planned is None else planned.people,
            0 if over(one, picture) else minutes_late(due, at),
        )
    begins, ends = at - LOOK_BACK, at + LOOK_AHEAD
    shown = [one for one in bars.values() if _touches(one, begins, ends, at)]
    shown.sort(key=lambda one: one.departed or one.planned_departs or at)
    if len(shown) > MOST_BARS:
        # Those on the road and those that leave next matter more than those that have arrived.
        open_ = [one for one in shown if one.arrived is None]
        done = [one for one in shown if one.arrived is not None]
        shown = (done[-2:] + open_)[:MOST_BARS]
    closes = min((one for one in now.guarantee_ends().values() if one > at), default=None)
    return Timeline(begins, ends, at, tuple(shown), closes)


def planned_times(plan: VerifiedPlan) -> dict[str, tuple[datetime, datetime, int]]:
    """Return, by convoy, when a plan lets it depart and arrive, and its people."""
    start = plan.plan.start
    found: dict[str, tuple[datetime, datetime, int]] = {}
    for trip in plan.plan.trips:
        if trip.convoy is None:
            continue
        departs = start + timedelta(seconds=trip.depart)
        arrives = start + timedelta(seconds=trip.arrive)
        before = found.get(trip.convoy, (departs, arrives, 0))
        people = before[2] + sum(trip.load.values())
        found[trip.convoy] = (min(departs, before[0]), max(arrives, before[1]), people)
    return found


def _touches(one: Bar, begins: datetime, ends: datetime, at: datetime) -> bool:
    if one.departed is None and one.planned_departs is None:
        return False
    first = min((x for x in (one.departed, one.planned_departs) if x is not None), default=at)
    last = max((x for x in (one.arrived, one.planned_arrives) if x is not None), default=at)
    if one.departed is not None and one.arrived is None:
        last = max(last, at)
    return last >= begins and first <= ends


def _aboard(rolling: list[VehicleNow]) -> int | None:
    """Return the people aboard; None where a vehicle rolls and nobody said with whom."""
    return sum(sum(one.aboard.values()) for one in rolling)


def _seats(scenario: Scenario, vehicles: list[VehicleNow]) -> int | None:
    kinds = {one.kind: one for one in scenario.vehicles}
    total = 0
    for vehicle in vehicles:
        kind = kinds.get(vehicle.vehicle.rsplit("-", 1)[0])
        if kind is None or not all(slot.known for slot in kind.slots.values()):
            return None
        total += sum(slot.pick() for slot in kind.slots.values())
    return total if vehicles else None
