"""The entry points of the rehearsal: a whole one, a chunk of it, and one run played again.

Nothing but a verified plan and its own scenario is rehearsed.
"""

from dataclasses import dataclass
from typing import Literal

from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.event import Replay
from safepassage.rehearsal.result import Precision, Rehearsal
from safepassage.rehearsal.summary import Summary
from safepassage.scenario.scenario import Scenario

Level = Literal["convoy", "vehicle"]
LEVELS: tuple[Level, ...] = ("convoy", "vehicle")
RUNS = 16_384
SEED = 7
LARGEST_BLOCK = 1024
LEAST_BLOCKS = 8
"""Intervals come from at least so many independent scrambles."""


class RehearsalRefused(ValueError):  # noqa: N818 - the word of the glossary
    """What cannot be rehearsed: the message says where, what was found, what is wanted."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """How runs fall into blocks, each with a scramble of its own: `count` blocks of `size` runs."""

    count: int
    size: int

    @property
    def runs(self) -> int:
        """The number of runs: the asked number, rounded up to whole blocks."""
        return self.count * self.size


def blocks_for(runs: int) -> Blocks:
    """Return the blocks of a rehearsal of at least `runs` runs.

    Raises
    ------
    RehearsalRefused
        If it is zero or less.
    """
    if runs < 1:
        raise RehearsalRefused(f"runs: got {runs}, want at least 1")
    size = 1
    while size < LARGEST_BLOCK and size * 2 * LEAST_BLOCKS <= runs:
        size *= 2
    return Blocks(-(-runs // size), size)


def rehearse(
    scenario: Scenario,
    verified: VerifiedPlan,
    *,
    runs: int = RUNS,
    seed: int = SEED,
    level: Level = "convoy",
    precision: Precision | None = None,
    decisions: bool = True,
) -> Rehearsal:
    """Return the odds of a verified plan.

    `runs` are rounded up to whole blocks. With `precision` it ends as soon as that is reached.
    `decisions` adds go-or-wait, the tornado and the worth of one more.

    Raises
    ------
    RehearsalRefused
        For a plan of another scenario, no runs, or a law that cannot be drawn from.
    """
    raise NotImplementedError


def chunk(
    scenario: Scenario,
    verified: VerifiedPlan,
    *,
    seed: int,
    first_run: int,
    runs: int,
    block: int,
    level: Level = "convoy",
) -> Summary:
    """Return the summary of `runs` runs from number `first_run` on: whole blocks only.

    The same numbers come out whatever machine and however many workers play the chunks; `merge`
    of all chunks, given to `conclude`, is the rehearsal.

    Raises
    ------
    RehearsalRefused
        If the chunk does not begin and end with a block, and as `rehearse` does.
    """
    raise NotImplementedError


def conclude(
    scenario: Scenario, verified: VerifiedPlan, summary: Summary, *, asked: int, seconds: float
) -> Rehearsal:
    """Return the rehearsal that a summary adds up to, without go-or-wait and tornado.

    Raises
    ------
    RehearsalRefused
        If the summary is of another scenario or plan, or has no run.
    """
    raise NotImplementedError


def replay(
    scenario: Scenario,
    verified: VerifiedPlan,
    *,
    run: int,
    seed: int,
    block: int,
    level: Level = "convoy",
) -> Replay:
    """Play one run again with its whole event log; its row equals that of the batch.

    Raises
    ------
    RehearsalRefused
        If the number is negative, and as `rehearse` does.
    """
    raise NotImplementedError
