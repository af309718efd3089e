"""The entry points of the rehearsal: a whole one, a chunk of it, and one run played again.

Nothing but a verified plan and its own scenario is rehearsed.
"""

import time
from dataclasses import dataclass, replace
from typing import Literal

from safepassage import __version__
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.decisions import decide
from safepassage.rehearsal.event import Replay
from safepassage.rehearsal.outcome import (
    averages_of,
    caught_of,
    hours_of,
    out_of,
    waits_of,
    worst_runs,
)
from safepassage.rehearsal.playing import play_again, play_blocks
from safepassage.rehearsal.prepared import Prepared, prepare
from safepassage.rehearsal.refused import RehearsalRefused
from safepassage.rehearsal.rest import Rest
from safepassage.rehearsal.result import Precision, Rehearsal, Since
from safepassage.rehearsal.setting import horizon_of
from safepassage.rehearsal.summary import KEPT, Summary, merge
from safepassage.scenario.scenario import Scenario

__all__ = [
    "LEVELS",
    "RUNS",
    "SEED",
    "Blocks",
    "Level",
    "RehearsalRefused",
    "blocks_for",
    "chunk",
    "conclude",
    "rehearse",
    "replay",
]

Level = Literal["convoy", "vehicle"]
LEVELS: tuple[Level, ...] = ("convoy", "vehicle")
RUNS = 16_384
SEED = 7
LARGEST_BLOCK = 1024
LEAST_BLOCKS = 8
"""Intervals come from at least so many independent scrambles."""


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
    threads: int = 0,
    rest: Rest | None = None,
) -> Rehearsal:
    """Return the odds of a verified plan; with `rest` those of what is left of it.

    `runs` are rounded up to whole blocks. With `precision` it ends as soon as that is reached.
    `decisions` adds go-or-wait and the tornado. `threads` 0 takes one for each core; the numbers do
    not depend on it.

    Raises
    ------
    RehearsalRefused
        For a plan of another scenario, no runs, or a law that cannot be drawn from.
    """
    began = time.perf_counter()
    prepared = prepare(scenario, verified, level=level, rest=rest)
    blocks = blocks_for(runs)
    summary, stopped = _play(prepared, blocks, seed, precision, threads)
    found = _concluded(prepared, summary, asked=runs, stopped=stopped)
    if decisions:
        waits, drivers = decide(prepared, seed=seed, threads=threads)
        found = replace(found, waits=waits, drivers=drivers)
    return replace(found, seconds=time.perf_counter() - began)


def _play(
    prepared: Prepared, blocks: Blocks, seed: int, precision: Precision | None, threads: int
) -> tuple[Summary, str]:
    """Play block after block until all are played or the asked precision is reached."""
    if precision is None:
        every = range(blocks.count)
        summary = play_blocks(prepared, seed=seed, numbers=every, size=blocks.size, threads=threads)
        return summary, f"all {summary.runs:,} runs asked for were played"
    played = 0
    words = ""
    parts: list[Summary] = []
    while played < blocks.count:
        upto = min(blocks.count, played + LEAST_BLOCKS)
        numbers = range(played, upto)
        parts.append(
            play_blocks(prepared, seed=seed, numbers=numbers, size=blocks.size, threads=threads)
        )
        played = upto
        summary = merge(parts)
        people, likely = _half_widths(summary)
        words = (
            f"half-width {people:.2%} of the people arrived and {likely:.4f} of a chance after "
            f"{summary.runs:,} runs"
        )
        if played >= LEAST_BLOCKS and people <= precision.people and likely <= precision.chance:
            return summary, f"the asked precision was reached: {words}"
    return merge(parts), f"all runs asked for were played without the asked precision: {words}"


def _half_widths(summary: Summary) -> tuple[float, float]:
    """Return the half-widths of the mean arrivals (a share of it) and of the chances shown."""
    out = out_of(summary).estimate
    caught = caught_of(summary)
    hours = hours_of(summary, [0] * (summary.identity.hours + 1))
    likely = max(caught.any.half_width, *(one.all_out.half_width for one in hours))
    return (out.half_width / out.mean if out.mean > 0 else 0.0), likely


def chunk(
    scenario: Scenario,
    verified: VerifiedPlan,
    *,
    seed: int,
    first_run: int,
    runs: int,
    block: int,
    level: Level = "convoy",
    threads: int = 0,
) -> Summary:
    """Return the summary of `runs` runs from number `first_run` on: whole blocks only.

    The same numbers come out whatever machine and however many workers play the chunks; `merge`
    of all chunks, given to `conclude`, is the rehearsal.

    Raises
    ------
    RehearsalRefused
        If the chunk does not begin and end with a block, and as `rehearse` does.
    """
    if runs < 1:
        raise RehearsalRefused(f"runs: got {runs}, want at least 1")
    if block < 1 or block & (block - 1):
        raise RehearsalRefused(f"block: got {block}, want a power of two")
    if first_run < 0 or first_run % block or runs % block:
        raise RehearsalRefused(
            f"chunk: got runs {first_run} to {first_run + runs}, want whole blocks of {block}"
        )
    prepared = prepare(scenario, verified, level=level)
    numbers = range(first_run // block, (first_run + runs) // block)
    return play_blocks(prepared, seed=seed, numbers=numbers, size=block, threads=threads)


def conclude(
    scenario: Scenario,
    verified: VerifiedPlan,
    summary: Summary,
    *,
    asked: int,
    seconds: float,
    rest: Rest | None = None,
) -> Rehearsal:
    """Return the rehearsal that a summary adds up to, without go-or-wait and tornado.

    Raises
    ------
    RehearsalRefused
        If the summary is of another scenario or plan, or has no run.
    """
    if not summary.blocks:
        raise RehearsalRefused("summary: got no run, want at least one block")
    prepared = prepare(scenario, verified, level=summary.identity.level, rest=rest)
    wanted = prepared.identity(summary.identity.seed, summary.identity.block)
    if summary.identity != wanted:
        raise RehearsalRefused(
            "summary: got one of another scenario, plan, version or other laws, want one of this "
            "scenario and plan"
        )
    missing = f"{summary.runs:,} of the runs asked for were played"
    words = f"all {summary.runs:,} runs asked for were played" if summary.runs >= asked else missing
    return replace(_concluded(prepared, summary, asked=asked, stopped=words), seconds=seconds)


def _concluded(prepared: Prepared, summary: Summary, *, asked: int, stopped: str) -> Rehearsal:
    scenario, verified = prepared.scenario, prepared.verified
    out, hours = out_of(summary), hours_of(summary, prepared.setting.planned_by_hour)
    if prepared.rest is not None:
        # Who has arrived has: the bins of a histogram are too coarse to say so.
        now, arrived = prepared.rest.at / 3600.0, prepared.rest.arrived
        out = replace(out, quantiles=out.quantiles.at_least(arrived))
        hours = tuple(
            replace(one, arrived=one.arrived.at_least(arrived)) if one.hour >= now else one
            for one in hours
        )
    longest = scenario.rules.longest_on_board
    return Rehearsal(
        scenario=scenario.sha256,
        scenario_name=scenario.name,
        plan=verified.plan_hash,
        inputs=prepared.inputs,
        version=__version__,
        level=prepared.level,
        seed=summary.identity.seed,
        runs=summary.runs,
        asked=asked,
        block=summary.identity.block,
        blocks=len(summary.blocks),
        stopped=stopped,
        seconds=0.0,
        horizon_hours=horizon_of(scenario).total_seconds() / 3600.0,
        out=out,
        hours=hours,
        caught=caught_of(summary),
        wait_on_board=waits_of(
            summary, None if longest is None else longest.total_seconds() / 3600.0
        ),
        averages=averages_of(summary),
        worst_runs=worst_runs(summary, KEPT),
        beliefs=prepared.beliefs.listed(),
        since=None if prepared.rest is None else _since(prepared.rest),
    )


def _since(rest: Rest) -> Since:
    truce = rest.truce
    return Since(
        at=rest.now.at,
        hour=rest.at / 3600.0,
        upto=rest.now.upto,
        arrived=rest.arrived,
        aboard=rest.aboard,
        on_the_road=tuple(one.id for one in rest.rolling),
        hours_at_risk=max(truce.hours.values(), default=0.0),
        stops=truce.all_stops,
        broken=truce.broken is not None,
        warnings=rest.warnings,
    )


def replay(
    scenario: Scenario,
    verified: VerifiedPlan,
    *,
    run: int,
    seed: int,
    block: int,
    level: Level = "convoy",
    rest: Rest | None = None,
) -> Replay:
    """Play one run again with its whole event log; its row equals that of the batch.

    Raises
    ------
    RehearsalRefused
        If the number is negative, and as `rehearse` does.
    """
    if run < 0:
        raise RehearsalRefused(f"run: got {run}, want 0 or more")
    if block < 1 or block & (block - 1):
        raise RehearsalRefused(f"block: got {block}, want a power of two")
    prepared = prepare(scenario, verified, level=level, rest=rest)
    return play_again(prepared, seed=seed, run=run, size=block)
