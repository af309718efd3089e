"""Which lines are text and which are page furniture: masked with a reason, never deleted."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from safepassage.reader.tables import table
from safepassage.reader.text import Span, Stored

Form = Literal["article", "sitrep", "messages"]

SHORT = 60
"""A line below this many characters, without an end mark, is no sentence."""
LONGEST_BLOCK = 2_500
"""A paragraph beyond this is cut at a sentence end: the parser's memory grows with its length."""

_END = re.compile(r"[.!?…:;][”\"’')\]]*\s*$")
_BULLET = re.compile(r"^\s*(?:[-•*·▪◦–—●○■►]|\(?\d{1,2}[.)]|\(?[a-z][)])\s+")
_CELLS = re.compile(r"\s*\|\s*|\t+| {3,}")
_MESSAGE = re.compile(
    r"^\s*[\[(]?(?:\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?,?\s+)?(\d{1,2}[:.]\d{2}(?::\d{2})?)\s*(?:hrs?|"
    r"h|LT|Z)?[\])]?"
    r"\s*[-–—,:]?\s*(?P<sender>[^:\n]{1,40}?)\s*:\s+"
)
_SENDER_FIRST = re.compile(
    r"^\s*(?P<sender>[^\[\]:\n]{1,40}?)\s*[\[(](\d{1,2}[:.]\d{2})[\])]\s*:?\s+"
)
_SITREP = re.compile(
    r"(?i)\b(situation (report|update|overview)|sit-?rep\b|flash (update|report)|bulletin|"
    r"situation as of|incident (report|update)|humanitarian update|emergency update|"
    r"operational update|key (figures|points|messages)|highlights)\b"
)
_COUNTER = re.compile(r"^[\d\s.,:/|·•-]+$")
_DIRECTION = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A stretch of furniture and why it is not read."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, bullet, table row or message to be read.

    `start` and `end` bound what is read; `cells` are the cells of a table row; `sender` is who
    wrote a message; `heading` is the last heading above it, `columns` the head of its table.
    """

    kind: Literal["prose", "bullet", "row", "message", "heading"]
    start: int
    end: int
    cells: tuple[Span, ...] = ()
    columns: tuple[Span, ...] = ()
    sender: Span | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A stored original taken apart."""

    stored: Stored
    form: Form
    blocks: tuple[Block, ...]
    masked: tuple[Masked, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def clean(stored: Stored) -> Page:
    """Return the blocks to be read and the furniture, each with its reason."""
    lines = _lines(stored)
    form = _form(lines)
    reasons = _furniture(stored, lines, form)
    masked = [
        Masked(stored.trimmed(line.start, line.end), reason)
        for line, reason in zip(lines, reasons, strict=True)
        if reason is not None
    ]
    masked.extend(
        Masked(stored.span(*found.span()), "invisible direction mark")
        for found in _DIRECTION.finditer(stored.text)
    )
    kept = [
        line if reason is None else _Line(line.start, line.start, "")
        for line, reason in zip(lines, reasons, strict=True)
    ]
    blocks = _untitled(stored, _blocks(stored, kept, form), form)
    blocks = [_after_dateline(stored, block, masked) for block in blocks]
    return Page(stored, form, tuple(blocks), tuple(sorted(masked, key=lambda one: one.span)))


_DATELINE_PREFIX = re.compile(
    r"^(?:[A-Z][A-Z .'’/-]{2,40}[A-Z](?:,\s[^—–\n-]{1,40}?)??"
    r"(?:,? [A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?)?"
    r"(?:,? \d{1,2} [A-Z][a-z]{2,8}\.?(?: \d{4})?)?\s?(?:\([^)\n]{2,40}\))?\s?(?:—|–|--|-|:)\s"
    r"|[A-Z][A-Z .'’/-]{2,40}[A-Z],\s(?:[A-Z][a-z]+\.? \d{1,2},? \d{4}|"
    r"\d{1,2} [A-Z][a-z]+ \d{4})[.:]\s)"
)


def _after_dateline(stored: Stored, block: Block, masked: list[Masked]) -> Block:
    """Let a paragraph begin after 'PLACE, Oct 3 (Agency) - ', which is masked."""
    if block.kind != "prose":
        return block
    found = _DATELINE_PREFIX.match(stored.text[block.start : min(block.end, block.start + 140)])
    if found is None:
        return block
    masked.append(Masked(stored.trimmed(block.start, block.start + found.end()), "dateline"))
    return replace(block, start=block.start + found.end())


def _untitled(stored: Stored, blocks: list[Block], form: Form) -> list[Block]:
    """Turn the first short line without an end mark into a heading: a title repeats the text."""
    if form == "messages" or not blocks or len(blocks) < 2:
        return blocks
    first = blocks[0]
    text = stored.text[first.start : first.end]
    if first.kind == "prose" and len(text) < 2 * SHORT and not _END.search(text):
        blocks = [replace(first, kind="heading"), *blocks[1:]]
    return [
        replace(one, kind="heading")
        if one.kind == "prose" and n < 6 and _only_a_date(stored.text[one.start : one.end])
        else one
        for n, one in enumerate(blocks)
    ]


def _only_a_date(text: str) -> bool:
    """Whether a line of the head says when it was written and nothing else."""
    if len(text) >= 2 * SHORT or not dateline_like(text):
        return False
    stamped = re.search(r"(?i)\b(?:updated|posted|published|issued|as of|date|time)\b", text)
    return bool(stamped) or not re.search(r"[a-z]{3,} [a-z]{2,}", text)


def _lines(stored: Stored) -> list[_Line]:
    lines, at = [], 0
    for text in re.split(r"(?<=\n)|(?<=\r)(?!\n)", stored.text):
        bare = text.rstrip("\r\n")
        lines.append(_Line(at, at + len(bare), bare))
        at += len(text)
    return lines


def _form(lines: list[_Line]) -> Form:
    """Tell an article from a situation report and from a chain of messages."""
    full = [line for line in lines if not line.blank]
    if not full:
        return "article"
    messages = sum(bool(_sender(line.text)) for line in full)
    if messages >= 3 and messages * 2 >= len(full):
        return "messages"
    bullets = sum(bool(_BULLET.match(line.text)) for line in full)
    rows = sum(len(_cells(line.text)) >= 3 for line in full)
    head = any(_SITREP.search(line.text) for line in full[:6] if len(line.text) < 120)
    if head or (bullets >= 4 and bullets * 3 >= len(full)) or (rows >= 3 and rows * 3 >= len(full)):
        return "sitrep"
    return "article"


def _sender(text: str) -> re.Match[str] | None:
    return _MESSAGE.match(text[:90]) or _SENDER_FIRST.match(text[:90])


def _cells(text: str) -> list[str]:
    return [cell for cell in _CELLS.split(text.strip().strip("|")) if cell]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (reason, re.compile(pattern, re.IGNORECASE))
        for reason, patterns in table("furniture")["lines"].items()
        for pattern in patterns
    )


def _furniture(stored: Stored, lines: list[_Line], form: Form) -> list[str | None]:
    """Return for each line why it is furniture, or None."""
    reasons: list[str | None] = [_outside(stored, line) for line in lines]
    often = Counter(line.text.strip() for line in lines if line.text.strip())
    title_seen = False
    for i, line in enumerate(lines):
        text = line.text.strip()
        if not text or reasons[i] is not None:
            continue
        if len(text) > 4 * SHORT and sum(map(str.isalnum, text)) < 0.3 * len(text):
            reasons[i] = "no words"
            continue
        if form != "messages":
            known = next((why for why, pattern in _patterns() if pattern.search(text[:400])), None)
            if known in {"by-line", "page link", "share bar"} and re.search(r"[.!?]$", text):
                # "By Wednesday authorities reported 17 deaths." is a sentence.
                known = None
            if known is not None and (len(text) < 200 or known in {"comment box", "cookie notice"}):
                reasons[i] = known
                continue
        if form == "article":
            if _COUNTER.match(text):
                reasons[i] = "counter"
            elif often[text] > 1 and len(text) < 2 * SHORT:
                reasons[i] = "repeated line"
            elif text.count("|") >= 2 and len(text) < 2 * SHORT and not _END.search(text):
                reasons[i] = "page link"
            elif (
                # The first such line of a page is its title, which is kept.
                (title_seen or len(text) < 12)
                and len(text) < SHORT
                and not _END.search(text)
                and _alone(lines, i)
                and not _BULLET.match(line.text)
                and not dateline_like(text)
            ):
                reasons[i] = "short line without an end mark"
            title_seen = True
    return reasons


def _outside(stored: Stored, line: _Line) -> str | None:
    for start, end, why in stored.outside:
        if start <= line.start and line.end <= end and line.end > line.start:
            return why
    return None


def _alone(lines: list[_Line], i: int) -> bool:
    """Whether a line is not part of a paragraph that was wrapped by hand."""
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    goes_on = after is not None and not after.blank and after.text[:1].islower()
    comes = before is not None and not before.blank and not _END.search(before.text)
    wrapped = (
        comes and before is not None and len(before.text) >= 40 and lines[i].text[:1].islower()
    )
    return not goes_on and not wrapped


_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATELINE = re.compile(
    rf"(?i)\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})|(?:{_MONTH})\.?\s+\d{{1,2}})\b|\b20\d\d\b"
)


def dateline_like(text: str) -> bool:
    """Whether a short line carries a date."""
    return bool(_DATELINE.search(text))


_LABELLED = re.compile(r"\s*[A-Z][^:\n]{2,44}:[ \t]+\S")


def _blocks(stored: Stored, lines: list[_Line], form: Form) -> list[Block]:
    blocks: list[Block] = []
    heading = ""
    columns: tuple[Span, ...] = ()
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.blank:
            columns = ()
            i += 1
            continue
        sender = _sender(line.text) if form == "messages" else None
        bullet = _BULLET.match(line.text)
        cells = _cell_spans(stored, line)
        if sender is not None:
            last = i
            while (
                last + 1 < len(lines)
                and not lines[last + 1].blank
                and not _sender(lines[last + 1].text)
            ):
                last += 1
            who = stored.span(
                line.start + sender.start("sender"), line.start + sender.end("sender")
            )
            blocks.append(Block("message", line.start + sender.end(), lines[last].end, sender=who))
            i = last + 1
        elif form != "messages" and len(cells) >= 2 and _in_table(lines, i):
            if not columns and not any(re.search(r"\d", cell.text) for cell in cells[1:]):
                columns = cells
            else:
                blocks.append(Block("row", line.start, line.end, cells, columns, heading=heading))
            i += 1
        elif bullet is not None:
            last = i
            while last + 1 < len(lines) and _continues(lines, last):
                last += 1
            start = line.start + bullet.end()
            blocks.append(Block("bullet", start, lines[last].end, heading=heading))
            i = last + 1
        elif form == "sitrep" and _LABELLED.match(line.text):
            blocks.append(Block("bullet", line.start, line.end, heading=heading))
            i += 1
        elif (
            form == "sitrep"
            and len(line.text) < SHORT
            and not _END.search(line.text)
            and _alone(lines, i)
        ):
            heading = line.text.strip()
            blocks.append(Block("heading", line.start, line.end))
            i += 1
        else:
            last = i
            while last + 1 < len(lines) and _continues(lines, last):
                last += 1
            blocks.extend(
                Block("prose", start, end, heading=heading)
                for start, end in _cut(stored.text, line.start, lines[last].end)
            )
            i = last + 1
    return blocks


def _continues(lines: list[_Line], i: int) -> bool:
    """Whether the next line goes on with the paragraph of this one."""
    here, after = lines[i], lines[i + 1]
    if after.blank or _BULLET.match(after.text):
        return False
    if after.text.lstrip()[:1].islower():
        return True
    # A full line that ends without an end mark was wrapped by hand.
    return len(here.text) >= 40 and (not _END.search(here.text) or _hard_wrapped(lines, i))


def _hard_wrapped(lines: list[_Line], i: int) -> bool:
    """Whether this line is as long as its neighbours in a run of lines: wrapped at a column."""
    here = len(lines[i].text)
    near = [len(one.text) for one in lines[max(0, i - 3) : i + 1] if not one.blank]
    return 55 <= here <= 100 and len(near) >= 2 and max(near) - min(near) <= 12


def _cell_spans(stored: Stored, line: _Line) -> tuple[Span, ...]:
    spans, at = [], line.start
    for found in _CELLS.finditer(line.text):
        spans.append(stored.trimmed(at, line.start + found.start(), "|"))
        at = line.start + found.end()
    spans.append(stored.trimmed(at, line.end, "|"))
    return tuple(span for span in spans if span.text)


def _in_table(lines: list[_Line], i: int) -> bool:
    """Whether a neighbouring line has cells too."""
    if "|" not in lines[i].text and "\t" not in lines[i].text and len(_cells(lines[i].text)) < 2:
        return False
    near = [lines[j].text for j in (i - 1, i + 1) if 0 <= j < len(lines)]
    return any(len(_cells(text)) >= 2 for text in near)


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut an endless paragraph at sentence ends."""
    pieces = []
    while end - start > LONGEST_BLOCK:
        stop = max(
            text.rfind(mark, start + 1, start + LONGEST_BLOCK) for mark in (". ", "! ", "? ")
        )
        stop = stop + 1 if stop > start else start + LONGEST_BLOCK
        pieces.append((start, stop))
        start = stop
    pieces.append((start, end))
    return pieces
