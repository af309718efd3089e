"""What `plan --from` and `verify --from` share: the scenario as of an entry of a ledger."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.clearance.changes import Changes
    from safepassage.clearance.from_now import FromNow
    from safepassage.planner.plan import Plan
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.scenario.scenario import Scenario

NEEDS_LEDGER = "{plan}: is a plan of what a ledger had left, want --from LEDGER with it"
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from", help="A ledger (file or postgresql:// address): only what is left as of it."
    ),
]
FromKeysOption = Annotated[
    Path | None, typer.Option("--keys", help="Folder of the ledger's keys; else beside it.")
]


def left_now(given: "Scenario", ledger: str, keys: Path | None, at: str | None) -> "FromNow":
    """Return what is left of a scenario at a time; what the ledger leaves open goes to stderr."""
    from safepassage.cli.recording.options import guarded, moment, opened_ledger
    from safepassage.ledger.folding import entries_known_at

    # Whole seconds: the plan's input names the time, and a person may have to type it.
    asked = moment(at).replace(microsecond=0)
    opened = opened_ledger(ledger, keys)
    upto = None if at is None else guarded(lambda: entries_known_at(opened, asked))
    found = _left(given, ledger, keys, asked, upto)
    later = opened.tail()[0] - found.situation.upto
    if later > 0:
        typer.echo(
            f"ledger: {later} entries were entered after {asked.isoformat()}: not known yet then",
            err=True,
        )
    for warning in found.warnings:
        typer.echo(f"ledger: {warning}", err=True)
    return found


def left_as_planned(given: "Scenario", ledger: str, keys: Path | None, plan: "Plan") -> "FromNow":
    """Return what was left of a scenario as of the entry and the time that a plan names."""
    from safepassage.clearance.from_now import FromNowError, marked

    try:
        upto, at = marked(tuple(plan.inputs))
    except FromNowError as error:
        raise CommandError(str(error)) from None
    return _left(given, ledger, keys, at, upto)


def scenario_of(
    given: "Scenario", proposed: "Plan", plan: Path, from_: str | None, keys: Path | None
) -> "Scenario":
    """Return the scenario that a plan is of: the whole, or what was left as of its entry.

    Raises
    ------
    CommandError
        If it is a plan from now and no ledger is named.
    """
    from safepassage.clearance.from_now import MARK

    if from_ is not None:
        return left_as_planned(given, from_, keys, proposed).scenario
    if any(one.startswith(MARK) for one in proposed.inputs):
        raise CommandError(NEEDS_LEDGER.format(plan=plan))
    return given


def _left(
    given: "Scenario", ledger: str, keys: Path | None, at: datetime, upto: int | None
) -> "FromNow":
    from safepassage.clearance.from_now import FromNowError, from_ledger
    from safepassage.cli.recording.options import guarded, opened_ledger
    from safepassage.scenario.figure import UnknownFigureError

    opened = opened_ledger(ledger, keys)
    try:
        return guarded(lambda: from_ledger(given, opened, at=at, upto=upto))
    except FromNowError as error:
        raise CommandError(f"--{error}", Exit.USAGE) from None
    except UnknownFigureError as error:
        raise CommandError(str(error)) from None


def plan_in_force(left: "FromNow") -> "Plan | None":
    """Return the plan in force, if there is one that can be read."""
    from safepassage.planner.plan_file import plan_from_text
    from safepassage.planner.plan_form import PlanError

    if left.situation.plan is None:
        return None
    try:
        return plan_from_text(left.situation.plan.text)
    except PlanError as error:
        typer.echo(f"ledger: the plan in force cannot be read: {error}", err=True)
        return None


def still_in_force(before: "Plan", left: "FromNow") -> "Plan":
    """Return what of the plan in force has not begun by the time of the situation."""
    from safepassage.planner.following import still_ahead

    since = int((left.situation.at - before.start).total_seconds())
    return still_ahead(before, tuple(left.situation.convoys), since)


def against_plan_in_force(
    made: "VerifiedPlan", left: "FromNow", before: "Plan | None"
) -> "tuple[VerifiedPlan, Changes | None]":
    """Return the plan under the names of the plan in force, and what it changes against it."""
    from safepassage.clearance.changes import named, renewed
    from safepassage.planner.called import convoy_names
    from safepassage.planner.why_changed import why_changed

    if before is None:
        # Nothing to compare with; names that were given are still taken.
        return named(made, None, left), None
    why = why_changed(still_in_force(before, left), made, convoy_names(before))
    made, changes = renewed(made, before, left)
    return made, replace(changes, why=why)
