"""`safepassage clearance`: may this convoy move now, and on whose word (exit 6: no)."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import left_as_planned
from safepassage.cli.given import with_roads

if TYPE_CHECKING:
    from safepassage.clearance.asking import Answer
    from safepassage.clearance.waiting import Waiting
    from safepassage.planner.verified import VerifiedPlan


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("clearance")(clearance)


def clearance(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json that was adopted.")],
    ledger: Annotated[
        str,
        typer.Option(
            "--ledger",
            envvar="SAFEPASSAGE_LEDGER",
            help="The ledger's file or postgresql:// address.",
        ),
    ],
    convoy: Annotated[
        str | None, typer.Option("--convoy", help="Its id; else the next that has not departed.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Time with its zone (ISO 8601); else now.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Folder of the ledger's keys; else beside it.")
    ] = None,
    road_team: Annotated[
        bool, typer.Option("--road-team", help="Ask for the team that clears its road.")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Keep the verdict in the ledger; a go as a lease.")
    ] = False,
    form: Annotated[
        Path | None,
        typer.Option("--form", help="Write the go/no-go form, filled from the ledger (PDF)."),
    ] = None,
    drill: Annotated[bool, typer.Option("--drill", help="With --form: marked as a drill.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Apply the one rule: go with its end, or no-go with every reason and the shortest way out."""
    from safepassage.clearance.asking import ask, next_convoy
    from safepassage.clearance.expiring import EXPIRING_KINDS, expiries
    from safepassage.clearance.form import (
        clearance_json,
        clearance_lines,
        expiries_json,
        expiries_lines,
        readiness_json,
        readiness_lines,
    )
    from safepassage.clearance.from_now import MARK
    from safepassage.clearance.readiness import readiness
    from safepassage.clearance.waiting import time_in_no
    from safepassage.ledger.faults import LedgerError
    from safepassage.ledger.folding import entries_known_at
    from safepassage.ledger.place import open_ledger, place_of
    from safepassage.ledger.signer import read_signer
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused, verify
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    now = datetime.now().astimezone()
    moment = now if at is None else _moment(at)
    if road_team and form is not None:
        raise CommandError("--form: of a convoy, not of the team that clears its road", Exit.USAGE)
    if record and at is not None:
        raise CommandError("--record: a lease is given now, never with --at", Exit.USAGE)
    try:
        given = with_roads(load_scenario(scenario), scenario, reference=True)
        proposed = read_plan(plan)
        if any(one.startswith(MARK) for one in proposed.inputs):
            given = left_as_planned(given, ledger, keys, proposed).scenario
        verified = verify(given, proposed)
    except ScenarioError as error:
        raise CommandError(f"{scenario} cannot be used.\n{error}") from None
    except (PlanError, PlanRefused) as error:
        raise CommandError(f"{plan} is no verified plan of it.\n{error}") from None
    try:
        place = place_of(ledger, keys)
        opened = open_ledger(place)
        if not place.signing_key.is_file():
            raise CommandError(f"{place.signing_key}: needed to know whose heads to trust")
        signer = read_signer(place.signing_key)
        # A question about the past is answered with what was known then, nothing later.
        upto = opened.tail()[0] if at is None else entries_known_at(opened, moment)
        asked = convoy or next_convoy(verified, opened, upto)
        if asked is None:
            raise CommandError("every convoy of this plan has departed")
        answer = ask(
            verified,
            opened,
            asked,
            at=moment,
            contact_at=min(now, moment),
            keys={signer.device: signer.key},
            device=signer.device,
            upto=None if at is None else upto,
            kind="road team" if road_team else "convoy",
        )
        document: dict[str, Any] = clearance_json(answer)
        lines = clearance_lines(answer)
        entries = list(opened.entries(0, upto, ("readiness", "verdict")))
        ready = readiness(verified, entries, answer, at=moment)
        waited = {one.convoy: one for one in time_in_no(entries, until=moment)}
        lapsing = expiries(answer, opened.entries(0, upto, EXPIRING_KINDS))
        document["readiness"] = readiness_json(ready)
        document["expiries"] = expiries_json(lapsing)
        document["seconds_in_no"] = _seconds(waited.get(answer.clearance.convoy))
        lines += [*readiness_lines(ready), *expiries_lines(lapsing)]
        if record:
            from safepassage.clearance.recording import record_answer

            lease = record_answer(answer, opened, signer, verified=verified, at=moment)
            if lease is not None:
                document["lease"] = lease
                lines.append(f"lease: {lease['token']}")
                lines.append(f"read back: {lease['words']}")
    except KeyError:
        raise CommandError(f"--convoy: the plan has no convoy {convoy!r}") from None
    except LedgerError as error:
        raise CommandError(str(error)) from None
    if form is not None:
        _write_form(verified, answer, form, now.replace(microsecond=0), drill=drill)
        lines.append(f"form: {form}")
        document["form"] = str(form)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(lines))
    if not answer.clearance.go:
        raise typer.Exit(Exit.NO_GO)


def _write_form(
    verified: "VerifiedPlan", answer: "Answer", path: Path, now: datetime, *, drill: bool
) -> None:
    """Write the filled form, whole or not at all."""
    from safepassage.report.sheets.filled import filled_go_no_go
    from safepassage.report.sheets.frame import Printing
    from safepassage.report.sheets.paper import print_sheets
    from safepassage.report.typeset import write_whole

    printing = Printing(now, "DRILL" if drill else "PLAN")
    sheet = filled_go_no_go(verified, answer, printing)
    try:
        write_whole(path, print_sheets([sheet], at=now))
    except OSError as error:
        raise CommandError(f"--form: {path}: {error.strerror}") from None


def _seconds(waited: "Waiting | None") -> dict[str, int] | None:
    """Return the seconds spent in no, in all ("") and by reason; None where none were kept."""
    if waited is None:
        return None
    found = {"": waited.in_no, **waited.by_reason}
    return {reason: int(lasted.total_seconds()) for reason, lasted in found.items()}


def _moment(text: str) -> datetime:
    from safepassage.ledger.fields import WrongError, when

    try:
        return when(text)
    except WrongError as error:
        raise CommandError(f"--at: got {text!r}, want {error}", Exit.USAGE) from None
