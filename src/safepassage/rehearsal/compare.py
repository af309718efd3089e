"""Two plans, or two scenarios with a plan each, rehearsed on the same draws.

Both meet the same truces, run by run, so that the difference has an interval far narrower than
either number alone.
"""

from dataclasses import dataclass

from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.outcome import chance, difference, estimate, out_of
from safepassage.rehearsal.playing import play_blocks
from safepassage.rehearsal.prepared import prepare
from safepassage.rehearsal.rest import Rest
from safepassage.rehearsal.result import Difference, Estimate
from safepassage.rehearsal.run import RUNS, SEED, Level, blocks_for
from safepassage.rehearsal.summary import Summary

FORMAT = "safepassage/comparison/1"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: arrived, caught and the chance that all are out, by its own numbers."""

    scenario: str
    plan: str
    arrived: Estimate
    caught: Estimate
    all_out: Estimate

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "scenario": self.scenario,
            "plan": self.plan,
            "arrived": self.arrived.to_json(),
            "caught": self.caught.to_json(),
            "p_all_out": self.all_out.to_json(),
        }


@dataclass(frozen=True)
class Comparison:
    """The second against the first: `change` at the horizon, `by_hour` on the way there."""

    seed: int
    runs: int
    first: Side
    second: Side
    change: Difference
    by_hour: tuple[tuple[int, Difference], ...]

    def to_json(self) -> dict[str, object]:
        """Return the documented JSON object of `compare --json`."""
        return {
            "format": FORMAT,
            "seed": self.seed,
            "runs": self.runs,
            "first": self.first.to_json(),
            "second": self.second.to_json(),
            "difference": self.change.to_json(),
            "difference_by_hour": [
                {"hour": hour, "arrived": one.arrived.to_json()} for hour, one in self.by_hour
            ],
        }


def compare(
    first: VerifiedPlan,
    second: VerifiedPlan,
    *,
    runs: int = RUNS,
    seed: int = SEED,
    level: Level = "convoy",
    threads: int = 0,
    rest: Rest | None = None,
) -> Comparison:
    """Return what the second plan makes of arrived and caught against the first.

    With `rest` what is left of either is compared.

    Each is rehearsed under its own scenario; where the scenarios differ the difference is that of
    both. Hours are compared as far as both horizons reach.

    Raises
    ------
    RehearsalRefused
        As `rehearse` does.
    """
    blocks = blocks_for(runs)
    summaries = [
        play_blocks(
            prepare(one.scenario, one, level=level, rest=rest),
            seed=seed,
            numbers=range(blocks.count),
            size=blocks.size,
            threads=threads,
        )
        for one in (first, second)
    ]
    hours = min(one.identity.hours for one in summaries)
    return Comparison(
        seed=seed,
        runs=blocks.runs,
        first=_side(first, summaries[0]),
        second=_side(second, summaries[1]),
        change=difference(summaries[1], summaries[0]),
        by_hour=tuple(
            (hour, difference(summaries[1], summaries[0], hour)) for hour in range(hours + 1)
        ),
    )


def _side(verified: VerifiedPlan, summary: Summary) -> Side:
    blocks = summary.ordered()
    return Side(
        scenario=verified.scenario.name,
        plan=verified.plan_hash,
        arrived=out_of(summary).estimate,
        caught=estimate([one.caught_sum / one.runs for one in blocks]),
        all_out=chance([int(one.all_out[-1]) for one in blocks], [one.runs for one in blocks]),
    )
