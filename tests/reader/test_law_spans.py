"""True for any text: spans are what stands there, numbers are in their span, nothing crashes."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.reader.clean import clean
from safepassage.reader.exports import as_json, as_markdown, statements_as_csv
from safepassage.reader.numbers import numbers_in
from safepassage.reader.opening import UnreadableError, open_bytes
from safepassage.reader.reading import LanguageError, Reading, read
from safepassage.reader.text import Span, Stored

Read = Callable[..., Reading]

PRACTICE = sorted((Path(__file__).parent / "practice").glob("*.txt"))
PIECES = [
    "The mayor said",
    "20 buses",
    "“We will go,”",
    "according to",
    "the Red Cross",
    "to Idlib",
    "from eastern Aleppo",
    "accused",
    "of breaking the truce",
    "that",
    "by 6 p.m. Friday",
    "and",
    "tens of thousands of people",
    "were told to leave",
    ".",
    ",",
    "\n",
    "\n\n",
    "- ",
    " | ",
    "”",
    "“",
    '"',
    "’",
    "\u202e",
    "\u200b",
    "\r\n",
    "851 0",
    "Reuters reported",
    "1,400 patients",
    "½",
    "١٢",
    "e\u0301",
    "🚌",
    "<b>",
    "&nbsp;",
    "[08:02] Base:",
    "between 20 and 30",
    "=1+1",
    "\t",
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map(" ".join),
    st.text(min_size=1, max_size=300),
)


def spans(reading: Reading) -> Iterator[Span]:
    """Return every span that a reading holds."""
    for said in reading.statements:
        yield said.cue
        yield from said.content
        for maybe in (said.speaker, said.outlet, said.time, said.target):
            if maybe is not None:
                yield maybe
    for fact in reading.facts:
        yield fact.span
    for when in reading.times:
        yield when.span
    for hidden in reading.masked:
        yield hidden.span
    for event in reading.events:
        if event.quote is not None:
            yield event.quote


def check(stored: Stored, reading: Reading) -> None:
    """Check the laws of one reading."""
    for span in spans(reading):
        assert stored.text[span.start : span.end] == span.text
        assert span.text
    for fact in reading.facts:
        if isinstance(fact.value, int | float) and fact.value > 0:
            inside = numbers_in(stored.text, fact.span.start, fact.span.end)
            assert fact.value in [number.value for number in inside]
        elif isinstance(fact.value, str) and fact.low is not None:
            assert fact.value in fact.span.text.lower()
    known = {one.id for one in reading.statements} | {one.id for one in reading.facts}
    for rivals in reading.rivals:
        assert set(rivals.members) <= known
    json.dumps(as_json([reading]), allow_nan=False)
    as_markdown([reading])
    statements_as_csv([reading])


@given(texts)
def test_any_text_is_read_or_refused_and_every_span_is_what_stands_there(
    reads: Read, text: str
) -> None:
    del reads
    try:
        stored = open_bytes("t.txt", text.encode("utf-8", "ignore"))
        reading = read(stored)
    except (UnreadableError, LanguageError):
        return
    check(stored, reading)


@given(texts)
def test_the_plain_reader_obeys_the_same_laws(text: str) -> None:
    try:
        stored = open_bytes("t.txt", text.encode("utf-8", "ignore"))
        reading = read(stored, plainly=True)
    except (UnreadableError, LanguageError):
        return
    assert reading.method == "plain"
    check(stored, reading)


@given(st.sampled_from(PRACTICE), st.data())
@settings(max_examples=15)
def test_a_practice_text_cut_or_mangled_anywhere_obeys_the_laws(
    reads: Read, path: Path, data: st.DataObject
) -> None:
    del reads
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, len(text)))
    put = data.draw(st.sampled_from(PIECES))
    mangled = text[:start] + put + text[end:]
    try:
        stored = open_bytes("t.txt", mangled.encode())
        reading = read(stored)
    except (UnreadableError, LanguageError):
        return
    check(stored, reading)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    try:
        page = clean(open_bytes("t", data))
    except UnreadableError as error:
        why = str(error)
    else:
        why = "read"
        for one in page.masked:
            assert page.stored.text[one.span.start : one.span.end] == one.span.text
    assert re.search(r"\w", why)


@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</p>",
                "<p>",
                "<td>",
                "20 buses",
                "<script>",
                "</html",
                "<!--",
                "&#x202e;",
                "&amp",
                "<",
            ]
        ),
        max_size=60,
    )
)
def test_any_soup_of_tags_is_read_or_refused(parts: list[str]) -> None:
    try:
        page = clean(open_bytes("t.html", ("<html>" + " ".join(parts)).encode()))
    except UnreadableError:
        return
    for one in page.masked:
        assert page.stored.text[one.span.start : one.span.end] == one.span.text


@pytest.mark.parametrize("path", PRACTICE, ids=lambda path: str(path.stem))
def test_every_practice_label_stands_where_it_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    labels = [one["span"] for one in gold["facts"]]
    for said in gold["statements"]:
        labels += [said["cue"], *said["contents"]]
        labels += [said["source"]] if said["source"] else []
    for label in labels:
        assert text[label["start"] : label["end"]] == label["text"]


def test_reading_twice_gives_the_same(reads: Read) -> None:
    text = PRACTICE[0].read_text(encoding="utf-8")
    assert reads(text) == reads(text)
