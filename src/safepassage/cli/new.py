"""`safepassage new`: a scenario to start from, as commented TOML or by way of a workbook."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError


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
    if keep is not None and from_workbook is None:
        raise CommandError("--keep goes with --from-workbook", Exit.USAGE)
    if workbook:
        written = _write(folder, f"{name}.xlsx", blank_workbook())
        typer.echo(f"Wrote {written}. Fill it in, then:", err=True)
        typer.echo(f"  safepassage new {name} --from-workbook {written}", err=True)
        return
    text = example_text(name) if from_workbook is None else _from(from_workbook, keep)
    written = _write(folder / name, FILE_NAME, text.encode())
    typer.echo(f"Wrote {written}. Then:", err=True)
    typer.echo(f"  safepassage check {written.parent}", err=True)


def _from(workbook: Path, keep: Path | None) -> str:
    """Return the text of the scenario in a filled workbook."""
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.workbook.read import scenario_from_workbook

    heading = f"Made from the workbook {workbook.name}."
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


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write a new file in a folder that is made where it is missing; never over another."""
    from safepassage.scenario.newfile import write_new

    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_new(path, content)
    except FileExistsError:
        raise CommandError(f"{path} is already there: choose another name") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}") from None
    return path
