"""The problem of a scenario: whole seconds, whole people, and names that are kept.

Knows the scenario once every figure has been picked; a plan is not known here.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from itertools import pairwise

from safepassage.planner.openings import Openings, daily_openings, night_openings, one_opening
from safepassage.scenario.figure import Choice
from safepassage.scenario.fleet import Available, Staff, Vehicles
from safepassage.scenario.people import COMPANION, Group
from safepassage.scenario.places import Corridor, Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

FOREVER = 10**12
"""Later than any horizon, in seconds."""

LONGEST_HORIZON = 400 * 86_400
"""Longest horizon that is planned, in seconds."""

MOST_VEHICLES = 20_000
"""Most vehicles that are planned one by one."""

MOST_PLACES = 1_000
"""Most places that are planned: the ways between them grow with their square."""


_ALIGHTING = frozenset({"shelter", "hospital", "staging", "handover"})
"""Kinds of places that limit where people alight, where `serves` names them."""
_BOARDING = frozenset({"pickup", "staging"})
"""Kinds of places that limit where people board, where `serves` names them."""


class TooLargeError(ValueError):
    """The scenario is larger than anything that is planned; the message says what and the limit."""


@dataclass(frozen=True, slots=True)
class Households:
    """`count` households of a group; `larger` of them have one person more than `smallest`."""

    count: int
    smallest: int
    larger: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of one group who wish to leave.

    `ready` holds (second, people ready by then, cumulative). `uses` are the slots of one person
    together with the companions; `each` counts him and them; `worth` is their summed weight.
    """

    id: str
    at: str
    class_id: str
    total: int
    ready: tuple[tuple[int, int], ...]
    wants: frozenset[str]
    uses: Mapping[str, int]
    companions: int
    worth: float
    households: Households | None

    @property
    def each(self) -> int:
        """Persons who arrive for each person of the group: he and the companions."""
        return 1 + self.companions

    def ready_by(self, at: int) -> int:
        """Return how many people of the group are ready at a second."""
        count = 0
        for after, people in self.ready:
            if after > at:
                break
            count = people
        return count


@dataclass(frozen=True, slots=True)
class Fleet:
    """One `[[vehicle]]` entry: vehicles that are alike and start at one place."""

    id: str
    kind: str
    at: str
    slots: Mapping[str, int]
    load: int
    unload: int
    boards: frozenset[str] | None
    alights: frozenset[str] | None
    range_s: int | None
    range_km: float | None
    refuel_at: frozenset[str]
    refuel_s: int
    vehicles: tuple[tuple[str, int], ...]

    def may_board(self, place: str) -> bool:
        """Return whether people may board these vehicles at a place."""
        return self.boards is None or place in self.boards

    def may_alight(self, place: str) -> bool:
        """Return whether people may leave these vehicles at a place."""
        return self.alights is None or place in self.alights


@dataclass(frozen=True, slots=True)
class Site:
    """One place: what it lets in, how fast, and when.

    `standing` is the most persons at once at a staging or handover place where a group lives; its
    own people count from the start of boarding to departure.
    """

    id: str
    arrived: bool
    bays: Mapping[str, int]
    room: int | None
    intake: tuple[int, int] | None
    rate: tuple[int, int] | None
    opens: int
    openings: Openings | None
    standing: int | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One corridor with its two ends; forward is the order of its legs."""

    id: str
    legs: tuple[str, ...]
    ends: tuple[str, str]
    inner: tuple[str, ...]
    largest: int | None
    headway: int
    one_way: bool
    staff_time: int
    forward_allowed: bool
    backward_allowed: bool
    openings: tuple[Openings, ...]

    def start(self, forward: bool) -> str:  # noqa: FBT001 - a direction, as in the plan
        """Return the place where a convoy enters."""
        return self.ends[0] if forward else self.ends[1]

    def end(self, forward: bool) -> str:  # noqa: FBT001 - a direction, as in the plan
        """Return the place where a convoy leaves the corridor."""
        return self.ends[1] if forward else self.ends[0]


@dataclass(frozen=True, slots=True)
class Helpers:
    """One staff kind: where they stand, since when, and what needs them (`on` these legs)."""

    kind: str
    stands: tuple[tuple[str, int, str], ...]
    for_convoy: bool
    for_vehicles: tuple[str, ...]
    for_classes: tuple[str, ...]
    for_staff: tuple[str, ...]
    per: int
    duty: int | None
    rest: int
    relief: str | None
    on: frozenset[str] | None = None

    def needed_over(self, legs: Iterable[str]) -> bool:
        """Return whether anything that goes over some of these legs may need them."""
        return self.on is None or not self.on.isdisjoint(legs)

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.stands)


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Another evacuation that moves step by step with this one; `groups` are its people.

    `ratio` and `steps` as in the scenario; a batch has moved when it has arrived (`on_arrival`),
    else when it has departed.
    """

    id: str
    groups: frozenset[str]
    ratio: float | None
    steps: tuple[int, ...]
    on_arrival: bool


@dataclass(frozen=True)
class Problem:
    """A scenario under one choice of its ranges, in whole seconds and whole people."""

    scenario: Scenario
    choice: Choice
    horizon: int
    sites: Mapping[str, Site]
    lanes: Mapping[str, Lane]
    lane_of_leg: Mapping[str, str]
    crowds: tuple[Crowd, ...]
    fleets: tuple[Fleet, ...]
    helpers: Mapping[str, Helpers]
    opening: int
    margin: int
    longest_on_board: int | None
    rho: float
    companion_weight: float
    windows: Mapping[str, Openings] = field(default_factory=dict)
    counterparts: tuple[Counterpart, ...] = ()

    @property
    def people_total(self) -> int:
        """Persons who wish to leave, companions included."""
        return sum(one.total * one.each for one in self.crowds)

    @property
    def minute(self) -> int:
        """Seconds of the step in which times are tried: a minute, less under a short horizon."""
        return max(1, min(60, self.horizon // 240))

    def holds(self, at: float) -> float:
        """Return the chance that the window still holds at a second of the scenario."""
        return self.scenario.ending.holds(at - self.opening)

    def worth(self, depart: int, arrive: int, *, counts: bool = True) -> float:
        """Return the value of one person of weight 1 on a trip to where it counts, or not."""
        at_arrival = self.holds(arrive)
        caught = self.rho * (self.holds(depart) - at_arrival) if self.rho else 0.0
        return (at_arrival if counts else 0.0) - caught


def seconds_up(span: timedelta) -> int:
    """Return a duration in whole seconds, rounded up."""
    return math.ceil(span / timedelta(seconds=1))


def make_problem(scenario: Scenario, people: Choice = "likely") -> Problem:
    """Pick every figure of a scenario and put it into whole seconds and people.

    Raises
    ------
    UnknownFigureError
        If a figure that the planner needs is unknown.
    TooLargeError
        If the horizon, the fleet or the number of places is beyond what is planned.
    """
    horizon = int(scenario.horizon / timedelta(seconds=1))
    if horizon > LONGEST_HORIZON:
        raise TooLargeError(
            f"horizon: got {scenario.horizon.days} days, want at most {LONGEST_HORIZON // 86_400}"
        )
    number = sum(one.count.pick() for one in scenario.vehicles)
    if number > MOST_VEHICLES:
        raise TooLargeError(f"vehicles: got {number} in all, want at most {MOST_VEHICLES}")
    if len(scenario.places) > MOST_PLACES:
        raise TooLargeError(
            f"places: got {len(scenario.places)}, want at most {MOST_PLACES}; join neighbours"
        )
    margin = seconds_up(scenario.rules.arrival_margin)
    windows = _windows(scenario, horizon)
    lane_of_leg = {leg: one.id for one in scenario.corridors for leg in one.legs}
    rho = scenario.rules.rho
    companion = scenario.person_class.get(COMPANION)
    opening = 0 if scenario.opening is None else seconds_up(scenario.opening.time.pick())
    crowds = tuple(_crowd(scenario, one, people) for one in scenario.groups)
    lived_in = frozenset(one.at for one in crowds if one.total > 0)
    return Problem(
        scenario=scenario,
        choice=people,
        horizon=horizon,
        sites={one.id: _site(one, windows, lived_in, horizon) for one in scenario.places},
        lanes={one.id: _lane(scenario, one, windows, horizon) for one in scenario.corridors},
        lane_of_leg=lane_of_leg,
        crowds=crowds,
        fleets=_fleets(scenario),
        helpers=_helpers(scenario),
        opening=opening,
        margin=margin,
        longest_on_board=_optional_seconds(scenario.rules.longest_on_board),
        rho=0.0 if rho is None else float(rho.pick()),
        companion_weight=1.0 if companion is None else companion.weight,
        windows=windows,
        counterparts=tuple(
            Counterpart(
                one.id, frozenset(one.groups), one.ratio, one.steps, one.waits_for == "arrival"
            )
            for one in scenario.linked
            if one.groups
        ),
    )


def _optional_seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span / timedelta(seconds=1))


def _windows(scenario: Scenario, horizon: int) -> dict[str, Openings]:
    """Return the openings by what they hold for; several windows of one thing add up."""
    begin = _second_of_day(scenario)
    found: dict[str, list[tuple[int, int]]] = {}
    for one in scenario.windows:
        found.setdefault(one.where, []).extend(_openings_of(one, begin, horizon))
    return {where: Openings(tuple(sorted(spans))) for where, spans in found.items()}


def _second_of_day(scenario: Scenario) -> int:
    """Return the seconds from the local midnight before the start to the start."""
    start = scenario.start
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if start.tzinfo is not None:
        return int((start.astimezone(UTC) - midnight.astimezone(UTC)).total_seconds())
    return int((start - midnight).total_seconds())


def _openings_of(window: Window, begin: int, horizon: int) -> tuple[tuple[int, int], ...]:
    opens = None if window.opens is None else seconds_up(window.opens)
    closes = None if window.closes is None else int(window.closes / timedelta(seconds=1))
    if window.daily:
        return daily_openings(opens, closes, begin, horizon)
    return one_opening(opens, closes)


def _site(
    place: Place, windows: Mapping[str, Openings], lived_in: frozenset[str], horizon: int
) -> Site:
    # What comes from elsewhere after the horizon takes no room from a plan that ends there.
    taken = sum(one.people for one in place.filled if seconds_up(one.after) <= horizon)
    capacity = None if place.capacity is None else place.capacity.pick()
    intake = None
    if place.intake is not None:
        intake = (place.intake.people.pick(), seconds_up(place.intake.per))
    rate = None
    if place.rate is not None:
        rate = (place.rate.vehicles.pick(), seconds_up(place.rate.per))
    return Site(
        id=place.id,
        arrived=place.arrived,
        bays={kind: figure.pick() for kind, figure in place.bays.items()},
        room=None if capacity is None else max(0, capacity - taken),
        intake=intake,
        rate=rate,
        opens=0 if place.opens is None else seconds_up(place.opens),
        openings=windows.get(place.id),
        standing=_standing(place, lived_in),
    )


def _standing(place: Place, lived_in: frozenset[str]) -> int | None:
    """Return the limit that binds those who board here; elsewhere nobody asks for its figure."""
    if place.arrived or place.kind not in ("staging", "handover") or place.id not in lived_in:
        return None
    return None if place.limit is None else place.limit.pick()


def _lane(
    scenario: Scenario, corridor: Corridor, windows: Mapping[str, Openings], horizon: int
) -> Lane:
    legs = [scenario.leg[one] for one in corridor.legs]
    points = _chain([(one.start, one.end) for one in legs])
    along = [(leg.start, leg.end) == pair for leg, pair in zip(legs, pairwise(points), strict=True)]
    openings = [windows[corridor.id]] if corridor.id in windows else []
    if "all" in windows:
        openings.append(windows["all"])
    night = scenario.rules.night
    if night is not None and not night.allowed:
        begin = _second_of_day(scenario)
        begins = night.begins.hour * 3600 + night.begins.minute * 60 + night.begins.second
        ends = night.ends.hour * 3600 + night.ends.minute * 60 + night.ends.second
        openings.append(Openings(night_openings(begins, ends, begin, horizon)))
    return Lane(
        id=corridor.id,
        legs=corridor.legs,
        ends=(points[0], points[-1]),
        inner=tuple(points[1:-1]),
        largest=None if corridor.largest is None else corridor.largest.pick(),
        headway=0 if corridor.headway is None else seconds_up(corridor.headway.pick()),
        one_way=corridor.one_way,
        staff_time=sum(seconds_up(one.time.pick()) for one in legs),
        forward_allowed=all(fits or not leg.one_way for fits, leg in zip(along, legs, strict=True)),
        backward_allowed=all(
            not fits or not leg.one_way for fits, leg in zip(along, legs, strict=True)
        ),
        openings=tuple(openings),
    )


def _chain(pairs: list[tuple[str, str]]) -> list[str]:
    """Return the places along legs that may each stand either way round."""
    if len(pairs) == 1:
        return list(pairs[0])
    first, second = pairs[0], pairs[1]
    points = list(first) if first[1] in second else [first[1], first[0]]
    for one in pairs[1:]:
        points.append(one[1] if one[0] == points[-1] else one[0])
    return points


def _crowd(scenario: Scenario, group: Group, people: Choice) -> Crowd:
    kind = scenario.person_class[group.class_id]
    companion = scenario.person_class.get(COMPANION)
    uses = dict(kind.uses)
    companion_uses: Mapping[str, int] = {"seat": 1} if companion is None else companion.uses
    if kind.companions:
        for slot, number in companion_uses.items():
            uses[slot] = uses.get(slot, 0) + number * kind.companions
    weight = 1.0 if companion is None else companion.weight
    total = group.leave.pick(people)
    households = None
    if group.households is not None and total > 0:
        count = min(group.households.pick(people), total)
        if count > 0:
            households = Households(count, total // count, total % count)
    return Crowd(
        id=group.id,
        at=group.at,
        class_id=group.class_id,
        total=total,
        ready=_cumulative([(seconds_up(one.after), one.people) for one in group.ready], total),
        wants=frozenset(group.wants),
        uses={slot: number for slot, number in uses.items() if number},
        companions=kind.companions,
        worth=kind.weight + kind.companions * weight,
        households=households,
    )


def _cumulative(steps: list[tuple[int, int]], total: int) -> tuple[tuple[int, int], ...]:
    if not steps:
        return ((0, total),)
    sums: list[tuple[int, int]] = []
    count = 0
    for after, people in sorted(steps):
        count = min(total, count + people)
        sums.append((after, count))
    return tuple(sums)


def _ready_times(ready: tuple[Available, ...], count: int) -> list[int]:
    """Return when each of `count` becomes available; those never said to be ready are left out."""
    if not ready:
        return [0] * count
    times: list[int] = []
    for one in sorted(ready, key=lambda step: step.after):
        times.extend([seconds_up(one.after)] * one.count)
    return times[:count]


def _fleets(scenario: Scenario) -> tuple[Fleet, ...]:
    totals: dict[str, int] = {}
    for one in scenario.vehicles:
        totals[one.kind] = totals.get(one.kind, 0) + one.count.pick()
    used: dict[str, int] = {}
    fleets = []
    for one in scenario.vehicles:
        count = one.count.pick()
        width = max(2, len(str(totals[one.kind])))
        first = used.get(one.kind, 0)
        used[one.kind] = first + count
        times = _ready_times(one.ready, count)
        names = tuple(
            (f"{one.kind}-{first + index + 1:0{width}d}", at) for index, at in enumerate(times)
        )
        fleets.append(_fleet(scenario, one, names))
    return tuple(fleets)


def _fleet(scenario: Scenario, one: Vehicles, names: tuple[tuple[str, int], ...]) -> Fleet:
    named = set(one.serves)
    served = [place for place in scenario.places if place.id in named or place.kind in named]
    ids = frozenset(place.id for place in served)
    limits_boarding = bool(named & _BOARDING) or any(
        place.kind in _BOARDING or (place.kind == "handover" and not place.arrived)
        for place in served
    )
    limits_alighting = bool(named & _ALIGHTING) or any(
        place.arrived or place.kind in _ALIGHTING for place in served
    )
    refuel = one.refuel
    return Fleet(
        id=one.id,
        kind=one.kind,
        at=one.at,
        slots={slot: figure.pick() for slot, figure in one.slots.items()},
        load=seconds_up(one.load.pick()),
        unload=seconds_up(one.unload.pick()),
        boards=ids if limits_boarding else None,
        alights=ids if limits_alighting else None,
        range_s=None if one.range_time is None else int(one.range_time.pick().total_seconds()),
        range_km=None if one.range_km is None else one.range_km.pick(),
        refuel_at=frozenset() if refuel is None else frozenset(refuel.at),
        refuel_s=0 if refuel is None else seconds_up(refuel.time),
        vehicles=names,
    )


def _helpers(scenario: Scenario) -> dict[str, Helpers]:
    totals: dict[str, int] = {}
    for one in scenario.staff:
        totals[one.kind] = totals.get(one.kind, 0) + one.count.pick()
    used: dict[str, int] = {}
    by_kind: dict[str, list[Staff]] = {}
    stands: dict[str, list[tuple[str, int, str]]] = {}
    for one in scenario.staff:
        by_kind.setdefault(one.kind, []).append(one)
        width = max(2, len(str(totals[one.kind])))
        for at in _ready_times(one.ready, one.count.pick()):
            used[one.kind] = used.get(one.kind, 0) + 1
            name = f"{one.kind}-{used[one.kind]:0{width}d}"
            stands.setdefault(one.kind, []).append((one.at, at, name))
    return {
        kind: _helper(scenario, kind, entries, tuple(stands.get(kind, ())))
        for kind, entries in by_kind.items()
    }


def _helper(
    scenario: Scenario,
    kind: str,
    entries: list[Staff],
    stands: tuple[tuple[str, int, str], ...],
) -> Helpers:
    named = [name for one in entries for name in one.on]
    legs = frozenset(
        leg
        for name in named
        for leg in (scenario.corridor[name].legs if name in scenario.corridor else (name,))
    )
    on_corridors = any(not legs.isdisjoint(one.legs) for one in scenario.corridors)
    needs = [need for one in entries for need in one.needed_by]
    duties = [one.duty for one in entries if one.duty is not None]
    rests = [one.rest for one in entries if one.rest is not None]
    return Helpers(
        kind=kind,
        stands=stands,
        for_convoy="convoy" in needs and (on_corridors or not named),
        for_vehicles=tuple(one.split(":", 1)[1] for one in needs if one.startswith("vehicle:")),
        for_classes=tuple(one.split(":", 1)[1] for one in needs if one.startswith("class:")),
        for_staff=tuple(one.split(":", 1)[1] for one in needs if one.startswith("staff:")),
        per=min(one.per for one in entries),
        duty=_optional_seconds(min(duties)) if duties else None,
        # Who has no rest stated never rests: one spell of duty is all.
        rest=seconds_up(max(rests)) if rests else FOREVER,
        relief=next((one.relief for one in entries if one.relief is not None), None),
        on=legs if named else None,
    )
