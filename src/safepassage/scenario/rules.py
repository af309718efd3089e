"""The rules of a scenario that are not tied to one place, vehicle or party."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from safepassage.scenario.figure import Figure

Objective = Literal["expected", "last_out"]


@dataclass(frozen=True, slots=True)
class Night:
    """Local hours in which convoys may not be on a corridor (`allowed` false) or dislike it."""

    begins: time
    ends: time
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of the whole operation.

    `arrival_margin` is kept before each closing of a window, and is the margin that clearance
    uses. `rho` is what one person caught on the road costs against one arrival.
    `longest_on_board` counts from the start of loading to the gate of the destination.
    `worst_first` asks for the worst-served group first, before the value.
    """

    objective: Objective = "expected"
    arrival_margin: timedelta = timedelta(0)
    longest_on_board: timedelta | None = None
    night: Night | None = None
    rho: Figure[float] | None = None
    worst_first: bool = False
