"""An extract is read in a process of its own: a crash there is a fault of the file, in words."""

import sys
from pathlib import Path

import numpy as np
import pytest

from safepassage.roads.apart import main, read_names, read_network
from safepassage.roads.clip import Clip
from safepassage.roads.network import RoadsError
from safepassage.roads.osm import read_pbf

EXTRACT = Path(__file__).parents[2] / "cases" / "coquimbo-coast" / "roads.osm.pbf"
AROUND = Clip(round_points=((-29.953, -71.337),), metres=2000.0)


def test_the_process_hands_back_the_same_network(tmp_path: Path) -> None:
    here, apart = read_pbf(EXTRACT, AROUND), read_network(EXTRACT, AROUND)
    for name in ("way", "edge_start", "edge_end", "metres", "shape_lat", "label", "node_id"):
        assert np.array_equal(getattr(here, name), getattr(apart, name))
    assert here.labels == apart.labels
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_with_a_file_comes_back_in_its_own_words(tmp_path: Path) -> None:
    missing, text = tmp_path / "no.osm.pbf", tmp_path / "text.osm.pbf"
    text.write_text("not a map, whatever its name says, and long enough to be looked at")
    with pytest.raises(RoadsError, match=f"{missing}: no such file"):
        read_network(missing)
    with pytest.raises(RoadsError, match="no OSMHeader at its start"):
        read_network(text)
    with pytest.raises(RoadsError, match="no road lies in the part that was asked for"):
        read_network(EXTRACT, Clip(round_points=((0.0, 0.0),), metres=1000.0))


@pytest.mark.parametrize("kind", ["SEGV", "ABRT", "KILL"])
def test_a_crash_of_the_reader_is_one_clear_error_and_nothing_half_written(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A stand-in for the interpreter that dies as the C++ library does on a file made to do harm.
    dies = tmp_path / "dies"
    dies.write_text(f"#!/bin/sh\nulimit -c 0\nkill -{kind} $$\n")
    dies.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dies))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    for read in (read_network, read_names):
        with pytest.raises(RoadsError, match=rf"damaged: reading it crashed \(SIG{kind}\)"):
            read(EXTRACT)
    assert list(temporary.iterdir()) == []


def test_names_come_back_with_every_spelling(shared: Path) -> None:
    found = read_names(shared / "data" / "liechtenstein_2015-07-27.osm.pbf")
    vaduz = next(one for one in found if one.name == "Vaduz")
    assert vaduz.origin == "OpenStreetMap"
    assert vaduz.lat == pytest.approx(47.139, abs=0.01)


def test_the_process_says_a_fault_on_stdout_and_ends_with_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = main(["network", str(tmp_path / "no.osm.pbf"), str(tmp_path / "out"), "[[], [], 0]"])
    assert ended == 3
    assert "no such file" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
