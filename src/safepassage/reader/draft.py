"""Proposals for a person: what a reading could add to a scenario and a ledger, one card each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from safepassage.reader.exports import value_in_words
from safepassage.reader.fact import AUTHOR, Fact
from safepassage.reader.reading import Reading
from safepassage.reader.rivals import Rivals
from safepassage.reader.statements import Statement
from safepassage.reader.tables import words
from safepassage.reader.text import Span
from safepassage.scenario.scenario import Scenario

Answer = Literal["accepted", "edited", "rejected", "not this operation"]
AROUND = 70
"""Code points of the text shown on each side of a quote."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of a scenario that a fact could become: table, place in it, and keys."""

    table: str
    index: int
    keys: tuple[str, ...]
    label: str
    now: str


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal: what it says, the quote with its surroundings, and where it could go.

    `alone` marks what must be confirmed one by one. A card of rivals offers a range.
    """

    id: str
    about: Literal["fact", "statement", "rivals"]
    kind: str
    title: str
    quote: Span
    before: str
    after: str
    alone: bool
    fact: Fact | None = None
    statement: Statement | None = None
    rivals: Rivals | None = None
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a card: by whom, the value taken, and where it goes."""

    card: Card
    answer: Answer
    by: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    target: Target | None = None


def cards_of(reading: Reading, scenario: Scenario | None) -> list[Card]:
    """Return the cards of a reading: figures, then rivals, then statements."""
    said = {one.id: one for one in reading.statements}
    in_rivals = {member for one in reading.rivals for member in one.members}
    cards = [
        _fact_card(reading, fact, said, scenario, rival=fact.id in in_rivals)
        for fact in reading.facts
    ]
    by_id = {fact.id: fact for fact in reading.facts}
    for rivals in reading.rivals:
        members = [by_id[one] for one in rivals.members if one in by_id]
        first = members[0].span if members else said[rivals.members[0]].content[0]
        listed = "; ".join(
            f"{value_in_words(one)}, per {_per(one, said)}" for one in members
        ) or "; ".join(f"{one}: {said[one].name or 'nobody named'}" for one in rivals.members)
        before, after = _around(reading, first)
        targets = targets_of(scenario, members[0]) if scenario is not None and members else ()
        cards.append(
            Card(
                rivals.id,
                "rivals",
                rivals.about,
                f"{rivals.question} {listed}",
                first,
                before,
                after,
                alone=True,
                fact=members[0] if members else None,
                rivals=rivals,
                targets=targets,
            )
        )
    for one in reading.statements:
        before, after = _around(reading, one.content[0])
        who = one.name or (one.speaker.text if one.speaker is not None else "nobody named")
        cards.append(
            Card(
                one.id,
                "statement",
                one.class_name,
                f"{who}, {one.class_name}",
                one.content[0],
                before,
                after,
                one.class_name in words("kinds", "one_by_one", "classes"),
                None,
                one,
            )
        )
    return cards


def _fact_card(
    reading: Reading,
    fact: Fact,
    said: dict[str, Statement],
    scenario: Scenario | None,
    *,
    rival: bool,
) -> Card:
    before, after = _around(reading, fact.span)
    event = "" if fact.belongs_to in {None, "E1"} else f"; of another attempt ({fact.belongs_to})"
    title = f"{value_in_words(fact)} ({fact.status}; per {_per(fact, said)}{event})"
    alone = rival or fact.kind in words("kinds", "one_by_one", "kinds")
    targets = targets_of(scenario, fact) if scenario is not None else ()
    return Card(
        fact.id,
        "fact",
        fact.kind,
        title,
        fact.span,
        before,
        after,
        alone,
        fact,
        None,
        None,
        targets,
    )


def _per(fact: Fact, said: dict[str, Statement]) -> str:
    if fact.asserted_by == AUTHOR:
        return "the text itself"
    one = said.get(fact.asserted_by)
    return (one.name or one.speaker.text if one.speaker else "nobody named") if one else "the text"


def _around(reading: Reading, span: Span) -> tuple[str, str]:
    text = reading.stored.text
    return text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]


def targets_of(scenario: Scenario, fact: Fact) -> tuple[Target, ...]:
    """Return the figures of a scenario that a number could become; none for what is no figure."""
    if not isinstance(fact.value, int | float) and fact.low is None:
        return ()
    if fact.kind == "fleet":
        same = [
            Target("vehicle", n, ("count",), f"{one.kind}: how many", _now(one.count))
            for n, one in enumerate(scenario.vehicles)
            if fact.unit in (one.kind, "vehicle")
        ]
        return tuple(same)
    if fact.kind == "people" and fact.unit in {"persons", "patients"}:
        return tuple(
            Target(
                "group",
                n,
                ("leave",),
                f"{one.id} ({one.class_id} at {one.at}): who wish to leave",
                _now(one.leave),
            )
            for n, one in enumerate(scenario.groups)
        )
    if fact.kind == "people" and fact.unit == "families":
        return tuple(
            Target(
                "group",
                n,
                ("households",),
                f"{one.id} at {one.at}: households",
                _now(one.households),
            )
            for n, one in enumerate(scenario.groups)
        )
    if fact.kind == "capacity":
        seats = [
            Target("vehicle", n, ("slots", "seat"), f"{one.kind}: seats", _now(one.slots["seat"]))
            for n, one in enumerate(scenario.vehicles)
            if one.kind == fact.unit and "seat" in one.slots
        ]
        places = [
            Target("place", n, ("capacity",), f"{one.id}: capacity", _now(one.capacity))
            for n, one in enumerate(scenario.places)
            if fact.unit == "places" and one.kind in {"shelter", "hospital"}
        ]
        return tuple(seats + places)
    if fact.kind == "distance" and fact.unit == "km":
        return tuple(
            Target(
                "leg", n, ("km",), f"{one.id} ({one.start} to {one.end}): kilometres", _now(one.km)
            )
            for n, one in enumerate(scenario.legs)
        )
    if fact.kind == "duration" and fact.unit in {"minute", "hour"}:
        return tuple(
            Target(
                "leg",
                n,
                ("time",),
                f"{one.id} ({one.start} to {one.end}): driving time",
                _now(one.time),
            )
            for n, one in enumerate(scenario.legs)
        )
    return ()


def _now(figure: object) -> str:
    """Return what a figure says now."""
    if figure is None:
        return "not stated"
    unknown = getattr(figure, "unknown", None)
    if unknown is not None:
        return f"unknown ({unknown})"
    value = getattr(figure, "value", None)
    if value is None:
        return f"{_plain(getattr(figure, 'low', None))} to {_plain(getattr(figure, 'high', None))}"
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 60:g} min"
    return str(value)


def bulk_refused(card: Card) -> str | None:
    """Return why a card may not be accepted together with others, or None where it may."""
    if not card.alone:
        return None
    return f"{card.kind}: confirmed one by one, never in bulk"
