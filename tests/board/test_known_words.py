"""The words of the pages: every one in every language, and each translation keeps its values."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from safepassage.board.wording import LANGUAGES, LOCALE, UNREVIEWED, words
from scripts.words import collected

OTHERS = sorted(set(LANGUAGES) - {"en"})
HELP = "run `python scripts/words.py`, then fill in what it names"


def catalog(language: str) -> dict[str, str]:
    with (LOCALE / language / "LC_MESSAGES" / "board.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id}


def values(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|{\w+}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_of_the_board_is_in_the_language(language: str) -> None:
    known = catalog(language)
    missing = [str(one.id) for one in collected() if one.id and not known.get(str(one.id))]
    assert not missing, HELP


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_values_of_its_sentence(language: str) -> None:
    wrong = {one: said for one, said in catalog(language).items() if values(one) != values(said)}
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_compiled_is_what_was_translated(language: str) -> None:
    found = gettext.translation("board", LOCALE, [language])
    wrong = [one for one, said in catalog(language).items() if found.gettext(one) != said]
    assert not wrong, HELP


def test_digits_stay_latin_in_every_language() -> None:
    text = "".join((LOCALE / one / "LC_MESSAGES" / "board.po").read_text() for one in OTHERS)
    assert not re.search("[٠-٩۰-۹]", text)


def test_a_translation_that_nobody_reviewed_says_so() -> None:
    for language in UNREVIEWED:
        said = words(language)
        assert said.unreviewed
        assert said("This translation has not been reviewed by a native reader.") != (
            "This translation has not been reviewed by a native reader."
        )


def test_no_stylesheet_knows_left_from_right() -> None:
    text = (Path(LOCALE).parent / "static" / "board.css").read_text(encoding="utf-8")
    physical = re.findall(
        r"[{;\s](?:left|right|margin-(?:left|right)|padding-(?:left|right)|border-(?:left|right)"
        r"|text-align:\s*(?:left|right)|float)\s*:",
        text,
    )
    assert not physical
