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


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence of the table, and the values with which it makes a text."""

    sentence: str
    values: dict[str, str]


@cache
def sentences() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the table: the sentence with the most words of its own first."""
    lines = [one for one in TABLE.read_text(encoding="utf-8").split("\n") if one]
    lines.sort(key=lambda one: (-len(_VALUE.sub("", one)), one))
    return tuple((one, _pattern(one)) for one in lines)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _VALUE.split(sentence)
    # Every second part is the name of a value; a value may be anything, also over several lines.
    made = [re.escape(one) if place % 2 == 0 else "(.*?)" for place, one in enumerate(parts)]
    return re.compile("".join(made), re.DOTALL)


@lru_cache(maxsize=4096)
def fitting(text: str) -> Found | None:
    """Return the sentence that a text was made from; None where the table knows none."""
    for sentence, pattern in sentences():
        found = pattern.fullmatch(text)
        if found is not None:
            names = _VALUE.findall(sentence)
            return Found(sentence, dict(zip(names, found.groups(), strict=True)))
    return None


def whole(sentence: str) -> bool:
    """Tell whether a sentence has so many words of its own that text is known by them.

    "A on B" is said of much else.
    """
    own = re.findall(r"[A-Za-z]{2,}", _VALUE.sub("", sentence))
    return len(own) > 1 or any(len(one) > 4 for one in own)


def knows(said: Words, text: str) -> bool:
    """Tell whether a language has a translation of exactly this text."""
    return said(text) != text
