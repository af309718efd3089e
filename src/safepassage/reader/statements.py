"""Who said what: cues on the parse tree, their speakers and their contents."""

import re
from dataclasses import dataclass, replace

from safepassage.reader.contents import content_of, extended_by_quotes
from safepassage.reader.cues import Cue, cues_of
from safepassage.reader.parsing import Tree
from safepassage.reader.quotes import Quote, quotes_in
from safepassage.reader.speakers import (
    Memory,
    Speaker,
    is_outlet,
    modality_of,
    speaker_of,
)
from safepassage.reader.text import Span, Stored


@dataclass(frozen=True, slots=True)
class Statement:
    """One attribution: somebody says something, by a cue.

    `speaker` is the span as it stands ("the Center"), `name` what it most likely stands for, with
    the rule in `resolved_by`. `outlet` passed the words on. `reports` is the id of the statement
    that this one passes on, `embedded_in` that of the one whose content holds it. `of` is the
    event.
    """

    id: str
    cue: Span
    content: tuple[Span, ...]
    class_name: str
    speaker: Span | None = None
    name: str | None = None
    resolved_by: str | None = None
    outlet: Span | None = None
    polarity: str = "+"
    modality: str | None = None
    target: Span | None = None
    time: Span | None = None
    reports: str | None = None
    embedded_in: str | None = None
    of: str | None = None
    found_by: str = "frames"

    @property
    def first(self) -> int:
        """Where the statement begins: at its speaker, cue or content, whichever is first."""
        spans = [self.cue, *self.content] + ([self.speaker] if self.speaker else [])
        return min(span.start for span in spans)


def statements_of(stored: Stored, trees: list[Tree]) -> list[Statement]:
    """Return the statements of a text in the order of their cues, numbered S01, S02, ..."""
    found: list[Statement] = []
    memory = Memory()
    open_quote: int | None = None
    for tree in trees:
        quotes = quotes_in(stored, tree.block.start, tree.block.end)
        here: list[Statement] = []
        taken: list[Quote] = []
        for cue in cues_of(tree, quotes):
            statement = _statement(stored, tree, cue, quotes, memory, taken)
            if statement is not None:
                here.append(statement)
        here = _without_doubles(here)
        if not here and found and open_quote is not None and quotes and quotes[0].whole:
            # A paragraph that is a quote and nothing else goes on with the one before it.
            last = found[-1]
            if quotes[0].start - tree.block.start <= 1:
                more = tuple(stored.span(one.start, one.end) for one in quotes if one.whole)
                found[-1] = replace(last, content=last.content + more)
        quoted = bool(here) and any(
            quote.start <= here[-1].content[-1].start and here[-1].content[-1].end <= quote.end
            for quote in quotes
        )
        open_quote = tree.block.end if quoted or (open_quote is not None and not here) else None
        found.extend(here)
    found.sort(key=lambda one: (one.first, one.cue.start))
    numbered = [replace(one, id=f"S{n:02d}") for n, one in enumerate(found, 1)]
    return _linked(numbered)


def _statement(
    stored: Stored, tree: Tree, cue: Cue, quotes: list[Quote], memory: Memory, taken: list[Quote]
) -> Statement | None:
    """Return the statement of one cue, or None where the cue says nothing."""
    speaker = speaker_of(stored, tree, cue)
    if speaker is None and not cue.agentless:
        return None
    content = content_of(stored, tree, cue, speaker, quotes, taken)
    if not content:
        return None
    unnamed = ("be named", "anonym", "not be used", "be identified")
    if any(mark in content[0].text.lower() for mark in unnamed):
        return None
    if cue.form == "given" and re.fullmatch(
        r"(?i)(?:the|this|that|his|her|its) \w+", content[0].text
    ):
        # "as he issued the order": which one, the text has said before.
        return None
    if re.match(r"(?:was|were|is|are|had|has)\b", content[0].text):
        # "what officials said were a thousand homes": no clause of its own.
        return None
    content = extended_by_quotes(stored, cue, content, quotes, taken)
    class_name = cue.class_name
    if cue.to_class is not None and _to_do(tree, cue):
        class_name = cue.to_class
    name = resolved = None
    outlet = cue.outlet
    if speaker is not None:
        name, resolved = memory.name(speaker)
        passes_on = is_outlet(name)
        if class_name == "report" and not passes_on:
            class_name = "claim"
        memory.keep(speaker, name)
        outlet = outlet or _quoted_by(stored, tree, speaker)
    return Statement(
        "",
        stored.span(cue.start, cue.end),
        content,
        _by_content(class_name, content),
        speaker.span if speaker is not None else None,
        name,
        resolved,
        outlet,
        "-" if cue.negated else "+",
        modality_of(tree, cue, content),
        cue.target,
        cue.time,
    )


def _quoted_by(stored: Stored, tree: Tree, speaker: Speaker) -> Span | None:
    """Return the outlet of "the ministry, quoted by Interfax, said"."""
    for clause in tree.kids(speaker.head, "acl"):
        if clause.lemma not in {"quote", "cite"}:
            continue
        for by in tree.kids(clause, "agent"):
            for name in tree.kids(by, "pobj"):
                return stored.trimmed(tree.words[name.left].start, tree.words[name.right].end, ",")
    return None


def _to_do(tree: Tree, cue: Cue) -> bool:
    """Whether somebody is told to do something, not that something is so."""
    clauses = tree.kids(cue.word, "xcomp", "ccomp", "advcl")
    return any(one.low == "to" for clause in clauses for one in tree.kids(clause, "aux"))


def _by_content(class_name: str, content: tuple[Span, ...]) -> str:
    """Let the content of a plain claim decide whether it is a promise or an offer."""
    if class_name != "claim":
        return class_name
    text = " ".join(one.text.lower() for one in content)
    if any(mark in text for mark in ("will guarantee", "would guarantee", "guarantees the safety")):
        return "guarantee"
    if any(
        f"{will} be {verb}" in text
        for will in ("will", "would")
        for verb in ("escorted", "accompanied", "protected", "guaranteed")
    ):
        return "guarantee"
    if any(f"{mark} to" in text for mark in ("ready", "prepared", "willing")):
        return "offer"
    return class_name


def _without_doubles(statements: list[Statement]) -> list[Statement]:
    """Of two statements with the same content by the same speaker keep the first."""
    kept: list[Statement] = []
    for one in statements:
        if not any(
            one.content == other.content and (one.speaker == other.speaker or one.cue == other.cue)
            for other in kept
        ):
            kept.append(one)
    return kept


def _linked(statements: list[Statement]) -> list[Statement]:
    """Tie a report to the statement that it passes on, and an inner statement to its outer one."""
    linked = list(statements)
    for i, outer in enumerate(statements):
        inner = [
            (j, one)
            for j, one in enumerate(statements)
            if j != i and any(part.covers(one.cue) for part in outer.content)
        ]
        if not inner:
            continue
        j, passed = min(inner, key=lambda pair: pair[1].first)
        size = outer.content[-1].end - outer.content[0].start
        own = max(part.end for part in passed.content) - passed.first
        whole = own >= 0.7 * size or passed.first - outer.content[0].start <= 3
        outlet = outer.speaker is not None and is_outlet(outer.name or outer.speaker.text)
        if whole and (
            outlet or outer.class_name == "report" or outer.cue.text.lower() == "according to"
        ):
            linked[i] = replace(linked[i], class_name="report", reports=passed.id)
            if outlet and linked[j].outlet is None:
                linked[j] = replace(linked[j], outlet=outer.speaker)
        for k, one in inner:
            if linked[k].embedded_in is None:
                linked[k] = replace(linked[k], embedded_in=outer.id)
            del one
    return linked
