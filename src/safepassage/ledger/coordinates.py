"""Finds coordinates in words, so that they never enter the ledger.

A position that leaks is a target. Posts and km marks say enough to run a convoy; degrees, grid
references and map links say where to aim. The patterns err on the side of refusing.
"""

import re
import unicodedata

# A decimal comma needs four digits after it: "1,250" is how many people, not where they are.
_NUMBER = r"[-+]?\d{1,3}(?:\.\d{3,}|,\d{4,})"
_PATTERNS: tuple[re.Pattern[str], ...] = (
    # Two numbers with three decimals or more, as copied from a map: 36.2021, 37.1343
    re.compile(rf"(?<![\d.]){_NUMBER}\s*°?\s*[NSEWnsew]?[\s,;/|_-]+{_NUMBER}(?![\d])"),
    # One number of degrees with a direction: 36.2021 N, N36.2021, 36.2021°
    re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3,}|,\d{4,})\s*(?:°|(?:°\s*)?[NSEW]\b)"),
    re.compile(r"\b[NSEW][\s_-]*\d{1,3}[.,]\d{3,}"),
    # Degrees, minutes, seconds: 36°12'07"
    re.compile(r"\d{1,3}\s*[°º]\s*\d{1,2}(?:[.,]\d+)?\s*['′’]"),
    re.compile(r"\bgeo:[-+]?\d", re.IGNORECASE),
    re.compile(r"[/=@]-?\d{1,3}\.\d{2,},\s*-?\d{1,3}\.\d{2,}"),
    # Military grid (37S BV 12345 67890), UTM (37S 334567 4005678) and plus codes (8G5C6M25+7R)
    re.compile(
        r"\b\d{1,2}[C-HJ-NP-X][\s_-]?[A-HJ-NP-Z]{2}[\s_-]?"
        r"(?:\d{2}[\s_-]?\d{2}|\d{3,5}[\s_-]?\d{3,5})\b"
    ),
    re.compile(r"\b\d{1,2}[C-HJ-NP-X][\s_-]+\d{6}[\s_-]+\d{7}\b"),
    re.compile(r"\b[23456789CFGHJMPQRVWX]{6,8}\+[23456789CFGHJMPQRVWX]{2,3}\b"),
    re.compile(r"\blat(?:itude)?\b\s*[:=]?\s*[-+]?\d", re.IGNORECASE),
)
_DIGIT = re.compile(r"\d")
_SUSPECT = re.compile(r"\d[.,]\d\d|[°º+]|\d{6}|\d[C-HJ-NP-X][\s_-]?[A-HJ-NP-Z]{2}|(?i:geo:|lat)")
"""What every pattern needs some of: most words have none, and are looked at once only."""


def holds_coordinates(words: str) -> bool:
    """Tell whether words hold something that names a point on the map by numbers."""
    digits = words if words.isascii() else _latin(words)
    if not _SUSPECT.search(digits):
        return False
    return any(pattern.search(digits) for pattern in _PATTERNS)


def _latin(words: str) -> str:
    """Return words with Latin digits, decimal points and commas."""
    if not _DIGIT.search(words):
        return words
    return "".join(
        one if (digit := unicodedata.decimal(one, None)) is None else str(digit) for one in words
    ).translate({0x066B: ".", 0x060C: ","})
