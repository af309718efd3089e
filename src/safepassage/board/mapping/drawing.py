"""The roads of a scenario drawn once, in a child process: `python -m … SCENARIO` writes JSON.

The server never loads a road network: it holds some megabytes and takes seconds. What comes back
is lines in the units of the panel.
"""

import json
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from safepassage.board.mapping.drawn import ClosedPiece, Drawing
from safepassage.board.mapping.frame import WIDE, Frame, Point, frame_of, path
from safepassage.report.leg_ways import leg_ways
from safepassage.roads.network import ROAD_CLASSES, RoadNetwork, RoadsError
from safepassage.roads.travel import Roads, Travel, open_roads, travel
from safepassage.roads.ways import geometry
from safepassage.scenario.faults import ScenarioError
from safepassage.scenario.load import load_scenario

LONGEST = 400_000
"""Characters of roads that are no legs; the smallest classes are left out first."""
GROUND: tuple[tuple[frozenset[str], str, float], ...] = (
    (frozenset({"primary", "trunk", "motorway"}), "#b4b4b4", 2.2),
    (frozenset({"tertiary", "secondary"}), "#c4c4c4", 1.4),
    (frozenset({"unclassified", "residential", "living_street"}), "#d6d6d6", 0.7),
    (frozenset({"service", "track", "pedestrian", "footway", "path", "steps"}), "#e2e2e2", 0.4),
)
"""Classes of road, the largest first: grey and width in units."""


def draw(roads: Roads, made: Travel) -> Drawing:
    """Return the drawing of a scenario's roads."""
    lines = {
        leg: [(lon, lat) for lat, lon in geometry(roads.network, way)]
        for leg, way in leg_ways(roads, made).items()
        if way is not None
    }
    placed = [one.position for one in made.scenario.places if one.position is not None]
    points = [point for line in lines.values() for point in line]
    frame = frame_of([*points, *((one.lon, one.lat) for one in placed)])
    return Drawing(
        frame,
        {leg: tuple(_rounded(frame.point(one)) for one in line) for leg, line in lines.items()},
        tuple(_closed(made, frame)),
        _ground(roads.network, frame),
    )


def _rounded(at: Point) -> Point:
    return round(at[0], 1), round(at[1], 1)


def _closed(made: Travel, frame: Frame) -> Iterable[ClosedPiece]:
    for stretch in made.stretches:
        one = stretch.closure
        if one.state != "open":
            line = "".join(_edge(made.network, edge, frame) for edge in stretch.edges.tolist())
            yield ClosedPiece(one.state, _minutes(one.starts), _minutes(one.ends), line)


def _minutes(after: timedelta | None) -> float | None:
    return None if after is None else after.total_seconds() / 60


def _ground(network: RoadNetwork, frame: Frame) -> str:
    """Return the roads that are no legs as an SVG picture, largest classes on top."""
    groups: list[str] = []
    size = 0
    for classes, grey, width in GROUND:
        codes = {code for code, name in enumerate(ROAD_CLASSES) if name in classes}
        found = []
        for edge, code in enumerate(network.road.tolist()):
            if code in codes and size <= LONGEST:
                line = _edge(network, edge, frame, inside=True)
                size += len(line)
                found.append(line)
        if found:
            stroke = f'stroke="{grey}" stroke-width="{width}"'
            groups.append(f'<path fill="none" {stroke} d="{"".join(found)}"/>')
    box = f"0 0 {WIDE:g} {frame.high:g}"
    body = "".join(reversed(groups))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>'


def _edge(network: RoadNetwork, edge: int, frame: Frame, *, inside: bool = False) -> str:
    points = [frame.point((lon, lat)) for lat, lon in network.points(edge)]
    if inside and not any(0 <= x <= WIDE and 0 <= y <= frame.high for x, y in points):
        return ""
    return path(points)


def main() -> int:
    """Draw the scenario that the first argument names; 0 if it is written, 3 if it cannot be."""
    given = Path(sys.argv[1])
    try:
        scenario = load_scenario(given)
        folder = given if given.is_dir() else given.parent
        roads = open_roads(scenario, folder)
        made = draw(roads, travel(roads))
    except (ScenarioError, RoadsError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    sys.stdout.write(json.dumps(made.plain(), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
