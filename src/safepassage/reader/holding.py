"""Who holds a place, and who surrounds it."""

import re
from collections.abc import Iterator

from safepassage.reader.fact import Fact
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.phrases import core_phrase, span_of
from safepassage.reader.tables import words
from safepassage.reader.text import Stored

_HELD = re.compile(
    r"\b(?:pro-|anti-)?(?:rebel|opposition|government|army|militia|regime|separatist|insurgent|"
    r"junta|enemy|Russian|Ukrainian)[- ](?:held|controlled|occupied|run)\b(?: \w+)?"
)
_PARTED = re.compile(r"[- ](?:held|controlled|occupied|run)")
_TAKE = frozenset(
    {"retake", "capture", "seize", "recapture", "overrun", "control", "occupy", "hold"}
)
_GROUND = frozenset({"side", "road", "part", "territory", "half", "bank"})


def holding(stored: Stored, tree: Tree) -> Iterator[Fact]:
    """Return the facts of one block on control and siege."""
    for found in _HELD.finditer(stored.text, tree.block.start, tree.block.end):
        span = stored.trimmed(*found.span())
        yield Fact("control", span, more={"by": _PARTED.split(span.text)[0].lower()})
    for word in tree.words:
        yield from _control(stored, tree, word)
        yield from _siege(stored, tree, word)


def _control(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    if word.tag == "VBN" and word.lemma in {"hold", "control", "occupy", "run", "rule"}:
        agent = next(iter(tree.kids(word, "agent")), None)
        past = any(one.low == "had" for one in tree.kids(word, "aux"))
        if past or agent is None or word.dep == "amod":
            return
        held = tree.head(word)
        ground = held.lemma in words("units", "place", "heads") | _GROUND or held.pos == "PROPN"
        if word.lemma in {"run", "rule"} and not ground:
            return
        by = next(iter(tree.kids(agent, "pobj")), None)
        if by is not None:
            left = word.left if word.dep == "relcl" else word.i
            span = span_of(stored, tree, left, agent.right)
            yield Fact("control", span, more={"by": core_phrase(stored, tree, by).text})
    elif word.dep == "pobj" and word.low in {"hands", "control", "rule", "occupation"}:
        prep = tree.head(word)
        marks = tree.kids(word, "compound", "poss", "amod", "nmod")
        of = [one for one in tree.kids(word, "prep") if one.low == "of"]
        marks = [one for one in marks if one.pos != "PRON"]
        if prep.low in {"in", "under"} and (marks or of):
            above = tree.head(prep)
            apposed = above.pos in {"NOUN", "PROPN"} and above.dep == "appos"
            left = above.left if apposed else prep.i
            span = span_of(stored, tree, left, max(word.i, word.right))
            by_text = core_phrase(stored, tree, marks[0] if marks else word).text
            yield Fact("control", span, more={"by": by_text})
    elif word.verb and word.lemma in _TAKE and word.tag != "VBN" and word.dep != "amod":
        subject = next(iter(tree.kids(word, "nsubj")), None)
        thing = next(iter(tree.kids(word, "dobj")), None)
        if subject is None or thing is None or subject.pos == "PRON":
            return
        if thing.pos == "PROPN" or thing.lemma in words("units", "place", "heads") | _GROUND:
            span = span_of(stored, tree, subject.left, thing.right)
            yield Fact("control", span, more={"by": core_phrase(stored, tree, subject).text})


def _siege(stored: Stored, tree: Tree, word: Word) -> Iterator[Fact]:
    if word.low == "siege" and word.dep == "pobj" and tree.head(word).low == "under":
        yield Fact("siege", span_of(stored, tree, tree.head(word).i, word.i))
        return
    verbs = {"besiege", "encircle", "surround", "blockade"}
    if word.lemma not in verbs or not word.verb or word.dep == "amod":
        return
    agent = next(iter(tree.kids(word, "agent")), None)
    by = next(iter(tree.kids(agent, "pobj")), None) if agent is not None else None
    since = next((one for one in tree.kids(word, "prep") if one.low in {"since", "for"}), None)
    if since is None and by is not None:
        since = next((one for one in tree.kids(by, "prep") if one.low == "since"), None)
    more = {}
    if by is not None:
        more["by"] = core_phrase(stored, tree, by).text
    if since is not None and tree.kids(since, "pobj"):
        more["since"] = tree.kids(since, "pobj")[0].text
    if more:
        right = max(word.i, agent.right if agent is not None else word.i)
        if since is not None:
            right = max(right, next((one.i for one in tree.kids(since, "pobj")), since.i))
        yield Fact("siege", span_of(stored, tree, word.i, right), more=more)
        return
    subject = next(iter(tree.kids(word, "nsubj")), None)
    thing = next(iter(tree.kids(word, "dobj")), None)
    if subject is not None and thing is not None:
        by_text = core_phrase(stored, tree, subject).text
        yield Fact("siege", span_of(stored, tree, subject.left, thing.right), more={"by": by_text})
