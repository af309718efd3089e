"""Which attempt a statement or fact belongs to: the failed one of Wednesday is not today's."""

from dataclasses import dataclass, replace

from safepassage.reader.fact import Fact
from safepassage.reader.parsing import Tree
from safepassage.reader.statements import Statement
from safepassage.reader.text import Span

MAIN = "E1"


@dataclass(frozen=True, slots=True)
class Event:
    """One attempt that a text speaks of: E1 is the one that it is about.

    `status` is failed for an attempt that came to nothing; `quote` is where the text says so.
    """

    id: str
    status: str
    quote: Span | None = None
    day: Span | None = None


def events_of(
    trees: list[Tree], facts: list[Fact], statements: list[Statement]
) -> tuple[list[Event], list[Fact], list[Statement]]:
    """Return the events, and facts and statements tied to them."""
    events = [Event(MAIN, _main_status(facts))]
    ranges: list[tuple[int, int, str]] = []
    for fact in facts:
        if fact.kind != "outcome" or fact.status != "failed":
            continue
        sentence = _sentence(trees, fact.span)
        if sentence is None:
            continue
        start, end = sentence
        same = next((one for one in ranges if one[0] <= fact.span.start < one[1]), None)
        if same is not None:
            continue
        name = f"E{len(events) + 1}"
        day = next(
            (one.span for one in facts if one.kind == "time" and start <= one.span.start < end),
            None,
        )
        events.append(Event(name, "failed", fact.span, day))
        ranges.append((start, end, name))
    failed = events[1].id if len(events) > 1 else None

    def event_of(span: Span) -> str:
        return next((name for start, end, name in ranges if start <= span.start < end), MAIN)

    tied = []
    for fact in facts:
        event = event_of(fact.span)
        if event == MAIN and fact.kind == "truce" and fact.value == "broken" and failed is not None:
            event = failed
        status = (
            "failed" if event != MAIN and fact.status in {"happened", "planned"} else fact.status
        )
        tied.append(replace(fact, belongs_to=event, status=status))
    placed = []
    for one in statements:
        event = event_of(one.cue)
        broken = any(
            fact.kind == "truce" and fact.value == "broken" and fact.asserted_by == one.id
            for fact in facts
        )
        if failed is not None and (broken or one.class_name == "accuse"):
            event = failed
        placed.append(replace(one, of=event))
    return events, tied, placed


def _main_status(facts: list[Fact]) -> str:
    moving = [one.status for one in facts if one.kind in {"fleet", "people", "time", "destination"}]
    for status in ("happening", "planned", "happened"):
        if moving.count(status) * 3 >= len(moving) > 0 and status in moving:
            return status
    return "stated"


def _sentence(trees: list[Tree], span: Span) -> tuple[int, int] | None:
    """Return where the sentence of a span begins and ends, cut before a clause that contrasts."""
    for tree in trees:
        if not tree.block.start <= span.start < tree.block.end:
            continue
        for first, end in tree.sentences:
            start, stop = tree.words[first].start, tree.words[end - 1].end
            if not start <= span.start < stop:
                continue
            words = tree.words[first:end]
            for n, word in enumerate(words[:-1]):
                turn = word.text == "," and words[n + 1].low in {"but", "while", "although"}
                if not turn:
                    continue
                if word.start < span.start:
                    start = words[n + 1].start
                elif word.start >= span.end:
                    stop = word.start
                    break
            return start, stop
    return None
