"""Is it English? Every other language is named, where we know it, and refused politely."""

import re
import unicodedata
from collections import Counter

from safepassage.reader.clean import Page


class LanguageError(ValueError):
    """The text is not English."""


_COMMON = {
    "English": [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "on",
        "was",
        "with",
        "said",
        "are",
        "by",
        "from",
        "at",
        "has",
        "be",
        "have",
        "were",
        "it",
        "as",
        "will",
        "this",
        "which",
        "not",
        "an",
        "their",
        "been",
        "after",
        "who",
        "they",
    ],
    "French": [
        "le",
        "la",
        "les",
        "de",
        "des",
        "du",
        "et",
        "un",
        "une",
        "est",
        "dans",
        "que",
        "pour",
        "qui",
        "sur",
        "au",
        "avec",
        "par",
        "ont",
        "été",
        "sont",
        "ce",
        "cette",
        "pas",
        "plus",
        "aux",
    ],
    "Spanish": [
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "y",
        "un",
        "una",
        "es",
        "en",
        "que",
        "para",
        "por",
        "con",
        "se",
        "al",
        "su",
        "han",
        "fue",
        "son",
        "como",
        "más",
        "pero",
        "sus",
    ],
    "German": [
        "der",
        "die",
        "das",
        "und",
        "den",
        "von",
        "zu",
        "mit",
        "ist",
        "im",
        "dem",
        "nicht",
        "ein",
        "eine",
        "auf",
        "für",
        "sich",
        "des",
        "auch",
        "wurde",
        "sind",
        "bei",
        "nach",
        "aus",
    ],
    "Portuguese": [
        "o",
        "os",
        "as",
        "de",
        "da",
        "do",
        "dos",
        "e",
        "um",
        "uma",
        "em",
        "que",
        "para",
        "por",
        "com",
        "não",
        "foi",
        "são",
        "ao",
        "mais",
        "como",
        "à",
        "pela",
        "pelo",
    ],
    "Italian": [
        "il",
        "lo",
        "gli",
        "di",
        "del",
        "della",
        "e",
        "un",
        "una",
        "è",
        "in",
        "che",
        "per",
        "con",
        "non",
        "sono",
        "dei",
        "alla",
        "dal",
        "nel",
        "più",
        "ha",
        "stato",
    ],
    "Turkish": [
        "ve",
        "bir",
        "bu",
        "da",
        "de",
        "için",
        "ile",
        "olarak",
        "olan",
        "çok",
        "daha",
        "gibi",
        "kadar",
        "sonra",
        "ancak",
        "ise",
        "göre",
    ],
    "Dutch": [
        "de",
        "het",
        "een",
        "en",
        "van",
        "in",
        "is",
        "dat",
        "op",
        "te",
        "zijn",
        "voor",
        "met",
        "niet",
        "aan",
        "er",
        "om",
        "door",
        "naar",
        "bij",
    ],
    "Polish": [
        "w",
        "i",
        "na",
        "z",
        "do",
        "się",
        "nie",
        "że",
        "to",
        "o",
        "jest",
        "po",
        "od",
        "za",
        "przez",
        "dla",
        "jak",
        "ale",
    ],
    "Romanian": [
        "și",
        "în",
        "de",
        "la",
        "cu",
        "pe",
        "un",
        "o",
        "nu",
        "că",
        "este",
        "din",
        "pentru",
        "care",
        "sunt",
        "mai",
        "a",
        "fost",
    ],
    "Indonesian": [
        "yang",
        "dan",
        "di",
        "dari",
        "untuk",
        "dengan",
        "pada",
        "ini",
        "itu",
        "dalam",
        "tidak",
        "akan",
        "oleh",
        "telah",
    ],
    "Swahili": ["na", "ya", "wa", "kwa", "ni", "katika", "za", "la", "kuwa", "hii", "hiyo", "watu"],
}
_SCRIPTS = {
    "ARABIC": "Arabic, Persian or Urdu",
    "CYRILLIC": "Russian, Ukrainian or another in Cyrillic",
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "Hindi or Nepali",
    "BENGALI": "Bengali",
    "TAMIL": "Tamil",
    "THAI": "Thai",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
    "ETHIOPIC": "Amharic or Tigrinya",
    "BURMESE": "Burmese",
    "MYANMAR": "Burmese",
    "KHMER": "Khmer",
    "SINHALA": "Sinhala",
}


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
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 20:
        return None
    wide = Counter(
        script
        for char in letters[:4000]
        if ord(char) > 0x24F and (script := unicodedata.name(char, "").split(" ")[0]) in _SCRIPTS
    )
    if wide and wide.total() > 0.3 * len(letters[:4000]):
        return _SCRIPTS[wide.most_common(1)[0][0]]
    found = re.findall(r"[^\W\d_]+", text.lower())
    if len(found) < 25:
        return None
    counts = {name: sum(word in set(common) for word in found) for name, common in _COMMON.items()}
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
