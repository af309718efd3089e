"""What the ledger's tests share: a ledger in memory or in a file, seeded, and short messages."""

import random
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from safepassage.ledger.entry import Message
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.ledger.signer import Signer, new_signer
from safepassage.ledger.source import Source
from safepassage.ledger.sqlite import SqliteStore, open_sqlite
from safepassage.ledger.store import Store

DAMASCUS = timezone(timedelta(hours=2))
NOON = datetime(2016, 12, 15, 12, 0, tzinfo=DAMASCUS)
RADIO = Source(channel="radio", person="radio-1")


def clock(hour: int, minute: int = 0, day: int = 15) -> datetime:
    """Return a time of December 2016 in Damascus."""
    return datetime(2016, 12, day, hour, minute, tzinfo=DAMASCUS)


def seeded(seed: int) -> Callable[[int], bytes]:
    """Return a source of bytes that is the same for the same seed."""
    return random.Random(seed).randbytes  # noqa: S311 - a test must replay


def memory_store() -> SqliteStore:
    """Return a store that lives in memory; it has no disk, so no WAL is asked of it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    return MemoryStore(connection)


class MemoryStore(SqliteStore):
    """The embedded store without a file: SQLite in memory knows no WAL."""

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA recursive_triggers = ON").fetchall()
        self._make()


def new_ledger(
    path: Path | None = None,
    *,
    seed: int = 7,
    at: datetime = NOON,
    store: Store | None = None,
    device: str = "room",
    attribution: bool = False,
) -> tuple[Ledger, Signer]:
    """Return a founded ledger and the room's signer."""
    entropy = seeded(seed)
    if store is None:
        store = memory_store() if path is None else open_sqlite(path)
    keyring = Keyring(
        None if path is None else path.with_name(path.name + ".data-keys"), entropy=entropy
    )
    signer = new_signer(device, entropy=entropy)
    ledger = Ledger(store, keyring, signer, entropy=entropy, attribution=attribution)
    ledger.found(at=at)
    return ledger, signer


def said(id_: str, body: Body, *, at: datetime = NOON, source: Source = RADIO) -> Message:
    """Return a message."""
    return Message(id_, body, source, at)


def enter(ledger: Ledger, *bodies: Body, at: datetime = NOON, source: Source = RADIO) -> list[str]:
    """Enter bodies one after the other; return their ids."""
    ids = []
    for body in bodies:
        id_ = f"{type(body).__name__.lower()}-{ledger.tail()[0] + 1}"
        receipt = ledger.append([said(id_, body, at=at, source=source)], at=at)[0]
        assert receipt.state == "stored", receipt
        ids.append(id_)
    return ids
