"""The go/no-go inside a rehearsal: the board's own decision table, compiled.

The table is read from `clearance.rules` when this module is loaded; a test holds the compiled
answer against that rule over every state of every line. Two approvals and the signatures of the
gate are taken as given, and so is what a run does not draw: see GIVEN.
"""

from typing import get_args

import numpy as np
from numba import njit
from numpy.typing import NDArray

from safepassage.clearance.rules import DECISION_TABLE
from safepassage.clearance.standing import Line

LINES: tuple[Line, ...] = get_args(Line)
STATES: dict[Line, tuple[str, ...]] = {line: tuple(DECISION_TABLE[line]) for line in LINES}
NOT_ASKED = -1
"""A line that does not apply (nobody holds a way without a known holder); it allows."""

_MOST = max(len(one) for one in STATES.values())


def _table() -> NDArray[np.bool_]:
    found = np.zeros((len(LINES), _MOST), dtype=np.bool_)
    for row, line in enumerate(LINES):
        for column, state in enumerate(STATES[line]):
            found[row, column] = DECISION_TABLE[line][state]
    return found


TABLE = _table()
"""Whether a state (column) of a line (row) allows a go."""


def state_of(line: Line, state: str) -> int:
    """Return the column of a state."""
    return STATES[line].index(state)


GIVEN: dict[Line, str | None] = {
    "parties": "named",
    "holder": None,
    "promise": "stands",
    "plan": "in force",
    "approvals": "two people",
    "hold": "lifted",
    "gate": "signed",
    "road": "proved",
    "check": "ready",
    "term": "met",
    "counterpart": "moved",
    "clock": "known",
    "chain": "whole",
    "contact": "fresh",
    "departure": "now",
}
"""How each line stands where a run draws nothing against it; None: the line does not apply."""


def given_states() -> NDArray[np.int64]:
    """Return the states of GIVEN as columns."""
    return np.array(
        [NOT_ASKED if (one := GIVEN[line]) is None else state_of(line, one) for line in LINES],
        dtype=np.int64,
    )


@njit(cache=True)
def allowed(table, states):  # type: ignore[no-untyped-def]  # compiled
    """Return whether every line stands in a state that allows a go."""
    for line in range(states.shape[0]):
        state = states[line]
        if state >= 0 and not table[line, state]:
            return False
    return True


PROMISE = LINES.index("promise")
ROAD = LINES.index("road")
COUNTERPART = LINES.index("counterpart")
DEPARTURE = LINES.index("departure")
STANDS = state_of("promise", "stands")
INCIDENT = state_of("promise", "incident")
WITHDRAWN = state_of("promise", "withdrawn")
PROVED = state_of("road", "proved")
CLOSED = state_of("road", "closed")
MOVED = state_of("counterpart", "moved")
WAITING = state_of("counterpart", "waiting")
NOW = state_of("departure", "now")
TOO_LATE = state_of("departure", "too late")
