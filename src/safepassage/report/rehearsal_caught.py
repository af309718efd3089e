"""Charts of what a rehearsal puts at risk: people caught on the road, and the wait on board.

Draws only; every number comes in.
"""

import math
from collections.abc import Sequence

from safepassage.rehearsal.result import Exceeded, WaitOnBoard
from safepassage.report import wording
from safepassage.report.drawing import (
    AMBER,
    BLUE,
    INK,
    PAPER,
    RULE,
    SMALL,
    SOFT,
    Anchor,
    Drawing,
    nice_steps,
)

LEAST_CHANCE = 1e-4
"""The lowest chance drawn: below it there is nothing to see in some thousand runs."""


def draw_exceedance(rows: Sequence[Exceeded], runs: int, width: float, name: str) -> str:
    """Return the chance that more than so many are caught, on a scale of tenfold steps."""
    wide = width > 500
    left, right, top, bottom = (84.0 if wide else 78.0), width - 14.0, 22.0, 190.0
    drawing = Drawing(name, width, bottom + 42)
    seen = [one for one in rows if one.chance.mean > 0]
    floor = max(LEAST_CHANCE, 10.0 ** math.floor(math.log10(1.0 / max(runs, 10))))
    ticks = nice_steps(max([one.people for one in seen], default=1))

    def x(people: float) -> float:
        return left + (right - left) * people / ticks[-1]

    def y(chance: float) -> float:
        share = math.log10(max(min(chance, 1.0), floor)) / math.log10(floor)
        return top + (bottom - top) * share

    decades = round(-math.log10(floor))
    for power in range(decades + 1):
        height = y(10.0**-power)
        drawing.line([(left, height), (right, height)], ink=RULE, thick=0.6)
        words = "certain" if power == 0 else f"1 in {wording.count(10**power)}"
        drawing.words(left - 6, height + 4, words, ink=SOFT, anchor="end")
    for tick in ticks:
        drawing.line([(x(tick), top), (x(tick), bottom)], ink=RULE, thick=0.6)
        at_end = tick == ticks[-1]
        drawing.words(
            right if at_end else x(tick),
            bottom + 17,
            wording.count(int(tick)),
            ink=SOFT,
            anchor="end" if at_end else "middle",
        )
    drawing.words(0, top - 9, "chance of more caught than", ink=SOFT)
    drawing.words(right, bottom + 34, "people caught on the road", ink=SOFT, anchor="end")
    if seen:
        lower = _steps([(x(one.people), y(one.chance.low)) for one in seen], right)
        upper = _steps([(x(one.people), y(one.chance.high)) for one in seen], right)
        drawing.area([*upper, *reversed(lower)], drawing.pattern("slant"))
        line = [(x(one.people), y(one.chance.mean)) for one in seen]
        drawing.line(_steps(line, line[-1][0]), ink=BLUE, thick=2.6)
    else:
        drawing.words(
            (left + right) / 2, (top + bottom) / 2, "nobody was caught in any run", anchor="middle"
        )
    drawing.line([(left, bottom), (right, bottom)], ink=SOFT)
    return drawing.svg()


def _steps(points: Sequence[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    """Return a falling step line: the chance holds up to the next number of people."""
    found: list[tuple[float, float]] = []
    for one, following in zip(points, [*points[1:], (end, points[-1][1])], strict=True):
        found += [one, (following[0], one[1])]
    return found


def draw_wait(wait: WaitOnBoard, width: float, name: str) -> str:
    """Return the longest wait on board of each run as a box, with the limit beside it."""
    left, right, top = 8.0, width - 14.0, 30.0
    bottom = top + 44
    drawing = Drawing(name, width, bottom + 40)
    worst = wait.worst
    ticks = nice_steps(max(worst.q95, wait.limit) * 1.05)

    def x(hours: float) -> float:
        return left + (right - left) * hours / ticks[-1]

    for tick in ticks:
        drawing.line([(x(tick), top), (x(tick), bottom)], ink=RULE, thick=0.6)
        anchor: Anchor = "end" if tick == ticks[-1] else "start" if tick == 0 else "middle"
        drawing.words(x(tick), bottom + 17, f"{tick:g} h", ink=SOFT, anchor=anchor)
    middle = (top + bottom) / 2
    drawing.line([(x(worst.q05), middle), (x(worst.q95), middle)], ink=INK, thick=1.4)
    for end in (worst.q05, worst.q95):
        drawing.line([(x(end), middle - 7), (x(end), middle + 7)], ink=INK, thick=1.4)
    drawing.box(
        x(worst.q25),
        middle - 13,
        max(x(worst.q75) - x(worst.q25), 1.0),
        26,
        fill=drawing.pattern("slant"),
        ink=INK,
        thick=1.2,
    )
    drawing.line([(x(worst.q50), middle - 13), (x(worst.q50), middle + 13)], ink=PAPER, thick=6)
    drawing.line([(x(worst.q50), middle - 13), (x(worst.q50), middle + 13)], ink=BLUE, thick=3.4)
    limit = x(wait.limit)
    drawing.line([(limit, top - 6), (limit, bottom)], ink=AMBER, thick=2.0, dashes="5 3")
    over = limit > (left + right) / 2
    drawing.words(
        limit + (-5 if over else 5),
        top - 10,
        f"limit {wait.limit:g} h",
        ink=AMBER,
        anchor="end" if over else "start",
        bold=True,
        size=SMALL + 0.5,
    )
    drawing.words(
        right, bottom + 34, "longest wait on board in a run, hours", ink=SOFT, anchor="end"
    )
    return drawing.svg()
