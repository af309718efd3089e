"""The roads of a scenario as lines in the units of the panel: what a child process hands back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from safepassage.board.mapping.frame import Frame, Point

ATTRIBUTION = "Roads © OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class ClosedPiece:
    """Pieces of road that are closed or of unknown state, by minutes from the scenario's start."""

    state: str
    begins: float | None
    ends: float | None
    line: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The roads of one scenario in the units of the panel; `ground` is an SVG picture of them.

    `legs` are the points of each leg's way; a leg without a way at the start is missing.
    """

    frame: Frame
    legs: Mapping[str, tuple[Point, ...]]
    closed: tuple[ClosedPiece, ...]
    ground: str

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def drawing_from(plain: Mapping[str, Any]) -> Drawing:
    """Return a drawing from plain data."""
    return Drawing(
        Frame(**plain["frame"]),
        {key: tuple((x, y) for x, y in line) for key, line in plain["legs"].items()},
        tuple(ClosedPiece(**one) for one in plain["closed"]),
        plain["ground"],
    )
