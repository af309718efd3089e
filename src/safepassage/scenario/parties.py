"""Sources, parties and agreements: who says, who promises, what was agreed.

Records words; decides nothing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from."""

    id: str
    title: str
    url: str | None = None
    said_by: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A party to the agreement, or one that holds a stretch of the way."""

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    promised: str | None = None
    note: str | None = None

    def name(self, language: str = "en") -> str:
        """Return the name in a language, else in English, else the id."""
        return self.names.get(language) or self.names.get("en") or self.id


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of an agreement with each party's own version of it."""

    id: str
    text: str
    state: Literal["agreed", "open"]
    versions: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    linked_to: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the parties have agreed and what is still open between them."""

    id: str
    parties: tuple[str, ...]
    clauses: tuple[Clause, ...] = ()
    source: str | None = None
    date: dt.date | None = None
