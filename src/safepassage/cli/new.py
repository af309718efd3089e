"""`safepassage new`: a scenario to start from, as commented TOML or by way of a workbook."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

FORMAT = "safepassage/new/1"
HEADING = "Made from the workbook"
"""How a scenario begins that a workbook has made, and that a workbook may make again."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario, and of its folder.")],
    folder: Annotated[
        Path, typer.Option("-o", "--folder", help="Where NAME is made (default: here).")
    ] = Path(),
    workbook: Annotated[
        bool, typer.Option("--workbook", help="Write NAME.xlsx, a blank workbook to fill in.")
    ] = False,
    from_workbook: Annotated[
        Path | None,
        typer.Option("--from-workbook", help="Make the scenario from a filled workbook."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", help="With --from-workbook: take what no sheet holds from this scenario."
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Write over a scenario that was made from a workbook."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write NAME/scenario.toml: a small commented scenario, or one from a filled workbook."""
    from safepassage.scenario.example import example_text, scenario_name
    from safepassage.scenario.load import FILE_NAME
    from safepassage.scenario.workbook.write import blank_workbook

    try:
        scenario_name(name)
    except ValueError as error:
        raise CommandError(f"NAME: {error}", Exit.USAGE) from None
    if workbook and from_workbook is not None:
        raise CommandError("--workbook or --from-workbook, not both", Exit.USAGE)
    if from_workbook is None and (keep is not None or replace):
        raise CommandError("--keep and --replace go with --from-workbook", Exit.USAGE)
    if workbook:
        written = _write(folder, f"{name}.xlsx", blank_workbook())
        _say_json(written, as_json=as_json)
        typer.echo(f"Wrote {written}. Fill it in, then:", err=True)
        typer.echo(f"  safepassage new {name} --from-workbook {written}", err=True)
        return
    text = example_text(name) if from_workbook is None else _from(from_workbook, keep)
    written = _write(folder / name, FILE_NAME, text.encode(), replace=replace)
    _say_json(written, as_json=as_json)
    typer.echo(f"Wrote {written}. Then:", err=True)
    typer.echo(f"  safepassage check {written.parent}", err=True)


def _say_json(written: Path, *, as_json: bool) -> None:
    """Say what was written to a script that asks."""
    if as_json:
        typer.echo(json.dumps({"format": FORMAT, "written": str(written)}, ensure_ascii=False))


def _from(workbook: Path, keep: Path | None) -> str:
    """Return the text of the scenario in a filled workbook."""
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.workbook.read import scenario_from_workbook

    heading = f"{HEADING} {workbook.name}."
    try:
        return scenario_from_workbook(workbook, _kept(keep), heading)
    except ScenarioError as error:
        number = "1 fault" if len(error.faults) == 1 else f"{len(error.faults)} faults"
        lines = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"{workbook} cannot be used: {number}.\n{lines}") from None


def _kept(keep: Path | None) -> Mapping[str, object] | None:
    """Return the tables of the scenario that is kept."""
    if keep is None:
        return None
    from safepassage.scenario.load import load_scenario, read_tables

    load_scenario(keep)
    return read_tables(keep)


def _write(folder: Path, name: str, content: bytes, *, replace: bool = False) -> Path:
    """Write a file in a folder that is made where it is missing.

    Never over another, but over one that was made from a workbook where that is asked for: what
    a person has written by hand is not lost.
    """
    from safepassage.scenario.newfile import write_new, write_over

    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if replace and path.exists():
            if not path.read_bytes().startswith(f"# {HEADING}".encode()):
                raise CommandError(f"{path} was not made from a workbook: it is not written over")
            write_over(path, content)
        else:
            write_new(path, content)
    except FileExistsError:
        raise CommandError(f"{path} is already there: choose another name") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}") from None
    return path
