"""Chunks on disk: one file each, named by what it depends on, so that a killed run goes on.

A file is written beside its place and renamed: it is there whole or not at all. One that does not
hold what its name says is played again, never trusted.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from safepassage import __version__
from safepassage.rehearsal.ensemble import Chunk, Job, missing_blocks
from safepassage.rehearsal.summary import (
    MergeRefused,
    Summary,
    merge,
    summary_from_json,
    summary_to_json,
)

SUFFIX = ".chunk.json"


def file_of(folder: Path, part: Chunk) -> Path:
    """Return where a chunk lies."""
    return folder / (part.name + SUFFIX)


def write_chunk(folder: Path, part: Chunk, summary: Summary) -> Path:
    """Write what a chunk came to, and return its file.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = file_of(folder, part)
    text = json.dumps(summary_to_json(summary), separators=(",", ":"), sort_keys=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return path


def read_chunk(folder: Path, part: Chunk) -> Summary | None:
    """Return what a chunk came to; None where its file is absent, torn, or of something else."""
    path = file_of(folder, part)
    try:
        found = read_summary(path)
    except (OSError, MergeRefused):
        return None
    return found if _is_of(found, part) else None


def _is_of(found: Summary, part: Chunk) -> bool:
    identity, job = found.identity, part.job
    size = job.blocks.size
    wanted = range(part.first_run // size, (part.first_run + part.runs) // size)
    return (
        identity.scenario == job.scenario.sha256
        and identity.plan == job.plan_hash
        and identity.seed == job.seed
        and identity.level == job.level
        and identity.block == size
        and identity.version == __version__
        and set(found.blocks) == set(wanted)
    )


def read_summary(path: Path) -> Summary:
    """Return the summary of a file.

    Raises
    ------
    MergeRefused
        If the file holds none.
    OSError
        If it cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MergeRefused(f"{path}: not JSON: {error}") from None
    if not isinstance(document, dict):
        raise MergeRefused(f"{path}: got {type(document).__name__}, want an object")
    try:
        return summary_from_json(document)
    except MergeRefused as error:
        raise MergeRefused(f"{path}: {error}") from None


def still_to_play(folder: Path, chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """Return the chunks that are not on disk yet."""
    return tuple(one for one in chunks if read_chunk(folder, one) is None)


def files_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files of chunks that are named, or lie in the folders that are named.

    Raises
    ------
    MergeRefused
        If a folder holds none, or a path is not there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob(f"*{SUFFIX}"))
            if not inside:
                raise MergeRefused(f"{path}: holds no file *{SUFFIX}")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise MergeRefused(f"{path}: is not there, want a file or folder of chunks")
    return tuple(found)


def merged(paths: Iterable[Path]) -> Summary:
    """Return what the chunks of one rehearsal in files and folders add up to.

    Raises
    ------
    MergeRefused
        If there is none, one is no summary, or they are of different rehearsals, seeds or versions.
    OSError
        If a file cannot be read.
    """
    return merge(read_summary(one) for one in files_in(paths))


def complete(job: Job, summary: Summary) -> Summary:
    """Return a summary that holds every block of a rehearsal.

    Raises
    ------
    MergeRefused
        With the runs that are missing.
    """
    missing = missing_blocks(job, summary)
    if missing:
        size = job.blocks.size
        words = ", ".join(f"{one * size} to {(one + 1) * size - 1}" for one in missing[:8])
        more = f" and {len(missing) - 8} blocks more" if len(missing) > 8 else ""
        raise MergeRefused(
            f"{len(missing)} of {job.blocks.count} blocks are missing: runs {words}{more}"
        )
    return summary
