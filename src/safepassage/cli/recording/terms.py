"""`safepassage ledger terms`: the agreement as it is read to evacuees, as of now."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.recording.options import (
    AtOption,
    JsonOption,
    KeysOption,
    LedgerOption,
    emit,
    guarded,
    moment,
    opened_ledger,
)

if TYPE_CHECKING:
    from safepassage.ledger.situation import TermNow
    from safepassage.planner.verified import VerifiedPlan


def terms(
    ledger: LedgerOption,
    keys: KeysOption = None,
    at: AtOption = None,
    scenario: Annotated[
        Path | None, typer.Option(help="With --plan and -o: the scenario of the plan.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="With -o: the plan, for where people board.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Sheets to read aloud, a page a place (PDF)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the terms that people are told: agreed, met, open, broken, each party's own version."""
    from safepassage.ledger.folding import entries_known_at
    from safepassage.ledger.folding import situation as fold
    from safepassage.ledger.history import terms_json, terms_lines, terms_sheets

    asked = moment(at)
    opened = opened_ledger(ledger, keys)
    upto = None if at is None else guarded(lambda: entries_known_at(opened, asked))
    now = guarded(lambda: fold(opened, at=asked, upto=upto))
    told = guarded(lambda: list(opened.entries(0, now.upto, ("agreement", "term"))))
    sheets = terms_sheets(told, now.terms)
    if output is not None:
        if scenario is None or plan is None:
            raise CommandError("-o: want --scenario and --plan with it", Exit.USAGE)
        _write(_verified(scenario, plan), now.terms, output, asked)
    if as_json:
        emit({"format": "safepassage/terms/1", "upto": now.upto, "agreements": terms_json(sheets)})
    else:
        typer.echo("\n".join(terms_lines(sheets)) or "the ledger tells no terms")


def _verified(scenario: Path, plan: Path) -> "VerifiedPlan":
    from safepassage.cli.given import read_timed
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused, verify

    given = read_timed(scenario, reference=True)
    try:
        return verify(given, read_plan(plan))
    except (PlanError, PlanRefused) as error:
        raise CommandError(f"{plan} is no verified plan of it.\n{error}") from None


def _write(
    verified: "VerifiedPlan", now: "Mapping[str, TermNow]", path: Path, asked: datetime
) -> None:
    from safepassage.report.sheets.call_forward import boarding_places
    from safepassage.report.sheets.clauses import clauses_now
    from safepassage.report.sheets.frame import Printing
    from safepassage.report.sheets.paper import print_sheets
    from safepassage.report.sheets.terms import terms_sheet
    from safepassage.report.typeset import write_whole

    printing = Printing(asked.replace(microsecond=0))
    clauses = clauses_now(verified.scenario, now)
    places = boarding_places(verified)
    sheets = [terms_sheet(verified, place, printing, clauses) for place in places]
    try:
        write_whole(path, print_sheets(sheets, at=printing.at))
    except OSError as error:
        raise CommandError(f"-o: {path}: {error.strerror}") from None
