"""Kinds of entries for what the public is told: a notice, who released it, and its taking down."""

from dataclasses import dataclass

from safepassage.ledger.decided import ROLES
from safepassage.ledger.fields import digest, document, name, needed, one_of, several, words

LONGEST_NOTICE = 48 * 1024


@dataclass(frozen=True, slots=True)
class Notice:
    """A text for the public, proposed by one person; nothing of it is public yet."""

    notice: str = needed(name, "id of the notice; a later one with the same id replaces it")
    text: str = needed(document(LONGEST_NOTICE), "the notice, letter for letter")
    text_hash: str = needed(digest, "SHA-256 of the text")
    person: str = needed(name, "call sign of the person who proposes it")


@dataclass(frozen=True, slots=True)
class Publication:
    """One of the two people who release a notice, having read exactly this text."""

    notice: str = needed(name, "id of the notice")
    text_hash: str = needed(digest, "SHA-256 of the text that they have read")
    person: str = needed(name, "call sign")
    role: str = needed(one_of(*ROLES), "the role in which they release it")
    exact: tuple[str, ...] = several("exact places that they release with it")


@dataclass(frozen=True, slots=True)
class Takedown:
    """One person takes a notice off the public page: one is enough."""

    notice: str = needed(name, "id of the notice")
    person: str = needed(name, "call sign")
    why: str = needed(words(400), "why")
