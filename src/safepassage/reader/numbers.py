"""Numbers in words and digits, with the words that make them vague; own table, no library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SMALL = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
# The low end of a vague number is what armed-conflict coders take; the high end is ours, and wide.
_VAGUE = {
    "dozens": (12, 100),
    "scores": (20, 200),
    "hundreds": (100, 1_000),
    "thousands": (1_000, 10_000),
    "tens": (10, 100),
    "millions": (1_000_000, 10_000_000),
    "tens of thousands": (10_000, 100_000),
    "hundreds of thousands": (100_000, 1_000_000),
    "tens of hundreds": (1_000, 10_000),
    "dozens of thousands": (12_000, 100_000),
    "several hundred": (200, 1_000),
    "several thousand": (2_000, 10_000),
    "several dozen": (24, 100),
    "a few hundred": (200, 500),
    "a few thousand": (2_000, 5_000),
    "a few dozen": (24, 60),
    "a couple of dozen": (24, 24),
    "many thousands": (2_000, 100_000),
    "thousands and thousands": (2_000, 100_000),
    "many hundreds": (200, 10_000),
}
_FIXED = {
    "half a dozen": 6,
    "a dozen": 12,
    "two dozen": 24,
    "three dozen": 36,
    "four dozen": 48,
    "a hundred": 100,
    "a thousand": 1_000,
    "a million": 1_000_000,
    "half a million": 500_000,
    "a couple of": 2,
    "a pair of": 2,
    "a score of": 20,
}
_WORD = "|".join([*_SMALL, *_SCALE])
_WORDS = rf"(?:{_WORD})(?:(?:[ -]|,? and )(?:{_WORD}))*"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d,.])|\d+(?:\.\d+)?"
_PHRASES = "|".join(re.escape(one) for one in sorted([*_VAGUE, *_FIXED], key=len, reverse=True))
_BEFORE = (
    "about|around|some|nearly|almost|roughly|approximately|more than|over|at least|up to|"
    "fewer than|less than|as many as|an estimated|estimated|close to|at most|under|just over|"
    "just under|not more than|no more than|no fewer than|no less than|well over|upwards of|circa|"
    "only|just|exactly|another|a further|a total of|the first|"
    "the last|the remaining|an additional|all"
)
_ONE = rf"(?:{_PHRASES}|(?:{_DIGITS})(?:\s(?:hundred|thousand|million)\b)?|{_WORDS})"
_NUMBER = re.compile(
    rf"(?i)(?<![\w.,$€£/:-])(?:(?P<before>(?:{_BEFORE})(?:\s(?:{_BEFORE}))?)\s+)?"
    rf"(?:between\s+)?(?P<first>{_ONE})(?:\s*(?P<join>to|and|"
    rf"or|-|–|—)\s*(?P<second>{_DIGITS}|{_WORDS}))?"
    r"(?![\w%$€£]|[.,:]\d|\s?(?:%|percent|per\s+cent))"
)
_MORE = frozenset(
    {
        "more than",
        "over",
        "at least",
        "just over",
        "well over",
        "no fewer than",
        "no less than",
        "upwards of",
    }
)
_LESS = frozenset(
    {
        "up to",
        "fewer than",
        "less than",
        "as many as",
        "at most",
        "under",
        "just under",
        "not more than",
        "no more than",
    }
)
_ABOUT = frozenset(
    {
        "about",
        "around",
        "some",
        "nearly",
        "almost",
        "roughly",
        "approximately",
        "an estimated",
        "estimated",
        "close to",
        "circa",
    }
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands: its place, its value or range, and how sure the words are.

    `start` includes the words before it ("around"); `bare` is where the number itself starts.
    `value` is None for a range or a vague number; `bound` tells "more than" from "up to".
    """

    start: int
    bare: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    approx: bool
    bound: str | None


def numbers_in(text: str, start: int, end: int) -> Iterator[Number]:
    """Return the numbers between two code points of a text."""
    for found in _NUMBER.finditer(text, start, end):
        number = _number(found)
        if number is not None:
            yield number


def value_of(words: str) -> float | None:
    """Return the value of one number in digits or words; None where it is vague or no number."""
    low = re.sub(r"\s+", " ", words.lower().strip())
    if low in _FIXED:
        return _FIXED[low]
    scaled = re.fullmatch(rf"({_DIGITS}) (hundred|thousand|million)", low)
    if scaled:
        return _digits(scaled[1]) * _SCALE[scaled[2]]
    if re.fullmatch(_DIGITS, low):
        return _digits(low)
    return _spelled(low)


def _digits(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


def _spelled(text: str) -> float | None:
    total = part = 0.0
    seen = False
    for word in re.split(r"[ ,-]+", text):
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALE:
            total += (part or 1) * _SCALE[word]
            part = 0
        elif word != "and":
            return None
        seen = True
    return total + part if seen else None


def _number(found: re.Match[str]) -> Number | None:
    before = (found["before"] or "").lower()
    first = re.sub(r"\s+", " ", found["first"].lower())
    approx = any(before.startswith(one) or before.endswith(one) for one in _ABOUT if before)
    bound = next(
        (
            name
            for name, group in (("at least", _MORE), ("at most", _LESS))
            if any(one in before for one in group)
        ),
        None,
    )
    start = found.start("before") if found["before"] else found.start("first")
    if found.group().lower().lstrip().startswith("between"):
        start = found.start()
    end = found.end()
    value: float | None
    low: float | None
    high: float | None
    if first in _VAGUE:
        low, high = _VAGUE[first]
        return Number(
            start, found.start("first"), found.end("first"), None, low, high, approx, bound
        )
    value = value_of(first)
    if value is None:
        return None
    low = high = None
    if found["second"]:
        second = value_of(found["second"])
        spread = found["join"].lower() != "and" or "between" in found.group().lower()
        if second is not None and spread and second > value:
            return Number(start, found.start("first"), end, None, value, second, approx, bound)
        end = found.end("first")
    return Number(start, found.start("first"), end, value, low, high, approx, bound)
