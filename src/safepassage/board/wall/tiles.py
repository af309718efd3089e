"""The parts of the wall as HTML, each by the id of the element that shows it."""

from collections.abc import Mapping

from safepassage.board.pages import environment, shared
from safepassage.board.picture import Picture
from safepassage.board.room import Room
from safepassage.board.wall.figures import figures
from safepassage.board.wording import Words

PARTS: Mapping[str, tuple[str, ...]] = {
    "wall": ("band", "counts", "go", "strip", "log"),
    "liaison": ("band", "counts", "go", "log"),
}
"""The parts of each view, in the order in which they are read."""


def tiles(room: Room, picture: Picture, view: str, said: Words) -> Mapping[str, str]:
    """Return the parts of a view."""
    values = shared(room.mode, said, picture.at, room.scenario.name)
    values |= {"picture": picture, "view": view, **figures(room.scenario, picture)}
    find = environment().get_template
    return {part: find(f"wall/{part}.html.j2").render(values) for part in PARTS[view]}
