"""The text of a report with the quotes of its cards marked in it, furniture dimmed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from safepassage.board.reports.desk import Report
from safepassage.reader.draft import Card
from safepassage.reader.text import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: the cards whose quotes hold it, and why it is furniture, if it is."""

    text: str
    cards: tuple[str, ...]
    masked: str


def pieces(report: Report) -> Iterator[Piece]:
    """Yield the whole text in order, cut wherever a quote or furniture begins or ends."""
    text = report.reading.stored.text
    spans = [(card.id, one.start, one.end) for card in report.cards for one in _spans(card)]
    masks = [(one.span.start, one.span.end, one.reason) for one in report.reading.masked]
    cuts = {0, len(text)}
    cuts |= {edge for _, start, end in spans for edge in (start, end)}
    cuts |= {edge for start, end, _ in masks for edge in (start, end)}
    edges = sorted(one for one in cuts if 0 <= one <= len(text))
    for start, end in pairwise(edges):
        held = tuple(id_ for id_, begins, ends in spans if begins <= start and end <= ends)
        why = next((one for begins, ends, one in masks if begins <= start and end <= ends), "")
        yield Piece(text[start:end], held, why)


def _spans(card: Card) -> tuple[Span, ...]:
    return card.statement.content if card.statement is not None else (card.quote,)
