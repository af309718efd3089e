"""How each leg is drawn on a map of roads: colour, dashes and width, by what the plan does with it.

Colour never stands alone: each colour comes with dashes of its own, so that paper in black and
white says the same. Legs that the same convoys use look the same, so that a convoy's route is one
line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from safepassage.planner.plan import Trip

COLOURS = ("#0b5fa5", "#b35900", "#5b2a86", "#00695c", "#9c1c3f", "#4a4a00")
"""Told apart by the colour-blind too."""
DASHES: tuple[tuple[float, ...], ...] = ((), (4, 1.2), (1.2, 0.8), (5, 1, 1.2, 1), (2.4, 2))
"""Stroke and gap in turn, in widths of the line. With the six colours: thirty signs."""
GREY = "#6b6b6b"
THIN = 1.5
NARROW, WIDE = 3.5, 10.0
PLAIN = 4.5
"""Widths in pixels: unused, fewest and most people, and where no plan says how many."""


@dataclass(frozen=True, slots=True)
class LegUse:
    """What a plan does with a leg: its trips, the people aboard, its convoys in order."""

    trips: int
    people: int
    convoys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """How a leg is drawn; `dash` is empty for a line without gaps."""

    colour: str
    dash: tuple[float, ...]
    width: float

    @property
    def dash_pixels(self) -> str:
        """Return the dashes for the short line in a table: all alike, so that one can tell them."""
        return " ".join(f"{part * NARROW:.1f}" for part in self.dash)


def uses_of(trips: Iterable[Trip]) -> dict[str, LegUse]:
    """Return the use of each leg that a trip drives over, loaded or empty."""
    found: dict[str, LegUse] = {}
    for trip in sorted(trips, key=lambda one: one.depart):
        for leg in trip.legs:
            so_far = found.get(leg, LegUse(0, 0, ()))
            mine = () if trip.convoy is None else (trip.convoy,)
            found[leg] = LegUse(
                so_far.trips + 1,
                so_far.people + sum(trip.load.values()),
                tuple(dict.fromkeys((*so_far.convoys, *mine))),
            )
    return found


def signs_of(legs: Sequence[str], uses: Mapping[str, LegUse] | None) -> dict[str, Sign]:
    """Return a sign for each leg; `uses` is None where there is no plan.

    The width grows with the people: it says which legs carry the plan, not how long they take.
    """
    if uses is None:
        return {leg: _sign(number, PLAIN) for number, leg in enumerate(legs)}
    most = max((use.people for use in uses.values()), default=0)
    numbers: dict[object, int] = {}
    signs: dict[str, Sign] = {}
    for leg in legs:
        use = uses.get(leg)
        if use is None:
            signs[leg] = Sign(GREY, (), THIN)
            continue
        route = frozenset(use.convoys) if use.convoys else leg
        number = numbers.setdefault(route, len(numbers))
        share = use.people / most if most else 0.0
        signs[leg] = _sign(number, round(NARROW + (WIDE - NARROW) * share, 2))
    return signs


def _sign(number: int, width: float) -> Sign:
    return Sign(COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)], width)
