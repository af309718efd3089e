"""Checks a whole log: the chain, the signed heads, the anchors held outside, the signatures.

The chain alone does not see a cut tail or a log that was written anew: heads that others hold do.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from safepassage.ledger.batch import batch_words
from safepassage.ledger.faults import DamagedError, LedgerError
from safepassage.ledger.keyring import Keyring
from safepassage.ledger.row import GENESIS, Head, Row, chain_hash, head_words
from safepassage.ledger.sealing import entry_of, open_row, signed_digest
from safepassage.ledger.signer import signature_fits
from safepassage.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of a log found. `faults` is empty if and only if nothing is wrong.

    `anchored` is the number of the last entry under a head that someone outside holds.
    """

    entries: int
    hash: bytes
    heads: int
    anchored: int
    signatures: int
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


Show = Callable[[Row], None]


def verify_chain(
    store: Store, keys: Mapping[str, str], anchors: Iterable[Head] = (), *, show: Show | None = None
) -> Verdict:
    """Check the chain of all rows, each signed head, and that every anchor lies on the chain.

    `keys` are the public keys of the devices that may sign heads. `show` sees each row.
    """
    faults: list[str] = []
    kept = _heads(store, faults)
    held = list(anchors)
    wanted = {head.seq for head in kept} | {head.seq for head in held}
    found: dict[int, bytes] = {}
    before, last = GENESIS, 0
    try:
        for row in store.rows():
            seq, id_, kind, device, entered, meta, sealed, hash_ = row
            if seq != last + 1:
                faults.append(f"entry {seq}: follows entry {last}")
            try:
                right = chain_hash(before, seq, id_, kind, device, entered, meta, sealed)
            except (TypeError, AttributeError, UnicodeError) as error:
                faults.append(f"entry {seq}: not readable ({error})")
                right = b""
            if right != hash_:
                faults.append(f"entry {seq}: not what was written")
            if seq in wanted:
                found[seq] = hash_
            before, last = hash_, seq
            if show is not None:
                show(row)
    except LedgerError as error:
        faults.append(str(error))
    anchored = 0
    for kind, heads in (("signed head", kept), ("anchor", held)):
        for head in heads:
            if not _head_fits(head, keys):
                faults.append(f"{kind} at entry {head.seq}: its signature does not fit")
            elif head.seq > last:
                faults.append(f"{kind} at entry {head.seq}: the log ends at {last}")
            elif found.get(head.seq) != head.hash:
                faults.append(f"{kind} at entry {head.seq}: the log holds other words up to there")
            elif kind == "anchor":
                anchored = max(anchored, head.seq)
    return Verdict(last, before, len(kept), anchored, 0, tuple(faults))


def verify_whole(
    store: Store, keys: Mapping[str, str], keyring: Keyring, anchors: Iterable[Head] = ()
) -> Verdict:
    """Check all that `verify_chain` does, each device's signature, and that words open.

    `keys` are the keys trusted from outside: every later device's comes from its enrolment.
    """
    faults: list[str] = []
    devices = dict(keys)
    waiting: list[bytes] = []
    signatures = 0
    there, purged, gone = frozenset(keyring.names), set[str](), dict[str, int]()

    def check(row: Row) -> None:
        nonlocal waiting, signatures
        try:
            digest = signed_digest(row)
            meta = json.loads(row.meta)
            back, index = meta["b"]
            if "s" in meta:
                waiting = _digests(meta, digest)
                key = devices.get(row.device)
                words = batch_words(waiting)
                if key is None:
                    faults.append(f"entry {row.seq}: signed by {row.device}, not enrolled")
                elif not signature_fits(key, words, bytes.fromhex(meta["s"])):
                    faults.append(f"entry {row.seq}: the signature does not fit {row.device}")
                signatures += 1
            elif not back:
                faults.append(f"entry {row.seq}: not signed")
            if not 0 <= index < len(waiting) or waiting[index] != digest:
                faults.append(f"entry {row.seq}: not among what {row.device} signed")
            for _, key_name, _ in meta["p"]:
                if key_name and key_name not in there:
                    gone.setdefault(key_name, row.seq)
            opened = open_row(row, keyring)
            if row.kind == "enrol":
                _learn(devices, entry_of(opened).body, keys)
            elif row.kind == "purge":
                purged.update(getattr(entry_of(opened).body, "keys", ()))
        except (DamagedError, LedgerError, ValueError, KeyError, TypeError) as error:
            faults.append(f"entry {row.seq}: {error}")

    chain = verify_chain(store, _HeadKeys(devices), anchors, show=check)
    faults += [
        f"entry {seq}: sealed under {key}, a key that is gone though nobody purged it"
        for key, seq in gone.items()
        if key not in purged
    ]
    return Verdict(
        chain.entries,
        chain.hash,
        chain.heads,
        chain.anchored,
        signatures,
        chain.faults + tuple(faults),
    )


class _HeadKeys(dict[str, str]):
    """Sees the keys of devices as they are enrolled while the rows pass."""

    def __init__(self, live: Mapping[str, str]) -> None:
        super().__init__()
        self._live = live

    def get(self, device: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return the key of a device."""
        return self._live.get(device, default)


def _learn(devices: dict[str, str], body: object, keys: Mapping[str, str]) -> None:
    """Learn a device's key; a key trusted from outside is never replaced by an entry."""
    device = getattr(body, "device", None)
    key = getattr(body, "key", None)
    if isinstance(device, str) and isinstance(key, str) and device not in keys:
        devices[device] = key


def _digests(meta: Mapping[str, str], own: bytes) -> list[bytes]:
    """Return the digests that a batch's signature is over."""
    if "d" not in meta:
        return [own]
    listed = bytes.fromhex(meta["d"])
    return [listed[at : at + 32] for at in range(0, len(listed), 32)]


def _heads(store: Store, faults: list[str]) -> list[Head]:
    try:
        return list(store.heads())
    except LedgerError as error:
        faults.append(str(error))
        return []


def _head_fits(head: Head, keys: Mapping[str, str]) -> bool:
    key = keys.get(head.device)
    if key is None:
        return False
    words = head_words(head.seq, head.hash, head.at, head.device)
    return signature_fits(key, words, head.signature)
