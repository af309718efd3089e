"""The ticket code: how somebody without a name or an address gets an answer.

Ten letters and digits that are hard to mistake (Crockford's alphabet): 50 bits. Only its hash is
kept, so that nobody who reads the queue can answer in another's place or read what was sealed.
"""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_MEANT = str.maketrans("OILU", "011V")


def new_code() -> str:
    """Return a new code, without the stroke in the middle."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return a code as people read it: ABCDE-FGHJK."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(text: str) -> str | None:
    """Return the code that somebody typed, or None where it cannot be one."""
    kept = [char for char in text.upper() if char.isalnum()]
    # Arabic keyboards write other digits.
    plain = "".join(str(int(char)) if char.isdecimal() else char for char in kept)
    code = plain.translate(_MEANT)
    if len(code) != LENGTH or any(char not in ALPHABET for char in code):
        return None
    return code


def hash_of(code: str) -> bytes:
    """Return what is kept of a code."""
    return hashlib.sha256(b"safepassage/ticket/1\0" + code.encode()).digest()
