"""Call signs as people type them: `Radio-1` and `radio-1` are one person, never two."""

from collections.abc import Iterable


def same_person(call_sign: str) -> str:
    """Return what all spellings of one call sign have in common."""
    return call_sign.casefold()


def people_of(call_signs: Iterable[str]) -> frozenset[str]:
    """Return one spelling, the first, of each person."""
    found: dict[str, str] = {}
    for one in call_signs:
        found.setdefault(same_person(one), one)
    return frozenset(found.values())
