"""`safepassage compare`: two plans, or two scenarios, rehearsed on the same draws."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from safepassage.cli.ensemble import verified_pair, write_json
from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import FromKeysOption, FromOption
from safepassage.cli.rest import check_from, verified_and_rest

if TYPE_CHECKING:
    from safepassage.rehearsal.compare import Comparison, Side
    from safepassage.rehearsal.rest import Rest
    from safepassage.rehearsal.run import Level


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    first: Annotated[Path, typer.Argument(help="A plan.json of it.")],
    second: Annotated[Path, typer.Argument(help="Another plan.json.")],
    other: Annotated[
        Path | None, typer.Option("--other", help="The scenario of the second, if another.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each.")] = 16_384,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all draws.")] = 7,
    level: Annotated[str, typer.Option(help="convoy or vehicle.")] = "convoy",
    from_: FromOption = None,
    keys: FromKeysOption = None,
    at: Annotated[
        str | None, typer.Option("--at", help="With --from: as of this time (ISO 8601); else now.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the comparison is written.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Compare two plans under the same truces: arrived and caught, each with its interval.

    With --from what is left of each is compared, as of a ledger's last entry.
    """
    from safepassage.planner.people_numbers import different_people
    from safepassage.rehearsal.compare import compare as play
    from safepassage.rehearsal.refused import RehearsalRefused

    if level not in ("convoy", "vehicle"):
        raise CommandError(f"--level: got {level!r}, want convoy or vehicle", Exit.USAGE)
    check_from(from_, keys, at)
    rest: Rest | None = None
    if from_ is None:
        one = verified_pair(scenario, first)
        another = verified_pair(other or scenario, second)
    else:
        if other is not None:
            raise CommandError("--other: not with --from: one ledger is of one mission", Exit.USAGE)
        (one, another), rest = verified_and_rest(scenario, (first, second), from_, keys, at)
    warning = different_people(one.scenario, one.plan, another.scenario, another.plan)
    if warning is not None:
        typer.echo(f"warning: {warning}", err=True)
    try:
        found = play(one, another, runs=runs, seed=seed, level=cast("Level", level), rest=rest)
    except RehearsalRefused as refused:
        raise CommandError(f"not compared: {refused}") from None
    document = found.to_json()
    if output is not None:
        write_json(document, output)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo("\n".join(_in_words(found, first, second)))


def _in_words(found: "Comparison", first: Path, second: Path) -> list[str]:
    from safepassage.report.wording import signed

    arrived, caught = found.change.arrived, found.change.caught
    return [
        f"{second} against {first}, the same {found.runs:,} truces (seed {found.seed}):",
        f"  arrived  {signed(arrived.mean)} (95 %: {arrived.low:+,.0f} to {arrived.high:+,.0f})",
        f"  caught   {signed(caught.mean)} (95 %: {caught.low:+,.1f} to {caught.high:+,.1f})",
        _side_words(str(first), found.first),
        _side_words(str(second), found.second),
    ]


def _side_words(name: str, side: "Side") -> str:
    from safepassage.report.wording import in_twenty

    return (
        f"  {name}: {side.arrived.mean:,.0f} arrived, {side.caught.mean:,.0f} caught, all out "
        f"{in_twenty(side.all_out.mean)}"
    )
