"""The parts of the wall as HTML, each by the id of the element that shows it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from safepassage.board.mapping.drawn import ATTRIBUTION
from safepassage.board.mapping.panel import panel
from safepassage.board.pages import environment, shared
from safepassage.board.picture import Picture
from safepassage.board.room import Room
from safepassage.board.wall.aboard import aboard
from safepassage.board.wall.figures import counts_now
from safepassage.board.wall.going import going, next_move
from safepassage.board.wall.heard import late_departures
from safepassage.board.wall.moving import convoy_lines, timeline
from safepassage.board.wall.nogo import nobody_asked
from safepassage.board.wall.terms import term_lines
from safepassage.board.wall.told import conditions, log_lines, rival_events
from safepassage.board.wording import Words

LAYOUT: Mapping[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "wall": ((("go",), ("strip", "timeline"), ("log", "rivals"), ("stops", "inside", "map")),),
    "desk": ((("go",), ("timeline", "stops"), ("log", "rivals"), ("inside", "map")),),
    "liaison": ((("go",), ("terms",), ("inside", "log")),),
}
"""Under band and counts: rows of columns of parts, in the order in which they are read.

The desk is the wall for those of the room who see neither contacts nor positions.
"""
PARTS: Mapping[str, tuple[str, ...]] = {
    view: ("band", "counts", *(one for row in rows for column in row for one in column))
    for view, rows in LAYOUT.items()
} | {"map": ("chart", "marks"), "desk map": ("chart", "marks")}
"""The parts of each view."""

POSITIONS = frozenset({"movement", "passage", "sweep"})
"""Kinds that say where somebody is."""


def tiles(room: Room, picture: Picture, view: str, said: Words) -> Mapping[str, str]:
    """Return the parts of a view."""
    values = shared(room, said, picture.at)
    if view in {"map", "desk map"}:
        values |= map_values(room, picture, said.language, convoys=view == "map")
    else:
        values |= tile_values(room, picture, view, said.language)
    find = environment().get_template
    return {part: find(f"wall/{part}.html.j2").render(values) for part in PARTS[view]}


def hidden_from(view: str) -> frozenset[str]:
    """Return the kinds of entries that a view does not show."""
    return frozenset() if view == "wall" else POSITIONS


def map_values(room: Room, picture: Picture, language: str, *, convoys: bool) -> dict[str, Any]:
    """Return what the templates of the map are given; where convoys are only if it may be shown."""
    drawing = room.roads.now(room)
    mark = "" if drawing is None else hashlib.sha256(drawing.ground.encode()).hexdigest()[:12]
    return {
        "map": panel(room.scenario, picture, drawing, language, convoys=convoys),
        "shows_convoys": convoys,
        "not_departed": late_departures(picture) if convoys else (),
        "roads_at": f"/map/roads.svg?{mark}",
        "roads_why_not": room.roads.why_not,
        "attribution": ATTRIBUTION,
    }


def tile_values(room: Room, picture: Picture, view: str, language: str) -> dict[str, Any]:
    """Return what the templates of the parts are given."""
    scenario = room.scenario
    liaison = view == "liaison"
    values: dict[str, Any] = {
        "picture": picture,
        "liaison": liaison,
        "contacts": view == "wall",
        "scenario": scenario,
        "counts": counts_now(scenario, picture.situation),
        "going": None if picture.next is None else going(scenario, picture.next, language),
        "conditions": conditions(scenario, picture.said, language, liaison=liaison),
        "log": log_lines(scenario, picture, language, liaison=liaison, hidden=hidden_from(view)),
    }
    if liaison:
        return values | {"terms": term_lines(scenario, picture.situation.terms, language)}
    # A drill may be played without anybody asking for a go: that is one thing to say, not many.
    unasked = room.mode == "DRILL" and nobody_asked(picture)
    return values | {
        "convoys": convoy_lines(scenario, picture, language, said_once=unasked),
        "unasked": unasked,
        "aboard": {one.convoy: one for one in aboard(scenario, picture, language)},
        "timeline": timeline(picture),
        "move": next_move(scenario, picture),
        "rivals": rival_events(picture),
        **map_values(room, picture, language, convoys=view == "wall"),
    }
