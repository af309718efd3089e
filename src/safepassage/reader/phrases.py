"""Questions to the tree that facts ask: noun phrases, the verb that governs a word, its tense."""

from safepassage.reader.parsing import Tree, Word
from safepassage.reader.text import Span, Stored
from safepassage.reader.times import Direction

_AHEAD = frozenset(
    {"expect", "plan", "schedule", "set", "due", "forecast", "intend", "hope", "aim"}
)
_ORDERS = frozenset({"order", "instruct", "direct", "urge", "announce", "promise", "pledge"})
_AS_ABOVE = frozenset({"begin", "start", "continue", "try", "manage", "attempt", "fail", "use"})


def span_of(stored: Stored, tree: Tree, left: int, right: int) -> Span:
    """Return the span of the words from left to right, punctuation at its ends left out."""
    right = max(left, right)
    return stored.trimmed(tree.words[left].start, tree.words[right].end, ',;:.—–-"“”()')


def noun_phrase(stored: Stored, tree: Tree, noun: Word) -> Span:
    """Return a noun with what stands before it, and a short participle after it ("trapped")."""
    left = noun.left
    while left < noun.i and tree.words[left].dep in {"punct", "cc", "mark", "prep", "case"}:
        left += 1
    return span_of(stored, tree, left, noun.i)


def core_phrase(stored: Stored, tree: Tree, noun: Word) -> Span:
    """Return the noun with the compounds and adjectives right before it, no article."""
    left = noun.i
    while left > 0:
        before = tree.words[left - 1]
        inside = noun.left <= before.i
        if (
            inside
            and before.dep in {"compound", "amod", "nummod", "poss", "case", "nmod", "punct"}
            and before.text not in {",", '"', "("}
        ):
            left -= 1
        else:
            break
    return span_of(stored, tree, left, noun.i)


def governor(tree: Tree, word: Word) -> Word | None:
    """Return the verb that governs a word most closely."""
    if word.verb and word.dep not in {"amod", "aux", "auxpass"}:
        return word
    for above in tree.ancestors(word):
        if above.verb and above.dep not in {"amod", "aux", "auxpass"}:
            return above
    return None


def direction_of(tree: Tree, word: Word) -> Direction:
    """Tell from the verbs above a word whether it lies ahead or behind."""
    verb = governor(tree, word)
    while verb is not None:
        helpers = {one.low for one in tree.kids(verb, "aux", "auxpass")}
        if helpers & {
            "will",
            "would",
            "'ll",
            "shall",
            "could",
            "may",
            "might",
            "must",
            "should",
            "can",
        }:
            return "future"
        if "to" in helpers:
            above = governor(tree, tree.head(verb)) if verb.head != verb.i else None
            lead = tree.head(verb)
            if lead.lemma == "attempt" or (above is not None and above.lemma in _AS_ABOVE):
                verb = above
                continue
            if above is not None and above.lemma in _AHEAD:
                return "future"
            return "near"
        if verb.tag in {"VBN", "VBG"} and not helpers:
            return "near"
        if verb.lemma in _ORDERS and verb.i < word.i:
            # What is ordered lies ahead, however the order itself is told.
            return "near"
        if verb.tag in {"VBD", "VBN"} or helpers & {
            "had",
            "has",
            "have",
            "was",
            "were",
            "did",
            "'ve",
        }:
            return "past"
        if verb.tag in {"VBZ", "VBP", "VBG"}:
            return (
                "future"
                if verb.lemma
                in {"expect", "plan", "schedule", "leave", "begin", "open", "start", "depart"}
                or "is" in helpers
                or "are" in helpers
                else "unknown"
            )
        if verb.tag == "VB" and not helpers:
            return "future"
        if verb.head == verb.i:
            return "unknown"
        verb = governor(tree, tree.head(verb))
    return "unknown"


def status_of(tree: Tree, word: Word) -> str:
    """Return how the event that a word belongs to stands: planned, happening, happened, stated."""
    verb = governor(tree, word)
    if verb is None:
        return "stated"
    helpers = {one.low for one in tree.kids(verb, "aux", "auxpass")}
    while verb.tag in {"VBG", "VBN"} and not helpers and verb.head != verb.i:
        # "will take place, involving 20 buses": a bare participle has the time of its verb.
        above = governor(tree, tree.head(verb))
        if above is None:
            break
        verb = above
        helpers = {one.low for one in tree.kids(verb, "aux", "auxpass")}
    if verb.tag == "VBG" and helpers & {"is", "are", "'re", "'s"}:
        return "happening"
    return {"future": "planned", "near": "planned", "past": "happened"}.get(
        direction_of(tree, verb), "stated"
    )


def word_at(tree: Tree, start: int, end: int) -> Word | None:
    """Return the last word that lies between two code points."""
    inside = [one for one in tree.words if one.start < end and one.end > start]
    return inside[-1] if inside else None
