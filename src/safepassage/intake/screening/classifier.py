"""A small classifier, trained here from what moderators chose: naive Bayes on letters.

Character sequences of 3 to 5 letters of the folded text, Laplace smoothing, each counted once a
text, and the mean log-odds a sequence rather than their sum: sequences overlap, and a sum would be
sure of everything. It sorts; what is held back needs evidence besides (`screening.sorting`).
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SHORTEST, LONGEST = 3, 5


def pieces(folded: str) -> frozenset[str]:
    """Return the character sequences of a folded text."""
    padded = f" {folded} "
    return frozenset(
        padded[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(padded) - length + 1)
    )


@dataclass(frozen=True, slots=True)
class Classifier:
    """How often each sequence stood in texts that were junk, and in texts that were not."""

    junk: Counter[str] = field(default_factory=Counter)
    genuine: Counter[str] = field(default_factory=Counter)
    junk_texts: int = 0
    genuine_texts: int = 0

    def score(self, folded: str) -> float:
        """Return how much a text looks like junk: 0 to 1, and 0.5 where nothing is known."""
        known = [
            math.log((self.junk[one] + 0.5) / (self.junk_texts + 1))
            - math.log((self.genuine[one] + 0.5) / (self.genuine_texts + 1))
            for one in pieces(folded)
            if one in self.junk or one in self.genuine
        ]
        if not known or not self.junk_texts or not self.genuine_texts:
            return 0.5
        # Rare sequences say little alone; a text of few known ones stays near the middle.
        mean = sum(known) / (len(known) + 10)
        return 1.0 / (1.0 + math.exp(-3.0 * mean))


def train(examples: Iterable[tuple[str, bool]]) -> Classifier:
    """Return a classifier of folded texts and whether each was junk."""
    junk: Counter[str] = Counter()
    genuine: Counter[str] = Counter()
    junk_texts = genuine_texts = 0
    for folded, is_junk in examples:
        if is_junk:
            junk.update(pieces(folded))
            junk_texts += 1
        else:
            genuine.update(pieces(folded))
            genuine_texts += 1
    return Classifier(junk, genuine, junk_texts, genuine_texts)
