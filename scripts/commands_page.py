"""Write docs/reference/commands.md from the command line itself; a test holds the two together."""

from pathlib import Path
from typing import Any

import typer

from safepassage.cli import app
from safepassage.cli.settings import commands_of

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
HEAD = """# Commands

This page is written from the command line itself (`python scripts/commands_page.py`).

`SCENARIO` is a folder with `scenario.toml`, or that file. Results go to standard output; talk and
progress go to standard error. With `--json` standard output holds one JSON object. `NO_COLOR` is
respected.

An option's value is what is typed, else `SAFEPASSAGE_COMMAND_OPTION` of the environment (for
example `SAFEPASSAGE_PLAN_LIMIT`), else what `safepassage.toml` in the working folder says under
`[command]`, else the default.

| exit code | meaning |
|---|---|
| 0 | done; for `plan`: a verified plan is written and its gap is stated |
| 1 | a fault in the program |
| 2 | wrong use: an unknown option, a value that is not what the option wants |
| 3 | invalid input: every fault is named |
| 4 | proved: nobody (`expected`), or not everybody (`last_out`), can be moved |
| 5 | stopped before the first improvement ended, or by Ctrl-C; the best plan is still written |
| 6 | no-go |
"""


def page() -> str:
    """Return the text of the page."""
    command: Any = typer.main.get_command(app)
    parts = [HEAD]
    for name, one in sorted(commands_of(command).items()):
        parts += _describe(one, name, "##")
    return "\n".join(parts).rstrip() + "\n"


def _describe(command: Any, name: str, level: str) -> list[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    inner = commands_of(command)
    usage = [f"safepassage {name}"]
    usage += ["COMMAND"] if inner else [_shown(one) for one in arguments]
    lines = [f"{level} `{name}`", "", f"`{' '.join(usage)}`", "", " ".join(
        (command.help or "").split()
    ), ""]  # fmt: skip
    lines += [f"- `{_shown(one)}`: {_words(one)}" for one in arguments]
    for one in options:
        names = ", ".join(f"`{opt}`" for opt in [*one.opts, *one.secondary_opts])
        lines.append(f"- {names}: {_words(one)}{_default(one)}")
    if arguments or options:
        lines.append("")
    for sub in sorted(inner):
        lines += _describe(inner[sub], f"{name} {sub}", level + "#" if len(level) < 4 else level)
    return lines


def _shown(argument: Any) -> str:
    return str(argument.name).upper()


def _words(parameter: Any) -> str:
    return " ".join((getattr(parameter, "help", None) or "").split())


def _default(option: Any) -> str:
    value = option.default
    if value is None or callable(value) or option.is_flag or "default" in _words(option).lower():
        return ""
    if isinstance(value, list | tuple) and not value:
        return ""
    return f" (default: `{value}`)"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
