"""What the commands under `safepassage roads` share: their options, and how roads are asked."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.roads.travel import Roads
    from safepassage.roads.ways import WayFinder

SCENARIO = Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")]
JSON = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
KIND = Annotated[str | None, typer.Option(help="Vehicle kind; else the first of the scenario.")]
AT = Annotated[str, typer.Option(help='How long after the start, e.g. "6 h".')]


def kind_of(roads: "Roads", kind: str | None) -> str:
    """Return the kind that was asked for, else the first of the scenario.

    Raises
    ------
    CommandError
        If neither the scenario nor the program knows the kind.
    """
    from safepassage.roads.profile import PROFILES
    from safepassage.scenario.near import did_you_mean

    kinds = list(dict.fromkeys(one.kind for one in roads.scenario.vehicles))
    if kind is None:
        return kinds[0] if kinds else "bus"
    known = list(dict.fromkeys([*kinds, *PROFILES]))
    if kind not in known:
        raise CommandError(
            f"--kind: got '{kind}', want one of {', '.join(known)}{did_you_mean(kind, known)}",
            Exit.USAGE,
        )
    return kind


def after_start(text: str) -> timedelta:
    """Return a time after the start that was typed."""
    from safepassage.scenario.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        raise CommandError(f'got {text!r}, want a time, e.g. "6 h"', Exit.USAGE) from None


def nodes_of(roads: "Roads") -> dict[str, int]:
    """Return the crossing that each place with a position is taken to."""
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import snaps_of

    placed = [one for one in roads.scenario.places if one.position is not None]
    try:
        return {one.place: one.node for one in snaps_of(roads, placed)}
    except RoadsError as error:
        raise CommandError(str(error)) from None


def check_places(snaps: dict[str, int], *wanted: str) -> None:
    """Refuse ids of places that have no position or are none."""
    from safepassage.scenario.near import did_you_mean

    for one in wanted:
        if one not in snaps:
            near = did_you_mean(one, list(snaps))
            raise CommandError(f"place: got '{one}', want an id of a place with a position{near}")


def finder_at(roads: "Roads", kind: str, after: timedelta) -> "WayFinder":
    """Return what finds ways for a kind at a moment, closures in force."""
    from safepassage.roads.engine import arc_milliseconds
    from safepassage.roads.travel import is_night
    from safepassage.roads.ways import WayFinder

    seconds = roads.seconds(kind, night=is_night(roads.scenario, after))
    times = arc_milliseconds(roads.network, seconds, roads.closed(after))
    return WayFinder(roads.network, roads.engine, times)
