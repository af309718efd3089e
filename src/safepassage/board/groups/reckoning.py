"""Departed against arrived, slip by slip and convoy by convoy; who is missing, split, unsigned for.

A page for the cell: it shows what does not fit and leaves the deciding to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.board.groups.slips import Slip, counted, slips_of
from safepassage.ledger.carried import HandOver, Sweep
from safepassage.ledger.counts import ConvoyBalance, balances
from safepassage.ledger.entry import Entry
from safepassage.ledger.promises import Corrections
from safepassage.ledger.situation import Situation
from safepassage.planner.plan import Plan
from safepassage.report.sheets.fleet import fleet
from safepassage.scenario.scenario import Scenario

LATE = timedelta(minutes=60)
"""A slip whose convoy was reported arrived this long ago, and that nobody saw, is missing."""


@dataclass(frozen=True, slots=True)
class ConvoyOfSlips:
    """One convoy: the slips that boarded it, those seen to get off, and what counters counted.

    `missing` boarded and were not seen although the convoy is over for `LATE`; `waiting` are on the
    way; `unexpected` got off and were never seen to board it.
    """

    convoy: str
    boarded: tuple[Slip, ...]
    got_off: tuple[Slip, ...]
    waiting: tuple[Slip, ...]
    missing: tuple[Slip, ...]
    unexpected: tuple[Slip, ...]
    balance: ConvoyBalance | None


@dataclass(frozen=True, slots=True)
class Handed:
    """One hand-over with its two ends; an end that has not signed is None."""

    handover: str
    gives: HandOver | None
    receives: HandOver | None

    @property
    def difference(self) -> int | None:
        """Given less received; None where one end has not signed."""
        if self.gives is None or self.receives is None:
            return None
        return self.gives.people - self.receives.people


@dataclass(frozen=True, slots=True)
class Children:
    """Unaccompanied and separated children, as a count of their own.

    `without_carer` are slips whose children nobody has taken charge of by name; `unsigned` those
    that got off and whose hand-over to a carer has not been signed at both ends.
    """

    unaccompanied: int
    separated: int
    by_carer: Mapping[str, int]
    without_carer: tuple[Slip, ...]
    unsigned: tuple[Slip, ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """The last look through a place, and whether anybody left from there after it."""

    place: str
    last: Sweep | None
    at: datetime | None
    departed_after: bool


@dataclass(frozen=True, slots=True)
class Back:
    """Vehicles or crews of one kind: how many there are, how many are back where they began."""

    kind: str
    all: int
    back: int
    away: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the record says of people by slip, and what in it does not fit."""

    slips: Mapping[str, Slip]
    convoys: tuple[ConvoyOfSlips, ...]
    without_yes: tuple[Slip, ...]
    elsewhere: tuple[Slip, ...]
    split: tuple[tuple[Slip, Slip], ...]
    children: Children
    handed: tuple[Handed, ...]
    swept: tuple[Swept, ...]
    vehicles: tuple[Back, ...]
    crews: tuple[Back, ...]

    @property
    def missing(self) -> tuple[Slip, ...]:
        """Every slip that left and was not seen to arrive in time."""
        return tuple(slip for convoy in self.convoys for slip in convoy.missing)


def reckon(
    entries: Sequence[Entry],
    corrections: Corrections,
    now: Situation,
    scenario: Scenario,
    plan: Plan | None = None,
) -> Reckoning:
    """Return the reckoning; `entries` are those of `slips.KINDS` in the order of the log."""
    slips = slips_of(entries, corrections)
    left = departures(now, plan, slips.values())
    handed = _handed(counted(entries, corrections))
    return Reckoning(
        slips=slips,
        convoys=_convoys(slips, now),
        # Whoever is carried against their will is displaced by force: silence is no yes.
        without_yes=tuple(
            one for one in slips.values() if one.boarded is not None and one.wish != "yes"
        ),
        elsewhere=tuple(
            one
            for one in slips.values()
            if one.got_off is not None
            and one.wants is not None
            and one.got_off.place != one.wants
            and _counts_as_arrival(one.got_off.place, scenario)
        ),
        split=_split(slips),
        children=_children(slips, handed),
        handed=handed,
        swept=_swept(entries, corrections, left, scenario),
        vehicles=_vehicles(now, scenario),
        crews=_crews(now, scenario, plan),
    )


def _convoys(slips: Mapping[str, Slip], now: Situation) -> tuple[ConvoyOfSlips, ...]:
    by_convoy: dict[str, list[Slip]] = {}
    for slip in slips.values():
        names = {one.convoy for one in (slip.boarded, slip.got_off) if one is not None}
        for name in sorted(one for one in names if one is not None):
            by_convoy.setdefault(name, []).append(slip)
    balance = {one.convoy: one for one in balances(now)}
    found = []
    for convoy in sorted({*by_convoy, *balance}):
        own = by_convoy.get(convoy, [])
        boarded = [one for one in own if one.boarded is not None and one.boarded.convoy == convoy]
        off = [one for one in boarded if one.got_off is not None]
        away = [one for one in boarded if one.got_off is None]
        over = _over(now, convoy)
        found.append(
            ConvoyOfSlips(
                convoy=convoy,
                boarded=tuple(boarded),
                got_off=tuple(off),
                waiting=() if over else tuple(away),
                missing=tuple(away) if over else (),
                unexpected=tuple(
                    one
                    for one in own
                    if one.got_off is not None
                    and one.got_off.convoy == convoy
                    and (one.boarded is None or one.boarded.convoy != convoy)
                ),
                balance=balance.get(convoy),
            )
        )
    return tuple(found)


def _over(now: Situation, convoy: str) -> bool:
    """Tell whether a convoy was reported arrived or turned back long enough ago."""
    known = now.convoys.get(convoy)
    if known is None or known.state not in {"arrived", "turned back"}:
        return False
    return now.at - (known.arrived_at or known.reported_at) > LATE


def _split(slips: Mapping[str, Slip]) -> tuple[tuple[Slip, Slip], ...]:
    """Return the pairs that belong together and boarded different vehicles."""
    found = {}
    for slip in slips.values():
        for token in slip.together:
            other = slips.get(token)
            if other is None or slip.boarded is None or other.boarded is None:
                continue
            mine = (slip.boarded.convoy, slip.boarded.vehicle)
            theirs = (other.boarded.convoy, other.boarded.vehicle)
            if mine != theirs and None not in {*mine, *theirs}:
                found[tuple(sorted((slip.token, token)))] = (slip, other)
    return tuple(found.values())


def _children(slips: Mapping[str, Slip], handed: Sequence[Handed]) -> Children:
    own = [one for one in slips.values() if one.children]
    signed = {
        token
        for one in handed
        if one.gives is not None
        and one.receives is not None
        and one.gives.of == one.receives.of == "children"
        for token in {*one.gives.tokens} & {*one.receives.tokens}
    }
    by_carer: dict[str, int] = {}
    for slip in own:
        if slip.carer is not None:
            by_carer[slip.carer] = by_carer.get(slip.carer, 0) + slip.children
    return Children(
        unaccompanied=sum(one.unaccompanied or 0 for one in own),
        separated=sum(one.separated or 0 for one in own),
        by_carer=by_carer,
        without_carer=tuple(one for one in own if one.carer is None),
        unsigned=tuple(
            one
            for one in own
            if one.unaccompanied and one.got_off is not None and one.token not in signed
        ),
    )


def _handed(entries: Iterable[Entry]) -> tuple[Handed, ...]:
    ends: dict[str, dict[str, HandOver]] = {}
    for entry in entries:
        if isinstance(entry.body, HandOver):
            ends.setdefault(entry.body.handover, {})[entry.body.end] = entry.body
    return tuple(Handed(key, one.get("gives"), one.get("receives")) for key, one in ends.items())


def _swept(
    entries: Sequence[Entry],
    corrections: Corrections,
    left: Mapping[str, datetime],
    scenario: Scenario,
) -> tuple[Swept, ...]:
    last: dict[str, tuple[Sweep, datetime]] = {}
    for entry in counted(entries, corrections):
        if isinstance(entry.body, Sweep):
            last[entry.body.place] = (entry.body, entry.body.at or entry.heard_at)
    starts = {one.at for one in scenario.groups}
    found = []
    for place in [one.id for one in scenario.places if one.id in starts or one.id in last]:
        sweep, at = last.get(place, (None, None))
        gone = left.get(place)
        found.append(Swept(place, sweep, at, gone is not None and (at is None or gone > at)))
    return tuple(found)


def departures(now: Situation, plan: Plan | None, slips: Iterable[Slip]) -> dict[str, datetime]:
    """Return when people were last seen to leave each place: by slip, or with a planned convoy."""
    last: dict[str, datetime] = {}

    def note(place: str, at: datetime) -> None:
        last[place] = max(at, last.get(place, at))

    for slip in slips:
        if slip.boarded is not None:
            note(slip.boarded.place, slip.boarded.at)
    for trip in () if plan is None else plan.trips:
        convoy = now.convoys.get(trip.convoy or "")
        if convoy is not None and convoy.departed_at is not None and any(trip.load.values()):
            note(trip.start, convoy.departed_at)
    return last


def _counts_as_arrival(place: str, scenario: Scenario) -> bool:
    known = scenario.place.get(place)
    return known is not None and known.arrived


def _vehicles(now: Situation, scenario: Scenario) -> tuple[Back, ...]:
    all_, away = dict[str, int](), dict[str, int]()
    for name, entry in fleet(scenario).items():
        known = now.vehicles.get(name)
        all_[entry.kind] = all_.get(entry.kind, 0) + 1
        gone = known is not None and (known.to is not None or known.place != entry.at)
        away[entry.kind] = away.get(entry.kind, 0) + gone
    return tuple(Back(kind, all_[kind], all_[kind] - away[kind], away[kind]) for kind in all_)


def _crews(now: Situation, scenario: Scenario, plan: Plan | None) -> tuple[Back, ...]:
    at = dict(now.staff_at(scenario))
    for convoy in () if plan is None else plan.convoys:
        known = now.convoys.get(convoy.id)
        # Who goes along with a whole convoy is in the plan; a report names the convoy only.
        for kind, number in () if known is None else convoy.staff.items():
            at[kind, convoy.start] = at.get((kind, convoy.start), 0) - number
            if known is not None and known.state == "arrived":
                at[kind, convoy.end] = at.get((kind, convoy.end), 0) + number
            elif known is not None and known.state == "turned back":
                at[kind, convoy.start] += number
    found = []
    for one in scenario.staff:
        total = one.count.pick()
        back = min(total, max(0, at.get((one.kind, one.at), 0)))
        found.append(Back(one.kind, total, back, total - back))
    return tuple(found)
