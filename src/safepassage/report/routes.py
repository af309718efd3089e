"""A crew's own route as GPX, KML or GeoJSON: the ways of one vehicle's trips and nothing else.

An allow-list: the two ends of each trip by name, the line between them, the minute of departure.
No other vehicle, no people, no party, no closure, no vital stretch.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from xml.sax.saxutils import escape

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.way import way_of_trip
from safepassage.report.typeset import plain
from safepassage.roads.driven import DrivenWays
from safepassage.roads.travel import STAFF_KIND, Roads, Travel
from safepassage.roads.ways import geometry

Format = Literal["gpx", "kml", "geojson"]
FORMATS: tuple[Format, ...] = ("gpx", "kml", "geojson")
BAND = "PLAN, NOT A CLEARANCE"


@dataclass(frozen=True)
class Ride:
    """One trip of the vehicle: a title for the crew and the line to drive, as (lat, lon) points."""

    title: str
    departs: str
    points: tuple[tuple[float, float], ...]


def rides_of(
    roads: Roads,
    travel: Travel,
    verified: VerifiedPlan,
    vehicle: str,
    ways: DrivenWays | None = None,
) -> tuple[Ride, ...]:
    """Return the rides of one vehicle in the order of its trips, each open while it is driven.

    `ways` keeps what was found for other vehicles.

    Raises
    ------
    ValueError
        If the plan has no such vehicle.
    """
    scenario = travel.scenario
    trips = [trip for trip in verified.plan.trips if trip.vehicle == vehicle]
    if not trips:
        raise ValueError(f"vehicle: got '{vehicle}', want one that has trips in this plan")
    rides = []
    found = ways or DrivenWays(roads, travel.slices)
    for number, trip in enumerate(sorted(trips, key=lambda one: one.depart), 1):
        after = timedelta(seconds=trip.depart)
        points: list[tuple[float, float]] = []
        for on in way_of_trip(scenario, verified.plan, trip).stretches:
            one, other = travel.snaps[on.start].node, travel.snaps[on.end].node
            span = (timedelta(seconds=on.enters), timedelta(seconds=on.leaves))
            way = found.way(trip.kind or STAFF_KIND, one, other, span)
            if way is not None:
                points += geometry(roads.network, way)[1 if points else 0 :]
        start, end = scenario.place[trip.start].name(), scenario.place[trip.end].name()
        departs = (scenario.start + after).isoformat(timespec="minutes")
        rides.append(Ride(f"{number}. {plain(start)} to {plain(end)}", departs, tuple(points)))
    return tuple(rides)


def route_text(rides: tuple[Ride, ...], vehicle: str, form: Format) -> str:
    """Return the route of a vehicle in one of the formats."""
    makers: dict[Format, Callable[[tuple[Ride, ...], str], str]] = {
        "gpx": _gpx,
        "kml": _kml,
        "geojson": _geojson,
    }
    return makers[form](rides, vehicle)


def _gpx(rides: tuple[Ride, ...], vehicle: str) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="Safe Passage" xmlns="http://www.topografix.com/GPX/1/1">',
        f"<metadata><name>{escape(vehicle)}: {BAND}</name></metadata>",
    ]
    for ride in rides:
        lines.append(f"<rte><name>{escape(ride.title)}</name><desc>{ride.departs} {BAND}</desc>")
        lines += [f'<rtept lat="{lat:.6f}" lon="{lon:.6f}"/>' for lat, lon in ride.points]
        lines.append("</rte>")
    return "\n".join([*lines, "</gpx>", ""])


def _kml(rides: tuple[Ride, ...], vehicle: str) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
        f"<name>{escape(vehicle)}: {BAND}</name>",
    ]
    for ride in rides:
        line = " ".join(f"{lon:.6f},{lat:.6f}" for lat, lon in ride.points)
        lines.append(
            f"<Placemark><name>{escape(ride.title)}</name>"
            f"<description>{ride.departs} {BAND}</description>"
            f"<LineString><coordinates>{line}</coordinates></LineString></Placemark>"
        )
    return "\n".join([*lines, "</Document></kml>", ""])


def _geojson(rides: tuple[Ride, ...], vehicle: str) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"vehicle": vehicle, "trip": ride.title, "departs": ride.departs,
                           "note": BAND},
            "geometry": {
                "type": "LineString",
                "coordinates": [[round(lon, 6), round(lat, 6)] for lat, lon in ride.points],
            },
        }
        for ride in rides
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
