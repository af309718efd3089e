"""What a scenario states for its rehearsal: laws of what is uncertain, and what is scripted.

Only what the file states is here; `rehearsal.chance` has a default for everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal

from safepassage.scenario.uncertain import Uncertain

Unit = Literal["duration", "chance", "factor", "number"]
DispatchRule = Literal["resume", "plan again"]

UNCERTAIN: Mapping[str, Unit] = {
    "truce.mean": "duration",
    "truce.shape": "number",
    "truce.frailty": "number",
    "truce.ends_for_good": "chance",
    "truce.halt": "duration",
    "truce.learn": "duration",
    "truce.outside": "duration",
    "caught.sent_back": "chance",
    "caught.goes_on": "chance",
    "caught.way_back": "factor",
    "start.chance": "chance",
    "start.slip": "duration",
    "travel.shared": "factor",
    "travel.each": "factor",
    "travel.night": "factor",
    "travel.detour_chance": "chance",
    "travel.detour": "factor",
    "travel.detour_leaves": "chance",
    "loading.load": "factor",
    "loading.unload": "factor",
    "checkpoint.rate": "number",
    "checkpoint.screening_chance": "chance",
    "checkpoint.screening": "duration",
    "crowding.calm": "factor",
    "crowding.pressed": "factor",
    "crowding.crush": "factor",
    "crowding.pressed_chance": "chance",
    "crowding.crush_chance": "chance",
    "crowding.luggage": "factor",
    "crowding.families": "factor",
    "crowding.lying_in_buses": "chance",
    "crowding.lying_seats": "number",
    "demand.factor": "factor",
    "demand.growth": "factor",
    "demand.leaves_list": "chance",
    "fleet.sent": "chance",
    "receiving.refusal": "chance",
    "receiving.wait": "duration",
    "receiving.turned_back": "chance",
    "cars.number": "number",
    "cars.people": "number",
    "cars.rate": "number",
    "cars.late": "chance",
    "counterpart.chance": "chance",
    "counterpart.release": "duration",
    "counterpart.blocked": "chance",
    "dispatch.patience": "duration",
}
"""Every uncertain quantity of a rehearsal by `table.key`, with the unit of its numbers."""


@dataclass(frozen=True, slots=True)
class Batch:
    """From `at` on, `people` more of ours may leave, and `theirs` of the counterpart."""

    at: timedelta
    people: int
    theirs: int = 0


@dataclass(frozen=True, slots=True)
class ScriptedHalt:
    """A halt that is given, not drawn: nobody moves from `begins` to `ends`."""

    begins: timedelta
    ends: timedelta
    source: str | None = None
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class Weather:
    """From `begins` to `ends` vehicles drive at `speed` times their usual speed."""

    begins: timedelta
    ends: timedelta
    speed: float
    source: str | None = None
    assumed: str | None = None


@dataclass(frozen=True, slots=True)
class HourOfDay:
    """Between two local times of day the truce is `times` as likely to break as else."""

    begins: time
    ends: time
    times: float


@dataclass(frozen=True, slots=True)
class CarsWindow:
    """Private cars join the road between these two moments."""

    begins: timedelta
    ends: timedelta


@dataclass(frozen=True)
class RehearsalWanted:
    """The table `[rehearsal]` as stated; None or an empty mapping where it says nothing.

    `uncertain` holds what is stated of UNCERTAIN. `weights` says how much more often a party breaks
    than another. `horizon` is how long a rehearsal goes on, `goes_on` whether the fleet shuttles on
    after the plan's last trip while people wait. `drawn_truce` false leaves scripted halts only.
    """

    uncertain: Mapping[str, Uncertain] = field(default_factory=dict)
    horizon: timedelta | None = None
    goes_on: bool | None = None
    drawn_truce: bool | None = None
    standing: bool | None = None
    board_on_gate: bool | None = None
    dispatch: DispatchRule | None = None
    by_timetable: bool | None = None
    cars_first: bool | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    hours: tuple[HourOfDay, ...] = ()
    batches: tuple[Batch, ...] = ()
    halts: tuple[ScriptedHalt, ...] = ()
    weather: tuple[Weather, ...] = ()
    cars_window: CarsWindow | None = None
