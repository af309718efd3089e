"""What is left of several plans, rehearsed from now on the same draws, side by side."""

from collections.abc import Sequence

from safepassage.planner.verified import VerifiedPlan
from safepassage.rehearsal.decisions import go_or_wait
from safepassage.rehearsal.outcome import difference
from safepassage.rehearsal.playing import play_blocks
from safepassage.rehearsal.prepared import prepare
from safepassage.rehearsal.refused import RehearsalRefused
from safepassage.rehearsal.rest import Rest
from safepassage.rehearsal.run import blocks_for, conclude
from safepassage.rehearsal.summary import Summary

FORMAT = "safepassage/rehearsals-from-now/1"


def beside(
    plans: Sequence[tuple[str, VerifiedPlan]], rest: Rest, *, runs: int, seed: int
) -> dict[str, object]:
    """Return the rest of each plan as JSON, by name, with go-or-wait, and the last less the first.

    A plan of which nothing is left is `{"refused": why}`.
    """
    blocks = blocks_for(runs)
    found: dict[str, object] = {}
    summaries: list[Summary] = []
    for name, plan in plans:
        try:
            prepared = prepare(plan.scenario, plan, rest=rest)
        except RehearsalRefused as refused:
            found[name] = {"refused": str(refused)}
            continue
        summary = play_blocks(
            prepared, seed=seed, numbers=range(blocks.count), size=blocks.size, threads=1
        )
        summaries.append(summary)
        made = conclude(plan.scenario, plan, summary, asked=runs, seconds=0.0, rest=rest)
        waits = go_or_wait(prepared, seed=seed, threads=1)
        found[name] = {**made.to_json(), "go_or_wait": [one.to_json() for one in waits]}
    change = difference(summaries[-1], summaries[0]) if len(summaries) > 1 else None
    return {
        "format": FORMAT,
        "runs": blocks.runs,
        "seed": seed,
        "plans": found,
        "people": {name: plan.plan.people for name, plan in plans},
        "difference": None if change is None else change.to_json(),
    }
