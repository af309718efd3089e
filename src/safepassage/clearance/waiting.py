"""How long convoys were kept waiting, and for which reason: a no is not free of danger either."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.ledger.decided import Verdict
from safepassage.ledger.entry import Entry


@dataclass(frozen=True, slots=True)
class Waiting:
    """The time of one convoy in no, in all and by reason; reasons overlap, they are not summed."""

    convoy: str
    in_no: timedelta
    by_reason: Mapping[str, timedelta]


def time_in_no(entries: Iterable[Entry], *, until: datetime) -> tuple[Waiting, ...]:
    """Return the time spent in no, from the verdicts kept in the ledger up to a time.

    A verdict holds until the next one on the same convoy.
    """
    by_convoy: dict[str, list[Verdict]] = {}
    for entry in entries:
        if isinstance(entry.body, Verdict):
            by_convoy.setdefault(entry.body.convoy, []).append(entry.body)
    found = []
    for convoy, verdicts in by_convoy.items():
        in_no = timedelta(0)
        by_reason: dict[str, timedelta] = {}
        ends = [one.at for one in verdicts[1:]] + [until]
        for verdict, end in zip(verdicts, ends, strict=True):
            lasted = max(timedelta(0), end - verdict.at)
            if not verdict.go:
                in_no += lasted
                for reason in verdict.reasons:
                    by_reason[reason] = by_reason.get(reason, timedelta(0)) + lasted
        found.append(Waiting(convoy, in_no, by_reason))
    return tuple(found)
