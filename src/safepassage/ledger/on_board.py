"""What reports tell of those on board, by convoy and vehicle, until they get off.

Works on plain data, as `ledger.moves` hands it in.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from safepassage.ledger.situation import AboardNow

TOLD = (
    "aboard_since",
    "infants",
    "patients",
    "water_hours",
    "water_litres",
    "may_leave",
    "next_call",
)
"""The fields of a movement that say how those on board are."""
_TIMES = frozenset({"aboard_since", "next_call"})
_ANY = frozenset(TOLD)
Key = tuple[str | None, str | None]


class OnBoard:
    """What was told of those on board so far: (convoy, vehicle) -> field -> (value, when)."""

    def __init__(self) -> None:
        self._told: dict[Key, dict[str, tuple[Any, datetime]]] = {}

    def report(
        self, convoy: str | None, vehicle: str | None, when: str, body: Mapping[str, Any]
    ) -> None:
        """Take one report; a report that comes late does not take the place of a later one."""
        if _ANY.isdisjoint(body):
            return
        at = datetime.fromisoformat(when)
        here = self._told.setdefault((convoy, vehicle), {})
        for field in TOLD:
            value = body.get(field)
            if value is not None and (field not in here or here[field][1] <= at):
                here[field] = (value, at)

    def got_off(self, convoy: str | None, vehicle: str | None) -> None:
        """Forget what was told: they have arrived. A convoy's arrival is that of its vehicles."""
        for key in [*self._told]:
            if key == (convoy, vehicle) or (vehicle is None and key[0] == convoy):
                del self._told[key]

    def now(self) -> tuple[AboardNow, ...]:
        """Return what is known, convoy by convoy, the whole convoy before its vehicles."""
        keys = sorted(self._told, key=lambda one: (one[0] or "", one[1] or ""))
        return tuple(_aboard(key, self._told[key]) for key in keys)


def _aboard(key: Key, told: Mapping[str, tuple[Any, datetime]]) -> AboardNow:
    found: dict[str, Any] = {
        field: datetime.fromisoformat(value) if field in _TIMES else value
        for field, (value, _) in told.items()
    }
    get = found.get
    return AboardNow(
        convoy=key[0],
        vehicle=key[1],
        aboard_since=get("aboard_since"),
        infants=get("infants"),
        patients=get("patients"),
        water_hours=get("water_hours"),
        water_litres=get("water_litres"),
        may_leave=get("may_leave"),
        next_call=get("next_call"),
        as_of={field: at for field, (_, at) in told.items()},
    )
