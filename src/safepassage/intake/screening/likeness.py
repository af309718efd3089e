"""Near-duplicates: the same text sent again with small changes stands in one row.

SimHash of 64 bits over sequences of four letters (Charikar 2002): texts that share most of them
differ in few bits. Two texts with other digits are never the same: "street 4" is not "street 5".
"""

import hashlib
import re

NEAR = 5
"""At most so many of 64 bits differ."""
SHORT = 24
"""A text of fewer letters is folded only into the very same text."""
_DIGITS = re.compile(r"\d+")


def fingerprint(folded: str) -> int:
    """Return the SimHash of a folded text."""
    weights = [0] * 64
    padded = f" {folded} "
    for start in range(max(1, len(padded) - 3)):
        piece = padded[start : start + 4].encode()
        hashed = int.from_bytes(hashlib.blake2b(piece, digest_size=8).digest(), "big")
        for bit in range(64):
            weights[bit] += 1 if hashed >> bit & 1 else -1
    return sum(1 << bit for bit, weight in enumerate(weights) if weight > 0)


def digits(folded: str) -> str:
    """Return the numbers of a text in order: two texts with other numbers are two messages."""
    return ",".join(_DIGITS.findall(folded))


def alike(first: tuple[str, int], second: tuple[str, int]) -> bool:
    """Tell whether two folded texts, each with its fingerprint, are one message sent twice."""
    if first[0] == second[0]:
        return True
    if min(len(first[0]), len(second[0])) < SHORT or digits(first[0]) != digits(second[0]):
        return False
    return (first[1] ^ second[1]).bit_count() <= NEAR
