"""`safepassage hazard` as typed, and that no clearance ever reads it."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.cli import app
from safepassage.cli.running import run_guarded

ROOT = Path(__file__).parents[2]
CASE = ROOT / "cases" / "aleppo-2016"


def typed(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["safepassage", *map(str, words)])
    return run_guarded(app)


def test_the_command_shows_a_range_and_says_what_it_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ledger = tmp_path / "day.db"
    assert typed(monkeypatch, "ledger", "init", "--ledger", ledger) == 0
    capsys.readouterr()
    assert typed(monkeypatch, "hazard", CASE, "--ledger", ledger, "--ahead", "80 min") == 0
    words = capsys.readouterr().out
    assert "no part of go or no-go" in words
    assert "13 spells of other truces and 0 of this one" in words
    # Nothing seen yet: (90 / 91.33)^2 and (22 / 23.33)^0.5, both about 0.97.
    assert "about 19 in 20 (0.97 to 0.97)" in words
    assert (
        typed(monkeypatch, "hazard", CASE, "--ledger", ledger, "--ahead", "3 days", "--json") == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["together"] is None
    assert [one["party"] for one in found["guarantors"]] == [
        "russia",
        "government",
        "militias",
        "opposition",
    ]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--ahead", "soon"), 2, "--ahead"),
        (("--ahead", "0 min"), 2, "--ahead"),
        (("--at", "yesterday"), 2, "--at: got 'yesterday'"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    ledger = tmp_path / "day.db"
    assert typed(monkeypatch, "ledger", "init", "--ledger", ledger) == 0
    assert typed(monkeypatch, "hazard", CASE, "--ledger", ledger, *words) == code
    assert says in capsys.readouterr().err


def imported(folder: Path) -> Iterator[tuple[Path, str]]:
    """Return every module that the files of a folder import, with the file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.module
            elif isinstance(node, ast.Import):
                yield from ((path, one.name) for one in node.names)


def test_nothing_that_decides_or_shows_go_or_no_go_imports_the_hazard() -> None:
    source = ROOT / "src" / "safepassage"
    deciding = [source / "clearance", source / "ledger", source / "planner", source / "scenario"]
    showing = [source / "report" / "sheets", source / "cli"]
    for folder in (*deciding, *showing):
        for path, module in imported(folder):
            if path.name != "hazard.py":
                assert "rehearsal.hazard" not in module, path
    for path, module in imported(source / "board"):
        assert "rehearsal.hazard" not in module, path
