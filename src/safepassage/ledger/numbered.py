"""Staff by number: where each of those whose duty has a limit is, and when each has ridden.

Only what names them tells: a report's `who`, or the plan in force where a report names the convoy
only. Numbers (delegate-01), never names of people.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride: from when until when, and where it ended; both None while nobody has said."""

    begin: datetime
    end: datetime | None
    place: str | None


@dataclass(frozen=True, slots=True)
class StaffNow:
    """One of the staff, per the last report.

    `place` is where they are, or were last; on the road `to` is where they go and `ride_with` the
    vehicle or convoy that they ride with. `rides` are all so far. `as_planned`: the report named
    the convoy only, the plan in force named them.
    """

    number: str
    place: str | None
    to: str | None
    ride_with: str | None
    rides: tuple[Ride, ...]
    as_planned: bool
    seq: int

    @property
    def on_the_road(self) -> bool:
        """Whether they have left and not arrived."""
        return self.to is not None


@dataclass(frozen=True, slots=True)
class _PlannedConvoy:
    start: str
    end: str
    who: tuple[str, ...]


class NumberedStaff:
    """Staff by number as reports add up. `aboard` says who rides with which vehicle or convoy."""

    def __init__(self) -> None:
        self.staff: dict[str, StaffNow] = {}
        self.aboard: dict[str, tuple[str, ...]] = {}
        self._planned: dict[str, _PlannedConvoy] = {}

    def adopt(self, text: str) -> None:
        """Take who goes with each convoy of a plan in force; what is torn names nobody."""
        self._planned = {}
        try:
            for one in json.loads(text)["convoys"]:
                who = _flat(one.get("who") or {})
                self._planned[one["id"]] = _PlannedConvoy(one["start"], one["end"], who)
        except (ValueError, KeyError, TypeError, AttributeError):
            return

    def alone(self, seq: int, when: str, body: Fields) -> None:
        """Take a report on staff that ride with none of our vehicles."""
        if body["what"] == "departed":
            to = body.get("to") or "unknown"
            self._leave(None, body["who"], seq, when, body.get("place"), to, planned=False)
        elif body["what"] == "arrived":
            self._come(body["who"], seq, when, body.get("place"))

    def with_vehicle(
        self,
        vehicle: str,
        seq: int,
        when: str,
        now: Fields,
        what: str,
        who: Iterable[str] | Mapping[str, Iterable[str]] | None,
        *,
        planned: bool,
    ) -> None:
        """Take a report on a vehicle, `now` as it has become by it; `who` are those named."""
        named = _flat(who or ())
        if what == "departed":
            self._leave(vehicle, named, seq, when, now["place"], now["to"], planned=planned)
        elif what == "arrived":
            both = dict.fromkeys((*self.aboard.pop(vehicle, ()), *named))
            self._come(both, seq, when, now["place"])
        elif what == "turned back":
            self._turn(vehicle, now["to"])

    def with_convoy(
        self, convoy: str, vehicle: str | None, seq: int, when: str, state: str, body: Fields
    ) -> None:
        """Take a report on a convoy or one of its vehicles, for those who go with the whole."""
        plan = self._planned.get(convoy)
        named = _flat(body.get("who") or ()) if vehicle is None else ()
        if body["what"] == "departed":
            if convoy in self.aboard or not (named or plan):
                return
            who = named or (plan.who if plan else ())
            start = body.get("place") if vehicle is None else None
            to = body.get("to") if vehicle is None else None
            start, to = start or (plan.start if plan else None), to or (plan.end if plan else None)
            self._leave(convoy, who, seq, when, start, to or "unknown", planned=not named)
        elif convoy not in self.aboard:
            return
        elif state == "arrived":
            place = body.get("place") if vehicle is None else None
            self._come(self.aboard.pop(convoy), seq, when, place)
        elif state == "turned back":
            self._turn(convoy, body.get("to"))

    def _leave(
        self,
        ride_with: str | None,
        who: Iterable[str],
        seq: int,
        when: str,
        place: str | None,
        to: str,
        *,
        planned: bool,
    ) -> None:
        begin = datetime.fromisoformat(when)
        names = tuple(who)
        if ride_with is not None:
            self.aboard[ride_with] = names
        for one in names:
            before = self.staff.get(one)
            rides = (*(before.rides if before else ()), Ride(begin, None, None))
            start = place or (before.place if before else None)
            self.staff[one] = StaffNow(one, start, to, ride_with, rides, planned, seq)

    def _come(self, who: Iterable[str], seq: int, when: str, place: str | None) -> None:
        end = datetime.fromisoformat(when)
        for one in who:
            before = self.staff.get(one)
            where = place or (before.to if before else None)
            rides = before.rides if before else ()
            if rides and rides[-1].end is None:
                rides = (*rides[:-1], Ride(rides[-1].begin, end, where))
            planned = before is not None and before.as_planned
            self.staff[one] = StaffNow(one, where, None, None, rides, planned, seq)

    def _turn(self, ride_with: str, to: str | None) -> None:
        for one in self.aboard.get(ride_with, ()):
            before = self.staff[one]
            self.staff[one] = replace(before, to=to or before.place or before.to)


def _flat(who: Iterable[str] | Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the numbers of a report's list, or of a plan's lists by kind."""
    if isinstance(who, Mapping):
        return tuple(number for numbers in who.values() for number in numbers)
    return tuple(who)
