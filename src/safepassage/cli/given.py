"""What most commands begin with: the scenario, with the times of its roads where it has any."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.roads.travel import Roads
    from safepassage.scenario.scenario import Scenario


def read_scenario(path: Path) -> "Scenario":
    """Return the scenario as its file states it.

    Raises
    ------
    CommandError
        With every fault of the file.
    """
    from safepassage.scenario.faults import ScenarioError
    from safepassage.scenario.load import load_scenario

    try:
        return load_scenario(path)
    except ScenarioError as error:
        raise CommandError(f"{path} cannot be used.\n{error}") from None


def read_timed(path: Path, *, reference: bool = False) -> "Scenario":
    """Return the scenario with the driving times of its roads, ready to plan with or to verify.

    `reference` computes them with the engine that planning does not use, where both are there.
    """
    return with_roads(read_scenario(path), path, reference=reference)


def with_roads(given: "Scenario", path: Path, *, reference: bool = False) -> "Scenario":
    """Return a scenario read from `path` with the driving times of its roads, if it has roads.

    Raises
    ------
    CommandError
        If the roads cannot be used.
    """
    if given.roads is None:
        return given
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import open_roads, travel

    try:
        found = travel(
            open_roads(given, folder_of(path), reference=reference, keep=kept_networks())
        )
    except RoadsError as error:
        raise CommandError(f"{path} cannot be used.\n  {error}") from None
    for warning in found.warnings:
        typer.echo(f"roads: {warning}", err=True)
    return found.scenario


def read_roads(path: Path) -> "Roads":
    """Return the roads of a scenario that has some."""
    from safepassage.roads.network import RoadsError
    from safepassage.roads.travel import open_roads

    try:
        return open_roads(read_scenario(path), folder_of(path), keep=kept_networks())
    except RoadsError as error:
        raise CommandError(str(error)) from None


def kept_networks() -> Path:
    """Return the folder in which road networks are kept for the next run."""
    own = os.environ.get("SAFEPASSAGE_CACHE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "safepassage"


def folder_of(path: Path) -> Path:
    """Return the folder in which the files of a scenario lie."""
    return path if path.is_dir() else path.parent
