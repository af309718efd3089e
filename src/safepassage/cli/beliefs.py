"""`safepassage beliefs`: one mission under several beliefs, and the plan of least regret."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_timed

if TYPE_CHECKING:
    from safepassage.planner.beliefs import Belief, Believed
    from safepassage.planner.plan import Plan
    from safepassage.planner.verify import PlanRefused
    from safepassage.scenario.figure import Choice
    from safepassage.scenario.scenario import Scenario
    from safepassage.scenario.window import Law, LawKind

FORMAT = "safepassage/beliefs/1"
MOST_BELIEFS = 16
ENDS = ("low", "likely", "high")
MOST_MOMENTS = 24


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("beliefs")(beliefs)


def beliefs(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    window: Annotated[
        list[str] | None,
        typer.Option(
            help='A law of the window: "stated", "never", "exponential 6 h", "hard 8 h" or '
            '"weibull 12 h 1.5". Again for each belief.'
        ),
    ] = None,
    people: Annotated[
        list[str] | None,
        typer.Option(help="A caseload: low, likely, high or a number of persons in all. Again."),
    ] = None,
    per_vehicle: Annotated[
        list[str] | None,
        typer.Option(help='People a vehicle: "stated", or e.g. "bus=30". Again for each belief.'),
    ] = None,
    limit: Annotated[str, typer.Option(help="Longest time for each belief, e.g. 10s.")] = "10s",
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="Stop each after so many search steps: repeatable.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the plan of least regret here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Plan under each belief; show what the first convoy carries and which plan regrets least."""
    from safepassage.planner.beliefs import least_regret, regret_over_time, under_beliefs
    from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
    from safepassage.planner.problem import TooLargeError
    from safepassage.scenario.figure import UnknownFigureError

    given = read_timed(scenario)
    wanted = _beliefs(given, window or ["stated"], people or ["likely"], per_vehicle or ["stated"])
    try:
        found = under_beliefs(
            given, wanted, limit=_span("--limit", limit), seed=seed, iterations=iterations
        )
    except NobodyMovesError as proof:
        raise CommandError(f"proved: nobody can be moved: {proof}", Exit.IMPOSSIBLE) from None
    except NotPlannedError as error:
        raise CommandError(str(error), Exit.STOPPED) from None
    except (UnknownFigureError, TooLargeError) as error:
        raise CommandError(f"{scenario}: {error}") from None
    best = least_regret(found)
    step = max(1, int(given.horizon.total_seconds()) // MOST_MOMENTS)
    moments = range(step, int(given.horizon.total_seconds()) + 1, step)
    over_time = regret_over_time(best.verified, tuple(moments))
    if as_json:
        typer.echo(json.dumps(_document(found, best, over_time), ensure_ascii=False))
    else:
        typer.echo(_in_words(found, best, over_time))
    if output is not None:
        _write(given, best, output)
        typer.echo(f"written: {output}", err=True)


# ------------------------------------------------------------------ options


def _beliefs(
    given: "Scenario", windows: Sequence[str], people: Sequence[str], vehicles: Sequence[str]
) -> tuple["Belief", ...]:
    """Return every combination of what was asked, named by what differs."""
    from safepassage.planner.beliefs import Belief

    number = len(windows) * len(people) * len(vehicles)
    if number > MOST_BELIEFS:
        raise CommandError(f"got {number} beliefs, want at most {MOST_BELIEFS}", Exit.USAGE)
    found = []
    for law, load, seats in product(windows, people, vehicles):
        parts = [
            text
            for text, several in ((law, windows), (load, people), (seats, vehicles))
            if len(several) > 1
        ]
        end, persons = _caseload(load)
        found.append(
            Belief(
                name=", ".join(parts) or "as the scenario states",
                people=end,
                law=_law(law),
                persons=persons,
                slots=_seats(given, seats),
            )
        )
    return tuple(found)


def _law(text: str) -> "Law | None":
    from safepassage.scenario.figure import sure
    from safepassage.scenario.window import Law

    if text == "stated":
        return None
    if text == "never":
        return Law()
    kind, _, rest = text.partition(" ")
    if kind not in ("exponential", "weibull", "hard") or not rest:
        wanted = '"stated", "never", "exponential 6 h", "hard 8 h" or "weibull 12 h 1.5"'
        raise CommandError(f"--window: got {text!r}, want {wanted}", Exit.USAGE)
    shape = 1.0
    if kind == "weibull":
        rest, _, last = rest.rpartition(" ")
        try:
            shape = float(last)
        except ValueError:
            shape = 0.0
        if not 0.1 <= shape <= 20:
            wanted = 'a shape from 0.1 to 20, e.g. "weibull 12 h 1.5"'
            raise CommandError(f"--window: got {text!r}, want {wanted}", Exit.USAGE)
    return Law(cast("LawKind", kind), sure(_span("--window", rest)), shape)


def _caseload(text: str) -> tuple["Choice", int | None]:
    if text in ENDS:
        return cast("Choice", text), None
    digits = text.replace(",", "")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= 10_000_000:
        wanted = "low, likely, high or a number of persons, e.g. 5000"
        raise CommandError(f"--people: got {text!r}, want {wanted}", Exit.USAGE)
    return "likely", int(digits)


def _seats(given: "Scenario", text: str) -> dict[str, dict[str, int]]:
    if text == "stated":
        return {}
    found: dict[str, dict[str, int]] = {}
    for part in text.split(","):
        kind, _, number = part.strip().partition("=")
        kinds = {one.kind for one in given.vehicles}
        if kind not in kinds or not number.isascii() or not number.isdigit():
            wanted = f'"stated" or e.g. "{min(kinds)}=30"'
            raise CommandError(f"--per-vehicle: got {text!r}, want {wanted}", Exit.USAGE)
        found[kind] = {"seat": int(number)}
    return found


def _span(option: str, text: str) -> timedelta:
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        raise CommandError(
            f'{option}: got {text!r}, want e.g. "10s" or "6 h"', Exit.USAGE
        ) from None


# ------------------------------------------------------------------ what is given back


def _write(given: "Scenario", best: "Believed", output: Path) -> None:
    """Write a plan as one of the scenario as stated, if it is one."""
    from safepassage.planner.plan import BoundProof
    from safepassage.planner.plan_file import write_verified
    from safepassage.planner.verify import PlanRefused, verify

    plan: Plan = replace(
        best.verified.plan,
        bound=None,
        expected_people_bound=None,
        expected_people=None,
        proof=BoundProof("none"),
        stated=None,
    )
    try:
        verified = verify(given, plan)
    except PlanRefused as refused:
        if refused.value is None or {one.rule for one in refused.violations} != {"value"}:
            raise CommandError(_not_written(given, best, output, refused)) from None
        verified = verify(given, replace(plan, value=refused.value))
    write_verified(verified, output)


MOST_BREACHES = 5


def _not_written(given: "Scenario", best: "Believed", output: Path, refused: "PlanRefused") -> str:
    """Return where the plan of another belief does not fit the scenario, and what is wanted."""
    found = refused.violations
    lines = [
        f"{output}: not written.",
        f"The plan of least regret was made for {best.belief.name}; the scenario does not allow:",
        *(f"  {one.in_words(given.start)}" for one in found[:MOST_BREACHES]),
    ]
    if len(found) > MOST_BREACHES:
        lines.append(f"  and {len(found) - MOST_BREACHES} more")
    lines.append(
        "Want a scenario that says what is believed: change its figures to those of that belief, "
        "then `plan` it."
    )
    return "\n".join(lines)


def _document(
    found: Sequence["Believed"], best: "Believed", over_time: Sequence[tuple[int, float]]
) -> dict[str, object]:
    from safepassage.planner.worst_served import worst_served

    return {
        "format": FORMAT,
        "beliefs": [one.belief.name for one in found],
        "plans": [
            {
                "made_for": one.belief.name,
                "value": one.verified.value,
                "bound": one.verified.bound,
                "people_out": one.verified.people_out,
                "people_total": one.verified.people_total,
                "first_convoy": one.first_convoy,
                "worth": list(one.worth),
                "worst_regret": one.regret,
                "worst_served": None
                if (worst := worst_served(one.verified)) is None
                else worst.to_json(),
            }
            for one in found
        ],
        "least_regret": best.belief.name,
        "regret_over_time": [[at / 60, share] for at, share in over_time],
    }


def _in_words(
    found: Sequence["Believed"],
    best: "Believed",
    over_time: Sequence[tuple[int, float]],
) -> str:
    from safepassage.planner.called import at_clock
    from safepassage.planner.names import English, class_words
    from safepassage.planner.worst_served import worst_served
    from safepassage.report.wording import listed

    given = best.verified.scenario
    weighted = any(one.weight != 1 for one in given.classes)
    rho = given.rules.rho
    worth = "people expected to arrive" + (", weighted by need" if weighted else "")
    if rho is not None and rho.known and rho.pick() > 0:
        worth += f", less {rho.pick():g} for each expected to be caught on the road"
    asked = "here it does" if given.rules.worst_first else "not here"
    lines = [
        "Order of aims: first the hard rules, which every plan keeps; then the worst-served group,",
        f"where the scenario asks for it (`worst_first`: {asked}); then the worth.",
        f"Worth: {worth}.",
    ]
    for number, one in enumerate(found, 1):
        made = one.verified
        first = listed(
            [f"{count:,} {class_words(name)}" for name, count in one.first_convoy.items()]
        )
        bound = "" if made.bound is None else f" (no plan beats {made.bound:,.1f})"
        arrive = f"{made.people_out:,} of {made.people_total:,} people arrive if it holds"
        leaves = min((trip.depart for trip in made.plan.trips if trip.load), default=None)
        when = "" if leaves is None else f", from {at_clock(made.plan.start, leaves)}"
        lines += [
            f"[{number}] {one.belief.name}",
            f"    worth {made.value:,.1f}{bound}; {arrive}",
            f"    first convoy: {first or 'nobody'}{when}",
        ]
        worst = worst_served(made)
        if worst is not None and made.people_out < made.people_total:
            lines.append(f"    worst served: {worst.in_words(English(made.scenario))}")
    lines.append(
        "What each plan (row) is worth under each belief (column). Last: its worst regret, the "
        "most by which it falls short of the best of these plans."
    )
    lines.append("      " + "".join(f"{f'[{one}]':>10}" for one in range(1, len(found) + 1)))
    for number, one in enumerate(found, 1):
        cells = "".join(f"{worth:>10,.1f}" for worth in one.worth)
        lines.append(f"  [{number}] {cells}   {one.regret:.1%}")
    number = 1 + next(n for n, one in enumerate(found) if one is best)
    lines.append(f"Smallest worst regret: plan [{number}], made for {best.belief.name}.")
    if over_time:
        at, share = max(over_time, key=lambda one: one[1])
        lines.append(
            f"If it stops at {at_clock(best.verified.plan.start, at)}, its worst moment, it has "
            f"brought at most {share:.1%} fewer than any plan could have by then."
        )
    return "\n".join(lines)
