"""Counts for readers outside the cell and the crews: none under five, none that gives one away."""

from collections.abc import Mapping

LEAST = 5
"""The smallest count of people that leaves the cell and the crews (threat T1: cells under 5)."""

UNDER = f"under {LEAST}"
KEPT = "not shown"


def for_outsiders(counts: Mapping[str, int]) -> tuple[Mapping[str, str], str]:
    """Return each count and their sum as text.

    A count under five is not shown; then the sum is not shown either, since the missing count
    could be worked out from it.

    >>> for_outsiders({"walking": 48, "stretcher": 2})
    ({'walking': '48', 'stretcher': 'under 5'}, 'not shown')
    """
    hidden = any(0 < count < LEAST for count in counts.values())
    shown = {name: UNDER if 0 < count < LEAST else str(count) for name, count in counts.items()}
    return shown, KEPT if hidden else str(sum(counts.values()))
