"""A damaged extract: whatever a bad stick or a broken download does to it, one clear error."""

import random
from pathlib import Path
from typing import Any

import osmium
import pytest

from safepassage.roads.network import RoadNetwork, RoadsError
from safepassage.roads.osm import read_pbf

EXTRACT = Path(__file__).parents[2] / "cases" / "coquimbo-coast" / "roads.osm.pbf"
WAYS = 150
NAME = "Avenida Verdadera"


def write_part(out: Path, form: str, name: str | None = None) -> None:
    """Write the first ways of the real extract with their nodes; `name` renames each of them."""
    ways: set[int] = set()
    nodes: set[int] = set()
    all_ways: Any = osmium.FileProcessor(str(EXTRACT), osmium.osm.WAY)
    for way in all_ways:
        if len(ways) == WAYS:
            break
        ways.add(way.id)
        nodes |= {node.ref for node in way.nodes}
    writer = osmium.SimpleWriter(osmium.io.File(str(out), form))
    everything: Any = osmium.FileProcessor(str(EXTRACT), osmium.osm.NODE | osmium.osm.WAY)
    for thing in everything:
        if thing.is_node() and thing.id in nodes:
            writer.add(thing)
        elif thing.is_way() and thing.id in ways:
            tags = dict(thing.tags) | ({} if name is None else {"name": name})
            writer.add(thing.replace(tags=tags))
    writer.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("part") / "part.osm.pbf"
    write_part(file, "pbf")
    return file.read_bytes()


def damaged(whole: bytes, chance: random.Random, how: str) -> bytes:
    made = bytearray(whole)
    if how == "flipped":
        for _ in range(chance.randint(1, 8)):
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    elif how == "appended":
        made += chance.randbytes(chance.randint(1, 300))
    elif how == "cut short":
        del made[chance.randrange(len(made)) :]
    else:
        at = chance.randrange(len(made))
        made[at : at + chance.randint(1, 30)] = chance.randbytes(chance.randint(0, 30))
    return bytes(made)


@pytest.mark.parametrize("how", ["flipped", "appended", "cut short", "overwritten"])
def test_a_damaged_extract_is_a_roads_error_or_a_network_and_nothing_else(
    whole: bytes, how: str, tmp_path: Path
) -> None:
    chance = random.Random(20161215)  # noqa: S311 - damage to repeat, nothing secret
    file = tmp_path / "damaged.osm.pbf"
    said: list[str] = []
    for _ in range(150):
        file.write_bytes(damaged(whole, chance, how))
        try:
            found = read_pbf(file)
        except RoadsError as error:
            said.append(str(error))
        else:
            assert isinstance(found, RoadNetwork)
            assert found.edges > 0
    assert len(said) > 100
    assert all(str(file) in one for one in said)


def test_the_undamaged_part_is_read(whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "whole.osm.pbf"
    file.write_bytes(whole)
    assert set(read_pbf(file).way.tolist()) <= set(read_pbf(EXTRACT).way.tolist())


def test_a_name_with_a_byte_that_is_no_utf8_is_a_roads_error(tmp_path: Path) -> None:
    file = tmp_path / "name.osm.pbf"
    write_part(file, "pbf,pbf_compression=none", NAME)
    assert NAME in set(read_pbf(file).labels[0].values())
    broken = file.read_bytes().replace(NAME.encode(), NAME.encode().replace(b"V", b"\xf2"))
    file.write_bytes(broken)
    with pytest.raises(RoadsError, match="cannot be read to its end"):
        read_pbf(file)
