"""Who is logged in, by a token that only the browser holds; its hash is kept beside the ledger.

Kept on the disk so that screens come back by themselves when the server has been killed.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from safepassage.ledger.files import replace_file

LONGEST = timedelta(hours=14)
"""A shift and its hand-over; then one logs in again."""
MOST = 500


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one browser; `language` is what the pages speak."""

    person: str
    begun: str
    language: str = "en"


class Sessions:
    """The open sessions of one room. Times are the computer's own, never a drill's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open, self._seen = _read(path)

    def seen(self, person: str) -> int:
        """Return the last entry that a person has said to have read, at any browser."""
        return self._seen.get(person, 0)

    def note_seen(self, person: str, upto: int) -> None:
        """Note up to which entry a person has read."""
        self._seen[person] = max(upto, self.seen(person))
        self._save()

    def begin(self, person: str, *, at: datetime, language: str) -> str:
        """Open a session and return its token."""
        token = secrets.token_urlsafe(32)
        self._drop_old(at)
        while len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        self._open[_key(token)] = Session(person, at.isoformat(), language)
        self._save()
        return token

    def find(self, token: str, *, at: datetime) -> Session | None:
        """Return the session of a token; None if there is none, or its time is over."""
        found = self._open.get(_key(token))
        if found is None or at - datetime.fromisoformat(found.begun) > LONGEST:
            return None
        return found

    def change(self, token: str, *, language: str) -> None:
        """Let the pages speak another language."""
        found = self._open.get(_key(token))
        if found is not None:
            self._open[_key(token)] = replace(found, language=language)
            self._save()

    def end(self, token: str) -> None:
        """Close a session."""
        if self._open.pop(_key(token), None) is not None:
            self._save()

    def end_all(self, person: str) -> None:
        """Close every session of a person."""
        self._open = {key: one for key, one in self._open.items() if one.person != person}
        self._save()

    def _drop_old(self, at: datetime) -> None:
        self._open = {
            key: one
            for key, one in self._open.items()
            if at - datetime.fromisoformat(one.begun) <= LONGEST
        }

    def _save(self) -> None:
        written = {key: asdict(one) for key, one in self._open.items()}
        document = {"open": written, "seen": self._seen}
        replace_file(self._path, json.dumps(document).encode(), mode=0o600)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read(path: Path) -> tuple[dict[str, Session], dict[str, int]]:
    """Return the sessions of a file; none where it is torn: then everybody logs in again."""
    try:
        found = json.loads(path.read_bytes())
        opened: Mapping[str, Mapping[str, str]] = found["open"]
        seen: Mapping[str, int] = found["seen"]
        return (
            {
                key: Session(str(one["person"]), str(one["begun"]), str(one["language"]))
                for key, one in opened.items()
            },
            {str(key): int(one) for key, one in seen.items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}
