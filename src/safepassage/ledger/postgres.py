"""The store in PostgreSQL, for several rooms or an existing server (extra `postgres`)."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from safepassage.ledger.faults import DamagedError, LedgerError, TakenError
from safepassage.ledger.row import GENESIS, Head, Row, Words

LOCK = 0x53414645
"""The advisory lock that a writer holds: the chain has one end."""
FETCHED_AT_ONCE = 2000

SCHEMA = """
CREATE TABLE IF NOT EXISTS safepassage_entry (
  seq bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  kind text NOT NULL,
  device text NOT NULL,
  entered text NOT NULL,
  meta bytea NOT NULL,
  sealed bytea NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX IF NOT EXISTS safepassage_entry_kind ON safepassage_entry (kind, seq);
CREATE TABLE IF NOT EXISTS safepassage_head (
  place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  at text NOT NULL,
  device text NOT NULL,
  signature bytea NOT NULL
);
CREATE OR REPLACE FUNCTION safepassage_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append only: nothing is ever changed or deleted'; END $$;
CREATE OR REPLACE FUNCTION safepassage_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM safepassage_entry) THEN
    RAISE EXCEPTION USING ERRCODE = 'unique_violation',
      MESSAGE = 'taken: an entry follows the last one';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE
  ON safepassage_entry EXECUTE FUNCTION safepassage_never();
CREATE OR REPLACE TRIGGER head_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE
  ON safepassage_head EXECUTE FUNCTION safepassage_never();
CREATE OR REPLACE TRIGGER entry_only_grows BEFORE INSERT ON safepassage_entry
  FOR EACH ROW EXECUTE FUNCTION safepassage_follows();
"""
_COLUMNS = "seq, id, kind, device, entered, meta, sealed, hash"
_INSERT = f"INSERT INTO safepassage_entry ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608


class PostgresStore:
    """Rows in two tables of a PostgreSQL database."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        try:
            connection.autocommit = True
            self._must_be_durable()
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                connection.execute(SCHEMA)
        except psycopg.Error as error:
            raise LedgerError(f"not usable as a ledger: {_first_line(error)}") from error

    def tail(self) -> tuple[int, bytes]:
        """Return number and hash of the last row; (0, GENESIS) if there is none."""
        found = self._one("SELECT seq, hash FROM safepassage_entry ORDER BY seq DESC LIMIT 1")
        return (0, GENESIS) if found is None else (int(found[0]), bytes(found[1]))

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows, all or none, durably."""
        try:
            with self._connection.transaction():
                self._connection.execute("SET LOCAL synchronous_commit TO on")
                self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                with self._connection.cursor() as cursor:
                    cursor.executemany(_INSERT, [tuple(row) for row in rows])
        except psycopg.errors.UniqueViolation as error:
            raise TakenError(_first_line(error)) from error
        except psycopg.Error as error:
            raise LedgerError(f"not written: {_first_line(error)}") from error

    def find(self, id_: str) -> Row | None:
        """Return the row with an id."""
        found = self._one(f"SELECT {_COLUMNS} FROM safepassage_entry WHERE id = %s", (id_,))  # noqa: S608
        return None if found is None else Row._make(found)

    def rows(
        self, after: int = 0, until: int | None = None, kinds: Sequence[str] = ()
    ) -> Iterator[Row]:
        """Yield rows in order, from `after` (left out) to `until`; of some kinds, or all."""
        last = self.tail()[0] if until is None else until
        if not kinds:
            for group in self._groups(_COLUMNS, after, last):
                yield from map(Row._make, group)
            return
        sql = (
            f"SELECT {_COLUMNS} FROM safepassage_entry"  # noqa: S608
            " WHERE seq > %s AND seq <= %s AND kind = ANY(%s) ORDER BY seq"
        )
        try:
            found = self._connection.execute(sql, (after, last, list(kinds)), binary=True)
            yield from map(Row._make, found)
        except psycopg.Error as error:
            raise DamagedError(f"cannot be read: {_first_line(error)}") from error

    def words(self, after: int = 0, until: int | None = None) -> Iterator[Words]:
        """Yield of each row only what opening it takes, in order: for reading very many."""
        last = self.tail()[0] if until is None else until
        for group in self._groups("seq, id, kind, meta, sealed", after, last):
            yield from group

    def _groups(self, columns: str, after: int, last: int) -> Iterator[list[Any]]:
        """Yield rows by number, a group at a time: a million entries do not fit the memory."""
        sql = (
            f"SELECT {columns} FROM safepassage_entry"  # noqa: S608
            f" WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT {FETCHED_AT_ONCE}"
        )
        try:
            while True:
                group = self._connection.execute(sql, (after, last), binary=True).fetchall()
                yield group
                if len(group) < FETCHED_AT_ONCE:
                    return
                after = group[-1][0]
        except psycopg.Error as error:
            raise DamagedError(f"cannot be read: {_first_line(error)}") from error

    def add_head(self, head: Head) -> None:
        """Write a signed head, durably."""
        try:
            with self._connection.transaction():
                self._connection.execute("SET LOCAL synchronous_commit TO on")
                self._connection.execute(
                    "INSERT INTO safepassage_head (seq, hash, at, device, signature)"
                    " VALUES (%s, %s, %s, %s, %s)",
                    tuple(head),
                )
        except psycopg.Error as error:
            raise LedgerError(f"head not written: {_first_line(error)}") from error

    def heads(self) -> Iterator[Head]:
        """Yield the signed heads in order."""
        sql = "SELECT seq, hash, at, device, signature FROM safepassage_head ORDER BY place"
        try:
            yield from map(Head._make, self._connection.execute(sql, binary=True))
        except psycopg.Error as error:
            raise DamagedError(f"heads cannot be read: {_first_line(error)}") from error

    def close(self) -> None:
        """Let go of the connection."""
        with contextlib.suppress(psycopg.Error):
            self._connection.close()

    def _must_be_durable(self) -> None:
        for setting in ("fsync", "full_page_writes"):
            found = self._connection.execute(f"SHOW {setting}").fetchone()
            if found is None or found[0] != "on":
                raise LedgerError(
                    f"the server runs with {setting} off: a power cut would lose data"
                )

    def _one(self, sql: str, bindings: Sequence[object] = ()) -> Any:
        try:
            return self._connection.execute(sql, bindings, binary=True).fetchone()
        except psycopg.Error as error:
            raise DamagedError(f"cannot be read: {_first_line(error)}") from error


def open_postgres(address: str) -> PostgresStore:
    """Return the store at a connection string ("postgresql://…")."""
    try:
        connection = psycopg.connect(address, connect_timeout=10)
    except psycopg.Error as error:
        raise LedgerError(f"cannot connect: {_first_line(error)}") from error
    try:
        return PostgresStore(connection)
    except BaseException:
        connection.close()
        raise


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
