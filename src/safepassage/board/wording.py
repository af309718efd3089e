"""The words of the pages: English in the templates, other languages through gettext.

Numbers and times keep Latin digits in every language: radio sheets and number plates do.
"""

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "board"
LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "ar": "العربية"}
"""Languages of the pages, each named in itself."""
RIGHT_TO_LEFT: Final = frozenset({"ar"})
UNREVIEWED: Final = frozenset({"ar"})
"""Translations that no native reader has reviewed: every page in them says so."""


def later(text: str) -> str:
    """Mark a word for translation that is translated where it is shown."""
    return text


class Words:
    """One language: translates, and puts values into the sentence."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self.unreviewed = language in UNREVIEWED
        self.comma = "، " if self.direction == "rtl" else ", "
        self._found = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)

    def __call__(self, text: str, **values: object) -> str:
        """Return a sentence in this language, with `%(name)s` filled in."""
        said = self._found.gettext(text) if text else ""
        return said % values if values else said

    def listed(self, items: Iterable[str]) -> str:
        """Return things in a row, with the comma of the language."""
        return self.comma.join(items)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the sentence for a number, which is `%(number)s` in it."""
        return self._found.ngettext(one, many, number) % {"number": f"{number:,}", **values}


@cache
def words(language: str) -> Words:
    """Return the words of a language; English where we have none."""
    return Words(language if language in LANGUAGES else "en")
