"""`safepassage explain`: why people are left behind, and what one more of everything is worth."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import FromKeysOption, FromOption, scenario_of
from safepassage.cli.given import with_roads

if TYPE_CHECKING:
    from safepassage.planner.explain import Explanation
    from safepassage.planner.verified import VerifiedPlan

FORMAT = "safepassage/explain/1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json to explain.")],
    limit: Annotated[str, typer.Option(help="Longest time for the prices, e.g. 10s.")] = "10s",
    from_: FromOption = None,
    keys: FromKeysOption = None,
    protection: Annotated[
        str | None,
        typer.Option(
            metavar="PERSON",
            help="The head asks what rules that protect people cost; needs --ledger.",
        ),
    ] = None,
    ledger: Annotated[
        str | None, typer.Option(help="The ledger that knows the head and logs the request.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Say for each group left behind which limit binds, and what one more of each would bring."""
    from safepassage.cli.protection import in_words, log_request
    from safepassage.planner.explain import explain as explain_plan
    from safepassage.planner.names import IDS, English
    from safepassage.planner.protection import protection_prices
    from safepassage.planner.worst_served import worst_served

    if (protection is None) != (ledger is None):
        raise CommandError("--protection and --ledger: want both or neither", Exit.USAGE)
    verified = _verified(scenario, plan, from_, keys)
    priced = None
    if protection is not None and ledger is not None:
        # On record first: nobody sees a price that was not asked for in writing.
        log_request(protection, ledger, keys, verified.plan_hash)
        priced = protection_prices(verified)
    # Files keep ids, people read names.
    names = IDS if as_json else English(verified.scenario)
    found = explain_plan(verified, limit=_duration(limit), names=names)
    if as_json:
        document = {"format": FORMAT, "plan_hash": verified.plan_hash, **found.to_json()}
        worst = worst_served(verified)
        document["worst_served"] = None if worst is None else worst.to_json()
        if priced is not None:
            document["protection"] = [one.to_json() for one in priced]
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(_in_words(verified, found))
        if priced is not None:
            typer.echo(in_words(priced))


def _verified(scenario: Path, plan: Path, from_: str | None, keys: Path | None) -> "VerifiedPlan":
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused, verify
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    try:
        given = with_roads(load_scenario(scenario), scenario, reference=True)
        proposed = read_plan(plan)
        given = scenario_of(given, proposed, plan, from_, keys)
        return verify(given, proposed)
    except ScenarioError as error:
        raise CommandError(f"{scenario} cannot be used.\n{error}") from None
    except PlanError as error:
        raise CommandError(f"{plan} cannot be read.\n{error}") from None
    except PlanRefused as refused:
        lines = "\n".join(f"  {one.in_words(given.start)}" for one in refused.violations[:20])
        raise CommandError(f"{plan} is refused: nothing is explained.\n{lines}") from None


def _duration(text: str) -> timedelta:
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        raise CommandError(f'--limit: got {text!r}, want e.g. "10s"', Exit.USAGE) from None


def _last(verified: "VerifiedPlan", found: "Explanation") -> list[str]:
    """Return who leaves last, and until when leaving pays where that ends before the plan does."""
    from safepassage.planner.called import at_clock, convoy_names
    from safepassage.report.wording import people

    last = found.last_departure
    if last is None:
        return []
    start = verified.scenario.start
    what = f"the trips at {at_clock(start, last.depart)} from {_from(verified, last.depart)}"
    if last.convoy is not None:
        what = convoy_names(verified.plan)[last.convoy]
    lines = [f"Last to leave: {what}, with {people(last.people)}."]
    if last.pays_until is not None:
        lines.append(
            f"After {at_clock(start, last.pays_until)} leaving has more to lose than to gain, by "
            "the law of the window and the cost of being caught."
        )
    return lines


def _from(verified: "VerifiedPlan", depart: int) -> str:
    """Return where people leave at a second."""
    from safepassage.planner.names import English
    from safepassage.report.wording import listed

    trips = [one for one in verified.plan.trips if one.load and one.depart == depart]
    names = English(verified.scenario)
    return listed([names.place(one) for one in dict.fromkeys(one.start for one in trips)])


def _prices(verified: "VerifiedPlan", found: "Explanation") -> list[str]:
    """Return what one more of each limit would bring, and what the numbers are."""
    lines = []
    weighted = any(one.weight != 1 for one in verified.scenario.classes)
    unit = "people expected to arrive"
    if weighted:
        unit += ", weighted by need"
    if found.prices:
        lines.append(f"One more would bring ({unit}):")
        for price in found.prices:
            most = f"{'':16}" if price.at_most is None else f", at most {price.at_most:>8,.1f}"
            lines.append(f"  {price.gain:>8,.1f}{most}  {price.limit}: {price.unit}")
        lines.append(
            "  The first number was found by planning again with one more; no plan with one more "
            "gains more than the second."
        )
        spare = 0.0 if verified.bound is None else verified.bound - verified.value
        if spare >= 0.05:
            lines.append(
                f"  Up to {spare:,.1f} of the second may be had without one more: that far this "
                "plan may be from the best."
            )
    if found.not_priced:
        lines.append(f"No time was left for: {'; '.join(found.not_priced)}. Give a longer --limit.")
    return lines


def _in_words(verified: "VerifiedPlan", found: "Explanation") -> str:
    from safepassage.planner.names import English
    from safepassage.planner.worst_served import worst_served

    names = English(verified.scenario)
    lines = []
    if not found.left_behind:
        lines.append("Nobody who wishes to leave is left behind.")
    else:
        lines.append("Left behind at the end of the plan (companions not counted):")
    lines += [
        line
        for one in found.left_behind
        for line in (
            f"  {one.people:>7,} {names.people(one.class_id)} at {names.place(one.at)}: {one.why}",
            *([f"          it would take {one.takes}"] if one.takes else []),
        )
    ]
    worst = worst_served(verified)
    if worst is not None and found.left_behind:
        lines.append(f"Worst served: {worst.in_words(names)}.")
        if worst.at_most is None:
            lines.append(
                "  Order of aims: hard rules, then the worst-served group where `plan "
                "--worst-first` asks for it (not in this plan), then the worth."
            )
    lines += _last(verified, found)
    lines += _prices(verified, found)
    if found.unreal:
        lines.append("Inputs that look unreal, and that shape this plan:")
        lines += [f"  {one.path}: {one.text}" for one in found.unreal]
    return "\n".join(lines)
