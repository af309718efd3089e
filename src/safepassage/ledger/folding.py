"""Folds the log into a situation, entry by entry, on plain data: a million entries in seconds.

Corrections and confirmations are read first, because they decide what of the rest is taken.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from safepassage.ledger.classes import CONTACTS, PERSONS
from safepassage.ledger.entry import Entry
from safepassage.ledger.log import Ledger
from safepassage.ledger.promises import PROMISE_KINDS, Corrections, Holders, promises
from safepassage.ledger.sealing import OpenedRow
from safepassage.ledger.situation import (
    STALE,
    ConsentNow,
    ConvoyNow,
    CountKey,
    HoldNow,
    PlanInForce,
    Situation,
    StretchState,
    Tally,
    TermNow,
    VehicleNow,
)
from safepassage.ledger.stretches import spelt_out
from safepassage.scenario.scenario import Scenario

Fields = Mapping[str, Any]
FIRST_READ = ("correction", "confirmation")
NOBODY: Mapping[str, int] = {}


def holders_of(scenario: Scenario) -> Holders:
    """Return who holds each leg, corridor and place of a scenario, as far as it says."""
    held: dict[str, frozenset[str]] = {}
    for leg in scenario.legs:
        if leg.held_by:
            held[leg.id] = frozenset(leg.held_by)
    for place in scenario.places:
        if place.holder:
            held[place.id] = frozenset(place.holder)
    for corridor in scenario.corridors:
        parties = frozenset(party for leg in corridor.legs for party in held.get(leg, ()))
        if parties:
            held[corridor.id] = parties
    return held


def situation(
    ledger: Ledger,
    *,
    at: datetime,
    scenario: Scenario | None = None,
    upto: int | None = None,
) -> Situation:
    """Return the situation as of entry `upto` (None: the last), seen at the time `at`.

    Without a scenario nobody is known to hold a stretch, so that a dispute is a doubt only.
    """
    last, head = ledger.tail()
    if upto is not None and upto < last:
        last = upto
        head = next((row.hash for row in ledger.store.rows(last - 1, last)), head)
    fold = Fold(ledger, last)
    # The promises' own kinds are few: they are read as entries, through their index.
    said = list(ledger.entries(0, last, PROMISE_KINDS))
    if scenario is not None:
        said = spelt_out(said, scenario)
    return fold.situation(
        at, last, head.hex(), said, {} if scenario is None else holders_of(scenario)
    )


def entries_known_at(ledger: Ledger, at: datetime) -> int:
    """Return the number of the last entry of the longest beginning of the log entered by `at`.

    The order of the log counts, not the clocks in it: what follows a later entry is not known yet.
    """
    low, high = 0, ledger.tail()[0]
    for row in ledger.store.rows(low, high):
        if datetime.fromisoformat(row.entered) > at:
            return row.seq - 1
    return high


class Fold:
    """What the entries up to one number add up to."""

    def __init__(self, ledger: Ledger, last: int) -> None:
        self._corrections = Corrections(ledger.entries(0, last, FIRST_READ))
        self._vehicles: dict[str, dict[str, Any]] = {}
        self._convoys: dict[str, dict[str, Any]] = {}
        self._brought: dict[str, dict[str, int]] = {}
        self._brought_groups: dict[str, dict[str, int]] = {}
        self._taken: dict[str, dict[str, int]] = {}
        self._taken_groups: dict[str, dict[str, int]] = {}
        self._staff: dict[tuple[str, str], int] = {}
        self._stretches: dict[str, StretchState] = {}
        self._holds: dict[str, HoldNow] = {}
        self._terms: dict[str, TermNow] = {}
        self._counts: dict[CountKey, dict[str, Tally]] = {}
        self._consent: dict[str, dict[str, int]] = {}
        self._tokens: dict[str, tuple[str, str, int]] = {}
        self._released: dict[str, dict[int, str]] = {}
        self._events: dict[str, int] = {}
        self._plan: PlanInForce | None = None
        self._planned: dict[str, list[Fields]] = {}
        self._unaccounted: dict[str, int] = {}
        self._erased = 0
        self._left_out: list[str] = []
        self._takes: dict[str, Callable[[OpenedRow, Fields], None]] = {
            "movement": self._movement,
            "count": self._count,
            "consent": self._wish,
            "closure": self._closure,
            "hold": self._hold,
            "lift": self._lift,
            "term": self._term,
            "plan": self._adopted,
            "release": self._release,
            "incident": self._incident,
            "uncleared": self._moved_uncleared,
        }
        self._read(ledger, last)

    def _read(self, ledger: Ledger, last: int) -> None:
        takes = self._takes
        counts = self._corrections.counts
        kinds = frozenset(takes)
        for opened in ledger.opened(0, last, kinds=kinds, without=frozenset({CONTACTS})):
            row, _, fields, erased = opened
            body = fields.get("body")
            if erased and (body is None or PERSONS not in erased):
                self._erased += 1
                continue
            if body is None:
                continue
            source = fields.get("source")
            channel = None if source is None else str(source.get("channel"))
            if not counts(row.id, row.kind, channel):
                self._left_out.append(row.id)
                continue
            takes[row.kind](opened, body)

    # --- movements

    def _movement(self, opened: OpenedRow, body: Fields) -> None:
        vehicle, convoy = body.get("vehicle"), body.get("convoy")
        if vehicle is not None:
            self._moved(vehicle, opened, body, body)
        elif convoy is not None:
            self._convoy_moved(convoy, opened, body)
        elif body.get("staff"):
            self._staff_moved(body)
        if convoy is not None:
            self._note_convoy(convoy, vehicle, opened, body)

    def _moved(
        self, vehicle: str, opened: OpenedRow, body: Fields, load: Fields, *, planned: bool = False
    ) -> None:
        """Take one report on one vehicle; `load` says who departed, where a plan knows better."""
        what = body["what"]
        now = self._vehicles.get(vehicle)
        if now is None:
            now = self._vehicles[vehicle] = {"place": None, "to": None}
        now["state"] = what
        now["reported"] = body.get("at") or opened.heard
        now["seq"] = opened.row.seq
        now["leg"] = body.get("leg")
        now["metres"] = body.get("metres")
        place = body.get("place")
        if what == "departed":
            self._departed(now, opened, body, load, planned=planned)
        elif what == "arrived":
            self._arrived(now, place or now["to"], body)
        elif what == "turned back":
            # Until someone says where it goes it is on the way back to where it came from.
            now["to"] = body.get("to") or now.get("from") or now["to"]
            now["place"] = place or now["place"]
            now["legs"] = tuple(body.get("legs", ()))
        elif place is not None:
            now["place"] = place
        if body.get("due"):
            now["due"] = body["due"]

    def _departed(
        self, now: dict[str, Any], opened: OpenedRow, body: Fields, load: Fields, *, planned: bool
    ) -> None:
        if now["to"] is not None:
            # It leaves again and nobody has said that those aboard got off: unknown, not arrived.
            for key, number in now.get("aboard", NOBODY).items():
                self._unaccounted[key] = self._unaccounted.get(key, 0) + number
        start = body.get("place") or load.get("from") or now["place"]
        now["place"] = now["from"] = start
        now["to"] = body.get("to") or load.get("to") or "unknown"
        now["legs"] = tuple(body.get("legs") or load.get("legs") or ())
        now["convoy"] = body.get("convoy")
        now["departed"] = body.get("at") or opened.heard
        now["due"] = body.get("due") or load.get("due")
        now["planned"] = planned
        aboard, groups, staff = load.get("load"), load.get("groups"), load.get("staff")
        now["aboard"], now["groups"], now["staff"] = aboard or {}, groups or {}, staff or {}
        if start is not None:
            _add(self._taken, start, now["aboard"])
            _add(self._taken_groups, start, now["groups"])
            for kind, number in now["staff"].items():
                key = (kind, start)
                self._staff[key] = self._staff.get(key, 0) - number

    def _arrived(self, now: dict[str, Any], place: str | None, body: Fields) -> None:
        if place is not None:
            # Those counted at the gate, where they were counted; else those who departed.
            _add(self._brought, place, body.get("load") or now.get("aboard") or NOBODY)
            _add(self._brought_groups, place, body.get("groups") or now.get("groups") or NOBODY)
            for kind, number in (body.get("staff") or now.get("staff") or NOBODY).items():
                key = (kind, place)
                self._staff[key] = self._staff.get(key, 0) + number
        now["place"], now["to"] = place, None
        now["aboard"], now["groups"], now["staff"], now["legs"] = {}, {}, {}, ()

    def _convoy_moved(self, convoy: str, opened: OpenedRow, body: Fields) -> None:
        """Take a report on a convoy as a whole for each of its vehicles."""
        members = [key for key, one in self._vehicles.items() if one.get("convoy") == convoy]
        members = [key for key in members if self._vehicles[key]["to"] is not None]
        if body["what"] == "departed" and not members:
            for trip in self._planned.get(convoy, ()):
                if trip.get("vehicle"):
                    self._moved(trip["vehicle"], opened, _of_trip(body, trip), trip, planned=True)
            return
        for vehicle in members:
            now = self._vehicles[vehicle]
            if body["what"] == "arrived":
                # The corridor's far end is not yet each vehicle's own destination.
                if now["to"] != body.get("place") and body.get("place") is not None:
                    self._moved(vehicle, opened, {**body, "what": "through"}, body)
                    continue
                self._moved(vehicle, opened, {**body, "load": None, "groups": None}, body)
            else:
                self._moved(vehicle, opened, {**body, "load": None}, body)

    def _note_convoy(
        self, convoy: str, vehicle: str | None, opened: OpenedRow, body: Fields
    ) -> None:
        what, when = body["what"], body.get("at") or opened.heard
        now = self._convoys.setdefault(
            convoy, {"state": what, "departed": None, "arrived": None, "place": None, "cars": {}}
        )
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
        now["reported"], now["seq"] = when, opened.row.seq

    def _staff_moved(self, body: Fields) -> None:
        sign = {"departed": -1, "arrived": 1}.get(body["what"], 0)
        for kind, number in body["staff"].items():
            if sign and body.get("place"):
                key = (kind, body["place"])
                self._staff[key] = self._staff.get(key, 0) + sign * number

    # --- what was said, counted, decided

    def _count(self, opened: OpenedRow, body: Fields) -> None:
        get = body.get
        key = CountKey(body["what"], get("place"), get("convoy"), get("person_class"), get("group"))
        as_of = datetime.fromisoformat(body["as_of"])
        by_counter = self._counts.setdefault(key, {})
        before = by_counter.get(body["counter"])
        if before is None or before.as_of <= as_of:
            by_counter[body["counter"]] = Tally(
                body["counter"],
                body["people"],
                get("low"),
                get("high"),
                bool(get("cumulative")),
                as_of,
                opened.row.seq,
            )

    def _wish(self, opened: OpenedRow, body: Fields) -> None:
        del opened
        token, group = body.get("token"), body["group"]
        tally = self._consent.setdefault(group, {})
        if token is not None:
            if token in self._tokens:
                old_group, old_wish, people = self._tokens[token]
                self._consent[old_group][old_wish] -= people
            self._tokens[token] = (group, body["wish"], body["people"])
        elif body["wish"] == "withdrawn":
            tally["yes"] = max(0, tally.get("yes", 0) - body["people"])
        tally[body["wish"]] = tally.get(body["wish"], 0) + body["people"]

    def _closure(self, opened: OpenedRow, body: Fields) -> None:
        since = datetime.fromisoformat(body.get("since") or opened.heard)
        until = datetime.fromisoformat(body["until"]) if body.get("until") else None
        for stretch in body["covers"]:
            self._stretches[stretch] = StretchState(
                stretch, body["state"], since, until, opened.row.seq
            )

    def _hold(self, opened: OpenedRow, body: Fields) -> None:
        self._holds[opened.row.id] = HoldNow(
            opened.row.id,
            opened.row.seq,
            body.get("convoy"),
            body["person"],
            body["why"],
            datetime.fromisoformat(opened.heard),
            {},
        )

    def _lift(self, opened: OpenedRow, body: Fields) -> None:
        del opened
        held = self._holds.get(body["hold"])
        if held is not None:
            lifted = {**held.lifted_by, body["person"]: body["role"]}
            self._holds[held.id] = HoldNow(
                held.id, held.seq, held.convoy, held.person, held.why, held.since, lifted
            )

    def _term(self, opened: OpenedRow, body: Fields) -> None:
        before = self._terms.get(body["term"])
        versions = dict(before.versions) if before is not None else {}
        self._terms[body["term"]] = TermNow(
            body["term"],
            body["agreement"],
            body["text"],
            body["state"],
            body.get("linked_to") or (before.linked_to if before is not None else None),
            {**versions, **(body.get("versions") or {})},
            opened.row.seq,
        )

    def _adopted(self, opened: OpenedRow, body: Fields) -> None:
        at = datetime.fromisoformat(opened.heard)
        self._plan = PlanInForce(body["plan_hash"], body["plan"], opened.row.seq, at)
        self._planned = {}
        for trip in _trips(body["plan"]):
            if trip.get("convoy"):
                self._planned.setdefault(trip["convoy"], []).append(trip)

    def _release(self, opened: OpenedRow, body: Fields) -> None:
        del opened
        self._released.setdefault(body["linked"], {})[body["batch"]] = body["state"]

    def _incident(self, opened: OpenedRow, body: Fields) -> None:
        del opened
        self._events[body["event"]] = self._events.get(body["event"], 0) + 1

    def _moved_uncleared(self, opened: OpenedRow, body: Fields) -> None:
        convoy = body["convoy"]
        now = self._convoys.setdefault(
            convoy,
            {"state": "departed", "departed": None, "arrived": None, "place": None, "cars": {}},
        )
        now["uncleared"] = True
        now.setdefault("reported", opened.heard)
        now.setdefault("seq", opened.row.seq)

    # --- the result

    def situation(
        self, at: datetime, last: int, head: str, said: list[Entry], holders: Holders
    ) -> Situation:
        """Return what it adds up to."""
        return Situation(
            upto=last,
            head=head,
            at=at,
            plan=self._plan,
            vehicles={key: _vehicle(key, one, at) for key, one in self._vehicles.items()},
            convoys={key: self._convoy(key, one) for key, one in self._convoys.items()},
            brought=self._brought,
            brought_groups=self._brought_groups,
            taken=self._taken,
            taken_groups=self._taken_groups,
            staff_moved={key: number for key, number in self._staff.items() if number},
            promises=promises(said, holders),
            stretches=self._stretches,
            holds=tuple(self._holds.values()),
            terms=self._terms,
            counts=self._counts,
            consent={key: ConsentNow(**one) for key, one in self._consent.items()},
            released=self._released,
            open_events=self._events,
            unaccounted=self._unaccounted,
            erased=self._erased,
            left_out=tuple(self._left_out),
        )

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
        aboard=now.get("aboard", {}),
        groups=now.get("groups", {}),
        staff=now.get("staff", {}),
        as_planned=bool(now.get("planned")),
        reported_at=reported,
        seq=now["seq"],
        stale=now["to"] is not None and at - reported > STALE,
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _add(total: dict[str, dict[str, int]], place: str, people: Mapping[str, int]) -> None:
    here = total.setdefault(place, {})
    for key, number in people.items():
        here[key] = here.get(key, 0) + number


def _of_trip(body: Fields, trip: Fields) -> Fields:
    """Return a convoy's departure as that of one of its vehicles, from its own start."""
    return {**body, "place": trip["from"], "to": trip["to"], "legs": trip["legs"]}


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
