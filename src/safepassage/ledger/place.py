"""Where a ledger lives: opens the store, the data keys and the signing key that belong together.

Beside the file FILE lie FILE.signing-key and FILE.data-keys. A PostgreSQL address names a folder
for them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from safepassage.ledger.faults import LedgerError
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.log import Ledger
from safepassage.ledger.signer import Signer, new_signer, read_signer
from safepassage.ledger.sqlite import open_sqlite
from safepassage.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one ledger. `address` is set for PostgreSQL, `file` else."""

    file: Path | None
    address: str | None
    signing_key: Path
    data_keys: Path


def place_of(ledger: str, keys: Path | None = None) -> Place:
    """Return the place that `--ledger` and `--keys` name.

    Raises
    ------
    LedgerError
        If a PostgreSQL address comes without a folder for the keys.
    """
    if ledger.startswith(("postgresql://", "postgres://")):
        if keys is None:
            raise LedgerError("a ledger in PostgreSQL needs --keys FOLDER for its keys")
        return Place(None, ledger, keys / "signing-key", keys / "data-keys")
    file = Path(ledger)
    folder = file.parent if keys is None else keys
    return Place(file, None, folder / f"{file.name}.signing-key", folder / f"{file.name}.data-keys")


def open_store(place: Place, *, make: bool = False) -> Store:
    """Return the store at a place; only with `make` may it be new."""
    if place.address is not None:
        from safepassage.ledger.postgres import open_postgres  # noqa: PLC0415 - an extra

        return open_postgres(place.address)
    if place.file is None:
        raise LedgerError("neither a file nor an address")
    if not make and not (place.file.is_file() and place.file.stat().st_size):
        raise LedgerError(f"{place.file}: no such ledger; `ledger init` makes one")
    return open_sqlite(place.file)


def make_ledger(
    place: Place, device: str = "room", *, entropy: Callable[[int], bytes] = os.urandom
) -> tuple[Ledger, Signer]:
    """Make a new, empty ledger with its keys; nothing that exists is overwritten."""
    for one in (place.file, place.signing_key, place.data_keys):
        if one is not None and one.exists():
            raise LedgerError(f"{one} is there already; nothing was changed")
    if place.file is None:
        place.signing_key.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(place, make=True)
    if store.tail()[0]:
        store.close()
        raise LedgerError("the ledger has entries already; nothing was changed")
    signer = new_signer(device, entropy=entropy)
    signer.save(place.signing_key)
    return Ledger(store, Keyring(place.data_keys, entropy=entropy), signer, entropy=entropy), signer


def open_ledger(place: Place, *, attribution: bool = False) -> Ledger:
    """Open a ledger for reading, and for writing where its signing key is there."""
    signer = read_signer(place.signing_key) if place.signing_key.is_file() else None
    return Ledger(open_store(place), Keyring(place.data_keys), signer, attribution=attribution)
