"""What `rehearse --from` and `compare --from` share: plans judged, and what is left as of now."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_timed

if TYPE_CHECKING:
    from safepassage.planner.verified import VerifiedPlan
    from safepassage.rehearsal.rest import Rest


def check_from(from_: str | None, keys: Path | None, at: str | None) -> None:
    """Refuse what goes with --from only.

    Raises
    ------
    CommandError
        If `keys` or `at` is given without a ledger.
    """
    if from_ is None and (keys is not None or at is not None):
        raise CommandError("--at and --keys: want --from LEDGER with them", Exit.USAGE)


def verified_and_rest(
    scenario: Path, plans: Sequence[Path], ledger: str, keys: Path | None, at: str | None
) -> "tuple[tuple[VerifiedPlan, ...], Rest]":
    """Return plans of a scenario, of the day or from an earlier now, and what is left by a time.

    Raises
    ------
    CommandError
        If anything cannot be read, or a plan is refused.
    """
    from safepassage.clearance.from_now import FromNowError
    from safepassage.cli.recording.options import guarded, moment, opened_ledger
    from safepassage.ledger.folding import entries_known_at
    from safepassage.rehearsal.rest import rest_of
    from safepassage.scenario.figure import UnknownFigureError

    given = read_timed(scenario, reference=True)
    opened = opened_ledger(ledger, keys)
    now = moment(at).replace(microsecond=0)
    upto = None if at is None else guarded(lambda: entries_known_at(opened, now))
    found = tuple(_judged(scenario, one, ledger, keys) for one in plans)
    try:
        return found, guarded(lambda: rest_of(given, opened, at=now, upto=upto))
    except FromNowError as error:
        raise CommandError(f"--{error}", Exit.USAGE) from None
    except UnknownFigureError as error:
        raise CommandError(str(error)) from None


def _judged(scenario: Path, plan: Path, ledger: str, keys: Path | None) -> "VerifiedPlan":
    from safepassage.clearance.from_now import MARK
    from safepassage.cli.ensemble import judged, read_proposed
    from safepassage.cli.from_ledger import left_as_planned

    given = read_timed(scenario, reference=True)
    proposed = read_proposed(plan)
    if any(one.startswith(MARK) for one in proposed.inputs):
        given = left_as_planned(given, ledger, keys, proposed).scenario
    return judged(given, proposed, plan)
