"""What has changed between two situations: for whoever looked at an earlier entry."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any, Literal

from safepassage.ledger.situation import CountKey, Situation

Part = Literal[
    "plan",
    "vehicles",
    "convoys",
    "brought",
    "taken",
    "staff",
    "promises",
    "stretches",
    "holds",
    "terms",
    "counts",
    "consent",
    "released",
    "events",
    "unaccounted",
    "aboard",
    "left_out",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of a situation that is new, gone or different; both None only if it never was.

    `key` names it within its part: a vehicle, a convoy, a place, a promise's id.
    """

    part: Part
    key: str
    before: Any
    after: Any


def changed(before: Situation, after: Situation) -> tuple[Change, ...]:
    """Return what is different, part by part; the time of looking alone changes nothing.

    A vehicle that has become stale is a change too.
    """
    old, new = _parts(before), _parts(after)
    return tuple(
        Change(part, _spelt(key), old[part].get(key), now.get(key))
        for part, now in new.items()
        for key in dict.fromkeys((*old[part], *now))
        if old[part].get(key) != now.get(key)
    )


def _parts(of: Situation) -> dict[Part, Mapping[Any, Any]]:
    return {
        "plan": {} if of.plan is None else {"plan": of.plan.plan_hash},
        "vehicles": of.vehicles,
        "convoys": of.convoys,
        "brought": of.brought,
        "taken": of.taken,
        "staff": {**of.staff, **of.staff_moved},
        "promises": {one.id: one for one in of.promises},
        "stretches": of.stretches,
        "holds": {one.id: one for one in of.holds},
        "terms": of.terms,
        "counts": of.counts,
        "consent": of.consent,
        "released": of.released,
        "events": of.open_events,
        "unaccounted": of.unaccounted,
        "aboard": {(one.convoy, one.vehicle): one for one in of.aboard},
        "left_out": dict.fromkeys(of.left_out, True),
    }


def _spelt(key: str | tuple[str | None, ...] | CountKey) -> str:
    """Return a key as words, without the parts of it that are not stated."""
    if isinstance(key, str):
        return key
    parts = astuple(key) if isinstance(key, CountKey) else key
    return " ".join(str(one) for one in parts if one is not None)
