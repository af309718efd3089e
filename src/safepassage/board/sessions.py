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
    """One person at one browser. `language` is what the pages speak, `seen` the last entry read."""

    person: str
    begun: str
    language: str = "en"
    seen: int = 0


class Sessions:
    """The open sessions of one room. Times are the computer's own, never a drill's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[str, Session] = _read(path)

    def begin(self, person: str, *, at: datetime, language: str, seen: int) -> str:
        """Open a session and return its token."""
        token = secrets.token_urlsafe(32)
        self._drop_old(at)
        while len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        self._open[_key(token)] = Session(person, at.isoformat(), language, seen)
        self._save()
        return token

    def find(self, token: str, *, at: datetime) -> Session | None:
        """Return the session of a token; None if there is none, or its time is over."""
        found = self._open.get(_key(token))
        if found is None or at - datetime.fromisoformat(found.begun) > LONGEST:
            return None
        return found

    def change(self, token: str, *, language: str | None = None, seen: int | None = None) -> None:
        """Note another language, or up to which entry the person has read."""
        found = self._open.get(_key(token))
        if found is not None:
            changed = replace(
                found,
                language=found.language if language is None else language,
                seen=found.seen if seen is None else max(found.seen, seen),
            )
            self._open[_key(token)] = changed
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
        replace_file(self._path, json.dumps(written).encode(), mode=0o600)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read(path: Path) -> dict[str, Session]:
    """Return the sessions of a file; none where it is torn: then everybody logs in again."""
    try:
        found: Mapping[str, Mapping[str, object]] = json.loads(path.read_bytes())
        return {
            key: Session(
                str(one["person"]), str(one["begun"]), str(one["language"]), int(str(one["seen"]))
            )
            for key, one in found.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
