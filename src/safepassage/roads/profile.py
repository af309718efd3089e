"""Profiles: how fast each kind of vehicle drives on each class of road, and where it cannot go.

Every default speed is an assumption and says so; a scenario can replace any of them with a source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from safepassage.roads.network import ROAD_CLASSES, Floats, RoadNetwork, RoadsError
from safepassage.scenario.figure import Figure
from safepassage.scenario.roads import ProfileWanted

ASSUMED = (
    "assumed: free-flow speeds below the usual limits, for a vehicle that is driven with care; "
    "replace them with what drivers report"
)


@dataclass(frozen=True)
class Profile:
    """Speeds in km/h by road class (a class that is absent may not be driven).

    `night_factor` multiplies speeds at night, `convoy_factor` in a convoy; both in (0, 1].
    `tonnes` and `width_m` of the vehicle are held against the limits that the map states.
    """

    kind: str
    kmh: Mapping[str, float]
    night_factor: float = 1.0
    convoy_factor: float = 1.0
    tonnes: float = 0.0
    width_m: float = 0.0
    origin: str = ASSUMED
    ignores_one_way: bool = False
    changed: Mapping[str, str] = field(default_factory=dict)

    def seconds(self, network: RoadNetwork, *, night: bool, convoy: bool) -> Floats:
        """Return driving seconds of each edge; infinity where the vehicle may not go."""
        speed = np.array([self.kmh.get(name, 0.0) for name in ROAD_CLASSES])
        factor = (self.night_factor if night else 1.0) * (self.convoy_factor if convoy else 1.0)
        metres_per_second = speed[network.road] * factor / 3.6
        with np.errstate(divide="ignore"):
            seconds = np.where(metres_per_second > 0, network.metres / metres_per_second, np.inf)
        too_heavy = network.max_tonnes < self.tonnes  # NaN compares false: no limit stated
        too_wide = network.max_width_m < self.width_m
        return np.where(too_heavy | too_wide, np.inf, seconds)


def _speeds(*kmh: float) -> dict[str, float]:
    """Return speeds by class, motorway first; zero leaves a class out."""
    return {name: speed for name, speed in zip(ROAD_CLASSES, kmh, strict=False) if speed > 0}


PROFILES: Mapping[str, Profile] = {
    "bus": Profile(
        "bus",
        _speeds(80, 70, 60, 50, 45, 35, 25, 10, 15, 12),
        night_factor=0.8,
        convoy_factor=0.8,
        tonnes=18.0,
        width_m=2.55,
    ),
    "ambulance": Profile(
        "ambulance",
        _speeds(100, 85, 70, 60, 50, 40, 30, 15, 20, 18),
        night_factor=0.85,
        convoy_factor=0.8,
        tonnes=5.0,
        width_m=2.2,
    ),
    "lorry": Profile(
        "lorry",
        _speeds(75, 65, 55, 45, 40, 30, 20, 10, 12, 12),
        night_factor=0.8,
        convoy_factor=0.8,
        tonnes=26.0,
        width_m=2.55,
    ),
    "car": Profile(
        "car",
        _speeds(100, 85, 70, 60, 50, 40, 30, 15, 20, 18),
        night_factor=0.85,
        convoy_factor=0.8,
        tonnes=2.0,
        width_m=1.9,
    ),
    "foot": Profile(
        "foot",
        _speeds(0, 4, 4, 4, 4, 4, 4, 4, 4, 3.5, 4, 4, 3.5, 2),
        night_factor=0.8,
        convoy_factor=1.0,
        ignores_one_way=True,
    ),
}


def profile_for(
    kind: str,
    changes: Mapping[str, float] | None = None,
    why: str = "",
    wanted: ProfileWanted | None = None,
) -> Profile:
    """Return the profile of a vehicle kind; an unknown kind drives as a bus, and says so.

    `changes` replaces speeds by class, `why` is their source or assumption; `wanted` is what the
    scenario says besides.

    Raises
    ------
    RoadsError
        If a class is unknown or a speed is not between 1 and 150 km/h.
    """
    own = wanted or ProfileWanted()
    base = PROFILES.get(own.like or kind)
    if base is None:
        base = replace(PROFILES["bus"], origin=f"{ASSUMED}; '{kind}' drives as a bus")
    elif own.like is not None and own.like != kind:
        base = replace(base, origin=f"{base.origin}; '{kind}' drives like the profile {own.like}")
    base = replace(
        base,
        kind=kind,
        night_factor=_picked(own.night_factor, base.night_factor),
        convoy_factor=_picked(own.convoy_factor, base.convoy_factor),
        tonnes=_picked(own.tonnes, base.tonnes),
        width_m=_picked(own.width_m, base.width_m),
        changed=_said(own),
    )
    if not changes:
        return base
    for name, kmh in changes.items():
        if name not in ROAD_CLASSES:
            raise RoadsError(f"speed of '{name}': want one of {', '.join(ROAD_CLASSES)}")
        if not 1 <= kmh <= 150:
            raise RoadsError(f"speed of '{name}': got {kmh}, want 1 to 150 km/h")
    return replace(
        base,
        kmh={**base.kmh, **changes},
        changed={**base.changed, **dict.fromkeys(changes, why or "unsourced")},
    )


def _picked(figure: Figure[float] | None, otherwise: float) -> float:
    return otherwise if figure is None else float(figure.pick())


def _said(wanted: ProfileWanted) -> dict[str, str]:
    """Return on what each figure of the scenario's own rests."""
    figures = {
        "night_factor": wanted.night_factor,
        "convoy_factor": wanted.convoy_factor,
        "tonnes": wanted.tonnes,
        "width_m": wanted.width_m,
    }
    return {
        name: figure.source or figure.assumed or "unsourced"
        for name, figure in figures.items()
        if figure is not None
    }
