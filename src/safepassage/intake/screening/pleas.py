"""Whether a text may be a plea for help: then it is seen first, and never held back.

Wide on purpose. The stems (`pleas.txt`) are in English, Arabic, Arabic in Latin letters, French,
Russian and Ukrainian, as people write them in a hurry. A false yes costs a moderator a glance.
"""

import re
from functools import cache
from importlib.resources import files

_PEOPLE = re.compile(
    r"\b\d{1,3}\s*(?:of us|people|persons?|ppl|fam|kids?|child|men|women|souls|نفر|شخص|عايل|عائل|"
    r"اطفال|ولاد|nafar|shakh|pers|enfants|чел|людей|детей|дітей|осіб)"
)


def may_be_a_plea(folded: str) -> bool:
    """Tell whether a folded text may be a plea for help."""
    return _stems().search(folded) is not None or _PEOPLE.search(folded) is not None


@cache
def _stems() -> re.Pattern[str]:
    text = (files("safepassage.intake.screening") / "pleas.txt").read_text(encoding="utf-8")
    stems = [one for one in text.splitlines() if one and not one.startswith("#")]
    return re.compile("|".join(stems))
