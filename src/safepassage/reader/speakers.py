"""Who speaks: the subject of a cue, its name, and what a pronoun most likely stands for."""

import re
from dataclasses import dataclass, field

from safepassage.reader.cues import Cue, shares_speaker
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.tables import words
from safepassage.reader.text import Span, Stored
from safepassage.reader.trailing import trailing_attribution

_NAMES_OF_PEOPLE = re.compile(r"^(he|she|him|her)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as it stands: the span, and the word at its head."""

    span: Span
    head: Word
    plural: bool


def speaker_of(stored: Stored, tree: Tree, cue: Cue) -> Speaker | None:
    """Return who speaks by this cue, or None where nobody is named or nothing there can speak."""
    head = _head(tree, cue)
    agents = words("frames", "speaker", "not_agents")
    if "clause" in cue.frames and (head is None or head.lemma in agents):
        trailing = _trailing(stored, tree, cue)
        if trailing is not None:
            return trailing
    if head is None:
        return None
    if head.lemma in words("frames", "speaker", "not_agents") and (
        cue.needs_agent or head.lemma not in {"it", "that", "this", "which", "there", "what"}
    ):
        return None
    if head.low in {"there", "what"} or head.pos in {"NUM", "ADJ"}:
        return None
    span = _span(stored, tree, head, cue)
    if "clause" in cue.frames and head.i < cue.word.i:
        span = _after_comma(stored, tree, head, cue, span)
    plural = head.tag in {"NNS", "NNPS"} or head.low in {"they", "we"} or _joined(tree, head)
    return Speaker(span, head, plural) if span.text else None


def _trailing(stored: Stored, tree: Tree, cue: Cue) -> Speaker | None:
    """Return the speaker of ", witnesses and officials said." at the end of a sentence."""
    found = trailing_attribution(tree, *tree.sentence(cue.word))
    if found is None or found[1] != cue.word.i:
        return None
    inside = tree.words[found[0] + 1 : cue.word.i]
    head = next((one for one in inside if one.pos in {"NOUN", "PROPN", "PRON"}), None)
    if head is None:
        return None
    span = stored.trimmed(inside[0].start, inside[-1].end)
    return Speaker(span, head, any(one.dep == "cc" for one in inside) or head.tag == "NNS")


def _head(tree: Tree, cue: Cue) -> Word | None:
    """Return the word at the head of the speaker."""
    if cue.prep is not None and cue.form in {"according", "passed on", "taken", "handed"}:
        return next(iter(tree.kids(cue.prep, "pobj")), None)
    verb = tree.head(cue.word) if cue.form == "given" else cue.word
    if cue.form == "doubts remain":
        return None
    if cue.passive:
        by = next((one for one in tree.kids(verb, "agent")), None)
        return next(iter(tree.kids(by, "pobj")), None) if by is not None else None
    return subject_of(tree, verb)


def subject_of(tree: Tree, verb: Word) -> Word | None:
    """Return the subject of a verb, also one that it shares with the verb that it hangs on."""
    shared = shares_speaker(tree, verb)
    if shared is not None:
        verb = shared
    for _ in range(6):
        own = tree.kids(verb, "nsubj")
        if own:
            subject = own[0]
            if subject.low in {"who", "which", "that"} and subject.text != "WHO":
                return tree.head(verb) if verb.dep == "relcl" else None
            return subject
        if tree.kids(verb, "nsubjpass"):
            return tree.kids(verb, "nsubjpass")[0]
        if verb.dep == "acl":
            return tree.head(verb)
        if verb.dep in {"conj", "advcl", "xcomp", "pcomp", "dep", "ccomp"} and verb.head != verb.i:
            verb = tree.head(verb)
            if not verb.verb:
                if verb.dep in {"nsubj", "dobj", "pobj"}:
                    return None
                verb = tree.head(verb)
            continue
        return None
    return None


def _span(stored: Stored, tree: Tree, head: Word, cue: Cue) -> Span:
    """Return the span of the noun phrase of a speaker, cut off at the cue."""
    left, right = head.left, head.right
    anchor = cue.word.i
    named = next(iter(tree.kids(head, "appos")), None)
    before = tree.words[head.left - 1] if head.left else None
    if (
        named is not None
        and before is not None
        and before.low in {"before", "after", "since", "despite"}
    ):
        # "Before the order, the group, ..., said": the tree took the group for an apposition.
        left, head = named.left, named
    for kid in tree.kids(head, "relcl", "acl"):
        # "..., who led the team" belongs to a speaker; the clause of the cue itself does not.
        if kid.left <= anchor <= kid.right:
            right = min(right, kid.left - 1)
    if cue.form == "taken":
        # "guarantees from both armies for the road": the road is what they guarantee.
        right = min(right, next((one.i - 1 for one in tree.kids(head, "prep")), right))
        right = max(right, head.i)
    if left <= anchor <= right:
        if head.i < anchor:
            right = anchor - 1
        else:
            left = anchor + 1
    start, end = tree.words[left].start, tree.words[max(left, right)].end
    span = stored.trimmed(start, end, ',;:.“”"—–- ')
    # A stop of the sentence that the tree put under the noun is not part of it.
    stop = re.search(r"[.!?][”\"]?\s+[A-Z“\"]", span.text)
    if stop and not re.search(
        r"\b(Mr|Mrs|Ms|Dr|St|Gen|Gov|Lt|Col|Sgt|Rev|Sen|Rep|Capt|Maj|[A-Z])$",
        span.text[: stop.start()],
    ):
        span = stored.trimmed(span.start, span.start + stop.start(), ',;:.“”"—–- ')
    return span


def _after_comma(stored: Stored, tree: Tree, head: Word, cue: Cue, span: Span) -> Span:
    """Cut a speaker that the tree let begin before the clause that is said.

    "A truce collapsed within hours, witnesses and officials said": only what follows the comma.
    """
    before = [one for one in tree.words if span.start <= one.start < cue.start]
    if not any(one.tag in {"VBD", "VBZ", "VBP"} and one.dep != "relcl" for one in before):
        return span
    _, end = tree.sentence(cue.word)
    if any(one.dep != "punct" for one in tree.words[cue.word.i + 1 : end]):
        return span
    comma = next((one for one in reversed(before) if one.text == ","), None)
    if comma is None or comma.i + 1 >= cue.word.i:
        return span
    if any(one.verb for one in tree.words[comma.i + 1 : cue.word.i]):
        return span
    del head
    return stored.trimmed(tree.words[comma.i + 1].start, tree.words[cue.word.i - 1].end)


def _joined(tree: Tree, head: Word) -> bool:
    return bool(tree.kids(head, "cc"))


def is_outlet(name: str) -> bool:
    """Whether a name is that of an agency, a paper or a broadcaster."""
    low = [re.sub(r"[’']s?$", "", word.strip(".,")) for word in re.split(r"[\s/-]+", name.lower())]
    if any(word in words("frames", "outlet", "names") for word in low):
        return True
    nouns = words("frames", "outlet", "nouns")
    if "aid" in low or "refugee" in low or "un" in low or "development" in low or "health" in low:
        return False
    if "state" in low and any(word in nouns for word in low):
        return True
    return any(
        word in nouns - {"agency", "times", "post", "station", "press", "media"} for word in low
    ) or ("news" in low)


def modality_of(tree: Tree, cue: Cue, content: tuple[Span, ...]) -> str | None:
    """Return the first auxiliary of the content: will, would, may, had, ..."""
    inside = [
        word
        for word in tree.words
        if any(span.start <= word.start < span.end for span in content) and word.tag == "MD"
    ]
    del cue
    return inside[0].low if inside else None


@dataclass
class Memory:
    """The speakers so far, for those that a text names by a pronoun or a short form."""

    known: list[tuple[str, Speaker]] = field(default_factory=list)

    def name(self, speaker: Speaker) -> tuple[str, str | None]:
        """Return what the speaker is called, and by which rule where that is not what it says."""
        text = _core(speaker)
        low = text.lower()
        if _NAMES_OF_PEOPLE.match(low):
            for name, other in reversed(self.known):
                if not other.plural and _person(name):
                    return name, "nearest person before"
            return text, None
        if low in {"they", "it", "the group", "the statement", "the statements"}:
            for name, other in reversed(self.known):
                if (low == "they") == other.plural or low.startswith("the statement"):
                    return name, "nearest speaker before"
            return text, None
        if low.startswith("the ") or (text[:1].isupper() and " " not in text):
            key = low.removeprefix("the ").split()[-1:]
            for name, _ in reversed(self.known):
                parts = name.lower().split()
                if (
                    key
                    and len(parts) > 1
                    and key[0] in parts
                    and "and" not in parts
                    and name.lower() != low
                    and (low.startswith("the ") or parts[-1] == key[0])
                ):
                    return name, "short form of a name before"
        return text, None

    def keep(self, speaker: Speaker, name: str | None) -> None:
        """Remember a speaker."""
        self.known.append((name or speaker.span.text, speaker))


def _core(speaker: Speaker) -> str:
    """Return a speaker without its relative clause, and a statement's owner for the statement."""
    text = re.split(r",|\s+who\s|\s+which\s|\s+that\s", speaker.span.text)[0].strip()
    owner = re.match(r"(?i)(?:a|the|an|in a) (?:\w+ )?statement (?:from|by|of) (?:the )?(.+)", text)
    return owner.group(1) if owner else text


def _person(name: str) -> bool:
    """Whether a name looks like that of a person: capitals and no office of many."""
    low = name.lower()
    many = (
        "ministry",
        "agency",
        "office",
        "army",
        "police",
        "center",
        "centre",
        "service",
        "cross",
        "department",
        "government",
        "committee",
        "council",
        "forces",
        "nations",
    )
    return not any(word in low for word in many)
