"""The stage of a rehearsal: a verified plan and its scenario as the records that the kernel reads.

A unit is what stays together: at vehicle level one vehicle, at convoy level all vehicles of a kind
that make the same trips. A pool is people of one way of riding at one place who accept the same
destinations. All times are seconds since the start. Rows that belong to a row are those from its
`…0` up to its `…1`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Counts = NDArray[np.int64]
Records = NDArray[Any]

LYING, SICK, WALKING = range(3)
"""The streams of people, in the order in which they board."""

LATE = 1e15
"""Later than anything."""

OUTSIDE = 62
"""The bit of a power outside, whose breaks stop all that somebody holds."""

MOVEMENT = np.dtype(
    [
        ("plan", "f8"),  # planned departure; of what is on the road already, the real one
        ("round", "i8"),  # 0: of the plan
        ("lane", "i8"),  # twice the corridor, one more against its direction; -1: none
        ("drive", "f8"),
        ("caught_from", "f8"),  # the stretch on which a break catches it, after the departure
        ("caught_to", "f8"),  # negative: nobody holds its way
        ("holders", "i8"),  # bits of the parties that hold its way
        ("draw", "i8"),  # the number that its draws go by
        ("loaded", "i8"),
        ("rolling", "i8"),  # 1: on the road as the rehearsal begins
        ("held", "i8"),  # 1: and held up there
        ("crew", "f8"),  # when staff that stands elsewhere, or comes, is ready
        ("side", "i8"),  # 0: ours, 1: a counterpart's, -1: there is none in the plan
        ("ride0", "i8"),
        ("ride1", "i8"),
        ("post0", "i8"),
        ("post1", "i8"),
        ("staff0", "i8"),
        ("staff1", "i8"),
        ("span0", "i8"),
        ("span1", "i8"),
    ],
    align=True,
)
RIDE = np.dtype(
    [
        ("unit", "i8"),
        ("start", "i8"),
        ("end", "i8"),
        ("loaded", "i8"),
        ("before", "f8"),  # driving before the corridor
        ("after", "f8"),  # and after it
        ("load", "f8"),
        ("load_table", "i8"),
        ("unload", "f8"),
        ("unload_table", "i8"),
        ("bay", "i8"),  # the movement that must have left before it has bays; -1: none
        ("pool0", "i8"),
        ("pool1", "i8"),
    ],
    align=True,
)
UNIT = np.dtype(
    [
        ("at", "i8"),
        ("ready", "f8"),
        ("vehicles", "i8"),
        ("sure", "i8"),  # of which so many have been seen: they need not come any more
        ("seats", "i8"),
        ("other", "i8"),
    ],
    align=True,
)
POOL = np.dtype(
    [
        ("at", "i8"),  # -1: aboard something that is on the road as the rehearsal begins
        ("stream", "i8"),
        ("each", "i8"),  # persons for each head, companions included
        ("seats", "i8"),
        ("other", "i8"),  # slots that are no seats
        ("planned", "i8"),
        ("theirs", "i8"),  # 1: people of a counterpart
        ("ready0", "i8"),
        ("ready1", "i8"),
    ],
    align=True,
)
READY = np.dtype([("at", "f8"), ("share", "f8")], align=True)
PLACE = np.dtype(
    [
        ("arrived", "i8"),
        ("opens", "f8"),
        ("room", "i8"),
        ("burst", "f8"),  # people that come in at once
        ("pace", "f8"),  # people a second; 0: no limit
    ],
    align=True,
)
LANE = np.dtype([("headway", "f8"), ("one_way", "i8")], align=True)
POST = np.dtype([("place", "i8"), ("after", "f8")], align=True)
SPAN = np.dtype([("opens", "f8"), ("closes", "f8")], align=True)


class Stage(NamedTuple):
    """One plan under one scenario.

    `post` are the checkpoints on the way of each movement, `staff` the movements that bring its
    staff, `span` when it may depart, `boards` the pools of each ride, the first to board first.
    `demand` tabulates the people of each pool evenly in probability, `follows` says which pool
    people join at a place where they change vehicles, or to which they are sent back (-1: none).
    `share` is the part of each party in all breaks. `tables` holds quantiles of loading and
    unloading, `each` of a convoy's driving.
    """

    movement: Records
    ride: Records
    unit: Records
    pool: Records
    ready: Records
    place: Records
    lane: Records
    post: Records
    span: Records
    staff: Counts
    boards: Counts
    demand: Reals
    follows: Counts
    share: Reals
    tables: NDArray[np.float32]
    each: NDArray[np.float32]


def records(dtype: np.dtype[Any], columns: dict[str, Any]) -> Records:
    """Return columns of equal length as records."""
    length = len(next(iter(columns.values())))
    found = np.zeros(length, dtype=dtype)
    for name in dtype.names or ():
        found[name] = columns[name]
    return found
