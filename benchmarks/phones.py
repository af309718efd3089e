"""A phone without a screen: makes reports, signs them, and forgets nothing before it is sent."""

import base64
import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from safepassage.board.phone.enrolment import enrol_words
from safepassage.board.phone.expanding import Phone, salted
from safepassage.board.phone.report import SALT, Report, line_of
from safepassage.ledger.batch import batch_words, digest_of
from safepassage.ledger.signer import Signer, new_signer


@dataclass
class Pocket:
    """One phone: its key, its number of reports, and what the room does not have yet."""

    seed: int
    number: int = 0
    phone: Phone | None = None
    waiting: list[tuple[Report, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.signer: Signer = new_signer("new", entropy=self._chance.randbytes)

    @property
    def key(self) -> str:
        """The public key that it enrols with."""
        return self.signer.key

    def enrolling(self, code: str) -> dict[str, str]:
        """Return what it posts to be enrolled."""
        signature = _text(self.signer.sign(enrol_words(code)))
        return {"code": code, "key": self.key, "signature": signature}

    def enrolled(self, device: str, sign: str, post: str) -> None:
        """Take the name that the room gives."""
        self.phone = Phone(device, sign, post)

    def press(self, what: str, at: datetime, **fields: Any) -> Report:
        """Make one report and keep it until it is sent."""
        self.number += 1
        report = Report(self.number, at.replace(microsecond=0), what, **fields)
        self.waiting.append((report, self._chance.randbytes(SALT)))
        return report

    def batch(self, most: int = 100) -> dict[str, Any]:
        """Return the oldest reports that wait, signed together, as the page posts them."""
        return self.signed(self.waiting[:most])

    def signed(self, reports: list[tuple[Report, bytes]]) -> dict[str, Any]:
        """Return reports signed together."""
        if self.phone is None:
            raise ValueError("not enrolled")
        messages = [one for report, salt in reports for one in salted(report, salt, self.phone)]
        words = batch_words([digest_of(one, self.phone.device) for one in messages])
        return {
            "device": self.phone.device,
            "lines": [line_of(report, salt) for report, salt in reports],
            "signature": _text(self.signer.sign(words)),
            "clock": "",
            "page": "bench",
        }

    def asking(self, clock: str) -> dict[str, Any]:
        """Return what it posts when nothing waits."""
        if self.phone is None:
            raise ValueError("not enrolled")
        device = self.phone.device
        words = f"safepassage/ask/1\0{device}\0{clock}".encode()
        signature = _text(self.signer.sign(words))
        return {"device": device, "lines": [], "signature": signature, "clock": clock, "page": "b"}

    def heard(self, receipts: list[list[Any]]) -> None:
        """Let go of what the room has."""
        sent = {one[0] for one in receipts if one[1] == "sent"}
        self.waiting = [one for one in self.waiting if one[0].number not in sent]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
