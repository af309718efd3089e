"""What a scenario asks of the roads: an extract, closures, and how doubt is treated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from safepassage.scenario.closing import Closure
from safepassage.scenario.figure import Figure

ProfileName = Literal["bus", "ambulance", "lorry", "car", "foot"]
PROFILE_NAMES: tuple[ProfileName, ...] = ("bus", "ambulance", "lorry", "car", "foot")


@dataclass(frozen=True, slots=True)
class ProfileWanted:
    """What a scenario says of how one kind of vehicle drives; None leaves it as it is.

    `like` names the profile that it starts from. The factors multiply speeds at night and in a
    convoy, above 0 and at most 1; `tonnes` and `width_m` are held against limits of the map.
    """

    like: ProfileName | None = None
    night_factor: Figure[float] | None = None
    convoy_factor: Figure[float] | None = None
    tonnes: Figure[float] | None = None
    width_m: Figure[float] | None = None


@dataclass(frozen=True, slots=True)
class RoadsWanted:
    """Roads of a scenario.

    `extract` is an .osm.pbf or a stored network, relative to the scenario's folder; kept is what
    lies within `around_m` metres of the scenario's places, or in `polygon` (lat, lon corners).
    `doubt` says whether stretches of unknown state are used or avoided: stated, never a default.
    `only` lists the ways of a negotiated corridor; where it is not empty nothing else is driven.
    `speeds` replaces km/h by vehicle kind and road class, `profiles` what else a kind drives by.
    `fallbacks` names, for a destination, the place to go to while no road leads there.
    """

    extract: str
    around_m: float | None = None
    polygon: tuple[tuple[float, float], ...] = ()
    doubt: Literal["use", "avoid"] | None = None
    only: tuple[int, ...] = ()
    speeds: Mapping[str, Mapping[str, Figure[float]]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    profiles: Mapping[str, ProfileWanted] = field(default_factory=dict)
    fallbacks: Mapping[str, str] = field(default_factory=dict)
