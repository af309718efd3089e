"""scenario.toml with something added: whole or not at all, comments kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_scenario(scenario: Path, change: Callable[[Any], None]) -> None:
    """Change the document of a scenario's file in place."""
    import tomlkit

    file = scenario / "scenario.toml" if scenario.is_dir() else scenario
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    change(document)
    draft = file.with_name(file.name + ".tmp")
    try:
        draft.write_text(tomlkit.dumps(document), encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
