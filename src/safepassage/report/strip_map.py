"""The strip map: a way from top to bottom, its stops, distances, times, and who holds what.

Draws only. Names stand in two columns, Latin and local, so that each script runs its own way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from safepassage.report import wording
from safepassage.report.drawing import (
    BLUE,
    FAINT,
    INK,
    NORMAL,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    Drawing,
    PatternName,
    text_width,
)

KIND_WORDS: Mapping[str, str] = {
    "pickup": "pickup",
    "staging": "waiting place",
    "checkpoint": "checkpoint",
    "handover": "hand-over point",
    "shelter": "shelter",
    "hospital": "hospital",
    "depot": "depot",
}

BANDS: tuple[PatternName | None, ...] = (None, "slant", "rows", "dots", "cross")
"""How stretches of different holders are told apart, in the order in which they come."""


@dataclass(frozen=True, slots=True)
class StripStop:
    """One stop: its names, kind, distance and time from the start, who holds it, what it means."""

    latin: str
    local: tuple[str, str] | None
    kind: str
    km: float | None
    seconds: float
    holder: str
    arrived: bool
    place: str


@dataclass(frozen=True, slots=True)
class StripStretch:
    """What lies between two stops."""

    km: float | None
    seconds: float
    held_by: str
    band: int


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Where things stand, wide or narrow."""

    width: float
    axis: float
    name: float
    small: float

    @property
    def left(self) -> float:
        """Return where words begin."""
        return self.axis + 18

    @property
    def room(self) -> float:
        """Return how wide words may be."""
        return self.width - self.left - 4


LINE = 15.0
GAP = 10.0


def draw_strip(
    stops: Sequence[StripStop], stretches: Sequence[StripStretch], width: float, name: str
) -> str:
    """Return the strip map as SVG; `stretches` has one less than `stops`."""
    wide = width > 500
    sizes = (
        _Sizes(width, 122.0, NORMAL + 1, SMALL)
        if wide
        else _Sizes(width, 70.0, NORMAL, SMALL - 0.5)
    )
    between = [_wrapped(one.held_by, sizes.room, sizes.small) for one in stretches]
    under = [_under(one, sizes) for one in stops]
    heights = [26.0]
    for lines, held in zip(under, between, strict=False):
        # The words of a stop, those of the stretch below it, and air between them.
        heights.append(heights[-1] + 8 + LINE * (len(lines) + len(held)) + 3 * GAP)
    drawing = Drawing(name, width, heights[-1] + 14 + LINE * len(under[-1]) if stops else 0)
    for stretch, held, lines, ends in zip(
        stretches, between, under, pairwise(heights), strict=False
    ):
        _stretch(drawing, stretch, held, ends, sizes, below=8 + LINE * len(lines))
    for stop, lines, y in zip(stops, under, heights, strict=True):
        _stop(drawing, stop, lines, y, sizes)
    return drawing.svg()


def _under(stop: StripStop, sizes: _Sizes) -> list[str]:
    """Return the lines under the name of a stop."""
    what = KIND_WORDS.get(stop.kind, stop.kind)
    if stop.arrived:
        what += ", reaching it counts as arrived"
    if stop.holder:
        what += f" · {stop.holder}"
    lines = _wrapped(what, sizes.room, sizes.small)
    # A line of its own for the local name where it does not fit beside the Latin one.
    return lines if _beside(stop, sizes) else ["", *lines]


def _beside(stop: StripStop, sizes: _Sizes) -> bool:
    """Return whether both names fit on one line."""
    local = text_width(stop.local[1], sizes.name + 2) + 12 if stop.local else 0.0
    return text_width(stop.latin, sizes.name) * 1.1 + local <= sizes.room


def _wrapped(content: str, room: float, size: float) -> list[str]:
    """Return words broken into lines that fit."""
    lines: list[str] = []
    for word in content.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _stretch(
    drawing: Drawing,
    stretch: StripStretch,
    held: Sequence[str],
    ends: tuple[float, float],
    sizes: _Sizes,
    *,
    below: float,
) -> None:
    y0, y1 = ends
    axis = sizes.axis
    fill = BANDS[stretch.band % len(BANDS)]
    shown = FAINT if fill is None else drawing.pattern(fill)
    drawing.box(axis - 7, y0, 14, y1 - y0, fill=shown, ink=SOFT, thick=0.8)
    drawing.line([(axis, y0), (axis, y1)], ink=INK, thick=2.4)
    middle = (y0 + y1) / 2
    if stretch.km is not None:
        far = f"{stretch.km:g} km"
        drawing.words(axis - 16, middle - 2, far, size=sizes.small, anchor="end")
    long = wording.duration(timedelta(seconds=round(stretch.seconds)))
    drawing.words(axis - 16, middle + 13, long, size=sizes.small, anchor="end", ink=SOFT)
    first = (y0 + below + y1 - LINE * len(held)) / 2 + 6
    for number, line in enumerate(held):
        drawing.words(sizes.left, first + LINE * number, line, size=sizes.small, ink=SOFT)


def _stop(drawing: Drawing, stop: StripStop, lines: Sequence[str], y: float, sizes: _Sizes) -> None:
    axis = sizes.axis
    if stop.kind == "checkpoint":
        drawing.box(axis - 8, y - 8, 16, 16, fill=PAPER, ink=INK, thick=2.4)
    elif stop.arrived:
        drawing.dot(axis, y, 9, fill=BLUE, ink=INK)
        drawing.dot(axis, y, 3.2, fill=PAPER)
    else:
        drawing.dot(axis, y, 8, fill=PAPER, ink=INK)
    latin = stop.latin
    if text_width(latin, sizes.name) * 1.1 > sizes.room:
        latin = wording.shortly(latin)
    drawing.words(sizes.left, y + 2, latin, size=sizes.name, bold=True)
    if stop.local is not None:
        beside = _beside(stop, sizes)
        drawing.words(
            sizes.width - 4 if beside else sizes.left,
            y + 2 if beside else y + 2 + LINE,
            stop.local[1],
            size=sizes.name + 2,
            anchor="end" if beside else "start",
            language=stop.local[0],
            bold=True,
        )
    for number, line in enumerate(lines, start=1):
        drawing.words(sizes.left, y + 3 + LINE * number, line, size=sizes.small, ink=SOFT)
    under = y + 9 + LINE * len(lines)
    drawing.line([(sizes.left, under), (sizes.width - 4, under)], ink=RULE, thick=0.5)
    far = "" if stop.km is None else f"km {stop.km:g}"
    long = wording.duration(timedelta(seconds=round(stop.seconds)))
    drawing.words(axis - 16, y + 5, far or long, anchor="end", bold=True, size=sizes.small)
