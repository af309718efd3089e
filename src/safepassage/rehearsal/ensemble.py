"""Many rehearsals in chunks: what is to be played, which shard plays it, and what it adds up to.

A chunk is some whole blocks of one rehearsal. How runs fall into chunks depends on nothing but
their number, and sums are of whole numbers: the same numbers come out on 1 worker or 1,000. Knows
nothing of how chunks travel; `ensemble_local`, `ensemble_dask` and shards do.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from safepassage import __version__
from safepassage.planner.plan import Plan
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import verify
from safepassage.rehearsal.run import (
    LEVELS,
    RUNS,
    SEED,
    Blocks,
    Level,
    RehearsalRefused,
    blocks_for,
    chunk,
)
from safepassage.rehearsal.summary import Summary
from safepassage.scenario.scenario import Scenario

MOST_CHUNKS = 128
"""A rehearsal falls into at most so many chunks, each of a few blocks."""


@dataclass(frozen=True)
class Job:
    """One rehearsal of an ensemble: a plan of a scenario, a seed, a number of runs, a level.

    The plan travels unproved; whoever plays a chunk of it verifies it first.
    """

    scenario: Scenario
    plan: Plan
    plan_hash: str
    seed: int = SEED
    runs: int = RUNS
    level: Level = "convoy"

    @property
    def blocks(self) -> Blocks:
        """How its runs fall into blocks."""
        return blocks_for(self.runs)

    @cached_property
    def key(self) -> str:
        """What names it on disk: everything that its numbers depend on, and nothing else."""
        blocks = self.blocks
        stated = {
            "scenario": self.scenario.sha256,
            "inputs": dict(sorted(self.scenario.inputs.items())),
            "plan": self.plan_hash,
            "seed": self.seed,
            "runs": blocks.runs,
            "block": blocks.size,
            "level": self.level,
            "version": __version__,
        }
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Chunk:
    """Runs `first_run` to `first_run + runs` of a job: whole blocks."""

    job: Job
    first_run: int
    runs: int

    @property
    def name(self) -> str:
        """The name of its file: its job, and which runs."""
        last = self.first_run + self.runs - 1
        return f"{self.job.key[:16]}-{self.first_run:09d}-{last:09d}"


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of`, counted from 0 as Slurm arrays and indexed jobs of Kubernetes do."""

    number: int
    of: int

    def __post_init__(self) -> None:
        if self.of < 1 or not 0 <= self.number < self.of:
            raise RehearsalRefused(
                f"shard: got {self.number}/{self.of}, want K/N with K from 0 to N - 1"
            )

    def part(self, chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
        """Return its chunks; every chunk is in exactly one of the N shards."""
        return tuple(chunks[self.number :: self.of])


def shard_from(text: str) -> Shard:
    """Return a shard written K/N.

    Raises
    ------
    RehearsalRefused
        If it is not two whole numbers, or out of range.
    """
    number, slash, of = text.partition("/")
    if not (slash and number.isascii() and number.isdigit() and of.isascii() and of.isdigit()):
        raise RehearsalRefused(f"shard: got {text!r}, want K/N, e.g. 0/16")
    return Shard(int(number), int(of))


def job_of(
    verified: VerifiedPlan, *, seed: int = SEED, runs: int = RUNS, level: Level = "convoy"
) -> Job:
    """Return a rehearsal of a verified plan as a job.

    Raises
    ------
    RehearsalRefused
        If the number of runs is not above 0, the seed is negative, or the level is unknown.
    """
    blocks_for(runs)
    if seed < 0:
        raise RehearsalRefused(f"seed: got {seed}, want 0 or more")
    if level not in LEVELS:
        raise RehearsalRefused(f"level: got {level!r}, want one of: {', '.join(LEVELS)}")
    return Job(verified.scenario, verified.plan, verified.plan_hash, seed, runs, level)


def chunks_of(jobs: Iterable[Job]) -> tuple[Chunk, ...]:
    """Return the chunks of several rehearsals, in order."""
    found = []
    for job in jobs:
        blocks = job.blocks
        each = -(-blocks.count // MOST_CHUNKS)
        for first in range(0, blocks.count, each):
            count = min(each, blocks.count - first)
            found.append(Chunk(job, first * blocks.size, count * blocks.size))
    return tuple(found)


def play(part: Chunk) -> Summary:
    """Play one chunk: verify its plan, then run it.

    Raises
    ------
    PlanRefused
        If the plan that travelled is no valid one of its scenario.
    RehearsalRefused
        As `run.chunk` does.
    """
    job = part.job
    return chunk(
        job.scenario,
        _verified(job),
        seed=job.seed,
        first_run=part.first_run,
        runs=part.runs,
        block=job.blocks.size,
        level=job.level,
        # One core each: what is played side by side are chunks, never the runs of one.
        threads=1,
    )


def _verified(job: Job) -> VerifiedPlan:
    """Return the plan of a job, verified once in each process."""
    return _verified_by_hash(_ByHash(job.scenario.sha256, job.plan_hash, job))


@dataclass(frozen=True, eq=False)
class _ByHash:
    """A job that compares by the hashes of its scenario and plan alone."""

    scenario: str
    plan: str
    job: Job

    def __hash__(self) -> int:
        return hash((self.scenario, self.plan))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and (self.scenario, self.plan) == (
            other.scenario,
            other.plan,
        )


@lru_cache(maxsize=64)
def _verified_by_hash(which: _ByHash) -> VerifiedPlan:
    return verify(which.job.scenario, which.job.plan)


def missing_blocks(job: Job, summary: Summary | None) -> tuple[int, ...]:
    """Return the numbers of the blocks that a summary does not hold yet."""
    there = set() if summary is None else set(summary.blocks)
    return tuple(number for number in range(job.blocks.count) if number not in there)
