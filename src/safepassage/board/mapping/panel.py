"""The map panel: stretches and places with their state, and on which leg each convoy is.

What it shows stands in tables as well. A scenario with roads shows its legs where they lie; one
with positions shows straight lines to scale; any other the order of its places, without a scale.
A position is never finer than the post or leg that was reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from safepassage.board.mapping.drawn import Drawing
from safepassage.board.mapping.frame import (
    EDGE,
    LOWEST,
    WIDE,
    Frame,
    Point,
    clear_of,
    frame_of,
    heading,
    path,
)
from safepassage.board.mapping.labels import Label, labels, shortened
from safepassage.board.picture import Picture
from safepassage.board.wall.going import place_name, stretch_name
from safepassage.board.wall.heard import minutes_late, silent
from safepassage.clearance.form import promise_lines
from safepassage.ledger.situation import ConvoyNow, VehicleNow
from safepassage.scenario.places import Leg
from safepassage.scenario.scenario import Scenario

SIGNS: Mapping[str, str] = {"closed": "✕", "unknown": "?", "halts": "‖", "open": ""}
"""What stands on a stretch or place: its state is never said by colour alone."""
ORDER = ("open", "halts", "unknown", "closed")
"""From below to above."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One leg: its name, its line, where its sign stands, its state and who said so."""

    id: str
    name: str
    line: str
    x: float
    y: float
    state: str
    since: datetime | None

    @property
    def sign(self) -> str:
        """What stands on it."""
        return SIGNS[self.state]


@dataclass(frozen=True, slots=True)
class Spot:
    """One place."""

    id: str
    name: str
    kind: str
    x: float
    y: float
    state: str
    since: datetime | None

    @property
    def sign(self) -> str:
        """What stands beside its name."""
        return SIGNS[self.state]


@dataclass(frozen=True, slots=True)
class Rider:
    """A convoy, or a vehicle without one: on which leg or at which place, and since when."""

    convoy: str
    state: str
    where: str
    on_leg: bool
    x: float
    y: float
    since: datetime | None
    reported_at: datetime
    stale: bool
    late: int = 0
    """Minutes since it was due where it goes; 0 if it is not late."""
    turned: float | None = None
    """Which way it goes in the picture, degrees clockwise from rightwards; None: it stands."""

    @property
    def spot(self) -> str:
        """The key of its label: convoys at one spot share it."""
        return f"{self.x} {self.y}"


@dataclass(frozen=True, slots=True)
class Closed:
    """Pieces of road that are closed or of unknown state now."""

    state: str
    line: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The whole panel. `bar` is None where nothing is to scale; `roads` where roads are drawn."""

    high: float
    legs: tuple[Stretch, ...]
    spots: tuple[Spot, ...]
    riders: tuple[Rider, ...]
    closed: tuple[Closed, ...]
    labels: Mapping[str, Label]
    bar: tuple[float, str] | None
    roads: bool


def panel(
    scenario: Scenario,
    picture: Picture,
    drawing: Drawing | None,
    language: str,
    *,
    convoys: bool,
) -> Panel:
    """Return the panel; `convoys` says whether the view may show where they are."""
    frame, at = _laid_out(scenario, drawing)
    lines = _lines(scenario, drawing, at)
    states = _states(scenario, picture)
    taken = [at[one.id] for one in scenario.places]
    marks: dict[str, Point] = {}
    for leg in scenario.legs:
        marks[leg.id] = clear_of(lines[leg.id], taken)
        if states[leg.id][0] != "open":
            taken.append(marks[leg.id])
    legs = [
        Stretch(
            leg.id,
            stretch_name(scenario, leg.id, language),
            path(lines[leg.id]),
            *marks[leg.id],
            *states[leg.id],
        )
        for leg in scenario.legs
    ]
    spots = [
        Spot(one.id, one.name(language), one.kind, *at[one.id], *states[one.id])
        for one in scenario.places
    ]
    high = LOWEST if frame is None else frame.high
    riders = _riders(scenario, picture, lines, at, taken, language) if convoys else ()
    return Panel(
        high=high,
        legs=tuple(sorted(legs, key=lambda one: ORDER.index(one.state))),
        spots=tuple(spots),
        riders=riders,
        closed=_closed(scenario, picture, drawing),
        labels=labels(
            [(one.id, f"{shortened(one.name)} {one.sign}".strip(), one.x, one.y) for one in spots],
            [(one.x, one.y) for one in legs if one.sign],
            _by_spot(riders),
            high,
        ),
        bar=None if frame is None else frame.bar(),
        roads=drawing is not None,
    )


def _by_spot(riders: Sequence[Rider]) -> Mapping[Point, str]:
    """Return what stands where convoys are: those at one spot in one list."""
    found: dict[Point, list[str]] = {}
    for one in riders:
        found.setdefault((one.x, one.y), []).append(one.convoy + (" ▲" if one.stale else ""))
    return {at: ", ".join(names) for at, names in found.items()}


def _states(scenario: Scenario, picture: Picture) -> Mapping[str, tuple[str, datetime | None]]:
    """Return, for every leg and place, its state now and since when.

    It halts where a promise for the next convoy is missing; the rest is open as far as anybody
    said.
    """
    said = picture.situation.stretches
    missing: set[str] = set()
    if picture.next is not None:
        missing = {one.stretch for one in promise_lines(picture.next) if not one.allows}
    found: dict[str, tuple[str, datetime | None]] = {}
    for key in (*(one.id for one in scenario.legs), *(one.id for one in scenario.places)):
        one = said.get(key)
        if one is not None and one.closed(picture.at):
            found[key] = (one.state if one.state == "closed" else "unknown", one.since)
        else:
            found[key] = ("halts" if key in missing else "open", None)
    return found


def _closed(scenario: Scenario, picture: Picture, drawing: Drawing | None) -> tuple[Closed, ...]:
    if drawing is None:
        return ()
    now = (picture.at - scenario.start).total_seconds() / 60
    return tuple(
        Closed(one.state, one.line)
        for one in drawing.closed
        if (one.begins is None or one.begins <= now) and (one.ends is None or now < one.ends)
    )


# --- where convoys are


def _riders(
    scenario: Scenario,
    picture: Picture,
    lines: Mapping[str, Sequence[Point]],
    at: Mapping[str, Point],
    taken: Sequence[Point],
    language: str,
) -> tuple[Rider, ...]:
    now = picture.situation
    every: list[tuple[ConvoyNow | VehicleNow, str, list[VehicleNow], datetime | None]] = []
    for convoy in now.convoys.values():
        cars = [now.vehicles[car] for car in convoy.vehicles if car in now.vehicles]
        cars = [car for car in cars if car.on_the_road]
        if cars or convoy.state not in {"arrived", "turned back"}:
            left = min((car.departed_at for car in cars if car.departed_at), default=None)
            every.append((convoy, convoy.convoy, cars, left or convoy.departed_at))
    alone = [car for car in now.on_the_road.values() if car.convoy is None]
    every += [(car, car.vehicle, [car], car.departed_at) for car in alone]
    riders = []
    met: dict[tuple[str, bool], Point] = {}
    for one, name, rolling, departed in every:
        # A report that names the convoy alone says nothing of where: its vehicles know.
        place = one.place or next((car.place for car in rolling if car.place), None)
        leg = _leg_of(scenario, one.state, place, rolling)
        turned = None
        if leg is not None:
            back = _driven_back(scenario, leg, place, rolling)
            line = lines[leg.id][::-1] if back else lines[leg.id]
            # Those of one way share a spot and a sign, those who meet them have their own.
            if (leg.id, back) not in met:
                met[leg.id, back] = clear_of(line, [*taken, *met.values()])
            x, y = met[leg.id, back]
            turned = heading(line, (x, y))
            where = stretch_name(scenario, leg.id, language)
        elif place is not None and place in at:
            x, y = at[place]
            where = place_name(scenario, place, language)
        else:
            continue
        due = max((car.due for car in rolling if car.due is not None), default=None)
        riders.append(
            Rider(
                convoy=name,
                state=one.state,
                where=where,
                on_leg=leg is not None,
                x=x,
                y=y,
                since=departed if one.state == "departed" else one.reported_at,
                reported_at=one.reported_at,
                stale=silent(one, picture) if isinstance(one, ConvoyNow) else one.stale,
                late=minutes_late(due, picture.at),
                turned=turned,
            )
        )
    return tuple(riders)


def _leg_of(
    scenario: Scenario, state: str, place: str | None, rolling: Sequence[VehicleNow]
) -> Leg | None:
    """Return the leg that it is on by its last report; None where it stands at a place."""
    if state not in {"departed", "through"}:
        return None
    told = next((car.leg for car in rolling if car.leg in scenario.leg), None)
    if told is not None:
        return scenario.leg[told]
    ways = next((car.legs for car in rolling if car.legs), ())
    # Of two legs that meet at the last post it is on the later one; a leg may be driven back.
    for id_ in reversed(ways):
        leg = scenario.leg.get(id_)
        if leg is not None and place in _stops(leg):
            return leg
    return None


def _driven_back(
    scenario: Scenario, leg: Leg, place: str | None, rolling: Sequence[VehicleNow]
) -> bool:
    """Tell whether a leg is driven from its end to its start.

    From where the vehicles go, leg by leg to this one; else from the last place that was passed.
    """
    for car in rolling:
        ends = car.to
        for id_ in reversed(car.legs):
            one = scenario.leg.get(id_)
            if one is None or ends not in {one.start, one.end}:
                break
            if one.id == leg.id:
                return ends == one.start
            ends = one.start if ends == one.end else one.end
    return place == leg.end


def _stops(leg: Leg) -> set[str]:
    return {leg.start, leg.end, *(post.checkpoint for post in leg.through)}


# --- where things stand in the picture


def _laid_out(
    scenario: Scenario, drawing: Drawing | None
) -> tuple[Frame | None, Mapping[str, Point]]:
    """Return the frame, and where each place stands in it: by position, else by the way."""
    known = {
        one.id: (one.position.lon, one.position.lat)
        for one in scenario.places
        if one.position is not None
    }
    if len(known) < 2 or (drawing is None and len(known) < len(scenario.places)):
        return None, _by_the_way(scenario)
    frame = frame_of(known.values()) if drawing is None else drawing.frame
    at = {key: frame.point(one) for key, one in known.items()}
    # A place without a position stands where it is named first, at the rim: it is not on the map.
    rim = [one.id for one in scenario.places if one.id not in known]
    step = WIDE / (len(rim) + 1)
    return frame, at | {key: (step * (n + 1), frame.high - 8) for n, key in enumerate(rim)}


def _by_the_way(scenario: Scenario) -> Mapping[str, Point]:
    """Return places in columns: as many legs from a start as it takes, one below the other."""
    ways = [
        (leg.start, [post.checkpoint for post in leg.through], leg.end) for leg in scenario.legs
    ]
    reached = {key for _, posts, end in ways for key in (*posts, end)}
    starts = {one.at for one in scenario.groups}
    starts = starts or {one.id for one in scenario.places if one.id not in reached}
    depth = {one.id: 0 for one in scenario.places if one.id in starts}
    for _ in scenario.places:
        for start, posts, end in ways:
            if start in depth:
                last = depth[start]
                for key in (*posts, end):
                    last = depth.setdefault(key, last + 1)
    for one in scenario.places:
        depth.setdefault(one.id, 0)
    columns: dict[int, list[str]] = {}
    for one in scenario.places:
        columns.setdefault(depth[one.id], []).append(one.id)
    order = sorted(columns)
    step = (WIDE - 2 * EDGE) / max(1, len(order) - 1)
    return {
        key: (
            EDGE + step * number if len(order) > 1 else WIDE / 2,
            LOWEST * (row + 1) / (len(columns[column]) + 1),
        )
        for number, column in enumerate(order)
        for row, key in enumerate(columns[column])
    }


def _lines(
    scenario: Scenario, drawing: Drawing | None, at: Mapping[str, Point]
) -> Mapping[str, Sequence[Point]]:
    """Return the points of each leg: its way on the roads, else straight past its posts."""
    found: dict[str, Sequence[Point]] = {}
    for leg in scenario.legs:
        way = drawing.legs.get(leg.id) if drawing is not None else None
        straight = [at[leg.start], *(at[one.checkpoint] for one in leg.through), at[leg.end]]
        found[leg.id] = way or straight
    return found
