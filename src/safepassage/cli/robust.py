"""What `plan --robust N` adds: the candidate that rehearses best, what it costs and gains."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.faults import CommandError

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.rehearsal.robust import Robust

RobustOption = Annotated[
    int | None,
    typer.Option(
        "--robust",
        min=1,
        metavar="N",
        help="Rehearse N candidates and take the one by which most arrive and fewest are caught.",
    ),
]
REHEARSAL_SEED = 7


def robust_of(made: "VerifiedPlan", candidates: int, stop: Callable[[], bool]) -> "Robust":
    """Return the candidate that rehearses best.

    Raises
    ------
    CommandError
        If the plan cannot be rehearsed.
    """
    from safepassage.rehearsal.refused import RehearsalRefused
    from safepassage.rehearsal.robust import choose_robust

    sys.stderr.write(f"rehearsing {candidates} candidates ...\n")
    try:
        return choose_robust(made, candidates=candidates, seed=REHEARSAL_SEED, stop=stop)
    except RehearsalRefused as refused:
        raise CommandError(f"--robust: {refused}") from None


def robust_lines(found: "Robust") -> list[str]:
    """Return what was chosen and what it costs, as lines for people."""
    from safepassage.report.wording import signed

    arrived, caught = found.change.arrived, found.change.caught
    if not found.better:
        said = f"none of {found.tried} rehearsed candidates is better: the plan stays"
        return [f"  robust              {said}"]
    more = f"{arrived.mean:+,.0f} (95 %: {arrived.low:+,.0f} to {arrived.high:+,.0f})"
    some = f"{caught.mean:+,.0f} (95 %: {caught.low:+,.0f} to {caught.high:+,.0f})"
    return [
        f"  robust              chosen of {found.tried} rehearsed candidates",
        f"    on paper          {signed(found.nominal)} weighted expected people",
        f"    arrived           {more} in {found.runs:,} other runs",
        f"    caught            {some}",
    ]
