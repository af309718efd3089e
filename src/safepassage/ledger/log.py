"""The ledger: append, read. Only grows; an entry is acknowledged when it is on the disk.

Knows which devices may sign, which keys are destroyed, and that an id counts once.
"""

import hashlib
import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from safepassage.ledger.batch import (
    SALT,
    Salted,
    SignedBatch,
    batch_words,
    digest_of,
    opened_parts,
)
from safepassage.ledger.classes import ATTRIBUTION, RETENTION
from safepassage.ledger.entry import Entry, Message, check_message, parts_of
from safepassage.ledger.faults import EntryError, Fault, LedgerError, TakenError
from safepassage.ledger.fields import EARLIEST, LATEST
from safepassage.ledger.kept import Alarm, Anchored, Enrol, Purge, Revoke
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.kinds import MAIN_CLASS, WRITTEN_BY_THE_LEDGER
from safepassage.ledger.row import Head, Row, head_words
from safepassage.ledger.sealing import (
    Opened,
    Place,
    entry_of,
    open_row,
    opened,
    seal_row,
    signed_digest,
)
from safepassage.ledger.signer import Signer, signature_fits
from safepassage.ledger.source import Source
from safepassage.ledger.store import Store

JUMP = timedelta(seconds=30)
"""The room's clock went back by more than this: an alarm, and its offset is unknown again.

The log sees only what falls behind its last entry: a jump shorter than the silence before it leaves
no trace here. A room that runs all the time compares its clock with the machine's uptime as well.
"""
ROOM_ONLY = frozenset(
    {
        "enrol",
        "revoke",
        "role",
        "plan",
        "lease",
        "verdict",
        "clock",
        "notice",
        "publication",
    }
)
"""Kinds that only a room's own device may enter."""
Parts = Sequence[tuple[str, bytes]]
"""The opened parts of one message: class of data, salt and words."""
TRIES = 50
"""How often a write is tried again when others write at the same time."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message. Only a `stored` or `repeated` one is in the ledger, for good."""

    id: str
    state: Literal["stored", "repeated", "refused"]
    seq: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A device that may sign, as its enrolment says."""

    key: str
    room: bool
    holder: str | None
    revoked: bool = False


class _Checked(NamedTuple):
    """A batch whose signature fits: its digests, opened parts, and faults by id."""

    batch: SignedBatch
    digests: Sequence[bytes]
    parts: Sequence[Parts]
    faults: Mapping[str, str]


class _New:
    """What one commit will add after entry `seq`, whose hash is `before`."""

    def __init__(self, seq: int, before: bytes) -> None:
        self.seq = seq
        self.before = before
        self.rows: list[Row] = []
        self.here: dict[str, tuple[int, Message]] = {}
        self.alarms: list[tuple[str, str, bytes]] = []

    def add(self, row: Row) -> None:
        """Add a row; the next one follows it."""
        self.rows.append(row)
        self.seq, self.before = row.seq, row.hash


class Ledger:
    """A log in a store, with the keys of this room.

    `signer` None opens it for reading only. `attribution` allows entries on who is to blame.
    """

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        signer: Signer | None = None,
        *,
        entropy: Callable[[int], bytes] = os.urandom,
        attribution: bool = False,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._signer = signer
        self._entropy = entropy
        self._attribution = attribution
        self._devices: dict[str, Device] = {}
        self._purged: frozenset[str] = frozenset()
        self._known = 0
        self._last_entered: datetime | None = None
        self._catch_up()

    @property
    def store(self) -> Store:
        """The store behind it."""
        return self._store

    @property
    def devices(self) -> Mapping[str, Device]:
        """The devices that have been enrolled, by id."""
        self._catch_up()
        return dict(self._devices)

    # --- writing

    def found(self, *, at: datetime) -> Receipt:
        """Write the first entry: this room's device enrols itself; all trust begins here."""
        signer = self._need_signer()
        if self._store.tail()[0]:
            raise LedgerError("the ledger has entries already")
        body = Enrol(device=signer.device, key=signer.key, room=True)
        source = Source(channel="room", device=signer.device)
        return self.append([Message(f"enrol:{signer.device}", body, source, at)], at=at)[0]

    def append(self, messages: Sequence[Message], *, at: datetime) -> tuple[Receipt, ...]:
        """Write messages that this room enters, signed as one batch by its own device.

        `at` is the room's clock.

        Raises
        ------
        EntryError
            If any message has a fault: then none is written.
        """
        signer = self._need_signer()
        faults: list[Fault] = []
        for place, message in enumerate(messages):
            where = f"messages[{place}]." if len(messages) > 1 else ""
            try:
                self._check(message, signer.device, at)
            except EntryError as error:
                faults += [Fault(where + one.where, one.found, one.wanted) for one in error.faults]
        if faults:
            raise EntryError(tuple(faults))
        salted = [Salted(one, self._entropy(SALT)) for one in messages]
        parts = [opened_parts(one) for one in salted]
        pairs = zip(salted, parts, strict=True)
        digests = [digest_of(one, signer.device, opened) for one, opened in pairs]
        signature = signer.sign(batch_words(digests))
        batch = SignedBatch(signer.device, tuple(salted), signature)
        return self._write([_Checked(batch, digests, parts, {})], at)[0]

    def receive(self, batch: SignedBatch, *, at: datetime) -> tuple[Receipt, ...]:
        """Write what another device has signed; refuse what does not fit.

        A batch whose device is unknown or revoked, or whose signature does not fit, is refused
        whole. Where the device is one of ours, a signature that does not fit raises an alarm.
        """
        return self.receive_all([batch], at=at)[0]

    def receive_all(
        self, batches: Sequence[SignedBatch], *, at: datetime
    ) -> tuple[tuple[Receipt, ...], ...]:
        """Write what several devices have signed in one commit, each batch judged on its own."""
        self._catch_up()
        checked = [self._checked(one, at) for one in batches]
        fit = [one for one in checked if isinstance(one, _Checked)]
        written = iter(self._write(fit, at) if fit else ())
        return tuple(next(written) if isinstance(one, _Checked) else one for one in checked)

    def purge(
        self,
        *,
        at: datetime,
        retention: Mapping[str, timedelta | None] = RETENTION,
        names: Sequence[str] = (),
        why: str = "its purge date has come",
    ) -> tuple[str, ...]:
        """Destroy the keys whose date has come (or those named), and say so in the ledger."""
        due = tuple(names) or tuple(self._keyring.due(at, retention))
        if due:
            # The entry comes first: if the power fails in between, the keys go at the next opening.
            self._by_ledger(Purge(keys=due, why=why), "purge:" + _short(due, at), at)
            self._keyring.destroy(due)
        return due

    def data_keys(self, of: str) -> tuple[str, ...]:
        """Return the names of the keys that seal a class of data, as far as they are there."""
        return tuple(one for one in self._keyring.names if one.partition("/")[0] == of)

    def sign_head(self, *, at: datetime) -> Head:
        """Sign the end of the log as it is now, and keep the signed head."""
        signer = self._need_signer()
        seq, hash_ = self._store.tail()
        if not seq:
            raise LedgerError("the ledger has no entry yet")
        time = at.isoformat()
        signature = signer.sign(head_words(seq, hash_, time, signer.device))
        head = Head(seq, hash_, time, signer.device, signature)
        self._store.add_head(head)
        return head

    def note_anchor(self, head: Head, holder: str, *, at: datetime) -> None:
        """Record that a signed head was handed to an outside holder."""
        body = Anchored(upto=head.seq, hash=head.hash.hex(), holder=holder)
        self._by_ledger(body, f"anchored:{head.seq}:" + _short((holder,), at), at)

    def watch_clock(self, *, at: datetime) -> None:
        """Raise an alarm if the room's clock stands behind what it has written itself.

        Whoever asks for a go calls it: left alone, the clock would pass its own past and nobody
        would know that it had jumped.
        """
        self._catch_up()
        last = self._last_entered
        if self._signer is not None and last is not None and at < last - JUMP:
            detail = f"from {last.isoformat()} back to {at.isoformat()}"
            body = Alarm(what="clock jumped", about=self._signer.device, detail=detail)
            self._by_ledger(body, f"alarm:clock:{self._known}", at)

    # --- reading

    def tail(self) -> tuple[int, bytes]:
        """Return number and hash of the last entry.

        What others have purged since can no longer be read here either.
        """
        self._catch_up()
        return self._store.tail()

    def find(self, id_: str) -> Entry | None:
        """Return the entry with an id."""
        row = self._store.find(id_)
        return None if row is None else entry_of(open_row(row, self._keyring))

    def entries(
        self, after: int = 0, until: int | None = None, kinds: Sequence[str] = ()
    ) -> Iterator[Entry]:
        """Yield entries in order, from `after` (left out) to `until`; of some kinds, or all."""
        for row in self._store.rows(after, until, kinds):
            yield entry_of(open_row(row, self._keyring))

    def opened(
        self,
        after: int = 0,
        until: int | None = None,
        *,
        kinds: Container[str],
        without: frozenset[str] = frozenset(),
    ) -> Iterator[Opened]:
        """Yield what entries of some kinds say, as plain data: for folding very many of them.

        Classes of data in `without` stay closed.
        """
        return opened(self._store.words(after, until), self._keyring, kinds=kinds, without=without)

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    # --- inside

    def _need_signer(self) -> Signer:
        if self._signer is None:
            raise LedgerError("opened for reading only: no signing key")
        return self._signer

    def _catch_up(self) -> None:
        """Read what others have written since about devices and keys."""
        last, _ = self._store.tail()
        if last == self._known:
            return
        for row in self._store.rows(self._known, last, ("enrol", "revoke", "purge")):
            body = entry_of(open_row(row, self._keyring)).body
            if isinstance(body, Enrol):
                # A device enrolled again gets its new key; it stays revoked only until then.
                self._devices[body.device] = Device(body.key, bool(body.room), body.holder)
            elif isinstance(body, Revoke):
                self._revoke(body)
            elif isinstance(body, Purge):
                self._purged |= frozenset(body.keys)
                self._keyring.destroy(body.keys)
        for row in self._store.rows(last - 1, last):
            self._last_entered = datetime.fromisoformat(row.entered)
        self._known = last

    def _revoke(self, body: Revoke) -> None:
        for device, one in self._devices.items():
            if device == body.device or (one.holder is not None and one.holder == body.person):
                self._devices[device] = Device(one.key, one.room, one.holder, revoked=True)

    def _check(self, message: Message, device: str, at: datetime) -> None:
        """Check a message at the door, and whether this device may enter it."""
        if at.tzinfo is None or not EARLIEST <= at < LATEST:
            wanted = "a clock with a zone, between 1990 and 2100"
            raise EntryError((Fault("the room's clock", str(at), wanted),))
        if message.kind in WRITTEN_BY_THE_LEDGER:
            wanted = "a kind that the ledger does not write itself"
            raise EntryError((Fault("entry.kind", message.kind, wanted),))
        check_message(message, at=at)
        known = self._devices.get(device)
        if message.kind in ROOM_ONLY and known is not None and not known.room:
            raise EntryError((Fault("entry.kind", message.kind, "a kind for a field device"),))
        if known is not None and known.holder is not None:
            person = getattr(message.body, "person", None)
            if person is not None and person != known.holder:
                wanted = f"{known.holder}, whose device signs this"
                raise EntryError((Fault(f"{message.kind}.person", person, wanted),))
        if not self._attribution and MAIN_CLASS[message.kind] == ATTRIBUTION:
            wanted = "no attribution of blame: this ledger was not opened for it"
            raise EntryError((Fault("entry.kind", message.kind, wanted),))

    def _checked(self, batch: SignedBatch, at: datetime) -> "_Checked | tuple[Receipt, ...]":
        """Return a batch whose signature fits, with what is wrong in it; else its refusal."""
        device = self._devices.get(batch.device)
        if device is None:
            return _refuse(batch, f"the device {batch.device} is not enrolled here")
        if device.revoked:
            return _refuse(batch, f"the device {batch.device} is revoked")
        parts = [opened_parts(one) for one in batch.messages]
        pairs = zip(batch.messages, parts, strict=True)
        digests = [digest_of(one, batch.device, opened) for one, opened in pairs]
        if not signature_fits(device.key, batch_words(digests), batch.signature):
            self._alarm(
                "signature does not fit",
                batch.device,
                f"{len(batch.messages)} messages that claim to be from {batch.device}",
                b"".join(digests) + batch.signature,
                at,
            )
            return _refuse(batch, "the signature does not fit the device's key")
        faults: dict[str, str] = {}
        for one in batch.messages:
            try:
                self._check(one.message, batch.device, at)
            except EntryError as error:
                faults[one.message.id] = str(error)
        return _Checked(batch, digests, parts, faults)

    def _write(
        self, checked: Sequence["_Checked"], at: datetime
    ) -> tuple[tuple[Receipt, ...], ...]:
        """Write the new messages of batches in one commit; answer only when it is durable."""
        for _ in range(TRIES):
            self._catch_up()
            new = _New(*self._store.tail())
            receipts = tuple(self._rows(one, new, at) for one in checked)
            try:
                if new.rows:
                    self._store.append(new.rows)
            except TakenError:
                continue
            self._catch_up()
            for about, detail, words in new.alarms:
                self._alarm("same id, other words", about, detail, words, at)
            return receipts
        raise LedgerError(f"not written: others wrote at the same time, {TRIES} times in a row")

    def _rows(self, checked: "_Checked", new: "_New", at: datetime) -> tuple[Receipt, ...]:
        """Add the rows of a batch to what is to be written; return a receipt a message."""
        batch, digests, parts, faults = checked
        last = self._last_entered
        receipts: list[Receipt] = []
        went_back = new.seq and not new.rows and last is not None and at < last - JUMP
        if went_back and last is not None and self._signer is not None:
            detail = f"from {last.isoformat()} back to {at.isoformat()}"
            body = Alarm(what="clock jumped", about=batch.device, detail=detail)
            new.add(self._own_row(body, f"alarm:clock:{new.seq}", at, new.seq, new.before)[0])
        first = new.seq + 1
        for index, one in enumerate(batch.messages):
            message = one.message
            stored = self._store.find(message.id)
            twin = new.here.get(message.id)
            if message.id in faults:
                receipts.append(Receipt(message.id, "refused", None, faults[message.id]))
            elif stored is not None and self._same(stored, one, digests[index], batch.device):
                receipts.append(Receipt(message.id, "repeated", stored.seq))
            elif twin is not None and twin[1] == message:
                receipts.append(Receipt(message.id, "repeated", twin[0]))
            elif stored is not None or twin is not None:
                number = stored.seq if stored is not None else twin[0] if twin else 0
                why = f"the id is taken by entry {number}, which has other words"
                receipts.append(Receipt(message.id, "refused", None, why))
                new.alarms.append((message.id, f"{why}; sent by {batch.device}", digests[index]))
            else:
                seq = new.seq + 1
                place = Place(seq - first, index)
                if seq == first:
                    place = Place(0, index, batch.signature, tuple(digests))
                row = seal_row(
                    one,
                    seq=seq,
                    before=new.before,
                    device=batch.device,
                    entered=at,
                    place=place,
                    keyring=self._keyring,
                    purged=self._purged,
                    parts=parts[index],
                )
                new.add(row)
                new.here[message.id] = (seq, message)
                receipts.append(Receipt(message.id, "stored", seq))
        return tuple(receipts)

    def _same(self, stored: Row, one: Salted, digest: bytes, device: str) -> bool:
        """Tell whether a stored row holds the same words, as far as they are not erased."""
        if stored.device == device and signed_digest(stored) == digest:
            return True
        message = one.message
        opened = open_row(stored, self._keyring)
        if stored.kind != message.kind or opened.heard != message.heard_at.isoformat():
            return False
        left: dict[str, dict[str, object]] = {}
        for of, part in parts_of(message).items():
            if of not in opened.erased:
                for side, values in part.items():
                    left.setdefault(side, {}).update(values)
        return left == opened.fields

    def _own_row(
        self, body: Alarm | Purge | Anchored, id_: str, at: datetime, seq: int, before: bytes
    ) -> list[Row]:
        """Return the row of an entry that the ledger writes itself, signed by this room."""
        signer = self._need_signer()
        source = Source(channel="room", device=signer.device)
        one = Salted(Message(id_, body, source, at), self._entropy(SALT))
        digest = digest_of(one, signer.device)
        place = Place(0, 0, signer.sign(batch_words([digest])), (digest,))
        row = seal_row(
            one,
            seq=seq + 1,
            before=before,
            device=signer.device,
            entered=at,
            place=place,
            keyring=self._keyring,
            purged=self._purged,
        )
        return [row]

    def _by_ledger(self, body: Alarm | Purge | Anchored, id_: str, at: datetime) -> None:
        """Write an entry of the ledger's own, once."""
        for _ in range(TRIES):
            if self._store.find(id_) is not None:
                return
            seq, before = self._store.tail()
            try:
                self._store.append(self._own_row(body, id_, at, seq, before))
            except TakenError:
                continue
            self._catch_up()
            return
        raise LedgerError(f"not written: others wrote at the same time, {TRIES} times in a row")

    def _alarm(self, what: str, about: str, detail: str, words: bytes, at: datetime) -> None:
        """Raise an alarm, once for the same words."""
        if self._signer is None:
            return
        digest = hashlib.sha256(words).hexdigest()[:16]
        body = Alarm(what=what, about=about, detail=detail)
        self._by_ledger(body, f"alarm:{digest}", at)


def _refuse(batch: SignedBatch, why: str) -> tuple[Receipt, ...]:
    return tuple(Receipt(one.message.id, "refused", None, why) for one in batch.messages)


def _short(words: Sequence[str], at: datetime) -> str:
    return hashlib.sha256("|".join((*words, at.isoformat())).encode()).hexdigest()[:16]
