"""`safepassage report`: the report and the sheets of a plan, for one audience."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage import __version__
from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import FromKeysOption, FromOption, left_as_planned, scenario_of
from safepassage.cli.given import read_roads, read_timed

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.report.audience import Audience
    from safepassage.report.material import Belief, Material
    from safepassage.report.road_section import RoadPicture
    from safepassage.scenario.scenario import Scenario

FORMAT = "safepassage/report/1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json to report on.")],
    folder: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the report and the sheets.")
    ] = Path("report"),
    audience: Annotated[
        str, typer.Option("--for", help="Who may read it: cell, crew, party or public.")
    ] = "cell",
    beliefs: Annotated[
        str,
        typer.Option(
            help="Time to plan afresh under each other belief about the window; 0s for none."
        ),
    ] = "1s",
    rehearsal: Annotated[
        Path | None,
        typer.Option("--rehearsal", help="What `rehearse -o FILE` wrote of this plan."),
    ] = None,
    from_: FromOption = None,
    keys: FromKeysOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write report.html, report.pdf and the sheets that one audience may have."""
    from safepassage.report.audience import AUDIENCES
    from safepassage.report.write import SharedFolderError, write_report

    if audience not in AUDIENCES:
        wanted = ", ".join(AUDIENCES)
        raise CommandError(f"--for: got {audience!r}, want one of: {wanted}", Exit.USAGE)
    reader: Audience = audience
    span = _duration(beliefs)
    verified = _verified(scenario, plan, from_, keys)
    if rehearsal is not None and reader != "cell":
        raise CommandError(
            f"--rehearsal: for the cell alone, got --for {reader}: the odds would help someone "
            "to target people",
            Exit.USAGE,
        )
    material = _material(verified, reader, span, rehearsal)
    if from_ is not None:
        from safepassage.clearance.on_the_road import people_now

        left = left_as_planned(read_timed(scenario, reference=True), from_, keys, verified.plan)
        material = replace(material, now=people_now(left.scenario, left.situation))
    if reader == "cell" and verified.scenario.roads is not None:
        material = replace(material, roads=_road_picture(scenario, verified))
    try:
        files = write_report(material, folder, audience=reader)
    except SharedFolderError as error:
        raise CommandError(str(error)) from None
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "format": FORMAT,
                    "audience": audience,
                    "plan_hash": verified.plan_hash,
                    "files": [str(one) for one in files],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    sheets = len(files) - 2
    typer.echo(f"{files[0]}\n{files[1]}")
    if sheets:
        made = next(one for one in files[2].parents if one.parent == folder)
        typer.echo(f"{made}: {sheets} files of sheets")


def _duration(words: str) -> timedelta:
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(words)
    except ValueError:
        raise CommandError(f'--beliefs: got {words!r}, want e.g. "2s"', Exit.USAGE) from None


def _verified(scenario: Path, plan: Path, from_: str | None, keys: Path | None) -> "VerifiedPlan":
    """Return the plan, judged here and now: a file's own word is never taken."""
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused, verify

    given = read_timed(scenario, reference=True)
    try:
        proposed = read_plan(plan)
        given = scenario_of(given, proposed, plan, from_, keys)
        return verify(given, proposed)
    except PlanError as error:
        lines = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"{plan} cannot be read.\n{lines}") from None
    except PlanRefused as refused:
        lines = "\n".join(f"  {one.in_words(given.start)}" for one in refused.violations[:20])
        more = len(refused.violations) - 20
        rest = f"\n  and {more} more: see `safepassage verify`" if more > 0 else ""
        raise CommandError(f"{plan} is refused: nothing is reported.\n{lines}{rest}") from None


def _material(
    verified: "VerifiedPlan", audience: "Audience", span: timedelta, rehearsal: Path | None
) -> "Material":
    """Return what the report is made of; only the cell's report needs more than the plan."""
    from safepassage.planner.fill_and_send import fill_and_send
    from safepassage.planner.names import English
    from safepassage.planner.reasons import left_behind
    from safepassage.rehearsal.result_file import NoRehearsalError, read_rehearsal
    from safepassage.report.material import Material, OtherScenarioError

    given = verified.scenario
    now = datetime.now(UTC).replace(microsecond=0).astimezone(given.start.tzinfo)
    if audience != "cell":
        return Material(verified, now, __version__)
    try:
        odds = None if rehearsal is None else read_rehearsal(rehearsal)
        if odds is not None and odds.since is not None:
            raise CommandError(
                f"{rehearsal}: got a rehearsal of what was left at {odds.since.at.isoformat()}, "
                "want one of the whole plan"
            )
        bare = Material(verified, now, __version__, rehearsal=odds)
    except NoRehearsalError as error:
        raise CommandError(str(error)) from None
    except OtherScenarioError as error:
        raise CommandError(f"{rehearsal}: {error}") from None
    return replace(
        bare,
        baseline=fill_and_send(given, people=verified.plan.people),
        left_behind=left_behind(verified, English(given)),
        beliefs=_beliefs(verified, span),
    )


def _road_picture(path: Path, verified: "VerifiedPlan") -> "RoadPicture":
    """Return the map of the roads, drawn as they are at the start of the scenario."""
    from safepassage.report.road_section import road_picture
    from safepassage.roads.travel import travel

    roads = read_roads(path)
    return road_picture(roads, travel(roads), verified)


def _beliefs(verified: "VerifiedPlan", span: timedelta) -> "tuple[Belief, ...]":
    """Return plans made afresh for the ends of the range of how long the window holds."""
    given = verified.scenario
    mean = given.ending.mean
    if span <= timedelta(0) or mean is None or not mean.is_range:
        return ()
    if verified.plan.objective != "expected":
        return ()
    from contextlib import suppress

    from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
    from safepassage.planner.solve import solve
    from safepassage.report.hours import belief_words
    from safepassage.report.material import Belief
    from safepassage.scenario.figure import Figure

    found = []
    for end in (mean.low, mean.high):
        if end is None or end == mean.pick():
            continue
        law = replace(given.ending, mean=Figure(value=end))
        other: Scenario = replace(given, ending=law)
        made: VerifiedPlan | None = None
        with suppress(NobodyMovesError, NotPlannedError):
            made = solve(other, limit=span, seed=verified.plan.seed, people=verified.plan.people)
        found.append(Belief(belief_words(law), made))
    return tuple(found)
