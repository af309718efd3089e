"""The plain reader: patterns alone, for machines without the English model. It says that it ran."""

import re
from collections.abc import Iterator
from dataclasses import replace

from safepassage.reader.clean import Page
from safepassage.reader.fact import AUTHOR, Fact
from safepassage.reader.lists import rows
from safepassage.reader.numbers import numbers_in
from safepassage.reader.quotes import quotes_in
from safepassage.reader.statements import Statement
from safepassage.reader.tables import table
from safepassage.reader.text import Stored

_VERBS = (
    "said|says|told|claimed|claims|stated|announced|reported|"
    "warned|confirmed|denied|accused|blamed|"
    "ordered|urged|insisted|added|promised|pledged|guaranteed|"
    "questioned|rejected|demanded|agreed|offered"
)
_NAME = (
    r"(?:[Tt]he |[Aa] )?(?:[A-Z][\w’'.-]*|[a-z]+)(?:,? (?:[A-Z][\w’'.-]*|"
    r"of|the|and|for|[a-z]+(?= [A-Z]))){0,8}"
)
_LEADING = re.compile(
    rf"^(?P<speaker>[^,“\"]{{2,90}}?(?:, [^,“\"]{{2,90}},)?) (?:has |"
    rf"have |had )?(?P<cue>{_VERBS})\b,? (?P<content>.{{8,}})$",
    re.DOTALL,
)
_TRAILING = re.compile(
    r"^(?P<content>.{12,}?),[”\"]? (?P<speaker>[^,“\"]{2,80}?) (?P<cue>said|"
    r"says|told|added|reported|warned|claimed)\b(?P<rest>[^”\"]*)$",
    re.DOTALL,
)
_INVERTED = re.compile(
    r"^(?P<content>[“\"].{8,}?[”\"]) (?P<cue>said|says|added|warned) (?P<speaker>[^.“\"]{2,80})",
    re.DOTALL,
)
_ACCORDING = re.compile(
    r"^(?P<content>.{12,}?),? (?P<cue>according to) (?P<speaker>[^,.“\"]{2,80})", re.DOTALL
)
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?![”\"\s]|$)[^.!?]*)*(?:[.!?]+[”\"’)]*|$)", re.DOTALL)
_CLASS = {
    "told": "claim",
    "warned": "warn",
    "denied": "deny",
    "rejected": "deny",
    "accused": "accuse",
    "blamed": "accuse",
    "ordered": "order",
    "urged": "demand",
    "demanded": "demand",
    "promised": "guarantee",
    "pledged": "guarantee",
    "guaranteed": "guarantee",
    "questioned": "doubt",
    "agreed": "agree",
    "offered": "offer",
    "reported": "report",
}


def sentences(stored: Stored, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the sentences between two code points, by end marks alone."""
    at = start
    while at < end:
        found = _SENTENCE.match(stored.text, at, end)
        stop = found.end() if found is not None and found.end() > at else end
        span = stored.trimmed(at, stop)
        if span.text:
            yield span.start, span.end
        at = stop


def statements_plainly(page: Page) -> list[Statement]:
    """Return the statements that patterns alone can find."""
    stored = page.stored
    found: list[Statement] = []
    for block in page.blocks:
        if block.kind not in {"prose", "bullet", "message"}:
            continue
        quotes = [one for one in quotes_in(stored, block.start, block.end) if one.whole]
        for start, end in sentences(stored, block.start, block.end):
            text = stored.text[start:end].rstrip(".!?")
            match = (
                _INVERTED.match(text)
                or _TRAILING.match(text)
                or _ACCORDING.match(text)
                or _LEADING.match(text)
            )
            if match is None:
                continue
            cue = stored.span(start + match.start("cue"), start + match.end("cue"))
            if any(one.start < cue.start < one.end for one in quotes):
                continue
            begin = start + match.start("content")
            if stored.text[begin : begin + 5].lower() == "that ":
                begin += 5
            content = stored.trimmed(begin, start + match.end("content"), ",;:")
            speaker = stored.trimmed(
                start + match.start("speaker"), start + match.end("speaker"), ",;:"
            )
            if not content.text or not speaker.text:
                continue
            found.append(
                Statement(
                    "",
                    cue,
                    (content,),
                    _CLASS.get(cue.text.lower(), "claim"),
                    speaker,
                    speaker.text,
                    found_by="plain",
                )
            )
    return [replace(one, id=f"S{n:02d}") for n, one in enumerate(found, 1)]


def facts_plainly(page: Page, statements: list[Statement]) -> list[Fact]:
    """Return the numbers that stand right before a noun of the units table."""
    stored = page.stored
    units = table("units")
    found: list[Fact] = []
    for block in page.blocks:
        if block.kind == "row":
            found.extend(rows(stored, block))
            continue
        for number in numbers_in(stored.text, block.start, block.end):
            after = re.match(
                r"(?: of)?(?:[ -][a-z]+){0,2}?[ -]([a-z]+)\b",
                stored.text[number.end : number.end + 50],
            )
            if after is None:
                continue
            noun = after[1]
            lemma = next(
                (
                    one
                    for one in (
                        noun,
                        noun.removesuffix("s"),
                        noun.removesuffix("es"),
                        re.sub("ies$", "y", noun),
                    )
                    if one in units["vehicle"] or one in units["people"]
                ),
                None,
            )
            if lemma is None or re.match(r"-year", stored.text[number.end : number.end + 6]):
                continue
            vehicle = units["vehicle"].get(lemma)
            value: float | str | None = number.value
            if value is None:
                value = stored.text[number.bare : number.end].lower()
            found.append(
                Fact(
                    "fleet" if vehicle else "people",
                    stored.span(number.start, number.end + after.end()),
                    int(value) if isinstance(value, float) and value.is_integer() else value,
                    vehicle or units["people"][lemma],
                    number.low,
                    number.high,
                    number.approx,
                )
            )
    numbered = []
    for n, one in enumerate(found, 1):
        holding = next(
            (s.id for s in statements if any(part.covers(one.span) for part in s.content)), AUTHOR
        )
        numbered.append(replace(one, id=f"F{n:02d}", asserted_by=holding))
    return numbered
