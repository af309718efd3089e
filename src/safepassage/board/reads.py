"""Who has read what is sensitive, and when: a file that only grows, each line bound to the last.

Contacts, consent and positions are read every day; who read them is known afterwards, to the head.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SENSITIVE: frozenset[str] = frozenset(
    {
        "see contacts",
        "see groups",
        "see medical",
        "see documents for cell",
        "see prices",
        "see devices",
        "see reads",
        "see radio",
        "see held",
        "see messages",
        "see sensitive messages",
    }
)
"""Objects of the table of roles whose reading is noted."""
GENESIS = hashlib.sha256(b"safepassage/reads/1").hexdigest()


@dataclass(frozen=True, slots=True)
class Read:
    """One reading."""

    at: datetime
    person: str
    what: str


class Reads:
    """The file of readings of one room."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = GENESIS
        for line in self._lines():
            self._last = _hash(self._last, line)

    def note(self, person: str, what: str, *, at: datetime) -> None:
        """Write that someone has read something."""
        line = json.dumps(
            {"at": at.isoformat(), "person": person, "what": what, "after": self._last},
            ensure_ascii=False,
            sort_keys=True,
        )
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line + "\n")
        self._last = _hash(self._last, line)

    def newest(self, number: int) -> tuple[Read, ...]:
        """Return the newest readings, newest first."""
        found = [_parsed(line) for line in self._lines()[-number:]]
        return tuple(reversed(found))

    def whole(self) -> bool:
        """Tell whether no line was changed or taken out of the middle."""
        last = GENESIS
        for line in self._lines():
            if json.loads(line).get("after") != last:
                return False
            last = _hash(last, line)
        return True

    def _lines(self) -> list[str]:
        if not self._path.is_file():
            return []
        return [one for one in self._path.read_text(encoding="utf-8").split("\n") if one]


def _hash(before: str, line: str) -> str:
    return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()


def _parsed(line: str) -> Read:
    found: Mapping[str, str] = json.loads(line)
    return Read(datetime.fromisoformat(found["at"]), found["person"], found["what"])
