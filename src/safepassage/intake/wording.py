"""The words of the public form, a file a language: a further language is a further file.

Every file holds the same keys; a missing one is found when the words are read, not by a visitor.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

FIRST = "en"


class WordsError(ValueError):
    """A language lacks words, or has words that no page shows."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language. `direction` is ltr or rtl, `reviewed` by a native reader."""

    language: str
    direction: str
    reviewed: bool
    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        """Return the words for a key."""
        return self.words[key]


@cache
def wordings() -> Mapping[str, Wording]:
    """Return the wording of each language, English first.

    Raises
    ------
    WordsError
        If the languages do not hold the same keys.
    """
    folder = files("safepassage.intake") / "words"
    found = {
        one.name.removesuffix(".toml"): tomllib.loads(one.read_text(encoding="utf-8"))
        for one in folder.iterdir()
        if one.name.endswith(".toml")
    }
    wanted = set(found[FIRST]["words"])
    for language, table in found.items():
        if set(table["words"]) != wanted:
            odd = ", ".join(sorted(set(table["words"]) ^ wanted))
            raise WordsError(f"words/{language}.toml: got or lacks {odd}, want the keys of {FIRST}")
    order = [FIRST, *sorted(set(found) - {FIRST})]
    return MappingProxyType(
        {
            one: Wording(
                one,
                found[one]["direction"],
                found[one]["reviewed"],
                MappingProxyType(dict(found[one]["words"])),
            )
            for one in order
        }
    )
