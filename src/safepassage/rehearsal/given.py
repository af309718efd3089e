"""What a run depends on besides its stage: laws, levers, scripted events, for the kernel.

Levers are what a person can decide or try: board only on a confirmed gate, go later, another rule
after a halt. They change nothing of what is believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, time, timedelta

import numpy as np

from safepassage.clearance.lease import detection_delay
from safepassage.rehearsal import gate
from safepassage.rehearsal.chance import Beliefs
from safepassage.rehearsal.kernel import (
    ALL,
    BATCH,
    CLOCK,
    EVENT_LEVEL,
    HALT,
    KEYS,
    WEATHER,
    Given,
)
from safepassage.rehearsal.laws import law_row, quantiles
from safepassage.rehearsal.rest import Rest
from safepassage.rehearsal.setting import Setting, horizon_of
from safepassage.rehearsal.stage import LATE, Reals, records
from safepassage.rehearsal.truce_so_far import ends_to_come, halt_that_is_on, opening_to_come
from safepassage.scenario.rehearsal import DispatchRule, RehearsalWanted
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.uncertain import Uncertain

ENDS_POINTS = 1025


@dataclass(frozen=True, slots=True)
class Levers:
    """What can be decided about a rehearsed operation.

    None takes what the scenario states, else the default: boarding when called, the plan's
    timetable, resume after a halt. `later` sends everything so much later. `hazard` multiplies the
    rate of breaks (what better guarantees would bring).
    """

    board_on_gate: bool | None = None
    by_timetable: bool | None = None
    dispatch: DispatchRule | None = None
    goes_on: bool | None = None
    later: timedelta = timedelta(0)
    hazard: float = 1.0


AS_STATED = Levers()


def may_go_on(scenario: Scenario, levers: Levers) -> bool:
    """Tell whether the fleet may shuttle on after the plan's last trip."""
    wanted = scenario.rehearsal or RehearsalWanted()
    rule = levers.dispatch or wanted.dispatch
    return rule == "plan again" or _or(levers.goes_on, default=_or(wanted.goes_on, default=False))


def given_for(
    scenario: Scenario,
    beliefs: Beliefs,
    *,
    setting: Setting,
    levers: Levers = AS_STATED,
    rest: Rest | None = None,
) -> Given:
    """Return what the kernel is given for a scenario under some beliefs and levers.

    With `rest` it begins there, with what the truce has done so far.
    """
    has_parties = setting.has_parties
    wanted = scenario.rehearsal or RehearsalWanted()
    horizon = horizon_of(scenario).total_seconds()
    laws = np.array([law_row(beliefs[key]) for key in KEYS])
    drawn_here = [
        index
        for index, key in enumerate(KEYS)
        if key not in EVENT_LEVEL
        and key not in ("truce.mean", "travel.shared", "checkpoint.rate", "fleet.sent")
        and beliefs[key].law != "fixed"
    ]
    opening = _opening(scenario)
    start = scenario.start
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    night = scenario.rules.night
    dispatch = levers.dispatch or wanted.dispatch or "resume"
    ends = _ends(scenario, has_parties=has_parties)
    states_mean = "truce.mean" in wanted.uncertain
    drawn = _or(wanted.drawn_truce, default=True) and (
        (has_parties and (len(ends) == 0 or states_mean))
        or (not has_parties and scenario.ending.kind in ("exponential", "weibull"))
    )
    window = wanted.cars_window
    clock = {
        "horizon": horizon,
        "delay": detection_delay().total_seconds() if has_parties else 0.0,
        "drawn": drawn,
        "day_second": (start.astimezone(UTC) - midnight.astimezone(UTC)).total_seconds(),
        "night_from": -1.0 if night is None else _second(night.begins),
        "night_to": -1.0 if night is None else _second(night.ends),
        "cars_from": 0.0 if window is None else window.begins.total_seconds(),
        "cars_to": horizon if window is None else window.ends.total_seconds(),
        "cars_first": _or(wanted.cars_first, default=False),
        "ratio": next((one.ratio for one in scenario.linked if one.ratio is not None), 0.0),
        "standing": _or(wanted.standing, default=True),
        "board_on_gate": _or(
            levers.board_on_gate, default=_or(wanted.board_on_gate, default=False)
        ),
        "by_timetable": _or(levers.by_timetable, default=_or(wanted.by_timetable, default=True)),
        "plan_again": dispatch == "plan again",
        "goes_on": _or(levers.goes_on, default=_or(wanted.goes_on, default=False)),
        "later": levers.later.total_seconds(),
        "hazard": levers.hazard,
        **_begins(setting, beliefs, rest),
    }
    opens, heals, rate = _to_come(beliefs, opening, setting, rest)
    if rest is not None and rest.opened is not None and len(ends):
        ends = ends_to_come(ends, rest.at - rest.opened)
    return Given(
        clock=records(CLOCK, {key: [one] for key, one in clock.items()}),
        laws=laws,
        wide=np.array(drawn_here, dtype=np.int64),
        fixed=np.array(
            [beliefs[key].numbers[0] if beliefs[key].law == "fixed" else 0.0 for key in KEYS]
        ),
        opening=np.array(law_row(opening)),
        ends=ends,
        opens=opens,
        heals=heals,
        rate=rate,
        hour=_hours(wanted),
        halt=np.array(
            [(one.begins.total_seconds(), one.ends.total_seconds()) for one in wanted.halts],
            dtype=HALT,
        ),
        weather=np.array(
            [
                (one.begins.total_seconds(), one.ends.total_seconds(), one.speed)
                for one in wanted.weather
            ],
            dtype=WEATHER,
        ),
        batch=np.array(
            [(one.at.total_seconds(), one.people, one.theirs) for one in wanted.batches],
            dtype=BATCH,
        ),
        steps=np.array([step for one in scenario.linked[:1] for step in one.steps], dtype=np.int64),
        table=gate.TABLE,
        states=gate.given_states(),
    )


def _begins(setting: Setting, beliefs: Beliefs, rest: Rest | None) -> dict[str, float]:
    """Return where the rehearsal begins: with the day, or in the middle of it."""
    if rest is None:
        return dict.fromkeys(
            ("now", "broken_for_good", "arrived", "boarded", "released", "ours", "theirs"), 0
        ) | {"opened": -1.0, "since": -LATE, "broken": -LATE, "broken_by": ALL}
    truce = rest.truce
    since = truce.since if truce.since is not None else rest.opened
    by = ALL
    for_good = 0.0
    if truce.broken is not None:
        if truce.by in setting.names.parties:
            by = setting.names.parties.index(truce.by)
        lasted = rest.at - truce.broken
        for_good, _ = halt_that_is_on(
            beliefs["truce.halt"], lasted, beliefs["truce.ends_for_good"].mean()
        )
    return {
        "now": rest.at,
        "opened": -1.0 if rest.opened is None else rest.opened,
        "since": -LATE if since is None or truce.broken is not None else since,
        "broken": -LATE if truce.broken is None else truce.broken,
        "broken_by": by,
        "broken_for_good": for_good,
        "arrived": rest.arrived,
        "boarded": rest.arrived,
        "released": rest.released,
        "ours": rest.batches[0],
        "theirs": rest.batches[1],
    }


def _to_come(
    beliefs: Beliefs, opening: Uncertain, setting: Setting, rest: Rest | None
) -> tuple[Reals, Reals, Reals]:
    """Return when the window opens, when the halt that is on ends, how often the truce breaks."""
    nothing = np.zeros(0)
    if rest is None:
        return nothing, nothing, nothing
    opens = heals = rate = nothing
    if rest.opened is None:
        chance = beliefs["start.chance"].mean()
        opens = opening_to_come(opening, beliefs["start.slip"], chance, rest.at)
    if rest.truce.broken is not None:
        lasted = rest.at - rest.truce.broken
        _, lengths = halt_that_is_on(
            beliefs["truce.halt"], lasted, beliefs["truce.ends_for_good"].mean()
        )
        heals = lengths + rest.truce.broken
    if setting.has_parties:
        rate = rest.truce.rate(setting.shares_before, beliefs.uncertain)
    return opens, heals, rate


def _or(stated: bool | None, *, default: bool) -> bool:  # noqa: FBT001 - an answer, or none
    return default if stated is None else stated


def _opening(scenario: Scenario) -> Uncertain:
    if scenario.opening is None:
        return Uncertain("fixed", (0.0,))
    time_ = scenario.opening.time
    if not time_.is_range:
        return Uncertain("fixed", (time_.pick().total_seconds(),))
    low, likely, high = (
        time_.pick("low").total_seconds(),
        time_.pick("likely").total_seconds(),
        time_.pick("high").total_seconds(),
    )
    return Uncertain("triangular", (low, likely, high))


def _ends(scenario: Scenario, *, has_parties: bool) -> Reals:
    """Return when the window ends for good, evenly in probability, by a law of the weather."""
    del has_parties
    law = scenario.ending
    at = np.linspace(0.0, 1.0, ENDS_POINTS)
    if law.kind == "hard" and law.mean is not None:
        low, likely, high = (
            law.mean.pick("low").total_seconds(),
            law.mean.pick("likely").total_seconds(),
            law.mean.pick("high").total_seconds(),
        )
        return quantiles(Uncertain("triangular", (low, likely, high)), at)
    if law.kind == "table":
        return np.array([_when(law.steps, 1.0 - one) for one in at])
    return np.zeros(0)


def _when(steps: Sequence[tuple[timedelta, float]], holds: float) -> float:
    """Return when the chance that a window still holds has fallen to `holds`; LATE if never."""
    before, chance = 0.0, 1.0
    for after, held in steps:
        seconds = after.total_seconds()
        if held <= holds and held < chance:
            return before + (chance - holds) / (chance - held) * (seconds - before)
        before, chance = seconds, held
    return LATE


def _hours(wanted: RehearsalWanted) -> Reals:
    found = np.ones(24)
    for one in wanted.hours:
        hour = one.begins.hour
        while hour != one.ends.hour:
            found[hour] *= one.times
            hour = (hour + 1) % 24
    return found


def _second(clock: time) -> float:
    return clock.hour * 3600.0 + clock.minute * 60.0
