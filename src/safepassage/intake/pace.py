"""How quickly messages may come: slow down, do not block, and remember no address.

Many people share one address, so a bucket refills within seconds. An address is known only as a
keyed hash whose key is thrown away every day and never written down.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass

DAY = 86_400


@dataclass(slots=True)
class Bucket:
    """Holds up to `size` tokens and gains `a_second` of them."""

    size: float
    a_second: float
    held: float
    at: float

    def take(self, now: float) -> bool:
        """Take one token if there is one."""
        self.held = min(self.size, self.held + max(0.0, now - self.at) * self.a_second)
        self.at = now
        if self.held < 1.0:
            return False
        self.held -= 1.0
        return True


class Paces:
    """A bucket for each visitor, the least recently seen forgotten first."""

    def __init__(self, *, size: float, a_second: float, most: int = 20_000) -> None:
        self._size = size
        self._a_second = a_second
        self._most = most
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()
        self._day = -1
        self._key = b""

    def take(self, address: str, now: float) -> bool:
        """Tell whether a visitor may send one now."""
        hashed = self._hash(address, now)
        bucket = self._buckets.get(hashed)
        if bucket is None:
            bucket = Bucket(self._size, self._a_second, self._size, now)
            self._buckets[hashed] = bucket
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(hashed)
        return bucket.take(now)

    def _hash(self, address: str, now: float) -> bytes:
        day = int(now) // DAY
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
            self._buckets.clear()
        return hmac.new(self._key, address.encode(), hashlib.sha256).digest()[:16]
