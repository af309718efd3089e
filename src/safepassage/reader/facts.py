"""All facts of a text: gathered, freed of doubles, tied to the statement that asserts them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from safepassage.reader.clean import Page
from safepassage.reader.counted import counted
from safepassage.reader.fact import AUTHOR, Fact
from safepassage.reader.holding import holding
from safepassage.reader.labelled import labelled
from safepassage.reader.lists import rows
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import direction_of, governor, status_of, word_at
from safepassage.reader.places import places
from safepassage.reader.promises import promises
from safepassage.reader.statements import Statement
from safepassage.reader.states import states
from safepassage.reader.text import Span, Stored
from safepassage.reader.times import Dateline, Time, clock_of, resolve, times_in
from safepassage.reader.ways import ways

ONCE = frozenset({"origin", "destination", "route", "hazard", "zone", "shelter"})
"""Kinds that a text repeats: the first mention of a name stands for all."""


def facts_of(
    page: Page, trees: list[Tree], statements: list[Statement], times: list[Time]
) -> list[Fact]:
    """Return the facts of a text in order, numbered F01, F02, ..."""
    stored = page.stored
    found: list[Fact] = []
    last: Fact | None = None
    for tree in trees:
        here = list(counted(stored, tree, (last, last.span.end) if last is not None else None))
        last = next((one for one in reversed(here) if one.kind in {"people", "casualties"}), last)
        found.extend(here)
        found.extend(places(stored, tree))
        found.extend(ways(stored, tree))
        found.extend(holding(stored, tree))
        found.extend(promises(stored, tree))
        found.extend(states(stored, tree))
        found.extend(_timed(stored, tree, statements, times))
    for block in page.blocks:
        if block.kind == "row":
            found.extend(rows(stored, block))
        elif block.kind in {"prose", "bullet"}:
            found.extend(labelled(stored, block))
    found.extend(_countered(found, trees, statements))
    kept = _without_doubles(sorted(found, key=lambda one: (one.span, one.kind)))
    tied = [replace(one, asserted_by=_asserted_by(one.span, statements)) for one in kept]
    return [replace(one, id=f"F{n:02d}") for n, one in enumerate(tied, 1)]


def _countered(facts: list[Fact], trees: list[Tree], statements: list[Statement]) -> Iterator[Fact]:
    """Return the other side of a broken truce.

    "A accused B of breaking the truce, while C claimed D had attacked": both halves say who broke
    it. The second does not say the word, and is no less a version of it.
    """
    said = {one.id: one for one in statements}
    for fact in facts:
        accuser = said.get(_asserted_by(fact.span, statements))
        if fact.kind != "truce" or fact.value != "broken" or accuser is None:
            continue
        for tree in trees:
            for first, end in tree.sentences:
                start, stop = tree.words[first].start, tree.words[end - 1].end
                if not start <= fact.span.start < stop:
                    continue
                for one in statements:
                    other = one.speaker is not None and one.name != accuser.name
                    here = start <= one.cue.start < stop
                    if other and here and one.class_name == "claim" and one.cue > accuser.cue:
                        more = {"status": "broken", "claimed_by": one.name or ""}
                        yield Fact("truce", one.content[0], "broken", status="claimed", more=more)


def times_of(page: Page, trees: list[Tree], dateline: Dateline | None) -> list[Time]:
    """Return the expressions of time of a text, resolved as far as the dateline allows."""
    found: list[Time] = []
    by_start = {tree.block.start: tree for tree in trees}
    for block in page.blocks:
        tree = by_start.get(block.start)
        for when in times_in(page.stored, block.start, block.end):
            if (
                dateline is not None
                and dateline.span is not None
                and dateline.span.overlap(when.span)
            ):
                continue
            word = word_at(tree, when.span.start, when.span.end) if tree is not None else None
            direction = (
                direction_of(tree, word) if tree is not None and word is not None else "unknown"
            )
            found.append(resolve(when, dateline, direction))
    return _of_one_day(page.stored, found)


def _of_one_day(stored: Stored, times: list[Time]) -> list[Time]:
    """Give the day of "9 a.m. to 9 p.m. on Wednesday" to its first clock time too."""
    out = list(times)
    for n, (first, second) in enumerate(pairwise(times)):
        between = stored.text[first.span.end : second.span.start]
        joined = re.fullmatch(r"\s*(?:to|until|till|and|-|–)\s*", between)
        if first.form != "clock" or not joined or second.resolved is None:
            continue
        clock = clock_of(first.span.text)
        if clock is not None and "T" in second.resolved:
            day = second.resolved.split("T")[0]
            stamp = f"{day}T{clock.isoformat(timespec='minutes')}"
            out[n] = Time(first.span, first.form, stamp, "day of the time that follows")
    return out


def time_of_statement(tree: Tree, statement: Statement, times: Iterable[Time]) -> Span | None:
    """Return when something was said: a time that hangs on the cue, outside the content."""
    between = sorted((statement.cue.end, statement.content[0].start))
    if between[1] - between[0] < 60:
        for when in times:
            if between[0] <= when.span.start and when.span.end <= between[1]:
                return when.span
    cue = next((one for one in tree.words if one.start == statement.cue.start), None)
    if cue is None:
        return None
    for when in times:
        if any(part.overlap(when.span) for part in statement.content):
            continue
        word = word_at(tree, when.span.start, when.span.end)
        if word is None:
            continue
        at = word
        for _ in range(4):
            at = tree.head(at)
            if at.i == cue.i:
                return when.span
            if at.verb:
                break
    return None


_BACKGROUND = re.compile(
    r"(?i)^(?:last week|next week|since|in the past|over the past|"
    r"for the past|during the past|the past|in the last|over the last|"
    r"the last|this week|this month|this year|last year|last month|"
    r"in (?:19|20)\d\d|in \w+ (?:19|20)\d\d)"
)


_DAYLIGHT = re.compile(r"(?i)(?:dawn|dusk|nightfall|sunrise|sunset|daybreak|first light)$")


def _timed(
    stored: Stored, tree: Tree, statements: list[Statement], times: list[Time]
) -> Iterator[Fact]:
    said = {one.time for one in statements if one.time is not None}
    for when in times:
        if not (tree.block.start <= when.span.start < tree.block.end):
            continue
        if (
            when.span in said
            or _BACKGROUND.match(when.span.text)
            or when.form in {"since", "monthyear"}
        ):
            continue
        word = word_at(tree, when.span.start, when.span.end)
        if word is None or _of_next_report(stored, tree, word):
            continue
        before = stored.text[max(tree.block.start, when.span.start - 16) : when.span.start].lower()
        if _DAYLIGHT.match(when.span.text) and not re.search(r"\b(at|from|until|by)\s+$", before):
            continue
        kind = "time"
        until = re.search(
            r"\b(until|till|no later than|not later than|deadline of)\s+(?:the )?$", before
        )
        ends = re.search(
            r"\b(closes?|expires?|ends?|deadline(?: is| was)?)(?: at| on)?\s+$", before
        )
        by = re.search(r"\bby\s+(?:the )?$", before) and _bound(tree, word)
        verb = governor(tree, word)
        not_until = until and verb is not None and bool(tree.kids(verb, "neg"))
        if (
            (until and not not_until)
            or ends
            or by
            or (re.search(r"\bbefore\s+$", before) and _bound(tree, word))
        ):
            kind = "deadline"
        more = {"form": when.form}
        yield Fact(
            kind,
            when.span,
            when.span.text,
            status=status_of(tree, word),
            more=more,
            time=when.resolved,
        )


def _of_next_report(stored: Stored, tree: Tree, word: Word) -> bool:
    first, end = tree.sentence(word)
    text = stored.text[tree.words[first].start : tree.words[end - 1].end]
    return bool(re.search(r"(?i)\bnext (?:report|update|bulletin|sitrep)\b", text))


def _bound(tree: Tree, word: Word) -> bool:
    verb = governor(tree, word)
    if verb is None:
        return False
    around = [verb, *tree.ancestors(verb)]
    return any(
        one.lemma
        in {"order", "tell", "urge", "leave", "evacuate", "complete", "finish", "instruct", "move"}
        or any(aux.low in {"must", "should"} for aux in tree.kids(one, "aux"))
        or one.low == "gone"
        or any(kid.low == "gone" for kid in tree.kids(one, "acomp"))
        for one in around
    )


def _asserted_by(span: Span, statements: list[Statement]) -> str:
    """Return the innermost statement whose content holds the span."""
    holding = [
        (sum(len(part.text) for part in one.content), one.id)
        for one in statements
        if any(part.overlap(span) * 2 > len(span.text) for part in one.content)
    ]
    return min(holding)[1] if holding else AUTHOR


def _without_doubles(facts: list[Fact]) -> list[Fact]:
    kept: list[Fact] = []
    for one in facts:
        if not one.span.text.strip():
            continue
        clash = next((n for n, other in enumerate(kept) if _same(one, other)), None)
        if clash is None:
            kept.append(one)
        elif (
            len(one.span.text) > len(kept[clash].span.text)
            and kept[clash].span.overlap(one.span)
            and one.kind != "zone"
        ):
            kept[clash] = one
    zones = [one.span for one in kept if one.kind == "zone"]
    named = any(one.kind == "hazard" and re.search(r" [A-Z]", one.span.text) for one in kept)
    return [
        one
        for one in kept
        if not (one.kind in {"origin", "route"} and any(zone.overlap(one.span) for zone in zones))
        and not (
            # "the storm", once it has a name, is no other hazard.
            named
            and one.kind == "hazard"
            and _name(one.span.text) in {"storm", "hurricane", "cyclone", "typhoon", "all storms"}
        )
        and not (
            one.kind == "shelter"
            and any(other.kind == "capacity" and other.span.covers(one.span) for other in kept)
        )
    ]


def _same(one: Fact, other: Fact) -> bool:
    if one.kind != other.kind:
        return False
    if one.span == other.span:
        return one.value == other.value or one.value is None or other.value is None
    if one.span.overlap(other.span):
        numbers = isinstance(one.value, int | float) and isinstance(other.value, int | float)
        if one.kind in {"guarantee", "truce"}:
            return one.value == other.value
        return not (numbers and one.value != other.value)
    if one.kind in ONCE:
        mine, theirs = _name(one.span.text), _name(other.span.text)
        if one.kind in {"origin", "destination"} and theirs.endswith(" " + mine):
            return True
        return mine == theirs or (
            one.kind == "hazard"
            and _name(one.span.text).split()[-1:] == _name(other.span.text).split()[-1:]
        )
    if one.kind == "people" and one.value is None and one.low is None:
        # "the residents", after "96 residents", are no other group.
        return _name(one.span.text).split()[-1:] == _name(other.span.text).split()[-1:]
    if one.kind == "time" and one.more.get("form") == "day":
        return one.span.text.lower() == other.span.text.lower()
    return False


def _name(text: str) -> str:
    return re.sub(r"^(?:the|a|an|its|their|his|her|this|that|those|these) ", "", text.lower())
