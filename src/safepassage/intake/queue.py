"""The queue of what people wrote: a file of its own, bounded, read and answered by the cell.

No address, no name and no time finer than a minute is kept. What only one role may read is kept
sealed. Nothing is deleted but by age: the score sorts.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from safepassage.intake.screening.likeness import alike, fingerprint

State = Literal["new", "held", "sensitive", "answered", "spam"]
STATES: tuple[State, ...] = ("sensitive", "new", "held", "answered", "spam")
SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY,
    ticket BLOB NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    language TEXT NOT NULL,
    category TEXT NOT NULL,
    text TEXT,
    folded TEXT,
    likeness TEXT,
    sealed BLOB,
    facts TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('new', 'held', 'sensitive', 'answered', 'spam')),
    score REAL NOT NULL,
    plea INTEGER NOT NULL,
    lead INTEGER REFERENCES message (number),
    answer TEXT,
    answer_sealed BLOB,
    answered_at TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS by_state ON message (state, plea, number);
CREATE INDEX IF NOT EXISTS by_lead ON message (lead);
CREATE TABLE IF NOT EXISTS choice (
    folded TEXT PRIMARY KEY,
    junk INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS history (
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
"""
MOST_MESSAGES = 50_000
ORDINARY_SHARE = 0.8
"""Of the room, this much is for what is neither a plea nor sensitive: a flood leaves the rest."""
COMPARED = 500
"""New messages are compared with so many of the last ones."""
KEPT = timedelta(days=30)
MOST_CHOICES = 5_000


class QueueError(ValueError):
    """The queue cannot do what was asked; the message says why."""


class QueueFullError(QueueError):
    """There is no room for a further message of this kind."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message on its way in. `text` is None where it is sealed; `facts` are whole numbers."""

    language: str
    category: str
    text: str | None = None
    sealed: bytes | None = None
    state: State = "new"
    score: float = 0.0
    plea: bool = True
    folded: str = ""
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the queue; `copies` are further ones folded into its row."""

    number: int
    at: str
    language: str
    category: str
    text: str | None
    sealed: bytes | None
    facts: Mapping[str, int]
    state: State
    score: float
    plea: bool
    copies: int
    answer: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the holder of a ticket reads."""

    answered: bool
    text: str | None
    sealed: bytes | None


class Queue:
    """One open queue. Each process, and each thread, opens its own.

    `most` bounds the messages. Written with `synchronous=FULL`: what a visitor is told is written
    down is on the disk.
    """

    def __init__(self, path: Path, *, most: int = MOST_MESSAGES) -> None:
        self._most = most
        try:
            self._db = sqlite3.connect(
                path, isolation_level=None, timeout=10.0, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise QueueError(f"{path}: no queue ({error})") from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # --- what comes in

    def add(self, message: Incoming, *, ticket: bytes, token: str, at: datetime) -> int | None:
        """Write a message down for good; return its number, or None where its form counted before.

        `ticket` is the hash of its code, `token` the words of its form's token.

        Raises
        ------
        QueueFullError
            If there is no room left for its kind.
        """
        protected = message.plea or message.state == "sensitive"
        room = self._most if protected else int(self._most * ORDINARY_SHARE)
        with self._writing():
            (held,) = self._db.execute("SELECT count(*) FROM message").fetchone()
            if held >= room:
                raise QueueFullError("the queue is full")
            likeness, lead, same = self._lead_of(message)
            done = self._db.execute(
                "INSERT OR IGNORE INTO message (ticket, token, at, language, category, text,"
                " folded, likeness, sealed, facts, state, score, plea, lead)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    ticket,
                    token,
                    _minute(at),
                    message.language,
                    message.category,
                    None if same else message.text,
                    None if lead else message.folded or None,
                    None if lead else likeness,
                    message.sealed,
                    json.dumps(dict(message.facts)),
                    message.state,
                    message.score,
                    int(message.plea),
                    lead,
                ),
            )
            return done.lastrowid if done.rowcount else None

    def _lead_of(self, message: Incoming) -> tuple[str | None, int | None, bool]:
        """Return the fingerprint, the row that this is folded into, and whether it is the same."""
        if message.text is None or not message.folded or message.facts:
            return None, None, False
        own = (message.folded, fingerprint(message.folded))
        rows = self._db.execute(
            "SELECT number, folded, likeness FROM message WHERE lead IS NULL AND likeness NOT NULL"
            " AND category = ? AND state IN ('new', 'held') ORDER BY number DESC LIMIT ?",
            (message.category, COMPARED),
        )
        for number, folded, likeness in rows:
            same = folded == message.folded
            # A plea stands in a row of its own unless it is word for word the same.
            if same or (not message.plea and alike(own, (folded, int(likeness, 16)))):
                return f"{own[1]:016x}", int(number), same
        return f"{own[1]:016x}", None, False

    # --- what people read

    def answer_for(self, ticket: bytes) -> Answer | None:
        """Return what the holder of a ticket reads; None where no message has it."""
        row = self._db.execute(
            "SELECT coalesce(own.answer, led.answer), own.answer_sealed FROM message AS own"
            " LEFT JOIN message AS led ON led.number = own.lead WHERE own.ticket = ?",
            (ticket,),
        ).fetchone()
        if row is None:
            return None
        return Answer(row[0] is not None or row[1] is not None, row[0], row[1])

    # --- what moderators do

    def messages(self, state: State | None = None, *, most: int = 500) -> tuple[Kept, ...]:
        """Return messages: pleas first, what looks like junk last, older before newer."""
        rows = self._db.execute(
            "SELECT one.number, at, language, category, text, sealed, facts, state, score, plea,"
            " (SELECT count(*) FROM message AS copy WHERE copy.lead = one.number), answer"
            " FROM message AS one WHERE lead IS NULL AND (?1 IS NULL OR one.state = ?1)"
            " ORDER BY plea DESC, round(score, 1), number LIMIT ?2",
            (state, most),
        )
        return tuple(_kept(row) for row in rows)

    def counts(self) -> Mapping[str, int]:
        """Return how many messages there are in each state, copies included."""
        found: dict[str, int] = dict.fromkeys(STATES, 0)
        found |= dict(self._db.execute("SELECT state, count(*) FROM message GROUP BY state"))
        return found

    def interest(self) -> Mapping[str, int]:
        """Return what the registrations of interest add up to; they are no count of anybody."""
        sums: dict[str, int] = {"registrations": 0}
        rows = self._db.execute(
            "SELECT facts FROM message WHERE category = 'interest' AND state <> 'spam'"
        )
        for (facts,) in rows:
            sums["registrations"] += 1
            for name, number in json.loads(facts).items():
                sums[name] = sums.get(name, 0) + int(number)
        return sums

    def mark(self, number: int, state: State, *, role: str, at: datetime) -> None:
        """Put a message, with its copies, into a state; the classifier learns from it.

        Raises
        ------
        QueueError
            If there is no such message, or it is sealed and only its own role may move it.
        """
        with self._writing():
            row = self._row(number)
            if row["state"] == "sensitive" and state in {"new", "held", "spam"}:
                raise QueueError(f"message {number} is sensitive: it stays so until it is answered")
            if state == "sensitive" and row["sealed"] is None:
                raise QueueError(f"message {number} came in the clear: it cannot be sealed now")
            self._db.execute(
                "UPDATE message SET state = ? WHERE number = ? OR lead = ?", (state, number, number)
            )
            self._note(number, state, role, at)
            if row["folded"] and state in {"new", "spam", "answered"}:
                self._db.execute(
                    "INSERT OR REPLACE INTO choice (folded, junk) VALUES (?, ?)",
                    (row["folded"], int(state == "spam")),
                )
                self._db.execute(
                    "DELETE FROM choice WHERE rowid <= (SELECT max(rowid) FROM choice) - ?",
                    (MOST_CHOICES,),
                )

    def answer(
        self, number: int, text: str | None, sealed: bytes | None, *, role: str, at: datetime
    ) -> None:
        """Answer a message and its copies: in the clear, or sealed for its holder.

        Raises
        ------
        QueueError
            If there is no such message, or a sealed one would be answered in the clear.
        """
        with self._writing():
            row = self._row(number)
            if row["state"] == "sensitive" and sealed is None:
                raise QueueError(f"message {number} is sensitive: its answer has to be sealed")
            self._db.execute(
                "UPDATE message SET answer = ?, answer_sealed = ?, answered_at = ?,"
                " state = 'answered' WHERE number = ?",
                (text, sealed, _minute(at), number),
            )
            self._db.execute("UPDATE message SET state = 'answered' WHERE lead = ?", (number,))
            self._note(number, "answered", role, at)
            if row["folded"]:
                self._db.execute(
                    "INSERT OR REPLACE INTO choice (folded, junk) VALUES (?, 0)", (row["folded"],)
                )

    def sealed_of(self, number: int) -> bytes:
        """Return what is sealed in a message.

        Raises
        ------
        QueueError
            If there is no such message, or nothing in it is sealed.
        """
        sealed = self._row(number)["sealed"]
        if not isinstance(sealed, bytes):
            raise QueueError(f"message {number} is not sealed")
        return sealed

    def choices(self) -> tuple[tuple[str, bool], ...]:
        """Return folded texts that moderators have judged, and whether each was junk."""
        return tuple(
            (folded, bool(junk))
            for folded, junk in self._db.execute("SELECT folded, junk FROM choice")
        )

    def purge(self, *, at: datetime) -> int:
        """Delete what was answered or is junk and older than `KEPT`; return how many."""
        before = _minute(at - KEPT)
        with self._writing():
            gone = self._db.execute(
                "DELETE FROM message WHERE lead IS NOT NULL AND at < ?1 AND lead IN"
                " (SELECT number FROM message WHERE state IN ('answered', 'spam') AND at < ?1)",
                (before,),
            ).rowcount
            gone += self._db.execute(
                "DELETE FROM message WHERE state IN ('answered', 'spam') AND at < ?1 AND number"
                " NOT IN (SELECT lead FROM message WHERE lead IS NOT NULL)",
                (before,),
            ).rowcount
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return gone

    def _row(self, number: int) -> dict[str, object]:
        row = self._db.execute(
            "SELECT state, folded, sealed FROM message WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            raise QueueError(f"there is no message {number}")
        return {"state": row[0], "folded": row[1], "sealed": row[2]}

    def _note(self, number: int, state: str, role: str, at: datetime) -> None:
        self._db.execute(
            "INSERT INTO history (number, at, role, state) VALUES (?, ?, ?, ?)",
            (number, _minute(at), role, state),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _kept(row: tuple[Any, ...]) -> Kept:
    number, at, language, category, text, sealed, facts, state, score, plea, copies, answer = row
    return Kept(
        number=number,
        at=at,
        language=language,
        category=category,
        text=text,
        sealed=sealed,
        facts=json.loads(facts),
        state=state,
        score=score,
        plea=bool(plea),
        copies=copies,
        answer=answer,
    )


def _minute(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
