"""The relaxed problem of a corridor as plain arrays, as compiled code takes it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Reals = NDArray[np.float64]


class Machine(NamedTuple):
    """The relaxed problem as arrays for compiled code.

    By part: `turns` (pickups), `bays` of each, `earliest` (a load of a pickup is at the near end no
    sooner), `lane`, `back`, `far` (from the nearest destination), `load`, `vehicles`, `most`; the
    tables of `Gains`. By part, and again by part for vehicles that have not moved yet: `off` (from
    the near end, or from where they stand at first, through each pickup to the near end, loading
    included), `settled` (after so many seconds nothing more becomes possible).

    `led[f]` vehicles of a part can be accompanied at a time (-1: nothing is followed); who has
    accompanied is at the near end again after a way out and, in the spans, a way in (with `away` 0
    or more: what stands for an intake is free again after so many seconds); `free` is what a
    vehicle gains without. `slots` numbers of a state say when escorts are free, and when so many
    who accompany are.

    Of part `scarce` (-1: of none) those who can only load at pickups `scarce_at` may stay, whatever
    they gain.
    """

    turns: Whole
    off: Whole
    bays: Whole
    earliest: Whole
    settled: Whole
    lane: Whole
    back: Whole
    far: Whole
    load: Whole
    vehicles: Whole
    most: Whole
    waits: Whole
    seat: Reals
    cost: Reals
    together: Reals
    later: Reals
    limited: NDArray[np.bool_]
    out_first: Whole
    out_last: Whole
    in_first: Whole
    in_last: Whole
    headway: int
    apart: int
    one_way: bool
    least: int
    least_off: int
    alone: bool
    waves: bool
    largest: int
    escorts: int
    slots: int
    kinds: int
    step: int
    led: Whole
    free: Reals
    away: int
    scarce: int
    scarce_at: NDArray[np.bool_]
