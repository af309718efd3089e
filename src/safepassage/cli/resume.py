"""`safepassage resume`: what stands ready for the minute the gate opens, and what is missing."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_timed

if TYPE_CHECKING:
    from safepassage.clearance.asking import Answer
    from safepassage.clearance.standing_plan import StandingPlan
    from safepassage.ledger.log import Ledger
    from safepassage.ledger.place import Place
    from safepassage.planner.verified import VerifiedPlan

FORMAT = "safepassage/resume/1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("resume")(resume)


def resume(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    ledger: Annotated[
        str,
        typer.Option(
            "--ledger",
            envvar="SAFEPASSAGE_LEDGER",
            help="The ledger's file or postgresql:// address.",
        ),
    ],
    opens: Annotated[
        str | None,
        typer.Option("--opens", help="When the gate opens, with its zone; else now."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the standing plan is written.")
    ] = None,
    limit: Annotated[
        str, typer.Option(help="Longest time to plan anew where the plan cannot be moved.")
    ] = "10s",
    at: Annotated[
        str | None, typer.Option("--at", help="Time with its zone (ISO 8601); else now.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Folder of the ledger's keys; else beside it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Move what is left of the plan in force to the minute the gate opens; say what is missing."""
    from safepassage.clearance.from_now import FromNowError
    from safepassage.clearance.standing_plan import standing_plan
    from safepassage.cli.recording.options import guarded, moment, opened_ledger, place_named
    from safepassage.ledger.folding import entries_known_at
    from safepassage.planner.plan_file import write_verified
    from safepassage.scenario.figure import UnknownFigureError

    # Whole seconds, never before what was entered in this very second.
    now = (moment(at) + timedelta(microseconds=999_999)).replace(microsecond=0)
    gate = now if opens is None else _gate(opens)
    if gate < now:
        raise CommandError(f"--opens: got {opens}, want a time from now on", Exit.USAGE)
    span = _duration(limit)
    given = read_timed(scenario)
    opened = opened_ledger(ledger, keys)
    upto = opened.tail()[0] if at is None else guarded(lambda: entries_known_at(opened, now))
    try:
        stands = guarded(
            lambda: standing_plan(given, opened, at=now, opens=gate, upto=upto, limit=span)
        )
    except FromNowError as error:
        raise CommandError(f"--{error}", Exit.USAGE) from None
    except UnknownFigureError as error:
        raise CommandError(str(error)) from None
    asked = None
    if stands.verified is not None:
        asked = _asked(stands.verified, opened, place_named(ledger, keys), now, upto)
        if output is not None:
            write_verified(stands.verified, output)
    if as_json:
        typer.echo(json.dumps(_document(stands, asked, opened, now), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(stands, asked, opened, now, output)))
    if stands.verified is None:
        raise typer.Exit(Exit.IMPOSSIBLE)


def _asked(
    verified: "VerifiedPlan", ledger: "Ledger", place: "Place", now: datetime, upto: int
) -> "Answer | None":
    """Return the clearance of the first convoy of the standing plan, as of now."""
    from safepassage.clearance.asking import ask, next_convoy
    from safepassage.ledger.signer import read_signer

    first = next_convoy(verified, ledger, upto)
    if first is None or not place.signing_key.is_file():
        return None
    signer = read_signer(place.signing_key)
    return ask(
        verified,
        ledger,
        first,
        at=now,
        contact_at=now,
        keys={signer.device: signer.key},
        device=signer.device,
        upto=upto,
    )


def _document(
    stands: "StandingPlan", asked: "Answer | None", ledger: "Ledger", now: datetime
) -> dict[str, Any]:
    from safepassage.clearance.form import clearance_json, readiness_json
    from safepassage.clearance.readiness import readiness_of

    plan = stands.verified
    ready = None if plan is None or asked is None else readiness_of(plan, ledger, asked, at=now)
    return {
        "format": FORMAT,
        "at": now.isoformat(),
        "opens": stands.opens.isoformat(),
        "upto": stands.left.situation.upto,
        "how": stands.how,
        "why_not": stands.why_not,
        "plan_hash": None if plan is None else plan.plan_hash,
        "people_out": None if plan is None else plan.people_out,
        "expected_people": None if plan is None else plan.expected_people,
        "convoys": [] if plan is None else [one.id for one in plan.plan.convoys],
        "assumed": list(stands.assumed),
        "warnings": list(stands.left.warnings),
        "readiness": None if ready is None else readiness_json(ready),
        "clearance": None if asked is None else clearance_json(asked),
    }


def _lines(
    stands: "StandingPlan",
    asked: "Answer | None",
    ledger: "Ledger",
    now: datetime,
    output: Path | None,
) -> list[str]:
    from safepassage.clearance.form import readiness_lines
    from safepassage.clearance.readiness import readiness_of

    plan = stands.verified
    when = stands.opens.isoformat(timespec="minutes")
    if plan is None:
        return [f"no plan stands ready for {when}: {stands.why_not}", *_trusted(stands)]
    people = f"{plan.people_out:,} persons arrive if it holds, {plan.expected_people:,.0f} expected"
    lines = [
        f"standing plan for a gate that opens at {when} ({stands.how}):",
        f"  {len(plan.plan.convoys)} convoys, {people}",
        *_first_wheels(plan),
        *_trusted(stands),
    ]
    if output is not None:
        lines.append(f"written: {output}")
    if asked is not None:
        lines += readiness_lines(readiness_of(plan, ledger, asked, at=now))
        lines.append(f"before the first convoy, {asked.clearance.convoy}, may move:")
        lines += [f"  {number}. {act.in_words()}" for number, act in enumerate(asked.acts, 1)]
    return lines


def _first_wheels(plan: "VerifiedPlan") -> list[str]:
    trips = sorted(plan.plan.trips, key=lambda one: one.depart)
    if not trips:
        return []
    first = trips[0]
    begins = plan.scenario.start + timedelta(seconds=first.depart)
    return [
        f"first wheels roll at {begins:%d %b %H:%M}: {first.vehicle or 'staff'} from {first.start}"
    ]


def _trusted(stands: "StandingPlan") -> list[str]:
    if not stands.assumed:
        return []
    return [
        "this takes on trust what nobody has said yet; enter it and make the plan again:",
        *(f"  - {one}" for one in stands.assumed),
    ]


def _gate(text: str) -> datetime:
    from safepassage.ledger.fields import WrongError, when

    try:
        return when(text)
    except WrongError as error:
        raise CommandError(f"--opens: got {text!r}, want {error}", Exit.USAGE) from None


def _duration(text: str) -> timedelta:
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        raise CommandError(f'--limit: got {text!r}, want e.g. "10s"', Exit.USAGE) from None
