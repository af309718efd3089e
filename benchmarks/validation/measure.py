"""What the rehearsal gives for each target: the same runs, read out in the target's own unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from benchmarks.validation.operations import FIRST_PHASE, OPERATIONS, SECOND_PHASE
from benchmarks.validation.shuttle import Operation, plan_of, scenario_of
from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.chance import DEFAULTS
from safepassage.rehearsal.event import Replay
from safepassage.rehearsal.laws import quantiles
from safepassage.rehearsal.playing import play_again
from safepassage.rehearsal.prepared import Prepared, prepare
from safepassage.scenario.scenario import Scenario

SEED = 7
RUNS = 1024
HOUR = 3600.0
HALT_1 = 80.75
"""Hours from 15 December 14:15 to 18 December 23:00: where the second phase begins."""

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Played:
    """The runs of one operation, each with its events."""

    operation: Operation
    scenario: Scenario
    plan: VerifiedPlan
    prepared: Prepared
    runs: tuple[Replay, ...]


@cache
def played(name: str, runs: int) -> Played:
    """Return so many runs of one operation (a power of two), the same for the same seed."""
    return _played(OPERATIONS[name], runs)


def _played(operation: Operation, runs: int) -> Played:
    scenario = scenario_of(operation)
    plan = plan_of(operation, scenario)
    prepared = prepare(scenario, plan)
    every = tuple(play_again(prepared, seed=SEED, run=one, size=runs) for one in range(runs))
    return Played(operation, scenario, plan, prepared, every)


def _first_trip_hours(runs: int) -> Samples:
    found = []
    for one in played(FIRST_PHASE.id, runs).runs:
        left = min(event.at for event in one.events if event.kind == "departs")
        came = min(event.at for event in one.events if event.kind == "arrives")
        found.append((came - left) / HOUR)
    return np.array(found)


def _first_trip_people(runs: int) -> Samples:
    return np.array(
        [
            next(e.people or 0 for e in one.events if e.kind == "departs" and e.people)
            for one in played(FIRST_PHASE.id, runs).runs
        ],
        dtype=np.float64,
    )


def _convoys(runs: int) -> Samples:
    return np.array(
        [
            len({e.movement for e in one.events if e.kind == "arrives" and e.people})
            for one in played(FIRST_PHASE.id, runs).runs
        ],
        dtype=np.float64,
    )


def _arrived(name: str) -> Callable[[int], Samples]:
    return lambda runs: np.array(
        [one.row.arrived for one in played(name, runs).runs], dtype=np.float64
    )


def _first_phase_rate(runs: int) -> Samples:
    # From the departure of the first convoy: the quarter of an hour before it is loading.
    return _arrived(FIRST_PHASE.id)(runs) / (FIRST_PHASE.hours - 0.25)


def _buses_an_hour(runs: int) -> Samples:
    """Buses that left loaded in 37 hours of the second phase; ten go in each step."""
    size = SECOND_PHASE.columns[0][0]
    return np.array(
        [
            size
            * len({e.movement for e in one.events if e.kind == "departs" and e.people
                   and e.at <= 37 * HOUR})
            / 37
            for one in played(SECOND_PHASE.id, runs).runs
        ]
    )  # fmt: skip


@cache
def _whole(runs: int) -> tuple[Samples, Samples]:
    """Return the hours after 14:15 at which 35,000 are out, and the share of them moving."""
    first = _arrived(FIRST_PHASE.id)(runs)
    second = played(SECOND_PHASE.id, runs).runs
    last, moving = [], []
    for before, one in zip(first, second, strict=True):
        need = 35_000 - before
        hours = next((h for h, people in enumerate(one.arrived_by_hour) if people >= need), None)
        # Not out within the rehearsal: at least so long.
        upto = SECOND_PHASE.hours if hours is None else float(hours)
        last.append(HALT_1 + upto)
        halted = min(max(upto - 39.0, 0.0), 26.0)
        moving.append((FIRST_PHASE.hours + upto - halted) / (HALT_1 + upto))
    return np.array(last), np.array(moving)


def _days(runs: int) -> Samples:
    return _whole(runs)[0] / 24


def _gross(runs: int) -> Samples:
    return 35_000 / _days(runs)


def _moving(runs: int) -> Samples:
    return _whole(runs)[1]


def _patients_by_morning(runs: int) -> Samples:
    """Return who lay and had arrived 16.5 hours after the first departure, in whatever vehicle."""
    name = f"{FIRST_PHASE.id}-until-morning"
    found = _played(replace(FIRST_PHASE, id=name, hours=16.75), runs).runs
    return np.array([one.row.medical for one in found], dtype=np.float64)


def _patients_in_all(runs: int) -> Samples:
    first = [one.row.medical for one in played(FIRST_PHASE.id, runs).runs]
    second = [one.row.medical for one in played(SECOND_PHASE.id, runs).runs]
    return np.array(first, dtype=np.float64) + np.array(second, dtype=np.float64)


def _trips_a_bus(runs: int) -> Samples:
    buses = OPERATIONS["sumy-8-march"].buses
    sizes = {f"c{index}": size for index, (size, _) in
             enumerate(OPERATIONS["sumy-8-march"].columns, start=1)}  # fmt: skip
    found = []
    for one in played("sumy-8-march", runs).runs:
        loaded = {e.movement for e in one.events if e.kind == "arrives" and e.people}
        trips = sum(sizes[(name or "").partition("+")[0]] for name in loaded)
        found.append(trips / buses)
    return np.array(found)


def _last_arrival_hours(name: str) -> Callable[[int], Samples]:
    def measured(runs: int) -> Samples:
        found = []
        horizon = OPERATIONS[name].hours
        for one in played(name, runs).runs:
            came = [e.at for e in one.events if e.kind == "arrives" and e.people]
            found.append(max(came) / HOUR if came else horizon)
        return np.array(found)

    return measured


def _azovstal_days(runs: int) -> Samples:
    return _last_arrival_hours("azovstal-1")(runs) / 24


def _law(key: str, times: float) -> Callable[[int], Samples]:
    """Return a law of the model itself, times something: the row restates it."""

    def measured(runs: int) -> Samples:
        return quantiles(DEFAULTS[key], (np.arange(runs) + 0.5) / runs) * times

    return measured


MEASURES: Mapping[str, Callable[[int], Samples]] = {
    "T1 hours": _first_trip_hours,
    "T1 people": _first_trip_people,
    "T2 convoys": _convoys,
    "T2 people": _arrived(FIRST_PHASE.id),
    "T2 people an hour": _first_phase_rate,
    "T3 people a bus": _law("crowding.pressed", 50),
    "T3 people": _law("crowding.pressed", 50 * 70),
    "T4 buses an hour": _buses_an_hour,
    "T5 days": _days,
    "T5 people a day": _gross,
    "T5 share moving": _moving,
    "T6 after 16.5 h": _patients_by_morning,
    "T6 in all": _patients_in_all,
    "T7 hours on board": _law("receiving.wait", 1 / HOUR),
    "T8 calm": _law("crowding.calm", 50),
    "T8 pressed": _law("crowding.pressed", 50),
    "T8 crush": _law("crowding.crush", 50),
    "T9 trips a bus": _trips_a_bus,
    "T9 people": _arrived("sumy-8-march"),
    "T10 people": _arrived("sumy-10-march"),
    "T11 days": _azovstal_days,
    "T11 people": _arrived("azovstal-1"),
    "T12 people": _arrived("foua-kefraya-2018"),
    "T13 buses at 23 h": _law("fleet.sent", 1094),
    "T13 buses at 47 h": _law("fleet.sent", 1094),
    "T13 buses at 71 h": _law("fleet.sent", 1094),
    "T13 buses at 95 h": _law("fleet.sent", 1094),
    "T14 hours in all": _last_arrival_hours("al-shifa"),
    "T14 hours at it": _law("checkpoint.screening", 1 / HOUR),
}
"""How each row is read out of the runs. Rows that are a law of the model restate it."""
