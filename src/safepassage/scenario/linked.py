"""A counterpart evacuation that moves step by step with this one."""

from dataclasses import dataclass

from safepassage.scenario.figure import Figure


@dataclass(frozen=True, slots=True)
class Linked:
    """Their n-th batch moves before our n+1-th; `ratio` people of theirs for each of ours.

    `scenario` is a folder or file relative to this scenario. Parsed and kept; not yet planned.
    """

    id: str
    name: str
    people: Figure[int] | None = None
    scenario: str | None = None
    ratio: float | None = None
    steps: tuple[int, ...] = ()
    source: str | None = None
