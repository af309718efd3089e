"""Movements as they add up, report by report: where each vehicle and convoy is, and with whom.

Works on plain data, for a million reports in seconds; `ledger.fold` hands each report in.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from safepassage.ledger.numbered import NumberedStaff
from safepassage.ledger.on_board import OnBoard
from safepassage.ledger.situation import STALE, ConvoyNow, VehicleNow

Fields = Mapping[str, Any]
NOBODY: Mapping[str, int] = {}


class Moves:
    """What movements up to one entry add up to."""

    def __init__(self) -> None:
        self.brought: dict[str, dict[str, int]] = {}
        self.brought_groups: dict[str, dict[str, int]] = {}
        self.taken: dict[str, dict[str, int]] = {}
        self.taken_groups: dict[str, dict[str, int]] = {}
        self.staff: dict[tuple[str, str], int] = {}
        self.unaccounted: dict[str, int] = {}
        self.numbered = NumberedStaff()
        self.on_board = OnBoard()
        self._vehicles: dict[str, dict[str, Any]] = {}
        self._convoys: dict[str, dict[str, Any]] = {}
        self._planned: dict[str, list[Fields]] = {}

    def adopt(self, text: str) -> None:
        """Take the trips of a plan that is in force from now on; what is torn has none."""
        self._planned = {}
        for trip in _trips(text):
            if trip.get("convoy"):
                self._planned.setdefault(trip["convoy"], []).append(trip)
        self.numbered.adopt(text)

    def report(self, seq: int, heard: str, body: Fields) -> None:
        """Take one report."""
        vehicle, convoy = body.get("vehicle"), body.get("convoy")
        if vehicle is not None:
            self._moved(vehicle, seq, heard, body, body)
        elif convoy is not None:
            self._convoy_moved(convoy, seq, heard, body)
        else:
            self._staff_moved(body)
        if convoy is not None:
            self._note_convoy(convoy, vehicle, seq, heard, body)
        elif vehicle is None and body.get("who"):
            self.numbered.alone(seq, body.get("at") or heard, body)
        if convoy is not None or vehicle is not None:
            self._note_aboard(convoy, vehicle, body.get("at") or heard, body)

    def _note_aboard(
        self, convoy: str | None, vehicle: str | None, when: str, body: Fields
    ) -> None:
        if convoy is None and vehicle is not None:
            convoy = self._vehicles[vehicle].get("convoy")
        if body["what"] != "arrived":
            self.on_board.report(convoy, vehicle, when, body)
        elif vehicle is not None or self._convoys[str(convoy)]["state"] == "arrived":
            self.on_board.got_off(convoy, vehicle)

    def uncleared(self, seq: int, heard: str, convoy: str) -> None:
        """Take that a convoy moved without clearance."""
        now = self._convoy_at(convoy, "departed")
        now["uncleared"] = True
        now.setdefault("reported", heard)
        now.setdefault("seq", seq)

    def vehicles(self, at: datetime) -> dict[str, VehicleNow]:
        """Return every vehicle of which there is a report."""
        return {key: _vehicle(key, one, at) for key, one in self._vehicles.items()}

    def convoys(self) -> dict[str, ConvoyNow]:
        """Return every convoy of which there is a report."""
        return {key: self._convoy(key, one) for key, one in self._convoys.items()}

    # --- one vehicle

    def _moved(
        self,
        vehicle: str,
        seq: int,
        heard: str,
        body: Fields,
        load: Fields,
        *,
        planned: bool = False,
    ) -> None:
        """Take one report on one vehicle; `load` says who departed, where a plan knows better."""
        get = body.get
        what, place = body["what"], get("place")
        now = self._vehicles.get(vehicle)
        if now is None:
            now = self._vehicles[vehicle] = {"place": None, "to": None}
        when = get("at") or heard
        now["state"], now["reported"], now["seq"] = what, when, seq
        now["leg"], now["metres"] = get("leg"), get("metres")
        if what == "departed":
            self._departed(now, when, body, load, planned=planned)
        elif what == "arrived":
            self._arrived(now, place or now["to"], body)
        elif what == "turned back":
            # Until someone says where it goes it is on the way back to where it came from.
            now["to"] = get("to") or now.get("from") or now["to"]
            now["place"] = place or now["place"]
            now["legs"] = tuple(get("legs", ()))
        elif place is not None:
            now["place"] = place
        if "due" in body:
            now["due"] = body["due"]
        who = get("who") or (load.get("who") if planned else None)
        if who or vehicle in self.numbered.aboard:
            self.numbered.with_vehicle(vehicle, seq, when, now, what, who, planned=planned)

    def _departed(
        self, now: dict[str, Any], when: str, body: Fields, load: Fields, *, planned: bool
    ) -> None:
        if now["to"] is not None:
            # It leaves again and nobody has said that those aboard got off: unknown, not arrived.
            for key, number in now.get("aboard", NOBODY).items():
                self.unaccounted[key] = self.unaccounted.get(key, 0) + number
        start = body.get("place") or load.get("from") or now["place"]
        now["place"] = now["from"] = start
        now["to"] = body.get("to") or load.get("to") or "unknown"
        now["legs"] = tuple(body.get("legs") or load.get("legs") or ())
        now["convoy"] = body.get("convoy")
        now["departed"] = when
        now["due"] = body.get("due") or load.get("due")
        now["planned"] = planned
        aboard, groups = load.get("load") or NOBODY, load.get("groups") or NOBODY
        staff = load.get("staff") or _by_kind(body.get("who"))
        now["aboard"], now["groups"], now["staff"] = aboard, groups, staff
        if start is not None:
            _add(self.taken, start, aboard)
            _add(self.taken_groups, start, groups)
            if staff:
                self._staff_at(start, staff, -1)

    def _arrived(self, now: dict[str, Any], place: str | None, body: Fields) -> None:
        if place is not None:
            # Those counted at the gate, where they were counted; else those who departed.
            _add(self.brought, place, body.get("load") or now.get("aboard") or NOBODY)
            _add(self.brought_groups, place, body.get("groups") or now.get("groups") or NOBODY)
            staff = body.get("staff") or now.get("staff") or _by_kind(body.get("who"))
            if staff:
                self._staff_at(place, staff, 1)
        now["place"], now["to"] = place, None
        now["aboard"] = now["groups"] = now["staff"] = NOBODY
        now["legs"] = ()

    def _staff_at(self, place: str, staff: Mapping[str, int], sign: int) -> None:
        for kind, number in staff.items():
            key = (kind, place)
            self.staff[key] = self.staff.get(key, 0) + sign * number

    # --- a convoy, staff alone

    def _convoy_moved(self, convoy: str, seq: int, heard: str, body: Fields) -> None:
        """Take a report on a convoy as a whole for each of its vehicles."""
        members = [
            key
            for key, one in self._vehicles.items()
            if one.get("convoy") == convoy and one["to"] is not None
        ]
        if body["what"] == "departed" and not members:
            for trip in self._planned.get(convoy, ()):
                if trip.get("vehicle"):
                    car = _of_trip(body, trip)
                    self._moved(trip["vehicle"], seq, heard, car, trip, planned=True)
            return
        for vehicle in members:
            # The whole convoy's people and staff are not those of each of its vehicles.
            car = {**body, "load": None, "who": None}
            if body["what"] == "arrived":
                # The corridor's far end is not yet each vehicle's own destination.
                if self._vehicles[vehicle]["to"] != body.get("place") and body.get("place"):
                    self._moved(vehicle, seq, heard, {**car, "what": "through"}, body)
                    continue
                car["groups"] = None
            self._moved(vehicle, seq, heard, car, body)

    def _note_convoy(
        self, convoy: str, vehicle: str | None, seq: int, heard: str, body: Fields
    ) -> None:
        what, when = body["what"], body.get("at") or heard
        now = self._convoy_at(convoy, what)
        if vehicle is not None:
            now["cars"][vehicle] = None
        if what == "departed":
            now["departed"] = now["departed"] or when
        # One vehicle's arrival is not the convoy's: it has arrived when its last one has.
        on_the_road = any(self._vehicles[one]["to"] is not None for one in now["cars"])
        if what == "arrived" and not (vehicle is not None and on_the_road):
            now["arrived"] = when
        if vehicle is None or what != "arrived" or not on_the_road:
            now["state"] = what
        now["place"] = body.get("place") or now["place"]
        now["reported"], now["seq"] = when, seq
        self.numbered.with_convoy(convoy, vehicle, seq, when, now["state"], body)

    def _convoy_at(self, convoy: str, state: str) -> dict[str, Any]:
        now = self._convoys.get(convoy)
        if now is None:
            now = {"state": state, "departed": None, "arrived": None, "place": None, "cars": {}}
            self._convoys[convoy] = now
        return now

    def _staff_moved(self, body: Fields) -> None:
        sign = {"departed": -1, "arrived": 1}.get(body["what"], 0)
        if sign and body.get("place"):
            staff = body.get("staff") or _by_kind(body.get("who"))
            self._staff_at(body["place"], staff, sign)

    def _convoy(self, convoy: str, now: Fields) -> ConvoyNow:
        cars = dict(now["cars"])
        cars |= {key: None for key, one in self._vehicles.items() if one.get("convoy") == convoy}
        return ConvoyNow(
            convoy,
            now["state"],
            _time(now["departed"]),
            _time(now["arrived"]),
            now["place"],
            tuple(cars),
            datetime.fromisoformat(now["reported"]),
            now["seq"],
            bool(now.get("uncleared")),
        )


def _vehicle(vehicle: str, now: Fields, at: datetime) -> VehicleNow:
    reported = datetime.fromisoformat(now["reported"])
    return VehicleNow(
        vehicle=vehicle,
        state=now["state"],
        place=now["place"],
        to=now["to"],
        leg=now.get("leg"),
        metres=now.get("metres"),
        legs=now.get("legs", ()),
        convoy=now.get("convoy"),
        departed_at=_time(now.get("departed")),
        due=_time(now.get("due")),
        aboard=now.get("aboard", NOBODY),
        groups=now.get("groups", NOBODY),
        staff=now.get("staff", NOBODY),
        as_planned=bool(now.get("planned")),
        reported_at=reported,
        seq=now["seq"],
        stale=now["to"] is not None and at - reported > STALE,
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _add(total: dict[str, dict[str, int]], place: str, people: Mapping[str, int]) -> None:
    here = total.get(place)
    if here is None:
        here = total[place] = {}
    for key, number in people.items():
        here[key] = here.get(key, 0) + number


def _by_kind(who: Iterable[str] | None) -> Mapping[str, int]:
    """Return how many of each kind were named by number; delegate-01 is a delegate."""
    return Counter(one.rpartition("-")[0] for one in who) if who else NOBODY


def _of_trip(body: Fields, trip: Fields) -> Fields:
    """Return a convoy's departure as that of one of its vehicles, from its own start."""
    return {**body, "place": trip["from"], "to": trip["to"], "legs": trip["legs"], "who": None}


def _trips(text: str) -> Iterator[Fields]:
    """Yield the trips of a plan file's text, with the planned arrival as a time; none if torn."""
    try:
        plan = json.loads(text)
        start = datetime.fromisoformat(plan["start"])
        for trip in plan["trips"]:
            due = start + timedelta(minutes=trip["arrive"])
            yield {**trip, "due": due.isoformat()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return
