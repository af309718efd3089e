"""The report as a value: sections, numbers, tables, charts. Knows neither HTML nor PDF.

One document is written in both forms, so that both say the same in the same order. A chart cannot
be made without its table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ku", "ps", "ur"})


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. `language` is set for names in another language; `name` isolates its order."""

    text: str
    language: str | None = None
    name: bool = False
    strong: bool = False

    @property
    def direction(self) -> str:
        """Return "rtl" for a language written from right to left."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


Text: TypeAlias = tuple[Span, ...]


def text(*parts: "str | Text") -> Text:
    """Return a text of plain strings and texts, in order."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(Span(part))
        else:
            spans.extend(part)
    return tuple(spans)


def strong(words: str) -> Text:
    """Return words with weight."""
    return (Span(words, strong=True),)


def named(names: Mapping[str, str], identity: str) -> Text:
    """Return a name: the English (or the id), and beside it the local one."""
    latin = names.get("en") or identity
    local = [(code, word) for code, word in sorted(names.items()) if code != "en" and word]
    local.sort(key=lambda pair: pair[0] not in RIGHT_TO_LEFT)
    spans = [Span(latin, name=True)]
    if local and local[0][1] != latin:
        spans += [Span(" "), Span(local[0][1], language=local[0][0], name=True)]
    return tuple(spans)


def words_of(content: Text) -> str:
    """Return a text as plain words."""
    return "".join(span.text for span in content)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `share` is its width in a PDF, relative to the others."""

    heading: str
    numeric: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. The first cell of each row is the row's heading."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    note: Text = ()
    total_last: bool = False

    @property
    def cards(self) -> bool:
        """Whether a phone shows each row as a card, because the columns do not fit beside."""
        longest = max((len(words_of(cell)) for row in self.rows for cell in row[1:]), default=0)
        return len(self.columns) > 4 and longest > 11

    @property
    def scrolls(self) -> bool:
        """Whether it may be wider than its page, so that a keyboard must reach it to scroll."""
        return len(self.columns) > 3

    @property
    def short(self) -> bool:
        """Whether it is kept on one page: few rows of few words."""
        letters = sum(len(words_of(cell)) for row in self.rows for cell in row)
        return len(self.rows) <= 9 and letters <= 1500

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.id}: a row of {len(row)}, not {len(self.columns)}")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, drawn wide (laptop, paper) and narrow (phone), and the table that says the same."""

    id: str
    title: str
    description: str
    wide: tuple[str, ...]
    narrow: tuple[str, ...]
    table: Table
    key: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `manner` says how much it matters."""

    content: Text
    manner: Literal["plain", "lead", "caution", "small"] = "plain"


@dataclass(frozen=True, slots=True)
class Number:
    """One big number: what it counts, and a line on it."""

    figure: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Big numbers side by side."""

    items: tuple[Number, ...]

    @property
    def long(self) -> bool:
        """Whether any of the figures needs a smaller letter, so that all take it."""
        return any(len(item.figure) > 8 for item in self.items)

    @property
    def letters(self) -> int:
        """Return how many letters the longest figure has: from it follows how large all can be."""
        return max((len(item.figure) for item in self.items), default=1)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list."""

    items: tuple[Text, ...]


Block: TypeAlias = Paragraph | Numbers | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its heading."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report for one audience."""

    title: Text
    local_title: Text
    plain_title: str
    band: str
    warnings: tuple[str, ...]
    subtitle: str
    audience: str
    footer: str
    sections: tuple[Section, ...]
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def tables(self) -> tuple[Table, ...]:
        """Return every table, those of charts included."""
        found: list[Table] = []
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    found.append(block)
                elif isinstance(block, Chart):
                    found.append(block.table)
        return tuple(found)

    def charts(self) -> tuple[Chart, ...]:
        """Return every chart."""
        return tuple(
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Chart)
        )
