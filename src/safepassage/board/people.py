"""Who may log in: call signs and argon2 hashes, in a file beside the ledger that only we can read.

Which roles a call sign has is not here: the ledger says so, and takes it away again. No names of
people, no addresses: a call sign is enough.
"""

import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from safepassage.ledger.files import replace_file

FORMAT = "safepassage/people/1"
SHORTEST = 12
MEMORY = 32 * 1024
"""KiB that one check takes. A login must not double the server: 32 MiB with four passes, one check
at a time; OWASP asks for 19 MiB with two at least.
"""
CALL_SIGN = re.compile(r"[^\W_][\w.-]{0,39}", re.UNICODE)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class PeopleError(ValueError):
    """An account cannot be made or read; the message says why."""


class People:
    """The accounts of one room."""

    def __init__(self, path: Path, *, hasher: PasswordHasher | None = None) -> None:
        self._path = path
        self._hasher = hasher or PasswordHasher(time_cost=4, memory_cost=MEMORY, parallelism=1)
        self._decoy = self._hasher.hash(secrets.token_urlsafe(16))

    @property
    def call_signs(self) -> tuple[str, ...]:
        """Who has an account, in order."""
        return tuple(sorted(self._read()))

    def set_password(self, call_sign: str, password: str) -> None:
        """Make an account, or give it a new password.

        Raises
        ------
        PeopleError
            If the call sign or the password will not do.
        """
        if not CALL_SIGN.fullmatch(call_sign):
            raise PeopleError(f"call sign: got {call_sign!r}, want letters and digits, e.g. Head-1")
        if len(password) < SHORTEST:
            raise PeopleError(f"password: got {len(password)} characters, want {SHORTEST} or more")
        known = dict(self._read())
        known[call_sign] = self._hasher.hash(password)
        self._write(known)

    def remove(self, call_sign: str) -> None:
        """Take an account away; unknown call signs are nobody's."""
        self._write({key: one for key, one in self._read().items() if key != call_sign})

    def fits(self, call_sign: str, password: str) -> bool:
        """Tell whether a password is right; as slow for a call sign that nobody has."""
        stored = self._read().get(call_sign)
        try:
            self._hasher.verify(stored or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def _read(self) -> Mapping[str, str]:
        if not self._path.is_file():
            return {}
        try:
            found = json.loads(self._path.read_bytes())
            if found["format"] != FORMAT:
                raise PeopleError(f"{self._path}: got {found['format']!r}, want {FORMAT!r}")
            return {str(key): str(one) for key, one in found["people"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PeopleError(f"{self._path}: not a file of accounts ({error})") from None

    def _write(self, people: Mapping[str, str]) -> None:
        document = {"format": FORMAT, "people": dict(sorted(people.items()))}
        replace_file(self._path, json.dumps(document, indent=1).encode(), mode=0o600)


def new_password() -> str:
    """Return a password to be written down and changed: four groups of five, 99 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)
