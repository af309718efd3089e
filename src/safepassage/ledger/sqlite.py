"""The embedded store: one SQLite file, WAL, synchronous FULL, STRICT tables that only grow.

Works on a connection of Python's sqlite3 or of apsw (the power-cut tests bring their own disk).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from safepassage.ledger.faults import DamagedError, LedgerError, TakenError
from safepassage.ledger.row import GENESIS, Head, Row, Words

APPLICATION = 0x53414645
"""The mark in the file's header that says whose file it is."""
VERSION = 1
SMALLEST_PAGE = 512
"""Bytes: no SQLite database is smaller."""
BUSY_MS = 10_000

# BEFORE INSERT looks for a taken id or number itself: INSERT OR REPLACE deletes the old row without
# any delete trigger unless recursive_triggers is on, but only after this trigger has fired.
SCHEMA = """
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  device TEXT NOT NULL,
  entered TEXT NOT NULL,
  meta BLOB NOT NULL,
  sealed BLOB NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX entry_kind ON entry (kind);
CREATE TABLE head (
  place INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at TEXT NOT NULL,
  device TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE TRIGGER entry_only_grows BEFORE INSERT ON entry
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry)
  OR EXISTS (SELECT 1 FROM entry WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'taken: an entry follows the last one and has an id of its own'); END;
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'append only: an entry is never changed'); END;
CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'append only: an entry is never deleted'); END;
CREATE TRIGGER head_only_grows BEFORE INSERT ON head
WHEN NEW.place <> (SELECT coalesce(max(place), 0) + 1 FROM head)
BEGIN SELECT raise(ABORT, 'append only: a head follows the last one'); END;
CREATE TRIGGER head_never_changes BEFORE UPDATE ON head
BEGIN SELECT raise(ABORT, 'append only: a head is never changed'); END;
CREATE TRIGGER head_never_goes BEFORE DELETE ON head
BEGIN SELECT raise(ABORT, 'append only: a head is never deleted'); END;
"""
_SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA wal_autocheckpoint = 1000",
)


class Connection(Protocol):
    """What sqlite3 and apsw connections have in common."""

    def execute(self, sql: str, bindings: Any = ..., /) -> Any:
        """Run a statement and return a cursor."""

    def close(self) -> None:
        """Close it."""


class SqliteStore:
    """Rows in one SQLite file. `errors` is the error class of the connection's library."""

    def __init__(self, connection: Connection, *, errors: type[Exception] = sqlite3.Error) -> None:
        self._connection = connection
        self._errors = errors
        try:
            self._prepare()
        except errors as error:
            raise LedgerError(f"not a ledger, or not readable: {error}") from error

    def tail(self) -> tuple[int, bytes]:
        """Return number and hash of the last row; (0, GENESIS) if there is none."""
        found = self._one("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")
        return (0, GENESIS) if found is None else (int(found[0]), bytes(found[1]))

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows, all or none, durably."""
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
        except self._errors as error:
            raise LedgerError(f"cannot write now: {error}") from error
        try:
            last, _ = self.tail()
            _must_follow(rows, last)
            for row in rows:
                execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", tuple(row))
            execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, self._errors):
                if "taken:" in str(error) or "UNIQUE" in str(error):
                    raise TakenError(str(error)) from error
                raise LedgerError(f"not written: {error}") from error
            raise

    def find(self, id_: str) -> Row | None:
        """Return the row with an id."""
        found = self._one("SELECT * FROM entry WHERE id = ?", (id_,))
        return None if found is None else Row._make(found)

    def rows(
        self, after: int = 0, until: int | None = None, kinds: Sequence[str] = ()
    ) -> Iterator[Row]:
        """Yield rows in order, from `after` (left out) to `until`; of some kinds, or all."""
        last = self.tail()[0] if until is None else until
        marks = ", ".join("?" * len(kinds))
        # The text holds only question marks; values are always bound.
        which = f" AND kind IN ({marks})" if kinds else ""
        sql = f"SELECT * FROM entry WHERE seq > ? AND seq <= ?{which} ORDER BY seq"  # noqa: S608
        try:
            yield from map(Row._make, self._connection.execute(sql, (after, last, *kinds)))
        except self._errors as error:
            raise DamagedError(f"cannot be read: {error}") from error

    def words(self, after: int = 0, until: int | None = None) -> Iterator[Words]:
        """Yield of each row only what opening it takes, in order: for reading very many."""
        last = self.tail()[0] if until is None else until
        sql = (
            "SELECT seq, id, kind, meta, sealed FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq"
        )
        try:
            yield from self._connection.execute(sql, (after, last))
        except self._errors as error:
            raise DamagedError(f"cannot be read: {error}") from error

    def add_head(self, head: Head) -> None:
        """Write a signed head, durably."""
        try:
            self._connection.execute(
                "INSERT INTO head VALUES ((SELECT coalesce(max(place), 0) + 1 FROM head),"
                " ?, ?, ?, ?, ?)",
                tuple(head),
            )
        except self._errors as error:
            raise LedgerError(f"head not written: {error}") from error

    def heads(self) -> Iterator[Head]:
        """Yield the signed heads in order."""
        try:
            for found in self._connection.execute(
                "SELECT seq, hash, at, device, signature FROM head ORDER BY place"
            ):
                yield Head(*found)
        except self._errors as error:
            raise DamagedError(f"heads cannot be read: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _prepare(self) -> None:
        """Set the connection up; make the tables in an empty file."""
        execute = self._connection.execute
        # Another process may be making the very same file: wait for it rather than fail.
        execute(f"PRAGMA busy_timeout = {BUSY_MS}").fetchall()
        for setting in _SETTINGS:
            execute(setting).fetchall()
        mark = execute("PRAGMA application_id").fetchone()[0]
        if mark == APPLICATION:
            version = execute("PRAGMA user_version").fetchone()[0]
            if version != VERSION:
                raise LedgerError(f"ledger of version {version}, this program reads {VERSION}")
        elif mark or execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise LedgerError("a database of another program, not a ledger")
        mode = execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise LedgerError(f"journal mode {mode}: the disk does not allow WAL")
        if mark != APPLICATION:
            self._make()

    def _make(self) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            if not execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _statements(SCHEMA):
                    execute(statement)
                execute(f"PRAGMA application_id = {APPLICATION}")
                execute(f"PRAGMA user_version = {VERSION}")
            execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself (disk full): then there is nothing to roll back.
        try:
            self._connection.execute("ROLLBACK")
        except self._errors:
            return

    def _one(self, sql: str, bindings: tuple[object, ...] = ()) -> Any:
        try:
            return self._connection.execute(sql, bindings).fetchone()
        except self._errors as error:
            raise DamagedError(f"cannot be read: {error}") from error


def open_sqlite(path: Path) -> SqliteStore:
    """Return the store in a file, which is made if it is not there or empty.

    Raises
    ------
    LedgerError
        If the file is something else; it is left as it is.
    """
    # SQLite takes any file below one page for a new database, and would write over it. Only its
    # size is asked: to open and close the file here would drop the locks (POSIX advisory ones) of
    # every connection that this process has to it, and another process would take the WAL away.
    if path.is_file() and 0 < path.stat().st_size < SMALLEST_PAGE:
        raise LedgerError(f"{path}: not a ledger, nor any SQLite file")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        return SqliteStore(connection)
    except BaseException:
        connection.close()
        raise


def _must_follow(rows: Sequence[Row], last: int) -> None:
    if rows and rows[0].seq != last + 1:
        raise TakenError(f"entry {rows[0].seq}: the last one is {last}")


def _statements(script: str) -> list[str]:
    """Return the statements of a script; a trigger ends with END."""
    result, current = [], ""
    for line in script.strip().splitlines():
        current += line + "\n"
        if sqlite3.complete_statement(current):
            result.append(current.strip())
            current = ""
    return result
