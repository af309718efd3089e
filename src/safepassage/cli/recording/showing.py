"""`safepassage ledger show|situation|disputes|counts`: what the record holds and adds up to."""

from pathlib import Path
from typing import Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.recording.options import (
    AtOption,
    JsonOption,
    KeysOption,
    LedgerOption,
    attribution_on,
    emit,
    entry_json,
    entry_line,
    guarded,
    moment,
    opened_ledger,
)
from safepassage.ledger.kinds import KINDS


def show(
    ledger: LedgerOption,
    keys: KeysOption = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only these kinds.")] = None,
    after: Annotated[int, typer.Option(help="Only entries after this number.")] = 0,
    upto: Annotated[int | None, typer.Option(help="Only entries up to this number.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show entries in order, each with its source."""
    for one in kind or ():
        if one not in KINDS:
            raise CommandError(f"--kind: got {one!r}, want one of {', '.join(KINDS)}", Exit.USAGE)
    opened = opened_ledger(ledger, keys)
    found = list(opened.entries(after, upto, tuple(kind or ())))
    if as_json:
        emit({"format": "safepassage/entries/1", "entries": [entry_json(one) for one in found]})
        return
    for entry in found:
        typer.echo(entry_line(entry))


def situation(
    ledger: LedgerOption,
    keys: KeysOption = None,
    at: AtOption = None,
    upto: Annotated[int | None, typer.Option(help="As of this entry; else the last.")] = None,
    scenario: Annotated[Path | None, typer.Option(help="Its scenario: who holds what.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the ledger adds up to: who is where, who has arrived, which promises stand."""
    from safepassage.ledger.folding import situation as fold
    from safepassage.ledger.history import HISTORY_KINDS, history_json, history_lines
    from safepassage.ledger.situation_form import situation_json, situation_lines
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    try:
        loaded = None if scenario is None else load_scenario(scenario)
    except ScenarioError as error:
        raise CommandError(f"{scenario} cannot be used.\n{error}") from None
    asked = moment(at)
    opened = opened_ledger(ledger, keys)
    now = guarded(lambda: fold(opened, at=asked, scenario=loaded, upto=upto))
    told = guarded(lambda: list(opened.entries(0, now.upto, HISTORY_KINDS)))
    if as_json:
        emit({**situation_json(now, loaded), **history_json(told)})
    else:
        typer.echo("\n".join([*situation_lines(now, loaded), *history_lines(told)]))


def disputes(
    ledger: LedgerOption,
    keys: KeysOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show rival claims on one event side by side; none is called true."""
    from safepassage.ledger.disputes import events

    opened = opened_ledger(ledger, keys)
    found = [one for one in events(opened.entries()) if one.rival]
    blame = attribution_on()
    if as_json:
        emit(
            {
                "events": [
                    {
                        "event": one.id,
                        "disputed": one.disputed,
                        "claims": [entry_json(entry) for entry in one.claims],
                        "disputes": [entry_json(entry) for entry in one.disputes],
                        "statements": [entry_json(entry) for entry in one.statements],
                        "corrections": [entry_json(entry) for entry in one.corrections],
                        **({"attributions": [*map(entry_json, one.attributions)]} if blame else {}),
                    }
                    for one in found
                ]
            }
        )
        return
    for event in found:
        typer.echo(f"{event.id}" + (" (disputed)" if event.disputed else ""))
        sides = [event.claims, event.disputes, event.statements, event.corrections]
        for side in [*sides, event.attributions] if blame else sides:
            for entry in side:
                typer.echo("  " + entry_line(entry))
    if not found:
        typer.echo("no event has rival claims", err=True)


def counts(
    ledger: LedgerOption,
    keys: KeysOption = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each counter counted, with spread and as-of; never summed across counters."""
    from safepassage.ledger.folding import situation as fold
    from safepassage.ledger.situation_form import counts_json, counts_lines

    asked = moment(at)
    opened = opened_ledger(ledger, keys)
    now = guarded(lambda: fold(opened, at=asked))
    if as_json:
        emit(counts_json(now))
    else:
        typer.echo("\n".join(counts_lines(now)) or "nobody has counted anything")
