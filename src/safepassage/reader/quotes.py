"""Where words are quoted: pairs of quote marks within one paragraph."""

import re
from dataclasses import dataclass

from safepassage.reader.text import Stored

_OPEN = "“„«"
_CLOSE = "”»"
_STRAIGHT = '"'


_ATTRIBUTED = re.compile(
    r"\s+(?:(?:said|says|asked|added|shouted)\b|(?:[\w.’'-]+\s+){1,4}(?:said|says|asked|told|added)\b)"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch, its marks included.

    `whole` tells a sentence of its own from a few borrowed words; `closed` whether the closing mark
    stands in the same paragraph.
    """

    start: int
    end: int
    whole: bool
    closed: bool


def quotes_in(stored: Stored, start: int, end: int) -> list[Quote]:
    """Return the quotes of a paragraph; an opening mark that is never closed ends with it."""
    text = stored.text
    found: list[Quote] = []
    at: int | None = None
    for i in range(start, end):
        char = text[i]
        if char == _STRAIGHT:
            opens = at is None and (i == start or not text[i - 1].isalnum())
            if at is None and opens:
                at = i
            elif at is not None:
                found.append(_quote(text, at, i + 1, closed=True))
                at = None
        elif char in _OPEN:
            at = i
        elif char in _CLOSE and at is not None:
            found.append(_quote(text, at, i + 1, closed=True))
            at = None
    if at is not None and text[at] in _OPEN and len(text[at:end].split()) >= 4:
        found.append(_quote(text, at, end, closed=False))
    return found


def _quote(text: str, start: int, end: int, *, closed: bool) -> Quote:
    inner = text[start + 1 : end - 1 if closed else end].strip()
    ends = bool(re.search(r"[.!?,;:…—-]$", inner))
    first = inner[:1].isupper() or inner[:1] in "…'‘" or inner[:1].isdigit()
    many = len(inner.split()) >= 3
    whole = first and (ends or len(inner.split()) >= 7) and many
    if first and not many and re.search(r"[,?!.]$", inner):
        # “Yesterday, two,” he said: short, and yet a sentence.
        whole = bool(_ATTRIBUTED.match(text, end, end + 60))
    return Quote(start, end, whole, closed)
