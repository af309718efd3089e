"""Bad input of every sort ends in words or in a plan: soon, and in bounded memory.

The program runs in a process of its own that is killed if it takes more memory or processor.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEMORY = 3 * 2**30
"""Address space in bytes: compiled code maps far more than it uses."""

PEAK_MB = 1_200
SECONDS = 120
"""Of the processor, for all cases together, on a machine however slow (measured: 20)."""

FAULT, IMPOSSIBLE, PLAN = 3, 4, 0

WANTED: dict[str, tuple[int, str]] = {
    "people beyond whole numbers": (FAULT, "group[0].leave"),
    "people negative": (FAULT, "group[0].leave"),
    "people no number": (FAULT, "got nan"),
    "people without end": (FAULT, "got inf"),
    "nobody": (IMPOSSIBLE, "wish to leave"),
    "ten million people": (PLAN, ""),
    "ten million households": (PLAN, ""),
    "a million vehicles": (FAULT, "vehicle[0].count"),
    "a million vehicles in a hundred rows": (FAULT, "want at most 20000"),
    "a horizon of a year": (FAULT, "at most 60 days"),
    "a horizon of a second": (IMPOSSIBLE, "before the horizon"),
    "a horizon beyond counting": (FAULT, "horizon"),
    "an intake of nobody": (FAULT, "intake.people"),
    "an intake over sixty days": (PLAN, ""),
    "five thousand windows of four seconds": (IMPOSSIBLE, "window never opens"),
    "a household of everybody": (IMPOSSIBLE, "none may be split"),
    "a duty shorter than the way": (IMPOSSIBLE, "duty of 10 min"),
    "no capacity": (IMPOSSIBLE, "capacity"),
    "a window that never opens": (IMPOSSIBLE, "window never opens"),
    "a window of a second": (IMPOSSIBLE, "window never opens"),
    "windows that exclude each other": (IMPOSSIBLE, "window never opens"),
    "a thousand windows of ten minutes": (IMPOSSIBLE, "window never opens"),
    "a margin longer than the day": (IMPOSSIBLE, "window never opens"),
    "a headway above the horizon": (PLAN, ""),
    "rho of a hundred": (IMPOSSIBLE, "more to gain than to lose"),
    "rho huge": (FAULT, "rules.rho"),
    "an end before the first arrival": (IMPOSSIBLE, "proved"),
    "a mean of a second": (IMPOSSIBLE, "proved"),
    "a mean of nothing": (FAULT, "ending.mean"),
    "a shape that explodes": (IMPOSSIBLE, "proved"),
    "loading a second longer than on board": (IMPOSSIBLE, "on board"),
    "ten thousand places": (FAULT, "want at most 1000"),
}
"""How each case must end, and what must be said."""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.fixture(scope="module")
def ends() -> dict[str, dict[str, object]]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.planner.hostile", "--exactly", *WANTED],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        preexec_fn=limited,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    return {one["case"]: one for one in map(json.loads, made.stdout.splitlines())}


@pytest.mark.parametrize("name", WANTED)
def test_bad_input_ends_in_words_or_a_plan(ends: dict[str, dict[str, object]], name: str) -> None:
    code, words = WANTED[name]
    assert ends[name]["code"] == code
    assert words in str(ends[name]["said"])


def test_memory_stays_bounded(ends: dict[str, dict[str, object]]) -> None:
    assert max(int(str(one["peak_mb"])) for one in ends.values()) < PEAK_MB
