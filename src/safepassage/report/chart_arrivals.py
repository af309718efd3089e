"""The chart of arrivals: steps, the edge that no plan can cross, the chance that it holds.

Draws only; every number comes in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from safepassage.report import wording
from safepassage.report.drawing import (
    AMBER,
    BLUE,
    INK,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    Drawing,
    TimeScale,
    nice_steps,
    text_width,
    time_axis,
)
from safepassage.report.hours import Holding

Steps = Sequence[tuple[int, int]]

SAMPLES = 160
"""Points of the curve of chance."""


@dataclass(frozen=True)
class ArrivalsPicture:
    """What the chart shows. Steps are (second, persons so far)."""

    start: datetime
    horizon: int
    arrived: Steps
    ceiling: Steps
    baseline: Steps | None
    marks: Sequence[tuple[int, int]]
    holds: Holding | None


def draw_arrivals(picture: ArrivalsPicture, width: float, name: str) -> str:
    """Return the chart as SVG: steps with the band above, and the chance under it."""
    wide = width > 500
    left, right = (58.0, width - 12.0) if wide else (46.0, width - 8.0)
    top, tall = 22.0, (204.0 if wide else 200.0)
    bottom = top + tall
    gap, low_tall = 52.0, (58.0 if wide else 50.0)
    height = bottom + (gap + low_tall if picture.holds else 0) + 36
    drawing = Drawing(name, width, height)
    scale = TimeScale(picture.start, 0, picture.horizon, left, right)
    most = max(
        [people for _, people in (*picture.arrived, *picture.ceiling, *(picture.baseline or ()))],
        default=1,
    )
    ticks = nice_steps(most)
    tallest = ticks[-1]

    def y(people: float) -> float:
        return bottom - tall * people / tallest

    _band(drawing, picture, scale, y, bottom)
    time_axis(drawing, scale, top, bottom, labels=picture.holds is None)
    for tick in ticks:
        drawing.line([(left, y(tick)), (right, y(tick))], ink=RULE, thick=0.6)
        drawing.words(left - 6, y(tick) + 4, wording.count(int(tick)), ink=SOFT, anchor="end")
    drawing.words(0, top - 9, "people arrived", ink=SOFT)
    if picture.ceiling:
        drawing.line(
            _corners(picture.ceiling, scale, y, picture.horizon), ink=SOFT, thick=1.4, dashes="7 3"
        )
    if picture.baseline is not None:
        drawing.line(
            _corners(picture.baseline, scale, y, picture.horizon),
            ink=AMBER,
            thick=1.8,
            dashes="3 2.4",
        )
    drawing.line(_corners(picture.arrived, scale, y, picture.horizon), ink=BLUE, thick=2.8)
    _marks(drawing, picture, scale, y, left)
    if picture.holds:
        _chance(drawing, picture, scale, bottom + gap, low_tall, (left, right))
    return drawing.svg()


def _corners(
    steps: Steps, scale: TimeScale, y: Callable[[float], float], horizon: int
) -> list[tuple[float, float]]:
    """Return the corners of a step line from 0 to the horizon."""
    corners = [(scale.x(0), y(0))]
    now = 0
    for time, people in steps:
        corners += [(scale.x(time), y(now)), (scale.x(time), y(people))]
        now = people
    corners.append((scale.x(horizon), y(now)))
    return corners


def _band(
    drawing: Drawing,
    picture: ArrivalsPicture,
    scale: TimeScale,
    y: Callable[[float], float],
    bottom: float,
) -> None:
    """Shade from the plan up to what no plan can beat."""
    if picture.ceiling:
        upper = _corners(picture.ceiling, scale, y, picture.horizon)
        lower = _corners(picture.arrived, scale, y, picture.horizon)
        drawing.area([*upper, *reversed(lower)], drawing.pattern("pale"))
    drawing.line([(scale.left, bottom), (scale.right, bottom)], ink=SOFT, thick=1.0)


def _marks(
    drawing: Drawing,
    picture: ArrivalsPicture,
    scale: TimeScale,
    y: Callable[[float], float],
    left: float,
) -> None:
    """Mark the hours that the table names, each with its number where there is room."""
    free = -1e9
    for seconds, people in picture.marks:
        x = scale.x(seconds)
        drawing.dot(x, y(people), 4.2, fill=PAPER, ink=INK)
        label = wording.count(people)
        half = text_width(label, SMALL + 1) / 2
        anchor_x = min(max(x, left + half), scale.right - half)
        # Hours that lie close on a long axis would write over each other: the table has them.
        begins = anchor_x - half if people == 0 else x + 7
        if begins < free and seconds != picture.horizon:
            continue
        free = begins + 2 * half + 3
        # Above the line at the far end, else below and to the right, where the steps leave room.
        if seconds == picture.horizon:
            drawing.words(
                scale.right - 2,
                y(people) - 10,
                label,
                size=SMALL + 1,
                bold=True,
                anchor="end",
                halo=True,
            )
        elif people == 0:
            drawing.words(
                anchor_x,
                y(people) - 10,
                label,
                size=SMALL + 1,
                bold=True,
                anchor="middle",
                halo=True,
            )
        else:
            drawing.words(x + 7, y(people) + 15, label, size=SMALL + 1, bold=True, halo=True)


def _chance(
    drawing: Drawing,
    picture: ArrivalsPicture,
    scale: TimeScale,
    top: float,
    tall: float,
    sides: tuple[float, float],
) -> None:
    """Draw the chance that the window still holds, under the same hours."""
    left, right = sides
    bottom = top + tall
    holds = picture.holds
    if holds is None:
        return
    time_axis(drawing, scale, top, bottom)
    for share in (0.0, 0.5, 1.0):
        height = bottom - tall * share
        drawing.line([(left, height), (right, height)], ink=RULE, thick=0.6)
        drawing.words(left - 6, height + 4, wording.percent(share), ink=SOFT, anchor="end")
    drawing.words(0, top - 22, "chance that the window still holds (a belief)", ink=SOFT)
    seconds_drawn = [picture.horizon * index / SAMPLES for index in range(SAMPLES + 1)]
    points = [(scale.x(one), bottom - tall * holds.at(one)) for one in seconds_drawn]
    upper, lower = points, [(left, bottom), (right, bottom)]
    if holds.is_range:
        ends = [holds.between(one) for one in seconds_drawn]
        lower = [(x, bottom - tall * low) for (x, _), (low, _) in zip(points, ends, strict=True)]
        upper = [(x, bottom - tall * high) for (x, _), (_, high) in zip(points, ends, strict=True)]
    drawing.area([*upper, *reversed(lower)], drawing.pattern("rows"))
    if holds.is_range:
        for edge in (upper, lower):
            drawing.line(edge, ink=SOFT, thick=0.8)
    drawing.line(points, ink=INK, thick=1.8)
    free = -1e9
    for seconds, _ in picture.marks:
        share = holds.at(seconds)
        drawing.dot(scale.x(seconds), bottom - tall * share, 3.2, fill=PAPER, ink=INK)
        at_end = seconds == picture.horizon
        if scale.x(seconds) < free and not at_end:
            continue
        free = scale.x(seconds) + text_width("100 %", SMALL) + 8
        drawing.words(
            scale.x(seconds) + (-2 if at_end else 5),
            bottom - tall * share - 7,
            wording.chance(share),
            anchor="end" if at_end else "start",
            halo=True,
        )


@dataclass(frozen=True)
class ClassPicture:
    """The arrivals of one class: its words, its steps, and how many wish to leave (or None)."""

    label: str
    arrived: Steps
    wishing: int | None


def draw_classes(
    pictures: Sequence[ClassPicture], start: datetime, horizon: int, width: float, name: str
) -> str:
    """Return small charts side by side, one a class, each on its own scale."""
    most = 4 if len(pictures) == 4 else 3
    across = max(1, min(len(pictures), most if width > 500 else 1))
    down = -(-len(pictures) // across)
    gutter, tall, cell_tall = 26.0, 78.0, 148.0
    cell = (width - gutter * (across - 1)) / across
    drawing = Drawing(name, width, down * cell_tall)
    for index, picture in enumerate(pictures):
        column, row = index % across, index // across
        left = column * (cell + gutter)
        _one_class(drawing, picture, start, horizon, (left, row * cell_tall, cell, tall))
    return drawing.svg()


def _one_class(
    drawing: Drawing,
    picture: ClassPicture,
    start: datetime,
    horizon: int,
    place: tuple[float, float, float, float],
) -> None:
    x0, y0, width, tall = place
    top = y0 + 38
    bottom = top + tall
    left, right = x0 + 4, x0 + width - 4
    scale = TimeScale(start, 0, horizon, left, right)
    last = picture.arrived[-1][1] if picture.arrived else 0
    tallest = max(last, picture.wishing or 0, 1)

    def y(people: float) -> float:
        return bottom - tall * people / tallest

    drawing.words(x0, y0 + 13, picture.label, bold=True, size=SMALL + 1)
    for seconds, when in scale.ticks(52):
        x = scale.x(seconds)
        drawing.line([(x, top), (x, bottom)], ink=RULE, thick=0.6)
        if x - left > 14 and right - x > 14:
            drawing.words(x, bottom + 14, wording.clock(when), ink=SOFT, anchor="middle")
    drawing.line([(left, bottom), (right, bottom)], ink=SOFT)
    if picture.wishing:
        drawing.line(
            [(left, y(picture.wishing)), (right, y(picture.wishing))],
            ink=INK,
            thick=1.2,
            dashes="4 3",
        )
    drawing.line(_corners(picture.arrived, scale, y, horizon), ink=BLUE, thick=2.4)
    of = f" of {wording.count(picture.wishing)}" if picture.wishing is not None else ""
    drawing.words(x0, y0 + 28, f"{wording.count(last)}{of}", ink=SOFT)
