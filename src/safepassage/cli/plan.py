"""`safepassage plan`: from a scenario to a verified plan with a proved bound."""

import json
import math
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import FromKeysOption, FromOption
from safepassage.cli.given import read_timed
from safepassage.cli.robust import RobustOption, robust_lines, robust_of

if TYPE_CHECKING:
    from safepassage.clearance.changes import Changes
    from safepassage.clearance.from_now import FromNow
    from safepassage.clearance.on_the_road import PeopleNow
    from safepassage.planner.budget import Progress
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.rehearsal.robust import Robust
    from safepassage.scenario.figure import Choice
    from safepassage.scenario.scenario import Scenario


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan")(plan)


def plan(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    limit: Annotated[
        str, typer.Option(help='Longest time to work, e.g. "30s" or "2 min".')
    ] = "30s",
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the plan is written.")
    ] = Path("plan.json"),
    people: Annotated[
        str, typer.Option(help="Which end of the ranges of people: low, likely or high.")
    ] = "likely",
    objective: Annotated[
        str | None, typer.Option(help="expected or last_out; else that of the scenario.")
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(min=0, help="Stop after so many search steps: repeatable to the bit."),
    ] = None,
    from_: FromOption = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="With --from: time with its zone (ISO 8601); else now."),
    ] = None,
    keys: FromKeysOption = None,
    robust: RobustOption = None,
    worst_first: Annotated[
        bool | None,
        typer.Option(
            "--worst-first/--by-value",
            help="Serve the worst-served group as well as can be, before all else, or go by the "
            "value; else as the scenario says.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Plan without trips on stdout.")] = False,
) -> None:
    """Make the best plan within a time limit, verify it, prove a bound, and write plan.json."""
    from safepassage.cli.from_ledger import (
        against_plan_in_force,
        left_now,
        plan_in_force,
        still_in_force,
    )
    from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
    from safepassage.planner.people_numbers import other_than_likely
    from safepassage.planner.plan_file import write_verified
    from safepassage.planner.problem import TooLargeError
    from safepassage.planner.solve import solve
    from safepassage.planner.worst_first import solve_worst_first
    from safepassage.scenario.figure import UnknownFigureError
    from safepassage.scenario.rules import Objective

    choice = cast("Choice", _one_of("--people", people, ("low", "likely", "high")))
    aim = None
    if objective is not None:
        aim = cast("Objective", _one_of("--objective", objective, ("expected", "last_out")))
    span = _duration(limit)
    if from_ is None and (at is not None or keys is not None):
        raise CommandError("--at and --keys: want --from LEDGER with them", Exit.USAGE)
    if robust is not None and from_ is not None:
        raise CommandError("--robust and --from: want one of them", Exit.USAGE)
    if worst_first and (robust is not None or aim == "last_out"):
        raise CommandError(
            "--worst-first: want it without --robust and --objective last_out", Exit.USAGE
        )
    given = read_timed(scenario)
    if worst_first is None:
        worst_first = given.rules.worst_first and aim != "last_out"
    if worst_first and robust is not None:
        raise CommandError(
            "--robust: the scenario asks for the worst-served group first; want --by-value with it",
            Exit.USAGE,
        )
    _check_folder(output)
    left = None if from_ is None else left_now(given, from_, keys, at)
    before = None
    if left is not None:
        given = left.scenario
        before = plan_in_force(left)
    held = None if before is None or left is None else still_in_force(before, left)
    with _interrupts() as interrupted:
        try:
            if worst_first:
                made = solve_worst_first(
                    given,
                    limit=span,
                    seed=seed,
                    people=choice,
                    progress=_Talk(given, "expected"),
                    stop=lambda: bool(interrupted),
                    iterations=iterations,
                    in_force=held,
                )
            else:
                made = solve(
                    given,
                    objective=aim,
                    limit=span,
                    seed=seed,
                    people=choice,
                    progress=_Talk(given, aim or given.rules.objective),
                    stop=lambda: bool(interrupted),
                    iterations=iterations,
                    in_force=held,
                )
        except NobodyMovesError as proof:
            if left is not None:
                _say_where_all_are(left, choice)
            raise CommandError(
                _impossible(str(proof), aim or given.rules.objective), Exit.IMPOSSIBLE
            ) from None
        except NotPlannedError as error:
            raise CommandError(str(error), Exit.STOPPED) from None
        except (UnknownFigureError, TooLargeError) as error:
            raise CommandError(f"{scenario}: {error}") from None
        chosen = None
        if robust is not None:
            chosen = robust_of(made, robust, lambda: bool(interrupted))
            made = chosen.plan
    changes = people_left = None
    if left is not None:
        from safepassage.clearance.on_the_road import people_now

        made, changes = against_plan_in_force(made, left, before)
        people_left = people_now(left.scenario, left.situation)
    write_verified(made, output)
    warning = other_than_likely(given, made.plan)
    if warning is not None:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        typer.echo(_without_trips(made, changes, chosen, people_left))
    else:
        typer.echo(_in_words(made, output, changes, chosen, people_left))
    if interrupted:
        raise typer.Exit(Exit.STOPPED)


def _one_of(option: str, found: str, allowed: tuple[str, ...]) -> str:
    if found not in allowed:
        raise CommandError(f"{option}: got {found!r}, want {' or '.join(allowed)}", Exit.USAGE)
    return found


def _duration(text: str) -> timedelta:
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        raise CommandError(f'--limit: got {text!r}, want e.g. "30s"', Exit.USAGE) from None


def _check_folder(output: Path) -> None:
    """Fail before the work, not after it."""
    if output.is_dir() or not output.name:
        raise CommandError(f"{output}: is a folder, want a file, e.g. plan.json", Exit.USAGE)
    if not output.parent.is_dir():
        raise CommandError(f"{output}: there is no folder {output.parent}", Exit.USAGE)


def _say_where_all_are(left: "FromNow", people: "Choice") -> None:
    """Say on stderr who is where: those on the road need a decision, plan or no plan."""
    from safepassage.clearance.on_the_road import people_lines, people_now

    scenario = left.scenario
    total = sum(
        one.leave.pick(people) * (1 + scenario.person_class[one.class_id].companions)
        for one in scenario.groups
        if one.leave.known
    )
    now = people_now(scenario, left.situation)
    typer.echo("\n".join(people_lines(now, 0, total)), err=True)


def _impossible(proof: str, aim: str) -> str:
    who = "nobody" if aim == "expected" else "not everybody"
    return f"proved: {who} can be moved: {proof}"


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Collect Ctrl-C instead of raising: the best plan so far is kept and written."""
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        if seen:
            raise KeyboardInterrupt
        seen.append(number)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


class _Talk:
    """Progress on stderr: time, best plan, bound."""

    def __init__(self, scenario: "Scenario", aim: Literal["expected", "last_out"]) -> None:
        self.unit = "expected (weighted people)" if aim == "expected" else "min"
        self.last = -1.0
        del scenario

    def __call__(self, now: "Progress") -> None:
        if now.seconds - self.last < 0.2 and now.seconds > 1.0:
            return
        self.last = now.seconds
        bound = "none yet" if now.bound is None else f"{now.bound:,.1f}"
        best = f"best {now.value:,.1f} {self.unit}" if math.isfinite(now.value) else "no plan yet"
        line = f"{now.seconds:7.1f} s  {best}  bound {bound}"
        print(line, file=sys.stderr)  # noqa: T201 - talk goes to stderr


def _without_trips(
    made: "VerifiedPlan",
    changes: "Changes | None",
    robust: "Robust | None",
    now: "PeopleNow | None",
) -> str:
    from safepassage.clearance.changes import changes_json
    from safepassage.clearance.on_the_road import people_json
    from safepassage.planner.plan_file import plan_to_json
    from safepassage.planner.worst_served import worst_served

    document = plan_to_json(made.plan)
    document.pop("trips", None)
    worst = worst_served(made)
    document["worst_served"] = None if worst is None else worst.to_json()
    if now is not None:
        document["now"] = people_json(now, made.people_out, made.people_total)
    if changes is not None:
        document["changes"] = changes_json(changes)
    if robust is not None:
        document["robust"] = robust.to_json()
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def _in_words(
    made: "VerifiedPlan",
    output: Path,
    changes: "Changes | None",
    robust: "Robust | None",
    now: "PeopleNow | None",
) -> str:
    from safepassage.clearance.changes import changes_lines
    from safepassage.clearance.on_the_road import people_lines
    from safepassage.planner.called import at_clock
    from safepassage.planner.names import English
    from safepassage.planner.worst_served import worst_served
    from safepassage.report import wording

    names = English(made.scenario)
    worst = worst_served(made) if made.people_out < made.people_total else None
    plan_made = made.plan
    loaded = [one for one in plan_made.trips if one.load]
    if plan_made.objective == "expected":
        expected = round(made.expected_people)
        value = f"{wording.people(expected)} expected to arrive though the window may close"
        if made.expected_people_bound is not None:
            value += f" (no plan beats {made.expected_people_bound:,.0f})"
        rho = made.scenario.rules.rho
        if rho is not None and rho.known and rho.pick() > 0:
            # By the law of the value: arrivals less what those caught on the road cost.
            value += f", less {rho.pick():g} for each who is expected to be caught on the road"
    else:
        at = at_clock(plan_made.start, round(60 * made.value))
        value = f"the last person arrives at {at}, {made.value:,.0f} min after the start"
        if made.bound is not None:
            value += f" (no plan beats {made.bound:,.0f} min)"
    if now is None:
        people = [f"  arrive if it holds  {made.people_out:,} of {made.people_total:,} persons"]
    else:
        value = f"of those who have not departed: {value}"
        people = people_lines(now, made.people_out, made.people_total)
    lines = [
        f"{value}.",
        *people,
        *(["this plan:"] if now is not None else []),
        *_sides(made),
        f"  convoys             {_convoys(made)}; {wording.kinds('trip', len(loaded))} with people",
        *([f"  worst served        {worst.in_words(names)}"] if worst is not None else []),
        *_order(made),
        f"  gap                 {_gap(made)}",
        f"  written             {output}",
    ]
    if changes is not None:
        lines += changes_lines(changes)
    if robust is not None:
        lines += robust_lines(robust)
    return "\n".join(lines)


def _convoys(made: "VerifiedPlan") -> str:
    """Return how many convoys carry people, and how many drive without."""
    with_people = {one.convoy for one in made.plan.trips if one.convoy and one.load}
    number = len(made.plan.convoys)
    if not number:
        return "none"
    return f"{len(with_people)} with people, {number - len(with_people)} empty"


def _sides(made: "VerifiedPlan") -> list[str]:
    """Return how many arrive of each side where a counterpart moves step by step."""
    from safepassage.planner.both_sides import both_sides
    from safepassage.report.wording import kinds

    return [
        f"  of each side        here {one.ours.arrive:,} of {one.ours.people:,} in "
        f"{kinds('batch', len(one.ours.batches))}, {one.name} {one.theirs.arrive:,} of "
        f"{one.theirs.people:,} in {kinds('batch', len(one.theirs.batches))}"
        for one in both_sides(made)
    ]


def _order(made: "VerifiedPlan") -> list[str]:
    """Return what the plan puts first, where a person asked for the worst-served group."""
    from safepassage.planner.city.problem import City, read_city
    from safepassage.planner.problem import make_problem
    from safepassage.planner.ways import Ways
    from safepassage.planner.worst_served import AT_MOST

    if AT_MOST not in made.plan.proof.data:
        return []
    lines = ["  order of aims       hard rules, the worst-served group, then the value (the gap)"]
    problem = make_problem(made.scenario, made.plan.people)
    if isinstance(read_city(problem, Ways(problem)), City):
        lines.append(
            "  not proved          a city has no bound by prices in this order: shares and gap "
            "rest on sums over time and may promise more than any plan can bring"
        )
    return lines


HOW_KNOWN = {
    "certificate": "a certificate that the verifier checks",
    "lp_optimal": "proved by a linear program",
    "search": "proved by a search of all convoys",
    "relaxed": "proved for a simpler problem",
    "none": "not proved",
}


def _gap(made: "VerifiedPlan") -> str:
    """Return how far the plan may be from the best, and how that is known."""
    from safepassage.report.wording import rule_words

    if made.gap is None:
        return "not known: nothing is proved of how good a plan could be"
    relaxes = made.plan.proof.relaxes
    left_out = f"; left out of the proof: {rule_words(relaxes)}" if relaxes else ""
    of = ""
    weighted = made.plan.objective == "expected" and made.value - made.expected_people > 0.05
    if weighted and made.bound is not None:
        # The gap is that of the objective: where people weigh more than 1 it is no gap of people.
        of = f" of weighted people, {made.value:,.1f} of at most {made.bound:,.1f}"
    return f"at most {made.gap:.2%}{of} ({HOW_KNOWN[made.plan.proof.kind]}{left_out})"
