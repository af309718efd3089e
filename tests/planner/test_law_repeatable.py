"""The same seed and the same steps give the same plan, in any process, whatever hashes do there."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.convoy import variant
from benchmarks.tours_instances import large_family
from safepassage.planner.solve import solve
from safepassage.planner.tours.search import solve_tours
from safepassage.scenario.load import load_scenario
from tests.planner.strategies import draw

ROOT = Path(__file__).parents[2]
CASE = ROOT / "cases" / "aleppo-2016"


def hashes(numbers: tuple[int, ...] = (), steps: int = 1) -> dict[str, str]:
    """Return the hash of the plan of each case, made with seed 5 and few steps."""
    cases = {
        "aleppo": load_scenario(CASE),
        **{f"variant {number}": variant(number) for number in numbers},
        **{f"drawn {seed}": draw(seed) for seed in (1, 7, 20)},
    }
    found = {}
    for name, scenario in cases.items():
        try:
            found[name] = solve(scenario, seed=5, iterations=steps).plan_hash
        except ValueError as none:
            found[name] = str(none)
    return found


def tours() -> list[object]:
    """Return the best tours of a large fleet after two rounds, and of a town to the last person."""
    made = solve_tours(large_family(300, 30, 1), limit=10_000.0, seed=5, rounds=2)
    town = replace(draw(7), rules=replace(draw(7).rules, objective="last_out"))
    try:
        last = solve(town, seed=5, limit=timedelta(hours=1), iterations=3).plan_hash
    except ValueError as none:
        last = str(none)
    return [made.value, made.bound, [list(one) for one in made.tours or ()], last]


def elsewhere(call: str, hash_seed: str) -> Any:
    """Return what another process makes, one with another order of hashes."""
    here = "tests.planner.test_law_repeatable"
    program = f"import json; from {here} import *; print(json.dumps({call}))"
    made = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(made.stdout.splitlines()[-1])


def test_another_process_with_another_order_of_hashes_makes_the_same_plans() -> None:
    first = hashes()
    assert sum(len(one) == 64 for one in first.values()) >= 3
    assert elsewhere("hashes()", "4711") == first


def test_another_process_makes_the_same_tours() -> None:
    assert elsewhere("tours()", "4711") == json.loads(json.dumps(tours()))


@pytest.mark.proof
def test_variants_with_more_steps_are_the_same_in_three_processes() -> None:
    call = "hashes((1, 3, 8, 9, 16), 4)"
    first, second, third = (elsewhere(call, hash_seed) for hash_seed in ("0", "1", "random"))
    assert first == second == third
