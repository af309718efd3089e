"""`safepassage roads order-by`: by when the order must be given, and the last bus of each stop."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_timed
from safepassage.cli.roads_asking import JSON, SCENARIO, after_start

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.report.order_by import OrderBy, Tried
    from safepassage.scenario.scenario import Scenario

FORMAT = "safepassage/order-by/1"


def order_by_command(
    scenario: SCENARIO,
    chance: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, help="Everybody has arrived while the window holds with this chance."
        ),
    ] = 0.8,
    step: Annotated[str, typer.Option(help="Orders are tried in steps of this.")] = "15 min",
    limit: Annotated[str, typer.Option(help="Longest time to plan for each order.")] = "5s",
    seed: Annotated[int, typer.Option(help="Seed of the plans.")] = 1,
    as_json: JSON = False,
) -> None:
    """Find by when the order must be given so that everybody is out in time, and the last buses."""
    from safepassage.planner.solve import solve
    from safepassage.report.order_by import order_by

    given = read_timed(scenario)
    every, longest = after_start(step), after_start(limit)
    if every < timedelta(minutes=1):
        raise CommandError(f"--step: got {step!r}, want at least 1 min", Exit.USAGE)

    def plan(later: "Scenario") -> "VerifiedPlan":
        return solve(later, limit=longest, seed=seed, iterations=0)

    found = order_by(given, plan, chance=chance, step=every)
    if as_json:
        typer.echo(json.dumps(_document(given, found, chance, seed), ensure_ascii=False))
        return
    for line in _words(given, found, chance):
        typer.echo(line)


def _document(given: "Scenario", found: "OrderBy", chance: float, seed: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "scenario": given.sha256,
        "chance": chance,
        "seed": seed,
        "order_by": None if found.latest is None else _row(given, found.latest),
        "tried": [_row(given, one) for one in found.tried],
    }


def _row(given: "Scenario", one: "Tried") -> dict[str, Any]:
    last = one.last_arrival
    return {
        "at": (given.start + one.after).isoformat(),
        "after_minutes": one.after.total_seconds() / 60,
        "people_out": one.out,
        "people_total": one.total,
        "last_arrival": None if last is None else (given.start + last).isoformat(),
        "chance": one.chance,
        "enough": one.enough,
        "last_buses": {stop: (given.start + at).isoformat() for stop, at in one.last_buses},
    }


def _words(given: "Scenario", found: "OrderBy", chance: float) -> list[str]:
    first = found.tried[0]
    if found.latest is None:
        none = (
            f"No order is early enough: one at the start brings {first.out:,} of {first.total:,} "
            f"persons out{_until(given, first)}; wanted is everybody, at {chance:.0%} or more."
        )
        return [none, *_buses(given, first)]
    one = found.latest
    found_one = (
        f"Order by {_clock(given, one.after)}: a plan in hand then brings all {one.total:,} "
        f"persons out{_until(given, one)}."
    )
    lines = [found_one]
    later = [tried for tried in found.tried if tried.after > one.after]
    if later:
        worse = min(later, key=lambda tried: tried.after)
        lines.append(
            f"For an order at {_clock(given, worse.after)} no such plan was found "
            f"({worse.out:,} of {worse.total:,} out{_until(given, worse)})."
        )
    lines.append(
        "Vehicles, staff, people and shelters are taken to be ready so long after the order as the "
        "scenario says after its start; forecast, closures and night keep their hours."
    )
    return lines + _buses(given, one)


def _buses(given: "Scenario", one: "Tried") -> list[str]:
    return [
        f"  last bus from {given.place[stop].name()}: {_clock(given, at)}"
        for stop, at in one.last_buses
    ]


def _until(given: "Scenario", one: "Tried") -> str:
    if one.last_arrival is None or one.chance is None:
        return ""
    return (
        f" by {_clock(given, one.last_arrival)}, when the chance that the window holds is "
        f"{one.chance:.0%}"
    )


def _clock(given: "Scenario", after: timedelta) -> str:
    return (given.start + after).strftime("%d %b %H:%M")
