"""The house: what the docs promise of commands, words and rooms is so."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from safepassage.cli import app
from safepassage.cli.settings import commands_of

ROOT = Path(__file__).parents[2]
COMMAND: Any = typer.main.get_command(app)


def every_command(group: Any = COMMAND, path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, command in commands_of(group).items():
        found[f"{path}{name}"] = command
        found |= every_command(command, f"{path}{name} ")
    return found


TOP = sorted(commands_of(COMMAND))


def test_the_page_of_commands_is_the_one_that_the_command_line_writes() -> None:
    spec = importlib.util.spec_from_file_location("page", ROOT / "scripts/commands_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stored = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert stored == module.page(), "run: python scripts/commands_page.py"


def test_every_option_says_what_it_does() -> None:
    for name, command in every_command().items():
        assert command.help, name
        for parameter in command.params:
            if "--help" not in parameter.opts:
                assert getattr(parameter, "help", None), f"{name} {parameter.name}"


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


@pytest.mark.parametrize("name", [*TOP, "ledger add statement", "roads path"])
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
