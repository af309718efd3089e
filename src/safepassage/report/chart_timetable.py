"""The timetable as railways draw it: places against time, a line a convoy, as wide as its people.

Draws only; one panel a day, so that a week stays readable. Each name stands on the line of its
place: places that lie close are drawn further apart, never a name beside another's line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from safepassage.report import wording
from safepassage.report.closures import DAY, Closures
from safepassage.report.drawing import (
    BLUE,
    FAINT,
    INK,
    PAPER,
    SMALL,
    SOFT,
    Drawing,
    TimeScale,
    text_width,
    time_axis,
)
from safepassage.report.way import Run, Way

WIDEST = 9.0
THINNEST = 1.6
ONE_NAME, TWO_NAMES = 17.0, 31.0
"""The least distance of two lines, by how many rows of words stand on each."""
BOLD = 1.15
"""How much wider bold words are."""


@dataclass(frozen=True)
class TimetablePicture:
    """What the chart shows. `names` maps place ids to (Latin name, (language, local name))."""

    start: datetime
    horizon: int
    way: Way
    runs: Sequence[Run]
    closures: Closures
    names: dict[str, tuple[str, tuple[str, str] | None]]


def panels(horizon: int) -> list[tuple[int, int]]:
    """Return spans of at most a day that cover the plan."""
    return [(begins, min(begins + DAY, horizon)) for begins in range(0, horizon, DAY)]


def draw_timetable(picture: TimetablePicture, width: float, name: str) -> tuple[str, ...]:
    """Return one SVG a day on which something moves (the first always)."""
    return tuple(
        _panel(picture, span, width, f"{name}-{index}")
        for index, span in enumerate(panels(picture.horizon), start=1)
        if index == 1 or any(_inside(run, span) for run in picture.runs)
    )


def _inside(run: Run, span: tuple[int, int]) -> bool:
    return run.corners[-1][0] > span[0] and run.corners[0][0] < span[1]


def _panel(picture: TimetablePicture, span: tuple[int, int], width: float, name: str) -> str:
    wide = width > 500
    label_width = 132.0 if wide else 82.0
    left, right = label_width, width - (14.0 if wide else 8.0)
    top = 42.0
    tall = max(160.0, 36.0 * (len(picture.way.stops) - 1))
    bottom = top + tall
    drawing = Drawing(name, width, bottom + 58)
    begins, ends = span
    # Every panel has the same scale, the last one too when its day is not whole.
    whole_day = begins + DAY if picture.horizon > DAY else ends
    scale = TimeScale(picture.start, begins, whole_day, left, right)

    both = any(picture.names[stop.place][1] is not None for stop in picture.way.stops)
    shares = [stop.share for stop in picture.way.stops]
    heights = [top + one for one in apart(shares, tall, least=TWO_NAMES if both else ONE_NAME)]

    _shade(drawing, picture.closures, scale, top, tall, ends)
    time_axis(drawing, scale, top, bottom + 18)
    for begin, end in _within(picture.closures.night, scale, ends):
        if end - begin > 40:
            drawing.words(begin + 4, bottom + 13, "night", ink=SOFT, halo=True)
    for stop, height in zip(picture.way.stops, heights, strict=True):
        drawing.line([(left, height), (right, height)], ink=SOFT, thick=0.8)
        latin, local = picture.names[stop.place]
        size = SMALL if wide else SMALL - 1
        label = shortened(wording.shortly(latin), (label_width - 6) / BOLD, size)
        edge = left - 6
        drawing.words(
            edge, height + (4 if local is None else -2), label, size=size, anchor="end", bold=True
        )
        if local is not None:
            drawing.words(
                edge,
                height + 12,
                local[1],
                size=size + 1,
                anchor="end",
                language=local[0],
                ink=SOFT,
            )
    most = max((run.people for run in picture.runs), default=0)
    widest = WIDEST if wide else WIDEST / 2
    # Empty runs first: a full convoy is never drawn over.
    for run in sorted(picture.runs, key=lambda one: one.people > 0):
        if _inside(run, span):
            _run(drawing, run, scale, (shares, heights), widest / most if most else 0)
    _labels(drawing, picture.runs, scale, span, (top, bottom))
    return drawing.svg()


def _shade(
    drawing: Drawing,
    closures: Closures,
    scale: TimeScale,
    top: float,
    tall: float,
    ends: float,
) -> None:
    for x0, x1 in _within(closures.night, scale, ends):
        drawing.box(x0, top, x1 - x0, tall, fill=FAINT)
    for x0, x1 in _within(closures.margin, scale, ends):
        drawing.box(x0, top, x1 - x0, tall, fill=drawing.pattern("rows"))
    for x0, x1 in _within(closures.closed, scale, ends):
        drawing.box(x0, top, x1 - x0, tall, fill=drawing.pattern("back"), ink=SOFT, thick=0.6)
        if x1 - x0 > 46:
            drawing.words(
                (x0 + x1) / 2, top + tall / 2, "closed", ink=INK, anchor="middle", halo=True
            )


def _within(
    found: Sequence[tuple[float, float]], scale: TimeScale, ends: float
) -> list[tuple[float, float]]:
    """Return spans of time as spans of x, cut to the panel."""
    kept = [(max(a, scale.begins), min(b, scale.ends, ends)) for a, b in found]
    return [(scale.x(a), scale.x(b)) for a, b in kept if b > a]


def _run(
    drawing: Drawing,
    run: Run,
    scale: TimeScale,
    stops: tuple[Sequence[float], Sequence[float]],
    a_person: float,
) -> None:
    corners = bent(run.corners, *stops)
    inside = _cut(corners, scale.begins, scale.ends)
    points = [(scale.x(second), height) for second, height in inside]
    if run.people == 0:
        drawing.line(points, ink=INK, thick=1.1, dashes="4 3")
        return
    thick = max(THINNEST, a_person * run.people)
    drawing.line(points, ink=PAPER, thick=thick + 1.6)
    drawing.line(points, ink=BLUE, thick=thick)


def _cut(
    corners: Sequence[tuple[float, float]], begins: float, ends: float
) -> list[tuple[float, float]]:
    """Return the part of a line of corners that lies between two times."""
    kept: list[tuple[float, float]] = []
    for (t0, s0), (t1, s1) in pairwise(corners):
        a, b = max(t0, begins), min(t1, ends)
        if a > b or t1 <= t0:
            continue
        for time in (a, b):
            point = (time, s0 + (s1 - s0) * (time - t0) / (t1 - t0))
            if not kept or kept[-1] != point:
                kept.append(point)
    return kept


def _labels(
    drawing: Drawing,
    runs: Sequence[Run],
    scale: TimeScale,
    span: tuple[int, int],
    edges: tuple[float, float],
) -> None:
    """Write the people aboard where a loaded convoy enters, and its name where there is room."""
    top, bottom = edges
    # Where words are free to begin, by the row on which they stand.
    free: dict[float, float] = {}
    loaded = [one for one in runs if one.people and not one.feeder]
    for run in sorted(loaded, key=lambda one: one.corners[0][0]):
        second, share = run.corners[0]
        if not span[0] <= second < span[1]:
            continue
        label = wording.count(run.people)
        x = scale.x(second)
        above = share < 0.5
        height = top - 6 if above else bottom + 14
        half = BOLD * text_width(label, SMALL) / 2
        x = min(x, drawing.width - half)
        if x - half < free.get(height, 0.0):
            continue
        drawing.words(x, height, label, anchor="middle", bold=True, halo=True)
        free[height] = x + half + 4
        # The name is the wider: it is left out where it would touch the one before.
        height += -13 if above else 13
        half = text_width(run.label, SMALL - 1) / 2
        x = min(x, drawing.width - half)
        if x - half < free.get(height, 0.0):
            continue
        drawing.words(x, height, run.label, ink=SOFT, anchor="middle", size=SMALL - 1)
        free[height] = x + half + 4


def apart(shares: Sequence[float], tall: float, *, least: float) -> list[float]:
    """Return heights from 0 to `tall`, in proportion where that leaves `least` between two.

    The gaps that would be narrower take `least`; the others share the rest in proportion.
    """
    gaps = [after - before for before, after in pairwise(shares)]
    narrow: set[int] = set()
    scale = tall
    while True:
        open_gaps = sum(gap for index, gap in enumerate(gaps) if index not in narrow)
        scale = (tall - least * len(narrow)) / open_gaps if open_gaps > 0 else 0.0
        more = {i for i, gap in enumerate(gaps) if i not in narrow and gap * scale < least}
        if not more:
            break
        narrow |= more
    heights = [0.0]
    for index, gap in enumerate(gaps):
        heights.append(heights[-1] + (least if index in narrow else gap * scale))
    return heights


def bent(
    corners: Sequence[tuple[float, float]], shares: Sequence[float], heights: Sequence[float]
) -> list[tuple[float, float]]:
    """Return corners as (second, height), with one more at each place that is passed between."""
    found: list[tuple[float, float]] = []
    for (t0, s0), (t1, s1) in pairwise(corners):
        passed = [
            (t0 + (t1 - t0) * (share - s0) / (s1 - s0), height)
            for share, height in zip(shares, heights, strict=True)
            if min(s0, s1) <= share <= max(s0, s1) and s0 != s1
        ]
        found += passed if s1 > s0 else reversed(passed)
    return [one for index, one in enumerate(found) if index == 0 or found[index - 1] != one]


def shortened(label: str, room: float, size: float) -> str:
    """Return a label cut to the room there is, with an ellipsis where it is cut."""
    if text_width(label, size) <= room:
        return label
    fits = max(1, int(room / (0.61 * size)) - 1)
    return label[:fits].rstrip() + "…"
