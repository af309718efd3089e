"""Charts of a rehearsal over the hours: who has arrived as a fan, and the odds that all are out.

Draws only; every number comes in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from safepassage.rehearsal.result import Hour
from safepassage.report import wording
from safepassage.report.drawing import (
    AMBER,
    BLUE,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    Drawing,
    TimeScale,
    nice_steps,
    time_axis,
)

HOUR = 3600.0
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class FanPicture:
    """What both charts show: the hours of a rehearsal, and how many wish to leave."""

    start: datetime
    hours: Sequence[Hour]
    wishing: float


def draw_fan(picture: FanPicture, width: float, name: str) -> str:
    """Return the fan as SVG: 5 to 95 %, 25 to 75 %, the middle run, and the plan's own curve."""
    left, right, top, bottom = _frame(width)
    drawing = Drawing(name, width, bottom + 38)
    scale = _scale(picture, left, right)
    tallest = max([*(one.arrived.q95 for one in picture.hours), *_planned(picture), 1.0])
    ticks = nice_steps(tallest)

    def y(people: float) -> float:
        return bottom - (bottom - top) * people / ticks[-1]

    for low, high, fill in (
        ([one.arrived.q05 for one in picture.hours], _q95(picture), drawing.pattern("pale")),
        (
            [one.arrived.q25 for one in picture.hours],
            [one.arrived.q75 for one in picture.hours],
            drawing.pattern("slant"),
        ),
    ):
        lower, upper = _over(picture, scale, y, low), _over(picture, scale, y, high)
        drawing.area([*upper, *reversed(lower)], fill)
        for edge in (lower, upper):
            drawing.line(edge, ink=SOFT, thick=0.8)
    time_axis(drawing, scale, top, bottom)
    for tick in ticks:
        drawing.line([(left, y(tick)), (right, y(tick))], ink=RULE, thick=0.6)
        drawing.words(left - 6, y(tick) + 4, wording.count(int(tick)), ink=SOFT, anchor="end")
    drawing.words(0, top - 9, "people arrived", ink=SOFT)
    drawing.line(_over(picture, scale, y, _planned(picture)), ink=AMBER, thick=1.8, dashes="3 2.4")
    middle = [one.arrived.q50 for one in picture.hours]
    line = _over(picture, scale, y, middle)
    drawing.line(line, ink=PAPER, thick=5.0)
    drawing.line(line, ink=BLUE, thick=2.8)
    if middle:
        drawing.words(
            right - 2,
            line[-1][1] - 8,
            wording.count(round(middle[-1])),
            size=SMALL + 1,
            bold=True,
            anchor="end",
            halo=True,
        )
    return drawing.svg()


def draw_all_out(picture: FanPicture, width: float, name: str) -> str:
    """Return the odds that all who wish to leave have arrived, by hour, with their interval."""
    left, right, top, bottom = _frame(width, tall=150.0)
    drawing = Drawing(name, width, bottom + 38)
    scale = _scale(picture, left, right)

    def y(chance: float) -> float:
        return bottom - (bottom - top) * min(max(chance, 0.0), 1.0)

    hours = picture.hours
    lower = _over(picture, scale, y, [one.all_out.low for one in hours])
    upper = _over(picture, scale, y, [one.all_out.high for one in hours])
    drawing.area([*upper, *reversed(lower)], drawing.pattern("slant"))
    time_axis(drawing, scale, top, bottom)
    for twentieths in (0, 5, 10, 15, 20):
        height = y(twentieths / 20)
        drawing.line([(left, height), (right, height)], ink=RULE, thick=0.6)
        drawing.words(left - 6, height + 4, f"{twentieths} in 20", ink=SOFT, anchor="end")
    drawing.words(0, top - 9, "odds that all who wish to leave have arrived", ink=SOFT)
    line = _over(picture, scale, y, [one.all_out.mean for one in hours])
    drawing.line(line, ink=BLUE, thick=2.6)
    if hours:
        # Above the line where there is room, else under it.
        height = line[-1][1]
        drawing.words(
            right - 2,
            height - 8 if height - top > 20 else height + 18,
            wording.in_twenty(hours[-1].all_out.mean),
            size=SMALL + 1,
            bold=True,
            anchor="end",
            halo=True,
        )
    return drawing.svg()


def _frame(width: float, tall: float = 204.0) -> tuple[float, float, float, float]:
    wide = width > 500
    left, right = (64.0, width - 12.0) if wide else (58.0, width - 8.0)
    return left, right, 22.0, 22.0 + tall


def _scale(picture: FanPicture, left: float, right: float) -> TimeScale:
    last = picture.hours[-1].hour if picture.hours else 1
    return TimeScale(picture.start, 0, last * HOUR, left, right)


def _planned(picture: FanPicture) -> list[float]:
    return [float(one.planned) for one in picture.hours]


def _q95(picture: FanPicture) -> list[float]:
    return [one.arrived.q95 for one in picture.hours]


def _over(
    picture: FanPicture, scale: TimeScale, y: Callable[[float], float], values: Sequence[float]
) -> list[tuple[float, float]]:
    """Return the points of a line from the start over the hours."""
    points = [
        (scale.x(one.hour * HOUR), y(value))
        for one, value in zip(picture.hours, values, strict=True)
    ]
    begins = bool(picture.hours) and picture.hours[0].hour > 0
    return [(scale.x(0), y(0.0)), *points] if begins else points
