"""A go is a lease: signed, with an end, for one convoy of one plan at one head of the ledger.

It governs departure and the entry past named commit points. Its end never orders a moving convoy to
stop: then facts are shown, and the convoy's leader decides.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from safepassage.clearance.limits import LEASE, SKEW, TIGHT_LEASE
from safepassage.clearance.rules import Clearance
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.signer import Signer, signature_fits

FORMAT = "SPL1"
# Four-letter words are heard rightly over a bad radio more often than digits.
_SYLLABLES = (
    *("BA", "DO", "FI", "GU", "KA", "LO", "MI", "NU"),
    *("PA", "RO", "SI", "TU", "VA", "ZO", "HI", "WE"),
)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How late a stop can be: the lease `length`, and the `skew` that two clocks may have.

    `latest_stop` is the time from the room learning of a break to a convoy without network holding
    before its next commit point: length + 2 skews. Learning of the break comes on top.
    """

    length: timedelta = LEASE
    skew: timedelta = SKEW

    @property
    def latest_stop(self) -> timedelta:
        """The latest stop after a break is known; the rehearsal's detection delay."""
        return self.length + 2 * self.skew

    def in_words(self) -> str:
        """Return it as a sentence for the plan and the form."""
        seconds = int(self.latest_stop.total_seconds())
        return (
            f"A go lasts {int(self.length.total_seconds())} s. From the room learning of a break "
            f"to the last convoy without network holding before its next commit point: {seconds} "
            "s, and the time to learn of it."
        )


USUAL = Arithmetic()
TIGHT = Arithmetic(TIGHT_LEASE)
"""Where the radio is good."""


def detection_delay(arithmetic: Arithmetic = USUAL) -> timedelta:
    """Return the delay that a rehearsal puts between a break and the field acting on it."""
    return arithmetic.latest_stop


@dataclass(frozen=True, slots=True)
class Lease:
    """A signed go: who may move, on which plan, from when until when, on which head."""

    convoy: str
    plan_hash: str
    upto: int
    head: str
    begins: datetime
    ends: datetime
    commit_points: tuple[str, ...]
    device: str
    signature: bytes

    @property
    def words(self) -> str:
        """Four words to read back over the radio."""
        digits = [int(one, 16) for one in self.signature.hex()[:8]]
        firsts, seconds = digits[::2], digits[1::2]
        pairs = [_SYLLABLES[a] + _SYLLABLES[b] for a, b in zip(firsts, seconds, strict=True)]
        return " ".join(pairs)


def grant(
    clearance: Clearance, *, head: str, commit_points: tuple[str, ...], signer: Signer
) -> Lease:
    """Return the signed lease of a go.

    Raises
    ------
    ValueError
        If the clearance is no go: nothing else can be signed.
    """
    if not clearance.go or clearance.ends is None:
        raise ValueError("no lease without a go")
    unsigned = Lease(
        clearance.convoy,
        clearance.plan_hash,
        clearance.upto,
        head,
        clearance.at,
        clearance.ends,
        commit_points,
        signer.device,
        b"",
    )
    signature = signer.sign(_signed_words(unsigned))
    return Lease(
        unsigned.convoy,
        unsigned.plan_hash,
        unsigned.upto,
        unsigned.head,
        unsigned.begins,
        unsigned.ends,
        unsigned.commit_points,
        unsigned.device,
        signature,
    )


def token(lease: Lease) -> str:
    """Return a lease as one line of text, for a QR code or a message."""
    words = base64.urlsafe_b64encode(_signed_words(lease)).decode()
    return f"{FORMAT}.{words}.{base64.urlsafe_b64encode(lease.signature).decode()}"


def read_token(text: str, key: str) -> Lease:
    """Return the lease of a token, checked against the room's public key, without any network.

    Raises
    ------
    LedgerError
        If it is not a lease that this key has signed.
    """
    try:
        form, words, signed = text.strip().split(".")
        if form != FORMAT:
            raise LedgerError(f"not a lease: got {form[:10]!r}, want {FORMAT}")
        content, signature = _unpacked(words), _unpacked(signed)
        if not signature_fits(key, content, signature):
            raise LedgerError("not a lease of this room: the signature does not fit")
        found = json.loads(content)
        return Lease(
            str(found["convoy"]),
            str(found["plan_hash"]),
            int(found["upto"]),
            str(found["head"]),
            datetime.fromisoformat(found["begins"]),
            datetime.fromisoformat(found["ends"]),
            tuple(found["commit_points"]),
            str(found["device"]),
            signature,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"not a lease ({error})") from None


def may_pass(
    lease: Lease, *, convoy: str, plan_hash: str, point: str, at: datetime, skew: timedelta = SKEW
) -> bool:
    """Tell whether a lease lets a convoy pass a commit point, on the pessimistic clock."""
    return (
        lease.convoy == convoy
        and lease.plan_hash == plan_hash
        and point in lease.commit_points
        and lease.begins - skew <= at
        and at + skew <= lease.ends
    )


def facts_after(lease: Lease, *, at: datetime, nearest_halt: str | None) -> tuple[str, ...]:
    """Return what is shown once a lease has ended: facts, never an order."""
    if at <= lease.ends:
        return ()
    halt = nearest_halt or "not known"
    return (
        f"The go for convoy {lease.convoy} ended at {lease.ends.isoformat(timespec='minutes')}.",
        f"Nearest agreed halt: {halt}.",
        "The convoy leader decides.",
    )


def _signed_words(lease: Lease) -> bytes:
    return json.dumps(
        {
            "convoy": lease.convoy,
            "plan_hash": lease.plan_hash,
            "upto": lease.upto,
            "head": lease.head,
            "begins": lease.begins.isoformat(),
            "ends": lease.ends.isoformat(),
            "commit_points": list(lease.commit_points),
            "device": lease.device,
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text.encode(), altchars=b"-_", validate=True)
