"""Vital stretches are for the cell alone: no file for anybody else tells that a road is one.

Every road whose loss would cut a leg is renamed in the extract to a canary. The cell's own commands
sing; nothing that is made for crews, parties or the public does.
"""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium
import pytest
from typer.testing import CliRunner, Result

from safepassage.cli import app
from safepassage.report.audience import SECTIONS
from safepassage.roads.engine import arc_milliseconds
from safepassage.roads.travel import travel
from safepassage.roads.ways import WayFinder
from tests.roads.opened import opened

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"
CANARY = "Canary"
PARTY = """
[[party]]
id = "harbour-master"
name = "Harbour master"
"""


def run(*words: object) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done


def vital_ways() -> set[int]:
    """Return the ways that any leg of the case cannot do without, at the start."""
    roads = opened(CASE)
    travelled = travel(roads)
    seconds = roads.seconds("bus", night=True)
    times = arc_milliseconds(roads.network, seconds, roads.closed(travelled.slices[0].starts))
    finder = WayFinder(roads.network, roads.engine, times)
    found: set[int] = set()
    for leg in travelled.scenario.legs[:6]:
        one, other = travelled.snaps[leg.start].node, travelled.snaps[leg.end].node
        found |= {one.way_id for one in finder.vital(one, other, 180_000)}
    return found


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(CASE, tmp_path_factory.mktemp("canary") / "case"))
    vital = vital_ways()
    assert len(vital) >= 3
    (folder / "roads.osm.pbf").unlink()
    writer = osmium.SimpleWriter(str(folder / "roads.osm.pbf"))
    things: Any = osmium.FileProcessor(str(CASE / "roads.osm.pbf"))
    for thing in things:
        if thing.is_way() and thing.id in vital:
            tags = dict(thing.tags) | {"name": f"{CANARY} {thing.id}"}
            writer.add(thing.replace(tags=tags))
        else:
            writer.add(thing)
    writer.close()
    return folder


@pytest.fixture(scope="module")
def plan(case: Path) -> Path:
    file = case.parent / "plan.json"
    run("plan", case, "--iterations", "0", "--limit", "4s", "--seed", "1", "-o", file)
    return file


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, words) of every file of a folder, archives and PDF files opened."""
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        if file.suffix in {".zip", ".xlsx"}:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                for name in packed.namelist():
                    yield f"{file.name}/{name}", packed.read(name).decode("utf-8", "replace")
        elif file.suffix == ".pdf" and shutil.which("pdftotext"):
            words = ["pdftotext", str(file), "-"]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            yield file.name, done.stdout
        else:
            yield file.name, content.decode("utf-8", "replace")


def test_the_cell_sees_the_canary(case: Path) -> None:
    assert (
        CANARY in run("roads", "vital", case, "port", "hill-school", "--worse-by", "3 min").stdout
    )


@pytest.mark.parametrize("audience", ["crew", "public"])
def test_no_export_for_others_sings(case: Path, plan: Path, audience: str, tmp_path: Path) -> None:
    run("roads", "export", case, plan, "--for", audience, "-o", tmp_path)
    files = list(texts(tmp_path))
    assert len(files) > 5
    for name, words in files:
        assert CANARY not in words, name
        assert "vital" not in words.casefold(), name


@pytest.mark.parametrize("audience", ["crew", "party", "public"])
def test_no_report_or_sheet_for_others_sings(
    case: Path, plan: Path, audience: str, tmp_path: Path
) -> None:
    run("report", case, plan, "--for", audience, "-o", tmp_path, "--beliefs", "0s")
    files = list(texts(tmp_path))
    assert len(files) >= 2
    for name, words in files:
        assert CANARY not in words, name


def test_no_audience_but_the_cell_has_the_section_with_the_map() -> None:
    assert [who for who, sections in SECTIONS.items() if "roads" in sections] == ["cell"]


def test_where_there_are_parties_no_timetable_is_exported(case: Path, tmp_path: Path) -> None:
    held = Path(shutil.copytree(case, tmp_path / "held"))
    file = held / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8") + PARTY, encoding="utf-8")
    other = tmp_path / "plan.json"
    run("plan", held, "--iterations", "0", "--limit", "4s", "--seed", "1", "-o", other)
    words = ["roads", "export", str(held), str(other), "--for", "public", "-o", str(tmp_path / "x")]
    done = CliRunner().invoke(app, words)
    assert "never published" in str(done.exception)
    assert not (tmp_path / "x").exists()
