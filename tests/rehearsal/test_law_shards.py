"""Laws of chunks and shards: nothing is played twice, nothing is left out."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.ensemble import Shard, chunks_of, job_of, shard_from
from safepassage.rehearsal.run import RehearsalRefused
from safepassage.scenario.load import load_scenario

CASE = Path(__file__).parents[2] / "cases" / "sumy-2022"


@cache
def sumy() -> VerifiedPlan:
    return solve(load_scenario(CASE), limit=timedelta(seconds=20), seed=1, iterations=0)


@given(runs=st.integers(1, 3_000_000), of=st.integers(1, 300))
def test_every_run_is_in_exactly_one_chunk_and_every_chunk_in_exactly_one_shard(
    runs: int, of: int
) -> None:
    job = job_of(sumy(), runs=runs)
    chunks = chunks_of([job])
    size = job.blocks.size
    upto = 0
    for one in chunks:
        assert one.first_run == upto
        assert one.runs % size == 0
        upto += one.runs
    assert upto == job.blocks.runs >= runs
    parts = [one.name for number in range(of) for one in Shard(number, of).part(chunks)]
    assert sorted(parts) == sorted(one.name for one in chunks)


@given(seeds=st.lists(st.integers(0, 50), min_size=2, max_size=6, unique=True))
def test_no_two_rehearsals_share_a_file(seeds: list[int]) -> None:
    jobs = [job_of(sumy(), seed=one, runs=64) for one in seeds]
    jobs += [job_of(sumy(), seed=seeds[0], runs=64, level="vehicle")]
    names = [one.name for one in chunks_of(jobs)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", ["16/16", "-1/4", "1", "1/0", "a/b", "1/2/3", "", "²/4"])
def test_a_shard_out_of_range_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(RehearsalRefused, match="want K/N"):
        shard_from(text)


def test_no_runs_a_negative_seed_and_an_unknown_level_are_refused() -> None:
    for wrong in ({"runs": 0}, {"seed": -1}, {"level": "bus"}):
        with pytest.raises(RehearsalRefused):
            job_of(sumy(), **wrong)  # type: ignore[arg-type] - each is wrong on purpose
