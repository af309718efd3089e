"""Which person holds which role, as the entries up to one of them say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from safepassage.ledger.call_signs import same_person
from safepassage.ledger.entry import Entry
from safepassage.ledger.kept import Revoke, Role


@dataclass(frozen=True, slots=True)
class _Held:
    role: str
    until: datetime | None


class RolesHeld:
    """Roles given and taken away in `entries` (kinds role and revoke), seen at the time `at`."""

    def __init__(self, entries: Iterable[Entry], at: datetime) -> None:
        self._at = at
        self._roles: dict[str, list[_Held]] = {}
        for entry in entries:
            body = entry.body
            if isinstance(body, Role):
                held = self._roles.setdefault(same_person(body.person), [])
                held.append(_Held(body.role, body.until))
            elif isinstance(body, Revoke) and body.person is not None:
                self._roles.pop(same_person(body.person), None)

    def hold(self, person: str, role: str) -> bool:
        """Tell whether a person has a role now."""
        return any(
            one.role == role and (one.until is None or self._at <= one.until)
            for one in self._roles.get(same_person(person), ())
        )
