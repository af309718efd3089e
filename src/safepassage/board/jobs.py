"""Heavy work in child processes: planning, rehearsing, typesetting. The server stays small.

A job runs one command in a folder of its own that only this user can read; what it wrote is there
until the room closes. Jobs run at a low priority, few at a time, and are ended when they overrun.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

MOST_RUNNING = 2
MOST_KEPT = 24
LONGEST = 900.0
"""Seconds after which a job is ended."""
_NICE = shutil.which("nice")
_QUIETLY = () if _NICE is None else (_NICE, "-n", "10")
"""Everything else of this computer goes first."""
State = Literal["running", "done", "failed"]


class BusyError(RuntimeError):
    """As many jobs run as may at a time."""


@dataclass
class Job:
    """One piece of work: what, for whom, since when, and what became of it."""

    id: str
    kind: str
    about: str
    by: str
    begun: datetime
    upto: int
    folder: Path
    state: State = "running"
    message: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def read(self, name: str) -> bytes:
        """Return the content of a file that it wrote; nothing where it did not."""
        path = self.folder / name
        return path.read_bytes() if path.is_file() else b""


class Jobs:
    """The jobs of one room."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def all(self) -> tuple[Job, ...]:
        """Return the jobs that are kept, newest first."""
        return tuple(reversed(self._jobs.values()))

    def find(self, id_: str) -> Job | None:
        """Return one job."""
        return self._jobs.get(id_)

    def begin(
        self,
        kind: str,
        module: str,
        arguments: Sequence[str],
        *,
        about: str,
        by: str,
        at: datetime,
        upto: int,
        given: bytes = b"",
    ) -> Job:
        """Begin `python -m MODULE ARGUMENTS` with `given` on its standard input.

        Its standard output becomes the file `out` of its folder, which is its working folder too.

        Raises
        ------
        BusyError
            If as many jobs run as may.
        """
        if sum(one.state == "running" for one in self._jobs.values()) >= MOST_RUNNING:
            raise BusyError(f"{MOST_RUNNING} jobs run already: wait until one has ended")
        id_ = uuid.uuid4().hex[:12]
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="safepassage-board-"))
        folder = self._folder / id_
        folder.mkdir(mode=0o700)
        job = Job(id_, kind, about, by, at, upto, folder)
        self._jobs[id_] = job
        self._forget()
        task = asyncio.create_task(self._run(job, module, arguments, given))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def close(self) -> None:
        """End what runs and remove what was made."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _run(self, job: Job, module: str, arguments: Sequence[str], given: bytes) -> None:
        out = (job.folder / "out").open("wb")
        try:
            child = await asyncio.create_subprocess_exec(
                *_QUIETLY,
                sys.executable,
                "-m",
                module,
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=out,
                stderr=asyncio.subprocess.PIPE,
                cwd=job.folder,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        finally:
            out.close()
        try:
            _, errors = await asyncio.wait_for(child.communicate(given), LONGEST)
        except BaseException as error:
            if child.returncode is None:
                child.kill()
                await child.wait()
            job.state, job.message = "failed", "ended before it was done"
            job.over.set()
            if not isinstance(error, TimeoutError):
                raise
            return
        said = errors.decode("utf-8", "replace").strip().splitlines()
        job.state = "done" if child.returncode == 0 else "failed"
        job.message = "\n".join(said[-12:])
        job.over.set()

    def _forget(self) -> None:
        done = [one for one in self._jobs.values() if one.state != "running"]
        for one in done[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[one.id]
            shutil.rmtree(one.folder, ignore_errors=True)
