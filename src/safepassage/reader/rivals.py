"""Rival claims: set side by side with the question they leave open, never merged, never settled."""

import re
from dataclasses import dataclass
from itertools import combinations

from safepassage.reader.fact import AUTHOR, Fact
from safepassage.reader.statements import Statement
from safepassage.reader.text import Stored

NEAR = 700
"""Code points between two claims that may speak of one thing."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Statements or facts of different speakers on one event that cannot all be so.

    `members` are their ids. `low` and `high` span rival figures; a person chooses, or takes both
    ends as a range.
    """

    id: str
    about: str
    question: str
    members: tuple[str, ...]
    of: str | None = None
    low: float | None = None
    high: float | None = None


def rivals_of(stored: Stored, statements: list[Statement], facts: list[Fact]) -> list[Rivals]:
    """Return the rival claims of one text, numbered R1, R2, ..."""
    found = [*_blame(statements), *_truce(statements, facts), *_figures(stored, statements, facts)]
    return [
        Rivals(f"R{n}", one.about, one.question, one.members, one.of, one.low, one.high)
        for n, one in enumerate(found, 1)
    ]


def _blame(statements: list[Statement]) -> list[Rivals]:
    """Two accusations, or an accusation and its denial, close together by different speakers."""
    found: list[Rivals] = []
    used: set[str] = set()
    for one, other in combinations(statements, 2):
        if one.name == other.name or one.id in used or other.id in used:
            continue
        if one.speaker is None or other.speaker is None or one.reports or other.reports:
            continue
        gap = abs(other.first - one.first)
        classes = {one.class_name, other.class_name}
        both = classes <= {"accuse", "claim", "deny"} and gap < NEAR
        if not both or not classes & {"accuse", "deny"}:
            continue
        close = gap < 260 or classes in ({"accuse"}, {"accuse", "deny"})
        about_same = _shared(one, other) or classes & {"accuse"}
        if close and about_same:
            used |= {one.id, other.id}
            found.append(
                Rivals(
                    "",
                    "blame" if "accuse" in classes else "denial",
                    "Who did it, and did it happen? The text gives both.",
                    (one.id, other.id),
                    other.of,
                )
            )
    return found


def _shared(one: Statement, other: Statement) -> bool:
    """Whether two contents share a word that carries meaning."""
    return bool(_keys(one) & _keys(other))


def _keys(one: Statement) -> set[str]:
    text = " ".join(part.text for part in one.content).lower()
    return {word.strip('.,“”"’') for word in text.split() if len(word) > 5}


def _truce(statements: list[Statement], facts: list[Fact]) -> list[Rivals]:
    """Return a truce that one side says holds, and those who doubt it."""
    hopeful = {
        fact.asserted_by
        for fact in facts
        if fact.kind == "truce"
        and fact.value in {"re-established", "holding", "in force", "agreed"}
    }
    hopeful -= {AUTHOR}
    doubting = [one for one in statements if one.class_name in {"doubt", "deny"}]
    claims = [one for one in statements if one.id in hopeful]
    if not claims or not doubting:
        return []
    against = [one for one in doubting if one.name != claims[0].name]
    if not against:
        return []
    return [
        Rivals(
            "",
            "truce",
            "Does the truce hold? One side says so, others doubt it.",
            (claims[0].id, *(one.id for one in against)),
            claims[0].of,
        )
    ]


def _figures(stored: Stored, statements: list[Statement], facts: list[Fact]) -> list[Rivals]:
    """Return what is counted differently by two speakers, or by the text and its source."""
    speakers = {one.id: one.name or "" for one in statements}
    cues = {one.id: one.cue.text.lower() for one in statements}
    found: list[Rivals] = []
    used: set[str] = set()
    counted = [
        one
        for one in facts
        if one.kind in {"people", "fleet", "casualties"} and isinstance(one.value, int | float)
    ]
    for one, other in combinations(counted, 2):
        if other.id in used or one.kind != other.kind or one.unit != other.unit:
            continue
        if one.belongs_to != other.belongs_to or one.value == other.value:
            continue
        if one.asserted_by == other.asserted_by:
            continue
        if speakers.get(one.asserted_by, AUTHOR) == speakers.get(other.asserted_by, AUTHOR):
            continue
        if other.span.start - one.span.start > NEAR:
            continue
        figure = cues.get(other.asserted_by, "") in {
            "put",
            "gave",
            "puts",
            "gives",
            "counted",
            "set",
        }
        contrast = "not" in cues.get(other.asserted_by, "")
        group = _head(one) == _head(other) and _of_one_thing(stored, one, other)
        if not (
            figure
            or contrast
            or (group and _state(one) == _state(other) and one.status == other.status)
        ):
            continue
        low, high = sorted((float(one.value or 0), float(other.value or 0)))
        if low <= 0 or high > 20 * low:
            continue
        used.add(other.id)
        found.append(
            Rivals(
                "",
                one.kind,
                f"How many {one.unit}? The counts differ.",
                (one.id, other.id),
                one.belongs_to,
                low,
                high,
            )
        )
    return found


_GENERAL = frozenset({"people", "persons", "person", "residents", "homes", "houses"})
_AFTER = re.compile(r"[a-z]{4,}")
_EMPTY = frozenset(
    {"have", "been", "were", "with", "from", "that", "their", "they", "this", "more", "than"}
)


def _of_one_thing(stored: Stored, one: Fact, other: Fact) -> bool:
    """Whether two counts of people at large are said of one thing: the words after them agree."""
    if _head(one) not in _GENERAL:
        return True

    def after(fact: Fact) -> set[str]:
        text = stored.text[fact.span.end : fact.span.end + 30].lower()
        return set(_AFTER.findall(text)) - _EMPTY

    return bool(after(one) & after(other))


def _head(one: Fact) -> str:
    return (
        one.more.get("group", one.unit or "").split()[-1:][0]
        if one.more.get("group")
        else one.unit or ""
    )


def _state(one: Fact) -> str:
    return one.more.get("state", "")
