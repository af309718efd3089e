"""`safepassage check`: is this scenario valid, and what in it is odd."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import with_roads

if TYPE_CHECKING:
    from safepassage.scenario.checks.warning import ScenarioWarning
    from safepassage.scenario.faults import Fault
    from safepassage.scenario.summary import People, Summary

FORMAT = "safepassage/check/1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    workbook: Annotated[
        Path | None,
        typer.Option("--workbook", help="Also write the tables to this new XLSX file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Check a scenario: every fault at once (exit 3), or what is odd in it and a summary."""
    from safepassage.scenario.check import warnings
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario
    from safepassage.scenario.summary import summarise

    try:
        loaded = load_scenario(scenario)
    except ScenarioError as error:
        if as_json:
            typer.echo(_json(error.faults, (), None))
            raise typer.Exit(Exit.INVALID) from None
        raise CommandError(_faults_in_words(scenario, error.faults)) from None
    loaded = with_roads(loaded, scenario)
    if workbook is not None:
        _write_workbook(scenario, workbook)
    found = warnings(loaded)
    summary = summarise(loaded)
    typer.echo(_json((), found, summary) if as_json else _in_words(found, summary))


def _write_workbook(scenario: Path, workbook: Path) -> None:
    """Write the tables of a valid scenario to a new XLSX file."""
    from safepassage.scenario.load import read_tables
    from safepassage.scenario.newfile import write_new
    from safepassage.scenario.workbook.write import filled_workbook, left_out

    tables = read_tables(scenario)
    try:
        write_new(workbook, filled_workbook(tables))
    except FileExistsError as error:
        raise CommandError(str(error)) from None
    except ValueError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{workbook} cannot be written: {error.strerror or error}") from None
    typer.echo(f"Wrote {workbook}.", err=True)
    if missing := left_out(tables):
        words = ", ".join(missing)
        typer.echo(f"Only in scenario.toml: {words}. Read back with --keep {scenario}.", err=True)


def _faults_in_words(scenario: Path, faults: "tuple[Fault, ...]") -> str:
    number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return f"{scenario} cannot be used: {number}.\n" + "\n".join(f"  {one}" for one in faults)


def _in_words(found: "tuple[ScenarioWarning, ...]", summary: "Summary") -> str:
    """Return the summary and the warnings as lines for people."""
    from safepassage.scenario.duration import format_duration

    lines = [
        f"{summary.name}: valid, {_number(len(found), 'warning')}.",
        f"  start      {summary.start.isoformat()}, horizon {format_duration(summary.horizon)}",
        f"  leave      {_people(summary.leave)}",
        f"  stay       {_people(summary.stay)}",
        f"  not asked  {_people(summary.wish_unknown)}",
        f"  vehicles   {_kinds(summary.vehicles)}",
        f"  staff      {_kinds(summary.staff) or 'none'}",
        f"  places     {summary.places}, {summary.destinations} of them count as arrival",
        f"  ways       {_number(summary.legs, 'leg')}, {_number(summary.corridors, 'corridor')}",
        "  figures    " + ", ".join(f"{n} {word}" for word, n in summary.figures.items()),
        f"  sha256     {summary.sha256}",
    ]
    lines += [f"warning: {one.text}" for one in found]
    return "\n".join(lines)


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _people(people: "People") -> str:
    """Return a count with its range; what is not known is said, not counted as 0."""
    unknown = people.groups_unknown
    not_known = f"not known in {_number(unknown, 'group')}" if unknown else ""
    if people.high == 0 and unknown:
        return not_known
    if people.low == people.high:
        words = f"{people.likely:,} people"
    else:
        words = f"{people.likely:,} people ({people.low:,} to {people.high:,})"
    return f"{words}, {not_known}" if not_known else words


def _kinds(kinds: "Mapping[str, int | None]") -> str:
    return ", ".join(f"{'? ' if n is None else f'{n} '}{kind}" for kind, n in kinds.items())


def _json(
    faults: "tuple[Fault, ...]",
    found: "tuple[ScenarioWarning, ...]",
    summary: "Summary | None",
) -> str:
    """Return the documented JSON object of the command."""
    from safepassage.scenario.summary import summary_document

    return json.dumps(
        {
            "format": FORMAT,
            "ok": not faults,
            "faults": [
                {
                    "path": one.path,
                    "of": one.of,
                    "line": one.line,
                    "found": one.found,
                    "wanted": one.wanted,
                }
                for one in faults
            ],
            "warnings": [
                {"rule": one.rule, "path": one.path, "text": one.text, "numbers": dict(one.numbers)}
                for one in found
            ],
            "summary": None if summary is None else summary_document(summary),
        },
        ensure_ascii=False,
        indent=2,
    )
