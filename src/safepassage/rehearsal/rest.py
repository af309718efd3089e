"""What is left of an operation as of a situation: where a rehearsal from now begins.

Who has arrived, what is on the road with whom, what of a plan is still ahead, and what the truce
has done so far. What is left of people, vehicles, staff, places and windows is the scenario as of
now, as a plan from now has it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from safepassage.clearance.from_now import FromNow, adopted_plans, from_now
from safepassage.clearance.from_now_times import comes, expected, way_time
from safepassage.ledger.folding import situation
from safepassage.ledger.log import Ledger
from safepassage.ledger.situation import Situation, VehicleNow
from safepassage.planner.plan import Plan, Trip
from safepassage.rehearsal.hazard_today import KINDS as TOLD
from safepassage.rehearsal.hazard_today import HazardToday, hazard_today
from safepassage.rehearsal.truce_so_far import TruceSoFar, truce_so_far
from safepassage.scenario.places import Corridor, Place
from safepassage.scenario.scenario import Scenario

HELD = "held"


@dataclass(frozen=True, slots=True)
class Rolling:
    """Vehicles on the road together, with people, to a place that counts as arrival.

    `departed` is when (seconds since the start); `driven` seconds of their way lie behind them and
    `left` before them, as a plan from now expects it. `trips` hold who is aboard.
    """

    id: str
    departed: int
    driven: int
    left: int
    corridor: str | None
    forward: bool
    legs: tuple[str, ...]
    trips: tuple[Trip, ...]
    held: bool


@dataclass(frozen=True)
class Rest:
    """What is left as of a situation.

    `scenario` is that of what is left, `whole` that of the day. `at` is now, in seconds since the
    start. `arrived` are persons who have arrived, `rolling` what is on the road, `departed` the
    convoys that have left, `seen` the vehicles of which there is a report, `opened` when the
    window opened (None: nothing says that it has). `released` are loaded convoys that have left and
    are not on the road any more, `batches` those of both sides where a counterpart moves too.
    """

    scenario: Scenario
    whole: Scenario
    at: float
    now: Situation
    arrived: int
    rolling: tuple[Rolling, ...]
    departed: frozenset[str]
    seen: Mapping[str, VehicleNow]
    opened: float | None
    released: int
    batches: tuple[int, int]
    truce: TruceSoFar
    warnings: tuple[str, ...]

    @property
    def aboard(self) -> int:
        """Persons who are on the road and are played."""
        return sum(sum(one.load.values()) for group in self.rolling for one in group.trips)

    def ahead(self, plan: Plan, usable: Collection[str]) -> Plan:
        """Return what of a plan has not begun, with the vehicles that can still be sent."""
        trips = tuple(
            one
            for one in plan.trips
            if (one.vehicle is None or one.vehicle in usable)
            and (self._still(one) if one.convoy is None else one.convoy not in self.departed)
        )
        kept = {one.convoy for one in trips if one.vehicle is not None}
        needed = {one.convoy for one in plan.trips if one.vehicle is not None}
        return replace(
            plan,
            # A convoy all of whose vehicles are lost does not go; one of staff alone may.
            convoys=tuple(
                one
                for one in plan.convoys
                if one.id not in self.departed and (one.id in kept or one.id not in needed)
            ),
            trips=tuple(
                one
                for one in trips
                if one.convoy is None or one.convoy in kept or one.convoy not in needed
            ),
            stated=None,
        )

    def _still(self, trip: Trip) -> bool:
        """Tell whether a trip without convoy has not begun: what nobody saw leave may be late."""
        if trip.depart >= self.at:
            return True
        if trip.vehicle is None:
            return False
        seen = self.seen.get(trip.vehicle)
        if seen is None:
            return True
        stands = seen.place if seen.to is None else seen.to
        departs = self.whole.start + timedelta(seconds=trip.depart)
        return stands == trip.start and departs > seen.reported_at


def rest_of(whole: Scenario, ledger: Ledger, *, at: datetime, upto: int | None = None) -> Rest:
    """Return what is left as of an entry of a ledger (None: the last), seen at a time.

    Raises
    ------
    FromNowError
        As `clearance.from_now` does: for a time outside the scenario, or a convoy that departed
        with nobody knows what.
    """
    now = situation(ledger, at=at, scenario=whole, upto=upto)
    plans = adopted_plans(ledger, now.upto)
    left = from_now(whole, now, plans)
    told = tuple(ledger.entries(0, now.upto, TOLD))
    hazard = hazard_today(whole, told, at=at, ahead=timedelta(hours=1))
    return _rest(whole, left, plans, truce_so_far(hazard, whole.start, _standing(now, hazard)))


def _standing(now: Situation, hazard: HazardToday) -> frozenset[str]:
    """Return the parties of which a confirmed word stands now, voided nowhere."""
    words = {
        one.party
        for one in now.promises
        if one.confirmed
        and not one.void
        and one.since <= now.at
        and (one.until is None or one.until > now.at)
    }
    if "the truce" in words:
        words |= {one.party for one in hazard.guarantors}
    return frozenset(words)


def _rest(whole: Scenario, left: FromNow, plans: Sequence[str], truce: TruceSoFar) -> Rest:
    now = left.situation
    # Places keep their gates here: what that warning is about is played.
    warnings = [one for one in left.warnings if "keeps its intake busy" not in one]
    warnings += _closing(whole, left.scenario)
    rolling = _rolling(whole, now, warnings)
    trips = _trips_of(plans)
    on_the_road = {one.id for one in rolling}
    gone = [
        one.convoy
        for one in now.departed
        if one.convoy not in on_the_road
        and any(trip.get("load") for trip in trips.get(one.convoy, ()))
    ]
    times = [one.departed_at for one in now.departed if one.departed_at is not None]
    times += [one.departed_at for one in now.vehicles.values() if one.departed_at is not None]
    opened = min(times, default=None)
    known_open = whole.opening is None and now.at >= whole.start
    if opened is not None:
        opened_after: float | None = max(0.0, (opened - whole.start).total_seconds())
    else:
        opened_after = 0.0 if known_open else None
    return Rest(
        scenario=replace(left.scenario, places=_places(whole, left.scenario)),
        whole=whole,
        at=(now.at - whole.start).total_seconds(),
        now=now,
        arrived=sum(now.arrived(whole).values()),
        rolling=rolling,
        departed=frozenset(now.convoys),
        seen=now.vehicles,
        opened=opened_after,
        released=len(gone),
        batches=_batches(whole, trips, gone),
        truce=truce,
        warnings=(*dict.fromkeys((*warnings, *truce.warnings)),),
    )


def _closing(whole: Scenario, left: Scenario) -> list[str]:
    """Return what may be used only until a time, as the ledger has it, each once."""
    found = {
        (one.where, one.closes): None
        for one in left.windows
        if one not in whole.windows and one.closes is not None and one.closes < left.horizon
    }
    return [
        f"{where}: nothing leaves that is not through by "
        f"{(left.start + closes).isoformat(timespec='minutes')}: words end, or it is closed"
        for where, closes in found
    ]


def _places(whole: Scenario, left: Scenario) -> tuple[Place, ...]:
    """Return the places as of now; what is on the road takes its turn at the gate by itself."""
    return tuple(replace(one, opens=whole.place[one.id].opens) for one in left.places)


# --- on the road


def _rolling(whole: Scenario, now: Situation, warnings: list[str]) -> tuple[Rolling, ...]:
    groups: dict[tuple[str, str, tuple[str, ...]], list[VehicleNow]] = {}
    for name, seen in now.on_the_road.items():
        if not sum(seen.aboard.values()):
            continue
        to = whole.place.get(seen.to or "")
        if not comes(whole, now, seen) or to is None:
            warnings.append(
                f"{name}: {sum(seen.aboard.values())} people are aboard and nobody knows where it "
                "goes or when it arrives: not played"
            )
        elif to.arrived:
            groups.setdefault((seen.convoy or name, to.id, seen.legs), []).append(seen)
    return tuple(
        sorted(
            (_together(whole, now, *key, cars=cars) for key, cars in groups.items()),
            key=lambda one: (one.departed, one.id),
        )
    )


def _together(
    whole: Scenario,
    now: Situation,
    id_: str,
    to: str,
    legs: tuple[str, ...],
    *,
    cars: Sequence[VehicleNow],
) -> Rolling:
    left = max(expected(whole, now, one) - now.at for one in cars)
    way = max(way_time(whole, one) for one in cars)
    driven = max(timedelta(0), way - left) if legs else timedelta(0)
    departed = min((one.departed_at or now.at for one in cars), default=now.at)
    start = _origin(whole, to, legs)
    seconds = int((departed - whole.start).total_seconds())
    arrives = int((now.at + left - whole.start).total_seconds())
    corridor = next((one for one in whole.corridors if set(one.legs) <= set(legs)), None)
    return Rolling(
        id=id_,
        departed=seconds,
        driven=int(driven.total_seconds()),
        left=int(left.total_seconds()),
        corridor=None if corridor is None else corridor.id,
        forward=corridor is None or _forward(whole, corridor, legs, start),
        legs=legs,
        trips=tuple(
            Trip(
                vehicle=one.vehicle,
                kind=_kind(whole, one.vehicle),
                start=start,
                end=to,
                legs=legs,
                depart=seconds,
                arrive=arrives,
                convoy=one.convoy,
                load={key: people for key, people in one.aboard.items() if people},
                groups={key: people for key, people in one.groups.items() if people},
            )
            for one in sorted(cars, key=lambda car: car.vehicle)
        ),
        held=any(one.state == HELD for one in cars),
    )


def _origin(whole: Scenario, to: str, legs: Sequence[str]) -> str:
    """Return where a way to a place begins; that place itself where it does not hang together."""
    place = to
    for name in reversed(legs):
        leg = whole.leg[name]
        if place not in (leg.start, leg.end):
            return to
        place = leg.start if place == leg.end else leg.end
    return place


def _forward(whole: Scenario, corridor: Corridor, legs: Sequence[str], start: str) -> bool:
    if len(corridor.legs) > 1:
        return legs.index(corridor.legs[0]) < legs.index(corridor.legs[1])
    place = start
    for name in legs:
        leg = whole.leg[name]
        if name == corridor.legs[0]:
            return place == leg.start
        place = leg.start if place == leg.end else leg.end
    return True


def _kind(whole: Scenario, vehicle: str) -> str | None:
    kinds = {one.kind for one in whole.vehicles}
    kind = vehicle.rpartition("-")[0]
    return kind if kind in kinds else None


# --- what has been


def _trips_of(plans: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """Return the trips of every convoy of the plans adopted so far, the last plan's word."""
    found: dict[str, list[dict[str, Any]]] = {}
    for text in plans:
        here: dict[str, list[dict[str, Any]]] = {}
        for one in json.loads(text).get("trips", ()):
            if one.get("convoy"):
                here.setdefault(one["convoy"], []).append(one)
        found |= here
    return found


def _batches(
    whole: Scenario, trips: Mapping[str, list[dict[str, Any]]], gone: Sequence[str]
) -> tuple[int, int]:
    """Return how many batches of ours and of a counterpart have moved."""
    theirs = {group for one in whole.linked for group in one.groups}
    if not theirs:
        return 0, 0
    of_theirs = [
        one
        for one in gone
        if {name for trip in trips[one] for name in trip.get("groups", ())} <= theirs
    ]
    return len(gone) - len(of_theirs), len(of_theirs)
