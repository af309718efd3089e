"""Lines of the form "label: value" in notices and reports: the label says what the value is."""

import re
from collections.abc import Iterator

from safepassage.reader.clean import Block
from safepassage.reader.fact import Fact
from safepassage.reader.numbers import numbers_in
from safepassage.reader.tables import words
from safepassage.reader.text import Span, Stored

_LINE = re.compile(r"(?P<label>[A-Z][^:\n]{2,44}):[ \t]+(?P<value>\S[^\n]{1,300})")
_STATE = re.compile(
    r"(?i)(?:now |still )?(?:closed|open|blocked|impassable|passable|flooded|shut|cut|one lane)\b"
    r"[^;,.]*"
)
_ZONES = re.compile(
    r"(?i)^(?:level \d|evacuation (?:order|area|zone|warning)s?|mandatory|areas? affected)"
)
_SHELTERS = re.compile(r"(?i)\b(?:shelter|(?:evacuation|reception|rest|relief) cent(?:er|re))s?$")
_PICK_UPS = re.compile(r"(?i)\b(?:pick-?up|assembly|muster|boarding)(?: points?| places?)?s?$")
_NAME = re.compile(r"[A-Z][\w’'.-]*(?: (?:of|the|and|[A-Z][\w’'.-]*))*")
_CAPACITY = re.compile(r"(?i)\bcapacity(?: of|:)?\s+(?=\d)")


def labelled(stored: Stored, block: Block) -> Iterator[Fact]:
    """Return the facts of a block that is one "label: value" line."""
    found = _LINE.match(stored.text, block.start, block.end)
    if found is None or found.end() < block.end - 2:
        return
    label = found["label"].strip()
    at, end = found.span("value")
    if _is_route(label) and (state := _STATE.match(stored.text, at, end)):
        span = stored.trimmed(*found.span("label"))
        yield Fact("route", span, span.text)
        how = stored.trimmed(*state.span())
        yield Fact("conditions", how, how.text.lower(), more={"of": label, "state": how.text})
    elif _ZONES.match(label):
        for part in _parts(stored, at, end):
            name = _NAME.match(part.text)
            if name is not None and len(name[0].split()) <= 4 and not part.text.isupper():
                span = stored.span(part.start, part.start + name.end())
                yield Fact("zone", span, span.text)
    elif _SHELTERS.search(label):
        part = next(_parts(stored, at, end))
        if part.text[:1].isupper():
            yield Fact("shelter", part, part.text)
    elif _PICK_UPS.search(label):
        placed = re.search(r"(?:\bat |^)(?=[A-Z])", stored.text[at:end])
        name = _NAME.match(stored.text, at + placed.end(), end) if placed else None
        if name is not None:
            span = stored.span(*name.span())
            yield Fact("origin", span, span.text)
    for capacity in _CAPACITY.finditer(stored.text, at, end):
        number = next(iter(numbers_in(stored.text, capacity.end(), end)), None)
        if number is not None and number.value is not None and number.bare == capacity.end():
            value = int(number.value) if number.value.is_integer() else number.value
            yield Fact("capacity", stored.span(number.bare, number.end), value, "places")


def _is_route(label: str) -> bool:
    low = label.lower().split()
    heads = words("units", "route", "heads") | words("units", "route", "numbered")
    return any(word.strip(".") in heads or word in heads for word in low)


def _parts(stored: Stored, start: int, end: int) -> Iterator[Span]:
    """Return the parts of a value between commas and semicolons."""
    at = start
    for stop in [*(m.start() for m in re.finditer(r"[,;(]", stored.text[start:end])), end - start]:
        part = stored.trimmed(at, start + stop, ".,;:()")
        if part.text:
            yield part
        at = start + stop + 1
