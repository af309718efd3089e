"""Bars of differences with their intervals: arrived and caught beside each other, always both.

Draws only; every number comes in.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from safepassage.rehearsal.result import Difference, Estimate
from safepassage.report import wording
from safepassage.report.drawing import (
    BLUE,
    INK,
    PAPER,
    RULE,
    SOFT,
    Drawing,
    PatternName,
)

ROW, GAP, BAR = 22.0, 16.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that is changed: its words, what it changes, and how its bar is filled."""

    words: str
    change: Difference
    filled: bool = True


def draw_bars(bars: Sequence[Bar], width: float, name: str) -> str:
    """Return two panels of bars about zero: people arrived, people caught, one scale each."""
    wide = width > 500
    lines = [_wrapped(one.words, 31 if wide else 46) for one in bars]
    rows = [
        (ROW if wide else BAR + 8) + 13.0 * (len(words) - (1 if wide else 0)) for words in lines
    ]
    top = 40.0
    drawing = Drawing(name, width, top + sum(rows) + 8)
    if wide:
        panels = ((222.0, 448.0), (526.0, width - 30.0))
    else:
        half = width / 2
        panels = ((34.0, half - 24), (half + 30, width - 26))
    heads = ("more or fewer arrived", "more or fewer caught")
    for panel, head, reach in zip(
        panels,
        heads,
        (_reach([one.change.arrived for one in bars]), _reach([one.change.caught for one in bars])),
        strict=True,
    ):
        middle = (panel[0] + panel[1]) / 2
        drawing.words(middle, 12, head, ink=SOFT, anchor="middle")
        for share, label in ((-1, f"-{wording.count(round(reach))}"), (0, "0"),
                             (1, f"+{wording.count(round(reach))}")):  # fmt: skip
            x = middle + share * (panel[1] - panel[0]) / 2
            drawing.line([(x, top - 8), (x, top + sum(rows))], ink=RULE if share else SOFT,
                         thick=0.6 if share else 1.0)  # fmt: skip
            drawing.words(x, top - 13, label, ink=SOFT, anchor="middle")
    y = top
    for bar, words, tall in zip(bars, lines, rows, strict=True):
        for index, line in enumerate(words):
            drawing.words(0, y + 11 + 13 * index, line, halo=not wide)
        # On a phone the words stand above their bars.
        middle_y = y + (tall / 2 - 2 if wide else tall - BAR / 2 - 4)
        for panel, change, every in (
            (panels[0], bar.change.arrived, [one.change.arrived for one in bars]),
            (panels[1], bar.change.caught, [one.change.caught for one in bars]),
        ):
            _bar(drawing, panel, change, _reach(every), middle_y, filled=bar.filled)
        y += tall
    return drawing.svg()


def _bar(
    drawing: Drawing,
    panel: tuple[float, float],
    change: Estimate,
    reach: float,
    y: float,
    *,
    filled: bool,
) -> None:
    middle, half = (panel[0] + panel[1]) / 2, (panel[1] - panel[0]) / 2

    def x(people: float) -> float:
        return middle + half * max(min(people / reach, 1.0), -1.0)

    begins, ends = sorted((x(0), x(change.mean)))
    fill: PatternName = "slant"
    drawing.box(
        begins,
        y - BAR / 2,
        max(ends - begins, 0.8),
        BAR,
        fill=BLUE if filled else drawing.pattern(fill),
        ink=INK,
        thick=0.8,
    )
    if not math.isfinite(change.half_width):
        # From one set of draws no interval is known.
        return
    for ink, thick in ((PAPER, 4.0), (INK, 1.4)):
        drawing.line([(x(change.low), y), (x(change.high), y)], ink=ink, thick=thick)
    for end in (change.low, change.high):
        drawing.line([(x(end), y - 4), (x(end), y + 4)], ink=INK, thick=1.4)


def _reach(changes: Sequence[Estimate]) -> float:
    """Return how far a panel reaches to either side, in people: a round number."""
    ends = [abs(end) for one in changes for end in (one.low, one.mean, one.high)]
    most = max([end for end in ends if math.isfinite(end)], default=1.0)
    magnitude = 10.0 ** (len(str(int(max(most, 1.0)))) - 1)
    return next(
        step * magnitude for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * magnitude >= most
    )


def _wrapped(words: str, letters: int) -> list[str]:
    """Return words in lines of at most so many letters."""
    found: list[str] = []
    for word in words.split():
        if found and len(found[-1]) + 1 + len(word) <= letters:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found or [""]
