"""What a scenario asks of the roads: an extract, closures, and how doubt is treated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from safepassage.scenario.closing import Closure
from safepassage.scenario.figure import Figure


@dataclass(frozen=True, slots=True)
class RoadsWanted:
    """Roads of a scenario.

    `extract` is an .osm.pbf or a stored network, relative to the scenario's folder; kept is what
    lies within `around_m` metres of the scenario's places, or in `polygon` (lat, lon corners).
    `doubt` says whether stretches of unknown state are used or avoided: stated, never a default.
    `only` lists the ways of a negotiated corridor; where it is not empty nothing else is driven.
    `speeds` replaces km/h by vehicle kind and road class.
    """

    extract: str
    around_m: float | None = None
    polygon: tuple[tuple[float, float], ...] = ()
    doubt: Literal["use", "avoid"] | None = None
    only: tuple[int, ...] = ()
    speeds: Mapping[str, Mapping[str, Figure[float]]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
