"""The proof of a corridor in a process of its own, seen from the search that started it."""

import pickle
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass

from safepassage.planner.bounds import Bound
from safepassage.planner.corridor.assign import Timed
from safepassage.planner.search import Timetable
from safepassage.scenario.figure import Choice
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True)
class Order:
    """What is to be proved, and for how many seconds."""

    scenario: Scenario
    people: Choice
    timetable: Timetable
    seed: int
    seconds: float


@dataclass(frozen=True)
class News:
    """Something proved or found: a bound on the value, on persons, or a timetable."""

    bound: Bound | None = None
    persons: Bound | None = None
    convoys: Timed | None = None


class Companion:
    """The other process, seen from the one that started it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._news: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        self.ended = False
        self._heard = False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        stream = self._process.stdout
        if stream is None:
            self._news.put(None)
            return
        try:
            with stream:
                while True:
                    self._news.put(pickle.load(stream))  # noqa: S301 - from our own process
                    self._heard = True
        except (EOFError, OSError, pickle.UnpicklingError):
            self._news.put(None)

    def news(self) -> list[News]:
        """Return what has come in since the last call, without waiting."""
        found: list[News] = []
        while True:
            try:
                one = self._news.get_nowait()
            except queue.Empty:
                return found
            if one is None:
                self.ended = True
                return found
            found.append(one)

    def close(self) -> None:
        """End the other process; one that still compiles ends by itself when that is done.

        What it compiles is kept on disk for the next time: ending it earlier would let every
        short first run begin again.
        """
        if self._heard or self.ended:
            self._process.kill()
        threading.Thread(target=self._process.wait, daemon=True).start()


def start(order: Order) -> Companion | None:
    """Start the other process, None where that is not possible here."""
    try:
        message = pickle.dumps(order)
        process = subprocess.Popen(
            [sys.executable, "-m", "safepassage.planner.corridor.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if process.stdin is not None:
            process.stdin.write(message)
            process.stdin.close()
    except (OSError, TypeError, AttributeError, pickle.PicklingError):
        return None
    return Companion(process)
