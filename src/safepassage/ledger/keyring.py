"""The keys that seal the data of a ledger, a key a class and day; destroying one erases its data.

The file lies beside the ledger, never inside it: what a database forgets stays in its free pages
and its log. Copies of the file (backups) bring erased data back; keep none beyond the purge date.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safepassage.ledger.classes import RETENTION
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.files import replace_file

Entropy = Callable[[int], bytes]
NONCE = 12
FORMAT = "safepassage/keys/1"


class ErasedError(LedgerError):
    """The key is destroyed: what it sealed is gone."""


class Keyring:
    """Data keys by name ("contacts/2016-12-15"). `path` None keeps them in memory only."""

    def __init__(self, path: Path | None = None, *, entropy: Entropy = os.urandom) -> None:
        self._path = path
        self._entropy = entropy
        self._keys: dict[str, bytes] = {}
        self._ciphers: dict[str, AESGCM] = {}
        if path is not None and path.exists():
            self._keys = _read(path)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the keys that are there, in order."""
        return tuple(sorted(self._keys))

    def key_name(self, of: str, at: datetime, *, purged: frozenset[str] = frozenset()) -> str:
        """Return the name of the key for a class of data entered at a time; make it if new.

        A new key is on the disk before its name is returned. A purged name is never used again.
        """
        day = made = f"{of}/{at.astimezone(UTC).date().isoformat()}"
        again = 1
        while made in purged:
            again += 1
            made = f"{day}/{again}"
        if made not in self._keys:
            with self._locked():
                if made not in self._keys:
                    self._keys[made] = self._entropy(32)
                    self._save()
        return made

    def seal(self, key: str, words: bytes, bound_to: bytes) -> bytes:
        """Return nonce + ciphertext + tag (AES-256-GCM) of words, bound to an entry's id."""
        nonce = self._entropy(NONCE)
        return nonce + self._cipher(key).encrypt(nonce, words, bound_to)

    def opener(self, key: str) -> Callable[[bytes, bytes, bytes], bytes]:
        """Return what opens (nonce, ciphertext + tag, entry's id) to the words.

        It raises `InvalidTag` where the bytes are not what was sealed.

        Raises
        ------
        ErasedError
            If the key is destroyed.
        """
        return self._cipher(key).decrypt

    def due(self, at: datetime, retention: Mapping[str, timedelta | None] = RETENTION) -> list[str]:
        """Return the names of the keys whose purge date has come."""
        result = []
        for one in self.names:
            of, _, day = one.partition("/")
            keep = retention.get(of)
            if keep is not None and date.fromisoformat(day[:10]) + keep < at.astimezone(UTC).date():
                result.append(one)
        return result

    def destroy(self, names: Iterable[str]) -> None:
        """Destroy keys for good: overwritten in the file, then the file is replaced."""
        listed = tuple(names)
        with self._locked():
            gone = [one for one in listed if one in self._keys]
            for one in gone:
                self._keys[one] = bytes(32)
            if gone and self._path is not None:
                # Overwrite in place first, so that the old bytes do not stay in a freed block. The
                # new bytes differ in the keys only: a torn write still leaves a readable file.
                with self._path.open("r+b") as file:
                    file.write(_bytes(self._keys))
                    file.flush()
                    os.fsync(file.fileno())
            for one in gone:
                del self._keys[one]
            if gone:
                self._save()
        for one in listed:
            # Another process may have destroyed it: what this one still holds goes too.
            self._ciphers.pop(one, None)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the file for this process alone, and see what others have written to it."""
        if self._path is None:
            yield
            return
        lock = self._path.with_name(self._path.name + ".lock")
        with lock.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if self._path.exists():
                self._keys = _read(self._path)
            yield

    def _cipher(self, key: str) -> AESGCM:
        cipher = self._ciphers.get(key)
        if cipher is None:
            if key not in self._keys and self._path is not None and self._path.exists():
                # Another process of this room may have made it meanwhile.
                self._keys = _read(self._path)
            if key not in self._keys:
                raise ErasedError(f"the key {key} is destroyed")
            cipher = self._ciphers[key] = AESGCM(self._keys[key])
        return cipher

    def _save(self) -> None:
        if self._path is not None:
            replace_file(self._path, _bytes(self._keys), mode=0o600)


def _bytes(keys: dict[str, bytes]) -> bytes:
    written = {key: value.hex() for key, value in sorted(keys.items())}
    return json.dumps({"format": FORMAT, "keys": written}, indent=1).encode()


def _read(path: Path) -> dict[str, bytes]:
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT:
            raise LedgerError(f"{path}: got format {found['format']!r}, want {FORMAT!r}")
        return {str(key): bytes.fromhex(value) for key, value in found["keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"{path}: not a file of data keys ({error})") from None
