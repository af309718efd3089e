"""Cues: the verbs and nouns by which a text says that somebody said something."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepassage.reader.parsing import Tree, Word
from safepassage.reader.quotes import Quote
from safepassage.reader.tables import table, words
from safepassage.reader.text import Span

Frame = str


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue on the tree, and what its frame says.

    `word` is the verb (of a noun cue, the noun; of "according to", "according"). `form` says how
    the content is found: a verb's frames, or one of the fixed forms. `agentless` marks a cue whose
    speaker a text may leave out.
    """

    word: Word
    class_name: str
    form: str
    frames: tuple[str, ...]
    start: int
    end: int
    passive: bool = False
    agentless: bool = False
    negated: bool = False
    needs_clause: bool = False
    quote_only: bool = False
    needs_agent: bool = False
    to_class: str | None = None
    prep: Word | None = None
    outlet: Span | None = None
    target: Span | None = None
    time: Span | None = None


def cues_of(tree: Tree, quotes: list[Quote]) -> Iterator[Cue]:
    """Return the cues of a block in order; words inside a quoted sentence are no cues."""
    for word in tree.words:
        if any(quote.whole and quote.start < word.start < quote.end for quote in quotes):
            continue
        cue = (
            _according(tree, word)
            or _passed_on(tree, word)
            or _figure(tree, word)
            or _verb(tree, word)
            or _noun(tree, word)
        )
        if cue is not None:
            yield cue


def is_cue_lemma(word: Word) -> bool:
    """Whether a word is a verb by which people speak."""
    return word.verb and word.lemma in table("frames")["verb"]


def shares_speaker(tree: Tree, word: Word) -> Word | None:
    """Return the outer cue whose speaker a verb shares: "said A but warned B".

    The parser often hangs the second verb on the clause A; it has no subject of its own and the
    same tense as the first.
    """
    if word.dep != "conj" or not is_cue_lemma(word) or tree.kids(word, "nsubj", "nsubjpass", "aux"):
        return None
    if word.tag not in {"VBD", "VBZ"}:
        return None
    inner = tree.head(word)
    # "warned of floods should the dam fail and advised people": no pair by their tense.
    apart = inner.tag != word.tag
    for _ in range(5):
        outer = tree.head(inner)
        said = is_cue_lemma(outer) and outer.i < inner.i and outer.tag == word.tag
        if said and (apart or inner.dep in {"ccomp", "xcomp"}):
            return outer
        if inner.head == inner.i or (is_cue_lemma(outer) and not apart):
            return None
        inner = outer
    return None


def negated(tree: Tree, word: Word) -> bool:
    """Whether the verb is denied."""
    return bool(tree.kids(word, "neg"))


def _according(tree: Tree, word: Word) -> Cue | None:
    if word.low not in {"according", "accord"}:
        return None
    to = next((one for one in tree.words[word.i + 1 : word.i + 2] if one.low == "to"), None)
    if to is None or not tree.kids(to, "pobj"):
        return None
    return Cue(word, "claim", "according", (), word.start, to.end, prep=to)


def _passed_on(tree: Tree, word: Word) -> Cue | None:
    """Return the cue of 'a statement reported by Reuters': it wraps the sentence before it."""
    if word.lemma not in words("frames", "outlet", "passing_on") or word.tag != "VBN":
        return None
    if word.dep not in {"acl", "advcl", "amod"} or tree.kids(word, "nsubj", "auxpass"):
        return None
    by = [one for one in tree.kids(word, "agent", "prep") if one.low in {"by", "on", "in"}]
    if not by or not tree.kids(by[0], "pobj"):
        return None
    after = tree.words[by[0].right + 1] if by[0].right + 1 < len(tree.words) else None
    if after is not None and after.text == "," and word.lemma in {"quote", "cite"}:
        # "the ministry, quoted by Interfax, said": the outlet of what follows.
        return None
    return Cue(word, "report", "passed on", (), word.start, word.end, prep=by[0])


def _figure(tree: Tree, word: Word) -> Cue | None:
    """'put the number at 1,600', 'gave a lower figure of 3,500'."""
    if word.lemma not in words("frames", "figure", "verbs") or not word.verb:
        return None
    thing = next((one for one in tree.kids(word, "dobj")), None)
    if thing is None or thing.lemma not in words("frames", "figure", "nouns"):
        return None
    prep = next(
        (
            one
            for one in tree.kids(word, "prep") + tree.kids(thing, "prep")
            if one.low in {"at", "of"}
        ),
        None,
    )
    if prep is None:
        return None
    return Cue(word, "claim", "figure", (), word.start, word.end, prep=prep)


def _verb(tree: Tree, word: Word) -> Cue | None:
    if word.pos not in {"VERB", "AUX"} and word.tag not in {"VBD", "VBZ", "VBN"}:
        return None
    compound = _with_preposition(tree, word)
    entry: dict[str, Any] | None = table("frames")["verb"].get(word.lemma)
    if entry is None and compound is None:
        return None
    passive = bool(tree.kids(word, "auxpass"))
    if not _said(tree, word, passive=passive):
        return None
    if compound is not None and not tree.kids(word, "ccomp"):
        prep, class_name = compound
        return Cue(
            word,
            class_name,
            "with",
            (),
            word.start,
            word.end,
            passive=passive,
            negated=negated(tree, word),
            needs_agent=True,
            prep=prep,
        )
    if entry is None:
        return None
    # "were told to leave" keeps its force without an agent; "was said" does not.
    orders = entry["class"] in {"order", "demand", "warn"} or "to_class" in entry
    agentless = passive and orders
    if passive and not agentless and not tree.kids(word, "agent"):
        expletive = any(one.low == "it" for one in tree.kids(word, "nsubjpass"))
        if not (expletive and tree.kids(word, "ccomp")):
            return None
        return None
    return Cue(
        word,
        entry["class"],
        "verb",
        tuple(entry["frames"]),
        word.start,
        word.end,
        passive=passive,
        agentless=agentless,
        negated=negated(tree, word),
        needs_clause=entry.get("needs_clause", False),
        quote_only=entry.get("quote_only", False),
        needs_agent=entry.get("needs_agent", False),
        to_class=entry.get("to_class"),
    )


def _with_preposition(tree: Tree, word: Word) -> tuple[Word, str] | None:
    """Return the preposition and class of 'called for a pause', 'warned of floods'."""
    for prep in tree.kids(word, "prep", "prt", "dative"):
        entry = table("frames")["verb_with"].get(f"{word.lemma}_{prep.low}")
        if entry is not None and prep.i > word.i:
            return prep, entry["class"]
    return None


def _said(tree: Tree, word: Word, *, passive: bool) -> bool:
    """Whether the verb says that something was said, not that it may be or should be."""
    if word.dep in {"amod", "compound", "nmod", "pobj", "dobj"}:
        return False
    helpers = {one.low for one in tree.kids(word, "aux")}
    if "to" in helpers:
        return False
    if word.tag == "VB" and not helpers & {"did", "does", "do"}:
        return False
    # A promise that will be given has not been given.
    if helpers & {"may", "might", "could", "should", "can", "will", "'ll", "would", "must"}:
        return False
    # A bare participle ("a truce announced on Monday") is no act of saying; a past tense that the
    # tagger took for a participle has a subject.
    own = tree.kids(word, "nsubj", "nsubjpass")
    bare = word.tag == "VBN" and not passive and not helpers and not own
    return not (bare and word.dep in {"acl", "advcl", "relcl", "ROOT"} and word.dep != "ROOT")


def _noun(tree: Tree, word: Word) -> Cue | None:
    """'gave assurances that', 'received guarantees from', 'doubts remain over whether'."""
    if word.pos not in {"NOUN", "PROPN"}:
        return None
    class_name = table("frames")["noun"].get(word.lemma)
    if class_name is None:
        return None
    head = tree.head(word)
    if (
        class_name == "doubt"
        and word.dep == "nsubj"
        and head.lemma in {"remain", "linger", "persist"}
    ):
        return Cue(word, "doubt", "doubts remain", (), word.start, word.end, agentless=True)
    handed = next((one for one in tree.kids(word, "acl") if one.tag == "VBN"), None)
    if handed is not None and handed.lemma in words("frames", "light", "give"):
        agent = next((one for one in tree.kids(handed, "agent") if tree.kids(one, "pobj")), None)
        if agent is not None:
            return Cue(word, class_name, "handed", (), word.start, word.end, prep=agent)
    if not head.verb or word.dep not in {"dobj", "nsubjpass"}:
        return None
    if not _said(tree, head, passive=word.dep == "nsubjpass"):
        return None
    if any(one.low in {"no", "any", "neither"} for one in tree.kids(word, "det")):
        return None
    if head.lemma in words("frames", "light", "give"):
        if word.dep == "nsubjpass" and not tree.kids(head, "agent"):
            return None
        return Cue(
            word,
            class_name,
            "given",
            (),
            min(head.start, word.start),
            max(head.end, word.end),
            passive=word.dep == "nsubjpass",
            negated=negated(tree, head),
            needs_agent=True,
        )
    if head.lemma in words("frames", "light", "take") and class_name == "guarantee":
        source = next(
            (
                one
                for one in tree.kids(word, "prep") + tree.kids(head, "prep")
                if one.low == "from" and tree.kids(one, "pobj")
            ),
            None,
        )
        if source is not None:
            start, end = min(head.start, word.start), max(head.end, word.end)
            return Cue(word, class_name, "taken", (), start, end, prep=source)
    return None
