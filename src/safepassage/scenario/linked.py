"""A counterpart evacuation that moves step by step with this one."""

from dataclasses import dataclass
from typing import Literal

from safepassage.scenario.figure import Figure

WaitsFor = Literal["arrival", "departure"]


@dataclass(frozen=True, slots=True)
class Linked:
    """Their n-th batch moves before our n+1-th, and ours before theirs.

    `groups` are the groups of this scenario that are theirs: with them both sides are in one plan,
    and without them nothing waits. `scenario` is a folder or file relative to this scenario, whose
    groups and all else are joined to this one when it is loaded. `ratio` is people of theirs for
    each of ours, `steps` are the sizes of their batches; with neither, batches are counted.
    `waits_for` says when a batch has moved: when the last of it has arrived, or departed.
    """

    id: str
    name: str
    people: Figure[int] | None = None
    scenario: str | None = None
    ratio: float | None = None
    steps: tuple[int, ...] = ()
    source: str | None = None
    groups: tuple[str, ...] = ()
    waits_for: WaitsFor = "arrival"
