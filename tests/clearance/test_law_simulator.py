"""Whole histories by seed: the rule never gives a go while the simulator's truth says no."""

import os
import resource
import sys
import time
from functools import cache
from multiprocessing import get_context

import pytest

from safepassage.clearance import rules
from tests.clearance.simulator import Result, simulate


@cache
def run(seeds: range) -> tuple[list[Result], dict[int, tuple[str, ...]]]:
    results = {seed: simulate(seed) for seed in seeds}
    return list(results.values()), {seed: one.wrong for seed, one in results.items() if one.wrong}


def test_no_seed_sees_a_go_while_the_truth_says_not_guaranteed() -> None:
    results, wrong = run(range(40))
    assert wrong == {}
    # The histories are not all no: else nothing was tried.
    assert sum(one.goes for one in results) > 20
    assert sum(one.asked for one in results) > 300


def test_every_kind_of_fault_happens() -> None:
    results, _ = run(range(40))
    seen = {what for one in results for what in one.faults}
    assert seen == {
        "power cut",
        "process crash",
        "disk full",
        "answer lost",
        "message lost",
        "message sent",
        "message doubled",
        "message changed",
        "forgery",
        "clock jump",
    }


def test_a_seed_replays_exactly() -> None:
    for seed in range(3):
        assert simulate(seed) == simulate(seed)
    assert simulate(0).trace != simulate(1).trace


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("hold", "open"),
        ("promise", "withdrawn"),
        ("promise", "not confirmed"),
        ("promise", "ends too early"),
        ("approvals", "missing"),
        ("road", "incident since"),
    ],
)
def test_the_simulator_has_teeth_a_rule_with_a_hole_is_seen(
    monkeypatch: pytest.MonkeyPatch, line: str, state: str
) -> None:
    table = {key: dict(states) for key, states in rules.DECISION_TABLE.items()}
    table[line][state] = True  # type: ignore[index]
    monkeypatch.setattr(rules, "DECISION_TABLE", table)
    assert any(simulate(seed).wrong for seed in range(100))


def test_an_approval_whose_every_answer_was_lost_is_known_once_somebody_looks() -> None:
    # In this history four answers in a row are lost; the entry was stored all the same.
    assert simulate(10_804).wrong == ()


def processor_time() -> float:
    """Return the seconds that the workers so far have used."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


@pytest.mark.proof
def test_thousands_of_seeds_see_no_wrong_go() -> None:
    number = int(os.environ.get("SAFEPASSAGE_SEEDS", "5000"))
    cores = os.cpu_count() or 1
    begin, used = time.perf_counter(), processor_time()
    with get_context("spawn").Pool(cores) as workers:
        results = workers.map(simulate, range(10_000, 10_000 + number), chunksize=25)
    rate = number / (time.perf_counter() - begin) * 60
    wrong = {place: one.wrong for place, one in enumerate(results) if one.wrong}
    goes, asked = sum(one.goes for one in results), sum(one.asked for one in results)
    sys.stdout.write(
        f"simulator: {number} seeds, {rate:.0f} a minute on {cores} cores, "
        f"{number / (processor_time() - used) * 60:.0f} a minute of processor time, "
        f"asked {asked}, go {goes}, wrong {len(wrong)}\n"
    )
    assert wrong == {}
