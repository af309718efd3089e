"""Which convoys have departed although no go stands in the record for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from safepassage.board.picture import Picture
from safepassage.ledger.decided import LeaseGiven

UNASKED = "In this drill nobody has asked for a go: no departure has one in the record."
TYPED = timedelta(minutes=1)
"""Times are typed to the minute: a go of the same minute counts for a departure in it."""


def without_go(picture: Picture) -> frozenset[str]:
    """Return the convoys that departed without a lease in force at their departure.

    Where nobody has said when a convoy departed, any lease it was given counts for it.
    """
    leases: dict[str, list[LeaseGiven]] = {}
    for one in picture.said:
        if isinstance(one.body, LeaseGiven):
            leases.setdefault(one.body.convoy, []).append(one.body)
    return frozenset(
        one.convoy
        for one in picture.situation.convoys.values()
        if not _given(leases.get(one.convoy, ()), one.departed_at)
    )


def nobody_asked(picture: Picture) -> bool:
    """Tell whether convoys have departed and no go was ever asked for: a record without leases."""
    return bool(picture.situation.convoys) and not any(
        isinstance(one.body, LeaseGiven) for one in picture.said
    )


def _given(leases: Iterable[LeaseGiven], departed: datetime | None) -> bool:
    return any(departed is None or one.begins - TYPED < departed <= one.ends for one in leases)
