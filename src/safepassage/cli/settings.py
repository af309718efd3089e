"""Defaults of options from `safepassage.toml` in the working folder.

Order: what is typed, then `SAFEPASSAGE_COMMAND_OPTION` of the environment, then this file, then the
program's own default. The file holds a table a command: `[plan]` with `limit = "60s"`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

FILE = "safepassage.toml"
PREFIX = "SAFEPASSAGE"


def read_settings(command: Any, folder: Path) -> dict[str, Any]:
    """Return the defaults of a folder's settings file in the form that the parser takes.

    `command` is the whole command line; each table and key of the file must name one of its
    commands and options.

    Raises
    ------
    CommandError
        With every fault of the file at once (usage, exit 2).
    """
    found = _from_file(command, folder / FILE)
    return _with_environment(command, PREFIX, found, os.environ)


def _from_file(command: Any, file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    import tomllib

    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: cannot be read: {error}", Exit.USAGE) from None
    faults: list[str] = []
    found = _table(command, tables, "", faults)
    if faults:
        lines = "\n".join(f"  {one}" for one in faults)
        raise CommandError(f"{file} cannot be used.\n{lines}", Exit.USAGE)
    return found


def commands_of(command: Any) -> dict[str, Any]:
    """Return the commands of a group by name; none where it is one command."""
    if not hasattr(command, "list_commands"):
        return {}
    # No group here looks at the context, and there is none before the line is parsed.
    names = command.list_commands(None)
    return {name: command.get_command(None, name) for name in names}


def _with_environment(
    command: Any, path: str, found: dict[str, Any], environment: Mapping[str, str]
) -> dict[str, Any]:
    """Return the defaults with those of the environment over them."""
    if not any(name.startswith(f"{path}_") for name in environment):
        return found
    changed = dict(found)
    for option, name in _options(command).items():
        variable = f"{path}_{option}".upper().replace("-", "_")
        if path != PREFIX and variable in environment:
            changed[name] = environment[variable]
    for inner, one in commands_of(command).items():
        below = _with_environment(
            one, f"{path}_{inner}".upper(), changed.get(inner, {}), environment
        )
        if below:
            changed[inner] = below
    return changed


def _options(command: Any) -> dict[str, str]:
    """Return the parameter behind each option, by the option's long name."""
    return {
        option.lstrip("-"): parameter.name
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option not in {"--help", "--version"}
    }


def _table(command: Any, values: dict[str, Any], path: str, faults: list[str]) -> dict[str, Any]:
    from safepassage.scenario.near import did_you_mean

    inner = commands_of(command)
    options = _options(command)
    found: dict[str, Any] = {}
    for key, value in values.items():
        where = f"{path}{key}"
        if key in inner and isinstance(value, dict):
            found[key] = _table(inner[key], value, f"{where}.", faults)
        elif key in options and not isinstance(value, dict):
            found[options[key]] = value
        elif key in inner:
            faults.append(f"{where}: got {value!r}, want a table under [{where}]")
        else:
            near = did_you_mean(key, [*inner, *options])
            faults.append(f"{where}: got an unknown name, want a command or an option{near}")
    return found
