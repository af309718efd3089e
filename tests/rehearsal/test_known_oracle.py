"""The kernel against an independent simulation of events of the same operation (SimPy).

Seeds are fixed, so that nothing here fails now and then. The two share no draws: a difference is
held against the standard error of both.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from safepassage.rehearsal.event import Row
from safepassage.rehearsal.playing import rows_of
from safepassage.rehearsal.prepared import prepare
from safepassage.scenario.uncertain import Uncertain
from tests.rehearsal.oracle import Told, replications
from tests.rehearsal.two_columns import fixed, verified

NEVER = fixed(0.0)
QUIET = {
    "truce__mean": fixed(1e9),
    "start__chance": NEVER,
    "checkpoint__screening_chance": NEVER,
    "receiving__refusal": NEVER,
    "travel__detour_chance": NEVER,
}
"""Laws under which only loading, driving, posts and crowding are left to chance."""

ALONE = {
    "late starts": "start__chance",
    "unagreed checks": "checkpoint__screening_chance",
    "refusals": "receiving__refusal",
    "detours": "travel__detour_chance",
    "truces": "truce__mean",
}


@dataclass(frozen=True)
class Compared:
    """One number of both, and how many standard errors lie between."""

    kernel: float
    oracle: float
    apart: float


def compared(rows: Sequence[Row], told: Sequence[Told]) -> dict[str, Compared]:
    """Return the five numbers in which the two must agree."""
    pairs = {
        "arrived": ([one.arrived for one in rows], [one.arrived for one in told]),
        "caught": ([one.caught for one in rows], [one.caught for one in told]),
        "anybody": ([one.caught > 0 for one in rows], [one.caught > 0 for one in told]),
        "wait": ([one.wait for one in rows], [_hours(one.waits) for one in told]),
        "departures": ([one.movements for one in rows], [len(one.waits) for one in told]),
    }
    found = {}
    for name, (ours, theirs) in pairs.items():
        error = math.hypot(_error(ours), _error(theirs))
        kernel, oracle = statistics.fmean(ours), statistics.fmean(theirs)
        found[name] = Compared(kernel, oracle, abs(kernel - oracle) / max(error, 1e-9))
    return found


def _hours(waits: Sequence[float]) -> float:
    return statistics.fmean(waits) / 3600 if waits else 0.0


def _error(values: Sequence[float]) -> float:
    return statistics.stdev(float(one) for one in values) / math.sqrt(len(values))


def rows(blocks: int, level: str = "vehicle", **laws: Uncertain) -> list[Row]:
    plan = verified(**laws)
    prepared = prepare(plan.scenario, plan, level=level)
    return [
        row
        for number in range(blocks)
        for row in rows_of(prepared, seed=7, number=number, size=1024)
    ]


def test_kernel_and_simulation_of_events_agree_with_everything_that_can_happen() -> None:
    for name, one in compared(rows(2), replications(400, seed=11)).items():
        assert one.apart < 4, (name, one)


def test_the_comparison_sees_a_kernel_whose_halts_are_a_quarter_as_long() -> None:
    shorter = Uncertain("lognormal", (6.5 * 3600.0, 0.8), judgement="a quarter of the default")
    found = compared(rows(2, truce__halt=shorter), replications(400, seed=11))
    assert found["departures"].apart > 4


def test_the_comparison_sees_a_kernel_in_which_everybody_caught_is_held() -> None:
    held = rows(2, caught__sent_back=fixed(0.0), caught__goes_on=fixed(0.0))
    assert compared(held, replications(400, seed=11))["wait"].apart > 4


@pytest.mark.proof
@pytest.mark.parametrize("level", ["vehicle", "convoy"])
def test_two_thousand_replications_agree_with_the_kernel_at_each_level(level: str) -> None:
    for name, one in compared(rows(16, level), replications(2000, seed=3)).items():
        assert one.apart < 4, (name, one)


@pytest.mark.proof
@pytest.mark.parametrize("what", ALONE)
def test_each_thing_that_can_happen_agrees_when_it_alone_happens(what: str) -> None:
    laws = {key: law for key, law in QUIET.items() if key != ALONE[what]}
    for name, one in compared(rows(8, **laws), replications(2000, seed=11, **laws)).items():
        # Waits differ by less than half a minute and are known to a second: an interval of theirs
        # is not what is asked for here.
        assert one.apart < 4 or abs(one.kernel - one.oracle) < 0.01 * one.oracle, (name, one)
