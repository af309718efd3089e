"""What other rooms say in English, said in another language: by a table of sentences with values.

Faults, refusals and reasons of the ledger, the reader or the public page come as English text. The
table (`locale/sentences.txt`, written by `scripts/words.py` from the sources themselves) holds the
sentence of each with `%(name)s` where a value stands; text that fits one is said by its
translation, with the values put back.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from safepassage.board.wording import LOCALE, Words

TABLE = LOCALE / "sentences.txt"
_VALUE = re.compile(r"%\((\w+)\)s")
DEEPEST = 4
"""How many sentences may stand inside each other."""
LONGEST = 8_000
"""Characters: no text of the program that is translated is longer."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence of the table, and the values with which it makes a text."""

    sentence: str
    values: dict[str, str]


@cache
def sentences() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the table: each sentence and its parts between values, the longest of these first."""
    lines = [one for one in TABLE.read_text(encoding="utf-8").split("\n") if one]
    lines.sort(key=lambda one: (-len(_VALUE.sub("", one)), one))
    return tuple((one, tuple(_VALUE.split(one)[::2])) for one in lines)


def fitting(text: str) -> Found | None:
    """Return the sentence that a text was made from; None where the table knows none.

    A value may be anything, also over several lines. A text that is longer than whatever the
    program says is not looked up: the table is read on the thread that serves every screen.
    """
    return _fitting(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _fitting(text: str) -> Found | None:
    for sentence, parts in sentences():
        values = _between(text, parts)
        if values is not None:
            return Found(sentence, dict(zip(_VALUE.findall(sentence), values, strict=True)))
    return None


def _between(text: str, parts: tuple[str, ...]) -> list[str] | None:
    """Return what stands between the parts of a text, None if it is not made of them.

    Each part is taken where it comes first: a pattern would try every place of it with every place
    of the next.
    """
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return [] if text == first else None
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last)) or end < len(first):
        return None
    values, at = [], len(first)
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return None
        values.append(text[at:found])
        at = found + len(part)
    values.append(text[at:end])
    return values


def whole(sentence: str) -> bool:
    """Tell whether a sentence has so many words of its own that text is known by them.

    "A on B" is said of much else.
    """
    own = re.findall(r"[A-Za-z]{2,}", _VALUE.sub("", sentence))
    return len(own) > 1 or any(len(one) > 4 for one in own)


def knows(said: Words, text: str) -> bool:
    """Tell whether a language has a translation of exactly this text."""
    return said(text) != text
