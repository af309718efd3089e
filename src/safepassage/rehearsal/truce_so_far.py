"""What the truce has done so far, as a rehearsal from now takes it in.

Knows since when words hold or are broken, how often movement was stopped in how many hours, and
turns that into tables evenly in probability: how often it breaks from now on, when a halt that is
on ends, when a window opens that has not opened yet.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from safepassage.rehearsal.hazard import PRIORS
from safepassage.rehearsal.hazard_today import HazardToday
from safepassage.rehearsal.laws import quantiles
from safepassage.rehearsal.stage import Reals
from safepassage.scenario.uncertain import Uncertain

POINTS = 1025
GRID = 65
STOPS_BEHIND = PRIORS["firm"].stops
"""How many stops what was believed of the parts of the parties is worth against those seen here."""


@dataclass(frozen=True, slots=True)
class TruceSoFar:
    """The truce up to now: times in seconds since the start, None where there is no such thing.

    `since` is since when the words that hold now have held, `broken` since when movement is stopped
    and no new word was given, `by` the party whose word that was (None: of several). `hours` at
    risk and `stops` are by party. An event that is disputed counts: that promises least.
    """

    since: float | None = None
    broken: float | None = None
    by: str | None = None
    hours: Mapping[str, float] = field(default_factory=dict)
    stops: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def all_stops(self) -> float:
        """How often movement was stopped; an incident that stopped none counts a part."""
        return sum(self.stops.values())

    def shares(self, before: Mapping[str, float]) -> dict[str, float]:
        """Return the part of each party in all breaks, after what has been seen of it."""
        found = {
            party: share * STOPS_BEHIND + self.stops.get(party, 0.0)
            for party, share in before.items()
        }
        total = sum(found.values())
        return {party: one / total if total > 0 else 0.0 for party, one in found.items()}

    def rate(self, before: Mapping[str, float], laws: Mapping[str, Uncertain]) -> Reals:
        """Return how often the truce breaks, evenly in probability, after what has been seen.

        It is frailty / mean^shape, per second to the power of the shape: what the frailty and the
        mean say together. Each pair of theirs on a grid weighs by how likely what was seen is under
        it, stops of a Poisson law over the hours at risk. Empty where nothing was at risk.
        """
        hours = {party: one for party, one in self.hours.items() if one > 0}
        if not hours or not before:
            return np.zeros(0)
        shape = laws["truce.shape"].mean()
        middles = (np.arange(GRID) + 0.5) / GRID
        mean = quantiles(laws["truce.mean"], middles)
        spread = laws["truce.frailty"].mean()
        frailty = quantiles(Uncertain("lognormal", (1.0, max(spread, 1e-9))), middles)
        rates = (frailty[:, None] / mean[None, :] ** shape).ravel()
        scaled = math.gamma(1.0 + 1.0 / shape) ** shape
        risk = scaled * sum(
            before.get(party, 0.0) * (one * 3600.0) ** shape for party, one in hours.items()
        )
        likely = self.all_stops * np.log(rates) - rates * risk
        weights = np.exp(likely - likely.max())
        order = np.argsort(rates)
        return _even(rates[order], weights[order])


def truce_so_far(
    hazard: HazardToday, start: datetime, standing: Collection[str] = ()
) -> TruceSoFar:
    """Return what the ledger says of the truce, as of the time of a hazard.

    `standing` are the parties of which a confirmed word stands now that nothing voids: such a party
    has broken nothing that is not mended.
    """

    def seconds(at: datetime) -> float:
        return (at - start).total_seconds()

    held = [one.since for one in hazard.guarantors if one.since is not None]
    held += [
        one.stopped
        for one in hazard.guarantors
        if one.since is None and one.stopped is not None and one.party in standing
    ]
    broken = {
        one.party: one.stopped
        for one in hazard.guarantors
        if one.stopped is not None
        and one.party not in standing
        and (one.since is None or one.since < one.stopped)
    }
    disputed = sum(one.disputed for one in hazard.happenings)
    warnings = (
        [f"{disputed} disputed events count as if they had been: that promises least"]
        if disputed
        else []
    )
    if broken:
        warnings.append(
            f"the truce is taken as broken since {max(broken.values()).isoformat()}: no new word "
            f"of {', '.join(sorted(broken))} is on record"
        )
    return TruceSoFar(
        since=None if broken or not held else seconds(min(held)),
        broken=seconds(max(broken.values())) if broken else None,
        by=next(iter(broken)) if len(broken) == 1 else None,
        hours={one.party: one.hours for one in hazard.guarantors},
        stops={one.party: one.stops for one in hazard.guarantors},
        warnings=tuple(warnings),
    )


def halt_that_is_on(halt: Uncertain, lasted: float, for_good: float) -> tuple[float, Reals]:
    """Return the chance that a halt is the end, and how long it lasts in all where it is not.

    `lasted` are the seconds that it has lasted, `for_good` the chance at its beginning that it is
    the end: the longer it lasts, the likelier.
    """
    found = _beyond(quantiles(halt, _middles()), lasted)
    outlasts = len(found) / (POINTS * 16)
    if not len(found):
        return 1.0, np.zeros(0)
    chance = for_good + (1.0 - for_good) * outlasts
    return for_good / chance if chance > 0 else 1.0, _even(found, np.ones(len(found)))


def opening_to_come(opening: Uncertain, slip: Uncertain, chance: float, now: float) -> Reals:
    """Return when a window opens that is not open yet, evenly in probability.

    Where all that was believed lies behind it opens now, as far as anybody knows.
    """
    middles = (np.arange(GRID) + 0.5) / GRID
    on_time = np.repeat(quantiles(opening, middles), GRID)
    late = on_time + np.tile(quantiles(slip, middles), GRID)
    times = np.concatenate([on_time, late])
    weights = np.concatenate([np.full(on_time.shape, 1.0 - chance), np.full(late.shape, chance)])
    keep = (times > now) & (weights > 0)
    if not keep.any():
        return np.full(2, now)
    order = np.argsort(times[keep])
    return _even(times[keep][order], weights[keep][order])


def ends_to_come(ends: Reals, lasted: float) -> Reals:
    """Return when a window ends that has not ended yet: the quantiles beyond what it has lasted."""
    found = _beyond(ends, lasted)
    return np.array([lasted, lasted]) if len(found) < 2 else found


def _middles() -> Reals:
    found: Reals = (np.arange(POINTS * 16) + 0.5) / (POINTS * 16)
    return found


def _beyond(values: Reals, bound: float) -> Reals:
    found: Reals = values[values > bound]
    return found


def _even(values: Reals, weights: Reals) -> Reals:
    """Return quantiles, evenly in probability, of values in order with their weights."""
    reached = (np.cumsum(weights) - weights / 2.0) / weights.sum()
    # Not the very ends: one value that almost nothing speaks for would count as much as any other.
    at = np.clip(np.linspace(0.0, 1.0, POINTS), 0.5 / POINTS, 1.0 - 0.5 / POINTS)
    found: Reals = np.interp(at, reached, values)
    return found
