"""`safepassage demo`: a case from scenario to plan, report and sheets, in one go."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.cases import case_named
from safepassage.cli.given import read_timed

if TYPE_CHECKING:
    from safepassage.planner.budget import Progress
    from safepassage.planner.verified import VerifiedPlan

DEMO = "aleppo-2016"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    case: Annotated[str, typer.Argument(help="A case that comes with the program.")] = DEMO,
    folder: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for the plan and the report.")
    ] = Path("out"),
    limit: Annotated[str, typer.Option(help="Longest time to plan.")] = "30s",
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
) -> None:
    """Plan a case that comes with the program, verify and rehearse the plan, write its report."""
    from safepassage.cli.report import report
    from safepassage.planner.plan_file import write_verified
    from safepassage.planner.solve import solve
    from safepassage.scenario.duration import parse_duration

    source = case_named(case)
    given = read_timed(source)
    out = folder / case
    out.mkdir(parents=True, exist_ok=True)
    _say(f"{given.name}: planning for up to {limit} ...")
    talk = _Talk()
    made = solve(given, limit=parse_duration(limit), seed=seed, progress=talk)
    talk.close()
    write_verified(made, out / "plan.json")
    typer.echo(
        f"{made.people_out:,} of {made.people_total:,} who wish to leave arrive if nothing slips."
    )
    if made.plan.objective == "expected":
        known = f" (no plan beats {made.expected_people_bound:,.0f})"
        rho = given.rules.rho
        caught = ""
        if rho is not None and rho.known and rho.pick() > 0:
            # By the law of the value: arrivals less what those caught on the road cost.
            caught = f",\nless {rho.pick():g} for each who is expected to be caught on the road"
        typer.echo(
            f"{made.expected_people:,.0f} are expected to, since the window may close at any moment"
            f"{known if made.expected_people_bound is not None else ''}{caught}."
        )
    odds = _rehearsed(made, out / "rehearsal.json")
    _say("writing the report and the sheets ...")
    report(source, out / "plan.json", folder=out, rehearsal=odds)
    typer.echo(f"\nOpen the report in a browser: {(out / 'report.html').resolve()}")
    program = sys.argv[0] if sys.argv[0].endswith("safepassage") else "safepassage"
    typer.echo("Open the board on a drill of this plan (it shows the passwords):")
    typer.echo(f"  {program} drill {source} {out / 'plan.json'} -o {out / 'drill'}")


def _rehearsed(made: "VerifiedPlan", file: Path) -> Path | None:
    """Rehearse the plan and say what it comes to; None where it cannot be rehearsed."""
    from safepassage.cli.ensemble import write_json
    from safepassage.rehearsal.refused import RehearsalRefused
    from safepassage.rehearsal.run import rehearse
    from safepassage.report.wording import in_twenty

    _say("rehearsing it through truces that break (the first time this compiles) ...")
    try:
        odds = rehearse(made.scenario, made)
    except RehearsalRefused as refused:
        _say(f"not rehearsed: {refused}")
        return None
    write_json(odds.to_json(), file)
    arrived, caught = odds.out.estimate, odds.caught
    typer.echo(
        f"Rehearsed {odds.runs:,} times: {arrived.mean:,.0f} arrive on average (95 %: "
        f"{arrived.low:,.0f} to {arrived.high:,.0f}), {caught.estimate.mean:,.0f} are caught on "
        f"the road; anybody caught: {in_twenty(caught.any.mean)}."
    )
    return file


class _Talk:
    """One line of progress that is written over on a terminal, and left out elsewhere."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()

    def __call__(self, now: "Progress") -> None:
        if self.terminal:
            bound = "" if now.bound is None else f", no plan beats {now.bound:,.0f}"
            sys.stderr.write(f"\r{now.seconds:5.0f} s  best {now.value:,.0f}{bound}   ")
            sys.stderr.flush()

    def close(self) -> None:
        if self.terminal:
            sys.stderr.write("\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
