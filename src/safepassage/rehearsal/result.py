"""What a rehearsal comes to: always how many arrived and how many were caught, with their doubt.

Knows the JSON of `rehearse --json` (docs/reference/rehearsal.md).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

FORMAT = "safepassage/rehearsal/1"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval, from independent scrambles (Student's t)."""

    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2.0

    def to_json(self) -> dict[str, object]:
        """Return it as JSON; an interval that is not known is [null, null]."""
        if not math.isfinite(self.low) or not math.isfinite(self.high):
            return {"mean": round(self.mean, 6), "ci95": [None, None]}
        return {"mean": round(self.mean, 6), "ci95": [round(self.low, 6), round(self.high, 6)]}


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Five quantiles over the runs."""

    q05: float
    q25: float
    q50: float
    q75: float
    q95: float

    def at_least(self, bound: float) -> "Quantiles":
        """Return the same, none of them below a bound."""
        return Quantiles(*(max(float(bound), one) for one in self.row()))

    def row(self) -> list[float]:
        """Return them from the lowest to the highest."""
        return [round(one, 3) for one in (self.q05, self.q25, self.q50, self.q75, self.q95)]


@dataclass(frozen=True, slots=True)
class Out:
    """People arrived by the end of the rehearsal."""

    estimate: Estimate
    quantiles: Quantiles


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour after the start: arrivals over the runs, what the plan says, and all out."""

    hour: int
    arrived: Quantiles
    mean: float
    planned: int
    all_out: Estimate


@dataclass(frozen=True, slots=True)
class Exceeded:
    """The chance that more than `people` are caught."""

    people: int
    chance: Estimate


@dataclass(frozen=True, slots=True)
class Caught:
    """People who were in a vehicle on a held stretch when the truce broke. No harm is inferred."""

    estimate: Estimate
    any: Estimate
    if_any: float | None
    exceedance: tuple[Exceeded, ...]


@dataclass(frozen=True, slots=True)
class WaitOnBoard:
    """Hours in a loaded vehicle that does not drive: mean over movements, and each run's longest.

    `over` is the chance that somebody waits longer than `limit` hours.
    """

    mean: float
    worst: Quantiles
    limit: float
    over: Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes with something else: arrived and caught together, with their intervals."""

    arrived: Estimate
    caught: Estimate

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {"arrived": self.arrived.to_json(), "caught": self.caught.to_json()}


@dataclass(frozen=True, slots=True)
class Driver:
    """One bar of the tornado: what is changed, how, and what that changes.

    `kind` is "fix" (what could be made better) or "hurts" (what would be worse).
    """

    key: str
    words: str
    kind: str
    change: Difference


@dataclass(frozen=True, slots=True)
class Wait:
    """Going `hours` later instead of now.

    `change` is with the same risk. `cut` is the share by which the waiting must cut the rate of
    breaks so that as many arrive as when going now; None where even no breaks at all would not.
    """

    hours: float
    change: Difference
    cut: float | None
    cut_low: float | None = None
    cut_high: float | None = None

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "hours": self.hours,
            **self.change.to_json(),
            "break_even_cut": self.cut,
            "break_even_cut_ci95": [self.cut_low, self.cut_high],
        }


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more vehicle, escort or bay brings."""

    what: str
    change: Difference


@dataclass(frozen=True, slots=True)
class Belief:
    """One input of the rehearsal as it was used, with where it comes from."""

    key: str
    words: str
    origin: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Precision:
    """The precision asked for: half-widths at which a rehearsal may stop.

    `people` is a share of the mean arrivals, `chance` a probability.
    """

    people: float = 0.01
    chance: float = 0.01


@dataclass(frozen=True, slots=True)
class Since:
    """Where a rehearsal from now began: the time, the hour since the start, the ledger's entry.

    `arrived` had arrived by then, `aboard` were on the road in `on_the_road`: both are in the
    numbers of the rehearsal. The truce had been at risk for `hours_at_risk` with `stops` (a part of
    one where no movement was stopped); `broken` says that it is taken as broken. `warnings` are
    what the ledger leaves open.
    """

    at: datetime
    hour: float
    upto: int
    arrived: int
    aboard: int
    on_the_road: tuple[str, ...]
    hours_at_risk: float
    stops: float
    broken: bool
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "at": self.at.isoformat(),
            "hour": round(self.hour, 4),
            "upto": self.upto,
            "arrived": self.arrived,
            "aboard": self.aboard,
            "on_the_road": list(self.on_the_road),
            "hours_at_risk": round(self.hours_at_risk, 4),
            "stops": round(self.stops, 4),
            "broken": self.broken,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class Rehearsal:
    """The odds of a verified plan, with everything needed to play any run of it again.

    `runs` were played, of `asked`; `stopped` says in words why it ended there. `block` is the
    number of runs of one scramble. `worst_runs` are the numbers of the runs with the most people
    caught. `averages` holds further means by name (medical, by car, left the list, who wished to
    leave, the counterpart's people). `since` is where one from now began (None: with the day).
    """

    scenario: str
    scenario_name: str
    plan: str
    inputs: str
    version: str
    level: str
    seed: int
    runs: int
    asked: int
    block: int
    blocks: int
    stopped: str
    seconds: float
    horizon_hours: float
    out: Out
    hours: tuple[Hour, ...]
    caught: Caught
    wait_on_board: WaitOnBoard
    averages: Mapping[str, Estimate]
    worst_runs: tuple[int, ...]
    beliefs: tuple[Belief, ...]
    drivers: tuple[Driver, ...] = ()
    waits: tuple[Wait, ...] = ()
    worths: tuple[Worth, ...] = ()
    since: Since | None = None

    def to_json(self) -> dict[str, object]:
        """Return the documented JSON object of `rehearse --json`."""
        return {
            "format": FORMAT,
            "scenario": self.scenario,
            "scenario_name": self.scenario_name,
            "plan": self.plan,
            "inputs": self.inputs,
            "version": self.version,
            "level": self.level,
            "seed": self.seed,
            "runs": self.runs,
            "asked": self.asked,
            "block": self.block,
            "blocks": self.blocks,
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
            "horizon_hours": self.horizon_hours,
            "since": None if self.since is None else self.since.to_json(),
            "out": {**self.out.estimate.to_json(), "quantiles": self.out.quantiles.row()},
            "out_by_hour": [[one.hour, *one.arrived.row()] for one in self.hours],
            "plan_by_hour": [[one.hour, one.planned] for one in self.hours],
            "p_all_out": [
                [one.hour, _p(one.all_out.mean), _p(one.all_out.low), _p(one.all_out.high)]
                for one in self.hours
            ],
            "caught": {
                **self.caught.estimate.to_json(),
                "p_any": _p(self.caught.any.mean),
                "p_any_ci95": [_p(self.caught.any.low), _p(self.caught.any.high)],
                "mean_if_any": self.caught.if_any,
                "exceedance": [
                    [one.people, _p(one.chance.mean), _p(one.chance.low), _p(one.chance.high)]
                    for one in self.caught.exceedance
                ],
            },
            "wait_on_board": {
                "mean_hours": round(self.wait_on_board.mean, 4),
                "worst_hours": self.wait_on_board.worst.row(),
                "limit_hours": self.wait_on_board.limit,
                "p_over_limit": _p(self.wait_on_board.over.mean),
                "p_over_limit_ci95": [
                    _p(self.wait_on_board.over.low),
                    _p(self.wait_on_board.over.high),
                ],
            },
            "averages": {name: one.to_json() for name, one in self.averages.items()},
            "drivers": [
                {"key": one.key, "words": one.words, "kind": one.kind, **one.change.to_json()}
                for one in self.drivers
            ],
            "go_or_wait": [
                {
                    "hours": one.hours,
                    **one.change.to_json(),
                    "break_even_cut": one.cut,
                    "break_even_cut_ci95": [one.cut_low, one.cut_high],
                }
                for one in self.waits
            ],
            "one_more": [{"what": one.what, **one.change.to_json()} for one in self.worths],
            "worst_runs": list(self.worst_runs),
            "beliefs": [
                {"key": one.key, "words": one.words, "origin": one.origin, "stated": one.stated}
                for one in self.beliefs
            ],
        }


def _p(chance: float) -> float:
    return round(chance, 6)
