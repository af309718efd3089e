"""The event log of one run: what happened when, to which movement, and to how many people.

Knows the words of the events; the kernel writes numbers only.
"""

import math
from dataclasses import asdict, dataclass
from typing import Literal, get_args

FORMAT = "safepassage/rehearsed-run/1"

EventKind = Literal[
    "opens",
    "break",
    "halt ends",
    "ends for good",
    "boards",
    "waits for go",
    "departs",
    "passes",
    "screened",
    "caught",
    "held",
    "goes on",
    "sent back",
    "refused",
    "turned back",
    "arrives",
    "void",
    "not run",
    "leaves list",
    "cars arrive",
    "counterpart moves",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
"""The kernel writes the index of a kind in this list."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one run.

    `at` is in seconds since the start of the scenario. `movement` names the convoy of the plan (or
    the trip, or a later round of one: "c001+2"); None where the event concerns all. `vehicle` is
    set at vehicle level. `people` are those concerned, None where none are. `note` says which
    party, place or checkpoint.
    """

    at: float
    kind: EventKind
    movement: str | None = None
    vehicle: str | None = None
    people: int | None = None
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """Return it as an object of the event log; times in minutes."""
        return {
            "minute": round(self.at / 60.0, 3),
            "event": self.kind,
            "movement": self.movement,
            "vehicle": self.vehicle,
            "people": self.people,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """What one run comes to: the row of the batch, and what its replay must equal.

    People are whole numbers at the end of the rehearsal. `arrived` includes those who came in
    private cars (`by_car`). `medical` are the lying and the sick among the arrived. `last` is when
    the last of all who wished to leave had arrived (seconds), infinite where not all did. Waits are
    hours that people sat in a loaded vehicle that did not drive: `wait` the mean over loaded
    movements, `worst` the longest.
    """

    run: int
    arrived: int
    caught: int
    medical: int
    by_car: int
    left_list: int
    wished: int
    last: float
    wait: float
    worst: float
    movements: int
    theirs: int


@dataclass(frozen=True)
class Replay:
    """One run played again with its log: `row` equals the batch's row of that number."""

    row: Row
    arrived_by_hour: tuple[int, ...]
    events: tuple[Event, ...]

    def to_json(self) -> dict[str, object]:
        """Return the documented JSON object of `rehearse --replay`."""
        row = asdict(self.row)
        row["last"] = row["last"] if math.isfinite(self.row.last) else None
        return {
            "format": FORMAT,
            "row": row,
            "arrived_by_hour": list(self.arrived_by_hour),
            "events": [one.to_json() for one in self.events],
        }
