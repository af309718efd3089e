"""Who may read what: a list of what is allowed for each audience, never of what is left out.

A section that is not named here for an audience does not reach it. The whole timetable, beliefs
about the window, who is left behind and the inputs would help someone find, stop or target people:
they are for the cell alone.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Audience = Literal["cell", "crew", "party", "public"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)

SECTIONS: Final[Mapping[Audience, tuple[str, ...]]] = {
    "cell": (
        "arrived",
        "road",
        "inside",
        "counterpart",
        "first",
        "gain",
        "bound",
        "slips",
        "rehearsal",
        "timetable",
        "vehicles",
        "way",
        "roads",
        "left",
        "inputs",
        "terms",
        "about",
    ),
    "crew": ("crew_totals", "strip", "slips", "short_about"),
    "party": ("party_totals", "party_terms", "slips", "short_about"),
    "public": ("public_totals", "wish", "slips", "short_about"),
}
"""The sections of a report, in order, by audience."""

FOR_WHOM: Final[Mapping[Audience, str]] = {
    "cell": "For the evacuation cell only. Do not pass on.",
    "crew": "For the crews of this operation. Your own trips are on your sheet.",
    "party": "For the parties to the agreement.",
    "public": "For everybody.",
}
