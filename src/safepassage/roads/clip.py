"""Which part of an extract is kept: a polygon, or a distance round some places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safepassage.roads.network import Floats, RoadsError, metres_between

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Clip:
    """Keep what lies in `polygon` (lat, lon corners) or within `metres` of one of `round_points`.

    With neither everything is kept.
    """

    polygon: tuple[Point, ...] = ()
    round_points: tuple[Point, ...] = ()
    metres: float = 0.0

    def keeps(self, lat: Floats, lon: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return for each point whether it is kept."""
        if not self.polygon and not self.round_points:
            return np.ones(len(lat), dtype=np.bool_)
        kept = np.zeros(len(lat), dtype=np.bool_)
        if self.polygon:
            kept |= inside(self.polygon, lat, lon)
        for place_lat, place_lon in self.round_points:
            kept |= metres_between(lat, lon, place_lat, place_lon) <= self.metres
        return kept


def inside(
    polygon: Sequence[Point], lat: Floats, lon: Floats
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return for each point whether it lies inside a polygon (even-odd rule)."""
    found = np.zeros(len(lat), dtype=np.bool_)
    corners = np.asarray(polygon, dtype=np.float64)
    previous = corners[-1]
    for corner in corners:
        (lat1, lon1), (lat2, lon2) = previous, corner
        crosses = (lat1 > lat) != (lat2 > lat)
        if lat1 != lat2:
            found ^= crosses & (lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1)
        previous = corner
    return found


def check_polygon(polygon: Sequence[Point], where: str) -> None:
    """Refuse a polygon with too few corners, corners off the map, or sides that cross.

    Raises
    ------
    RoadsError
        Naming the place and what is wrong with it.
    """
    if len(polygon) >= 2 and polygon[0] == polygon[-1]:
        polygon = polygon[:-1]
    if len(polygon) < 3:
        raise RoadsError(f"{where}: got {len(polygon)} corners, want at least 3")
    for number, (lat, lon) in enumerate(polygon):
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise RoadsError(f"{where}: corner {number} is at ({lat}, {lon}), which is off the map")
    sides = [(polygon[i], polygon[(i + 1) % len(polygon)]) for i in range(len(polygon))]
    for i, one in enumerate(sides):
        for j in range(i + 2, len(sides)):
            if (i == 0 and j == len(sides) - 1) or not _cross(one, sides[j]):
                continue
            raise RoadsError(f"{where}: its sides {i} and {j} cross, want a simple outline")


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    def turn(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, other
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
