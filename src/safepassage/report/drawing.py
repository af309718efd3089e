"""Draw SVG by hand, so that text stays text: a browser and typst shape it, Arabic too.

Knows ink, patterns and scales. Colour never carries a meaning alone: every kind of area also has
its pattern, every kind of line its dashes. The palette keeps its order in grey.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Final, Literal

from safepassage.report import wording
from safepassage.report.typeset import plain

INK: Final = "#1a1f26"
SOFT: Final = "#4f5965"
RULE: Final = "#c4cbd3"
FAINT: Final = "#e9edf1"
PAPER: Final = "#ffffff"
BLUE: Final = "#0b5178"
SKY: Final = "#8fc1de"
AMBER: Final = "#b4540a"

FONT: Final = "DejaVu Sans"
SMALL: Final = 11.0
NORMAL: Final = 12.5

Anchor = Literal["start", "middle", "end"]
PatternName = Literal["slant", "back", "dots", "cross", "rows", "pale"]

PATTERNS: Final[dict[PatternName, str]] = {
    "slant": (
        '<rect width="6" height="6" fill="#fff"/>'
        '<path d="M-1.5 1.5 L1.5 -1.5 M0 6 L6 0 M4.5 7.5 L7.5 4.5" stroke="#0b5178" '
        'stroke-width="1.6"/>'
    ),
    "back": (
        '<rect width="8" height="8" fill="#f4f5f7"/>'
        '<path d="M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2" stroke="#9aa3ad" stroke-width="1"/>'
    ),
    "dots": (
        '<rect width="5" height="5" fill="#fff"/><circle cx="2.5" cy="2.5" r="1.1" fill="#b4540a"/>'
    ),
    "cross": (
        '<rect width="6" height="6" fill="#fff"/>'
        '<path d="M0 0 L6 6 M6 0 L0 6" stroke="#4f5965" stroke-width="0.9"/>'
    ),
    "rows": (
        '<rect width="5" height="5" fill="#fff"/>'
        '<path d="M0 2.5 H5" stroke="#9aa3ad" stroke-width="0.7"/>'
    ),
    "pale": (
        '<rect width="6" height="6" fill="#f3f7fa"/>'
        '<path d="M0 3 H6" stroke="#b9cfdd" stroke-width="0.8"/>'
    ),
}
"""What fills an area, by name; each readable in one colour of ink."""

PATTERN_SIZE: Final[dict[PatternName, int]] = {
    "slant": 6, "back": 8, "dots": 5, "cross": 6, "rows": 5, "pale": 6,
}  # fmt: skip


def text_width(words: str, size: float) -> float:
    """Return about how wide words are, in DejaVu Sans (the widest font that we meet)."""
    return 0.61 * size * len(words)


class Drawing:
    """An SVG picture that grows by strokes; `svg()` gives its source."""

    def __init__(self, name: str, width: float, height: float) -> None:
        self.name = name
        self.width = width
        self.height = height
        self._parts: list[str] = []
        self._patterns: dict[PatternName, str] = {}

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        ink: str = INK,
        thick: float = 1.0,
        dashes: str | None = None,
        butt: bool = True,
    ) -> None:
        """Draw a line through points."""
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        cap = "butt" if butt else "round"
        self._parts.append(
            f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="{thick:.2f}"{dash} '
            f'stroke-linecap="{cap}" stroke-linejoin="round"/>'
        )

    def area(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """Fill the area inside points."""
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + " Z"
        self._parts.append(f'<path d="{path}" fill="{fill}"/>')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        ink: str | None = None,
        thick: float = 1.0,
        round_by: float = 0.0,
    ) -> None:
        """Draw a box."""
        stroke = f' stroke="{ink}" stroke-width="{thick:.2f}"' if ink else ""
        corner = f' rx="{round_by:.1f}"' if round_by else ""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" '
            f'height="{max(height, 0):.1f}" fill="{fill}"{stroke}{corner}/>'
        )

    def dot(
        self, x: float, y: float, radius: float, *, fill: str = INK, ink: str | None = None
    ) -> None:
        """Draw a dot."""
        stroke = f' stroke="{ink}" stroke-width="1.6"' if ink else ""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"{stroke}/>'
        )

    def words(
        self,
        x: float,
        y: float,
        content: str,
        *,
        size: float = SMALL,
        ink: str = INK,
        anchor: Anchor = "start",
        bold: bool = False,
        halo: bool = False,
        language: str | None = None,
    ) -> None:
        """Write words; with `halo`, on a rim of paper that keeps them readable over lines."""
        weight = ' font-weight="bold"' if bold else ""
        lang = f' lang="{escape(language)}"' if language else ""
        inside = escape(plain(content), quote=False)
        place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}" text-anchor="{anchor}"'
        look = f'font-family="{FONT}"{weight}{lang}'
        if halo:
            # Two texts: not every renderer knows paint-order. The rim is hidden from readers.
            self._parts.append(
                f'<text {place} {look} fill="{PAPER}" stroke="{PAPER}" stroke-width="3.2" '
                f'stroke-linejoin="round" aria-hidden="true">{inside}</text>'
            )
        self._parts.append(f'<text {place} {look} fill="{ink}">{inside}</text>')

    def pattern(self, name: PatternName) -> str:
        """Return the fill of a pattern, kept once in this drawing."""
        size = PATTERN_SIZE[name]
        identity = f"{self.name}-{name}"
        self._patterns[name] = (
            f'<pattern id="{identity}" width="{size}" height="{size}" '
            f'patternUnits="userSpaceOnUse">{PATTERNS[name]}</pattern>'
        )
        return f"url(#{identity})"

    def svg(self) -> str:
        """Return the source of the picture."""
        defs = f"<defs>{''.join(self._patterns.values())}</defs>" if self._patterns else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.0f} '
            f'{self.height:.0f}" width="{self.width:.0f}" height="{self.height:.0f}">'
            f"{defs}{''.join(self._parts)}</svg>"
        )


def swatch(name: str, kind: str) -> str:
    """Return a small picture for the key of a chart: a line, a box or a pattern."""
    drawing = Drawing(name, 30, 14)
    if kind in PATTERNS:
        fill = drawing.pattern(kind)
        drawing.box(1, 1, 28, 12, fill=fill, ink=SOFT, thick=0.8)
    elif kind == "full":
        drawing.box(1, 1, 28, 12, fill=BLUE)
    elif kind == "hollow":
        drawing.box(1, 3, 28, 8, fill=PAPER, ink=INK, thick=1.1)
    elif kind == "grey":
        drawing.box(1, 1, 28, 12, fill=FAINT)
    elif kind == "thick":
        drawing.line([(1, 7), (29, 7)], ink=BLUE, thick=6)
    elif kind == "line":
        drawing.line([(1, 7), (29, 7)], ink=BLUE, thick=2.6)
    elif kind == "edge":
        drawing.line([(1, 7), (29, 7)], ink=SOFT, thick=1.4, dashes="7 3")
    elif kind == "dashed":
        drawing.line([(1, 7), (29, 7)], ink=AMBER, thick=1.8, dashes="3 2.4")
    elif kind == "whisker":
        drawing.line([(3, 7), (27, 7)], ink=INK, thick=1.4)
        for x in (3, 27):
            drawing.line([(x, 2.5), (x, 11.5)], ink=INK, thick=1.4)
    elif kind == "thin":
        drawing.line([(1, 7), (29, 7)], ink=INK, thick=1.2, dashes="4 3")
    else:
        raise ValueError(f"no swatch {kind!r}")
    return drawing.svg()


class TimeScale:
    """From seconds since the start to x, with its ticks at whole local hours."""

    def __init__(
        self, start: datetime, begins: float, ends: float, left: float, right: float
    ) -> None:
        self.start = start
        self.begins = begins
        self.ends = ends
        self.left = left
        self.right = right

    def x(self, seconds: float) -> float:
        """Return where a time lies, kept inside the scale."""
        kept = min(max(seconds, self.begins), self.ends)
        share = (kept - self.begins) / max(self.ends - self.begins, 1.0)
        return self.left + share * (self.right - self.left)

    def ticks(self, least_apart: float) -> list[tuple[float, datetime]]:
        """Return (seconds, local time) at whole hours, at least so many units apart."""
        per_hour = 3600 * (self.right - self.left) / max(self.ends - self.begins, 1.0)
        steps = (1, 2, 3, 4, 6, 8, 12, 24, 48)
        step = next((one for one in steps if one * per_hour >= least_apart), 48)
        first = wording.at(self.start, self.begins)
        hour = first.replace(minute=0, second=0, microsecond=0)
        if hour < first:
            hour += timedelta(hours=1)
        found = []
        while (seconds := (hour - self.start).total_seconds()) <= self.ends:
            if hour.hour % min(step, 24) == 0:
                found.append((seconds, wording.at(self.start, seconds)))
            hour += timedelta(hours=1)
        return found


def time_axis(
    drawing: Drawing,
    scale: TimeScale,
    top: float,
    bottom: float,
    *,
    labels: bool = True,
) -> None:
    """Draw hour lines and below them the local times, with the date where the day turns."""
    ticks = scale.ticks(42)
    previous: datetime | None = None
    for seconds, when in ticks:
        x = scale.x(seconds)
        midnight = when.hour == 0
        drawing.line(
            [(x, top), (x, bottom)], ink=SOFT if midnight else RULE, thick=1.1 if midnight else 0.6
        )
        if not labels:
            continue
        over = x + text_width("00:00", SMALL) / 2 > drawing.width
        drawing.words(
            drawing.width if over else x,
            bottom + 17,
            wording.clock(when),
            ink=SOFT,
            anchor="end" if over else "middle",
        )
        if previous is None or when.date() != previous.date():
            drawing.words(x, bottom + 31, wording.day(when), anchor="middle", bold=True)
        previous = when


def nice_steps(top: float, wanted: int = 4) -> list[float]:
    """Return about so many round steps from 0 up to the first at or above the top."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / wanted
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(one * magnitude for one in (1, 2, 2.5, 5, 10) if one * magnitude >= raw)
    step = max(step, 1.0)
    return [step * index for index in range(math.ceil(top / step - 1e-9) + 1)]


def merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans of time joined where they touch, in order."""
    joined: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if ends <= begins:
            continue
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined
