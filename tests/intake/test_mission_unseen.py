"""Mission: texts that the sorting was never tuned on. What comes out is measured, not repaired.

They were written when the stems, the evidence and the threshold were fixed, and are not to be used
to change them: a new miss goes into the tuning texts, and these are written anew.
"""

import math
from pathlib import Path

from safepassage.intake.screening.classifier import train
from safepassage.intake.screening.seed import seed
from safepassage.intake.screening.sorting import sort_text

UNSEEN = Path(__file__).parent / "unseen"
CLASSIFIER = train(seed())


def texts(name: str) -> list[str]:
    lines = (UNSEEN / name).read_text(encoding="utf-8").splitlines()
    return [one for one in lines if one and not one.startswith("#")]


def wilson(hits: int, tried: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    spread = (
        z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried**2)) / (1 + z * z / tried)
    )
    return middle - spread, middle + spread


def test_no_plea_is_held_back_from_the_moderators() -> None:
    pleas = texts("pleas.txt")
    assert len(pleas) >= 300
    held = [one for one in pleas if sort_text(one, CLASSIFIER).state != "new"]
    assert not held


def test_nothing_ordinary_is_held_back_either() -> None:
    held = [one for one in texts("ordinary.txt") if sort_text(one, CLASSIFIER).state != "new"]
    assert not held


def test_most_junk_is_sorted_to_the_end() -> None:
    junk, ordinary = texts("junk.txt"), [*texts("pleas.txt"), *texts("ordinary.txt")]
    away = sum(sort_text(one, CLASSIFIER).state == "held" for one in junk)
    wrong = sum(sort_text(one, CLASSIFIER).state == "held" for one in ordinary)
    # The lower end of the interval has to be above a half: sorting has to be worth its while.
    assert wilson(away, len(junk))[0] > 0.5
    assert away / (away + wrong) > 0.95
