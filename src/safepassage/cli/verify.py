"""`safepassage verify`: does a plan keep every rule, and is its value what it says."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.from_ledger import NEEDS_LEDGER, FromKeysOption, FromOption, left_as_planned
from safepassage.cli.given import with_roads

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    scenario: Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")],
    plan: Annotated[Path, typer.Argument(help="The plan.json to judge.")],
    from_: FromOption = None,
    keys: FromKeysOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Judge a plan by the scenario alone: accepted (exit 0), or every rule it breaks (exit 3)."""
    from safepassage.clearance.from_now import MARK
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused
    from safepassage.planner.verify import verify as judge
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    try:
        given = with_roads(load_scenario(scenario), scenario, reference=True)
        proposed = read_plan(plan)
        if from_ is not None:
            given = left_as_planned(given, from_, keys, proposed).scenario
        verified = judge(given, proposed)
    except ScenarioError as error:
        faults = [_fault("scenario", str(scenario), one) for one in str(error).splitlines()]
        _refuse(faults, None, f"{scenario} cannot be used.\n{error}", as_json=as_json)
    except PlanError as error:
        faults = [_fault("file", str(plan), one) for one in error.faults]
        lines = "\n".join(f"  {one}" for one in error.faults)
        _refuse(faults, None, f"{plan} cannot be read.\n{lines}", as_json=as_json)
    except PlanRefused as refused:
        number = len(refused.violations)
        lines = "\n".join(f"  {one.in_words(given.start)}" for one in refused.violations)
        words = f"{plan} is refused: {number} violation{'s' if number > 1 else ''}.\n{lines}"
        if from_ is None and any(one.startswith(MARK) for one in proposed.inputs):
            words = f"{NEEDS_LEDGER.format(plan=plan)}\n{words}"
        found = [one.to_json() for one in refused.violations]
        _refuse(found, refused.value, words, as_json=as_json)
    else:
        if as_json:
            typer.echo(_document([], verified.value, bound_checked=verified.bound_checked))
        else:
            typer.echo(_in_words(verified, tuple(proposed.inputs) if from_ is not None else ()))


def _fault(rule: str, where: str, found: str) -> dict[str, object]:
    """Return a fault of a file in the form of a violation."""
    return {"rule": rule, "where": where, "at": None, "found": found, "allowed": "a valid file"}


def _refuse(
    found: Sequence[dict[str, object]], value: float | None, words: str, *, as_json: bool
) -> None:
    if as_json:
        typer.echo(_document(found, value, bound_checked=False))
        raise typer.Exit(Exit.INVALID)
    raise CommandError(words)


def _document(
    found: Sequence[dict[str, object]], value: float | None, *, bound_checked: bool
) -> str:
    """Return the documented JSON object of the command."""
    return json.dumps(
        {
            "ok": not found,
            "violations": list(found),
            "value": value,
            "bound_checked": bound_checked,
        },
        ensure_ascii=False,
        indent=2,
    )


def _in_words(verified: "VerifiedPlan", inputs: Sequence[str]) -> str:
    """Return what was found of an accepted plan as lines for people; `inputs` if it is from now."""
    from safepassage.clearance.from_now import marked

    plan = verified.plan
    last_out = plan.objective == "last_out"
    unit = "minutes until the last is out" if last_out else "weighted expected arrivals"
    people = f"{verified.people_out:,} of {verified.people_total:,} persons who wish to leave"
    if inputs:
        entry, at = marked(tuple(inputs))
        people += f" and had not departed at {at:%H:%M} (entry {entry})"
    lines = [
        f"accepted: {len(plan.trips)} trips, {len(plan.convoys)} convoys keep every rule.",
        f"  value     {verified.value:.10g} {unit}",
        f"  arrived   {people}, companions included, if nothing slips",
        f"  bound     {_bound_in_words(verified)}",
        f"  hash      {verified.plan_hash}",
    ]
    return "\n".join(lines)


def _bound_in_words(verified: "VerifiedPlan") -> str:
    if verified.bound is None:
        return "none: how far the plan is from the best is not known"
    proof = verified.plan.proof
    checked = "its certificate was checked here" if verified.bound_checked else "not checked here"
    gap = "" if verified.gap is None else f", gap {verified.gap:.2%}"
    return f"{verified.bound:.10g}{gap}, by {proof.kind.replace('_', ' ')} ({checked})"
