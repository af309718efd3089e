"""The call-forward list of one boarding place: which slips are called to which vehicle, and when.

Never more people are called than seats are confirmed present: the list orders that they be counted
and signed for first, and no line of it holds more people than the vehicles planned there seat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from safepassage.planner.plan import Trip
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.clock import Moment, rounded_up
from safepassage.report.sheets.driver import Aboard
from safepassage.report.sheets.fleet import fleet, people_on, seconds_to_load
from safepassage.report.sheets.frame import Printing, Sheet, frame_of
from safepassage.report.sheets.names import Name, counted_slot, place_name
from safepassage.report.sheets.slips import Boarding, boardings, slips_called
from safepassage.scenario.scenario import Scenario

LEAD = timedelta(minutes=15)
"""How long before boarding a slip is called at the earliest. Assumed; the sheet says so."""


class TooManyCalledError(ValueError):
    """A call would bring more people than the vehicles planned there seat."""


@dataclass(frozen=True, slots=True)
class Call:
    """The slips for one vehicle: called not before, boarding from, departing at (seconds)."""

    trip: Trip
    vehicle: str
    boardings: tuple[Boarding, ...]
    people: int
    seats: tuple[tuple[str, int], ...]
    called: int
    boards: int


@dataclass(frozen=True, slots=True)
class Wave:
    """The calls for one convoy at one place (for one vehicle where there is no convoy)."""

    name: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class SlipRange:
    """Slips of one group as they are called, and who comes along with each person."""

    numbers: str
    companions: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as it is printed."""

    vehicle: str
    slips: tuple[SlipRange, ...]
    people: int
    seats: tuple[Aboard, ...]
    call: Moment
    boards: Moment


@dataclass(frozen=True, slots=True)
class WavePage:
    """One wave as it is printed, with the sums that a signature confirms."""

    name: str
    depart: Moment
    people: int
    slips: int
    seats: tuple[Aboard, ...]
    rows: tuple[CallRow, ...]


@dataclass(frozen=True, slots=True)
class CallForwardBody:
    """All that a call-forward list holds: one wave, or the calls for trips outside convoys."""

    place: Name
    lead_minutes: int
    limit: int | None
    longest_wait_minutes: int | None
    wave: WavePage | None
    alone: tuple[CallRow, ...]


def call_forward(verified: VerifiedPlan, place: str, printing: Printing) -> tuple[Sheet, ...]:
    """Return the call-forward lists of one boarding place: one for each convoy.

    A list of its own for each convoy, so that a lost one does not give the day away. Trips outside
    convoys share the last list.

    Raises
    ------
    TooManyCalledError
        If the plan puts more people on a vehicle than it has slots for.
    SlipError
        If the plan carries people for whom there is no slip.
    """
    waves = waves_at(verified, place)
    made = [
        _sheet(verified, place, printing, (wave,), f"{wave.name}-") for wave in waves if wave.name
    ]
    alone = tuple(wave for wave in waves if not wave.name)
    if alone:
        made.append(_sheet(verified, place, printing, alone, ""))
    return tuple(made)


def _sheet(
    verified: VerifiedPlan,
    place: str,
    printing: Printing,
    waves: tuple[Wave, ...],
    convoy: str,
) -> Sheet:
    """Return the list of one convoy, or of all trips outside convoys (`convoy` empty)."""
    scenario = verified.scenario
    one = scenario.place[place]
    wait = one.longest_wait
    body = CallForwardBody(
        place=place_name(scenario, place),
        lead_minutes=_lead(scenario, place) // 60,
        limit=None if one.limit is None else one.limit.pick(),
        longest_wait_minutes=None if wait is None else int(wait.total_seconds() // 60),
        wave=_page(verified, waves[0]) if convoy else None,
        alone=()
        if convoy
        else tuple(_row(verified, call) for wave in waves for call in wave.calls),
    )
    ends = max(call.trip.depart for wave in waves for call in wave.calls)
    name = f"pickup-{place}-{convoy}call-forward"
    frame = frame_of(verified, printing, name=name, whom=body.place, ends=ends)
    return Sheet("call_forward", name, frame, body)


def boarding_places(verified: VerifiedPlan) -> tuple[str, ...]:
    """Return the places where people board, in the order of the scenario."""
    used = {
        trip.start for trip in verified.plan.trips if trip.vehicle and any(trip.groups.values())
    }
    return tuple(place.id for place in verified.scenario.places if place.id in used)


def waves_at(verified: VerifiedPlan, place: str) -> tuple[Wave, ...]:
    """Return the waves of one place in order of departure.

    Raises
    ------
    TooManyCalledError
        If the plan puts more people on a vehicle than it has slots for.
    """
    scenario = verified.scenario
    entries = fleet(scenario)
    of_trip: dict[int, list[Boarding]] = {}
    for boarding in boardings(verified):
        if boarding.trip.start == place:
            of_trip.setdefault(id(boarding.trip), []).append(boarding)
    drafts: list[Call] = []
    for own in of_trip.values():
        trip, boards = own[0].trip, own[0].boards
        vehicle = trip.vehicle or ""
        seats = tuple((slot, count.pick()) for slot, count in entries[vehicle].slots.items())
        _refuse_too_many(scenario, trip, dict(seats))
        drafts.append(Call(trip, vehicle, tuple(own), people_on(trip), seats, boards, boards))
    calls = _timed(verified, place, sorted(drafts, key=lambda one: (one.boards, one.vehicle)))
    grouped: dict[str, list[Call]] = {}
    for call in calls:
        name = call.trip.convoy or f"{call.vehicle}, {call.boards}"
        grouped.setdefault(name, []).append(call)
    waves = [Wave(calls[0].trip.convoy or "", tuple(calls)) for calls in grouped.values()]
    return tuple(sorted(waves, key=lambda wave: (wave.calls[0].boards, wave.name)))


def _lead(scenario: Scenario, place: str) -> int:
    """Return the lead of a call in seconds: never longer than one may wait there."""
    longest = scenario.place[place].longest_wait
    return int((LEAD if longest is None else min(LEAD, longest)).total_seconds())


def _refuse_too_many(scenario: Scenario, trip: Trip, seats: dict[str, int]) -> None:
    """Check that the people of a trip fit into its vehicle."""
    used: dict[str, int] = {}
    for name, people in trip.load.items():
        for slot, per_person in scenario.person_class[name].uses.items():
            used[slot] = used.get(slot, 0) + per_person * people
    for slot, wanted in used.items():
        if wanted > seats.get(slot, 0):
            raise TooManyCalledError(
                f"{trip.vehicle} from {trip.start} at second {trip.depart}: {wanted} of {slot} are"
                f" needed, the vehicle has {seats.get(slot, 0)}"
            )


def _timed(verified: VerifiedPlan, place: str, calls: Sequence[Call]) -> list[Call]:
    """Return the calls, each at the earliest time that the place and the people allow.

    A slip is called at most `LEAD` before boarding, not before its people are ready, and not
    while those who wait would be more than the place may hold; at the latest when boarding begins,
    which the verifier has checked.
    """
    one = verified.scenario.place[place]
    limit = None if one.limit is None else one.limit.pick()
    waiting = _standing(verified, place)
    timed: list[Call] = []
    for call in calls:
        earliest = max(0, call.boards - _lead(verified.scenario, place))
        candidates = sorted(
            {earliest, call.boards}
            | {at for at, _ in waiting if earliest < at < call.boards}
            | {at for at in _ready_times(verified, call) if earliest < at < call.boards}
        )
        own = _from_outside(verified, call)
        for at in candidates:
            fits = limit is None or _most(waiting, at, call.boards) + own <= limit
            if at == call.boards or (fits and _are_ready(verified, call, at, timed)):
                waiting += [(at, own), (call.boards, -own)]
                timed.append(
                    Call(
                        call.trip,
                        call.vehicle,
                        call.boardings,
                        call.people,
                        call.seats,
                        at,
                        call.boards,
                    )
                )
                break
    return timed


def _standing(verified: VerifiedPlan, place: str) -> list[tuple[int, int]]:
    """Return the changes of how many people stand at a place by the plan alone."""
    entries = fleet(verified.scenario)
    changes: list[tuple[int, int]] = []
    arrived = verified.scenario.place[place].arrived
    for trip in verified.plan.trips:
        people = people_on(trip)
        if trip.vehicle is None or not people:
            continue
        entry = entries[trip.vehicle]
        if trip.end == place and not arrived:
            changes.append((trip.arrive, people))
        if trip.start == place:
            boards = trip.depart - seconds_to_load(entry)
            own = sum(
                count
                for group, count in trip.groups.items()
                if verified.scenario.group[group].at == place
            )
            share = people if own == sum(trip.groups.values()) else own
            # Who was brought leaves the place when boarding; its own people when the wheels roll.
            changes += [(boards, share), (boards, -(people - share)), (trip.depart, -share)]
    return changes


def _most(changes: Sequence[tuple[int, int]], begins: int, ends: int) -> int:
    """Return the most people who stand at a place in [begins, ends)."""
    now = sum(change for at, change in changes if at <= begins)
    most = now
    later = sorted(at for at, _ in changes if begins < at < ends)
    for at in dict.fromkeys(later):
        most = max(most, sum(change for when, change in changes if when <= at))
    return most


def _from_outside(verified: VerifiedPlan, call: Call) -> int:
    """Return how many people a call brings to the place who do not stand there yet."""
    place = call.trip.start
    own = sum(
        boarding.people
        for boarding in call.boardings
        if verified.scenario.group[boarding.series.group].at == place
    )
    return call.people if own == sum(call.trip.groups.values()) else own


def _ready_times(verified: VerifiedPlan, call: Call) -> list[int]:
    """Return when more people of the groups of a call are ready."""
    return [
        int(more.after.total_seconds())
        for boarding in call.boardings
        for more in verified.scenario.group[boarding.series.group].ready
    ]


def _are_ready(verified: VerifiedPlan, call: Call, at: int, before: Sequence[Call]) -> bool:
    """Return whether the people of a call and of those before it are ready at a time."""
    for boarding in call.boardings:
        group = verified.scenario.group[boarding.series.group]
        if not group.ready or group.at != call.trip.start:
            continue
        ready = sum(more.people for more in group.ready if more.after.total_seconds() <= at)
        called = sum(
            other.people
            for one in before
            for other in one.boardings
            if other.series.group == group.id
        )
        if called + boarding.people > ready:
            return False
    return True


def _page(verified: VerifiedPlan, wave: Wave) -> WavePage:
    """Return one wave as it is printed."""
    scenario = verified.scenario
    seats: dict[str, int] = {}
    for call in wave.calls:
        for slot, count in call.seats:
            seats[slot] = seats.get(slot, 0) + count
    return WavePage(
        name=wave.name,
        depart=rounded_up(scenario, min(call.trip.depart for call in wave.calls)),
        people=sum(call.people for call in wave.calls),
        slips=sum(len(boarding.slips) for call in wave.calls for boarding in call.boardings),
        seats=_as_seats(seats),
        rows=tuple(_row(verified, call) for call in wave.calls),
    )


def _row(verified: VerifiedPlan, call: Call) -> CallRow:
    """Return one call as it is printed, companions named beside the slips they come with."""
    scenario = verified.scenario
    slips = tuple(
        SlipRange(
            slips_called(verified, boarding),
            scenario.person_class[scenario.group[boarding.series.group].class_id].companions,
        )
        for boarding in call.boardings
    )
    return CallRow(
        vehicle=call.vehicle,
        slips=slips,
        people=call.people,
        seats=_as_seats(dict(call.seats)),
        call=rounded_up(scenario, call.called),
        boards=rounded_up(scenario, call.boards),
    )


def _as_seats(seats: dict[str, int]) -> tuple[Aboard, ...]:
    """Return slots with their names."""
    return tuple(Aboard(counted_slot(slot, count), count) for slot, count in seats.items())
