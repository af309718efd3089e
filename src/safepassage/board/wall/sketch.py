"""The map panel: places and stretches as a sketch, never the only way to read something.

A sketch keeps bearings where the scenario gives positions; it has no scale and no roads, and it
shows where convoys were last reported by post, as the strip does in words.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from safepassage.board.picture import Picture
from safepassage.board.wall.going import place_name
from safepassage.scenario.scenario import Scenario

WIDE, HIGH, EDGE = 400.0, 220.0, 34.0
BRIM = 4.0
"""Labels end so far inside the picture."""
LETTER, BOLD = 6.6, 7.2
"""Width of a letter of a label, rather too wide than too narrow: the browser picks the font."""
LONGEST, LONGEST_BOLD = 26, 40
"""Letters of a place's name, and of the list of convoys there."""
TWO_LINES = 42.0
"""Height of both labels of a spot, with the gap to it."""
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a spot: at `x`, from where they run as `anchor` says."""

    text: str
    x: float
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Spot:
    """One place on the sketch; `convoys` were last reported there."""

    place: str
    kind: str
    x: float
    y: float
    label: Label
    convoys: Label | None
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
            kind=one.kind,
            x=at[one.id][0],
            y=at[one.id][1],
            label=_label(
                shortened(place_name(scenario, one.id, language))
                + (" ✕" if one.id in closed else ""),
                at[one.id][0],
                LETTER,
            ),
            convoys=_label(
                shortened("▶ " + ", ".join(here[one.id]), LONGEST_BOLD), at[one.id][0], BOLD
            )
            if one.id in here
            else None,
            closed=one.id in closed,
            below=_below(at[one.id][1], otherwise=order.index(one.id) % 2 == 0),
        )
        for one in scenario.places
    )
    lines = tuple(
        Line(leg.id, *at[leg.start], *at[leg.end], leg.id in closed) for leg in scenario.legs
    )
    return Sketch(spots, lines)


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text of at most so many letters, cut after a word where one ends before that."""
    if len(text) <= longest:
        return text
    whole = text[:longest].rpartition(" ")[0]
    return (whole.rstrip(" ,;:-") or text[: longest - 1]) + "…"


def _label(text: str, x: float, letter: float) -> Label:
    """Return a label in the middle over `x`, or from the edge inwards where it would be cut off."""
    half = len(text) * letter / 2
    if x - half < BRIM:
        return Label(text, BRIM, "start")
    if x + half > WIDE - BRIM:
        return Label(text, WIDE - BRIM, "end")
    return Label(text, x, "middle")


def _below(y: float, *, otherwise: bool) -> bool:
    """Tell whether the labels of a spot stand below it: as its turn is, where there is room."""
    if y > HIGH - TWO_LINES:
        return False
    return True if y < TWO_LINES else otherwise


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
