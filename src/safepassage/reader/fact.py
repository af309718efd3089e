"""A fact that a text states: a proposal with its quote, nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safepassage.reader.text import Span

AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure or state that stands in a text.

    `value` is a number, a name or a word; a vague number has `low` and `high` and its own words as
    value. `unit` is what is counted. `more` holds the rest by name (group, by, who, state, ...).
    `belongs_to` is the event, `asserted_by` the statement whose content holds it, or "author".
    """

    kind: str
    span: Span
    value: float | str | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    approx: bool = False
    status: str = "stated"
    more: Mapping[str, str] = field(default_factory=dict)
    belongs_to: str | None = None
    asserted_by: str = AUTHOR
    id: str = ""
    time: str | None = None
