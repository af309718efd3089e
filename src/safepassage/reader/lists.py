"""Situation reports: tables and short lists, which give figures and have no speaker."""

import re
from collections.abc import Iterator

from safepassage.reader.clean import Block
from safepassage.reader.fact import Fact
from safepassage.reader.numbers import numbers_in
from safepassage.reader.tables import table
from safepassage.reader.text import Span, Stored


def rows(stored: Stored, block: Block) -> Iterator[Fact]:
    """Return the facts of one row of a table: its numbers, each with what row and column say."""
    if not block.cells:
        return
    head = block.cells[0]
    what = _unit(head.text)
    for n, cell in enumerate(block.cells[1:], 1):
        number = next(iter(numbers_in(stored.text, cell.start, cell.end)), None)
        if number is None or number.value is None:
            continue
        if number.end - number.bare < len(cell.text.strip()) - 14:
            continue
        column = block.columns[n].text if n < len(block.columns) else ""
        fact = _cell(stored, cell, number.value, head.text, what, column)
        if fact is not None:
            yield fact


def _cell(
    stored: Stored, cell: Span, value: float, row: str, what: tuple[str, str] | None, column: str
) -> Fact | None:
    del stored
    number: float = int(value) if float(value).is_integer() else value
    by_column = _unit(column)
    more = {"row": row, "column": column}
    low = column.lower()
    if re.search(r"capacit|seats|can take|places|beds", low):
        unit = what[1] if what is not None and what[0] == "fleet" else "places"
        return Fact("capacity", cell, number, unit, more=more)
    if re.search(r"\b(km|kilomet|miles?|distance)", low):
        return Fact("distance", cell, number, "mile" if "mile" in low else "km", more=more)
    if re.search(r"dead|death|killed|injur|missing|wounded|fatalit", low):
        return Fact("casualties", cell, number, "persons", more=more)
    if by_column is not None:
        return Fact(by_column[0], cell, number, by_column[1], more=more)
    if re.search(
        r"evacuat|arriv|registered|sheltered|displaced|moved|remaining|waiting|occupan", low
    ):
        return Fact("people", cell, number, "persons", more=more)
    if re.search(r"dead|death|killed|injur|missing|wounded", row.lower()):
        return Fact("casualties", cell, number, "persons", more=more)
    if what is not None:
        return Fact(what[0], cell, number, what[1], more=more)
    return None


def _unit(text: str) -> tuple[str, str] | None:
    """Return the kind and unit that a cell of words names."""
    units = table("units")
    for word in re.findall(r"[a-z]+", text.lower()):
        for lemma in (
            word,
            word.removesuffix("s"),
            word.removesuffix("es"),
            re.sub("ies$", "y", word),
        ):
            if lemma in units["vehicle"]:
                return "fleet", units["vehicle"][lemma]
            if lemma in units["people"]:
                return "people", units["people"][lemma]
    return None
