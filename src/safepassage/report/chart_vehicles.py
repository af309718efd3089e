"""A chart by vehicle: rows of vehicles, bars of what they do. Draws only."""

from collections.abc import Sequence
from datetime import datetime

from safepassage.report import wording
from safepassage.report.activity import Bar, Row
from safepassage.report.chart_timetable import panels, shortened
from safepassage.report.closures import DAY
from safepassage.report.drawing import (
    BLUE,
    INK,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    Drawing,
    TimeScale,
    time_axis,
)

ROWS_A_PICTURE = 40
"""So many rows stay readable on one page; more go to the next picture."""


def draw_vehicles(
    rows: Sequence[Row], start: datetime, horizon: int, width: float, name: str
) -> tuple[str, ...]:
    """Return pictures: for each day, at most `ROWS_A_PICTURE` rows in each."""
    pictures = []
    for first in range(0, len(rows), ROWS_A_PICTURE):
        part = rows[first : first + ROWS_A_PICTURE]
        for index, span in enumerate(panels(horizon)):
            busy = any(bar.ends > span[0] and bar.begins < span[1] for r in part for bar in r.bars)
            if index and not busy:
                continue
            identity = f"{name}-{first}-{index}"
            pictures.append(_picture(part, start, horizon, span, width, identity))
    return tuple(pictures)


def _picture(
    rows: Sequence[Row],
    start: datetime,
    horizon: int,
    span: tuple[int, int],
    width: float,
    name: str,
) -> str:
    wide = width > 500
    left, right = (132.0, width - 14.0) if wide else (78.0, width - 8.0)
    row_tall = 21.0
    top = 6.0
    bottom = top + row_tall * len(rows)
    drawing = Drawing(name, width, bottom + 36)
    begins, ends = span
    whole_day = begins + DAY if horizon > DAY else ends
    scale = TimeScale(start, begins, whole_day, left, right)
    time_axis(drawing, scale, top, bottom)
    size = SMALL if wide else SMALL - 1.5
    for index, row in enumerate(rows):
        y = top + row_tall * index
        label = wording.shortly_numbered(row.vehicles)
        if not wide and len(row.vehicles) > 1:
            label = f"{wording.kinds(row.kind, len(row.vehicles))}"
        drawing.words(0, y + 14.5, shortened(label, left - 8, size), size=size)
        drawing.line([(left, y + row_tall), (right, y + row_tall)], ink=RULE, thick=0.5)
        for bar in row.bars:
            a, b = max(bar.begins, begins), min(bar.ends, ends)
            if b > a:
                _bar(drawing, bar, scale.x(a), scale.x(b), y + 4, row_tall - 8)
    return drawing.svg()


def _bar(drawing: Drawing, bar: Bar, x0: float, x1: float, y: float, tall: float) -> None:
    width = max(x1 - x0, 0.8)
    if bar.doing == "carrying":
        drawing.box(x0, y, width, tall, fill=BLUE)
    elif bar.doing == "empty":
        drawing.box(x0, y + 3, width, tall - 6, fill=PAPER, ink=INK, thick=1.0)
    elif bar.doing == "loading":
        drawing.box(x0, y, width, tall, fill=drawing.pattern("slant"), ink=BLUE, thick=0.7)
    elif bar.doing == "unloading":
        drawing.box(x0, y, width, tall, fill=drawing.pattern("dots"), ink=SOFT, thick=0.7)
    else:
        drawing.line([(x0, y + tall / 2), (x1, y + tall / 2)], ink=SOFT, thick=1.2, dashes="2 2")
