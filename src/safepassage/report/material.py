"""What a report is made of: the verified plan and what stands beside it.

Knows which values go together, and refuses those of another scenario.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from safepassage.clearance.on_the_road import PeopleNow
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.result import Rehearsal
from safepassage.report.road_section import RoadPicture


class OtherScenarioError(ValueError):
    """Two plans of different scenarios were to be shown side by side."""


class LeftBehind(Protocol):
    """People left behind at one place, of one class, and why."""

    @property
    def at(self) -> str:
        """The id of the place."""

    @property
    def class_id(self) -> str:
        """The class of people."""

    @property
    def people(self) -> int:
        """How many, companions not counted."""

    @property
    def reason(self) -> str:
        """The limit that binds, in one word."""

    @property
    def why(self) -> str:
        """The reason in a sentence."""

    @property
    def takes(self) -> str | None:
        """What it would take to bring them, None where that cannot be said."""


@dataclass(frozen=True, slots=True)
class Belief:
    """A belief about the window, in words, and the best plan found under it; None for none."""

    about: str
    verified: VerifiedPlan | None


@dataclass(frozen=True)
class Material:
    """Everything that a report shows.

    `made_at` is when the report is made (with a zone). `baseline` is "fill and send": what people
    do without a tool. `left_behind` comes from the planner's explanation, None where none was
    made. `beliefs` are plans under other laws of the ending. `rehearsal` is what this very plan
    came to when it was rehearsed, None where it was not. `roads` is the map of its roads, None
    where the scenario has none. `now` is where all people were when a plan from now was made, None
    for a plan of the whole.
    """

    verified: VerifiedPlan
    made_at: datetime
    version: str
    baseline: VerifiedPlan | None = None
    left_behind: Sequence[LeftBehind] | None = None
    beliefs: tuple[Belief, ...] = ()
    rehearsal: Rehearsal | None = None
    roads: RoadPicture | None = None
    now: PeopleNow | None = None

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("made_at: got a time without a zone, want one with a zone")
        if self.baseline is not None and self.baseline.plan.scenario != self.verified.plan.scenario:
            raise OtherScenarioError("the baseline is a plan of another scenario")
        if self.rehearsal is not None and self.rehearsal.plan != self.verified.plan_hash:
            raise OtherScenarioError(
                f"the rehearsal is of plan {self.rehearsal.plan[:12]}, want of this plan, "
                f"{self.verified.plan_hash[:12]}: rehearse it again"
            )
