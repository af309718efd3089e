"""The relaxed problem of a corridor as plain arrays, as compiled code takes it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Reals = NDArray[np.float64]


class Machine(NamedTuple):
    """The relaxed problem as arrays for compiled code."""

    turns: Whole
    off: Whole
    lane: Whole
    back: Whole
    far: Whole
    load: Whole
    vehicles: Whole
    bays: Whole
    together: Reals
    bend: NDArray[np.bool_]
    plain: Reals
    staffed: Reals
    out_first: Whole
    out_last: Whole
    in_first: Whole
    in_last: Whole
    headway: int
    one_way: bool
    least: int
    least_off: int
    largest: int
    escorts: int
    slots: int
    kinds: int
    per: int
    staff_part: int
    step: int
