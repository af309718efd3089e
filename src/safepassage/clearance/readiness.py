"""Resume within hours: what stands ready for the minute the gate opens again, and what is missing.

Kept ready without anyone asking: it is computed from the plan in force and the ledger, at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from safepassage.clearance.actions import Act
from safepassage.clearance.asking import Answer
from safepassage.ledger.decided import Readiness
from safepassage.ledger.entry import Entry
from safepassage.ledger.log import Ledger
from safepassage.planner.plan import Convoy, Plan, Trip
from safepassage.planner.verified import VerifiedPlan

READY_LIFE = timedelta(hours=6)
"""Assumed: a report of what stands ready is asked for again after this time."""


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """One thing the standing plan needs: how much, how much stands ready, whom to call.

    `ready` is None where nobody has reported; `stale` says that the report is old.
    """

    what: str
    kind: str
    needed: int
    ready: int | None
    as_of: datetime | None
    stale: bool
    missing: str | None
    call: str | None

    @property
    def enough(self) -> bool:
        """Whether enough of it is reported ready, lately."""
        return self.ready is not None and self.ready >= self.needed and not self.stale


@dataclass(frozen=True, slots=True)
class ReadinessList:
    """All that the first convoy needs when the gate opens, and what its clearance lacks."""

    convoy: str
    at: datetime
    lines: tuple[ReadyLine, ...]
    acts: tuple[Act, ...]

    @property
    def missing(self) -> tuple[ReadyLine, ...]:
        """Lines of which too little, or nothing lately, is reported ready."""
        return tuple(one for one in self.lines if not one.enough)


def readiness(
    verified: VerifiedPlan, entries: Sequence[Entry], answer: Answer, *, at: datetime
) -> ReadinessList:
    """Return the readiness list for the convoy of an answer.

    Vehicles and staff are what its trips need; fuel, places and whatever else was reported are
    listed as reported.
    """
    convoy = answer.case.convoy.removeprefix("road-team:")
    trips = [one for one in verified.plan.trips if one.convoy == convoy]
    needed = _needed(verified, convoy, trips)
    last: dict[tuple[str, str], Readiness] = {}
    for entry in entries:
        if isinstance(entry.body, Readiness):
            last[entry.body.what, entry.body.kind] = entry.body
    lines = [_line(key, number, last.get(key), at) for key, number in needed.items()]
    lines += [_line(key, 0, one, at) for key, one in last.items() if key not in needed]
    return ReadinessList(convoy, at, tuple(lines), answer.acts)


def readiness_of(
    verified: VerifiedPlan, ledger: Ledger, answer: Answer, *, at: datetime
) -> ReadinessList:
    """Return the readiness list for the convoy of an answer, as of the entry that it has read."""
    entries = list(ledger.entries(0, answer.clearance.upto, ("readiness",)))
    return readiness(verified, entries, answer, at=at)


def _needed(
    verified: VerifiedPlan, convoy: str, trips: Sequence[Trip]
) -> Mapping[tuple[str, str], int]:
    needed: dict[tuple[str, str], int] = {}
    for trip in trips:
        if trip.vehicle is not None and trip.kind is not None:
            key = ("vehicles", trip.kind)
            needed[key] = needed.get(key, 0) + 1
        people = sum(trip.load.values())
        if people:
            place = ("place", trip.end)
            needed[place] = needed.get(place, 0) + people
    with_it = [one.staff for one in trips]
    with_it += [one.staff for one in verified.plan.convoys if one.id == convoy]
    for staff in with_it:
        for kind, number in staff.items():
            key = ("staff", kind)
            needed[key] = needed.get(key, 0) + number
    return needed


def _line(key: tuple[str, str], needed: int, reported: Readiness | None, at: datetime) -> ReadyLine:
    what, kind = key
    if reported is None:
        return ReadyLine(what, kind, needed, None, None, stale=False, missing=None, call=None)
    return ReadyLine(
        what,
        kind,
        needed,
        reported.ready,
        reported.as_of,
        stale=at - reported.as_of > READY_LIFE,
        missing=reported.missing,
        call=reported.call,
    )


def anchored_at(plan: Plan, opens: datetime) -> Plan:
    """Return a plan moved so that its first wheels roll the minute the gate opens.

    What is loaded before stays so. The moved plan is a proposal like any other: windows, nights and
    what is ready do not move with it, so it has to be verified again, at the value it then has.

    Raises
    ------
    ValueError
        If the plan has no trip, or the gate opens before the scenario starts.
    """
    if not plan.trips:
        raise ValueError("the plan has no trip to move")
    first = min(one.depart for one in plan.trips)
    shift = int((opens - plan.start).total_seconds()) - first
    if first + shift < 0:
        raise ValueError("the gate opens before the scenario starts")
    return replace(
        plan,
        convoys=tuple(_shifted_convoy(one, shift) for one in plan.convoys),
        trips=tuple(_shifted_trip(one, shift) for one in plan.trips),
        stated=None,
        run=None,
        # A bound of the plan as it was says nothing of the plan as it is moved.
        bound=None,
        expected_people=None,
        expected_people_bound=None,
    )


def _shifted_convoy(one: Convoy, shift: int) -> Convoy:
    return replace(one, depart=one.depart + shift, arrive=one.arrive + shift)


def _shifted_trip(one: Trip, shift: int) -> Trip:
    return replace(one, depart=one.depart + shift, arrive=one.arrive + shift)
