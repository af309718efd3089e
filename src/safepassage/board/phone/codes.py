"""Codes that people say, read and type: four letters over a line, a phone's word, a code to enrol.

Four letters are keyed by a secret that only the phone and the room know: a line that was heard
wrong, or made up by a stranger who knows the format, does not fit (one in 160,000 does by chance).
"""

import hashlib
import secrets
from collections.abc import Collection
from io import BytesIO

import segno

from safepassage.board.phone.report import Report, words_of
from safepassage.ledger.signer import Signer

LETTERS = "ABCDEFHKLMNPRSTUWXYZ"
"""Twenty letters that are not taken for each other over a bad radio: no I, J, O, Q, G, V."""
ENROL_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, for a code that is typed once."""
ENROL_LENGTH = 12
_FIRST, _SECOND = "BDFKLMNPRSTZ", "AEOU"


def voice_secret(signer: Signer, device: str) -> bytes:
    """Return the secret of a phone's codes: the room can always make it again, nobody else can."""
    return hashlib.sha256(signer.sign(b"safepassage/voice/1\0" + device.encode())).digest()[:16]


def line_code(report: Report, secret: bytes) -> str:
    """Return the four letters that are read back after a line."""
    return _letters(secret + b"\0" + words_of(report).encode())


def receipt_code(signature: str, secret: bytes) -> str:
    """Return the four letters that say: the room has this whole batch on its disk."""
    return _letters(secret + b"\0receipt\0" + signature.encode())


def new_word(taken: Collection[str]) -> str:
    """Return a word of four letters that no phone of this ledger has had."""
    for _ in range(10_000):
        word = "".join(secrets.choice(one) for one in (_FIRST, _SECOND, _FIRST, _SECOND))
        if word not in taken:
            return word
    raise ValueError("every word of four letters is taken by a phone of this ledger")


def new_enrol_code() -> str:
    """Return a code that enrols one phone once: 60 bits."""
    return "".join(secrets.choice(ENROL_LETTERS) for _ in range(ENROL_LENGTH))


def qr_svg(text: str) -> str:
    """Return a QR code as SVG that takes whatever size its page gives it."""
    made = BytesIO()
    segno.make(text, error="m", micro=False).save(
        made, kind="svg", border=4, xmldecl=False, nl=False, light="#fff", omitsize=True
    )
    return made.getvalue().decode()


def _letters(text: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(text).digest()[:4], "big")
    signs = []
    for _ in range(4):
        number, place = divmod(number, len(LETTERS))
        signs.append(LETTERS[place])
    return "".join(signs)
