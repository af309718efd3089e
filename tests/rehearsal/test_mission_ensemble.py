"""Ensembles on several processes: the same numbers, and what a killed one costs."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safepassage.rehearsal.ensemble import Chunk, Shard, chunks_of, job_of, play
from safepassage.rehearsal.ensemble_dask import ClusterError, play_on_cluster
from safepassage.rehearsal.ensemble_files import (
    complete,
    file_of,
    merged,
    read_chunk,
    still_to_play,
    write_chunk,
)
from safepassage.rehearsal.ensemble_local import WorkersLost, play_here
from safepassage.rehearsal.run import conclude
from safepassage.rehearsal.summary import MergeRefused, Summary, merge, summary_to_json
from tests.rehearsal.two_columns import verified

RUNS = 64 * 16
PATIENCE = 120.0


def chunks(*seeds: int, runs: int = RUNS) -> tuple[Chunk, ...]:
    plan = verified()
    return chunks_of(job_of(plan, seed=one, runs=runs, level="vehicle") for one in seeds)


def text(summary: Summary) -> str:
    return json.dumps(summary_to_json(summary), sort_keys=True)


def alone(parts: tuple[Chunk, ...]) -> Summary:
    return merge(play(one) for one in parts)


class Kept:
    """What came in, and by which call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def __call__(self, part: Chunk, summary: Summary) -> None:
        write_chunk(self.folder, part, summary)
        self.count += 1


def test_two_processes_of_which_one_is_killed_give_the_same_bytes_as_one(tmp_path: Path) -> None:
    parts = chunks(7)
    # Alone first: what is compiled is then there for the processes.
    wanted = text(alone(parts))
    killed: list[int] = []

    class Killing(Kept):
        def __call__(self, part: Chunk, summary: Summary) -> None:
            super().__call__(part, summary)
            if not killed:
                # One of our own children, told by its command line; never anybody else's.
                victim = next(iter(_children(os.getpid())))
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

    kept = Killing(tmp_path)
    play_here(parts, kept, workers=2)
    assert killed
    assert kept.count == len(parts)
    assert text(merged([tmp_path])) == wanted


def _children(parent: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text(encoding="utf-8")
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"PPid:\t{parent}\n" in status and b"spawn_main" in command:
            yield int(folder.name)


def test_what_lies_on_disk_is_not_played_again_and_what_is_torn_is(tmp_path: Path) -> None:
    parts = chunks(7)
    half = parts[: len(parts) // 2]
    for one in half:
        write_chunk(tmp_path, one, play(one))
    torn = file_of(tmp_path, half[0])
    torn.write_text(torn.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    other = file_of(tmp_path, half[1])
    other.write_text(file_of(tmp_path, half[2]).read_text(encoding="utf-8"), encoding="utf-8")
    left = still_to_play(tmp_path, parts)
    wanted = (half[0], half[1], *parts[len(half) :])
    assert [one.name for one in left] == [one.name for one in wanted]
    kept = Kept(tmp_path)
    play_here(left, kept, workers=1)
    assert kept.count == len(left)
    assert not still_to_play(tmp_path, parts)
    assert text(merged([tmp_path])) == text(alone(parts))


def test_shards_in_any_order_add_up_to_the_whole(tmp_path: Path) -> None:
    parts = chunks(7)
    for number in (2, 0, 1):
        for one in Shard(number, 3).part(parts):
            write_chunk(tmp_path / f"shard-{number}", one, play(one))
    folders = [tmp_path / f"shard-{number}" for number in range(3)]
    whole = merged(folders)
    assert text(whole) == text(alone(parts))
    plan = verified()
    odds = conclude(plan.scenario, plan, whole, asked=RUNS, seconds=0.0)
    assert odds.runs == RUNS
    with pytest.raises(MergeRefused, match=r"blocks are missing: runs"):
        complete(parts[0].job, merged(folders[:2]))


def test_results_of_other_seeds_or_versions_are_refused_with_what_differs(tmp_path: Path) -> None:
    first, second = chunks(7, runs=64)[0], chunks(8, runs=64)[0]
    write_chunk(tmp_path, first, play(first))
    write_chunk(tmp_path, second, play(second))
    with pytest.raises(MergeRefused, match=r"seed [78] and [78]"):
        merged([tmp_path])
    path = file_of(tmp_path, second)
    path.write_text(
        file_of(tmp_path, first)
        .read_text(encoding="utf-8")
        .replace('"version":"', '"version":"9.'),
        encoding="utf-8",
    )
    with pytest.raises(MergeRefused, match="version"):
        merged([tmp_path])
    assert read_chunk(tmp_path, second) is None
    with pytest.raises(MergeRefused, match="is not there"):
        merged([tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(MergeRefused, match="holds no file"):
        merged([tmp_path / "empty"])


# ------------------------------------------------------------------------------------- Dask
@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """Start a scheduler and workers of Dask as processes of their own on the loopback."""
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    place = folder / "scheduler.json"
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "DASK_DISTRIBUTED__DASHBOARD__LINK": ""}
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [
        _started("dask_scheduler", *local, "--port", "0", "--scheduler-file", str(place), env=quiet)
    ]
    try:
        address = _address(place, started[0])
        started += [
            _started(
                "dask_worker", address, *local, "--nthreads", "1", "--no-nanny",
                "--local-directory", str(folder / f"worker-{number}"), env=quiet,
            )
            for number in range(workers)
        ]  # fmt: skip
        yield address, started[1:]
    finally:
        for one in reversed(started):
            if one.poll() is None:
                one.terminate()
        for one in started:
            try:
                one.wait(20)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


def _started(name: str, *words: str, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{name}", *words],
        env={**env, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _address(place: Path, scheduler: "subprocess.Popen[bytes]") -> str:
    """Wait for the file in which the scheduler says where it listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if scheduler.poll() is not None:
            raise AssertionError(f"the scheduler ended with {scheduler.returncode}")
        try:
            return str(json.loads(place.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise AssertionError("no scheduler in time")


def test_dask_workers_of_which_one_is_killed_give_the_same_bytes(tmp_path: Path) -> None:
    parts = chunks(7, 8, 9)
    wanted = [
        text(alone(tuple(one for one in parts if one.job.seed == seed))) for seed in (7, 8, 9)
    ]
    with cluster(tmp_path, workers=2) as (address, workers):
        killed: list[int] = []

        class Killing(Kept):
            def __call__(self, part: Chunk, summary: Summary) -> None:
                super().__call__(part, summary)
                if not killed:
                    workers[0].send_signal(signal.SIGKILL)
                    killed.append(workers[0].wait(PATIENCE))

        kept = Killing(tmp_path / "chunks")
        play_on_cluster(address, parts, kept)
        assert killed == [-signal.SIGKILL]
        assert kept.count == len(parts)
    found = [
        text(merged(file_of(tmp_path / "chunks", one) for one in parts if one.job.seed == seed))
        for seed in (7, 8, 9)
    ]
    assert found == wanted


def test_a_cluster_that_is_not_there_is_said_with_its_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    monkeypatch.setattr("safepassage.rehearsal.ensemble_dask.PATIENCE", "1s")
    with pytest.raises(ClusterError, match=r"no scheduler at tcp://127\.0\.0\.1:9"):
        play_on_cluster("tcp://127.0.0.1:9", chunks(7, runs=64), Kept(tmp_path))


def test_a_chunk_that_kills_its_process_again_and_again_is_given_up() -> None:
    # A plan whose scenario cannot travel whole: the process ends before it answers.
    part = chunks(7, runs=64)[0]
    deadly = Chunk(_Deadly(part.job), part.first_run, part.runs)  # type: ignore[arg-type] - on purpose
    with pytest.raises(WorkersLost, match="died 3 times"):
        play_here([deadly, deadly], lambda *_: None, workers=2)


class _Deadly:
    """Looks like a job until it is unpacked in another process: that process dies."""

    def __init__(self, job: object) -> None:
        self.job = job
        self.key = "d" * 64

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (9,)
