"""Driving times of a scenario's legs from its roads, by vehicle kind and by hour.

A leg with a time given by hand keeps it, and the computed one is shown beside it. A computed time
is that of the moment of entry (`roads.hours`); hours in which there is no way become closed windows
of the leg.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from safepassage import __version__
from safepassage.roads.apart import read_network
from safepassage.roads.asking import Asker
from safepassage.roads.clip import Clip, check_polygon
from safepassage.roads.closing import Flags, Stretch, changes_of, closed_at, find_stretches
from safepassage.roads.contraction import ContractionEngine
from safepassage.roads.engine import Engine, ScipyEngine, arc_milliseconds
from safepassage.roads.fallback import may_be_left_out, with_fallbacks
from safepassage.roads.hours import Slice, hours_of
from safepassage.roads.network import (
    Floats,
    RoadNetwork,
    RoadsError,
    load_network,
    save_network,
)
from safepassage.roads.parts import largest_part
from safepassage.roads.profile import Profile, profile_for
from safepassage.roads.snapping import Snap, snap_places
from safepassage.scenario.figure import Figure
from safepassage.scenario.places import Hour, Leg, Place
from safepassage.scenario.reading.roads import read_roads
from safepassage.scenario.reading.row import Door, Row
from safepassage.scenario.roads import RoadsWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

STAFF_KIND = "car"
"""Staff who return alone drive a car."""


@dataclass(frozen=True)
class LegTimes:
    """What the roads say of one leg for one vehicle kind: a time a slice, None where no way."""

    leg: str
    kind: str
    times: tuple[timedelta | None, ...]
    metres: float | None
    by_hand: timedelta | None


@dataclass(frozen=True)
class Travel:
    """A scenario whose legs have their driving times, and how these came about."""

    scenario: Scenario
    network: RoadNetwork
    stretches: tuple[Stretch, ...]
    snaps: Mapping[str, Snap]
    slices: tuple[Slice, ...]
    legs: tuple[LegTimes, ...]
    doubt: str | None
    warnings: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Legs without a way at any hour, each with why; their ends have a named fallback."""


@dataclass(frozen=True)
class Roads:
    """The roads of a scenario, read and ready to be asked: network, closures, profiles, engine."""

    scenario: Scenario
    wanted: RoadsWanted
    network: RoadNetwork
    stretches: tuple[Stretch, ...]
    engine: Engine
    sha256: str

    def profile(self, kind: str) -> Profile:
        """Return the profile of a vehicle kind with the scenario's own speeds."""
        own = self.wanted.speeds.get(kind, {})
        why = "; ".join(
            sorted({figure.source or figure.assumed or "unsourced" for figure in own.values()})
        )
        speeds = {name: figure.pick() for name, figure in own.items()}
        return profile_for(kind, speeds, why, self.wanted.profiles.get(kind))

    def seconds(self, kind: str, *, night: bool) -> Floats:
        """Return driving seconds of each edge for a kind, in a convoy where corridors exist."""
        return self.profile(kind).seconds(
            self.network, night=night, convoy=bool(self.scenario.corridors)
        )

    def closed(self, after: timedelta) -> Flags:
        """Return for each edge whether it may not be entered at a moment."""
        closed = closed_at(self.network, self.stretches, after, doubt=self.wanted.doubt or "avoid")
        if self.wanted.only:
            closed = closed | ~np.isin(self.network.way, self.wanted.only)
        return closed


def open_roads(
    scenario: Scenario, folder: Path, *, reference: bool = False, keep: Path | None = None
) -> Roads:
    """Read the roads that a scenario asks for.

    `reference` takes scipy's engine, else the quick one is taken where it is installed. `keep`
    names a folder in which the network is stored for the next time, under the hash of what made it.

    Raises
    ------
    RoadsError
        If the extract cannot be used, or a closure names nothing, or doubt is not settled.
    """
    wanted = scenario.roads
    if wanted is None:
        raise RoadsError('this scenario has no [roads]: want at least extract = "FILE.osm.pbf"')
    unknown = [one.id for one in wanted.closures if one.state == "unknown"]
    if unknown and wanted.doubt is None:
        raise RoadsError(
            f"roads.doubt: not stated although {', '.join(unknown)} is unknown, want use or avoid"
        )
    path = folder / wanted.extract
    if not path.is_file():
        raise RoadsError(f"roads.extract: {path}: no such file")
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    network = _network(scenario, wanted, path, sha, keep)
    stretches = find_stretches(network, wanted.closures)
    if wanted.only:
        missing = sorted(set(wanted.only) - set(network.way.tolist()))
        if missing:
            raise RoadsError(f"roads.only: no way {', '.join(map(str, missing))} in the extract")
    engine: Engine = ScipyEngine(network)
    if not reference:
        with suppress(RoadsError):  # the extra is not installed: the reference is always there
            engine = ContractionEngine(network)
    return Roads(scenario, wanted, network, stretches, engine, sha)


def with_closure(roads: Roads, row: Mapping[str, object]) -> Roads:
    """Return the roads with one more closure, given as a row of [[roads.closure]].

    Raises
    ------
    RoadsError
        If the row is not one, its id is taken, or it names nothing.
    """
    door = Door(ids={"source": [one.id for one in roads.scenario.sources]})
    door.start = roads.scenario.start
    wanted = read_roads(
        Row({"extract": roads.wanted.extract, "doubt": "use", "closure": [dict(row)]}, "roads",
            "roads", door)
    )  # fmt: skip
    if door.faults:
        raise RoadsError("; ".join(str(fault) for fault in door.faults))
    (closure,) = wanted.closures
    if any(one.closure.id == closure.id for one in roads.stretches):
        raise RoadsError(f"closure '{closure.id}': there is one of this id already")
    added = find_stretches(roads.network, [closure])
    return replace(roads, stretches=(*roads.stretches, *added))


def _network(
    scenario: Scenario, wanted: RoadsWanted, path: Path, sha: str, keep: Path | None
) -> RoadNetwork:
    if path.suffix == ".npz":
        return load_network(path)
    if wanted.polygon:
        check_polygon(wanted.polygon, "roads.polygon")
    points = tuple(
        (place.position.lat, place.position.lon)
        for place in scenario.places
        if place.position is not None
    )
    clip = Clip(wanted.polygon, points if wanted.around_m else (), wanted.around_m or 0.0)
    if keep is None:
        return read_network(path, clip)
    key = hashlib.sha256(f"{sha}{clip}{__version__}".encode()).hexdigest()[:16]
    stored = keep / f"roads-{key}.npz"
    if stored.is_file():
        try:
            return load_network(stored)
        except RoadsError:
            stored.unlink()  # cut short by a full disk, say: made anew below
    network = read_network(path, clip)
    with suppress(OSError):  # a full or read-only disk: the next run reads the extract again
        keep.mkdir(parents=True, exist_ok=True)
        save_network(network, stored)
    return network


def slices_of(roads: Roads) -> tuple[Slice, ...]:
    """Return the slices of the horizon, cut where a closure starts or ends and at dusk and dawn."""
    scenario = roads.scenario
    cuts = {cut for cut in changes_of(roads.stretches) if cut < scenario.horizon}
    night = scenario.rules.night
    if night is not None:
        midnight = scenario.start.replace(hour=0, minute=0, second=0, microsecond=0)
        day = midnight - timedelta(days=1)
        while day - scenario.start < scenario.horizon:
            for clock in (night.begins, night.ends):
                moment = datetime.combine(day.date(), clock, scenario.start.tzinfo)
                if timedelta(0) < moment - scenario.start < scenario.horizon:
                    cuts.add(moment - scenario.start)
            day += timedelta(days=1)
    edges = [*sorted(cuts), scenario.horizon]
    return tuple(Slice(one, other, is_night(scenario, one)) for one, other in pairwise(edges))


def is_night(scenario: Scenario, after: timedelta) -> bool:
    """Return whether a moment lies in the night hours of the scenario's rules."""
    night = scenario.rules.night
    if night is None:
        return False
    clock = (scenario.start + after).time()
    if night.begins <= night.ends:
        return night.begins <= clock < night.ends
    return clock >= night.begins or clock < night.ends


def kinds_of(roads: Roads) -> list[str]:
    """Return the kinds of vehicles that the scenario has, else that of staff alone."""
    return sorted({one.kind for one in roads.scenario.vehicles}) or [STAFF_KIND]


def slowest_seconds(roads: Roads) -> Floats:
    """Return driving seconds of each edge for the slowest kind, infinity where any cannot go."""
    slowest: Floats = np.max([roads.seconds(kind, night=False) for kind in kinds_of(roads)], axis=0)
    return slowest


def snaps_of(roads: Roads, places: Sequence[Place]) -> tuple[Snap, ...]:
    """Return the crossing that each place is taken to: one that every kind can use.

    Raises
    ------
    RoadsError
        Listing every place without a position and every one too far from a road.
    """
    return snap_places(roads.network, places, slowest_seconds(roads))


def travel(roads: Roads) -> Travel:
    """Return the scenario with driving times on its legs, computed where none is given by hand.

    Raises
    ------
    RoadsError
        If a place is too far from any road, or a leg without a time by hand has no way at any hour:
        then the closed stretches that cause it are named.
    """
    scenario = roads.scenario
    kinds = kinds_of(roads)
    asked = sorted({end for leg in scenario.legs for end in (leg.start, leg.end)})
    snaps = {snap.place: snap for snap in snaps_of(roads, [scenario.place[one] for one in asked])}
    slices = slices_of(roads)
    asker = Asker(roads, snaps, slices)
    found = {
        (leg.id, kind): [asker.time(leg, kind, number, number) for number in range(len(slices))]
        for kind in kinds
        for leg in scenario.legs
    }
    legs, windows, rows, faults = [], list(scenario.windows), [], []
    cut: dict[str, str] = {}
    for leg in scenario.legs:
        mine = {kind: tuple(found[leg.id, kind]) for kind in kinds}
        by_hand = leg.time.pick() if leg.time.known else None
        rows += [LegTimes(leg.id, kind, mine[kind], None, by_hand) for kind in kinds]
        if by_hand is not None:
            legs.append(leg)
            continue
        if any(all(time is None for time in times) for times in mine.values()):
            why = _because(roads, leg, snaps)
            if may_be_left_out(scenario, leg.id, roads.wanted.fallbacks):
                cut[leg.id] = why
            else:
                faults.append(f"leg '{leg.id}': no way at any hour{why}")
            continue
        by_hour = {kind: hours_of(slices, partial(asker.time, leg, kind)) for kind in kinds}
        if any(all(one.time is None for one in hours) for hours in by_hour.values()):
            faults.append(f"leg '{leg.id}': no hour in which its way is open for the whole drive")
            continue
        legs.append(_with_times(leg, by_hour, roads))
        windows += _closed_hours(leg, mine, slices)
    if faults:
        raise RoadsError("; ".join(faults))
    legs = _with_km(legs, asker, roads)
    warnings = [
        f"{snap.place}: the nearest road ({snap.road}) is {snap.metres:,.0f} m away"
        for snap in snaps.values()
        if snap.far
    ]
    _, outside = largest_part(roads.network, slowest_seconds(roads))
    if outside > 0.05:
        warnings.append(f"{outside:.0%} of the drivable crossings are cut off from the others")
    if roads.network.restrictions:
        warnings.append(
            f"the extract holds {roads.network.restrictions} turn restrictions; they are not used"
        )
    timed = replace(
        scenario,
        legs=tuple(legs),
        windows=tuple(windows),
        inputs={**scenario.inputs, roads.wanted.extract: roads.sha256, **_doubt(roads)},
    )
    timed, changed = with_fallbacks(timed, roads.wanted.fallbacks, cut)
    warnings += changed
    return Travel(
        timed,
        roads.network,
        roads.stretches,
        snaps,
        slices,
        tuple(rows),
        roads.wanted.doubt,
        tuple(warnings),
        cut,
    )


def _doubt(roads: Roads) -> dict[str, str]:
    """Return, as an input of the plan, whether stretches of unknown state are used, and which."""
    unknown = [one.closure.id for one in roads.stretches if one.closure.state == "unknown"]
    if not unknown:
        return {}
    used = "used" if roads.wanted.doubt == "use" else "avoided"
    said = f"stretches of unknown state are {used}: {', '.join(unknown)}"
    return {said: hashlib.sha256(said.encode()).hexdigest()}


def _with_km(legs: list[Leg], asker: Asker, roads: Roads) -> list[Leg]:
    """Return the legs with their km, where a range is stated in km and no km by hand."""
    kinds = {one.kind for one in roads.scenario.vehicles if one.range_km is not None}
    bare = [leg for leg in legs if leg.km is None]
    if not kinds or not bare:
        return legs
    found = asker.longest_km(bare, kinds)
    origin = f"computed from {roads.wanted.extract}, the longest way of any hour"
    return [
        replace(leg, km=Figure(value=found[leg.id], assumed=origin)) if leg.id in found else leg
        for leg in legs
    ]


def _with_times(leg: Leg, by_hour: Mapping[str, tuple[Hour, ...]], roads: Roads) -> Leg:
    """Return a leg with its times: one for each kind, and by hour where they differ."""
    several = any(len(hours) > 1 for hours in by_hour.values())
    origin = f"computed from {roads.wanted.extract}, speeds by road class assumed"
    origin += "; the longest of its hours" if several else ""
    longest = {
        kind: max(one.time for one in hours if one.time is not None)
        for kind, hours in by_hour.items()
    }
    return replace(
        leg,
        time=Figure(value=max(longest.values()), assumed=origin, path=leg.time.path),
        times={
            kind: Figure(value=time, assumed=origin, path=leg.time.path)
            for kind, time in longest.items()
        },
        hours={kind: hours for kind, hours in by_hour.items() if len(hours) > 1},
    )


def _closed_hours(
    leg: Leg, mine: Mapping[str, tuple[timedelta | None, ...]], slices: tuple[Slice, ...]
) -> list[Window]:
    """Return windows for the slices in which every kind has a way, where some have none."""
    open_ = [
        all(times[number] is not None for times in mine.values()) for number in range(len(slices))
    ]
    if all(open_):
        return []
    windows: list[Window] = []
    for number, part in enumerate(slices):
        if not open_[number]:
            continue
        if windows and number and open_[number - 1]:
            windows[-1] = replace(windows[-1], closes=part.ends)
        else:
            windows.append(
                Window(
                    f"roads-{leg.id}-{len(windows) + 1}",
                    leg.id,
                    opens=part.starts,
                    closes=part.ends,
                    assumed="the hours in which the roads have a way",
                )
            )
    if windows and windows[-1].closes == slices[-1].ends:
        windows[-1] = replace(windows[-1], closes=None)
    return windows


def _because(roads: Roads, leg: Leg, snaps: Mapping[str, Snap]) -> str:
    """Return in words which closed stretches cut a leg."""
    from safepassage.roads.ways import WayFinder  # noqa: PLC0415 - only for this message

    none = np.zeros(roads.network.edges, dtype=np.bool_)
    kind = roads.scenario.vehicles[0].kind if roads.scenario.vehicles else STAFF_KIND
    seconds = roads.seconds(kind, night=False)
    opened = arc_milliseconds(roads.network, seconds, none)
    shut = arc_milliseconds(roads.network, seconds, roads.closed(timedelta(0)))
    finder = WayFinder(roads.network, roads.engine, shut)
    cut = set(finder.cut(snaps[leg.start].node, snaps[leg.end].node, opened))
    if not cut:
        return "; the roads of the extract do not join its ends"
    by = [one.closure.id for one in roads.stretches if cut & set(one.edges.tolist())]
    if by:
        return f"; closed by {', '.join(by)}"
    return "; the negotiated ways alone do not join its ends" if roads.wanted.only else ""
