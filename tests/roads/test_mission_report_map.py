"""The static map stands in the cell's report, on screen and paper, and in nobody else's."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safepassage.cli import app

CASE = Path(__file__).parents[2] / "cases" / "coquimbo-coast"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plan") / "plan.json"
    words = [
        "plan",
        str(CASE),
        "--iterations",
        "0",
        "--limit",
        "4s",
        "--seed",
        "1",
        "-o",
        str(file),
    ]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return file


def report_for(audience: str, plan: Path, folder: Path) -> Path:
    words = [
        "report",
        str(CASE),
        str(plan),
        "--for",
        audience,
        "-o",
        str(folder),
        "--beliefs",
        "0s",
    ]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return folder


def test_the_cells_report_has_the_map_and_a_table_that_says_the_same(
    plan: Path, tmp_path: Path
) -> None:
    folder = report_for("cell", plan, tmp_path)
    text = (folder / "report.html").read_text(encoding="utf-8")
    section = text[text.index('id="roads"') : text.index('id="left"')]
    assert section.count("<svg") == 2, "one for paper and desk, one for a phone"
    assert "Legs on the roads, with the minutes of all hours" in section
    assert "Port stop to Gymnasium inland" in section
    assert "© OpenStreetMap contributors" in section
    ids = re.findall(r'\bid="([^"]+)"', section)
    assert len(ids) == len(set(ids)), "two pictures on one page share no id"
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]+"', "", section), "nothing is fetched"
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("audience", ["crew", "public"])
def test_no_one_else_gets_the_map_or_the_legs(audience: str, plan: Path, tmp_path: Path) -> None:
    folder = report_for(audience, plan, tmp_path)
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for canary in (b"road-map", b"Map of the roads", b"port-gymnasium", b"shore-road"):
                assert canary not in content, f"{canary!r} in {file.name}"
