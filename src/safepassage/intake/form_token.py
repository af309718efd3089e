"""The signed time of a form: sent by a person, not sooner than 3 s, not later than a day.

Each token counts once. Nothing about the visitor is in it.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Literal

SOONEST = 3.0
"""Seconds. A person reads and writes; a machine does not wait."""
LATEST = 24 * 3600.0
Judged = Literal["good", "early", "old", "forged"]


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Makes and judges tokens; `secret` lives as long as the process."""

    secret: bytes

    def new(self, now: float) -> str:
        """Return a token for a form handed out at `now` (seconds since the epoch)."""
        words = f"{int(now * 10):x}.{secrets.token_hex(8)}"
        return f"{words}.{self._sign(words)}"

    def judge(self, token: str, now: float) -> tuple[Judged, str]:
        """Return what a token is worth at `now`, and its words, which count once."""
        words, _, signature = token.rpartition(".")
        try:
            fits = hmac.compare_digest(signature, self._sign(words))
        except TypeError:
            # Letters outside ASCII: no token of ours has them.
            fits = False
        if not fits:
            return "forged", ""
        age = now - int(words.partition(".")[0], 16) / 10
        if age < SOONEST:
            return "early", words
        return ("old" if age > LATEST else "good"), words

    def _sign(self, words: str) -> str:
        digest = hmac.new(self.secret, words.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:12]).decode()
