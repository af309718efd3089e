"""`safepassage rehearse`: play a verified plan through drawn events, many times."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from safepassage.cli.ensemble import verified_pair, write_json
from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import FromKeysOption, FromOption
from safepassage.cli.rest import check_from, verified_and_rest

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.rehearsal.event import Replay
    from safepassage.rehearsal.rest import Rest
    from safepassage.rehearsal.result import Estimate, Precision, Rehearsal, Since
    from safepassage.rehearsal.run import Level


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rehearse")(rehearse)


def rehearse(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json to rehearse.")],
    runs: Annotated[int, typer.Option(min=1, help="Runs, rounded up to whole blocks.")] = 16_384,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all draws.")] = 7,
    level: Annotated[str, typer.Option(help="convoy, or vehicle (each by itself).")] = "convoy",
    precision: Annotated[
        float | None,
        typer.Option(
            min=0.0001,
            max=0.5,
            help="Stop once half-widths are so small: a share of the people, and a chance.",
        ),
    ] = None,
    replay: Annotated[
        int | None, typer.Option(min=0, help="Play this one run again, with its whole log.")
    ] = None,
    one_more: Annotated[
        bool, typer.Option("--one-more", help="Also the worth of one more vehicle, escort, bay.")
    ] = False,
    from_: FromOption = None,
    keys: FromKeysOption = None,
    at: Annotated[
        str | None, typer.Option("--at", help="With --from: as of this time (ISO 8601); else now.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the rehearsal is written.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Rehearse a plan: how many arrive and how many are caught, if the truce may break.

    With --from what is left of it is played, as of a ledger's last entry: who is on the road, which
    vehicles are where, what the truce has done so far.
    """
    from safepassage.rehearsal.refused import RehearsalRefused
    from safepassage.rehearsal.result import Precision

    if level not in ("convoy", "vehicle"):
        raise CommandError(f"--level: got {level!r}, want convoy or vehicle", Exit.USAGE)
    _check_output(output)
    check_from(from_, keys, at)
    if from_ is not None and one_more:
        raise CommandError("--one-more: not with --from, which plays what is left", Exit.USAGE)
    if from_ is None:
        verified, rest = verified_pair(scenario, plan), None
    else:
        (verified,), rest = verified_and_rest(scenario, (plan,), from_, keys, at)
    wanted = None if precision is None else Precision(precision, precision)
    try:
        if replay is not None:
            _show_replay(
                _replayed(verified, replay, runs, seed, cast("Level", level), rest),
                output,
                as_json=as_json,
            )
            return
        made = _rehearsed(
            verified, runs, seed, cast("Level", level), wanted, one_more=one_more, rest=rest
        )
    except RehearsalRefused as refused:
        raise CommandError(f"{plan} is not rehearsed: {refused}") from None
    document = made.to_json()
    if output is not None:
        write_json(document, output)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo("\n".join(in_words(made, output)))


def _check_output(output: Path | None) -> None:
    """Fail before the work, not after it."""
    if output is None:
        return
    if output.is_dir() or not output.name:
        raise CommandError(f"{output}: is a folder, want a file", Exit.USAGE)
    if not output.parent.is_dir():
        raise CommandError(f"{output}: there is no folder {output.parent}", Exit.USAGE)


def _rehearsed(
    verified: "VerifiedPlan",
    runs: int,
    seed: int,
    level: "Level",
    precision: "Precision | None",
    *,
    one_more: bool,
    rest: "Rest | None",
) -> "Rehearsal":
    from safepassage.rehearsal.run import rehearse as play
    from safepassage.rehearsal.worth import one_more as try_one_more

    made = play(
        verified.scenario,
        verified,
        runs=runs,
        seed=seed,
        level=level,
        precision=precision,
        rest=rest,
    )
    if one_more:
        tried = try_one_more(
            verified,
            seed=seed,
            level=level,
            on_tried=lambda what: typer.echo(f"planning with {what} ...", err=True),
        )
        made = replace(made, worths=tried)
    return made


def _replayed(
    verified: "VerifiedPlan",
    run: int,
    runs: int,
    seed: int,
    level: "Level",
    rest: "Rest | None",
) -> "Replay":
    from safepassage.rehearsal.run import blocks_for
    from safepassage.rehearsal.run import replay as play_again

    size = blocks_for(runs).size
    return play_again(
        verified.scenario, verified, run=run, seed=seed, block=size, level=level, rest=rest
    )


def in_words(made: "Rehearsal", output: Path | None) -> list[str]:
    """Return a rehearsal as lines for people: arrived and caught always together."""
    from safepassage.report.wording import in_twenty, signed

    out, caught, last = made.out, made.caught, made.hours[-1]
    quantiles = out.quantiles
    spread = (
        f"{quantiles.q05:,.0f} to {quantiles.q95:,.0f} in 18 runs of 20, half of all runs "
        f"{quantiles.q25:,.0f} to {quantiles.q75:,.0f}"
    )
    some = "" if caught.if_any is None else f", then {caught.if_any:,.0f} on average"
    wait = made.wait_on_board
    lines = [
        f"{_people(out.estimate)} arrive and {_people(caught.estimate)} are caught on the road:",
        *_since_in_words(made.since),
        f"  played              {made.runs:,} runs of {made.horizon_hours:g} h, seed {made.seed}",
        f"  the plan itself     {last.planned:,} arrive if nothing slips",
        f"  arrived             {spread}",
        f"  anybody caught      {in_twenty(caught.any.mean)}{some}",
        f"  all out at the end  {in_twenty(last.all_out.mean)}, of those believed to be there",
        f"  wait on board       {wait.mean:.1f} h a convoy",
        f"  over {wait.limit:g} h for some    {in_twenty(wait.over.mean)}",
        f"  why it ended        {made.stopped}",
    ]
    if made.waits:
        lines.append("  going later (arrived, caught; what the wait must bring to pay):")
    for later in made.waits:
        pays = "no cut of the risk pays for it"
        if later.cut is not None:
            pays = (
                "it costs nothing" if later.cut <= 0 else f"breaks {later.cut:.0%} rarer pay for it"
            )
            if later.cut > 0 and later.cut_low is not None and later.cut_high is not None:
                pays += f" ({later.cut_low:.0%} to {later.cut_high:.0%})"
        lines.append(
            f"    {later.hours:>4g} h  {signed(later.change.arrived.mean):>7}  "
            f"{signed(later.change.caught.mean):>6}   {pays}"
        )
    if made.drivers:
        lines.append("  what moves it most (arrived ± 95 %, caught):")
    for one in made.drivers[:8]:
        change = one.change
        lines.append(
            f"    {signed(change.arrived.mean):>7} ± {change.arrived.half_width:<5,.0f} "
            f"{signed(change.caught.mean):>6}   {one.words}"
        )
    if made.worths:
        lines.append("  one more, planned again (arrived ± 95 %, caught):")
    for worth in made.worths:
        change = worth.change
        lines.append(
            f"    {signed(change.arrived.mean):>7} ± {change.arrived.half_width:<5,.0f} "
            f"{signed(change.caught.mean):>6}   {worth.what}"
        )
    stated = sum(one.stated for one in made.beliefs)
    lines.append(
        f"  rests on            {len(made.beliefs)} beliefs, {stated} of them stated by the "
        "scenario; --json lists each with its origin"
    )
    if output is not None:
        lines.append(f"  written             {output}")
    return lines


def _since_in_words(since: "Since | None") -> list[str]:
    """Return where a rehearsal from now began, and what the ledger leaves open."""
    if since is None:
        return []
    road = ", ".join(since.on_the_road) or "nothing"
    held = "taken as broken now" if since.broken else "not broken now"
    stops = f"{since.stops:g} stops in {since.hours_at_risk:.1f} h at risk"
    when = since.at.isoformat(timespec="minutes")
    return [
        f"  as of               {when}, entry {since.upto}: what is left of the day",
        f"  arrived by then     {since.arrived:,}, in the number above",
        f"  on the road then    {since.aboard:,} people, {road}; caught counts from then on",
        f"  the truce so far    {stops}, {held}",
        *(f"  note                {one}" for one in since.warnings),
    ]


def _people(one: "Estimate") -> str:
    return f"{one.mean:,.0f} (95 %: {max(0.0, one.low):,.0f} to {one.high:,.0f})"


def _show_replay(found: "Replay", output: Path | None, *, as_json: bool) -> None:
    document = found.to_json()
    if output is not None:
        write_json(document, output)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
        return
    row = found.row
    lines = [f"run {row.run}: {row.arrived:,} arrived, {row.caught:,} caught."]
    for one in found.events:
        people = "" if one.people is None else f"{one.people:,} people"
        said = (one.movement or "", one.vehicle or "", people, one.note)
        rest = "  ".join(word for word in said if word)
        lines.append(f"  {one.at / 60.0:8.1f} min  {one.kind:<18} {rest}")
    typer.echo("\n".join(lines))
