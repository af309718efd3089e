"""Nouns of the units table: their lemma, and whether a number may belong to them."""

from safepassage.reader.parsing import Word
from safepassage.reader.tables import table


def lemma_of(word: Word) -> str:
    """Return the lemma of a noun, mended where the model leaves a plural as it is."""
    lemma = word.lemma
    units = table("units")
    parts = [units[name] for name in ("vehicle", "people", "distance", "duration")]
    if any(lemma in part for part in parts):
        return lemma
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if lemma.endswith(ending):
            shorter = lemma.removesuffix(ending) + instead
            if any(shorter in part for part in parts):
                return shorter
    return lemma


def is_unit(word: Word) -> bool:
    """Whether the units table knows the noun as something that is counted."""
    units = table("units")
    lemma = lemma_of(word)
    return (
        any(lemma in units[name] for name in ("vehicle", "people", "distance", "duration", "area"))
        or lemma in units["dead"]["words"]
        or lemma in units["dead"]["adjectives"]
        or lemma in units["capacity"]["nouns"]
        or lemma in units["shelter"]["counted"]
        or word.low in units["distance"]
    )
