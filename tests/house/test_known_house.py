"""The house: what the docs promise of commands, words and rooms is so."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from safepassage.cli import app

ROOT = Path(__file__).parents[2]
COMMAND: Any = typer.main.get_command(app)


def every_command() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, command in COMMAND.commands.items():
        found[name] = command
        for sub, one in getattr(command, "commands", {}).items():
            found[f"{name} {sub}"] = one
    return found


@pytest.mark.parametrize("name", sorted(every_command()))
def test_every_command_and_option_stands_in_the_reference(name: str) -> None:
    page = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert f"`{name}" in page, f"docs/reference/commands.md does not name `{name}`"
    for parameter in every_command()[name].params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert option in page, f"docs/reference/commands.md does not name {option}"


def test_help_imports_no_solver_and_no_numpy() -> None:
    code = (
        "import sys; from safepassage.cli import app, run_guarded;"
        "sys.argv=['safepassage', '--help']; run_guarded(app);"
        "heavy=[m for m in ('numpy','scipy','numba','highspy','matplotlib','openpyxl','spacy',"
        "'cryptography','typst') if m in sys.modules];"
        "sys.exit(','.join(heavy) if heavy else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "Commands" in run.stdout


@pytest.mark.parametrize("name", sorted(every_command()))
def test_help_of_each_command_imports_no_solver_and_no_numpy(name: str) -> None:
    code = (
        "import sys; from safepassage.cli import app, run_guarded;"
        f"sys.argv=['safepassage', *'{name}'.split(), '--help'];"
        "run_guarded(app);"
        "heavy=[m for m in ('numpy','scipy','numba','highspy','spacy') if m in sys.modules];"
        "sys.exit(','.join(heavy) if heavy else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_lock_files_hold_hashes_and_no_index_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index|--find-links|--extra-index", text), name


def test_no_unusable_word_is_promised_in_the_pages_that_people_read_first() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not re.search(r"\b(is|are|people|now) safe\b", text, flags=re.IGNORECASE)


def test_glossary_has_each_word_once_and_in_order() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\*\*(.+?)\*\*$", text, flags=re.MULTILINE)
    assert words == sorted(words)
    assert len(words) == len(set(words))
