"""`safepassage hazard`: how often guarantors' words were broken so far; no part of go or no-go."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("hazard")(hazard)


def hazard(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    ledger: Annotated[
        str,
        typer.Option(
            "--ledger",
            envvar="SAFEPASSAGE_LEDGER",
            help="The ledger's file or postgresql:// address.",
        ),
    ],
    ahead: Annotated[str, typer.Option(help='For how long it is to hold, e.g. "80 min".')] = "2 h",
    at: Annotated[
        str | None, typer.Option("--at", help="Time with its zone (ISO 8601); else now.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Folder of the ledger's keys; else beside it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Show the hazard of each guarantor as of today, as a range; never an input to a clearance."""
    from safepassage.ledger.faults import LedgerError
    from safepassage.ledger.folding import entries_known_at
    from safepassage.ledger.place import open_ledger, place_of
    from safepassage.rehearsal.hazard_form import hazard_json, hazard_lines
    from safepassage.rehearsal.hazard_today import KINDS, hazard_today
    from safepassage.scenario.duration import parse_duration
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    moment = datetime.now().astimezone() if at is None else _moment(at)
    try:
        span = parse_duration(ahead)
        given = load_scenario(scenario)
        opened = open_ledger(place_of(ledger, keys))
        upto = opened.tail()[0] if at is None else entries_known_at(opened, moment)
        found = hazard_today(given, opened.entries(0, upto, KINDS), at=moment, ahead=span)
    except ScenarioError as error:
        raise CommandError(f"{scenario} cannot be used.\n{error}") from None
    except LedgerError as error:
        raise CommandError(str(error)) from None
    except ValueError as error:
        raise CommandError(f"--ahead: {error}", Exit.USAGE) from None
    if as_json:
        typer.echo(json.dumps(hazard_json(found), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(hazard_lines(found, given)))


def _moment(text: str) -> datetime:
    from safepassage.ledger.fields import WrongError, when

    try:
        return when(text)
    except WrongError as error:
        raise CommandError(f"--at: got {text!r}, want {error}", Exit.USAGE) from None
