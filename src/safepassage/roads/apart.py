"""Reads an extract in a process of its own, so that a damaged file cannot take the program with it.

The library that reads .osm.pbf (osmium) is C++ and can crash on damage inside blocks that are not
compressed. The process hands back a whole answer or none; a crash is a fault of the file, in words.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from safepassage.roads.clip import Clip
from safepassage.roads.gazetteer import Entry, of_extract
from safepassage.roads.network import RoadNetwork, RoadsError, load_network, save_network
from safepassage.roads.osm import read_pbf

REFUSED = 3
"""How the process ends when it has said what is wrong with the file."""


def read_network(path: Path, clip: Clip | None = None) -> RoadNetwork:
    """Return the roads of a .osm.pbf file, clipped; see `osm.read_pbf`.

    Raises
    ------
    RoadsError
        If the file is absent, no pbf, damaged, or holds no road where the clip looks.
    """
    asked = clip or Clip()
    words = [json.dumps([asked.polygon, asked.round_points, asked.metres])]
    with tempfile.TemporaryDirectory(prefix="safepassage-") as folder:
        out = Path(folder) / "network.npz"
        _ask("network", path, out, words)
        return load_network(out)


def read_names(path: Path) -> tuple[Entry, ...]:
    """Return the named places of a .osm.pbf file; see `gazetteer.of_extract`.

    Raises
    ------
    RoadsError
        If the file is absent, no pbf, or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="safepassage-") as folder:
        out = Path(folder) / "names.json"
        _ask("names", path, out, [])
        rows = json.loads(out.read_text(encoding="utf-8"))
    return tuple(
        Entry(row["name"], tuple(row["names"]), row["lat"], row["lon"], row["origin"])
        for row in rows
    )


def _ask(what: str, path: Path, out: Path, words: Sequence[str]) -> None:
    """Let a process read the file and write its answer to `out`."""
    if find_spec("osmium") is None:
        raise RoadsError("reading .osm.pbf needs the extra: pip install 'safepassage[roads]'")
    done = subprocess.run(  # noqa: S603 - this module, on a file that the user names
        [sys.executable, "-m", "safepassage.roads.apart", what, str(path.absolute()), str(out),
         *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0 and out.is_file():
        return
    if done.returncode == REFUSED:
        raise RoadsError(done.stdout.strip().replace(str(path.absolute()), str(path)))
    if done.returncode < 0:
        raise RoadsError(
            f"{path}: damaged: reading it crashed ({_signal(-done.returncode)}); want a whole "
            ".osm.pbf, compare its checksum with that of its source"
        )
    last = done.stderr.strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
    raise RoadsError(f"{path}: cannot be read ({last[0]})")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def main(words: Sequence[str]) -> int:
    """Read what is asked for and write it; 3 with one line on stdout where it cannot be."""
    what, path, out, *more = words
    try:
        if what == "network":
            polygon, points, metres = json.loads(more[0])
            clip = Clip(
                tuple((lat, lon) for lat, lon in polygon),
                tuple((lat, lon) for lat, lon in points),
                metres,
            )
            save_network(read_pbf(Path(path), clip), Path(out), packed=False)
        else:
            rows = [
                {"name": one.name, "names": one.names, "lat": one.lat, "lon": one.lon,
                 "origin": one.origin}
                for one in of_extract(Path(path))
            ]  # fmt: skip
            Path(out).write_text(json.dumps(rows), encoding="utf-8")
    except RoadsError as error:
        sys.stdout.write(f"{error}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
