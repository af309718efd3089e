"""Where is the place of this name? Proposals from several lists; a person confirms one.

Joins by exact name, then by the consonant key, then by the key of the first words of a longer name,
then by likeness; never by likeness alone without saying so. The bundled list is GeoNames (CC BY
4.0).
"""

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from safepassage.roads.network import RoadsError
from safepassage.roads.spelling import skeleton
from safepassage.scenario.places import Place

Match = Literal["same name", "same consonants", "begins so", "alike"]
RANK: dict[Match, int] = {"same name": 0, "same consonants": 1, "begins so": 2, "alike": 3}
SHORTEST = 3
"""Consonants that a name needs to be looked for at the begin of longer ones: short ones collide."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A named point of one list; `names` holds every spelling."""

    name: str
    names: tuple[str, ...]
    lat: float
    lon: float
    origin: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that may be meant, how its name matched, and which spelling did."""

    entry: Entry
    match: Match
    spelling: str


def bundled() -> tuple[Entry, ...]:
    """Return the entries of the bundled GeoNames extract of Syria."""
    text = (resources.files("safepassage.roads") / "data/geonames_syria.geojson").read_text(
        encoding="utf-8"
    )
    entries = []
    for feature in json.loads(text)["features"]:
        about = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"]
        names = dict.fromkeys([about["name"], *about["alternatenames"]])
        entries.append(Entry(about["name"], tuple(names), lat, lon, "GeoNames"))
    return tuple(entries)


def of_scenario(places: Sequence[Place]) -> tuple[Entry, ...]:
    """Return the scenario's own places that have a position, under all their names."""
    return tuple(
        Entry(
            place.name(),
            tuple(dict.fromkeys([place.id, *place.names.values()])),
            place.position.lat,
            place.position.lon,
            "this scenario",
        )
        for place in places
        if place.position is not None
    )


def of_extract(path: Path) -> tuple[Entry, ...]:
    """Return the named places (`place` nodes) of an OpenStreetMap extract.

    Raises
    ------
    RoadsError
        If the extra `roads` is not installed or the file cannot be read.
    """
    try:
        import osmium  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise RoadsError(
            "reading .osm.pbf needs the extra: pip install 'safepassage[roads]'"
        ) from None
    entries = []
    try:
        nodes: Any = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(
            osmium.filter.KeyFilter("place")
        )
        for node in nodes:
            names = dict.fromkeys(
                part.strip()
                for tag in node.tags
                if tag.k in {"name", "alt_name", "old_name"} or tag.k.startswith("name:")
                for part in tag.v.split(";")
                if part.strip()
            )
            if names:
                first = node.tags.get("name") or next(iter(names))
                entries.append(Entry(first, tuple(names), node.lat, node.lon, "OpenStreetMap"))
    except (RuntimeError, OSError) as error:
        raise RoadsError(f"{path}: cannot be read to its end ({error})") from error
    return tuple(entries)


def search(text: str, entries: Iterable[Entry], most: int = 8) -> tuple[Proposal, ...]:
    """Return what may be meant by a name, best first; nothing is chosen.

    Entries of the scenario come before those of other lists where the match is as good.
    """
    wanted = text.strip().casefold()
    key = skeleton(text)
    found: list[tuple[int, int, float, Proposal]] = []
    for entry in entries:
        best: tuple[int, float, Match, str] | None = None
        for name in entry.names:
            match, likeness = _match(wanted, key, name)
            if match is None:
                continue
            candidate = (RANK[match], -likeness, match, name)
            if best is None or candidate < best:
                best = candidate
        if best is not None:
            rank, unlike, match, name = best
            own = 0 if entry.origin == "this scenario" else 1
            found.append((rank, own, unlike, Proposal(entry, match, name)))
    found.sort(key=lambda one: one[:3])
    return tuple(proposal for *_, proposal in found[:most])


def _match(wanted: str, key: str, name: str) -> tuple[Match | None, float]:
    folded = name.casefold()
    if folded == wanted:
        return "same name", 1.0
    likeness = difflib.SequenceMatcher(None, wanted, folded).ratio()
    if key and skeleton(name) == key:
        return "same consonants", likeness
    if len(key) >= SHORTEST and _begins(name, key):
        return "begins so", likeness
    return ("alike", likeness) if likeness >= 0.75 else (None, likeness)


def _begins(name: str, key: str) -> bool:
    """Return whether the first words of a name, figures at their end left out, have a key."""
    words = re.split(r"[\s\-_,/()]+", name.strip())
    firsts = (" ".join(words[:count]) for count in range(1, len(words) + 1))
    return any(skeleton(first.rstrip("0123456789٠١٢٣٤٥٦٧٨٩ ")) == key for first in firsts)
