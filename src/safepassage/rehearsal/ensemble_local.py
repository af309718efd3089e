"""Chunks on the cores of this machine: one process each, and one that is killed costs its chunk.

Written here because a pool of the standard library is broken as a whole when one of its processes
is killed.
"""

import multiprocessing as mp
import os
from collections import deque
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from safepassage.rehearsal.ensemble import Chunk, play
from safepassage.rehearsal.summary import Summary

TRIES = 3
"""A chunk whose process died so often is given up: it is the chunk that kills, not chance."""


class WorkersLost(RuntimeError):  # noqa: N818 - the word of the glossary
    """A chunk took its process down again and again."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def play_here(
    chunks: Iterable[Chunk], done: Callable[[Chunk, Summary], None], *, workers: int
) -> None:
    """Play chunks in so many processes, and hand each over as it is done.

    With one worker they are played in this process.

    Raises
    ------
    WorkersLost
        If a chunk took its process down three times.
    ValueError
        If there is to be no worker; whatever playing a chunk raises.
    """
    if workers < 1:
        raise ValueError(f"workers: got {workers}, want at least 1")
    waiting = deque(chunks)
    if workers == 1 or len(waiting) < 2:
        for one in waiting:
            done(one, play(one))
        return
    crew = _Crew(waiting, done)
    try:
        crew.run(min(workers, len(waiting)))
    finally:
        crew.dismiss()


class _Crew:
    """The processes, and what each is playing."""

    def __init__(self, waiting: "deque[Chunk]", done: Callable[[Chunk, Summary], None]) -> None:
        self.waiting = waiting
        self.done = done
        self.tries: dict[str, int] = {}
        self.busy: dict[Connection, tuple[SpawnProcess, Chunk]] = {}
        self.idle: list[tuple[Connection, SpawnProcess]] = []

    def run(self, workers: int) -> None:
        for _ in range(workers):
            self.idle.append(_hired())
        while self.waiting or self.busy:
            while self.waiting and (self.idle or len(self.busy) < workers):
                line, process = self.idle.pop() if self.idle else _hired()
                self._give(line, process, self.waiting.popleft())
            for heard in wait(list(self.busy)):
                if isinstance(heard, Connection):
                    self._hear(heard)

    def _give(self, line: Connection, process: SpawnProcess, part: Chunk) -> None:
        self.busy[line] = (process, part)
        try:
            line.send(part)
        except (BrokenPipeError, ConnectionResetError):
            self._lost(line)

    def _hear(self, line: Connection) -> None:
        process, part = self.busy[line]
        try:
            answer = line.recv()
        except (EOFError, ConnectionResetError):
            self._lost(line)
            return
        del self.busy[line]
        self.idle.append((line, process))
        if isinstance(answer, BaseException):
            raise answer
        self.done(part, answer)

    def _lost(self, line: Connection) -> None:
        """Put what a dead process was playing back to the front of the queue."""
        process, part = self.busy.pop(line)
        line.close()
        process.join()
        tries = self.tries[part.name] = self.tries.get(part.name, 0) + 1
        if tries >= TRIES:
            raise WorkersLost(
                f"the process that played {part.name} died {tries} times "
                f"(last exit code {process.exitcode}): nothing else is lost, run it again to go on"
            )
        self.waiting.appendleft(part)

    def dismiss(self) -> None:
        for line, process in [*self.idle, *((line, one) for line, (one, _) in self.busy.items())]:
            line.close()
            process.terminate()
            process.join()


def _hired() -> tuple[Connection, SpawnProcess]:
    context = mp.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _work(line: Connection) -> None:
    """Play what comes down the line until it is closed."""
    while True:
        try:
            part: Chunk = line.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer: Summary | BaseException = play(part)
        except Exception as error:  # noqa: BLE001 - told to the one who asked
            answer = error
        line.send(answer)
