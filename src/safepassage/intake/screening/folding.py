"""One spelling for many: what is compared, when texts are compared."""

import re
import unicodedata

_MARKS = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u2060\ufeff]"
)
_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return a text without case, marks, drawn-out letters and odd spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ALEF)
    plain = "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in plain
    )
    return _SPACES.sub(" ", _DRAWN_OUT.sub(r"\1\1", _MARKS.sub("", plain))).strip()
