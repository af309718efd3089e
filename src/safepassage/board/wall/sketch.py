"""The map panel: places and stretches as a sketch, never the only way to read something.

A sketch keeps bearings where the scenario gives positions; it has no scale and no roads, and it
shows where convoys were last reported by post, as the strip does in words.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from safepassage.board.picture import Picture
from safepassage.board.wall.going import place_name
from safepassage.scenario.scenario import Scenario

WIDE, HIGH, EDGE = 400.0, 220.0, 34.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One place on the sketch; `convoys` were last reported there."""

    place: str
    name: str
    kind: str
    x: float
    y: float
    convoys: tuple[str, ...]
    closed: bool
    below: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch between two spots."""

    leg: str
    x1: float
    y1: float
    x2: float
    y2: float
    closed: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """The whole panel."""

    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]


def sketch(scenario: Scenario, picture: Picture, language: str) -> Sketch:
    """Return the sketch of a scenario with the convoys on it."""
    at = _laid_out(scenario)
    now = picture.situation
    closed = {one.stretch for one in now.closed_legs}
    here: dict[str, list[str]] = {}
    for one in now.convoys.values():
        if one.place is not None and one.state != "arrived":
            here.setdefault(one.place, []).append(one.convoy)
    order = sorted(at, key=lambda key: at[key])
    spots = tuple(
        Spot(
            place=one.id,
            name=place_name(scenario, one.id, language),
            kind=one.kind,
            x=at[one.id][0],
            y=at[one.id][1],
            convoys=tuple(here.get(one.id, ())),
            closed=one.id in closed,
            below=order.index(one.id) % 2 == 0,
        )
        for one in scenario.places
    )
    lines = tuple(
        Line(leg.id, *at[leg.start], *at[leg.end], leg.id in closed) for leg in scenario.legs
    )
    return Sketch(spots, lines)


def _laid_out(scenario: Scenario) -> Mapping[str, tuple[float, float]]:
    """Return where each place stands: by its position, or else in the order of the file."""
    known = {one.id: one.position for one in scenario.places if one.position is not None}
    if len(known) < len(scenario.places) or len(known) < 2:
        step = (WIDE - 2 * EDGE) / max(1, len(scenario.places) - 1)
        return {
            one.id: (EDGE + step * number, HIGH / 2) for number, one in enumerate(scenario.places)
        }
    shrink = math.cos(math.radians(next(iter(known.values())).lat))
    flat = {key: (one.lon * shrink, -one.lat) for key, one in known.items()}
    xs, ys = [x for x, _ in flat.values()], [y for _, y in flat.values()]
    # One scale for both: a sketch may be rough, but north stays north.
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDE - 2 * EDGE) / (width or 1e-9), (HIGH - 2 * EDGE) / (height or 1e-9))
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    return {
        key: (WIDE / 2 + (x - middle[0]) * scale, HIGH / 2 + (y - middle[1]) * scale)
        for key, (x, y) in flat.items()
    }
