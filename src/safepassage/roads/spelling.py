"""One key for the many spellings of a place name, in Latin or Arabic letters.

The key keeps consonants only. It proposes; a person confirms, since short keys can collide.
"""

import re
import unicodedata

ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "d", "ر": "r",
    "ز": "z", "س": "s", "ش": "C", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "", "غ": "g",
    "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "", "و": "",
    "ي": "", "ى": "", "ا": "", "أ": "", "إ": "", "آ": "", "ء": "", "ؤ": "", "ئ": "", "ـ": "",
    "پ": "b", "چ": "C", "ڤ": "f", "گ": "g",
}  # fmt: skip
DIGRAPHS = (
    ("kh", "x"), ("sh", "C"), ("ch", "C"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("ph", "f"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("q", "k"), ("c", "k"), ("v", "f"), ("p", "b"),
)  # fmt: skip
ARTICLE = re.compile(r"\b(a[lnrtsdz]|ash|el|e[nrstdz]|esh)[\s\-']+")
JOINED_ARTICLE = re.compile(r"\b(el|al)(?=[a-z]{4})")


def skeleton(name: str) -> str:
    """Return the consonant key of a name: "Ramouseh", "Ramusa" and "الراموسة" all give "rms"."""
    words = []
    for word in re.split(r"[\s\-_/]+", name.strip()):
        if any("\u0600" <= letter <= "\u06ff" for letter in word):
            words.append(_arabic(word))
        else:
            words.append(word)
    return _latin(" ".join(words))


def _arabic(word: str) -> str:
    word = "".join(mark for mark in word if not unicodedata.combining(mark))
    word = re.sub(r"^(ال)", "", word)
    return "".join(ARABIC.get(letter, letter) for letter in word)


def _latin(text: str) -> str:
    shaped = unicodedata.normalize("NFKD", text.replace("C", "\ue000"))
    plain = "".join(mark for mark in shaped if not unicodedata.combining(mark)).lower()
    plain = plain.replace("\ue000", "C").replace("ʿ", "").replace("’", "'")
    plain = ARTICLE.sub("", plain + " ").strip()
    plain = JOINED_ARTICLE.sub("", plain)
    for long, short in DIGRAPHS:
        plain = plain.replace(long, short)
    kept = "".join(letter for letter in plain if letter.isalnum() or letter == " ")
    words = []
    for word in kept.split():
        key = re.sub(r"[aeiouyw]", "", word)
        key = re.sub(r"(.)\1+", r"\1", key)
        words.append(re.sub(r"(?<=.)h$", "", key))
    return "".join(words)
