"""Which part of the earth a panel shows, and where a point of it lies in the picture."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDE, LOWEST, HIGHEST, EDGE = 400.0, 170.0, 300.0, 32.0
"""The picture's width, its least and greatest height, and the rim round the points, in units."""
DEGREE_M = 111_195.0
"""Metres of one degree of latitude on the mean sphere."""
NEAR = 0.3
"""Points of a line closer than this to the last one are left out."""
Point = tuple[float, float]
"""Longitude and latitude in degrees; or x and y in the picture."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A straight projection: `scale` units a degree of latitude, one scale for both axes."""

    middle_lon: float
    middle_lat: float
    scale: float
    high: float

    @property
    def shrink(self) -> float:
        """How much shorter a degree of longitude is here."""
        return math.cos(math.radians(self.middle_lat))

    def point(self, at: Point) -> Point:
        """Return where a longitude and latitude lie; north is up."""
        lon, lat = at
        return (
            WIDE / 2 + (lon - self.middle_lon) * self.shrink * self.scale,
            self.high / 2 - (lat - self.middle_lat) * self.scale,
        )

    def bar(self) -> tuple[float, str]:
        """Return the length of a scale bar of a round number of metres, and its words."""
        unit = DEGREE_M / self.scale
        about = unit * WIDE / 5
        power = 10.0 ** math.floor(math.log10(about))
        metres = max(step * power for step in (1, 2, 5) if step * power <= about)
        return metres / unit, f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def frame_of(points: Iterable[Point]) -> Frame:
    """Return the frame round some points (longitude, latitude), with a rim."""
    listed = list(points)
    lons, lats = [one for one, _ in listed], [one for _, one in listed]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    wide = (max(lons) - min(lons)) * math.cos(math.radians(lat))
    high = max(lats) - min(lats)
    least = 1e-4
    scale = min((WIDE - 2 * EDGE) / max(wide, least), (HIGHEST - 2 * EDGE) / max(high, least))
    return Frame(lon, lat, scale, min(HIGHEST, max(LOWEST, high * scale + 2 * EDGE)))


def path(points: Sequence[Point]) -> str:
    """Return a line through points of the picture as an SVG path, without what nobody can see."""
    kept = [points[0]]
    for x, y in points[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= NEAR:
            kept.append((x, y))
    kept.append(points[-1])
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def along(points: Sequence[Point], share: float) -> Point:
    """Return the point at a share of a line's length, from 0 to 1."""
    steps = [math.dist(a, b) for a, b in pairwise(points)]
    left = sum(steps) * share
    for (start, end), step in zip(pairwise(points), steps, strict=True):
        if step >= left and step > 0:
            part = left / step
            return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
        left -= step
    return points[-1]


def heading(points: Sequence[Point], at: Point, reach: float = 8.0) -> float:
    """Return which way a line runs near a point of it: degrees clockwise from rightwards.

    `reach` is how far before and after the point it is looked at: a bend of a road is no turn.
    """
    steps = [math.dist(a, b) for a, b in pairwise(points)]
    whole = sum(steps)
    if whole == 0:
        return 0.0
    done, best, share = 0.0, math.inf, 0.0
    for (start, end), step in zip(pairwise(points), steps, strict=True):
        if step > 0:
            dx, dy = end[0] - start[0], end[1] - start[1]
            part = ((at[0] - start[0]) * dx + (at[1] - start[1]) * dy) / step**2
            part = min(1.0, max(0.0, part))
            off = math.dist(at, (start[0] + part * dx, start[1] + part * dy))
            if off < best:
                best, share = off, (done + part * step) / whole
        done += step
    before, after = (
        along(points, min(1.0, max(0.0, share + one))) for one in (-reach / whole, reach / whole)
    )
    return math.degrees(math.atan2(after[1] - before[1], after[0] - before[0]))


def clear_of(points: Sequence[Point], others: Sequence[Point], enough: float = 18.0) -> Point:
    """Return a point of a line, as near to its middle as it keeps enough away from others."""
    tries = [along(points, share) for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)]
    for one in tries:
        if all(math.dist(one, other) >= enough for other in others):
            return one
    return max(tries, key=lambda one: min(math.dist(one, other) for other in others))
