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


def draw_strip(
    stops: Sequence[StripStop], stretches: Sequence[StripStretch], width: float, name: str
) -> str:
    """Return the strip map as SVG; `stretches` has one less than `stops`."""
    wide = width > 500
    step = 92.0 if wide else 104.0
    axis = 122.0 if wide else 74.0
    top = 26.0
    drawing = Drawing(name, width, top + step * (len(stops) - 1) + 40)
    heights = [top + step * index for index in range(len(stops))]
    for stretch, (y0, y1) in zip(stretches, pairwise(heights), strict=True):
        _stretch(drawing, stretch, (axis, y0, y1), wide=wide)
    for stop, y in zip(stops, heights, strict=True):
        _stop(drawing, stop, (axis, y, width), wide=wide)
    return drawing.svg()


def _stretch(
    drawing: Drawing, stretch: StripStretch, place: tuple[float, float, float], *, wide: bool
) -> None:
    axis, y0, y1 = place
    middle = (y0 + y1) / 2
    fills = (FAINT, "slant", "rows", "dots", "cross")
    fill = fills[stretch.band % len(fills)]
    shown = fill if fill == FAINT else drawing.pattern(fill)  # type: ignore[arg-type]
    drawing.box(axis - 7, y0, 14, y1 - y0, fill=shown, ink=SOFT, thick=0.8)
    drawing.line([(axis, y0), (axis, y1)], ink=INK, thick=2.4)
    size = SMALL if wide else SMALL - 0.5
    far = "km not known" if stretch.km is None else f"{stretch.km:g} km"
    drawing.words(axis - 16, middle - 2, far, size=size, anchor="end")
    long = wording.duration(timedelta(seconds=round(stretch.seconds)))
    drawing.words(axis - 16, middle + 13, long, size=size, anchor="end", ink=SOFT)
    drawing.words(axis + 18, middle + 5, stretch.held_by, size=size, ink=SOFT)


def _stop(
    drawing: Drawing, stop: StripStop, place: tuple[float, float, float], *, wide: bool
) -> None:
    axis, y, width = place
    if stop.kind == "checkpoint":
        drawing.box(axis - 8, y - 8, 16, 16, fill=PAPER, ink=INK, thick=2.4)
    elif stop.arrived:
        drawing.dot(axis, y, 9, fill=BLUE, ink=INK)
        drawing.dot(axis, y, 3.2, fill=PAPER)
    else:
        drawing.dot(axis, y, 8, fill=PAPER, ink=INK)
    size = NORMAL + 1 if wide else NORMAL
    drawing.words(axis + 18, y + 1, stop.latin, size=size, bold=True)
    what = KIND_WORDS.get(stop.kind, stop.kind)
    if stop.arrived:
        what += ", reaching it counts as arrived"
    if stop.holder:
        what += f" · {stop.holder}"
    drawing.words(axis + 18, y + 17, what, size=SMALL if wide else SMALL - 1.5, ink=SOFT)
    if stop.local is not None:
        drawing.words(
            width - 4,
            y + 2,
            stop.local[1],
            size=size + 2,
            anchor="end",
            language=stop.local[0],
            bold=True,
        )
    far = "" if stop.km is None else f"km {stop.km:g}"
    long = wording.duration(timedelta(seconds=round(stop.seconds)))
    drawing.words(
        axis - 16, y + 5, far or long, anchor="end", bold=True, size=SMALL if wide else SMALL - 0.5
    )
    drawing.line([(axis + 18, y + 24), (width - 4, y + 24)], ink=RULE, thick=0.5)
