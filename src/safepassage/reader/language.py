"""Is it English? Every other language is named, where we know it, and refused politely."""

import re
import unicodedata
from collections import Counter

from safepassage.reader.clean import Page
from safepassage.reader.tables import table


class LanguageError(ValueError):
    """The text is not English."""


def refuse_other_languages(page: Page) -> None:
    """Raise if the body of a text is in another language than English.

    Raises
    ------
    LanguageError
        Naming the language or script as far as it is known.
    """
    text = " ".join(page.stored.text[one.start : one.end] for one in page.blocks)[:20_000]
    other = _other_language(text)
    if other is not None:
        raise LanguageError(
            f"{page.stored.name}: this looks like {other}. The reader knows English only, and will "
            "not guess; translate the text first, or enter its figures by hand"
        )


def _other_language(text: str) -> str | None:
    scripts, common = table("languages")["scripts"], table("languages")["common"]
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 20:
        return None
    wide = Counter(
        script
        for char in letters[:4000]
        if ord(char) > 0x24F and (script := unicodedata.name(char, "").split(" ")[0]) in scripts
    )
    if wide and wide.total() > 0.3 * len(letters[:4000]):
        return str(scripts[wide.most_common(1)[0][0]])
    found = re.findall(r"[^\W\d_]+", text.lower())
    if len(found) < 25:
        return None
    counts: dict[str, int] = {}
    for name, listed in common.items():
        known = frozenset(str(listed).split())
        counts[name] = sum(word in known for word in found)
    best = max(counts, key=lambda name: (counts[name], name == "English"))
    if (
        best != "English"
        and counts[best] > 1.3 * counts["English"]
        and counts[best] > 0.08 * len(found)
    ):
        return best
    if counts["English"] < 0.02 * len(found) and len(found) > 60:
        return "another language than English"
    return None
