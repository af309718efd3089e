"""Where a message goes in the queue: seen now, or held for a later look. Never away.

Held back is only what has all three: a way to reach an advertiser, words that moderators have
called junk before, and nothing of a plea. Everything else is new, pleas first.
"""

from dataclasses import dataclass
from typing import Literal

from safepassage.intake.screening.classifier import Classifier
from safepassage.intake.screening.evidence import has_call_to_action
from safepassage.intake.screening.folding import fold
from safepassage.intake.screening.pleas import may_be_a_plea

HELD_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Sorted:
    """How a message was sorted, and by what."""

    state: Literal["new", "held"]
    score: float
    plea: bool
    folded: str


def sort_text(text: str, classifier: Classifier) -> Sorted:
    """Return where a message belongs."""
    folded = fold(text)
    plea = may_be_a_plea(folded)
    score = classifier.score(folded)
    held = not plea and score >= HELD_FROM and has_call_to_action(folded)
    return Sorted("held" if held else "new", score, plea, folded)
